/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a guest is looked at, and that one who writes to it is seen. */
#include "tests/unit/checks.h"
#include "tests/unit/support.h"

#include "source/source.h"
#include "ui/app/pace.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RATE = 10 };

/* Looks when they are due until `until_ms`; how many. */
static int look(struct pace *pace, int64_t *now_ms, int64_t until_ms, bool changed)
{
    int looks = 0;
    for (; *now_ms < until_ms; (*now_ms)++) {
        if (!pace_is_due(pace, *now_ms))
            continue;
        pace_looked(pace, RATE, changed, *now_ms);
        looks++;
    }
    return looks;
}

static void test_static(void **state)
{
    struct pace pace = {.next_ms = 0};
    int64_t now = 1000;
    (void)state;
    assert_int_equal(look(&pace, &now, 4000, false), 30);
    assert_false(pace_is_slow(&pace, RATE));
    look(&pace, &now, 10000, false);
    assert_true(pace_is_slow(&pace, RATE));
    assert_int_equal(look(&pace, &now, 20000, false), 10);
}

static void test_change(void **state)
{
    struct pace pace = {.next_ms = 0};
    int64_t now = 1000;
    (void)state;
    look(&pace, &now, 20000, false);
    assert_true(look(&pace, &now, 21000, true) >= 1);
    assert_int_equal(look(&pace, &now, 23000, false), 20);
    assert_false(pace_is_slow(&pace, RATE));
}

static void test_key(void **state)
{
    struct pace pace = {.next_ms = 0};
    int64_t now = 1000;
    (void)state;
    look(&pace, &now, 20000, false);
    pace_hurry(&pace, RATE, now);
    assert_true(pace_is_due(&pace, now));
    assert_int_equal(look(&pace, &now, 21000, false), 10);
    /* One that comes in good time changes nothing about when. */
    int64_t next = pace.next_ms;
    pace_hurry(&pace, RATE, now);
    assert_int_equal(pace.next_ms, next);
}

static void test_written(void **state)
{
    struct pace pace = {.writer = 1};
    int64_t now = 1000;
    (void)state;
    look(&pace, &now, 60000, false);
    assert_int_equal(look(&pace, &now, 61000, false), 10);
}

static void test_writer(void **state)
{
    char path[] = "build/writer-XXXXXX";
    struct source *source;
    struct error err;
    atomic_bool cancel = false;
    (void)state;
    int fd = mkstemp(path);
    assert_int_equal(ftruncate(fd, 8192), 0);
    assert_true(source_open(&source, path, &err));
    void *read_only = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    void *private = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    assert_int_equal(source_writer(source, 0, &cancel), 0);
    void *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_int_equal(source_writer(source, 0, &cancel), getpid());
    assert_int_equal(source_writer(source, getpid(), &cancel), getpid());
    assert_int_equal(source_writer(source, 1, &cancel), getpid());
    cancel = true;
    assert_int_equal(source_writer(source, 0, &cancel), 0);
    munmap(shared, 4096);
    munmap(private, 4096);
    munmap(read_only, 4096);
    source_drop(source);
    unlink(path);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_static), cmocka_unit_test(test_change),
                                       cmocka_unit_test(test_key), cmocka_unit_test(test_written),
                                       cmocka_unit_test(test_writer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
