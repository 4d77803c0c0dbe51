/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a view: which there are, which are open.  Each row has a key, made of its parent's
 * key and its place in it; what the user toggled is a sorted array of keys, which therefore
 * holds for every instance of the type.
 */
#include "linux/types/view.h"

#include "base/array.h"
#include "base/text.h"
#include "linux/context.h"
#include "linux/types/btf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ELEMENTS 32   /* an array with more opens into ranges */
#define RANGES   64   /* of which it has at most so many */
#define TOGGLES  4096 /* kept; then the first are forgotten with the rest */

enum form { FORM_MEMBER, FORM_ELEMENT, FORM_RANGE, FORM_WHOLE };

struct node {
    uint64_t bit_offset; /* from the start of what is shown */
    uint64_t key;
    uint32_t type;        /* a range's: of the array */
    uint32_t owner;       /* FORM_MEMBER: the struct that it is a member of */
    uint32_t index, last; /* member, element; first and last element */
    uint32_t bits;
    uint16_t depth;
    uint8_t form;
    bool open;
};

struct view {
    const struct linux_context *linux;
    symbolizer *name;
    void *context;
    uint32_t type;
    uint64_t va;
    struct node *node;
    size_t nodes, capacity;
    size_t widest; /* name */
    bool cut;
    uint64_t *toggled; /* sorted */
    size_t toggles, toggles_capacity;
};

struct view *view_create(const struct linux_context *linux)
{
    struct view *view = calloc(1, sizeof *view);
    if (view)
        view->linux = linux;
    return view;
}

void view_destroy(struct view *view)
{
    if (!view)
        return;
    free(view->node);
    free(view->toggled);
    free(view);
}

void view_set_symbolizer(struct view *view, symbolizer *name, void *context)
{
    view->name = name;
    view->context = context;
}

uint64_t view_va(const struct view *view)
{
    return view->va;
}

size_t view_rows(const struct view *view)
{
    return view->nodes;
}

size_t view_widest_name(const struct view *view)
{
    return view->widest;
}

bool view_is_cut(const struct view *view)
{
    return view->cut;
}

/* --- what is open ------------------------------------------------------------------------------*/

static uint64_t mix(uint64_t key, uint64_t part)
{
    key = (key ^ part) * UINT64_C(0x9e3779b97f4a7c15);
    return key ^ key >> 29;
}

/* Where `key` is, or belongs. */
static size_t toggle_place(const struct view *view, uint64_t key)
{
    return key ? array_up_to(view->toggled, view->toggles, sizeof key, key - 1) : 0;
}

static bool is_toggled(const struct view *view, uint64_t key)
{
    size_t at = toggle_place(view, key);
    return at < view->toggles && view->toggled[at] == key;
}

static bool toggle(struct view *view, uint64_t key)
{
    size_t at = toggle_place(view, key);
    size_t rest = view->toggles - at;
    if (rest && view->toggled[at] == key) {
        memmove(view->toggled + at, view->toggled + at + 1, (rest - 1) * sizeof key);
        view->toggles--;
        return true;
    }
    if (view->toggles == TOGGLES ||
        !ARRAY_ROOM(&view->toggled, view->toggles, &view->toggles_capacity))
        return false;
    memmove(view->toggled + at + 1, view->toggled + at, rest * sizeof key);
    view->toggled[at] = key;
    view->toggles++;
    return true;
}

/* --- the rows ----------------------------------------------------------------------------------*/

static const char *node_name(const struct view *view, const struct node *node)
{
    return node->form == FORM_MEMBER ? btf_member(view->linux->btf, node->owner, node->index).name
                                     : "";
}

static bool is_anonymous(const struct view *view, const struct node *node)
{
    return node->form == FORM_MEMBER && !*node_name(view, node);
}

static bool can_open(const struct view *view, const struct node *node)
{
    if (node->form == FORM_RANGE)
        return true;
    uint32_t bare = btf_strip(view->linux->btf, node->type);
    return btf_members(view->linux->btf, bare) || btf_array_length(view->linux->btf, bare);
}

static void add_parts(struct view *view, const struct node *of);

static size_t name_width(const struct view *view, const struct node *node)
{
    char bits[16] = "";
    if (node->bits)
        snprintf(bits, sizeof bits, ":%" PRIu32, node->bits);
    size_t length = strlen(node_name(view, node)) + strlen(bits);
    return 2 * (size_t)node->depth + (length ? length : strlen("(anonymous)"));
}

