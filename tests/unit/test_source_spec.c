/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FILE[:OFFSET][@PA][+SIZE],...: what is RAM, where it lies, and what is f:. */
#include "base/text.h"
#include "source/source.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void refused(const char *spec, const char *words)
{
    struct source *source = NULL;
    struct error err = {.column = 5, .text = ""};
    assert_false(source_open(&source, spec, &err));
    assert_null(source);
    if (!strstr(err.text, words))
        fail_msg("%s: \"%s\" does not say \"%s\"", spec, err.text, words);
    assert_null(strchr(err.text, '\n'));
}

/* "$" stands for the file. */
static void write_spec(const char *pattern, const struct file *file, char *spec, size_t size)
{
    struct text text = text_over(spec, size);
    for (; *pattern; pattern++)
        if (*pattern == '$')
            text_add(&text, "%s", file->path);
        else
            text_add(&text, "%c", *pattern);
}

static struct source_reader *open_as(const char *pattern, const struct file *file)
{
    char spec[400];
    write_spec(pattern, file, spec, sizeof spec);
    return open_reader(spec);
}

static void refused_as(const char *pattern, const struct file *file, const char *words)
{
    char spec[400];
    write_spec(pattern, file, spec, sizeof spec);
    refused(spec, words);
}

/* Where `pa` is in the file, and how many bytes follow it there; 0: however many. */
static void assert_offset(const struct source *source, uint64_t pa, uint64_t offset, uint64_t left)
{
    uint64_t got, follow;
    assert_true(source_pa_to_offset(source, pa, &got, &follow));
    assert_int_equal(got, offset);
    if (left)
        assert_int_equal(follow, left);
}

/* Nothing is at `pa`, and for how many bytes. */
static void assert_no_offset(const struct source *source, uint64_t pa, uint64_t left)
{
    uint64_t got, follow;
    assert_false(source_pa_to_offset(source, pa, &got, &follow));
    assert_int_equal(follow, left);
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
    struct source_reader *reader = open_reader(spec);
    assert_true(source_is_placed(reader->source));
    assert_int_equal(source_size(reader->source), 12288);
    assert_int_equal(source_read(reader, 8190, bytes, 4, NULL), 4);
    assert_memory_equal(bytes, "ABCD", 4);
    assert_offset(reader->source, 0x40001fff, 0x1fff, 1);
    assert_offset(reader->source, 0x80000001, 0x2001, 4095);
    assert_no_offset(reader->source, 0x40002000, 0x3fffe000);
    assert_no_offset(reader->source, 0x80001000, UINT64_MAX - 0x80001000);
    assert_false(source_pa_to_offset(reader->source, 0, &offset, NULL));
    assert_true(source_offset_to_pa(reader->source, 0x2000, &pa, &left));
    assert_int_equal(pa, 0x80000000);
    assert_false(source_offset_to_pa(reader->source, 0x3000, &pa, &left));
    assert_int_equal(left, UINT64_MAX - 0x3000);
    assert_string_equal(source_name(reader->source) + strlen(source_name(reader->source)) - 3,
                        " +1");
    close_reader(reader);

    snprintf(spec, sizeof spec, "%s@40000000,%s", a.path, b.path); /* follows directly */
    reader = open_reader(spec);
    assert_offset(reader->source, 0x40002000, 0x2000, 0);
    close_reader(reader);

    snprintf(spec, sizeof spec, "%s@40000000,%s@40001000", a.path, b.path);
    refused(spec, "overlap");
    snprintf(spec, sizeof spec, "%s@fffffffffffff000", a.path);
    refused(spec, "pass the end");
    snprintf(spec, sizeof spec, "%s@fffffffffffff000,%s@fffffffffffff000", b.path, b.path);
    refused(spec, "overlap");
    snprintf(spec, sizeof spec, "%s,,%s", a.path, b.path);
    refused(spec, "empty file name");
    snprintf(spec, sizeof spec, "%s@xyz", a.path);
    refused(spec, "'@xyz' is no [:OFFSET][@PA][+SIZE]");
    file_remove(&a);
    file_remove(&b);
}

