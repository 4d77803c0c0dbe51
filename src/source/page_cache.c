/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sets of a few pages each, the one that was not used for the longest time giving way.  A page is
 * entered when it is asked for, empty; so everybody who asks finds the same one.
 */
#include "source/page_cache.h"

#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CANCEL_MS 10 /* how soon a waiting reader sees that it was cancelled */

struct page_entry {
    struct cached_page content; /* once here: never changed */
    const struct source_file *file;
    uint64_t number;
    unsigned holds; /* of the set, the queue, the thread, and readers */
    bool is_queued, is_here;
    uint64_t generation;      /* of the cache when it was read */
    uint64_t used;            /* when it was last asked for, counted in questions */
    struct page_entry *older; /* held: what shows until this one is here */
};

struct page_cache {
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t asked, arrived;
    pthread_t thread;
    bool closing, fetching, takes_oldest;
    uint64_t generation, questions, arrivals;
    struct page_entry *queue[PAGE_CACHE_QUEUED]; /* held; the newest last */
    size_t queued;
    size_t sets;
    struct page_entry *page[]; /* held; NULL: free */
};

/* What shows where there is no memory for a page. */
static const struct cached_page no_memory = {.why = EXTENT_UNREADABLE};

static void drop(struct page_entry *page)
{
    if (!page || --page->holds)
        return;
    drop(page->older);
    free(page);
}

/* ---- the thread ---- */

static void read_page(struct page_entry *page)
{
    uint64_t at = page->number * CACHED_PAGE, left = page->file->size - at;
    size_t length = left < CACHED_PAGE ? (size_t)left : CACHED_PAGE;
    page->content.why = EXTENT_NONE;
    page->content.length =
        page->file->type->read(page->file, at, page->content.data, length, &page->content.why);
    if (page->content.length == length)
        page->content.why = EXTENT_NONE;
}

static struct page_entry *take_oldest(struct page_cache *cache)
{
    struct page_entry *page = cache->queue[0];
    cache->queued--;
    for (size_t i = 0; i < cache->queued; i++)
        cache->queue[i] = cache->queue[i + 1];
    return page;
}

/* By turns the page that was asked for last, and the one that has waited longest. */
static struct page_entry *take_queued(struct page_cache *cache)
{
    bool oldest = cache->takes_oldest;
    cache->takes_oldest = !oldest;
    return oldest ? take_oldest(cache) : cache->queue[--cache->queued];
}

/* Without the lock while the file is read. */
static void fetch_next(struct page_cache *cache)
{
    struct page_entry *page = take_queued(cache);
    uint64_t generation = cache->generation;
    cache->fetching = true;
    pthread_mutex_unlock(&cache->lock);
    read_page(page);
    pthread_mutex_lock(&cache->lock);
    cache->fetching = false;
    page->generation = generation;
    page->is_here = true;
    drop(page->older);
    page->older = NULL;
    drop(page);
    cache->arrivals++;
    pthread_cond_broadcast(&cache->arrived);
}

static void *fetch(void *context)
{
    struct page_cache *cache = context;
    pthread_mutex_lock(&cache->lock);
    while (!cache->closing) {
        if (cache->queued)
            fetch_next(cache);
        else
            pthread_cond_wait(&cache->asked, &cache->lock);
    }
    pthread_mutex_unlock(&cache->lock);
    return NULL;
}

struct page_cache *page_cache_create(size_t sets)
{
    size_t pages = sets * PAGE_CACHE_PAGES;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    struct page_cache *cache = calloc(1, sizeof *cache + pages * sizeof *cache->page);
    pthread_condattr_t monotonic;
    if (!cache)
        return NULL;
    cache->sets = sets;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->asked, NULL);
    pthread_cond_init(&cache->arrived, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&cache->thread, NULL, fetch, cache) == 0)
        return cache;
    free(cache);
    return NULL;
}

