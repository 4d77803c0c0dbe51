/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals as events of the loop, and a terminal put right before a crash kills the program.
 */
#ifndef RAMWALK_UI_APP_SIGNALS_H
#define RAMWALK_UI_APP_SIGNALS_H

#include <stdbool.h>

enum signal_event {
    SIGNAL_RESIZE = 1,
    SIGNAL_LEAVE = 2,   /* SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGPIPE */
    SIGNAL_SUSPEND = 4, /* SIGTSTP */
    SIGNAL_RESUMED = 8, /* SIGCONT */
};

/* Before the image is opened: its own handler for SIGBUS stands in front of this one. */
void signals_catch_crashes(void);

/*
 * Answers a descriptor that becomes readable when there is an event; -1 on failure.  A signal to
 * leave that comes before the first one was taken kills at once, the terminal put right; one that
 * the parent ignored (nohup) stays ignored.
 */
int signals_open(void);

/* The events since the last call. */
unsigned signals_take(void);

/* Stops the program (and its job) as Ctrl-Z does; returns when it goes on. */
void signals_stop(void);

/* Where a signal ended the loop: dies of it now, so that who sent it sees that. */
void signals_finish(void);

#endif
