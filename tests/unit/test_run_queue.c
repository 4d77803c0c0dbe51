/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Idle tasks of the CPUs: in real guests, by symbols and without, and queues that lie. */
#include "linux/tasks/run_queue.h"

#include "linux/linux.h"
#include "session/session.h"
#include "tests/unit/guest_truth.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"
#include "ui/app/app_state.h"
#include "ui/pane/list/list_pane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- real guests, of two CPUs each ----------------------------------------------------------- */

static struct session *session;

static void expect_idle(const struct tasks *tasks)
{
    struct error err = {0};
    const struct task *idle = tasks_named(tasks, "swapper/1", &err);
    if (!idle)
        fail_msg("%s", err.text);
    assert_int_equal(idle - tasks->task, 1);
    assert_int_equal(idle->pid, 0);
    assert_int_equal(idle->tgid, 0);
    assert_int_equal(idle->mm, 0);
    assert_true(idle->state == 'R' && idle->kthread);
    assert_string_equal(tasks_find(tasks, 0)->comm, "swapper/0");
    assert_null(tasks_named(tasks, "swapper/2", &err));
}

/* Symbols or none, the same tasks. */
static void compare_without_symbols(const struct linux_context *linux)
{
    struct tasks tasks = {0};
    struct error err = {0};
    struct linux_context nameless = *linux;
    nameless.symbols = NULL;
    if (!tasks_load(&tasks, &nameless, &err))
        fail_msg("%s", err.text);
    run_queues_add_idle(&tasks, &nameless);
    expect_idle(&tasks);
    assert_int_equal(tasks.count, linux->tasks->count);
    assert_int_equal(tasks.task[1].va, linux->tasks->task[1].va);
    tasks_free(&tasks);
}

/* The cursor of the processes' pane finds either of the tasks that have pid 0 again. */
static void check_pane(void)
{
    struct app *app = calloc(1, sizeof *app);
    struct pane *pane = processes_pane_type.create(app, session);
    struct list_pane *list = (struct list_pane *)(void *)pane;
    size_t row;
    list_pane_reload(list);
    for (uint64_t idle = 0; idle < 2; idle++) {
        scroll_to(&list->view.scroll, idle);
        assert_true(list_pane_row(list, &row) && row == idle);
        struct visit_detail detail = {{0}};
        list_pane_detail(pane, &detail);
        list_pane_reload(list);
        assert_int_equal(list->view.scroll.cursor, idle);
        scroll_to(&list->view.scroll, 5);
        list_pane_recall(pane, &detail);
        assert_int_equal(list->view.scroll.cursor, idle);
    }
    list_pane_destroy(pane);
    free(app);
}

static void check_guest(struct session *opened, struct linux_context *linux)
{
    session = opened;
    expect_idle(linux->tasks);
    linux_refresh_tasks(linux);
    expect_idle(linux->tasks);
    compare_without_symbols(linux);
    check_pane();
}

static void test_guests(void **state)
{
    (void)state;
    guest_truth_sessions(check_guest);
}

/* --- queues that lie ------------------------------------------------------------------------- */

#define CPUS    4
#define TASK(i) (IMAGE_VA + 0x1000 + 0x100 * (uint64_t)(i)) /* four threads, four idle tasks */
#define FAIR(i) (IMAGE_VA + 0x3000 + 0x100 * (uint64_t)(i))
#define RQ(i)   (IMAGE_VA + 0x4000 + 0x1000 * (uint64_t)(i))

struct fixture {
    struct btf *btf;
    struct small_guest linux;
    struct percpu percpu; /* zero: not known */
    struct task task[CPUS];
    struct tasks tasks;
};

static void put(struct fixture *f, const char *type, uint64_t va, const char *path, uint64_t value)
{
    uint64_t size = strcmp(path, "cpu") == 0 ? 4 : 8;
    small_put(&f->linux, va + kernel_offset(f->btf, type, path), value, (unsigned)size);
}

static void put_comm(struct fixture *f, uint64_t va, const char *comm)
{
    small_put_text(&f->linux, va + kernel_offset(f->btf, "task_struct", "comm"), comm);
}

