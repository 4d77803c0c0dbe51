/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of visits with a position in it; the oldest falls off. */
#include "session/navigator.h"

#include <string.h>

void navigator_go(struct navigator *navigator, const struct visit *from, const struct visit *to)
{
    if (navigator->count == 0)
        navigator->position = 0;
    navigator->visit[navigator->position] = *from;
    navigator->count = navigator->position + 1;
    if (navigator->count == NAVIGATOR_VISITS) {
        memmove(&navigator->visit[0], &navigator->visit[1],
                (NAVIGATOR_VISITS - 1) * sizeof navigator->visit[0]);
        navigator->count--;
    }
    navigator->position = navigator->count;
    navigator->visit[navigator->count++] = *to;
}

static bool move(struct navigator *navigator, size_t position, const struct visit *from,
                 struct visit *to)
{
    if (position >= navigator->count)
        return false;
    navigator->visit[navigator->position] = *from;
    navigator->position = position;
    *to = navigator->visit[position];
    return true;
}

bool navigator_back(struct navigator *navigator, const struct visit *from, struct visit *to)
{
    return navigator->position > 0 && move(navigator, navigator->position - 1, from, to);
}

bool navigator_forward(struct navigator *navigator, const struct visit *from, struct visit *to)
{
    return move(navigator, navigator->position + 1, from, to);
}
