/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory pane: moving, following and searching in any of the three spaces. */
#include "ui/app/app.h"
#include "ui/pane/hex/hex.h"

#include <stdlib.h>
#include <string.h>

static struct pane *hex_create(struct app *app, struct session *session)
{
    struct hex *hex = calloc(1, sizeof *hex);
    if (!hex)
        return NULL;
    hex->pane.type = &hex_pane_type;
    hex->app = app;
    hex->session = session;
    hex->settings = app_settings(app);
    hex->space = &space_file;
    hex->virt = session_space(session);
    hex->rows = (struct hex_rows){.session = session, .space = &space_file, .width = 8};
    hex->format.width = 8;
    hex->format.word = 1;
    hex->height = 1;
    hex->changes = changes_create();
    if (!hex->changes) {
        free(hex);
        return NULL;
    }
    return &hex->pane;
}

static void hex_destroy(struct pane *pane)
{
    if (!pane)
        return;
    hex_search_stop(hex_of(pane));
    beside_drop(&hex_of(pane)->rows.gaps.asked);
    changes_destroy(hex_of(pane)->changes);
    free(pane);
}

static struct address hex_here(const struct pane *pane)
{
    const struct hex *hex = (const struct hex *)(const void *)pane;
    return address_in(hex->space, hex->cursor);
}

static uint64_t hex_top(const struct pane *pane)
{
    return ((const struct hex *)(const void *)pane)->top;
}

static void set_space(struct hex *hex, const struct space *space)
{
    if (hex->space != space)
        hex_gaps_forget(&hex->rows.gaps);
    hex->space = hex->rows.space = space;
    if (space->kind == SPACE_VIRT)
        hex->virt = space;
}

/* In the kernel's half a process that is shown stays shown. */
static void set_space_of(struct hex *hex, struct address address)
{
    bool is_same = address_equal(address_in(hex->virt, address.value), address);
    set_space(hex, is_same ? hex->virt : address.space);
}

static const struct space *hex_space(const struct pane *pane)
{
    return ((const struct hex *)(const void *)pane)->virt;
}

static void hex_use(struct pane *pane, const struct space *space)
{
    struct hex *hex = hex_of(pane);
    hex->virt = space;
    if (hex->space->kind == SPACE_VIRT)
        set_space(hex, space);
}

static void hex_restore(struct pane *pane, struct address cursor, uint64_t top)
{
    struct hex *hex = hex_of(pane);
    set_space_of(hex, cursor);
    hex->cursor = cursor.value;
    hex->top = top;
}

static bool hex_go(struct pane *pane, struct address address, struct error *err)
{
    struct hex *hex = hex_of(pane);
    uint64_t first, last;
    session_bounds(hex->session, address.space, &first, &last);
    char asked[ADDRESS_TEXT], end[ADDRESS_TEXT];
    if (address.value > last)
        return error_set(err, "%s is beyond the end, %s", address_text(address, asked),
                         address_text(address_in(address.space, last), end));
    if (address_is_virtual(address) && !address.space->paging)
        return error_set(err, "virtual addresses need page tables, and none are known yet");
    set_space_of(hex, address);
    hex->cursor = address.value;
    return true;
}

/* Puts the cursor into `row`, in the column it is in now. */
static void cursor_into(struct hex *hex, struct hex_row row)
{
    uint64_t column = hex->cursor & (hex->format.width - 1);
    hex->cursor = row.first;
    if (row.kind == RANGE_DATA)
        hex->cursor = row.last - row.first < column ? row.last : row.first + column;
}

static void move_rows(struct hex *hex, int64_t count)
{
    cursor_into(hex, hex_row_move(&hex->rows, hex_row_at(&hex->rows, hex->cursor), count));
}

/* Cursor and screen move together. */
static void move_screen(struct hex *hex, int64_t count)
{
    hex->top = hex_row_move(&hex->rows, hex_row_at(&hex->rows, hex->top), count).first;
    move_rows(hex, count);
}

static void move_words(struct hex *hex, int count)
{
    int step = count < 0 ? -1 : 1;
    unsigned word = hex->format.word;
    for (; count; count -= step) {
        struct hex_row row = hex_row_at(&hex->rows, hex->cursor);
        uint64_t at = hex->cursor - hex->cursor % word;
        if (row.kind == RANGE_DATA && step > 0 && row.last - at >= word) {
            hex->cursor = at + word;
        } else if (row.kind == RANGE_DATA && step < 0 && at > row.first) {
            hex->cursor = at - word;
        } else if (step > 0 ? hex_row_next(&hex->rows, &row) : hex_row_previous(&hex->rows, &row)) {
            bool to_end = step < 0 && row.kind == RANGE_DATA;
            hex->cursor = to_end ? row.last - (word - 1) : row.first;
        } else {
            return;
        }
    }
}

