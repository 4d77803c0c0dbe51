/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structs and enums from their text. */
#include "tests/unit/kernel_types.h"

#include "tests/unit/btf_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STRUCTS_MAX 64
#define MEMBERS_MAX 16

enum { I4 = 1, U1, U2, U4, U8, CHAR, POINTER };

static const struct type_text common[] = {
    {"pid_type", 0, "PIDTYPE_PID=0 PIDTYPE_TGID=1 PIDTYPE_MAX=16"},
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
    {"file_system_type", 16, "name:*c@0"},
    {"super_block", 128, "s_dev:u4@16 s_type:*file_system_type@24 s_root:p@32"},
    {"address_space", 16, "host:p@0"},
    {"inode", 128, "i_mapping:p@32 i_sb:*super_block@40 i_ino:u8@64 i_dentry:hlist_head@72"},
    {"page", 64,
     "flags:u8@0 lru:list_head@8 compound_head:u8@8 mapping:p@24 index:u8@32 private:u8@40 "
     "_mapcount:i4@48 _refcount:i4@52"},
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
    const char *name[STRUCTS_MAX];
    uint32_t id[STRUCTS_MAX];
    size_t count;
};

static uint32_t type_of(struct maker *maker, const char *text)
{
    char element[32];
    unsigned size, count;
    if (sscanf(text, "%31[^[][%u]", element, &count) == 2) {
        uint32_t type = type_of(maker, element);
        return builder_array(&maker->builder, type, count);
    }
    if (strcmp(text, "p") == 0)
        return POINTER;
    if (*text == '*') {
        uint32_t type = type_of(maker, text + 1);
        return builder_ref(&maker->builder, BTF_PTR, type);
    }
    if (strcmp(text, "c") == 0)
        return CHAR;
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

static void make_enum(struct maker *maker, const struct type_text *text)
{
    char name[MEMBERS_MAX][48];
    uint32_t value[MEMBERS_MAX], count = 0;
    int used;
    for (const char *at = text->members;
         sscanf(at, " %47[^=]=%u%n", name[count], &value[count], &used) == 2; at += used)
        assert_true(++count < MEMBERS_MAX);
    builder_type(&maker->builder, text->name, BTF_ENUM, count, false, 4);
    for (uint32_t i = 0; i < count; i++) {
        builder_word(&maker->builder, builder_string(&maker->builder, name[i]));
        builder_word(&maker->builder, value[i]);
    }
}

static void make_type(struct maker *maker, const struct type_text *text)
{
    char member[MEMBERS_MAX][32], type[32];
    uint32_t id[MEMBERS_MAX], offset[MEMBERS_MAX], count = 0;
    int used;
    if (!text->size) {
        make_enum(maker, text);
        return;
    }
    /* The types of the members first: a record's members follow it without a gap. */
    for (const char *at = text->members;
         sscanf(at, " %31[^:]:%31[^@]@%u%n", member[count], type, &offset[count], &used) == 3;
         at += used) {
        id[count] = type_of(maker, type);
        assert_true(++count < MEMBERS_MAX);
    }
    maker->name[maker->count] = text->name;
    maker->id[maker->count++] =
        builder_type(&maker->builder, text->name, BTF_STRUCT, count, false, text->size);
    for (uint32_t i = 0; i < count; i++)
        builder_member(&maker->builder, member[i], id[i], 8 * offset[i]);
}

static struct maker *start(void)
{
    struct maker *maker = calloc(1, sizeof *maker);
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
    return maker;
}

static void make_all(struct maker *maker, const struct type_text *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        make_type(maker, &text[i]);
}

static size_t finish(struct maker *maker, uint8_t *bytes, size_t size)
{
    size_t length = builder_finish(&maker->builder, bytes, size);
    free(maker);
    return length;
}

static struct btf *open_made(struct maker *maker)
{
    static uint8_t bytes[65536];
    struct error err = {0};
    struct btf *btf = NULL;
    if (!builder_open(&btf, bytes, finish(maker, bytes, sizeof bytes), &err))
        fail_msg("%s", err.text);
    return btf;
}

size_t types_of_text_bytes(const struct type_text *text, size_t count, uint8_t *bytes, size_t size)
{
    struct maker *maker = start();
    make_all(maker, text, count);
    return finish(maker, bytes, size);
}

struct btf *types_of_text(const struct type_text *text, size_t count)
{
    struct maker *maker = start();
    make_all(maker, text, count);
    return open_made(maker);
}

static struct maker *make_kernel(bool old)
{
    struct maker *maker = start();
    make_all(maker, common, sizeof common / sizeof *common);
    if (old)
        make_all(maker, old_ones, sizeof old_ones / sizeof *old_ones);
    else
        make_all(maker, new_ones, sizeof new_ones / sizeof *new_ones);
    return maker;
}

struct btf *kernel_types(bool old)
{
    return open_made(make_kernel(old));
}

size_t kernel_types_bytes(bool old, uint8_t *bytes, size_t size)
{
    return finish(make_kernel(old), bytes, size);
}

uint64_t kernel_offset(const struct btf *btf, const char *type, const char *path)
{
    uint64_t offset = 0;
    assert_true(btf_offset(btf, type, path, &offset));
    return offset;
}
