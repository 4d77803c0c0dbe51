/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of this folder; the rest of the program knows arch_riscv (arch/arch.h). */
#ifndef RAMWALK_ARCH_RISCV_RISCV_H
#define RAMWALK_ARCH_RISCV_RISCV_H

#include "arch/layout.h"
#include "paging/paging.h"

extern const struct paging_arch riscv_paging; /* how entries speak */
extern const struct paging riscv_modes[];     /* the last row has name NULL */

/* The windows of the kernel's half. */
void riscv_windows(struct arch_layout *layout);

#endif
