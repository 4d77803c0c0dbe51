/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of keys and commands: complete, sorted, unique, and applicable where they stand. */
#include "ui/command/command_line.h"
#include "ui/command/keymap.h"
#include "ui/terminal/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- keys ---- */

static void test_notation(void **state)
{
    static const struct {
        const char *text;
        int key; /* PRESS_NONE: none */
    } rows[] = {
        {"j", 'j'},
        {"#", '#'},
        {"Space", ' '},
        {"BS", PRESS_BACKSPACE},
        {"Backspace", PRESS_BACKSPACE},
        {"C-f", 6},
        {"C-^", 30},
        {"M-x", 'x' | PRESS_ALT},
        {"M-Left", PRESS_LEFT | PRESS_ALT},
        {"M-C-x", 24 | PRESS_ALT},
        {"F1", PRESS_F1},
        {"F12", PRESS_F12},
        {"ä", 0xe4},
        {"漢", 0x6f22},
        {"😀", 0x1f600},
        {"", PRESS_NONE},
        {"F0", PRESS_NONE},
        {"F13", PRESS_NONE},
        {"F1x", PRESS_NONE},
        {"C-", PRESS_NONE},
        {"C-1", PRESS_NONE},
        {"M-", PRESS_NONE},
        {"M-M-x", PRESS_NONE},
        {"M-nothing", PRESS_NONE},
        {"jj", PRESS_NONE},
        {"\x01", PRESS_NONE},
        {"\x7f", PRESS_NONE},
        {"\xc3", PRESS_NONE},
        {"\xc1\xa1", PRESS_NONE},
        {"\xed\xa0\x80", PRESS_NONE},
        {"\xf4\x90\x80\x80", PRESS_NONE},
        {"\xff", PRESS_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *rest;
        char text[KEY_NAME];
        int key = key_parse(rows[i].text, &rest);
        if (key != rows[i].key)
            fail_msg("\"%s\" is %x, not %x", rows[i].text, (unsigned)key, (unsigned)rows[i].key);
        for (int full = 0; key != PRESS_NONE && full < 2; full++)
            assert_int_equal(key_parse(key_notation(key, full, text, sizeof text), &rest), key);
    }
}

/* The binding that a row of the table asks for is the one in force. */
static void check_row(const struct keymap *map, const struct key_row *row)
{
    unsigned panes = CONTEXT_EVERYWHERE, applies;
    struct error err = {.text = ""};
    const char *rest = row->keys;
    if (!command_line_check(row->line, &applies, &err))
        fail_msg("%s: %s: %s", row->keys, row->line, err.text);
    if (row->panes && !contexts_parse(row->panes, &panes, &err))
        fail_msg("%s: %s", row->keys, err.text);
    if (row->panes && (panes & ~applies))
        fail_msg("%s: %s means nothing in all of %s", row->keys, row->line, row->panes);
    assert_true(*row->group);
    assert_true(!row->help || *row->help);
    int keys = 0;
    for (int key; (key = key_parse(rest, &rest)) != PRESS_NONE; keys++)
        for (unsigned context = 1; row->panes && context; context <<= 1)
            if (panes & context)
                assert_ptr_equal(keymap_find(map, key, context)->row, row);
    if (!keys || *rest)
        fail_msg("%s: no key", row->keys);
}

static void test_key_table(void **state)
{
    struct keymap *map = calloc(1, sizeof *map);
    struct error err = {.text = ""};
    (void)state;
    if (!keymap_init(map, &err))
        fail_msg("%s", err.text);
    for (const struct key_row *row = key_table; row->keys; row++)
        check_row(map, row);
    /* No row of the table is without any effect, and no context of a key is claimed twice. */
    for (const struct key_row *row = key_table; row->keys; row++) {
        bool in_force = false;
        for (size_t i = 0; i < map->count; i++)
            in_force = in_force || map->binding[i].row == row;
        if (!in_force)
            fail_msg("%s: other rows take all its keys", row->keys);
    }
    for (size_t i = 0; i < map->count; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(map->binding[i].key == map->binding[k].key &&
                         map->binding[i].where & map->binding[k].where);
    keymap_deinit(map);
    free(map);
}

/* Whoever knows a pane's keys finds what a key of one letter runs. */
static void test_what_keys_run(void **state)
{
    static const struct {
        const char *key;
        const struct pane_type *type; /* NULL: the popup */
        const char *line;             /* NULL: nothing */
    } rows[] = {
        {"j", &hex_pane_type, "down"},
        {"Enter", &hex_pane_type, "follow"},
        {"p", &hex_pane_type, "follow p:"},
        {"p", &tree_pane_type, "go-page"},
        {"p", &symbols_pane_type, NULL},
        {"e", &hex_pane_type, "set order"},
        {"e", &mappings_pane_type, "go-entry"},
        {"Space", &tree_pane_type, "toggle"},
        {"S", &elements_pane_type, "sort-next"},
        {"g", NULL, "first"},
        {"q", NULL, "close"},
        {"q", &hex_pane_type, "quit"},
        {"]", NULL, NULL},
        {"]", &struct_pane_type, NULL},
    };
    struct keymap *map = calloc(1, sizeof *map);
    struct error err;
    (void)state;
    assert_true(keymap_init(map, &err));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *rest;
        unsigned context = rows[i].type ? context_of(rows[i].type) : CONTEXT_POPUP;
        const struct binding *binding = keymap_find(map, key_parse(rows[i].key, &rest), context);
        if (rows[i].line)
            assert_string_equal(binding->line, rows[i].line);
        else
            assert_null(binding);
    }
    keymap_deinit(map);
    free(map);
}

/* ---- commands ---- */

static void test_index(void **state)
{
    size_t count;
    const struct command_entry *entries = command_index(&count);
    (void)state;
    assert_true(count > 60);
    for (size_t i = 0; i < count; i++) {
        const struct command_entry *entry = &entries[i];
        if (i && strcmp(entries[i - 1].name, entry->name) >= 0)
            fail_msg("%s does not stand before %s", entries[i - 1].name, entry->name);
        assert_true(*entry->brief && entry->arguments);
        if (entry->brief[strlen(entry->brief) - 1] == '.')
            fail_msg("%s: a full stop after its brief", entry->name);
        assert_true(entry->where != 0);
        assert_int_equal((entry->motion != NULL) + (entry->program != NULL) +
                             (entry->answer != NULL),
                         entry->motion || entry->program || entry->answer);
        assert_ptr_equal(command_named(entry->name, strlen(entry->name)), entry);
        /* What is a number to the prompt could not be typed. */
        if (command_is_expression(entry->name, strlen(entry->name)))
            fail_msg("%s reads as an expression", entry->name);
    }
    for (const struct ui_command *c = ui_commands; c[1].name; c++)
        assert_true(strcmp(c[0].name, c[1].name) < 0);
}

/* A pane's command cannot hide one of the program, of a motion, or of its own family. */
static void check_pane_commands(const struct pane_command *commands)
{
    for (const struct pane_command *c = commands; c && c->name; c++) {
        const struct command_entry *entry = command_named(c->name, strlen(c->name));
        assert_non_null(entry);
        if (entry->motion || entry->program || entry->answer)
            fail_msg("%s is also a command of the program", c->name);
        assert_true(*c->brief && c->run);
        for (const struct pane_command *other = commands; other < c; other++)
            assert_string_not_equal(other->name, c->name);
    }
}

static void test_pane_commands(void **state)
{
    (void)state;
    for (size_t i = 0; pane_types[i]; i++) {
        check_pane_commands(pane_types[i]->commands);
        check_pane_commands(pane_types[i]->shared_commands);
        assert_non_null(pane_types[i]->move);
        assert_non_null(pane_types[i]->search_again);
    }
}

/* ---- abbreviations ---- */

/* Those that fitted one command alone before keys had commands. */
static const struct {
    const char *shortest, *name;
} abbreviations[] = {
    {"dm", "dmesg"},    {"fo", "forward"}, {"g", "goto"},          {"hel", "help"},
    {"i", "info"},      {"l", "list"},     {"m", "mark"},          {"pagi", "paging"},
    {"pan", "pane"},    {"pau", "pause"},  {"pr", "process"},      {"q", "quit"},
    {"reg", "regions"}, {"rev", "reveal"}, {"root-", "root-user"}, {"sea", "search"},
    {"st", "struct"},   {"sy", "sym"},     {"ta", "tables"},       {"tr", "translate"},
    {"ty", "types"},    {"v", "vmas"},     {"w", "walk"},
};

static void test_abbreviations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        for (size_t n = strlen(abbreviations[i].shortest); n <= strlen(abbreviations[i].name);
             n++) {
            const struct command_entry *entry;
            if (command_abbreviated(abbreviations[i].name, n, &entry) != 1)
                fail_msg("%.*s was %s", (int)n, abbreviations[i].name, abbreviations[i].name);
            assert_string_equal(entry->name, abbreviations[i].name);
        }
}

