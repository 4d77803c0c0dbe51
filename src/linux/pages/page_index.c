/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The index of all page tables: the kernel's, then each process's user half, each table once.
 * That a table is never entered twice bounds the work by the number of pages, whatever the
 * tables say; it also leaves out what x86 and RISC-V processes share with the kernel.
 */
#include "linux/pages/page_private.h"

#include <stdlib.h>
#include <string.h>

#define STACK_MAX (UINT64_C(1) << 17) /* 64 KiB with KASAN and 64K pages */

const struct page_table *page_index_table(const struct page_index *index, uint64_t pa)
{
    uint32_t place = HASH_FIND(&index->by_pa, index->table, pa, pa);
    return place == HASH_NONE ? NULL : &index->table[place];
}

/* False where it is known already. */
static bool add_table(struct page_index *index, uint64_t pa, uint64_t va, unsigned level)
{
    if (page_index_table(index, pa))
        return false;
    if (!ARRAY_ROOM(&index->table, index->tables, &index->tables_capacity) ||
        !hash_add(&index->by_pa, hash_number(pa), index->tables)) {
        index->cut = true;
        return false;
    }
    index->table[index->tables++] =
        (struct page_table){pa, va, (uint32_t)index->next, (uint8_t)level, index->shadow};
    return true;
}

/* PROT_NONE pages keep their frames, though the hardware sees nothing there. */
static void add_absent(struct pages *pages, const uint64_t *table, uint64_t va, unsigned level)
{
    const struct paging *paging = pages->paging;
    struct page_index *index = &pages->building;
    for (unsigned i = 0; i < 1u << paging->level[level].bits; i++) {
        uint64_t entry = __atomic_load_n(&table[i], __ATOMIC_RELAXED);
        struct mapping run = {.va = va + ((uint64_t)i << paging->level[level].shift),
                              .size = paging_span(paging, level)};
        if (entry && paging->arch->kind(paging, level, entry) == ENTRY_NOT_PRESENT &&
            paging->arch->absent_pa(paging, level, entry, &run.pa) &&
            !page_maps_add(&index->user, &run, (uint32_t)index->next))
            index->cut = true;
    }
}

/* Before the iterator enters a table: notes it, and passes it over where it was entered before. */
static bool may_enter(void *context, const struct mapping_frame *frame, unsigned level)
{
    struct pages *pages = context;
    struct page_index *index = &pages->building;
    if (!add_table(index, frame->table_pa, frame->va, level))
        return false;
    if (frame->table && index->next && !index->shadow && level)
        add_absent(pages, frame->table, frame->va, level);
    return true;
}

/* Every mm once: threads and vfork()ed children share it. */
static bool collect_roots(struct pages *pages)
{
    const struct tasks *tasks = pages->linux.tasks;
    struct page_index *index = &pages->building;
    size_t count = tasks ? tasks->count : 0;
    index->root = calloc(count + 1, sizeof *index->root);
    if (!index->root)
        return false;
    index->root[0] = (struct page_root){.pa = pages->memory->space->roots.kernel_pa, .pid = -1};
    index->roots = 1;
    for (size_t i = 0; i < count; i++) {
        const struct task *task = &tasks->task[i];
        if (!task->mm || task->pgd_pa == NO_ROOT || (i && task->pid != task->tgid))
            continue;
        struct page_root *root = &index->root[index->roots++];
        root->pa = task->pgd_pa;
        root->pid = task->pid;
        memcpy(root->comm, task->comm, sizeof root->comm);
    }
    return true;
}

static void open_root(struct pages *pages)
{
    struct page_index *index = &pages->building;
    const struct paging *paging = pages->paging;
    bool kernel_half = index->next == 0;
    uint64_t pa = index->root[index->next].pa;
    if (index->shadow) {
        pa = walk_user_root(paging, &pages->memory->tables, pa);
        kernel_half = true; /* its lower half is the process's */
    }
    mapping_open(&index->listing, paging, &pages->memory->tables, pa,
                 paging_half_first(paging, kernel_half), paging_half_last(paging, kernel_half));
    index->listing.may_enter = may_enter;
    index->listing.context = pages;
    index->started = true;
}

static int by_stack(const void *a, const void *b)
{
    const struct page_stack *x = a, *y = b;
    return x->va < y->va ? -1 : x->va > y->va;
}

