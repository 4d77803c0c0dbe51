/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ps` and `vmas`: tasks, and what they have mapped. */
#include "answer/commands.h"
#include "linux/tasks/vma.h"

#include <inttypes.h>
#include <stdio.h>

static bool print_task(struct output *output, const struct task *task)
{
    if (!output->json) {
        char name[sizeof task->comm + 2];
        snprintf(name, sizeof name, task->kthread ? "[%s]" : "%s", task->comm);
        return output_text(output, "%7d %7d %7d %c %-18s  task v:%" PRIx64 "%s", task->pid,
                           task->tgid, task->ppid, task->state, name, task->va,
                           task->pid != task->tgid ? "  thread" : "");
    }
    char state[2] = {task->state, '\0'};
    struct record *record = record_new();
    record_number(record, "pid", task->pid);
    record_number(record, "tgid", task->tgid);
    record_number(record, "ppid", task->ppid);
    record_text(record, "comm", task->comm);
    record_text(record, "state", state);
    record_bool(record, "kthread", task->kthread);
    record_hex(record, "task", task->va);
    record_hex_or_null(record, "mm", task->mm != 0, task->mm);
    record_hex_or_null(record, "pgd", task->pgd_pa != NO_ROOT, task->pgd_pa);
    return output_record(output, record);
}

bool command_ps(struct session *session, const char *arguments, struct output *output,
                struct error *err)
{
    const struct tasks *tasks = session_tasks(session, err);
    if (!tasks)
        return false;
    if (*arguments)
        return error_at(err, 0, "ps takes no argument");
    output_text(output, "%7s %7s %7s S %s", "PID", "TGID", "PPID", "COMM");
    for (size_t i = 0; i < tasks->count; i++)
        if (!print_task(output, &tasks->task[i]))
            return true;
    if (tasks->cut)
        output_note(output, "there may be more: %s", tasks->why.text);
    return true;
}

static bool print_vma(struct output *output, const struct vma *vma)
{
    if (!output->json)
        return output_text(output, "%012" PRIx64 "-%012" PRIx64 " %s %08" PRIx64 "  %s", vma->start,
                           vma->end, vma->perm, vma->offset, vma->file);
    struct record *record = record_new();
    record_hex(record, "start", vma->start);
    record_hex(record, "end", vma->end);
    record_text(record, "perm", vma->perm);
    record_hex(record, "offset", vma->offset);
    record_text(record, "file", vma->file[0] ? vma->file : NULL);
    record_hex(record, "vma", vma->va);
    return output_record(output, record);
}

bool command_vmas(struct session *session, const char *arguments, struct output *output,
                  struct error *err)
{
    struct linux_context *linux = session_need(session, LINUX_TASKS, err);
    struct vmas vmas = {0};
    if (!linux)
        return false;
    if (!*arguments)
        return error_at(err, 0, "whose? vmas PID, or vmas COMM; ps lists them");
    const struct task *task = session_task(session, arguments, err);
    if (!task)
        return false;
    if (!task->mm)
        return error_at(err, 0, "%s (%d) %s: it has no mappings", task->comm, task->pid,
                        task->kthread ? "is a kernel thread" : "has ended");
    if (!vmas_load(&vmas, linux->memory, linux->btf, task->mm, err))
        return false;
    for (size_t i = 0; i < vmas.count; i++)
        if (!print_vma(output, &vmas.vma[i]))
            break;
    if (vmas.cut)
        output_note(output, "there may be more: %s", vmas.why.text);
    vmas_free(&vmas);
    return true;
}
