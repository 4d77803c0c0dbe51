/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files as a guest's memory: lists, places, holes that stay holes, files that shrink or vanish,
 * and everything that is no image at all.
 */
#include "image/image.h"
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
    struct image *image = NULL;
    struct error err = {.column = 5, .text = ""};
    assert_false(image_open(&image, spec, &err));
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
        struct image *image;
        struct error err = {.text = ""};
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(2);
        _exit(!image_open(&image, file.path, &err) && strstr(err.text, "Permission denied") ? 0
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
    struct image *image;
    struct error err;
    assert_false(image_open(&image,
                            "/dev/shm/\xc2\x9b"
                            "31m",
                            &err));
    assert_null(strstr(err.text, "\xc2\x9b")); /* U+009B is CSI */
    char path[96];
    struct file file = file_create(4096);
    snprintf(path, sizeof path, "/dev/shm/ramwalk-test-\033[2J-%d", (int)getpid());
    assert_int_equal(rename(file.path, path), 0);
    image = open_image(path);
    assert_null(strchr(image_name(image), '\033'));
    image_close(image);
    unlink(path);
    close(file.fd);
}

static void a_list_is_one_image(void **state)
{
    (void)state;
    struct file a = file_create(8192), b = file_create(4096);
    char spec[256], bytes[4];
    uint64_t offset, pa, left;
    file_text(&a, 8190, "AB");
    file_text(&b, 0, "CD");
    snprintf(spec, sizeof spec, "%s@40000000,%s@0x80000000", a.path, b.path);
    struct image *image = open_image(spec);
    assert_true(image_is_placed(image));
    assert_int_equal(image_size(image), 12288);
    assert_int_equal(image_read(image, 8190, bytes, 4), 4);
    assert_memory_equal(bytes, "ABCD", 4);
    assert_true(image_pa_to_offset(image, 0x40001fff, &offset, &left));
    assert_int_equal(offset, 0x1fff);
    assert_int_equal(left, 1);
    assert_true(image_pa_to_offset(image, 0x80000001, &offset, &left));
    assert_int_equal(offset, 0x2001);
    assert_int_equal(left, 4095);
    assert_false(image_pa_to_offset(image, 0x40002000, &offset, &left));
    assert_int_equal(left, 0x3fffe000);
    assert_false(image_pa_to_offset(image, 0x80001000, &offset, &left));
    assert_int_equal(left, UINT64_MAX - 0x80001000);
    assert_false(image_pa_to_offset(image, 0, &offset, NULL));
    assert_true(image_offset_to_pa(image, 0x2000, &pa, &left));
    assert_int_equal(pa, 0x80000000);
    assert_false(image_offset_to_pa(image, 0x3000, &pa, &left));
    assert_int_equal(left, UINT64_MAX - 0x3000);
    assert_string_equal(image_name(image) + strlen(image_name(image)) - 3, " +1");
    image_close(image);

    snprintf(spec, sizeof spec, "%s@40000000,%s", a.path, b.path); /* follows directly */
    image = open_image(spec);
    assert_true(image_pa_to_offset(image, 0x40002000, &offset, NULL));
    assert_int_equal(offset, 0x2000);
    image_close(image);

    snprintf(spec, sizeof spec, "%s@40000000,%s@40001000", a.path, b.path);
    refused(spec, "overlap");
    snprintf(spec, sizeof spec, "%s@fffffffffffff000", a.path);
    refused(spec, "pass the end");
    snprintf(spec, sizeof spec, "%s@fffffffffffff000,%s@fffffffffffff000", b.path, b.path);
    refused(spec, "overlap");
    snprintf(spec, sizeof spec, "%s,,%s", a.path, b.path);
    refused(spec, "empty file name");
    snprintf(spec, sizeof spec, "%s@xyz", a.path);
    refused(spec, "No such file");
    file_remove(&a);
    file_remove(&b);
}

static void commas_and_ats_may_be_names(void **state)
{
    (void)state;
    static const char *const tails[] = {",x", "@40000000", ",a@1000", "@"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct file file = file_create(4096);
        char path[128], placed[160];
        snprintf(path, sizeof path, "%s%s", file.path, tails[i]);
        assert_int_equal(rename(file.path, path), 0);
        struct image *image = open_image(path);
        assert_int_equal(image_size(image), 4096);
        assert_false(image_is_placed(image));
        image_close(image);
        if (tails[i][0] == '@') {
            snprintf(placed, sizeof placed, "%s@2000", path);
            image = open_image(placed);
            assert_true(image_is_placed(image));
            image_close(image);
        }
        unlink(path);
        close(file.fd);
    }
}

