/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program: one loop from key to binding to action, focus, layout, history, messages.
 * What a pane may ask of it.
 */
#ifndef RAMWALK_APP_H
#define RAMWALK_APP_H

#include "ui/pane.h"

struct app;
struct owners;
struct settings;
struct task;

/* The message line, until the next key. */
void app_message(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
void app_error(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a pane shows has changed by itself: it is drawn before any more work is done. */
void app_redraw(struct app *app);

/* Shows `address` in the memory pane and remembers where we were (history). */
void app_go(struct app *app, struct address address);

/* Shows the entry that maps `address` in the tables pane, focused, and remembers where we were. */
void app_reveal(struct app *app, struct address address);

/* Shows the struct of a type at a virtual address, and remembers where we were. */
void app_show_struct(struct app *app, uint32_t type, uint64_t va);

/* Shows a list: the TYPEs linked by their member `path`, from a list's head or (is_object) from
 * one of them on. */
void app_show_list(struct app *app, const char *type, const char *path, uint64_t va,
                   bool is_object);

/* Gives a pane the focus (enum pane_number), and remembers where we were. */
void app_show_pane(struct app *app, int which);

/* The user half becomes that of a process.  Says so where it has none: false. */
bool app_enter(struct app *app, const struct task *task);

/* The same, and tables and memory show its first mapping. */
void app_open_process(struct app *app, const struct task *task);

/* Opens the prompt with a line in it and the cursor at a byte of it. */
void app_ask(struct app *app, const char *line, int cursor);

/* The same for `struct`: where the memory pane is in an object whose cache names its type, that. */
void app_ask_type(struct app *app);

/* What the reader has set; panes may change it by their keys. */
struct settings *app_settings(struct app *app);

/* What addresses mean (ui/hex/owners.h). */
struct owners *app_owners(struct app *app);

/* A monotonic clock in milliseconds. */
int64_t app_now(void);

/* Runs the browser until the reader leaves.  False: it could not start. */
bool app_run(struct session *session, bool mono, unsigned rate, struct error *err);

#endif
