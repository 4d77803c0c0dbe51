/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of the tree on the screen.  A column that is longer than usual (a device far up in
 * physical space) pushes the next ones on rather than being cut: half an address is a wrong one.
 */
#include "ui/pane/tables/tree_draw.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Cells of the columns, with the blank before them. */
#define VA_DIGITS    16
#define TARGET_CELLS 16 /* " PTE p:13fffd000", " → p:8000000000" */
#define SIZE_CELLS   6  /* " 3.99G" */
#define ACCESS_CELLS 5  /* " rw-k" */
#define FLAGS_CELLS  10 /* fewer show too little */
#define LEAST_DIGITS 4
#define CUT_DIGITS   12 /* the others say only which half of the space it is */

/* How long a change is seen at once, and how long it can still be seen. */
#define CHANGED_MS     1500
#define CHANGED_OLD_MS 5000

static int digits_of(unsigned number)
{
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

/* What has to be at least as wide as `cells`, tried from the most generous on. */
struct choice {
    int indent, gap;
    bool target, size, access, flags;
    bool cut; /* without the first digits of a VA, as the memory pane does it */
};

static const struct choice choices[] = {
    {2, 1, true, true, true, true, false},    {1, 1, true, true, true, true, false},
    {2, 1, true, true, true, false, false},   {1, 1, true, true, true, false, false},
    {1, 0, true, true, true, false, false},   {1, 0, true, true, true, false, true},
    {1, 1, false, true, true, false, false},  {1, 0, false, true, true, false, false},
    {1, 0, false, false, true, false, false}, {1, 0, false, false, false, false, false},
};
#define CHOICES (sizeof choices / sizeof *choices)

struct tree_columns tree_columns_for(const struct paging *paging, int width)
{
    unsigned most_bits = 0;
    for (unsigned level = 0; level < paging->levels; level++)
        if (paging->level[level].bits > most_bits)
            most_bits = paging->level[level].bits;
    struct tree_columns columns = {.index_digits = digits_of((1u << most_bits) - 1)};
    for (size_t i = 0; i < CHOICES; i++) {
        const struct choice *choice = &choices[i];
        /* The deepest run "[0-511]" and the entries below it, "[511]", both have to fit; where
         * there is room for flags, so does "[480-511]", which else pushes on what follows. */
        int head = choice->indent * (paging->levels - 1) + 1 + choice->gap;
        int run = choice->flags ? 2 * columns.index_digits + 3 : columns.index_digits + 4;
        int member = choice->indent + columns.index_digits + 2;
        int at = head + (run > member ? run : member) + 1;
        columns.indent = choice->indent;
        columns.gap = choice->gap;
        columns.va = at;
        columns.va_digits = choice->cut ? CUT_DIGITS : VA_DIGITS;
        at += choice->cut ? CUT_DIGITS + 1 : VA_DIGITS;
        columns.target = choice->target ? at + 1 : -1;
        at += choice->target ? TARGET_CELLS : 0;
        columns.size = choice->size ? at + 1 : -1;
        at += choice->size ? SIZE_CELLS : 0;
        columns.access = choice->access ? at + 1 : -1;
        at += choice->access ? ACCESS_CELLS : 0;
        columns.flags = choice->flags ? at + 1 : -1;
        if (at + (choice->flags ? FLAGS_CELLS : 0) <= width)
            return columns;
    }
    columns.va_digits = width - columns.va;
    if (columns.va_digits < LEAST_DIGITS)
        columns.va_digits = 0;
    else if (columns.va_digits < VA_DIGITS)
        columns.va_digits--; /* the place of "…" */
    else
        columns.va_digits = VA_DIGITS;
    return columns;
}

static enum style entry_style(const struct tree_row *row)
{
    switch (row->kind) {
    case ENTRY_EMPTY:
        return STYLE_DIM;
    case ENTRY_NOT_PRESENT:
        return STYLE_UNMAPPED;
    case ENTRY_TABLE:
        if (row->fold)
            return STYLE_DIM;
        if (extent_is_open(row->missing))
            return STYLE_DIM;
        return row->loop || row->missing ? STYLE_BAD : STYLE_TABLE;
    case ENTRY_LEAF:
        return row->group.broken ? STYLE_BAD : row->device ? STYLE_DEVICE : STYLE_LEAF;
    case ENTRY_MISSING:
        return extent_is_open(row->missing) ? STYLE_DIM : STYLE_BAD;
    case ENTRY_RESERVED:
        break;
    }
    return STYLE_BAD;
}

/* The word that says what is wrong, or particular, about a row; NULL: nothing. */
static const char *remark(const struct paging *paging, const struct tree_row *row, char *text,
                          size_t size)
{
    if (row->kind == ENTRY_RESERVED)
        snprintf(text, size, "reserved encoding 0x%" PRIx64, row->entry);
    else if (row->kind == ENTRY_MISSING)
        snprintf(text, size, "%s", extent_name(row->missing));
    else if (row->kind == ENTRY_NOT_PRESENT) {
        uint64_t pa;
        if (paging->arch->absent_pa(paging, row->level, row->entry, &pa))
            snprintf(text, size, "not present: %s p:%" PRIx64, paging->arch->absent(row->entry),
                     pa);
        else
            snprintf(text, size, "not present: %s 0x%" PRIx64, paging->arch->absent(row->entry),
                     row->entry);
    } else if (row->kind == ENTRY_EMPTY)
        snprintf(text, size, "empty");
    else if (row->fold)
        snprintf(text, size, row->repeats ? "%u times the same table" : "%u empty tables",
                 row->fold);
    else if (row->kind == ENTRY_TABLE && row->loop)
        snprintf(text, size, "loop: on the path already");
    else if (row->kind == ENTRY_TABLE && row->missing)
        snprintf(text, size, "table %s", extent_name(row->missing));
    else if (row->kind == ENTRY_LEAF && row->group.broken)
        snprintf(text, size, "broken group");
    else if (row->kind == ENTRY_LEAF && row->device)
        snprintf(text, size, "%s",
                 row->partly ? "partly not in the file" : "device, not in the file");
    else
        return NULL;
    return text;
}

/* Marker, index and VA (or a root's name).  Answers the column after. */
static int draw_head(struct area area, int line, const struct tree_columns *columns,
                     const struct paging *paging, const struct tree_row *row)
{
    int indent = row->depth > 1 ? columns->indent * (int)(row->depth - 1) : 0;
    enum style style = entry_style(row);
    const char *marker = !row->openable ? " " : row->open ? "▾" : "▸";
    int at = screen_put(area, line, indent, style, marker) + columns->gap;
    if (row->depth == 0) {
        const char *name = row->user ? "user root" : "kernel root";
        const char *where = row->user ? "TTBR0" : "TTBR1";
        if (paging->arch->split_roots)
            return screen_printf(area, line, at, STYLE_TABLE, "%s %s", where, name);
        return screen_put(area, line, at, STYLE_TABLE, name);
    }
    if (row->count > 1)
        at = screen_printf(area, line, at, style, "[%u-%u]", row->index,
                           row->index + row->count - 1);
    else
        at = screen_printf(area, line, at, style, "[%*u]", columns->index_digits, row->index);
    if (columns->va_digits == 0)
        return at;
    char va[VA_DIGITS + 1];
    snprintf(va, sizeof va, "%016" PRIx64, row->va);
    at = at + 1 > columns->va ? at + 1 : columns->va;
    bool is_cut = columns->va_digits < VA_DIGITS;
    enum style va_style = row->kind == ENTRY_EMPTY || row->fold ? STYLE_DIM : STYLE_ADDRESS;
    if (columns->va_digits == CUT_DIGITS && row->va >> 52 == 0)
        return screen_printf(area, line, at, va_style, "%013" PRIx64, row->va);
    return screen_printf(area, line, at, va_style, "%s%s", is_cut ? "…" : "",
                         va + VA_DIGITS - columns->va_digits);
}

static int column_at(int wanted, int after)
{
    return wanted > after ? wanted : after + 1;
}

static int draw_target(struct area area, int line, int at, const struct paging *paging,
                       const struct tree_row *row)
{
    if (row->kind == ENTRY_TABLE) {
        unsigned level = row->depth ? row->level + 1 : 0;
        at = screen_printf(area, line, at, entry_style(row), "%s ", paging->level[level].name);
    } else if (row->kind == ENTRY_LEAF)
        at = row->group.broken ? screen_put(area, line, at, STYLE_BAD, "→!")
                               : screen_put(area, line, at, STYLE_DIM, "→ ");
    else
        return at;
    enum style style = row->device || row->missing ? entry_style(row) : STYLE_TARGET;
    return screen_printf(area, line, at, style, "p:%" PRIx64, row->target_pa);
}

/* Right-aligned; where the columns before took some of its room, as far right as else. */
static int draw_size(struct area area, int line, int wanted, int after, const struct tree_row *row)
{
    char digits[16];
    struct text size = TEXT_OVER(digits);
    int end = wanted + SIZE_CELLS - 1;
    if (row->mapped == TREE_UNKNOWN)
        return screen_put(area, line, column_at(end - 1, after), STYLE_DIM, "…");
    text_add_size(&size, row->mapped);
    enum style style = row->mapped ? STYLE_TEXT : STYLE_DIM;
    return screen_put(area, line, column_at(end - (int)size.length, after), style, digits);
}

/* A letter a style: what can be written or executed is to be seen from afar. */
static int draw_access(struct area area, int line, int at, const struct tree_row *row)
{
    static const enum style styles[] = {STYLE_TEXT, STYLE_WRITE, STYLE_EXEC, STYLE_DIM};
    char text[ACCESS_TEXT];
    if (row->mapped == TREE_UNKNOWN || row->mapped == 0)
        return at + ACCESS_TEXT - 1;
    access_text(row->access, text);
    for (size_t i = 0; text[i]; i++) {
        char letter[2] = {text[i], '\0'};
        bool dim = text[i] == '-' || row->kind == ENTRY_TABLE;
        at = screen_put(area, line, at, dim ? STYLE_DIM : styles[i], letter);
    }
    return at;
}

/* As many whole flags as fit: half a name could be another flag's. */
static void draw_flags(struct area area, int line, int at, char *flags)
{
    size_t capacity = at < area.columns ? (size_t)(area.columns - at) : 0;
    bool is_cut = strlen(flags) > capacity;
    if (is_cut) {
        size_t end = capacity > 1 ? capacity - 1 : 0; /* the place of "…" */
        while (end > 0 && flags[end] != ' ')
            end--;
        flags[end] = '\0';
    }
    at = screen_put(area, line, at, STYLE_DIM, flags);
    if (is_cut)
        screen_put(area, line, at, STYLE_DIM, "…");
}

static void draw_tail(struct area area, int line, int at, const struct tree_columns *columns,
                      const struct paging *paging, const struct tree_row *row)
{
    char text[256];
    const char *word = remark(paging, row, text, sizeof text);
    bool maps = row->kind == ENTRY_LEAF || row->kind == ENTRY_TABLE;
    bool is_bad_table = row->kind == ENTRY_TABLE && word;
    if (!maps || row->fold || (is_bad_table && columns->target < 0)) {
        screen_put(area, line, column_at(columns->va + columns->va_digits + 1, at),
                   entry_style(row), word);
        return;
    }
    if (columns->target >= 0)
        at = draw_target(area, line, column_at(columns->target, at), paging, row);
    if (is_bad_table) {
        screen_put(area, line, column_at(columns->size, at), entry_style(row), word);
        return;
    }
    /* Where no flags fit, the size makes room for what must not be missed. */
    const char *brief = row->partly ? "part" : "dev";
    int brief_at = columns->size + SIZE_CELLS - 1 - (int)strlen(brief);
    if (columns->size >= 0 && row->device && columns->flags < 0)
        at = screen_put(area, line, column_at(brief_at, at), STYLE_DEVICE, brief);
    else if (columns->size >= 0)
        at = draw_size(area, line, columns->size, at, row);
    if (columns->access >= 0)
        at = draw_access(area, line, column_at(columns->access, at), row);
    if (columns->flags < 0 || row->depth == 0)
        return;
    at = column_at(columns->flags, at);
    if (word && (int)strlen(word) > area.columns - at)
        word = row->group.broken ? "broken" : row->partly ? "partly dev" : "device";
    if (word)
        at = screen_put(area, line, at, entry_style(row), word) + 1;
    draw_flags(area, line, at,
               paging_flags_text(paging, row->level, row->entry, text, sizeof text));
}

void tree_draw_row(struct area area, int line, const struct tree_columns *columns,
                   const struct paging *paging, const struct tree_row *row, int64_t now_ms)
{
    int after = draw_head(area, line, columns, paging, row);
    draw_tail(area, line, after, columns, paging, row);
    if (row->changed_ms == TREE_NEVER || now_ms - row->changed_ms >= CHANGED_OLD_MS)
        return;
    bool is_fresh = now_ms - row->changed_ms < CHANGED_MS;
    screen_restyle(area, line, 0, area.columns, is_fresh ? STYLE_CHANGED : STYLE_CHANGED_OLD);
}
