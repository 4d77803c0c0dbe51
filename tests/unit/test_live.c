/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest that goes on while it is looked at: copies of snapshots (below RAMWALK_GUESTS; skipped
 * elsewhere) are opened, then changed as a running kernel would change them.
 */
#include "session/expression.h"
#include "session/session.h"
#include "tests/unit/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GUEST "arm64-61-512m" /* the smallest to copy */

static struct live {
    struct file file;
    struct session session;
    struct linux_context *linux;
} live;

static void copy_data(int from, int to)
{
    static char bytes[1 << 16];
    off_t end, at = lseek(from, 0, SEEK_DATA);
    for (; at >= 0; at = lseek(from, end, SEEK_DATA)) {
        end = lseek(from, at, SEEK_HOLE);
        while (at < end) {
            size_t piece = end - at < (off_t)sizeof bytes ? (size_t)(end - at) : sizeof bytes;
            assert_int_equal(pread(from, bytes, piece, at), piece);
            assert_int_equal(pwrite(to, bytes, piece, at), piece);
            at += (off_t)piece;
        }
    }
}

/* False: the guests are not here. */
static bool start(void)
{
    char path[300];
    struct error err = {0};
    const char *root = getenv("RAMWALK_GUESTS");
    snprintf(path, sizeof path, "%s/" GUEST "/ram.img", root ? root : "");
    int from = root ? open(path, O_RDONLY) : -1;
    if (from < 0)
        return false;
    live.file = file_create((uint64_t)lseek(from, 0, SEEK_END));
    copy_data(from, live.file.fd);
    close(from);
    struct options options = {.image = live.file.path};
    assert_true(session_open(&live.session, &options, &err));
    live.linux = session_need(&live.session, LINUX_PAGES, &err);
    if (!live.linux)
        fail_msg("%s", err.text);
    return true;
}

static void end(void)
{
    session_close(&live.session);
    file_remove(&live.file);
}

#define GUEST_TEST(name)                                                                           \
    static void check_##name(void);                                                                \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        if (!start())                                                                              \
            skip();                                                                                \
        check_##name();                                                                            \
        end();                                                                                     \
    }                                                                                              \
    static void check_##name(void)

/* --- what the guest does ------------------------------------------------------------------------
 */

static void put(uint64_t va, const void *bytes, size_t length)
{
    struct place place;
    memory_locate(&live.session.memory, address_in(session_space(&live.session), va), &place);
    assert_true(place.has_offset);
    file_write(&live.file, place.offset, bytes, length);
}

static void put_member(const struct task *task, const char *member, const void *bytes,
                       size_t length)
{
    uint64_t offset;
    assert_true(btf_offset(live.linux->btf, "task_struct", member, &offset));
    put(task->va + offset, bytes, length);
}

static void put_mm(const struct task *task, uint64_t mm)
{
    put_member(task, "mm", &mm, sizeof mm);
}

static struct task task_called(const char *name)
{
    struct error err = {0};
    const struct task *task = session_task(&live.session, name, &err);
    if (!task)
        fail_msg("%s", err.text);
    return *task;
}

static struct task enter(const char *name)
{
    struct error err;
    struct task task = task_called(name);
    assert_true(session_enter(&live.session, &task, &err));
    return task;
}

static uint64_t user_root(void)
{
    return live.session.memory.space->roots.user_pa;
}

/* --- the process entered ------------------------------------------------------------------------
 */

GUEST_TEST(the_entered_process_ends)
{
    struct error err = {0};
    struct walk walk;
    char reason[200];
    struct task alpha = enter("gt-alpha");
    uint64_t epoch = live.session.generation;
    session_refresh(&live.session, NULL);
    assert_int_equal(live.session.generation, epoch);
    assert_int_equal(user_root(), alpha.pgd_pa);
    put_mm(&alpha, 0);
    session_refresh(&live.session, NULL);
    assert_true(live.session.generation > epoch);
    assert_int_equal(user_root(), NO_ROOT);
    const struct task *process = session_process(&live.session);
    assert_int_equal(process->pid, alpha.pid);
    assert_int_equal(process->pgd_pa, NO_ROOT);
    memory_walk(&live.session.memory, 0x400000, &walk);
    assert_non_null(strstr(session_walk_reason(&live.session, &walk, reason, sizeof reason),
                           "gt-alpha (111) has ended"));
    memory_walk(&live.session.memory, UINT64_MAX, &walk);
    assert_null(strstr(session_walk_reason(&live.session, &walk, reason, sizeof reason), "ended"));
    /* Its memory may be another one's by now: that it is the same address says nothing. */
    int32_t pid = 7777;
    struct task beta = enter("gt-beta");
    put_member(&beta, "pid", &pid, sizeof pid);
    session_refresh(&live.session, NULL);
    assert_int_equal(user_root(), NO_ROOT);
    assert_true(
        session_set_paging(&live.session, NULL, live.session.kernel.root_pa, NO_ROOT, &err));
}

