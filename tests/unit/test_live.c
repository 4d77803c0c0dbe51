/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest that goes on while it is looked at: copies of snapshots (below RAMWALK_GUESTS; skipped
 * elsewhere) are opened, then changed as a running kernel would change them.
 */
#include "session/expression.h"
#include "session/session_private.h"
#include "tests/unit/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GUEST "arm64-61-512m" /* the smallest to copy */

static struct live {
    struct file file;
    struct session *session;
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
    live.session = session_open(&options, &err);
    assert_non_null(live.session);
    live.linux = session_need(live.session, LINUX_PAGES, &err);
    if (!live.linux)
        fail_msg("%s", err.text);
    return true;
}

static void end(void)
{
    session_close(live.session);
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
    memory_locate(&live.session->memory, address_in(session_space(live.session), va), &place);
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
    const struct task *task = session_task(live.session, name, &err);
    if (!task)
        fail_msg("%s", err.text);
    return *task;
}

static const struct space *space_called(const char *name)
{
    struct error err;
    const struct space *space = session_space_named(live.session, name, &err);
    if (!space)
        fail_msg("%s", err.text);
    return space;
}

/* --- the spaces of processes --------------------------------------------------------------------
 */

static void assert_ended(const struct space *space, const char *name)
{
    const struct space *now;
    struct error err;
    struct walk walk;
    char reason[200];
    assert_int_equal(session_fate(live.session, space, &now), SPACE_ENDED);
    assert_true(space_has_ended(now));
    assert_int_equal(now->process.pid, space->process.pid);
    assert_int_equal(session_fate(live.session, now, &now), SPACE_ENDED);
    session_walk(live.session, address_in(now, 0x400000), &walk);
    assert_non_null(strstr(session_walk_reason(now, &walk, reason, sizeof reason), name));
    assert_non_null(strstr(reason, "has ended"));
    session_walk(live.session, address_in(now, UINT64_MAX), &walk);
    assert_null(strstr(session_walk_reason(now, &walk, reason, sizeof reason), "ended"));
    assert_false(session_is_there(live.session, address_in(space, 0x400000), &err));
    assert_non_null(strstr(err.text, name));
    assert_non_null(strstr(err.text, "has ended"));
    /* The kernel's half goes on. */
    uint64_t kernel_va = live.session->kernel.text_va;
    assert_true(session_is_there(live.session, address_in(space, kernel_va), &err));
}

GUEST_TEST(a_process_ends)
{
    const struct space *alpha = space_called("gt-alpha"), *now;
    struct task task = task_called("gt-alpha");
    assert_int_equal(alpha->roots.user_pa, task.user_pa);
    assert_int_equal(session_fate(live.session, alpha, &now), SPACE_LIVES);
    assert_ptr_equal(now, alpha);
    put_mm(&task, 0);
    assert_ended(alpha, "gt-alpha (111)");
    /* Its memory may be another one's by now: that it is the same address says nothing. */
    int32_t pid = 7777;
    const struct space *beta = space_called("gt-beta");
    task = task_called("gt-beta");
    put_member(&task, "pid", &pid, sizeof pid);
    assert_ended(beta, "gt-beta (112)");
}

GUEST_TEST(a_leader_ends_before_its_threads)
{
    const struct space *space = space_called("gt-threads"), *now;
    struct task leader = task_called("gt-threads");
    put_mm(&leader, 0);
    assert_int_equal(session_fate(live.session, space, &now), SPACE_LIVES);
    assert_int_equal(now->roots.user_pa, leader.user_pa);
    assert_int_equal(now->process.tgid, leader.pid);
    assert_int_not_equal(now->process.pid, leader.pid);
}

GUEST_TEST(a_process_executes)
{
    const struct space *alpha = space_called("gt-alpha"), *now;
    struct task task = task_called("gt-alpha"), gamma = task_called("gt-gamma");
    struct error err;
    put_mm(&task, gamma.mm);
    assert_int_equal(session_fate(live.session, alpha, &now), SPACE_EXECUTED);
    assert_int_equal(now->roots.user_pa, gamma.user_pa);
    assert_int_equal(now->process.pid, task.pid);
    assert_int_equal(now->process.mm_va, gamma.mm);
    assert_false(session_is_there(live.session, address_in(alpha, 0x400000), &err));
    assert_non_null(strstr(err.text, "gt-alpha (111) has executed another program"));
}

