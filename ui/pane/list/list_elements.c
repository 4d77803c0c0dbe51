/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of one list of the kernel: where each is, and what tells it from the others. */
#include "ui/pane/list/list_elements.h"
#include "base/array.h"
#include "linux/lists/list_heads.h"
#include "linux/lists/list_iterator.h"
#include "linux/types/view_summary.h"
#include "ui/pane/list/list_pane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_ELEMENTS = 1000, MOST = 100000 };

struct element {
    uint64_t va;
    int64_t judged_ms; /* the refresh at which `reads` was true or not */
    bool judged, reads;
};

struct elements {
    const struct btf *btf;
    bool asked; /* type, path, ... say which list */
    char type[128], path[256];
    struct address address;
    struct memory memory; /* of its space */
    bool is_object;
    struct list_iterator scroll;
    struct element *element;
    size_t count, capacity;
    struct view_telling telling;
};

enum { NUMBER, ADDRESS, WHAT, COLUMNS };

static const struct list_column columns[COLUMNS] = {
    [NUMBER] = {"#", 6, 1, true, STYLE_DIM},
    [ADDRESS] = {"ADDRESS", 16, 0, false, STYLE_ADDRESS},
    [WHAT] = {"WHAT", -20, 0, false, STYLE_TEXT},
};

static const struct elements *state_of(const struct list_pane *list)
{
    return list->state;
}

static void unload(struct list_pane *list)
{
    struct elements *self = list->state;
    list_iterator_end(&self->scroll);
    free(self->element);
    self->element = NULL;
    self->count = self->capacity = 0;
}

static bool load(struct list_pane *list, struct error *why)
{
    struct elements *self = list->state;
    struct linux_context *linux = list_pane_guest(list, LINUX_TYPES, why);
    unload(list);
    if (!linux)
        return false;
    self->btf = linux->btf;
    if (!self->asked)
        return error_set(why, "L on a member of a struct that links a list shows it here");
    self->memory = session_memory(list->session, self->address.space);
    if (!list_iterator_start(&self->scroll, self->btf, &self->memory, self->type, self->path,
                             self->address.value, self->is_object, why))
        return false;
    list_iterator_know(&self->scroll, linux);
    self->scroll.most = MOST;
    view_telling(self->btf, self->scroll.type, &self->telling);
    return true;
}

static bool add(struct elements *self, uint64_t va)
{
    if (!ARRAY_ROOM(&self->element, self->count, &self->capacity))
        return false;
    self->element[self->count++] = (struct element){.va = va};
    return true;
}

static bool step(struct list_pane *list)
{
    struct elements *self = list->state;
    struct object object;
    if (self->scroll.state != LIST_ITERATOR_ON)
        return false;
    for (int i = 0; i < STEP_ELEMENTS && list_iterator_next(&self->scroll, &object); i++)
        if (!add(self, object.va)) {
            app_error(list->app, "out of memory after %zu elements", self->count);
            self->scroll.state = LIST_ITERATOR_LONG;
            return false;
        }
    if (self->scroll.state > LIST_ITERATOR_END)
        app_error(list->app, "%s", self->scroll.say);
    return true;
}

static size_t count(const struct list_pane *list)
{
    return state_of(list)->count;
}

static void summary(const struct list_pane *list, size_t row, struct text *text)
{
    struct elements *self = list->state;
    if (!view_summarize(self->btf, &self->memory, &self->telling, self->element[row].va, text))
        text_add(text, self->telling.count ? "not mapped" : "");
}

/* Reading all pointers of forty structs takes longer than a frame may: once a refresh is enough. */
static bool reads_as(const struct list_pane *list, size_t row)
{
    struct elements *self = list->state;
    struct element *element = &self->element[row];
    if (!element->judged || element->judged_ms != list->now_ms)
        *element = (struct element){
            .va = element->va,
            .judged_ms = list->now_ms,
            .judged = true,
            .reads = list_reads_as(self->btf, &self->memory, self->scroll.type, element->va)};
    return element->reads;
}

