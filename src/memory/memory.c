/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translating and reading in the three spaces. */
#include "memory/memory.h"

#include "base/bytes.h"
#include "memory/cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_CACHES  4 /* spaces in use at a time: of the kernel, two panes and a question */
#define MEMORY_INDEXES 4 /* the same */

/* What a step stands for: words of a table that is gone through, bytes that are copied. */
#define WORDS_A_STEP 32
#define BYTES_A_STEP 512

/* What an operation may take: what a small guest needs, and the work on each struct page of a
 * large one. */
#define STEPS_MIN    (UINT64_C(1) << 25)
#define STEPS_A_PAGE 32
#define BYTES_MIN    (UINT64_C(192) << 20)
#define BYTES_A_PAGE 32

/* Physical -> virtual, of one half of a kernel's space, or the user half of another. */
struct index {
    const struct space *space; /* NULL: free */
    struct reverse *reverse;   /* answers */
    struct reverse *building;  /* takes its place when complete */
    bool is_building;
};

/* What was learnt of the spaces in use. */
struct memory_shared {
    struct source_reader reader;
    struct memory_cache *cache[MEMORY_CACHES]; /* the last used first; NULL: not made yet */
    struct index index[MEMORY_INDEXES];
    unsigned next_index;   /* that gives way to a new one; [0] is the kernel's */
    struct budget *budget; /* in force */
    struct budget endless; /* where nobody gives another */
};

/* Once the budget has ended there are no tables: every long walk comes to its end. */
static const uint64_t *read_table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    struct memory_shared *shared = context;
    if (budget_take(shared->budget, 1 + size / 8 / WORDS_A_STEP))
        return source_table(&shared->reader, pa, size, why);
    if (why)
        *why = EXTENT_NOT_READ;
    return NULL;
}

bool memory_init(struct memory *memory, struct source *source, struct error *err)
{
    struct memory_shared *shared = calloc(1, sizeof *shared);
    *memory = (struct memory){.source = source, .space = &space_unknown, .shared = shared};
    bool done = shared;
    if (done) {
        source_reader_init(&shared->reader, source);
        memory->reader = &shared->reader;
        memory->tables = (struct table_source){read_table, shared};
        budget_init(&shared->endless, BUDGET_ENDLESS, BUDGET_ENDLESS, NULL);
        shared->budget = &shared->endless;
        memory->cache = shared->cache[0] = cache_create();
    }
    for (size_t i = 0; done && i < MEMORY_INDEXES; i++) {
        shared->index[i].reverse = reverse_create();
        shared->index[i].building = reverse_create();
        done = shared->index[i].reverse && shared->index[i].building;
    }
    if (done && memory->cache)
        return true;
    memory_deinit(memory);
    return error_set(err, "out of memory");
}

void memory_deinit(struct memory *memory)
{
    struct memory_shared *shared = memory->shared;
    for (size_t i = 0; shared && i < MEMORY_CACHES; i++)
        cache_destroy(shared->cache[i]);
    for (size_t i = 0; shared && i < MEMORY_INDEXES; i++) {
        reverse_drop(shared->index[i].reverse);
        reverse_drop(shared->index[i].building);
    }
    if (shared)
        source_reader_deinit(&shared->reader);
    free(shared);
    *memory = (struct memory){.space = &space_unknown};
}

struct budget *memory_spend(struct memory *memory, struct budget *budget)
{
    struct memory_shared *shared = memory->shared;
    struct budget *before = shared->budget;
    shared->budget = budget ? budget : &shared->endless;
    return before == &shared->endless ? NULL : before;
}

struct budget *memory_budget(const struct memory *memory)
{
    return memory->shared->budget;
}

void memory_make_budget(const struct memory *memory, struct budget *budget)
{
    uint64_t pages = source_ram_size(memory->source) / 4096;
    budget_init(budget, STEPS_MIN + pages * STEPS_A_PAGE, BYTES_MIN + pages * BYTES_A_PAGE,
                memory->reader->cancel);
    budget_share_time(budget, memory->shared->budget);
}

