/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is under the cursor.  Lines come in the order of their priority: a small screen shows the
 * first of them.
 */
#include "ui/widget/inspector.h"

#include "base/text.h"
#include "session/guest.h"
#include "ui/widget/pen.h"

#include <string.h>

struct word {
    uint8_t byte[8];
    size_t count;           /* bytes that could be read from the cursor on */
    enum range_state after; /* count < 8: what the next one is */
    bool has_aligned;
    uint64_t aligned; /* the aligned eight bytes around the cursor, little-endian */
};

/* What the lines speak of. */
struct facts {
    struct session *session;
    struct owners *owners;
    const struct settings *settings;
    struct place place;
    struct word word;
    bool alone;      /* the aliases have no line */
    bool entry_here; /* nor has the page-table entry that the word may be: it takes the pointer's */
};

static void line_aliases(const struct facts *facts, struct pen *pen);

/* Asked for as v:, or the first alias. */
static void line_place(const struct facts *facts, struct pen *pen)
{
    const struct place *place = &facts->place;
    if (place->has_offset) {
        pen_address(pen, STYLE_TEXT, address_file(place->offset));
        pen_put(pen, STYLE_TEXT, "  ");
    }
    if (place->has_pa) {
        pen_address(pen, STYLE_TEXT, address_phys(place->pa));
        pen_put(pen, STYLE_TEXT, "  ");
    }
    if (place->not_in_image || (place->has_pa && !place->is_ram))
        pen_put(pen, STYLE_DEVICE, "not in the file  ");
    if (place->has_va) {
        pen_address(pen, STYLE_TEXT, place_virtual(place));
        pen_put(pen, STYLE_TEXT, " ");
    }
    if (place->walked && place->walk.end == WALK_MAPPED) {
        pen_access(pen, place->walk.access);
        pen_put(pen, STYLE_TEXT, " ");
        pen_size(pen, place->walk.page_size);
        pen_put(pen, STYLE_TEXT, " page  ");
    } else if (place->walked) {
        char reason[160];
        pen_put(pen, place->walk.end == WALK_RESERVED ? STYLE_BAD : STYLE_UNMAPPED,
                session_walk_reason(place->space, &place->walk, reason, sizeof reason));
    } else if (place->is_ram && place->space->paging) {
        pen_put(pen, STYLE_DIM,
                place->aliases_cut
                    ? "no virtual address is known (more are mapped than are indexed)"
                : session_knows_names(facts->session, place->space)
                    ? "no virtual address"
                    : "virtual address: being looked for");
    }
    if (facts->alone && (place->aliases > 1 || place->aliases_cut))
        line_aliases(facts, pen);
}

static void line_aliases(const struct facts *facts, struct pen *pen)
{
    const struct place *place = &facts->place;
    size_t shown = 0, known = place->aliases < MEMORY_ALIASES ? place->aliases : MEMORY_ALIASES;
    for (size_t i = 0; i < known; i++) {
        const struct alias *alias = &place->alias[i];
        if (place->has_va && alias->va == place->va)
            continue;
        if (pen->column + 24 > pen->area.columns)
            break;
        pen_put(pen, STYLE_DIM, shown ? "  " : "also ");
        pen_address(pen, STYLE_TEXT, place_alias(place, i));
        pen_put(pen, STYLE_TEXT, " ");
        if (pen->column + ACCESS_TEXT < pen->area.columns)
            pen_access(pen, alias->access);
        shown++;
    }
    size_t left = place->aliases - (place->aliases && place->has_va ? 1 : 0);
    if (shown < left)
        pen->column = screen_printf(pen->area, pen->row, pen->column, STYLE_DIM, "%s%zu more",
                                    shown ? "  +" : "also by ", left - shown);
    else if (!shown && place->aliases && !place->aliases_cut)
        pen_put(pen, STYLE_DIM, "no other virtual address");
    if (place->aliases && place->aliases_cut)
        pen_put(pen, STYLE_DIM,
                shown ? "  (there may be more)" : "other virtual addresses may be missing");
}

static void read_word(struct session *session, struct address here, struct word *word)
{
    uint8_t there[8];
    memset(word, 0, sizeof *word);
    session_read(session, here, word->byte, sizeof word->byte, there);
    while (word->count < 8 && range_is_readable((enum range_state)there[word->count]))
        word->count++;
    word->after = word->count < 8 ? (enum range_state)there[word->count] : RANGE_DATA;
    struct address base = address_in(here.space, here.value & ~UINT64_C(7));
    word->has_aligned = session_read_u64(session, base, &word->aligned);
}

static uint64_t number_of(const struct word *word, size_t bytes, bool big)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | word->byte[big ? i : bytes - 1 - i];
    return value;
}

static int64_t as_signed(uint64_t value, size_t bytes)
{
    unsigned unused = (unsigned)(64 - 8 * bytes);
    return (int64_t)(value << unused) >> unused;
}

