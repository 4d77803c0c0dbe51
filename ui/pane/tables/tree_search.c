/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All entries in the order of the rows, opened or not: an entry, then what is below it; and the
 * same backward.  Tables are read as pieces, so a run is looked at once.
 */
#include "ui/pane/tables/tree_search.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LEAST_PREFIX 3 /* letters of a flag that stand for all of it */

static const char blanks[] = " \t,";

static const char *const kind_words[] = {"table", "block",   "page",   "not-present", "reserved",
                                         "loop",  "missing", "device", "swap",        "PROT_NONE"};

/* Does a word of an entry's text fit the one searched for? */
static bool word_fits(const char *word, size_t length, const char *wanted, size_t wanted_length)
{
    if (wanted_length > length || strncasecmp(word, wanted, wanted_length) != 0)
        return false;
    return wanted_length == length || wanted_length >= LEAST_PREFIX;
}

static bool text_has(const char *text, const char *wanted, size_t wanted_length)
{
    for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
        size_t length = strcspn(text, blanks);
        if (word_fits(text, length, wanted, wanted_length))
            return true;
        text += length;
    }
    return false;
}

static bool is_permission(const char *word, size_t length)
{
    static const char letters[] = "rwxku";
    if (length < 3 || length > 4)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool suffix = i == 3 && (word[i] == 'k' || word[i] == 'u');
        if (!suffix && (i == 3 || (word[i] != '-' && word[i] != letters[i])))
            return false;
    }
    return true;
}

static bool knows(const struct paging *paging, const char *word, size_t length)
{
    if (is_permission(word, length))
        return true;
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++)
        if (word_fits(kind_words[i], strlen(kind_words[i]), word, length))
            return true;
    for (const struct paging_flag *flag = paging->arch->flags; flag->name; flag++) {
        size_t name = strlen(flag->name);
        if (flag->kinds & FLAG_DETAIL)
            continue;
        if (text_has(flag->name, word, length))
            return true;
        /* "AttrIndx=4": the name has no number. */
        if ((flag->kinds & FLAG_NUMBER) && length > name && word[name] == '=' &&
            strncasecmp(flag->name, word, name) == 0)
            return true;
    }
    return false;
}

bool tree_search_knows(const struct paging *paging, const char *text)
{
    text += strspn(text, blanks);
    bool all = *text;
    for (; *text && all; text += strspn(text, blanks)) {
        size_t length = strcspn(text, blanks);
        all = knows(paging, text, length);
        text += length;
    }
    return all;
}

void tree_search_words(const struct paging *paging, void (*add)(void *list, const char *word),
                       void *list)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++)
        add(list, kind_words[i]);
    for (const struct paging_flag *flag = paging->arch->flags; flag->name; flag++)
        if (!(flag->kinds & FLAG_DETAIL))
            add(list, flag->name);
}

static struct table_key key_of(const struct tree_search_frame *frame)
{
    return (struct table_key){frame->pa, frame->span.level, frame->access};
}

/* Where runs are chosen by their address too, only what lies within speaks for other places. */
static bool is_within(const struct tree_search *search, const struct tree_span *span)
{
    return span_va(span, span->first) >= search->first_va &&
           span_va(span, span->last) + (paging_span(span->paging, span->level) - 1) <=
               search->last_va;
}

static bool enterable(const struct tree_search *search, uint64_t pa)
{
    for (unsigned i = 0; i < search->depth; i++)
        if (search->frame[i].pa == pa)
            return false;
    return search->depth < PAGING_LEVELS;
}

/*
 * Reads a table into a new frame.  False: not there (or no memory), or on the path already; or not
 * yet there (search->waits).
 */
static bool push(struct tree_search *search, const struct tree *tree, const struct tree_span *span,
                 uint64_t pa, struct access access, size_t *looked)
{
    if (!enterable(search, pa))
        return false;
    enum extent_kind missing;
    struct tree_search_frame *frame = &search->frame[search->depth];
    *frame = (struct tree_search_frame){.span = *span, .pa = pa, .access = access, .whole = true};
    const struct table_key key = key_of(frame);
    if (is_within(search, span) && table_memo_find(&search->memo, &key))
        return false;
    frame->pieces = entry_runs_read(span, &tree->source, pa, &frame->piece, &missing);
    search->waits = missing == EXTENT_PENDING;
    *looked += span->last - span->first + 1;
    if (frame->pieces == 0)
        return false;
    search->depth++;
    return true;
}

static void pop(struct tree_search *search)
{
    free(search->frame[--search->depth].piece);
}

/* All of the table was gone through, and nothing fits. */
static void leave(struct tree_search *search)
{
    const struct tree_search_frame *frame = &search->frame[search->depth - 1];
    const struct known_table known = {.key = key_of(frame)};
    if (search->depth > 1 && frame->whole && is_within(search, &frame->span))
        table_memo_add(&search->memo, &known);
    pop(search);
}

