/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process between a terminal and its program: leads the session, and reports what becomes of
 * the program together with the line settings at that moment. */
#ifndef RAMWALK_TERMINAL_SUPERVISOR_H
#define RAMWALK_TERMINAL_SUPERVISOR_H

#include <sys/types.h>
#include <termios.h>

struct supervisor_report {
    pid_t program;           /* also its process group */
    int status;              /* as of waitpid; -1 in the first report */
    struct termios settings; /* in the first report: before the program had the terminal */
};

/* Runs in the child that has the terminal as standard streams; writes struct supervisor_report to
 * the pipe once it has forked, at each stop and at the end, then stays until the terminal hangs up.
 */
_Noreturn void supervisor_run(int pipe, char *const argv[]);

#endif