/* Renames a file so that its name ends in `tail`: all of it is the image, at no place. */
static void check_whole(const struct file *file, const char *tail, char *path, size_t size)
{
    struct stat status;
    snprintf(path, size, "%s%s", file->path, tail);
    assert_int_equal(rename(file->path, path), 0);
    assert_int_equal(fstat(file->fd, &status), 0);
    struct source_reader *reader = open_reader(path);
    assert_int_equal(source_ram_size(reader->source), status.st_size);
    assert_int_equal(source_size(reader->source), status.st_size);
    assert_false(source_is_placed(reader->source));
    close_reader(reader);
}

static void commas_and_ats_may_be_names(void **state)
{
    (void)state;
    static const char *const tails[] = {",x", "@40000000", ",a@1000", "@"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct file file = file_create(4096);
        char path[128], placed[160];
        check_whole(&file, tails[i], path, sizeof path);
        if (tails[i][0] == '@') {
            snprintf(placed, sizeof placed, "%s@2000", path);
            struct source_reader *reader = open_reader(placed);
            assert_true(source_is_placed(reader->source));
            close_reader(reader);
        }
        unlink(path);
        close(file.fd);
    }
}

static void many_segments_are_refused(void **state)
{
    (void)state;
    struct file file = file_create(4096);
    char *spec = calloc(1, 80 * (SOURCE_SEGMENTS + 2));
    assert_non_null(spec);
    for (unsigned i = 0; i <= SOURCE_SEGMENTS; i++)
        sprintf(spec + strlen(spec), "%s%s", i ? "," : "", file.path);
    refused(spec, "more than 64 segments");
    free(spec);
    file_remove(&file);
}

static void places_are_checked(void **state)
{
    (void)state;
    struct file file = file_create(MIB(4));
    struct source_reader *reader = open_reader(file.path);
    size_t count;
    struct segment good[] = {{0, 0, MIB(1)}, {MIB(1), GIB(4), MIB(3)}};
    struct segment hole[] = {{0, 0, MIB(1)}, {MIB(2), GIB(4), MIB(2)}};
    struct segment shorter[] = {{0, 0, MIB(1)}, {MIB(1), GIB(4), MIB(2)}};
    struct segment over[] = {{0, 0, MIB(2)}, {MIB(2), MIB(1), MIB(2)}};
    struct segment order[] = {{MIB(1), 0, MIB(3)}, {0, GIB(4), MIB(1)}};
    struct segment wraps[] = {{0, UINT64_MAX - MIB(1), MIB(4)}};
    struct segment nothing[] = {{0, 0, 0}, {0, GIB(4), MIB(4)}};
    struct segment top[] = {{0, 0 - MIB(2), MIB(2)}, {MIB(2), 0 - MIB(3), MIB(2)}};
    assert_false(source_is_placed(reader->source));
    assert_false(source_place(reader->source, good, 0));
    assert_false(source_place(reader->source, hole, 2));
    assert_false(source_place(reader->source, shorter, 2));
    assert_false(source_place(reader->source, over, 2));
    assert_false(source_place(reader->source, wraps, 1));
    assert_false(source_place(reader->source, nothing, 2));
    assert_false(source_place(reader->source, top, 2));
    assert_false(source_place_base(reader->source, UINT64_MAX));
    assert_false(source_is_placed(reader->source));
    assert_true(source_place(reader->source, good, 2));
    assert_true(source_is_placed(reader->source));
    assert_int_equal(source_segments(reader->source, &count)[1].pa, GIB(4));
    assert_int_equal(count, 2);
    assert_true(source_place(reader->source, order, 2));
    assert_true(source_place_base(reader->source, 0 - MIB(4))); /* up to the very last byte */
    close_reader(reader);
    file_remove(&file);
}

/* --- segments --- */

