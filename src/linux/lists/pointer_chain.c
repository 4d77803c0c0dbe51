/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each node must be readable and aligned; a loop that leaves the head out is found by Brent's
 * algorithm after at most a few rounds. */
#include "linux/lists/pointer_chain.h"

#include <inttypes.h>

#define NEXT 0u /* struct list_head { next, prev } */
#define PREV 8u

uint64_t pointer_clean(const struct memory *memory, uint64_t word)
{
    return word && memory->paging ? paging_canonical(memory->paging, word) : word;
}

bool pointer_read(struct memory *memory, uint64_t va, uint64_t *value)
{
    uint64_t word;
    if (!memory_read_u64(memory, address_in(memory->space, va), &word))
        return false;
    *value = pointer_clean(memory, word);
    return true;
}

void pointer_chain_start(struct pointer_chain *chain, struct memory *memory, uint64_t head,
                         bool backward, size_t most)
{
    *chain = (struct pointer_chain){.memory = memory,
                                    .head = head,
                                    .backward = backward,
                                    .most = most,
                                    .at = head,
                                    .mark = head,
                                    .power = 1};
}

/* Keeps the first thing that goes wrong. */
static bool give_up(struct pointer_chain *chain, const char *what, uint64_t va)
{
    if (!chain->why.text[0]) {
        error_set(&chain->why, "after %zu entries, the list at v:%" PRIx64 " %s v:%" PRIx64,
                  chain->count, chain->head, what, va);
        chain->why.va = chain->head;
    }
    return false;
}

bool pointer_chain_next(struct pointer_chain *chain, uint64_t *node)
{
    uint64_t next, back;
    if (chain->ended)
        return false;
    if (!pointer_read(chain->memory, chain->at + (chain->backward ? PREV : NEXT), &next))
        return give_up(chain, "cannot be read at", chain->at);
    if (next == chain->head) {
        chain->ended = true;
        return false;
    }
    if (!next || (next & 7) ||
        !pointer_read(chain->memory, next + (chain->backward ? NEXT : PREV), &back))
        return give_up(chain, "leads nowhere:", next);
    if (next == chain->mark)
        return give_up(chain, "loops at", next);
    if (chain->count >= chain->most)
        return give_up(chain, "is too long at", next);
    if (back != chain->at) {
        give_up(chain, "has links that do not match at", next);
        chain->strays++;
    }
    if (++chain->count == chain->power) {
        chain->mark = next;
        chain->power *= 2;
    }
    chain->at = *node = next;
    return true;
}
