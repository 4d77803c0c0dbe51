/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `bench RAMWALK IMAGE`: all figures as a table; GUEST names the RAM of a real Linux guest. */
#include "bench.h"
#include "bench_symbols.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

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

void bench_fail(const char *format, ...)
{
    va_list args;
    fputs("bench: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    putc('\n', stderr);
    exit(EXIT_FAILURE);
}

struct session *bench_open(const char *image)
{
    struct options options = {.image = image};
    struct error err;
    struct session *session = session_open(&options, &err);
    if (!session)
        bench_fail("%s", err.text);
    return session;
}

struct linux_context *bench_need(struct session *session, enum linux_stage part)
{
    struct error err;
    struct linux_context *linux = session_need(session, part, &err);
    if (!linux)
        bench_fail("%s: the bench needs its %s: %s", source_name(session_source(session)),
                   linux_stage_name(part), err.text);
    return linux;
}

/* Whatever keeps a figure from being measured is known before minutes were spent on the others. */
static void check(const char *ramwalk, const char *image, const char *linux)
{
    struct session *session;
    if (access(ramwalk, X_OK) != 0)
        bench_fail("%s is no program; make builds build/ramwalk", ramwalk);
    session = bench_open(image);
    session_close(session);
    if (!linux)
        return;
    session = bench_open(linux);
    bench_need(session, LINUX_TASKS);
    bench_need(session, LINUX_PAGES);
    session_close(session);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: bench RAMWALK IMAGE\n");
        return 2;
    }
    const char *linux = getenv("GUEST");
    check(argv[1], argv[2], linux);
    bench_core(argv[2]);
    bench_symbols(linux);
    if (linux)
        bench_linux(linux);
    bench_program(argv[1], argv[2]);
    if (linux)
        bench_panes(argv[1], linux);
    return 0;
}
