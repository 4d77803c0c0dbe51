/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A paging mode is data: page shift, levels, address fields, legal leaves, flag names.
 * One walker (paging/walk.h) and one iterator (paging/mapping.h) serve all rows (arch/arch.h).
 *
 * Sources: Arm ARM DDI 0487 D8.3 (VMSAv8-64 descriptors), Intel SDM vol. 3A 4.5 (4- and 5-level
 * paging), RISC-V privileged specification 4.4-4.6 (Sv39/48/57, Svnapot, Svpbmt); the names of
 * the levels and of non-present entries are Linux's (arch/<arch>/include/asm/pgtable*.h).
 */
#ifndef RAMWALK_PAGING_PAGING_H
#define RAMWALK_PAGING_PAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGING_LEVELS 5

enum entry_kind {
    ENTRY_EMPTY,       /* all zero */
    ENTRY_NOT_PRESENT, /* the hardware sees nothing; the kernel keeps something here (swap, ...) */
    ENTRY_TABLE,       /* leads to the next level's table */
    ENTRY_LEAF,        /* maps a page, or a block */
    ENTRY_RESERVED,    /* an encoding that the architecture reserves at this level */
    ENTRY_MISSING,     /* not there to be read (yet): of no architecture, for who shows tables */
};

/* What may be done, effectively, in the privileged mode and in user mode. */
#define ACCESS_R 4u
#define ACCESS_W 2u
#define ACCESS_X 1u
struct access {
    uint8_t kernel, user; /* ACCESS_* */
};

static inline bool access_equal(struct access a, struct access b)
{
    return a.kernel == b.kernel && a.user == b.user;
}

struct paging_level {
    const char *name; /* "PGD" ... "PTE" */
    uint8_t shift;    /* lowest VA bit of the index; 1 << shift bytes are mapped by an entry */
    uint8_t bits;     /* index bits: 1 << bits entries */
    bool leaf;        /* a leaf is legal here */
    uint8_t group;    /* entries of a contiguous group, as a power of two; 0: there are none */
};

/* Bits [from + bits - 1 : from] of an entry are bits [to + bits - 1 : to] of the address. */
struct paging_field {
    uint8_t from, to, bits;
};

/* Which entries a flag is for. */
#define FLAG_TABLE  1u
#define FLAG_BLOCK  2u   /* a leaf above the last level */
#define FLAG_PAGE   4u   /* a leaf of the last level */
#define FLAG_NUMBER 64u  /* whatever the value: it follows the name as a number */
#define FLAG_DETAIL 128u /* shown only where everything is */

/* A name for what `entry & mask == value` says.  The row with name NULL ends a table. */
struct paging_flag {
    uint64_t mask, value;
    uint8_t kinds;       /* FLAG_* */
    const char *name;    /* the architecture's */
    const char *meaning; /* in a few words; NULL: the name says it */
};

struct paging;
struct table_source; /* paging/walk.h */

/* What an architecture adds to the data: how its bits speak. */
struct paging_arch {
    const char *name; /* "arm64" */
    enum entry_kind (*kind)(const struct paging *paging, unsigned level, uint64_t entry);
    /* Narrows `access` by one step of the path (table), or makes it final (leaf). */
    void (*narrow)(struct access *access, enum entry_kind kind, uint64_t entry);
    /* Names what the kernel keeps in a not-present entry: "PROT_NONE", "swap", and
     * "swap-or-migration" where the entry does not tell. */
    const char *(*absent)(uint64_t entry);
    /* The frame that a PROT_NONE entry keeps.  False: none. */
    bool (*absent_pa)(const struct paging *paging, unsigned level, uint64_t entry, uint64_t *pa);
    const struct paging_flag *flags;
    uint64_t contiguous; /* the bit that makes a leaf a member of a contiguous group; 0: none */
    /* What the members of such a group must agree in. */
    uint64_t (*shared)(uint64_t attributes);
    bool split_roots;           /* one root for each half (TTBR0, TTBR1) */
    bool top_byte_ignored_user; /* user addresses may carry a tag in bits 63:56 (TBI) */
    unsigned pa_bits;           /* of the widest physical address */
    uint64_t pointer_tag;       /* bits of a pointer that may hold a tag, whatever it points to */
    /* The root that user mode runs on, where the kernel keeps a copy for it; NULL: there is none.
     */
    uint64_t (*user_root)(const struct paging *paging, const struct table_source *source,
                          uint64_t root_pa);
};

