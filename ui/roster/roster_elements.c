/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of one list of the kernel: where each is, and what tells it from the others. */
#include "guest/list_heads.h"
#include "guest/view_list.h"
#include "guest/view_summary.h"
#include "ui/roster/pane_list.h"
#include "ui/roster/roster.h"

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
    uint64_t va;
    bool is_object;
    struct view_list list;
    struct element *element;
    size_t count, room;
    struct view_telling telling;
};

enum { NUMBER, ADDRESS, WHAT, COLUMNS };

static const struct roster_column columns[COLUMNS] = {
    [NUMBER] = {"#", 6, 1, true, STYLE_DIM},
    [ADDRESS] = {"ADDRESS", 16, 0, false, STYLE_ADDRESS},
    [WHAT] = {"WHAT", -20, 0, false, STYLE_TEXT},
};

static const struct elements *state_of(const struct roster *roster)
{
    return roster->state;
}

static void unload(struct roster *roster)
{
    struct elements *self = roster->state;
    view_list_end(&self->list);
    free(self->element);
    self->element = NULL;
    self->count = self->room = 0;
}

static bool load(struct roster *roster, struct error *why)
{
    struct elements *self = roster->state;
    struct guest *guest = roster_guest(roster, GUEST_TYPES, why);
    unload(roster);
    if (!guest)
        return false;
    self->btf = guest->btf;
    if (!self->asked)
        return error_set(why, "L on a member of a struct that links a list shows it here");
    if (!view_list_start(&self->list, self->btf, &roster->session->memory, self->type, self->path,
                         self->va, self->is_object, why))
        return false;
    view_list_know(&self->list, guest);
    self->list.most = MOST;
    view_telling(self->btf, self->list.type, &self->telling);
    return true;
}

static bool add(struct elements *self, uint64_t va)
{
    if (self->count == self->room) {
        size_t room = self->room ? 2 * self->room : 256;
        struct element *element = realloc(self->element, room * sizeof *element);
        if (!element)
            return false;
        self->element = element;
        self->room = room;
    }
    self->element[self->count++] = (struct element){.va = va};
    return true;
}

static bool step(struct roster *roster)
{
    struct elements *self = roster->state;
    struct object object;
    if (self->list.state != VIEW_LIST_ON)
        return false;
    for (int i = 0; i < STEP_ELEMENTS && view_list_next(&self->list, &object); i++)
        if (!add(self, object.va)) {
            app_error(roster->app, "out of memory after %zu elements", self->count);
            self->list.state = VIEW_LIST_LONG;
            return false;
        }
    if (self->list.state > VIEW_LIST_END)
        app_error(roster->app, "%s", self->list.say);
    return true;
}

static size_t count(const struct roster *roster)
{
    return state_of(roster)->count;
}

static void summary(const struct roster *roster, size_t row, struct text *text)
{
    const struct elements *self = state_of(roster);
    if (!view_summarize(self->btf, &roster->session->memory, &self->telling, self->element[row].va,
                        text))
        text_add(text, self->telling.count ? "not mapped" : "");
}

/* Reading all pointers of forty structs takes longer than a frame may: once a refresh is enough. */
static bool reads_as(const struct roster *roster, size_t row)
{
    const struct elements *self = state_of(roster);
    struct element *element = &self->element[row];
    if (!element->judged || element->judged_ms != roster->now_ms)
        *element = (struct element){.va = element->va,
                                    .judged_ms = roster->now_ms,
                                    .judged = true,
                                    .reads = list_reads_as(self->btf, &roster->session->memory,
                                                           self->list.type, element->va)};
    return element->reads;
}

static void text(const struct roster *roster, size_t row, unsigned column, struct text *text)
{
    const struct elements *self = state_of(roster);
    uint64_t va = self->element[row].va;
    if (column == NUMBER)
        text_add(text, "%zu", row);
    if (column == ADDRESS)
        text_add(text, "%" PRIx64, va);
    if (column != WHAT)
        return;
    if (!reads_as(roster, row))
        text_add(text, "? ");
    summary(roster, row, text);
}

static int compare(const struct roster *roster, size_t a, size_t b, unsigned column)
{
    const struct elements *self = state_of(roster);
    if (column == ADDRESS)
        return self->element[a].va < self->element[b].va
                   ? -1
                   : self->element[a].va > self->element[b].va;
    if (column != WHAT)
        return 0;
    char left[ROSTER_TEXT], right[ROSTER_TEXT];
    struct text one = TEXT_OVER(left), other = TEXT_OVER(right);
    summary(roster, a, &one);
    summary(roster, b, &other);
    return strcmp(left, right);
}

/* As they were read: what step() adds needs no sorting. */
static bool order(const struct roster *roster, unsigned column, uint32_t *rows)
{
    for (size_t i = 0; column == NUMBER && i < count(roster); i++)
        rows[i] = (uint32_t)i;
    return column == NUMBER;
}

static uint64_t key(const struct roster *roster, size_t row)
{
    return state_of(roster)->element[row].va;
}

static struct address address(const struct roster *roster, size_t row)
{
    return address_in(SPACE_VIRT, state_of(roster)->element[row].va);
}

static bool act(struct roster *roster, size_t row, enum action action)
{
    const struct elements *self = state_of(roster);
    if (action != ACTION_FOLLOW && action != ACTION_STRUCT)
        return false;
    app_show_struct(roster->app, btf_find(self->btf, self->type, BTF_VOID), self->element[row].va);
    return true;
}

static void caption(const struct roster *roster, struct text *text)
{
    static const char *const ends[] = {
        [VIEW_LIST_ON] = "  ...",         [VIEW_LIST_END] = "",
        [VIEW_LIST_LOOP] = "  loop",      [VIEW_LIST_BROKEN] = "  broken",
        [VIEW_LIST_LONG] = "  and so on",
    };
    const struct elements *self = state_of(roster);
    text_add(text, "  %s.%s%s", self->type, self->path, ends[self->list.state]);
    if (self->list.strays)
        text_add(text, "  %zu torn", self->list.strays);
    if (self->list.head_va)
        text_add(text, "  head at v:%" PRIx64, self->list.head_va);
}

static const struct roster_kind kind = {
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
    .act = act,
    .caption = caption,
};

static struct pane *create(struct app *app, struct session *session)
{
    return roster_create(&list_pane_type, &kind, app, session);
}

const struct pane_type list_pane_type = {.name = "list", .create = create, ROSTER_PANE};

bool list_pane_show(struct pane *pane, const char *type, const char *path, uint64_t va,
                    bool is_object, struct error *err)
{
    struct roster *roster = (struct roster *)(void *)pane;
    struct elements *self = roster->state;
    self->asked = true;
    snprintf(self->type, sizeof self->type, "%s", type);
    snprintf(self->path, sizeof self->path, "%s", path);
    self->va = va;
    self->is_object = is_object;
    roster_filter(pane, "");
    list_to(&roster->list, 0);
    roster_reload(roster);
    roster->seeking = false;
    if (!roster->loaded)
        *err = roster->why;
    return roster->loaded;
}
