/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, made from the tables of keys, commands and settings. */
#ifndef RAMWALK_UI_COMMAND_HELP_H
#define RAMWALK_UI_COMMAND_HELP_H

#include "base/error.h"
#include "ui/widget/popup.h"

/* Everything, or (topic not "") one command.  NULL: no such command. */
struct popup *help_popup(const char *topic, struct error *err);

#endif
