/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structs by their text: "member:type@offset ...", where the type is iN or uN (bytes), p (a
 * pointer), cN (char array), uN[count], or a struct that stands before.
 */
#include "tests/unit/kernel_types.h"

#include "tests/unit/btf_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STRUCTS_MOST 64
#define MEMBERS_MOST 16

enum { I4 = 1, U1, U2, U4, U8, CHAR, POINTER };

struct type_text {
    const char *name;
    unsigned size;
    const char *members;
};

static const struct type_text common[] = {
    {"list_head", 16, "next:p@0 prev:p@8"},
    {"signal_struct", 32, "thread_head:list_head@16"},
    {"sched_entity", 8, "cfs_rq:p@0"},
    {"cfs_rq", 16, "rq:p@8"},
    {"rq", 24, "cpu:i4@4 idle:p@16"},
    {"vm_operations_struct", 16, "name:p@8"},
    {"vm_special_mapping", 8, "name:p@0"},
    {"anon_vma_name", 16, "name:c8@4"},
    {"maple_range_64", 256, "parent:p@0 pivot:u8[15]@8 slot:u8[16]@128"},
    {"maple_arange_64", 256, "parent:p@0 pivot:u8[9]@8 slot:u8[10]@80"},
    {"maple_node", 256, "parent:p@0"},
    {"path", 16, "mnt:p@0 dentry:p@8"},
    {"file", 64, "f_mode:u4@0 f_path:path@16 f_inode:p@32"},
    {"hlist_bl_node", 16, "next:p@0 pprev:p@8"},
    {"hlist_node", 16, "next:p@0 pprev:p@8"},
    {"hlist_head", 8, "first:p@0"},
    {"qstr", 16, "len:u4@4 name:p@8"},
    {"dentry", 128,
     "d_hash:hlist_bl_node@8 d_parent:p@24 d_name:qstr@32 d_inode:p@48 d_sb:p@56 d_op:p@64 "
     "d_alias:hlist_node@72"},
    {"dentry_operations", 128, "d_dname:p@64"},
    {"vfsmount", 32, "mnt_root:p@0"},
    {"mount", 128, "mnt_parent:p@16 mnt_mountpoint:p@24 mnt:vfsmount@32"},
    {"inode", 128, "i_sb:p@40 i_ino:u8@64 i_dentry:hlist_head@72"},
    {"super_block", 128, "s_dev:u4@16 s_type:p@24 s_root:p@32"},
    {"file_system_type", 16, "name:p@0"},
    {"vmap_area", 72, "va_start:u8@0 va_end:u8@8 list:list_head@40 vm:p@56"},
    {"vm_struct", 72, "addr:p@8 size:u8@16 flags:u8@24 phys_addr:u8@48 caller:p@56"},
    {"prb_data_blk_lpos", 16, "begin:u8@0 next:u8@8"},
    {"prb_desc", 24, "state_var:u8@0 text_blk_lpos:prb_data_blk_lpos@8"},
    {"prb_data_ring", 32, "size_bits:u4@0 data:p@8 head_lpos:u8@16 tail_lpos:u8@24"},
    {"prb_desc_ring", 40, "count_bits:u4@0 descs:p@8 infos:p@16 head_id:u8@24 tail_id:u8@32"},
    {"printk_ringbuffer", 72, "desc_ring:prb_desc_ring@0 text_data_ring:prb_data_ring@40"},
    {"printk_info", 32, "seq:u8@0 ts_nsec:u8@8 text_len:u2@16 facility:u1@18 caller_id:u4@20"},
};

static const struct type_text new_ones[] = {
    {"maple_tree", 16, "ma_root:p@8"},
    {"task_struct", 128,
     "flags:u4@0 __state:u4@4 tasks:list_head@16 pid:i4@32 tgid:i4@36 real_parent:p@40 "
     "comm:c16@48 mm:p@64 exit_state:i4@72 signal:p@80 thread_node:list_head@88 "
     "se:sched_entity@104"},
    {"mm_struct", 64, "mm_mt:maple_tree@0 pgd:p@16 start_brk:u8@24 brk:u8@32 start_stack:u8@40"},
    {"vm_area_struct", 128,
     "vm_start:u8@0 vm_end:u8@8 vm_mm:p@16 vm_flags:u8@24 vm_pgoff:u8@32 vm_file:p@40 "
     "vm_ops:p@48 vm_private_data:p@56 anon_name:p@64"},
};

