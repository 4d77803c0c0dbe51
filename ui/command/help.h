/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, made from the tables of keys, commands and settings. */
#ifndef RAMWALK_UI_COMMAND_HELP_H
#define RAMWALK_UI_COMMAND_HELP_H

#include "base/error.h"
#include "ui/command/keymap.h"
#include "ui/widget/popup.h"

/* Everything, the keys of the context first, or (topic not "") one command, or what one key runs.
 * NULL: no such command or key. */
struct popup *help_popup(const struct keymap *map, unsigned context, const char *topic,
                         struct error *err);

#endif
