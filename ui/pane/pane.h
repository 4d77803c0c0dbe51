/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pane is a row of operations: what a new view of the guest has to supply.  Panes read the
 * session and never each other; what concerns others is asked of the app (ui/app/app.h).
 */
#ifndef RAMWALK_UI_PANE_PANE_H
#define RAMWALK_UI_PANE_PANE_H

#include "session/session.h"
#include "ui/app/history.h"
#include "ui/pane/motion.h"
#include "ui/terminal/screen.h"

struct app;
struct pane;

/* One call of a pane's command. */
struct pane_call {
    const char *arguments; /* what follows the name, blanks trimmed; "" nothing */
    int count;             /* typed before the key or as [N]; at least 1 */
    int how;               /* the row's own number */
    struct error *err;     /* for the reason of a failure; its column is one of `arguments` */
};

/*
 * A command of a pane, as it is typed at the prompt, bound to a key or written in the rc file.
 * Commands of several panes may share a name; then it means the one of the pane in use.
 */
struct pane_command {
    const char *name;
    const char *arguments; /* "": none; "[N]": a count; else "[p:|f:]" */
    const char *brief;     /* one line, no full stop */
    /* False with *call->err: it could not be done. */
    bool (*run)(struct pane *pane, const struct pane_call *call);
    int how;
    bool jumps; /* history remembers where the cursor was */
};

struct pane_type {
    const char *name;   /* "tables", "memory" */
    const char *family; /* what several are called together, in sets of panes; or NULL */
    /* It does not give way to a pane that is to be shown: those have their own places. */
    bool keeps_place;
    /* Rows and columns below which it is not priority showing. */
    int least_rows, least_columns;
    struct pane *(*create)(struct app *app, struct session *session); /* NULL: out of memory */
    void (*destroy)(struct pane *pane);
    /* The words in its upper border. */
    void (*title)(struct pane *pane, char *text, size_t size);
    void (*draw)(struct pane *pane, struct area area, bool focused);
    /* Its commands, and those that it shares with its family; the row after the last has name
     * NULL.  Either may be NULL. */
    const struct pane_command *commands, *shared_commands;
    /* False: its cursor has no such motion. */
    bool (*move)(struct pane *pane, enum motion motion, int64_t steps);
    /* A click on a cell of its area; `twice` for a double click. */
    void (*click)(struct pane *pane, int row, int column, bool twice);
    /* Moves the cursor to the address (in the pane's way).  False with a reason: cannot. */
    bool (*go)(struct pane *pane, struct address address, struct error *err);
    /* Where the cursor is. */
    struct address (*here)(const struct pane *pane);
    /* For history: the address of the first row; `restore` sets both. */
    uint64_t (*top)(const struct pane *pane);
    void (*restore)(struct pane *pane, struct address cursor, uint64_t top);
    /* For history, where those do not say it all: fills what is zero at first; recall comes before
     * restore.  May be NULL. */
    void (*detail)(const struct pane *pane, struct visit_detail *detail);
    void (*recall)(struct pane *pane, const struct visit_detail *detail);
    /* The pane's `/`.  False with a reason. */
    bool (*search)(struct pane *pane, const char *text, bool backward, struct error *err);
    /* The last search once more; reverse: against its direction.  False with a reason. */
    bool (*search_again)(struct pane *pane, bool reverse, struct error *err);
    /* Words that may be searched for, for completion.  May be NULL. */
    void (*search_words)(struct pane *pane, void (*add)(void *list, const char *word), void *list);
    /* Shows only what has the text in it ("": everything; NULL: asks).  Answers the text in
     * force.  May be NULL. */
    const char *(*filter)(struct pane *pane, const char *text);
    /* What the cursor is on, in full, for the line at the bottom.  May be NULL. */
    void (*status)(struct pane *pane, char *text, size_t size);
    /* Draws what the cursor is on, where the pane has more to say of it than the inspector says of
     * its address.  False: it has not.  May be NULL. */
    bool (*inspect)(struct pane *pane, struct area area);
    /* Whose virtual addresses the pane shows, and would show: the choice of a process is each
     * pane's.  use() changes it; the cursor stays at its address.  Both may be NULL. */
    const struct space *(*space)(const struct pane *pane);
    void (*use)(struct pane *pane, const struct space *space);
    /* A slice of the pane's own work, and takes over what was found beside (session/beside.h).
     * True while more is to be done. */
    bool (*step)(struct pane *pane);
    /* For poll(): what is asked beside has an answer.  -1: nothing is.  May be NULL. */
    int (*descriptor)(const struct pane *pane);
    void (*cancel)(struct pane *pane);
    /* The guest may have changed: take note of changed bytes.  now_ms: a monotonic clock. */
    void (*refresh)(struct pane *pane, int64_t now_ms);
    /* Paging, root or place became known, or were changed. */
    void (*facts_changed)(struct pane *pane);
};

struct pane {
    const struct pane_type *type;
};

/* One row a pane, in the order in which keys step through them: `extern ... NAME_pane_type`. */
#define PANE_ROWS(ROW)                                                                             \
    ROW(tree) ROW(hex) ROW(processes) ROW(symbols) ROW(mappings) ROW(struct) ROW(elements)

#define PANE_DECLARE(name) extern const struct pane_type name##_pane_type;
PANE_ROWS(PANE_DECLARE)
#undef PANE_DECLARE

/* All of them; the entry after the last is NULL. */
extern const struct pane_type *const pane_types[];

/* The kind of space that a call's arguments name: "v:", "p:" or "f:".  False with a reason. */
bool pane_call_space(const struct pane_call *call, enum space_kind *kind);

/* The command of that name (of `length` bytes) in a pane.  NULL: it has none. */
const struct pane_command *pane_command_find(const struct pane_type *type, const char *name,
                                             size_t length);

#endif
