/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walking a list_head ring that may be torn: by node, in either direction, with an end in every
 * case.  What the nodes are part of is the caller's business.
 */
#ifndef RAMWALK_LINUX_LISTS_POINTER_CHAIN_H
#define RAMWALK_LINUX_LISTS_POINTER_CHAIN_H

#include "base/error.h"
#include "memory/memory.h"

struct pointer_chain {
    struct memory *memory;
    uint64_t head;    /* of the list_head */
    bool backward;    /* along prev instead of next */
    size_t most;      /* nodes after which it is given up */
    uint64_t at;      /* the node where it is */
    size_t count;     /* nodes so far */
    size_t strays;    /* nodes whose link back does not lead back: torn, or overwritten */
    bool ended;       /* returned to its head */
    struct error why; /* "" while all is well; else the first thing that was wrong */
    uint64_t mark;    /* Brent's tortoise */
    size_t power;
};

void pointer_chain_start(struct pointer_chain *chain, struct memory *memory, uint64_t head,
                         bool backward, size_t most);

/* The next node.  False: the end (`ended`), or chain->why has the reason. */
bool pointer_chain_next(struct pointer_chain *chain, uint64_t *node);

/* A pointer in the guest's memory, its tag or PAC taken away; 0 stays 0. */
bool pointer_read(struct memory *memory, uint64_t va, uint64_t *value);

/* The same for a word that was read already. */
uint64_t pointer_clean(const struct memory *memory, uint64_t word);

#endif