/* "u32 0x2a 42": on a narrow screen without what can be done without. */
static void put_number(struct pen *pen, const struct word *word, size_t bytes, bool big)
{
    uint64_t value = number_of(word, bytes, big);
    int64_t number = as_signed(value, bytes);
    bool wide = pen->area.columns >= 150, hex = pen->area.columns >= 110, negative = number < 0;
    char line[128], name[16];
    struct text text = TEXT_OVER(line), label = TEXT_OVER(name);
    text_add(&label, "%s%c%zu ", pen->column ? "  " : "", negative && !wide ? 'i' : 'u', bytes * 8);
    pen_put(pen, STYLE_DIM, name);
    if (bytes > 1 && (hex || bytes == 8))
        text_add(&text, "0x%llx ", (unsigned long long)value);
    if (wide || !negative)
        text_add(&text, "%llu%s", (unsigned long long)value, negative ? " " : "");
    if (negative)
        text_add(&text, "%lld", (long long)number);
    pen_put(pen, STYLE_TEXT, line);
    if (bytes == 1 && value >= 0x20 && value < 0x7f) {
        char quoted[5] = {' ', '\'', (char)value, '\'', 0};
        pen_put(pen, STYLE_ASCII, quoted);
    }
}

static void line_numbers(const struct facts *facts, struct pen *pen)
{
    static const size_t sizes[] = {8, 4, 2, 1};
    if (!facts->word.count)
        pen_printf(pen, STYLE_DIM, "no bytes here: %s", range_state_name(facts->word.after));
    for (size_t i = 0; i < 4; i++)
        if (sizes[i] <= facts->word.count)
            put_number(pen, &facts->word, sizes[i], facts->settings->big_endian);
}

static void line_entry(const struct facts *facts, struct pen *pen);

/* Could the word be a page-table entry, at the last level or the one above it, that leads to RAM?
 */
static bool is_entry(const struct session *session, const struct paging *paging, uint64_t word)
{
    uint64_t offset;
    for (unsigned i = 1; word && i <= 2 && i <= paging->levels; i++) {
        unsigned level = paging->levels - i;
        enum entry_kind kind = paging->arch->kind(paging, level, word);
        if ((kind == ENTRY_TABLE || kind == ENTRY_LEAF) &&
            session_in_image(session, paging_target(paging, level, kind, word), &offset))
            return true;
    }
    return false;
}

static void line_pointer(const struct facts *facts, struct pen *pen)
{
    const struct space *space = facts->place.space;
    const struct paging *paging = space->paging;
    const struct word *word = &facts->word;
    uint64_t va;
    if (!word->has_aligned || !paging)
        return;
    if (!session_pointer(facts->session, space, word->aligned, &va)) {
        if (facts->entry_here && is_entry(facts->session, paging, word->aligned)) {
            line_entry(facts, pen);
            return;
        }
        pen_put(pen, STYLE_DIM, "no pointer");
        if (word->aligned < 0x1000 || !paging_is_canonical(paging, word->aligned))
            return;
        char reason[160];
        struct walk walk;
        session_walk(facts->session, address_in(space, paging_canonical(paging, word->aligned)),
                     &walk);
        if (walk.no_root)
            return;
        pen_put(pen, STYLE_DIM, ": ");
        pen_put(pen, STYLE_DIM, walk_reason(&walk, paging, reason, sizeof reason));
        return;
    }
    struct place place;
    session_locate(facts->session, address_in(space, va), space, &place);
    pen_put(pen, STYLE_DIM, "points to ");
    pen_address(pen, STYLE_LINK, address_in(space, va));
    pen_put(pen, STYLE_DIM, va != word->aligned ? "  (tag taken off)  " : "  ");
    char name[80];
    owners_name_in(facts->owners, address_in(space, va), name, sizeof name);
    /* A symbol or a text says more than the numbers that follow, a page's owner less. */
    bool symbol = *name && !strchr(name, ' ');
    if (symbol || *name == '"') {
        pen_put(pen, *name == '"' ? STYLE_ASCII : STYLE_TARGET, name);
        pen_put(pen, STYLE_TEXT, "  ");
        *name = '\0';
    }
    pen_address(pen, STYLE_TARGET, address_phys(place.pa));
    pen_put(pen, STYLE_TEXT, "  ");
    if (place.has_offset)
        pen_address(pen, STYLE_TARGET, address_file(place.offset));
    else if (!place.is_ram)
        pen_put(pen, STYLE_DEVICE, "not in the file");
    pen_put(pen, STYLE_TEXT, "  ");
    pen_access(pen, place.walk.access);
    pen_put(pen, STYLE_TEXT, "  ");
    pen_put(pen, STYLE_TARGET, name);
}

