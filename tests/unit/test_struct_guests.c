/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structs of real kernels by the command and in the pane: RAMWALK_GUESTS has the snapshots. */
#include "command/command.h"
#include "tests/unit/guest_truth.h"
#include "tests/unit/support.h"
#include "ui/app_state.h"
#include "ui/hex/owners.h"
#include "ui/struct/pane_struct.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct session session;

/* The one object that a line answers. */
static json_t *answer(const char *line)
{
    struct capture capture;
    capture_start(&capture, true);
    if (!command_line(&session, line, &capture.output))
        fail_msg("%s: %s", line, capture.text);
    json_t *one = json_loads(capture.text, JSON_DISABLE_EOF_CHECK, NULL);
    if (!one)
        fail_msg("%s: %s", line, capture.text);
    capture_free(&capture);
    return one;
}

static void check_empty(const char *name, const char *place)
{
    char line[300];
    snprintf(line, sizeof line, "struct %s %s", name, place);
    json_t *one = answer(line);
    assert_int_equal(json_integer_value(json_object_get(one, "size")), 0);
    assert_true(json_is_array(json_object_get(one, "members")));
    assert_int_equal(json_array_size(json_object_get(one, "members")), 0);
    json_decref(one);
}

/* Empty structs: the layout, one at an address, and one in the pane. */
static void check_empty_structs(struct guest *guest)
{
    unsigned count = 0;
    struct error err;
    struct app app = {.owners = owners_create(&session)};
    struct pane *pane = struct_pane_type.create(&app, &session);
    for (uint32_t id = 1; id < btf_count(guest->btf); id++) {
        const char *name = btf_name(guest->btf, id);
        if (btf_kind(guest->btf, id) != BTF_STRUCT || btf_size(guest->btf, id) ||
            btf_members(guest->btf, id) || !*name || btf_find(guest->btf, name, BTF_VOID) != id)
            continue;
        check_empty(name, "");
        check_empty(name, "init_task");
        if (!struct_pane_show(pane, id, guest->init_task_va, &err))
            fail_msg("%s", err.text);
        assert_int_equal(struct_pane_of(pane)->list.rows, 0);
        assert_int_equal(pane->type->here(pane).value, guest->init_task_va);
        for (int action = 0; action < ACTIONS; action++) /* none has a row to act on */
            if (action != ACTION_SEARCH_NEXT && action != ACTION_SEARCH_PREVIOUS)
                pane->type->act(pane, (enum action)action, 1);
        count++;
    }
    print_message("  %u empty structs\n", count);
    assert_true(count > 100);
    struct_pane_type.destroy(pane);
    owners_destroy(app.owners);
}

/* A text that no row has leaves n at the one that was found last. */
static void check_search(struct guest *guest)
{
    struct error err;
    struct app app = {.owners = owners_create(&session)};
    struct pane *pane = struct_pane_type.create(&app, &session);
    uint32_t type = btf_find(guest->btf, "task_struct", BTF_STRUCT);
    assert_true(struct_pane_show(pane, type, guest->init_task_va, &err));
    assert_true(pane->type->search(pane, "tgid", false, &err));
    uint64_t row = struct_pane_of(pane)->list.cursor;
    assert_false(pane->type->search(pane, "no such member", false, &err));
    list_to(&struct_pane_of(pane)->list, 0);
    pane->type->act(pane, ACTION_SEARCH_NEXT, 1);
    assert_int_equal(struct_pane_of(pane)->list.cursor, row);
    struct_pane_type.destroy(pane);
    owners_destroy(app.owners);
}

static size_t row_named(const struct view *view, const char *path)
{
    char text[256];
    for (size_t i = 0; i < view_rows(view); i++)
        if (strcmp(view_path(view, i, text, sizeof text), path) == 0)
            return i;
    fail_msg("no row %s", path);
    return 0;
}

/* What history does: back from another instance, in which other members are open. */
static void check_history(struct guest *guest)
{
    struct error err;
    struct app app = {.owners = owners_create(&session)};
    struct pane *pane = struct_pane_type.create(&app, &session);
    struct struct_pane *self = struct_pane_of(pane);
    struct visit_detail detail = {{0}};
    uint32_t type = btf_find(guest->btf, "task_struct", BTF_STRUCT);
    uint64_t here = guest->init_task_va, other = tasks_find(&guest->tasks, 1)->va;
    self->list.height = 20;
    assert_true(struct_pane_show(pane, type, here, &err));
    assert_true(struct_pane_open(self, row_named(self->view, "se"), true));
    list_to(&self->list, row_named(self->view, "se.vruntime"));
    pane->type->detail(pane, &detail);
    uint64_t line = self->list.cursor - self->list.top;
    assert_true(struct_pane_show(pane, type, other, &err));
    assert_true(struct_pane_open(self, row_named(self->view, "thread_info"), true));
    assert_true(struct_pane_open(self, row_named(self->view, "se"), false));
    pane->type->recall(pane, &detail);
    pane->type->restore(pane, address_in(SPACE_VIRT, here), here);
    assert_int_equal(self->va, here);
    assert_int_equal(self->list.cursor, row_named(self->view, "se.vruntime"));
    assert_int_equal(self->list.cursor - self->list.top, line);
    /* A pane that showed nothing comes back to what it shows. */
    detail = (struct visit_detail){{0}};
    pane->type->recall(pane, &detail);
    pane->type->restore(pane, address_in(SPACE_VIRT, 0), 0);
    assert_int_equal(self->va, here);
    struct_pane_type.destroy(pane);
    owners_destroy(app.owners);
}

static void check_guest(const char *folder)
{
    struct error err;
    char image[1024];
    snprintf(image, sizeof image, "%s/ram.img", folder);
    if (access(image, R_OK) != 0)
        return;
    print_message("%s\n", folder);
    struct options options = {.image = image};
    if (!session_open(&session, &options, &err))
        fail_msg("%s", err.text);
    session_settle(&session, false);
    struct guest *guest = session_need(&session, GUEST_TASKS, &err);
    if (!guest)
        fail_msg("%s", err.text);
    check_empty_structs(guest);
    check_search(guest);
    check_history(guest);
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
