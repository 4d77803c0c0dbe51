/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory runs short at each allocation in turn: one that fails, and all from one on.  Nothing
 * crashes, nothing leaks (the sanitizers see that), and whatever fails says why.  The linker leads
 * the program's allocations here (--wrap, in the Makefile), the JSON library is asked to come.
 */
#include "answer/command.h"
#include "arch/arch.h"
#include "linux/linux.h"
#include "linux/modules/module_symbols.h"
#include "linux/symbols/kallsyms.h"
#include "linux/tasks/vma.h"
#include "linux/types/view.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/support_session.h"
#include "ui/pane/tables/tree.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- allocations that fail -------------------------------------------------------------------- */

static atomic_bool counting;
static atomic_size_t count, first_failure, last_failure;

static bool fails(void)
{
    if (!counting)
        return false;
    size_t at = ++count;
    return at >= first_failure && at <= last_failure;
}

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
void *__real_malloc(size_t size);
void *__real_calloc(size_t items, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t items, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t items, size_t size)
{
    return fails() ? NULL : __real_calloc(items, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* True where it did all that it does; false with a reason, or with "" where less is no failure. */
typedef bool operation(const void *about, struct error *err);

/* Answers how many allocations there were. */
static size_t run(operation *what, const void *about, size_t first, size_t last, bool *done)
{
    struct error err = {.text = ""};
    count = 0;
    first_failure = first;
    last_failure = last;
    counting = true;
    *done = what(about, &err);
    counting = false;
    if (!*done && !err.text[0])
        fail_msg("no reason where allocation %zu fails, and those up to %zu", first, last);
    return count;
}

/*
 * Each allocation fails once, or `tries` of them, and from there on all do.  An operation that is
 * served whatever it asks for succeeds; one that is not served at all does not.
 */
static void run_short(const char *name, operation *what, const void *about, size_t tries)
{
    bool done;
    run(what, about, SIZE_MAX, SIZE_MAX, &done); /* what is made once is made now */
    size_t all = run(what, about, SIZE_MAX, SIZE_MAX, &done), failed = 0;
    size_t step = all / tries + 1;
    if (!done)
        fail_msg("%s fails by itself", name);
    for (size_t at = 1; at <= all; at += step) {
        run(what, about, at, at, &done);
        failed += !done;
        run(what, about, at, SIZE_MAX, &done);
        failed += !done;
    }
    print_message("  %s: %zu allocations, every %zu.; %zu failures\n", name, all, step, failed);
    assert_true(all > 0);
}

/* --- sessions ------------------------------------------------------------------------------- */

static bool drop_line(void *context, const char *line)
{
    (void)context, (void)line;
    return true;
}

static bool ask(struct session *of, const char *line, bool json, struct error *err)
{
    struct output output = {.json = json, .line = drop_line};
    return command_line(of, line, &output) || error_set(err, "it was printed");
}

static struct session *open_path(const char *path, bool with_root, struct error *err)
{
    struct options options = {.image = path};
    if (with_root)
        options = (struct options){.image = path,
                                   .paging = "arm64-4k-48",
                                   .has_base = true,
                                   .base = BASE,
                                   .has_root = true,
                                   .root_pa = ROOT_PA};
    struct session *opened = session_open(&options, err);
    if (opened)
        session_settle(opened, true);
    return opened;
}

static bool open_tables(const void *about, struct error *err)
{
    (void)about;
    struct session *opened = open_path(file.path, true, err);
    session_close(opened);
    return opened != NULL;
}

static bool clone(const void *about, struct error *err)
{
    (void)about;
    struct session *cloned = session_clone(session, err);
    bool done = cloned && ask(cloned, "translate v:ffff000000000000", false, err);
    session_close(cloned);
    return done;
}

static bool ask_text(const void *line, struct error *err)
{
    return ask(session, line, false, err);
}

static bool ask_json(const void *line, struct error *err)
{
    return ask(session, line, true, err);
}

static const char *const lines[] = {
    "info",
    "tables",
    "tables kernel perm=rw where size>4096 sort=-size columns=virt,size",
    "walk v:ffff000000000000",
    "translate p:42000000",
    "hex p:42000000 200",
    "regions",
    "help tables",
    "schema",
    "sym",
};

static void test_sessions(void **state)
{
    (void)state;
    run_short("session", open_tables, NULL, 200);
    run_short("clone", clone, NULL, 200);
}

static void test_commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct error err;
        if (!ask(session, lines[i], false, &err)) /* nothing is known of a Linux */
            continue;
        run_short(lines[i], ask_text, lines[i], 60);
        run_short(lines[i], ask_json, lines[i], 60);
    }
}

/* --- Linux ---------------------------------------------------------------------------------- */

/* An input of a fuzz target. */
struct words {
    uint8_t bytes[16384];
    size_t size;
};

static void read_words(struct words *words, const char *path)
{
    FILE *from = fopen(path, "rb");
    if (!from)
        fail_msg("no %s: unit tests run in the project's folder", path);
    words->size = fread(words->bytes, 1, sizeof words->bytes, from);
    fclose(from);
}

