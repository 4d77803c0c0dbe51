/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose addresses these are.
 *
 *   f:  byte offset into the image (several files: one after the other, in the order given)
 *   p:  guest physical address
 *   v:  guest virtual address: of the kernel, of a process, or of tables that were named by hand
 *
 * A space never changes, and a pointer to it is its identity.  f: and p: are one each; virtual
 * ones live as long as the guest (memory/spaces.h), so a pointer may be kept anywhere.
 */
#ifndef RAMWALK_MEMORY_SPACE_H
#define RAMWALK_MEMORY_SPACE_H

#include "paging/walk.h"

enum space_kind { SPACE_FILE, SPACE_PHYS, SPACE_VIRT };
#define SPACE_KINDS 3

/*
 * What is known of a mapping although the tables to it lie outside of a file that was cut:
 * size bytes at va are at va - delta.  It answers only where a walk ends at such a table.
 */
struct space_window {
    uint64_t va, size, delta; /* size 0: none */
};

/* Whose user half it is. */
struct space_process {
    int32_t pid; /* 0: nobody's */
    int32_t tgid;
    char comm[64];           /* printable, as when it was entered */
    uint64_t task_va, mm_va; /* mm_va 0: it has ended, and there is no user half */
    uint64_t pgd_pa;         /* roots.user_pa is that, or the copy that user mode runs on */
};

struct space {
    enum space_kind kind;
    /* SPACE_VIRT: */
    const struct paging *paging; /* NULL: not known (yet): nothing is mapped */
    struct roots roots;
    struct space_window window;
    const struct space *kernel; /* of the same guest, whose kernel half is this one's too; NULL: it
                                   is the kernel's itself */
    struct space_process process;
};

extern const struct space space_file, space_phys;

/* Virtual, of a guest whose tables are not known (yet). */
extern const struct space space_unknown;

/* 'f', 'p' or 'v'. */
char space_letter(enum space_kind kind);

/* "file offset", "physical", "virtual". */
const char *space_kind_name(enum space_kind kind);

/* The space whose kernel half a virtual one has. */
static inline const struct space *space_kernel(const struct space *space)
{
    return space->kernel ? space->kernel : space;
}

/* Of a virtual address in a space: is it the same in all spaces of the kernel? */
static inline bool space_is_shared(const struct space *space, uint64_t va)
{
    return space->paging && paging_is_kernel_half(space->paging, va);
}

/* Of a process that has ended: then nothing is mapped in the user half. */
static inline bool space_has_ended(const struct space *space)
{
    return space->process.pid && space->roots.user_pa == NO_ROOT;
}

/* "kernel", "process 110 gt-alpha", "by hand"; NULL for f: and p:.  Returns text. */
#define SPACE_NAME 96
const char *space_name(const struct space *space, char text[SPACE_NAME]);

/* False where the letter names no kind of space. */
bool space_of_letter(char letter, enum space_kind *kind);

#endif
