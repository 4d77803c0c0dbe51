/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What VMCOREINFO says (kernel/vmcore_info.c, and each architecture's) is detected by the keys that
 * are there, never by a version.
 */
#include "linux/find/vmcoreinfo_probe.h"

#include "arch/arch.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TABLES_JUDGED 65536 /* a linear map of 128 GiB in 4 KiB pages */
#define IMAGE_MAX     (UINT64_C(1) << 30)

/* 0: it says none, or one that no kernel has. */
static uint64_t page_size(const struct vmcoreinfo *info)
{
    char text[16];
    uint64_t page;
    bool told = vmcoreinfo_text(info, "PAGESIZE", text, sizeof text) && parse_size(text, &page);
    return told && (page == 4096 || page == 16384 || page == 65536) ? page : 0;
}

static bool note_number(const void *info, const char *name, uint64_t *value)
{
    return vmcoreinfo_number(info, name, value);
}

static bool read_claim(const struct vmcoreinfo *info, struct claim *claim)
{
    struct arch_note note = {.number = note_number, .context = info, .page_size = page_size(info)};
    const struct arch *arch;
    if (!vmcoreinfo_symbol(info, "swapper_pg_dir", &claim->root_va) ||
        !vmcoreinfo_symbol(info, "_stext", &claim->stext_va))
        return false;
    for (size_t i = 0; (arch = arch_row(i)); i++)
        if (arch->kernel(&note, &claim->paging, &claim->text_delta)) {
            claim->root_pa = claim->root_va - claim->text_delta;
            return true;
        }
    return false;
}

/* The walk of the root's own address, and of the text, must lead where the note says. */
static bool is_proved(const struct claim *claim, const struct ram_layout *placement)
{
    struct table_source source = ram_layout_source(placement);
    struct roots roots = {claim->root_pa, NO_ROOT};
    struct walk root, text;
    walk(&root, claim->paging, &source, &roots, claim->root_va);
    if (root.end != WALK_MAPPED || root.pa != claim->root_pa)
        return false;
    walk(&text, claim->paging, &source, &roots, claim->stext_va);
    return text.end == WALK_MAPPED && text.pa == claim->stext_va - claim->text_delta;
}

/* init_uts_ns.name.release holds the running kernel's name: a stale note's would differ. */
static bool release_agrees(const struct claim *claim, const struct ram_layout *placement)
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
    if (!ram_layout_offset(placement, pa, &offset) ||
        source_read(placement->reader, offset, there, sizeof there, NULL) != sizeof there)
        return false;
    return strncmp(there, release, sizeof there) == 0;
}

/* A table that the file would hold, had it not been cut. */
static bool leads_behind(const struct walk *walk, const struct ram_layout *placement)
{
    const struct segment *last = &placement->range[placement->ranges - 1];
    return walk->end == WALK_NO_TABLE && walk->steps &&
           walk->step[walk->steps - 1].target_pa >= last->pa + last->size;
}

/*
 * Of a file that was cut the tables may lie beyond its end: then it is enough that the root leads
 * there, and that the running kernel's name is where the note says it is.
 */
static bool is_cut(const struct claim *claim, const struct ram_layout *placement)
{
    struct table_source source = ram_layout_source(placement);
    struct roots roots = {claim->root_pa, NO_ROOT};
    struct walk root, text;
    walk(&root, claim->paging, &source, &roots, claim->root_va);
    walk(&text, claim->paging, &source, &roots, claim->stext_va);
    return leads_behind(&text, placement) && leads_behind(&root, placement) &&
           release_agrees(claim, placement);
}

/* From the text to after the last symbol of the note: kallsyms and BTF lie before the data. */
static struct space_window window_of(const struct claim *claim, const struct ram_layout *placement)
{
    uint64_t start = claim->stext_va & ~(KERNEL_ALIGNMENT - 1), last = claim->stext_va, va;
    for (const char *line = claim->info->text; (line = strstr(line, "\nSYMBOL(")); line++)
        if (sscanf(line, "\nSYMBOL(%*[A-Za-z0-9_])=%" SCNx64, &va) == 1 && va > last &&
            va - start < IMAGE_MAX)
            last = va;
    uint64_t size = (last - start + KERNEL_ALIGNMENT) & ~(KERNEL_ALIGNMENT - 1);
    uint64_t left = ram_layout_left(placement, start - claim->text_delta);
    return (struct space_window){start, size < left ? size : left, claim->text_delta};
}

/* ---- the places, one after the other ---- */

/* Every 2 MiB at which the root would be in the image: thousands of tries of which nearly all
 * end at the first entry. */
