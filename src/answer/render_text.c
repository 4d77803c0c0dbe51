/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows as lines of cells; the columns say how wide, and what stands between them. */
#include "answer/render.h"

#include <stdio.h>

#define HIDDEN (COLUMN_NO_TEXT | COLUMN_WIDE)

/* A line under way, and blanks that only a further cell makes real. */
struct cells {
    struct buffer *line;
    size_t blanks;
    unsigned depth;
    size_t from, next; /* of a text of several lines: where this one begins; the next, 0: none */
};

static bool is_list(const struct column *column)
{
    return column->type == VALUE_LIST;
}

/* Characters, not bytes. */
static size_t width_of(const char *bytes, size_t length)
{
    size_t width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return width;
}

/* --- cells -------------------------------------------------------------------------------------*/

/* Nothing that is blank stands at the start of a line. */
static const char *gap_of(const struct cells *cells, const struct column *column)
{
    const char *gap = column->gap ? column->gap : " ";
    return cells->line->length + cells->blanks || gap[strspn(gap, " ")] ? gap : "";
}

/* A cell's text in its width; where there is none, as many blanks. */
static void put_cell(struct cells *cells, const struct column *column, const char *bytes,
                     size_t length)
{
    size_t indent = column->flags & COLUMN_TREE ? (size_t)cells->depth * 2 : 0;
    size_t width = indent + width_of(bytes, length);
    size_t left = column->width > width ? column->width - width : 0;
    const char *gap = gap_of(cells, column);
    if (!length) {
        cells->blanks += column->width ? strlen(gap) + column->width : 0;
        return;
    }
    buffer_pad(cells->line, cells->blanks);
    buffer_text(cells->line, gap);
    buffer_pad(cells->line, indent + (column->flags & COLUMN_RIGHT ? left : 0));
    buffer_add(cells->line, bytes, length);
    buffer_text(cells->line, column->after ? column->after : "");
    cells->blanks = column->flags & COLUMN_RIGHT ? 0 : left;
}

/* One line of a text that may have several: those of the last column are printed one by one. */
static void put_lines(struct cells *cells, const struct column *column, const struct value *value)
{
    const char *at = value->text.bytes + cells->from;
    size_t left = value->text.length - cells->from;
    const char *end = memchr(at, '\n', left);
    size_t length = end ? (size_t)(end - at) : left;
    cells->next = length + 1 < left ? cells->from + length + 1 : 0;
    put_cell(cells, column, at, length);
}

static void put_value(struct cells *cells, const struct column *column, const struct value *value)
{
    char scratch[2048];
    struct text text = TEXT_OVER(scratch);
    if (value_is_text(value)) {
        put_cell(cells, column, value->text.bytes, value->text.length);
        return;
    }
    value_add(value, column->digits, column->flags & COLUMN_BARE, &text);
    put_cell(cells, column, scratch, text.length);
}

/* --- lines -------------------------------------------------------------------------------------*/

static bool put_line(struct text_renderer *renderer)
{
    struct buffer *line = &renderer->line;
    bool wanted = !line->length || output_line(renderer->output, line->data);
    buffer_cut(line, 0);
    return wanted && !renderer->output->stopped;
}

/* How deep a row lies by what it says itself. */
static unsigned own_depth(const struct shape *shape, const struct value *cell)
{
    for (unsigned i = 0; i < shape->columns; i++)
        if (shape->column[i].flags & COLUMN_DEPTH)
            return (unsigned)cell[i].bits;
    return 0;
}

/* The line or lines of a row's own cells, after `label`. */
static bool put_row(struct text_renderer *renderer, const struct shape *shape,
                    const unsigned *shown, unsigned count, const struct value *cell,
                    const char *label, unsigned depth)
{
    struct cells cells = {.line = &renderer->line, .depth = depth + own_depth(shape, cell)};
    unsigned last = count;
    if (renderer->about)
        renderer->about(renderer->context, shape, shown, count, cell);
    while (last > 0 && is_list(&shape->column[shown[last - 1]]))
        last--;
    do {
        cells.next = cells.blanks = 0;
        buffer_text(cells.line, label);
        for (unsigned i = 0; i < last; i++) {
            const struct column *column = &shape->column[shown[i]];
            const struct value *value = &cell[shown[i]];
            if (i + 1 == last && value->type == VALUE_TEXT)
                put_lines(&cells, column, value);
            else if (!is_list(column))
                put_value(&cells, column, value);
        }
        if (!put_line(renderer))
            return false;
    } while ((cells.from = cells.next));
    return true;
}

static bool put_lists(struct text_renderer *renderer, const struct shape *shape,
                      const unsigned *shown, unsigned count, const struct value *cell, bool first,
                      unsigned depth);

static unsigned shown_of(const struct shape *shape, unsigned shown[COLUMNS_MAX])
{
    unsigned count = 0;
    for (unsigned i = 0; i < shape->columns; i++)
        if (!(shape->column[i].flags & HIDDEN))
            shown[count++] = i;
    return count;
}