static void add(struct view *view, struct node node, uint64_t parent_key)
{
    if (view->nodes == VIEW_ROWS || !ARRAY_ROOM(&view->node, view->nodes, &view->capacity)) {
        view->cut = true;
        return;
    }
    uint64_t place = (uint64_t)node.index << 32 | node.last;
    node.key = mix(mix(parent_key, node.form), place);
    /* Without its members an anonymous struct shows nothing: it starts open. */
    bool opens = can_open(view, &node);
    node.open = opens && is_toggled(view, node.key) != is_anonymous(view, &node);
    size_t width = name_width(view, &node);
    view->widest = width > view->widest ? width : view->widest;
    view->node[view->nodes++] = node;
    if (node.open)
        add_parts(view, &node);
}

static void add_members(struct view *view, const struct node *of, uint32_t owner)
{
    uint32_t n = btf_members(view->linux->btf, owner);
    for (uint32_t i = 0; i < n && !view->cut; i++) {
        struct btf_member member = btf_member(view->linux->btf, owner, i);
        struct node part = {.bit_offset = of->bit_offset + member.bit_offset,
                            .type = member.type,
                            .owner = owner,
                            .index = i,
                            .bits = member.bits,
                            .depth = (uint16_t)(of->depth + 1),
                            .form = FORM_MEMBER};
        add(view, part, of->key);
    }
}

/* Elements first..last of an array whose element `first` lies at of->bit_offset. */
static void add_elements(struct view *view, const struct node *of, uint32_t array, uint32_t first,
                         uint32_t last)
{
    uint32_t element = btf_target(view->linux->btf, array);
    uint64_t each = 8 * btf_size(view->linux->btf, element);
    uint64_t count = (uint64_t)last - first + 1, step = 1;
    if (count > ELEMENTS)
        for (step = 16; (count + step - 1) / step > RANGES;)
            step *= 16;
    for (uint64_t i = 0; i < count && !view->cut; i += step) {
        uint64_t end = i + step < count ? i + step : count;
        struct node part = {.bit_offset = of->bit_offset + i * each,
                            .type = step == 1 ? element : array,
                            .index = first + (uint32_t)i,
                            .last = first + (uint32_t)(end - 1),
                            .depth = (uint16_t)(of->depth + 1),
                            .form = step == 1 ? FORM_ELEMENT : FORM_RANGE};
        add(view, part, of->key);
    }
}

static void add_parts(struct view *view, const struct node *of)
{
    const struct node whole = *of; /* the array of nodes moves */
    uint32_t bare = btf_strip(view->linux->btf, whole.type);
    uint32_t length = btf_array_length(view->linux->btf, bare);
    if (whole.form == FORM_RANGE)
        add_elements(view, &whole, bare, whole.index, whole.last);
    else if (length)
        add_elements(view, &whole, bare, 0, length - 1);
    else
        add_members(view, &whole, bare);
}

static bool is_composite(const struct btf *btf, uint32_t bare)
{
    enum btf_kind kind = btf_kind(btf, bare);
    return kind == BTF_STRUCT || kind == BTF_UNION;
}

static void rebuild(struct view *view)
{
    struct node root = {.type = view->type, .form = FORM_WHOLE, .key = mix(0, view->type)};
    view->nodes = view->widest = 0;
    view->cut = false;
    root.depth = UINT16_MAX; /* its parts are at depth 0 */
    uint32_t bare = btf_strip(view->linux->btf, view->type);
    bool string = btf_array_length(view->linux->btf, bare) &&
                  btf_is_char(view->linux->btf, btf_target(view->linux->btf, bare));
    if ((can_open(view, &root) && !string) || is_composite(view->linux->btf, bare)) {
        add_parts(view, &root);
        return;
    }
    root.depth = 0;
    add(view, root, root.key);
}

/* void, functions and what is only declared can lie nowhere; an empty struct can. */
static bool is_object(const struct btf *btf, uint32_t bare)
{
    enum btf_kind kind = btf_kind(btf, bare);
    return is_composite(btf, bare) || kind == BTF_ARRAY || btf_size(btf, bare);
}

bool view_can_show(const struct btf *btf, uint32_t type, struct error *err)
{
    char text[VIEW_TYPE];
    if (btf_kind(btf, type) == BTF_VOID)
        return error_set(err, "there is no such type");
    return is_object(btf, btf_strip(btf, type)) ||
           error_set(err, "%s has no size: nothing to show",
                     btf_type_text(btf, type, text, sizeof text));
}

bool view_show(struct view *view, uint32_t type, uint64_t va, struct error *err)
{
    if (!view_can_show(view->linux->btf, type, err))
        return false;
    view->type = type;
    view->va = va;
    rebuild(view);
    return true;
}

bool view_open(struct view *view, size_t i, bool open)
{
    if (i >= view->nodes || view->node[i].open == open || !can_open(view, &view->node[i]) ||
        !toggle(view, view->node[i].key))
        return false;
    rebuild(view);
    return true;
}

/* --- one row -----------------------------------------------------------------------------------*/

