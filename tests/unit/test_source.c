/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files as a guest's memory: holes that stay holes, files that shrink or vanish, and everything
 * that is no image at all.
 */
#include "source/source.h"
#include "tests/unit/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void refused(const char *spec, const char *word)
{
    struct source *image = NULL;
    struct error err = {.column = 5, .text = ""};
    assert_false(source_open(&image, spec, &err));
    assert_null(image);
    if (!strstr(err.text, word))
        fail_msg("%s: \"%s\" does not say \"%s\"", spec, err.text, word);
    assert_null(strchr(err.text, '\n'));
}

/* --- opening --- */

static void what_is_no_image_is_said(void **state)
{
    (void)state;
    char path[96];
    struct file empty = file_create(0);
    refused("", "no image");
    refused("/dev/shm/ramwalk-not-there", "No such file");
    refused(empty.path, "empty");
    /* One that is as large as a guest can be, another beside it, and one that is larger. */
    char spec[sizeof empty.path * 2];
    struct file largest = file_create(UINT64_C(1) << 60), one = file_create(1);
    snprintf(spec, sizeof spec, "%s,%s", largest.path, one.path);
    source_drop(open_image(largest.path));
    refused(spec, "too large");
    assert_int_equal(ftruncate(one.fd, INT64_MAX), 0);
    refused(one.path, "too large");
    file_remove(&largest);
    file_remove(&one);
    refused("/dev/shm", "directory");
    refused("/dev/null", "neither");
    refused(",", "empty file name");
    snprintf(path, sizeof path, "%s.fifo", empty.path);
    assert_int_equal(mkfifo(path, 0600), 0);
    refused(path, "neither"); /* and does not wait for a writer */
    unlink(path);
    file_remove(&empty);
}

