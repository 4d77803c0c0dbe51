/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a subject's rows to a sink: terms, order, columns. */
#include "answer/query.h"

#include "answer/term.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- where TERM ... sort=COLUMN columns=COLUMN,... ---------------------------------------------*/

/* The value of `word`= at `at`; NULL: that does not stand there. */
static const char *option_value(const char *at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(at, word, length) != 0)
        return NULL;
    at += length + strspn(at + length, " \t");
    return *at == '=' ? at + 1 + strspn(at + 1, " \t") : NULL;
}

/* `where` with nothing after it, not even a blank, may be a name that is asked about. */
static bool begins_tail(const char *at)
{
    size_t length = strcspn(at, " \t");
    const char *next = at + length + strspn(at + length, " \t");
    return (length == 5 && memcmp(at, "where", 5) == 0 && (*next || next > at + length)) ||
           option_value(at, "sort") || option_value(at, "columns");
}

const char *query_tail(const char *line)
{
    const char *at = line + strspn(line, " \t");
    while (*at && !begins_tail(at)) {
        at += strcspn(at, " \t");
        at += strspn(at, " \t");
    }
    return at;
}

static bool take_sort(struct query *query, const char **at, struct error *err)
{
    const char *name = *at;
    query->is_descending = *name == '-';
    name += query->is_descending;
    size_t length = strcspn(name, " \t");
    query->is_sorted = true;
    *at = name + length + strspn(name + length, " \t");
    return term_column(query->shape, query->line, name, length, &query->sort, err);
}

static bool take_columns(struct query *query, const char **at, struct error *err)
{
    const char *name = *at;
    query->count = 0;
    for (;;) {
        size_t length = strcspn(name, ", \t");
        unsigned column;
        if (!term_column(query->shape, query->line, name, length, &column, err))
            return false;
        for (unsigned i = 0; i < query->count; i++)
            if (query->shown[i] == column)
                return error_at(err, (int)(name - query->line), "%s stands there twice",
                                query->shape->column[column].name);
        query->shown[query->count++] = column;
        name += length + strspn(name + length, " \t");
        if (*name != ',')
            break;
        name += 1 + strspn(name + 1, " \t");
    }
    *at = name;
    return true;
}

static bool take_term(struct query *query, const char **at, struct error *err)
{
    struct term *more = realloc(query->term, (query->terms + 1) * sizeof *more);
    if (!more)
        return error_set(err, "out of memory");
    query->term = more;
    return term_parse(&query->term[query->terms], query->shape, query->session, &query->texts,
                      query->line, at, err) &&
           ++query->terms;
}

static bool take_tail(struct query *query, struct error *err)
{
    const char *at = query->tail, *value;
    while (*at) {
        bool done;
        size_t length = strcspn(at, " \t");
        if ((value = option_value(at, "sort"))) {
            at = value;
            done = take_sort(query, &at, err);
        } else if ((value = option_value(at, "columns"))) {
            at = value;
            done = take_columns(query, &at, err);
        } else if (length == 5 && memcmp(at, "where", 5) == 0) {
            at += length + strspn(at + length, " \t");
            done = *at || error_at(err, (int)(at - query->line), "a term is missing");
        } else
            done = take_term(query, &at, err);
        if (!done)
            return false;
    }
    return true;
}

/* What the sink shows where nothing was asked for. */
static void show_usual(struct query *query)
{
    query->count = 0;
    for (unsigned i = 0; i < query->shape->columns; i++)
        if (!(query->shape->column[i].flags & query->sink->hides))
            query->shown[query->count++] = i;
}

/* What costs time is made only where it is looked at. */
static void set_needed(struct query *query, enum query_part part, unsigned column)
{
    bool all = part == QUERY_ALL;
    query->part = part;
    query->part_column = column;
    memset(query->needed, 0, sizeof query->needed);
    for (unsigned i = 0; (all || part == QUERY_SHOWN) && i < query->count; i++)
        query->needed[query->shown[i]] = true;
    for (size_t i = 0; (all || part == QUERY_TERMS) && i < query->terms; i++)
        query->needed[query->term[i].column] = true;
    if (all && query->is_sorted)
        query->needed[query->sort] = true;
    if (part == QUERY_CELL)
        query->needed[column] = true;
}

void query_look(struct query *query, enum query_part part, unsigned column)
{
    if (query->part != part || query->part_column != column)
        set_needed(query, part, column);
}

bool query_shape(struct query *query, const struct shape *shape, struct error *err)
{
    query->shape = shape;
    show_usual(query);
    if (!take_tail(query, err))
        return false;
    set_needed(query, QUERY_ALL, 0);
    return true;
}

