/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The image is contiguous in physical memory, so all its pages lie at one distance between
 * virtual and physical address, however its sections are mapped and whatever was freed between.
 */
#include "linux/find/kernel_image.h"

#include "paging/mapping.h"

#define IMAGE_MAX (UINT64_C(1) << 30)  /* the widest window an architecture keeps for it */
#define HOLE_MAX  (UINT64_C(32) << 20) /* freed initialisation code and data */

bool kernel_image_range(struct memory *memory, const struct kernel *kernel,
                        struct kernel_image *image)
{
    if (!kernel->paging || !kernel->has_text_va || kernel->root_pa == NO_ROOT)
        return false;
    if (kernel->window.size) { /* no table says more */
        *image = (struct kernel_image){kernel->window.va, kernel->window.size};
        return true;
    }
    uint64_t text = kernel->text_va, covered = 0;
    /* Before the mapped text vmalloc may have put its pages. */
    struct roots roots = {kernel->root_pa, NO_ROOT};
    struct walk stext;
    walk(&stext, kernel->paging, &memory->tables, &roots, kernel->stext_va);
    if (stext.end != WALK_MAPPED)
        return false;
    uint64_t distance = stext.va - stext.pa;
    uint64_t last = text > UINT64_MAX - IMAGE_MAX ? UINT64_MAX : text + IMAGE_MAX;
    struct mapping_iterator mappings;
    struct mapping mapping;
    mapping_open(&mappings, kernel->paging, &memory->tables, kernel->root_pa, text, last);
    while (mapping_next(&mappings, &mapping, NULL) == MAPPING_FOUND) {
        if (mapping.va < text) { /* a block that begins before it */
            mapping.pa += text - mapping.va;
            mapping.size -= text - mapping.va;
            mapping.va = text;
        }
        if (mapping.va - text > covered + HOLE_MAX)
            break;
        if (mapping.va - mapping.pa == distance)
            covered = mapping.va - text + mapping.size;
    }
    if (!covered)
        return false;
    *image = (struct kernel_image){text, covered};
    return true;
}
