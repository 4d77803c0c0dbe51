/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layout: windows and areas of a small guest, and areas that lie. */
#include "arch/arch.h"
#include "linux/layout/region.h"

#include "linux/layout/vmalloc.h"
#include "session/session_private.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HEAD    (IMAGE_VA + 0x8000)
#define PURGE   (IMAGE_VA + 0x8020)
#define FREE    (IMAGE_VA + 0x8040)
#define AREA(i) (MODULES_VA + 0x80 * (uint64_t)(i))
#define VM(i)   (MODULES_VA + 0x4000 + 0x80 * (uint64_t)(i))
#define LIST    40 /* vmap_area.list */
#define START   UINT64_C(0xffff800010000000)

struct fixture {
    struct btf *btf;
    struct symbols *symbols;
    struct small_guest linux;
    struct kernel kernel;
    struct vmcoreinfo info;
    struct module_list modules;
};

static void link_to(struct fixture *f, uint64_t from, uint64_t to)
{
    small_put(&f->linux, from, to, 8);
    small_put(&f->linux, to + 8, from, 8);
}

static void put(struct fixture *f, uint64_t va, const char *type, const char *path, uint64_t value)
{
    small_put(&f->linux, va + kernel_offset(f->btf, type, path), value, 8);
}

static void put_area(struct fixture *f, unsigned i, uint64_t start, uint64_t size)
{
    put(f, AREA(i), "vmap_area", "va_start", start);
    put(f, AREA(i), "vmap_area", "va_end", start + size);
    put(f, AREA(i), "vmap_area", "vm", VM(i));
    put(f, VM(i), "vm_struct", "addr", start);
    put(f, VM(i), "vm_struct", "size", size);
    put(f, VM(i), "vm_struct", "flags", i == 1 ? 1 : 2);
    put(f, VM(i), "vm_struct", "phys_addr", i == 1 ? 0x9000000 : 0);
    put(f, VM(i), "vm_struct", "caller", IMAGE_VA + 0x100 + i);
}

/* Three areas in use, one to be purged, all of the rest free. */
static void make(struct fixture *f, bool named)
{
    f->btf = kernel_types(false);
    f->modules = (struct module_list){0};
    f->symbols = symbols_create();
    assert_true(symbols_add(f->symbols, IMAGE_VA + 0x100, 'T', "asker", 5, NULL));
    if (named)
        assert_true(symbols_add(f->symbols, HEAD, 'D', "vmap_area_list", 14, NULL));
    assert_true(symbols_add_range(f->symbols, NULL, IMAGE_VA, IMAGE_VA + IMAGE_SIZE - 1));
    symbols_complete(f->symbols);
    small_make(&f->linux);
    for (unsigned i = 0; i < 3; i++)
        put_area(f, i, START + 0x10000 * i, 0x5000);
    put(f, AREA(2), "vmap_area", "vm", 0);
    put_area(f, 3, START + 0x40000, 0x3000);
    put_area(f, 4, START + 0x50000, UINT64_C(1) << 40);
    put(f, AREA(4), "vmap_area", "vm", UINT64_C(1) << 40); /* there: the largest below it */
    link_to(f, HEAD, AREA(0) + LIST);
    link_to(f, AREA(0) + LIST, AREA(1) + LIST);
    link_to(f, AREA(1) + LIST, AREA(2) + LIST);
    link_to(f, AREA(2) + LIST, HEAD);
    link_to(f, PURGE, AREA(3) + LIST);
    link_to(f, AREA(3) + LIST, PURGE);
    link_to(f, FREE, AREA(4) + LIST);
    link_to(f, AREA(4) + LIST, FREE);
    f->kernel = (struct kernel){.paging = arch_mode_named("arm64-4k-48"), .root_pa = BASE};
}

static void done(struct fixture *f, struct regions *regions)
{
    regions_free(regions);
    small_close(&f->linux);
    symbols_destroy(f->symbols);
    btf_close(f->btf);
}