GUEST_TEST(a_leader_ends_before_its_threads)
{
    struct task leader = enter("gt-threads");
    put_mm(&leader, 0);
    session_refresh(&live.session, NULL);
    const struct task *process = session_process(&live.session);
    assert_int_equal(user_root(), leader.pgd_pa);
    assert_int_equal(process->tgid, leader.pid);
    assert_int_not_equal(process->pid, leader.pid);
}

GUEST_TEST(the_entered_process_executes)
{
    struct task alpha = enter("gt-alpha"), gamma = task_called("gt-gamma");
    put_mm(&alpha, gamma.mm);
    session_refresh(&live.session, NULL);
    assert_int_equal(user_root(), gamma.pgd_pa);
    assert_int_equal(session_process(&live.session)->pid, alpha.pid);
    assert_int_equal(session_process(&live.session)->mm, gamma.mm);
}

GUEST_TEST(a_root_by_hand_is_nobodys)
{
    struct error err;
    struct task alpha = enter("gt-alpha"), gamma = task_called("gt-gamma");
    uint64_t root_pa = live.session.memory.space->roots.kernel_pa;
    assert_true(session_set_paging(&live.session, NULL, root_pa, gamma.pgd_pa, &err));
    assert_null(session_process(&live.session));
    put_mm(&alpha, 0);
    session_refresh(&live.session, NULL);
    assert_int_equal(user_root(), gamma.pgd_pa);
}

GUEST_TEST(user_halves_are_come_back_to)
{
    struct error err;
    struct user_half none = session_user_half(&live.session);
    struct task alpha = enter("gt-alpha");
    struct user_half was_alpha = session_user_half(&live.session);
    struct task beta = enter("gt-beta");
    struct user_half was_beta = session_user_half(&live.session);
    assert_true(session_reenter(&live.session, &was_alpha, &err));
    assert_int_equal(user_root(), alpha.pgd_pa);
    assert_int_equal(session_process(&live.session)->pid, alpha.pid);
    assert_true(session_reenter(&live.session, &none, &err));
    assert_int_equal(user_root(), NO_ROOT);
    assert_null(session_process(&live.session));
    put_mm(&beta, 0);
    assert_true(session_reenter(&live.session, &was_alpha, &err));
    assert_false(session_reenter(&live.session, &was_beta, &err));
    assert_non_null(strstr(err.text, "gt-beta (112) has ended"));
    assert_int_equal(user_root(), NO_ROOT);
    put_mm(&alpha, task_called("gt-gamma").mm);
    assert_false(session_reenter(&live.session, &was_alpha, &err));
    assert_non_null(strstr(err.text, "gt-alpha (111) has executed another program"));
    assert_int_equal(user_root(), NO_ROOT);
}

/* --- names --------------------------------------------------------------------------------------
 */

static bool evaluates(const char *text)
{
    struct error err;
    struct address address;
    return expression_eval(&live.session, text, SPACE_VIRT, &address, &err);
}

GUEST_TEST(processes_are_named_as_they_are_now)
{
    int32_t pid = 4242;
    assert_false(evaluates("v:4242:400000"));
    assert_false(evaluates("v:gt-late:400000"));
    struct task gamma = task_called("gt-gamma");
    put_member(&gamma, "pid", &pid, sizeof pid);
    put_member(&gamma, "tgid", &pid, sizeof pid);
    assert_true(evaluates("v:4242:400000"));
    assert_int_equal(user_root(), gamma.pgd_pa);
    assert_false(evaluates("v:113:400000"));
    put_member(&gamma, "comm", "gt-late", 8);
    assert_true(evaluates("v:gt-late:400000"));
    /* The list is still that of a moment ago; its entry is not. */
    struct task beta = task_called("gt-beta");
    put_mm(&beta, gamma.mm);
    assert_true(evaluates("v:112:400000"));
    assert_int_equal(user_root(), gamma.pgd_pa);
    put_mm(&beta, 0);
    assert_false(evaluates("v:112:400000"));
}

