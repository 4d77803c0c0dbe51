/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks: against what real guests' ps and their own list report; and lists that lie. */
#include "linux/tasks/task.h"

#include "tests/unit/guest_truth.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINE 512

/* --- real guests --------------------------------------------------------------------------- */

/* Every line of tasks.tsv, in any order, and not one task more. */
static void compare_tasks(const struct guest_truth *linux, const struct tasks *tasks)
{
    char line[LINE];
    size_t lines = 0;
    FILE *file = guest_truth_file(linux, "tasks.tsv");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        struct task truth = {0};
        char comm[64];
        uint64_t pa, task_pa;
        if (line[0] == '#')
            continue;
        assert_int_equal(sscanf(line,
                                "%" SCNd32 "\t%" SCNd32 "\t%" SCNd32 "\t%63[^\t]\t%" SCNx64
                                "\t%" SCNx64 "\t%" SCNx64 "\t%" SCNx64 "\t%" SCNx64,
                                &truth.pid, &truth.tgid, &truth.ppid, comm, &truth.va, &task_pa,
                                &truth.mm, &truth.pgd_va, &truth.pgd_pa),
                         9);
        const struct task *task = tasks_find(tasks, truth.pid);
        assert_non_null(task);
        assert_int_equal(task->tgid, truth.tgid);
        assert_int_equal(task->ppid, truth.ppid);
        assert_string_equal(task->comm, comm);
        assert_int_equal(task->va, truth.va);
        assert_true(memory_translate(linux->memory, task->va, &pa) && pa == task_pa);
        assert_int_equal(task->mm, truth.mm);
        assert_int_equal(task->pgd_va, truth.pgd_va);
        assert_int_equal(task->pgd_pa, truth.mm ? truth.pgd_pa : NO_ROOT);
        lines++;
    }
    fclose(file);
    assert_int_equal(tasks->count, lines);
    assert_false(tasks->cut);
}

/* States change: they are counted; kernel threads are those without a size. */
static void compare_states(const struct guest_truth *linux, const struct tasks *tasks)
{
    char line[LINE], state;
    unsigned same = 0, all = 0, kthreads = 0;
    int pid;
    unsigned long size;
    FILE *file = guest_truth_file(linux, "ps.tsv");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%d\t%*d\t%*d\t%c\t%lu", &pid, &state, &size) != 3)
            continue;
        const struct task *task = tasks_find(tasks, pid);
        if (!task)
            continue;
        all++;
        same += task->state == state;
        kthreads += task->kthread;
        assert_int_equal(task->kthread, size == 0);
    }
    fclose(file);
    print_message("  states: %u of %u as in ps, %u kernel threads\n", same, all, kthreads);
    assert_true(same + 3 >= all);
}

static void check_guest(struct guest_truth *linux)
{
    struct error err = {0};
    struct tasks tasks = {0};
    uint64_t again;
    double start = guest_truth_ms();
    struct linux_context context = guest_truth_context(linux);
    if (!task_find_init(&context, &context.init_task_va, &err))
        fail_msg("%s", err.text);
    double found = guest_truth_ms();
    if (!tasks_load(&tasks, &context, &err))
        fail_msg("%s", err.text);
    double loaded = guest_truth_ms();
    context.symbols = NULL;
    assert_true(task_find_init(&context, &again, &err));
    assert_int_equal(context.init_task_va, again);
    print_message(
        "  opened %.0f ms; init_task %.2f ms, %zu tasks %.2f ms; without symbols %.1f ms\n",
        linux->opened_ms, found - start, tasks.count, loaded - found, guest_truth_ms() - loaded);
    compare_tasks(linux, &tasks);
    compare_states(linux, &tasks);
    tasks_free(&tasks);
}

static void test_guests(void **state)
{
    (void)state;
    if (!guest_truth_each(check_guest))
        skip();
}
/* --- lists that lie ------------------------------------------------------------------------ */

#define TASKS     6
#define TASK(i)   (IMAGE_VA + 0x1000 + 0x400 * (uint64_t)(i))
#define SIGNAL(i) (TASK(i) + 0x200)

struct fixture {
    struct btf *btf;
    struct small_guest linux;
    uint64_t tasks, node, head;
};

static void put_member(struct fixture *f, uint64_t va, const char *path, uint64_t value,
                       unsigned width)
{
    small_put(&f->linux, va + kernel_offset(f->btf, "task_struct", path), value, width);
}

static void link_to(struct fixture *f, uint64_t from, uint64_t to)
{
    small_put(&f->linux, from, to, 8);
    small_put(&f->linux, to + 8, from, 8);
}

