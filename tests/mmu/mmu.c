// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random page tables for a real MMU, and what it says of them compared with walk().
//   mmu make RAM SEED COUNT    writes a RAM image: COUNT sets of tables for each mode, and
//   questions mmu check RAM              after tests/mmu/probe-arm64.s has run in it
// The tables are made of raw bits, by no rule of the code under test, and lean towards what walkers
// get wrong: bits that must be zero, blocks at every level, permissions taken away above,
// contiguous hints, addresses of 52 bits.  AT instructions do not ask for execution, which is not
// compared.
#include "arch/arch.h"
#include "base/sizes.h"
#include "paging/walk.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BASE     UINT64_C(0x40000000)
#define RAM_SIZE GIB(1)
#define RECORDS  UINT64_C(0x210000)  // offset; the first one holds their number
#define TABLES   UINT64_C(0x1000000) // offset
#define USED     12                  // entries of a table
#define PROBES   60                  // of a set of tables

struct record {
    uint64_t tcr, ttbr[2], va;
    uint64_t par[4]; // EL1 reads, EL1 writes, EL0 reads, EL0 writes
    uint64_t mode;   // arch_mode()
    uint64_t pad[7];
};

struct table {
    uint64_t pa;
    unsigned level, used;
    unsigned index[USED];
    struct table *below[USED];
};

struct maker {
    uint8_t *ram;
    const struct paging *paging;
    uint64_t state, next; // of the random numbers; where the next table goes
    struct table table[64];
    unsigned tables;
};

