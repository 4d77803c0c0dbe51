/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory core as a session gives it to panes: by addresses that say whose they are. */
#include "linux/types/object.h"
#include "session/indexer.h"
#include "session/session_private.h"

const struct source *session_source(const struct session *session)
{
    return session->source;
}

const struct kernel *session_kernel(const struct session *session)
{
    return &session->kernel;
}

struct address session_here(const struct session *session)
{
    return session->here;
}

void session_set_here(struct session *session, struct address here)
{
    session->here = here;
}

const struct space *session_kernel_space(const struct session *session)
{
    return space_kernel(session->memory.space);
}

const struct space *session_space(const struct session *session)
{
    return session->memory.space;
}

const struct space *session_virtual(const struct session *session)
{
    return address_is_virtual(session->here) ? session->here.space : session->memory.space;
}

struct memory session_memory(const struct session *session, const struct space *space)
{
    return memory_in(&session->memory, space);
}

int session_writer(const struct session *session, int last)
{
    static const atomic_bool never;
    const atomic_bool *cancel = session->memory.reader->cancel;
    return source_writer(session->source, last, cancel ? cancel : &never);
}

uint64_t session_arrivals(const struct session *session, bool *more)
{
    return source_arrivals(session->source, more);
}

void session_locate(struct session *session, struct address address, const struct space *names,
                    struct place *place)
{
    struct memory memory = memory_in(&session->memory, names);
    memory_locate(&memory, address, place);
}

void session_walk(struct session *session, struct address address, struct walk *walk)
{
    struct memory memory = memory_in(&session->memory, address.space);
    memory_walk(&memory, address.value, walk);
}

bool session_translate(struct session *session, struct address address, uint64_t *pa)
{
    struct memory memory = memory_in(&session->memory, address.space);
    return memory_translate(&memory, address.value, pa);
}

void session_range(struct session *session, struct address address, struct range *range)
{
    memory_range(&session->memory, address, range);
}

#define SOON_STEPS 100000 /* some milliseconds */

enum skip_end session_skip_within(struct session *session, struct address address, bool backward,
                                  bool soon, uint64_t *to)
{
    struct budget budget, *before = memory_budget(&session->memory);
    if (soon)
        budget_init(&budget, SOON_STEPS, BUDGET_ENDLESS, NULL);
    else
        memory_make_budget(&session->memory, &budget);
    if (budget_has_ended(before))
        return SKIP_LONG;
    memory_spend(&session->memory, &budget);
    bool found = memory_skip(&session->memory, address, backward, to);
    memory_spend(&session->memory, before);
    if (soon) /* it is a part of what the turn may take */
        budget_take(before, SOON_STEPS - budget.steps - budget.slice);
    if (budget_has_ended(&budget))
        return SKIP_LONG;
    return found ? SKIP_FOUND : SKIP_NONE;
}

size_t session_read(struct session *session, struct address address, void *buffer, size_t length,
                    uint8_t *there)
{
    return memory_read(&session->memory, address, buffer, length, there);
}

const char *session_missing(struct session *session, struct address address, size_t length)
{
    return memory_missing(&session->memory, address, length);
}

bool session_read_u64(struct session *session, struct address address, uint64_t *value)
{
    return memory_read_u64(&session->memory, address, value);
}

void session_bounds(const struct session *session, const struct space *space, uint64_t *first,
                    uint64_t *last)
{
    memory_bounds(&session->memory, space, first, last);
}

bool session_pointer(struct session *session, const struct space *space, uint64_t word,
                     uint64_t *va)
{
    struct memory memory = memory_in(&session->memory, space);
    return memory_pointer(&memory, word, va);
}

bool session_data_pointer(struct session *session, const struct space *space, uint64_t word,
                          uint64_t *va)
{
    struct memory memory = memory_in(&session->memory, space);
    return memory_data_pointer(&memory, word, va);
}

struct table_source session_tables(const struct session *session)
{
    return session->memory.tables;
}

void session_search(struct session *session, struct search *search, struct address from,
                    const uint8_t *pattern, size_t length, bool backward)
{
    search_start(search, &session->memory, from, pattern, length, backward);
}

bool session_in_image(const struct session *session, uint64_t pa, uint64_t *offset)
{
    return source_pa_to_offset(session->source, pa, offset, NULL);
}

bool session_knows_names(const struct session *session, const struct space *space)
{
    struct memory memory = memory_in(&session->memory, space);
    return memory_knows_names(&memory);
}

void session_want_names(struct session *session, const struct space *space)
{
    struct memory memory = memory_in(&session->memory, space);
    memory_want_names(&memory);
    if (!session->nonblocking && !memory_knows_names(&memory))
        indexer_build_names(session);
}
