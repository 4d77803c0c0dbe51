/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `vmas`: what a process has mapped, in lines as those of /proc/PID/maps. */
#include "answer/items.h"
#include "answer/subjects.h"
#include "linux/tasks/vma.h"
#include "session/handles.h"

enum { START, END, SIZE, PERM, OFFSET, FILE_NAME, VMA, COLUMNS };

static const struct column columns[COLUMNS] = {
    [START] = {"start", "START", "its first address", VALUE_ADDRESS, COLUMN_BARE | COLUMN_RIGHT, 12,
               .digits = 12},
    [END] = {"end", "END", "the address after its last one", VALUE_ADDRESS,
             COLUMN_BARE | COLUMN_RIGHT, 12, 2, .digits = 12, .gap = "-"},
    [SIZE] = {"size", "SIZE", "its size", VALUE_SIZE, COLUMN_NO_JSON | COLUMN_WIDE | COLUMN_RIGHT,
              6, 4},
    [PERM] = {"perm", "PERM", "rwx, and p private or s shared", VALUE_PERMISSION, 0, 4, 3},
    [OFFSET] = {"offset", "OFFSET", "where it begins in the file, in bytes", VALUE_HEX,
                COLUMN_BARE | COLUMN_RIGHT | COLUMN_LESSER, 8, 1, .digits = 8},
    [FILE_NAME] = {"file", "FILE", "the file's path, [heap], [stack], [anon:NAME], ...", VALUE_TEXT,
                   .gap = "  "},
    [VMA] = {"vma", "VMA", "its vm_area_struct", VALUE_ADDRESS, COLUMN_NO_TEXT, 18},
};
static const struct shape shape = SHAPE(columns);

/* The mappings as they were when they were read. */
struct mapping_rows {
    struct vmas vmas;
    const struct space *space;
};

static void fill(struct query *query, const void *state, size_t i, struct value *row)
{
    const struct mapping_rows *mappings = state;
    const struct space *space = mappings->space;
    const struct vma *vma = &mappings->vmas.vma[i];
    (void)query;
    row[START] = value_virt(space, vma->start);
    row[END] = value_virt(space, vma->end);
    row[SIZE] = value_of_type(VALUE_SIZE, vma->end - vma->start);
    row[PERM] = value_word(VALUE_PERMISSION, vma->perm);
    row[OFFSET] = value_of_type(VALUE_HEX, vma->offset);
    row[FILE_NAME] = value_text(vma->file[0] ? vma->file : NULL);
    row[VMA] = value_virt(space, vma->va);
}

static bool load(struct query *query, void *state, struct error *err)
{
    struct mapping_rows *mappings = state;
    struct linux_context *linux = session_need(query->session, LINUX_TASKS, err);
    if (!linux)
        return false;
    if (!*query->arguments)
        return error_at(err, 0, "no process given; usage: vmas PID, or vmas COMM; ps lists them");
    const struct task *task = session_task(query->session, query->arguments, err);
    if (!task)
        return false;
    if (!task->mm)
        return error_at(err, 0, "%s (%d) %s: it has no mappings", task->comm, task->pid,
                        task->kthread ? "is a kernel thread" : "has ended");
    mappings->space = session_space_of(query->session, task, err);
    return mappings->space && vmas_load(&mappings->vmas, linux, task->mm, err);
}

static void unload(void *state)
{
    vmas_free(&((struct mapping_rows *)state)->vmas);
}

static size_t count(const void *state)
{
    return ((const struct mapping_rows *)state)->vmas.count;
}

static uint64_t key(const void *state, size_t i)
{
    return ((const struct mapping_rows *)state)->vmas.vma[i].start;
}

static void note(struct query *query, const void *state)
{
    const struct vmas *vmas = &((const struct mapping_rows *)state)->vmas;
    if (vmas->cut)
        query_note_at(query, vmas->why.va, "there may be more: %s", vmas->why.text);
}

static const struct items items = {
    .state_size = sizeof(struct mapping_rows),
    .load = load,
    .unload = unload,
    .count = count,
    .fill = fill,
    .key = key,
    .note = note,
};

static const struct subject subject = {
    .shape = &shape, .bare = true, .rows = query_items, .items = &items};

const struct command command_vmas = {
    .name = "vmas",
    .arguments = "PID|COMM",
    .brief = "what a process has mapped",
    .argument = ARGUMENT_PROCESS,
    .subject = &subject,
};
