/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files that know pages: struct page's layout, the index of tables and mappings. */
#ifndef RAMWALK_LINUX_PAGES_PAGE_PRIVATE_H
#define RAMWALK_LINUX_PAGES_PAGE_PRIVATE_H

#include "base/array.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "linux/pages/page.h"
#include "linux/symbols/percpu.h"
#include "memory/pa_map.h"
#include "paging/mapping.h"

#include <stdatomic.h>

#define CHUNK_PAGES     1024u /* struct pages that are read and classified at once; a power of two */
#define PAGE_STRUCT_MAX 256   /* bytes of a struct page: 56 to 80 in practice */
#define ORDER_MAX       20u   /* MAX_ORDER is 10, or 13 with large pages */

/* page_type & mask == value; mask 0: not known. */
struct type_rule {
    uint32_t mask, value;
};

#define NO_MEMBER (-1)

/* Where struct page keeps what; NO_MEMBER where this kernel has no such member. */
struct page_layout {
    uint64_t base; /* address of the struct page of frame 0 (it need not exist) */
    uint64_t size;
    int flags, refcount, mapcount, mapping, head, lru, private, index;
    int cache;      /* slab's kmem_cache */
    int tail_dtor;  /* from the second struct page of a compound page: hugetlb by number */
    int tail_flags; /* the same: hugetlb by a flag */
    uint64_t hugetlb_dtor, hugetlb_flag;
    uint64_t reserved, slab_flag, head_flag, swapbacked, poison; /* flags as masks; 0: not known */
    struct type_rule buddy, table, slab, hugetlb, offline, guard;
    unsigned order_most;
    unsigned pcp_lists, pcp_types; /* of struct per_cpu_pages: lists; 0: not known */
};

/* What of a struct page decides its kind. */
struct page_view {
    uint64_t va, flags, mapping, head;
    uint32_t type; /* page_type, which is _mapcount where there is no type */
    int32_t refcount;
    const uint8_t *bytes;
};

struct page_chunk {
    bool valid;
    uint64_t first_pfn;
    uint8_t kind[CHUNK_PAGES];
    uint8_t there[CHUNK_PAGES]; /* its struct page could be read */
    uint8_t hole[CHUNK_PAGES];
    uint8_t bytes[(size_t)CHUNK_PAGES * PAGE_STRUCT_MAX];
};

struct page_root {
    uint64_t pa;
    int32_t pid; /* -1: the kernel */
    char comm[4 * TASK_COMM];
};

struct page_table {
    uint64_t pa, va; /* va: of its entry 0 */
    uint32_t root;
    uint8_t level;
    bool shadow; /* of the copy that user mode runs on (x86 page table isolation) */
};

struct page_stack {
    uint64_t va;
    int32_t pid;
    char comm[4 * TASK_COMM];
};

struct page_index {
    bool complete, cut, started;
    atomic_uint *holders; /* of one that is complete: all that share its arrays; NULL: not shared */
    struct page_root *root; /* [0] is the kernel */
    size_t roots, next;
    bool shadow;
    struct mapping_iterator listing;
    struct page_table *table;
    size_t tables, tables_capacity;
    struct hash by_pa;          /* of table[] */
    struct pa_map kernel, user; /* root: a place in root[]; kind of the kernel's: a page_kind */
    uint64_t linear;            /* va - pa of the linear map */
    bool has_linear;
    struct page_stack *stack; /* by va */
    size_t stacks;
    uint64_t stack_size;
};

/* The blocks on per-CPU free lists. */
struct page_lists {
    struct page_block {
        uint64_t pfn; /* of its first page */
        unsigned order;
    } * block;
    size_t count, capacity;
    struct hash by_pfn;
    size_t nodes;     /* of all lists that were gone through */
    struct error why; /* "" while all were sound; else what was wrong with the first that was not */
};

struct pages {
    struct linux_context linux;
    struct memory *memory;
    const struct paging *paging;
    struct page_layout layout;
    struct page_index index;    /* answers */
    struct page_index building; /* takes its place when complete */
    bool indexing;
    uint64_t image_pa, image_last_pa;  /* of the kernel image; both 0: not known */
    uint64_t vmemmap_va, vmemmap_last; /* struct pages of all that is in the image */
    struct page_lists lists;
    struct page_chunk *chunk;
};

