/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What runs beside the interface: questions on a clone, of which the latest wins, and the indexes.
 * The source neither maps nor answers at once, so that whoever would wait for it is seen to.
 */
#include "session/beside.h"
#include "session/session_private.h"
#include "tests/unit/support.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define BASE    UINT64_C(0x40000000)
#define ROOT_PA (BASE + 0x10000)
#define SIZE    MIB(4)
#define HALF    UINT64_C(0xffff000000000000)
#define NAMED   (BASE + MIB(2)) /* has two names */

static struct file file;

static int setup(void **state)
{
    (void)state;
    struct pages *pages = pages_create();
    struct builder kernel = builder_of(pages, "arm64-4k-48", ROOT_PA, BASE + 0x40000);
    builder_leaf(&kernel, HALF, NAMED, 3, KERNEL_RW);
    builder_leaf(&kernel, HALF + GIB(512), NAMED, 3, KERNEL_RO);
    file = file_create(SIZE);
    pages_write(pages, file.fd, BASE, SIZE);
    pages_destroy(pages);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    file_remove(&file);
    return 0;
}

static struct session *open_spec(const char *spec)
{
    struct error err;
    struct options options = {
        .image = spec, .paging = "arm64-4k-48", .has_root = true, .root_pa = ROOT_PA};
    struct session *session = session_open(&options, &err);
    if (!session)
        fail_msg("%s", err.text);
    session_set_nonblocking(session);
    return session;
}

static struct session *open_slow(unsigned ms)
{
    char spec[160];
    snprintf(spec, sizeof spec, "simulated:%u:%s@%llx", ms, file.path, (unsigned long long)BASE);
    return open_spec(spec);
}

/* A worker of the session has something to be taken over. */
static void wait_for_it(const struct session *session)
{
    int descriptor[SESSION_WORKERS];
    struct pollfd worker[SESSION_WORKERS];
    session_descriptors(session, descriptor);
    for (size_t i = 0; i < SESSION_WORKERS; i++)
        worker[i] = (struct pollfd){descriptor[i], POLLIN, 0};
    assert_true(poll(worker, SESSION_WORKERS, 60000) > 0);
}

static size_t names_of(struct session *session, uint64_t pa)
{
    struct place place;
    session_locate(session, address_phys(pa), session_space(session), &place);
    return place.aliases;
}

/* The first thread waits for nothing, and its reader was asked for nothing. */
static void the_reverse_index_is_built_beside(void **state)
{
    (void)state;
    struct session *session = open_slow(2);
    assert_false(session_step(session));
    assert_non_null(session->indexer);
    assert_true(memory_is_indexing(&session->memory));
    assert_int_equal(names_of(session, NAMED), 0);
    while (!session_step(session))
        wait_for_it(session);
    assert_true(session_knows_names(session, session_space(session)));
    assert_int_equal(names_of(session, NAMED), 2);
    assert_int_equal(names_of(session, NAMED + 4096), 0);

    /* The old one answers until the next is complete. */
    memory_reindex(&session->memory);
    assert_false(session_step(session));
    assert_int_equal(names_of(session, NAMED), 2);
    while (!session_step(session))
        wait_for_it(session);
    assert_false(memory_is_indexing(&session->memory));
    assert_int_equal(names_of(session, NAMED), 2);
    session_close(session);
}

/* Nothing that it waits for would come within a minute. */
static void who_leaves_does_not_wait(void **state)
{
    (void)state;
    struct session *session = open_slow(60000);
    assert_false(session_step(session));
    assert_non_null(session->indexer);
    session_close(session);
}

/* Other tables: what is being built of the old ones is not for the session any longer. */
static void other_tables_are_indexed_anew(void **state)
{
    (void)state;
    struct error err;
    struct session *session = open_slow(2);
    assert_false(session_step(session));
    const struct paging *paging = session_space(session)->paging;
    assert_true(session_set_paging(session, paging, BASE + MIB(1), NO_ROOT, &err));
    assert_null(session->indexer);
    assert_false(session_step(session));
    while (!session_step(session))
        wait_for_it(session);
    assert_int_equal(names_of(session, NAMED), 0);
    session_close(session);
}

