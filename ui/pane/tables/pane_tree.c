/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page tables as a pane: the tree of ui/tree.h with a cursor, a search and the ways from a
 * row into memory.  The cursor is a place (address and depth), so that it stays where it was when
 * a live guest moves the rows about.
 */
#include "ui/pane/tables/pane_tree.h"

#include "base/text.h"
#include "session/guest.h"
#include "ui/pane/tables/tree_draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_ENTRIES  32768 /* looked at in one slice: well under a millisecond */
#define SIZES_OLD_MS  5000  /* sizes below tables are counted again */
#define TITLE_COLUMNS 40    /* a narrower title holds the position only */

bool tree_pane_in_image(void *session, uint64_t pa, uint64_t size)
{
    return session_has_bytes(session, pa, size);
}

static void keep_place(struct tree_pane *self)
{
    struct tree_row row;
    if (tree_row(&self->tree, self->list.cursor, &row))
        self->cursor = tree_place(&row);
}

void tree_pane_find_place(struct tree_pane *self)
{
    uint64_t line = self->list.cursor - self->list.top;
    self->list.rows = tree_rows(&self->tree);
    scroll_place(&self->list, tree_find(&self->tree, self->cursor), line);
}

void tree_pane_move_to(struct tree_pane *self, size_t row)
{
    self->list.rows = tree_rows(&self->tree);
    scroll_to(&self->list, row);
    keep_place(self);
}

/* A slow source has not got all tables of the path yet: the jump goes on when they have come. */
static void note_way(struct tree_pane *self, struct tree_place goal)
{
    struct walk walk;
    session_walk(self->session, address_in(self->space, goal.va), &walk);
    self->is_underway = walk.end == WALK_NO_TABLE && walk.missing == EXTENT_PENDING;
    self->goal = goal;
    self->stop = self->cursor;
}

/* Not where the user has moved the cursor meanwhile. */
static void go_on(struct tree_pane *self)
{
    bool has_stayed = self->cursor.va == self->stop.va && self->cursor.depth == self->stop.depth;
    if (!self->is_underway || !has_stayed)
        return;
    tree_pane_reveal(self, self->goal);
    if (!self->is_underway)
        app_message(self->app, "%s", ""); /* that it is on its way */
}

bool tree_pane_reveal(struct tree_pane *self, struct tree_place place)
{
    size_t row;
    /* What was read of the path may be old, and lead elsewhere. */
    tree_refresh(&self->tree, tree_find(&self->tree, place), 1, self->now_ms);
    if (!self->paging || !tree_reveal(&self->tree, place, &row))
        return false;
    self->list.rows = tree_rows(&self->tree);
    if (row < self->list.top || row - self->list.top >= self->list.height)
        scroll_place(&self->list, row, self->list.height / 2);
    tree_pane_move_to(self, row);
    note_way(self, place);
    return true;
}

void tree_pane_stop_work(struct tree_pane *self)
{
    beside_drop(&self->asked);
    self->opening.entries = 0;
    tree_measure_stop(&self->measure);
}

/* The tree of what the session knows now, and the cursor where it was as far as that exists. */
static void tree_pane_use(struct pane *pane, const struct space *space)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct table_source source = session_tables(self->session);
    bool had_tree = self->paging;
    bool show_empty = self->tree.show_empty;
    /* Symbols, say, became known: a search goes on. */
    if (had_tree && self->space == space) {
        self->tree.generation++;
        tree_refresh(&self->tree, self->list.top, self->list.height + (size_t)1, self->now_ms);
        tree_pane_find_place(self);
        return;
    }
    tree_pane_stop_work(self);
    tree_deinit(&self->tree);
    self->space = space;
    self->paging = NULL;
    self->aliases = 0;
    self->list.rows = self->list.cursor = self->list.top = 0;
    if (!space->paging || (space->roots.kernel_pa == NO_ROOT && space->roots.user_pa == NO_ROOT))
        return;
    if (!tree_init(&self->tree, space->paging, &source, &space->roots)) {
        tree_deinit(&self->tree);
        app_error(self->app, "out of memory: no tree of the page tables");
        return;
    }
    self->tree.in_image = tree_pane_in_image;
    self->tree.in_image_context = self->session;
    self->paging = space->paging;
    tree_show_empty(&self->tree, show_empty);
    if (!had_tree || !tree_pane_reveal(self, self->cursor))
        tree_pane_move_to(self, 0);
}

static void tree_pane_facts_changed(struct pane *pane)
{
    struct tree_pane *self = tree_pane_of(pane);
    bool is_same = space_kernel(self->space) == session_kernel_space(self->session);
    tree_pane_use(pane, is_same ? self->space : session_space(self->session));
}

static const struct space *tree_pane_space(const struct pane *pane)
{
    return ((const struct tree_pane *)pane)->space;
}

static void tree_pane_destroy(struct pane *pane)
{
    struct tree_pane *self = tree_pane_of(pane);
    if (!self)
        return;
    tree_pane_stop_work(self);
    tree_deinit(&self->tree);
    free(self);
}

