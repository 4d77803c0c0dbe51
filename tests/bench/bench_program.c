/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program as its user meets it: in a terminal, from the key to the last byte of the frame.
 */
#include "bench.h"
#include "tests/terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEYS 150
#define QUIET                                                                                      \
    120           /* milliseconds without output, longer than between two refreshes: all is there  \
                   */
#define LONG 5000 /* milliseconds to wait at most */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static struct terminal *run(char *const argv[])
{
    const char *environment[] = {"TERM=xterm-256color", NULL};
    struct terminal *terminal = terminal_open(40, 120, argv, environment);
    if (!terminal)
        bench_fail("%s cannot be run in a terminal", argv[0]);
    return terminal;
}

static struct terminal *start(const char *ramwalk, const char *image)
{
    char *argv[] = {(char *)(uintptr_t)ramwalk, (char *)(uintptr_t)image, NULL};
    return run(argv);
}

static void wait_text(struct terminal *terminal, const char *text)
{
    if (!terminal_wait_text(terminal, text, LONG))
        bench_fail("\"%s\" is not on the screen after %d ms", text, LONG);
}

/* Waits for the panes, not for what the background adds later. */
static void bench_start(const char *ramwalk, const char *image, const char *what)
{
    double least = 0;
    for (int i = 0; i < 5; i++) {
        int64_t begin = bench_now();
        struct terminal *terminal = start(ramwalk, image);
        wait_text(terminal, "Memory");
        double took = (double)(bench_now() - begin) / 1e6;
        least = i == 0 || took < least ? took : least;
        terminal_keys(terminal, "q");
        terminal_close(terminal);
    }
    bench_figure(what, least, "ms", 30);
}

/* Times of one kind, in milliseconds: the median and the 99th percentile. */
static void print_times(const char *what, const char *which, double *took, int count, double wanted)
{
    char label[96];
    qsort(took, (size_t)count, sizeof *took, by_value);
    snprintf(label, sizeof label, "%s, %s p50", what, which);
    bench_figure(label, took[count / 2], "ms", wanted);
    snprintf(label, sizeof label, "%s, %s p99", what, which);
    bench_figure(label, took[count * 99 / 100], "ms", wanted);
}

/* The supervisor of the harness is our child; the program is the child's. */
static long child_of(long pid)
{
    char path[80];
    long child = 0;
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", pid, pid);
    FILE *file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%ld", &child) != 1)
            child = 0;
        fclose(file);
    }
    return child;
}

/* Milliseconds that the program's first thread has run; exact while it sleeps. */
static double cpu_ms(long program)
{
    char path[80];
    unsigned long long ns = 0;
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/schedstat", program, program);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%llu", &ns) != 1)
        bench_fail("%s cannot be read: the kernel counts no run times", path);
    fclose(file);
    return (double)ns / 1e6;
}

/*
 * Presses a key many times: how long to the first complete frame, which is the answer to the key,
 * by the clock and in run time of the program alone, which no other process disturbs; and to the
 * picture that stays, with what the background adds.
 */
static void bench_key(struct terminal *terminal, const char *keys, const char *what)
{
    static double first[KEYS], ran[KEYS], settled[KEYS];
    long program = child_of(child_of(getpid()));
    size_t most_bytes = 0;
    int count = 0;
    for (int i = 0; i < KEYS; i++) {
        double before = cpu_ms(program);
        terminal_mark(terminal);
        terminal_keys(terminal, keys);
        for (int wait = QUIET; terminal_pump(terminal, wait);)
            wait = 1;
        double after = cpu_ms(program);
        terminal_settle(terminal, QUIET, LONG);
        if (terminal_latency_us(terminal)) {
            first[count] = (double)terminal_first_us(terminal) / 1e3;
            ran[count] = after - before;
            settled[count++] = (double)terminal_latency_us(terminal) / 1e3;
        }
        if (terminal_bytes(terminal) > most_bytes)
            most_bytes = terminal_bytes(terminal);
    }
    if (count == 0)
        bench_fail("%s: no key was answered", what);
    char label[96];
    print_times(what, "first frame", first, count, 4);
    print_times(what, "first frame, CPU", ran, count, 4);
    print_times(what, "settled", settled, count, 50);
    snprintf(label, sizeof label, "%s, most bytes sent", what);
    bench_figure(label, (double)most_bytes, "B", 2048);
}

