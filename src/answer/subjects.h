/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that answer: one row each, sorted by name.  A command is defined beside its subject,
 * in the file of its name.
 */
#ifndef RAMWALK_ANSWER_SUBJECTS_H
#define RAMWALK_ANSWER_SUBJECTS_H

#include "answer/command.h"

/* clang-format off */
#define COMMAND_ROWS(ROW) \
    ROW(dmesg) ROW(help) ROW(hex) ROW(info) ROW(list) ROW(page) \
    ROW(pages) ROW(ps) ROW(regions) ROW(schema) ROW(struct) ROW(sym) \
    ROW(tables) ROW(translate) ROW(types) ROW(vmas) ROW(walk)
/* clang-format on */

#define COMMAND_DECLARE(name) extern const struct command command_##name;
COMMAND_ROWS(COMMAND_DECLARE)
#undef COMMAND_DECLARE

/* What the list pane shows: the elements of a list, found one after the other.  Arguments: "head"
 * or "object", TYPE.MEMBER, EXPR. */
extern const struct subject subject_elements;

#endif
