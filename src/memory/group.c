/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contiguous groups that a step of a walk, or a run, has part in. */
#include "memory/memory.h"

void memory_group_of_step(struct memory *memory, const struct walk_step *step,
                          struct paging_group *group)
{
    source_group(&memory->source, memory->paging, step->level, step->table_pa, step->index, group);
}

static void group_at(struct memory *memory, uint64_t va, struct paging_group *group)
{
    struct walk walk;
    memory_walk(memory, va, &walk);
    *group = (struct paging_group){0};
    if (walk.end == WALK_MAPPED)
        memory_group_of_step(memory, &walk.step[walk.steps - 1], group);
}

/* A group that lies within the run agrees, as all of the run does: its ends are left. */
void memory_group_of_run(struct memory *memory, const struct run *run, struct paging_group *group)
{
    *group = (struct paging_group){0};
    if (!(run->entry & memory->paging->arch->contiguous))
        return;
    group_at(memory, run->va, group);
    if (group->count && !group->broken)
        group_at(memory, run->va + (run->size - 1), group);
}