void memory_set_cancel(struct memory *memory, const atomic_bool *cancel)
{
    struct memory_shared *shared = memory->shared;
    shared->reader.cancel = shared->budget->cancel = shared->endless.cancel = cancel;
}

bool memory_is_cancelled(const struct memory *memory)
{
    const atomic_bool *cancel = memory->reader->cancel;
    return cancel && atomic_load_explicit(cancel, memory_order_relaxed);
}

struct memory memory_in(const struct memory *memory, const struct space *space)
{
    struct memory other = *memory;
    other.space = space;
    other.paging = space->paging;
    return other;
}

/* The index of a space; NULL: there is none. */
static struct index *index_of(const struct memory_shared *shared, const struct space *space)
{
    for (size_t i = 0; i < MEMORY_INDEXES; i++)
        if (shared->index[i].space == space)
            return (struct index *)&shared->index[i];
    return NULL;
}

/* One that nobody else asks takes the place of one that is shared.  False: out of memory. */
static bool own(struct reverse **reverse)
{
    struct reverse *other = reverse_is_shared(*reverse) ? reverse_create() : reverse_hold(*reverse);
    if (!other)
        return false;
    reverse_drop(*reverse);
    *reverse = other;
    return true;
}

static void build(struct memory *memory, struct index *index)
{
    if (!own(&index->building)) /* then the one before it goes on answering */
        return;
    const struct space *space = index->space;
    struct roots roots = space->roots;
    if (space->kernel) /* whose half has its own index */
        roots.kernel_pa = NO_ROOT;
    reverse_start(index->building, space->paging, &memory->tables, &roots);
    index->is_building = space->paging;
}

/* An index that knows nothing of before takes the place. */
static void begin(struct memory *memory, struct index *index, const struct space *space)
{
    const struct roots none = {NO_ROOT, NO_ROOT};
    index->space = own(&index->reverse) ? space : NULL;
    if (!index->space)
        return;
    reverse_start(index->reverse, NULL, &memory->tables, &none);
    build(memory, index);
}

/* A space of a kernel that was left has names no more. */
void memory_want_names(struct memory *memory)
{
    struct memory_shared *shared = memory->shared;
    if (!memory->space->kernel || index_of(shared, memory->space) ||
        shared->index[0].space != memory->space->kernel)
        return;
    shared->next_index = shared->next_index % (MEMORY_INDEXES - 1) + 1;
    begin(memory, &shared->index[shared->next_index], memory->space);
}

void memory_use(struct memory *memory, const struct space *space)
{
    *memory = memory_in(memory, space);
    if (memory->shared->index[0].space != space_kernel(space))
        begin(memory, &memory->shared->index[0], space_kernel(space));
    memory_want_names(memory);
}

void memory_reindex(struct memory *memory)
{
    for (size_t i = 0; i < MEMORY_INDEXES; i++)
        if (memory->shared->index[i].space)
            build(memory, &memory->shared->index[i]);
}

bool memory_share(struct memory *memory, const struct memory *of, struct error *err)
{
    if (!memory_init(memory, of->source, err))
        return false;
    struct memory_shared *shared = memory->shared;
    shared->next_index = of->shared->next_index;
    for (size_t i = 0; i < MEMORY_INDEXES; i++) {
        const struct index *index = &of->shared->index[i];
        struct index *own_index = &shared->index[i];
        if (index->space && !reverse_is_ready(index->reverse)) {
            begin(memory, own_index, index->space);
            continue;
        }
        reverse_drop(own_index->reverse);
        own_index->reverse = reverse_hold(index->reverse);
        own_index->space = index->space;
        if (index->space && index->is_building)
            build(memory, own_index);
    }
    memory_use(memory, of->space);
    return true;
}

