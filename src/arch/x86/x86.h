/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of this folder; the rest of the program knows arch_x86 (arch/arch.h). */
#ifndef RAMWALK_ARCH_X86_X86_H
#define RAMWALK_ARCH_X86_X86_H

#include "arch/layout.h"
#include "paging/paging.h"

extern const struct paging_arch x86_paging; /* how entries speak */
extern const struct paging x86_modes[];     /* the last row has name NULL */

/* The windows of the kernel's half. */
void x86_windows(struct arch_layout *layout);

#endif