static void no_permission_is_said(void **state)
{
    (void)state;
    struct file file = file_create(4096);
    assert_int_equal(fchmod(file.fd, 0), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct source *image;
        struct error err = {.text = ""};
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(2);
        _exit(!source_open(&image, file.path, &err) && strstr(err.text, "Permission denied") ? 0
                                                                                             : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    file_remove(&file);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
        skip();
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void control_characters_in_names_are_masked(void **state)
{
    (void)state;
    refused("/dev/shm/\033[31mred\n", "?[31mred?");
    refused("/dev/shm/\xc2\x9b"
            "31m",
            "No such file");
    struct source *image;
    struct error err;
    assert_false(source_open(&image,
                             "/dev/shm/\xc2\x9b"
                             "31m",
                             &err));
    assert_null(strstr(err.text, "\xc2\x9b")); /* U+009B is CSI */
    char path[96];
    struct file file = file_create(4096);
    snprintf(path, sizeof path, "/dev/shm/ramwalk-test-\033[2J-%d", (int)getpid());
    assert_int_equal(rename(file.path, path), 0);
    image = open_image(path);
    assert_null(strchr(source_name(image), '\033'));
    source_drop(image);
    unlink(path);
    close(file.fd);
}

/* --- holes --- */

static void holes_are_no_zeros(void **state)
{
    (void)state;
    static const char zeros[4096];
    struct file file = file_create(MIB(1));
    uint64_t end;
    char bytes[16];
    file_write(&file, 8192, zeros, sizeof zeros);
    file_text(&file, 65536, "data");
    struct source_reader *reader = open_reader(file.path);
    assert_int_equal(source_extent(reader, 0, &end), EXTENT_HOLE);
    assert_int_equal(end, 8192);
    assert_int_equal(source_extent(reader, 8192, &end), EXTENT_DATA);
    assert_int_equal(end, 12288);
    assert_int_equal(source_extent(reader, 12287, &end), EXTENT_DATA);
    assert_int_equal(end, 12288);
    assert_int_equal(source_extent(reader, 70000, &end), EXTENT_HOLE);
    assert_int_equal(end, MIB(1));
    assert_int_equal(source_extent(reader, MIB(1), &end), EXTENT_NONE);
    assert_int_equal(end, UINT64_MAX);
    assert_int_equal(source_extent(reader, UINT64_MAX, &end), EXTENT_NONE);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(source_read(reader, 100, bytes, 16, NULL), 16);
    assert_memory_equal(bytes, zeros, 16);
    close_reader(reader);
    file_remove(&file);
}

static void a_terabyte_opens_and_tells_its_extents(void **state)
{
    (void)state;
    struct file file = file_create(UINT64_C(1) << 40);
    uint64_t end;
    file_text(&file, GIB(700), "x");
    struct source_reader *reader = open_reader(file.path);
    assert_int_equal(source_size(reader->source), UINT64_C(1) << 40);
    assert_int_equal(source_extent(reader, 0, &end), EXTENT_HOLE);
    assert_int_equal(end, GIB(700));
    assert_int_equal(source_extent(reader, GIB(700), &end), EXTENT_DATA);
    assert_int_equal(end, GIB(700) + 4096);
    const uint64_t *table = source_table_at(reader, GIB(900), 65536, NULL);
    assert_non_null(table);
    assert_int_equal(table[8191], 0);
    assert_int_equal(file_blocks(&file), 8);
    close_reader(reader);
    file_remove(&file);
}

/* Tables of every size over data, holes and both: tmpfs gives out no page for it. */
static void tables_leave_holes_alone(void **state)
{
    (void)state;
    struct file file = file_create(MIB(2));
    uint64_t word = 0x1122334455667788;
    for (uint64_t at = 0; at < MIB(1); at += 3 * 4096)
        file_write(&file, at + 8, &word, 8);
    struct file_state before = file_state(&file);
    struct source_reader *reader = open_reader(file.path);
    for (size_t size = 16; size <= 65536; size *= 2)
        for (uint64_t at = 0; at < MIB(2); at += size) {
            const uint64_t *table = source_table_at(reader, at, size, NULL);
            assert_non_null(table);
            for (size_t i = 0; i < size / 8; i++) {
                uint64_t place = at + 8 * i;
                bool set = place < MIB(1) && place % 12288 == 8;
                if (table[i] != (set ? word : 0))
                    fail_msg("table of %zu at %llx, word %zu", size, (unsigned long long)at, i);
            }
        }
    assert_null(source_table_at(reader, MIB(2), 4096, NULL));
    assert_null(source_table_at(reader, MIB(2) - 4096, 8192, NULL));
    assert_null(source_table(reader, UINT64_MAX & ~UINT64_C(4095), 4096, NULL));
    close_reader(reader);
    assert_file_unchanged(&file, &before);
    file_remove(&file);
}

/* A last page that the file only begins, a hole too: a small table there. */
static void the_hole_at_a_ragged_end_stays(void **state)
{
    (void)state;
    struct file file = file_create(4096 + 2048);
    file_text(&file, 0, "x");
    struct file_state before = file_state(&file);
    struct source_reader *reader = open_reader(file.path);
    const uint64_t *table = source_table_at(reader, 4096, 128, NULL);
    assert_non_null(table);
    assert_int_equal(table[3], 0);
    assert_int_equal(source_read(reader, 6000, (char[512]){0}, 512, NULL), 144);
    assert_null(source_table_at(reader, 4096, 4096, NULL));
    close_reader(reader);
    assert_file_unchanged(&file, &before);
    file_remove(&file);
}

/* The guest gives one page back and touches others: what was data is a hole now. */
static void pages_given_back_are_forgotten(void **state)
{
    (void)state;
    struct file file = file_create(MIB(1));
    file_text(&file, 0, "0");
    file_text(&file, 4096, "1");
    struct source_reader *reader = open_reader(file.path);
    assert_int_equal(source_table_at(reader, 0, 4096, NULL)[0], '0');
    assert_int_equal(source_table_at(reader, 4096, 4096, NULL)[0], '1');
    file_punch(&file, 4096, 4096); /* fewer blocks */
    assert_int_equal(source_refresh(reader->source, NULL), SOURCE_WHOLE);
    int64_t blocks = file_blocks(&file);
    assert_int_equal(source_table_at(reader, 4096, 4096, NULL)[0], 0);
    assert_int_equal(file_blocks(&file), blocks);
    file_punch(&file, 0, 4096); /* as many blocks as before, or more */
    file_text(&file, 65536, "2");
    file_text(&file, 69632, "3");
    assert_int_equal(source_refresh(reader->source, NULL), SOURCE_WHOLE);
    blocks = file_blocks(&file);
    assert_int_equal(source_table_at(reader, 0, 4096, NULL)[0], 0);
    assert_int_equal(file_blocks(&file), blocks);
    close_reader(reader);
    file_remove(&file);
}

/* Live: the mapping shows what the guest has written since. */
static void tables_show_the_current_bytes(void **state)
{
    (void)state;
    struct file file = file_create(65536);
    file_text(&file, 0, "old");
    struct source_reader *reader = open_reader(file.path);
    assert_memory_equal(source_table_at(reader, 0, 4096, NULL), "old", 3);
    file_text(&file, 0, "new");
    assert_memory_equal(source_table_at(reader, 0, 4096, NULL), "new", 3);
    assert_int_equal(source_table_at(reader, 8192, 4096, NULL)[0], 0);
    file_text(&file, 8192, "was a hole");
    assert_memory_equal(source_table_at(reader, 8192, 4096, NULL), "was a hole", 10);
    close_reader(reader);
    file_remove(&file);
}

/* --- files that change under us --- */

static void truncation_is_survived_and_said(void **state)
{
    (void)state;
    struct file file = file_create(MIB(1));
    static char page[4096];
    struct error message = {.text = ""};
    memset(page, 'x', sizeof page);
    for (uint64_t at = 0; at < MIB(1); at += sizeof page)
        file_write(&file, at, page, sizeof page);
    struct source_reader *reader = open_reader(file.path);
    assert_memory_equal(source_table_at(reader, 524288, 65536, NULL), page, 4096);
    assert_int_equal(source_refresh(reader->source, &message), SOURCE_WHOLE);
    assert_int_equal(ftruncate(file.fd, 8192), 0);
    const uint64_t *table =
        source_table_at(reader, 524288, 65536, NULL); /* known as data: SIGBUS */
    assert_non_null(table);
    assert_int_equal(table[0], 0);
    assert_int_equal(table[8191], 0);
    assert_int_equal(source_table_at(reader, 262144, 4096, NULL)[0], 0);
    assert_int_equal(source_read(reader, 4096, page, 4096, NULL), 4096);
    assert_int_equal(source_read(reader, 16384, page, 4096, NULL), 0);
    assert_int_equal(source_refresh(reader->source, &message), SOURCE_SHRUNK);
    assert_non_null(strstr(message.text, "shrank"));
    assert_int_equal(source_refresh(reader->source, NULL), SOURCE_SHRUNK);
    assert_int_equal(source_size(reader->source), MIB(1));
    close_reader(reader);
    file_remove(&file);
}

static void removal_is_said(void **state)
{
    (void)state;
    struct file file = file_create(65536);
    struct error message = {.text = ""};
    char bytes[4];
    file_text(&file, 0, "last");
    struct source_reader *reader = open_reader(file.path);
    file_remove(&file);
    assert_int_equal(source_refresh(reader->source, &message), SOURCE_GONE);
    assert_non_null(strstr(message.text, "removed"));
    assert_int_equal(source_read(reader, 0, bytes, 4, NULL), 4);
    assert_memory_equal(bytes, "last", 4);
    close_reader(reader);
}

/* The sentence is about the worst that happened, not about the last file. */
static void the_message_fits_the_state(void **state)
{
    (void)state;
    struct file a = file_create(8192), b = file_create(8192);
    char spec[256];
    struct error message = {.text = ""};
    snprintf(spec, sizeof spec, "%s,%s", a.path, b.path);
    struct source_reader *reader = open_reader(spec);
    assert_int_equal(ftruncate(b.fd, 4096), 0);
    unlink(a.path);
    enum source_state worst = source_refresh(reader->source, &message);
    assert_non_null(strstr(message.text, worst == SOURCE_GONE ? "removed" : "shrank"));
    close_reader(reader);
    file_remove(&a);
    file_remove(&b);
}

/* Sizes and places that are no multiples of anything. */
static void ragged_sizes_are_read_to_the_last_byte(void **state)
{
    (void)state;
    struct file a = file_create(4099), b = file_create(5003);
    char spec[256], bytes[8] = "";
    file_text(&a, 4097, "AB");
    file_text(&b, 0, "CD");
    file_text(&b, 5002, "Z");
    snprintf(spec, sizeof spec, "%s@40000000,%s", a.path, b.path);
    struct source_reader *reader = open_reader(spec);
    assert_int_equal(source_size(reader->source), 9102);
    assert_int_equal(source_read(reader, 4097, bytes, 4, NULL), 4);
    assert_memory_equal(bytes, "ABCD", 4);
    assert_int_equal(source_read(reader, 9101, bytes, 8, NULL), 1);
    assert_int_equal(bytes[0], 'Z');
    assert_int_equal(source_read(reader, 9102, bytes, 8, NULL), 0);
    assert_int_equal(source_read(reader, UINT64_MAX, bytes, 8, NULL), 0);
    /* A table over the seam, or at an odd place in its file, is read all the same. */
    const uint64_t *table = source_table_at(reader, 4096, 4096, NULL);
    assert_non_null(table);
    assert_int_equal((uintptr_t)table % 8, 0);
    assert_memory_equal(table, "\0ABCD", 5);
    table = source_table(reader, 0x40001008, 8, NULL);
    assert_non_null(table);
    assert_int_equal((uintptr_t)table % 8, 0);
    close_reader(reader);
    file_remove(&a);
    file_remove(&b);
}

/* hugetlbfs knows no holes and must not be mapped; rarely there. */
static void hugetlbfs_is_read_by_pread(void **state)
{
    (void)state;
    char path[] = "/dev/hugepages/ramwalk-test-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0)
        skip();
    if (ftruncate(fd, 2 << 20) != 0) {
        close(fd);
        unlink(path);
        skip();
    }
    struct source_reader *reader = open_reader(path);
    const uint64_t *table = source_table_at(reader, 0, 4096, NULL);
    struct stat st;
    assert_non_null(table);
    assert_int_equal(table[0], 0);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_blocks, 0);
    close_reader(reader);
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* First: cmocka sets its own handlers before each test, the image only once. */
        cmocka_unit_test(truncation_is_survived_and_said),
        cmocka_unit_test(what_is_no_image_is_said),
        cmocka_unit_test(no_permission_is_said),
        cmocka_unit_test(control_characters_in_names_are_masked),
        cmocka_unit_test(holes_are_no_zeros),
        cmocka_unit_test(a_terabyte_opens_and_tells_its_extents),
        cmocka_unit_test(tables_leave_holes_alone),
        cmocka_unit_test(the_hole_at_a_ragged_end_stays),
        cmocka_unit_test(pages_given_back_are_forgotten),
        cmocka_unit_test(tables_show_the_current_bytes),
        cmocka_unit_test(removal_is_said),
        cmocka_unit_test(the_message_fits_the_state),
        cmocka_unit_test(ragged_sizes_are_read_to_the_last_byte),
        cmocka_unit_test(hugetlbfs_is_read_by_pread),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
