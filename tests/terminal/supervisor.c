/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a shell does for its foreground job, and no more. */
#include "supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(int pipe, pid_t program, int status, const struct termios *settings)
{
    struct supervisor_report message;
    memset(&message, 0, sizeof message); /* the padding crosses a pipe too */
    message.program = program;
    message.status = status;
    message.settings = *settings;
    if (write(pipe, &message, sizeof message) != (ssize_t)sizeof message)
        _exit(1);
}

static _Noreturn void start(char *const argv[])
{
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid()); /* SIGTTOU is ignored: this may come from the background */
    signal(SIGTTOU, SIG_DFL);
    execvp(argv[0], argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

_Noreturn void supervisor_run(int pipe, char *const argv[])
{
    struct termios settings = {0};
    tcgetattr(STDIN_FILENO, &settings);
    signal(SIGTTOU, SIG_IGN);
    const pid_t program = fork();
    if (program == 0)
        start(argv);
    if (program < 0)
        _exit(1);
    setpgid(program, program); /* both sides do, so that whoever needs the group next finds it */
    report(pipe, program, -1, &settings);
    for (int status; waitpid(program, &status, WUNTRACED) == program;) {
        tcgetattr(STDIN_FILENO, &settings);
        report(pipe, program, status, &settings);
        if (!WIFSTOPPED(status))
            break;
    }
    for (;;)
        pause();
}
