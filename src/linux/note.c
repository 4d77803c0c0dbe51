/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What VMCOREINFO says of each architecture: arch/<arch>/kernel/crash_core.c (vmcore_info.c) and
 * kernel/crash_core.c.  Detected by the keys that are there, never by a version.
 */
#include "linux/note.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TABLES_JUDGED 65536 /* a linear map of 128 GiB in 4 KiB pages */
#define IMAGE_MOST    (UINT64_C(1) << 30)

static bool read_page_size(const struct vmcoreinfo *info, uint64_t *page)
{
    static const uint64_t sizes[] = {4096, 16384, 65536};
    char text[16];
    if (!vmcoreinfo_text(info, "PAGESIZE", text, sizeof text) || !parse_size(text, page))
        return false;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (*page == sizes[i])
            return true;
    return false;
}

static bool claim_arm64(const struct vmcoreinfo *info, struct claim *claim)
{
    uint64_t voffset, va_bits, t1sz, page;
    char name[32];
    if (!vmcoreinfo_number(info, "kimage_voffset", &voffset) ||
        !vmcoreinfo_number(info, "VA_BITS", &va_bits) || !read_page_size(info, &page))
        return false;
    /* 64K kernels keep the 52-bit table on narrower hardware; 4K and 16K fold a level. */
    if (page != 65536 && vmcoreinfo_number(info, "TCR_EL1_T1SZ", &t1sz) && t1sz < 64)
        va_bits = 64 - t1sz;
    snprintf(name, sizeof name, "arm64-%" PRIu64 "k-%" PRIu64, page / 1024, va_bits);
    claim->paging = paging_find(name);
    claim->text_delta = voffset;
    return claim->paging != NULL;
}

static bool claim_x86(const struct vmcoreinfo *info, struct claim *claim)
{
    static const uint64_t start_kernel_map = UINT64_C(0xffffffff80000000);
    uint64_t phys_base, five_levels = 0;
    if (!vmcoreinfo_number(info, "phys_base", &phys_base))
        return false;
    vmcoreinfo_number(info, "pgtable_l5_enabled", &five_levels);
    claim->paging = paging_find(five_levels ? "x86_64-57" : "x86_64-48");
    claim->text_delta = start_kernel_map - phys_base;
    return true;
}

static bool claim_riscv(const struct vmcoreinfo *info, struct claim *claim)
{
    uint64_t va_bits, link, ram_base;
    char name[32];
    if (!vmcoreinfo_number(info, "VA_BITS", &va_bits) ||
        !vmcoreinfo_number(info, "phys_ram_base", &ram_base))
        return false;
    if (!vmcoreinfo_number(info, "va_kernel_pa_offset", &claim->text_delta)) {
        if (!vmcoreinfo_number(info, "KERNEL_LINK_ADDR", &link))
            return false;
        claim->text_delta = link - ram_base;
    }
    snprintf(name, sizeof name, "riscv64-sv%" PRIu64, va_bits);
    claim->paging = paging_find(name);
    return claim->paging != NULL;
}

static bool read_claim(const struct vmcoreinfo *info, struct claim *claim)
{
    static bool (*const architecture[])(const struct vmcoreinfo *,
                                        struct claim *) = {claim_arm64, claim_x86, claim_riscv};
    if (!vmcoreinfo_symbol(info, "swapper_pg_dir", &claim->root_va) ||
        !vmcoreinfo_symbol(info, "_stext", &claim->stext_va))
        return false;
    for (size_t i = 0; i < sizeof architecture / sizeof *architecture; i++)
        if (architecture[i](info, claim)) {
            claim->root_pa = claim->root_va - claim->text_delta;
            return true;
        }
    return false;
}

/* The walk of the root's own address, and of the text, must lead where the note says. */
static bool is_proved(const struct claim *claim, const struct placement *placement)
{
    struct table_source source = placement_source(placement);
    struct roots roots = {claim->root_pa, NO_ROOT};
    struct walk root, text;
    walk(&root, claim->paging, &source, &roots, claim->root_va);
    if (root.end != WALK_MAPPED || root.pa != claim->root_pa)
        return false;
    walk(&text, claim->paging, &source, &roots, claim->stext_va);
    return text.end == WALK_MAPPED && text.pa == claim->stext_va - claim->text_delta;
}

