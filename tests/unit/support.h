/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the unit tests share: cmocka's assertions, physical memory as a sparse map of pages, page
 * tables built by their own rules (not the code under test's), files on tmpfs, and a sink
 * for the output of commands.
 */
#ifndef RAMWALK_UNIT_SUPPORT_H
#define RAMWALK_UNIT_SUPPORT_H

#include "answer/output.h"
#include "base/sizes.h"
#include "paging/walk.h"
#include "session/session.h"
#include "tests/unit/checks.h"

#include <stdint.h>

/* --- random numbers: the same in every run --- */

struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t limit);

/* --- physical memory as a map of 4 KiB pages --- */

struct pages;
struct pages *pages_create(void);
void pages_destroy(struct pages *pages);

/* The words of the page at `pa` (a multiple of 4096); made, all zero, where it is not there. */
uint64_t *pages_make(struct pages *pages, uint64_t pa);
/* NULL where it is not there. */
const uint64_t *pages_find(const struct pages *pages, uint64_t pa);
/* One word at a multiple of 8. */
void pages_put(struct pages *pages, uint64_t pa, uint64_t word);
uint64_t pages_get(const struct pages *pages, uint64_t pa);

/*
 * Every table is handed out in the same buffer, which the next call overwrites: the least that
 * struct table_source promises.  A table of which any page is missing is not to be had.
 */
struct table_source pages_source(struct pages *pages);

/* Writes all pages into the file, the one at `base` to offset 0.  Pages outside are left out. */
void pages_write(const struct pages *pages, int fd, uint64_t base, uint64_t size);

/* --- spaces --- */

/* The kernel's, of a mode by name. */
struct space space_of(const char *mode, uint64_t kernel_pa, uint64_t user_pa);

/* --- page tables --- */

enum permission { KERNEL_RW, KERNEL_RO, KERNEL_RX, USER_RW, USER_RO, USER_RX, PERMISSIONS };

struct builder {
    struct pages *pages;
    const struct paging *paging;
    uint64_t root_pa;
    uint64_t next_pa; /* where the next table goes */
};

/* The root is at `root_pa`, further tables from `tables_pa` on, each aligned to its size. */
struct builder builder_of(struct pages *pages, const char *mode, uint64_t root_pa,
                          uint64_t tables_pa);
/* Maps one leaf at `level`; tables on the way are made. */
void builder_leaf(struct builder *builder, uint64_t va, uint64_t pa, unsigned level,
                  enum permission permission);
/* Maps [va, va + size) to pa with pages of `level`. */
void builder_map(struct builder *builder, uint64_t va, uint64_t pa, uint64_t size, unsigned level,
                 enum permission permission);
/* Where the entry of `va` at `level` lies; tables on the way are made. */
uint64_t builder_entry_pa(struct builder *builder, uint64_t va, unsigned level);

uint64_t entry_table(const struct paging *paging, uint64_t pa);
uint64_t entry_leaf(const struct paging *paging, unsigned level, uint64_t pa,
                    enum permission permission);
/* The bits of a leaf at `level` that say where it leads. */
uint64_t entry_address_bits(const struct paging *paging, unsigned level);
/* What access_text() of a leaf under open tables has to say. */
const char *permission_text(const struct paging *paging, enum permission permission);

/*
 * Random tables below one root: legal, empty, reserved, lost and looping entries.  Their places
 * are in [tables_pa, tables_pa + size).
 */
void random_tables(struct rng *rng, struct builder *builder, unsigned tables);

/* --- files --- */

struct file {
    char path[64];
    int fd;
};
/* A sparse file of `size` bytes on tmpfs. */
struct file file_create(uint64_t size);
void file_remove(struct file *file);
void file_write(const struct file *file, uint64_t offset, const void *bytes, size_t length);
void file_text(const struct file *file, uint64_t offset, const char *text);
int64_t file_blocks(const struct file *file);
/* Makes [offset, offset + length) a hole again. */
void file_punch(const struct file *file, uint64_t offset, uint64_t length);

/* A digest of content, size, blocks and mtime. */
struct file_state {
    uint64_t sum;
    int64_t size, blocks, mtime_ns;
};
struct file_state file_state(const struct file *file);
void assert_file_unchanged(const struct file *file, const struct file_state *before);

struct source *open_image(const char *spec);
/* The same, read by one reader, which alone holds it. */
struct source_reader *open_reader(const char *spec);
void close_reader(struct source_reader *reader);
/* A session on a file that is at `base`, with the paging and roots given, settled. */
struct session *open_session(const struct file *file, uint64_t base, const char *mode,
                             uint64_t root_pa, uint64_t root_user_pa);

/* --- output of commands --- */

struct capture {
    struct output output;
    char *text; /* lines, each with its newline */
    size_t length, capacity, lines;
};
void capture_start(struct capture *capture, bool json);
void capture_free(struct capture *capture);

#endif
