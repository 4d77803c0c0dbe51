/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program: one loop from key to binding to action, focus, layout, history, messages.
 * What a pane may ask of it.
 */
#ifndef RAMWALK_APP_H
#define RAMWALK_APP_H

#include "ui/pane.h"

struct app;
struct settings;

/* The message line, until the next key. */
void app_message(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
void app_error(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Shows `address` in the memory pane and remembers where we were (history). */
void app_go(struct app *app, struct address address);

/* Shows the entry that maps `address` in the tables pane, focused, and remembers where we were. */
void app_reveal(struct app *app, struct address address);

/* What the reader has set; panes may change it by their keys. */
struct settings *app_settings(struct app *app);

/* A monotonic clock in milliseconds. */
int64_t app_now(void);

/* Runs the browser until the reader leaves.  False: it could not start. */
bool app_run(struct session *session, bool mono, unsigned rate, struct error *err);

#endif
