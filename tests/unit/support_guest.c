/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Linux puts things, by architecture: Documentation/arch/<arch>/ (memory.rst, mm.rst). */
#include "tests/unit/support_guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define UTS_RELEASE 130 /* of struct new_utsname: the third field of 65 bytes */

static void place(struct made_guest *guest)
{
    const struct paging *paging = guest->builder.paging;
    uint64_t half = paging_half_first(paging, true);
    if (strncmp(guest->mode, "arm64", 5) == 0) {
        guest->linear_va = half;
        guest->image_va = half + (UINT64_C(1) << (paging->va_bits - 1)) + GIB(2) + MIB(0x122);
        if (paging->va_bits > 42) /* KASLR: somewhere in the upper part of a table */
            guest->image_va += GIB(300);
    } else if (strncmp(guest->mode, "x86", 3) == 0) {
        guest->linear_va =
            paging->levels == 5 ? UINT64_C(0xff11000000000000) : UINT64_C(0xffff888000000000);
        guest->image_va = UINT64_C(0xffffffff93400000);
    } else {
        guest->linear_va = half + GIB(64);
        guest->image_va = UINT64_C(0xffffffff80000000);
    }
}

void guest_start(struct made_guest *guest, const char *mode, uint64_t base, uint64_t size)
{
    *guest =
        (struct made_guest){.mode = mode, .base = base, .size = size, .release = "6.1.0-test-1"};
    guest->pages = pages_create();
    guest->image_pa = base + MIB(32);
    uint64_t root_pa = guest->image_pa + GUEST_TEXT + 0x20000;
    guest->builder = builder_of(guest->pages, mode, root_pa, base + MIB(64));
    place(guest);
    unsigned last = guest->builder.paging->levels - 1u;
    builder_map(&guest->builder, guest->linear_va, base, size, last, KERNEL_RW);
    builder_map(&guest->builder, guest->image_va, guest->image_pa, GUEST_TEXT, last, KERNEL_RX);
    builder_map(&guest->builder, guest->image_va + GUEST_TEXT, guest->image_pa + GUEST_TEXT,
                GUEST_TEXT, last, KERNEL_RW);
    guest->root_va = guest->image_va + GUEST_TEXT + 0x20000;
    guest->uts_va = guest->image_va + GUEST_TEXT + 0x50000;
}

static void arch_lines(const struct made_guest *guest, char *text, size_t size)
{
    const struct paging *paging = guest->builder.paging;
    uint64_t delta = guest->image_va - guest->image_pa;
    if (strncmp(guest->mode, "arm64", 5) == 0)
        snprintf(text, size,
                 "NUMBER(VA_BITS)=%u\nNUMBER(kimage_voffset)=0x%" PRIx64
                 "\nNUMBER(PHYS_OFFSET)=0x%" PRIx64 "\nNUMBER(TCR_EL1_T1SZ)=0x%x\n",
                 paging->va_bits, delta, guest->base, 64u - paging->va_bits);
    else if (strncmp(guest->mode, "x86", 3) == 0)
        snprintf(text, size,
                 "NUMBER(phys_base)=%" PRId64 "\nSYMBOL(init_top_pgt)=%" PRIx64
                 "\nNUMBER(pgtable_l5_enabled)=%d\n",
                 (int64_t)(UINT64_C(0xffffffff80000000) - delta), guest->root_va,
                 paging->levels == 5);
    else
        snprintf(text, size,
                 "NUMBER(VA_BITS)=%u\nNUMBER(phys_ram_base)=0x%" PRIx64
                 "\nNUMBER(va_kernel_pa_offset)=0x%" PRIx64 "\n",
                 paging->va_bits, guest->base, delta);
}

char *guest_note(const struct made_guest *guest, char *text, size_t size)
{
    char lines[400];
    arch_lines(guest, lines, sizeof lines);
    snprintf(text, size,
             "OSRELEASE=%s\nBUILD-ID=06f8bde30046985060c60820f7a11515a33afb06\nPAGESIZE=%lu\n"
             "SYMBOL(init_uts_ns)=%" PRIx64 "\nOFFSET(uts_namespace.name)=0\n"
             "SYMBOL(swapper_pg_dir)=%" PRIx64 "\nSYMBOL(_stext)=%" PRIx64 "\n%s"
             "LENGTH(mem_section)=4096\nKERNELOFFSET=12400000\n",
             guest->release, 1ul << guest->builder.paging->page_shift, guest->uts_va,
             guest->root_va, guest->image_va, lines);
    return text;
}

void guest_write(const struct made_guest *guest, const struct file *file, uint64_t pa,
                 const void *bytes, size_t length)
{
    file_write(file, pa - guest->base, bytes, length);
}

struct file guest_file(const struct made_guest *guest)
{
    struct file file = file_create(guest->size);
    char banner[100];
    uint64_t uts_pa = guest->image_pa + GUEST_TEXT + 0x50000;
    pages_write(guest->pages, file.fd, guest->base, guest->size);
    guest_write(guest, &file, uts_pa + UTS_RELEASE, guest->release, strlen(guest->release) + 1);
    snprintf(banner, sizeof banner, "Linux version %s (a@b) #1 SMP\n", guest->release);
    guest_write(guest, &file, guest->image_pa + MIB(3) + 4090, banner, strlen(banner));
    return file;
}

void guest_end(struct made_guest *guest)
{
    pages_destroy(guest->pages);
    guest->pages = NULL;
}
