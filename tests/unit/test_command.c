/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands without a terminal: the JSON that scripts rely on, errors with their columns,
 * filters, and text that never carries a control character.
 */
#include "answer/command.h"
#include "answer/filter.h"
#include "base/text.h"
#include "memory/reverse.h"
#include "tests/unit/support_session.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE MIB(64)

/* --- helpers --- */

/* Runs a line in JSON mode; an array of the objects it printed, one a line. */
static json_t *run_json(const char *line, bool *ok)
{
    struct capture capture;
    capture_start(&capture, true);
    *ok = command_line(session, line, &capture.output);
    json_t *all = json_array();
    for (char *at = capture.text, *end; *at; at = end + 1) {
        end = strchr(at, '\n');
        *end = '\0';
        json_t *one = json_loads(at, 0, NULL);
        if (!json_is_object(one))
            fail_msg("%s printed %s", line, at);
        json_array_append_new(all, one);
    }
    capture_free(&capture);
    return all;
}

/* Removes the notes after an answer; returns how many. */
static size_t take_notes(json_t *all)
{
    size_t notes = 0, last;
    while ((last = json_array_size(all)) > 0 &&
           json_object_get(json_array_get(all, last - 1), "incomplete")) {
        json_array_remove(all, last - 1);
        notes++;
    }
    return notes;
}

static json_t *run_one(const char *line, bool wanted)
{
    bool ok;
    json_t *all = run_json(line, &ok);
    take_notes(all);
    if (ok != wanted || json_array_size(all) != 1)
        fail_msg("%s: %d, %zu objects", line, ok, json_array_size(all));
    json_t *one = json_incref(json_array_get(all, 0));
    json_decref(all);
    return one;
}

static void assert_text(json_t *object, const char *key, const char *wanted)
{
    json_t *value = json_object_get(object, key);
    if (!wanted) {
        if (!json_is_null(value))
            fail_msg("%s is not null", key);
        return;
    }
    if (!json_is_string(value) || strcmp(json_string_value(value), wanted) != 0)
        fail_msg("%s is %s, expected %s", key,
                 json_is_string(value) ? json_string_value(value) : "no string", wanted);
}

/* --- translate and walk --- */

struct translation {
    const char *expression, *virt, *phys, *file, *page_size, *end;
};

static const struct translation translations[] = {
    {"v:ffff000000000010", "0xffff000000000010", "0x42000010", "0x2000010", "0x1000", "mapped"},
    {"ffff000040000000", "0xffff000040000000", "0x43000000", "0x3000000", "0x200000", "mapped"},
    {"v:ffff000080000004", "0xffff000080000004", "0x9000004", NULL, "0x1000", "mapped"},
    {"v:400ffe", "0x400ffe", "0x42000ffe", "0x2000ffe", "0x1000", "mapped"},
    {"v:ffff000080001000", "0xffff000080001000", NULL, NULL, NULL, "reserved"},
    {"v:ffff000080002000", "0xffff000080002000", NULL, NULL, NULL, "not-present"},
    {"v:0", "0x0", NULL, NULL, NULL, "not-present"},
    {"v:0001000000000000", "0x1000000000000", NULL, NULL, NULL, "non-canonical"},
    {"v:ffff048000000000", "0xffff048000000000", NULL, NULL, NULL, "no-table"},
    {"p:42000010", "0xffff000000000010", "0x42000010", "0x2000010", "0x1000", "mapped"},
    {"f:2000010", "0xffff000000000010", "0x42000010", "0x2000010", "0x1000", "mapped"},
    {"p:9000004", "0xffff000080000004", "0x9000004", NULL, "0x1000", "not-in-image"},
    {"p:1234", NULL, "0x1234", NULL, NULL, "not-in-image"},
    {"f:4000000", NULL, NULL, NULL, NULL, "not-in-image"},
    {"p:41000000", NULL, "0x41000000", "0x1000000", NULL, "not-present"},
};

static void translate_has_its_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof translations / sizeof *translations; i++) {
        const struct translation *wanted = &translations[i];
        char line[80];
        snprintf(line, sizeof line, "translate %s", wanted->expression);
        json_t *got = run_one(line, true);
        assert_text(got, "input", wanted->expression);
        assert_text(got, "virt", wanted->virt);
        assert_text(got, "phys", wanted->phys);
        assert_text(got, "file", wanted->file);
        assert_text(got, "page_size", wanted->page_size);
        assert_text(got, "end", wanted->end);
        json_decref(got);
    }
}

