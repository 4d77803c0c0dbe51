/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of `tables`: which runs of mappings each lets through, to the byte. */
#include "answer/filter.h"
#include "session/session_private.h"
#include "tests/unit/support_session.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int setup(void **state)
{
    (void)state;
    struct tables tables;
    tables_start(&tables);
    tables_write(&tables, MIB(1));
    tables_open(NO_ROOT);
    return 0;
}

/* Three pages of a process, 2 MiB of data, a block of text, a page that both may read. */
#define USER   1u
#define DATA   2u
#define TEXT   4u
#define SHARED 8u
#define ALL    15u

static void fill(struct mapping run[4])
{
    const struct paging *paging = session->memory.paging;
    run[0] = (struct mapping){.va = 0x400000, .pa = BASE, .size = 0x3000, .page_size = 0x1000};
    run[0].access = (struct access){ACCESS_R, ACCESS_R | ACCESS_X};
    run[0].entry = entry_leaf(paging, 3, BASE, USER_RX);
    run[0].level = 3;
    run[1] = (struct mapping){.va = HALF, .pa = BASE, .size = MIB(2), .page_size = 0x1000};
    run[1].access = (struct access){ACCESS_R | ACCESS_W, 0};
    run[1].entry = entry_leaf(paging, 3, BASE, KERNEL_RW);
    run[1].level = 3;
    run[2] = (struct mapping){.va = HALF + GIB(1), .pa = BASE, .size = MIB(2), .page_size = MIB(2)};
    run[2].access = (struct access){ACCESS_R | ACCESS_X, 0};
    run[2].entry = entry_leaf(paging, 2, BASE, KERNEL_RX);
    run[2].level = 2;
    run[3] = (struct mapping){.va = UINT64_C(0xfffffffffffff000), .pa = BASE, .size = 0x1000};
    run[3].page_size = 0x1000;
    run[3].access = (struct access){ACCESS_R | ACCESS_W, ACCESS_R};
    run[3].entry = entry_leaf(paging, 3, BASE, USER_RO);
    run[3].level = 3;
}

static const struct {
    const char *filter;
    unsigned runs;
} cases[] = {
    {"", ALL},
    {"kernel", DATA | TEXT | SHARED},
    {"user", USER},
    {"kernel user", 0},
    /* ranges: to the last byte, from the first */
    {"v:402fff..v:402fff", USER},
    {"402fff..403000", USER},
    {"403000..403fff", 0},
    {"3fffff..400000", USER},
    {"3ff000..3fffff", 0},
    {"0..7fffffffffff", USER},
    {"ffff0000001fffff..ffff000000200000", DATA},
    {"ffff000000200000..ffff00003fffffff", 0},
    {"ffff00003fffffff..ffff000040000000", TEXT},
    {"ffffffffffffffff..ffffffffffffffff", SHARED},
    {"400000..ffffffffffffffff kernel", DATA | TEXT | SHARED},
    {"401000..401000", USER},
    /* permissions: user mode's where there are any */
    {"perm=x", USER | TEXT},
    {"perm=w", DATA},
    {"perm=-w", USER | TEXT | SHARED},
    {"perm=r", ALL},
    {"perm=-r", 0},
    {"perm=r-w-x", SHARED},
    {"perm=w-w", 0},
    /* sizes */
    {"size>=0x3000", USER | DATA | TEXT},
    {"size>0x3000", DATA | TEXT},
    {"size<=0x3000", USER | SHARED},
    {"size<0x3000", SHARED},
    {"size=0x3000", USER},
    {"size=2M", DATA | TEXT},
    {"size>4K size<2M", USER},
    {"page=4K", USER | DATA | SHARED},
    {"page=2M", TEXT},
    {"page=1G", 0},
    /* what an entry says */
    {"level=PMD", TEXT},
    {"level=pte", USER | DATA | SHARED},
    {"level=PGD", 0},
    {"flag=AP=EL1rw", DATA},
    {"flag=AP=ro", USER | SHARED},
    {"flag=PXN", USER | DATA | SHARED},
    {"flag=EL1rw", 0},
    {"flag=CONT", 0},
    {"contiguous=whole", 0},
    {"contiguous=broken", 0},
};

static void each_term_chooses(void **state)
{
    (void)state;
    struct mapping run[4];
    fill(run);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct filter filter;
        struct error err = {0};
        unsigned found = 0;
        if (!filter_parse(&filter, session, cases[i].filter, &err))
            fail_msg("%s: %s", cases[i].filter, err.text);
        for (unsigned k = 0; k < 4; k++)
            found |= (unsigned)filter_matches(&filter, session, &run[k]) << k;
        if (found != cases[i].runs)
            fail_msg("%s: %x, expected %x", cases[i].filter, found, cases[i].runs);
    }
}