static void many_files_are_refused(void **state)
{
    (void)state;
    struct file file = file_create(4096);
    char *spec = calloc(1, 80 * (IMAGE_RANGES + 2));
    assert_non_null(spec);
    for (unsigned i = 0; i <= IMAGE_RANGES; i++)
        sprintf(spec + strlen(spec), "%s%s", i ? "," : "", file.path);
    refused(spec, "more than 64 files");
    free(spec);
    file_remove(&file);
}

static void places_are_checked(void **state)
{
    (void)state;
    struct file file = file_create(MIB(4));
    struct image *image = open_image(file.path);
    size_t count;
    struct ram_range good[] = {{0, 0, MIB(1)}, {MIB(1), GIB(4), MIB(3)}};
    struct ram_range hole[] = {{0, 0, MIB(1)}, {MIB(2), GIB(4), MIB(2)}};
    struct ram_range shorter[] = {{0, 0, MIB(1)}, {MIB(1), GIB(4), MIB(2)}};
    struct ram_range over[] = {{0, 0, MIB(2)}, {MIB(2), MIB(1), MIB(2)}};
    struct ram_range order[] = {{MIB(1), 0, MIB(3)}, {0, GIB(4), MIB(1)}};
    struct ram_range wraps[] = {{0, UINT64_MAX - MIB(1), MIB(4)}};
    struct ram_range nothing[] = {{0, 0, 0}, {0, GIB(4), MIB(4)}};
    struct ram_range top[] = {{0, 0 - MIB(2), MIB(2)}, {MIB(2), 0 - MIB(3), MIB(2)}};
    assert_false(image_is_placed(image));
    assert_false(image_place(image, good, 0));
    assert_false(image_place(image, hole, 2));
    assert_false(image_place(image, shorter, 2));
    assert_false(image_place(image, over, 2));
    assert_false(image_place(image, order, 2));
    assert_false(image_place(image, wraps, 1));
    assert_false(image_place(image, nothing, 2));
    assert_false(image_place(image, top, 2));
    assert_false(image_place_base(image, UINT64_MAX));
    assert_false(image_is_placed(image));
    assert_true(image_place(image, good, 2));
    assert_true(image_is_placed(image));
    assert_int_equal(image_ranges(image, &count)[1].pa, GIB(4));
    assert_int_equal(count, 2);
    assert_true(image_place_base(image, 0 - MIB(4))); /* up to the very last byte */
    image_close(image);
    file_remove(&file);
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
    struct image *image = open_image(file.path);
    assert_int_equal(image_extent(image, 0, &end), EXTENT_HOLE);
    assert_int_equal(end, 8192);
    assert_int_equal(image_extent(image, 8192, &end), EXTENT_DATA);
    assert_int_equal(end, 12288);
    assert_int_equal(image_extent(image, 12287, &end), EXTENT_DATA);
    assert_int_equal(end, 12288);
    assert_int_equal(image_extent(image, 70000, &end), EXTENT_HOLE);
    assert_int_equal(end, MIB(1));
    assert_int_equal(image_extent(image, MIB(1), &end), EXTENT_NONE);
    assert_int_equal(end, UINT64_MAX);
    assert_int_equal(image_extent(image, UINT64_MAX, &end), EXTENT_NONE);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(image_read(image, 100, bytes, 16), 16);
    assert_memory_equal(bytes, zeros, 16);
    image_close(image);
    file_remove(&file);
}

static void a_terabyte_opens_and_tells_its_extents(void **state)
{
    (void)state;
    struct file file = file_create(UINT64_C(1) << 40);
    uint64_t end;
    file_text(&file, GIB(700), "x");
    struct image *image = open_image(file.path);
    assert_int_equal(image_size(image), UINT64_C(1) << 40);
    assert_int_equal(image_extent(image, 0, &end), EXTENT_HOLE);
    assert_int_equal(end, GIB(700));
    assert_int_equal(image_extent(image, GIB(700), &end), EXTENT_DATA);
    assert_int_equal(end, GIB(700) + 4096);
    const uint64_t *table = image_table_at(image, GIB(900), 65536);
    assert_non_null(table);
    assert_int_equal(table[8191], 0);
    assert_int_equal(file_blocks(&file), 8);
    image_close(image);
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
    struct image *image = open_image(file.path);
    for (size_t size = 16; size <= 65536; size *= 2)
        for (uint64_t at = 0; at < MIB(2); at += size) {
            const uint64_t *table = image_table_at(image, at, size);
            assert_non_null(table);
            for (size_t i = 0; i < size / 8; i++) {
                uint64_t place = at + 8 * i;
                bool set = place < MIB(1) && place % 12288 == 8;
                if (table[i] != (set ? word : 0))
                    fail_msg("table of %zu at %llx, word %zu", size, (unsigned long long)at, i);
            }
        }
    assert_null(image_table_at(image, MIB(2), 4096));
    assert_null(image_table_at(image, MIB(2) - 4096, 8192));
    assert_null(image_table(image, UINT64_MAX & ~UINT64_C(4095), 4096));
    image_close(image);
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
    struct image *image = open_image(file.path);
    const uint64_t *table = image_table_at(image, 4096, 128);
    assert_non_null(table);
    assert_int_equal(table[3], 0);
    assert_int_equal(image_read(image, 6000, (char[512]){0}, 512), 144);
    assert_null(image_table_at(image, 4096, 4096));
    image_close(image);
    assert_file_unchanged(&file, &before);
    file_remove(&file);
}