/* One file, three segments: as a LiME dump has them.  None begins at a multiple of anything. */
static void segments_begin_anywhere(void **state)
{
    (void)state;
    struct file file = file_create(0x9000);
    char bytes[8];
    uint64_t offset, pa, left;
    size_t count;
    file_text(&file, 0, "head");
    file_text(&file, 0x20, "low");
    file_text(&file, 0x1fe, "AB");
    file_text(&file, 0x200, "CD");
    file_text(&file, 0x8ffc, "last");
    struct source_reader *reader =
        open_as("$:20@1003+1e0,$:200@40000000+0x1K,$:8000@80000fff", &file);
    struct source *source = reader->source;
    assert_true(source_is_placed(source));
    assert_int_equal(source_size(source), 0x9000); /* f: is all of the file, once */
    assert_int_equal(source_ram_size(source), 0x1e0 + 0x400 + 0x1000);
    assert_string_equal(strchr(source_name(source), '+') ? "+" : "", "");
    const struct segment *segment = source_segments(source, &count);
    assert_int_equal(count, 3);
    assert_int_equal(segment[1].offset, 0x200);
    assert_int_equal(segment[1].size, 0x400);
    assert_offset(source, 0x1003, 0x20, 0x1e0);
    assert_no_offset(source, 0x1002, 1);
    assert_offset(source, 0x80001ffe, 0x8fff, 0);
    assert_false(source_pa_to_offset(source, 0x80001fff, &offset, NULL));
    /* What is in no segment has a place in the file, and no address. */
    assert_false(source_offset_to_pa(source, 0, &pa, &left));
    assert_int_equal(left, 0x20);
    assert_false(source_offset_to_pa(source, 0x700, &pa, &left));
    assert_int_equal(left, 0x7900);
    assert_int_equal(source_read(reader, 0, bytes, 4, NULL), 4);
    assert_memory_equal(bytes, "head", 4);
    assert_int_equal(source_read(reader, 0x1fe, bytes, 4, NULL), 4); /* as the file has it */
    assert_memory_equal(bytes, "ABCD", 4);
    assert_true(source_ram_pa(source, 0x1e0, &pa));
    assert_int_equal(pa, 0x40000000);
    assert_false(source_ram_pa(source, 0x1e0 + 0x400 + 0x1000, &pa));
    close_reader(reader);
    file_remove(&file);
}

/* Units are binary, numbers hexadecimal: +10K is 16 KiB. */
static void sizes_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        uint64_t size;
    } cases[] = {
        {"$+1000", 0x1000}, {"$+0x1000", 0x1000},  {"$+10K", KIB(16)}, {"$+10k", KIB(16)},
        {"$+2M", MIB(2)},   {"$:1000+2m", MIB(2)}, {"$@0+1G", GIB(1)}, {"$:1g0", 0},
    };
    struct file file = file_create(GIB(2));
    for (size_t i = 0; cases[i].size; i++) {
        struct source_reader *reader = open_as(cases[i].spec, &file);
        assert_int_equal(source_ram_size(reader->source), cases[i].size);
        close_reader(reader);
    }
    refused_as("$:1g", &file, "':1g' is no [:OFFSET][@PA][+SIZE]");
    refused_as("$@1K", &file, "'@1K' is no [:OFFSET][@PA][+SIZE]");
    refused_as("$+1T", &file, "'+1T' is no [:OFFSET][@PA][+SIZE]");
    refused_as("$+fffffffffffffG", &file, "is no [:OFFSET]");
    refused_as("$+", &file, "'+' is no [:OFFSET]");
    refused_as("$+K", &file, "'+K' is no [:OFFSET]");
    refused_as("$+1000@0", &file, "'@0' is no [:OFFSET]"); /* not in their order */
    refused_as("$@0:1000", &file, "is no [:OFFSET]");
    file_remove(&file);
}