static bool push_root(struct tree_search *search, const struct tree *tree, size_t *looked)
{
    const struct tree_root *root = &tree->root[search->root];
    return push(search, tree, &root->span, root->pa, access_full(), looked);
}

/* Enters the table that the current piece leads to. */
static bool push_below(struct tree_search *search, const struct tree *tree, size_t *looked)
{
    const struct tree_search_frame *frame = &search->frame[search->depth - 1];
    const struct tree_piece *piece = &frame->piece[frame->at];
    if (piece->kind != ENTRY_TABLE)
        return false;
    unsigned level = frame->span.level + 1;
    struct tree_span span = {.paging = tree->paging,
                             .level = level,
                             .va = span_va(&frame->span, piece->first),
                             .last = (1u << tree->paging->level[level].bits) - 1};
    struct access access = frame->access;
    tree->paging->arch->narrow(&access, ENTRY_TABLE, piece->entry);
    uint64_t pa = paging_target(tree->paging, frame->span.level, ENTRY_TABLE, piece->entry);
    return push(search, tree, &span, pa, access, looked);
}

/* The next root, wrapping at the end. */
static void turn_root(struct tree_search *search, const struct tree *tree)
{
    size_t last = tree->roots - 1;
    if (search->root == (search->backward ? 0 : last)) {
        search->root = search->backward ? last : 0;
        search->rounds++;
    } else {
        search->root += search->backward ? (size_t)-1 : 1;
    }
}

/* One piece onward.  False: it went on to another root, whose first piece is the next. */
static bool forward(struct tree_search *search, const struct tree *tree, size_t *looked)
{
    if (search->depth == 0 ? push_root(search, tree, looked) : push_below(search, tree, looked))
        return true;
    if (search->waits)
        return false;
    while (search->depth > 0) {
        struct tree_search_frame *frame = &search->frame[search->depth - 1];
        if (++frame->at < frame->pieces)
            return true;
        leave(search);
    }
    turn_root(search, tree);
    return false;
}

/* One piece back: the last one below the piece before, or the entry that led here. */
static bool backward(struct tree_search *search, const struct tree *tree, size_t *looked)
{
    if (search->descends) {
        search->descends = false;
    } else if (search->depth == 0) {
        if (!push_root(search, tree, looked)) {
            if (!search->waits)
                turn_root(search, tree);
            return false;
        }
        search->frame[0].at = search->frame[0].pieces - 1;
    } else if (search->frame[search->depth - 1].at > 0) {
        search->frame[search->depth - 1].at--;
    } else {
        leave(search);
        if (search->depth == 0)
            turn_root(search, tree);
        return search->depth > 0;
    }
    while (push_below(search, tree, looked))
        search->frame[search->depth - 1].at = search->frame[search->depth - 1].pieces - 1;
    search->descends = search->waits;
    return !search->waits;
}

/* Stands on the piece of a place, as if it had been looked at. */
static void seek(struct tree_search *search, const struct tree *tree, struct tree_place place)
{
    size_t looked = 0;
    if (place.depth == 0 || !push_root(search, tree, &looked)) {
        /* Before a root's first piece, going back means the root before. */
        if (search->backward && !search->waits)
            turn_root(search, tree);
        return;
    }
    do {
        struct tree_search_frame *frame = &search->frame[search->depth - 1];
        unsigned index = paging_index(tree->paging, frame->span.level, place.va);
        frame->at = entry_runs_find(frame->piece, frame->pieces, index);
        frame->whole = false;
    } while (search->depth < place.depth && push_below(search, tree, &looked));
}

static struct tree_place place_of(const struct tree_search *search)
{
    const struct tree_search_frame *frame = &search->frame[search->depth - 1];
    return (struct tree_place){span_va(&frame->span, frame->piece[frame->at].first), search->depth};
}

/* Back where it began?  That place itself is looked at last: it may be the only one. */
static bool is_round(const struct tree_search *search)
{
    if (search->rounds == 0 || search->depth == 0)
        return search->rounds > 1;
    if (search->root != search->start_root)
        return search->rounds > 1 || search->backward == (search->root < search->start_root);
    struct tree_place at = place_of(search), start = search->start;
    if (at.va == start.va && at.depth == start.depth)
        return false;
    bool is_before = at.va != start.va ? at.va < start.va : at.depth < start.depth;
    return search->rounds > 1 || is_before == search->backward;
}

/* The leaves under the cursor as the mapping iterator would list them. */
static struct mapping run_of(const struct tree_search *search, const struct tree *tree)
{
    const struct tree_search_frame *frame = &search->frame[search->depth - 1];
    const struct tree_piece *piece = &frame->piece[frame->at];
    unsigned level = frame->span.level;
    struct mapping run = {.va = span_va(&frame->span, piece->first),
                          .pa = span_leaf_pa(&frame->span, piece->first, piece->entry),
                          .size = (uint64_t)piece->count * paging_span(tree->paging, level),
                          .page_size = paging_leaf_size(tree->paging, level, piece->entry),
                          .entry = piece->entry,
                          .access = frame->access,
                          .level = level};
    tree->paging->arch->narrow(&run.access, ENTRY_LEAF, piece->entry);
    return run;
}

