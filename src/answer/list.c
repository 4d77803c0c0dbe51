/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `list`: the elements of a list of the kernel; members that are asked for are columns of it. */
#include "answer/items.h"
#include "answer/member.h"
#include "answer/place.h"
#include "answer/subjects.h"
#include "base/array.h"
#include "base/clock.h"
#include "linux/lists/list_heads.h"
#include "linux/lists/list_iterator.h"
#include "linux/types/view_summary.h"
#include "session/handles.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { TYPE, VIRT, SPACE, DOUBTFUL, MEMBERS, MARK, WHAT, COLUMNS };

static const struct column columns[COLUMNS] = {
    [TYPE] = {"type", "TYPE", "as C writes it", VALUE_TEXT, COLUMN_NO_TEXT},
    [VIRT] = {"virt", "ADDRESS", "where the element is", VALUE_ADDRESS, 0, 18, .digits = 16},
    [SPACE] = SPACE_COLUMN,
    [DOUBTFUL] = {"doubtful", "DOUBTFUL", "it does not read as one", VALUE_BOOL,
                  COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [MEMBERS] = {"members", NULL, "those that were asked for", VALUE_LIST, COLUMN_NO_TEXT,
                 .inner = &member_shape},
    [MARK] = {"mark", NULL, "?: it does not read as one", VALUE_TEXT, COLUMN_NO_JSON, 1},
    [WHAT] = {"what", "WHAT", "what tells it from the others", VALUE_TEXT, COLUMN_NO_JSON},
};
static const struct shape shape = SHAPE(columns);

/* What is asked for: the columns of members stand after the fixed ones. */
struct listing {
    struct members members;
    struct list_iterator list;
    struct summary_fields fields;
    const char *path[COLUMNS_MAX];
    struct btf_member member[COLUMNS_MAX];
    unsigned count, first; /* members; the first one's column */
    size_t doubtful;
};

/* The word at *at, kept; *at moves to the next one. */
static const char *take_word(struct query *query, const char **at)
{
    size_t length = strcspn(*at, " \t");
    char *word = query_keep(query, *at, length);
    *at += length;
    *at += strspn(*at, " \t");
    return word ? word : "";
}

/* False where one of the members that are asked for is none. */
static bool take_members(struct query *query, struct listing *listing, const char *at,
                         struct error *err)
{
    const struct btf *btf = listing->members.linux->btf;
    uint32_t type = listing->list.type;
    while (*at) {
        const char *start = at, *path = take_word(query, &at);
        int column = (int)(start - query->arguments);
        if (listing->count + COLUMNS == COLUMNS_MAX)
            return error_at(err, column, "at most %u members can be asked for", listing->count);
        if (!btf_path(btf, type, path, &listing->member[listing->count]))
            return error_at(err, column, "%s has no member %s", btf_name(btf, type), path);
        listing->path[listing->count++] = path;
    }
    return true;
}

static struct column column_of(const struct btf *btf, const char *path, uint32_t type)
{
    static const unsigned widths[VALUE_TYPES] = {
        [VALUE_NUMBER] = 9, [VALUE_ADDRESS] = 18, [VALUE_TEXT] = 18};
    struct column column = {.name = path,
                            .heading = path,
                            .brief = "a member that was asked for",
                            .type = member_cell_type(btf, type),
                            .flags = COLUMN_NO_JSON,
                            .gap = "  "};
    size_t length = strlen(path);
    column.flags |= column.type == VALUE_NUMBER ? COLUMN_RIGHT : 0;
    column.width = widths[column.type] > length ? widths[column.type] : (unsigned)length;
    return column;
}

/* The fixed columns, and one for each member; without any, what tells the elements apart. */
static bool make_shape(struct query *query, struct listing *listing, struct error *err)
{
    const struct btf *btf = listing->members.linux->btf;
    unsigned fixed = listing->count ? WHAT : COLUMNS;
    struct column *column = query_keep(query, NULL, (fixed + listing->count) * sizeof *column);
    struct shape *own = query_keep(query, NULL, sizeof *own);
    if (!column || !own)
        return error_set(err, "out of memory");
    memcpy(column, columns, fixed * sizeof *column);
    listing->first = fixed;
    for (unsigned i = 0; i < listing->count; i++)
        column[fixed + i] = column_of(btf, listing->path[i], listing->member[i].type);
    *own = (struct shape){column, fixed + listing->count};
    return query_shape(query, own, err);
}

static struct value members_of(struct listing *listing, const struct object *element)
{
    struct members *members = &listing->members;
    struct list *list = query_list(members->query, &member_shape);
    members->left = MEMBERS_MAX;
    for (unsigned i = 0; i < listing->count; i++)
        member_add(members, list, listing->path[i], &listing->member[i], element->va);
    return value_list(list);
}

static struct value what_of(struct listing *listing, const struct object *element)
{
    char summary[VIEW_VALUE];
    struct text text = TEXT_OVER(summary);
    struct address address = address_in(element->linux->memory->space, element->va);
    if (!view_summarize(element->linux, &listing->fields, element->va, &text))
        return value_text(listing->fields.count ? memory_missing(element->linux->memory, address, 1)
                                                : NULL);
    return value_text(query_text(listing->members.query, "%s", summary));
}

/* `reads`: as one of its type. */
static void fill_element(struct listing *listing, const struct object *element, bool reads,
                         struct value *row)
{
    struct query *query = listing->members.query;
    char type[VIEW_TYPE];
    row[TYPE] = value_text(query_text(
        query, "%s", btf_type_text(element->linux->btf, element->type, type, sizeof type)));
    struct address at = address_canonical(address_in(element->linux->memory->space, element->va));
    row[VIRT] = value_address(at);
    row[SPACE] = query_space(query, at);
    row[DOUBTFUL] = reads ? value_absent() : value_bool(true);
    row[MARK] = value_text(reads ? NULL : "?");
    if (query_needs(query, MEMBERS))
        row[MEMBERS] = members_of(listing, element);
    if (!listing->count && query_needs(query, WHAT))
        row[WHAT] = what_of(listing, element);
    for (unsigned i = 0; i < listing->count; i++)
        if (query_needs(query, listing->first + i))
            row[listing->first + i] =
                member_cell(&listing->members, &listing->member[i], element->va);
}

static bool give_element(struct listing *listing, const struct object *element)
{
    struct query *query = listing->members.query;
    bool reads = list_reads_as(element->linux, listing->list.type, element->va);
    listing->doubtful += !reads;
    fill_element(listing, element, reads, query_row(query));
    return query_emit(query);
}

/* Remarks on the list as a whole. */
static void note_end(const struct listing *listing)
{
    struct query *query = listing->members.query;
    const struct list_iterator *list = &listing->list;
    const struct symbols *symbols = listing->members.linux->symbols;
    const struct symbol *symbol = symbols ? symbols_at(symbols, list->head_va) : NULL;
    struct address head = address_in(session_kernel_space(query->session), list->head_va);
    char name[SYMBOL_NAME + 32];
    if (list->head_va && symbol && symbol->va == list->head_va)
        query_remark_at(query, head, "head v:%" PRIx64 " (%s)", list->head_va,
                        symbols_text(symbols, list->head_va, name, sizeof name));
    else if (list->head_va)
        query_remark_at(query, head, "head v:%" PRIx64, list->head_va);
    if (list->state > LIST_ITERATOR_END)
        query_note_at(query, list->end_va, "%s", list->remark);
    if (list->strays)
        query_note_at(query, list->stray_va, "%s", list->stray);
    if (listing->doubtful)
        query_note(query,
                   "%zu of %zu (marked ?) do not read as %s: one may be the list's head, or the "
                   "list is of another type",
                   listing->doubtful, list->count,
                   btf_name(listing->members.linux->btf, list->type));
}

static bool give_list(struct query *query, struct listing *listing, const char *members,
                      struct error *err)
{
    struct object element;
    if (!take_members(query, listing, members, err) || !make_shape(query, listing, err))
        return false;
    view_summary_fields(listing->members.linux, listing->list.type, &listing->fields);
    while (list_iterator_next(&listing->list, &element) && give_element(listing, &element))
        ;
    note_end(listing);
    return true;
}

/* "TYPE.PATH" at *at, which moves after it. */
static bool take_type(struct query *query, const struct btf *btf, const char **at, uint32_t *type,
                      const char **path, struct error *err)
{
    size_t keyword = strncmp(*at, "struct ", 7) == 0 ? 7 : 0;
    *at += keyword;
    const char *word = take_word(query, at), *dot = strchr(word, '.');
    if (!dot || !**at)
        return error_at(err, 0,
                        "usage: list TYPE.MEMBER EXPR [MEMBER ...], as list task_struct.tasks "
                        "init_task pid comm");
    const char *name = query_keep(query, word, (size_t)(dot - word));
    *path = dot + 1;
    *type = name ? btf_strip(btf, btf_find(btf, name, BTF_VOID)) : 0;
    return *type || error_at(err, (int)keyword, "this kernel has no type %s", name ? name : word);
}

static bool rows(struct query *query, struct error *err)
{
    const char *at = query->arguments, *path;
    struct address address;
    struct error ignored;
    uint32_t type;
    struct linux_context *linux = session_need(query->session, LINUX_TYPES, err);
    if (!linux || !take_type(query, linux->btf, &at, &type, &path, err))
        return false;
    int column = (int)(at - query->arguments);
    if (!member_address(query, take_word(query, &at), &address, err)) {
        err->column = err->column < 0 ? -1 : column;
        return false;
    }
    struct memory memory = session_memory(query->session, address.space);
    struct listing *listing = query_keep(query, NULL, sizeof *listing);
    if (!listing)
        return error_set(err, "out of memory");
    linux_need(linux, LINUX_TASKS, &ignored); /* symbols and init_task tell a head */
    struct linux_context there = linux_in(linux, &memory);
    *listing = (struct listing){.members = {.query = query, .linux = &there}};
    if (!list_iterator_find(&listing->list, &there, type, path, address.value, err))
        return false;
    bool done = give_list(query, listing, at, err);
    list_iterator_end(&listing->list);
    return done;
}

static const struct subject list_subject = {.shape = &shape, .shapes_itself = true, .rows = rows};

const struct command command_list = {
    .name = "list",
    .arguments = "TYPE.MEMBER EXPR [MEMBER ...]",
    .brief = "the structs of a list, with members of each",
    .detail = "EXPR is a struct in the list or the list's head: list task_struct.tasks init_task "
              "pid comm\n"
              "It has no blanks in it.  Loops are cut; broken links are reported.",
    .argument = ARGUMENT_TYPE,
    .subject = &list_subject,
};

/* --- the elements by number: of a list that is named by its head, or by one of them ------------*/

enum { STEP_ELEMENTS = 1000, MOST = 100000, CHECK_MS = 500 };

/* Whether it reads as its type is found out from time to time: to read all pointers of forty
 * structs takes longer than a frame may.  Two threads may do so at a time. */
struct element {
    uint64_t va;
    _Atomic int64_t checked; /* 0: not yet; twice the time in ms, and 1 where it reads as one */
};

struct element_rows {
    struct listing listing;
    struct linux_context linux; /* reads `memory` */
    struct memory memory;
    char path[256], type[128];
    struct element *element;
    size_t count, capacity;
};

/* "head TYPE.PATH EXPR", "object TYPE.PATH EXPR" */
static bool load(struct query *query, void *state, struct error *err)
{
    struct element_rows *self = state;
    struct listing *listing = &self->listing;
    struct address address;
    struct linux_context *linux = session_need(query->session, LINUX_TYPES, err);
    const char *at = query->arguments;
    bool is_object = strcmp(take_word(query, &at), "object") == 0;
    const char *word = take_word(query, &at), *dot = strchr(word, '.');
    if (!linux || !query_shape(query, &shape, err))
        return false;
    if (!dot || !member_address(query, at, &address, err))
        return dot && error_set(err, "no list is named");
    snprintf(self->type, sizeof self->type, "%.*s", (int)(dot - word), word);
    snprintf(self->path, sizeof self->path, "%s", dot + 1);
    self->memory = session_memory(query->session, address.space);
    self->linux = linux_in(linux, &self->memory);
    listing->members = (struct members){.query = query, .linux = &self->linux};
    if (!list_iterator_start(&listing->list, &self->linux, self->type, self->path, address.value,
                             is_object, err))
        return false;
    listing->list.most = MOST;
    view_summary_fields(linux, listing->list.type, &listing->fields);
    return true;
}

static void unload(void *state)
{
    struct element_rows *self = state;
    list_iterator_end(&self->listing.list);
    free(self->element);
}

static bool step(struct query *query, void *state)
{
    struct element_rows *self = state;
    struct list_iterator *list = &self->listing.list;
    struct object element;
    (void)query;
    for (int i = 0; i < STEP_ELEMENTS && list_iterator_next(list, &element); i++) {
        if (!ARRAY_ROOM(&self->element, self->count, &self->capacity)) {
            snprintf(list->remark, sizeof list->remark, "out of memory after %zu elements",
                     self->count);
            list->state = LIST_ITERATOR_LONG;
            return false;
        }
        self->element[self->count++] = (struct element){.va = element.va};
    }
    return list->state == LIST_ITERATOR_ON;
}

static size_t count(const void *state)
{
    return ((const struct element_rows *)state)->count;
}

static uint64_t key(const void *state, size_t i)
{
    return ((const struct element_rows *)state)->element[i].va;
}

static bool reads_as(struct element *element, const struct object *object)
{
    int64_t now_ms = clock_ms(), checked = atomic_load(&element->checked);
    if (!checked || now_ms - checked / 2 >= CHECK_MS) {
        checked = 2 * now_ms + list_reads_as(object->linux, object->type, element->va);
        atomic_store(&element->checked, checked);
    }
    return checked % 2;
}

static void fill(struct query *query, const void *state, size_t i, struct value *row)
{
    const struct element_rows *self = state;
    struct listing listing = self->listing;
    struct memory memory = session_memory(query->session, self->memory.space);
    struct linux_context linux = linux_in(&self->linux, &memory);
    struct object element = {&linux, listing.list.type, self->element[i].va};
    bool check = query_needs(query, MARK) || query_needs(query, DOUBTFUL);
    listing.members.linux = &linux;
    listing.members.query = query;
    fill_element(&listing, &element, !check || reads_as(&self->element[i], &element), row);
}

static void note(struct query *query, const void *state)
{
    const struct list_iterator *list = &((const struct element_rows *)state)->listing.list;
    if (list->state > LIST_ITERATOR_END)
        query_note_at(query, list->end_va, "%s", list->remark);
}

static void caption(const void *state, struct text *text)
{
    static const char *const ends[] = {
        [LIST_ITERATOR_ON] = "  ...",         [LIST_ITERATOR_END] = "",
        [LIST_ITERATOR_LOOP] = "  loop",      [LIST_ITERATOR_BROKEN] = "  broken",
        [LIST_ITERATOR_LONG] = "  and so on",
    };
    const struct element_rows *self = state;
    const struct list_iterator *list = &self->listing.list;
    text_add(text, "  %s.%s%s", self->type, self->path, ends[list->state]);
    if (list->strays)
        text_add(text, "  %zu torn", list->strays);
    if (list->head_va)
        text_add(text, "  head at v:%" PRIx64, list->head_va);
}

static const struct items items = {
    .state_size = sizeof(struct element_rows),
    .load = load,
    .unload = unload,
    .step = step,
    .count = count,
    .fill = fill,
    .key = key,
    .note = note,
    .caption = caption,
};

const struct subject subject_elements = {
    .shape = &shape, .shapes_itself = true, .rows = query_items, .items = &items};
