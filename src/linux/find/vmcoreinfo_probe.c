/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What VMCOREINFO holds (kernel/vmcore_info.c, and each architecture's) is detected by the keys
 * that are there, never by a version.
 */
#include "linux/find/vmcoreinfo_probe.h"

#include "arch/arch.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TABLES_MAX 65536 /* a linear map of 128 GiB in 4 KiB pages */
#define IMAGE_MAX  (UINT64_C(1) << 30)

/* 0: none, or one that no kernel has. */
static uint64_t page_size(const struct vmcoreinfo *info)
{
    char text[16];
    uint64_t page;
    bool given = vmcoreinfo_text(info, "PAGESIZE", text, sizeof text) && parse_size(text, &page);
    return given && (page == 4096 || page == 16384 || page == 65536) ? page : 0;
}

static bool note_number(const void *info, const char *name, uint64_t *value)
{
    return vmcoreinfo_number(info, name, value);
}

static bool read_layout(const struct vmcoreinfo *info, struct vmcoreinfo_layout *layout)
{
    struct arch_note elf_note = {
        .number = note_number, .context = info, .page_size = page_size(info)};
    const struct arch *arch;
    if (!vmcoreinfo_symbol(info, "swapper_pg_dir", &layout->root_va) ||
        !vmcoreinfo_symbol(info, "_stext", &layout->stext_va))
        return false;
    for (size_t i = 0; (arch = arch_row(i)); i++)
        if (arch->kernel(&elf_note, &layout->paging, &layout->text_delta)) {
            layout->root_pa = layout->root_va - layout->text_delta;
            return true;
        }
    return false;
}

/* The walk of the root's own address, and of the text, must lead where the note says. */
static bool maps_itself(const struct vmcoreinfo_layout *layout, const struct ram_layout *ram)
{
    struct table_source source = ram_layout_source(ram);
    struct roots roots = {layout->root_pa, NO_ROOT};
    struct walk root, text;
    walk(&root, layout->paging, &source, &roots, layout->root_va);
    if (root.end != WALK_MAPPED || root.pa != layout->root_pa)
        return false;
    walk(&text, layout->paging, &source, &roots, layout->stext_va);
    return text.end == WALK_MAPPED && text.pa == layout->stext_va - layout->text_delta;
}

/* init_uts_ns.name.release holds the running kernel's name: a stale note's would differ. */
static bool release_agrees(const struct vmcoreinfo_layout *layout, const struct ram_layout *ram)
{
    enum { UTS_FIELD = 65, UTS_RELEASE = 2 }; /* struct new_utsname */
    const struct vmcoreinfo *info = layout->info;
    char release[UTS_FIELD] = "", there[UTS_FIELD], offset_text[16] = "0";
    unsigned long name_offset = 0;
    uint64_t va, offset;
    if (!vmcoreinfo_symbol(info, "init_uts_ns", &va) ||
        !vmcoreinfo_text(info, "OSRELEASE", release, sizeof release))
        return false;
    vmcoreinfo_text(info, "OFFSET(uts_namespace.name)", offset_text, sizeof offset_text);
    if (sscanf(offset_text, "%lu", &name_offset) != 1)
        return false;
    uint64_t pa = va - layout->text_delta + name_offset + UTS_RELEASE * UTS_FIELD;
    if (!ram_layout_offset(ram, pa, &offset) ||
        source_read(ram->reader, offset, there, sizeof there, NULL) != sizeof there)
        return false;
    return strncmp(there, release, sizeof there) == 0;
}

/* Leads to a table that a file that is not truncated would hold. */
static bool leads_past_end(const struct walk *walk, const struct ram_layout *ram)
{
    const struct segment *last = &ram->range[ram->ranges - 1];
    return walk->end == WALK_NO_TABLE && walk->steps &&
           walk->step[walk->steps - 1].target_pa >= last->pa + last->size;
}

/*
 * The tables of a truncated file may lie beyond its end: then it is enough that the root leads
 * there, and that the running kernel's name is where the note says it is.
 */
static bool is_truncated(const struct vmcoreinfo_layout *layout, const struct ram_layout *ram)
{
    struct table_source source = ram_layout_source(ram);
    struct roots roots = {layout->root_pa, NO_ROOT};
    struct walk root, text;
    walk(&root, layout->paging, &source, &roots, layout->root_va);
    walk(&text, layout->paging, &source, &roots, layout->stext_va);
    return leads_past_end(&text, ram) && leads_past_end(&root, ram) && release_agrees(layout, ram);
}

/* From the text to after the last symbol of the note: kallsyms and BTF lie before the data. */
static struct space_window window_of(const struct vmcoreinfo_layout *layout,
                                     const struct ram_layout *ram)
{
    uint64_t start = layout->stext_va & ~(KERNEL_ALIGNMENT - 1), last = layout->stext_va, va;
    for (const char *line = layout->info->text; (line = strstr(line, "\nSYMBOL(")); line++)
        if (sscanf(line, "\nSYMBOL(%*[A-Za-z0-9_])=%" SCNx64, &va) == 1 && va > last &&
            va - start < IMAGE_MAX)
            last = va;
    uint64_t size = (last - start + KERNEL_ALIGNMENT) & ~(KERNEL_ALIGNMENT - 1);
    uint64_t left = ram_layout_left(ram, start - layout->text_delta);
    return (struct space_window){start, size < left ? size : left, layout->text_delta};
}

/* ---- the layouts, one after the other ---- */

/* Every 2 MiB at which the root would be in the image: thousands of tries, of which nearly
 * all end at the first entry. */
static bool try_base(struct vmcoreinfo_probe *probe, unsigned *tries)
{
    const struct vmcoreinfo_layout *layout = &probe->layout;
    uint64_t size = source_ram_size(probe->reader->source), offset, left, end;
    /* Where nothing is known of where RAM lies, it is numbered from p:0. */
    if (probe->at > layout->root_pa ||
        !source_pa_to_offset(probe->reader->source, probe->at, &offset, &left))
        return false;
    --*tries;
    enum extent_kind kind = source_extent(probe->reader, offset, &end);
    uint64_t length = end - offset < left ? end - offset : left;
    if (kind == EXTENT_HOLE && length < size - probe->at) {
        uint64_t skip = length / KERNEL_ALIGNMENT;
        probe->at += (skip ? skip : 1) * KERNEL_ALIGNMENT; /* keeps the residue */
        return true;
    }
    ram_layout_linear(&probe->ram, probe->reader, layout->root_pa - probe->at);
    probe->verified = probe->verify(layout, &probe->ram);
    probe->at += KERNEL_ALIGNMENT;
    return !probe->verified;
}

static void open_candidate(struct vmcoreinfo_probe *probe)
{
    const struct paging *paging = probe->layout.paging;
    struct table_source source = ram_layout_source(&probe->candidate);
    probe->mapping_open = true;
    va_offsets_start(&probe->offsets, probe->layout.root_pa);
    mapping_open(&probe->mappings, paging, &source, probe->layout.root_pa,
                 paging_half_first(paging, true), UINT64_MAX);
}

/* The linear map ends where RAM ends. */
static bool reaches_end(const struct vmcoreinfo_probe *probe)
{
    const struct segment *last = &probe->candidate.range[probe->candidate.ranges - 1];
    const struct va_offset *linear = va_offsets_linear(&probe->offsets);
    uint64_t end = last->pa + last->size;
    return linear && linear->last_pa < end && end - linear->last_pa <= KERNEL_ALIGNMENT;
}

/* Of several layouts that prove the root the first whose linear map reaches the end is it, or
 * the first. */
static bool try_end(struct vmcoreinfo_probe *probe, unsigned *tries)
{
    struct mapping mapping;
    if (!probe->mapping_open) {
        --*tries;
        if (!ram_layout_known(&probe->candidate, probe->reader, arch_of(probe->layout.paging),
                              probe->ram_row++))
            return false;
        if (probe->verify(&probe->layout, &probe->candidate))
            open_candidate(probe);
        return true;
    }
    switch (mapping_next(&probe->mappings, &mapping, tries)) {
    case MAPPING_FOUND:
        va_offsets_add(&probe->offsets, &mapping, &probe->candidate);
        return true;
    case MAPPING_PAUSE:
        if (probe->mappings.tables < TABLES_MAX)
            return true;
        break;
    case MAPPING_SHARED: /* not without a memo */
    case MAPPING_END:
        break;
    }
    probe->mapping_open = false;
    if (!reaches_end(probe))
        return true;
    probe->ram = probe->candidate;
    return false;
}

/* The layouts that machines are known to have. */
static bool try_layout(struct vmcoreinfo_probe *probe, unsigned *tries)
{
    --*tries;
    if (ram_layout_known(&probe->candidate, probe->reader, arch_of(probe->layout.paging),
                         probe->ram_row++)) {
        if (probe->verify(&probe->layout, &probe->candidate) && !probe->verified++)
            probe->ram = probe->candidate;
        return true;
    }
    probe->ram_row = 0;
    probe->next = probe->verified ? try_end : try_base;
    return probe->verified != 1;
}

static bool try_given(struct vmcoreinfo_probe *probe, unsigned *tries)
{
    --*tries;
    probe->verified = probe->verify(&probe->layout, &probe->ram);
    return false;
}

static void try_layouts(struct vmcoreinfo_probe *probe, probe_verify *verify)
{
    probe->verify = verify;
    probe->ram_row = 0;
    probe->at = probe->layout.root_pa % KERNEL_ALIGNMENT;
    probe->next = ram_layout_given(&probe->ram, probe->reader) ? try_given : try_layout;
}

void probe_start(struct vmcoreinfo_probe *probe, struct source_reader *reader,
                 const struct vmcoreinfo *info)
{
    *probe = (struct vmcoreinfo_probe){.reader = reader, .layout.info = info};
    if (read_layout(info, &probe->layout))
        try_layouts(probe, maps_itself);
}

enum probe_result probe_step(struct vmcoreinfo_probe *probe, unsigned tries)
{
    while (probe->next && tries > 0) {
        if (probe->next(probe, &tries))
            continue;
        probe->next = NULL;
        if (!probe->verified && probe->verify == maps_itself)
            try_layouts(probe, is_truncated);
    }
    return probe->next ? PROBE_PENDING : probe->verified ? PROBE_VERIFIED : PROBE_REJECTED;
}

unsigned probe_kernel(const struct vmcoreinfo_probe *probe, struct kernel *kernel)
{
    const struct vmcoreinfo_layout *layout = &probe->layout;
    const struct vmcoreinfo *info = layout->info;
    bool whole = probe->verify == maps_itself;
    char offset[32];
    *kernel = (struct kernel){.found = KERNEL_BY_VMCOREINFO,
                              .paging = layout->paging,
                              .root_pa = layout->root_pa,
                              .places = !source_is_placed(probe->reader->source),
                              .ranges = probe->ram.ranges,
                              .has_text_va = true,
                              .text_va = layout->stext_va & ~(KERNEL_ALIGNMENT - 1),
                              .stext_va = layout->stext_va};
    memcpy(kernel->range, probe->ram.range, sizeof kernel->range);
    vmcoreinfo_text(info, "OSRELEASE", kernel->release, sizeof kernel->release);
    if (vmcoreinfo_text(info, "KERNELOFFSET", offset, sizeof offset))
        kernel->has_kaslr = sscanf(offset, "%lx", &kernel->kaslr) == 1;
    if (!whole)
        kernel->window = window_of(layout, &probe->ram);
    /* A kernel whose tables map themselves outweighs all else. */
    unsigned score = 2u + (whole ? 4u : 0u) + (release_agrees(layout, &probe->ram) ? 2u : 0u);
    /* A kernel that crashed is the dump's subject, but not the one that runs. */
    if (vmcoreinfo_text(info, "CRASHTIME", offset, sizeof offset))
        score--;
    return score;
}
