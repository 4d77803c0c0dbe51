/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table by address; one question at a time, for all that the frame looked at. */
#include "session/known_pages.h"

#include "base/clock.h"
#include "session/beside.h"
#include "session/session_private.h"

#include <stdlib.h>

enum { SLOTS = 1024, PROBES = 8, ASKED_MAX = 64 };
#define LATE_MS 100 /* a question that takes longer gives way to one for what is looked at now */

/* A page, or where `is_object` the object at an address. */
struct fact {
    uint64_t pa; /* UINT64_MAX: none */
    bool is_object, is_there /* an object */;
    union {
        struct page_facts page;
        struct slab_object object;
    };
};

enum slot_state { SLOT_EMPTY, SLOT_OLD, SLOT_KNOWN };
struct known_slot {
    struct fact fact;
    enum slot_state state;
    uint64_t frame; /* the last one that looked at it */
};

/* What is asked in a worker. */
struct question {
    int64_t begun_ms;
    size_t count;
    atomic_size_t done;
    size_t taken; /* of those, by the thread that asks */
    struct fact fact[ASKED_MAX];
};

struct known_pages {
    struct session *session;
    struct beside *asked;
    uint64_t frame;
    bool is_wanting; /* something that was looked at is not known, and not asked for */
    struct known_slot slot[SLOTS];
};

static void find_out(struct pages *pages, struct fact *fact)
{
    if (fact->is_object)
        fact->is_there = page_object(pages, fact->pa, &fact->object);
    else
        page_describe(pages, fact->pa, &fact->page);
}

static void run(void *context, struct session *clone)
{
    struct question *question = context;
    struct linux_context *linux = session_linux(clone);
    for (size_t i = 0; linux && linux->pages && i < question->count; i++) {
        struct budget budget, *before = session_begin(clone, &budget); /* for each fact */
        find_out(linux->pages, &question->fact[i]);
        session_spend(clone, before);
        if (session_is_cancelled(clone))
            return;
        atomic_store(&question->done, i + 1);
    }
}

struct known_pages *known_pages_create(struct session *session)
{
    struct known_pages *known = calloc(1, sizeof *known);
    if (known) {
        known->session = session;
        known_pages_clear(known);
    }
    return known;
}

void known_pages_destroy(struct known_pages *known)
{
    if (known)
        beside_drop(&known->asked);
    free(known);
}

void known_pages_forget(struct known_pages *known)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (known->slot[i].state == SLOT_KNOWN)
            known->slot[i].state = SLOT_OLD;
    beside_drop(&known->asked);
}

void known_pages_clear(struct known_pages *known)
{
    for (size_t i = 0; i < SLOTS; i++)
        known->slot[i] = (struct known_slot){.fact.pa = UINT64_MAX};
    beside_drop(&known->asked);
}

void known_pages_begin_frame(struct known_pages *known)
{
    known->frame++;
}

static struct known_slot *probe(struct known_pages *known, uint64_t pa, bool is_object, size_t i)
{
    uint64_t hash = (pa * 2 + is_object) * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    return &known->slot[(hash + i) % SLOTS];
}

/* NULL: it has none. */
static struct known_slot *find_slot(struct known_pages *known, uint64_t pa, bool is_object)
{
    for (size_t i = 0; i < PROBES; i++) {
        struct known_slot *slot = probe(known, pa, is_object, i);
        if (slot->fact.pa == pa && slot->fact.is_object == is_object)
            return slot;
    }
    return NULL;
}

/* What was not looked at for longest gives way to a fact that has no slot. */
static struct known_slot *slot_of(struct known_pages *known, uint64_t pa, bool is_object)
{
    struct known_slot *slot = find_slot(known, pa, is_object);
    if (slot)
        return slot;
    slot = probe(known, pa, is_object, 0);
    for (size_t i = 1; i < PROBES; i++)
        if (probe(known, pa, is_object, i)->frame < slot->frame)
            slot = probe(known, pa, is_object, i);
    *slot = (struct known_slot){.fact = {.pa = pa, .is_object = is_object}};
    return slot;
}

/* Looked at in this frame or, before anything was in this one, in the last. */
static bool is_wanted(const struct known_pages *known, const struct known_slot *slot)
{
    return slot->fact.pa != UINT64_MAX && slot->state != SLOT_KNOWN &&
           slot->frame + 1 >= known->frame;
}

