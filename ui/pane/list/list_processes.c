/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes and their threads, live: what is new and what changed its state lights up,
 * and a message reports that the one under the cursor is gone.
 */
#include "answer/subjects.h"
#include "ui/pane/list/list_pane.h"

#include <stdlib.h>
#include <string.h>

enum { LIVE_MS = 500, NOW_MS = 900, OLD_MS = 2500 };
#define NEVER (-OLD_MS)

/* What was seen of one, by the number of its row. */
struct process {
    uint64_t key;
    char state, name[80];
    int64_t born_ms, state_ms;
};

struct processes {
    struct process *process;
    size_t count;
    unsigned state_column;
};

static const struct processes *state_of(const struct list_pane *list)
{
    return list->state;
}

static bool ask(struct list_pane *list, struct list_question *question, struct error *why)
{
    question->subject = command_ps.subject;
    return session_knows(list->session, LINUX_TASKS, why);
}

static void unload(struct list_pane *list)
{
    struct processes *self = list->state;
    free(self->process);
    *self = (struct processes){0};
}

static const struct process *find(const struct processes *self, uint64_t key)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->process[i].key == key)
            return &self->process[i];
    return NULL;
}

/* The rows come in the same order mostly: the one at the same place is tried first. */
static void compare_with(struct processes *self, const struct processes *old, int64_t now_ms)
{
    size_t at = 0;
    for (size_t i = 0; i < self->count; i++) {
        struct process *process = &self->process[i];
        const struct process *before = at < old->count && old->process[at].key == process->key
                                           ? &old->process[at]
                                           : find(old, process->key);
        bool is_new = old->count && !before;
        process->born_ms = is_new ? now_ms : before ? before->born_ms : NEVER;
        process->state_ms = before ? before->state_ms : NEVER;
        if (before && before->state != process->state)
            process->state_ms = now_ms;
        at = before ? (size_t)(before - old->process) + 1 : at;
    }
}

static void say_gone(struct list_pane *list, const struct processes *old, uint64_t key)
{
    const struct process *before = find(old, key);
    if (before && !find(state_of(list), key))
        app_message(list->app, "%s is gone", before->name);
}

static void see(struct list_pane *list, size_t row, struct process *process)
{
    struct text name = TEXT_OVER(process->name);
    const struct value *comm = list_pane_cell(list, row, "comm");
    text_add(&name, "%.*s", comm ? (int)comm->text.length : 0, comm ? comm->text.bytes : "");
    const struct value *pid = list_pane_cell(list, row, "pid");
    text_add(&name, " (%d)", pid ? (int)pid->bits : 0);
    const struct value *state = list_pane_cell(list, row, "state");
    process->state = state ? state->text.bytes[0] : '?';
    process->key = browser_key(list->view.browser, row);
}

static void loaded(struct list_pane *list, uint64_t cursor)
{
    struct processes *self = list->state, old = *self;
    size_t count = browser_count(list->view.browser);
    self->process = calloc(count ? count : 1, sizeof *self->process);
    self->count = self->process ? count : 0;
    self->state_column = shape_find(browser_shape(list->view.browser), "state", strlen("state"));
    for (size_t i = 0; i < self->count; i++)
        see(list, i, &self->process[i]);
    compare_with(self, &old, list->now_ms);
    say_gone(list, &old, cursor);
    free(old.process);
}

static enum freshness fresh(const struct list_pane *list, size_t row, unsigned column)
{
    const struct processes *self = state_of(list);
    if (row >= self->count)
        return FRESH_NOT;
    const struct process *process = &self->process[row];
    int64_t since = column == self->state_column && process->state_ms > process->born_ms
                        ? process->state_ms
                        : process->born_ms;
    int64_t age = list->now_ms - since;
    return age < NOW_MS ? FRESH_NOW : age < OLD_MS ? FRESH_OLD : FRESH_NOT;
}

/* The process of a row.  NULL with the reason: it has ended, or has no user half. */
static const struct space *process_of(const struct list_pane *list, size_t row, struct error *err)
{
    return session_space_at(list->session, list_pane_address(list, row, "task").value, err);
}

static bool follow(struct list_pane *list, size_t row, struct error *err)
{
    const struct space *space = process_of(list, row, err);
    if (space)
        app_open_process(list->app, space);
    return space;
}

static bool show_mappings(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    const struct space *space = list ? process_of(list, row, call->err) : NULL;
    if (!space)
        return false;
    app_use(list->app, space);
    app_show_pane(list->app, &mappings_pane_type);
    return true;
}

static bool show_struct(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    if (!list || !session_knows(list->session, LINUX_TASKS, call->err))
        return false;
    app_show_struct(list->app, session_type(list->session, "task_struct"),
                    list_pane_address(list, row, "task"));
    return true;
}

static const struct pane_command commands[] = {
    {"show-mappings", "", "the mappings of this process", show_mappings, 0, true},
    {"show-struct", "", "its task_struct", show_struct, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

static const struct list_kind kind = {
    .title = "Processes",
    .sort = "pid",
    .state_size = sizeof(struct processes),
    .live_ms = LIVE_MS,
    .ask = ask,
    .loaded = loaded,
    .unload = unload,
    .follow = follow,
    .fresh = fresh,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&processes_pane_type, &kind, app, session);
}

const struct pane_type processes_pane_type = {
    .name = "processes", .create = create, .commands = commands, LIST_PANE_OPERATIONS};
