/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much work one operation may do: a command, a fact for the screen, one part of loading.
 *
 * What is followed in the guest's memory is hostile: lists that run into themselves, types that
 * contain themselves, lengths that lie.  A bound for each loop does not bound the whole, since
 * loops within loops multiply.  So whoever starts an operation makes one budget for all of it, and
 * all that it calls takes from that.  The handle of the guest's memory takes by itself
 * (memory_spend()); loops that do not read through it, or keep what they read, take explicitly.
 *
 * Units.  A step is about as much work as reading one word: some tens of nanoseconds.  Bytes are
 * those of the host's memory that are held until the operation ends; they are not given back.
 *
 * A budget that has ended stays so, and gives nothing: each loop that takes from it comes to its
 * end, and what was found until then stands.  Whoever started the operation asks budget_why(), and
 * says so beside the answer.
 *
 * A budget belongs to one thread; the flag alone is another's.
 */
#ifndef RAMWALK_BASE_BUDGET_H
#define RAMWALK_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum budget_end {
    BUDGET_LASTS,
    BUDGET_NO_STEPS,  /* more work than the operation justifies */
    BUDGET_NO_BYTES,  /* more memory */
    BUDGET_NO_TIME,   /* more of the thread's time */
    BUDGET_CANCELLED, /* the flag was set */
};

#define BUDGET_ENDLESS UINT64_MAX /* steps or bytes that nobody counts to the end */

struct budget {
    uint64_t slice;      /* steps until the flag is looked at; 0 once it has ended */
    uint64_t steps;      /* left after the slice */
    uint64_t bytes;      /* left */
    uint64_t until_ns;   /* of the thread's own time; 0: as long as it takes */
    uint64_t timed_from; /* steps left from which on that counts */
    const atomic_bool *cancel;
    enum budget_end end;
};

/* `cancel`: once true the budget has ended, within some hundred steps; NULL: no such flag.  It must
 * outlive the budget. */
void budget_init(struct budget *budget, uint64_t steps, uint64_t bytes, const atomic_bool *cancel);

/*
 * It ends, too, when the thread that calls has worked for so long and taken so many steps: a slow
 * machine gets as much done as it must.  Looked at as the flag is; the budget's steps are not
 * BUDGET_ENDLESS.
 */
void budget_limit_time(struct budget *budget, unsigned milliseconds, uint64_t steps);

/* The same limit as another's, of the operation that this one is a part of. */
void budget_share_time(struct budget *budget, const struct budget *of);

/* budget_take() where the slice is too short. */
bool budget_take_slowly(struct budget *budget, uint64_t steps);

/* False: it has ended, by this or before, and the work is not to be done. */
static inline bool budget_take(struct budget *budget, uint64_t steps)
{
    if (steps >= budget->slice)
        return budget_take_slowly(budget, steps);
    budget->slice -= steps;
    return true;
}

/* The same for memory that is about to be allocated. */
bool budget_take_bytes(struct budget *budget, uint64_t bytes);

/* It has ended; looks at the flag at once. */
bool budget_has_ended(struct budget *budget);

/* Why, as the end of a sentence: "it takes more work than a guest of this size justifies".  NULL:
 * it has not ended. */
const char *budget_why(const struct budget *budget);

/*
 * Does a chain come back to where it has been?  Brent's check: one place is remembered, and moved
 * after 1, 2, 4 ... links, so a loop is seen after about three times its length and what leads
 * there, in no memory.  Give each place once, in order; {0} before the first.
 */
struct loop_check {
    uint64_t place, links, next; /* the place kept; links since; those after which it is moved */
};

static inline bool loop_closes(struct loop_check *check, uint64_t place)
{
    if (check->next && check->place == place)
        return true;
    if (check->links++ >= check->next)
        *check = (struct loop_check){place, 0, check->next ? 2 * check->next : 1};
    return false;
}

#endif
