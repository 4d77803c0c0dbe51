/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of visits with a position in it; the oldest falls off. */
#include "ui/app/history.h"

#include <string.h>

void history_go(struct history *history, const struct history_entry *from,
                const struct history_entry *to)
{
    if (history->count == 0)
        history->position = 0;
    history->visit[history->position] = *from;
    history->count = history->position + 1;
    if (history->count == HISTORY_ENTRIES) {
        memmove(&history->visit[0], &history->visit[1],
                (HISTORY_ENTRIES - 1) * sizeof history->visit[0]);
        history->count--;
    }
    history->position = history->count;
    history->visit[history->count++] = *to;
}

static bool move(struct history *history, size_t position, const struct history_entry *from,
                 struct history_entry *to)
{
    if (position >= history->count)
        return false;
    history->visit[history->position] = *from;
    history->position = position;
    *to = history->visit[position];
    return true;
}

bool history_back(struct history *history, const struct history_entry *from,
                  struct history_entry *to)
{
    return history->position > 0 && move(history, history->position - 1, from, to);
}

bool history_forward(struct history *history, const struct history_entry *from,
                     struct history_entry *to)
{
    return move(history, history->position + 1, from, to);
}