static void assert_run(const struct image *image, uint64_t pa, bool there, uint64_t length)
{
    uint64_t run;
    assert_int_equal(image_there(image, pa, &run), there);
    assert_int_equal(run, length);
}

/* What there is of a table is read, and what is not is told: at the end of the file, at odd places,
 * between ranges that follow one another and ranges that do not. */
static void tables_are_read_in_part(void **state)
{
    (void)state;
    struct file file = file_create(3 * 4096);
    uint64_t words[3 * 512];
    for (uint64_t i = 0; i < 3 * 512; i++)
        words[i] = 0x1000 + i;
    file_write(&file, 0, words, sizeof words);
    assert_int_equal(ftruncate(file.fd, 2 * 4096 + 20), 0);
    struct image *image = open_image(file.path);
    /* 40000000: 4096 + 12 bytes; what follows them directly; a gap of 24; the last 8 bytes. */
    const struct ram_range ranges[] = {
        {0, 0x40000000, 4096 + 12}, {4108, 0x4000100c, 4096}, {8204, 0x40002024, 8}};
    assert_true(image_place(image, ranges, 3));
    assert_run(image, 0x40000000, true, 8204);
    assert_run(image, 0x4000200c, false, 24);
    assert_run(image, 0x40002024, true, 8);
    assert_run(image, 0x4000202c, false, UINT64_MAX - 0x4000202c);
    const uint64_t *table = image_table(image, 0x40001000, 4096); /* across two ranges, whole */
    assert_non_null(table);
    assert_memory_equal(table, words + 512, 4096);
    assert_false(image_table_stays(image, table));
    table = image_table(image, 0x40002000, 4096);
    assert_non_null(table);
    assert_int_equal(table[0], 0x1400);
    for (size_t i = 1; i < 512; i++) /* half an entry is none: [1], [4] and [5] */
        assert_int_equal(table[i], 0);
    table = image_table(image, 0x40000000, 16384);
    assert_non_null(table);
    assert_memory_equal(table, words, 8200);
    assert_int_equal(table[1025], 0);
    assert_run(image, UINT64_MAX, false, 1);
    assert_null(image_table(image, 0x40003000, 4096));
    assert_null(image_table(image, 0x40000000, 131072)); /* no table is that large */
    image_close(image);
    file_remove(&file);
}

/* The guest gives one page back and touches others: what was data is a hole now. */
static void pages_given_back_are_forgotten(void **state)
{
    (void)state;
    struct file file = file_create(MIB(1));
    file_text(&file, 0, "0");
    file_text(&file, 4096, "1");
    struct image *image = open_image(file.path);
    assert_int_equal(image_table_at(image, 0, 4096)[0], '0');
    assert_int_equal(image_table_at(image, 4096, 4096)[0], '1');
    file_punch(&file, 4096, 4096); /* fewer blocks */
    assert_int_equal(image_refresh(image, NULL), IMAGE_WHOLE);
    int64_t blocks = file_blocks(&file);
    assert_int_equal(image_table_at(image, 4096, 4096)[0], 0);
    assert_int_equal(file_blocks(&file), blocks);
    file_punch(&file, 0, 4096); /* as many blocks as before, or more */
    file_text(&file, 65536, "2");
    file_text(&file, 69632, "3");
    assert_int_equal(image_refresh(image, NULL), IMAGE_WHOLE);
    blocks = file_blocks(&file);
    assert_int_equal(image_table_at(image, 0, 4096)[0], 0);
    assert_int_equal(file_blocks(&file), blocks);
    image_close(image);
    file_remove(&file);
}

