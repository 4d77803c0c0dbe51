/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cache in front of files that cannot be mapped: who waits, who does not, and what stays. */
#include "source/page_cache.h"
#include "tests/unit/support.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file whose bytes are its page's number and a version, each read of which needs a permit. */
static struct {
    sem_t permits;
    atomic_uint reads, early; /* of all pages, and of those before page 1000 */
    atomic_uint version;
    unsigned order[64]; /* pages in the order read */
    uint64_t unreadable;
} served;

static size_t serve(const struct source_file *file, uint64_t at, void *buffer, size_t length,
                    enum extent_kind *why)
{
    (void)file;
    sem_wait(&served.permits);
    served.order[atomic_fetch_add(&served.reads, 1) % 64] = (unsigned)(at / CACHED_PAGE);
    if (at / CACHED_PAGE < 1000)
        atomic_fetch_add(&served.early, 1);
    if (served.unreadable == at) {
        *why = EXTENT_UNREADABLE;
        return 0;
    }
    memset(buffer, (int)(at / CACHED_PAGE + 100 * atomic_load(&served.version)), length);
    return length;
}

static const struct source_type served_type = {.name = "served", .read = serve};
static const struct source_file served_file = {.type = &served_type, .size = 0x40100};
static const struct source_file large_file = {.type = &served_type, .size = UINT64_C(1) << 40};

static void permit(unsigned reads)
{
    for (unsigned i = 0; i < reads; i++)
        sem_post(&served.permits);
}

static struct page_cache *cache_of(size_t sets)
{
    sem_init(&served.permits, 0, 0);
    atomic_store(&served.reads, 0);
    atomic_store(&served.early, 0);
    atomic_store(&served.version, 0);
    served.unreadable = UINT64_MAX;
    struct page_cache *cache = page_cache_create(sets);
    assert_non_null(cache);
    return cache;
}

/* All that was asked for is here. */
static void settle(struct page_cache *cache)
{
    bool more = true;
    while (more)
        page_cache_arrivals(cache, &more);
}

/* The first byte of a page; -1: on its way, -2: not to be had. */
static int look(struct page_cache *cache, struct source_reader *reader, uint64_t number)
{
    const struct cached_page *page = page_cache_get(cache, reader, &served_file, number);
    return !page ? -1 : !page->length ? -2 : ((const unsigned char *)page->data)[0];
}

static void finish(struct page_cache *cache, struct source_reader *reader)
{
    page_cache_release(cache, reader);
    assert_null(reader->page);
    page_cache_destroy(cache);
    sem_destroy(&served.permits);
}

static void a_nonblocking_reader_asks_again(void **state)
{
    (void)state;
    struct page_cache *cache = cache_of(1);
    struct source_reader reader = {.nonblocking = true};
    bool more;
    assert_int_equal(page_cache_arrivals(cache, &more), 0);
    assert_false(more);
    assert_int_equal(look(cache, &reader, 3), -1);
    assert_int_equal(look(cache, &reader, 3), -1);
    assert_int_equal(reader.late, 2);
    assert_int_equal(page_cache_arrivals(cache, &more), 0);
    assert_true(more);
    permit(1);
    settle(cache);
    assert_int_equal(page_cache_arrivals(cache, &more), 1);
    assert_int_equal(look(cache, &reader, 3), 3);
    assert_int_equal(look(cache, &reader, 3), 3);
    assert_int_equal(reader.late, 2);
    assert_int_equal(served.reads, 1);
    finish(cache, &reader);
}

static void the_last_and_the_oldest_take_turns(void **state)
{
    (void)state;
    struct page_cache *cache = cache_of(4);
    struct source_reader reader = {.nonblocking = true};
    bool more;
    look(cache, &reader, 0); /* the thread takes it, or has not woken yet */
    for (unsigned i = 1; i <= 5; i++)
        look(cache, &reader, i);
    permit(6);
    settle(cache);
    static const unsigned early[] = {0, 1, 5, 2, 4, 3}, late[] = {5, 0, 4, 1, 3, 2};
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(served.order[i], (served.order[0] == 0 ? early : late)[i]);
    assert_int_equal(page_cache_arrivals(cache, &more), 6);
    finish(cache, &reader);
}

static void pages_give_way_and_the_held_one_stays(void **state)
{
    (void)state;
    struct page_cache *cache = cache_of(1);
    struct source_reader holder = {.nonblocking = false}, reader = {.nonblocking = false};
    permit(64);
    const struct cached_page *held = page_cache_get(cache, &holder, &served_file, 60);
    assert_non_null(held);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < PAGE_CACHE_PAGES; i++)
            assert_int_equal(look(cache, &reader, i), i);
    assert_int_equal(served.reads, 1 + PAGE_CACHE_PAGES); /* the second round cost nothing */
    assert_int_equal(((const unsigned char *)held->data)[4095], 60);
    assert_int_equal(look(cache, &reader, 60), 60);
    assert_int_equal(served.reads, 2 + PAGE_CACHE_PAGES); /* it had given way */
    assert_int_equal(look(cache, &reader, 0), 0);         /* as the one that was oldest then */
    assert_int_equal(served.reads, 3 + PAGE_CACHE_PAGES);
    page_cache_release(cache, &holder);
    finish(cache, &reader);
}

