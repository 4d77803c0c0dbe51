/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Symbols against real guests: every name, address and letter that the guest's own
 * /proc/kallsyms showed, its modules' too.  Runs where RAMWALK_GUESTS names the folder that
 * holds them (NAME/ram.img, NAME/kallsyms, NAME/modules); skipped elsewhere.
 */
#include "linux/find/kernel_image.h"
#include "linux/modules/module_symbols.h"
#include "linux/symbols/kallsyms.h"
#include "linux/types/btf_scan.h"
#include "session/session_private.h"

#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define LINE 640

struct lines {
    char **line;
    size_t count, capacity;
};

static void lines_add(struct lines *lines, const char *text)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity ? lines->capacity * 2 : 4096;
        lines->line = realloc(lines->line, lines->capacity * sizeof *lines->line);
        assert_non_null(lines->line);
    }
    lines->line[lines->count] = strdup(text);
    assert_non_null(lines->line[lines->count++]);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void lines_free(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->line[i]);
    free(lines->line);
    *lines = (struct lines){0};
}

/* Control bytes as symbols_add() keeps them; the one tab is before the module. */
static void name_safely(char *name)
{
    char raw[LINE];
    strcpy(raw, name);
    for (const char *c = raw; *c; c++) {
        if (*c < ' ' && *c != '\t')
            *name++ = '^';
        *name++ = *c < ' ' && *c != '\t' ? (char)(*c ^ 0x40) : *c;
    }
    *name = '\0';
}

/* The truth, line by line; without `letters` they are left out. */
static struct lines read_truth(const char *folder, bool letters)
{
    char path[512], text[2 * LINE];
    struct lines lines = {0};
    snprintf(path, sizeof path, "%s/kallsyms", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(text, LINE, file)) {
        text[strcspn(text, "\n")] = '\0';
        if (!letters)
            text[17] = '-';
        name_safely(text + 19);
        lines_add(&lines, text);
    }
    fclose(file);
    qsort(lines.line, lines.count, sizeof *lines.line, by_text);
    return lines;
}

static struct lines render(const struct symbols *symbols, bool letters)
{
    char text[2 * LINE];
    struct lines lines = {0};
    for (size_t i = 0; i < symbols_count(symbols); i++) {
        const struct symbol *symbol = symbols_by_address(symbols, i);
        snprintf(text, sizeof text, "%016" PRIx64 " %c %s%s%s%s", symbol->va,
                 letters ? symbol->type : '-', symbol->name, symbol->module ? "\t[" : "",
                 symbol->module ? symbol->module : "", symbol->module ? "]" : "");
        lines_add(&lines, text);
    }
    qsort(lines.line, lines.count, sizeof *lines.line, by_text);
    return lines;
}

/* Counts what only one side has, and shows the first few. */
static size_t differences(const struct lines *truth, const struct lines *ours)
{
    size_t different = 0;
    for (size_t i = 0, j = 0; i < truth->count || j < ours->count;) {
        int order = i == truth->count  ? 1
                    : j == ours->count ? -1
                                       : strcmp(truth->line[i], ours->line[j]);
        if (order && different++ < 5)
            print_message("    %s %s\n", order < 0 ? "only in the guest:" : "only from its RAM:",
                          order < 0 ? truth->line[i] : ours->line[j]);
        i += order <= 0;
        j += order >= 0;
    }
    return different;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Each module of /proc/modules, where it starts. */
static void check_modules(const char *folder, const struct module_list *list)
{
    char path[512], text[LINE], name[LINE];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/modules", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(text, sizeof text, file)) {
        uint64_t va = 0;
        assert_int_equal(sscanf(text, "%639s %*s %*s %*s %*s 0x%" SCNx64, name, &va), 2);
        assert_true(count < list->count);
        assert_string_equal(list->module[count].name, name);
        assert_true(list->module[count].ranges > 0);
        assert_int_equal(list->module[count].range[0].first & ~UINT64_C(4095), va);
        count++;
    }
    fclose(file);
    assert_int_equal(count, list->count);
    assert_false(list->torn);
}

struct subject {
    const char *folder;
    struct session *session;
    struct vmcoreinfo info;
    struct kernel_image image;
    struct btf *btf;
};

/* With or without VMCOREINFO; with or without BTF, which says what is exported. */
static void compare(struct subject *linux, bool with_info, bool with_btf)
{
    struct error err = {0};
    struct module_list list;
    struct symbols *symbols = symbols_create();
    double start = now_ms();
    struct linux_context context = {.memory = &linux->session->memory,
                                    .info = with_info ? &linux->info : NULL,
                                    .image = linux->image,
                                    .btf = with_btf ? linux->btf : NULL};
    if (!kallsyms_load(symbols, &context, &err))
        fail_msg("%s: %s", linux->folder, err.text);
    size_t kernels = symbols_count(symbols);
    double loaded = now_ms();
    if (!module_symbols_load(symbols, &context, &list, &err))
        fail_msg("%s: %s", linux->folder, err.text);
    double modules = now_ms();
    symbols_complete(symbols);
    double complete = now_ms();
    struct lines truth = read_truth(linux->folder, with_btf), ours = render(symbols, with_btf);
    size_t different = differences(&truth, &ours);
    print_message("  %s vmcoreinfo, %s BTF: %zu + %zu of %zu symbols, %zu modules, %zu differ; "
                  "kernel %.0f ms, modules %.0f ms, sorting %.0f ms\n",
                  with_info ? "with" : "no", with_btf ? "with" : "no", kernels,
                  symbols_count(symbols) - kernels, truth.count, list.count, different,
                  loaded - start, modules - loaded, complete - modules);
    assert_int_equal(different, 0);
    if (with_btf)
        check_modules(linux->folder, &list);
    lines_free(&truth);
    lines_free(&ours);
    module_list_free(&list);
    symbols_destroy(symbols);
}

static void check_guest(const char *folder)
{
    char path[600], text[VMCOREINFO_SIZE];
    struct subject linux = {.folder = folder};
    struct error err = {0};
    uint64_t btf_va;
    snprintf(path, sizeof path, "%s/ram.img", folder);
    struct options options = {.image = path};
    print_message("%s\n", folder);
    linux.session = session_open(&options, &err);
    assert_non_null(linux.session);
    session_settle(linux.session, false);
    struct kernel *kernel = &linux.session->kernel;
    assert_true(kernel_image_range(&linux.session->memory, kernel, &linux.image));
    assert_int_equal(source_read(linux.session->memory.reader, kernel->vmcoreinfo_offset, text,
                                 sizeof text, NULL),
                     sizeof text);
    assert_true(vmcoreinfo_parse(&linux.info, text, sizeof text));
    struct linux_context context = {.memory = &linux.session->memory, .image = linux.image};
    assert_true(btf_scan(&context, &linux.btf, &btf_va, &err));
    compare(&linux, true, true);
    compare(&linux, false, true);
    compare(&linux, false, false);
    btf_close(linux.btf);
    session_close(linux.session);
}

static void test_guests(void **state)
{
    (void)state;
    const char *all = getenv("RAMWALK_GUESTS");
    DIR *folder = all ? opendir(all) : NULL;
    if (!folder)
        skip();
    size_t guests = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512], image[600];
        snprintf(path, sizeof path, "%s/%.100s", all, entry->d_name);
        snprintf(image, sizeof image, "%s/kallsyms", path);
        FILE *file = entry->d_name[0] != '.' ? fopen(image, "r") : NULL;
        if (!file)
            continue;
        fclose(file);
        check_guest(path);
        guests++;
    }
    closedir(folder);
    assert_true(guests > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_guests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