bool memory_take_indexes(struct memory *memory, const struct memory *from)
{
    bool any = false;
    for (size_t i = 0; i < MEMORY_INDEXES; i++) {
        struct index *index = &memory->shared->index[i];
        const struct index *other = &from->shared->index[i];
        if (!index->is_building || other->is_building || other->space != index->space)
            continue;
        reverse_drop(index->reverse);
        index->reverse = reverse_hold(other->reverse);
        index->is_building = false;
        any = true;
    }
    return any;
}

bool memory_step(struct memory *memory, unsigned tables)
{
    for (size_t i = 0; i < MEMORY_INDEXES; i++) {
        struct index *index = &memory->shared->index[i];
        if (!index->is_building)
            continue;
        if (!reverse_step(index->building, tables))
            return false;
        struct reverse *complete = index->building;
        index->building = index->reverse;
        index->reverse = complete;
        index->is_building = false;
    }
    return true;
}

bool memory_is_indexing(const struct memory *memory)
{
    bool any = false;
    for (size_t i = 0; i < MEMORY_INDEXES; i++)
        any |= memory->shared->index[i].is_building;
    return any;
}

bool memory_knows_names(const struct memory *memory)
{
    const struct index *kernel = index_of(memory->shared, space_kernel(memory->space));
    const struct index *own = index_of(memory->shared, memory->space);
    return kernel && own && reverse_is_ready(kernel->reverse) && reverse_is_ready(own->reverse);
}

size_t memory_index_bytes(const struct memory *memory)
{
    size_t bytes = 0;
    for (size_t i = 0; i < MEMORY_INDEXES; i++)
        bytes += reverse_bytes(memory->shared->index[i].reverse);
    return bytes;
}

void memory_forget(struct memory *memory)
{
    for (size_t i = 0; i < MEMORY_CACHES; i++)
        if (memory->shared->cache[i])
            cache_forget(memory->shared->cache[i]);
}

/* The space's cache, made or taken from the space that was not used for the longest time. */
static struct memory_cache *find_cache(struct memory *memory)
{
    struct memory_cache **cache = memory->shared->cache;
    size_t at = 0;
    while (at + 1 < MEMORY_CACHES && cache[at] && cache[at]->space != memory->space)
        at++;
    if (!cache[at])
        cache[at] = cache_create();
    if (!cache[at]) /* out of memory: then that of another space is taken */
        at = 0;
    struct memory_cache *found = cache[at];
    assert(found); /* memory_init() has made one */
    for (; at > 0; at--)
        cache[at] = cache[at - 1];
    cache[0] = memory->cache = found;
    if (found->space != memory->space)
        cache_set_space(found, memory->space);
    return found;
}

static inline struct memory_cache *cache_of(struct memory *memory)
{
    return memory->cache->space == memory->space ? memory->cache : find_cache(memory);
}

void memory_walk(struct memory *memory, uint64_t va, struct walk *result)
{
    const struct space_window *window = &memory->space->window;
    walk(result, memory->paging, &memory->tables, &memory->space->roots, va);
    if (result->end != WALK_NO_TABLE || extent_is_open(result->missing) || !result->steps ||
        result->va - window->va >= window->size)
        return;
    result->end = WALK_MAPPED;
    result->pa = result->va - window->delta;
    result->page_size = UINT64_C(1) << memory->paging->page_shift;
    result->access = (struct access){.kernel = ACCESS_R};
    result->first = window->va;
    result->last = window->va + (window->size - 1);
}

/* The slow path, which also fills the cache for the neighbours. */
static bool translate_by_walk(struct memory *memory, uint64_t va, uint64_t *pa)
{
    struct walk result;
    memory_walk(memory, va, &result);
    cache_learn(cache_of(memory), memory->reader, memory->paging, &result);
    if (result.end != WALK_MAPPED)
        return false;
    *pa = result.pa;
    return true;
}