static void put_task(struct fixture *f, uint64_t va, uint32_t pid, uint32_t tgid, const char *comm)
{
    put_member(f, va, "pid", pid, 4);
    put_member(f, va, "tgid", tgid, 4);
    put_member(f, va, "real_parent", TASK(0), 8);
    small_put_text(&f->linux, va + kernel_offset(f->btf, "task_struct", "comm"), comm);
}

/* init_task and five processes, 10 ... 14; each alone in its group. */
static void make(struct fixture *f)
{
    f->btf = kernel_types(false);
    f->tasks = kernel_offset(f->btf, "task_struct", "tasks");
    f->node = kernel_offset(f->btf, "task_struct", "thread_node");
    f->head = kernel_offset(f->btf, "signal_struct", "thread_head");
    small_make(&f->linux);
    for (unsigned i = 0; i < TASKS; i++) {
        char comm[16];
        snprintf(comm, sizeof comm, "proc-%u", i);
        put_task(f, TASK(i), i ? 9 + i : 0, i ? 9 + i : 0, i ? comm : "swapper/0");
        link_to(f, TASK(i) + f->tasks, TASK((i + 1) % TASKS) + f->tasks);
        put_member(f, TASK(i), "signal", SIGNAL(i), 8);
        link_to(f, SIGNAL(i) + f->head, TASK(i) + f->node);
        link_to(f, TASK(i) + f->node, SIGNAL(i) + f->head);
    }
}

static struct tasks load(struct fixture *f)
{
    struct tasks tasks = {0};
    struct error err = {0};
    small_open(&f->linux);
    struct linux_context context = small_context(&f->linux, f->btf);
    if (!task_find_init(&context, &context.init_task_va, &err))
        fail_msg("%s", err.text);
    assert_int_equal(context.init_task_va, TASK(0));
    assert_true(tasks_load(&tasks, &context, &err));
    return tasks;
}

static void done(struct fixture *f, struct tasks *tasks)
{
    tasks_free(tasks);
    small_close(&f->linux);
    btf_close(f->btf);
}

static void expect_pids(const struct tasks *tasks, const int *pids, size_t count)
{
    assert_int_equal(tasks->count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(tasks->task[i].pid, pids[i]);
}
#define EXPECT_PIDS(tasks, ...)                                                                    \
    expect_pids(tasks, (const int[]){__VA_ARGS__}, sizeof(const int[]){__VA_ARGS__} / sizeof(int))

static void test_whole(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = {0};
    make(&f);
    /* A second thread of 12, odd bytes in a name, states. */
    uint64_t thread = TASK(TASKS), last = TASK(3) + f.node;
    put_task(&f, thread, 99, 12, "a\nb\\\x1b[2J");
    link_to(&f, last, thread + f.node);
    link_to(&f, thread + f.node, SIGNAL(3) + f.head);
    put_member(&f, TASK(1), "__state", 1, 4);
    put_member(&f, TASK(2), "__state", 0x402, 4);
    put_member(&f, TASK(3), "exit_state", 0x20, 4);
    put_member(&f, TASK(4), "__state", 2, 4);
    put_member(&f, TASK(5), "__state", 0x80, 4);
    put_member(&f, TASK(5), "exit_state", 0x10, 4);
    put_member(&f, TASK(1), "flags", 0x200000, 4);
    struct tasks tasks = load(&f);
    EXPECT_PIDS(&tasks, 0, 10, 11, 12, 99, 13, 14);
    assert_false(tasks.cut);
    assert_string_equal(tasks.task[4].comm, "a\\012b\\134\\033[2J");
    char letters[8] = "";
    for (size_t i = 0; i < tasks.count; i++)
        letters[i] = tasks.task[i].state;
    assert_string_equal(letters, "RSIZRDX");
    assert_true(tasks.task[1].kthread && !tasks.task[2].kthread);
    assert_int_equal(tasks.task[2].pgd_pa, NO_ROOT);
    assert_int_equal(tasks_named(&tasks, "proc-2", &err)->pid, 11);
    assert_int_equal(tasks_named(&tasks, "99", &err)->tgid, 12);
    assert_int_equal(tasks_named(&tasks, "0x63", &err)->tgid, 12);
    assert_int_equal(tasks_named(&tasks, ".99", &err)->tgid, 12);
    assert_null(tasks_named(&tasks, "0x", &err));
    assert_null(tasks_named(&tasks, "15", &err));
    assert_null(tasks_named(&tasks, "proc", &err));
    assert_null(tasks_named(&tasks, "99999999999999999999", &err));
    done(&f, &tasks);
}

/* A link in the middle was overwritten: the way back finds the rest, in order. */
static void test_torn(void **state)
{
    (void)state;
    static const uint64_t lies[] = {0, 0x1234, UINT64_C(0xffff900000000000), IMAGE_VA + 0x300000,
                                    UINT64_MAX - 7};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct fixture f;
        struct error err;
        make(&f);
        put_member(&f, TASK(2), "tasks", lies[i], 8);
        struct tasks tasks = load(&f);
        EXPECT_PIDS(&tasks, 0, 10, 11, 12, 13, 14);
        assert_true(tasks.cut);
        assert_null(tasks_named(&tasks, "4711", &err));
        assert_non_null(strstr(err.text, "may be more"));
        assert_true(strlen(tasks.why.text) > 10);
        done(&f, &tasks);
    }
}

