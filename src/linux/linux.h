/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of the Linux in the image, from its RAM alone: symbols, types, modules, tasks,
 * layout.  Each part is loaded in its own step, in the background; each that cannot be
 * known says why, and the rest works.
 */
#ifndef RAMWALK_LINUX_LINUX_H
#define RAMWALK_LINUX_LINUX_H

#include "linux/context.h"
#include "linux/layout/region.h"
#include "linux/modules/btf_modules.h"
#include "linux/modules/module_list.h"
#include "linux/pages/page.h"
#include "linux/stage.h"
#include "linux/symbols/percpu.h"
#include "linux/symbols/symbols.h"
#include "linux/tasks/task.h"

/* The rest of *linux is found in the stages.  False: out of memory. */
bool linux_init(struct linux_context *linux, struct memory *memory, const struct kernel *kernel,
                const struct vmcoreinfo *info /* or NULL */);
void linux_deinit(struct linux_context *linux);

/*
 * What is known, for another thread with its own memory handle: what never changes once it is
 * loaded is shared with `of`, which must live longer; tasks are copied.  All parts of `of` must
 * have been tried; call it where `of` is used.  False: out of memory.
 */
bool linux_share(struct linux_context *linux, const struct linux_context *of,
                 struct memory *memory);

/* The stage to come; LINUX_STAGES: all have been tried. */
enum linux_stage linux_next(const struct linux_context *linux);

/* False where a stage failed, or is still to come; why it failed. */
bool linux_knows(const struct linux_context *linux, enum linux_stage stage);
const struct error *linux_why(const struct linux_context *linux, enum linux_stage stage);

/* Loads the next part.  True: all have been tried. */
bool linux_step(struct linux_context *linux);

/* Loads everything up to and including `part`.  False with the reason where it is not known. */
bool linux_need(struct linux_context *linux, enum linux_stage part, struct error *err);

/* Reads the tasks anew (a live guest).  Where a part of them is on its way, those of before stay.
 */
void linux_refresh_tasks(struct linux_context *linux);

/*
 * The address of a kernel symbol: kallsyms, else what VMCOREINFO names, else what was found by
 * other means (init_task).  Of a per-CPU variable this is its place in the template, which is
 * nobody's.  False: no such name is known.
 */
bool linux_symbol(const struct linux_context *linux, const char *name, uint64_t *va);

/* "init_task+0x10": the symbol not too far before `va`.  False ("" in text): none. */
bool linux_symbol_text(const struct linux_context *linux, uint64_t va, char *text, size_t size);

/* Printable text that begins at `va`, with its end in sight or long enough: "\"swapper/0\"".
 * False (text is as it was): none. */
bool linux_string_text(const struct linux_context *linux, uint64_t va, char *text, size_t size);

/*
 * A pointer's meaning in few words: "init_task+0x10", "\"swapper/0\"" where printable text lies
 * there, the region's name; "" where nothing is known.  Returns text.
 */
char *linux_name_va(struct linux_context *linux, uint64_t va, char *text, size_t size);

#endif
