/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory pane: moving, following and searching in any of the three spaces. */
#include "ui/app.h"
#include "ui/hex/hex.h"

#include <stdlib.h>
#include <string.h>

static struct hex *hex_of(struct pane *pane)
{
    return (struct hex *)(void *)pane;
}

static struct pane *hex_create(struct app *app, struct session *session)
{
    struct hex *hex = calloc(1, sizeof *hex);
    if (!hex)
        return NULL;
    hex->pane.type = &hex_pane_type;
    hex->app = app;
    hex->session = session;
    hex->settings = app_settings(app);
    hex->rows = (struct hex_rows){.memory = &session->memory, .space = SPACE_FILE, .width = 8};
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

static void set_space(struct hex *hex, enum space space)
{
    if (hex->space != space)
        hex_rows_forget(&hex->rows);
    hex->space = hex->rows.space = space;
}

static void hex_restore(struct pane *pane, struct address cursor, uint64_t top)
{
    struct hex *hex = hex_of(pane);
    set_space(hex, cursor.space);
    hex->cursor = cursor.value;
    hex->top = top;
}

static bool hex_go(struct pane *pane, struct address address, struct error *err)
{
    struct hex *hex = hex_of(pane);
    uint64_t first, last;
    memory_bounds(&hex->session->memory, address.space, &first, &last);
    if (address.value > last)
        return error_set(err, "%c:%llx is beyond the end, %c:%llx", space_letter(address.space),
                         (unsigned long long)address.value, space_letter(address.space),
                         (unsigned long long)last);
    if (address.space == SPACE_VIRT && !hex->session->memory.paging)
        return error_set(err, "virtual addresses need page tables, and none are known yet");
    set_space(hex, address.space);
    hex->cursor = address.value;
    return true;
}

/* Puts the cursor into `row`, in the column it is in now. */
static void cursor_into(struct hex *hex, struct hex_row row)
{
    uint64_t column = hex->cursor & (hex->format.width - 1);
    hex->cursor = row.first;
    if (row.kind == STRETCH_DATA)
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
        if (row.kind == STRETCH_DATA && step > 0 && row.last - at >= word) {
            hex->cursor = at + word;
        } else if (row.kind == STRETCH_DATA && step < 0 && at > row.first) {
            hex->cursor = at - word;
        } else if (step > 0 ? hex_row_next(&hex->rows, &row) : hex_row_previous(&hex->rows, &row)) {
            bool to_end = step < 0 && row.kind == STRETCH_DATA;
            hex->cursor = to_end ? row.last - (word - 1) : row.first;
        } else {
            return;
        }
    }
}

static void move_in_row(struct hex *hex, bool to_end)
{
    struct hex_row row = hex_row_at(&hex->rows, hex->cursor);
    hex->cursor =
        to_end && row.kind == STRETCH_DATA ? row.last - (hex->format.word - 1) : row.first;
}

static void skip_stretches(struct hex *hex, int count, bool backward)
{
    for (int i = 0; i < count; i++) {
        uint64_t to;
        if (!memory_skip(&hex->session->memory, address_in(hex->space, hex->cursor), backward,
                         &to)) {
            app_message(hex->app, "the same up to the %s of this space",
                        backward ? "start" : "end");
            return;
        }
        hex->cursor = to;
    }
}

static void go_to_bound(struct hex *hex, bool end)
{
    uint64_t first, last;
    memory_bounds(&hex->session->memory, hex->space, &first, &last);
    hex->cursor = end ? last - last % hex->format.word : first;
}

/* The eight bytes, aligned, that the cursor is in. */
static bool word_here(struct hex *hex, uint64_t *word)
{
    struct address at = address_in(hex->space, hex->cursor & ~UINT64_C(7));
    if (memory_read_u64(&hex->session->memory, at, word))
        return true;
    app_error(hex->app, "there are no eight bytes here to follow");
    return false;
}

static void follow_virtual(struct hex *hex)
{
    uint64_t word, va;
    if (!word_here(hex, &word))
        return;
    if (memory_pointer(&hex->session->memory, word, &va)) {
        app_go(hex->app, address_in(SPACE_VIRT, va));
    } else if (!hex->session->memory.paging) {
        app_error(hex->app, "no page tables are known: follow it as p or f (keys p, f)");
    } else {
        char reason[160];
        struct walk walk;
        memory_walk(&hex->session->memory, paging_canonical(hex->session->memory.paging, word),
                    &walk);
        app_error(hex->app, "0x%llx leads nowhere: %s", (unsigned long long)word,
                  walk_reason(&walk, hex->session->memory.paging, reason, sizeof reason));
    }
}

/* The address field of a word that is a page-table entry at some level. */
static bool entry_target(struct hex *hex, uint64_t word, uint64_t *pa)
{
    const struct paging *paging = hex->session->memory.paging;
    uint64_t offset;
    for (unsigned level = paging ? paging->levels : 0; level-- > 0;) {
        enum entry_kind kind = paging->arch->kind(paging, level, word);
        if (kind != ENTRY_TABLE && kind != ENTRY_LEAF)
            continue;
        *pa = paging_target(paging, level, kind, word);
        return image_pa_to_offset(hex->session->image, *pa, &offset, NULL);
    }
    return false;
}