static struct pane *tree_pane_create(struct app *app, struct session *session)
{
    struct tree_pane *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->pane.type = &tree_pane_type;
    self->app = app;
    self->session = session;
    self->space = &space_unknown;
    self->list.height = 1;
    tree_pane_facts_changed(&self->pane);
    return &self->pane;
}

/* What Linux calls its kernel's root, where it was found and not given by hand. */
static const char *root_name(const struct tree_pane *self)
{
    if (self->space->roots.kernel_pa == NO_ROOT)
        return "user root";
    const char *name = session_root_name(self->session, self->space);
    return name ? name : "kernel root";
}

static void tree_pane_title(struct pane *pane, char *text, size_t size)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct text title = text_over(text, size);
    text_add(&title, "Tables");
    if (!self->paging)
        return;
    if (self->width >= TITLE_COLUMNS) {
        bool has_kernel = self->space->roots.kernel_pa != NO_ROOT;
        text_add(&title, "  %s p:%" PRIx64, root_name(self),
                 has_kernel ? self->space->roots.kernel_pa : self->space->roots.user_pa);
    }
    if (self->asked)
        text_add(&title, "  searching %d%%", (int)(100 * tree_pane_search_progress(self)));
    text_add(&title, "  %" PRIu64 "/%" PRIu64, self->list.rows ? self->list.cursor + 1 : 0,
             self->list.rows);
}

static void draw_nothing(struct tree_pane *self, struct area area)
{
    char text[120];
    double done;
    if (session_progress(self->session, text, sizeof text, &done))
        screen_printf(area, 0, 1, STYLE_TEXT, "%s %d%%", text, (int)(100 * done));
    else
        screen_put(area, 0, 1, STYLE_TEXT, "no page tables are known");
    int at = screen_put(area, 1, 1, STYLE_DIM, "to set them: ");
    screen_put(area, 1, at, STYLE_KEY, ":paging NAME ROOT");
}

static void tree_pane_draw(struct pane *pane, struct area area, bool focused)
{
    struct tree_pane *self = tree_pane_of(pane);
    self->width = area.columns;
    if (!self->paging) {
        draw_nothing(self, area);
        return;
    }
    scroll_fit(&self->list, tree_rows(&self->tree), area.rows > 0 ? (unsigned)area.rows : 0);
    struct tree_columns columns = tree_columns_for(self->paging, area.columns);
    for (int line = 0; line < area.rows; line++) {
        struct tree_row row;
        size_t n = self->list.top + (size_t)line;
        if (!tree_row(&self->tree, n, &row))
            break;
        tree_draw_row(area, line, &columns, self->paging, &row, self->now_ms);
        if (n != self->list.cursor)
            continue;
        screen_restyle(area, line, 0, area.columns, focused ? STYLE_CURSOR : STYLE_CURSOR_OTHER);
    }
}

/* Says why a walk did not come to an end at an entry that maps. */
static void explain(struct tree_pane *self, const struct walk *walk)
{
    char reason[200], address[ADDRESS_TEXT];
    if (walk->end != WALK_MAPPED)
        app_message(self->app, "%s: %s", address_text(address_in(self->space, walk->va), address),
                    session_walk_reason(self->space, walk, reason, sizeof reason));
}

bool tree_pane_go_virtual(struct tree_pane *self, uint64_t va, struct error *err)
{
    struct walk walk;
    char reason[200], address[ADDRESS_TEXT];
    session_walk(self->session, address_in(self->space, va), &walk);
    struct tree_place place = {walk.va, TREE_DEEPEST};
    if (walk.end == WALK_NON_CANONICAL || walk.no_root || !tree_pane_reveal(self, place))
        return error_set(err, "%s: %s", address_text(address_in(self->space, va), address),
                         session_walk_reason(self->space, &walk, reason, sizeof reason));
    explain(self, &walk);
    return true;
}

/* Every known virtual name of a place, for the first and, by n and N, the others. */
static bool collect_aliases(struct tree_pane *self, struct address address, struct error *err)
{
    struct place place;
    char text[ADDRESS_TEXT];
    session_locate(self->session, address, self->space, &place);
    address_text(address, text);
    if (place.not_in_image && place.aliases == 0)
        return error_set(err, "%s is not in the file", text);
    if (place.aliases > 0) {
        self->aliases = place.aliases < MEMORY_ALIASES ? place.aliases : MEMORY_ALIASES;
        self->alias_at = 0;
        for (size_t i = 0; i < self->aliases; i++)
            self->alias[i] = place.alias[i].va;
        return true;
    }
    if (!session_knows_names(self->session, self->space))
        return error_set(err, "%s: its mappings are still being collected; try again soon", text);
    return error_set(err, "%s: no entry of the known tables maps it", text);
}

static bool tree_pane_go(struct pane *pane, struct address address, struct error *err)
{
    struct tree_pane *self = tree_pane_of(pane);
    if (!self->paging || (address_is_virtual(address) && !address.space->paging))
        return error_set(err,
                         "no page tables are known yet; set them: paging MODE, then root EXPR");
    if (address_is_virtual(address)) {
        if (!address_equal(address_in(self->space, address.value), address))
            tree_pane_use(pane, address.space);
        return tree_pane_go_virtual(self, address.value, err);
    }
    return collect_aliases(self, address, err) && tree_pane_go_virtual(self, self->alias[0], err);
}