static bool try_base(struct vmcoreinfo_probe *note, unsigned *tries)
{
    const struct claim *claim = &note->claim;
    uint64_t size = source_ram_size(note->reader->source), offset, left, end;
    /* Where nothing is known of its place, RAM is numbered from p:0. */
    if (note->at > claim->root_pa ||
        !source_pa_to_offset(note->reader->source, note->at, &offset, &left))
        return false;
    --*tries;
    enum extent_kind kind = source_extent(note->reader, offset, &end);
    uint64_t length = end - offset < left ? end - offset : left;
    if (kind == EXTENT_HOLE && length < size - note->at) {
        uint64_t skip = length / KERNEL_ALIGNMENT;
        note->at += (skip ? skip : 1) * KERNEL_ALIGNMENT; /* keeps the residue */
        return true;
    }
    ram_layout_linear(&note->found, note->reader, claim->root_pa - note->at);
    note->proofs = note->agrees(claim, &note->found);
    note->at += KERNEL_ALIGNMENT;
    return !note->proofs;
}

static void scroll_place(struct vmcoreinfo_probe *note)
{
    const struct paging *paging = note->claim.paging;
    struct table_source source = ram_layout_source(&note->place);
    note->mapping_open = true;
    va_offsets_start(&note->offsets, note->claim.root_pa);
    mapping_open(&note->listing, paging, &source, note->claim.root_pa,
                 paging_half_first(paging, true), UINT64_MAX);
}

/* The linear map ends where RAM ends. */
static bool reaches_end(const struct vmcoreinfo_probe *note)
{
    const struct segment *last = &note->place.range[note->place.ranges - 1];
    const struct va_offset *linear = va_offsets_linear(&note->offsets);
    uint64_t end = last->pa + last->size;
    return linear && linear->last_pa < end && end - linear->last_pa <= KERNEL_ALIGNMENT;
}

/* Of several layouts that prove the root the first whose linear map reaches the end is it, or
 * the first. */
static bool try_end(struct vmcoreinfo_probe *note, unsigned *tries)
{
    struct mapping run;
    if (!note->mapping_open) {
        --*tries;
        if (!ram_layout_known(&note->place, note->reader, arch_of(note->claim.paging),
                              note->layout++))
            return false;
        if (note->agrees(&note->claim, &note->place))
            scroll_place(note);
        return true;
    }
    switch (mapping_next(&note->listing, &run, tries)) {
    case MAPPING_FOUND:
        va_offsets_add(&note->offsets, &run, &note->place);
        return true;
    case MAPPING_PAUSE:
        if (note->listing.tables < TABLES_JUDGED)
            return true;
        break;
    case MAPPING_END:
        break;
    }
    note->mapping_open = false;
    if (!reaches_end(note))
        return true;
    note->found = note->place;
    return false;
}

/* The layouts that machines are known to have. */
static bool try_layout(struct vmcoreinfo_probe *note, unsigned *tries)
{
    --*tries;
    if (ram_layout_known(&note->place, note->reader, arch_of(note->claim.paging), note->layout++)) {
        if (note->agrees(&note->claim, &note->place) && !note->proofs++)
            note->found = note->place;
        return true;
    }
    note->layout = 0;
    note->next = note->proofs ? try_end : try_base;
    return note->proofs != 1;
}

static bool try_given(struct vmcoreinfo_probe *note, unsigned *tries)
{
    --*tries;
    note->proofs = note->agrees(&note->claim, &note->found);
    return false;
}

static void try_places(struct vmcoreinfo_probe *note, probe_verify *agrees)
{
    note->agrees = agrees;
    note->layout = 0;
    note->at = note->claim.root_pa % KERNEL_ALIGNMENT;
    note->next = ram_layout_given(&note->found, note->reader) ? try_given : try_layout;
}

void probe_start(struct vmcoreinfo_probe *note, struct source_reader *reader,
                 const struct vmcoreinfo *info)
{
    *note = (struct vmcoreinfo_probe){.reader = reader, .claim.info = info};
    if (read_claim(info, &note->claim))
        try_places(note, is_proved);
}

enum probe_result probe_step(struct vmcoreinfo_probe *note, unsigned tries)
{
    while (note->next && tries > 0) {
        if (note->next(note, &tries))
            continue;
        note->next = NULL;
        if (!note->proofs && note->agrees == is_proved)
            try_places(note, is_cut);
    }
    return note->next ? PROBE_OPEN : note->proofs ? PROBE_PROVED : PROBE_STALE;
}

unsigned probe_kernel(const struct vmcoreinfo_probe *note, struct kernel *kernel)
{
    const struct claim *claim = &note->claim;
    const struct vmcoreinfo *info = claim->info;
    bool proved = note->agrees == is_proved;
    char offset[32];
    *kernel = (struct kernel){.found = KERNEL_BY_VMCOREINFO,
                              .paging = claim->paging,
                              .root_pa = claim->root_pa,
                              .places = !source_is_placed(note->reader->source),
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
