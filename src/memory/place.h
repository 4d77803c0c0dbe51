/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of an address, as values: its other names, and what lies there. */
#ifndef RAMWALK_MEMORY_PLACE_H
#define RAMWALK_MEMORY_PLACE_H

#include "memory/address.h"
#include "paging/walk.h"

/* A virtual name of a physical address. */
struct alias {
    uint64_t va;
    uint64_t left; /* bytes from there to the end of the run */
    struct access access;
    bool user; /* found under the user root */
};

#define MEMORY_ALIASES 16

/* One place by all its names. */
struct place {
    struct address asked;
    bool has_offset, has_pa, has_va;
    bool is_ram; /* has_pa, and it lies in a segment of the source */
    uint64_t offset, pa, va;
    const struct space *space; /* of va and the aliases' */
    bool walked;               /* `walk` is filled: asked as v:, or a va was found */
    struct walk walk;
    bool not_in_image; /* asked as p: or f: and not there */
    size_t aliases;    /* how many VAs are known in all */
    bool aliases_cut;  /* there may be more: the reverse index is full */
    struct alias alias[MEMORY_ALIASES];
};

/* The virtual address of a place that has one, and one of its aliases. */
static inline struct address place_virtual(const struct place *place)
{
    return address_canonical(address_in(place->space, place->va));
}

static inline struct address place_alias(const struct place *place, size_t i)
{
    return address_canonical(address_in(place->space, place->alias[i].va));
}

/* What lies at an address, for how long. */
enum range_state {
    RANGE_DATA,       /* bytes are in the file */
    RANGE_HOLE,       /* in the file, never touched */
    RANGE_NOT_SAVED,  /* RAM that the dump left out */
    RANGE_UNREADABLE, /* an I/O error, or no permission */
    RANGE_PENDING,    /* asked of a slow source, not here yet; v: or a table to it is not */
    RANGE_UNMAPPED,   /* v: no mapping */
    RANGE_BAD,        /* v: reserved entry, or a table that is not to be had */
    RANGE_DEVICE,     /* a physical address that is not in the file: device, flash, nothing */
    RANGE_OUTSIDE,    /* f: beyond the end; v: not canonical */
    RANGE_NOT_READ,   /* anything: not looked at, as a budget (base/budget.h) has ended */
};
const char *range_state_name(enum range_state kind);

/* Do bytes of that kind have a value?  Whoever asks for a range, or reads, asks this. */
static inline bool range_is_readable(enum range_state kind)
{
    return kind == RANGE_DATA || kind == RANGE_HOLE;
}

struct range {
    enum range_state kind;
    uint64_t last;   /* the last address (same space) that is certainly of this kind and
                        contiguous in the file */
    uint64_t offset; /* RANGE_DATA, RANGE_HOLE: in the source, of the address asked for */
    uint64_t pa;     /* where known, else UINT64_MAX */
};

#endif