static struct address tree_pane_here(const struct pane *pane)
{
    const struct tree_pane *self = (const struct tree_pane *)pane;
    return address_in(self->space, self->cursor.va);
}

/*
 * A visit has one number beside the cursor's address: the first row's address.  Entries map 4 KiB
 * at least, so its low bits are free for the depths of both rows.
 */
#define TOP_DEPTHS     UINT64_C(0x100)
#define TOP_DEPTH_BITS 4
#define TOP_DEPTH_MASK 15u
#define TOP_ADDRESS    (~UINT64_C(0xfff))

static uint64_t tree_pane_top(const struct pane *pane)
{
    const struct tree_pane *self = (const struct tree_pane *)pane;
    struct tree_row row;
    if (!tree_row(&self->tree, self->list.top, &row))
        return 0;
    return row.va | TOP_DEPTHS | (uint64_t)self->cursor.depth << TOP_DEPTH_BITS | row.depth;
}

static void tree_pane_restore(struct pane *pane, struct address cursor, uint64_t top)
{
    struct tree_pane *self = tree_pane_of(pane);
    struct tree_place place = {cursor.value, TREE_DEEPEST};
    struct tree_place first = {top & TOP_ADDRESS, (unsigned)top & TOP_DEPTH_MASK};
    if (top & TOP_DEPTHS)
        place.depth = (unsigned)(top >> TOP_DEPTH_BITS) & TOP_DEPTH_MASK;
    if (address_is_virtual(cursor) && !address_equal(address_in(self->space, cursor.value), cursor))
        tree_pane_use(pane, cursor.space);
    if (!address_is_virtual(cursor) || !tree_pane_reveal(self, place) || !(top & TOP_DEPTHS))
        return;
    uint64_t row = self->list.cursor, first_row = tree_find(&self->tree, first);
    if (first_row <= row && row - first_row < self->list.height)
        scroll_place(&self->list, row, row - first_row);
}

/* Tables that turn out to be empty fold, and others come on the screen.  Those just below count
 * too: an empty table on the last line may be the first of many. */
static bool measure(struct tree_pane *self)
{
    size_t rows = self->list.height + (size_t)TREE_FOLD_MIN;
    bool more = tree_measure_step(&self->measure, &self->tree, self->list.top, rows, STEP_ENTRIES);
    /* All at once, as soon as they are known; what takes long is drawn with the progress. */
    if (!more && self->counted != self->measure.counted) {
        self->counted = self->measure.counted;
        app_redraw(self->app);
    }
    if (tree_rows(&self->tree) == self->list.rows)
        return more;
    tree_pane_find_place(self);
    return true;
}

static bool tree_pane_step(struct pane *pane)
{
    struct tree_pane *self = tree_pane_of(pane);
    if (!self->paging)
        return false;
    if (self->opening.entries) {
        tree_pane_open_more(self);
        return true;
    }
    if (!self->asked)
        return measure(self);
    tree_pane_search_take(self);
    return false;
}

static int tree_pane_descriptor(const struct pane *pane)
{
    return beside_descriptor(((const struct tree_pane *)pane)->asked);
}

static void tree_pane_cancel(struct pane *pane)
{
    struct tree_pane *self = tree_pane_of(pane);
    beside_drop(&self->asked);
    self->opening.entries = 0;
}

static void tree_pane_refresh(struct pane *pane, int64_t now_ms)
{
    struct tree_pane *self = tree_pane_of(pane);
    self->now_ms = now_ms;
    if (!self->paging)
        return;
    if (now_ms - self->sizes_ms >= SIZES_OLD_MS) {
        self->sizes_ms = now_ms;
        self->tree.generation++;
    }
    if (tree_refresh(&self->tree, self->list.top, self->list.height, now_ms))
        tree_pane_find_place(self);
    go_on(self);
}

const struct pane_type tree_pane_type = {
    .name = "tables",
    .least_rows = 2,
    .least_columns = 20,
    .create = tree_pane_create,
    .destroy = tree_pane_destroy,
    .title = tree_pane_title,
    .draw = tree_pane_draw,
    .commands = tree_pane_commands,
    .move = tree_pane_move,
    .click = tree_pane_click,
    .go = tree_pane_go,
    .here = tree_pane_here,
    .top = tree_pane_top,
    .restore = tree_pane_restore,
    .search = tree_pane_search,
    .search_again = tree_pane_search_again,
    .search_words = tree_pane_search_words,
    .inspect = tree_pane_inspect,
    .space = tree_pane_space,
    .use = tree_pane_use,
    .step = tree_pane_step,
    .descriptor = tree_pane_descriptor,
    .cancel = tree_pane_cancel,
    .refresh = tree_pane_refresh,
    .facts_changed = tree_pane_facts_changed,
};
