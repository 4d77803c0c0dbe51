/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's browser keeps what was read; the pane shows its rows by another one, of the session
 * that the pane is on. */
#include "ui/pane/list/list_load.h"

#include <stdlib.h>
#include <string.h>

struct list_load {
    struct list_question question;
    const struct shape *shape; /* of the rows of before */
    const char *first_sort;    /* the column to sort by where the shape is another; NULL: none */
    uint64_t cursor;
    /* By which column, as asked and then as done. */
    unsigned sort;
    bool inverted;
    /* Once it has ended: */
    struct browser *browser; /* NULL: `why` */
    uint32_t *order;
    bool is_sorted; /* order[] has all rows */
    struct error why;
};

static void destroy(void *context)
{
    struct list_load *load = context;
    browser_close(load->browser);
    free(load->order);
    free(load);
}

static void sort(struct list_load *load)
{
    const struct shape *shape = browser_shape(load->browser);
    size_t count = browser_count(load->browser);
    if (shape != load->shape) {
        const char *name = load->first_sort;
        unsigned column = name ? shape_find(shape, name, strlen(name)) : shape->columns;
        load->sort = column < shape->columns ? column : BROWSER_UNSORTED;
        load->inverted = false;
    }
    load->order = malloc((count ? count : 1) * sizeof *load->order);
    load->is_sorted =
        load->order && browser_order(load->browser, load->sort, load->inverted, load->order);
}

static void run(void *context, struct session *clone)
{
    struct list_load *load = context;
    struct budget budget, *before = session_begin(clone, &budget);
    load->browser =
        browser_open(clone, load->question.subject, load->question.arguments, &load->why);
    while (load->browser && !session_is_cancelled(clone) && browser_step(load->browser))
        ;
    if (load->browser) {
        sort(load);
        browser_end(load->browser, &budget);
    }
    session_spend(clone, before);
}

bool list_load_ask(struct list_pane *list, const struct list_question *question)
{
    static const struct beside_question how = {run, destroy};
    struct list_load *load = calloc(1, sizeof *load);
    size_t row;
    if (!load)
        return error_set(&list->why, "out of memory");
    load->question = *question;
    load->shape = list->shape;
    load->first_sort = list->kind->sort;
    load->sort = list->view.sort;
    load->inverted = list->view.inverted;
    load->cursor = list_pane_row(list, &row) ? browser_key(list->view.browser, row) : 0;
    return beside_ask(&list->asked, &how, load, list->session, &list->why);
}

/* The rows become the view's. */
static void show(struct list_pane *list, struct list_load *load, struct browser *browser)
{
    bool is_other = browser && browser_shape(browser) != list->shape;
    bool is_wanted = load->sort == list->view.sort && load->inverted == list->view.inverted;
    row_view_take(&list->view, browser);
    if (is_other) {
        list->shape = browser_shape(browser);
        list->view.sort = load->sort;
        list->view.inverted = load->inverted;
    }
    if (load->is_sorted && row_view_take_order(&list->view, load->order))
        load->order = NULL; /* the view's */
    else if (!row_view_sort(&list->view))
        app_error(list->app, "out of memory: not all rows are listed");
    if (!is_other && !is_wanted)
        row_view_sort_soon(&list->view); /* a key has asked for that meanwhile */
}

enum list_load_state list_load_take(struct list_pane *list, bool wait, uint64_t *cursor)
{
    struct list_load *load =
        wait ? beside_await(list->asked, list->session) : beside_answer(list->asked);
    if (!load)
        return LIST_LOAD_NONE;
    struct beside *before = list->loaded;
    struct browser *browser =
        load->browser ? browser_share(load->browser, list->session, &load->why) : NULL;
    list->why = load->why;
    *cursor = load->cursor;
    show(list, load, browser);
    list->loaded = list->asked;
    list->asked = NULL;
    beside_drop(&before); /* the view's browser of before was closed */
    return LIST_LOAD_DONE;
}

const char *list_load_note(const struct list_pane *list)
{
    const struct list_load *load = beside_context(list->loaded);
    return load && load->browser ? browser_note(load->browser) : NULL;
}
