/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel image's parts: by the linker's symbols (include/asm-generic/sections.h) where the
 * kernel names them, else by what its pages permit.
 */
#include "linux/layout/region_private.h"

#include <string.h>

#define HOLE_MIN  UINT64_C(0x40000) /* smaller ones are alignment, not what was freed */
#define PIECE_MIN UINT64_C(0x4000)  /* smaller ones are guards between the parts */

enum part { TEXT, RODATA, DATA, BSS, INIT, PARTS };

static const char *const part_name[PARTS] = {"text", "rodata", "data", "bss", "init"};

/* First and last of several names, in order of preference. */
static const struct {
    enum part part;
    const char *first[3], *end[3];
} parts[] = {
    {TEXT, {"_stext", "_text", NULL}, {"_etext", NULL, NULL}},
    {RODATA, {"__start_rodata", NULL, NULL}, {"__end_rodata", NULL, NULL}},
    {INIT, {"__init_begin", NULL, NULL}, {"__init_end", NULL, NULL}},
    {DATA, {"_sdata", "_data", NULL}, {"_edata", NULL, NULL}},
    {BSS, {"__bss_start", NULL, NULL}, {"__bss_stop", "_end", NULL}},
};

struct image_part {
    uint64_t first, last;
    bool known;
};

static bool first_of(const struct region_maker *maker, const char *const names[3], uint64_t *va)
{
    for (size_t i = 0; i < 3 && names[i]; i++)
        if (region_symbol(maker, names[i], va))
            return true;
    return false;
}

/* Where both ends are named, and in the image. */
static void by_symbols(const struct region_maker *maker, struct image_part span[PARTS])
{
    uint64_t image = maker->linux->image.va, size = maker->linux->image.size, first, end;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!first_of(maker, parts[i].first, &first) || !first_of(maker, parts[i].end, &end) ||
            first < image || end <= first || end - image > size)
            continue;
        /* RISC-V counts __init_end..__start_rodata, its exception tables, as data. */
        if (parts[i].part == DATA && span[RODATA].known && first < span[RODATA].first &&
            end > span[RODATA].last)
            first = span[RODATA].last + 1;
        span[parts[i].part] = (struct image_part){first, end - 1, true};
    }
}

static bool overlaps(const struct image_part span[PARTS], uint64_t first, uint64_t last)
{
    for (unsigned i = 0; i < PARTS; i++)
        if (span[i].known && span[i].first <= last && first <= span[i].last)
            return true;
    return false;
}

static void add_part(struct region_maker *maker, const struct image_part *part, const char *name)
{
    static const char word[] = "image ";
    struct region *region = region_add(maker, part->first, part->last, "%s%s", word, name);
    region_set_kind(region, REGION_IMAGE, strlen(word));
}

/* A piece of pages of one kind, where symbols did not name its kind, nor a part of it. */
static void add_piece(struct region_maker *maker, const struct image_part named[PARTS],
                      enum part part, const struct image_part *piece)
{
    if (!piece->known || named[part].known || piece->last - piece->first < PIECE_MIN ||
        overlaps(named, piece->first, piece->last))
        return;
    /* Nothing tells the two apart where both are writable pages. */
    bool is_both = part == DATA && !named[BSS].known;
    add_part(maker, piece, is_both ? "data and bss" : part_name[part]);
}

/* Pieces by what they permit; the largest hole among them is what was freed after boot. */
static void by_pages(struct region_maker *maker, const struct image_part named[PARTS])
{
    const struct linux_context *linux = maker->linux;
    uint64_t image_last = linux->image.va + linux->image.size - 1, next = linux->image.va;
    struct image_part piece = {0}, hole = {0};
    enum part of = TEXT;
    struct mapping_iterator listing;
    struct mapping run;
    mapping_open(&listing, maker->paging, &linux->memory->tables, linux->kernel->root_pa,
                 linux->image.va, image_last);
    while (mapping_next(&listing, &run, NULL) == MAPPING_FOUND) {
        uint64_t last = run.va + run.size - 1;
        enum part part = run.access.kernel & ACCESS_X   ? TEXT
                         : run.access.kernel & ACCESS_W ? DATA
                                                        : RODATA;
        last = last < image_last ? last : image_last;
        run.va = run.va < linux->image.va ? linux->image.va : run.va;
        if (run.va > next && run.va - next >= HOLE_MIN && next > linux->image.va &&
            (!hole.known || run.va - next > hole.last - hole.first + 1))
            hole = (struct image_part){next, run.va - 1, true};
        if (piece.known && of == part && run.va == next)
            piece.last = last;
        else {
            add_piece(maker, named, of, &piece);
            piece = (struct image_part){run.va, last, true};
            of = part;
        }
        next = last + 1;
    }
    add_piece(maker, named, of, &piece);
    add_piece(maker, named, INIT, &hole);
}

void region_image(struct region_maker *maker)
{
    struct image_part named[PARTS] = {0};
    uint64_t image = maker->linux->image.va, size = maker->linux->image.size, end;
    if (!size) {
        region_unknown(maker, 0, "where the kernel's image lies is not known");
        return;
    }
    if (region_symbol(maker, "_end", &end) && end > image && end - image < size)
        size = end - image; /* mapped in large pages, it goes on after that */
    region_add(maker, image, image + size - 1, "kernel image");
    by_symbols(maker, named);
    for (unsigned i = 0; i < PARTS; i++)
        if (named[i].known)
            add_part(maker, &named[i], part_name[i]);
    by_pages(maker, named);
}
