/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The windows of each architecture: by VMCOREINFO's numbers, by the kernel's variables, and by
 * what its tables map, on guests that the tests make.  The numbers are those of the kernel's
 * Documentation/arch.
 */
#include "linux/layout/region.h"
#include "session/session_private.h"
#include "tests/unit/support_guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SIZE         MIB(128)
#define MOST         8

struct window {
    const char *name;
    uint64_t start, last;
};

struct layout_case {
    const char *mode;
    uint64_t base;
    const char *note;         /* NULL: none */
    uint64_t mapped[3];       /* pages of areas that the tables map */
    const char *variables[3]; /* named by symbols ... */
    uint64_t values[3];       /* ... and what they hold */
    struct window windows[MOST];
    const char *why; /* what is not known; NULL: nothing but areas of vmalloc */
};

/* A note has some lines at least. */
#define NOTE(lines)                                                                                \
    "OSRELEASE=made\nPAGESIZE=4096\nSYMBOL(x)=0\nSIZE(a)=1\nSIZE(b)=1\nSIZE(c)=1\nSIZE(d)=1\n"     \
    "SIZE(e)=1\n" lines

static const struct layout_case cases[] = {
    /* Documentation/arch/x86/x86_64/mm.rst */
    {.mode = "x86_64-48",
     .mapped = {UINT64_C(0xffffc90012345000), UINT64_C(0xffffea0000200000)},
     .windows = {{"LDT remap", UINT64_C(0xffff880000000000), UINT64_C(0xffff887fffffffff)},
                 {"linear map", UINT64_C(0xffff888000000000), UINT64_C(0xffffc87fffffffff)},
                 {"RAM p:0", UINT64_C(0xffff888000000000), UINT64_C(0xffff888007ffffff)},
                 {"vmalloc", UINT64_C(0xffffc90000000000), UINT64_C(0xffffe8ffffffffff)},
                 {"vmemmap", UINT64_C(0xffffea0000000000), UINT64_C(0xffffeaffffffffff)},
                 {"cpu_entry_area", UINT64_C(0xfffffe0000000000), UINT64_C(0xfffffe7fffffffff)},
                 {"espfix", UINT64_C(0xffffff0000000000), UINT64_C(0xffffff7fffffffff)},
                 {"EFI", UINT64_C(0xffffffef00000000), UINT64_C(0xfffffffeffffffff)}}},
    {.mode = "x86_64-48",
     .windows = {{"image window", UINT64_C(0xffffffff80000000), UINT64_C(0xffffffffbfffffff)},
                 {"kernel image", UINT64_C(0xffffffff93400000), UINT64_C(0xffffffff93bfffff)},
                 {"image text", UINT64_C(0xffffffff93400000), UINT64_C(0xffffffff937fffff)},
                 {"image data and bss", UINT64_C(0xffffffff93800000), UINT64_C(0xffffffff93bfffff)},
                 {"modules", UINT64_C(0xffffffffc0000000), UINT64_C(0xfffffffffeffffff)},
                 {"fixmap", UINT64_C(0xffffffffff000000), UINT64_C(0xffffffffff7fefff)},
                 {"vsyscall", UINT64_C(0xffffffffff600000), UINT64_C(0xffffffffff600fff)}},
     .why = "where vmalloc begins is not known"},
    {.mode = "x86_64-48",
     .mapped = {UINT64_C(0xffffc90012345000)},
     .windows = {{"linear map", UINT64_C(0xffff888000000000), UINT64_C(0xffffc87fffffffff)},
                 {"vmalloc", UINT64_C(0xffffc90000000000), UINT64_C(0xffffe8ffffffffff)}},
     .why = "where vmemmap begins is not known"},
    {.mode = "x86_64-57",
     .mapped = {UINT64_C(0xffa0000012345000), UINT64_C(0xffd4000000200000)},
     .windows = {{"LDT remap", UINT64_C(0xff10000000000000), UINT64_C(0xff10ffffffffffff)},
                 {"linear map", UINT64_C(0xff11000000000000), UINT64_C(0xff90ffffffffffff)},
                 {"vmalloc", UINT64_C(0xffa0000000000000), UINT64_C(0xffd1ffffffffffff)},
                 {"vmemmap", UINT64_C(0xffd4000000000000), UINT64_C(0xffd5ffffffffffff)},
                 {"modules", UINT64_C(0xffffffffc0000000), UINT64_C(0xfffffffffeffffff)},
                 {"fixmap", UINT64_C(0xffffffffff000000), UINT64_C(0xffffffffff7fefff)},
                 {"vsyscall", UINT64_C(0xffffffffff600000), UINT64_C(0xffffffffff600fff)}}},
    {.mode = "x86_64-48",
     .note = NOTE("NUMBER(KERNEL_IMAGE_SIZE)=536870912\n"),
     .variables = {"page_offset_base", "vmalloc_base", "vmemmap_base"},
     .values = {UINT64_C(0xffff9a0000000000), UINT64_C(0xffffb12340000000),
                UINT64_C(0xfffff00000000000)},
     .windows = {{"linear map", UINT64_C(0xffff9a0000000000), UINT64_C(0xffffb1233fffffff)},
                 {"vmalloc", UINT64_C(0xffffb12340000000), UINT64_C(0xffffd1233fffffff)},
                 {"vmemmap", UINT64_C(0xfffff00000000000), UINT64_C(0xfffff0ffffffffff)},
                 {"image window", UINT64_C(0xffffffff80000000), UINT64_C(0xffffffff9fffffff)},
                 {"modules", UINT64_C(0xffffffffa0000000), UINT64_C(0xfffffffffeffffff)}}},
    {.mode = "x86_64-48",
     .note = NOTE("NUMBER(KERNEL_IMAGE_SIZE)=1073741825\n"),
     .variables = {"page_offset_base", "vmalloc_base", "vmemmap_base"},
     .values = {UINT64_C(0xffff9a0000000000), UINT64_C(0xffffb12340000000),
                UINT64_C(0xfffffd8000000000)},
     .windows = {{"vmemmap", UINT64_C(0xfffffd8000000000), UINT64_C(0xfffffdffffffffff)},
                 {"image window", UINT64_C(0xffffffff80000000), UINT64_C(0xffffffffbfffffff)}}},
    /* Documentation/arch/riscv/vm-layout.rst; the guest leaves 64 GiB before its linear map */
    {.mode = "riscv64-sv39",
     .base = 0x80000000,
     .windows = {{"fixmap", UINT64_C(0xffffffbefea00000), UINT64_C(0xffffffbefeffffff)},
                 {"PCI I/O", UINT64_C(0xffffffbeff000000), UINT64_C(0xffffffbeffffffff)},
                 {"vmemmap", UINT64_C(0xffffffbf00000000), UINT64_C(0xffffffbfffffffff)},
                 {"vmalloc", UINT64_C(0xffffffc000000000), UINT64_C(0xffffffcfffffffff)},
                 {"linear map", UINT64_C(0xffffffd000000000), UINT64_C(0xffffffefffffffff)},
                 {"RAM p:80000000", UINT64_C(0xffffffd000000000), UINT64_C(0xffffffd007ffffff)},
                 {"modules", UINT64_C(0xffffffff00800000), UINT64_C(0xffffffff7fffffff)},
                 {"kernel image", UINT64_C(0xffffffff80000000), UINT64_C(0xffffffff807fffff)}}},
    {.mode = "riscv64-sv48",
     .base = 0x80000000,
     .windows = {{"vmemmap", UINT64_C(0xffff5e1000000000), UINT64_C(0xffff600fffffffff)},
                 {"vmalloc", UINT64_C(0xffff601000000000), UINT64_C(0xffff800fffffffff)},
                 {"linear map", UINT64_C(0xffff801000000000), UINT64_C(0xffffc00fffffffff)}}},
    {.mode = "riscv64-sv48",
     .base = 0x80000000,
     .note = NOTE("NUMBER(PAGE_OFFSET)=0xffffaf8000000000\nNUMBER(VMALLOC_START)="
                  "0xffff8f8000000000\nNUMBER(VMALLOC_END)=0xffffaf8000000000\nNUMBER(VMEMMAP_"
                  "START)=0xffff8d8000000000\nNUMBER(VMEMMAP_END)=0xffff8f8000000000\nNUMBER("
                  "MODULES_VADDR)=0xffffffff02345000\nNUMBER(MODULES_END)=0xffffffff80000000\n"),
     .windows = {{"fixmap", UINT64_C(0xffff8d7ffea00000), UINT64_C(0xffff8d7ffeffffff)},
                 {"PCI I/O", UINT64_C(0xffff8d7fff000000), UINT64_C(0xffff8d7fffffffff)},
                 {"vmemmap", UINT64_C(0xffff8d8000000000), UINT64_C(0xffff8f7fffffffff)},
                 {"vmalloc", UINT64_C(0xffff8f8000000000), UINT64_C(0xffffaf7fffffffff)},
                 {"linear map", UINT64_C(0xffffaf8000000000), UINT64_C(0xffffef7fffffffff)},
                 {"modules", UINT64_C(0xffffffff02345000), UINT64_C(0xffffffff7fffffff)}}},
    {.mode = "riscv64-sv48",
     .base = 0x80000000,
     .note = NOTE("NUMBER(PAGE_OFFSET)=0xffffef8000000000\n"),
     .mapped = {UINT64_C(0xffffffff00123000)},
     .windows = {{"linear map", UINT64_C(0xffffef8000000000), UINT64_C(0xfffffffdffffffff)},
                 {"modules", UINT64_C(0xffffffff00123000), UINT64_C(0xffffffff7fffffff)}}},
    /* Documentation/arch/arm64/memory.rst: of 5.11 to 6.8, and since */
    {.mode = "arm64-4k-48",
     .base = 0x40000000,
     .mapped = {UINT64_C(0xfffffc0000000000)},
     .windows = {{"linear map", UINT64_C(0xffff000000000000), UINT64_C(0xffff7fffffffffff)},
                 {"RAM p:40000000", UINT64_C(0xffff000000000000), UINT64_C(0xffff000007ffffff)},
                 {"modules", UINT64_C(0xffff800000000000), UINT64_C(0xffff800007ffffff)},
                 {"vmalloc", UINT64_C(0xffff800008000000), UINT64_C(0xfffffbffefffffff)},
                 {"kernel image", UINT64_C(0xffff804b92200000), UINT64_C(0xffff804b929fffff)},
                 {"fixmap", UINT64_C(0xfffffbfff0000000), UINT64_C(0xfffffbfffdffffff)},
                 {"PCI I/O", UINT64_C(0xfffffbfffe800000), UINT64_C(0xfffffbffff7fffff)},
                 {"vmemmap", UINT64_C(0xfffffc0000000000), UINT64_C(0xfffffdffffffffff)}}},
    {.mode = "arm64-4k-39",
     .base = 0x40000000,
     .mapped = {UINT64_C(0xfffffffe00000000)},
     .windows = {{"linear map", UINT64_C(0xffffff8000000000), UINT64_C(0xffffffbfffffffff)},
                 {"modules", UINT64_C(0xffffffc000000000), UINT64_C(0xffffffc007ffffff)},
                 {"vmalloc", UINT64_C(0xffffffc008000000), UINT64_C(0xfffffffdefffffff)},
                 {"vmemmap", UINT64_C(0xfffffffe00000000), UINT64_C(0xfffffffeffffffff)}}},
    {.mode = "arm64-4k-48",
     .base = 0x40000000,
     .windows = {{"linear map", UINT64_C(0xffff000000000000), UINT64_C(0xffff000007ffffff)},
                 {"kernel image", UINT64_C(0xffff804b92200000), UINT64_C(0xffff804b929fffff)}},
     .why = "modules, vmalloc and vmemmap are not known"},
    {.mode = "arm64-4k-48",
     .base = 0x40000000,
     .mapped = {UINT64_C(0xfffffdffc0000000)},
     .windows = {{"modules", UINT64_C(0xffff800000000000), UINT64_C(0xffff80007fffffff)},
                 {"vmalloc", UINT64_C(0xffff800080000000), UINT64_C(0xfffffdffbf7fffff)},
                 {"vmemmap", UINT64_C(0xfffffdffc0000000), UINT64_C(0xffffffffbfffffff)},
                 {"PCI I/O", UINT64_C(0xffffffffc0800000), UINT64_C(0xffffffffc17fffff)},
                 {"fixmap", UINT64_C(0xffffffffc2000000), UINT64_C(0xffffffffff7fffff)}}},
};

