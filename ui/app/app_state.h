/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program's state, for the files that make it up: the loop (app.c), what keys and the mouse
 * do (dispatch.c), the picture (frame.c), the prompt's commands (commands.c) and the answers that
 * come later (answer.c).
 */
#ifndef RAMWALK_UI_APP_APP_STATE_H
#define RAMWALK_UI_APP_APP_STATE_H

#include "ui/app/app.h"
#include "ui/app/history.h"
#include "ui/app/layout.h"
#include "ui/app/pace.h"
#include "ui/app/paste.h"
#include "ui/app/postponed.h"
#include "ui/app/settings.h"
#include "ui/command/keymap.h"
#include "ui/widget/popup.h"

struct job;
struct type_names;

#define APP_PANES 32

/* A pane's cursor that goes where another's is. */
struct follow {
    int leader; /* the other's number; -1: it follows none */
    bool has_followed;
    struct address at; /* to where, last */
};

/* A key has opened the prompt; and the same key has been typed there, nothing else. */
enum again_state { AGAIN_NONE, AGAIN_OPENED, AGAIN_TYPED };

/* Of the command under way. */
struct answer {
    struct job *job;     /* NULL: nothing is to come */
    struct popup *popup; /* where its lines go */
    const char *name;
    char line[2048];
    int column; /* of its arguments in the line */
};

struct app {
    struct session *session;
    struct settings settings;
    struct keymap keymap;
    struct pane *pane[APP_PANES]; /* one of each type at least */
    int panes;
    struct follow follow[APP_PANES]; /* by the pane that follows */
    struct layout layout;            /* which of them are on the screen, and which is in use */
    struct history history;
    unsigned jumps;      /* recorded so far */
    struct popup *popup; /* NULL: none open */
    struct answer answer;
    char held[2048];            /* a line that needs what is being loaded; "": none */
    struct postponed postponed; /* the same from files */
    const char *sourced;        /* the file whose lines are being run */
    int sourcing;               /* how many files deep */
    bool source_failed;         /* a file that was sourced had a mistake */
    struct owners *owners;
    struct {
        char text[320];
        bool failed;
    } message;
    int key;        /* whose line is being run; PRESS_NONE: it was typed at the prompt */
    char again[80]; /* a line that the key which opened the prompt runs when it comes again */
    int again_key;
    enum again_state again_state;
    struct paste paste;
    int count;          /* digits typed so far */
    const char *awaits; /* the beginning of a line that the next key's letter completes; or NULL */
    bool quiet;         /* messages are not shown */
    bool moved[APP_PANES]; /* memory by its pane: it stays where it was put */
    struct address shown;  /* where memory was opened */
    bool dirty;            /* the picture is not up to date */
    bool is_cut;           /* not all of the picture could be read in its turn */
    bool leave;
    uint64_t epoch;          /* session_generation() as the panes know it */
    struct error image_said; /* the last message about the files; "" none */
    uint64_t arrivals;       /* of bytes from a slow source, as the panes know them */
    struct pace pace;
    int64_t drawn_ms, owners_ms, click_ms; /* owners_ms: they were found out anew */
    int click_row, click_column;
};

/* panes.c: one pane of each type, and the first two on the screen.  False: out of memory. */
bool app_create_panes(struct app *app);

/* The pane in use, and its number in pane[]. */
struct pane *app_focused(const struct app *app);
int app_focus_number(const struct app *app);

/* The pane of a type that is meant where several are: the one in use, or that was used last. */
struct pane *app_pane(const struct app *app, const struct pane_type *type);
int app_pane_number(const struct app *app, const struct pane_type *type);

/* Gives a pane the focus, and a place where it has none. */
void app_focus(struct app *app, int which);

/* Another pane in the place that is shared: the next type, or the one before. */
void app_next_view(struct app *app, int step);

/* A pane of that type beside the one in use, which gets the focus.  False: no room, no memory. */
bool app_split(struct app *app, const struct pane_type *type, enum layout_direction direction,
               struct error *err);

/* Panes that follow others go where those are; before a frame.  Facts have changed: all again. */
void app_follow(struct app *app);
void app_follow_again(struct app *app);

/* The pane in use follows another of that type; NULL: none.  False: there is none. */
bool app_set_leader(struct app *app, const struct pane_type *type, struct error *err);

/* The name of the pane that one follows; NULL: none. */
const char *app_leader(const struct app *app, int which);

struct address app_here(const struct app *app);

/* Where we are, for the history. */
struct history_entry app_visit(const struct app *app);

/* Records a jump from `from` to where we are now, when that is another place. */
void app_jumped(struct app *app, const struct history_entry *from);
void app_back(struct app *app, bool forward);

/* Paging, roots or place changed: the panes are notified.  app_catch_up(): if so. */
void app_facts_changed(struct app *app);
void app_catch_up(struct app *app);
void app_refresh(struct app *app);
void app_suspend(struct app *app);
void app_close_popup(struct app *app);

/* app_guest.c: enters the process of a number or name; "none": leaves it. */
bool app_enter_named(struct app *app, const char *name, struct error *err);

/* Panes whose process has ended, or executed another program, show that, and a message does. */
void app_watch_processes(struct app *app);

/* dispatch.c */
void app_complain(struct app *app, const char *line, const struct error *err);
void app_run_held(struct app *app);
void app_key(struct app *app, int key);

/* frame.c */
void app_draw(struct app *app);

#endif
