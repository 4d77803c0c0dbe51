/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands share that show memory as types: `struct`, `list`. */
#ifndef RAMWALK_ANSWER_VALUE_OUTPUT_H
#define RAMWALK_ANSWER_VALUE_OUTPUT_H

#include "answer/output.h"
#include "linux/types/view.h"
#include "session/session.h"

/* A symbolizer with the guest as context. */
char *value_name(void *linux, uint64_t va, char *text, size_t size);

/* The expression `text`, a part of `arguments`, as a virtual address. */
bool argument_virtual(struct session *session, const char *arguments, const char *text,
                      struct address *address, struct error *err);

/* "name", "offset", "size", "type", "value", ... of a row. */
struct record *value_record(const struct view_row *row);

#endif
