/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an architecture describes the windows of the kernel's half: it asks for what is known of
 * the kernel, and names ranges.  Whoever wants the layout (src/linux/layout) answers and collects.
 */
#ifndef RAMWALK_ARCH_LAYOUT_H
#define RAMWALK_ARCH_LAYOUT_H

#include "base/sizes.h"
#include "paging/paging.h"

#define STRUCT_PAGE_SHIFT 6 /* struct page is 64 bytes on all of these */

enum arch_window {
    WINDOW_LINEAR, /* all RAM */
    WINDOW_MODULES,
    WINDOW_VMALLOC,
    WINDOW_VMEMMAP,
    WINDOW_FIXMAP,
    WINDOW_PCI_IO,
    WINDOW_OWN, /* the architecture's own; it is known by its name */
};

/* RAM as the kernel's tables map it at one distance. */
struct arch_linear {
    uint64_t delta;             /* va - pa */
    uint64_t first_pa, last_pa; /* lowest and highest that is mapped so */
    uint64_t bytes;             /* mapped so; 0: the linear map is not known */
};

struct arch_layout;

/* Each answers false where it does not know. */
struct arch_layout_ops {
    /* A number that VMCOREINFO has: "VMALLOC_START". */
    bool (*number)(const struct arch_layout *layout, const char *name, uint64_t *value);
    /* A symbol's address, and the word that a variable holds. */
    bool (*symbol)(const struct arch_layout *layout, const char *name, uint64_t *va);
    bool (*variable)(const struct arch_layout *layout, const char *name, uint64_t *value);
    /* The lowest address in first..last that is mapped. */
    bool (*first_mapped)(const struct arch_layout *layout, uint64_t first, uint64_t last,
                         uint64_t *va);
    /* Takes first..last (both included; nothing where that is no range).  `name` of WINDOW_OWN
     * must be a constant; NULL for the others. */
    void (*add)(struct arch_layout *layout, enum arch_window window, const char *name,
                uint64_t first, uint64_t last);
    /* What could not be known, as a sentence. */
    void (*unknown)(struct arch_layout *layout, const char *what);
};

struct arch_layout {
    const struct arch_layout_ops *ops;
    void *context; /* of ops */
    const struct paging *paging;
    struct arch_linear linear;
    uint64_t image_va, image_size; /* of the kernel's image; size 0: not known */
};

static inline bool arch_number(const struct arch_layout *layout, const char *name, uint64_t *value)
{
    return layout->ops->number(layout, name, value);
}

static inline bool arch_symbol(const struct arch_layout *layout, const char *name, uint64_t *va)
{
    return layout->ops->symbol(layout, name, va);
}

static inline bool arch_variable(const struct arch_layout *layout, const char *name,
                                 uint64_t *value)
{
    return layout->ops->variable(layout, name, value);
}

static inline bool arch_first_mapped(const struct arch_layout *layout, uint64_t first,
                                     uint64_t last, uint64_t *va)
{
    return layout->ops->first_mapped(layout, first, last, va);
}

static inline void arch_window(struct arch_layout *layout, enum arch_window window, uint64_t first,
                               uint64_t last)
{
    layout->ops->add(layout, window, NULL, first, last);
}

static inline void arch_own_window(struct arch_layout *layout, const char *name, uint64_t first,
                                   uint64_t last)
{
    layout->ops->add(layout, WINDOW_OWN, name, first, last);
}

static inline void arch_unknown(struct arch_layout *layout, const char *what)
{
    layout->ops->unknown(layout, what);
}

/* Where the lowest RAM is mapped linearly; 0: not known. */
static inline uint64_t arch_linear_first(const struct arch_layout *layout)
{
    return layout->linear.bytes ? layout->linear.first_pa + layout->linear.delta : 0;
}

#endif