static void wrong_segments_are_refused(void **state)
{
    (void)state;
    struct file file = file_create(0x3000);
    refused_as("$:3000", &file, "offset 0x3000 is past the end of its 0x3000 bytes");
    refused_as("$:ffffffffffffffff", &file, "is past the end");
    refused_as("$+0", &file, "+0 is no size");
    refused_as("$+3001", &file, "pass the end of its 0x3000 bytes");
    refused_as("$:2000+1001", &file, "0x1001 bytes from offset 0x2000 pass the end");
    refused_as("$:1000+ffffffffffffffff", &file, "pass the end of its");
    refused_as("$@ffffffffffffe000", &file, "pass the end of the address space");
    refused_as("$@0,$@40000000", &file, "segments overlap in the file, at f:0");
    refused_as("$@0+1000,$:fff@40000000+10", &file, "segments overlap in the file, at f:fff");
    refused_as("$@1000+1000,$:1000@1fff+10", &file, "segments overlap at p:1fff");
    refused_as("$@0+1000,$:1000@2000+1000,$:2000@2fff+1", &file, "segments overlap at p:2fff");
    close_reader(open_as("$@0+1000,$:1000@1000+1000,$:2000@fff0+1000", &file)); /* they touch */
    file_remove(&file);
}

/* Without a place: laid from 0 in the order named, and by source_place_base() from elsewhere. */
static void segments_without_a_place_follow_each_other(void **state)
{
    (void)state;
    struct file file = file_create(0x5000);
    struct segment segment[SOURCE_SEGMENTS];
    size_t count;
    struct source_reader *reader = open_as("$:3000+1000,$:800+800", &file);
    assert_false(source_is_placed(reader->source));
    assert_offset(reader->source, 0x1001, 0x801, 0);
    assert_true(source_place_base(reader->source, 0x40000000));
    assert_true(source_is_placed(reader->source));
    assert_offset(reader->source, 0x40001001, 0x801, 0);
    /* Split as a PC's RAM is, within a segment. */
    count = source_lay(reader->source, 0x10000, 0x1200, 0x100000, segment);
    assert_int_equal(count, 3);
    assert_int_equal(segment[1].pa, 0x11000);
    assert_int_equal(segment[1].size, 0x200);
    assert_int_equal(segment[2].offset, 0xa00);
    assert_int_equal(segment[2].pa, 0x100000);
    assert_int_equal(segment[2].size, 0x600);
    assert_true(source_place(reader->source, segment, count));
    close_reader(reader);
    file_remove(&file);
}

/* The longest name that is there wins, and what follows it is read. */
static void names_may_look_like_suffixes(void **state)
{
    (void)state;
    static const char *const tails[] = {":10@20", "+1000", ":10", ",b:1@2+3"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct file file = file_create(0x2000), other = file_create(0x1000);
        char path[128], spec[300];
        check_whole(&file, tails[i], path, sizeof path);
        snprintf(spec, sizeof spec, "%s@40000000,%s:800+100,%s@3000+800", path, other.path,
                 other.path);
        struct source_reader *reader = open_reader(spec);
        assert_int_equal(source_ram_size(reader->source), 0x2900);
        assert_int_equal(source_size(reader->source), 0x3000);
        close_reader(reader);
        unlink(path);
        close(file.fd);
        file_remove(&other);
    }
}

/* By another path it is the same file, whose f: are counted once. */
static void a_file_named_twice_is_one(void **state)
{
    (void)state;
    struct file a = file_create(0x2000), b = file_create(0x1000);
    char link_path[128], spec[400], byte;
    file_text(&b, 0, "B");
    snprintf(link_path, sizeof link_path, "%s.link", a.path);
    assert_int_equal(symlink(a.path, link_path), 0);
    snprintf(spec, sizeof spec, "%s@0+1000,%s@8000,%s:1000@4000", a.path, b.path, link_path);
    struct source_reader *reader = open_reader(spec);
    assert_int_equal(source_size(reader->source), 0x3000);
    assert_offset(reader->source, 0x8000, 0x2000, 0); /* after all of the first file */
    assert_int_equal(source_read(reader, 0x2000, &byte, 1, NULL), 1);
    assert_int_equal(byte, 'B');
    assert_offset(reader->source, 0x4000, 0x1000, 0);
    close_reader(reader);
    unlink(link_path);
    file_remove(&a);
    file_remove(&b);
}