/* An alias is needed: other names begin so; and it names a command. */
static void test_aliases(void **state)
{
    size_t count;
    const struct command_entry *entries = command_index(&count);
    (void)state;
    for (const struct command_alias *a = command_aliases; a->name; a++) {
        size_t fits = 0, length = strlen(a->shortest);
        assert_non_null(command_named(a->name, strlen(a->name)));
        assert_memory_equal(a->shortest, a->name, length);
        for (size_t i = 0; i < count; i++)
            fits += strncmp(entries[i].name, a->shortest, length) == 0;
        if (fits < 2)
            fail_msg("the alias %s is not needed", a->shortest);
        assert_true(!a[1].name || strcmp(a[0].shortest, a[1].shortest) < 0);
        assert_null(command_named(a->shortest, length));
    }
}

static void test_whole_names(void **state)
{
    unsigned where;
    struct error err;
    const struct command_entry *entry;
    (void)state;
    assert_true(command_line_check("walk $here", &where, &err));
    assert_int_equal(where, CONTEXT_EVERYWHERE);
    assert_true(command_line_check("  open", &where, &err));
    assert_int_equal(where, context_of(&tree_pane_type) | context_of(&struct_pane_type));
    assert_true(command_line_check("v:1000", &where, &err));
    assert_false(command_line_check("  wal $here", &where, &err));
    assert_int_equal(err.column, 2);
    assert_int_equal(command_abbreviated("page-", 5, &entry), 2);
    assert_null(entry);
    assert_int_equal(command_abbreviated("nothing", 7, &entry), 0);
}

