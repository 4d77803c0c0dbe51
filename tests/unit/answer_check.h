/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must hold of every answer: its keys stand in the schema with the types that they have, and
 * where, sort= and columns= choose of its rows what a reader of the JSON would choose.
 */
#ifndef RAMWALK_UNIT_ANSWER_CHECK_H
#define RAMWALK_UNIT_ANSWER_CHECK_H

#include "answer/command.h"

#include <jansson.h>

/* The objects that a line prints, notes aside; it must succeed. */
json_t *answer_rows(struct session *session, const char *line);

/* Every key of every row, nested ones too. */
void answer_check_schema(struct session *session, const char *line);

/* For each key that terms can be about, by values that its rows have. */
void answer_check_terms(struct session *session, const char *line);
void answer_check_order(struct session *session, const char *line);

#endif
