/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The symbols of the kernel and its modules; a row is a place in the order of addresses. */
#include "ui/pane/list/list_pane.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct symbols_state {
    const struct symbols *symbols;
};

enum { ADDRESS, TYPE, NAME, MODULE, COLUMNS };
enum { RUNS = 8192 };

static const struct list_column columns[COLUMNS] = {
    [ADDRESS] = {"ADDRESS", 16, 3, false, STYLE_ADDRESS},
    [TYPE] = {"T", 1, 2, false, STYLE_DIM},
    [NAME] = {"NAME", -24, 0, false, STYLE_TEXT},
    [MODULE] = {"MODULE", 12, 1, false, STYLE_DIM},
};

static const struct symbols *symbols_of(const struct list_pane *list)
{
    return ((const struct symbols_state *)list->state)->symbols;
}

static const struct symbol *symbol_at(const struct list_pane *list, size_t row)
{
    return symbols_by_address(symbols_of(list), row);
}

static void unload(struct list_pane *list)
{
    *(struct symbols_state *)list->state = (struct symbols_state){NULL};
}

static bool load(struct list_pane *list, struct error *why)
{
    struct linux_context *linux = list_pane_guest(list, LINUX_SYMBOLS, why);
    *(struct symbols_state *)list->state = (struct symbols_state){linux ? linux->symbols : NULL};
    return linux != NULL;
}

static size_t count(const struct list_pane *list)
{
    return symbols_count(symbols_of(list));
}

static void text(const struct list_pane *list, size_t row, unsigned column, struct text *text)
{
    const struct symbol *symbol = symbol_at(list, row);
    switch (column) {
    case ADDRESS:
        text_add(text, "%016" PRIx64, symbol->va);
        break;
    case TYPE:
        text_add(text, "%c", symbol->type);
        break;
    case NAME:
        text_add(text, "%s", symbol->name);
        break;
    default:
        text_add(text, "%s", symbol->module ? symbol->module : "");
        break;
    }
}

static const char *module_of(const struct symbol *symbol)
{
    return symbol->module ? symbol->module : "";
}

static int compare(const struct list_pane *list, size_t a, size_t b, unsigned column)
{
    const struct symbol *left = symbol_at(list, a), *right = symbol_at(list, b);
    switch (column) {
    case TYPE:
        return left->type - right->type;
    case NAME:
        return strcmp(left->name, right->name);
    case MODULE:
        return strcmp(module_of(left), module_of(right));
    default:
        return 0;
    }
}

/* The table by name says which symbol, not which row: all symbols lie in one array. */
static bool order_by_name(const struct list_pane *list, uint32_t *order)
{
    const struct symbols *symbols = symbols_of(list);
    size_t n = symbols_count(symbols);
    const struct symbol *first = symbols_by_address(symbols, 0), *last = first;
    for (size_t i = 1; i < n; i++) {
        const struct symbol *symbol = symbols_by_address(symbols, i);
        first = symbol < first ? symbol : first;
        last = symbol > last ? symbol : last;
    }
    if ((size_t)(last - first) >= n)
        return false;
    uint32_t *row = malloc(n * sizeof *row);
    for (size_t i = 0; row && i < n; i++)
        row[symbols_by_address(symbols, i) - first] = (uint32_t)i;
    for (size_t i = 0; row && i < n; i++)
        order[i] = row[symbols_by_name(symbols, i) - first];
    bool done = row;
    free(row);
    return done;
}

static bool order_by_type(const struct list_pane *list, uint32_t *order)
{
    size_t n = count(list), start[257] = {0};
    for (size_t i = 0; i < n; i++)
        start[(unsigned char)symbol_at(list, i)->type + 1]++;
    for (size_t i = 1; i < 257; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < n; i++)
        order[start[(unsigned char)symbol_at(list, i)->type]++] = (uint32_t)i;
    return true;
}

/* Rows one behind the other that are of one module. */
struct module_run {
    const char *module;
    uint32_t first, rows;
};

static int by_module(const void *a, const void *b)
{
    const struct module_run *left = a, *right = b;
    int order = strcmp(left->module, right->module);
    return order ? order : left->first < right->first ? -1 : left->first > right->first;
}

/* A module's symbols lie together: there are few runs to be sorted.  A module's name is kept
 * once, so that the pointer tells. */
static bool order_by_module(const struct list_pane *list, uint32_t *order)
{
    size_t n = count(list), runs = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        runs += i == 0 || symbol_at(list, i)->module != symbol_at(list, i - 1)->module;
    struct module_run *run = runs <= RUNS ? malloc(runs * sizeof *run + 1) : NULL;
    if (!run)
        return false;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || symbol_at(list, i)->module != symbol_at(list, i - 1)->module)
            run[at++] = (struct module_run){module_of(symbol_at(list, i)), (uint32_t)i, 1};
        else
            run[at - 1].rows++;
    qsort(run, runs, sizeof *run, by_module);
    for (size_t i = 0; i < runs; i++)
        for (uint32_t row = 0; row < run[i].rows; row++)
            *order++ = run[i].first + row;
    free(run);
    return true;
}

/* What can be done faster than by comparing. */
static bool order(const struct list_pane *list, unsigned column, uint32_t *rows)
{
    if (column == NAME)
        return order_by_name(list, rows);
    if (column == TYPE)
        return order_by_type(list, rows);
    if (column == MODULE)
        return order_by_module(list, rows);
    for (size_t i = 0; column == ADDRESS && i < count(list); i++)
        rows[i] = (uint32_t)i;
    return column == ADDRESS;
}

static bool is_hex(const char *lower)
{
    size_t n = 0;
    while (isxdigit((unsigned char)lower[n]))
        n++;
    return n >= 4 && !lower[n];
}

static bool has(const struct list_pane *list, size_t row, const char *lower)
{
    const struct symbol *symbol = symbol_at(list, row);
    if (text_has(symbol->name, lower) || (symbol->module && text_has(symbol->module, lower)))
        return true;
    if (!is_hex(lower))
        return false;
    char digits[17]; /* as %016x would write them, in a tenth of the time */
    for (int i = 0; i < 16; i++)
        digits[i] = "0123456789abcdef"[symbol->va >> (60 - 4 * i) & 15];
    digits[16] = '\0';
    return strstr(digits, lower) != NULL;
}

static uint64_t key(const struct list_pane *list, size_t row)
{
    (void)list;
    return row;
}

static struct address address(const struct list_pane *list, size_t row)
{
    const struct symbol *symbol = symbol_at(list, row);
    const struct linux_context *linux = session_linux(list->session);
    struct error ignored;
    uint64_t va = symbol->va;
    /* The template of a per-CPU variable is nobody's: CPU 0's copy is a variable. */
    if (linux && percpu_holds(linux->percpu, symbol->name, va))
        percpu_address(linux->percpu, symbol->name, symbol->va, 0, &va, &ignored);
    return address_in(app_space(list->app), va);
}

static bool follow(struct list_pane *list, size_t row, struct error *err)
{
    (void)err;
    app_go(list->app, address(list, row));
    return true;
}

static const struct list_source kind = {
    .title = "Symbols",
    .column = columns,
    .columns = COLUMNS,
    .state_size = sizeof(struct symbols_state),
    .load = load,
    .unload = unload,
    .count = count,
    .text = text,
    .compare = compare,
    .order = order,
    .has = has,
    .key = key,
    .address = address,
    .follow = follow,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&symbols_pane_type, &kind, app, session);
}

const struct pane_type symbols_pane_type = {
    .name = "symbols", .create = create, LIST_PANE_OPERATIONS};
