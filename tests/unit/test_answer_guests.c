/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every subject's answers on real guests, against the schema and against the test's own filtering.
 */
#include "tests/unit/answer_check.h"
#include "tests/unit/guest_truth.h"
#include "tests/unit/support.h"

#include <stdio.h>
#include <string.h>

static struct session *session;

static const char *const lines[] = {
    "dmesg where level<=4",
    "help",
    "hex init_task 40",
    "info",
    "list task_struct.tasks init_task pid comm __state",
    "page init_task",
    "ps",
    "regions where depth<=1",
    "schema ps",
    "struct list_head init_task",
    "sym where name~virtio_pci",
    "sym init_task",
    "tables kernel where page_size>=2M",
    "translate init_task",
    "types where kind=union name~m",
    "vmas 1",
    "walk init_task",
};
#define LINES (sizeof lines / sizeof *lines)

static void check_line(const char *line)
{
    answer_check_schema(session, line);
    answer_check_terms(session, line);
    answer_check_order(session, line);
}

/* A page of a program, which several processes run. */
static void check_program_page(void)
{
    char line[80];
    json_t *code = answer_rows(session, "vmas gt-alpha where perm=x file~gtest");
    json_t *start = json_object_get(json_array_get(code, 0), "start");
    assert_true(json_is_string(start));
    snprintf(line, sizeof line, "page v:gt-alpha:%s", json_string_value(start));
    check_line(line);
    json_decref(code);
}

static void check_guest(const char *folder)
{
    session = guest_truth_session(folder);
    assert_non_null(session);
    for (size_t i = 0; i < LINES; i++)
        check_line(lines[i]);
    check_program_page();
    static const char *const only_schema[] = {"struct task_struct init_task", "struct task_struct",
                                              "struct pid_type", "types pid_type",
                                              "list task_struct.tasks init_task se mm cpus_mask"};
    for (size_t i = 0; i < sizeof only_schema / sizeof *only_schema; i++)
        answer_check_schema(session, only_schema[i]);
    session_close(session);
}

static void answers_are_typed(void **state)
{
    (void)state;
    guest_truth_folders(check_guest);
}

/* --- every leaf of a struct --------------------------------------------------------------------*/

/* The little-endian number at `offset` of the struct's bytes. */
static uint64_t number_at(const char *digits, uint64_t offset, uint64_t size)
{
    uint64_t number = 0;
    for (uint64_t i = size; i-- > 0;) {
        unsigned byte = 0;
        sscanf(digits + 2 * (offset + i), "%2x", &byte);
        number = number << 8 | byte;
    }
    return number;
}

static uint64_t mask_of(uint64_t size)
{
    return size < 8 ? (UINT64_C(1) << 8 * size) - 1 : UINT64_MAX;
}

static uint64_t bits_of(json_t *value)
{
    if (json_is_object(value))
        value = json_object_get(value, "number");
    if (json_is_string(value))
        return strtoull(json_string_value(value), NULL, 16);
    return (uint64_t)json_integer_value(value);
}

struct leaves {
    const char *digits; /* of all bytes */
    size_t count, compared;
};

/* A leaf has a value, and where it is one number of at most 8 bytes these bytes are it. */
static void check_leaf(struct leaves *leaves, json_t *member)
{
    json_t *value = json_object_get(member, "value");
    uint64_t offset = (uint64_t)json_integer_value(json_object_get(member, "offset"));
    uint64_t size = (uint64_t)json_integer_value(json_object_get(member, "size"));
    const char *type = json_string_value(json_object_get(member, "type"));
    leaves->count++;
    if (!value || json_is_null(value))
        fail_msg("no value: %s", json_dumps(member, 0));
    bool text = json_is_string(value) && strncmp(json_string_value(value), "0x", 2) != 0;
    if (text && !strstr(type, "char"))
        fail_msg("a sentence: %s", json_dumps(member, 0));
    if (text || json_is_array(value) || size > 8 || json_object_get(member, "bits"))
        return;
    leaves->compared++;
    if ((bits_of(value) & mask_of(size)) != number_at(leaves->digits, offset, size))
        fail_msg("other bytes: %s", json_dumps(member, 0));
}

static void check_members(struct leaves *leaves, json_t *members)
{
    json_t *member;
    size_t i;
    json_array_foreach(members, i, member)
    {
        json_t *inner = json_object_get(member, "members");
        if (inner)
            check_members(leaves, inner);
        else
            check_leaf(leaves, member);
    }
}

static json_t *one_row(const char *line)
{
    json_t *rows = answer_rows(session, line);
    assert_int_equal(json_array_size(rows), 1);
    json_t *row = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    return row;
}

static void check_struct(const char *type, const char *place)
{
    char line[200];
    snprintf(line, sizeof line, "struct %s %s", type, place);
    json_t *row = one_row(line);
    json_int_t size = json_integer_value(json_object_get(row, "size"));
    snprintf(line, sizeof line, "hex %s .%" JSON_INTEGER_FORMAT, place, size);
    json_t *bytes = one_row(line);
    struct leaves leaves = {.digits = json_string_value(json_object_get(bytes, "bytes"))};
    check_members(&leaves, json_object_get(row, "members"));
    assert_true(leaves.compared > 0 && leaves.compared <= leaves.count);
    printf("  %zu leaves of %s, %zu compared\n", leaves.count, type, leaves.compared);
    json_decref(bytes);
    json_decref(row);
}

static void check_leaves(const char *folder)
{
    session = guest_truth_session(folder);
    assert_non_null(session);
    json_t *init = one_row("ps where pid=1");
    check_struct("task_struct", "init_task");
    check_struct("task_struct", json_string_value(json_object_get(init, "task")));
    check_struct("mm_struct", json_string_value(json_object_get(init, "mm")));
    json_decref(init);
    session_close(session);
}

static void structs_have_every_leaf(void **state)
{
    (void)state;
    guest_truth_folders(check_leaves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structs_have_every_leaf),
        cmocka_unit_test(answers_are_typed),
    };
    return cmocka_run_group_tests_name("answers of guests", tests, NULL, NULL);
}
