/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of real kernels: RAMWALK_GUESTS is a folder of snapshots; the heads are to be found. */
#include "guest/list_heads.h"
#include "guest/view_list.h"
#include "session/session.h"
#include "tests/unit/guest_truth.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ROOM 512

static struct session session;

/* Walks from `va`; all elements have to read as the type. */
static struct view_list walk_list(const struct guest *guest, const char *type, const char *path,
                                  uint64_t va)
{
    struct view_list list;
    struct error err;
    struct object element;
    if (!view_list_find(&list, guest, &session.memory, btf_find(guest->btf, type, BTF_STRUCT), path,
                        va, &err))
        fail_msg("%s", err.text);
    while (view_list_next(&list, &element))
        assert_true(list_reads_as(guest->btf, element.memory, element.type, element.va));
    view_list_end(&list);
    assert_int_equal(list.state, VIEW_LIST_END);
    return list;
}

/* The head is where kallsyms says, where it names data, and the same from wherever one starts. */
static void check_head(const struct guest *guest, const char *type, const char *path, uint64_t va,
                       const char *symbol)
{
    uint64_t known;
    struct view_list list = walk_list(guest, type, path, va);
    assert_true(list.head_va - guest->image_va < guest->image_size);
    if (guest_symbol(guest, symbol, &known))
        assert_true(known == list.head_va);
    struct view_list from_head = walk_list(guest, type, path, list.head_va);
    assert_int_equal(from_head.count, list.count);
    print_message("  %zu of %s.%s\n", list.count, type, path);
}

/* The super block of what the idle task has as its root. */
static uint64_t root_super_block(const struct guest *guest)
{
    struct object task, fs, mount;
    uint64_t super_block;
    assert_true(object_at(&task, guest->btf, &session.memory, "task_struct", guest->init_task_va));
    assert_true(object_follow(&task, "fs", &fs));
    assert_true(object_follow(&fs, "root.mnt", &mount));
    assert_true(object_pointer(&mount, "mnt_sb", &super_block));
    return super_block;
}

static void check_lists(const struct guest *guest)
{
    uint64_t init_task = guest->init_task_va;
    check_head(guest, "super_block", "s_list", root_super_block(guest), "super_blocks");
    assert_true(guest->has_modules && guest->modules.count > 0);
    check_head(guest, "module", "list", guest->modules.module[0].va, "modules");
    /* This one has no head: the first task is in it. */
    struct view_list tasks = walk_list(guest, "task_struct", "tasks", init_task);
    assert_true(tasks.head_va == 0);
    assert_true(tasks.count > 10);
    struct view_list from_another =
        walk_list(guest, "task_struct", "tasks", tasks_find(&guest->tasks, 1)->va);
    assert_true(from_another.head_va == 0);
    assert_int_equal(from_another.count, tasks.count);
    /* init and kthreadd, linked by another member. */
    assert_int_equal(walk_list(guest, "task_struct", "children", init_task).count, 2);
    assert_null(
        list_head_known(guest->btf, btf_find(guest->btf, "task_struct", BTF_STRUCT), "sibling"));
    /* Half a struct away nothing reads as one. */
    assert_false(list_reads_as(guest->btf, &session.memory,
                               btf_find(guest->btf, "task_struct", BTF_STRUCT), init_task + 0x84));
}

static void check_guest(const char *folder)
{
    struct error err;
    char image[2 * ROOM];
    snprintf(image, sizeof image, "%s/ram.img", folder);
    if (access(image, R_OK) != 0)
        return;
    print_message("%s\n", folder);
    struct options options = {.image = image};
    if (!session_open(&session, &options, &err))
        fail_msg("%s", err.text);
    session_settle(&session, false);
    const struct guest *guest = session_need(&session, GUEST_TASKS, &err);
    if (!guest)
        fail_msg("%s", err.text);
    check_lists(guest);
    session_close(&session);
}

static void test_guests(void **state)
{
    (void)state;
    guest_truth_folders(check_guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_guests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