/* ---- contexts ---- */

static void test_contexts(void **state)
{
    unsigned set, lists;
    char text[120];
    struct error err;
    (void)state;
    assert_true(contexts_parse("tables,popup rest", &set, &err));
    assert_int_equal(set, context_of(&tree_pane_type) | CONTEXT_POPUP);
    assert_string_equal(contexts_text(set, text, sizeof text), "tables,popup");
    assert_true(contexts_parse("lists", &lists, &err));
    assert_int_equal(lists, context_of(&processes_pane_type) | context_of(&symbols_pane_type) |
                                context_of(&mappings_pane_type) | context_of(&elements_pane_type));
    assert_string_equal(contexts_text(lists, text, sizeof text), "lists");
    assert_string_equal(contexts_text(lists & ~context_of(&symbols_pane_type), text, sizeof text),
                        "processes,mappings,list");
    set = 7;
    assert_false(contexts_parse("tables,memry", &set, &err));
    assert_int_equal(err.column, 7);
    assert_false(contexts_parse("tables,", &set, &err));
    assert_false(contexts_parse("", &set, &err));
    assert_int_equal(set, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notation),      cmocka_unit_test(test_key_table),
        cmocka_unit_test(test_what_keys_run), cmocka_unit_test(test_index),
        cmocka_unit_test(test_pane_commands), cmocka_unit_test(test_abbreviations),
        cmocka_unit_test(test_aliases),       cmocka_unit_test(test_whole_names),
        cmocka_unit_test(test_contexts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
