/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `bench RAMWALK IMAGE`: all figures as a table; GUEST names the RAM of a real Linux guest. */
#include "bench.h"
#include "bench_symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void bench_ratio(const char *what, double ours, double limit, const char *unit, double wanted)
{
    printf("%-44s %9.2f %-3s  plain C %7.2f %-3s  ratio %4.2f  wanted <= %.1f\n", what, ours, unit,
           limit, unit, ours / limit, wanted);
    fflush(stdout);
}

void bench_figure(const char *what, double ours, const char *unit, double wanted)
{
    printf("%-44s %9.2f %-3s  %37s <= %.0f\n", what, ours, unit, "wanted", wanted);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bench RAMWALK IMAGE\n");
        return 2;
    }
    bench_core(argv[2]);
    bench_symbols(NULL);
    const char *guest = getenv("GUEST");
    if (guest)
        bench_linux(guest);
    bench_program(argv[1], argv[2]);
    if (guest)
        bench_panes(argv[1], guest);
    return 0;
}