/* What the entry under the cursor says, in words. */
static void describe(const struct tree_search *search, const struct tree *tree, struct text *text)
{
    const struct tree_search_frame *frame = &search->frame[search->depth - 1];
    const struct tree_piece *piece = &frame->piece[frame->at];
    enum entry_kind kind = (enum entry_kind)piece->kind;
    unsigned level = frame->span.level;
    char part[240];
    text_add(text, "%s ", paging_kind_name(tree->paging, level, kind));
    text_add(text, "%s ", paging_flags_text(tree->paging, level, piece->entry, part, sizeof part));
    if (kind == ENTRY_LEAF) {
        struct mapping run = run_of(search, tree);
        text_add(text, "%s ", access_text(run.access, part));
        if (tree->in_image && !tree->in_image(tree->in_image_context, run.pa, run.size))
            text_add(text, "device ");
    } else if (kind == ENTRY_TABLE) {
        uint64_t pa = paging_target(tree->paging, level, kind, piece->entry);
        if (!enterable(search, pa))
            text_add(text, "loop ");
        struct table_view view;
        enum extent_kind why;
        if (!table_view_open(&view, &tree->source, pa, paging_table_size(tree->paging, level + 1),
                             &why) &&
            why != EXTENT_PENDING)
            text_add(text, "missing ");
    }
}

static bool words_fit(const struct tree_search *search, const struct tree *tree)
{
    char entry[320];
    struct text text = TEXT_OVER(entry);
    const char *wanted = search->text + strspn(search->text, blanks);
    if (*wanted)
        describe(search, tree, &text);
    for (; *wanted; wanted += strspn(wanted, blanks)) {
        size_t length = strcspn(wanted, blanks);
        if (!text_has(entry, wanted, length))
            return false;
        wanted += length;
    }
    return true;
}

static bool matches(const struct tree_search *search, const struct tree *tree)
{
    const struct tree_search_frame *frame = &search->frame[search->depth - 1];
    uint8_t kind = frame->piece[frame->at].kind;
    if (kind == ENTRY_EMPTY || (search->fits && kind != ENTRY_LEAF))
        return false;
    if (search->fits) {
        struct mapping run = run_of(search, tree);
        if (!search->fits(search->context, &run))
            return false;
    }
    return words_fit(search, tree);
}

bool tree_search_check(const struct tree *tree, const struct tree_wanted *wanted, struct error *err)
{
    const char *text = wanted->words;
    if (text[strspn(text, blanks)] == '\0' && !wanted->fits)
        return error_set(
            err, "nothing to search for: an address, a flag, rwx, block, perm=wx, level=PMD ...");
    if (strlen(text) >= TREE_SEARCH_TEXT)
        return error_set(err, "too long: at most %d letters are searched for",
                         TREE_SEARCH_TEXT - 1);
    return tree->roots > 0 || error_set(err, "there are no page tables to search yet");
}

bool tree_search_start(struct tree_search *search, const struct tree *tree,
                       const struct tree_wanted *wanted, struct tree_place from, bool go_backward,
                       struct error *err)
{
    *search = (struct tree_search){.fits = wanted->fits,
                                   .context = wanted->context,
                                   .first_va = wanted->fits ? wanted->first_va : 0,
                                   .last_va = wanted->fits ? wanted->last_va : UINT64_MAX,
                                   .backward = go_backward,
                                   .start = from};
    if (!tree_search_check(tree, wanted, err))
        return false;
    memcpy(search->text, wanted->words, strlen(wanted->words) + 1);
    search->root = tree_root_of(tree, from.va);
    if (search->root >= tree->roots)
        search->root = 0;
    search->start_root = search->root;
    seek(search, tree, from);
    if (search->depth > 0)
        search->start = place_of(search);
    return true;
}

enum tree_search_result tree_search_step(struct tree_search *search, const struct tree *tree,
                                         size_t entries)
{
    size_t looked = 0;
    while (looked < entries) {
        search->waits = false;
        bool on_piece =
            search->backward ? backward(search, tree, &looked) : forward(search, tree, &looked);
        looked++;
        if (search->waits)
            return TREE_SEARCH_WAITING;
        if (is_round(search)) {
            tree_search_stop(search);
            return TREE_SEARCH_END;
        }
        if (on_piece && matches(search, tree)) {
            search->at = place_of(search);
            tree_search_stop(search);
            return TREE_SEARCH_FOUND;
        }
    }
    return TREE_SEARCH_RUNNING;
}

double tree_search_progress(const struct tree_search *search, const struct tree *tree)
{
    if (search->depth == 0 || tree->roots == 0)
        return search->rounds ? 1 : 0;
    const struct tree_search_frame *frame = &search->frame[0];
    return (double)frame->at / (double)frame->pieces;
}

void tree_search_stop(struct tree_search *search)
{
    while (search->depth > 0)
        pop(search);
    table_memo_free(&search->memo);
}