/* A list's rows, each with the lists that it has itself, after `label`. */
static bool put_list(struct text_renderer *renderer, const struct list *list, const char *label,
                     unsigned depth)
{
    unsigned shown[COLUMNS_MAX], count = shown_of(list->shape, shown);
    for (size_t i = 0; i < list->rows; i++) {
        const struct value *cell = list_row(list, i);
        if (!put_row(renderer, list->shape, shown, count, cell, label, depth) ||
            !put_lists(renderer, list->shape, shown, count, cell, false, depth + 1))
            return false;
    }
    return true;
}

/* Those of a row that stand before it (`first`), or those after it. */
static bool put_lists(struct text_renderer *renderer, const struct shape *shape,
                      const unsigned *shown, unsigned count, const struct value *cell, bool first,
                      unsigned depth)
{
    for (unsigned i = 0; i < count; i++) {
        const struct column *column = &shape->column[shown[i]];
        const struct value *value = &cell[shown[i]];
        if (value->type != VALUE_LIST || !(column->flags & COLUMN_FIRST) == first)
            continue;
        char label[40] = " "; /* and the gap before the first cell */
        if (column->heading)
            snprintf(label, sizeof label, "  %s", column->heading);
        if (!put_list(renderer, value->list, first ? "" : label, depth))
            return false;
    }
    return true;
}

/* --- records -----------------------------------------------------------------------------------*/

static const char *label_of(const struct column *column)
{
    return column->heading ? column->heading : column->name;
}

static bool put_record(struct text_renderer *renderer, const struct value *cell)
{
    for (unsigned i = 0; i < renderer->count; i++) {
        unsigned at = renderer->shown[i];
        const struct column *column = &renderer->shape->column[at];
        const struct value *value = &cell[at];
        char label[48];
        struct column plain = *column;
        snprintf(label, sizeof label, "%-*s", (int)renderer->label, label_of(column));
        if (value->type == VALUE_LIST || value->type == VALUE_OBJECT) {
            if (!put_list(renderer, value->list, label, 0))
                return false;
            continue;
        }
        struct value reason = value_bytes(VALUE_TEXT, value->text.bytes, value->text.length);
        bool known = value_is_known(value);
        if (!known && !(value->type == VALUE_NULL && reason.text.bytes))
            continue;
        plain.width = 0;
        plain.gap = plain.after = NULL;
        /* What the line leads to comes with it, and is not printed. */
        struct column columns[] = {plain, renderer->shape->column[column->lead]};
        struct value values[] = {known ? *value : reason, cell[column->lead]};
        struct shape shape = {columns, column->lead ? 2 : 1};
        if (!put_row(renderer, &shape, &(unsigned){0}, 1, values, label, 0))
            return false;
    }
    return true;
}

/* --- the sink ----------------------------------------------------------------------------------*/

/* A sink is the first member of its renderer. */
static struct text_renderer *renderer_of(struct sink *sink)
{
    return (struct text_renderer *)(void *)sink;
}

/* The headings, each where its column's cells will be. */
static bool put_headings(struct text_renderer *renderer)
{
    struct cells cells = {.line = &renderer->line};
    for (unsigned i = 0; i < renderer->count; i++) {
        struct column column = renderer->shape->column[renderer->shown[i]];
        const char *heading = column.heading ? column.heading : "";
        if (is_list(&column))
            continue;
        /* Signs between cells are no headings: blanks stand for them. */
        if (column.gap && column.gap[strspn(column.gap, " ")]) {
            cells.blanks += strlen(column.gap);
            column.gap = "";
        }
        column.after = NULL;
        column.flags &= ~(unsigned)COLUMN_TREE;
        put_cell(&cells, &column, heading, strlen(heading));
    }
    return put_line(renderer);
}

static bool begin(struct sink *sink, const struct subject *subject, const struct shape *shape,
                  const unsigned *shown, unsigned count)
{
    struct text_renderer *renderer = renderer_of(sink);
    renderer->subject = subject;
    renderer->shape = shape;
    renderer->shown = shown;
    renderer->count = count;
    for (unsigned i = 0; i < count; i++) {
        size_t length = strlen(label_of(&shape->column[shown[i]]));
        renderer->label = length > renderer->label ? length : renderer->label;
    }
    return subject->bare || subject->is_record || put_headings(renderer);
}

static bool row(struct sink *sink, const struct value *cell)
{
    struct text_renderer *renderer = renderer_of(sink);
    const struct shape *shape = renderer->shape;
    const unsigned *shown = renderer->shown, count = renderer->count;
    if (renderer->subject->is_record)
        return put_record(renderer, cell);
    return put_lists(renderer, shape, shown, count, cell, true, 0) &&
           put_row(renderer, shape, shown, count, cell, "", 0) &&
           put_lists(renderer, shape, shown, count, cell, false, 0);
}

static bool remark(struct sink *sink, const struct remark *remark)
{
    struct text_renderer *renderer = renderer_of(sink);
    if (remark->is_note)
        buffer_text(&renderer->line, "# ");
    buffer_text(&renderer->line, remark->text);
    return put_line(renderer);
}

void text_renderer_init(struct text_renderer *renderer, struct output *output)
{
    *renderer = (struct text_renderer){
        .sink = {.hides = HIDDEN, .begin = begin, .row = row, .remark = remark},
        .output = output,
    };
}

void text_renderer_deinit(struct text_renderer *renderer)
{
    buffer_deinit(&renderer->line);
}
