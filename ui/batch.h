/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same without a terminal: commands in, lines of text or JSON out. */
#ifndef RAMWALK_UI_BATCH_H
#define RAMWALK_UI_BATCH_H

#include "ui/arguments.h"

/* Runs the commands.  Answers the exit status: 1 where one of them failed. */
int batch_run(struct session *session, const struct arguments *arguments);

#endif
