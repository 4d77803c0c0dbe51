/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listing has addresses only. Attributes are what Linux 6.14 gives each region (arch/arm64:
 * pgtable-prot.h, pgtable-hwdef.h, mmu.c), so permissions and memory types look like a guest's. */
#include "seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALID       1ULL
#define TABLE       3ULL /* also a page at the last level */
#define ADDRESS     0x0000fffffffff000ULL
#define UXN_TABLE   (1ULL << 60)
#define ATTR(index) ((uint64_t)(index) << 2) /* MT_NORMAL 0, nGnRnE 3, nGnRE 4 */
#define READ_ONLY   (1ULL << 7)
#define SHARED      (3ULL << 8)
#define ACCESSED    (1ULL << 10)
#define WRITE       (1ULL << 51) /* DBM */
#define PXN         (1ULL << 53)
#define UXN         (1ULL << 54)

#define KERNEL     (ACCESSED | SHARED | UXN)
#define KERNEL_RW  (KERNEL | PXN | WRITE)
#define KERNEL_RO  (KERNEL | PXN | READ_ONLY)
#define KERNEL_ROX (KERNEL | READ_ONLY)

#define ECAM     0x3f000000ULL
#define ECAM_END 0x40000000ULL

static bool in_ram(uint64_t pa)
{
    return pa >= SEED_RAM_START && pa < SEED_RAM_START + SEED_RAM_SIZE;
}

static int compare_tables(const void *left, const void *right)
{
    const struct seed_table *a = left, *b = right;
    return (a->pa > b->pa) - (a->pa < b->pa);
}

static struct seed_table *find_table(const struct seed *seed, uint64_t pa)
{
    const struct seed_table key = {.pa = pa};
    return bsearch(&key, seed->tables, seed->table_count, sizeof *seed->tables, compare_tables);
}

static bool add_table(struct seed *seed, const char *level, uint64_t pa)
{
    static const struct {
        const char *name;
        unsigned shift;
    } levels[] = {{"PGD", 39}, {"PUD", 30}, {"PMD", 21}, {"PTE", 12}};
    unsigned shift = 0;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(level, levels[i].name) == 0)
            shift = levels[i].shift;
    struct seed_table *tables =
        realloc(seed->tables, (seed->table_count + 1) * sizeof *seed->tables);
    if (!tables)
        return false;
    seed->tables = tables;
    tables[seed->table_count++] = (struct seed_table){.pa = pa, .shift = shift};
    return shift && in_ram(pa) && pa % SEED_PAGE == 0;
}

static bool add_entries(struct seed *seed, const char *line)
{
    unsigned first, last;
    char kind[8];
    uint64_t pa;
    if (sscanf(line, " %u-%u %7s %" SCNx64, &first, &last, kind, &pa) != 4) {
        if (sscanf(line, " %u %7s %" SCNx64, &first, kind, &pa) != 3)
            return false;
        last = first;
    }
    if (!seed->table_count || first > last || last > 511 || (pa & ~ADDRESS))
        return false;
    struct seed_table *table = &seed->tables[seed->table_count - 1];
    const uint64_t low = strcmp(kind, "block") == 0 ? VALID : TABLE;
    for (unsigned i = first; i <= last; i++)
        table->entry[i] = (pa + (i - first) * SEED_PAGE) | low;
    return true;
}

bool seed_load_tables(struct seed *seed, const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        return false;
    }
    char line[256], level[8];
    uint64_t pa;
    bool good = true;
    for (unsigned number = 1; good && fgets(line, sizeof line, file); number++) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "table %7s %" SCNx64, level, &pa) == 2)
            good = add_table(seed, level, pa);
        else
            good = add_entries(seed, line);
        if (!good)
            fprintf(stderr, "%s:%u: not understood: %s", path, number, line);
    }
    fclose(file);
    if (good)
        qsort(seed->tables, seed->table_count, sizeof *seed->tables, compare_tables);
    return good;
}

void seed_deinit(struct seed *seed)
{
    free(seed->tables);
    seed->tables = NULL;
    seed->table_count = 0;
}

/* The kernel allocates a module's text, data, rodata and ro-after-init as separate areas with a
 * gap between them. Which area is which was not recorded: this image deals them out in turn. */
static uint64_t module_attributes(struct seed *seed, uint64_t va)
{
    static const uint64_t kinds[] = {KERNEL_ROX, KERNEL_RW, KERNEL_RO, KERNEL_RO};
    if (va != seed->area_end)
        seed->area++;
    seed->area_end = va + SEED_PAGE;
    return kinds[seed->area % 4];
}