void page_cache_destroy(struct page_cache *cache)
{
    if (!cache)
        return;
    pthread_mutex_lock(&cache->lock);
    cache->closing = true;
    pthread_cond_signal(&cache->asked);
    pthread_mutex_unlock(&cache->lock);
    pthread_join(cache->thread, NULL);
    while (cache->queued)
        drop(cache->queue[--cache->queued]);
    for (size_t i = 0; i < cache->sets * PAGE_CACHE_PAGES; i++)
        drop(cache->page[i]);
    pthread_cond_destroy(&cache->arrived);
    pthread_cond_destroy(&cache->asked);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* ---- asking ---- */

/* Where a page stands, or shall stand. */
static struct page_entry **place_of(struct page_cache *cache, const struct source_file *file,
                                    uint64_t number)
{
    uint32_t hash = hash_number(number ^ (uintptr_t)file);
    struct page_entry **set = &cache->page[hash % cache->sets * PAGE_CACHE_PAGES], **oldest = set;
    for (struct page_entry **place = set; place < set + PAGE_CACHE_PAGES; place++) {
        struct page_entry *page = *place;
        if (page && page->number == number && page->file == file)
            return place;
        if (*oldest && (!page || page->used < (*oldest)->used))
            oldest = place;
    }
    return oldest;
}

/* The page, here or not; made where there is none, or only one of before.  NULL: no memory. */
static struct page_entry *enter(struct page_cache *cache, const struct source_file *file,
                                uint64_t number)
{
    struct page_entry **place = place_of(cache, file, number), *page = *place;
    bool is_it = page && page->number == number && page->file == file;
    if (!is_it || (page->is_here && page->generation != cache->generation)) {
        struct page_entry *new = calloc(1, sizeof *new);
        if (!new)
            return NULL;
        *new = (struct page_entry){.file = file, .number = number, .holds = 1};
        if (is_it)
            new->older = page;
        else
            drop(page);
        *place = page = new;
    }
    page->used = ++cache->questions;
    return page;
}

static void queue(struct page_cache *cache, struct page_entry *page)
{
    if (page->is_queued)
        return;
    if (cache->queued == PAGE_CACHE_QUEUED) {
        struct page_entry *oldest = take_oldest(cache);
        oldest->is_queued = false;
        drop(oldest);
    }
    cache->queue[cache->queued++] = page;
    page->is_queued = true;
    page->holds++;
    pthread_cond_signal(&cache->asked);
}

static bool is_cancelled(const struct source_reader *reader)
{
    return reader->cancel && atomic_load(reader->cancel);
}

/* Until it is here, or the reader is cancelled; asks again for a page that fell out of the queue.
 */
static void wait_for(struct page_cache *cache, struct page_entry *page,
                     const struct source_reader *reader)
{
    while (!page->is_here && !is_cancelled(reader)) {
        struct timespec until;
        queue(cache, page);
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += CANCEL_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        if (reader->cancel)
            pthread_cond_timedwait(&cache->arrived, &cache->lock, &until);
        else
            pthread_cond_wait(&cache->arrived, &cache->lock);
    }
}

static void let_go(struct source_reader *reader)
{
    drop(reader->page);
    reader->page = NULL;
}

/* What a reader may have of a page at once, or after it has waited.  NULL: nothing. */
static struct page_entry *take(struct page_cache *cache, struct page_entry *page,
                               struct source_reader *reader)
{
    if (page->is_here)
        return page;
    queue(cache, page);
    struct page_entry *taken = page->older;
    if (!reader->nonblocking) {
        wait_for(cache, page, reader);
        taken = page->is_here ? page : NULL;
    }
    reader->late += !taken;
    return taken;
}

const struct cached_page *page_cache_get(struct page_cache *cache, struct source_reader *reader,
                                         const struct source_file *file, uint64_t number)
{
    const struct cached_page *content = &no_memory;
    pthread_mutex_lock(&cache->lock);
    let_go(reader);
    struct page_entry *page = enter(cache, file, number);
    if (page) {
        page->holds++; /* others may take its place while it is waited for */
        struct page_entry *taken = take(cache, page, reader);
        content = taken ? &taken->content : NULL;
        if (taken)
            taken->holds++;
        reader->page = taken;
        drop(page);
    }
    pthread_mutex_unlock(&cache->lock);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the reader's hold keeps it */
    return content;
}

void page_cache_release(struct page_cache *cache, struct source_reader *reader)
{
    pthread_mutex_lock(&cache->lock);
    let_go(reader);
    pthread_mutex_unlock(&cache->lock);
}

void page_cache_forget(struct page_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    cache->generation++;
    pthread_mutex_unlock(&cache->lock);
}

uint64_t page_cache_arrivals(struct page_cache *cache, bool *more)
{
    pthread_mutex_lock(&cache->lock);
    uint64_t arrivals = cache->arrivals;
    *more = cache->fetching || cache->queued;
    pthread_mutex_unlock(&cache->lock);
    return arrivals;
}
