/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of which a popup shows the lines: a sink that keeps each row and has it printed, as
 * batch mode prints it, so that rows can be sorted and filtered, and lead to their addresses.
 */
#include "answer/browser.h"
#include "answer/render.h"
#include "base/array.h"
#include "ui/widget/popup_private.h"

#include <stdlib.h>
#include <string.h>

struct popup_rows {
    struct sink sink; /* the first member: a sink is the popup's rows */
    struct popup *popup;
    struct session *session;
    struct text_renderer renderer;
    struct output output;
    const struct subject *subject;
    struct arena arena; /* the shape, which may be the query's */
    struct shape shape;
    unsigned shown[COLUMNS_MAX], count; /* the columns that are printed */
    struct rows rows;
    uint32_t *first; /* the first line of each row */
    size_t firsts, capacity;
    struct browser *browser; /* NULL: not needed yet */
    unsigned sort;           /* a column, or BROWSER_UNSORTED */
    bool inverted;
    struct error wrong;     /* why the filter cannot be taken; "" it can */
    bool has_text;          /* the filter is a text to look for, not terms */
    uint32_t row;           /* that is being printed, or POPUP_NO_ROW */
    struct address address; /* of its lines; space NULL: none */
};

/* --- rows that come ----------------------------------------------------------------------------*/

static struct popup_rows *rows_of(struct sink *sink)
{
    return (struct popup_rows *)(void *)sink;
}

static bool to_line(void *context, const char *line)
{
    return popup_add(context, line);
}

/* The first address that is printed, else the first that is not. */
static void about(void *context, const struct shape *shape, const unsigned *shown, unsigned count,
                  const struct value *cell)
{
    struct popup_rows *rows = context;
    rows->address = (struct address){0};
    for (unsigned i = 0; i < count && !rows->address.space; i++)
        if (cell[shown[i]].type == VALUE_ADDRESS)
            rows->address = cell[shown[i]].address;
    for (unsigned i = 0; i < shape->columns && !rows->address.space; i++)
        if (cell[i].type == VALUE_ADDRESS)
            rows->address = cell[i].address;
}

static bool begin(struct sink *sink, const struct subject *subject, const struct shape *shape,
                  const unsigned *shown, unsigned count)
{
    struct popup_rows *rows = rows_of(sink);
    if (!shape_copy(&rows->arena, shape, &rows->shape))
        return false;
    rows->rows.shape = &rows->shape;
    rows->subject = subject;
    rows->count = count;
    memcpy(rows->shown, shown, count * sizeof *shown);
    return rows->renderer.sink.begin(&rows->renderer.sink, subject, &rows->shape, rows->shown,
                                     count);
}

/* Prints a row that is kept. */
static bool print(struct popup_rows *rows, uint32_t row)
{
    if (!ARRAY_ROOM(&rows->first, rows->firsts, &rows->capacity))
        return false;
    rows->first[rows->firsts++] = (uint32_t)rows->popup->count;
    rows->row = row;
    bool wanted = rows->renderer.sink.row(&rows->renderer.sink, rows_at(&rows->rows, row));
    rows->row = POPUP_NO_ROW;
    rows->address = (struct address){0};
    return wanted;
}

static bool take_row(struct sink *sink, const struct value *cell)
{
    struct popup_rows *rows = rows_of(sink);
    size_t bytes = rows->rows.arena.bytes;
    if (!rows_add(&rows->rows, cell))
        return false;
    rows->popup->bytes +=
        rows->rows.arena.bytes - bytes + rows->shape.columns * sizeof(struct value);
    return print(rows, (uint32_t)(rows->rows.count - 1));
}

static bool take_remark(struct sink *sink, const struct remark *remark)
{
    struct popup_rows *rows = rows_of(sink);
    rows->address = remark->address;
    bool wanted = rows->renderer.sink.remark(&rows->renderer.sink, remark);
    rows->address = (struct address){0};
    return wanted;
}

struct sink *popup_sink(struct popup *popup, struct session *session)
{
    struct popup_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return NULL;
    rows->popup = popup;
    rows->session = session;
    rows->row = POPUP_NO_ROW;
    rows->sort = BROWSER_UNSORTED;
    rows->output = (struct output){.line = to_line, .context = popup};
    text_renderer_init(&rows->renderer, &rows->output);
    rows->renderer.about = about;
    rows->renderer.context = rows;
    rows->sink = (struct sink){
        .hides = rows->renderer.sink.hides, .begin = begin, .row = take_row, .remark = take_remark};
    popup->rows = rows;
    return &rows->sink;
}

void popup_rows_destroy(struct popup_rows *rows)
{
    if (!rows)
        return;
    browser_close(rows->browser);
    text_renderer_deinit(&rows->renderer);
    rows_deinit(&rows->rows);
    arena_deinit(&rows->arena);
    free(rows->first);
    free(rows);
}

void popup_rows_mark(const struct popup *popup, struct popup_line *line)
{
    line->row = popup->rows ? popup->rows->row : POPUP_NO_ROW;
    line->address = popup->rows ? popup->rows->address : (struct address){0};
}

bool popup_has_rows(const struct popup *popup)
{
    return popup->rows && popup->rows->rows.count > 1;
}

/* --- which lines, in which order ---------------------------------------------------------------*/

static struct browser *browser_of(struct popup_rows *rows)
{
    struct error ignored;
    if (!rows->browser && rows->rows.shape)
        rows->browser = browser_of_rows(rows->session, rows->subject, &rows->rows, &ignored);
    return rows->browser;
}

