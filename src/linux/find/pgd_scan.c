/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Candidates are collected in the scan; each is then tried under the modes and places that its
 * entries allow, and the full listing of what it maps decides.
 */
#include "linux/find/pgd_scan.h"

#include "arch/arch.h"
#include "linux/find/ram_layout.h"
#include "linux/find/va_offsets.h"

#include <stdlib.h>
#include <string.h>

#define PAGE            UINT64_C(4096)
#define SPARSE_MAX      256   /* used words of a root's page: 40, or more with empty tables */
#define CANDIDATES      65536 /* pages remembered at most */
#define WIDE_BASE_STEP  (UINT64_C(1) << 27)
#define WIDE_BASES      8192 /* to 1 TiB */
#define PLACES_TO_JUDGE 3    /* full listings for one candidate and mode */

struct pgd_scan {
    struct source_reader *reader;
    uint64_t *odd; /* a bit for each page: something is there, and every word of it is odd */
    size_t odd_words;
    uint64_t *candidate; /* offsets of sparse odd pages */
    size_t candidates;
    /* Where judging is: candidate, mode, place. */
    size_t at;
    size_t mode_row; /* of arch_mode() */
    const struct paging *mode;
    size_t place;
    bool wide; /* the second round: every 128 MiB */
    unsigned judged;
    bool mapping_open;
    struct ram_layout placement;
    struct mapping_iterator listing;
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
    struct pgd_scan *structure = calloc(1, sizeof *structure);
    if (!structure)
        return NULL;
    structure->reader = reader;
    structure->mode = arch_mode(0);
    structure->odd_words = (size_t)(ram_end(reader->source) / PAGE / 64 + 1);
    structure->odd = calloc(structure->odd_words, sizeof *structure->odd);
    structure->candidate = malloc(CANDIDATES * sizeof *structure->candidate);
    if (!structure->odd || !structure->candidate) {
        pgd_scan_destroy(structure);
        return NULL;
    }
    return structure;
}

void pgd_scan_destroy(struct pgd_scan *structure)
{
    if (!structure)
        return;
    free(structure->odd);
    free(structure->candidate);
    free(structure);
}

void pgd_scan_page(struct pgd_scan *structure, uint64_t offset, const uint64_t words[512])
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
    structure->odd[offset / PAGE / 64] |= UINT64_C(1) << (offset / PAGE % 64);
    if (used <= SPARSE_MAX && structure->candidates < CANDIDATES)
        structure->candidate[structure->candidates++] = offset;
}

static bool is_odd(const struct pgd_scan *structure, uint64_t offset)
{
    return offset / PAGE / 64 < structure->odd_words &&
           (structure->odd[offset / PAGE / 64] >> (offset / PAGE % 64) & 1);
}

/* Where the table of `size` bytes begins that `offset` is part of: tables are aligned in physical
 * space, whatever their offset. */
static uint64_t table_start(const struct pgd_scan *structure, uint64_t offset, uint64_t size)
{
    uint64_t pa, start_pa;
    const struct source *source = structure->reader->source;
    if (!source_offset_to_pa(source, offset, &pa, NULL))
        return offset;
    uint64_t start = offset - (pa & (size - 1));
    bool is_same = source_offset_to_pa(source, start, &start_pa, NULL) && pa - start_pa < size;
    return is_same ? start : offset;
}

static bool is_empty(struct pgd_scan *structure, uint64_t offset)
{
    const uint64_t *page =
        source_table_at(structure->reader, table_start(structure, offset, PAGE), PAGE, NULL);
    for (int i = 0; page && i < 512; i++)
        if (page[i])
            return false;
    return page != NULL;
}