static void a_wrong_term_has_its_column(void **state)
{
    (void)state;
    static const struct {
        const char *filter;
        int column;
    } wrong[] = {
        {"x", 0},
        {"user  x", 6},
        {"userx", 4},
        {"kernel=", 6},
        {"perm=", 5},
        {"perm=rq", 5},
        {"user perm=-", 10},
        {"size<0", 5},
        {"size>16E", 5},
        {"level=", 6},
        {"flag=", 5},
        {"contiguous=", 11},
        {"1..g", 3},
        {"user\t1..g", 8},
        {"user g..1", 5},
        {"2..1", 0},
        {"user 2..1", 5},
        {"p:1..2", 0},
        {"1..p:2", 0},
        {"page=1x", 5},
        {"size>18446744073709551615", 5},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct filter filter;
        struct error err = {0};
        if (filter_parse(&filter, session, wrong[i].filter, &err))
            fail_msg("%s is taken", wrong[i].filter);
        if (err.column != wrong[i].column || !err.text[0])
            fail_msg("%s: column %d: %s", wrong[i].filter, err.column, err.text);
    }
}

static void lengths_are_bounded(void **state)
{
    (void)state;
    struct filter filter;
    struct error err;
    char line[600] = "user flag=";
    memset(line + 10, 'a', sizeof filter.flag - 1);
    assert_true(filter_parse(&filter, session, line, &err));
    line[10 + sizeof filter.flag - 1] = 'a';
    assert_false(filter_parse(&filter, session, line, &err));
    assert_int_equal(err.column, 10);
    memset(line + 5, '0', 395);
    memcpy(line + 396, "..1", 4); /* a term of 394 characters */
    assert_true(filter_parse(&filter, session, line, &err));
    memset(line + 5, '0', 400);
    memcpy(line + 402, "..1", 4); /* of 400 */
    assert_false(filter_parse(&filter, session, line, &err));
    assert_int_equal(err.column, 5);
}

static void terms_are_told_from_words(void **state)
{
    (void)state;
    static const char *const terms[] = {"kernel", "user",  "perm=", "perm=x", "size>=1",
                                        "size<",  "page=", "1..2",  "..",     "flag=a",
                                        "level=", "size=", "size>", "size<=", "contiguous="};
    static const char *const others[] = {"",     "kernels", "users", "perm",
                                         "size", ".",       "1.2",   "help"};
    for (size_t i = 0; i < COUNT(terms); i++)
        assert_true(filter_is_term(terms[i], strlen(terms[i])));
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(filter_is_term(others[i], strlen(others[i])));
    assert_false(filter_is_term("kernel", 5)); /* only so much of it is the word */
    assert_false(filter_is_term("1..2", 2));
}

static void add_word(void *list, const char *word)
{
    strcat(list, word);
    strcat(list, " ");
}

/* What the prompt offers: no level or page size that this mode does not have, no detail. */
static void words_are_those_of_the_mode(void **state)
{
    (void)state;
    char words[4000] = " ";
    filter_words(session->memory.paging, add_word, words);
    static const char *const offered[] = {" kernel ",
                                          " user ",
                                          " perm= ",
                                          " size>= ",
                                          " page=4K ",
                                          " page=2M ",
                                          " page=1G ",
                                          " level=PUD ",
                                          " level=PTE ",
                                          " flag=AF ",
                                          " flag=UXN ",
                                          " flag=AttrIndx= ",
                                          " contiguous=whole ",
                                          " contiguous=broken "};
    static const char *const not_offered[] = {" page=512G ", " level=PGD ", " flag=valid ",
                                              " flag=UXNTable ", " flag=AF= "};
    for (size_t i = 0; i < COUNT(offered); i++)
        if (!strstr(words, offered[i]))
            fail_msg("no %s in%s", offered[i], words);
    for (size_t i = 0; i < COUNT(not_offered); i++)
        assert_null(strstr(words, not_offered[i]));
    strcpy(words, " ");
    filter_words(NULL, add_word, words); /* no mode is known */
    assert_non_null(strstr(words, " kernel "));
    assert_null(strstr(words, " page=4K "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_term_chooses),
        cmocka_unit_test(a_wrong_term_has_its_column),
        cmocka_unit_test(lengths_are_bounded),
        cmocka_unit_test(terms_are_told_from_words),
        cmocka_unit_test(words_are_those_of_the_mode),
    };
    return cmocka_run_group_tests_name("filter", tests, setup, tables_teardown);
}
