/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the memory pane: rows of bytes, and one row for each stretch where there are none. */
#include "session/guest.h"
#include "ui/pane/hex/hex.h"

#include "base/bytes.h"
#include "base/text.h"
#include "ui/app/app.h"
#include "ui/pane/hex/hex_chains.h"

#include <stdio.h>
#include <string.h>

/* One row's bytes, with what precedes and follows them for matches across rows. */
struct row_bytes {
    uint8_t data[HEX_WIDTH + 2 * SEARCH_PATTERN];
    uint8_t there[HEX_WIDTH + 2 * SEARCH_PATTERN];
    size_t before, length; /* length: of the row itself */
};

static int digits_of(uint64_t value)
{
    int digits = 1;
    while (value >>= 4)
        digits++;
    return digits;
}

/* The address column is as wide as the image needs, wider only where the cursor is beyond. */
static int address_digits(const struct hex *hex)
{
    if (hex->space->kind == SPACE_VIRT)
        return 16;
    uint64_t first, last;
    session_bounds(hex->session, &space_file, &first, &last);
    if (hex->space->kind == SPACE_PHYS) {
        struct guest_facts facts;
        session_facts(hex->session, &facts);
        last = hex->cursor > facts.last_pa ? hex->cursor : facts.last_pa;
    }
    int digits = digits_of(last);
    return digits < 8 ? 8 : digits;
}

static void collect_visible(struct hex *hex)
{
    struct hex_row row = hex_row_at(&hex->rows, hex->top);
    hex->shown = 0;
    while (hex->shown < hex->height && hex->shown < HEX_ROWS) {
        hex->visible[hex->shown++] = row;
        if (!hex_row_next(&hex->rows, &row))
            break;
    }
}

static bool cursor_is_visible(const struct hex *hex)
{
    return hex->shown > 0 && hex->cursor >= hex->visible[0].first &&
           hex->cursor <= hex->visible[hex->shown - 1].last;
}

/* Near the edge the pane scrolls by a line; from further away the cursor goes to a third. */
static void scroll_to_cursor(struct hex *hex)
{
    struct hex_row at = hex_row_at(&hex->rows, hex->cursor);
    struct hex_row row = at;
    int height = hex->height;
    if (hex->shown > 0 && hex->cursor < hex->visible[0].first) {
        row = hex->visible[0];
        if (hex_row_previous(&hex->rows, &row) && row.first == at.first) {
            hex->top = at.first;
            return;
        }
    } else if (hex->shown > 0) {
        row = hex->visible[hex->shown - 1];
        if (hex_row_next(&hex->rows, &row) && row.first == at.first) {
            hex->top = hex_row_move(&hex->rows, at, 1 - height).first;
            return;
        }
    }
    hex->top = hex_row_move(&hex->rows, at, -(height / 3)).first;
}

void hex_fit(struct hex *hex, int height, int columns)
{
    hex->height = height < 1 ? 1 : height > HEX_ROWS ? HEX_ROWS : height;
    hex->columns = columns;
    hex_format_compute(&hex->format, columns, address_digits(hex), hex->settings);
    hex->rows.space = hex->space;
    hex->rows.width = hex->format.width;
    hex_gaps_begin(&hex->rows.gaps);
    hex->top = hex_row_at(&hex->rows, hex->top).first;
    collect_visible(hex);
    if (!cursor_is_visible(hex)) {
        scroll_to_cursor(hex);
        collect_visible(hex);
    }
    if (hex->shown < hex->height) {
        struct hex_row first = hex_row_at(&hex->rows, hex->top);
        hex->top = hex_row_move(&hex->rows, first, hex->shown - hex->height).first;
        collect_visible(hex);
    }
}

static void read_row(struct hex *hex, const struct hex_row *row, struct row_bytes *bytes)
{
    uint64_t first, last;
    session_bounds(hex->session, hex->space, &first, &last);
    bytes->length = (size_t)(row->last - row->first) + 1;
    bytes->before = 0;
    size_t after = 0;
    if (hex->pattern_length > 1) {
        size_t around = hex->pattern_length - 1;
        bytes->before = row->first - first < around ? (size_t)(row->first - first) : around;
        after = last - row->last < around ? (size_t)(last - row->last) : around;
    }
    session_read(hex->session, address_in(hex->space, row->first - bytes->before), bytes->data,
                 bytes->before + bytes->length + after, bytes->there);
    bytes->length += bytes->before + after;
}