static void put_entry(const struct paging *paging, unsigned level, uint64_t entry, struct pen *pen)
{
    enum entry_kind kind = paging->arch->kind(paging, level, entry);
    char flags[160];
    pen_put(pen, STYLE_DIM, pen->column ? "   as " : "as ");
    pen_put(pen, STYLE_DIM, paging->level[level].name);
    pen_put(pen, STYLE_DIM, ": ");
    pen_put(pen,
            kind == ENTRY_TABLE      ? STYLE_TABLE
            : kind == ENTRY_RESERVED ? STYLE_BAD
            : kind == ENTRY_LEAF     ? STYLE_LEAF
                                     : STYLE_DIM,
            paging_kind_name(paging, level, kind));
    uint64_t kept_pa;
    /* Nearly every word is no entry: only what keeps a frame is priority a name. */
    if (kind == ENTRY_NOT_PRESENT && paging->arch->absent_pa(paging, level, entry, &kept_pa)) {
        pen_put(pen, STYLE_DIM, " ");
        pen_put(pen, STYLE_DIM, paging->arch->absent(entry));
    }
    if (kind != ENTRY_TABLE && kind != ENTRY_LEAF)
        return;
    pen_put(pen, STYLE_TEXT, " ");
    pen_address(pen, STYLE_TARGET, address_phys(paging_target(paging, level, kind, entry)));
    pen_put(pen, STYLE_TEXT, " ");
    pen_put(pen, STYLE_TEXT, paging_flags_text(paging, level, entry, flags, sizeof flags));
}

/* The same bits mean another thing at the last level than above it: both are shown. */
static void line_entry(const struct facts *facts, struct pen *pen)
{
    const struct paging *paging = facts->place.space->paging;
    const struct word *word = &facts->word;
    if (!word->has_aligned || !paging || !word->aligned)
        return;
    unsigned last = paging->levels - 1u;
    put_entry(paging, last, word->aligned, pen);
    if (last > 0 && paging->arch->kind(paging, last - 1, word->aligned) !=
                        paging->arch->kind(paging, last, word->aligned))
        put_entry(paging, last - 1, word->aligned, pen);
}

/* What the place is to the kernel. */
static void line_guest(const struct facts *facts, struct pen *pen)
{
    char line[480];
    struct text text = TEXT_OVER(line);
    const struct place *place = &facts->place;
    bool as_asked = !place->has_va || address_is_virtual(place->asked);
    owners_describe(facts->owners, as_asked ? place->asked : place_virtual(place), &text);
    if (*line)
        pen_put(pen, STYLE_DIM, "is ");
    pen_put(pen, STYLE_TARGET, line);
}

static void line_bits(const struct facts *facts, struct pen *pen)
{
    const struct word *word = &facts->word;
    char bits[96];
    struct text text = TEXT_OVER(bits);
    if (!word->has_aligned)
        return;
    for (int i = 63; i >= 0; i--)
        text_add(&text, "%d%s", (int)(word->aligned >> i & 1),
                 i % 16 == 0 && i  ? "  "
                 : i % 4 == 0 && i ? " "
                                   : "");
    pen_put(pen, STYLE_DIM, "bits ");
    pen_put(pen, STYLE_DIM, bits);
}

/* From how many lines of the inspector on a line is priority one of them: in any guest, and in one
 * whose Linux is known, where what the place is to it comes early. */
enum { ANY, LINUX };
static const struct inspector_line {
    int from[2];
    void (*draw)(const struct facts *facts, struct pen *pen);
} lines[] = {
    {{1, 1}, line_place}, {{5, 5}, line_aliases}, {{2, 2}, line_numbers}, {{3, 3}, line_pointer},
    {{4, 6}, line_entry}, {{6, 4}, line_guest},   {{7, 7}, line_bits},
};

static bool is_linux(struct session *session)
{
    struct error ignored;
    return session_knows(session, LINUX_SYMBOLS, &ignored) ||
           session_knows(session, LINUX_REGIONS, &ignored) ||
           session_knows(session, LINUX_PAGES, &ignored);
}

static bool has_room(int rows, int known, void (*draw)(const struct facts *, struct pen *))
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].draw == draw)
            return rows >= lines[i].from[known];
    return false;
}

void inspector_draw(struct session *session, struct owners *owners, const struct settings *settings,
                    struct address here, const struct space *names, struct area area)
{
    int known = is_linux(session) ? LINUX : ANY;
    struct facts facts = {.session = session,
                          .owners = owners,
                          .settings = settings,
                          .alone = !has_room(area.rows, known, line_aliases),
                          .entry_here = !has_room(area.rows, known, line_entry)};
    if (area.rows < 1)
        return;
    session_locate(session, here, names, &facts.place);
    /* With words on screen it is the word under the cursor that counts, from its first byte. */
    here.value -= here.value % settings->word;
    read_word(session, here, &facts.word);
    struct pen pen = {{area.y, area.x + 1, area.rows, area.columns - 1}, 0, 0};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (area.rows < lines[i].from[known])
            continue;
        lines[i].draw(&facts, &pen);
        if (pen.column > pen.area.columns)
            screen_put(pen.area, pen.row, pen.area.columns - 1, STYLE_DIM, "…");
        pen_next(&pen);
    }
}
