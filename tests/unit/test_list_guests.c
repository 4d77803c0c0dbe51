/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of real kernels: RAMWALK_GUESTS is a folder of snapshots; the heads are to be found. */
#include "linux/lists/list_heads.h"
#include "linux/lists/list_iterator.h"
#include "session/session_private.h"
#include "tests/unit/guest_truth.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROOM 512

static struct session *session;

/* Walks from `va`; all elements have to read as the type. */
static struct list_iterator walk_list(const struct linux_context *linux, const char *type,
                                      const char *path, uint64_t va)
{
    struct list_iterator list;
    struct error err;
    struct object element;
    if (!list_iterator_find(&list, linux, btf_find(linux->btf, type, BTF_STRUCT), path, va, &err))
        fail_msg("%s", err.text);
    while (list_iterator_next(&list, &element))
        assert_true(list_reads_as(element.linux, element.type, element.va));
    list_iterator_end(&list);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    return list;
}

/* The head is where kallsyms says, where it names data, and the same from wherever one starts. */
static void check_head(const struct linux_context *linux, const char *type, const char *path,
                       uint64_t va, const char *symbol)
{
    uint64_t known;
    struct list_iterator list = walk_list(linux, type, path, va);
    assert_true(list.head_va - linux->image.va < linux->image.size);
    if (linux_symbol(linux, symbol, &known))
        assert_true(known == list.head_va);
    struct list_iterator from_head = walk_list(linux, type, path, list.head_va);
    assert_int_equal(from_head.count, list.count);
    print_message("  %zu of %s.%s\n", list.count, type, path);
}

/* The super block of what the idle task has as its root. */
static uint64_t root_super_block(const struct linux_context *linux)
{
    struct object task, fs, mount;
    uint64_t super_block;
    assert_true(object_at(&task, linux, "task_struct", linux->init_task_va));
    assert_true(object_follow(&task, "fs", &fs));
    assert_true(object_follow(&fs, "root.mnt", &mount));
    assert_true(object_pointer(&mount, "mnt_sb", &super_block));
    return super_block;
}

static void check_lists(const struct linux_context *linux)
{
    uint64_t init_task = linux->init_task_va;
    check_head(linux, "super_block", "s_list", root_super_block(linux), "super_blocks");
    assert_true(linux->modules && linux->modules->count > 0);
    check_head(linux, "module", "list", linux->modules->module[0].va, "modules");
    /* This one has no head: the first task is in it. */
    struct list_iterator tasks = walk_list(linux, "task_struct", "tasks", init_task);
    assert_true(tasks.head_va == 0);
    assert_true(tasks.count > 10);
    struct list_iterator from_another =
        walk_list(linux, "task_struct", "tasks", tasks_find(linux->tasks, 1)->va);
    assert_true(from_another.head_va == 0);
    assert_int_equal(from_another.count, tasks.count);
    /* init and kthreadd, linked by another member. */
    assert_int_equal(walk_list(linux, "task_struct", "children", init_task).count, 2);
    assert_null(
        list_head_known(linux->btf, btf_find(linux->btf, "task_struct", BTF_STRUCT), "sibling"));
    /* Half a struct away nothing reads as one. */
    assert_false(
        list_reads_as(linux, btf_find(linux->btf, "task_struct", BTF_STRUCT), init_task + 0x84));
}

static void check_guest(struct session *opened, struct linux_context *linux)
{
    session = opened;
    check_lists(linux);
}

static void test_guests(void **state)
{
    (void)state;
    guest_truth_sessions(check_guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_guests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
