/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The `/` of the memory pane: bytes are looked for beside the interface (session/beside.h). */
#include "base/clock.h"
#include "memory/search.h"
#include "ui/app/app.h"
#include "ui/pane/hex/hex.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SLICE    (1024 * 1024) /* bytes between looks at the flag */
#define TOLD_MS  100
#define COMPLETE 10000u

struct hunt {
    struct address from;
    uint8_t pattern[SEARCH_PATTERN];
    size_t length;
    bool backward;
    atomic_uint done; /* of COMPLETE */
    /* Once it has ended: */
    struct search search;
    enum search_result result;
};

static void run(void *context, struct session *clone)
{
    struct hunt *hunt = context;
    session_search(clone, &hunt->search, hunt->from, hunt->pattern, hunt->length, hunt->backward);
    do {
        hunt->result = search_step(&hunt->search, SLICE);
        atomic_store(&hunt->done, (unsigned)(search_progress(&hunt->search) * COMPLETE));
    } while ((hunt->result == SEARCH_RUNNING || hunt->result == SEARCH_WAITING) &&
             !session_is_cancelled(clone));
}

static bool start(struct hex *hex, bool backward, struct error *err)
{
    static const struct beside_question question = {run, free};
    struct hunt *hunt = calloc(1, sizeof *hunt);
    if (!hunt)
        return error_set(err, "out of memory");
    hunt->from = address_in(hex->space, hex->cursor);
    memcpy(hunt->pattern, hex->pattern, hex->pattern_length);
    hunt->length = hex->pattern_length;
    hunt->backward = backward;
    hex->told_ms = clock_ms();
    return beside_ask(&hex->asked, &question, hunt, hex->session, err);
}

static void set_pattern(struct hex *hex, const uint8_t *pattern, size_t length)
{
    memcpy(hex->pattern, pattern, length);
    hex->pattern_length = length;
}

bool hex_search(struct pane *pane, const char *text, bool backward, struct error *err)
{
    struct hex *hex = hex_of(pane);
    uint8_t pattern[SEARCH_PATTERN];
    size_t length;
    if (!search_parse(text, pattern, &length, err))
        return false;
    set_pattern(hex, pattern, length);
    hex->backward = backward;
    return start(hex, backward, err);
}

bool hex_search_again(struct pane *pane, bool reverse, struct error *err)
{
    struct hex *hex = hex_of(pane);
    if (!hex->pattern_length)
        return error_set(err, "nothing was searched for yet: search TEXT");
    return start(hex, hex->backward != reverse, err);
}

static void tell_progress(struct hex *hex)
{
    struct hunt *hunt = beside_context(hex->asked);
    char key[KEYMAP_HINT];
    if (clock_ms() - hex->told_ms < TOLD_MS)
        return;
    hex->told_ms = clock_ms();
    app_message(hex->app, "searching, %u%% of the space; %s stops",
                atomic_load(&hunt->done) / (COMPLETE / 100),
                app_hint(hex->app, "cancel", key, sizeof key));
}

static void take(struct hex *hex, const struct hunt *hunt)
{
    char at[ADDRESS_TEXT];
    if (hunt->result != SEARCH_FOUND) {
        app_error(hex->app, "not found in the %s space", space_kind_name(hunt->from.space->kind));
        if (hex->found_length)
            set_pattern(hex, hex->found, hex->found_length);
        return;
    }
    memcpy(hex->found, hunt->pattern, hunt->length);
    hex->found_length = hunt->length;
    app_go(hex->app, hunt->search.at);
    app_message(hex->app, "found at %s%s", address_text(hunt->search.at, at),
                hunt->search.wrapped ? " (search wrapped)" : "");
}

void hex_search_step(struct hex *hex)
{
    struct beside *asked = hex->asked;
    const struct hunt *hunt = beside_answer(asked);
    if (asked && !hunt)
        tell_progress(hex);
    if (!hunt)
        return;
    hex->asked = NULL; /* what is found is gone to, which ends a search */
    take(hex, hunt);
    beside_drop(&asked);
}

void hex_search_stop(struct hex *hex)
{
    beside_drop(&hex->asked);
    beside_drop(&hex->skipping);
}

void hex_search_cancel(struct pane *pane)
{
    struct hex *hex = hex_of(pane);
    if (hex->asked || hex->skipping)
        app_message(hex->app, "search stopped");
    else
        hex->pattern_length = hex->found_length = 0; /* nothing is highlighted */
    hex_search_stop(hex);
}