static enum range_state state_of(const struct row_bytes *bytes, size_t index)
{
    return (enum range_state)bytes->there[bytes->before + index];
}

static bool is_there(const struct row_bytes *bytes, size_t index)
{
    return range_is_readable(state_of(bytes, index));
}

static void draw_address(const struct hex *hex, struct area area, int y, uint64_t value)
{
    /* "…" stands for ffff; the other half of the space has a thirteenth digit in its place. */
    if (hex->format.elide && value >> 52 == 0)
        screen_printf(area, y, 0, STYLE_ADDRESS, "%013llx", (unsigned long long)value);
    else if (hex->format.elide)
        screen_printf(area, y, 0, STYLE_ADDRESS, "…%012llx",
                      (unsigned long long)value & 0xffffffffffffULL);
    else
        screen_printf(area, y, 0, STYLE_ADDRESS, "%0*llx", hex->format.digits,
                      (unsigned long long)value);
}

static const struct {
    enum style style;
    const char *words;
} gaps[] = {
    [RANGE_DATA] = {STYLE_TEXT, ""},
    [RANGE_HOLE] = {STYLE_HOLE, "never touched"},
    [RANGE_NOT_SAVED] = {STYLE_UNMAPPED, "not saved"},
    [RANGE_UNREADABLE] = {STYLE_BAD, "unreadable"},
    [RANGE_PENDING] = {STYLE_DIM, "on its way"},
    [RANGE_UNMAPPED] = {STYLE_UNMAPPED, "not mapped"},
    [RANGE_BAD] = {STYLE_BAD, "no usable table"},
    [RANGE_DEVICE] = {STYLE_DEVICE, "device"},
    [RANGE_OUTSIDE] = {STYLE_UNMAPPED, "outside"},
    [RANGE_NOT_READ] = {STYLE_DIM, "not read"},
};

static const char *gap_words(const struct hex *hex, enum range_state kind)
{
    if (kind == RANGE_DEVICE && hex->space->kind == SPACE_PHYS)
        return "not in the file (device, flash, nothing)";
    if (kind == RANGE_OUTSIDE && hex->space->kind == SPACE_VIRT)
        return "not canonical";
    return gaps[kind].words;
}

/* What stands for each digit of a byte that is not there. */
static char mark_of(enum range_state state)
{
    return state == RANGE_PENDING ? '.' : state == RANGE_UNREADABLE ? '!' : '-';
}

/* The digits of one word in the byte order asked for. */
static enum style word_text(const struct hex *hex, const struct row_bytes *bytes, unsigned index,
                            char *text)
{
    static const char digit[] = "0123456789abcdef";
    unsigned word = hex->format.word;
    bool zero = true;
    for (unsigned i = 0; i < word; i++) {
        unsigned at = index + (hex->settings->big_endian ? i : word - 1 - i);
        uint8_t byte = bytes->data[bytes->before + at];
        bool there = is_there(bytes, at);
        char mark = mark_of(state_of(bytes, at));
        text[2 * i] = there ? digit[byte >> 4] : mark;
        text[2 * i + 1] = there ? digit[byte & 15] : mark;
        zero = zero && byte == 0;
    }
    /* The blank goes in the word's style: between equal neighbours nothing has to be switched. */
    memcpy(text + 2 * word, " ", 2);
    return zero ? STYLE_ZERO : STYLE_TEXT;
}

/* The virtual address that the eight bytes at `index` of the row point to. */
static bool link_at(struct hex *hex, const struct row_bytes *bytes, unsigned index, uint64_t *va)
{
    for (unsigned i = 0; i < 8; i++)
        if (!is_there(bytes, index + i))
            return false;
    uint64_t word = load_le64(bytes->data + bytes->before + index);
    return word && hex->virt->paging && session_pointer(hex->session, hex->virt, word, va);
}

static void draw_words(struct hex *hex, struct area area, int y, const struct row_bytes *bytes,
                       unsigned length, unsigned links)
{
    const struct hex_format *f = &hex->format;
    for (unsigned i = 0; i < length; i += f->word) {
        char text[2 * 8 + 2];
        if (i + f->word > length) /* the last bytes of a file, less than a word */
            break;
        enum style style = word_text(hex, bytes, i, text);
        screen_put(area, y, hex_format_column(f, i), links >> (i / 8) & 1 ? STYLE_LINK : style,
                   text);
    }
}

