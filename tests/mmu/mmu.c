// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random page tables for a real MMU, and what it says of them compared with walk().
//   mmu make ARCH RAM SEED COUNT    writes a RAM image: COUNT sets of tables for each mode of
//                                   ARCH, and questions
//   mmu check ARCH RAM              after tests/mmu/probe-ARCH.s has run in it;
//                                   asks libkdumpfile, too
// The tables are made of raw bits, by no rule of the code under test, and lean towards what walkers
// get wrong: bits that must be zero, leaves at every level, permissions taken away above, groups of
// entries, addresses of 52 and 56 bits.
#include "mmu.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RECORDS   UINT64_C(0x210000)   // offset; the first one holds their number
#define TABLES    UINT64_C(0x1000000)  // offset
#define MARKS     UINT64_C(0x10000000) // offset: from here on are no tables
#define MARKS_END (RAM_SIZE - MIB(2))  // offset: QEMU and firmware use what follows
#define PROBES    60                   // of a set of tables

uint64_t rng(struct maker *maker)
{
    maker->state += UINT64_C(0x9e3779b97f4a7c15); // splitmix64
    uint64_t x = maker->state;
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

bool chance(struct maker *maker, unsigned percent)
{
    return rng(maker) % 100 < percent;
}

// --- tables -------------------------------------------------------------------------------------

void put(struct maker *maker, uint64_t pa, uint64_t entry)
{
    memcpy(maker->ram + (pa - maker->mmu->base), &entry, sizeof entry);
}

static struct table *new_table(struct maker *maker, unsigned level)
{
    uint64_t page = UINT64_C(1) << maker->paging->page_shift;
    struct table *table = &maker->table[maker->tables++];
    *table = (struct table){.pa = (maker->next + page - 1) & ~(page - 1), .level = level};
    maker->next = table->pa + (UINT64_C(8) << maker->paging->level[level].bits);
    if (maker->next > maker->mmu->base + (maker->mmu->has_marks ? MARKS : RAM_SIZE)) {
        fprintf(stderr, "mmu: too many tables\n");
        exit(1);
    }
    return table;
}

struct table *below_of(struct maker *maker, unsigned level)
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

uint64_t leaf_pa(struct maker *maker, unsigned level, unsigned beyond)
{
    unsigned shift = maker->paging->level[level].shift;
    uint64_t pa = rng(maker) | UINT64_C(1) << beyond;
    if (shift <= 30 && chance(maker, 75))
        pa = maker->mmu->base | (rng(maker) & (RAM_SIZE - 1));
    pa &= ~((UINT64_C(1) << shift) - 1);
    return shift > 12 && chance(maker, 15) ? pa | UINT64_C(1) << (12 + rng(maker) % (shift - 12))
                                           : pa;
}

static void fill(struct maker *maker, struct table *table)
{
    uint64_t entries = UINT64_C(1) << maker->paging->level[table->level].bits;
    uint64_t first = table->level ? 0 : maker->mmu->first;
    while (table->used < USED) {
        unsigned index = (unsigned)(first + rng(maker) % (entries - first));
        if (index % 512 == PROBED / 8)
            continue;
        struct table *below = NULL;
        put(maker, table->pa + 8 * (uint64_t)index, maker->mmu->entry(maker, table->level, &below));
        for (unsigned i = 0; i < table->used; i++) // one that is written again
            if (table->index[i] == index)
                table->below[i] = below;
        table->index[table->used] = index;
        table->below[table->used++] = below;
    }
}

// The bits above those that are translated: canonical, mostly.
static uint64_t complete_va(struct maker *maker, uint64_t va, bool kernel_half)
{
    unsigned bits = maker->paging->va_bits;
    if (chance(maker, 3))
        return va;
    if (!maker->mmu->has_two_halves)
        return (uint64_t)((int64_t)(va << (64 - bits)) >> (64 - bits));
    uint64_t high = ~((UINT64_C(1) << bits) - 1);
    va = kernel_half ? va | high : va & ~high;
    return !kernel_half && chance(maker, 20) ? va | rng(maker) << 56 : va; // arm64's TBI
}

// Down to an entry that is used, and then any page within it.
static uint64_t pick(struct maker *maker, const struct table *root, bool kernel_half)
{
    const struct paging *paging = maker->paging;
    uint64_t va = (rng(maker) & ~UINT64_C(0xfff)) | PROBED;
    for (const struct table *table = root; table;) {
        unsigned i = (unsigned)(rng(maker) % USED), shift = paging->level[table->level].shift;
        uint64_t mask = ((UINT64_C(1) << paging->level[table->level].bits) - 1) << shift;
        if (chance(maker, 95) || !maker->mmu->may_miss(paging, table->level))
            va = (va & ~mask) | (uint64_t)table->index[i] << shift;
        table = table->below[i];
    }
    return complete_va(maker, va, kernel_half);
}

static void make_set(struct maker *maker, size_t mode, struct record **record)
{
    struct table *root[2] = {NULL, NULL};
    maker->paging = arch_mode(mode);
    maker->tables = 0;
    root[1] = root[0] = new_table(maker, 0);
    if (maker->mmu->has_two_halves)
        root[1] = new_table(maker, 0);
    for (unsigned i = 0; i < maker->tables; i++)
        fill(maker, &maker->table[i]);
    if (maker->mmu->complete)
        maker->mmu->complete(maker, root[0]->pa);
    for (unsigned i = 0; i < PROBES; i++) {
        bool kernel_half = chance(maker, 50);
        *(*record)++ = (struct record){.control = maker->mmu->control(maker->paging, root[0]->pa),
                                       .root = {root[0]->pa, root[1]->pa},
                                       .va = pick(maker, root[kernel_half], kernel_half),
                                       .mode = mode};
    }
}

// --- walk() -------------------------------------------------------------------------------------

static const uint64_t *ram_table(void *context, uint64_t pa, size_t size, enum extent_kind *why)
{
    const struct maker *maker = context;
    uint64_t offset = pa - maker->mmu->base;
    if (why)
        *why = EXTENT_NONE;
    return offset <= RAM_SIZE - size ? (const uint64_t *)(maker->ram + offset) : NULL;
}

void walk_record(struct maker *maker, const struct record *record, struct walk *result)
{
    struct table_source source = {ram_table, maker};
    struct roots roots = {.kernel_pa = record->root[1], .user_pa = record->root[0]};
    walk(result, arch_mode(record->mode), &source, &roots, record->va);
}

// --- marks: a page's address, in the page -------------------------------------------------------

static bool may_be_marked(const struct mmu *mmu, uint64_t pa)
{
    return mmu->has_marks && pa >= mmu->base + MARKS && pa < mmu->base + MARKS_END;
}

// Its low bytes are zero: an address is not to be executed.
static uint64_t mark_of(uint64_t pa)
{
    return pa >> 12 << 28;
}

// Where walk() is wrong the MMU reads another word there: none of the test rests on it.
static void mark(struct maker *maker, const struct record *first, uint64_t records)
{
    for (uint64_t i = 1; i <= records; i++) {
        struct walk result;
        walk_record(maker, &first[i], &result);
        if (result.end == WALK_MAPPED && may_be_marked(maker->mmu, result.pa))
            put(maker, (result.pa & ~UINT64_C(0xfff)) | PROBED, mark_of(result.pa));
    }
}

static bool same_page(const struct mmu *mmu, uint64_t answer, uint64_t pa)
{
    if (!mmu->has_marks)
        return !((answer ^ pa) & UINT64_C(0x000ffffffffff000)); // PAR_EL1
    if (may_be_marked(mmu, pa))
        return answer == mark_of(pa);
    return (answer & 1) || !may_be_marked(mmu, answer >> 28 << 12);
}

// ------------------------------------------------------------------------------------------------

static int make(struct maker *maker, uint64_t count)
{
    struct record *first = (struct record *)(maker->ram + RECORDS), *record = first + 1;
    maker->next = maker->mmu->base + TABLES;
    if (maker->mmu->prepare)
        maker->mmu->prepare(maker);
    for (size_t mode = 0; arch_mode(mode); mode++)
        for (uint64_t i = 0; i < count; i++)
            if (strcmp(arch_mode(mode)->arch->name, maker->mmu->name) == 0)
                make_set(maker, mode, &record);
    uint64_t records = (uint64_t)(record - first) - 1;
    memcpy(first, &records, sizeof records);
    mark(maker, first, records);
    return (uint8_t *)record < maker->ram + TABLES ? 0 : 1;
}

static bool agrees(const struct mmu *mmu, const struct record *record, const struct walk *walk)
{
    for (unsigned i = 0; i < QUESTIONS && mmu->question[i].name; i++) {
        const struct question *question = &mmu->question[i];
        uint8_t access = question->user ? walk->access.user : walk->access.kernel;
        uint64_t answer = record->answer[i];
        bool wanted = mmu->allowed(answer);
        bool got = walk->end == WALK_MAPPED && (access & question->access);
        bool says_where = got && (!mmu->has_marks || question->access == ACCESS_R);
        if (wanted == got && (!says_where || same_page(mmu, answer, walk->pa)))
            continue;
        printf("%s v:%" PRIx64 " roots %" PRIx64 " %" PRIx64 ": %s: the MMU says %" PRIx64
               ", walk() %s p:%" PRIx64 "\n",
               arch_mode(record->mode)->name, record->va, record->root[0], record->root[1],
               question->name, answer, walk_end_name(walk->end), walk->pa);
        for (unsigned step = 0; step < walk->steps; step++)
            printf("    level %u [%u] %016" PRIx64 "\n", walk->step[step].level,
                   walk->step[step].index, walk->step[step].entry);
        return false;
    }
    return true;
}

static int check(struct maker *maker)
{
    const struct record *first = (const struct record *)(maker->ram + RECORDS);
    uint64_t records, mapped = 0, passed = 0;
    memcpy(&records, first, sizeof records);
    for (uint64_t i = 1; i <= records; i++) {
        struct walk result;
        walk_record(maker, &first[i], &result);
        mapped += maker->mmu->allowed(first[i].answer[0]);
        passed += agrees(maker->mmu, &first[i], &result);
    }
    // Where the program did not run, all is zero: no fault, everywhere.
    printf("%s: %" PRIu64 " of %" PRIu64 " addresses can be read\n", maker->mmu->name, mapped,
           records);
    bool ran = mapped > records / 10 && mapped < records - records / 10;
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", passed, records - passed + !ran);
    return addrxlat_agrees(maker, first + 1, records) && passed == records && ran ? 0 : 1;
}

static const struct mmu *mmu_named(const char *name)
{
    static const struct mmu *const rows[] = {&mmu_arm64, &mmu_riscv, &mmu_x86, NULL};
    for (size_t i = 0; rows[i]; i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    return NULL;
}

int main(int argc, char **argv)
{
    bool makes = argc == 6 && strcmp(argv[1], "make") == 0;
    bool checks = argc == 4 && strcmp(argv[1], "check") == 0;
    struct maker maker = {.mmu = makes || checks ? mmu_named(argv[2]) : NULL};
    if (!maker.mmu) {
        fprintf(stderr, "usage: mmu make ARCH RAM SEED COUNT | mmu check ARCH RAM\n");
        return 2;
    }
    int fd =
        open(argv[3], makes ? O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC : O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || (makes && ftruncate(fd, (off_t)RAM_SIZE) != 0)) {
        perror(argv[3]);
        return 1;
    }
    maker.ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (maker.ram == MAP_FAILED) {
        perror(argv[3]);
        return 1;
    }
    if (checks)
        return check(&maker);
    maker.state = strtoull(argv[4], NULL, 0);
    return make(&maker, strtoull(argv[5], NULL, 0));
}