void *query_keep(struct query *query, const char *bytes, size_t size)
{
    if (bytes)
        return arena_copy(&query->texts, bytes, size);
    void *at = arena_alloc(&query->texts, size);
    return at ? memset(at, 0, size) : NULL;
}

bool query_needs(const struct query *query, unsigned column)
{
    return query->needed[column];
}

/* --- rows --------------------------------------------------------------------------------------*/

struct value *query_row(struct query *query)
{
    arena_reset(&query->row);
    memset(query->cell, 0, query->shape->columns * sizeof *query->cell);
    return query->cell;
}

/* Tells the sink what comes, once. */
static bool begin(struct query *query)
{
    if (!query->has_begun)
        query->stopped = !query->sink->begin(query->sink, query->subject, query->shape,
                                             query->shown, query->count);
    query->has_begun = true;
    return !query->stopped;
}

static bool give(struct query *query, const struct value *cell)
{
    if (begin(query))
        query->stopped = !query->sink->row(query->sink, cell);
    return !query->stopped;
}

void query_order(const struct query *query, unsigned *column, bool *descending, size_t *most_bytes)
{
    *column = query->sort;
    *descending = query->is_descending;
    *most_bytes = query->sink->sort_bytes ? query->sink->sort_bytes : SORT_BYTES;
}

void query_in_order(struct query *query)
{
    query->in_order = true;
}

void query_note_cut(struct query *query, size_t rows)
{
    query_note(query, "only the first %zu rows are sorted and shown: let where choose fewer", rows);
}

/* Keeps it until all are there.  False: enough are. */
static bool keep(struct query *query)
{
    struct rows *rows = &query->sorting;
    unsigned column;
    bool descending;
    size_t most;
    query_order(query, &column, &descending, &most);
    rows->shape = query->shape;
    if (rows_bytes(rows) < most && rows_add(rows, query->cell))
        return true;
    query_note_cut(query, rows->count);
    return false;
}

bool query_holds(const struct query *query, const struct value *cell)
{
    for (size_t i = 0; i < query->terms; i++)
        if (!term_holds(&query->term[i], &cell[query->term[i].column]))
            return false;
    return true;
}

bool query_emit(struct query *query)
{
    if (query->stopped || session_is_cancelled(query->session))
        return false;
    if (!query_holds(query, query->cell))
        return true;
    return query->is_sorted && !query->in_order ? keep(query) : give(query, query->cell);
}

static bool give_sorted(struct query *query, struct error *err)
{
    const struct rows *rows = &query->sorting;
    uint32_t *order = malloc(rows->count * sizeof *order + 1);
    bool done =
        order && (!rows->count || rows_sort(rows, query->sort, query->is_descending, order));
    for (size_t i = 0; done && i < rows->count && give(query, rows_at(rows, order[i])); i++)
        ;
    free(order);
    return done || error_set(err, "out of memory");
}

/* --- what rows hold ----------------------------------------------------------------------------*/

static char *format_text(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static char *format_text(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, (size_t)(length > 0 ? length : 0) + 1);
    if (text)
        vsnprintf(text, (size_t)(length > 0 ? length : 0) + 1, format, again);
    va_end(again);
    return text;
}

const char *query_text(struct query *query, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_text(&query->row, format, args);
    va_end(args);
    query->out_of_memory |= !text;
    return text ? text : "";
}

char *query_bytes(struct query *query, size_t size)
{
    char *bytes = arena_alloc(&query->row, size);
    query->out_of_memory |= !bytes;
    return bytes;
}

struct list *query_list(struct query *query, const struct shape *shape)
{
    struct list *list = arena_alloc(&query->row, sizeof *list);
    if (!list) {
        query->out_of_memory = true;
        list = &query->spare_list;
    }
    *list = (struct list){.shape = shape};
    return list;
}

/* The arena has no way to give the shorter array back: it is gone with the row. */
struct value *query_list_row(struct query *query, struct list *list)
{
    unsigned columns = list->shape->columns;
    if (list->rows == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        struct value *cell = arena_alloc(&query->row, capacity * columns * sizeof *cell);
        if (!cell) {
            query->out_of_memory = true;
            return memset(query->spare, 0, columns * sizeof *query->spare);
        }
        if (list->rows)
            memcpy(cell, list->cell, list->rows * columns * sizeof *cell);
        list->cell = cell;
        list->capacity = capacity;
    }
    struct value *row = list->cell + list->rows++ * columns;
    return memset(row, 0, columns * sizeof *row);
}

