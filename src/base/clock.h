/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time that passes: it never jumps, and counts from no date. */
#ifndef RAMWALK_BASE_CLOCK_H
#define RAMWALK_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds. */
int64_t clock_ms(void);

#endif