static void move_in_row(struct hex *hex, bool to_end)
{
    struct hex_row row = hex_row_at(&hex->rows, hex->cursor);
    hex->cursor = to_end && row.kind == RANGE_DATA ? row.last - (hex->format.word - 1) : row.first;
}

static void go_to_bound(struct hex *hex, bool end)
{
    uint64_t first, last;
    session_bounds(hex->session, hex->space, &first, &last);
    hex->cursor = end ? last - last % hex->format.word : first;
}

/* The eight bytes, aligned, that the cursor is in. */
static bool word_here(struct hex *hex, uint64_t *word, struct error *err)
{
    struct address at = address_in(hex->space, hex->cursor & ~UINT64_C(7));
    return session_read_u64(hex->session, at, word) ||
           error_set(err, "there are no eight bytes here to follow");
}

static bool follow_virtual(struct hex *hex, struct error *err)
{
    uint64_t word, va;
    if (!word_here(hex, &word, err))
        return false;
    const struct paging *paging = hex->virt->paging;
    if (session_pointer(hex->session, hex->virt, word, &va)) {
        app_go(hex->app, address_in(hex->virt, va));
        return true;
    }
    if (!paging)
        return error_set(err, "no page tables are known: follow p: or follow f: take it as such");
    char reason[160];
    struct walk walk;
    session_walk(hex->session, address_in(hex->virt, paging_canonical(paging, word)), &walk);
    return error_set(err, "0x%llx leads nowhere: %s", (unsigned long long)word,
                     walk_reason(&walk, paging, reason, sizeof reason));
}

/* The address field of a word that is a page-table entry at some level. */
static bool entry_target(struct hex *hex, uint64_t word, uint64_t *pa)
{
    const struct paging *paging = hex->virt->paging;
    uint64_t offset;
    for (unsigned level = paging ? paging->levels : 0; level-- > 0;) {
        enum entry_kind kind = paging->arch->kind(paging, level, word);
        if (kind != ENTRY_TABLE && kind != ENTRY_LEAF)
            continue;
        *pa = paging_target(paging, level, kind, word);
        return session_in_image(hex->session, *pa, &offset);
    }
    return false;
}

static bool follow_number(struct hex *hex, const struct space *space, struct error *err)
{
    uint64_t word, pa, offset, first, last;
    if (!word_here(hex, &word, err))
        return false;
    if (space == &space_phys && !session_in_image(hex->session, word, &offset) &&
        entry_target(hex, word, &pa)) {
        app_go(hex->app, address_in(space, pa));
        app_message(hex->app, "0x%llx taken as a page-table entry", (unsigned long long)word);
        return true;
    }
    session_bounds(hex->session, space, &first, &last);
    if (word > last)
        return error_set(err, "0x%llx is no %s of this image", (unsigned long long)word,
                         space == &space_file ? "file offset" : "physical address");
    app_go(hex->app, address_in(space, word));
    return true;
}

/* The same byte in the next space in which it has a name. */
static void next_space(struct hex *hex)
{
    struct place place;
    struct address from = address_in(hex->space, hex->cursor);
    session_locate(hex->session, from, hex->virt, &place);
    const bool has[SPACE_KINDS] = {place.has_offset, place.has_pa, place.has_va};
    /* Of several virtual addresses the one that was left is returned to. */
    uint64_t named = hex->named_va + (place.pa - hex->named_pa), named_pa;
    if (!address_is_virtual(from) && place.has_va && hex->named_pa && place.has_pa &&
        session_translate(hex->session, address_in(hex->virt, named), &named_pa) &&
        named_pa == place.pa)
        place.va = named;
    const uint64_t value[SPACE_KINDS] = {place.offset, place.pa, place.va};
    const struct space *const spaces[SPACE_KINDS] = {&space_file, &space_phys, hex->virt};
    for (unsigned i = 1; i < SPACE_KINDS; i++) {
        unsigned kind = ((unsigned)hex->space->kind + i) % SPACE_KINDS;
        if (!has[kind])
            continue;
        /* The row on top stays on top where the neighbourhood is the same. */
        uint64_t above = hex->cursor - hex->top;
        if (address_is_virtual(from)) {
            hex->named_va = from.value;
            hex->named_pa = place.pa;
        }
        set_space(hex, spaces[kind]);
        hex->cursor = value[kind];
        hex->top = above < 4096 && value[kind] >= above ? value[kind] - above : value[kind];
        return;
    }
    app_message(hex->app, "this place has no other name that is known");
}

static bool follow(struct pane *pane, const struct pane_call *call)
{
    struct hex *hex = hex_of(pane);
    enum space_kind kind = SPACE_VIRT;
    if (*call->arguments && !pane_call_space(call, &kind))
        return false;
    hex_search_stop(hex);
    if (kind == SPACE_VIRT)
        return follow_virtual(hex, call->err);
    return follow_number(hex, kind == SPACE_PHYS ? &space_phys : &space_file, call->err);
}

