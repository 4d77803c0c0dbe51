/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of subjects give to the table of commands (command.c): one each. */
#ifndef RAMWALK_ANSWER_SUBJECTS_H
#define RAMWALK_ANSWER_SUBJECTS_H

#include "answer/query.h"

extern const struct subject subject_dmesg;
extern const struct subject subject_elements; /* no command: "head|object TYPE.MEMBER EXPR" */
extern const struct subject subject_help;
extern const struct subject subject_hex;
extern const struct subject subject_info;
extern const struct subject subject_list;
extern const struct subject subject_page;
extern const struct subject subject_pages;
extern const struct subject subject_ps;
extern const struct subject subject_regions;
extern const struct subject subject_schema;
extern const struct subject subject_struct;
extern const struct subject subject_sym;
extern const struct subject subject_tables;
extern const struct subject subject_translate;
extern const struct subject subject_types;
extern const struct subject subject_vmas;
extern const struct subject subject_walk;

#endif