static void walk_has_its_steps(void **state)
{
    (void)state;
    static const char *const levels[] = {"PGD", "PUD", "PMD", "PTE"};
    json_t *got = run_one("walk v:ffff000000001008", true);
    json_t *steps = json_object_get(got, "steps");
    assert_text(got, "phys", "0x42001008");
    assert_int_equal(json_array_size(steps), 4);
    for (size_t i = 0; i < 4; i++) {
        json_t *step = json_array_get(steps, i);
        assert_text(step, "level", levels[i]);
        assert_true(json_is_integer(json_object_get(step, "index")));
        assert_int_equal(json_integer_value(json_object_get(step, "index")), i == 3 ? 1 : 0);
        assert_true(json_is_string(json_object_get(step, "entry")));
        assert_true(json_is_string(json_object_get(step, "flags")));
        assert_text(step, "kind", i == 3 ? "page" : "table");
    }
    assert_text(json_array_get(steps, 0), "table", "0x40010000");
    assert_text(json_array_get(steps, 3), "entry", "0x60000042001403");
    json_decref(got);

    got = run_one("walk v:ffff000040000000", true);
    assert_int_equal(json_array_size(json_object_get(got, "steps")), 3);
    assert_text(json_array_get(json_object_get(got, "steps"), 2), "kind", "block");
    json_decref(got);

    got = run_one("walk v:0001000000000000", true); /* none, but an array */
    assert_true(json_is_array(json_object_get(got, "steps")));
    assert_int_equal(json_array_size(json_object_get(got, "steps")), 0);
    json_decref(got);

    got = run_one("walk v:ffff050000000000", true); /* the root is its own next table */
    assert_true(json_is_true(json_object_get(got, "loop")));
    json_decref(got);
}

/* --- tables --- */

struct filter_case {
    const char *filter;
    size_t runs;
    const char *first; /* "virt" of the first */
};

static const struct filter_case filter_cases[] = {
    {"", 4, "0x400000"},
    {"kernel", 3, "0xffff000000000000"},
    {"user", 1, "0x400000"},
    {"perm=x", 2, "0x400000"},
    {"perm=x kernel", 1, "0xffff000040000000"},
    {"perm=w", 2, "0xffff000000000000"},
    {"perm=-w", 2, "0x400000"},
    {"perm=r-wx", 2, "0x400000"},
    {"size>=2M", 2, "0xffff000000000000"},
    {"size>2M", 0, NULL},
    {"size<2M", 2, "0x400000"},
    {"size<=0x1000", 2, "0x400000"},
    {"size=4K", 2, "0x400000"},
    {"page=2M", 1, "0xffff000040000000"},
    {"page=4096 kernel", 2, "0xffff000000000000"},
    {"flag=AF", 4, "0x400000"},
    {"flag=UXN", 3, "0xffff000000000000"},
    {"flag=XN", 0, NULL}, /* whole names only */
    {"flag=nG", 0, NULL},
    {"level=PMD", 1, "0xffff000040000000"},
    {"level=pte kernel", 2, "0xffff000000000000"},
    {"level=P4D", 0, NULL},
    {"contiguous=whole", 0, NULL},
    {"v:0..v:7fffffffffff", 1, "0x400000"},
    {"ffff000000000000..ffff000000000fff", 1, "0xffff000000000000"},
    {"v:ffff000040000000..v:ffff0000ffffffff", 2, "0xffff000040000000"},
    {"v:ffff000000200000..v:ffff00003fffffff", 0, NULL},
    {"kernel   size>=2M\tperm=x", 1, "0xffff000040000000"},
};

static void filters_choose(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof filter_cases / sizeof *filter_cases; i++) {
        char line[120];
        bool ok;
        snprintf(line, sizeof line, "tables %s", filter_cases[i].filter);
        json_t *all = run_json(line, &ok);
        size_t notes = take_notes(all); /* a table that is not there, and a loop */
        if (!*filter_cases[i].filter)
            assert_int_equal(notes, 2);
        if (!ok || json_array_size(all) != filter_cases[i].runs)
            fail_msg("%s: %d, %zu runs", line, ok, json_array_size(all));
        if (filter_cases[i].first)
            assert_text(json_array_get(all, 0), "virt", filter_cases[i].first);
        json_decref(all);
    }
}

