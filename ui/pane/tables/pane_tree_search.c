/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The `/` of the tables: an address, or what entries say.  What looks like a filter of `tables` is
 * one; the other words are the search's own.
 */
#include "session/expression.h"
#include "ui/pane/tables/pane_tree.h"

#include <ctype.h>
#include <string.h>

static bool fits(void *context, const struct mapping *run)
{
    struct tree_pane *self = context;
    return filter_matches(&self->filter, self->session, run);
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
    if (!filter_parse(&self->filter, self->session, terms + strspn(terms, blanks), err))
        return false;
    struct tree_wanted wanted = {words, is_blank(terms) ? NULL : fits, self};
    self->is_searching =
        tree_search_start(&self->search, &self->tree, &wanted, self->cursor, backward, err);
    return self->is_searching;
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
