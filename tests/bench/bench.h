/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bench: each row is a figure, the limit it is held against, and what both measured in this
 * run.  No figure is a failure: machines differ; the ratio is what counts.  What cannot be measured
 * ends the program with a sentence and status 1, rather than to be a figure of 0.
 */
#ifndef RAMWALK_BENCH_BENCH_H
#define RAMWALK_BENCH_BENCH_H

#include "session/handles.h"

#include <stdint.h>

/* Nanoseconds of a monotonic clock. */
int64_t bench_now(void);

/* Prints a row: what, our figure, the limit measured beside it, the ratio wanted. */
void bench_ratio(const char *what, double ours, double limit, const char *unit, double wanted);

/* Prints a row with an absolute wish. */
void bench_figure(const char *what, double ours, const char *unit, double wanted);

/* Ends the program: "bench: " and the sentence. */
_Noreturn void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Opens an image, and waits for a part of what is known of its Linux, or fails. */
struct session *bench_open(const char *image);
struct linux_context *bench_need(struct session *session, enum linux_stage part);

/* The core's figures on the seed image; the program's through a terminal. */
void bench_core(const char *image);
void bench_program(const char *ramwalk, const char *image);

/* On a real guest: loading what is known of its Linux, the census, the panes that need one. */
void bench_linux(const char *image);
void bench_panes(const char *ramwalk, const char *image);

#endif
