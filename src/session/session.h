/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One opened guest: its memory, what was found in it, the user's marks and variables, and the
 * work that goes on in the background.  With the other headers of this folder that
 * tests/lint-includes names the only door through which ui/ reaches the core.
 */
#ifndef RAMWALK_SESSION_SESSION_H
#define RAMWALK_SESSION_SESSION_H

#include "base/budget.h"
#include "base/error.h"
#include "memory/place.h"
#include "memory/search.h"
#include "source/source_state.h"

#include <stdatomic.h>

struct options {
    const char *image;  /* as source_open() takes it */
    const char *paging; /* NULL: find it */
    bool has_base, has_root, has_root_user;
    uint64_t base, root_pa, root_user_pa;
};

struct session;

/*
 * Opens the image, and begins to look for the kernel.  `options` is copied; what it points to stays
 * the caller's, and must outlive the session.  NULL with the reason.
 */
struct session *session_open(const struct options *options, struct error *err);

/*
 * The session as it is, for another thread, which waits for what it asks: the image, the spaces and
 * all that was found are shared, marks and variables are copied, and what is done with the clone
 * does not change the session.  Call it where `session` is used; the clone may live longer.  What
 * is not known yet (session_ready()) the clone does not know either.  NULL with the reason.
 */
struct session *session_clone(const struct session *session, struct error *err);

/* Once *cancelled is true nothing more is found, so that whatever runs on the session ends soon.
 * The flag must outlive the session. */
void session_set_cancel(struct session *session, const atomic_bool *cancelled);
bool session_is_cancelled(const struct session *session);

/*
 * An operation begins: what the session does from now on takes from `budget`, which is as large as
 * all of the guest justifies.  Returns the one before, to be put back by session_spend() at the
 * end; budget_why() then says why the answer may not be all of it.  What is indexed for several
 * operations, or loaded, has a budget by itself.
 */
struct budget *session_begin(struct session *session, struct budget *budget);
struct budget *session_spend(struct session *session, struct budget *budget);

/* NULL is fine. */
void session_close(struct session *session);

/*
 * At the program's end: all workers, of whatever session, are told to end, and are waited for so
 * many milliseconds.  False: some are still at work, and what they use must stay.
 */
bool session_end_workers(int within_ms);

/* The kernel is still being looked for. */
bool session_is_finding(const struct session *session);

/* For poll(): a worker of the session has ended; session_step() takes over what it found.  -1: not
 * at work. */
#define SESSION_WORKERS 2
void session_descriptors(const struct session *session, int descriptor[SESSION_WORKERS]);

/* Grows when kernel, paging, place or the guest's parts became known. */
uint64_t session_generation(const struct session *session);

/* $here: where the user is, f:0 at first. */
struct address session_here(const struct session *session);
void session_set_here(struct session *session, struct address here);

/*
 * A nonblocking session does not wait: what would have to be waited for fails, and is noted as
 * wanted.  session_take_wanted() answers whether anything was since it was last asked.
 */
void session_set_nonblocking(struct session *session);
bool session_take_wanted(struct session *session);

/*
 * A turn of whoever draws begins: in it a nonblocking session waits for SESSION_PATIENCE_MS in all
 * for what is found out beside it, so that what is found soon is in the same frame.
 * session_patience(): the milliseconds that are left; 0: none.  Another session waits as long as it
 * takes.
 */
#define SESSION_PATIENCE_MS 8
void session_begin_turn(struct session *session);
int session_patience(const struct session *session);

/*
 * In a turn the session and its Linux read for SESSION_READING_MS of the thread's own time at most,
 * whatever they are asked: then everything else is RANGE_NOT_READ, and this is true.
 */
#define SESSION_READING_MS 10
bool session_turn_is_over(struct session *session);

/* Takes over what workers have found, and sets them to work.  True: an index was taken over, so
 * that more names are known. */
bool session_step(struct session *session);

/* A process that may write to the guest's RAM: source_writer(); `last`: the one seen before. */
int session_writer(const struct session *session, int last);

/* What is on its way from a slow source: source_arrivals(). */
uint64_t session_arrivals(const struct session *session, bool *more);

/*
 * The guest may have gone on: looks at the file again and forgets what was cached.  `message` may
 * be NULL.
 */
enum source_state session_refresh(struct session *session, struct error *message);

/* After it: indexes the tables anew where the index is old. */
void session_renew(struct session *session);

/* The same where the last time was a while ago: for questions that come without ticks. */
void session_catch_up(struct session *session);

/* Runs the work that answers need to its end (the kernel; with `index` the reverse index too, where
 * none answers). */
void session_settle(struct session *session, bool index);

/* The same for who is about to answer.  A nonblocking session runs nothing: false, with what it is
 * that is still being done, and noted as wanted, until an index answers (an older one will do). */