static void draw_text(const struct hex *hex, struct area area, int y, const struct row_bytes *bytes,
                      unsigned length)
{
    const struct hex_format *f = &hex->format;
    for (unsigned i = 0; f->text >= 0 && i < length;) {
        char text[HEX_WIDTH + 1];
        unsigned n = 0, start = i;
        bool plain = false;
        for (; i < length; i++) {
            uint8_t byte = bytes->data[bytes->before + i];
            bool printable = byte >= 0x20 && byte < 0x7f;
            if (n && printable != plain)
                break;
            plain = printable;
            text[n++] = !is_there(bytes, i) ? ' ' : printable ? (char)byte : '.';
        }
        text[n] = '\0';
        screen_put(area, y, f->text + (int)start, plain ? STYLE_ASCII : STYLE_ZERO, text);
    }
}

/* Gives the cells of bytes [from, to) of a row another style. */
static void restyle_bytes(const struct hex *hex, struct area area, int y, unsigned from,
                          unsigned to, enum style style)
{
    const struct hex_format *f = &hex->format;
    for (unsigned i = from; i < to; i++) {
        unsigned in_word = i % f->word;
        unsigned place = hex->settings->big_endian ? in_word : f->word - 1 - in_word;
        screen_restyle(area, y, hex_format_column(f, i) + 2 * (int)place, 2, style);
        if (f->text >= 0)
            screen_restyle(area, y, f->text + (int)i, 1, style);
    }
}

static void draw_matches(struct hex *hex, struct area area, int y, const struct row_bytes *bytes,
                         unsigned row_length)
{
    size_t n = hex->pattern_length;
    for (size_t at = 0; n && at + n <= bytes->length; at++) {
        if (memcmp(bytes->data + at, hex->pattern, n) != 0)
            continue;
        size_t from = at < bytes->before ? 0 : at - bytes->before;
        size_t to = at + n < bytes->before ? 0 : at + n - bytes->before;
        restyle_bytes(hex, area, y, (unsigned)from, (unsigned)(to > row_length ? row_length : to),
                      STYLE_MATCH);
    }
}

static void draw_changes(struct hex *hex, struct area area, int y, const struct hex_row *row,
                         unsigned length)
{
    struct address address = address_in(hex->space, row->first);
    for (unsigned i = 0; i < length; i++) {
        enum freshness fresh = changes_of(hex->changes, address, i, hex->now_ms);
        if (fresh != FRESH_NOT)
            restyle_bytes(hex, area, y, i, i + 1,
                          fresh == FRESH_NOW ? STYLE_CHANGED : STYLE_CHANGED_OLD);
    }
}

/* Behind a row: what its first link leads to, or where, in the space that the word does not
 * already show. */
static void draw_note(struct hex *hex, struct area area, int y, uint64_t va)
{
    char text[ADDRESS_TEXT], name[96];
    uint64_t pa;
    if (*owners_name_in(app_owners(hex->app), address_in(hex->virt, va), name, sizeof name)) {
        screen_printf(area, y, hex->format.note, STYLE_TARGET, "→ %s", name);
        return;
    }
    struct address to = address_in(hex->virt, va);
    if (hex->format.word == 8 && session_translate(hex->session, to, &pa))
        to = address_phys(pa);
    screen_printf(area, y, hex->format.note, STYLE_TARGET, "→ %s", address_text(to, text));
}

/* The chain that the row's word begins. */
static void draw_chain(struct hex *hex, struct area area, int y, const struct row_bytes *bytes)
{
    uint64_t word = 0;
    struct chain_of chain;
    for (unsigned i = 8; i-- > 0;)
        word = word << 8 | (is_there(bytes, i) ? bytes->data[bytes->before + i] : 0u);
    chain_follow(&chain, hex->session, hex->virt, app_owners(hex->app), word);
    if (chain.links || hex->format.text < 0)
        chain_draw(&chain, area, y, hex->format.note);
}

/* The row's digits, text and notes. */
static void draw_content(struct hex *hex, struct area area, int y, const struct hex_row *row,
                         const struct row_bytes *bytes)
{
    unsigned length = (unsigned)(row->last - row->first) + 1, links = 0;
    uint64_t va, note = 0;
    for (unsigned i = length & ~7u; i >= 8; i -= 8)
        if (link_at(hex, bytes, i - 8, &va)) {
            links |= 1u << (i / 8 - 1);
            note = va;
        }
    draw_words(hex, area, y, bytes, length, links);
    draw_text(hex, area, y, bytes, length);
    if (hex->settings->chains && length >= 8)
        draw_chain(hex, area, y, bytes);
    else if (links && hex->format.note >= 0)
        draw_note(hex, area, y, note);
    draw_changes(hex, area, y, row, length);
    draw_matches(hex, area, y, bytes, length);
}

