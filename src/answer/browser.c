/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query whose rows are asked for one by one. */
#include "answer/browser.h"

#include "answer/term.h"

#include <stdlib.h>

struct browser {
    struct query *query;
    struct sink sink; /* says what is hidden; gets no rows */
    const struct items *items;
    void *state;
    bool shares_state; /* with the browser whose it is */
    char *choice;      /* the text that was chosen by; NULL: none */
};

/* --- rows that are kept ------------------------------------------------------------------------*/

struct kept {
    const struct rows *rows;
};

static bool kept_load(struct query *query, void *state, struct error *err)
{
    (void)query, (void)state, (void)err;
    return true;
}

static void kept_unload(void *state)
{
    (void)state;
}

static const struct rows *kept_rows(const void *state)
{
    return ((const struct kept *)state)->rows;
}

static size_t kept_count(const void *state)
{
    return kept_rows(state)->count;
}

static void kept_fill(struct query *query, const void *state, size_t item, struct value *row)
{
    (void)query;
    memcpy(row, rows_at(kept_rows(state), item), kept_rows(state)->shape->columns * sizeof *row);
}

static const struct items kept_items = {
    .state_size = sizeof(struct kept),
    .load = kept_load,
    .unload = kept_unload,
    .count = kept_count,
    .fill = kept_fill,
};

/* --- opening and closing -----------------------------------------------------------------------*/

void browser_close(struct browser *browser)
{
    if (!browser)
        return;
    if (browser->state && !browser->shares_state) {
        browser->items->unload(browser->state);
        free(browser->state);
    }
    query_close(browser->query);
    free(browser->choice);
    free(browser);
}

static struct browser *create(struct session *session, const struct subject *subject,
                              const struct items *items, const char *arguments, void *state,
                              struct error *err)
{
    struct browser *browser = calloc(1, sizeof *browser);
    if (browser) {
        browser->items = items;
        browser->sink.hides = COLUMN_NO_TEXT;
        browser->shares_state = state;
        browser->state = state ? state : calloc(1, items->state_size);
        browser->query = query_open(session, subject, arguments, &browser->sink);
    }
    if (browser && browser->state && browser->query)
        return browser;
    browser_close(browser);
    error_set(err, "out of memory");
    return NULL;
}

struct browser *browser_open(struct session *session, const struct subject *subject,
                             const char *arguments, struct error *err)
{
    struct browser *browser = create(session, subject, subject->items, arguments, NULL, err);
    if (!browser)
        return NULL;
    if ((subject->shapes_itself || query_shape(browser->query, subject->shape, err)) &&
        browser->items->load(browser->query, browser->state, err)) {
        if (!browser->items->step && browser->items->note)
            browser->items->note(browser->query, browser->state);
        return browser;
    }
    browser_close(browser);
    return NULL;
}

struct browser *browser_of_rows(struct session *session, const struct subject *subject,
                                const struct rows *rows, struct error *err)
{
    struct browser *browser = create(session, subject, &kept_items, "", NULL, err);
    if (!browser)
        return NULL;
    *(struct kept *)browser->state = (struct kept){rows};
    if (query_shape(browser->query, rows->shape, err))
        return browser;
    browser_close(browser);
    return NULL;
}

struct browser *browser_share(const struct browser *browser, struct session *session,
                              struct error *err)
{
    const struct query *query = browser->query;
    struct browser *other =
        create(session, query->subject, browser->items, query->arguments, browser->state, err);
    if (!other)
        return NULL;
    if (query_shape(other->query, query->shape, err) &&
        (!browser->choice || browser_choose(other, browser->choice, err)))
        return other;
    browser_close(other);
    return NULL;
}

const struct session *browser_session(const struct browser *browser)
{
    return browser->query->session;
}

bool browser_step(struct browser *browser)
{
    const struct items *items = browser->items;
    if (!items->step)
        return false;
    bool more = items->step(browser->query, browser->state);
    if (!more && items->note && !browser->query->remarks)
        items->note(browser->query, browser->state);
    return more;
}

/* --- what is chosen ----------------------------------------------------------------------------*/

bool browser_choose(struct browser *browser, const char *text, struct error *err)
{
    struct error ignored;
    free(browser->choice);
    browser->choice = strdup(text);
    if (!browser->choice)
        return error_set(err, "out of memory");
    if (query_choose(browser->query, text, err))
        return true;
    browser->choice[0] = '\0';
    query_choose(browser->query, "", &ignored);
    return false;
}

bool browser_has_terms(const struct browser *browser)
{
    return browser->query->terms > 0;
}

bool browser_is_sorted(const struct browser *browser, unsigned *column, bool *descending)
{
    *column = browser->query->sort;
    *descending = browser->query->is_descending;
    return browser->query->is_sorted;
}

bool browser_takes(const struct browser *browser, const char *text)
{
    return *text && (query_tail(text) == text || term_begins(browser->query->shape, text));
}

const struct shape *browser_shape(const struct browser *browser)
{
    return browser->query->shape;
}

unsigned browser_shown(const struct browser *browser, const unsigned **shown)
{
    *shown = browser->query->shown;
    return browser->query->count;
}

/* --- rows --------------------------------------------------------------------------------------*/

size_t browser_count(const struct browser *browser)
{
    return browser->items->count(browser->state);
}

static const struct value *fill(struct browser *browser, size_t item)
{
    return items_row(browser->query, browser->items, browser->state, item);
}

const struct value *browser_cell(struct browser *browser, size_t item, unsigned column)
{
    query_look(browser->query, QUERY_CELL, column);
    return &fill(browser, item)[column];
}

const struct value *browser_row(struct browser *browser, size_t item)
{
    query_look(browser->query, QUERY_SHOWN, 0);
    return fill(browser, item);
}

bool browser_holds(struct browser *browser, size_t item)
{
    const struct query *query = browser->query;
    if (!query->terms)
        return true;
    query_look(browser->query, QUERY_TERMS, 0);
    return query_holds(query, fill(browser, item));
}

uint64_t browser_key(const struct browser *browser, size_t item)
{
    return browser->items->key ? browser->items->key(browser->state, item) : item;
}

/* --- order -------------------------------------------------------------------------------------*/

bool browser_order(struct browser *browser, unsigned column, bool descending, uint32_t *order)
{
    struct arrangement how = {.column = column, .descending = descending};
    size_t count;
    if (items_arrange(browser->query, browser->items, browser->state, &how, order, &count))
        return true;
    for (size_t i = 0; i < browser_count(browser); i++)
        order[i] = (uint32_t)i;
    return false;
}

unsigned browser_next_column(const struct browser *browser, unsigned column, int step)
{
    const unsigned *shown = browser->query->shown;
    unsigned count = browser->query->count, at = count;
    for (unsigned i = 0; i < count; i++)
        if (shown[i] == column)
            at = i;
    at = (at + (unsigned)step) % (count + 1);
    return at < count ? shown[at] : BROWSER_UNSORTED;
}

/* --- the whole ---------------------------------------------------------------------------------*/

void browser_end(struct browser *browser, const struct budget *budget)
{
    query_note_end(browser->query, budget);
}

const char *browser_note(const struct browser *browser)
{
    const struct query *query = browser->query;
    for (size_t i = 0; i < query->remarks; i++)
        if (query->remark[i].is_note)
            return query->remark[i].text;
    return NULL;
}

void browser_caption(const struct browser *browser, struct text *text)
{
    if (browser->items->caption)
        browser->items->caption(browser->state, text);
}