bool session_await(struct session *session, bool index, struct error *err);

/* Nothing is left that could be waited for, and no thread is at work; else fails as a nonblocking
 * session_await(). */
bool session_ready(struct session *session, struct error *err);

/*
 * What is going on in the background as a few words, and how far (0..1).  False: nothing.
 */
bool session_progress(const struct session *session, char *text, size_t size, double *done);

/*
 * Virtual spaces: the kernel's; the one that v: means where no space is named (the kernel's, or
 * with a user root that was named by hand); and what v: means in an expression: the space of $here
 * where that is virtual.
 */
const struct space *session_kernel_space(const struct session *session);
const struct space *session_space(const struct session *session);
const struct space *session_virtual(const struct session *session);

/* The space of a process that is named by its number, or by comm where only one has it.  NULL with
 * a reason: it has no user memory, or there is no such process. */
const struct space *session_space_named(struct session *session, const char *name,
                                        struct error *err);

/* The space of the process whose task_struct lies at `task_va`.  NULL with a reason, as above. */
const struct space *session_space_at(struct session *session, uint64_t task_va, struct error *err);

/*
 * What has become of a process whose space it is.  *now is the space to show instead: that of its
 * new program, or one without a user half where it has ended; else the space itself.
 */
enum space_fate { SPACE_LIVES, SPACE_EXECUTED, SPACE_ENDED };
enum space_fate session_fate(struct session *session, const struct space *space,
                             const struct space **now);

/* False with the reason: the process whose address it is has ended, or runs another program. */
bool session_is_there(struct session *session, struct address address, struct error *err);

/* Memory, as src/memory/memory.h has it; addresses say whose they are.  `names`: the virtual space
 * in which a physical place is given names. */
void session_locate(struct session *session, struct address address, const struct space *names,
                    struct place *place);
void session_walk(struct session *session, struct address address, struct walk *walk);
bool session_translate(struct session *session, struct address address, uint64_t *pa);
void session_range(struct session *session, struct address address, struct range *range);

/*
 * session_skip_within(): memory_skip() with a bound: a part of a frame's work (`soon`), or what a
 * guest of this size justifies.  SKIP_LONG: the bound was reached first.
 */
enum skip_end { SKIP_FOUND, SKIP_NONE, SKIP_LONG };
enum skip_end session_skip_within(struct session *session, struct address address, bool backward,
                                  bool soon, uint64_t *to);

size_t session_read(struct session *session, struct address address, void *buffer, size_t length,
                    uint8_t *there);
bool session_read_u64(struct session *session, struct address address, uint64_t *value);
void session_bounds(const struct session *session, const struct space *space, uint64_t *first,
                    uint64_t *last);

/* Why `length` bytes at an address cannot be read, as memory_missing(). */
const char *session_missing(struct session *session, struct address address, size_t length);

/* Begins a search (memory/search.h) through the space of `from`; the session must outlive it. */
void session_search(struct session *session, struct search *search, struct address from,
                    const uint8_t *pattern, size_t length, bool backward);

/* Is the word a pointer in a virtual space (to data: one whose tag at most is to be taken off)? */
bool session_pointer(struct session *session, const struct space *space, uint64_t word,
                     uint64_t *va);
bool session_data_pointer(struct session *session, const struct space *space, uint64_t word,
                          uint64_t *va);

/* Page tables as they are in the image; is a physical address in it, and where? */
struct table_source session_tables(const struct session *session);
bool session_in_image(const struct session *session, uint64_t pa, uint64_t *offset);

/* Virtual names of physical places are known in a space; begins to look for them, to the end
 * where the session blocks. */
bool session_knows_names(const struct session *session, const struct space *space);
void session_want_names(struct session *session, const struct space *space);

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

/* Why a walk did not arrive, as walk_reason(); of the user half of a process that has ended, that.
 */
char *session_walk_reason(const struct space *space, const struct walk *walk, char *text,
                          size_t size);

/* Marks, by a letter from a to z.  False with the reason: no such mark, or what it marked is there
 * no more (session_is_there()). */
bool session_set_mark(struct session *session, char letter, struct address address,
                      struct error *err);
bool session_has_mark(const struct session *session, char letter);
bool session_mark(struct session *session, char letter, struct address *address, struct error *err);

/*
 * Where another kernel's tables are named, what was loaded of the one before stays as it is until
 * session_let_go(): who holds pointers into it drops them first (generation has grown).
 */
void session_let_go(struct session *session);

/* User root by hand (`root-user`), kernel root and paging by hand; NULL paging keeps it. */
bool session_set_paging(struct session *session, const struct paging *paging, uint64_t root_pa,
                        uint64_t root_user_pa, struct error *err);

#endif
