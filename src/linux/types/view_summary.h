/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What distinguishes one instance of a struct from another, in a few words: "pid 1, comm "init"".
 */
#ifndef RAMWALK_LINUX_TYPES_VIEW_SUMMARY_H
#define RAMWALK_LINUX_TYPES_VIEW_SUMMARY_H

#include "base/text.h"
#include "linux/context.h"
#include "linux/types/btf.h"

#define VIEW_SUMMARY_FIELDS 3

struct summary_fields {
    struct btf_member member[VIEW_SUMMARY_FIELDS];
    const char *name[VIEW_SUMMARY_FIELDS]; /* a path; as long as the btf lives */
    unsigned count;                        /* 0: nothing of it is that short */
    bool more;                             /* there are others like them */
};

/* Names, numbers and states where the type has them; else its first numbers and pointers. */
void view_summary_fields(const struct linux_context *linux, uint32_t type,
                         struct summary_fields *fields);

/* Adds them, of the struct at `va`.  False: they cannot be read. */
bool view_summarize(const struct linux_context *linux, const struct summary_fields *fields,
                    uint64_t va, struct text *text);

#endif
