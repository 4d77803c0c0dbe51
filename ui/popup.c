/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of text with a cursor. */
#include "ui/popup.h"

#include "base/text.h"
#include "ui/app.h"
#include "ui/list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct popup_row {
    char *text;
    bool heading;
};

struct popup {
    char title[128];
    struct popup_row *row;
    size_t count, room, bytes;
    int64_t coming_ms; /* since when; -1: complete */
    struct list list;
    int left;  /* columns scrolled to the right */
    int width; /* of the longest line */
    int32_t process;
    char sought[128];
    bool backward;
};

struct popup *popup_create(const char *title)
{
    struct popup *popup = calloc(1, sizeof *popup);
    if (!popup)
        return NULL;
    strncat(popup->title, title, sizeof popup->title - 1);
    popup->coming_ms = -1;
    return popup;
}

void popup_destroy(struct popup *popup)
{
    if (!popup)
        return;
    for (size_t i = 0; i < popup->count; i++)
        free(popup->row[i].text);
    free(popup->row);
    free(popup);
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
    if (popup->count == popup->room) {
        size_t room = popup->room ? popup->room * 2 : 64;
        struct popup_row *row = realloc(popup->row, room * sizeof *row);
        if (!row)
            return false;
        popup->row = row;
        popup->room = room;
    }
    char *text = strchr(line, '\t') ? expand_tabs(line) : strdup(line);
    if (!text)
        return false;
    size_t length = strlen(text);
    int width = screen_width(text, length);
    popup->row[popup->count++] = (struct popup_row){text, false};
    popup->list.rows = popup->count;
    popup->bytes += length;
    popup->width = width > popup->width ? width : popup->width;
    return true;
}

bool popup_add(struct popup *popup, const char *line)
{
    bool kept = popup->count < POPUP_LINES - 1 && popup->bytes < POPUP_BYTES;
    if (!kept && popup->count < POPUP_LINES)
        append(popup, "... more lines than are kept: use -c and a pager");
    return kept && append(popup, line);
}

void popup_coming(struct popup *popup, int64_t since_ms)
{
    popup->coming_ms = since_ms;
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
    return number < popup->count ? popup->row[number].text : "";
}

void popup_set_process(struct popup *popup, int32_t pid)
{
    popup->process = pid;
}

int32_t popup_process(const struct popup *popup)
{
    return popup->process;
}

