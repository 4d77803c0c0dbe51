/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary units of bytes, as 64-bit numbers. */
#ifndef RAMWALK_BASE_SIZES_H
#define RAMWALK_BASE_SIZES_H

#include <stdint.h>

#define KIB(n) ((UINT64_C(1) << 10) * (n))
#define MIB(n) ((UINT64_C(1) << 20) * (n))
#define GIB(n) ((UINT64_C(1) << 30) * (n))
#define TIB(n) ((UINT64_C(1) << 40) * (n))

#endif
