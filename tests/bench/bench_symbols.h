/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of the table of names. */
#ifndef RAMWALK_BENCH_BENCH_SYMBOLS_H
#define RAMWALK_BENCH_BENCH_SYMBOLS_H

/* 200,000 made names; with `image` (or NULL) also how long a real guest's kallsyms takes. */
void bench_symbols(const char *image);

#endif
