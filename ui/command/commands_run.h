/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rows of the program's commands run, by the file that has it. */
#ifndef RAMWALK_UI_COMMAND_COMMANDS_RUN_H
#define RAMWALK_UI_COMMAND_COMMANDS_RUN_H

#include "ui/command/commands.h"
#include "ui/command/rc.h"

/* commands_bind.c */
ui_run run_bind, run_source, run_unbind;
ui_words words_of_bind, words_of_unbind;

/* Runs the lines of a file.  False with the first mistake, its file and line; all the lines that
 * could be run were.  What needs something that is still being loaded is run when that is there. */
bool command_source(struct app *app, const char *path, const struct rc_text *text,
                    struct error *err);

/* commands_go.c */
ui_run run_back, run_forward, run_goto, run_goto_mark, run_mark, run_mark_letter, run_reveal;

/* commands_guest.c */
ui_run run_ask_type, run_paging, run_process, run_root, run_root_user, run_struct;
ui_words words_of_paging, words_of_process;

/* commands_pane.c */
ui_run run_close_pane, run_filter, run_focus, run_follow_cursor, run_next_view, run_only, run_pane,
    run_previous_view, run_search, run_search_next, run_search_previous, run_split, run_zoom;
ui_words words_of_focus, words_of_follow_cursor, words_of_pane, words_of_split;
bool has_filter(const struct pane_type *type);

/* commands_popup.c */
ui_run run_popup_close, run_popup_filter, run_popup_follow, run_popup_sort_next,
    run_popup_sort_reverse;

/* commands_program.c */
ui_run run_cancel, run_copy, run_help, run_pause, run_prompt, run_quit, run_redraw, run_refresh,
    run_suspend;

/* commands_set.c */
ui_run run_set;
ui_words words_of_set;

/* The value of an expression; bare numbers are of the pane's own space.  False with a reason. */
bool command_evaluate(struct app *app, const char *text, struct address *address,
                      struct error *err);

#endif