/* Live: the mapping shows what the guest has written since. */
static void tables_show_the_current_bytes(void **state)
{
    (void)state;
    struct file file = file_create(65536);
    file_text(&file, 0, "old");
    struct image *image = open_image(file.path);
    assert_memory_equal(image_table_at(image, 0, 4096), "old", 3);
    file_text(&file, 0, "new");
    assert_memory_equal(image_table_at(image, 0, 4096), "new", 3);
    assert_int_equal(image_table_at(image, 8192, 4096)[0], 0);
    file_text(&file, 8192, "was a hole");
    assert_memory_equal(image_table_at(image, 8192, 4096), "was a hole", 10);
    image_close(image);
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
    struct image *image = open_image(file.path);
    assert_memory_equal(image_table_at(image, 524288, 65536), page, 4096);
    assert_int_equal(image_refresh(image, &message), IMAGE_WHOLE);
    assert_int_equal(ftruncate(file.fd, 8192), 0);
    const uint64_t *table = image_table_at(image, 524288, 65536); /* known as data: SIGBUS */
    assert_non_null(table);
    assert_int_equal(table[0], 0);
    assert_int_equal(table[8191], 0);
    assert_int_equal(image_table_at(image, 262144, 4096)[0], 0);
    assert_int_equal(image_read(image, 4096, page, 4096), 4096);
    assert_int_equal(image_read(image, 16384, page, 4096), 0);
    assert_int_equal(image_refresh(image, &message), IMAGE_SHRUNK);
    assert_non_null(strstr(message.text, "shrank"));
    assert_int_equal(image_refresh(image, NULL), IMAGE_SHRUNK);
    assert_int_equal(image_size(image), MIB(1));
    image_close(image);
    file_remove(&file);
}

static void removal_is_said(void **state)
{
    (void)state;
    struct file file = file_create(65536);
    struct error message = {.text = ""};
    char bytes[4];
    file_text(&file, 0, "last");
    struct image *image = open_image(file.path);
    file_remove(&file);
    assert_int_equal(image_refresh(image, &message), IMAGE_GONE);
    assert_non_null(strstr(message.text, "removed"));
    assert_int_equal(image_read(image, 0, bytes, 4), 4);
    assert_memory_equal(bytes, "last", 4);
    image_close(image);
}

/* The sentence is about the worst that happened, not about the last file. */
static void the_message_fits_the_state(void **state)
{
    (void)state;
    struct file a = file_create(8192), b = file_create(8192);
    char spec[256];
    struct error message = {.text = ""};
    snprintf(spec, sizeof spec, "%s,%s", a.path, b.path);
    struct image *image = open_image(spec);
    assert_int_equal(ftruncate(b.fd, 4096), 0);
    unlink(a.path);
    enum image_state worst = image_refresh(image, &message);
    assert_non_null(strstr(message.text, worst == IMAGE_GONE ? "removed" : "shrank"));
    image_close(image);
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
    struct image *image = open_image(spec);
    assert_int_equal(image_size(image), 9102);
    assert_int_equal(image_read(image, 4097, bytes, 4), 4);
    assert_memory_equal(bytes, "ABCD", 4);
    assert_int_equal(image_read(image, 9101, bytes, 8), 1);
    assert_int_equal(bytes[0], 'Z');
    assert_int_equal(image_read(image, 9102, bytes, 8), 0);
    assert_int_equal(image_read(image, UINT64_MAX, bytes, 8), 0);
    /* A table over the seam, or at an odd place in its file, is read all the same. */
    const uint64_t *table = image_table_at(image, 4096, 4096);
    assert_non_null(table);
    assert_int_equal((uintptr_t)table % 8, 0);
    assert_memory_equal(table, "\0ABCD", 5);
    table = image_table(image, 0x40001008, 8);
    assert_non_null(table);
    assert_int_equal((uintptr_t)table % 8, 0);
    image_close(image);
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
    struct image *image = open_image(path);
    const uint64_t *table = image_table_at(image, 0, 4096);
    struct stat st;
    assert_non_null(table);
    assert_int_equal(table[0], 0);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_blocks, 0);
    image_close(image);
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* First: cmocka sets handlers of its own before each test, the image only once. */
        cmocka_unit_test(truncation_is_survived_and_said),
        cmocka_unit_test(what_is_no_image_is_said),
        cmocka_unit_test(no_permission_is_said),
        cmocka_unit_test(control_characters_in_names_are_masked),
        cmocka_unit_test(a_list_is_one_image),
        cmocka_unit_test(commas_and_ats_may_be_names),
        cmocka_unit_test(many_files_are_refused),
        cmocka_unit_test(places_are_checked),
        cmocka_unit_test(holes_are_no_zeros),
        cmocka_unit_test(a_terabyte_opens_and_tells_its_extents),
        cmocka_unit_test(tables_leave_holes_alone),
        cmocka_unit_test(the_hole_at_a_ragged_end_stays),
        cmocka_unit_test(tables_are_read_in_part),
        cmocka_unit_test(pages_given_back_are_forgotten),
        cmocka_unit_test(tables_show_the_current_bytes),
        cmocka_unit_test(removal_is_said),
        cmocka_unit_test(the_message_fits_the_state),
        cmocka_unit_test(ragged_sizes_are_read_to_the_last_byte),
        cmocka_unit_test(hugetlbfs_is_read_by_pread),
    };
    return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
