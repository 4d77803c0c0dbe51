/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that the same seed draws again (xorshift64*). */
#ifndef RAMWALK_KEYS_RANDOM_H
#define RAMWALK_KEYS_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state; /* not 0 */
};

static inline uint64_t random_word(struct random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* 0 <= number < below */
static inline uint64_t random_below(struct random *random, uint64_t below)
{
    return (random_word(random) >> 11) % below;
}

#endif
