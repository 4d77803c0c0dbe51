/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One opened guest: its memory, what was found in it, the user's marks and variables, and the
 * work that goes on in the background.  The only door through which ui/ reaches the core.
 */
#ifndef RAMWALK_SESSION_H
#define RAMWALK_SESSION_H

#include "linux/finder.h"
#include "memory/memory.h"
#include "session/loader.h"

struct options {
    const char *image;  /* FILE[@PA][,FILE[@PA]...] */
    const char *paging; /* NULL: find it */
    bool has_base, has_root, has_root_user;
    uint64_t base, root_pa, root_user_pa;
};

#define SESSION_VARIABLES 64
struct variable {
    char name[32];
    bool has_space;
    struct address value; /* space only where has_space */
};

struct session {
    struct image *image;
    struct memory memory;
    struct kernel kernel;
    struct finder *finder;  /* NULL once done */
    struct vmcoreinfo info; /* of the kernel found; "" none */
    struct loader *loader;  /* NULL: not started, or no Linux */
    bool announced;         /* facts_epoch has grown for what was loaded */
    struct task process;    /* whose user half is shown; va 0: none */
    struct options options;
    bool has_mark[26];
    struct address mark[26]; /* 'a ... 'z */
    struct variable variable[SESSION_VARIABLES];
    size_t variables;
    struct address here;  /* $here: where the reader is */
    int64_t indexed_ms;   /* when the reverse index was last started */
    uint64_t facts_epoch; /* grows when kernel, paging, place or the guest's parts became known */
    bool impatient;       /* what would have to be waited for fails, and is said to be wanted */
    bool wanted;
};

bool session_open(struct session *session, const struct options *options, struct error *err);
void session_close(struct session *session);

/* A slice of background work of about a millisecond.  True while more is to be done. */
bool session_step(struct session *session);

/*
 * The guest may have gone on: looks at the file again, forgets what was cached, and indexes the
 * tables anew from time to time (now_ms: any monotonic clock).
 */
enum image_state session_refresh(struct session *session, int64_t now_ms, struct error *message);

/* Runs the work that answers need to its end (the kernel; with `index` the reverse index too). */
void session_settle(struct session *session, bool index);

/* The same for who is about to answer.  An impatient session runs nothing: false, with what it is
 * that is still being done, and `wanted` set, until an index answers (an older one will do). */
bool session_await(struct session *session, bool index, struct error *err);

/* Nothing is left that could be waited for, and no thread is at work; else fails as an impatient
 * session_await(). */
bool session_ready(struct session *session, struct error *err);

/*
 * What is going on in the background as a few words, and how far (0..1).  False: nothing.
 */
bool session_progress(const struct session *session, char *text, size_t size, double *done);

/* `set NAME EXPR`: a user's variable.  False: a reserved name, or too many. */
bool session_set_variable(struct session *session, const char *name, bool has_space,
                          struct address value, struct error *err);

/*
 * Looks a $name up: the user's, or one of $here $root $root_user $ram $size $base $text.
 * False: no such name, or not known yet.
 */
bool session_variable(const struct session *session, const char *name, bool *has_space,
                      struct address *value);

/* Calls `each` for every variable name known (for completion). */
void session_each_variable(const struct session *session, void (*each)(void *, const char *),
                           void *context);

/*
 * What is known of the Linux in the guest.  session_guest() answers at once: NULL while it is
 * being loaded, or where there is none.  session_need() waits for it (as session_await()), and
 * fails with the reason where `part` cannot be known.
 */
struct guest *session_guest(struct session *session);
struct guest *session_need(struct session *session, enum guest_part part, struct error *err);

/* The user half becomes that of the process of `task` (copied).  False: it has none. */
bool session_enter(struct session *session, const struct task *task, struct error *err);

/* User root by hand (`root-user`), kernel root and paging by hand; NULL paging keeps it. */
bool session_set_paging(struct session *session, const struct paging *paging, uint64_t root_pa,
                        uint64_t root_user_pa, struct error *err);

#endif
