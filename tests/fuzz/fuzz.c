/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The targets, and how one input is run: under a limit of CPU that load on the machine does not
 * change. */
#include "tests/fuzz/fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

const struct fuzz_target fuzz_targets[] = {
    {"btf", fuzz_btf, 300},
    {"expression", fuzz_expression, 10000},
    {"filter", fuzz_filter, 3000},
    {"kallsyms", fuzz_kallsyms, 500},
    {"keys", fuzz_keys, 10000},
    {"modules", fuzz_modules, 30},
    {"pages", fuzz_pages, 100},
    {"paging", fuzz_paging, 1000},
    {"printk", fuzz_printk, 3000},
    {"rc", fuzz_rc, 10000},
    {"source_spec", fuzz_source_spec, 1500},
    {"tasks", fuzz_tasks, 1000},
    {"vmas", fuzz_vmas, 3000},
    {"vmcoreinfo", fuzz_vmcoreinfo, 10000},
    {NULL, NULL, 0},
};

const struct fuzz_target *fuzz_target_named(const char *name)
{
    for (const struct fuzz_target *target = fuzz_targets; target->name; target++)
        if (strcmp(target->name, name) == 0)
            return target;
    return NULL;
}

static void too_long(int signal)
{
    static const char text[] = "fuzz: one input takes more CPU than it may\n";
    (void)signal;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(1);
    abort();
}

static void limit(long seconds)
{
    struct itimerval timer = {.it_value = {.tv_sec = seconds}};
    setitimer(ITIMER_PROF, &timer, NULL);
}

bool fuzz_run(const struct fuzz_target *target, const uint8_t *data, size_t size)
{
    signal(SIGPROF, too_long);
    limit(FUZZ_SECONDS);
    bool taken = target->run(data, size);
    limit(0);
    return taken;
}

void fuzz_broken(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

char *fuzz_string(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_HOLDS(text);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

bool fuzz_is_printable(const char *text, const char *but)
{
    for (; *text; text++)
        if ((*text < ' ' || *text > '~') && !strchr(but, *text))
            return false;
    return true;
}