/* --- questions --- */

struct question {
    uint64_t pa, word;
    bool waits; /* until it is cancelled */
    atomic_uint *dropped;
};

static void run(void *context, struct session *clone)
{
    struct question *question = context;
    while (question->waits && !session_is_cancelled(clone))
        ;
    session_read_u64(clone, address_phys(question->pa), &question->word);
}

static void drop(void *context)
{
    struct question *question = context;
    atomic_fetch_add(question->dropped, 1);
    free(question);
}

static void the_latest_question_wins(void **state)
{
    (void)state;
    static const struct beside_question read_word = {run, drop};
    atomic_uint dropped = 0;
    struct session *session = open_slow(1);
    struct beside *beside = NULL;
    struct error err;
    assert_null(beside_answer(beside));
    assert_int_equal(beside_descriptor(beside), -1);
    for (unsigned i = 0; i < 3; i++) {
        struct question *question = malloc(sizeof *question);
        assert_non_null(question);
        *question = (struct question){ROOT_PA, 0, i < 2, &dropped};
        assert_true(beside_ask(&beside, &read_word, question, session, &err));
        assert_ptr_equal(beside_context(beside), question);
    }
    struct pollfd end = {beside_descriptor(beside), POLLIN, 0};
    assert_int_equal(poll(&end, 1, 60000), 1);
    const struct question *answer = beside_answer(beside);
    assert_non_null(answer);
    assert_int_equal(answer->word & 3, 3); /* a table */
    beside_drop(&beside);
    assert_null(beside);
    while (atomic_load(&dropped) < 3)
        ;
    session_close(session);
}

/* --- turns --- */

/* What takes too long is cut; the next turn reads again. */
static void a_turn_reads_for_a_part_of_a_frame(void **state)
{
    (void)state;
    char spec[160];
    uint64_t word, pa;
    struct range range;
    snprintf(spec, sizeof spec, "%s@%llx", file.path, (unsigned long long)BASE);
    struct session *session = open_spec(spec);
    assert_false(session_turn_is_over(session));
    session_begin_turn(session);
    while (!session_turn_is_over(session))
        session_read_u64(session, address_phys(ROOT_PA), &word);
    session_range(session, address_phys(ROOT_PA), &range);
    assert_int_equal(range.kind, RANGE_NOT_READ);
    assert_false(session_read_u64(session, address_phys(ROOT_PA), &word));
    assert_false(session_translate(session, address_in(session_space(session), HALF), &pa));
    session_begin_turn(session);
    assert_false(session_turn_is_over(session));
    assert_true(session_read_u64(session, address_phys(ROOT_PA), &word));
    assert_true(session_translate(session, address_in(session_space(session), HALF), &pa));
    assert_int_equal(pa, NAMED);
    session_close(session);
}

/* --- the program's end --- */

static void run_stubbornly(void *context, struct session *clone)
{
    const atomic_bool *is_over = context;
    while (!atomic_load(is_over))
        poll(NULL, 0, 1);
    assert_true(session_is_cancelled(clone));
}

static void keep(void *context)
{
    (void)context;
}

static void who_does_not_end_is_not_waited_for(void **state)
{
    (void)state;
    static const struct beside_question question = {run_stubbornly, keep};
    atomic_bool is_over = false;
    struct session *session = open_slow(1);
    struct beside *beside = NULL;
    struct error err;
    assert_true(beside_ask(&beside, &question, &is_over, session, &err));
    assert_false(session_end_workers(10));
    assert_null(beside_answer(beside));
    atomic_store(&is_over, true);
    assert_true(session_end_workers(60000));
    assert_ptr_equal(beside_answer(beside), &is_over);
    beside_drop(&beside);
    session_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reverse_index_is_built_beside),
        cmocka_unit_test(who_leaves_does_not_wait),
        cmocka_unit_test(other_tables_are_indexed_anew),
        cmocka_unit_test(the_latest_question_wins),
        cmocka_unit_test(a_turn_reads_for_a_part_of_a_frame),
        cmocka_unit_test(who_does_not_end_is_not_waited_for),
    };
    return cmocka_run_group_tests_name("beside", tests, setup, teardown);
}