static const char note[] = "OSRELEASE=6.1\nPAGESIZE=4096\nSYMBOL(_stext)=ffff800008010000\n"
                           "NUMBER(MODULES_VADDR)=0xffff800000000000\n"
                           "NUMBER(MODULES_END)=0xffff800008000000\n"
                           "NUMBER(VMALLOC_START)=0xffff800008000000\n"
                           "NUMBER(VMALLOC_END)=0xfffffbfff0000000\n"
                           "NUMBER(VMEMMAP_START)=0xfffffc0000000000\n"
                           "NUMBER(VMEMMAP_END)=0xfffffe0000000000\n";

/* 6.12 of Debian, built for 52 bits, on a CPU that has 48; and with 16K pages on one that has 52.
 */
static const char wide_note[] = "OSRELEASE=6.12\nPAGESIZE=4096\nSYMBOL(_stext)=ffff800080010000\n"
                                "NUMBER(MODULES_VADDR)=0xffff800000000000\n"
                                "NUMBER(MODULES_END)=0xffff800080000000\n"
                                "NUMBER(VMALLOC_END)=0xfffffdffbf800000\n"
                                "NUMBER(VMEMMAP_START)=0xffffc1ffc0000000\n"
                                "NUMBER(VMEMMAP_END)=0xffffffffc0000000\n";
static const char note_16k[] = "OSRELEASE=6.12\nPAGESIZE=16384\nSYMBOL(_stext)=ffffc00080010000\n"
                               "NUMBER(MODULES_VADDR)=0xffffc00000000000\n"
                               "NUMBER(MODULES_END)=0xffffc00080000000\n"
                               "NUMBER(VMALLOC_END)=0xfffff03fbf800000\n"
                               "NUMBER(VMEMMAP_START)=0xfffff03fc0000000\n"
                               "NUMBER(VMEMMAP_END)=0xffffffffc0000000\n";

static struct regions load(struct fixture *f, const char *text)
{
    struct regions regions = {0};
    struct error err = {0};
    small_open(&f->linux);
    assert_true(vmcoreinfo_parse(&f->info, text, strlen(text)));
    struct linux_context facts = {.memory = &f->linux.memory,
                                  .kernel = &f->kernel,
                                  .info = &f->info,
                                  .symbols = f->symbols,
                                  .btf = f->btf,
                                  .modules = &f->modules,
                                  .image = {IMAGE_VA, IMAGE_SIZE}};
    if (!regions_load(&regions, &facts, &err))
        fail_msg("%s", err.text);
    return regions;
}

static const char *name_at(const struct regions *regions, uint64_t va)
{
    const struct region *region = region_at(regions, va);
    return region ? region->name : "";
}

static void test_layout(void **state)
{
    (void)state;
    struct fixture f;
    for (unsigned named = 0; named < 2; named++) {
        make(&f, named);
        struct regions regions = load(&f, note);
        assert_string_equal(regions.why.text, "");
        assert_string_equal(name_at(&regions, UINT64_C(0xffff123400000000)), "linear map");
        assert_string_equal(name_at(&regions, MODULES_VA), "modules");
        assert_string_equal(name_at(&regions, IMAGE_VA), "image text");
        assert_string_equal(name_at(&regions, IMAGE_VA + IMAGE_SIZE), "vmalloc");
        assert_string_equal(name_at(&regions, START), "vmalloc: asker");
        assert_string_equal(name_at(&regions, START + 0x4fff), "vmalloc: asker");
        assert_string_equal(name_at(&regions, START + 0x5000), "vmalloc");
        assert_string_equal(name_at(&regions, START + 0x10000), "ioremap p:9000000: asker+0x1");
        assert_string_equal(name_at(&regions, START + 0x20000), "vm_map_ram");
        assert_string_equal(name_at(&regions, START + 0x40000), "unpurged");
        assert_string_equal(name_at(&regions, START + 0x50000), "vmalloc");
        assert_string_equal(name_at(&regions, UINT64_C(0xfffffc0000000000)), "vmemmap");
        assert_string_equal(name_at(&regions, UINT64_C(0xfffffbfffdc00000)), "fixmap");
        assert_string_equal(name_at(&regions, UINT64_C(0xfffffbfffe800000)), "PCI I/O");
        assert_string_equal(name_at(&regions, 0), "");
        assert_string_equal(name_at(&regions, UINT64_MAX), "");
        assert_int_equal(region_at(&regions, START)->depth, 1);
        done(&f, &regions);
    }
}

