/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layout of real guests: windows, areas and parts against the guests' own reports. */
#include "arch/arch.h"
#include "linux/layout/region.h"
#include "linux/layout/vmalloc.h"
#include "session/session_private.h"
#include "tests/unit/guest_truth.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINE 512

/* `va` lies in a region of that name, or in a part of one. */
static bool lies_in(const struct regions *regions, uint64_t va, const char *name)
{
    for (const struct region *region = region_at(regions, va); region;
         region = region->parent == REGION_NONE ? NULL : &regions->region[region->parent])
        if (strncmp(region->name, name, strlen(name)) == 0)
            return true;
    return false;
}

static const struct region *named(const struct regions *regions, const char *name)
{
    for (size_t i = 0; i < regions->count; i++)
        if (strcmp(regions->region[i].name, name) == 0)
            return &regions->region[i];
    return NULL;
}

/* Windows that key.json knows: a window's name, and the keys of its start and end. */
static void compare_windows(const struct guest_truth *linux, const struct regions *regions)
{
    static const char *const windows[][3] = {{"linear map", "page_offset_base", NULL},
                                             {"linear map", "PAGE_OFFSET", NULL},
                                             {"vmalloc", "VMALLOC_START", "VMALLOC_END"},
                                             {"vmalloc", "vmalloc_base", NULL},
                                             {"vmemmap", "VMEMMAP_START", "VMEMMAP_END"},
                                             {"vmemmap", "vmemmap_base", NULL},
                                             {"modules", "MODULES_VADDR", "MODULES_END"},
                                             {"image text", "_stext_va", NULL},
                                             {"kernel image", NULL, "_end_va"}};
    char line[LINE], key[64];
    unsigned compared = 0;
    uint64_t value;
    FILE *file = guest_truth_file(linux, "key.json");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, " \"%63[^\"]\": \"0x%" SCNx64 "\"", key, &value) != 2)
            continue;
        for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
            const struct region *window = named(regions, windows[i][0]);
            if (windows[i][1] && strcmp(key, windows[i][1]) == 0) {
                assert_non_null(window);
                assert_int_equal(window->start, value);
                compared++;
            }
            if (windows[i][2] && strcmp(key, windows[i][2]) == 0) {
                assert_non_null(window);
                assert_int_equal(window->last + 1, value);
                compared++;
            }
        }
    }
    fclose(file);
    print_message("  %u ends of windows equal\n", compared);
    assert_true(compared >= 3);
}

/* What the addresses of gva2gpa.tsv are. */
static void compare_places(const struct guest_truth *linux, const struct regions *regions)
{
    static const char *const kinds[][2] = {
        {"linear map", "linear map"}, {"vmemmap: ", "vmemmap"}, {"vmemmap of", "vmemmap"}};
    char line[LINE], what[LINE];
    unsigned compared = 0;
    uint64_t va;
    FILE *file = guest_truth_file(linux, "gva2gpa.tsv");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "0x%" SCNx64 "\t%*s\t%511[^\n]", &va, what) != 2)
            continue;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (strncmp(what, kinds[i][0], strlen(kinds[i][0])) != 0)
                continue;
            if (!lies_in(regions, va, kinds[i][1]))
                fail_msg("%016" PRIx64 " %s", va, what);
            compared++;
        }
    }
    fclose(file);
    print_message("  %u addresses lie where the guest's table says\n", compared);
}

/* Each function of the kernel in its text, each of a module in an area of load_module(). */
static void compare_symbols(const struct guest_truth *linux, const struct regions *regions)
{
    size_t text = 0, modules = 0;
    uint64_t first = 0, end = 0;
    const struct symbol *stext = symbols_find(linux->symbols, "_stext");
    const struct symbol *etext = symbols_find(linux->symbols, "_etext");
    first = stext ? stext->va : 0;
    end = etext ? etext->va : 0;
    for (size_t i = 0; i < symbols_count(linux->symbols); i++) {
        const struct symbol *symbol = symbols_by_address(linux->symbols, i);
        if (symbol->module) {
            if (symbol->type != 't' && symbol->type != 'T')
                continue;
            const struct region *region = region_at(regions, symbol->va);
            if (!region || !strchr(region->name, ':'))
                fail_msg("%s at %" PRIx64 " lies in %s", symbol->name, symbol->va,
                         region ? region->name : "nothing");
            modules++;
        } else if (symbol->va >= first && symbol->va < end) {
            assert_true(lies_in(regions, symbol->va, "image text"));
            text++;
        }
    }
    print_message("  %zu functions lie in the image's text, %zu in areas of modules\n", text,
                  modules);
    assert_true(text > 10000 && modules > 10);
}