/* init_uts_ns.name.release holds the running kernel's name: a stale note's would differ. */
static bool release_agrees(const struct claim *claim, const struct placement *placement)
{
    enum { UTS_FIELD = 65, UTS_RELEASE = 2 }; /* struct new_utsname */
    const struct vmcoreinfo *info = claim->info;
    char release[UTS_FIELD] = "", there[UTS_FIELD], offset_text[16] = "0";
    unsigned long name_offset = 0;
    uint64_t va, offset;
    if (!vmcoreinfo_symbol(info, "init_uts_ns", &va) ||
        !vmcoreinfo_text(info, "OSRELEASE", release, sizeof release))
        return false;
    vmcoreinfo_text(info, "OFFSET(uts_namespace.name)", offset_text, sizeof offset_text);
    if (sscanf(offset_text, "%lu", &name_offset) != 1)
        return false;
    uint64_t pa = va - claim->text_delta + name_offset + UTS_RELEASE * UTS_FIELD;
    if (!placement_offset(placement, pa, &offset) ||
        image_read(placement->image, offset, there, sizeof there) != sizeof there)
        return false;
    return strncmp(there, release, sizeof there) == 0;
}

/* A table, or an entry of it, that the file would hold, had it not been cut. */
static bool leads_behind(const struct walk *walk, const struct placement *placement)
{
    const struct ram_range *last = &placement->range[placement->ranges - 1];
    if (walk->end != WALK_NO_TABLE || !walk->steps)
        return false;
    const struct walk_step *step = &walk->step[walk->steps - 1];
    uint64_t pa =
        step->kind == ENTRY_MISSING ? step->table_pa + 8 * (uint64_t)step->index : step->target_pa;
    return pa >= last->pa + last->size;
}

/*
 * Of a file that was cut the tables may lie behind its end: then it is enough that the root leads
 * there, and that the running kernel's name is where the note says it is.
 */
static bool is_cut(const struct claim *claim, const struct placement *placement)
{
    struct table_source source = placement_source(placement);
    struct roots roots = {claim->root_pa, NO_ROOT};
    struct walk root, text;
    walk(&root, claim->paging, &source, &roots, claim->root_va);
    walk(&text, claim->paging, &source, &roots, claim->stext_va);
    return leads_behind(&text, placement) && leads_behind(&root, placement) &&
           release_agrees(claim, placement);
}

/* From the text to behind the last symbol of the note: kallsyms and BTF lie before the data. */
static struct memory_window window_of(const struct claim *claim, const struct placement *placement)
{
    uint64_t start = claim->stext_va & ~(KERNEL_ALIGNMENT - 1), last = claim->stext_va, va;
    for (const char *line = claim->info->text; (line = strstr(line, "\nSYMBOL(")); line++)
        if (sscanf(line, "\nSYMBOL(%*[A-Za-z0-9_])=%" SCNx64, &va) == 1 && va > last &&
            va - start < IMAGE_MOST)
            last = va;
    uint64_t size = (last - start + KERNEL_ALIGNMENT) & ~(KERNEL_ALIGNMENT - 1);
    uint64_t left = placement_left(placement, start - claim->text_delta);
    return (struct memory_window){start, size < left ? size : left, claim->text_delta};
}

/* ---- the places, one after the other ---- */

/* Every 2 MiB at which the root would be in the image: thousands of tries of which nearly all
 * end at the first entry. */
static bool try_base(struct note *note, unsigned *tries)
{
    struct image *image = note->image;
    const struct claim *claim = &note->claim;
    uint64_t size = image_size(image), end;
    if (note->at >= size || note->at > claim->root_pa)
        return false;
    --*tries;
    if (image_extent(image, note->at, &end) == EXTENT_HOLE && end < size) {
        uint64_t skip = (end - note->at) / KERNEL_ALIGNMENT;
        note->at += (skip ? skip : 1) * KERNEL_ALIGNMENT; /* keeps the residue */
        return true;
    }
    placement_linear(&note->found, image, claim->root_pa - note->at);
    note->proofs = note->agrees(claim, &note->found);
    note->at += KERNEL_ALIGNMENT;
    return !note->proofs;
}

static void list_place(struct note *note)
{
    const struct paging *paging = note->claim.paging;
    struct table_source source = placement_source(&note->place);
    note->listing_open = true;
    tally_start(&note->tally, note->claim.root_pa);
    listing_open(&note->listing, paging, &source, note->claim.root_pa,
                 paging_half_first(paging, true), UINT64_MAX);
}

