/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The RAM of the seed guest as a sparse file: its page tables at their own addresses, and whatever
 * is written through them. Addresses: pa = guest physical, va = kernel virtual; file offset =
 * pa - SEED_RAM_START. A write goes where the tables say or fails, so content cannot contradict
 * them. Functions returning bool have printed why to stderr when they return false. */
#ifndef RAMWALK_DEMO_SEED_H
#define RAMWALK_DEMO_SEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEED_RAM_START 0x40000000ULL
#define SEED_RAM_SIZE  0x180000000ULL /* 6 GiB */
#define SEED_ROOT      0x136deb000ULL /* swapper_pg_dir */
#define SEED_PAGE      4096ULL

/* The layout of arm64 Linux 6.14 with 4 KiB pages and 48 bits, and this guest's image within it.
 * The tables fix all but SEED_RODATA: text ends somewhere in the 2 MiB that [256] maps by pages
 * between blocks (0xffff800081800000); where was not recorded, the value is this image's choice. */
#define SEED_LINEAR       0xffff000000000000ULL /* maps SEED_RAM_START */
#define SEED_IMAGE        0xffff800000000000ULL /* root entry [256]: modules, image, vmalloc */
#define SEED_TEXT         0xffff800080010000ULL
#define SEED_RODATA       0xffff8000818d0000ULL
#define SEED_RODATA_END   0xffff8000829f0000ULL /* swapper_pg_dir is in the last pages before it */
#define SEED_DATA         0xffff800083720000ULL
#define SEED_DATA_END     0xffff800083db0000ULL
#define SEED_MODULES_END  0xffff800080000000ULL
#define SEED_VMEMMAP      0xfffffdffc0000000ULL
#define SEED_IMAGE_OFFSET 0xffff7fff4bc00000ULL /* va - pa within the kernel image */

struct seed_table {
    uint64_t pa;
    unsigned shift;      /* address bits that an entry covers: 39, 30, 21, 12 */
    uint64_t entry[512]; /* as in memory; without attributes until seed_write_tables */
};

struct seed {
    int fd; /* the file that is written; borrowed */
    struct seed_table *tables;
    size_t table_count;
    size_t leaves;           /* set by seed_write_tables: pages and blocks reached from the root */
    size_t root_leaves[512]; /* the same by root entry */
    uint64_t bytes_written;
    uint64_t area_end; /* state of the walk: where the module area under way ends, and its number */
    unsigned area;
};

/* Reads a listing of page tables into seed->tables, which seed_deinit frees. */
bool seed_load_tables(struct seed *seed, const char *path);
void seed_deinit(struct seed *seed);

/* Adds attribute bits to every entry reached from the root, and writes all tables to the file. */
bool seed_write_tables(struct seed *seed);

/* The physical address that the tables give va, or false (silently) if they map nothing there. */
bool seed_translate(const struct seed *seed, uint64_t va, uint64_t *pa);

/* Writes size bytes at va, page by page. Fails where va is not mapped to RAM or hits a table. */
bool seed_write(struct seed *seed, uint64_t va, const void *bytes, size_t size);

/* The same at a physical address, for what no table maps. */
bool seed_write_physical(struct seed *seed, uint64_t pa, const void *bytes, size_t size);

#endif