/* --- pages --------------------------------------------------------------------------------------
 */

/* A page that gt-alpha alone has, by its mark. */
static uint64_t page_of_alpha(struct page_facts *facts)
{
    struct error err;
    struct pages *pages = session_pages(&live.session, &err);
    for (uint64_t pa = UINT64_C(0x40000000); pa < UINT64_C(0x60000000); pa += 4096) {
        if (page_kind_at(pages, pa) != PAGE_ANON)
            continue;
        page_describe(pages, pa, facts);
        if (facts->pid == 111 && facts->mappings == 1)
            return pa;
    }
    fail_msg("gt-alpha has no page of its own");
    return 0;
}

GUEST_TEST(owners_are_those_of_now)
{
    struct error err;
    struct page_facts facts;
    uint64_t pa = page_of_alpha(&facts);
    struct pages *pages = session_pages(&live.session, &err);
    struct task alpha = task_called("gt-alpha");
    int32_t pid = 4242;
    put_member(&alpha, "pid", &pid, sizeof pid);
    put_member(&alpha, "tgid", &pid, sizeof pid);
    page_describe(session_pages(&live.session, &err), pa, &facts);
    assert_int_equal(facts.pid, 111); /* that was a moment ago */
    /* Step by step, as the browser does; the old index answers until the new one is complete. */
    live.session.pages_ms = 0;
    unsigned steps = 0;
    while (session_step(&live.session)) {
        assert_true(pages_ready(pages));
        page_describe(pages, pa, &facts);
        steps += facts.pid == 111;
    }
    assert_true(steps > 1);
    page_describe(pages, pa, &facts);
    assert_int_equal(facts.pid, 4242);
    assert_non_null(strstr(facts.owner, "4242 gt-alpha"));
    /* All at once where nobody steps. */
    pid = 4343;
    put_member(&alpha, "pid", &pid, sizeof pid);
    put_member(&alpha, "tgid", &pid, sizeof pid);
    live.session.pages_ms = 0;
    page_describe(session_pages(&live.session, &err), pa, &facts);
    assert_int_equal(facts.pid, 4343);
    put_mm(&alpha, 0);
    live.session.pages_ms = 0;
    page_describe(session_pages(&live.session, &err), pa, &facts);
    assert_string_equal(facts.owner, "mapped by no process");
}

GUEST_TEST(kinds_are_those_of_now)
{
    struct error err;
    struct page_facts facts;
    uint64_t mapping, no_mapping = 0, offset, pa = page_of_alpha(&facts);
    struct pages *pages = session_pages(&live.session, &err);
    assert_true(btf_offset(live.linux->btf, "page", "mapping", &offset));
    assert_true(memory_read_u64(&live.session.memory,
                                address_in(session_space(&live.session), facts.page_va + offset),
                                &mapping));
    put(facts.page_va + offset, &no_mapping, sizeof no_mapping);
    live.session.structs_ms = 0;
    session_refresh(&live.session, NULL);
    page_describe(pages, pa, &facts);
    assert_int_equal(facts.kind, PAGE_KERNEL);
    put(facts.page_va + offset, &mapping, sizeof mapping);
    live.session.structs_ms = 0;
    session_refresh(&live.session, NULL);
    assert_int_equal(page_kind_at(pages, pa), PAGE_ANON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_entered_process_ends),
        cmocka_unit_test(a_leader_ends_before_its_threads),
        cmocka_unit_test(the_entered_process_executes),
        cmocka_unit_test(a_root_by_hand_is_nobodys),
        cmocka_unit_test(user_halves_are_come_back_to),
        cmocka_unit_test(processes_are_named_as_they_are_now),
        cmocka_unit_test(owners_are_those_of_now),
        cmocka_unit_test(kinds_are_those_of_now),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
