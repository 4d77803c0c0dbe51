/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Candidates are collected in the scan; each is then tried under the modes and layouts that its
 * entries allow, and the list of all that it maps decides.
 */
#include "linux/find/pgd_scan.h"

#include "arch/arch.h"
#include "linux/find/ram_layout.h"
#include "linux/find/va_offsets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE           UINT64_C(4096)
#define SPARSE_MAX     256   /* used words of a root's page: 40, or more with empty tables */
#define CANDIDATES     65536 /* pages remembered at most */
#define WIDE_BASE_STEP (UINT64_C(1) << 27)
#define WIDE_BASES     8192 /* to 1 TiB */
#define LAYOUTS_MAX    3    /* lists of mappings for one candidate and mode */

struct pgd_scan {
    struct source_reader *reader;
    /* A bit for each page: something is there, and every word of it is odd.  Mapped: of a file of
     * an EiB these are 32 TiB of addresses, of which only what is set takes memory. */
    uint64_t *odd;
    size_t odd_words;
    uint64_t *candidate; /* offsets of sparse odd pages */
    size_t candidates;
    /* Which candidate, mode and layout are being verified. */
    size_t at;
    size_t mode_row; /* of arch_mode() */
    const struct paging *mode;
    size_t layout_row;
    bool wide; /* the second pass: every 128 MiB */
    unsigned verified;
    bool mapping_open;
    struct ram_layout layout;
    struct mapping_iterator mappings;
    struct table_memo memo; /* of the mappings */
    struct va_offsets offsets;
    uint64_t root_pa;
    /* The best so far. */
    bool found;
    struct kernel best;
    uint64_t best_bytes;
};

/* Where the last byte of RAM ends, as an offset. */
static uint64_t ram_end(const struct source *source)
{
    size_t count;
    const struct segment *segment = source_segments(source, &count);
    uint64_t end = 0;
    for (size_t i = 0; i < count; i++)
        if (segment[i].offset + segment[i].size > end)
            end = segment[i].offset + segment[i].size;
    return end;
}

