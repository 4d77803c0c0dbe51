/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The `]` and `[` of the memory pane: at once where that is a part of a frame's work, else beside
 * the interface (session/beside.h), until it is found or another key is pressed. */
#include "base/clock.h"
#include "ui/app/app.h"
#include "ui/pane/hex/hex.h"

#include <stdlib.h>

#define TOLD_MS 500

struct skip_hunt {
    struct address at; /* where it is by now */
    int left;          /* changes still to pass */
    bool backward;
    enum skip_end end;
};

/* Passes changes one by one; `at` is after the last of them. */
static void skip_on(struct session *session, struct skip_hunt *hunt, bool soon)
{
    hunt->end = SKIP_FOUND;
    while (hunt->left > 0 && hunt->end == SKIP_FOUND) {
        uint64_t to;
        hunt->end = session_skip_within(session, hunt->at, hunt->backward, soon, &to);
        if (hunt->end != SKIP_FOUND)
            break;
        hunt->at.value = to;
        hunt->left--;
    }
}

static void run(void *context, struct session *clone)
{
    skip_on(clone, context, false);
}

static void arrive(struct hex *hex, const struct skip_hunt *hunt)
{
    char at[ADDRESS_TEXT];
    hex->cursor = hunt->at.value;
    if (hunt->end == SKIP_NONE)
        app_message(hex->app, "no further change before the %s of the address space",
                    hunt->backward ? "start" : "end");
    else if (hunt->end == SKIP_LONG)
        app_message(hex->app, "no change up to %s, as far as it was looked for",
                    address_text(hunt->at, at));
    app_redraw(hex->app);
}

static void tell(struct hex *hex)
{
    char key[KEYMAP_HINT];
    hex->told_ms = clock_ms();
    app_message(hex->app, "looking for the next change; %s stops",
                app_hint(hex->app, "cancel", key, sizeof key));
}

void hex_skip(struct hex *hex, int count, bool backward)
{
    static const struct beside_question question = {run, free};
    struct skip_hunt hunt = {address_in(hex->space, hex->cursor), count, backward, SKIP_LONG};
    struct error err;
    skip_on(hex->session, &hunt, true);
    struct skip_hunt *asked = hunt.end == SKIP_LONG ? malloc(sizeof *asked) : NULL;
    if (!asked) {
        arrive(hex, &hunt);
        return;
    }
    *asked = hunt;
    if (!beside_ask(&hex->skipping, &question, asked, hex->session, &err)) {
        app_error(hex->app, "%s", err.text);
        return;
    }
    beside_await(hex->skipping, hex->session);
    if (!hex_skip_step(hex))
        tell(hex);
}

bool hex_skip_step(struct hex *hex)
{
    const struct skip_hunt *hunt = beside_answer(hex->skipping);
    if (hunt)
        arrive(hex, hunt);
    else if (hex->skipping && clock_ms() - hex->told_ms >= TOLD_MS)
        tell(hex);
    if (hunt)
        beside_drop(&hex->skipping);
    return hunt;
}