struct paging {
    const char *name; /* "arm64-4k-48" */
    const struct paging_arch *arch;
    uint8_t page_shift, va_bits, levels;
    struct paging_level level[PAGING_LEVELS]; /* [0] is the root's */
    bool has_napot;                           /* RISC-V Svnapot: bit 63 of a page makes it 64 KiB */
    uint8_t address_shift;                    /* the address field is shifted left by this */
    uint64_t address_mask;                    /* entry bits that hold the address */
    struct paging_field high[2];              /* address bits elsewhere; bits 0: unused */
    uint64_t reserved_table, reserved_leaf;   /* entry bits that must be zero */
    /* At the last level `entry & plain_mask == plain_value` is a page for certain; for the fast
     * path only. */
    uint64_t plain_mask, plain_value;
};

/* Bytes of a table at `level`. */
static inline size_t paging_table_size(const struct paging *paging, unsigned level)
{
    return (size_t)8 << paging->level[level].bits;
}

/* The bits of an address that say where in its page it is. */
static inline uint64_t paging_page_mask(const struct paging *paging)
{
    return (UINT64_C(1) << paging->page_shift) - 1;
}

static inline uint64_t paging_span(const struct paging *paging, unsigned level)
{
    return UINT64_C(1) << paging->level[level].shift;
}

static inline unsigned paging_index(const struct paging *paging, unsigned level, uint64_t va)
{
    return (unsigned)(va >> paging->level[level].shift) & ((1u << paging->level[level].bits) - 1);
}

/*
 * The address field of a table or leaf entry: the next table's PA, or the mapped block's PA with
 * the bits below the block's size cleared.  (arm64 LPA/LPA2 high fields included; x86 PAT in
 * large pages and RISC-V Svnapot handled.)
 */
uint64_t paging_target(const struct paging *paging, unsigned level, enum entry_kind kind,
                       uint64_t entry);

/* Bytes that the leaf `entry` maps: the level's span, or a Svnapot run. */
uint64_t paging_leaf_size(const struct paging *paging, unsigned level, uint64_t entry);

/* Everything of an entry but its address: two leaves with equal bits have equal attributes. */
uint64_t paging_attributes(const struct paging *paging, unsigned level, uint64_t entry);

/* The value with all bits above the VA size equal to the top VA bit (bit 55 on arm64). */
uint64_t paging_canonical(const struct paging *paging, uint64_t va);

/* Is it what the hardware accepts?  (arm64 user addresses: bits 63:56 are ignored, TBI.) */
bool paging_is_canonical(const struct paging *paging, uint64_t va);

/* True where `va` lies in the kernel's half. */
bool paging_is_kernel_half(const struct paging *paging, uint64_t va);

/* Lowest and highest VA of a half. */
uint64_t paging_half_first(const struct paging *paging, bool kernel_half);
uint64_t paging_half_last(const struct paging *paging, bool kernel_half);

/* The flags of an entry by their field names, separated by spaces; cut at size.  Returns text. */
char *paging_flags_text(const struct paging *paging, unsigned level, uint64_t entry, char *text,
                        size_t size);

/* One thing that an entry says. */
struct paging_fact {
    char name[24];
    const char *meaning; /* NULL: the name says it */
};
#define PAGING_FACTS 32

/* Everything that a table or leaf entry says but its address; bits without a name as "bit 58". */
size_t paging_facts(const struct paging *paging, unsigned level, uint64_t entry,
                    struct paging_fact fact[PAGING_FACTS]);

/* A group of leaves that say that they may be cached as one (arm64's Contiguous bit). */
struct paging_group {
    unsigned first, count; /* entries [first, first + count) of the table; count 0: no group */
    bool broken;           /* its members disagree, which the architecture forbids */
    unsigned odd;          /* the first member that does not fit the entry asked about */
    const char *why;       /* "is empty", "maps another place" ... */
};

/* The group that entry `index` says it belongs to.  `table` is the whole table. */
void paging_group(const struct paging *paging, unsigned level, const uint64_t *table,
                  unsigned index, struct paging_group *group);

/* "whole", "broken", or NULL where there is no group. */
const char *paging_group_name(const struct paging_group *group);

/* "group [32-47]", "broken group [32-47]: [35] is empty", or "".  Returns text. */
#define GROUP_TEXT 80
char *paging_group_text(const struct paging_group *group, char text[GROUP_TEXT]);

/* Entry kind as a word: "empty", "not-present", "table", "block" or "page", "reserved". */
const char *paging_kind_name(const struct paging *paging, unsigned level, enum entry_kind kind);

/* The three letters that matter: user's where a user may do anything, else the kernel's. */
#define ACCESS_TEXT 5
/* Writes "rw-k" or "r-xu"; "---k" where nothing is allowed.  Returns text. */
char *access_text(struct access access, char text[ACCESS_TEXT]);

#endif
