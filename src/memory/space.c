/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three kinds of spaces: one row each. */
#include "memory/space.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
    char letter;
    const char *name;
} kinds[SPACE_KINDS] = {
    [SPACE_FILE] = {'f', "file offset"},
    [SPACE_PHYS] = {'p', "physical"},
    [SPACE_VIRT] = {'v', "virtual"},
};

const struct space space_file = {.kind = SPACE_FILE, .roots = {NO_ROOT, NO_ROOT}};
const struct space space_phys = {.kind = SPACE_PHYS, .roots = {NO_ROOT, NO_ROOT}};
const struct space space_unknown = {.kind = SPACE_VIRT, .roots = {NO_ROOT, NO_ROOT}};

char space_letter(enum space_kind kind)
{
    return kinds[kind].letter;
}

const char *space_kind_name(enum space_kind kind)
{
    return kinds[kind].name;
}

const char *space_name(const struct space *space, char text[SPACE_NAME])
{
    const struct space_process *process = &space->process;
    if (space->kind != SPACE_VIRT)
        return NULL;
    if (process->pid)
        snprintf(text, SPACE_NAME, "process %" PRId32 " %s", process->pid, process->comm);
    else
        snprintf(text, SPACE_NAME, space->kernel ? "by hand" : "kernel");
    return text;
}

bool space_of_letter(char letter, enum space_kind *kind)
{
    for (int i = 0; i < SPACE_KINDS; i++)
        if (kinds[i].letter == letter) {
            *kind = (enum space_kind)i;
            return true;
        }
    return false;
}
