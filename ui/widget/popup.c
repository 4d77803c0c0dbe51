/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of text with a cursor. */
#include "ui/widget/popup_private.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/text.h"
#include "ui/command/contexts.h"

#include <stdlib.h>
#include <string.h>

enum { SIDEWAYS_MAX = 4096 };

struct popup *popup_create(const char *title)
{
    struct popup *popup = calloc(1, sizeof *popup);
    if (!popup)
        return NULL;
    strncat(popup->title, title, sizeof popup->title - 1);
    popup->coming_ms = -1;
    popup->space = &space_unknown;
    return popup;
}

void popup_destroy(struct popup *popup)
{
    if (!popup)
        return;
    popup_rows_destroy(popup->rows);
    popup_clear(popup);
    free(popup->line);
    free(popup->shown);
    free(popup);
}

void popup_clear(struct popup *popup)
{
    for (size_t i = 0; i < popup->count; i++)
        free(popup->line[i].text);
    popup->count = popup->bytes = popup->matches = 0;
    popup->width = 0;
}

size_t popup_seen(const struct popup *popup)
{
    return popup->arranged ? popup->matches : popup->count;
}

const struct popup_line *popup_seen_line(const struct popup *popup, size_t at)
{
    if (at >= popup_seen(popup))
        return NULL;
    return &popup->line[popup->arranged ? popup->shown[at] : at];
}

enum { TAB = 8 };

/* A copy with blanks for the tabs, as many as a terminal makes of them.  NULL: no memory. */
static char *expand_tabs(const char *line)
{
    size_t size = strlen(line) + 1;
    for (const char *tab = line; (tab = strchr(tab, '\t')); tab++)
        size += TAB - 1;
    char *copy = malloc(size);
    struct text text = {.data = copy, .size = size};
    for (int column = 0; copy && *line;) {
        size_t length = strcspn(line, "\t");
        column += screen_width(line, length);
        int blanks = line[length] ? TAB - column % TAB : 0;
        column += blanks;
        text_add(&text, "%.*s%*s", (int)length, line, blanks, "");
        line += length + (line[length] != '\0');
    }
    return copy;
}

static bool append(struct popup *popup, const char *line)
{
    if (!ARRAY_ROOM(&popup->line, popup->count, &popup->capacity))
        return false;
    char *text = strchr(line, '\t') ? expand_tabs(line) : strdup(line);
    if (!text)
        return false;
    size_t length = strlen(text);
    int width = screen_width(text, length);
    struct popup_line *added = &popup->line[popup->count];
    *added = (struct popup_line){.text = text};
    popup_rows_mark(popup, added);
    if (popup->arranged && popup_rows_has(popup, added) &&
        ARRAY_ROOM(&popup->shown, popup->matches, &popup->shown_capacity))
        popup->shown[popup->matches++] = (uint32_t)popup->count;
    popup->count++;
    popup->list.rows = popup_seen(popup);
    popup->bytes += length;
    popup->width = width > popup->width ? width : popup->width;
    return true;
}

bool popup_add(struct popup *popup, const char *line)
{
    popup_rest(popup);
    bool kept = popup->count < POPUP_LINES - 1 && popup->bytes < POPUP_BYTES;
    if (!kept && popup->count < POPUP_LINES)
        append(popup, "... more lines than are kept: use -c and a pager");
    return kept && append(popup, line);
}

void popup_coming(struct popup *popup, int64_t since_ms)
{
    popup->coming_ms = since_ms;
    if (since_ms < 0)
        popup_arrange(popup); /* what came last has its place, too */
}

size_t popup_rows(const struct popup *popup)
{
    return popup->list.height;
}

size_t popup_lines(const struct popup *popup)
{
    return popup->count;
}

const char *popup_line(const struct popup *popup, size_t number)
{
    const struct popup_line *line = popup_seen_line(popup, number);
    return line ? line->text : "";
}

void popup_set_space(struct popup *popup, const struct space *space)
{
    popup->space = space;
}

void popup_heading(struct popup *popup)
{
    if (popup->count)
        popup->line[popup->count - 1].heading = true;
}

/* The text from a column on: what is left when scrolled sideways. */
static const char *from_column(const char *text, int column)
{
    while (*text && column > 0) {
        const char *next = text + 1;
        while (((unsigned char)*next & 0xc0) == 0x80)
            next++;
        column -= screen_width(text, (size_t)(next - text));
        text = next;
    }
    return text;
}

static void draw_row(struct popup *popup, struct area area, int y, size_t number)
{
    const struct popup_line *row = popup_seen_line(popup, number);
    enum style style = row->heading ? STYLE_FOCUS : STYLE_TEXT;
    const char *text = from_column(row->text, popup->left);
    screen_put(area, y, 1, style, text);
    if (*popup->sought) {
        const char *hit = strcasestr(text, popup->sought);
        if (hit)
            screen_restyle(area, y, 1 + screen_width(text, (size_t)(hit - text)),
                           screen_width(hit, strlen(popup->sought)), STYLE_MATCH);
    }
    if (number == popup->list.cursor && popup->list.rows > 1)
        screen_restyle(area, y, 0, area.columns, STYLE_CURSOR);
}

