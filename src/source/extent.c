/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/extent.h"

const char *extent_name(enum extent_kind kind)
{
    static const char *const name[] = {
        [EXTENT_DATA] = "data",           [EXTENT_HOLE] = "never touched",
        [EXTENT_NOT_SAVED] = "not saved", [EXTENT_UNREADABLE] = "unreadable",
        [EXTENT_PENDING] = "on its way",  [EXTENT_NONE] = "not in the file",
        [EXTENT_NOT_READ] = "not read",
    };
    return name[kind];
}