static void assert_window(const char *mode, const struct regions *regions,
                          const struct window *window)
{
    for (size_t i = 0; i < regions->count; i++) {
        const struct region *region = &regions->region[i];
        if (strcmp(region->name, window->name) != 0)
            continue;
        if (region->start != window->start || region->last != window->last)
            fail_msg("%s: %s is %" PRIx64 " to %" PRIx64, mode, region->name, region->start,
                     region->last);
        return;
    }
    fail_msg("%s: there is no %s", mode, window->name);
}

static void check(const struct layout_case *is)
{
    struct made_guest made;
    struct session *session;
    struct vmcoreinfo info;
    struct regions regions = {0};
    struct error err = {0};
    guest_start(&made, is->mode, is->base, SIZE);
    unsigned last = made.builder.paging->levels - 1u;
    for (size_t i = 0; i < 3 && is->mapped[i]; i++)
        builder_leaf(&made.builder, is->mapped[i], is->base + MIB(96), last, KERNEL_RW);
    struct symbols *symbols = symbols_create();
    for (size_t i = 0; i < 3 && is->variables[i]; i++) {
        uint64_t at = GUEST_TEXT + 0x100000 + 8 * i;
        pages_put(made.pages, made.image_pa + at, is->values[i]);
        symbols_add(symbols, made.image_va + at, 'D', is->variables[i], strlen(is->variables[i]),
                    NULL);
    }
    symbols_complete(symbols);
    struct file file = guest_file(&made);
    session = open_session(&file, is->base, is->mode, made.builder.root_pa, NO_ROOT);
    if (is->note)
        assert_true(vmcoreinfo_parse(&info, is->note, strlen(is->note)));
    struct linux_context linux = {.memory = &session->memory,
                                  .kernel = &session->kernel,
                                  .info = is->note ? &info : NULL,
                                  .symbols = symbols,
                                  .image = {made.image_va, LINUX_IMAGE}};
    if (!regions_load(&regions, &linux, &err))
        fail_msg("%s: %s", is->mode, err.text);
    for (size_t i = 0; i < MOST && is->windows[i].name; i++)
        assert_window(is->mode, &regions, &is->windows[i]);
    if (!strstr(regions.why.text, is->why ? is->why : "areas of vmalloc are not known"))
        fail_msg("%s: %s", is->mode, regions.why.text);
    regions_free(&regions);
    symbols_destroy(symbols);
    session_close(session);
    file_remove(&file);
    guest_end(&made);
}

static void test_windows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        check(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows),
    };
    return cmocka_run_group_tests_name("windows of architectures", tests, NULL, NULL);
}