struct value *query_array(struct query *query, size_t count)
{
    struct value *item = arena_alloc(&query->row, count * sizeof *item);
    if (item)
        memset(item, 0, count * sizeof *item);
    query->out_of_memory |= !item;
    return item;
}

/* --- remarks -----------------------------------------------------------------------------------*/

static void add_remark(struct query *query, bool is_note, struct address address,
                       const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void add_remark(struct query *query, bool is_note, struct address address,
                       const char *format, va_list args)
{
    bool has_room = query->remarks < QUERY_REMARKS;
    char *text = has_room ? format_text(&query->texts, format, args) : NULL;
    if (text)
        query->remark[query->remarks++] = (struct remark){text, address, is_note};
}

#define ADD_REMARK(is_note, address)                                                               \
    va_list args;                                                                                  \
    va_start(args, format);                                                                        \
    add_remark(query, is_note, address, format, args);                                             \
    va_end(args)

void query_note(struct query *query, const char *format, ...)
{
    ADD_REMARK(true, (struct address){0});
}

void query_note_at(struct query *query, uint64_t va, const char *format, ...)
{
    struct address address = {0};
    if (va)
        address = address_in(session_kernel_space(query->session), va);
    ADD_REMARK(true, address);
}

void query_remark(struct query *query, const char *format, ...)
{
    ADD_REMARK(false, (struct address){0});
}

void query_remark_at(struct query *query, struct address address, const char *format, ...)
{
    ADD_REMARK(false, address);
}

/* Why rows may be missing comes last. */
static void give_remarks(struct query *query, bool notes)
{
    for (size_t i = 0; i < query->remarks && !query->stopped; i++)
        if (query->remark[i].is_note == notes)
            query->stopped = !query->sink->remark(query->sink, &query->remark[i]);
}

/* --- the whole ---------------------------------------------------------------------------------*/

void query_note_end(struct query *query, const struct budget *budget)
{
    const char *why = budget_why(budget);
    if (why)
        query_note(query, "this is not all: %s", why);
}

static bool answer(struct query *query, struct error *err)
{
    const struct subject *subject = query->subject;
    if (!subject->shapes_itself && !query_shape(query, subject->shape, err))
        return false;
    bool done = subject->rows(query, err);
    query_note_end(query, &query->budget);
    if (query->is_sorted && !query->in_order && !give_sorted(query, err))
        return false;
    if (done && query->out_of_memory)
        done = error_set(err, "out of memory: some of the rows lack values");
    if (done && begin(query)) {
        give_remarks(query, false);
        give_remarks(query, true);
    }
    return done;
}

/* `where` at the end may be a name that is asked about; where it is none, it lacks its term. */
static void say_term_missing(const struct query *query, struct error *err)
{
    size_t length = strlen(query->arguments);
    bool ends = length >= 5 && strcmp(query->arguments + length - 5, "where") == 0 &&
                (length == 5 || strchr(" \t", query->arguments[length - 6]));
    if (ends && !*query->tail && err->column >= 0)
        error_at(err, (int)length, "a term is missing after where");
}

void query_close(struct query *query)
{
    if (!query)
        return;
    rows_deinit(&query->sorting);
    arena_deinit(&query->row);
    arena_deinit(&query->texts);
    free(query->term);
    free(query);
}

struct query *query_open(struct session *session, const struct subject *subject,
                         const char *arguments, struct sink *sink)
{
    struct query *query = calloc(1, sizeof *query);
    if (!query)
        return NULL;
    query->session = session;
    query->subject = subject;
    query->sink = sink;
    query->line = arguments;
    query->tail = query_tail(arguments);
    size_t length = (size_t)(query->tail - arguments);
    while (length && strchr(" \t", arguments[length - 1]))
        length--;
    query->arguments = arena_copy(&query->texts, arguments, length);
    if (query->arguments)
        return query;
    query_close(query);
    return NULL;
}

bool query_choose(struct query *query, const char *text, struct error *err)
{
    query->line = query->tail = text;
    query->terms = 0;
    query->is_sorted = query->is_descending = false;
    bool done = query_shape(query, query->shape, err);
    query->line = query->tail = ""; /* the text is the caller's */
    return done;
}

bool query_run(struct session *session, const struct subject *subject, const char *arguments,
               struct sink *sink, struct error *err)
{
    struct query *query = query_open(session, subject, arguments, sink);
    if (!query)
        return error_set(err, "out of memory");
    struct budget *before = session_begin(session, &query->budget);
    bool done = answer(query, err);
    session_spend(session, before);
    if (!done)
        say_term_missing(query, err);
    query_close(query);
    return done;
}
