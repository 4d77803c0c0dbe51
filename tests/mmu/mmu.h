// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the architectures of the test share: a row each (struct mmu), the tables, random numbers.
#ifndef MMU_H
#define MMU_H

#include "arch/arch.h"
#include "base/sizes.h"
#include "paging/walk.h"

#define RAM_SIZE  GIB(1)
#define USED      12 // entries of a table
#define QUESTIONS 6

// Probed is this word of a page.  No table uses its entry there, and no record has more than
// padding there: where nothing is marked it is zero, which can be executed without harm.
#define PROBED UINT64_C(0xfd8)

struct record {
    uint64_t control, root[2], va; // control: TCR, SATP or CR4
    uint64_t answer[QUESTIONS];    // in the order of struct mmu
    uint64_t mode;                 // arch_mode()
    uint64_t pad[5];
};

struct table {
    uint64_t pa;
    unsigned level, used;
    unsigned index[USED];
    struct table *below[USED];
};

struct maker {
    uint8_t *ram;
    const struct mmu *mmu;
    const struct paging *paging;
    uint64_t state, next; // of the random numbers; where the next table goes
    uint64_t identity;    // where x86 maps the program
    struct table table[64];
    unsigned tables;
};

struct question {
    bool user;
    uint8_t access;
    const char *name;
};

struct mmu {
    const char *name;    // of the architecture
    uint64_t base;       // of RAM, physical
    uint64_t first;      // entry of a root that may be used
    bool has_marks;      // answers to reads are what was read, which says where
    bool has_two_halves; // with a root each
    struct question question[QUESTIONS];
    // A random entry of `level`: leads to *below, or ends there (*below is NULL).
    uint64_t (*entry)(struct maker *maker, unsigned level, struct table **below);
    uint64_t (*control)(const struct paging *paging, uint64_t root_pa);
    // Whether entries of `level` that are not used may be asked for.
    bool (*may_miss)(const struct paging *paging, unsigned level);
    // Before the first set of tables; NULL: nothing to do.
    void (*prepare)(struct maker *maker);
    // After a set is written; NULL: nothing to do.
    void (*complete)(struct maker *maker, uint64_t root_pa);
    bool (*allowed)(uint64_t answer);
};

extern const struct mmu mmu_arm64, mmu_riscv, mmu_x86;

uint64_t rng(struct maker *maker);
bool chance(struct maker *maker, unsigned percent);
void put(struct maker *maker, uint64_t pa, uint64_t entry);

// A table of `level` that an entry may lead to, new or shared; NULL: none is left.
struct table *below_of(struct maker *maker, unsigned level);

// What walk() says of the record's address.
void walk_record(struct maker *maker, const struct record *record, struct walk *result);

// Whether libkdumpfile says the same; tells where it does not.
bool addrxlat_agrees(struct maker *maker, const struct record *first, uint64_t records);

// The address of a leaf of `level`: in RAM, or far beyond, where bit `beyond` is set, as devices
// are not to be touched.  Mostly it is aligned; else one bit is set that must not be.
uint64_t leaf_pa(struct maker *maker, unsigned level, unsigned beyond);

static inline bool is_last(const struct paging *paging, unsigned level)
{
    return level + 1u == paging->levels;
}

#endif