/* What the kernel is built for, and what the CPU has, are two things. */
static void test_wide(void **state)
{
    (void)state;
    struct fixture f;
    make(&f, true);
    struct regions regions = load(&f, wide_note);
    assert_string_equal(name_at(&regions, UINT64_C(0xffffd00000000000)), "vmalloc");
    assert_string_equal(name_at(&regions, UINT64_C(0xfffffdffc0000000)), "vmemmap");
    done(&f, &regions);
    make(&f, true);
    f.kernel.paging = arch_mode_named("arm64-16k-52");
    regions = load(&f, note_16k);
    assert_string_equal(name_at(&regions, UINT64_C(0xffffbfffffffffff)), "linear map");
    assert_string_equal(name_at(&regions, UINT64_C(0xffffc00000000000)), "modules");
    assert_string_equal(name_at(&regions, UINT64_C(0xfffff03fbf7fffff)), "vmalloc");
    done(&f, &regions);
}

/* A list that loops, leads nowhere, or holds what is no area: what came before stays. */
static void test_lying_lists(void **state)
{
    (void)state;
    static const uint64_t lies[] = {
        AREA(0) + LIST,       AREA(1) + LIST, 0, 0x1234, UINT64_C(0xffff900000000000),
        MODULES_VA + 0x100000};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct fixture f;
        make(&f, true);
        small_put(&f.linux, AREA(1) + LIST, lies[i], 8);
        struct regions regions = load(&f, note);
        assert_true(regions.why.text[0] != '\0');
        assert_string_equal(name_at(&regions, START), "vmalloc: asker");
        assert_string_equal(name_at(&regions, START + 0x10000), "ioremap p:9000000: asker+0x1");
        assert_string_equal(name_at(&regions, START + 0x40000), "unpurged");
        done(&f, &regions);
    }
}

/* Areas of no sense, and vm_structs of others. */
static void test_lying_areas(void **state)
{
    (void)state;
    struct fixture f;
    make(&f, true);
    put(&f, VM(0), "vm_struct", "addr", START + 0x1000);
    put(&f, VM(1), "vm_struct", "size", UINT64_MAX);
    put(&f, AREA(2), "vmap_area", "va_end", START);
    struct regions regions = load(&f, note);
    assert_string_equal(name_at(&regions, START), "vm_map_ram");
    assert_string_equal(name_at(&regions, START + 0x14fff), "ioremap p:9000000: asker+0x1");
    assert_string_equal(name_at(&regions, START + 0x20000), "vmalloc");
    assert_true(regions.why.text[0] != '\0');
    done(&f, &regions);
}

/* --- 6.9 and later: the lists are in vmap_nodes -------------------------------------------- */

static const struct type_text node_types[] = {
    {"list_head", 16, "next:p@0 prev:p@8"},
    {"vmap_area", 72, "va_start:u8@0 va_end:u8@8 list:list_head@40 vm:p@56"},
    {"vm_struct", 72, "addr:p@8 size:u8@16 flags:u8@24 phys_addr:u8@48 caller:p@56"},
    {"rb_list", 32, "root:p@0 head:list_head@8"},
    {"vmap_node", 80, "busy:rb_list@16 lazy:rb_list@48"},
};
#define NODES_PTR (IMAGE_VA + 0x8000)
#define NODES     (MODULES_VA + 0x10000)
#define BUSY(i)   (NODES + 80 * (uint64_t)(i) + 24)
#define LAZY(i)   (NODES + 80 * (uint64_t)(i) + 56)

