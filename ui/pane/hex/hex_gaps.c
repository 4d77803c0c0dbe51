/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One gap is hunted at a time: the first of those in the frame that take longer. */
#include "ui/pane/hex/hex_gaps.h"

#include <stdlib.h>

struct gap_hunt {
    struct address at;
    uint64_t pa;         /* UINT64_MAX: not known */
    struct hex_row near; /* what is shown meanwhile */
    /* Once it has ended: */
    struct hex_row gap;
    bool is_found;
};

void hex_gaps_forget(struct hex_gaps *gaps)
{
    gaps->gaps = gaps->next_gap = 0;
    gaps->hunted_is_old = true;
}

void hex_gaps_begin(struct hex_gaps *gaps)
{
    gaps->is_seen = false;
    gaps->is_hard = gaps->asked;
}

/* False: it takes longer. */
static bool find_ends(struct session *session, struct address at, struct hex_ends ends, bool soon,
                      struct hex_row *gap)
{
    uint64_t first, last, to;
    enum skip_end after = SKIP_NONE, before = SKIP_NONE;
    session_bounds(session, at.space, &first, &last);
    gap->first = ends.has_first ? at.value : first;
    gap->last = ends.has_last ? at.value : last;
    if (!ends.has_last &&
        (after = session_skip_within(session, at, false, soon, &to)) == SKIP_FOUND)
        gap->last = to - 1;
    if (after != SKIP_LONG && !ends.has_first &&
        (before = session_skip_within(session, at, true, soon, &to)) == SKIP_FOUND)
        gap->first = to + 1;
    return after != SKIP_LONG && before != SKIP_LONG;
}

static void run(void *context, struct session *clone)
{
    struct gap_hunt *hunt = context;
    hunt->is_found = find_ends(clone, hunt->at, (struct hex_ends){false, false}, false, &hunt->gap);
}

/* Of the gap's first address, from that of one in it. */
static void place(struct hex_row *gap, struct address at, uint64_t pa)
{
    gap->pa = pa == UINT64_MAX ? UINT64_MAX : pa - (at.value - gap->first);
}

/* As long as the entry that says so. */
static struct hex_row near_gap(struct session *session, struct address at,
                               const struct range *range, struct hex_ends ends)
{
    struct hex_row gap = {at.value, range->last, range->kind, UINT64_MAX};
    struct walk walk;
    if (address_is_virtual(at) && at.space->paging) {
        session_walk(session, at, &walk);
        uint64_t tag = at.value - walk.va;
        gap.first = ends.has_first ? at.value : walk.first + tag;
        gap.last = walk.last + tag > range->last ? walk.last + tag : range->last;
    }
    if (ends.has_last)
        gap.last = at.value;
    place(&gap, at, range->pa);
    return gap;
}

static void keep(struct hex_gaps *gaps, const struct hex_row *gap)
{
    gaps->gap[gaps->next_gap] = *gap;
    gaps->next_gap = (gaps->next_gap + 1) % HEX_GAPS;
    if (gaps->gaps < HEX_GAPS)
        gaps->gaps++;
}

static bool has(const struct hex_row *row, uint64_t value)
{
    return value >= row->first && value <= row->last;
}

/* True: a hunt has ended. */
static bool take(struct hex_gaps *gaps)
{
    const struct gap_hunt *hunt = beside_answer(gaps->asked);
    if (!hunt)
        return false;
    gaps->hunted = hunt->is_found ? hunt->gap : hunt->near;
    gaps->hunted.kind = hunt->near.kind;
    place(&gaps->hunted, hunt->at, hunt->pa);
    gaps->hunted_in = hunt->at.space;
    gaps->hunted_is_old = false;
    beside_drop(&gaps->asked);
    return true;
}

static void hunt(struct hex_gaps *gaps, struct session *session, struct address at, uint64_t pa,
                 const struct hex_row *near)
{
    static const struct beside_question question = {run, free};
    struct error ignored; /* the next frame asks again */
    struct gap_hunt *hunt = calloc(1, sizeof *hunt);
    if (!hunt)
        return;
    hunt->at = at;
    hunt->pa = pa;
    hunt->near = *near;
    beside_ask(&gaps->asked, &question, hunt, session, &ignored);
    beside_await(gaps->asked, session);
    take(gaps);
}

/* What is found beside, or the part of it that is known without. */
static struct hex_row hard_gap(struct hex_gaps *gaps, struct session *session, struct address at,
                               const struct range *range, struct hex_ends ends)
{
    struct hex_row near = near_gap(session, at, range, ends);
    bool is_known = gaps->hunted_in == at.space && has(&gaps->hunted, at.value);
    gaps->is_hard = true;
    if (!gaps->asked && (!is_known || gaps->hunted_is_old))
        hunt(gaps, session, at, range->pa, &near);
    const struct gap_hunt *asked = beside_context(gaps->asked);
    gaps->is_seen |= asked && asked->at.space == at.space && has(&near, asked->at.value);
    is_known = gaps->hunted_in == at.space && has(&gaps->hunted, at.value);
    return is_known ? gaps->hunted : near;
}

struct hex_row hex_gap_at(struct hex_gaps *gaps, struct session *session, struct address at,
                          const struct range *range, struct hex_ends ends)
{
    for (size_t i = 0; i < gaps->gaps; i++)
        if (has(&gaps->gap[i], at.value))
            return gaps->gap[i];
    struct hex_row gap = {.kind = range->kind};
    if (gaps->is_hard || !find_ends(session, at, ends, true, &gap))
        return hard_gap(gaps, session, at, range, ends);
    place(&gap, at, range->pa);
    keep(gaps, &gap);
    return gap;
}

bool hex_gaps_step(struct hex_gaps *gaps)
{
    bool any = take(gaps);
    /* Another gap than that is looked at by now. */
    if (gaps->asked && !gaps->is_seen) {
        beside_drop(&gaps->asked);
        any = true;
    }
    return any;
}
