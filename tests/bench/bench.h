/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bench: each row is a figure, the limit it is held against, and what both measured in this
 * run.  Nothing here fails: machines differ; the ratio is what tells.
 */
#ifndef RAMWALK_BENCH_H
#define RAMWALK_BENCH_H

#include <stdint.h>

/* Nanoseconds of a monotonic clock. */
int64_t bench_now(void);

/* Prints a row: what, our figure, the limit measured beside it, the ratio wanted. */
void bench_ratio(const char *what, double ours, double limit, const char *unit, double wanted);

/* Prints a row with an absolute wish. */
void bench_figure(const char *what, double ours, const char *unit, double wanted);

/* The core's figures on the seed image; the program's through a terminal. */
void bench_core(const char *image);
void bench_program(const char *ramwalk, const char *image);

/* On a real guest: loading what is known of its Linux, the census, the panes that need one. */
void bench_linux(const char *image);
void bench_panes(const char *ramwalk, const char *image);

#endif
