/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `vmas`: what a process has mapped, in lines as those of /proc/PID/maps. */
#include "answer/subjects.h"
#include "linux/tasks/vma.h"

enum { START, END, SIZE, PERM, OFFSET, FILE_NAME, VMA, COLUMNS };

static const struct column columns[COLUMNS] = {
    [START] = {.name = "start",
               .heading = "START",
               .brief = "its first address",
               .type = VALUE_ADDRESS,
               .flags = COLUMN_BARE | COLUMN_RIGHT,
               .width = 12,
               .digits = 12},
    [END] = {.name = "end",
             .heading = "END",
             .brief = "the address after its last one",
             .type = VALUE_ADDRESS,
             .flags = COLUMN_BARE | COLUMN_RIGHT,
             .width = 12,
             .digits = 12,
             .priority = 2,
             .gap = "-"},
    [SIZE] = {.name = "size",
              .heading = "SIZE",
              .brief = "its size",
              .type = VALUE_SIZE,
              .flags = COLUMN_NO_JSON | COLUMN_WIDE | COLUMN_RIGHT,
              .width = 6,
              .priority = 4},
    [PERM] = {.name = "perm",
              .heading = "PERM",
              .brief = "rwx, and p private or s shared",
              .type = VALUE_PERMISSION,
              .width = 4,
              .priority = 3},
    [OFFSET] = {.name = "offset",
                .heading = "OFFSET",
                .brief = "where it begins in the file, in bytes",
                .type = VALUE_HEX,
                .flags = COLUMN_BARE | COLUMN_RIGHT,
                .width = 8,
                .digits = 8,
                .priority = 1},
    [FILE_NAME] = {.name = "file",
                   .heading = "FILE",
                   .brief = "the file's path, [heap], [stack], [anon:NAME], ...",
                   .type = VALUE_TEXT,
                   .gap = "  "},
    [VMA] = {.name = "vma",
             .heading = "VMA",
             .brief = "its vm_area_struct",
             .type = VALUE_ADDRESS,
             .flags = COLUMN_NO_TEXT,
             .width = 18},
};
static const struct shape shape = SHAPE(columns);

static bool give_vma(struct query *query, const struct vma *vma)
{
    struct value *row = query_row(query);
    row[START] = value_virt(vma->start);
    row[END] = value_virt(vma->end);
    row[SIZE] = value_of_type(VALUE_SIZE, vma->end - vma->start);
    row[PERM] = value_word(VALUE_PERMISSION, vma->perm);
    row[OFFSET] = value_of_type(VALUE_HEX, vma->offset);
    row[FILE_NAME] = value_text(vma->file[0] ? vma->file : NULL);
    row[VMA] = value_virt(vma->va);
    return query_emit(query);
}

static bool rows(struct query *query, struct error *err)
{
    struct linux_context *linux = session_need(query->session, LINUX_TASKS, err);
    struct vmas vmas = {0};
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
    if (!vmas_load(&vmas, linux->memory, linux->btf, task->mm, err))
        return false;
    for (size_t i = 0; i < vmas.count && give_vma(query, &vmas.vma[i]); i++)
        ;
    if (vmas.cut)
        query_note(query, "there may be more: %s", vmas.why.text);
    vmas_free(&vmas);
    return true;
}

const struct subject subject_vmas = {.shape = &shape, .bare = true, .rows = rows};