bool memory_translate(struct memory *memory, uint64_t va, uint64_t *pa)
{
    struct memory_cache *cache = cache_of(memory);
    if (!memory->paging || !budget_take(memory->shared->budget, 1))
        return false;
    uint64_t tag = va >> cache->tag_shift;
    const struct cache_slot *slot = cache_slot(cache, tag);
    if (slot->tag != tag)
        return translate_by_walk(memory, va, pa);
    uint64_t entry = __atomic_load_n(&slot->table[va >> cache->index_shift & cache->index_mask],
                                     __ATOMIC_RELAXED);
    /* Anything but a plain page is decoded by the walker. */
    if ((entry & cache->plain_mask) != cache->plain_value)
        return translate_by_walk(memory, va, pa);
    if (!cache->plain_address) {
        unsigned level = memory->paging->levels - 1u;
        *pa = paging_target(memory->paging, level, ENTRY_LEAF, entry) | (va & cache->page_mask);
        return true;
    }
    *pa = ((entry & cache->address_mask) << cache->address_shift) | (va & cache->page_mask);
    return true;
}

/* The aliases of one more index, which come after those that are there. */
static void add_aliases(const struct index *index, uint64_t pa, struct place *place)
{
    if (!index)
        return;
    size_t kept = place->aliases < MEMORY_ALIASES ? place->aliases : MEMORY_ALIASES;
    place->aliases += reverse_find(index->reverse, pa, place->alias + kept, MEMORY_ALIASES - kept);
    place->aliases_cut |= reverse_is_cut(index->reverse);
}

/* Fills offset and aliases for a physical address. */
static void locate_pa(struct memory *memory, uint64_t pa, struct place *place)
{
    const struct space *kernel = space_kernel(memory->space);
    place->has_pa = true;
    place->pa = pa;
    place->is_ram = source_pa_to_offset(memory->source, pa, &place->offset, NULL);
    place->has_offset = place->is_ram && place->offset < source_size(memory->source);
    memory_want_names(memory);
    add_aliases(index_of(memory->shared, kernel), pa, place);
    if (memory->space != kernel)
        add_aliases(index_of(memory->shared, memory->space), pa, place);
}

static void locate_va(struct memory *memory, uint64_t va, struct place *place)
{
    place->has_va = true;
    place->va = va;
    if (!memory->paging)
        return;
    place->walked = true;
    memory_walk(memory, va, &place->walk);
    if (place->walk.end == WALK_MAPPED)
        locate_pa(memory, place->walk.pa, place);
}

static void locate_other(struct memory *memory, uint64_t pa, struct place *place)
{
    locate_pa(memory, pa, place);
    place->not_in_image = !place->is_ram;
    if (place->aliases && memory->paging) {
        place->has_va = place->walked = true;
        place->va = place->alias[0].va;
        memory_walk(memory, place->va, &place->walk);
    }
}

void memory_locate(struct memory *memory, struct address address, struct place *place)
{
    struct memory other;
    uint64_t pa;
    *place = (struct place){.asked = address, .space = memory->space};
    switch (address.space->kind) {
    case SPACE_VIRT:
        other = memory_in(memory, address.space);
        place->space = address.space;
        locate_va(&other, address.value, place);
        break;
    case SPACE_FILE:
        place->offset = address.value;
        place->has_offset = address.value < source_size(memory->source);
        place->not_in_image = !place->has_offset;
        if (source_offset_to_pa(memory->source, address.value, &pa, NULL))
            locate_other(memory, pa, place);
        break;
    case SPACE_PHYS:
        locate_other(memory, address.value, place);
        break;
    }
}

/* Bytes from `address` on that are alike and contiguous in the image, `wanted` at most. */
static size_t piece_at(struct memory *memory, struct address address, size_t wanted,
                       struct range *range)
{
    uint64_t pa = address.value, left, page_left = UINT64_MAX;
    /* No more tables than these bytes need: a mapped page, or what their own entry says. */
    if (address_is_virtual(address)) {
        if (!memory_translate(memory, address.value, &pa)) {
            memory_range_near(memory, address, range);
            left = range->last - address.value;
            return left < wanted ? (size_t)left + 1 : wanted;
        }
        uint64_t page = UINT64_C(1) << memory->paging->page_shift;
        page_left = page - (address.value & (page - 1));
    }
    if (address_is_virtual(address))
        address.space = &space_phys;
    memory_range(memory, address_in(address.space, pa), range);
    left = range->last - pa;
    left = left < page_left ? left + 1 : page_left;
    return left < wanted ? (size_t)left : wanted;
}