static uint64_t rng(struct maker *maker)
{
    maker->state += UINT64_C(0x9e3779b97f4a7c15); // splitmix64
    uint64_t x = maker->state;
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static bool chance(struct maker *maker, unsigned percent)
{
    return rng(maker) % 100 < percent;
}

// --- arm64's registers --------------------------------------------------------------------------

static bool has_lpa2(const struct paging *paging)
{
    return paging->va_bits > 48 && paging->page_shift < 16;
}

// Arm ARM D19.2, TCR_EL1: 52-bit physical addresses, TBI for user addresses, access flags set by
// hardware, as Linux has it.
static uint64_t tcr_of(const struct paging *paging)
{
    static const uint64_t tg0[] = {[12] = 0, [14] = 2, [16] = 1};
    static const uint64_t tg1[] = {[12] = 2, [14] = 1, [16] = 3};
    uint64_t size = 64u - paging->va_bits;
    return size | size << 16 | tg0[paging->page_shift] << 14 | tg1[paging->page_shift] << 30 |
           UINT64_C(6) << 32 | UINT64_C(1) << 37 | UINT64_C(1) << 39 |
           (has_lpa2(paging) ? UINT64_C(1) << 59 : 0);
}

// Bits of a table entry that are the next table's address beyond bit 47.
static uint64_t high_bits(const struct paging *paging)
{
    if (has_lpa2(paging))
        return UINT64_C(3) << 48 | UINT64_C(3) << 8;
    return paging->page_shift == 16 ? UINT64_C(0xf000) : 0;
}

// --- tables -------------------------------------------------------------------------------------

static void put(struct maker *maker, uint64_t pa, uint64_t entry)
{
    memcpy(maker->ram + (pa - BASE), &entry, sizeof entry);
}

static struct table *new_table(struct maker *maker, unsigned level)
{
    uint64_t page = UINT64_C(1) << maker->paging->page_shift;
    struct table *table = &maker->table[maker->tables++];
    *table = (struct table){.pa = (maker->next + page - 1) & ~(page - 1), .level = level};
    maker->next = table->pa + (UINT64_C(8) << maker->paging->level[level].bits);
    if (maker->next > BASE + RAM_SIZE) {
        fprintf(stderr, "mmu: too many tables\n");
        exit(1);
    }
    return table;
}

// The bits 1:0 of a descriptor.
enum { INVALID = 0, BLOCK = 1, TABLE = 3 };

static uint64_t leaf(struct maker *maker, unsigned type)
{
    uint64_t entry = (rng(maker) & ~UINT64_C(3)) | type;
    if (chance(maker, 60)) // RAM, and few attributes
        entry &= UINT64_C(0x00f000007fffffff);
    return chance(maker, 80) ? entry | UINT64_C(1) << 10 : entry;
}

// All but the address is noise: what is ignored must be, and permissions are taken away.
static uint64_t table_entry_of(struct maker *maker, const struct table *below)
{
    uint64_t address =
        UINT64_C(0x0000fffffffff000) & ~((UINT64_C(1) << maker->paging->page_shift) - 1);
    uint64_t noise = rng(maker) & ~(address | high_bits(maker->paging));
    if (chance(maker, 60))
        noise &= ~(UINT64_C(0x78) << 56);
    return noise | below->pa | TABLE;
}

// Arm ARM, AArch64.BlockDescSupported(), where physical addresses have 52 bits.  QEMU 7.2 takes
// blocks anywhere: it is asked only where they are legal.
static bool may_be_block(const struct paging *paging, unsigned level)
{
    int arm_level = (int)level + 4 - paging->levels;
    switch (paging->page_shift) {
    case 12:
        return arm_level > 0 || (arm_level == 0 && has_lpa2(paging));
    case 14:
        return arm_level == 2 || (arm_level == 1 && has_lpa2(paging));
    default:
        return arm_level == 2 || arm_level == 1;
    }
}

// QEMU 7.2 gives up on faults of level -1: there all is well, and only used entries are asked for.
static bool must_be_sound(const struct maker *maker, unsigned level)
{
    return level == 0 && maker->paging->levels == 5;
}

static struct table *below_of(struct maker *maker, unsigned level)
{
    if (maker->tables < 24 || (maker->tables < 60 && chance(maker, 10)))
        return new_table(maker, level);
    unsigned first = (unsigned)(rng(maker) % maker->tables);
    for (unsigned i = 0; i < maker->tables; i++) {
        struct table *table = &maker->table[(first + i) % maker->tables];
        if (table->level == level)
            return table;
    }
    return NULL;
}

static void fill(struct maker *maker, struct table *table)
{
    const struct paging *paging = maker->paging;
    uint64_t entries = UINT64_C(1) << paging->level[table->level].bits;
    bool is_last = table->level + 1u == paging->levels;
    for (; table->used < USED; table->used++) {
        unsigned index = (unsigned)(rng(maker) % entries);
        // Reserved types too, and noise for a table.
        bool is_odd = chance(maker, 12), leads_on = !is_last && !is_odd && chance(maker, 70);
        unsigned type = is_odd ? (unsigned)(rng(maker) & 3) : is_last ? TABLE : BLOCK;
        struct table *below = NULL;
        if (leads_on || must_be_sound(maker, table->level))
            below = below_of(maker, table->level + 1);
        if (!below && !is_last && type == BLOCK && !may_be_block(paging, table->level))
            type = INVALID;
        for (unsigned i = 0; i < table->used; i++) // one that is written again
            if (table->index[i] == index)
                table->below[i] = below;
        table->index[table->used] = index;
        table->below[table->used] = below;
        uint64_t entry = below ? table_entry_of(maker, below) : leaf(maker, type);
        if (!below && !is_last && type == TABLE)
            entry |= UINT64_C(1) << 40; // beyond RAM: below it are devices
        put(maker, table->pa + 8 * (uint64_t)index, entry);
    }
}

// Down to an entry that is used, and then any address within it.
static uint64_t pick(struct maker *maker, const struct table *root, bool kernel_half)
{
    const struct paging *paging = maker->paging;
    uint64_t va = rng(maker);
    for (const struct table *table = root; table;) {
        unsigned i = (unsigned)(rng(maker) % USED), shift = paging->level[table->level].shift;
        uint64_t mask = ((UINT64_C(1) << paging->level[table->level].bits) - 1) << shift;
        if (chance(maker, 95) || must_be_sound(maker, table->level))
            va = (va & ~mask) | (uint64_t)table->index[i] << shift;
        table = table->below[i];
    }
    uint64_t high = ~((UINT64_C(1) << paging->va_bits) - 1);
    if (chance(maker, 3)) // not canonical
        return va;
    va = kernel_half ? va | high : va & ~high;
    return !kernel_half && chance(maker, 20) ? va | rng(maker) << 56 : va; // TBI
}

static void make_set(struct maker *maker, size_t mode, struct record **record)
{
    struct table *root[2] = {NULL, NULL};
    maker->paging = arch_mode(mode);
    maker->tables = 0;
    for (unsigned half = 0; half < 2; half++)
        root[half] = new_table(maker, 0);
    for (unsigned i = 0; i < maker->tables; i++)
        fill(maker, &maker->table[i]);
    for (unsigned i = 0; i < PROBES; i++) {
        bool kernel_half = chance(maker, 50);
        *(*record)++ = (struct record){.tcr = tcr_of(maker->paging),
                                       .ttbr = {root[0]->pa, root[1]->pa},
                                       .va = pick(maker, root[kernel_half], kernel_half),
                                       .mode = mode};
    }
}

static int make(uint8_t *ram, uint64_t seed, uint64_t count)
{
    struct maker maker = {.ram = ram, .state = seed, .next = BASE + TABLES};
    struct record *first = (struct record *)(ram + RECORDS), *record = first + 1;
    for (size_t mode = 0; arch_mode(mode); mode++)
        for (uint64_t i = 0; i < count && strcmp(arch_mode(mode)->arch->name, "arm64") == 0; i++)
            make_set(&maker, mode, &record);
    uint64_t records = (uint64_t)(record - first) - 1;
    memcpy(first, &records, sizeof records);
    return (uint8_t *)record < ram + TABLES ? 0 : 1;
}

// --- comparison ---------------------------------------------------------------------------------

static const uint64_t *ram_table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    *why = EXTENT_NONE;
    bool is_ram = pa >= BASE && pa - BASE <= RAM_SIZE - size;
    return is_ram ? (const uint64_t *)((const uint8_t *)context + (pa - BASE)) : NULL;
}

