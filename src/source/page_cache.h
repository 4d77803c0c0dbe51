/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of the files that cannot be mapped: bounded memory, shared by all threads.
 *
 * One thread fetches, a page at a time, by turns what was asked for last, which is what somebody
 * looks at, and what has waited longest.  Whoever waits, waits for that thread, so that a slow
 * read() holds nobody who wants to stop. A page never changes once it is here; where the file may
 * have changed, another takes its place.
 *
 * A cache is its source's; every function may be called from any thread.
 */
#ifndef RAMWALK_SOURCE_PAGE_CACHE_H
#define RAMWALK_SOURCE_PAGE_CACHE_H

#include "source/source_type.h"

#define CACHED_PAGE      4096 /* bytes, and what their offset in the file is a multiple of */
#define PAGE_CACHE_PAGES 8    /* the pages of a set */
#define PAGE_CACHE_SETS  2048 /* of a source: 64 MiB */
#define PAGE_CACHE_QUEUED                                                                          \
    256 /* pages on their way at a time; of more, the oldest are forgotten                         \
         */

struct cached_page {
    size_t length;        /* bytes that could be read */
    enum extent_kind why; /* length < CACHED_PAGE: what the next byte is, as of read() */
    uint64_t data[CACHED_PAGE / 8];
};

struct page_cache;

/* For `sets` times PAGE_CACHE_PAGES pages.  NULL: out of memory, or no thread can be started. */
struct page_cache *page_cache_create(size_t sets);

/* When nobody holds a page of it; waits for the read() under way.  NULL is fine. */
void page_cache_destroy(struct page_cache *cache);

/*
 * Page `number` of a file, held by the reader until it asks again (reader->page).  NULL: it is on
 * its way, and the reader is nonblocking or was cancelled.  A nonblocking reader gets the bytes
 * of before page_cache_forget(), where there are any, until the newer ones are here.
 */
const struct cached_page *page_cache_get(struct page_cache *cache, struct source_reader *reader,
                                         const struct source_file *file, uint64_t number);

/* Lets go of the page that the reader holds, if any. */
void page_cache_release(struct page_cache *cache, struct source_reader *reader);

/* The files may have changed: all pages are fetched anew where they are asked for. */
void page_cache_forget(struct page_cache *cache);

/* How many pages have come in all; *more: others are on their way. */
uint64_t page_cache_arrivals(struct page_cache *cache, bool *more);

#endif