static bool skip(struct pane *pane, const struct pane_call *call)
{
    struct hex *hex = hex_of(pane);
    hex_search_stop(hex);
    hex_skip(hex, call->count, call->how < 0);
    return true;
}

static bool change_space(struct pane *pane, const struct pane_call *call)
{
    (void)call;
    hex_search_stop(hex_of(pane));
    next_space(hex_of(pane));
    return true;
}

static const struct pane_command commands[] = {
    {"follow", "[v:|p:|f:]", "follow the word as a virtual address, or as p: or f:", follow, 0,
     true},
    {"next", "[N]", "over a gap or a hole, or to its start", skip, 1, true},
    {"previous", "[N]", "the same back", skip, -1, true},
    {"next-space", "", "the same place as f:, p:, v:", change_space, 0, false},
    {NULL, NULL, NULL, NULL, 0, false},
};

static bool hex_move(struct pane *pane, enum motion motion, int64_t steps)
{
    struct hex *hex = hex_of(pane);
    int page = hex->height > 1 ? hex->height - 1 : 1;
    hex_search_stop(hex);
    switch (motion) {
    case MOTION_ROW:
        move_rows(hex, steps);
        break;
    case MOTION_COLUMN:
        move_words(hex, (int)steps);
        break;
    case MOTION_PAGE:
        move_screen(hex, page * steps);
        break;
    case MOTION_HALF_PAGE:
        move_screen(hex, (hex->height + 1) / 2 * steps);
        break;
    case MOTION_ROW_BOUND:
        move_in_row(hex, steps > 0);
        break;
    case MOTION_BOUND:
        go_to_bound(hex, steps > 0);
        break;
    }
    return true;
}

static void hex_click(struct pane *pane, int row, int column, bool twice)
{
    struct hex *hex = hex_of(pane);
    if (row < 0 || row >= hex->shown)
        return;
    const struct hex_row *at = &hex->visible[row];
    int index = hex_format_index(&hex->format, column);
    hex->cursor = at->first;
    if (at->kind == RANGE_DATA && index >= 0 && (uint64_t)index <= at->last - at->first)
        hex->cursor = at->first + (uint64_t)index;
    struct error err;
    if (twice && at->kind == RANGE_DATA && !follow_virtual(hex, &err))
        app_error(hex->app, "%s", err.text);
}

static void hex_refresh(struct pane *pane, int64_t now_ms)
{
    struct hex *hex = hex_of(pane);
    hex->now_ms = now_ms;
    for (int i = 0; i < hex->shown; i++) {
        const struct hex_row *row = &hex->visible[i];
        uint8_t bytes[HEX_WIDTH];
        size_t length = (size_t)(row->last - row->first) + 1;
        struct address at = address_in(hex->space, row->first);
        if (row->kind != RANGE_DATA || length > sizeof bytes)
            continue;
        if (session_read(hex->session, at, bytes, length, NULL) == length)
            changes_note(hex->changes, at, bytes, length, now_ms);
    }
    hex_gaps_forget(&hex->rows.gaps);
}

static void hex_facts_changed(struct pane *pane)
{
    struct hex *hex = hex_of(pane);
    hex_gaps_forget(&hex->rows.gaps);
    changes_forget(hex->changes);
    if (space_kernel(hex->virt) != session_kernel_space(hex->session)) {
        hex_search_stop(hex);
        hex_use(pane, session_space(hex->session));
    }
    if (hex->space->kind == SPACE_VIRT && !hex->virt->paging) {
        set_space(hex, &space_file);
        hex->cursor = hex->top = 0;
    }
}

static bool hex_step(struct pane *pane)
{
    struct hex *hex = hex_of(pane);
    hex_search_step(hex);
    hex_skip_step(hex);
    if (hex_gaps_step(&hex->rows.gaps))
        app_redraw(hex->app);
    return false;
}

/* What is asked by a key excludes another; where gaps end comes beside it. */
static int hex_descriptor(const struct pane *pane)
{
    const struct hex *hex = (const struct hex *)(const void *)pane;
    const struct beside *asked = hex->asked ? hex->asked : hex->skipping;
    return beside_descriptor(asked ? asked : hex->rows.gaps.asked);
}

const struct pane_type hex_pane_type = {
    .name = "memory",
    .keeps_place = true,
    .least_rows = 4,
    .least_columns = 51,
    .create = hex_create,
    .destroy = hex_destroy,
    .title = hex_title,
    .draw = hex_draw,
    .commands = commands,
    .move = hex_move,
    .click = hex_click,
    .go = hex_go,
    .here = hex_here,
    .top = hex_top,
    .restore = hex_restore,
    .search = hex_search,
    .search_again = hex_search_again,
    .space = hex_space,
    .use = hex_use,
    .step = hex_step,
    .descriptor = hex_descriptor,
    .cancel = hex_search_cancel,
    .refresh = hex_refresh,
    .facts_changed = hex_facts_changed,
};