/* A page of which the file has a part, and one that cannot be read. */
static void what_cannot_be_read_says_why(void **state)
{
    (void)state;
    struct page_cache *cache = cache_of(1);
    struct source_reader reader = {.nonblocking = false};
    permit(2);
    const struct cached_page *last = page_cache_get(cache, &reader, &served_file, 0x40);
    assert_non_null(last);
    assert_int_equal(last->length, 0x100);
    assert_int_equal(last->why, EXTENT_NONE);
    served.unreadable = 2 * CACHED_PAGE;
    const struct cached_page *bad = page_cache_get(cache, &reader, &served_file, 2);
    assert_non_null(bad);
    assert_int_equal(bad->length, 0);
    assert_int_equal(bad->why, EXTENT_UNREADABLE);
    finish(cache, &reader);
}

static void old_bytes_show_until_newer_ones_are_here(void **state)
{
    (void)state;
    struct page_cache *cache = cache_of(1);
    struct source_reader looking = {.nonblocking = true}, waiting = {.nonblocking = false};
    permit(1);
    assert_int_equal(look(cache, &waiting, 1), 1);
    atomic_store(&served.version, 1);
    page_cache_forget(cache);
    assert_int_equal(look(cache, &looking, 1), 1);
    assert_int_equal(look(cache, &looking, 2), -1);
    permit(2);
    settle(cache);
    assert_int_equal(look(cache, &looking, 1), 101);
    atomic_store(&served.version, 2);
    page_cache_forget(cache);
    permit(1);
    assert_int_equal(look(cache, &waiting, 1), 201); /* who waits never gets old ones */
    page_cache_release(cache, &looking);
    finish(cache, &waiting);
}

/* --- threads --- */

struct waiter {
    struct page_cache *cache;
    struct source_reader reader;
    unsigned pages;
    atomic_int saw;
    pthread_t thread;
};

static void *wait_for_pages(void *context)
{
    struct waiter *waiter = context;
    int sum = 0;
    for (unsigned i = 0; i < waiter->pages; i++)
        sum += look(waiter->cache, &waiter->reader, i);
    page_cache_release(waiter->cache, &waiter->reader);
    atomic_store(&waiter->saw, sum);
    return NULL;
}

static void a_cancelled_reader_waits_no_more(void **state)
{
    (void)state;
    atomic_bool cancel = false;
    struct waiter waiter = {.cache = cache_of(1), .pages = 1};
    waiter.reader.cancel = &cancel;
    assert_int_equal(pthread_create(&waiter.thread, NULL, wait_for_pages, &waiter), 0);
    atomic_store(&cancel, true);
    pthread_join(waiter.thread, NULL); /* although nothing has come */
    assert_int_equal(waiter.saw, -1);
    assert_int_equal(served.reads, 0);
    permit(1);
    finish(waiter.cache, &waiter.reader);
}

/* What they wait for falls out of the queue meanwhile, as one who does not wait asks for more. */
static void many_threads_share_each_page(void **state)
{
    (void)state;
    struct waiter waiter[4];
    struct page_cache *cache = cache_of(64 + 2 * PAGE_CACHE_QUEUED); /* none falls out of it */
    struct source_reader reader = {.nonblocking = true};
    for (unsigned i = 0; i < 4; i++) {
        waiter[i] = (struct waiter){.cache = cache, .pages = 40};
        assert_int_equal(pthread_create(&waiter[i].thread, NULL, wait_for_pages, &waiter[i]), 0);
    }
    for (unsigned i = 0; i < 2 * PAGE_CACHE_QUEUED; i++)
        page_cache_get(cache, &reader, &large_file, 1000 + i);
    permit(4 * PAGE_CACHE_QUEUED);
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(waiter[i].thread, NULL);
        assert_int_equal(waiter[i].saw, 39 * 40 / 2);
    }
    settle(cache);
    assert_int_equal(served.early, 40); /* each page once */
    finish(cache, &reader);
}

static void a_full_queue_forgets_the_oldest(void **state)
{
    (void)state;
    struct page_cache *cache = cache_of(256);
    struct source_reader reader = {.nonblocking = true};
    bool more;
    for (unsigned i = 0; i < PAGE_CACHE_QUEUED + 10; i++)
        page_cache_get(cache, &reader, &large_file, i);
    permit(PAGE_CACHE_QUEUED + 20);
    settle(cache);
    uint64_t came = page_cache_arrivals(cache, &more);
    assert_true(came == PAGE_CACHE_QUEUED || came == PAGE_CACHE_QUEUED + 1); /* one was in hand */
    assert_non_null(page_cache_get(cache, &reader, &large_file, PAGE_CACHE_QUEUED + 9));
    assert_null(
        page_cache_get(cache, &reader, &large_file, 5)); /* fell out, and is asked for again */
    settle(cache);
    assert_non_null(page_cache_get(cache, &reader, &large_file, 5));
    finish(cache, &reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nonblocking_reader_asks_again),
        cmocka_unit_test(the_last_and_the_oldest_take_turns),
        cmocka_unit_test(pages_give_way_and_the_held_one_stays),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(old_bytes_show_until_newer_ones_are_here),
        cmocka_unit_test(a_cancelled_reader_waits_no_more),
        cmocka_unit_test(many_threads_share_each_page),
        cmocka_unit_test(a_full_queue_forgets_the_oldest),
    };
    return cmocka_run_group_tests_name("page_cache", tests, NULL, NULL);
}
