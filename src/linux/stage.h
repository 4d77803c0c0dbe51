/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of what is known of a guest's Linux (linux/linux.h). */
#ifndef RAMWALK_LINUX_STAGE_H
#define RAMWALK_LINUX_STAGE_H

/* In the order in which they are loaded. */
enum linux_stage {
    LINUX_IMAGE,   /* the kernel image's range */
    LINUX_TYPES,   /* BTF */
    LINUX_SYMBOLS, /* kallsyms and modules */
    LINUX_TASKS,
    LINUX_REGIONS,
    LINUX_PAGES,
    LINUX_STAGES
};

/* "symbols", "types", ... for messages. */
const char *linux_stage_name(enum linux_stage part);

#endif
