/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding entries in a tree by what they hold, forward and backward. */
#include "tests/unit/tree_sample.h"
#include "ui/pane/tables/tree_search.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool (*wanted_run)(void *context, const struct mapping *run);

/* Searches from a place; answers the place found as text, "-" where none. */
static const char *found(const struct tree_sample *f, const char *text, struct tree_place from,
                         bool backward)
{
    static char answer[40];
    struct tree_search search;
    struct error err;
    enum tree_search_result result;
    struct tree_wanted wanted = {text, wanted_run, NULL, 0, UINT64_MAX};
    if (!tree_search_start(&search, &f->tree, &wanted, from, backward, &err))
        return "error";
    do
        result = tree_search_step(&search, &f->tree, 1);
    while (result == TREE_SEARCH_RUNNING);
    if (result == TREE_SEARCH_END)
        return "-";
    snprintf(answer, sizeof answer, "%" PRIx64 "/%u", search.at.va, search.at.depth);
    return answer;
}

static void test_search(void **state)
{
    struct tree_sample *f = *state;
    f->memory.word[0][511] = 0; /* no loop: matches are fewer */
    struct tree_place top = {HALF, 0}, text = {HALF + 100 * PAGE, 4};
    assert_string_equal(found(f, "r-x", top, false), "ffff000000064000/4");
    assert_string_equal(found(f, "r-x", top, true), "ffff000000064000/4");
    assert_string_equal(found(f, "r-x", text, false), "ffff000000064000/4");
    assert_string_equal(found(f, "r-x", text, true), "ffff000000064000/4");
    assert_string_equal(found(f, "rw- uxn", text, false), "ffff000000065000/4");
    assert_string_equal(found(f, "rw-k", text, true), "ffff000000000000/4");
    assert_string_equal(found(f, "block", text, false), "ffff000000200000/3");
    assert_string_equal(found(f, "not-present", top, false), "ffff000000a00000/3");
    assert_string_equal(found(f, "prot_none", top, true), "ffff000000a00000/3");
    assert_string_equal(found(f, "device", top, false), "ffff000000800000/3");
    assert_string_equal(found(f, "missing", top, false), "ffff000000600000/3");
    assert_string_equal(found(f, "table", top, false), "ffff000000000000/1");
    assert_string_equal(found(f, "reserved", top, false), "-");
    assert_string_equal(found(f, "loop", top, true), "-");
    assert_string_equal(found(f, " ", top, true), "error");
    f->memory.word[0][511] = page_pa(0) | TABLE;
    assert_string_equal(found(f, "loop", top, false), "ffffff8000000000/1");
}

/* Two levels lead on by every entry, 262,144 ways to the last table: it is looked through once,
 * from either end. */
static void test_search_in_shared_tables(void **state)
{
    struct tree_sample *f = *state;
    for (unsigned i = 0; i < 512; i++)
        for (unsigned level = 1; level < 3; level++)
            f->memory.word[level][i] = page_pa(level + 1) | TABLE;
    for (unsigned backward = 0; backward < 2; backward++) {
        struct tree_search search;
        struct error err;
        struct tree_wanted wanted = {"reserved", NULL, NULL, 0, UINT64_MAX};
        struct tree_place middle = {HALF + 300 * 512 * PAGE, 2};
        assert_true(tree_search_start(&search, &f->tree, &wanted, middle, backward, &err));
        assert_int_equal(tree_search_step(&search, &f->tree, 20000), TREE_SEARCH_END);
    }
    /* what fits is found wherever it hangs */
    struct tree_place at = {HALF + 300 * 512 * PAGE, 3};
    assert_string_equal(found(f, "r-x", at, false), "ffff000025864000/4");
    assert_string_equal(found(f, "r-x", at, true), "ffff000025664000/4");
}

static bool is_large(void *context, const struct mapping *run)
{
    (void)context;
    return run->size > PAGE && run->page_size > PAGE;
}

/* Runs are chosen by the caller, alone or beside words; a table is no run. */
static void test_search_for_runs(void **state)
{
    struct tree_sample *f = *state;
    struct tree_place top = {HALF, 0}, blocks = {HALF + (2 << 20), 3};
    wanted_run = is_large;
    assert_string_equal(found(f, "", top, false), "ffff000000200000/3");
    assert_string_equal(found(f, "device", top, false), "ffff000000800000/3");
    assert_string_equal(found(f, " ", blocks, false), "ffff000000800000/3");
    assert_string_equal(found(f, "rw-k", top, true), "ffff000000800000/3");
    assert_string_equal(found(f, "r-x", top, true), "-");
    assert_string_equal(found(f, "table", top, true), "-");
    wanted_run = NULL;
}

/* Every match forward, and the same ones back. */
static void test_search_goes_round(void **state)
{
    struct tree_sample *f = *state;
    struct tree_place at[64] = {{HALF, 0}};
    size_t count = 0;
    struct error err;
    for (; count < 63; count++) {
        struct tree_search search;
        enum tree_search_result result;
        struct tree_wanted wanted = {"rw-k", NULL, NULL, 0, UINT64_MAX};
        assert_true(tree_search_start(&search, &f->tree, &wanted, at[count], false, &err));
        do
            result = tree_search_step(&search, &f->tree, 1000);
        while (result == TREE_SEARCH_RUNNING);
        assert_int_equal(result, TREE_SEARCH_FOUND);
        if (count > 0 && search.at.va == at[1].va && search.at.depth == at[1].depth)
            break;
        at[count + 1] = search.at;
    }
    assert_true(count > 3 && count < 63);
    for (size_t i = count; i > 1; i--) {
        char expected[40];
        snprintf(expected, sizeof expected, "%" PRIx64 "/%u", at[i - 1].va, at[i - 1].depth);
        assert_string_equal(found(f, "rw-k", at[i], true), expected);
    }
}

static void test_search_words(void **state)
{
    (void)state;
    const struct paging *paging = arch_mode_named("arm64-4k-48");
    static const char *const words[] = {"AF",       "rwx",       "r-xu",        "uxn",
                                        "PXNTable", "block",     "not-present", "reserved UXN",
                                        "rw-",      "AttrIndx=4"};
    static const char *const others[] = {"",     "ffff", "init_task", "rwz",
                                         "af00", "cafe", "AF zebra",  "valid"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_true(tree_search_knows(paging, words[i]));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(tree_search_knows(paging, others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TREE(test_search),
        WITH_TREE(test_search_in_shared_tables),
        WITH_TREE(test_search_goes_round),
        WITH_TREE(test_search_for_runs),
        cmocka_unit_test(test_search_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
