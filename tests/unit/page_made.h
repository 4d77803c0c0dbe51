/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Struct pages in a guest that the test makes, of 16 MiB with one process, "7 made".  A note says
 * what a struct page is; types, regions and symbols may be set before it is opened.
 */
#ifndef RAMWALK_UNIT_PAGE_MADE_H
#define RAMWALK_UNIT_PAGE_MADE_H

#include "linux/pages/page.h"
#include "linux/symbols/percpu.h"
#include "tests/unit/support.h"

#define MADE_BASE   UINT64_C(0x40000000)
#define MADE_SIZE   MIB(16)
#define MADE_PAGES  (MADE_SIZE / 4096)               /* of 4 KiB */
#define MADE_LINEAR UINT64_C(0xffff000000000000)     /* of MADE_BASE */
#define MADE_STRUCT UINT64_C(0xfffffc0000000000)     /* the struct page of MADE_BASE's frame */
#define MADE_AT     (MADE_BASE + MIB(1))             /* where the struct pages lie */
#define PAGE_PA(i)  (MADE_BASE + (uint64_t)(i)*4096) /* of frame i */
#define LINEAR(pa)  (MADE_LINEAR + ((pa)-MADE_BASE))
#define MADE_ROOT   (MADE_BASE + MIB(2))
#define MADE_USER   (MADE_BASE + MIB(3))
#define MADE_STEXT  UINT64_C(0x10000)

/* What a struct page of a page in use holds in its type (or mapcount), and a free block's. */
#define NEVER_MAPPED UINT64_C(0xffffffff)
#define BUDDY        UINT64_C(0xffffff7f)
#define HEAD         UINT64_C(0x10000) /* the flag of a compound page's first */

struct made {
    struct pages *memory; /* physical memory, not the pages of page.h */
    struct builder builder, user;
    struct task task[4];
    struct tasks tasks;
    struct file file;
    struct session *session;
    struct vmcoreinfo info;
    const char *note;              /* NULL: one that says what a struct page is, of 4.18 to 6.10 */
    const char *more;              /* further lines of it; NULL: none */
    uint64_t size;                 /* of the file, in bytes; 0: MADE_SIZE */
    uint64_t image_va, image_size; /* of the kernel's image; its text is MADE_STEXT later */
    uint64_t image_pa, image_last_pa; /* where its pages lie; both 0: by its tables */
    struct btf *btf;                  /* NULL: only the note says what a struct page is */
    const struct regions *regions;
    const struct symbols *symbols;
    struct percpu percpu;
};

/* Every page is in use, as a kernel's own; the process maps v:400000 to the page 0x800. */
void made_start(struct made *made);
void made_start_in(struct made *made, const char *mode);

/* Another process (pid i + 7) that has its own tables at `root_pa`; returns their builder. */
struct builder made_process(struct made *made, const char *comm, uint64_t root_pa);

/* Where struct page `i` is. */
uint64_t made_va(uint64_t i);

/* Struct page i: flags, second word (lru, compound head), mapping, private, mapcount, refcount. */
void put_struct(struct made *made, uint64_t i, const uint64_t word[6]);
#define PUT(i, ...) put_struct(&made, i, (const uint64_t[6]){__VA_ARGS__})

/* NULL with a reason. */
struct pages *made_try(struct made *made, struct error *err);
/* The same once more of one that was opened, with its memory as it is by then. */
struct pages *made_again(struct made *made, struct error *err);
/* Fails the test instead; `indexed`: with the index of all tables. */
struct pages *made_open(struct made *made, bool indexed);
void made_end(struct made *made, struct pages *pages);

/* What page `i` (of 4 KiB) is; `owner` NULL: whoever. */
void assert_page(struct pages *pages, uint64_t i, enum page_kind kind, const char *owner);

#endif