/* Two nodes: areas 0 and 1 in use, area 3 freed; area 2 is the second one's. */
static void make_nodes(struct fixture *f, bool named, uint64_t nodes)
{
    make(f, false);
    btf_close(f->btf);
    f->btf = types_of_text(node_types, sizeof node_types / sizeof *node_types);
    small_put(&f->linux, HEAD, 0, 8); /* what make() has there */
    small_put(&f->linux, PURGE, 0, 8);
    for (unsigned i = 0; i < 2; i++) {
        link_to(f, nodes - NODES + BUSY(i), nodes - NODES + BUSY(i));
        link_to(f, nodes - NODES + LAZY(i), nodes - NODES + LAZY(i));
    }
    link_to(f, nodes - NODES + BUSY(0), AREA(0) + LIST);
    link_to(f, AREA(0) + LIST, AREA(1) + LIST);
    link_to(f, AREA(1) + LIST, nodes - NODES + BUSY(0));
    link_to(f, nodes - NODES + LAZY(0), AREA(3) + LIST);
    link_to(f, AREA(3) + LIST, nodes - NODES + LAZY(0));
    link_to(f, nodes - NODES + BUSY(1), AREA(2) + LIST);
    link_to(f, AREA(2) + LIST, nodes - NODES + BUSY(1));
    small_put(&f->linux, NODES_PTR, nodes, 8);
    small_put(&f->linux, NODES_PTR + 8, 2, 4);
    if (!named)
        return;
    assert_true(symbols_add(f->symbols, NODES_PTR, 'D', "vmap_nodes", 10, NULL));
    assert_true(symbols_add(f->symbols, NODES_PTR + 8, 'D', "nr_vmap_nodes", 13, NULL));
    symbols_complete(f->symbols);
}

static void test_nodes(void **state)
{
    (void)state;
    /* By names, found in their own pages, and on a single CPU in the image. */
    static const uint64_t nodes[] = {NODES, NODES, IMAGE_VA + 0x9000};
    for (unsigned i = 0; i < 3; i++) {
        struct fixture f;
        make_nodes(&f, i == 0, nodes[i]);
        struct regions regions = load(&f, note);
        assert_string_equal(regions.why.text, "");
        assert_string_equal(name_at(&regions, START), "vmalloc: asker");
        assert_string_equal(name_at(&regions, START + 0x10000), "ioremap p:9000000: asker+0x1");
        assert_string_equal(name_at(&regions, START + 0x20000), "vm_map_ram");
        assert_string_equal(name_at(&regions, START + 0x40000), "unpurged");
        done(&f, &regions);
    }
    static const uint32_t counts[] = {0, 65537, 1};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct fixture f;
        make_nodes(&f, true, NODES);
        small_put(&f.linux, NODES_PTR + 8, counts[i], 4);
        struct regions regions = load(&f, note);
        assert_string_equal(name_at(&regions, START), "vmalloc: asker");
        /* A count that cannot be is not believed: the nodes say themselves how many they are. */
        assert_string_equal(name_at(&regions, START + 0x20000),
                            counts[i] == 1 ? "vmalloc" : "vm_map_ram");
        done(&f, &regions);
    }
    struct fixture f; /* not at the start of a page, nor in the image: no nodes */
    make_nodes(&f, false, NODES + 0x10);
    struct regions regions = load(&f, note);
    assert_true(regions.why.text[0]);
    assert_string_equal(name_at(&regions, START), "vmalloc");
    done(&f, &regions);
}