/* The root table that the current candidate page would be part of, in the current mode. */
static uint64_t root_offset(const struct pgd_scan *structure)
{
    uint64_t size = paging_table_size(structure->mode, 0);
    return table_start(structure, structure->candidate[structure->at], size > PAGE ? size : PAGE);
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
static bool could_be_root(const struct pgd_scan *structure, const uint64_t *table)
{
    const struct paging *paging = structure->mode;
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
static bool children_fit(struct pgd_scan *structure)
{
    const struct paging *paging = structure->mode;
    unsigned entries = 1u << paging->level[0].bits;
    uint64_t child[SPARSE_MAX];
    unsigned children = 0, used = 0;
    const uint64_t *table = source_table_at(structure->reader, root_offset(structure),
                                            paging_table_size(paging, 0), NULL);
    for (unsigned i = 0; table && i < entries; i++)
        if (table[i] && paging->arch->kind(paging, 0, table[i]) == ENTRY_TABLE &&
            children < sizeof child / sizeof *child)
            child[children++] = paging_target(paging, 0, ENTRY_TABLE, table[i]);
    for (unsigned i = 0; i < children; i++) {
        uint64_t offset;
        bool odd = false;
        if (!ram_layout_offset(&structure->placement, child[i], &offset))
            return false;
        for (uint64_t page = 0; page < UINT64_C(1) << paging->page_shift; page += PAGE)
            odd |= is_odd(structure, offset + page);
        /* Tables that are there but empty are usual (x86 and RISC-V allocate them ahead). */
        if (!odd && !is_empty(structure, offset))
            return false;
        used += odd;
    }
    return used > 0;
}

/* The next place to try for this candidate and mode. */
static bool next_place(struct pgd_scan *structure)
{
    struct ram_layout *placement = &structure->placement;
    size_t i = structure->place++;
    if (source_is_placed(structure->reader->source))
        return i == 0 && ram_layout_given(placement, structure->reader);
    if (!structure->wide)
        return ram_layout_known(placement, structure->reader, arch_of(structure->mode), i);
    ram_layout_linear(placement, structure->reader, i * WIDE_BASE_STEP);
    return i < WIDE_BASES;
}

/* On to the next mode, or the next candidate.  False: all have been tried. */
static bool next_mode(struct pgd_scan *structure)
{
    structure->place = 0;
    structure->judged = 0;
    structure->mode = arch_mode(++structure->mode_row);
    if (!structure->mode) {
        structure->mode_row = 0;
        structure->mode = arch_mode(0);
        structure->at++;
    }
    if (structure->at < structure->candidates)
        return true;
    if (structure->found || structure->wide || source_is_placed(structure->reader->source))
        return false;
    structure->wide = true;
    structure->at = 0;
    return structure->candidates > 0;
}

/* A table of several pages comes up once for each of them: once is enough. */
static bool was_judged(const struct pgd_scan *structure)
{
    uint64_t size = paging_table_size(structure->mode, 0);
    if (size <= PAGE || structure->at == 0)
        return false;
    return structure->candidate[structure->at - 1] >= root_offset(structure);
}

/* Opens the listing of the next candidate, mode and place that pass the quick tests. */
static bool next_listing(struct pgd_scan *structure, unsigned *tries)
{
    for (; *tries > 0; --*tries) {
        const struct paging *paging = structure->mode;
        uint64_t offset = root_offset(structure);
        const uint64_t *table = source_table_at(
            structure->reader, offset,
            paging_table_size(paging, 0) > PAGE ? paging_table_size(paging, 0) : (size_t)PAGE,
            NULL);
        bool possible = table && !was_judged(structure) && could_be_root(structure, table);
        while (possible && structure->judged < PLACES_TO_JUDGE && next_place(structure)) {
            if (!children_fit(structure) ||
                !ram_layout_pa(&structure->placement, offset, &structure->root_pa))
                continue;
            struct table_source source = ram_layout_source(&structure->placement);
            structure->judged++;
            structure->mapping_open = true;
            va_offsets_start(&structure->offsets, structure->root_pa);
            mapping_open(&structure->listing, paging, &source, structure->root_pa,
                         paging_half_first(paging, true), UINT64_MAX);
            structure->listing.skip_repeats = true;
            return true;
        }
        if (!next_mode(structure))
            return false;
    }
    return true;
}

/* Does a sparse page elsewhere lead to this root?  Then it is a table of a lower level. */
static bool is_referred_to(struct pgd_scan *structure)
{
    const struct paging *paging = structure->mode;
    uint64_t root = root_offset(structure);
    for (size_t i = 0; i < structure->candidates; i++) {
        uint64_t offset = structure->candidate[i];
        const uint64_t *page = source_table_at(structure->reader, offset, PAGE, NULL);
        if (!page || offset == root)
            continue;
        for (int j = 0; j < 512; j++)
            if (page[j] && looks_like_table_entry(paging, page[j]) &&
                paging_target(paging, 0, ENTRY_TABLE, page[j]) == structure->root_pa)
                return true;
    }
    return false;
}

/* The listing is complete: is this the kernel, and better than what we have? */
static void judge(struct pgd_scan *structure)
{
    const struct mapping_iterator *listing = &structure->listing;
    const struct va_offset *image = va_offsets_image(&structure->offsets);
    const struct va_offset *linear = va_offsets_linear(&structure->offsets);
    structure->mapping_open = false;
    if (!image || listing->lost * 8 > listing->tables || linear->bytes <= structure->best_bytes ||
        is_referred_to(structure))
        return;
    structure->found = true;
    structure->best_bytes = linear->bytes;
    structure->best = (struct kernel){.found = KERNEL_BY_STRUCTURE,
                                      .paging = structure->mode,
                                      .root_pa = structure->root_pa,
                                      .places = !source_is_placed(structure->reader->source),
                                      .ranges = structure->placement.ranges,
                                      .has_text_va = true,
                                      /* What is mapped executable starts after _text. */
                                      .text_va = image->first_va & ~(KERNEL_ALIGNMENT - 1),
                                      .stext_va = image->first_va,
                                      .image_pa = image->first_pa,
                                      .image_last_pa = image->last_pa,
                                      .vmcoreinfo_offset = UINT64_MAX};
    memcpy(structure->best.range, structure->placement.range, sizeof structure->best.range);
}

bool pgd_scan_step(struct pgd_scan *structure, unsigned tables)
{
    unsigned budget = tables, tries = tables;
    if (structure->candidates == 0)
        return true;
    while (budget > 0 && tries > 0) {
        struct mapping run;
        if (!structure->mapping_open && !next_listing(structure, &tries))
            return true;
        if (!structure->mapping_open)
            break;
        switch (mapping_next(&structure->listing, &run, &budget)) {
        case MAPPING_FOUND:
            va_offsets_add(&structure->offsets, &run, &structure->placement);
            break;
        case MAPPING_PAUSE:
            /* No kernel has that many: tables that lead to each other again and again. */
            if (structure->listing.tables > MAPPING_TABLES_MAX)
                structure->mapping_open = false;
            return false;
        case MAPPING_END:
            judge(structure);
            break;
        }
    }
    return false;
}

bool pgd_scan_result(const struct pgd_scan *structure, struct kernel *kernel)
{
    if (structure->found)
        *kernel = structure->best;
    return structure->found;
}
