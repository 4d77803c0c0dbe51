/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands share that show memory as types: `struct`, `list`. */
#ifndef RAMWALK_TYPED_H
#define RAMWALK_TYPED_H

#include "command/output.h"
#include "guest/view.h"
#include "session/session.h"

/* A view_namer with the guest as context. */
char *typed_name(void *guest, uint64_t va, char *text, size_t size);

/* The expression `text`, a part of `arguments`, as a virtual address. */
bool typed_address(struct session *session, const char *arguments, const char *text, uint64_t *va,
                   struct error *err);

/* "name", "offset", "size", "type", "value", ... of a row. */
struct record *typed_record(const struct view_row *row);

#endif
