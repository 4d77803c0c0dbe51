/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What pages are, found out beside the interface: the same as in place, only later.  Over the
 * snapshots of guests.
 */
#include "session/handles.h"
#include "session/known_pages.h"
#include "tests/unit/page_guest.h"
#include "tests/unit/support.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define FACTS 40

static void step_until_ready(struct session *session)
{
    struct error ignored;
    while (!session_ready(session, &ignored) || !pages_ready(session_linux(session)->pages)) {
        session_step(session);
        poll(NULL, 0, 1);
    }
}

/* Steps until nothing is being found out.  Answers how often something came. */
static unsigned wait_for_facts(struct known_pages *known)
{
    unsigned came = known_pages_step(known);
    for (int descriptor; (descriptor = known_pages_descriptor(known)) >= 0;) {
        struct pollfd end = {descriptor, POLLIN, 0};
        assert_true(poll(&end, 1, 60000) > 0);
        came += known_pages_step(known);
    }
    return came;
}

/* Pages all over RAM, and those of tasks. */
static uint64_t pa_of(struct session *session, unsigned i)
{
    struct error err;
    size_t segments;
    const struct segment *segment = source_segments(session_source(session), &segments);
    uint64_t pa = segment->pa + segment->size / FACTS * i + 0x40;
    const struct tasks *tasks = i % 2 ? session_tasks(session, &err) : NULL;
    if (tasks)
        session_translate(
            session, address_in(session_space(session), tasks->task[i % tasks->count].va), &pa);
    return pa;
}

static void check(struct opened *opened)
{
    char path[400];
    struct options options = {.image = path};
    struct error err;
    snprintf(path, sizeof path, "%s/ram.img", opened->folder);
    struct session *session = session_open(&options, &err);
    assert_non_null(session);
    session_set_nonblocking(session);
    struct known_pages *known = known_pages_create(session);
    assert_non_null(known);
    const struct page_facts *facts;
    const struct slab_object *object;
    assert_int_equal(known_page(known, pa_of(session, 0), &facts), KNOWN_NOTHING);
    step_until_ready(session);
    known_pages_begin_frame(known);

    /* No turn has begun: nobody waits. */
    for (unsigned i = 0; i < FACTS; i++) {
        assert_int_equal(known_page(known, pa_of(session, i), &facts), KNOWN_COMING);
        assert_int_equal(known_object(known, pa_of(session, i), &object), KNOWN_COMING);
    }
    for (unsigned rounds = 0; wait_for_facts(known); rounds++)
        assert_true(rounds < 10);
    struct session *clone = session_clone(session, &err);
    assert_non_null(clone);
    struct pages *pages = session_linux(clone)->pages;
    unsigned objects = 0;
    for (unsigned i = 0; i < FACTS; i++) {
        struct page_facts page;
        struct slab_object in_place;
        page_describe(pages, pa_of(session, i), &page);
        bool is_there = page_object(pages, pa_of(session, i), &in_place);
        assert_int_equal(known_page(known, pa_of(session, i), &facts), KNOWN_IT);
        assert_int_equal(facts->kind, page.kind);
        assert_string_equal(facts->owner, page.owner);
        assert_int_equal(known_object(known, pa_of(session, i), &object), KNOWN_IT);
        assert_int_equal(object != NULL, is_there);
        if (object)
            assert_int_equal(object->va, in_place.va);
        objects += is_there;
    }
    assert_true(objects > 0);
    session_close(clone);

    /* Nothing new is asked; what is forgotten answers until it is found out again. */
    assert_int_equal(known_pages_descriptor(known), -1);
    known_pages_forget(known);
    assert_int_equal(known_page(known, pa_of(session, 1), &facts), KNOWN_IT);
    assert_false(known_pages_step(known));
    assert_true(known_pages_descriptor(known) >= 0);

    /* What no frame looks at any longer is not asked for. */
    known_pages_begin_frame(known);
    known_pages_begin_frame(known);
    known_pages_step(known);
    assert_int_equal(known_pages_descriptor(known), -1);

    /* In a turn the answer is waited for, as long as that may be. */
    known_pages_clear(known);
    enum known_state state = KNOWN_COMING;
    for (unsigned turns = 0; state == KNOWN_COMING && turns < 10000; turns++) {
        session_begin_turn(session);
        state = known_page(known, pa_of(session, 2), &facts);
    }
    assert_int_equal(state, KNOWN_IT);
    known_pages_destroy(known);
    session_close(session);
}

static void pages_are_known_later(void **state)
{
    (void)state;
    each_guest(check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_are_known_later)};
    return cmocka_run_group_tests_name("known_pages", tests, NULL, NULL);
}
