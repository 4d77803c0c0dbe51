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

#define KEYS  200
#define QUIET 30   /* milliseconds without output: the frame is complete */
#define LONG  5000 /* milliseconds to wait at most */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static struct terminal *start(const char *ramwalk, const char *image)
{
    char *argv[] = {(char *)(uintptr_t)ramwalk, (char *)(uintptr_t)image, NULL};
    const char *environment[] = {"TERM=xterm-256color", NULL};
    struct terminal *terminal = terminal_open(40, 120, argv, environment);
    if (!terminal)
        bench_fail("%s cannot be run in a terminal", ramwalk);
    return terminal;
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

/* Presses a key many times; the 99th percentile of the time to the finished frame. */
static void bench_key(struct terminal *terminal, const char *keys, const char *what)
{
    static double took[KEYS];
    size_t most_bytes = 0;
    int count = 0;
    for (int i = 0; i < KEYS; i++) {
        terminal_mark(terminal);
        terminal_keys(terminal, keys);
        terminal_settle(terminal, QUIET, LONG);
        uint64_t latency = terminal_latency_us(terminal);
        if (latency)
            took[count++] = (double)latency / 1e3;
        if (terminal_bytes(terminal) > most_bytes)
            most_bytes = terminal_bytes(terminal);
    }
    char label[96];
    if (count == 0)
        bench_fail("%s: no key was answered", what);
    char median[96];
    snprintf(median, sizeof median, "%s, median", what);
    qsort(took, (size_t)count, sizeof *took, by_value);
    bench_figure(median, took[count / 2], "ms", 4);
    bench_figure(what, took[count * 99 / 100], "ms", 4);
    snprintf(label, sizeof label, "%s, most bytes sent", what);
    bench_figure(label, (double)most_bytes, "B", 2048);
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
    struct terminal *terminal = start(ramwalk, image);
    wait_text(terminal, "Memory");
    terminal_settle(terminal, 300, LONG);
    terminal_keys(terminal, ":goto v:ffff800083720000<Enter>");
    terminal_settle(terminal, 300, LONG);
    bench_key(terminal, "j", "key to frame p99, hex line");
    bench_key(terminal, "<PgDn>", "key to frame p99, hex page");
    terminal_keys(terminal, ":reveal v:ffff000000000000<Enter>");
    terminal_settle(terminal, 300, LONG);
    bench_key(terminal, "j", "key to frame p99, tree line");
    bench_key(terminal, "<PgDn>", "key to frame p99, tree page");
    bench_memory(terminal);
    terminal_keys(terminal, "q");
    terminal_close(terminal);
}

void bench_struct_pane(const char *ramwalk, const char *image)
{
    struct terminal *terminal = start(ramwalk, image);
    wait_text(terminal, "Memory");
    terminal_settle(terminal, 1000, LONG);
    terminal_keys(terminal, ":struct task_struct init_task<Enter>");
    wait_text(terminal, "task_struct");
    terminal_settle(terminal, 300, LONG);
    bench_key(terminal, "j", "key to frame p99, structure pane");
    terminal_keys(terminal, "q");
    terminal_close(terminal);
}