static bool agrees(const struct record *record, const struct walk *walk)
{
    static const struct {
        bool user;
        uint8_t access;
        const char *name;
    } asked[4] = {{false, ACCESS_R, "EL1 reads"},
                  {false, ACCESS_W, "EL1 writes"},
                  {true, ACCESS_R, "EL0 reads"},
                  {true, ACCESS_W, "EL0 writes"}};
    const char *mode = arch_mode(record->mode)->name;
    for (unsigned i = 0; i < 4; i++) {
        uint8_t access = asked[i].user ? walk->access.user : walk->access.kernel;
        bool wanted = !(record->par[i] & 1);
        bool got = walk->end == WALK_MAPPED && (access & asked[i].access);
        uint64_t pa = record->par[i] & UINT64_C(0x000ffffffffff000);
        if (wanted == got && (!got || pa == (walk->pa & ~UINT64_C(0xfff))))
            continue;
        printf("%s v:%" PRIx64 " roots %" PRIx64 " %" PRIx64 ": %s: the MMU says %" PRIx64
               ", walk() %s p:%" PRIx64 "\n",
               mode, record->va, record->ttbr[0], record->ttbr[1], asked[i].name, record->par[i],
               walk_end_name(walk->end), walk->pa);
        for (unsigned step = 0; step < walk->steps; step++)
            printf("    level %u [%u] %016" PRIx64 "\n", walk->step[step].level,
                   walk->step[step].index, walk->step[step].entry);
        return false;
    }
    return true;
}

static int check(uint8_t *ram)
{
    const struct record *first = (const struct record *)(ram + RECORDS);
    struct table_source source = {ram_table, ram};
    uint64_t records, mapped = 0, passed = 0;
    memcpy(&records, first, sizeof records);
    for (uint64_t i = 1; i <= records; i++) {
        const struct record *record = &first[i];
        struct roots roots = {.kernel_pa = record->ttbr[1], .user_pa = record->ttbr[0]};
        struct walk result;
        walk(&result, arch_mode(record->mode), &source, &roots, record->va);
        mapped += !(record->par[0] & 1);
        passed += agrees(record, &result);
    }
    // Where the program did not run, all is zero: no fault, everywhere.
    printf("%" PRIu64 " of %" PRIu64 " addresses are mapped\n", mapped, records);
    bool ran = mapped > records / 10 && mapped < records - records / 10;
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", passed, records - passed + !ran);
    return passed == records && ran ? 0 : 1;
}

int main(int argc, char **argv)
{
    bool makes = argc == 5 && strcmp(argv[1], "make") == 0;
    if (!makes && !(argc == 3 && strcmp(argv[1], "check") == 0)) {
        fprintf(stderr, "usage: mmu make RAM SEED COUNT | mmu check RAM\n");
        return 2;
    }
    int fd =
        open(argv[2], makes ? O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC : O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || (makes && ftruncate(fd, (off_t)RAM_SIZE) != 0)) {
        perror(argv[2]);
        return 1;
    }
    uint8_t *ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (ram == MAP_FAILED) {
        perror(argv[2]);
        return 1;
    }
    return makes ? make(ram, strtoull(argv[3], NULL, 0), strtoull(argv[4], NULL, 0)) : check(ram);
}
