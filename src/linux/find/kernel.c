/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a kernel was found, as words. */
#include "linux/find/kernel.h"

const char *kernel_found_name(enum kernel_found found)
{
    static const char *const name[] = {
        [KERNEL_UNKNOWN] = "unknown",
        [KERNEL_BY_HAND] = "by hand",
        [KERNEL_BY_VMCOREINFO] = "vmcoreinfo",
        [KERNEL_BY_PGD_SCAN] = "structure",
    };
    return name[found];
}
