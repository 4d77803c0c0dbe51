/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is to read in the demonstration image. seed_image.c lists it. */
#ifndef RAMWALK_DEMO_SEED_CONTENT_H
#define RAMWALK_DEMO_SEED_CONTENT_H

#include "seed.h"

#include <stdbool.h>

/* Writes all content through the tables, which seed_write_tables has written before.
 * False after a message if something would not go where it belongs. */
bool seed_content_write(struct seed *seed);

#endif