static void tables_have_their_fields(void **state)
{
    (void)state;
    bool ok;
    json_t *all = run_json("tables", &ok);
    json_t *run = json_array_get(all, 1);
    assert_text(run, "virt", "0xffff000000000000");
    assert_text(run, "phys", "0x42000000");
    assert_text(run, "size", "0x200000");
    assert_text(run, "page_size", "0x1000");
    assert_text(run, "perm", "rw-k");
    assert_text(run, "flags", "AP=EL1rw UXN PXN AF AttrIndx=0");
    assert_text(json_array_get(all, 0), "perm", "r-xu");
    json_decref(all);
}

struct failure {
    const char *line;
    int column; /* -1: null */
};

/* Columns count in the line without the blanks before it. */
static const struct failure failures[] = {
    {"nonsense", 0},
    {"h", 0}, /* hex or help */
    {"translate", 9},
    {"translate v:xyz", 12},
    {"  translate   v:1+", 16},
    {"walk v:1 v:2", 9},
    {"hex v:0 0", 8},
    {"hex v:0 100001", 8},
    {"hex v:0 10 10", 11},
    {"hex v:0 v:1", 8},
    {"info now", 5},
    {"help nonsense", 5},
    {"tables perm=q", 12},
    {"tables perm=", 12},
    {"tables perm=-", 12},
    {"tables size>=lots", 13},
    {"tables size>16E", 12},
    {"tables size<0", 12},
    {"tables user page=2X", 17},
    {"tables colour=red", 7},
    {"tables kernelx", 13},
    {"tables flag=", 12},
    {"tables level=4", 13},
    {"tables contiguous=no", 18},
    {"tables v:5..v:4", 7},
    {"tables v:5..v:zz", 14},
    {"tables user v:zz..v:5", 14},
    {"tables p:0..p:5", 7},
};

static void errors_have_their_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        json_t *got = run_one(failures[i].line, false);
        json_t *column = json_object_get(got, "column");
        const char *line = failures[i].line + strspn(failures[i].line, " ");
        assert_text(got, "input", line);
        assert_true(json_is_string(json_object_get(got, "error")));
        if (json_integer_value(column) != failures[i].column)
            fail_msg("%s: column %d, expected %d: %s", line, (int)json_integer_value(column),
                     failures[i].column, json_string_value(json_object_get(got, "error")));
        assert_int_equal(json_object_size(got), 3);
        json_decref(got);
    }
}

/* A long term is refused or meant as it stands, not cut. */
static void long_terms_are_not_cut(void **state)
{
    (void)state;
    char line[700];
    struct filter filter;
    struct error err;
    memset(line, '0', sizeof line);
    memcpy(line, "v:", 2);
    strcpy(line + 250, "1..v:5");
    if (filter_parse(&filter, session, line, &err))
        assert_int_equal(filter.first_va, 1);
    memset(line, '0', sizeof line);
    memcpy(line, "v:0..v:", 7);
    strcpy(line + 500, "fff");
    if (filter_parse(&filter, session, line, &err))
        assert_int_equal(filter.last_va, 0xfff);
}

/* --- hex, info, help --- */

static void hex_gives_the_bytes(void **state)
{
    (void)state;
    json_t *got = run_one("hex v:ffff000000000000 4", true);
    assert_text(got, "bytes", "41621b5b");
    assert_text(got, "end", "mapped");
    assert_int_equal(json_integer_value(json_object_get(got, "length")), 4);
    assert_true(json_is_true(json_object_get(got, "whole")));
    json_decref(got);
    got = run_one("hex v:ffff0000001ffffe .4", true); /* over the end of what is mapped */
    assert_text(got, "bytes", "0000----");
    assert_true(json_is_false(json_object_get(got, "whole")));
    json_decref(got);
    got = run_one("hex v:fffffffffffffffe 10", true); /* the space ends first */
    assert_text(got, "bytes", "----");
    json_decref(got);
    got = run_one("hex f:3fffffe 4", true);
    assert_text(got, "bytes", "0000----");
    json_decref(got);
    got = run_one("hex f:0 100000", true);
    assert_int_equal(strlen(json_string_value(json_object_get(got, "bytes"))), 0x200000);
    json_decref(got);
}

static void info_says_what_is_known(void **state)
{
    (void)state;
    json_t *got = run_one("info", true);
    assert_text(got, "base", "0x40000000");
    assert_text(got, "size", "0x4000000");
    assert_text(got, "paging", "arm64-4k-48");
    assert_text(got, "root", "0x40010000");
    assert_text(got, "root_user", "0x40020000");
    assert_text(got, "kernel", NULL);
    assert_text(got, "kaslr", NULL);
    assert_text(got, "version", NULL);
    assert_text(got, "found", "by hand");
    json_t *ram = json_object_get(got, "ram");
    assert_int_equal(json_array_size(ram), 1);
    assert_text(json_array_get(ram, 0), "phys", "0x40000000");
    json_decref(got);
}