/* A whole task was overwritten with a pattern. */
static void test_overwritten(void **state)
{
    (void)state;
    struct fixture f;
    make(&f);
    for (uint64_t at = 0; at < 128; at += 8)
        small_put(&f.linux, TASK(3) + at, UINT64_C(0x4141414141414141), 8);
    struct tasks tasks = load(&f);
    EXPECT_PIDS(&tasks, 0, 10, 11, 13, 14);
    assert_true(tasks.cut);
    done(&f, &tasks);
}

/* The list comes back to its own middle, or to one node; so do the threads. */
static void test_loops(void **state)
{
    (void)state;
    for (unsigned to = 2; to <= 4; to++) {
        struct fixture f;
        make(&f);
        put_member(&f, TASK(4), "tasks", TASK(to) + f.tasks, 8);
        put_member(&f, TASK(2), "thread_node", TASK(2) + f.node, 8);
        struct tasks tasks = load(&f);
        EXPECT_PIDS(&tasks, 0, 10, 11, 12, 13, 14);
        assert_true(tasks.cut);
        done(&f, &tasks);
    }
}

/* Threads that are another process's, or nothing. */
static void test_false_threads(void **state)
{
    (void)state;
    struct fixture f;
    make(&f);
    link_to(&f, TASK(2) + f.node, IMAGE_VA + 0x200000 + f.node);
    small_put(&f.linux, SIGNAL(4) + f.head, 0x77, 8);
    struct tasks tasks = load(&f);
    EXPECT_PIDS(&tasks, 0, 10, 11, 12, 13, 14);
    assert_true(tasks.cut);
    done(&f, &tasks);
}

/* Names alone are not enough: pid, parent and list have to agree. */
static void test_false_init(void **state)
{
    (void)state;
    struct fixture f;
    struct error err = {0};
    uint64_t init;
    make(&f);
    put_member(&f, TASK(0), "pid", 1, 4);
    small_put_text(&f.linux, IMAGE_VA + 0x100000, "swapper/0");
    small_put_text(&f.linux, IMAGE_VA + IMAGE_SIZE - 9, "swapper/0");
    small_put_text(&f.linux, IMAGE_VA, "swapper/0");
    small_open(&f.linux);
    struct linux_context context = small_context(&f.linux, f.btf);
    assert_false(task_find_init(&context, &init, &err));
    context.btf = NULL;
    assert_false(task_find_init(&context, &init, &err));
    context.btf = f.btf;
    struct tasks tasks = {0};
    assert_false(tasks_load(&tasks, &context, &err));
    done(&f, &tasks);
}

/* Before 6.7: a ring through the tasks themselves. */
static void test_thread_group(void **state)
{
    (void)state;
    struct fixture f = {.btf = kernel_types(true)};
    struct error err = {0};
    struct tasks tasks = {0};
    f.tasks = kernel_offset(f.btf, "task_struct", "tasks");
    f.node = kernel_offset(f.btf, "task_struct", "thread_group");
    small_make(&f.linux);
    for (unsigned i = 0; i < 4; i++)
        put_task(&f, TASK(i), 7 * i, i == 3 ? 14 : 7 * i, i ? "some" : "swapper/0");
    for (unsigned i = 0; i < 3; i++) {
        link_to(&f, TASK(i) + f.tasks, TASK((i + 1) % 3) + f.tasks);
        link_to(&f, TASK(i) + f.node, TASK(i) + f.node);
    }
    link_to(&f, TASK(2) + f.node, TASK(3) + f.node);
    link_to(&f, TASK(3) + f.node, TASK(2) + f.node);
    small_open(&f.linux);
    struct linux_context context = small_context(&f.linux, f.btf);
    context.init_task_va = TASK(0);
    assert_true(tasks_load(&tasks, &context, &err));
    EXPECT_PIDS(&tasks, 0, 7, 14, 21);
    assert_false(tasks.cut);
    assert_null(tasks_named(&tasks, "some", &err));
    done(&f, &tasks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),         cmocka_unit_test(test_torn),
        cmocka_unit_test(test_overwritten),   cmocka_unit_test(test_loops),
        cmocka_unit_test(test_false_threads), cmocka_unit_test(test_false_init),
        cmocka_unit_test(test_thread_group),  cmocka_unit_test(test_guests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