struct pgd_scan *pgd_scan_create(struct source_reader *reader)
{
    struct pgd_scan *scan = calloc(1, sizeof *scan);
    if (!scan)
        return NULL;
    scan->reader = reader;
    scan->mode = arch_mode(0);
    scan->odd_words = (size_t)(ram_end(reader->source) / PAGE / 64 + 1);
    scan->odd = mmap(NULL, scan->odd_words * sizeof *scan->odd, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    scan->candidate = malloc(CANDIDATES * sizeof *scan->candidate);
    if (scan->odd == MAP_FAILED || !scan->candidate) {
        pgd_scan_destroy(scan);
        return NULL;
    }
    return scan;
}

void pgd_scan_destroy(struct pgd_scan *scan)
{
    if (!scan)
        return;
    if (scan->odd != MAP_FAILED)
        munmap(scan->odd, scan->odd_words * sizeof *scan->odd);
    free(scan->candidate);
    table_memo_free(&scan->memo);
    free(scan);
}

void pgd_scan_page(struct pgd_scan *scan, uint64_t offset, const uint64_t words[512])
{
    unsigned used = 0;
    /* Bit 0 is "valid" everywhere (struct arch): a page with an even word is no table. */
    for (int i = 0; i < 512; i++) {
        if (!words[i])
            continue;
        if (!(words[i] & 1))
            return;
        used++;
    }
    if (!used)
        return;
    scan->odd[offset / PAGE / 64] |= UINT64_C(1) << (offset / PAGE % 64);
    if (used <= SPARSE_MAX && scan->candidates < CANDIDATES)
        scan->candidate[scan->candidates++] = offset;
}

static bool is_odd(const struct pgd_scan *scan, uint64_t offset)
{
    return offset / PAGE / 64 < scan->odd_words &&
           (scan->odd[offset / PAGE / 64] >> (offset / PAGE % 64) & 1);
}

/* Where the table of `size` bytes begins that `offset` is part of: tables are aligned in physical
 * space, whatever their offset. */
static uint64_t table_start(const struct pgd_scan *scan, uint64_t offset, uint64_t size)
{
    uint64_t pa, start_pa;
    const struct source *source = scan->reader->source;
    if (!source_offset_to_pa(source, offset, &pa, NULL))
        return offset;
    uint64_t start = offset - (pa & (size - 1));
    bool is_same = source_offset_to_pa(source, start, &start_pa, NULL) && pa - start_pa < size;
    return is_same ? start : offset;
}

static bool is_empty(struct pgd_scan *scan, uint64_t offset)
{
    const uint64_t *page =
        source_table_at(scan->reader, table_start(scan, offset, PAGE), PAGE, NULL);
    for (int i = 0; page && i < 512; i++)
        if (page[i])
            return false;
    return page != NULL;
}

/* The root table that the current candidate page would be part of, in the current mode. */
static uint64_t root_offset(const struct pgd_scan *scan)
{
    uint64_t size = paging_table_size(scan->mode, 0);
    return table_start(scan, scan->candidate[scan->at], size > PAGE ? size : PAGE);
}

static bool looks_like_table_entry(const struct paging *paging, uint64_t entry)
{
    const struct arch *arch = arch_of(paging);
    if ((entry & arch->table_mask) != arch->table_value)
        return false;
    /* 16K and 64K tables are aligned to themselves. */
    uint64_t low = paging->high[0].from == 12 ? 0 : (UINT64_C(1) << paging->page_shift) - PAGE;
    return !(entry & low);
}

/* Every used entry leads to a table or is a legal block; the kernel's half is in use. */
static bool could_be_root(const struct pgd_scan *scan, const uint64_t *table)
{
    const struct paging *paging = scan->mode;
    unsigned entries = 1u << paging->level[0].bits, tables = 0, upper = 0;
    for (unsigned i = 0; i < entries; i++) {
        if (!table[i])
            continue;
        enum entry_kind kind = paging->arch->kind(paging, 0, table[i]);
        if (kind == ENTRY_TABLE && !looks_like_table_entry(paging, table[i]))
            return false;
        if (kind != ENTRY_TABLE && kind != ENTRY_LEAF)
            return false;
        tables += kind == ENTRY_TABLE;
        upper += i >= entries / 2;
    }
    for (unsigned i = entries; i < 512; i++) /* a root smaller than its page stands alone */
        if (table[i])
            return false;
    return tables > 0 && upper > 0;
}

/* The tables of the next level lie in the image, there is something in each, all of it valid. */
static bool children_fit(struct pgd_scan *scan)
{
    const struct paging *paging = scan->mode;
    unsigned entries = 1u << paging->level[0].bits;
    uint64_t child[SPARSE_MAX];
    unsigned children = 0, used = 0;
    const uint64_t *table =
        source_table_at(scan->reader, root_offset(scan), paging_table_size(paging, 0), NULL);
    for (unsigned i = 0; table && i < entries; i++)
        if (table[i] && paging->arch->kind(paging, 0, table[i]) == ENTRY_TABLE &&
            children < sizeof child / sizeof *child)
            child[children++] = paging_target(paging, 0, ENTRY_TABLE, table[i]);
    for (unsigned i = 0; i < children; i++) {
        uint64_t offset;
        bool odd = false;
        if (!ram_layout_offset(&scan->layout, child[i], &offset))
            return false;
        for (uint64_t page = 0; page < UINT64_C(1) << paging->page_shift; page += PAGE)
            odd |= is_odd(scan, offset + page);
        /* Tables that are there but empty are usual (x86 and RISC-V allocate them ahead). */
        if (!odd && !is_empty(scan, offset))
            return false;
        used += odd;
    }
    return used > 0;
}

/* The next layout to try for this candidate and mode. */
static bool next_layout(struct pgd_scan *scan)
{
    struct ram_layout *layout = &scan->layout;
    size_t i = scan->layout_row++;
    if (source_is_placed(scan->reader->source))
        return i == 0 && ram_layout_given(layout, scan->reader);
    if (!scan->wide)
        return ram_layout_known(layout, scan->reader, arch_of(scan->mode), i);
    ram_layout_linear(layout, scan->reader, i * WIDE_BASE_STEP);
    return i < WIDE_BASES;
}

/* On to the next mode, or the next candidate.  False: all have been tried. */
static bool next_mode(struct pgd_scan *scan)
{
    scan->layout_row = 0;
    scan->verified = 0;
    scan->mode = arch_mode(++scan->mode_row);
    if (!scan->mode) {
        scan->mode_row = 0;
        scan->mode = arch_mode(0);
        scan->at++;
    }
    if (scan->at < scan->candidates)
        return true;
    if (scan->found || scan->wide || source_is_placed(scan->reader->source))
        return false;
    scan->wide = true;
    scan->at = 0;
    return scan->candidates > 0;
}

/* A table of several pages comes up once for each of them: once is enough. */
static bool was_verified(const struct pgd_scan *scan)
{
    uint64_t size = paging_table_size(scan->mode, 0);
    if (size <= PAGE || scan->at == 0)
        return false;
    return scan->candidate[scan->at - 1] >= root_offset(scan);
}

/* Opens the mappings of the next candidate, mode and layout that pass the quick tests. */
static bool next_candidate(struct pgd_scan *scan, unsigned *tries)
{
    for (; *tries > 0; --*tries) {
        const struct paging *paging = scan->mode;
        uint64_t offset = root_offset(scan);
        const uint64_t *table = source_table_at(
            scan->reader, offset,
            paging_table_size(paging, 0) > PAGE ? paging_table_size(paging, 0) : (size_t)PAGE,
            NULL);
        bool possible = table && !was_verified(scan) && could_be_root(scan, table);
        while (possible && scan->verified < LAYOUTS_MAX && next_layout(scan)) {
            if (!children_fit(scan) || !ram_layout_pa(&scan->layout, offset, &scan->root_pa))
                continue;
            struct table_source source = ram_layout_source(&scan->layout);
            scan->verified++;
            scan->mapping_open = true;
            va_offsets_start(&scan->offsets, scan->root_pa);
            mapping_open(&scan->mappings, paging, &source, scan->root_pa,
                         paging_half_first(paging, true), UINT64_MAX);
            table_memo_free(&scan->memo);
            scan->mappings.memo = &scan->memo;
            return true;
        }
        if (!next_mode(scan))
            return false;
    }
    return true;
}

/* Does a sparse page elsewhere lead to this root?  Then it is a table of a lower level. */
static bool is_lower_table(struct pgd_scan *scan)
{
    const struct paging *paging = scan->mode;
    uint64_t root = root_offset(scan);
    for (size_t i = 0; i < scan->candidates; i++) {
        uint64_t offset = scan->candidate[i];
        const uint64_t *page = source_table_at(scan->reader, offset, PAGE, NULL);
        if (!page || offset == root)
            continue;
        for (int j = 0; j < 512; j++)
            if (page[j] && looks_like_table_entry(paging, page[j]) &&
                paging_target(paging, 0, ENTRY_TABLE, page[j]) == scan->root_pa)
                return true;
    }
    return false;
}

/* All mappings are known: is this the kernel, and better than what we have? */
static void verify(struct pgd_scan *scan)
{
    const struct mapping_iterator *mappings = &scan->mappings;
    const struct va_offset *image = va_offsets_image(&scan->offsets);
    const struct va_offset *linear = va_offsets_linear(&scan->offsets);
    scan->mapping_open = false;
    if (!image || mappings->lost * 8 > mappings->tables || linear->bytes <= scan->best_bytes ||
        is_lower_table(scan))
        return;
    scan->found = true;
    scan->best_bytes = linear->bytes;
    scan->best = (struct kernel){.found = KERNEL_BY_PGD_SCAN,
                                 .paging = scan->mode,
                                 .root_pa = scan->root_pa,
                                 .places = !source_is_placed(scan->reader->source),
                                 .ranges = scan->layout.ranges,
                                 .has_text_va = true,
                                 /* What is mapped executable starts after _text. */
                                 .text_va = image->first_va & ~(KERNEL_ALIGNMENT - 1),
                                 .stext_va = image->first_va,
                                 .image_pa = image->first_pa,
                                 .image_last_pa = image->last_pa,
                                 .vmcoreinfo_offset = UINT64_MAX};
    memcpy(scan->best.range, scan->layout.range, sizeof scan->best.range);
}

bool pgd_scan_step(struct pgd_scan *scan, unsigned tables)
{
    unsigned budget = tables, tries = tables;
    if (scan->candidates == 0)
        return true;
    while (budget > 0 && tries > 0) {
        struct mapping mapping;
        if (!scan->mapping_open && !next_candidate(scan, &tries))
            return true;
        if (!scan->mapping_open)
            break;
        switch (mapping_next(&scan->mappings, &mapping, &budget)) {
        case MAPPING_FOUND:
            va_offsets_add(&scan->offsets, &mapping, &scan->layout);
            break;
        case MAPPING_PAUSE:
            /* No kernel has that many: tables that lead to each other again and again. */
            if (scan->mappings.tables > MAPPING_TABLES_MAX)
                scan->mapping_open = false;
            return false;
        case MAPPING_SHARED:
            break;
        case MAPPING_END:
            verify(scan);
            break;
        }
    }
    return false;
}

bool pgd_scan_result(const struct pgd_scan *scan, struct kernel *kernel)
{
    if (scan->found)
        *kernel = scan->best;
    return scan->found;
}
