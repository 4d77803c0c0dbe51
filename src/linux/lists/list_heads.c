/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "linux/lists/list_heads.h"

#include "linux/symbols/symbols.h"
#include "linux/types/object.h"

#include <stdio.h>
#include <string.h>

/* Those that a kernel has are used. */
static const struct list_head_known heads[] = {
    {"task_struct", "children", "task_struct", "sibling"},
    {"signal_struct", "thread_head", "task_struct", "thread_node"},
    {"super_block", "s_inodes", "inode", "i_sb_list"},
    {"super_block", "s_mounts", "mount", "mnt_instance"},
    {"file_system_type", "fs_supers", "super_block", "s_instances"},
    {"mount", "mnt_mounts", "mount", "mnt_child"},
    {"mnt_namespace", "list", "mount", "mnt_list"},
    {"inode", "i_dentry", "dentry", "d_u.d_alias"},
    {"dentry", "d_subdirs", "dentry", "d_child"},
    {"dentry", "d_children", "dentry", "d_sib"},
    {"kmem_cache_node", "partial", "slab", "slab_list"},
    {"cgroup_subsys_state", "children", "cgroup_subsys_state", "sibling"},
    {"net", "dev_base_head", "net_device", "dev_list"},
    {"workqueue_struct", "pwqs", "pool_workqueue", "pwqs_node"},
    {"worker_pool", "workers", "worker", "node"},
    {"free_area", "free_list", "page", "lru"},
};

/* Of what reads as a pointer or list not all needs to: per-CPU offsets, bits in pointers. */
enum { NAME = 256, LOOKED_AT = 64, MISFITS = 1, MISFITS_PERCENT = 10 };

/* "a.b[2].c[1]": the type of "a.b[2]", and "c". */
static uint32_t split_path(const struct btf *btf, uint32_t type, const char *path,
                           char member[NAME])
{
    char outer[NAME];
    struct btf_member found;
    snprintf(outer, sizeof outer, "%s", path);
    char *dot = strrchr(outer, '.'), *last = dot ? dot + 1 : outer;
    snprintf(member, NAME, "%.*s", (int)strcspn(last, "["), last);
    if (!dot)
        return type;
    *dot = '\0';
    return btf_path(btf, type, outer, &found) ? found.type : 0;
}

const struct list_head_known *list_head_known(const struct btf *btf, uint32_t type,
                                              const char *path)
{
    char member[NAME];
    struct btf_member unused;
    const char *owner = btf_name(btf, btf_strip(btf, split_path(btf, type, path, member)));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (strcmp(heads[i].owner, owner) == 0 && strcmp(heads[i].member, member) == 0 &&
            btf_path(btf, btf_find(btf, heads[i].type, BTF_STRUCT), heads[i].path, &unused))
            return &heads[i];
    return NULL;
}

static bool in_image(const struct linux_context *linux, uint64_t va)
{
    return kernel_image_holds(&linux->image, va);
}

/* A neighbour of the node lies elsewhere than it. */
static bool leads_out(const struct linux_context *linux, uint64_t link)
{
    struct memory *memory = linux->memory;
    for (uint64_t at = link; at < link + 16; at += 8) { /* list_head: next, prev */
        uint64_t to;
        if (memory_read_u64(memory, address_in(memory->space, at), &to) && !in_image(linux, to))
            return true;
    }
    return false;
}

bool list_is_head(const struct linux_context *linux, uint32_t type, uint64_t offset, uint64_t link)
{
    uint64_t va = link - offset;
    if (!in_image(linux, link) || (linux->tasks && va == linux->init_task_va))
        return false;
    uint64_t last = va + btf_size(linux->btf, type) - 1;
    const struct symbol *symbol = linux->symbols ? symbols_at(linux->symbols, last) : NULL;
    /* No variable begins inside another. */
    if (symbol && symbol->va > va)
        return true;
    if (symbol && symbol->va == va)
        return false;
    return leads_out(linux, link);
}

static bool is_pointer(struct memory *memory, uint64_t word)
{
    uint64_t to;
    return word == 0 || memory_pointer(memory, word, &to);
}

/* Its neighbour leads back; or it was never in a list, or was taken off one. */
static bool is_linked(struct memory *memory, uint64_t va, uint64_t next)
{
    uint64_t to, back;
    if (!memory_data_pointer(memory, next, &to))
        return next == 0 || next >> 48 == 0xdead; /* include/linux/poison.h: LIST_POISON1 */
    return memory_read_u64(memory, address_in(memory->space, to + 8), &back) && back == va;
}

/* Words of a struct one after the other, read by the piece: a task has hundreds of pointers. */
#define PIECE 1024
struct words {
    struct memory *memory;
    uint64_t va; /* of bytes[0]; there[] is of nothing before the first read */
    bool read;
    uint8_t bytes[PIECE], there[PIECE];
};

static bool word_at(struct words *words, uint64_t va, uint64_t *word)
{
    if (!words->read || va - words->va > PIECE - sizeof *word) {
        words->va = va;
        words->read = true;
        memory_read(words->memory, address_in(words->memory->space, va), words->bytes, PIECE,
                    words->there);
    }
    size_t at = (size_t)(va - words->va);
    for (size_t i = 0; i < sizeof *word; i++)
        if (words->there[at + i] != RANGE_DATA && words->there[at + i] != RANGE_HOLE)
            return false;
    memcpy(word, words->bytes + at, sizeof *word);
    return true;
}

bool list_reads_as(const struct linux_context *linux, uint32_t type, uint64_t va)
{
    const struct btf *btf = linux->btf;
    struct memory *memory = linux->memory;
    struct words words = {.memory = memory};
    unsigned bad = 0, all = 0;
    uint32_t bare = btf_strip(btf, type);
    for (uint32_t i = 0; i < btf_members(btf, bare) && all < LOOKED_AT; i++) {
        struct btf_member member = btf_member(btf, bare, i);
        uint32_t inner = btf_strip(btf, member.type);
        bool list = strcmp(btf_name(btf, inner), "list_head") == 0;
        uint64_t word, at = va + member.bit_offset / 8;
        if (!list && btf_kind(btf, inner) != BTF_PTR)
            continue;
        all++;
        bool there = word_at(&words, at, &word);
        bad += !there || !(list ? is_linked(memory, at, word) : is_pointer(memory, word));
    }
    uint8_t byte;
    bool there = memory_read(memory, address_in(memory->space, va), &byte, 1, NULL) == 1;
    return there && bad <= MISFITS + all * MISFITS_PERCENT / 100;
}