GUEST_TEST(a_root_by_hand_is_nobodys)
{
    struct error err;
    const struct space *now, *kernel = session_kernel_space(live.session);
    struct task alpha = task_called("gt-alpha"), gamma = task_called("gt-gamma");
    assert_true(
        session_set_paging(live.session, NULL, kernel->roots.kernel_pa, gamma.pgd_pa, &err));
    const struct space *by_hand = session_space(live.session);
    assert_ptr_not_equal(by_hand, kernel);
    assert_ptr_equal(space_kernel(by_hand), kernel);
    assert_int_equal(by_hand->process.pid, 0);
    put_mm(&alpha, 0);
    assert_int_equal(session_fate(live.session, by_hand, &now), SPACE_LIVES);
    assert_ptr_equal(now, by_hand);
}

/* What is asked of one process says nothing of another, and changes no later answer. */
GUEST_TEST(questions_change_nothing)
{
    struct error err;
    struct address plain, alpha, beta, again;
    uint64_t plain_pa, alpha_pa, beta_pa;
    assert_true(expression_eval(live.session, "v:400000", SPACE_VIRT, &plain, &err));
    assert_true(expression_eval(live.session, "v:gt-alpha:400000", SPACE_VIRT, &alpha, &err));
    assert_true(expression_eval(live.session, "v:112:400000", SPACE_VIRT, &beta, &err));
    assert_true(expression_eval(live.session, "v:400000", SPACE_VIRT, &again, &err));
    assert_true(address_equal(plain, again));
    assert_false(session_translate(live.session, plain, &plain_pa));
    assert_true(session_translate(live.session, alpha, &alpha_pa));
    assert_true(session_translate(live.session, beta, &beta_pa));
    assert_false(session_translate(live.session, again, &plain_pa));
    assert_ptr_equal(alpha.space, space_called("111"));
    assert_ptr_equal(beta.space, space_called("gt-beta"));
    /* Where the user is in a process, v: is its; the kernel's half is everybody's. */
    live.session->here = beta;
    assert_true(expression_eval(live.session, "v:400000", SPACE_VIRT, &again, &err));
    assert_true(address_equal(again, beta));
    assert_true(expression_eval(live.session, "v:ffff800000000000", SPACE_VIRT, &again, &err));
    assert_true(address_equal(again, address_in(alpha.space, again.value)));
    assert_true(address_equal(again, address_in(plain.space, again.value)));
}

GUEST_TEST(marks_know_whose_they_are)
{
    struct error err;
    struct address alpha = address_in(space_called("gt-alpha"), 0x400000), found;
    struct address beta = address_in(space_called("gt-beta"), 0x400000);
    assert_true(session_set_mark(live.session, 'a', alpha, &err));
    assert_true(session_set_mark(live.session, 'b', beta, &err));
    struct task task = task_called("gt-beta");
    put_mm(&task, 0);
    assert_true(session_mark(live.session, 'a', &found, &err));
    assert_ptr_equal(found.space, alpha.space);
    assert_false(session_mark(live.session, 'b', &found, &err));
    assert_non_null(strstr(err.text, "gt-beta (112) has ended"));
}

/* --- names --------------------------------------------------------------------------------------
 */

/* The user root of an address; NO_ROOT: it is none. */
static uint64_t root_of(const char *text)
{
    struct error err;
    struct address address;
    bool is_one = expression_eval(live.session, text, SPACE_VIRT, &address, &err);
    return is_one ? address.space->roots.user_pa : NO_ROOT;
}