/* "pid", "[3]", "[16..31]"; as part of a path a range is left out. */
static void add_name(const struct view *view, const struct node *node, struct text *text)
{
    switch ((enum form)node->form) {
    case FORM_MEMBER:
        text_add(text, "%s", node_name(view, node));
        break;
    case FORM_ELEMENT:
        text_add(text, "[%" PRIu32 "]", node->index);
        break;
    case FORM_RANGE:
        text_add(text, "[%" PRIu32 "..%" PRIu32 "]", node->index, node->last);
        break;
    case FORM_WHOLE:
        break;
    }
}

static void fill_range(const struct view *view, const struct node *node, struct view_row *row)
{
    uint32_t element = btf_target(view->linux->btf, btf_strip(view->linux->btf, node->type));
    row->kind = VIEW_RANGE;
    row->type_id = node->type;
    row->size = btf_size(view->linux->btf, element) * ((uint64_t)node->last - node->index + 1);
    row->readable = true;
    btf_type_text(view->linux->btf, element, row->type, sizeof row->type);
}

void view_row(const struct view *view, size_t i, struct view_row *row)
{
    memset(row, 0, sizeof *row);
    if (i >= view->nodes)
        return;
    const struct node *node = &view->node[i];
    uint64_t va = view->va + node->bit_offset / 8;
    if (node->form == FORM_RANGE)
        fill_range(view, node, row);
    else
        view_value(view->linux, view->name, view->context, node->type, va,
                   (uint32_t)(node->bit_offset % 8), node->bits, row);
    row->va = va;
    row->depth = node->depth;
    row->offset = node->bit_offset / 8;
    row->anonymous = is_anonymous(view, node);
    row->can_open = can_open(view, node);
    row->open = node->open;
    /* Its members say it all. */
    if (row->open && (row->kind == VIEW_STRUCT || row->kind == VIEW_UNION) && !row->has_number)
        snprintf(row->value, sizeof row->value, "{...}");
    struct text name = TEXT_OVER(row->name);
    add_name(view, node, &name);
}

size_t view_parent(const struct view *view, size_t i)
{
    if (i >= view->nodes || view->node[i].depth == 0)
        return i;
    size_t at = i;
    while (view->node[at].depth >= view->node[i].depth)
        at--;
    return at;
}

void view_way(const struct view *view, size_t i, uint64_t *way, size_t capacity)
{
    memset(way, 0, capacity * sizeof *way);
    if (i >= view->nodes)
        return;
    for (size_t at = i;; at = view_parent(view, at)) {
        if (view->node[at].depth < capacity)
            way[view->node[at].depth] = view->node[at].key;
        if (view->node[at].depth == 0)
            return;
    }
}

size_t view_reveal(struct view *view, const uint64_t *way, size_t capacity)
{
    size_t row = 0, depth = 0;
    for (size_t i = 0; i < view->nodes && depth < capacity && way[depth]; i++) {
        const struct node *node = &view->node[i];
        if (node->depth < depth)
            break; /* past the parts of the last row on the way */
        if (node->depth > depth || node->key != way[depth])
            continue;
        row = i;
        if (++depth < capacity && way[depth])
            view_open(view, i, true);
    }
    return row;
}

static uint64_t node_size(const struct view *view, const struct node *node)
{
    if (node->form != FORM_RANGE)
        return btf_size(view->linux->btf, node->type);
    uint32_t element = btf_target(view->linux->btf, btf_strip(view->linux->btf, node->type));
    return btf_size(view->linux->btf, element) * ((uint64_t)node->last - node->index + 1);
}

size_t view_row_at(const struct view *view, uint64_t va)
{
    uint64_t offset = va - view->va;
    size_t best = view->nodes;
    for (size_t i = 0; i < view->nodes; i++) {
        const struct node *node = &view->node[i];
        uint64_t start = node->bit_offset / 8;
        uint64_t size = node_size(view, node);
        if (node->bits)
            size = (node->bit_offset % 8 + node->bits + 7) / 8;
        bool holds = offset >= start && offset - start < size;
        if (holds && (best == view->nodes || node->depth > view->node[best].depth))
            best = i;
    }
    return best;
}

char *view_path(const struct view *view, size_t i, char *text, size_t size)
{
    struct text path = text_over(text, size);
    size_t chain[256], n = 0;
    if (i >= view->nodes)
        return text;
    for (size_t at = i;; at = view_parent(view, at)) {
        if (n < sizeof chain / sizeof *chain)
            chain[n++] = at;
        if (view->node[at].depth == 0)
            break;
    }
    while (n-- > 0) {
        const struct node *node = &view->node[chain[n]];
        if (node->form == FORM_RANGE && n)
            continue;
        if (node->form == FORM_MEMBER && path.length && !is_anonymous(view, node))
            text_add(&path, ".");
        add_name(view, node, &path);
    }
    return text;
}
