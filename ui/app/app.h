/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program: one loop from key to binding to action, focus, layout, history, messages.
 * What a pane may ask of it.
 */
#ifndef RAMWALK_UI_APP_APP_H
#define RAMWALK_UI_APP_APP_H

#include "ui/command/keymap.h"
#include "ui/pane/pane.h"

struct app;
struct owners;
struct settings;

/* The message line, until the next key. */
void app_message(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
void app_error(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a pane shows has changed by itself: it is drawn before other work goes on. */
void app_redraw(struct app *app);

/* Shows `address` in the memory pane and remembers where we were (history). */
void app_go(struct app *app, struct address address);

/* Shows the entry that maps `address` in the tables pane, focused, and remembers where we were. */
void app_reveal(struct app *app, struct address address);

/* Shows the struct of a type at a virtual address, and remembers where we were. */
void app_show_struct(struct app *app, uint32_t type, struct address address);

/* Shows a list: the TYPEs linked by their member `path`, from a list's head or (is_object) from
 * one of them on. */
void app_show_list(struct app *app, const char *type, const char *path, struct address address,
                   bool is_object);

/* Gives a pane of that type the focus, and remembers where we were. */
void app_show_pane(struct app *app, const struct pane_type *type);

/* The virtual space that is shown: the focused pane's, else the memory pane's. */
const struct space *app_space(const struct app *app);

/* Every pane shows that space from now on. */
void app_use(struct app *app, const struct space *space);

/* The same of a process, and tables and memory show its first mapping. */
void app_open_process(struct app *app, const struct space *space);

/* Opens the prompt with a line in it and the cursor at a byte of it. */
void app_ask(struct app *app, const char *line, int cursor);

/* The same for `struct`: where the memory pane is in an object whose cache names its type, that. */
void app_ask_type(struct app *app);

/* How to run a line in the pane in use (ui/command/keymap.h), for messages that name a key. */
char *app_hint(const struct app *app, const char *line, char *text, size_t size);

/* The user's settings; panes may change them by their keys. */
struct settings *app_settings(struct app *app);

/* What addresses mean (session/owners.h). */
struct owners *app_owners(struct app *app);

struct app_options {
    bool mono;
    unsigned rate;  /* refreshes a second; 0: as set otherwise */
    const char *rc; /* a file of commands; NULL: the user's own, if there is one */
};

/* Runs the browser until its user leaves.  False: it could not start. */
bool app_run(struct session *session, const struct app_options *options, struct error *err);

#endif