static bool is_any_there(const struct row_bytes *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (is_there(bytes, i))
            return true;
    return false;
}

static void draw_bytes(struct hex *hex, struct area area, int y, const struct hex_row *row,
                       bool focused)
{
    struct row_bytes bytes;
    read_row(hex, row, &bytes);
    draw_address(hex, area, y, row->first);
    if (is_any_there(&bytes, (size_t)(row->last - row->first) + 1))
        draw_content(hex, area, y, row, &bytes);
    else
        screen_printf(area, y, hex->format.words, gaps[state_of(&bytes, 0)].style, "·· %s ··",
                      gap_words(hex, state_of(&bytes, 0)));
    if (hex->cursor < row->first || hex->cursor > row->last)
        return;
    unsigned at = (unsigned)(hex->cursor - row->first), word = at - at % hex->format.word;
    enum style style = focused ? STYLE_CURSOR : STYLE_CURSOR_OTHER;
    screen_restyle(area, y, hex_format_column(&hex->format, word), 2 * (int)hex->format.word,
                   style);
    if (hex->format.text >= 0)
        screen_restyle(area, y, hex->format.text + (int)word, (int)hex->format.word, style);
}

/* A page that the kernel keeps though the CPU sees none, at the cursor or where the gap starts. */
static void add_frame(const struct hex *hex, const struct hex_row *row, struct text *text)
{
    bool here = hex->cursor >= row->first && hex->cursor <= row->last;
    struct walk walk;
    if (row->kind != RANGE_UNMAPPED || !hex->space->paging)
        return;
    session_walk(hex->session, address_in(hex->space, here ? hex->cursor : row->first), &walk);
    if (walk.has_frame)
        text_add(text, " (PROT_NONE: frame p:%llx)", (unsigned long long)walk.frame_pa);
}

static void draw_gap(const struct hex *hex, struct area area, int y, const struct hex_row *row,
                     bool focused)
{
    char line[128];
    struct text text = TEXT_OVER(line);
    text_add(&text, "·· %s", gap_words(hex, row->kind));
    if (row->kind == RANGE_DEVICE && hex->space->kind == SPACE_VIRT && row->pa != UINT64_MAX)
        text_add(&text, " p:%llx, not in the file", (unsigned long long)row->pa);
    add_frame(hex, row, &text);
    uint64_t span = row->last - row->first;
    text_add(&text, ", ");
    if (span == UINT64_MAX)
        text_add(&text, "everything");
    else
        text_add_size(&text, span + 1);
    text_add(&text, " ··");
    draw_address(hex, area, y, row->first);
    screen_put(area, y, hex->format.words, gaps[row->kind].style, line);
    if (hex->cursor < row->first || hex->cursor > row->last)
        return;
    screen_restyle(area, y, hex->format.words, screen_width(line, strlen(line)),
                   focused ? STYLE_CURSOR : STYLE_CURSOR_OTHER);
    if (hex->cursor != row->first)
        screen_printf(area, y, hex->format.words + screen_width(line, strlen(line)) + 1, STYLE_DIM,
                      "at +%llx", (unsigned long long)(hex->cursor - row->first));
}

void hex_draw(struct pane *pane, struct area area, bool focused)
{
    struct hex *hex = (struct hex *)(void *)pane;
    if (area.rows < 1 || area.columns < 1)
        return;
    hex_fit(hex, area.rows, area.columns);
    for (int y = 0; y < hex->shown; y++)
        if (hex->visible[y].kind == RANGE_DATA)
            draw_bytes(hex, area, y, &hex->visible[y], focused);
        else
            draw_gap(hex, area, y, &hex->visible[y], focused);
}

void hex_title(struct pane *pane, char *text, size_t size)
{
    const struct hex *hex = (const struct hex *)(const void *)pane;
    char address[ADDRESS_TEXT];
    struct text line = text_over(text, size);
    text_add(&line, "Memory  %s  %s", space_kind_name(hex->space->kind),
             address_text(address_in(hex->space, hex->cursor), address));
    if (hex->settings->word > 1)
        text_add(&line, "  %s-endian", hex->settings->big_endian ? "big" : "little");
    char is[400] = "";
    struct text words = TEXT_OVER(is);
    owners_describe(app_owners(hex->app), address_in(hex->space, hex->cursor), &words);
    text_add(&line, *is ? "  %s" : "%s", is);
}
