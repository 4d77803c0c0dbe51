/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree of page tables over tables that are held in an array. */
#ifndef RAMWALK_UNIT_TREE_SAMPLE_H
#define RAMWALK_UNIT_TREE_SAMPLE_H

#include "arch/arch.h"
#include "ui/pane/tables/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PAGE  UINT64_C(4096)
#define BASE  UINT64_C(0x40000000)
#define PAGES 16
#define HALF  UINT64_C(0xffff000000000000)

/* arm64 descriptors: kernel data (rw-k), kernel text (r-xk), a table. */
#define DATA  UINT64_C(0x0060000000000703)
#define TEXT  UINT64_C(0x0040000000000783)
#define TABLE UINT64_C(3)
#define BLOCK UINT64_C(2) /* the bit that a block lacks */

/* Page n of the memory, by its number: 0 PGD, 1 PUD, 2 PMD, 3 PTE, ... */
struct memory_array {
    uint64_t word[PAGES][512];
    uint64_t lost_pa, lost_end; /* of these bytes nothing is there */
};

/*
 * [0] -> PUD [0] -> PMD [0] -> PTE: 0-99 data, 100 text, 101-511 data
 *                   PMD [1] block, PMD [2] block right after it, PMD [3] not in the image
 *                   PMD [4] a device's block, PMD [5] PROT_NONE, PMD [6] empty table
 * [511] -> the PGD itself
 */
struct tree_sample {
    struct memory_array memory;
    struct tree tree;
};

/* Setup and teardown of a test: *state is a struct tree_sample, with an arm64 root at HALF. */
int tree_sample_start(void **state);
int tree_sample_end(void **state);

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, tree_sample_start, tree_sample_end)

/* The address of page n. */
uint64_t page_pa(unsigned n);

/* Opens the tree anew over the same memory. */
void open_tree(struct tree_sample *f, const char *paging, uint64_t kernel, uint64_t user);

/* A row that must be there. */
struct tree_row row_at(const struct tree *tree, size_t n);

/* Finds the row of a place that must be there. */
size_t find_row(const struct tree *tree, uint64_t va, unsigned depth);

#endif
