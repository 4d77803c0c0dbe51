/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The object of a slab that an address lies in (mm/slub.c): objects follow one another from the
 * slab's first page on.  Free ones are linked, each keeping the next one's address in itself; of
 * a slab that a CPU allocates from, a second list is in kmem_cache_cpu.
 */
#include "linux/lists/pointer_chain.h"
#include "linux/pages/page_private.h"

#include <string.h>

#define OBJECTS_MAX (1u << 15) /* in a slab: struct slab has 15 bits for them */
#define RED_ZONE    0x400u     /* SLAB_RED_ZONE before it was a bit of an enum, 6.9 */

struct slab {
    struct memory *memory;
    uint64_t va;       /* where its first object begins */
    uint64_t page_va;  /* of its struct slab */
    uint64_t size;     /* from one object to the next */
    uint64_t link;     /* where a free object keeps the next one's address */
    uint64_t secret;   /* with CONFIG_SLAB_FREELIST_HARDENED */
    uint64_t count;    /* objects */
    uint64_t freelist; /* the first free one; 0: none */
    bool frozen;       /* a CPU's */
};

static bool is_object(const struct slab *slab, uint64_t va)
{
    uint64_t distance = va - slab->va;
    return distance % slab->size == 0 && distance / slab->size < slab->count;
}

/* freelist_ptr_decode(); before 5.7 the place was not swapped. */
static bool next_free(const struct slab *slab, uint64_t va, uint64_t *next)
{
    uint64_t word, at = va + slab->link;
    if (!memory_read_u64(slab->memory, address_in(slab->memory->space, at), &word))
        return false;
    const uint64_t mask[] = {slab->secret ? __builtin_bswap64(at) : 0, slab->secret ? at : 0};
    for (int i = 0; i < 2; i++) {
        *next = word ^ slab->secret ^ mask[i];
        if (*next)
            *next = pointer_clean(slab->memory, *next);
        if (!*next || is_object(slab, *next))
            return true;
    }
    return false;
}

/* Is `va` on this list?  Unknown where the list is broken. */
static enum slab_state search_list(const struct slab *slab, uint64_t first, uint64_t va)
{
    uint64_t at = first;
    for (uint64_t i = 0; at && i < slab->count; i++) {
        if (!is_object(slab, at))
            return SLAB_UNTOLD;
        if (at == va)
            return SLAB_FREE;
        if (!next_free(slab, at, &at))
            return SLAB_UNTOLD;
    }
    return at ? SLAB_UNTOLD : SLAB_USED;
}

/* The list of the CPU that allocates from this slab. */
static enum slab_state search_cpus(const struct pages *pages, const struct slab *slab,
                                   uint64_t per_cpu, uint64_t va)
{
    static const char *const names[] = {"slab", "page"};
    const struct percpu *percpu = pages->linux.percpu;
    const struct btf *btf = pages->linux.btf;
    struct field freelist, own;
    uint64_t page_va, first;
    if (!percpu || !percpu->checked_cpus ||
        !field_of(btf, "kmem_cache_cpu", "freelist", &freelist) ||
        !field_of_any(btf, "kmem_cache_cpu", names, 2, &own))
        return SLAB_UNTOLD;
    for (unsigned i = 0; i < percpu->checked_cpus; i++) {
        uint64_t cpu = per_cpu + percpu->offset[i];
        if (!pointer_read(slab->memory, cpu + own.offset, &page_va))
            return SLAB_UNTOLD;
        if (page_va == slab->page_va)
            return pointer_read(slab->memory, cpu + freelist.offset, &first)
                       ? search_list(slab, first, va)
                       : SLAB_UNTOLD;
    }
    return SLAB_USED; /* frozen, but on a list of slabs to come */
}

static enum slab_state state_of(const struct pages *pages, const struct slab *slab,
                                uint64_t cache_va, uint64_t va)
{
    const struct btf *btf = pages->linux.btf;
    struct field field;
    uint64_t per_cpu;
    enum slab_state state = search_list(slab, slab->freelist, va);
    /* What lies in a sheaf (6.18) is free, though its slab does not know. */
    if (state != SLAB_USED || field_of(btf, "kmem_cache", "cpu_sheaves", &field))
        return state == SLAB_FREE ? SLAB_FREE : SLAB_UNTOLD;
    if (!slab->frozen)
        return SLAB_USED;
    return field_of(btf, "kmem_cache", "cpu_slab", &field) &&
                   field_read(slab->memory, cache_va, &field, &per_cpu)
               ? search_cpus(pages, slab, per_cpu, va)
               : SLAB_UNTOLD;
}

/* What the struct page says as a struct slab. */
static bool read_page(const struct btf *btf, const struct page_view *view, struct slab *slab)
{
    const char *type = btf_find(btf, "slab", BTF_STRUCT) ? "slab" : "page"; /* 5.17 */
    struct field count, frozen, freelist;
    if (!field_of(btf, type, "objects", &count) || !field_of(btf, type, "frozen", &frozen) ||
        !field_of(btf, type, "freelist", &freelist) ||
        count.offset + FIELD_BYTES > PAGE_STRUCT_MAX ||
        frozen.offset + FIELD_BYTES > PAGE_STRUCT_MAX || freelist.offset + 8 > PAGE_STRUCT_MAX)
        return false;
    slab->page_va = view->va;
    slab->count = field_extract(&count, view->bytes + count.offset);
    slab->frozen = field_extract(&frozen, view->bytes + frozen.offset);
    slab->freelist = pointer_clean(slab->memory, load_le64(view->bytes + freelist.offset));
    return slab->count != 0;
}