/* The handle for an address: a physical one's is any. */
static struct memory for_address(const struct memory *memory, struct address address)
{
    return address_is_virtual(address) ? memory_in(memory, address.space) : *memory;
}

/* Of a piece that cannot be read from its first byte on: the bytes of which that is certain. */
static size_t unread_piece(size_t piece, uint64_t offset)
{
    uint64_t page_left = 4096 - offset % 4096;
    return piece < page_left ? piece : (size_t)page_left;
}

size_t memory_read(struct memory *memory, struct address address, void *buffer, size_t length,
                   uint8_t *there)
{
    struct memory in = for_address(memory, address);
    size_t got = 0;
    budget_take(memory->shared->budget, length / BYTES_A_STEP);
    for (size_t done = 0; done < length;) {
        struct address at = address_in(address.space, address.value + done);
        struct range range = {.kind = RANGE_OUTSIDE};
        size_t piece = length - done, read = 0;
        if (at.value >= address.value) /* after the last address comes nothing */
            piece = piece_at(&in, at, piece, &range);
        enum extent_kind why = EXTENT_NONE;
        bool readable = range_is_readable(range.kind);
        if (readable)
            read = source_read(memory->reader, range.offset, (char *)buffer + done, piece, &why);
        /* The next piece begins where the source stopped: what lies after may be there. */
        if (readable && read)
            piece = read;
        else if (readable)
            piece = unread_piece(piece, range.offset);
        memset((char *)buffer + done + read, 0, piece - read);
        if (there)
            memset(there + done, readable && !read ? (int)range_of_extent(why) : (int)range.kind,
                   piece);
        got += read;
        done += piece;
    }
    return got;
}

size_t memory_read_at(struct memory *memory, uint64_t offset, void *buffer, size_t length)
{
    if (!budget_take(memory->shared->budget, 1 + length / BYTES_A_STEP))
        return 0;
    return source_read(memory->reader, offset, buffer, length, NULL);
}

const char *memory_missing(struct memory *memory, struct address address, size_t length)
{
    uint8_t bytes[MEMORY_MISSING_MAX], there[MEMORY_MISSING_MAX];
    length = length < sizeof bytes ? length : sizeof bytes;
    memory_read(memory, address, bytes, length, there);
    for (size_t i = 0; i < length; i++)
        if (!range_is_readable((enum range_state)there[i]))
            return range_state_name((enum range_state)there[i]);
    return range_state_name(RANGE_UNMAPPED);
}

bool memory_read_u64(struct memory *memory, struct address address, uint64_t *value)
{
    uint8_t byte[8];
    if (memory_read(memory, address, byte, sizeof byte, NULL) != sizeof byte)
        return false;
    *value = load_le64(byte);
    return true;
}

void memory_bounds(const struct memory *memory, const struct space *space, uint64_t *first,
                   uint64_t *last)
{
    unsigned pa_bits = memory->paging ? memory->paging->arch->pa_bits : 52;
    uint64_t highest_pa = (UINT64_C(1) << pa_bits) - 1;
    uint64_t size = source_size(memory->source);
    *first = 0;
    *last = space->kind == SPACE_FILE   ? size - (size != 0)
            : space->kind == SPACE_PHYS ? highest_pa
                                        : UINT64_MAX;
}

bool memory_pointer(struct memory *memory, uint64_t word, uint64_t *va)
{
    uint64_t pa;
    /* Small numbers are numbers: Linux keeps the first 64 KiB unmapped (mmap_min_addr). */
    if (!memory->paging || word < 0x1000)
        return false;
    uint64_t canonical = paging_canonical(memory->paging, word);
    if (!memory_translate(memory, canonical, &pa))
        return false;
    *va = canonical;
    return true;
}