GUEST_TEST(processes_are_named_as_they_are_now)
{
    int32_t pid = 4242;
    assert_int_equal(root_of("v:4242:400000"), NO_ROOT);
    assert_int_equal(root_of("v:gt-late:400000"), NO_ROOT);
    struct task gamma = task_called("gt-gamma");
    put_member(&gamma, "pid", &pid, sizeof pid);
    put_member(&gamma, "tgid", &pid, sizeof pid);
    assert_int_equal(root_of("v:4242:400000"), gamma.user_pa);
    assert_int_equal(root_of("v:113:400000"), NO_ROOT);
    put_member(&gamma, "comm", "gt-late", 8);
    assert_int_equal(root_of("v:gt-late:400000"), gamma.user_pa);
    /* The list is still that of a moment ago; its entry is not. */
    struct task beta = task_called("gt-beta");
    put_mm(&beta, gamma.mm);
    assert_int_equal(root_of("v:112:400000"), gamma.user_pa);
    put_mm(&beta, 0);
    assert_int_equal(root_of("v:112:400000"), NO_ROOT);
}

/* --- pages --------------------------------------------------------------------------------------
 */

/* A page that gt-alpha alone has, by its mark. */
static uint64_t page_of_alpha(struct page_facts *facts)
{
    struct error err;
    struct pages *pages = session_pages(live.session, &err);
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
    struct pages *pages = session_pages(live.session, &err);
    struct task alpha = task_called("gt-alpha");
    int32_t pid = 4242;
    put_member(&alpha, "pid", &pid, sizeof pid);
    put_member(&alpha, "tgid", &pid, sizeof pid);
    page_describe(session_pages(live.session, &err), pa, &facts);
    assert_int_equal(facts.pid, 111); /* that was a moment ago */
    /* Beside the browser; the old index answers until the new one is complete. */
    session_settle(live.session, true);
    live.session->pages_ms = 0;
    assert_false(session_step(live.session));
    while (!session_step(live.session)) {
        assert_true(pages_ready(pages));
        page_describe(pages, pa, &facts);
        assert_int_equal(facts.pid, 111);
    }
    page_describe(pages, pa, &facts);
    assert_int_equal(facts.pid, 4242);
    assert_non_null(strstr(facts.owner, "4242 gt-alpha"));
    /* All at once where nobody steps. */
    pid = 4343;
    put_member(&alpha, "pid", &pid, sizeof pid);
    put_member(&alpha, "tgid", &pid, sizeof pid);
    live.session->pages_ms = 0;
    page_describe(session_pages(live.session, &err), pa, &facts);
    assert_int_equal(facts.pid, 4343);
    put_mm(&alpha, 0);
    live.session->pages_ms = 0;
    page_describe(session_pages(live.session, &err), pa, &facts);
    assert_string_equal(facts.owner, "mapped by no process");
}

GUEST_TEST(kinds_are_those_of_now)
{
    struct error err;
    struct page_facts facts;
    uint64_t mapping, no_mapping = 0, offset, pa = page_of_alpha(&facts);
    struct pages *pages = session_pages(live.session, &err);
    assert_true(btf_offset(live.linux->btf, "page", "mapping", &offset));
    assert_true(memory_read_u64(&live.session->memory,
                                address_in(session_space(live.session), facts.page_va + offset),
                                &mapping));
    put(facts.page_va + offset, &no_mapping, sizeof no_mapping);
    live.session->structs_ms = 0;
    session_refresh(live.session, NULL);
    page_describe(pages, pa, &facts);
    assert_int_equal(facts.kind, PAGE_KERNEL);
    put(facts.page_va + offset, &mapping, sizeof mapping);
    live.session->structs_ms = 0;
    session_refresh(live.session, NULL);
    assert_int_equal(page_kind_at(pages, pa), PAGE_ANON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_ends),
        cmocka_unit_test(a_leader_ends_before_its_threads),
        cmocka_unit_test(a_process_executes),
        cmocka_unit_test(a_root_by_hand_is_nobodys),
        cmocka_unit_test(questions_change_nothing),
        cmocka_unit_test(marks_know_whose_they_are),
        cmocka_unit_test(processes_are_named_as_they_are_now),
        cmocka_unit_test(owners_are_those_of_now),
        cmocka_unit_test(kinds_are_those_of_now),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
