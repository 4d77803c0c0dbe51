/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The `/` of the tables: an address, or what entries say.  What looks like a filter of `tables` is
 * one; the other words are the search's own.  Entries are looked for beside the interface
 * (session/beside.h), through a tree that nobody opens anything in.
 */
#include "answer/filter.h"
#include "session/expression.h"
#include "ui/pane/tables/pane_tree.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SLICE    32768 /* entries between looks at the flag */
#define COMPLETE 10000u

struct entry_hunt {
    const struct space *space;
    char words[TREE_SEARCH_TEXT];
    bool has_terms;
    struct filter filter; /* has_terms */
    struct tree_place from;
    bool backward;
    struct session *clone; /* in the worker */
    atomic_uint done;      /* of COMPLETE */
    /* Once it has ended: */
    enum tree_search_result result;
    struct tree_place at;
};

static bool fits(void *context, const struct mapping *run)
{
    struct entry_hunt *hunt = context;
    return filter_matches(&hunt->filter, hunt->clone, run);
}

static void look(struct entry_hunt *hunt, const struct tree *tree)
{
    struct tree_search search;
    struct error ignored; /* nothing that tree_search_check() has not refused */
    struct tree_wanted wanted = {hunt->words, hunt->has_terms ? fits : NULL, hunt, 0, UINT64_MAX};
    if (hunt->has_terms)
        filter_range(&hunt->filter, &wanted.first_va, &wanted.last_va);
    if (!tree_search_start(&search, tree, &wanted, hunt->from, hunt->backward, &ignored))
        return;
    do {
        hunt->result = tree_search_step(&search, tree, SLICE);
        atomic_store(&hunt->done, (unsigned)(tree_search_progress(&search, tree) * COMPLETE));
    } while ((hunt->result == TREE_SEARCH_RUNNING || hunt->result == TREE_SEARCH_WAITING) &&
             !session_is_cancelled(hunt->clone));
    hunt->at = search.at;
    tree_search_stop(&search);
}

static void run(void *context, struct session *clone)
{
    struct entry_hunt *hunt = context;
    struct table_source source = session_tables(clone);
    struct tree tree;
    hunt->clone = clone;
    hunt->result = TREE_SEARCH_END;
    if (tree_init(&tree, hunt->space->paging, &source, &hunt->space->roots)) {
        tree.in_image = tree_pane_in_image;
        tree.in_image_context = clone;
        look(hunt, &tree);
    }
    tree_deinit(&tree);
}

static const char blanks[] = " \t";

/* Both texts keep the words where they were, so that columns of errors stay right. */
static void split(const char *text, char terms[TREE_SEARCH_TEXT], char words[TREE_SEARCH_TEXT])
{
    size_t length = strlen(text);
    memset(terms, ' ', length);
    memset(words, ' ', length);
    terms[length] = words[length] = '\0';
    for (size_t at = strspn(text, blanks); at < length; at += strspn(text + at, blanks)) {
        size_t word = strcspn(text + at, blanks);
        memcpy((filter_is_term(text + at, word) ? terms : words) + at, text + at, word);
        at += word;
    }
}

static bool is_blank(const char *text)
{
    return !text[strspn(text, blanks)];
}

static bool start_search(struct tree_pane *self, bool backward, struct error *err)
{
    char terms[TREE_SEARCH_TEXT], words[TREE_SEARCH_TEXT];
    tree_pane_stop_work(self);
    split(self->searched, terms, words);
    if (!is_blank(words) && !tree_search_knows(self->paging, words))
        return error_set(err, "%s: no flag, kind or permissions of an entry",
                         words + strspn(words, blanks));
    static const struct beside_question question = {run, free};
    struct tree_wanted wanted = {words, is_blank(terms) ? NULL : fits, NULL, 0, UINT64_MAX};
    struct entry_hunt *hunt = calloc(1, sizeof *hunt);
    if (!hunt)
        return error_set(err, "out of memory");
    if (!filter_parse(&hunt->filter, self->session, terms + strspn(terms, blanks), err) ||
        !tree_search_check(&self->tree, &wanted, err)) {
        free(hunt);
        return false;
    }
    hunt->space = self->space;
    memcpy(hunt->words, words, sizeof words);
    hunt->has_terms = wanted.fits;
    hunt->from = self->cursor;
    hunt->backward = backward;
    return beside_ask(&self->asked, &question, hunt, self->session, err);
}