/*
 * The area of a line of vmallocinfo.  False: nothing of that range and caller.  A stack that was
 * given back after vmallocinfo was read is "unpurged".
 */
static bool has_area(const struct regions *regions, uint64_t start, uint64_t end,
                     const char *caller, unsigned *freed)
{
    for (size_t i = 0; i < regions->count; i++) {
        const struct region *region = &regions->region[i];
        if (region->start != start || region->last + 1 != end)
            continue;
        if (caller && strcmp(region->name, "unpurged") == 0) {
            ++*freed;
            return strncmp(caller, "kernel_clone+", 13) == 0;
        }
        const char *ours = strstr(region->name, ": ");
        if (!caller || (ours && strcmp(ours + 2, caller) == 0))
            return true;
    }
    return false;
}

/* All that was in use; what was freed is purged, or freed again, at any time. */
static void compare_areas(const struct guest_truth *linux, const struct regions *regions)
{
    char line[LINE], caller[LINE];
    unsigned areas = 0, unpurged = 0, missing = 0, others = 0, freed = 0;
    uint64_t start, end;
    FILE *file = guest_truth_file(linux, "vmallocinfo");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char module[64] = "";
        assert_int_equal(sscanf(line, "0x%" SCNx64 "-0x%" SCNx64 " %*u %511s [%63[^]]", &start,
                                &end, caller, module) >= 3,
                         1);
        if (strcmp(caller, "unpurged") == 0) {
            unpurged++;
            missing += !has_area(regions, start, end, NULL, &freed);
            continue;
        }
        char *slash = strchr(caller, '/');
        if (slash)
            *slash = '\0';
        char *zero = strstr(caller, "+0x0");
        if (zero && !zero[4]) /* a symbol itself */
            *zero = '\0';
        if (module[0])
            snprintf(strchr(caller, '\0'), 70, " [%s]", module);
        if (!has_area(regions, start, end, caller, &freed))
            fail_msg("not found: %s", line);
        areas++;
    }
    fclose(file);
    for (size_t i = 0; i < regions->count; i++)
        others += strchr(regions->region[i].name, ':') != NULL &&
                  strncmp(regions->region[i].name, "RAM", 3) != 0;
    print_message(
        "  %u areas of vmallocinfo equal (%u freed since; %u found in all); of %u unpurged "
        "%u are gone\n",
        areas, freed, others, unpurged, missing);
    assert_true(areas > 50 && freed < 4);
}

/* All that is known; without VMCOREINFO; without symbols too. */
static void check_guest(struct guest_truth *linux)
{
    struct regions all = {0}, bare = {0};
    struct error err = {0};
    struct linux_context facts = {.memory = linux->memory,
                                  .kernel = &linux->session->kernel,
                                  .info = &linux->info,
                                  .symbols = linux->symbols,
                                  .btf = linux->btf,
                                  .image = linux->kernel_image};
    double start = guest_truth_ms();
    if (!regions_load(&all, &facts, &err))
        fail_msg("%s", err.text);
    print_message("  %zu regions, %.2f ms\n", all.count, guest_truth_ms() - start);
    assert_string_equal(all.why.text, "");
    compare_windows(linux, &all);
    compare_places(linux, &all);
    compare_symbols(linux, &all);
    compare_areas(linux, &all);
    facts.info = NULL;
    assert_true(regions_load(&bare, &facts, &err));
    compare_windows(linux, &bare);
    compare_areas(linux, &bare);
    facts.symbols = NULL;
    start = guest_truth_ms();
    assert_true(regions_load(&bare, &facts, &err));
    print_message("  without names %.2f ms: %s\n", guest_truth_ms() - start, bare.why.text);
    for (size_t i = 0; i < all.count; i++)
        if (all.region[i].depth == 0 && !strchr(all.region[i].name, ':') &&
            !named(&bare, all.region[i].name))
            fail_msg("%s is not found without names", all.region[i].name);
    regions_free(&all);
    regions_free(&bare);
}

static void test_guests(void **state)
{
    (void)state;
    if (!guest_truth_each(check_guest))
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
