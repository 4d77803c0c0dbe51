// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same tables walked by libkdumpfile's addrxlat, where it has the mode: x86-64 and arm64.
// It looks neither at reserved bits nor at permissions, and takes any address for canonical: what
// is mapped, and what is not present, is compared.  Version 0.5.1 loses a bit of 52-bit addresses
// (47 with 64K pages, 49 with LPA2), which QEMU's MMU has: it is left out.
#include "mmu.h"

#include <inttypes.h>
#include <libkdumpfile/addrxlat.h>
#include <stdio.h>
#include <string.h>

static void put_page(const addrxlat_buffer_t *buffer)
{
    (void)buffer;
}

static addrxlat_status get_page(const addrxlat_cb_t *cb, addrxlat_buffer_t *buffer)
{
    const struct maker *maker = cb->priv;
    uint64_t offset = (buffer->addr.addr - maker->mmu->base) & ~UINT64_C(0xfff);
    if (offset >= RAM_SIZE)
        return ADDRXLAT_ERR_NODATA;
    buffer->addr.addr = maker->mmu->base + offset;
    buffer->ptr = maker->ram + offset;
    buffer->size = 0x1000;
    buffer->byte_order = ADDRXLAT_LITTLE_ENDIAN;
    buffer->put_page = put_page;
    return ADDRXLAT_OK;
}

static unsigned long read_caps(const addrxlat_cb_t *cb)
{
    (void)cb;
    return ADDRXLAT_CAPS(ADDRXLAT_MACHPHYSADDR);
}

static addrxlat_pte_format_t format_of(const struct paging *paging)
{
    if (strcmp(paging->arch->name, "x86_64") == 0)
        return ADDRXLAT_PTE_X86_64;
    if (strcmp(paging->arch->name, "arm64") != 0)
        return ADDRXLAT_PTE_NONE;
    if (paging->page_shift == 16)
        return ADDRXLAT_PTE_AARCH64_LPA;
    return paging->va_bits > 48 ? ADDRXLAT_PTE_AARCH64_LPA2 : ADDRXLAT_PTE_AARCH64;
}

static uint64_t lost_bits(addrxlat_pte_format_t format)
{
    if (format == ADDRXLAT_PTE_AARCH64_LPA)
        return UINT64_C(1) << 47;
    return format == ADDRXLAT_PTE_AARCH64_LPA2 ? UINT64_C(1) << 49 : 0;
}

static bool translate(addrxlat_ctx_t *ctx, const struct paging *paging, uint64_t root, uint64_t va,
                      uint64_t *pa)
{
    addrxlat_meth_t meth = {.kind = ADDRXLAT_PGT, .target_as = ADDRXLAT_MACHPHYSADDR};
    addrxlat_param_pgt_t *pgt = &meth.param.pgt;
    pgt->root = (addrxlat_fulladdr_t){.addr = root, .as = ADDRXLAT_MACHPHYSADDR};
    pgt->pf.pte_format = format_of(paging);
    pgt->pf.nfields = (unsigned short)(paging->levels + 1);
    pgt->pf.fieldsz[0] = paging->page_shift;
    for (unsigned level = 0; level < paging->levels; level++)
        pgt->pf.fieldsz[paging->levels - level] = paging->level[level].bits;
    addrxlat_step_t step = {.ctx = ctx, .meth = &meth, .base = {.addr = va}};
    if (paging->arch->split_roots) // a half's own table, from its start on
        step.base.addr &= (UINT64_C(1) << paging->va_bits) - 1;
    bool is_mapped = addrxlat_walk(&step) == ADDRXLAT_OK;
    *pa = step.base.addr;
    addrxlat_ctx_clear_err(ctx);
    return is_mapped;
}

static bool agrees(addrxlat_ctx_t *ctx, const struct record *record, const struct walk *walk)
{
    const struct paging *paging = arch_mode(record->mode);
    uint64_t root = record->root[paging_is_kernel_half(paging, walk->va)], pa;
    bool is_mapped = translate(ctx, paging, root, record->va, &pa);
    uint64_t compared = ~lost_bits(format_of(paging));
    bool wanted = walk->end == WALK_MAPPED;
    if (is_mapped == wanted && (!wanted || (pa & compared) == (walk->pa & compared)))
        return true;
    printf("%s v:%" PRIx64 " root %" PRIx64 ": addrxlat %s p:%" PRIx64 ", walk() %s p:%" PRIx64
           "\n",
           paging->name, record->va, root, is_mapped ? "mapped" : "not mapped", pa,
           walk_end_name(walk->end), walk->pa);
    return false;
}

bool addrxlat_agrees(struct maker *maker, const struct record *first, uint64_t records)
{
    uint64_t failed = 0, asked = 0;
    addrxlat_ctx_t *ctx = addrxlat_ctx_new();
    addrxlat_cb_t *cb = ctx ? addrxlat_ctx_add_cb(ctx) : NULL;
    if (!cb)
        return false;
    cb->priv = maker;
    cb->get_page = get_page;
    cb->read_caps = read_caps;
    for (uint64_t i = 0; i < records; i++) {
        struct walk result;
        walk_record(maker, &first[i], &result);
        if (format_of(arch_mode(first[i].mode)) == ADDRXLAT_PTE_NONE ||
            result.end == WALK_RESERVED || result.end == WALK_NON_CANONICAL)
            continue;
        asked++;
        failed += !agrees(ctx, &first[i], &result);
    }
    addrxlat_ctx_decref(ctx);
    if (asked)
        printf("addrxlat: %" PRIu64 " passed, %" PRIu64 " failed\n", asked - failed, failed);
    return !failed;
}
