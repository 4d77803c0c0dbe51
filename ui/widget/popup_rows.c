/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of which a popup shows the lines: a sink that keeps each row and has it printed, as
 * batch mode prints it, so that rows can be sorted and filtered, and lead to their addresses.
 */
#include "answer/arranger.h"
#include "answer/render.h"
#include "base/array.h"
#include "ui/widget/popup_private.h"

#include <stdlib.h>
#include <string.h>

/* Which lines are to be seen, in which order: made in a worker. */
struct arranging {
    const struct popup
        *popup;    /* nothing of which changes until the end, but where it is scrolled */
    bool from_top; /* the cursor goes to the first line */
    uint32_t *shown;
    size_t matches, capacity;
};

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
    struct arranger *arranger;  /* at work on the rows and lines; NULL: nothing is */
    struct arranging arranging; /* what it makes */
    struct error wrong;         /* why the filter cannot be taken; "" it can */
    bool has_text;              /* the filter is a text to look for, not terms */
    uint32_t row;               /* that is being printed, or POPUP_NO_ROW */
    struct address address;     /* of its lines; space NULL: none */
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
    popup_rest(rows->popup);
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

/* After this nobody but the first thread looks at rows and lines. */
static void stop(struct popup_rows *rows)
{
    arranger_stop(rows->arranger);
    rows->arranger = NULL;
    free(rows->arranging.shown);
    rows->arranging = (struct arranging){0};
}

void popup_rest(struct popup *popup)
{
    if (popup_is_arranging(popup))
        stop(popup->rows);
}

void popup_rows_destroy(struct popup_rows *rows)
{
    if (!rows)
        return;
    stop(rows);
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
static bool has(const struct popup *popup, struct browser *browser, const struct popup_line *line)
{
    const struct popup_rows *rows = popup->rows;
    bool by_text = popup->filter[0] && (!rows || rows->has_text);
    if (rows && rows->rows.count && line->row == POPUP_NO_ROW)
        return true;
    if (rows && (rows->wrong.text[0] || (browser && !browser_holds(browser, line->row))))
        return false;
    return !by_text || strcasestr(line->text, popup->filter);
}

bool popup_rows_has(const struct popup *popup, const struct popup_line *line)
{
    return has(popup, popup->rows ? popup->rows->browser : NULL, line);
}

static void see(struct arranging *to, struct browser *browser, size_t number)
{
    if (has(to->popup, browser, &to->popup->line[number]) &&
        ARRAY_ROOM(&to->shown, to->matches, &to->capacity))
        to->shown[to->matches++] = (uint32_t)number;
}

/* The lines of a row follow one another. */
static void see_row(struct arranging *to, struct browser *browser, uint32_t row)
{
    const struct popup *popup = to->popup;
    for (size_t at = popup->rows->first[row]; at < popup->count && popup->line[at].row == row; at++)
        see(to, browser, at);
}

static void see_rows(struct arranging *to, struct browser *browser, const atomic_bool *cancelled)
{
    const struct popup_rows *rows = to->popup->rows;
    size_t count = rows->firsts;
    uint32_t *order = calloc(count ? count : 1, sizeof *order);
    if (order)
        browser_order(browser, rows->sort, rows->inverted, order);
    for (size_t i = 0; order && i < count && !atomic_load(cancelled); i++)
        see_row(to, browser, order[i]);
    free(order);
}

/* Lines before the first row and after the last one stay where they are. */
static void arrange(void *context, struct browser *browser, const atomic_bool *cancelled)
{
    struct arranging *to = context;
    const struct popup *popup = to->popup;
    size_t first = browser ? popup->rows->first[0] : popup->count, last = popup->count;
    for (size_t i = 0; i < first; i++)
        see(to, browser, i);
    if (!browser)
        return;
    see_rows(to, browser, cancelled);
    while (last > first && popup->line[last - 1].row == POPUP_NO_ROW)
        last--;
    for (size_t i = last; i < popup->count; i++)
        see(to, browser, i);
}

/* The lines as they were arranged are those on the screen from here on. */
static void adopt(struct popup *popup, struct arranging *done)
{
    free(popup->shown);
    popup->shown = done->shown;
    popup->matches = done->matches;
    popup->shown_capacity = done->capacity;
    popup->arranged = true;
    if (done->from_top)
        scroll_to(&popup->list, 0);
    popup->list.rows = popup_seen(popup);
    *done = (struct arranging){0};
}

bool popup_is_arranging(const struct popup *popup)
{
    return popup->rows && popup->rows->arranger;
}

int popup_descriptor(const struct popup *popup)
{
    return popup->rows ? arranger_descriptor(popup->rows->arranger) : -1;
}

void popup_settle(struct popup *popup, int within_ms)
{
    struct popup_rows *rows = popup->rows;
    if (!popup_is_arranging(popup) || !arranger_has_ended(rows->arranger, within_ms))
        return;
    arranger_stop(rows->arranger);
    rows->arranger = NULL;
    adopt(popup, &rows->arranging);
}

static void arrange_here(struct popup *popup, struct browser *browser, bool from_top)
{
    const atomic_bool never = false;
    struct arranging to = {.popup = popup, .from_top = from_top};
    arrange(&to, browser, &never);
    adopt(popup, &to);
}

/* In a worker; what is complete within a part of a frame is there at once. */
static void arrange_beside(struct popup *popup, bool from_top)
{
    enum { SOON_MS = 4 };
    struct popup_rows *rows = popup->rows;
    struct error ignored;
    rows->arranging = (struct arranging){.popup = popup, .from_top = from_top};
    rows->arranger = arranger_start(rows->browser, arrange, &rows->arranging, &ignored);
    if (rows->arranger)
        popup_settle(popup, SOON_MS);
    else
        arrange_here(popup, rows->browser, from_top);
}

/* All lines anew, by the filter and the order in force. */
static void arrange_anew(struct popup *popup, bool from_top)
{
    struct popup_rows *rows = popup->rows;
    bool has_rows = rows && rows->firsts && browser_of(rows);
    bool is_sorted = has_rows && rows->sort != BROWSER_UNSORTED;
    if (has_rows && (popup->filter[0] || is_sorted || rows->inverted)) {
        stop(rows);
        arrange_beside(popup, from_top);
    } else if (popup->filter[0]) {
        arrange_here(popup, NULL, from_top);
    } else {
        popup->arranged = false;
        if (from_top)
            scroll_to(&popup->list, 0);
        popup->list.rows = popup_seen(popup);
    }
}

void popup_arrange(struct popup *popup)
{
    arrange_anew(popup, false);
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
    rows->popup->arranged = false;
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
    if (!text)
        return popup->filter;
    if (popup->rows)
        stop(popup->rows);
    popup->filter[0] = '\0';
    strncat(popup->filter, text, sizeof popup->filter - 1);
    take_filter(popup);
    arrange_anew(popup, true);
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
    stop(rows);
    rows->inverted = sort == rows->sort && !rows->inverted;
    rows->sort = sort;
    arrange_anew(popup, false);
    *heading = sort == BROWSER_UNSORTED ? NULL : rows->shape.column[sort].heading;
    *inverted = rows->inverted;
    return true;
}

bool popup_cancel(struct popup *popup)
{
    if (!popup_is_arranging(popup))
        return false;
    stop(popup->rows);
    popup->rows->sort = BROWSER_UNSORTED;
    popup->rows->inverted = false;
    popup_filter(popup, "");
    return true;
}
