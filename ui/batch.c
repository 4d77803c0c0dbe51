/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The batch mode.  A reader that goes away (a pipe to head) ends it quietly; anything else that
 * keeps the answers from being written is an error.
 */
#include "ui/batch.h"

#include "answer/command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int write_error; /* errno of the first failed write */

static bool write_line(void *context, const char *line)
{
    (void)context;
    if (fputs(line, stdout) < 0 || putc('\n', stdout) == EOF)
        write_error = errno;
    return write_error == 0;
}

static bool run_input(struct session *session, struct output *output)
{
    char *line = NULL;
    size_t size = 0;
    bool ok = true;
    while (!write_error && getline(&line, &size, stdin) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        ok = command_line(session, line, output) && ok;
        /* Whoever writes commands one by one waits for their answers. */
        if (fflush(stdout) != 0)
            write_error = errno;
    }
    free(line);
    return ok;
}

int batch_run(struct session *session, const struct arguments *arguments)
{
    struct output output = {.json = arguments->json, .line = write_line};
    bool ok = true;
    signal(SIGPIPE, SIG_IGN);
    session_settle(session, true);
    for (size_t i = 0; i < arguments->commands && !write_error; i++) {
        const char *command = arguments->command[i];
        if (strcmp(command, "-") == 0)
            ok = run_input(session, &output) && ok;
        else
            ok = command_line(session, command, &output) && ok;
    }
    if (!write_error && fflush(stdout) != 0)
        write_error = errno;
    if (write_error && write_error != EPIPE) {
        fprintf(stderr, "ramwalk: the answers cannot be written: %s\n", strerror(write_error));
        return 1;
    }
    return ok ? 0 : 1;
}