/* Laid out, what goes on in the file and in physical space is one segment, and nothing else. */
static void neighbours_are_one_segment(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        uint64_t below;
        size_t segments;
    } cases[] = {
        {"$:1000+1000,$:2000+1000", UINT64_MAX, 1},
        {"$:1000+1000,$:2000+1000", 0x1000, 2},
        {"$:1000+1000,$:3000+1000", UINT64_MAX, 2},
        {"$:2000+1000,$:1000+1000", UINT64_MAX, 2},
    };
    struct file file = file_create(0x4000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct segment segment[SOURCE_SEGMENTS];
        struct source_reader *reader = open_as(cases[i].spec, &file);
        size_t count = source_lay(reader->source, 0x40000000, cases[i].below, GIB(4), segment);
        assert_int_equal(count, cases[i].segments);
        assert_int_equal(segment[0].size, count == 1 ? 0x2000 : 0x1000);
        assert_int_equal(segment[count - 1].pa, cases[i].below == 0x1000 ? GIB(4)
                                                : count == 1             ? 0x40000000
                                                                         : 0x40001000);
        close_reader(reader);
    }
    file_remove(&file);
}

/* --- tables --- */

/* Physically aligned, at an odd place in the file, over a seam, and with one end missing. */
static void tables_lie_anywhere_in_the_file(void **state)
{
    (void)state;
    struct file file = file_create(0x8000);
    enum extent_kind why;
    for (uint64_t i = 0; i < 512; i++) {
        file_write(&file, 0x21 + 8 * i, &i, 8);
        file_write(&file, 0x4003 + 8 * i, &i, 8);
    }
    /* A page at an odd offset; half a page, and its other half elsewhere; and one that is cut. */
    struct source_reader *reader =
        open_as("$:21@10000+1000,$:4003@20000+800,$:4803@20800+808", &file);
    const uint64_t *table = source_table(reader, 0x10000, 4096, NULL);
    assert_non_null(table);
    assert_int_equal((uintptr_t)table % 8, 0);
    assert_int_equal(table[511], 511);
    assert_false(source_table_stays(reader, table));
    table = source_table(reader, 0x20000, 4096, NULL);
    assert_non_null(table);
    assert_int_equal(table[0], 0);
    assert_int_equal(table[255], 255);
    assert_int_equal(table[256], 256);
    assert_int_equal(table[511], 511);
    assert_null(source_table(reader, 0x21000, 4096, &why));
    assert_int_equal(why, EXTENT_NONE);
    assert_null(source_table(reader, 0x18000, 4096, &why)); /* between two segments */
    assert_int_equal(why, EXTENT_NONE);
    table = source_table(reader, 0x21000, 8, &why);
    assert_non_null(table);
    assert_null(source_table(reader, 0x21008, 8, &why));
    close_reader(reader);
    file_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_one_image),
        cmocka_unit_test(commas_and_ats_may_be_names),
        cmocka_unit_test(many_segments_are_refused),
        cmocka_unit_test(places_are_checked),
        cmocka_unit_test(segments_begin_anywhere),
        cmocka_unit_test(sizes_have_units),
        cmocka_unit_test(wrong_segments_are_refused),
        cmocka_unit_test(segments_without_a_place_follow_each_other),
        cmocka_unit_test(names_may_look_like_suffixes),
        cmocka_unit_test(a_file_named_twice_is_one),
        cmocka_unit_test(neighbours_are_one_segment),
        cmocka_unit_test(tables_lie_anywhere_in_the_file),
    };
    return cmocka_run_group_tests_name("source_spec", tests, NULL, NULL);
}
