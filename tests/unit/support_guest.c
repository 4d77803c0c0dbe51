/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Linux puts things, by architecture: Documentation/arch/<arch>/ (memory.rst, mm.rst). */
#include "tests/unit/support_guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define UTS_RELEASE 130 /* of struct new_utsname: the third field of 65 bytes */

static void place(struct made_guest *linux)
{
    const struct paging *paging = linux->builder.paging;
    uint64_t half = paging_half_first(paging, true);
    if (strncmp(linux->mode, "arm64", 5) == 0) {
        linux->linear_va = half;
        linux->image_va = half + (UINT64_C(1) << (paging->va_bits - 1)) + GIB(2) + MIB(0x122);
        if (paging->va_bits > 42) /* KASLR: somewhere in the upper part of a table */
            linux->image_va += GIB(300);
    } else if (strncmp(linux->mode, "x86", 3) == 0) {
        linux->linear_va =
            paging->levels == 5 ? UINT64_C(0xff11000000000000) : UINT64_C(0xffff888000000000);
        linux->image_va = UINT64_C(0xffffffff93400000);
    } else {
        linux->linear_va = half + GIB(64);
        linux->image_va = UINT64_C(0xffffffff80000000);
    }
}

void guest_start(struct made_guest *linux, const char *mode, uint64_t base, uint64_t size)
{
    *linux =
        (struct made_guest){.mode = mode, .base = base, .size = size, .release = "6.1.0-test-1"};
    linux->pages = pages_create();
    linux->image_pa = base + MIB(32);
    uint64_t root_pa = linux->image_pa + GUEST_TEXT + 0x20000;
    linux->builder = builder_of(linux->pages, mode, root_pa, base + MIB(64));
    place(linux);
    unsigned last = linux->builder.paging->levels - 1u;
    builder_map(&linux->builder, linux->linear_va, base, size, last, KERNEL_RW);
    builder_map(&linux->builder, linux->image_va, linux->image_pa, GUEST_TEXT, last, KERNEL_RX);
    builder_map(&linux->builder, linux->image_va + GUEST_TEXT, linux->image_pa + GUEST_TEXT,
                GUEST_TEXT, last, KERNEL_RW);
    linux->root_va = linux->image_va + GUEST_TEXT + 0x20000;
    linux->uts_va = linux->image_va + GUEST_TEXT + 0x50000;
}

static void arch_lines(const struct made_guest *linux, char *text, size_t size)
{
    const struct paging *paging = linux->builder.paging;
    uint64_t delta = linux->image_va - linux->image_pa;
    if (strncmp(linux->mode, "arm64", 5) == 0)
        snprintf(text, size,
                 "NUMBER(VA_BITS)=%u\nNUMBER(kimage_voffset)=0x%" PRIx64
                 "\nNUMBER(PHYS_OFFSET)=0x%" PRIx64 "\nNUMBER(TCR_EL1_T1SZ)=0x%x\n",
                 paging->va_bits, delta, linux->base, 64u - paging->va_bits);
    else if (strncmp(linux->mode, "x86", 3) == 0)
        snprintf(text, size,
                 "NUMBER(phys_base)=%" PRId64 "\nSYMBOL(init_top_pgt)=%" PRIx64
                 "\nNUMBER(pgtable_l5_enabled)=%d\n",
                 (int64_t)(UINT64_C(0xffffffff80000000) - delta), linux->root_va,
                 paging->levels == 5);
    else
        snprintf(text, size,
                 "NUMBER(VA_BITS)=%u\nNUMBER(phys_ram_base)=0x%" PRIx64
                 "\nNUMBER(va_kernel_pa_offset)=0x%" PRIx64 "\n",
                 paging->va_bits, linux->base, delta);
}

char *guest_note(const struct made_guest *linux, char *text, size_t size)
{
    char lines[400];
    arch_lines(linux, lines, sizeof lines);
    snprintf(text, size,
             "OSRELEASE=%s\nBUILD-ID=06f8bde30046985060c60820f7a11515a33afb06\nPAGESIZE=%lu\n"
             "SYMBOL(init_uts_ns)=%" PRIx64 "\nOFFSET(uts_namespace.name)=0\n"
             "SYMBOL(swapper_pg_dir)=%" PRIx64 "\nSYMBOL(_stext)=%" PRIx64 "\n%s"
             "LENGTH(mem_section)=4096\nKERNELOFFSET=12400000\n",
             linux->release, 1ul << linux->builder.paging->page_shift, linux->uts_va,
             linux->root_va, linux->image_va, lines);
    return text;
}

void guest_write(const struct made_guest *linux, const struct file *file, uint64_t pa,
                 const void *bytes, size_t length)
{
    file_write(file, pa - linux->base, bytes, length);
}

struct file guest_file(const struct made_guest *linux)
{
    struct file file = file_create(linux->size);
    char banner[100];
    uint64_t uts_pa = linux->image_pa + GUEST_TEXT + 0x50000;
    pages_write(linux->pages, file.fd, linux->base, linux->size);
    guest_write(linux, &file, uts_pa + UTS_RELEASE, linux->release, strlen(linux->release) + 1);
    snprintf(banner, sizeof banner, "Linux version %s (a@b) #1 SMP\n", linux->release);
    guest_write(linux, &file, linux->image_pa + MIB(3) + 4090, banner, strlen(banner));
    return file;
}

void guest_end(struct made_guest *linux)
{
    pages_destroy(linux->pages);
    linux->pages = NULL;
}