/* Lines of no row, as headings, stay where there are rows; a text is looked for in each line. */
bool popup_rows_has(const struct popup *popup, const struct popup_line *line)
{
    const struct popup_rows *rows = popup->rows;
    bool by_text = popup->filter[0] && (!rows || rows->has_text);
    if (rows && rows->rows.count && line->row == POPUP_NO_ROW)
        return true;
    if (rows &&
        (rows->wrong.text[0] || (rows->browser && !browser_holds(rows->browser, line->row))))
        return false;
    return !by_text || strcasestr(line->text, popup->filter);
}

static void see(struct popup *popup, size_t number)
{
    if (popup_rows_has(popup, &popup->line[number]) &&
        ARRAY_ROOM(&popup->shown, popup->matches, &popup->shown_capacity))
        popup->shown[popup->matches++] = (uint32_t)number;
}

static void see_rows(struct popup *popup)
{
    struct popup_rows *rows = popup->rows;
    size_t count = rows->firsts;
    uint32_t *order = calloc(count ? count : 1, sizeof *order);
    if (!order)
        return;
    browser_order(rows->browser, rows->sort, rows->inverted, order);
    for (size_t i = 0; i < count; i++)
        for (size_t at = rows->first[order[i]];
             at < popup->count && popup->line[at].row == order[i]; at++)
            see(popup, at);
    free(order);
}

void popup_arrange(struct popup *popup)
{
    struct popup_rows *rows = popup->rows;
    bool has_rows = rows && rows->firsts && browser_of(rows);
    size_t first = has_rows ? rows->first[0] : popup->count, last = popup->count;
    popup->arranged = popup->filter[0] || (has_rows && rows->sort != BROWSER_UNSORTED);
    popup->matches = 0;
    for (size_t i = 0; popup->arranged && i < first; i++)
        see(popup, i);
    if (!popup->arranged || !has_rows)
        return;
    see_rows(popup);
    while (last > first && popup->line[last - 1].row == POPUP_NO_ROW)
        last--;
    for (size_t i = last; i < popup->count; i++)
        see(popup, i);
}

/* Takes the lines after the last row away, which say what may be missing; give_last() puts them
 * back. */
static struct popup_line *take_last(struct popup *popup, size_t *count)
{
    size_t first = popup->count;
    while (first > 0 && popup->line[first - 1].row == POPUP_NO_ROW)
        first--;
    *count = popup->count - first;
    struct popup_line *line = malloc(*count * sizeof *line + 1);
    if (line) {
        memcpy(line, popup->line + first, *count * sizeof *line);
        popup->count = first;
    }
    return line;
}

static void give_last(struct popup *popup, struct popup_line *line, size_t count)
{
    for (size_t i = 0; line && i < count; i++) {
        popup->rows->address = line[i].address;
        popup_add(popup, line[i].text);
        free(line[i].text);
    }
    popup->rows->address = (struct address){0};
    free(line);
}

/* The same rows in other columns. */
static void print_anew(struct popup_rows *rows)
{
    const unsigned *shown;
    unsigned count = browser_shown(rows->browser, &shown);
    if (count == rows->count && memcmp(shown, rows->shown, count * sizeof *shown) == 0)
        return;
    size_t lines = 0;
    struct popup_line *last = rows->firsts ? take_last(rows->popup, &lines) : NULL;
    rows->count = count;
    memcpy(rows->shown, shown, count * sizeof *shown);
    rows->firsts = 0;
    rows->renderer.label = 0;
    popup_clear(rows->popup);
    rows->renderer.sink.begin(&rows->renderer.sink, rows->subject, &rows->shape, rows->shown,
                              count);
    for (uint32_t i = 0; i < rows->rows.count && print(rows, i); i++)
        ;
    give_last(rows->popup, last, lines);
}

/* Terms, an order, columns; else a text. */
static void take_filter(struct popup *popup)
{
    struct popup_rows *rows = popup->rows;
    if (!rows || !browser_of(rows))
        return;
    rows->wrong.text[0] = '\0';
    rows->has_text = !browser_takes(rows->browser, popup->filter);
    if (!browser_choose(rows->browser, rows->has_text ? "" : popup->filter, &rows->wrong))
        return;
    rows->wrong.text[0] = '\0';
    unsigned sort;
    bool inverted;
    if (browser_is_sorted(rows->browser, &sort, &inverted)) {
        rows->sort = sort;
        rows->inverted = inverted;
    }
    print_anew(rows);
}

const char *popup_filter(struct popup *popup, const char *text)
{
    if (text) {
        popup->filter[0] = '\0';
        strncat(popup->filter, text, sizeof popup->filter - 1);
        take_filter(popup);
        popup_arrange(popup);
        scroll_to(&popup->list, 0);
        popup->list.rows = popup_seen(popup);
    }
    return popup->filter;
}

const char *popup_wrong(const struct popup *popup)
{
    return popup->rows && popup->rows->wrong.text[0] ? popup->rows->wrong.text : NULL;
}

bool popup_sort(struct popup *popup, int step, const char **heading, bool *inverted)
{
    struct popup_rows *rows = popup->rows;
    if (!popup_has_rows(popup) || !browser_of(rows))
        return false;
    unsigned sort = step ? browser_next_column(rows->browser, rows->sort, step) : rows->sort;
    rows->inverted = sort == rows->sort && !rows->inverted;
    rows->sort = sort;
    popup_arrange(popup);
    *heading = sort == BROWSER_UNSORTED ? NULL : rows->shape.column[sort].heading;
    *inverted = rows->inverted;
    return true;
}
