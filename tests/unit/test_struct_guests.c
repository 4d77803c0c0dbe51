/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structs of real kernels by the command and in the pane: RAMWALK_GUESTS has the snapshots. */
#include "answer/command.h"
#include "session/owners.h"
#include "tests/unit/guest_truth.h"
#include "tests/unit/support.h"
#include "ui/app/app_state.h"
#include "ui/pane/struct/pane_struct.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session *session;

/* The one object that a line answers. */
static json_t *answer(const char *line)
{
    struct capture capture;
    capture_start(&capture, true);
    if (!command_line(session, line, &capture.output))
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

/* As far as a pane asks it for names. */
static struct app *create_app(void)
{
    struct app *app = calloc(1, sizeof *app);
    assert_non_null(app);
    app->owners = owners_create(session);
    assert_non_null(app->owners);
    return app;
}

static void destroy_app(struct app *app)
{
    owners_destroy(app->owners);
    free(app);
}

/* Every motion and every command of the pane, with no row to act on. */
static void use_without_rows(struct pane *pane)
{
    struct error err;
    for (const struct motion_command *c = motion_commands; c->name; c++)
        pane->type->move(pane, c->motion, c->direction);
    const struct pane_command *sets[] = {pane->type->commands, pane->type->shared_commands};
    for (size_t i = 0; i < 2; i++)
        for (const struct pane_command *c = sets[i]; c && c->name; c++)
            c->run(pane,
                   &(struct pane_call){.arguments = "", .count = 1, .how = c->how, .err = &err});
}

/* Empty structs: the layout, one at an address, and one in the pane. */
static void check_empty_structs(struct linux_context *linux)
{
    unsigned count = 0;
    struct error err;
    struct address init_task = address_in(session_space(session), linux->init_task_va);
    struct app *app = create_app();
    struct pane *pane = struct_pane_type.create(app, session);
    for (uint32_t id = 1; id < btf_count(linux->btf); id++) {
        const char *name = btf_name(linux->btf, id);
        if (btf_kind(linux->btf, id) != BTF_STRUCT || btf_size(linux->btf, id) ||
            btf_members(linux->btf, id) || !*name || btf_find(linux->btf, name, BTF_VOID) != id)
            continue;
        check_empty(name, "");
        check_empty(name, "init_task");
        if (!struct_pane_show(pane, id, init_task, &err))
            fail_msg("%s", err.text);
        assert_int_equal(struct_pane_of(pane)->list.rows, 0);
        assert_int_equal(pane->type->here(pane).value, linux->init_task_va);
        use_without_rows(pane);
        count++;
    }
    print_message("  %u empty structs\n", count);
    assert_true(count > 100);
    struct_pane_type.destroy(pane);
    destroy_app(app);
}

/* A text that no row has leaves n at the one that was found last. */
static void check_search(struct linux_context *linux)
{
    struct error err;
    struct app *app = create_app();
    struct pane *pane = struct_pane_type.create(app, session);
    struct address init_task = address_in(session_space(session), linux->init_task_va);
    uint32_t type = btf_find(linux->btf, "task_struct", BTF_STRUCT);
    assert_true(struct_pane_show(pane, type, init_task, &err));
    assert_true(pane->type->search(pane, "tgid", false, &err));
    uint64_t row = struct_pane_of(pane)->list.cursor;
    assert_false(pane->type->search(pane, "no such member", false, &err));
    scroll_to(&struct_pane_of(pane)->list, 0);
    assert_true(pane->type->search_again(pane, false, &err));
    assert_int_equal(struct_pane_of(pane)->list.cursor, row);
    struct_pane_type.destroy(pane);
    destroy_app(app);
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
static void check_history(struct linux_context *linux)
{
    struct error err;
    struct app *app = create_app();
    struct pane *pane = struct_pane_type.create(app, session);
    struct struct_pane *self = struct_pane_of(pane);
    struct visit_detail detail = {{0}};
    uint32_t type = btf_find(linux->btf, "task_struct", BTF_STRUCT);
    const struct space *space = session_space(session);
    struct address here = address_in(space, linux->init_task_va);
    struct address other = address_in(space, tasks_find(linux->tasks, 1)->va);
    self->list.height = 20;
    assert_true(struct_pane_show(pane, type, here, &err));
    assert_true(struct_pane_open(self, row_named(self->view, "se"), true));
    scroll_to(&self->list, row_named(self->view, "se.vruntime"));
    pane->type->detail(pane, &detail);
    uint64_t line = self->list.cursor - self->list.top;
    assert_true(struct_pane_show(pane, type, other, &err));
    assert_true(struct_pane_open(self, row_named(self->view, "thread_info"), true));
    assert_true(struct_pane_open(self, row_named(self->view, "se"), false));
    pane->type->recall(pane, &detail);
    pane->type->restore(pane, here, here.value);
    assert_int_equal(self->va, here.value);
    assert_int_equal(self->list.cursor, row_named(self->view, "se.vruntime"));
    assert_int_equal(self->list.cursor - self->list.top, line);
    /* A pane that showed nothing comes back to what it shows. */
    detail = (struct visit_detail){{0}};
    pane->type->recall(pane, &detail);
    pane->type->restore(pane, address_in(space, 0), 0);
    assert_int_equal(self->va, here.value);
    struct_pane_type.destroy(pane);
    destroy_app(app);
}

static void check_guest(struct session *opened, struct linux_context *linux)
{
    session = opened;
    check_empty_structs(linux);
    check_search(linux);
    check_history(linux);
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