/* A thread on each CPU, and each CPU's idle task, pid 0. */
static void make(struct fixture *f)
{
    *f = (struct fixture){.btf = kernel_types(false)};
    small_make(&f->linux);
    f->tasks.task = malloc(CPUS * sizeof *f->tasks.task);
    assert_non_null(f->tasks.task);
    for (unsigned cpu = 0; cpu < CPUS; cpu++) {
        char comm[16];
        snprintf(comm, sizeof comm, "swapper/%u", cpu);
        put_comm(f, TASK(CPUS + cpu), comm);
        put(f, "task_struct", TASK(cpu), "se.cfs_rq", FAIR(cpu));
        put(f, "cfs_rq", FAIR(cpu), "rq", RQ(cpu));
        put(f, "rq", RQ(cpu), "cpu", cpu);
        put(f, "rq", RQ(cpu), "idle", TASK(CPUS + cpu));
        f->tasks.task[cpu] = (struct task){.va = TASK(cpu), .pid = (int)cpu, .tgid = (int)cpu};
    }
    f->tasks.count = f->tasks.capacity = CPUS;
}

static void add_idle(struct fixture *f, const struct symbols *symbols)
{
    small_open(&f->linux);
    struct linux_context context = small_context(&f->linux, f->btf);
    context.symbols = symbols;
    context.percpu = &f->percpu;
    run_queues_add_idle(&f->tasks, &context);
}

static void done(struct fixture *f)
{
    tasks_free(&f->tasks);
    small_close(&f->linux);
    btf_close(f->btf);
}

static void expect(const struct tasks *tasks, const uint64_t *va, size_t count)
{
    assert_int_equal(tasks->count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(tasks->task[i].va, va[i]);
}
#define EXPECT(tasks, ...)                                                                         \
    expect(tasks, (const uint64_t[]){__VA_ARGS__},                                                 \
           sizeof(const uint64_t[]){__VA_ARGS__} / sizeof(uint64_t))

static void test_by_tasks(void **state)
{
    (void)state;
    static struct fixture f;
    make(&f);
    add_idle(&f, NULL);
    EXPECT(&f.tasks, TASK(0), TASK(5), TASK(6), TASK(7), TASK(1), TASK(2), TASK(3));
    done(&f);
}

/* The symbol comes first: the tasks here lead nowhere. */
static void test_by_symbol(void **state)
{
    (void)state;
    static struct fixture f;
    struct symbols *symbols = symbols_create();
    make(&f);
    for (unsigned cpu = 0; cpu < CPUS; cpu++)
        put(&f, "task_struct", TASK(cpu), "se.cfs_rq", 0);
    assert_true(symbols_add(symbols, 0x840, 'A', "runqueues", 9, NULL));
    symbols_complete(symbols);
    f.percpu = (struct percpu){.end = 0x1000, .cpus = 3};
    for (unsigned cpu = 0; cpu < 3; cpu++)
        f.percpu.offset[cpu] = RQ(cpu) - 0x840;
    add_idle(&f, symbols);
    EXPECT(&f.tasks, TASK(0), TASK(5), TASK(6), TASK(1), TASK(2), TASK(3));
    symbols_destroy(symbols);
    done(&f);
}

/* Of the four, only what is one CPU's idle task by its pid and its name is added. */
static void test_lies(void **state)
{
    (void)state;
    static struct fixture f;
    make(&f);
    put(&f, "rq", RQ(1), "idle", TASK(CPUS + 2)); /* another CPU's */
    small_put(&f.linux, RQ(2) + kernel_offset(f.btf, "rq", "cpu"), RUN_QUEUES, 4);
    small_put(&f.linux, TASK(7) + kernel_offset(f.btf, "task_struct", "pid"), 7, 4);
    add_idle(&f, NULL);
    EXPECT(&f.tasks, TASK(0), TASK(1), TASK(2), TASK(3));
    done(&f);
    make(&f);
    put(&f, "cfs_rq", FAIR(1), "rq", UINT64_C(0xffff900000000000)); /* not mapped */
    put(&f, "rq", RQ(2), "idle", 0);
    put(&f, "rq", RQ(3), "idle", UINT64_MAX - 7);
    add_idle(&f, NULL);
    EXPECT(&f.tasks, TASK(0), TASK(1), TASK(2), TASK(3));
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_tasks),
        cmocka_unit_test(test_by_symbol),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_guests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