/* The same of a program that only gives back the key: what this machine and the harness take. */
static void bench_echo(void)
{
    char shell[] = "sh", option[] = "-c", echo[] = "stty raw -echo; echo ready; exec cat";
    char *argv[] = {shell, option, echo, NULL};
    struct terminal *terminal = run(argv);
    wait_text(terminal, "ready");
    bench_key(terminal, "j", "key, cat for comparison");
    terminal_close(terminal);
}

/* What the process holds that no file backs, and what it maps of the image. */
static double resident_mib(long pid, const char *line_start)
{
    char path[64], line[256];
    double kib = 0, value;
    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, line_start, strlen(line_start)) == 0 &&
            sscanf(line + strlen(line_start), "%lf", &value) == 1)
            kib += value;
    if (file)
        fclose(file);
    return kib / 1024;
}

static void bench_memory(struct terminal *terminal)
{
    (void)terminal;
    long program = child_of(child_of(getpid()));
    double rss = resident_mib(program, "VmRSS:");
    bench_figure("resident, libraries included", rss, "MiB", 24);
}

void bench_program(const char *ramwalk, const char *image)
{
    char big[4096];
    snprintf(big, sizeof big, "%s.1T", image);
    bench_start(ramwalk, image, "start to first screen, 6 GiB");
    if (access(big, R_OK) == 0)
        bench_start(ramwalk, big, "start to first screen, 1 TiB");
    bench_echo();
    struct terminal *terminal = start(ramwalk, image);
    wait_text(terminal, "Memory");
    terminal_settle(terminal, 300, LONG);
    terminal_keys(terminal, ":goto v:ffff800083720000<Enter>");
    terminal_settle(terminal, 300, LONG);
    bench_key(terminal, "j", "key, hex line");
    bench_key(terminal, "<PgDn>", "key, hex page");
    /* Four tables of 512 tables each: most pages show sizes that were not counted before. */
    for (int gib = 3; gib >= 0; gib--) {
        char reveal[64];
        snprintf(reveal, sizeof reveal, ":reveal v:ffff0000%x0000000<Enter>", 4 * gib);
        terminal_keys(terminal, reveal);
        terminal_settle(terminal, 300, LONG);
    }
    bench_key(terminal, "j", "key, tree line");
    bench_key(terminal, "<PgDn>", "key, tree page");
    bench_memory(terminal);
    terminal_keys(terminal, "q");
    terminal_close(terminal);
}

/* The panes that need a Linux guest: what opens each, and what its title says then. */
static const struct {
    const char *open, *title, *keys, *what;
} panes[] = {
    {"<F3>", "Processes", "j", "key, processes"},
    {"<F4>", "Symbols", "<PgDn>", "key, symbols page"},
    {":process 1<Enter><F6>", "Mappings", "j", "key, mappings"},
    {":struct task_struct init_task<Enter>", "Struct  task_struct", "j", "key, structure pane"},
    {"/tasks<Enter>L", "List", "j", "key, list"},
};

void bench_panes(const char *ramwalk, const char *image)
{
    struct terminal *terminal = start(ramwalk, image);
    wait_text(terminal, "Memory");
    terminal_settle(terminal, 1000, LONG);
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
        terminal_keys(terminal, panes[i].open);
        wait_text(terminal, panes[i].title);
        terminal_settle(terminal, 300, LONG);
        bench_key(terminal, panes[i].keys, panes[i].what);
    }
    terminal_keys(terminal, "q");
    terminal_close(terminal);
}