static const struct type_text old_ones[] = {
    {"task_struct", 128,
     "flags:u4@0 state:u8@8 tasks:list_head@16 pid:i4@32 tgid:i4@36 real_parent:p@40 "
     "comm:c16@48 mm:p@64 exit_state:i4@72 thread_group:list_head@88"},
    {"mm_struct", 64, "mmap:p@0 pgd:p@16 start_brk:u8@24 brk:u8@32 start_stack:u8@40"},
    {"vm_area_struct", 128,
     "vm_start:u8@0 vm_end:u8@8 vm_mm:p@16 vm_flags:u8@24 vm_pgoff:u8@32 vm_file:p@40 "
     "vm_ops:p@48 vm_private_data:p@56 vm_next:p@64 anon_name:p@72"},
};

struct maker {
    struct btf_builder builder;
    const char *name[STRUCTS_MOST];
    uint32_t id[STRUCTS_MOST];
    size_t count;
};

static uint32_t type_of(struct maker *maker, const char *text)
{
    unsigned size, count;
    if (strcmp(text, "p") == 0)
        return POINTER;
    if (sscanf(text, "u%u[%u]", &size, &count) == 2)
        return builder_array(&maker->builder, size == 8 ? U8 : U4, count);
    if (sscanf(text, "c%u", &count) == 1)
        return builder_array(&maker->builder, CHAR, count);
    if (sscanf(text, "u%u", &size) == 1)
        return size == 8 ? U8 : size == 4 ? U4 : size == 2 ? U2 : U1;
    if (strcmp(text, "i4") == 0)
        return I4;
    for (size_t i = 0; i < maker->count; i++)
        if (strcmp(maker->name[i], text) == 0)
            return maker->id[i];
    fail_msg("no type %s", text);
    return 0;
}

static void make_struct(struct maker *maker, const struct type_text *text)
{
    char member[MEMBERS_MOST][32], type[32];
    uint32_t id[MEMBERS_MOST], offset[MEMBERS_MOST], count = 0;
    int used;
    /* The types of the members first: a record's members follow it without a gap. */
    for (const char *at = text->members;
         sscanf(at, " %31[^:]:%31[^@]@%u%n", member[count], type, &offset[count], &used) == 3;
         at += used) {
        id[count] = type_of(maker, type);
        assert_true(++count < MEMBERS_MOST);
    }
    maker->name[maker->count] = text->name;
    maker->id[maker->count++] =
        builder_type(&maker->builder, text->name, BTF_STRUCT, count, false, text->size);
    for (uint32_t i = 0; i < count; i++)
        builder_member(&maker->builder, member[i], id[i], 8 * offset[i]);
}

struct btf *kernel_types(bool old)
{
    static uint8_t bytes[65536];
    struct maker *maker = calloc(1, sizeof *maker);
    struct error err = {0};
    struct btf *btf = NULL;
    assert_non_null(maker);
    struct btf_builder *builder = &maker->builder;
    builder_start(builder);
    builder_int(builder, "int", 4, 1);
    builder_int(builder, "unsigned char", 1, 0);
    builder_int(builder, "short unsigned int", 2, 0);
    builder_int(builder, "unsigned int", 4, 0);
    builder_int(builder, "long unsigned int", 8, 0);
    builder_int(builder, "char", 1, 0);
    assert_int_equal(builder_ref(builder, BTF_PTR, 0), POINTER);
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        make_struct(maker, &common[i]);
    for (size_t i = 0; !old && i < sizeof new_ones / sizeof new_ones[0]; i++)
        make_struct(maker, &new_ones[i]);
    for (size_t i = 0; old && i < sizeof old_ones / sizeof old_ones[0]; i++)
        make_struct(maker, &old_ones[i]);
    size_t length = builder_finish(builder, bytes, sizeof bytes);
    if (!builder_open(&btf, bytes, length, &err))
        fail_msg("%s", err.text);
    free(maker);
    return btf;
}

uint64_t kernel_offset(const struct btf *btf, const char *type, const char *path)
{
    uint64_t offset = 0;
    assert_true(btf_offset(btf, type, path, &offset));
    return offset;
}