static void follow_number(struct hex *hex, enum space space)
{
    uint64_t word, pa, offset, first, last;
    if (!word_here(hex, &word))
        return;
    if (space == SPACE_PHYS && !image_pa_to_offset(hex->session->image, word, &offset, NULL) &&
        entry_target(hex, word, &pa)) {
        app_go(hex->app, address_in(space, pa));
        app_message(hex->app, "0x%llx taken as a page-table entry", (unsigned long long)word);
        return;
    }
    memory_bounds(&hex->session->memory, space, &first, &last);
    if (word > last)
        app_error(hex->app, "0x%llx is no %s of this image", (unsigned long long)word,
                  space == SPACE_FILE ? "file offset" : "physical address");
    else
        app_go(hex->app, address_in(space, word));
}

/* The same byte in the next space in which it has a name. */
static void next_space(struct hex *hex)
{
    struct place place;
    struct address from = address_in(hex->space, hex->cursor);
    memory_locate(&hex->session->memory, from, &place);
    const bool has[SPACES] = {place.has_offset, place.has_pa, place.has_va};
    /* Of several virtual addresses the one that was left is returned to. */
    uint64_t named = hex->named_va + (place.pa - hex->named_pa), named_pa;
    if (from.space != SPACE_VIRT && place.has_va && hex->named_pa && place.has_pa &&
        memory_translate(&hex->session->memory, named, &named_pa) && named_pa == place.pa)
        place.va = named;
    const uint64_t value[SPACES] = {place.offset, place.pa, place.va};
    for (unsigned i = 1; i < SPACES; i++) {
        enum space space = (enum space)(((unsigned)hex->space + i) % SPACES);
        if (!has[space])
            continue;
        /* The row on top stays on top where the neighbourhood is the same. */
        uint64_t above = hex->cursor - hex->top;
        if (from.space == SPACE_VIRT) {
            hex->named_va = from.value;
            hex->named_pa = place.pa;
        }
        set_space(hex, space);
        hex->cursor = value[space];
        hex->top = above < 4096 && value[space] >= above ? value[space] - above : value[space];
        return;
    }
    app_message(hex->app, "this place has no other name that is known");
}

static void cycle(struct hex *hex, const char *name)
{
    char text[32];
    const struct setting *setting = setting_find(name, strlen(name));
    setting_cycle(hex->settings, setting);
    app_message(hex->app, "%s %s", setting->name,
                setting_text(hex->settings, setting, text, sizeof text));
}

static bool search_again(struct hex *hex, bool backward)
{
    if (!hex->pattern_length) {
        app_error(hex->app, "nothing was searched for yet: / asks what");
        return true;
    }
    search_start(&hex->search, &hex->session->memory, address_in(hex->space, hex->cursor),
                 hex->pattern, hex->pattern_length, backward);
    hex->searching = true;
    hex->told_ms = app_now();
    return true;
}

/* What the actions do; `how` is the row's own number. */
static void act_rows(struct hex *hex, int count, int how)
{
    move_rows(hex, (int64_t)count * how);
}

static void act_words(struct hex *hex, int count, int how)
{
    move_words(hex, count * how);
}

static void act_page(struct hex *hex, int count, int how)
{
    int page = hex->height > 1 ? hex->height - 1 : 1;
    move_screen(hex, (int64_t)page * count * how);
}

static void act_half(struct hex *hex, int count, int how)
{
    move_screen(hex, (int64_t)((hex->height + 1) / 2) * count * how);
}

static void act_bound(struct hex *hex, int count, int how)
{
    (void)count;
    go_to_bound(hex, how > 0);
}

static void act_in_row(struct hex *hex, int count, int how)
{
    (void)count;
    move_in_row(hex, how > 0);
}

static void act_stretch(struct hex *hex, int count, int how)
{
    skip_stretches(hex, count, how < 0);
}

static void act_follow(struct hex *hex, int count, int how)
{
    (void)count;
    if (how == SPACE_VIRT)
        follow_virtual(hex);
    else
        follow_number(hex, (enum space)how);
}

static void act_reveal(struct hex *hex, int count, int how)
{
    (void)count, (void)how;
    app_reveal(hex->app, address_in(hex->space, hex->cursor));
}

static void act_space(struct hex *hex, int count, int how)
{
    (void)count, (void)how;
    next_space(hex);
}

static void act_cycle(struct hex *hex, int count, int how)
{
    (void)count;
    cycle(hex, how == ACTION_WORD ? "word" : "order");
}

static void act_search(struct hex *hex, int count, int how)
{
    (void)count;
    search_again(hex, how > 0 ? hex->backward : !hex->backward);
}