static void add_wanted(const struct known_pages *known, struct question *question,
                       enum slot_state state)
{
    for (size_t i = 0; i < SLOTS && question->count < ASKED_MAX; i++) {
        const struct known_slot *slot = &known->slot[i];
        if (slot->state == state && is_wanted(known, slot))
            question->fact[question->count++] = slot->fact;
    }
}

/* Asks for all that is wanted, `first` first. */
static void ask(struct known_pages *known, const struct known_slot *first)
{
    static const struct beside_question how = {run, free};
    struct error ignored; /* the next frame asks again */
    struct question *question = calloc(1, sizeof *question);
    if (!question)
        return;
    if (first)
        question->fact[question->count++] = first->fact;
    add_wanted(known, question, SLOT_EMPTY);
    add_wanted(known, question, SLOT_OLD);
    question->begun_ms = clock_ms();
    known->is_wanting = question->count == ASKED_MAX; /* there may be more */
    if (question->count)
        beside_ask(&known->asked, &how, question, known->session, &ignored);
    else
        free(question);
}

/* True: there was something to take over. */
static bool take(struct known_pages *known)
{
    struct question *question = beside_context(known->asked);
    if (!question)
        return false;
    bool has_ended = beside_answer(known->asked);
    size_t done = atomic_load(&question->done), before = question->taken;
    for (; question->taken < done; question->taken++) {
        const struct fact *fact = &question->fact[question->taken];
        struct known_slot *slot = slot_of(known, fact->pa, fact->is_object);
        slot->fact = *fact;
        slot->state = SLOT_KNOWN;
    }
    if (has_ended)
        beside_drop(&known->asked);
    return done > before;
}

static bool is_asked(const struct known_pages *known, const struct fact *fact)
{
    const struct question *question = beside_context(known->asked);
    for (size_t i = 0; question && i < question->count; i++)
        if (question->fact[i].pa == fact->pa && question->fact[i].is_object == fact->is_object)
            return true;
    return false;
}

/* NULL: not known yet. */
static const struct fact *fact_of(struct known_pages *known, struct pages *pages, uint64_t pa,
                                  bool is_object)
{
    struct known_slot *slot = slot_of(known, pa, is_object);
    slot->frame = known->frame;
    if (slot->state == SLOT_KNOWN)
        return &slot->fact;
    if (!known->session->nonblocking) {
        find_out(pages, &slot->fact);
        slot->state = SLOT_KNOWN;
        return &slot->fact;
    }
    if (!known->asked && session_patience(known->session))
        ask(known, slot);
    if (is_asked(known, &slot->fact))
        beside_await(known->asked, known->session);
    else
        known->is_wanting = true;
    take(known);
    return slot->state == SLOT_EMPTY ? NULL : &slot->fact;
}

enum known_state known_page(struct known_pages *known, uint64_t pa, const struct page_facts **facts)
{
    const struct linux_context *linux = session_linux(known->session);
    if (!linux || !linux->pages)
        return KNOWN_NOTHING;
    unsigned shift = linux->memory->paging->page_shift;
    const struct fact *fact = fact_of(known, linux->pages, pa >> shift << shift, false);
    *facts = fact ? &fact->page : NULL;
    return fact ? KNOWN_IT : KNOWN_COMING;
}

enum known_state known_object(struct known_pages *known, uint64_t pa,
                              const struct slab_object **object)
{
    const struct linux_context *linux = session_linux(known->session);
    if (!linux || !linux->pages)
        return KNOWN_NOTHING;
    const struct fact *fact = fact_of(known, linux->pages, pa, true);
    *object = fact && fact->is_there ? &fact->object : NULL;
    return fact ? KNOWN_IT : KNOWN_COMING;
}

/* Nothing of it is looked at any longer, or it holds up what is. */
static bool is_stale(struct known_pages *known)
{
    const struct question *question = beside_context(known->asked);
    if (known->is_wanting && clock_ms() - question->begun_ms >= LATE_MS)
        return true;
    for (size_t i = question->taken; i < question->count; i++) {
        const struct known_slot *slot =
            find_slot(known, question->fact[i].pa, question->fact[i].is_object);
        if (slot && is_wanted(known, slot))
            return false;
    }
    return true;
}

bool known_pages_step(struct known_pages *known)
{
    bool any = take(known);
    if (known->asked && is_stale(known))
        beside_drop(&known->asked);
    if (!known->asked && known->is_wanting)
        ask(known, NULL);
    return any;
}

int known_pages_descriptor(const struct known_pages *known)
{
    return beside_descriptor(known->asked);
}
