/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each physical page is: from struct page (vmemmap), and from the tables that refer to it.
 */
#ifndef RAMWALK_LINUX_PAGES_PAGE_H
#define RAMWALK_LINUX_PAGES_PAGE_H

#include "linux/layout/region.h"
#include "linux/tasks/task.h"

enum page_kind {
    PAGE_UNKNOWN,   /* nothing known says what it is */
    PAGE_OUTSIDE,   /* not in the image */
    PAGE_UNTOUCHED, /* a hole of the file that the kernel counts as neither free nor in use */
    PAGE_FREE,
    PAGE_TABLE, /* a page table */
    PAGE_SLAB,
    PAGE_ANON,
    PAGE_FILE,    /* page cache */
    PAGE_IMAGE,   /* the kernel image */
    PAGE_VMALLOC, /* vmalloc, modules, kernel stacks */
    PAGE_VMEMMAP, /* holds struct pages */
    PAGE_PERCPU,
    PAGE_HUGETLB,
    PAGE_RESERVED, /* PG_reserved: firmware, memblock */
    PAGE_KERNEL,   /* allocated by the kernel, its user not known */
    PAGE_KINDS
};

/* "free", "page-table", "slab", "anonymous", "page-cache", "kernel-image", ... */
const char *page_kind_name(enum page_kind kind);

struct page_facts {
    uint64_t pa; /* of the page's first byte */
    enum page_kind kind;
    uint64_t page_va; /* of its struct page; 0: not known */
    uint64_t flags;   /* page->flags; 0 where not known */
    int64_t refcount, mapcount;
    char owner[320]; /* slab cache, file, "PID comm v:ADDR", table level and whose, area of
                        vmalloc, part of the image; "" */
    const struct region *region; /* whose name, or the rest of it, owner has; NULL: of none */
    size_t owner_before_va, owner_to_va; /* bytes of owner up to " v:ADDR", and with it; 0: none */
    bool untouched;       /* a hole in the file, whatever kind the kernel says it is */
    uint64_t head_pa;     /* of the compound page, or free block, that it is part of; else pa */
    uint64_t index;       /* page cache: its place in the file, in pages; else as it lies there */
    uint64_t inode_va;    /* page cache: of the file's struct inode; 0: not known */
    uint64_t inode;       /* its number, as ls -i shows it */
    uint64_t file_offset; /* where the page lies in it, in bytes */
    int32_t pid;          /* whose; -1: nobody's, the kernel's, or not known */
    uint64_t va;       /* where it is mapped there (a table: what its entry 0 maps); 0: not known */
    unsigned mappings; /* how many in all, by processes (or, where none, by the kernel) */
};

struct pages;

/* Finds vmemmap and resolves the fields; the context is copied.  Fails with a reason: then nothing
 * is known of pages. */
bool pages_open(struct pages **pages, const struct linux_context *linux, struct error *err);
void pages_close(struct pages *pages);

/*
 * The same for another thread, whose context `linux` is (copied): a complete index is shared, else
 * one is begun.  Call it where `of` is used.  NULL: out of memory.
 */
struct pages *pages_share(const struct pages *of, const struct linux_context *linux);

/*
 * The index of all page tables and of what maps what (kernel root, every process's tables), in
 * steps of about a millisecond.  True: none is in progress.  Without a complete one
 * page_describe() knows no owners of tables and anonymous pages.
 */
bool pages_step(struct pages *pages);
bool pages_ready(const struct pages *pages); /* an index answers */

/* The guest may have gone on: struct pages are read anew; the index stays as it is. */
void pages_forget(struct pages *pages);

/*
 * The guest's processes may have gone on: pages_step() builds another index, from the tasks as
 * they are then.  The old one answers until it is complete.
 */
void pages_reindex(struct pages *pages);

/* The complete index of `from`, which pages_share() made of these pages, answers from now on.
 * False: it has none, or none is wanted any longer.  Call it where both are used. */
bool pages_take(struct pages *pages, const struct pages *from);

/* One page.  Never fails: what is not known is PAGE_UNKNOWN with the reason in `owner`. */
void page_describe(struct pages *pages, uint64_t pa, struct page_facts *facts);

/*
 * Bytes of facts->owner for whoever sees `va` beside it: an address at the end of the text is left
 * out where it is that of the page that `va` lies in.
 */
size_t page_owner_beside(const struct pages *pages, const struct page_facts *facts, uint64_t va);

/* A process and where it maps a page. */
struct page_user {
    int32_t pid;
    char comm[4 * TASK_COMM];
    uint64_t va;
};

/*
 * Who maps the page, in the order of the list of tasks, then by address: `room` of them at most.
 * Returns how many there are in all (PAGE_USERS_MAX at most).  0 before the index is complete.
 */
#define PAGE_USERS_MAX 10000 /* the zero page of many processes: enough is known */
size_t page_users(struct pages *pages, uint64_t pa, struct page_user *user, size_t capacity);

/* The object of a slab that an address lies in. */
enum slab_state { SLAB_UNTOLD, SLAB_USED, SLAB_FREE };
struct slab_object {
    uint64_t va;           /* where it starts, in the linear map */
    uint64_t offset;       /* of the address in it; before the start it is the red zone's: 0 */
    uint64_t size;         /* bytes from one object to the next, as /proc/slabinfo says */
    uint64_t index, count; /* which of how many in its slab */
    enum slab_state state;
    char cache[64]; /* as it lies in memory */
};

/* SLUB's; by types, and once the index is complete.  False: not in an object. */
bool page_object(struct pages *pages, uint64_t pa, struct slab_object *object);

/* "allocated", "free"; NULL where that is not known. */
const char *slab_state_name(enum slab_state state);

/* The struct that such objects are by the name of their cache; NULL: not known. */
const char *slab_type(const struct btf *btf, const struct slab_object *object);

/* The kind alone, fast (the census of 1.5 M pages takes well under half a second). */
enum page_kind page_kind_at(struct pages *pages, uint64_t pa);

/* Counts of all pages of the image; they add up to its size.  In steps; true: complete. */
struct census {
    uint64_t pages[PAGE_KINDS];
    uint64_t untouched[PAGE_KINDS]; /* of them, holes of the file */
    uint64_t next_pa;               /* 0 to start */
    size_t range;
};
bool pages_census(struct pages *pages, struct census *census, unsigned page_budget);

/* What is wrong with the first per-CPU free list that was not sound: pages on it may be missing
 * from PAGE_FREE.  NULL: none so far. */
const struct error *pages_broken_list(const struct pages *pages);

#endif
