/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guest of 64 MiB at p:40000000 with a kernel and a process, in any paging mode. */
#ifndef RAMWALK_UNIT_SCENE_H
#define RAMWALK_UNIT_SCENE_H

#include "memory/memory.h"
#include "tests/unit/support.h"

#define BASE    UINT64_C(0x40000000)
#define ROOT_PA (BASE + 0x10000)
#define USER_PA (BASE + 0x20000)
#define TABLES  (BASE + 0x40000)
#define SIZE    MIB(64)
#define HALF    UINT64_C(0xffff000000000000)

struct scene {
    struct pages *pages;
    struct builder kernel, user;
    struct file file;
    struct source *image;
    struct space space;
    struct memory memory;
    struct file_state before;
};

/* Two empty roots, whose tables the test fills. */
void scene_start(struct scene *scene, const char *mode);

/* Puts the tables into the file, and opens it: with the reverse index, or without. */
void scene_open(struct scene *scene);
void scene_open_plain(struct scene *scene);

/* Closes all of it; the file is as it was. */
void scene_end(struct scene *scene);

#endif