/* What areas are for, by vm_struct's flags; an area of a module bears its name. */
static void test_areas(void **state)
{
    (void)state;
    static const struct {
        uint64_t flags;
        const char *name;
    } cases[] = {{1, "ioremap p:7000: asker"}, {2, "vmalloc p:7000: asker"},
                 {3, "ioremap p:7000: asker"}, {4, "vmap p:7000: asker"},
                 {16, "dma p:7000: asker"},    {8, "area p:7000: asker"},
                 {2 | 32, "vmalloc"}}; /* not set up yet */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        make(&f, true);
        put(&f, VM(0), "vm_struct", "flags", cases[i].flags);
        put(&f, VM(0), "vm_struct", "phys_addr", 0x7000);
        struct regions regions = load(&f, note);
        assert_string_equal(name_at(&regions, START), cases[i].name);
        assert_int_equal(region_at(&regions, START)->last, START + 0x4fff);
        done(&f, &regions);
    }
    struct fixture f;
    make(&f, true);
    put(&f, VM(0), "vm_struct", "size", 0x3000); /* the guard page is not its own */
    put(&f, VM(1), "vm_struct", "size", 0x6000); /* longer than the area */
    put(&f, VM(1), "vm_struct", "caller", 0xfff0000000001234);
    struct module module = {.name = "some", .ranges = 2};
    module.range[0] = (struct module_range){START + 0x100000, START + 0x100fff, "data"};
    module.range[1] = (struct module_range){START + 0x22000, START + 0x22fff, "text"};
    f.modules = (struct module_list){.module = &module, .count = 1};
    struct regions regions = load(&f, note);
    assert_int_equal(region_at(&regions, START)->last, START + 0x2fff);
    assert_int_equal(region_at(&regions, START + 0x10000)->last, START + 0x14fff);
    assert_string_equal(name_at(&regions, START + 0x20000), "module some");
    assert_string_equal(name_at(&regions, START + 0x24fff), "module some");
    done(&f, &regions);
}

/* Parts of the image by what its pages permit; what was freed after boot is a hole among them. */
static void test_image(void **state)
{
    (void)state;
    struct fixture f;
    make(&f, true);
    uint64_t *table = (uint64_t *)(void *)f.linux.bytes;
    uint64_t pte = BASE + 0x4000, at = IMAGE_VA, pa = BASE + IMAGE_AT;
    /* In place of the first block: 512 pages, of which some are not there. */
    table[1024 + 64] = pte | 3;
    for (uint64_t i = 0; i < 512; i++) {
        uint64_t entry = (pa + i * 4096) | 0x703;
        if (i < 128)
            entry |= UINT64_C(1) << 54 | UINT64_C(1) << 7; /* text: UXN, read-only */
        else if (i < 256)
            entry |= UINT64_C(3) << 53 | UINT64_C(1) << 7; /* rodata: UXN PXN, read-only */
        else
            entry |= UINT64_C(3) << 53;
        ((uint64_t *)(void *)(f.linux.bytes + 0x4000))[i] = i >= 256 && i < 384 ? 0 : entry;
    }
    struct regions regions = load(&f, note);
    static const struct {
        uint64_t page;
        const char *name;
    } places[] = {{0, "image text"},           {127, "image text"},        {128, "image rodata"},
                  {255, "image rodata"},       {256, "image init"},        {383, "image init"},
                  {384, "image data and bss"}, {511, "image data and bss"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        assert_string_equal(name_at(&regions, at + places[i].page * 4096), places[i].name);
    done(&f, &regions);
}

/* Nothing but page tables. */
static void test_bare(void **state)
{
    (void)state;
    struct fixture f;
    struct regions regions = {0};
    struct error err = {0};
    make(&f, false);
    small_open(&f.linux);
    struct linux_context facts = {.memory = &f.linux.memory, .kernel = &f.kernel};
    if (regions_load(&regions, &facts, &err))
        assert_true(regions.why.text[0] != '\0');
    else
        assert_true(err.text[0] != '\0');
    f.kernel.paging = NULL;
    assert_false(regions_load(&regions, &facts, &err));
    done(&f, &regions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),      cmocka_unit_test(test_lying_lists),
        cmocka_unit_test(test_lying_areas), cmocka_unit_test(test_bare),
        cmocka_unit_test(test_wide),        cmocka_unit_test(test_nodes),
        cmocka_unit_test(test_areas),       cmocka_unit_test(test_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