/* The table: sorted, unique, each with its help, each run by its name and its unique prefixes. */
static void every_command_has_help(void **state)
{
    (void)state;
    bool ok;
    json_t *all = run_json("help", &ok);
    size_t count = 0;
    for (; core_commands[count]; count++) {
        const struct command *command = core_commands[count];
        char line[64];
        assert_text(json_array_get(all, count), "command", command->name);
        assert_true(command->brief && *command->brief);
        assert_true(command->brief[strlen(command->brief) - 1] != '.');
        assert_ptr_equal(command_find(command->name, strlen(command->name)), command);
        if (count > 0)
            assert_true(strcmp(core_commands[count - 1]->name, command->name) < 0);
        snprintf(line, sizeof line, "help %s", command->name);
        json_decref(run_one(line, true));
    }
    assert_int_equal(json_array_size(all), count);
    assert_null(command_find("", 0));
    assert_null(command_find("t", 1)); /* tables, translate */
    assert_string_equal(command_find("tr", 2)->name, "translate");
    assert_null(command_find("translatex", 10));
    json_decref(all);
}

static void comments_and_blanks_are_nothing(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "   ", "# a comment", "  #", "\r\n", "\t"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bool ok;
        json_t *all = run_json(lines[i], &ok);
        assert_true(ok);
        assert_int_equal(json_array_size(all), 0);
        json_decref(all);
    }
}

static void put_entries(uint64_t pa, const uint64_t entry[16])
{
    file_write(&file, pa - BASE, entry, 16 * sizeof *entry);
}

/* The text of the only run of a listing, or of the last step of a walk. */
static void assert_contiguous(const char *line, const char *wanted)
{
    json_t *got = run_one(line, true);
    json_t *steps = json_object_get(got, "steps");
    json_t *step = steps ? json_array_get(steps, json_array_size(steps) - 1) : got;
    if (wanted)
        assert_text(step, "contiguous", wanted);
    else
        assert_true(json_is_null(json_object_get(step, "contiguous")));
    json_decref(got);
}

/* Sixteen entries with the contiguous hint; then one of them leads elsewhere. */
static void contiguous_groups_are_checked(void **state)
{
    (void)state;
    json_t *walk = run_one("walk v:ffff000000000000", true);
    json_t *last = json_array_get(json_object_get(walk, "steps"), 3);
    uint64_t pa, entry[16], before[16];
    assert_true(parse_hex(json_string_value(json_object_get(last, "table")), &pa));
    assert_true(parse_hex(json_string_value(json_object_get(last, "entry")), &before[0]));
    json_decref(walk);
    for (unsigned i = 0; i < 16; i++) {
        before[i] = before[0] + i * 0x1000;
        entry[i] = before[i] | UINT64_C(1) << 52;
    }
    assert_contiguous("walk v:ffff00000000f000", NULL);
    put_entries(pa, entry);
    assert_contiguous("walk v:ffff00000000f000", "whole");
    assert_contiguous("tables flag=CONT", "whole");
    assert_contiguous("tables contiguous=whole", "whole");
    assert_contiguous("walk v:ffff000000010000", NULL);
    entry[0] ^= 0x20000; /* all but the first follow one another: the start of the run shows it */
    put_entries(pa, entry);
    assert_contiguous("walk v:ffff000000000000", "broken");
    assert_contiguous("walk v:ffff00000000f000", "broken");
    assert_contiguous("tables contiguous=broken size=61440", "broken");
    struct capture capture;
    capture_start(&capture, false);
    assert_true(command_line(session, "walk v:ffff00000000f000", &capture.output));
    assert_non_null(strstr(capture.text, "broken group [0-15]: [0] does not follow physically"));
    capture_free(&capture);
    entry[0] ^= 0x20000;
    entry[15] = 0; /* the end of the run shows it */
    put_entries(pa, entry);
    assert_contiguous("tables flag=CONT", "broken");
    put_entries(pa, before);
}