/* What its cache says.  False: not SLUB's. */
static bool read_cache(const struct pages *pages, uint64_t cache_va, struct slab *slab)
{
    const struct btf *btf = pages->linux.btf;
    struct field size, link, flags, pad, secret;
    uint64_t flag = RED_ZONE, bit, value;
    if (!field_of(btf, "kmem_cache", "size", &size) ||
        !field_of(btf, "kmem_cache", "offset", &link) ||
        !field_of(btf, "kmem_cache", "flags", &flags) ||
        !field_read(slab->memory, cache_va, &size, &slab->size) ||
        !field_read(slab->memory, cache_va, &link, &slab->link) ||
        !field_read(slab->memory, cache_va, &flags, &value) || !slab->size ||
        slab->size > UINT64_C(1) << 32 || slab->link >= slab->size)
        return false;
    if (page_constant(btf, "_slab_flag_bits", "_SLAB_RED_ZONE", &bit) && bit < 64)
        flag = UINT64_C(1) << bit;
    uint64_t before = 0;
    if (value & flag && field_of(btf, "kmem_cache", "red_left_pad", &pad) &&
        field_read(slab->memory, cache_va, &pad, &before) && before < slab->size)
        slab->va += before;
    if (field_of(btf, "kmem_cache", "random", &secret))
        field_read(slab->memory, cache_va, &secret, &slab->secret);
    return true;
}

bool page_object(struct pages *pages, uint64_t pa, struct slab_object *object)
{
    const struct btf *btf = pages->linux.btf;
    unsigned shift = pages->paging->page_shift;
    uint64_t pfn = pa >> shift;
    uint8_t bytes[PAGE_STRUCT_MAX] = {0};
    struct page_view view;
    struct slab slab = {.memory = pages->memory};
    struct field name;
    if (!btf || pages->layout.cache == NO_MEMBER || !pages->index.has_linear ||
        page_kind_at(pages, pa) != PAGE_SLAB || !page_struct_read(pages, pfn, bytes, &view))
        return false;
    uint64_t head = page_head(pages, pfn, &view);
    if (head != pfn && !page_struct_read(pages, head, bytes, &view))
        return false;
    uint64_t start = (head << shift) + pages->index.linear, va = pa + pages->index.linear;
    uint64_t cache_va = pointer_clean(slab.memory, load_le64(bytes + pages->layout.cache));
    slab.va = start;
    if (!read_page(btf, &view, &slab) || !read_cache(pages, cache_va, &slab) ||
        slab.count > OBJECTS_MAX)
        return false;
    uint64_t index = (va - start) / slab.size;
    if (index >= slab.count) /* what is left after the last one */
        return false;
    *object = (struct slab_object){
        .va = slab.va + index * slab.size, .size = slab.size, .index = index, .count = slab.count};
    object->offset = va > object->va ? va - object->va : 0;
    object->state = state_of(pages, &slab, cache_va, object->va);
    return field_of(btf, "kmem_cache", "name", &name) &&
           pointer_read(slab.memory, cache_va + name.offset, &start) &&
           memory_string(slab.memory, start, object->cache, sizeof object->cache);
}

const char *slab_state_name(enum slab_state state)
{
    return state == SLAB_USED ? "allocated" : state == SLAB_FREE ? "free" : NULL;
}

/* Caches that are not called as their struct is (kmem_cache_create() of each). */
static const struct {
    const char *cache, *type;
} types[] = {
    {"bdev_cache", "bdev_inode"},
    {"bio-128", "bio"},
    {"bio-192", "bio"},
    {"cred_jar", "cred"},
    {"ext4_inode_cache", "ext4_inode_info"},
    {"file_lock_cache", "file_lock"},
    {"files_cache", "files_struct"},
    {"filp", "file"},
    {"hugetlbfs_inode_cache", "hugetlbfs_inode_info"},
    {"inode_cache", "inode"},
    {"kernfs_node_cache", "kernfs_node"},
    {"mnt_cache", "mount"},
    {"mqueue_inode_cache", "mqueue_inode_info"},
    {"net_namespace", "net"},
    {"proc_inode_cache", "proc_inode"},
    {"radix_tree_node", "xa_node"},
    {"shmem_inode_cache", "shmem_inode_info"},
    {"sighand_cache", "sighand_struct"},
    {"signal_cache", "signal_struct"},
    {"skbuff_head_cache", "sk_buff"},
    {"sock_inode_cache", "socket_alloc"},
    {"TCP", "tcp_sock"},
    {"TCPv6", "tcp6_sock"},
    {"tracefs_inode_cache", "tracefs_inode"},
    {"UDP", "udp_sock"},
    {"UDPv6", "udp6_sock"},
    {"UNIX", "unix_sock"},
    {"v9fs_inode_cache", "v9fs_inode"},
};

const char *slab_type(const struct btf *btf, const struct slab_object *object)
{
    const char *name = object->cache;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].cache, object->cache) == 0)
            name = types[i].type;
    /* Of a task_struct x86 allocates but what its FPU needs: the size says nothing. */
    uint32_t id = btf_find(btf, name, BTF_STRUCT);
    return id ? btf_name(btf, id) : NULL;
}