static const struct {
    void (*run)(struct hex *hex, int count, int how);
    int how;
} acts[ACTIONS] = {
    [ACTION_UP] = {act_rows, -1},
    [ACTION_DOWN] = {act_rows, 1},
    [ACTION_LEFT] = {act_words, -1},
    [ACTION_RIGHT] = {act_words, 1},
    [ACTION_PAGE_UP] = {act_page, -1},
    [ACTION_PAGE_DOWN] = {act_page, 1},
    [ACTION_HALF_UP] = {act_half, -1},
    [ACTION_HALF_DOWN] = {act_half, 1},
    [ACTION_FIRST] = {act_bound, -1},
    [ACTION_LAST] = {act_bound, 1},
    [ACTION_ROW_START] = {act_in_row, -1},
    [ACTION_ROW_END] = {act_in_row, 1},
    [ACTION_FOLLOW] = {act_follow, SPACE_VIRT},
    [ACTION_FOLLOW_PHYS] = {act_follow, SPACE_PHYS},
    [ACTION_FOLLOW_FILE] = {act_follow, SPACE_FILE},
    [ACTION_NEXT] = {act_stretch, 1},
    [ACTION_PREVIOUS] = {act_stretch, -1},
    [ACTION_REVEAL] = {act_reveal, 0},
    [ACTION_SPACE] = {act_space, 0},
    [ACTION_WORD] = {act_cycle, ACTION_WORD},
    [ACTION_ORDER] = {act_cycle, ACTION_ORDER},
    [ACTION_SEARCH_NEXT] = {act_search, 1},
    [ACTION_SEARCH_PREVIOUS] = {act_search, -1},
};

static bool hex_act(struct pane *pane, enum action action, int count)
{
    struct hex *hex = hex_of(pane);
    if (!acts[action].run)
        return false;
    hex->searching = false;
    acts[action].run(hex, count, acts[action].how);
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
    if (at->kind == STRETCH_DATA && index >= 0 && (uint64_t)index <= at->last - at->first)
        hex->cursor = at->first + (uint64_t)index;
    if (twice && at->kind == STRETCH_DATA)
        follow_virtual(hex);
}

static void set_pattern(struct hex *hex, const uint8_t *pattern, size_t length)
{
    memcpy(hex->pattern, pattern, length);
    hex->pattern_length = length;
}

static bool hex_search(struct pane *pane, const char *text, bool backward, struct error *err)
{
    struct hex *hex = hex_of(pane);
    uint8_t pattern[SEARCH_PATTERN];
    size_t length;
    if (!search_parse(text, pattern, &length, err))
        return false;
    set_pattern(hex, pattern, length);
    hex->backward = backward;
    return search_again(hex, backward);
}

static bool hex_step(struct pane *pane)
{
    struct hex *hex = hex_of(pane);
    if (!hex->searching)
        return false;
    enum search_result result = search_step(&hex->search, 1024 * 1024);
    int64_t now = app_now();
    if (result == SEARCH_RUNNING) {
        if (now - hex->told_ms >= 100) {
            hex->told_ms = now;
            app_message(hex->app, "searching, %d%% of the space; Esc stops",
                        (int)(search_progress(&hex->search) * 100));
        }
        return true;
    }
    hex->searching = false;
    if (result == SEARCH_END) {
        app_error(hex->app, "not found in the %s space", space_name(hex->space));
        if (hex->found_length)
            set_pattern(hex, hex->found, hex->found_length);
        return false;
    }
    memcpy(hex->found, hex->pattern, hex->pattern_length);
    hex->found_length = hex->pattern_length;
    char at[ADDRESS_TEXT];
    struct search found = hex->search;
    app_go(hex->app, found.at);
    app_message(hex->app, "found at %s%s%s", address_text(found.at, at),
                found.wrapped ? ", round the " : "",
                !found.wrapped   ? ""
                : found.backward ? "start of the space"
                                 : "end of the space");
    return false;
}

static void hex_cancel(struct pane *pane)
{
    struct hex *hex = hex_of(pane);
    if (hex->searching)
        app_message(hex->app, "search stopped");
    else
        hex->pattern_length = hex->found_length = 0; /* nothing is highlighted any more */
    hex->searching = false;
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
        if (row->kind != STRETCH_DATA || length > sizeof bytes)
            continue;
        memory_read(&hex->session->memory, at, bytes, length, NULL);
        changes_note(hex->changes, at, bytes, length, now_ms);
    }
    hex_rows_forget(&hex->rows);
}

static void hex_facts_changed(struct pane *pane)
{
    struct hex *hex = hex_of(pane);
    hex_rows_forget(&hex->rows);
    changes_forget(hex->changes);
    if (hex->space == SPACE_VIRT && !hex->session->memory.paging) {
        set_space(hex, SPACE_FILE);
        hex->cursor = hex->top = 0;
    }
}

const struct pane_type hex_pane_type = {
    .name = "memory",
    .least_rows = 4,
    .least_columns = 51,
    .create = hex_create,
    .destroy = hex_destroy,
    .title = hex_title,
    .draw = hex_draw,
    .act = hex_act,
    .click = hex_click,
    .go = hex_go,
    .here = hex_here,
    .top = hex_top,
    .restore = hex_restore,
    .search = hex_search,
    .step = hex_step,
    .cancel = hex_cancel,
    .refresh = hex_refresh,
    .facts_changed = hex_facts_changed,
};