static uint64_t leaf_attributes(struct seed *seed, uint64_t va, uint64_t pa)
{
    if (!in_ram(pa)) /* configuration space must not be posted, hence nGnRnE */
        return KERNEL_RW | ATTR(pa >= ECAM && pa < ECAM_END ? 3 : 4);
    if (va >= SEED_TEXT && va < SEED_RODATA)
        return KERNEL_ROX;
    if (va >= SEED_RODATA && va < SEED_RODATA_END)
        return KERNEL_RO;
    if (va >= SEED_IMAGE && va < SEED_MODULES_END)
        return module_attributes(seed, va);
    const uint64_t image_va = pa + SEED_IMAGE_OFFSET;
    if (va < SEED_IMAGE && image_va >= SEED_TEXT && image_va < SEED_RODATA_END)
        return KERNEL_RO; /* the linear alias of text and rodata */
    return KERNEL_RW;
}

static bool add_attributes(struct seed *seed, struct seed_table *table, uint64_t base)
{
    for (unsigned i = 0; i < 512; i++) {
        uint64_t *entry = &table->entry[i];
        const uint64_t va = base + ((uint64_t)i << table->shift), pa = *entry & ADDRESS;
        const bool is_table = (*entry & 3) == TABLE && table->shift > 12;
        struct seed_table *child = is_table ? find_table(seed, pa) : NULL;
        if (!*entry)
            continue;
        if (is_table) {
            if (!child || child->shift != table->shift - 9 || !add_attributes(seed, child, va)) {
                fprintf(stderr, "entry %u of table %#" PRIx64 " is wrong\n", i, table->pa);
                return false;
            }
            *entry |= UXN_TABLE;
        } else {
            *entry |= leaf_attributes(seed, va, pa);
            seed->leaves++;
            seed->root_leaves[va >> 39 & 511]++;
        }
    }
    return true;
}

static bool put(struct seed *seed, uint64_t pa, const void *bytes, size_t size)
{
    if (pwrite(seed->fd, bytes, size, (off_t)(pa - SEED_RAM_START)) != (ssize_t)size) {
        perror("pwrite");
        return false;
    }
    seed->bytes_written += size;
    return true;
}

bool seed_write_tables(struct seed *seed)
{
    struct seed_table *root = find_table(seed, SEED_ROOT);
    if (!root || root->shift != 39) {
        fprintf(stderr, "no root at %#llx\n", SEED_ROOT);
        return false;
    }
    if (!add_attributes(seed, root, SEED_LINEAR))
        return false;
    for (size_t i = 0; i < seed->table_count; i++)
        if (!put(seed, seed->tables[i].pa, seed->tables[i].entry, sizeof seed->tables[i].entry))
            return false;
    return true;
}

bool seed_translate(const struct seed *seed, uint64_t va, uint64_t *pa)
{
    const struct seed_table *table = find_table(seed, SEED_ROOT);
    while (table && va >= SEED_LINEAR) {
        const uint64_t entry = table->entry[va >> table->shift & 511];
        if (!(entry & VALID))
            return false;
        if (table->shift == 12 || (entry & 3) == VALID) {
            const uint64_t within = (1ULL << table->shift) - 1;
            *pa = (entry & ADDRESS & ~within) | (va & within);
            return true;
        }
        table = find_table(seed, entry & ADDRESS);
    }
    return false;
}

bool seed_write_physical(struct seed *seed, uint64_t pa, const void *bytes, size_t size)
{
    const uint64_t last = pa + size - 1;
    for (uint64_t page = pa & ~(SEED_PAGE - 1); size && page <= last; page += SEED_PAGE) {
        if (!in_ram(page) || find_table(seed, page)) {
            fprintf(stderr, "content may not go to p:%" PRIx64 "\n", page);
            return false;
        }
    }
    return put(seed, pa, bytes, size);
}

bool seed_write(struct seed *seed, uint64_t va, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    while (size) {
        const uint64_t capacity = SEED_PAGE - va % SEED_PAGE;
        const size_t part = size < capacity ? size : (size_t)capacity;
        uint64_t pa;
        if (!seed_translate(seed, va, &pa)) {
            fprintf(stderr, "content at v:%" PRIx64 " is not mapped\n", va);
            return false;
        }
        if (!seed_write_physical(seed, pa, from, part))
            return false;
        va += part;
        from += part;
        size -= part;
    }
    return true;
}
