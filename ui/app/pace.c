/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/app/pace.h"

#include <stdlib.h>

enum {
    SLOWEST_MS = 1000,
    PATIENCE_MS = 5000,      /* without a change before it slows down */
    SEARCH_EVERY_MS = 10000, /* /proc of a busy machine takes tens of milliseconds */
};

static int interval_of(unsigned rate)
{
    return (int)(1000 / rate);
}

bool pace_is_due(const struct pace *pace, int64_t now_ms)
{
    return now_ms >= pace->next_ms;
}

bool pace_is_slow(const struct pace *pace, unsigned rate)
{
    return pace->interval_ms > interval_of(rate);
}

void pace_looked(struct pace *pace, unsigned rate, bool changed, int64_t now_ms)
{
    if (changed || !pace->changed_ms)
        pace->changed_ms = now_ms;
    if (pace->writer || now_ms - pace->changed_ms < PATIENCE_MS)
        pace->interval_ms = interval_of(rate);
    else if (pace->interval_ms < SLOWEST_MS)
        pace->interval_ms = pace->interval_ms * 2 < SLOWEST_MS ? pace->interval_ms * 2 : SLOWEST_MS;
    pace->next_ms = now_ms + pace->interval_ms;
}

void pace_hurry(struct pace *pace, unsigned rate, int64_t now_ms)
{
    pace->changed_ms = now_ms;
    if (!pace_is_slow(pace, rate))
        return;
    pace->interval_ms = interval_of(rate);
    pace->next_ms = now_ms;
}

/* ---- who writes ---- */

static void search(void *context, struct session *clone)
{
    int *writer = context;
    *writer = session_writer(clone, *writer);
}

static const struct beside_question question = {search, free};

static void begin(struct pace *pace, const struct session *session)
{
    struct error ignored; /* without it the screen alone tells */
    int *writer = malloc(sizeof *writer);
    if (!writer)
        return;
    *writer = pace->writer;
    beside_ask(&pace->search, &question, writer, session, &ignored);
}

void pace_step(struct pace *pace, const struct session *session, int64_t now_ms)
{
    const int *writer = beside_answer(pace->search);
    if (writer) {
        pace->writer = *writer;
        beside_drop(&pace->search);
    }
    /* Once more where it was seen to change, and while it is believed to be written to. */
    bool wanted = !pace->searched_ms || pace->writer || pace->changed_ms > pace->searched_ms;
    if (pace->search || !wanted ||
        (pace->searched_ms && now_ms - pace->searched_ms < SEARCH_EVERY_MS))
        return;
    pace->searched_ms = now_ms;
    begin(pace, session);
}

int pace_descriptor(const struct pace *pace)
{
    return beside_descriptor(pace->search);
}

void pace_stop(struct pace *pace)
{
    beside_drop(&pace->search);
}