static void text(const struct list_pane *list, size_t row, unsigned column, struct text *text)
{
    struct elements *self = list->state;
    uint64_t va = self->element[row].va;
    if (column == NUMBER)
        text_add(text, "%zu", row);
    if (column == ADDRESS)
        text_add(text, "%" PRIx64, va);
    if (column != WHAT)
        return;
    if (!reads_as(list, row))
        text_add(text, "? ");
    summary(list, row, text);
}

static int compare(const struct list_pane *list, size_t a, size_t b, unsigned column)
{
    const struct elements *self = state_of(list);
    if (column == ADDRESS)
        return self->element[a].va < self->element[b].va
                   ? -1
                   : self->element[a].va > self->element[b].va;
    if (column != WHAT)
        return 0;
    char left[LIST_PANE_TEXT], right[LIST_PANE_TEXT];
    struct text one = TEXT_OVER(left), other = TEXT_OVER(right);
    summary(list, a, &one);
    summary(list, b, &other);
    return strcmp(left, right);
}

/* As they were read: what step() adds needs no sorting. */
static bool order(const struct list_pane *list, unsigned column, uint32_t *rows)
{
    for (size_t i = 0; column == NUMBER && i < count(list); i++)
        rows[i] = (uint32_t)i;
    return column == NUMBER;
}

static uint64_t key(const struct list_pane *list, size_t row)
{
    return state_of(list)->element[row].va;
}

static struct address address(const struct list_pane *list, size_t row)
{
    return address_in(state_of(list)->address.space, state_of(list)->element[row].va);
}

static bool follow(struct list_pane *list, size_t row, struct error *err)
{
    (void)err;
    const struct elements *self = state_of(list);
    app_show_struct(list->app, btf_find(self->btf, self->type, BTF_VOID), address(list, row));
    return true;
}

static bool show_struct(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    return list && follow(list, row, call->err);
}

static const struct pane_command commands[] = {
    {"show-struct", "", "this element as a struct", show_struct, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

static void caption(const struct list_pane *list, struct text *text)
{
    static const char *const ends[] = {
        [LIST_ITERATOR_ON] = "  ...",         [LIST_ITERATOR_END] = "",
        [LIST_ITERATOR_LOOP] = "  loop",      [LIST_ITERATOR_BROKEN] = "  broken",
        [LIST_ITERATOR_LONG] = "  and so on",
    };
    const struct elements *self = state_of(list);
    text_add(text, "  %s.%s%s", self->type, self->path, ends[self->scroll.state]);
    if (self->scroll.strays)
        text_add(text, "  %zu torn", self->scroll.strays);
    if (self->scroll.head_va)
        text_add(text, "  head at v:%" PRIx64, self->scroll.head_va);
}

static const struct list_source kind = {
    .title = "List",
    .column = columns,
    .columns = COLUMNS,
    .state_size = sizeof(struct elements),
    .load = load,
    .unload = unload,
    .step = step,
    .count = count,
    .text = text,
    .compare = compare,
    .order = order,
    .key = key,
    .address = address,
    .follow = follow,
    .caption = caption,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&elements_pane_type, &kind, app, session);
}

const struct pane_type elements_pane_type = {
    .name = "list", .create = create, .commands = commands, LIST_PANE_OPERATIONS};

bool elements_pane_show(struct pane *pane, const char *type, const char *path,
                        struct address address, bool is_object, struct error *err)
{
    struct list_pane *list = (struct list_pane *)(void *)pane;
    struct elements *self = list->state;
    self->asked = true;
    snprintf(self->type, sizeof self->type, "%s", type);
    snprintf(self->path, sizeof self->path, "%s", path);
    self->address = address;
    self->is_object = is_object;
    list_pane_filter(pane, "");
    scroll_to(&list->scroll, 0);
    list_pane_reload(list);
    list->seeking = false;
    if (!list->loaded)
        *err = list->why;
    return list->loaded;
}
