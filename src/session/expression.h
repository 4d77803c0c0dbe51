/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions: where the user wants to go.
 *
 *   v:ffff800081a3b000+0x10   p:$ram+.4096   f:($size/2)   [v:ADDR]   'a   $here
 *
 * Numbers are hexadecimal ("0x" allowed); a leading '.' makes one decimal.  Operators, weakest
 * first: | & << >> + - * /, with parentheses.  A prefix f: p: v: gives the value to its right a
 * space; a bare number takes `default_kind`.  space - same space is a number; space + number
 * keeps the space.  [X] is the pointer (a v: address) stored at X; 'a is a mark, $name a
 * variable, a name that is no number a kernel symbol (init_task+0x10), of a per-CPU one
 * runqueues:1 the copy of CPU 1.  v: is the space of $here where
 * that is virtual, else the session's; v:PID:ADDR and v:COMM:ADDR are of that process.  Evaluating
 * changes nothing.
 */
#ifndef RAMWALK_SESSION_EXPRESSION_H
#define RAMWALK_SESSION_EXPRESSION_H

#include "session/session.h"

/* Failure points at a column of `text`. */
bool expression_eval(struct session *session, const char *text, enum space_kind default_kind,
                     struct address *address, struct error *err);

/*
 * The same, stopping before what cannot belong to the expression: *end is the first byte not
 * used (after blanks).  For commands that take several.
 */
bool expression_prefix(struct session *session, const char *text, enum space_kind default_kind,
                       struct address *address, const char **end, struct error *err);

/* Evaluates to a plain number: a length, a count.  A space is an error. */
bool expression_number(struct session *session, const char *text, uint64_t *number,
                       struct error *err);

#endif