static bool load_types(const void *about, struct error *err)
{
    const struct words *words = about;
    struct btf *btf;
    void *bytes = malloc(words->size);
    if (!bytes)
        return error_set(err, "out of memory");
    memcpy(bytes, words->bytes, words->size);
    if (!btf_open(&btf, bytes, words->size, err))
        return false;
    struct memory memory = {.paging = NULL};
    struct linux_context linux = {.btf = btf, .memory = &memory};
    struct view *view = view_create(&linux);
    bool shown = view && view_show(view, btf_find(btf, "task_struct", BTF_VOID), HALF, err);
    for (size_t i = 0; shown && i < view_rows(view) && i < 20; i++)
        view_open(view, i, true);
    if (!view)
        error_set(err, "out of memory");
    view_destroy(view);
    btf_close(btf);
    return shown;
}

static bool load_symbols(const void *about, struct error *err)
{
    const struct words *words = about;
    struct vmcoreinfo info = {.text = ""};
    size_t note = strlen((const char *)words->bytes);
    memcpy(info.text, words->bytes, note);
    struct linux_context linux = *fuzz_image(words->bytes + note + 1, words->size - note - 1);
    linux.info = &info;
    struct symbols *symbols = symbols_create();
    bool loaded = symbols ? kallsyms_load(symbols, &linux, err) : error_set(err, "no memory");
    if (loaded) {
        symbols_complete(symbols);
        symbols_find(symbols, "0T");
    }
    symbols_destroy(symbols);
    return loaded;
}

static bool load_tasks(const void *about, struct error *err)
{
    const struct words *words = about;
    struct tasks tasks = {0};
    struct linux_context linux = *fuzz_memory(words->bytes + 1, words->size - 1);
    linux.btf = fuzz_types(false);
    bool loaded =
        task_find_init(&linux, &linux.init_task_va, err) && tasks_load(&tasks, &linux, err);
    tasks_free(&tasks);
    return loaded;
}

static bool load_mappings(const void *about, struct error *err)
{
    const struct words *words = about;
    struct vmas vmas = {0};
    struct linux_context linux = *fuzz_memory(words->bytes + 1, words->size - 1);
    linux.btf = fuzz_types(false);
    bool loaded = vmas_load(&vmas, &linux, linux.image.va + 0x1000, err);
    vmas_free(&vmas);
    return loaded;
}

static bool load_modules(const void *about, struct error *err)
{
    const struct words *words = about;
    struct module_list list;
    struct linux_context linux = *fuzz_memory(words->bytes + 1, words->size - 1);
    struct symbols *symbols = symbols_create();
    if (!symbols)
        return error_set(err, "no memory");
    bool loaded = module_symbols_load(symbols, &linux, &list, err);
    module_list_free(&list);
    symbols_destroy(symbols);
    return loaded;
}

static void test_linux(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        operation *load;
    } rows[] = {
        {"tests/fuzz/corpus/btf/kernel", load_types},
        {"tests/fuzz/corpus/kallsyms/named-64", load_symbols},
        {"tests/fuzz/corpus/tasks/list-0", load_tasks},
        {"tests/fuzz/corpus/vmas/0", load_mappings},
        {"tests/fuzz/corpus/modules/shaped-0", load_modules},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct words words;
        read_words(&words, rows[i].path);
        run_short(rows[i].path, rows[i].load, &words, 60);
    }
}

/* A snapshot: all of what is known of a guest, and each command that asks for it. */
static bool ask_guest(const void *path, struct error *err)
{
    static const char *const asked[] = {"info",
                                        "ps",
                                        "regions",
                                        "dmesg",
                                        "sym init_task",
                                        "types task_struct",
                                        "vmas 1",
                                        "page p:42f74000",
                                        "struct task_struct init_task",
                                        "list task_struct.tasks init_task comm"};
    struct session *opened = open_path(path, false, err);
    for (size_t i = 0; opened && i < COUNT(asked); i++)
        ask(opened, asked[i], i % 2, err);
    session_close(opened);
    return opened != NULL;
}

static void test_guest(void **state)
{
    (void)state;
    char path[400];
    const char *guests = getenv("RAMWALK_GUESTS");
    snprintf(path, sizeof path, "%s/arm64-61-512m/ram.img", guests ? guests : "");
    FILE *image = guests ? fopen(path, "rb") : NULL;
    if (!image)
        skip();
    fclose(image);
    run_short("guest", ask_guest, path, 12);
}

/* --- the tree of tables ----------------------------------------------------------------------- */

static bool open_tree(const void *about, struct error *err)
{
    (void)about;
    struct tree tree;
    struct tree_row row;
    struct table_source source = session_tables(session);
    struct roots roots = {ROOT_PA, USER_PA};
    if (!tree_init(&tree, arch_mode_named("arm64-4k-48"), &source, &roots))
        return error_set(err, "out of memory");
    for (size_t i = 0; i < tree_rows(&tree) && i < 60; i++)
        if (tree_row(&tree, i, &row) && row.openable)
            tree_open(&tree, i);
    for (size_t i = 0; i < tree_rows(&tree); i++)
        assert_true(tree_row(&tree, i, &row));
    tree_show_empty(&tree, true);
    tree_deinit(&tree);
    return true;
}

static void test_tree(void **state)
{
    (void)state;
    run_short("tree", open_tree, NULL, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sessions), cmocka_unit_test(test_commands),
        cmocka_unit_test(test_linux),    cmocka_unit_test(test_guest),
        cmocka_unit_test(test_tree),
    };
    json_set_alloc_funcs(__wrap_malloc, free);
    return cmocka_run_group_tests_name("short memory", tests, tables_sample, tables_teardown);
}