/*
 * THREAD_SIZE: a stack of vmalloc ends with an unmapped guard page, so the shortest that is
 * mapped without a gap is one.  0: stacks lie in the linear map, where nothing ends.
 */
static uint64_t stack_size(struct pages *pages)
{
    const struct page_index *index = &pages->building;
    uint64_t page = UINT64_C(1) << pages->paging->page_shift, least = STACK_MAX, pa;
    for (size_t i = 0; index->stack && i < index->stacks; i++) {
        uint64_t size = 0;
        while (size < least && memory_translate(pages->memory, index->stack[i].va + size, &pa))
            size += page;
        least = size ? size : least;
    }
    return least < STACK_MAX ? least : 0;
}

static void collect_stacks(struct pages *pages)
{
    const struct tasks *tasks = pages->linux.tasks;
    const struct btf *btf = pages->linux.btf;
    struct page_index *index = &pages->building;
    struct field field;
    if (!btf || !tasks || !tasks->count || !field_of(btf, "task_struct", "stack", &field))
        return;
    index->stack = calloc(tasks->count, sizeof *index->stack);
    for (size_t i = 0; index->stack && i < tasks->count; i++) {
        const struct task *task = &tasks->task[i];
        struct page_stack *stack = &index->stack[index->stacks];
        if (!field_read(pages->memory, task->va, &field, &stack->va) || !stack->va)
            continue;
        stack->pid = task->pid;
        memcpy(stack->comm, task->comm, sizeof stack->comm);
        index->stacks++;
    }
    index->stack_size = stack_size(pages);
    if (index->stack && index->stacks)
        qsort(index->stack, index->stacks, sizeof *index->stack, by_stack);
}

const struct page_stack *page_index_stack(const struct page_index *index, uint64_t va)
{
    size_t low = ARRAY_UP_TO(index->stack, index->stacks, va, va);
    return low && va - index->stack[low - 1].va < index->stack_size ? &index->stack[low - 1] : NULL;
}

static void complete(struct pages *pages)
{
    struct page_index *index = &pages->building;
    page_maps_classify(pages);
    if (!pa_map_complete(&index->kernel) || !pa_map_complete(&index->user))
        index->cut = true;
    collect_stacks(pages);
    index->holders = malloc(sizeof *index->holders);
    if (index->holders)
        atomic_init(index->holders, 1);
    index->complete = true;
    page_index_free(&pages->index);
    pages->index = *index;
    *index = (struct page_index){0};
    pages->indexing = false;
    pages->chunk->valid = false;
}

bool page_index_step(struct pages *pages, unsigned tables)
{
    struct page_index *index = &pages->building;
    struct mapping run;
    if (!pages->indexing)
        return true;
    if (!index->root && !collect_roots(pages)) {
        index->cut = true;
        complete(pages);
        return true;
    }
    while (index->next < index->roots) {
        if (!index->started)
            open_root(pages);
        enum mapping_result result = mapping_next(&index->listing, &run, &tables);
        if (result == MAPPING_PAUSE)
            return false;
        if (result == MAPPING_FOUND) {
            struct pa_map *maps = index->next ? &index->user : &index->kernel;
            if (!index->shadow && !page_maps_add(maps, &run, (uint32_t)index->next))
                index->cut = true;
            continue;
        }
        index->started = false;
        uint64_t pa = index->root[index->next].pa;
        index->shadow =
            !index->shadow && walk_user_root(pages->paging, &pages->memory->tables, pa) != pa;
        index->next += !index->shadow;
        if (tables <= 1)
            return false;
    }
    complete(pages);
    return true;
}

static void free_arrays(struct page_index *index)
{
    free(index->holders);
    free(index->root);
    free(index->table);
    hash_free(&index->by_pa);
    free(index->stack);
    pa_map_free(&index->kernel);
    pa_map_free(&index->user);
}

void page_index_share(struct page_index *index, const struct page_index *of)
{
    if (!of->complete || !of->holders)
        return;
    atomic_fetch_add(of->holders, 1);
    *index = *of;
}

void page_index_free(struct page_index *index)
{
    bool is_last = !index->holders || atomic_fetch_sub(index->holders, 1) == 1;
    if (is_last)
        free_arrays(index);
    *index = (struct page_index){0};
}