void popup_heading(struct popup *popup)
{
    if (popup->count)
        popup->row[popup->count - 1].heading = true;
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
    const struct popup_row *row = &popup->row[number];
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

/* What it is, how far the cursor is, what is still going on, and the keys that help. */
static void draw_rule(struct popup *popup, struct area rule)
{
    static const char searches[] = " q closes  / searches ", goes[] = " Enter goes to the address ";
    struct address unused;
    bool follows = popup_address(popup, &unused), comes = popup->coming_ms >= 0;
    for (int x = 0; x < rule.columns; x++)
        screen_put(rule, 0, x, STYLE_FOCUS, "─");
    int x = screen_printf(rule, 0, 1, STYLE_FOCUS, " %s ", popup->title);
    if (comes || popup->count > (size_t)popup->list.height)
        x = screen_printf(rule, 0, x + 1, STYLE_BORDER, " %llu/%zu%s ",
                          (unsigned long long)popup->list.cursor + (popup->count > 0), popup->count,
                          comes ? " ..." : "");
    if (comes)
        x = screen_printf(rule, 0, x + 1, STYLE_BORDER, " %d s  Esc stops it ",
                          (int)((app_now() - popup->coming_ms) / 1000));
    int width = (int)sizeof searches - 1 + (follows ? (int)sizeof goes - 1 : 0);
    if (x + width + 2 < rule.columns) {
        x = screen_put(rule, 0, rule.columns - width - 1, STYLE_BORDER, searches);
        screen_put(rule, 0, x, STYLE_BORDER, follows ? goes : "");
    }
}

void popup_draw(struct popup *popup, struct area area)
{
    if (area.rows < 1 || area.columns < 1)
        return;
    for (int y = 0; y < area.rows; y++)
        screen_fill(area, y, 0, STYLE_TEXT);
    struct area rule = {area.y, area.x, area.rows > 2 ? 1 : 0, area.columns};
    struct area page = {area.y + rule.rows, area.x, area.rows - rule.rows, area.columns};
    list_fit(&popup->list, popup->count, (unsigned)page.rows);
    int most = popup->width - (page.columns - 1);
    if (popup->left > most)
        popup->left = most > 0 ? most : 0;
    draw_rule(popup, rule);
    for (int y = 0; y < page.rows && popup->list.top + (uint64_t)y < popup->count; y++)
        draw_row(popup, page, y, (size_t)popup->list.top + (size_t)y);
}

static void sideways(struct popup *popup, int columns)
{
    popup->left += columns;
    if (popup->left < 0)
        popup->left = 0;
    if (popup->left > 4096)
        popup->left = 4096;
}

bool popup_act(struct popup *popup, enum action action, int count)
{
    struct list *list = &popup->list;
    int64_t page = list->height > 1 ? list->height - 1 : 1;
    switch (action) {
    case ACTION_UP:
        list_move(list, -(int64_t)count);
        break;
    case ACTION_DOWN:
        list_move(list, count);
        break;
    case ACTION_LEFT:
        sideways(popup, -8 * count);
        break;
    case ACTION_RIGHT:
        sideways(popup, 8 * count);
        break;
    case ACTION_PAGE_UP:
        list_page(list, -page * count);
        break;
    case ACTION_PAGE_DOWN:
    case ACTION_TOGGLE:
        list_page(list, page * count);
        break;
    case ACTION_HALF_UP:
        list_page(list, -(page + 1) / 2 * count);
        break;
    case ACTION_HALF_DOWN:
        list_page(list, (page + 1) / 2 * count);
        break;
    case ACTION_FIRST:
        list_to(list, 0);
        break;
    case ACTION_LAST:
        list_to(list, list->rows ? list->rows - 1 : 0);
        break;
    case ACTION_ROW_START:
        popup->left = 0;
        break;
    case ACTION_SEARCH_NEXT:
        return popup_search(popup, NULL, popup->backward);
    case ACTION_SEARCH_PREVIOUS:
        return popup_search(popup, NULL, !popup->backward);
    default:
        return false;
    }
    return true;
}

static bool find_line(struct popup *popup, const char *text, bool backward)
{
    for (size_t i = 1; i <= popup->count; i++) {
        size_t step = backward ? popup->count - i : i;
        size_t at = ((size_t)popup->list.cursor + step) % popup->count;
        if (strcasestr(popup->row[at].text, text)) {
            list_to(&popup->list, at);
            return true;
        }
    }
    return false;
}

bool popup_search(struct popup *popup, const char *text, bool backward)
{
    const char *wanted = text ? text : popup->sought;
    bool found = *wanted && find_line(popup, wanted, backward);
    if (text && (found || !*popup->sought)) {
        popup->sought[0] = '\0';
        strncat(popup->sought, text, sizeof popup->sought - 1);
        popup->backward = backward;
    }
    return found;
}

void popup_click(struct popup *popup, int row)
{
    int at = row - 1;
    if (at >= 0 && popup->list.top + (uint64_t)at < popup->count)
        list_to(&popup->list, popup->list.top + (uint64_t)at);
}

static bool named_address(const char *line, struct address *address)
{
    for (const char *s = line; *s; s++) {
        if (s[1] != ':' || (s > line && s[-1] != ' ' && s[-1] != '(') ||
            !space_of_letter(*s, &address->space))
            continue;
        char *end;
        address->value = strtoull(s + 2, &end, 16);
        if (end != s + 2)
            return true;
    }
    return false;
}

/* Shorter numbers are lengths and counts. */
static bool bare_address(const char *line, struct address *address)
{
    enum { LEAST = 9, MOST = 16 };
    for (const char *s = line; *s; s++) {
        if (!isxdigit((unsigned char)*s))
            continue;
        size_t digits = strspn(s, "0123456789abcdef");
        bool whole =
            s == line || strchr(" (-[<\t", s[-1]) || (s - line > 1 && strncmp(s - 2, "0x", 2) == 0);
        if (whole && digits >= LEAST && digits <= MOST && !isalnum((unsigned char)s[digits])) {
            *address = address_in(SPACE_VIRT, strtoull(s, NULL, 16));
            return true;
        }
        s += digits ? digits - 1 : 0;
    }
    return false;
}

bool popup_address(const struct popup *popup, struct address *address)
{
    const char *line = popup_line(popup, (size_t)popup->list.cursor);
    return named_address(line, address) || bare_address(line, address);
}
