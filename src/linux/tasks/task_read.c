/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task_struct: what ps shows of it, and whether it can be one at all. */
#include "linux/tasks/task_private.h"

#include "linux/lists/pointer_chain.h"

#include <stdio.h>
#include <string.h>

#define PID_LIMIT  (4 * 1024 * 1024) /* PID_MAX_LIMIT, include/linux/threads.h */
#define PF_KTHREAD 0x00200000u       /* include/linux/sched.h, unchanged since 2.6 */

/* include/linux/sched.h; these values hold since 4.14, longer than there is BTF. */
#define TASK_UNINTERRUPTIBLE 0x0002u
#define TASK_REPORT          0x007fu
#define TASK_NOLOAD          0x0400u
#define TASK_RTLOCK_WAIT     0x1000u
#define TASK_FROZEN          0x8000u
#define TASK_IDLE            (TASK_UNINTERRUPTIBLE | TASK_NOLOAD)

bool task_fields_of(const struct btf *btf, struct task_fields *fields, struct error *err)
{
    static const char *const states[] = {"__state", "state"}; /* renamed in 5.14 */
    static const char task[] = "task_struct";
    *fields = (struct task_fields){0};
    if (!btf)
        return error_set(err, "the kernel's types are not known");
    if (!field_of(btf, task, "tasks", &fields->tasks) ||
        !field_of(btf, task, "pid", &fields->pid) || !field_of(btf, task, "tgid", &fields->tgid) ||
        !field_of(btf, task, "comm", &fields->comm) || fields->comm.size < TASK_COMM)
        return error_set(err, "this kernel's task_struct has no tasks, pid, tgid or comm");
    fields->has_parent = field_of(btf, task, "real_parent", &fields->parent);
    fields->has_mm = field_of(btf, task, "mm", &fields->mm);
    fields->has_flags = field_of(btf, task, "flags", &fields->flags);
    fields->has_state = field_of_any(btf, task, states, 2, &fields->state);
    fields->has_exit_state = field_of(btf, task, "exit_state", &fields->exit_state);
    fields->has_pgd = field_of(btf, "mm_struct", "pgd", &fields->pgd);
    fields->has_thread_head = field_of(btf, task, "signal", &fields->signal) &&
                              field_of(btf, "signal_struct", "thread_head", &fields->thread_head) &&
                              field_of(btf, task, "thread_node", &fields->thread_node);
    fields->has_thread_group = field_of(btf, task, "thread_group", &fields->thread_group);
    return true;
}

/* task_state_index() and task_index_to_char(), include/linux/sched.h. */
static char state_letter(uint64_t state, uint64_t exit_state)
{
    unsigned report = (unsigned)(state | exit_state) & TASK_REPORT;
    if ((state & TASK_IDLE) == TASK_IDLE)
        return 'I';
    if (state & (TASK_RTLOCK_WAIT | TASK_FROZEN))
        report = TASK_UNINTERRUPTIBLE;
    return "RSDTtXZP"[report ? 32 - __builtin_clz(report) : 0];
}

/* False: no NUL where the kernel always has one. */
static bool take_comm(char text[4 * TASK_COMM], const uint8_t raw[TASK_COMM])
{
    size_t used = 0;
    if (!memchr(raw, 0, TASK_COMM))
        return false;
    for (size_t i = 0; raw[i]; i++) {
        if (raw[i] >= ' ' && raw[i] <= '~' && raw[i] != '\\')
            text[used++] = (char)raw[i];
        else
            used += (size_t)snprintf(text + used, 5, "\\%03o", raw[i]);
    }
    text[used] = '\0';
    return true;
}

static bool read_number(struct memory *memory, uint64_t va, const struct field *field, int32_t *to)
{
    uint64_t value;
    if (!field_read(memory, va, field, &value) || value > PID_LIMIT)
        return false;
    *to = (int32_t)value;
    return true;
}

static void read_state(struct memory *memory, const struct task_fields *fields, struct task *task)
{
    uint64_t state, exit_state = 0, flags = 0;
    task->state = '?';
    if (fields->has_exit_state)
        field_read(memory, task->va, &fields->exit_state, &exit_state);
    if (fields->has_state && field_read(memory, task->va, &fields->state, &state))
        task->state = state_letter(state, exit_state);
    if (fields->has_flags && field_read(memory, task->va, &fields->flags, &flags))
        task->kthread = flags & PF_KTHREAD;
}

static void read_mm(struct memory *memory, const struct task_fields *fields, struct task *task)
{
    uint64_t pa;
    task->pgd_pa = task->user_pa = NO_ROOT;
    if (!fields->has_mm || !pointer_read(memory, task->va + fields->mm.offset, &task->mm) ||
        !task->mm || !fields->has_pgd ||
        !pointer_read(memory, task->mm + fields->pgd.offset, &task->pgd_va) || !task->pgd_va)
        return;
    if (!memory_translate(memory, task->pgd_va, &pa))
        return;
    task->pgd_pa = pa;
    task->user_pa = walk_user_root(memory->paging, &memory->tables, pa);
}

bool task_reread(struct task *task, const struct linux_context *linux)
{
    struct task_fields fields;
    struct task now;
    struct error ignored;
    if (!task_fields_of(linux->btf, &fields, &ignored) ||
        !task_read(linux->memory, &fields, task->va, &now) || now.pid != task->pid ||
        now.tgid != task->tgid)
        return false;
    *task = now;
    return true;
}

bool task_read(struct memory *memory, const struct task_fields *fields, uint64_t va,
               struct task *task)
{
    uint8_t comm[TASK_COMM];
    uint64_t parent;
    *task = (struct task){.va = va};
    if (!read_number(memory, va, &fields->pid, &task->pid) ||
        !read_number(memory, va, &fields->tgid, &task->tgid) ||
        memory_read(memory, address_in(memory->space, va + fields->comm.offset), comm, sizeof comm,
                    NULL) != sizeof comm ||
        !take_comm(task->comm, comm))
        return false;
    if (fields->has_parent && pointer_read(memory, va + fields->parent.offset, &parent) && parent)
        read_number(memory, parent, &fields->tgid, &task->ppid);
    read_state(memory, fields, task);
    read_mm(memory, fields, task);
    return true;
}
