/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Little-endian numbers at any address: what every guest that is known here writes. */
#ifndef RAMWALK_BASE_BYTES_H
#define RAMWALK_BASE_BYTES_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t load_le16(const void *bytes)
{
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return le16toh(value);
}

static inline uint32_t load_le32(const void *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return le32toh(value);
}

static inline uint64_t load_le64(const void *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return le64toh(value);
}

/* A number of `size` bytes, 8 at most; zeros above. */
static inline uint64_t load_le(const void *bytes, size_t size)
{
    uint64_t value = 0;
    memcpy(&value, bytes, size);
    return le64toh(value);
}

#endif
