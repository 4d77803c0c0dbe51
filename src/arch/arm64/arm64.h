/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of this folder; the rest of the program knows arch_arm64 (arch/arch.h). */
#ifndef RAMWALK_ARCH_ARM64_ARM64_H
#define RAMWALK_ARCH_ARM64_ARM64_H

#include "arch/layout.h"
#include "paging/paging.h"

extern const struct paging_arch arm64_paging; /* how entries speak */
extern const struct paging arm64_modes[];     /* the last row has name NULL */

/* The windows of the kernel's half. */
void arm64_windows(struct arch_layout *layout);

#endif