/* The linear map ends where RAM ends. */
static bool reaches_end(const struct note *note)
{
    const struct ram_range *last = &note->place.range[note->place.ranges - 1];
    const struct tally_distance *linear = tally_linear(&note->tally);
    uint64_t end = last->pa + last->size;
    return linear && linear->last_pa < end && end - linear->last_pa <= KERNEL_ALIGNMENT;
}

/* Of several layouts that prove the root the first whose linear map reaches the end is it, or
 * the first. */
static bool try_end(struct note *note, unsigned *tries)
{
    struct run run;
    if (!note->listing_open) {
        --*tries;
        if (!placement_known(&note->place, note->image, note->claim.paging->arch, note->layout++))
            return false;
        if (note->agrees(&note->claim, &note->place))
            list_place(note);
        return true;
    }
    switch (listing_next(&note->listing, &run, tries)) {
    case LISTING_RUN:
        tally_add(&note->tally, &run, &note->place);
        return true;
    case LISTING_PAUSE:
        if (note->listing.tables < TABLES_JUDGED)
            return true;
        break;
    case LISTING_END:
        break;
    }
    note->listing_open = false;
    if (!reaches_end(note))
        return true;
    note->found = note->place;
    return false;
}

/* The layouts that machines are known to have. */
static bool try_layout(struct note *note, unsigned *tries)
{
    --*tries;
    if (placement_known(&note->place, note->image, note->claim.paging->arch, note->layout++)) {
        if (note->agrees(&note->claim, &note->place) && !note->proofs++)
            note->found = note->place;
        return true;
    }
    note->layout = 0;
    note->next = note->proofs ? try_end : try_base;
    return note->proofs != 1;
}

static bool try_given(struct note *note, unsigned *tries)
{
    --*tries;
    note->proofs = note->agrees(&note->claim, &note->found);
    return false;
}

static void try_places(struct note *note, note_proof *agrees)
{
    note->agrees = agrees;
    note->layout = 0;
    note->at = note->claim.root_pa % KERNEL_ALIGNMENT;
    note->next = placement_given(&note->found, note->image) ? try_given : try_layout;
}

void note_start(struct note *note, struct image *image, const struct vmcoreinfo *info)
{
    *note = (struct note){.image = image, .claim.info = info};
    if (read_claim(info, &note->claim))
        try_places(note, is_proved);
}

enum note_verdict note_step(struct note *note, unsigned tries)
{
    while (note->next && tries > 0) {
        if (note->next(note, &tries))
            continue;
        note->next = NULL;
        if (!note->proofs && note->agrees == is_proved)
            try_places(note, is_cut);
    }
    return note->next ? NOTE_OPEN : note->proofs ? NOTE_PROVED : NOTE_STALE;
}

unsigned note_kernel(const struct note *note, struct kernel *kernel)
{
    const struct claim *claim = &note->claim;
    const struct vmcoreinfo *info = claim->info;
    bool proved = note->agrees == is_proved;
    char offset[32];
    *kernel = (struct kernel){.found = KERNEL_BY_VMCOREINFO,
                              .paging = claim->paging,
                              .root_pa = claim->root_pa,
                              .places = !image_is_placed(note->image),
                              .ranges = note->found.ranges,
                              .has_text_va = true,
                              .text_va = claim->stext_va & ~(KERNEL_ALIGNMENT - 1),
                              .stext_va = claim->stext_va};
    memcpy(kernel->range, note->found.range, sizeof kernel->range);
    vmcoreinfo_text(info, "OSRELEASE", kernel->release, sizeof kernel->release);
    if (vmcoreinfo_text(info, "KERNELOFFSET", offset, sizeof offset))
        kernel->has_kaslr = sscanf(offset, "%lx", &kernel->kaslr) == 1;
    if (!proved)
        kernel->window = window_of(claim, &note->found);
    /* Proof outweighs all else. */
    unsigned score = 2u + (proved ? 4u : 0u) + (release_agrees(claim, &note->found) ? 2u : 0u);
    /* A kernel that crashed is the dump's subject, but not the one that runs. */
    if (vmcoreinfo_text(info, "CRASHTIME", offset, sizeof offset))
        score--;
    return score;
}