/* --- page_layout.c ------------------------------------------------------------------------------
 */

/* All but `base`, by BTF and, where there is none, by VMCOREINFO. */
bool page_layout_of(struct page_layout *layout, const struct linux_context *linux,
                    struct error *err);
void page_view_of(const struct page_layout *layout, uint64_t va, const uint8_t *bytes,
                  struct page_view *view);

/* An enumerator's value.  False: this kernel has no such name. */
bool page_constant(const struct btf *btf, const char *type, const char *name, uint64_t *value);

static inline bool page_is_type(const struct type_rule *rule, uint32_t type)
{
    return rule->mask && (type & rule->mask) == rule->value;
}

/* --- page_vmemmap.c -----------------------------------------------------------------------------
 */

/* Finds layout.base; every candidate has to prove itself. */
bool page_vmemmap_find(struct pages *pages, struct error *err);

/*
 * Reads `length` bytes at `va`, in pieces as large as the mapping allows.  there[i]: whether
 * the i-th `step` bytes were all there; the rest is zero.
 */
void page_read_bulk(struct pages *pages, uint64_t va, uint8_t *bytes, size_t length, size_t step,
                    uint8_t *there);

static inline uint64_t page_struct_va(const struct pages *pages, uint64_t pfn)
{
    return pages->layout.base + pfn * pages->layout.size;
}

/* False: `va` is not the address of a struct page of this image. */
bool page_struct_pfn(const struct pages *pages, uint64_t va, uint64_t *pfn);

/* --- page_kind.c --------------------------------------------------------------------------------
 */

/* Reads and classifies the chunk that holds `pfn`, unless it is the one at hand. */
const struct page_chunk *page_chunk_at(struct pages *pages, uint64_t pfn);

/* The struct page of `pfn`, into bytes[PAGE_STRUCT_MAX].  False: not there. */
bool page_struct_read(struct pages *pages, uint64_t pfn, uint8_t *bytes, struct page_view *view);

/* The frame of the compound page's head; `pfn` itself where it is no tail, or a lying one. */
uint64_t page_head(const struct pages *pages, uint64_t pfn, const struct page_view *view);

/* The buddy block that `pfn` lies in, by its head.  False: none. */
bool page_buddy_at(struct pages *pages, uint64_t pfn, uint64_t *head, unsigned *order);

/* --- page_free.c --------------------------------------------------------------------------------
 */

/* Is a page that nobody holds the first of a block on a per-CPU free list? */
bool page_listed(struct pages *pages, uint64_t pfn, const struct page_view *view, unsigned *order);
void page_lists_forget(struct page_lists *lists);

/* --- page_index.c -------------------------------------------------------------------------------
 */

void page_index_free(struct page_index *index);

/* The same index for another thread.  Only for one that is complete; nothing where it is not, or
 * cannot be shared. */
void page_index_share(struct page_index *index, const struct page_index *of);
bool page_index_step(struct pages *pages, unsigned tables);
const struct page_table *page_index_table(const struct page_index *index, uint64_t pa);

/*
 * The first of the mappings of `pa` (lowest root, then va), and in *count how many there are,
 * PAGE_USERS_MAX at most.  NULL: none.
 */
const struct pa_mapping *page_maps_at(const struct pa_map *map, uint64_t pa, unsigned *count);
const struct page_stack *page_index_stack(const struct page_index *index, uint64_t va);

/* --- page_maps.c --------------------------------------------------------------------------------
 */

/* False: out of memory, or too many. */
bool page_maps_add(struct pa_map *map, const struct mapping *run, uint32_t root);

/* Takes the linear map and the image out of the kernel's, and gives the rest their kinds. */
void page_maps_classify(struct pages *pages);

/* --- page_owner.c -------------------------------------------------------------------------------
 */

void page_owner(struct pages *pages, struct page_facts *facts, const struct page_view *view,
                uint64_t head_pfn);

#endif
