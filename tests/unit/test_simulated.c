/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A source that neither maps nor answers at once: everything on it is what it is on the raw file,
 * only later; and the kinds of extents that a raw file does not have.
 */
#include "source/source.h"
#include "tests/unit/support.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct source_reader *open_simulated(const char *words, const struct file *file)
{
    char spec[200];
    snprintf(spec, sizeof spec, "simulated:%s:%s", words, file->path);
    return open_reader(spec);
}

/* All that was asked for is here. */
static void settle(const struct source *source)
{
    bool more = true;
    while (more)
        source_arrivals(source, &more);
}

static void names_are_taken_apart(void **state)
{
    (void)state;
    struct file file = file_create(0x10000);
    char spec[200];
    struct source *source;
    struct error err;
    const char *const bad[] = {"simulated:%s",       "simulated:x:%s",
                               "simulated:60001:%s", "simulated:1:packed=x:%s",
                               "simulated:1:%s.not", "simulated::%s"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *mark = strstr(bad[i], "%s");
        snprintf(spec, sizeof spec, "%.*s%s%s", (int)(mark - bad[i]), bad[i], file.path, mark + 2);
        if (source_open(&source, spec, &err))
            fail_msg("%s was opened", spec);
        assert_non_null(strstr(err.text, "No such file"));
    }
    snprintf(spec, sizeof spec, "simulated:0:%s:1000@40000000+2000", file.path);
    struct source_reader *reader = open_reader(spec);
    size_t count;
    const struct segment *segment = source_segments(reader->source, &count);
    assert_int_equal(count, 1);
    assert_int_equal(segment->offset, 0x1000);
    assert_int_equal(segment->pa, 0x40000000);
    assert_int_equal(segment->size, 0x2000);
    close_reader(reader);
    file_remove(&file);
}

static void a_nonblocking_reader_gets_it_later(void **state)
{
    (void)state;
    struct file file = file_create(0x10000);
    enum extent_kind why;
    char text[8] = "";
    file_text(&file, 0x1ffc, "across");
    struct source_reader *reader = open_simulated("1", &file);
    reader->nonblocking = true;
    bool more;
    assert_int_equal(source_read(reader, 0x1ffc, text, 6, &why), 0);
    assert_int_equal(why, EXTENT_PENDING);
    assert_null(source_table(reader, 0x1000, 4096, &why));
    assert_int_equal(why, EXTENT_PENDING);
    settle(reader->source);
    assert_int_equal(source_read(reader, 0x1ffc, text, 6, &why), 6);
    assert_string_equal(text, "across");
    assert_int_equal(source_arrivals(reader->source, &more), 2);
    assert_false(more);
    const uint64_t *table = source_table(reader, 0x1000, 4096, &why);
    assert_non_null(table);
    assert_memory_equal((const char *)table + 0xffc, "acro", 4);
    assert_false(source_table_stays(reader, table));
    close_reader(reader);
    file_remove(&file);
}

static void what_is_missing_is_told_apart(void **state)
{
    (void)state;
    struct file file = file_create(0x10000);
    struct source_reader *reader =
        open_simulated("0:unsaved=2000+1000:unreadable=4000+1000:packed=8000", &file);
    enum extent_kind why;
    uint64_t end, offset;
    uint8_t bytes[16];
    for (uint64_t at = 0; at < 0x10000; at += 0x1000)
        file_write(&file, at, &at, 8);
    assert_int_equal(source_size(reader->source), 0x8000); /* what has a place, f: */
    assert_int_equal(source_ram_size(reader->source), 0x10000);
    assert_int_equal(source_extent(reader, 0x1000, &end), EXTENT_DATA);
    assert_int_equal(end, 0x2000);
    assert_int_equal(source_extent(reader, 0x2ff8, &end), EXTENT_NOT_SAVED);
    assert_int_equal(end, 0x3000);
    assert_int_equal(source_extent(reader, 0x4000, &end), EXTENT_UNREADABLE);
    assert_int_equal(source_extent(reader, 0x10000, &end), EXTENT_NONE);
    assert_int_equal(source_read(reader, 0x1ff8, bytes, 16, &why), 8);
    assert_int_equal(why, EXTENT_NOT_SAVED);
    assert_null(source_table(reader, 0x4000, 4096, &why));
    assert_int_equal(why, EXTENT_UNREADABLE);
    /* RAM goes on beyond the last f:. */
    assert_true(source_pa_to_offset(reader->source, 0x9000, &offset, NULL));
    assert_int_equal(offset, 0x9000);
    const uint64_t *table = source_table(reader, 0x9000, 4096, NULL);
    assert_non_null(table);
    assert_int_equal(table[0], 0x9000);
    close_reader(reader);
    file_remove(&file);
}

/* A read that takes a minute is left at once. */
static void closing_waits_for_nothing(void **state)
{
    (void)state;
    struct file file = file_create(0x10000);
    struct source_reader *reader = open_simulated("60000", &file);
    atomic_bool cancel = true;
    uint64_t word;
    alarm(50);
    reader->cancel = &cancel;
    assert_int_equal(source_read(reader, 0, &word, 8, NULL), 0);
    close_reader(reader);
    alarm(0);
    file_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_taken_apart),
        cmocka_unit_test(a_nonblocking_reader_gets_it_later),
        cmocka_unit_test(what_is_missing_is_told_apart),
        cmocka_unit_test(closing_waits_for_nothing),
    };
    return cmocka_run_group_tests_name("simulated", tests, NULL, NULL);
}
