/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots of real guests with their pages opened, for the tests that compare. */
#ifndef RAMWALK_UNIT_PAGE_GUEST_H
#define RAMWALK_UNIT_PAGE_GUEST_H

#include "linux/linux.h"
#include "session/session.h"

#include <stdio.h>

struct opened {
    char folder[300];
    struct session *session;
    struct vmcoreinfo info;
    struct linux_context linux;
    struct pages *pages;
};

/* Opens folder/ram.img and everything that is known of it.  `with_info`: VMCOREINFO is used. */
void guest_open(struct opened *opened, bool with_info);
void guest_close(struct opened *opened);

/* A file of the folder. */
FILE *truth(const struct opened *opened, const char *name);

/* Every guest below RAMWALK_GUESTS (RAMWALK_GUEST: only that one); without it the test skips. */
void each_guest(void (*check)(struct opened *));

#endif