/* The keys that help, from the right edge on: as many as there is room for after column x. */
static void draw_keys(struct popup *popup, const struct keymap *map, struct area rule, int x)
{
    struct address ignored;
    bool has_rows = popup_has_rows(popup);
    const struct {
        const char *command, *does;
        bool helps;
    } keys[] = {
        {"close", "closes", true},
        {"search", "searches", true},
        {"filter", "filters", has_rows},
        {"sort-next", "sorts", has_rows},
        {"follow", "follows", popup_target(popup, &ignored)},
    };
    char line[160] = "", key[KEYMAP_HINT];
    struct text text = TEXT_OVER(line);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t before = text.length;
        if (keys[i].helps)
            text_add(&text, " %s %s ",
                     keymap_hint(map, keys[i].command, CONTEXT_POPUP, key, sizeof key),
                     keys[i].does);
        if (x + screen_width(line, text.length) + 2 >= rule.columns)
            line[text.length = before] = '\0';
    }
    if (text.length)
        screen_put(rule, 0, rule.columns - screen_width(line, text.length) - 1, STYLE_BORDER, line);
}

/* What it is, how far the cursor is, what is still going on, and the keys that help. */
static void draw_rule(struct popup *popup, const struct keymap *map, struct area rule)
{
    char key[KEYMAP_HINT];
    bool comes = popup->coming_ms >= 0;
    for (int x = 0; x < rule.columns; x++)
        screen_put(rule, 0, x, STYLE_FOCUS, "─");
    size_t seen = popup_seen(popup);
    int x = screen_printf(rule, 0, 1, STYLE_FOCUS, " %s ", popup->title);
    if (popup->filter[0])
        x = screen_printf(rule, 0, x, STYLE_FOCUS, " \\%s ", popup->filter);
    if (comes || popup->filter[0] || seen > (size_t)popup->list.height)
        x = screen_printf(rule, 0, x + 1, STYLE_BORDER, " %llu/%zu%s ",
                          (unsigned long long)popup->list.cursor + (seen > 0), seen,
                          comes ? " ..." : "");
    if (popup_is_arranging(popup))
        x = screen_printf(rule, 0, x + 1, STYLE_BORDER, " sorting ...  %s stops it ",
                          keymap_hint(map, "cancel", CONTEXT_POPUP, key, sizeof key));
    else if (comes)
        x = screen_printf(rule, 0, x + 1, STYLE_BORDER, " %d s  %s stops it ",
                          (int)((clock_ms() - popup->coming_ms) / 1000),
                          keymap_hint(map, "cancel", CONTEXT_POPUP, key, sizeof key));
    draw_keys(popup, map, rule, x);
}

/* Below the lines that stay: why no row is there. */
static void draw_wrong(const struct popup *popup, struct area page)
{
    size_t seen = popup_seen(popup);
    const char *why = popup_wrong(popup) ? popup_wrong(popup) : seen ? "" : "no line is so";
    if (popup->filter[0] && (int)seen < page.rows)
        screen_put(page, (int)seen, 1, STYLE_DIM, why);
}

void popup_draw(struct popup *popup, const struct keymap *map, struct area area)
{
    if (area.rows < 1 || area.columns < 1)
        return;
    for (int y = 0; y < area.rows; y++)
        screen_fill(area, y, 0, STYLE_TEXT);
    struct area rule = {area.y, area.x, area.rows > 2 ? 1 : 0, area.columns};
    struct area page = {area.y + rule.rows, area.x, area.rows - rule.rows, area.columns};
    size_t seen = popup_seen(popup);
    scroll_fit(&popup->list, seen, (unsigned)page.rows);
    int most = popup->width - (page.columns - 1);
    if (popup->left > most)
        popup->left = most > 0 ? most : 0;
    draw_rule(popup, map, rule);
    for (int y = 0; y < page.rows && popup->list.top + (uint64_t)y < seen; y++)
        draw_row(popup, page, y, (size_t)popup->list.top + (size_t)y);
    draw_wrong(popup, page);
}

static void sideways(struct popup *popup, int64_t columns)
{
    int64_t left = popup->left + columns;
    popup->left = left < 0 ? 0 : left > SIDEWAYS_MAX ? SIDEWAYS_MAX : (int)left;
}

bool popup_move(struct popup *popup, enum motion motion, int64_t steps)
{
    if (motion == MOTION_COLUMN)
        sideways(popup, 8 * steps);
    else if (motion == MOTION_ROW_BOUND && steps < 0)
        popup->left = 0;
    else
        return scroll_motion(&popup->list, motion, steps);
    return true;
}

static bool find_line(struct popup *popup, const char *text, bool backward)
{
    size_t seen = popup_seen(popup);
    for (size_t i = 1; i <= seen; i++) {
        size_t step = backward ? seen - i : i;
        size_t at = ((size_t)popup->list.cursor + step) % seen;
        if (strcasestr(popup_seen_line(popup, at)->text, text)) {
            scroll_to(&popup->list, at);
            return true;
        }
    }
    return false;
}

bool popup_search(struct popup *popup, const char *text, bool backward)
{
    bool found = *text && find_line(popup, text, backward);
    if (found || !*popup->sought) {
        popup->sought[0] = '\0';
        strncat(popup->sought, text, sizeof popup->sought - 1);
        popup->backward = backward;
    }
    return found;
}

bool popup_search_again(struct popup *popup, bool reverse)
{
    return *popup->sought && find_line(popup, popup->sought, popup->backward != reverse);
}

void popup_click(struct popup *popup, int row)
{
    int at = row - 1;
    if (at >= 0 && popup->list.top + (uint64_t)at < popup_seen(popup))
        scroll_to(&popup->list, popup->list.top + (uint64_t)at);
}

bool popup_target(const struct popup *popup, struct address *target)
{
    const struct popup_line *line = popup_seen_line(popup, (size_t)popup->list.cursor);
    if (!line || !line->address.space)
        return false;
    *target = line->address;
    /* The kernel's half is everybody's: also of whoever is looked at. */
    if (target->space == space_kernel(popup->space) && space_is_shared(popup->space, target->value))
        target->space = popup->space;
    return true;
}