double tree_pane_search_progress(const struct tree_pane *self)
{
    struct entry_hunt *hunt = beside_context(self->asked);
    return (double)atomic_load(&hunt->done) / COMPLETE;
}

void tree_pane_search_take(struct tree_pane *self)
{
    const struct entry_hunt *hunt = beside_answer(self->asked);
    if (!hunt)
        return;
    struct tree_place at = hunt->at;
    bool is_found = hunt->result == TREE_SEARCH_FOUND;
    beside_drop(&self->asked);
    if (is_found) {
        memcpy(self->found, self->searched, sizeof self->found);
        tree_pane_reveal(self, at);
        return;
    }
    app_error(self->app, "no entry fits \"%s\"", self->searched);
    if (self->found[0] || self->aliases)
        memcpy(self->searched, self->found, sizeof self->searched);
}

/* Numbers and what carries a sign of an expression; "AF", "rwx" and "perm=wx" are words. */
static bool is_address(const struct tree_pane *self, const char *text)
{
    char terms[TREE_SEARCH_TEXT], words[TREE_SEARCH_TEXT];
    split(text, terms, words);
    if (!*text || !is_blank(terms))
        return false;
    if (isdigit((unsigned char)*text) || strpbrk(text, ":$'[("))
        return true;
    return !tree_search_knows(self->paging, text);
}

static bool go_to(struct tree_pane *self, const char *text, struct error *err)
{
    struct address address;
    bool is_word = isalpha((unsigned char)*text) && !strpbrk(text, ":$'[(");
    if (!expression_eval(self->session, text, SPACE_VIRT, &address, err))
        return is_word ? error_set(err, "no flag, kind, permissions (rw-k) or filter of entries, "
                                        "nor an address")
                       : false;
    if (!self->pane.type->go(&self->pane, address, err))
        return false;
    char key[KEYMAP_HINT];
    self->searched[0] = self->found[0] = '\0';
    if (address_is_virtual(address))
        self->aliases = 0;
    if (self->aliases > 1)
        app_message(self->app, "mapping 1 of %zu; %s shows the next", self->aliases,
                    app_hint(self->app, "search-next", key, sizeof key));
    return true;
}

bool tree_pane_search(struct pane *pane, const char *text, bool backward, struct error *err)
{
    struct tree_pane *self = tree_pane_of(pane);
    if (!self->paging)
        return error_set(err, "no page tables are known yet; set them: paging NAME ROOT");
    text += strspn(text, blanks);
    tree_pane_stop_work(self);
    if (strlen(text) >= sizeof self->searched)
        return error_set(err, "too long: at most %zu letters", sizeof self->searched - 1);
    if (is_address(self, text))
        return go_to(self, text, err);
    char before[TREE_SEARCH_TEXT];
    memcpy(before, self->searched, sizeof before);
    memcpy(self->searched, text, strlen(text) + 1);
    if (start_search(self, backward, err)) {
        self->backward = backward;
        return true;
    }
    memcpy(self->searched, before, sizeof before);
    return false;
}

bool tree_pane_search_again(struct pane *pane, bool reverse, struct error *err)
{
    struct tree_pane *self = tree_pane_of(pane);
    bool backward = self->backward != reverse;
    if (self->paging && self->searched[0])
        return start_search(self, backward, err);
    if (!self->paging || self->aliases == 0)
        return error_set(err, "nothing was searched for here yet");
    if (self->aliases == 1)
        return error_set(err, "that is its only known mapping");
    self->alias_at = (self->alias_at + (backward ? self->aliases - 1 : 1)) % self->aliases;
    if (!tree_pane_go_virtual(self, self->alias[self->alias_at], err))
        return false;
    app_message(self->app, "mapping %zu of %zu", self->alias_at + 1, self->aliases);
    return true;
}

void tree_pane_search_words(struct pane *pane, void (*add)(void *list, const char *word),
                            void *list)
{
    const struct paging *paging = tree_pane_of(pane)->paging;
    if (!paging)
        return;
    filter_words(paging, add, list);
    tree_search_words(paging, add, list);
}