/* However long the line: a sentence has what is wrong with it. */
static void long_lines_get_their_sentence(void **state)
{
    (void)state;
    char line[3000] = "translate v:";
    struct capture capture;
    memset(line + strlen(line), '0', 2000);
    strcpy(line + 2012, "1+");
    capture_start(&capture, false);
    assert_false(command_line(session, line, &capture.output));
    assert_non_null(strstr(capture.text, "missing"));
    capture_free(&capture);
    bool ok;
    strcpy(line + 2012, "\xff");
    json_t *all = run_json(line, &ok); /* no UTF-8: masked, not cut */
    assert_int_equal(json_array_size(all), 1);
    assert_int_equal(strlen(json_string_value(json_object_get(json_array_get(all, 0), "input"))),
                     2013);
    json_decref(all);
}

/* Nothing of all this has touched the guest. */
static void the_image_is_as_it_was(void **state)
{
    (void)state;
    struct file_state before = file_state(&file);
    static const char *const lines[] = {"tables", "hex f:0 100000", "walk v:ffff000000000000",
                                        "hex f:3000000 100000", "translate p:43fff000"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bool ok;
        json_decref(run_json(lines[i], &ok));
    }
    assert_file_unchanged(&file, &before);
}

/* --- without tables --- */

static void an_unknown_guest_is_answered(void **state)
{
    (void)state;
    struct session *known = session;
    struct file blank = file_create(MIB(4));
    struct options options = {.image = blank.path};
    struct error err;
    session = session_open(&options, &err);
    assert_non_null(session);
    session_settle(session, true);
    json_t *got = run_one("info", true);
    assert_text(got, "base", NULL);
    assert_text(got, "paging", NULL);
    assert_text(got, "root", NULL);
    assert_text(got, "found", "unknown");
    json_decref(got);
    got = run_one("translate v:1000", true);
    assert_text(got, "end", "no-table");
    json_decref(got);
    got = run_one("walk v:1000", true);
    json_decref(got);
    got = run_one("translate f:1000", true);
    assert_text(got, "file", "0x1000");
    json_decref(got);
    got = run_one("tables", false);
    assert_true(json_is_null(json_object_get(got, "column")));
    json_decref(got);
    session_close(session);
    session = known;
    file_remove(&blank);
}

/* More runs than the reverse index holds: the answer shows that some may be missing. */
static void a_cut_index_is_said(void **state)
{
    (void)state;
    const uint64_t root = BASE + 0x10000;
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "riscv64-sv39", root, BASE + 0x20000);
    uint64_t first = paging_half_first(builder.paging, true);
    for (uint64_t i = 0; i <= REVERSE_RUNS; i++)
        builder_leaf(&builder, first + i * 4096, BASE + 0x5000, 2, KERNEL_RW);
    struct file full = file_create(MIB(4));
    struct session *kept = session;
    struct capture capture;
    pages_write(pages, full.fd, BASE, MIB(4));
    pages_destroy(pages);
    session = open_session(&full, BASE, "riscv64-sv39", root, NO_ROOT);
    static const struct {
        const char *line, *words;
    } row[] = {{"translate p:40005000", "there may be more virtual addresses"},
               {"translate p:40006000", "no virtual address is known"},
               {"translate v:(p:40006000)", "that is known: the tables map more"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        capture_start(&capture, false);
        bool ok = command_line(session, row[i].line, &capture.output);
        assert_int_equal(ok, i < 2);
        assert_non_null(strstr(capture.text, row[i].words));
        capture_free(&capture);
    }
    json_t *one = run_one(row[0].line, true);
    assert_true(json_is_true(json_object_get(one, "aliases_cut")));
    json_decref(one);
    session_close(session);
    session = kept;
    file_remove(&full);
    one = run_one("translate p:42000010", true);
    assert_true(json_is_false(json_object_get(one, "aliases_cut")));
    json_decref(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(translate_has_its_fields),
        cmocka_unit_test(walk_has_its_steps),
        cmocka_unit_test(filters_choose),
        cmocka_unit_test(tables_have_their_fields),
        cmocka_unit_test(contiguous_groups_are_checked),
        cmocka_unit_test(errors_have_their_column),
        cmocka_unit_test(long_terms_are_not_cut),
        cmocka_unit_test(hex_gives_the_bytes),
        cmocka_unit_test(info_says_what_is_known),
        cmocka_unit_test(every_command_has_help),
        cmocka_unit_test(comments_and_blanks_are_nothing),
        cmocka_unit_test(long_lines_get_their_sentence),
        cmocka_unit_test(the_image_is_as_it_was),
        cmocka_unit_test(an_unknown_guest_is_answered),
        cmocka_unit_test(a_cut_index_is_said),
    };
    return cmocka_run_group_tests_name("command", tests, tables_sample, tables_teardown);
}
