/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels of real guests, in the snapshots of the folder that RAMWALK_GUESTS names. */
#include "arch/arch.h"
#include "linux/find/pgd_scan.h"
#include "tests/unit/support_finder.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct snapshot {
    const char *name, *paging, *key;
};

static const struct snapshot snapshots[] = {
    {"arm64-61", "arm64-4k-48", "swapper_pg_dir_pa"},
    {"arm64-61-512m", "arm64-4k-48", "swapper_pg_dir_pa"},
    {"arm64-612", "arm64-4k-52", "swapper_pg_dir_pa"},
    {"amd64-61", "x86_64-48", "swapper_pg_dir_pa"},
    {"riscv64-612-sv48", "riscv64-sv48", "swapper_pg_dir_pa"},
};

static uint64_t key_number(const char *folder, const struct snapshot *snapshot, const char *key)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s/key.json", folder, snapshot->name);
    json_t *root = json_load_file(path, 0, NULL);
    if (!root)
        fail_msg("%s cannot be read", path);
    const char *text = json_string_value(json_object_get(root, key));
    assert_non_null(text);
    uint64_t value = strtoull(text, NULL, 16);
    json_decref(root);
    return value;
}

static bool pgd_scan_of(struct source_reader *reader, struct kernel *kernel)
{
    static uint64_t page[512];
    struct pgd_scan *scan = pgd_scan_create(reader);
    uint64_t end;
    for (uint64_t at = 0; at < source_size(reader->source); at = end) {
        if (source_extent(reader, at, &end) != EXTENT_DATA)
            continue;
        for (uint64_t offset = at; offset < end; offset += 4096)
            if (source_read(reader, offset, page, 4096, NULL) == 4096)
                pgd_scan_page(scan, offset, page);
    }
    while (!pgd_scan_step(scan, 10000))
        ;
    bool found = pgd_scan_result(scan, kernel);
    pgd_scan_destroy(scan);
    return found;
}

/* Counts what is wrong: all snapshots are looked at. */
static unsigned check_snapshot(const struct kernel *kernel, const char *folder,
                               const struct snapshot *snapshot)
{
    uint64_t root_pa = key_number(folder, snapshot, snapshot->key);
    uint64_t base = key_number(folder, snapshot, "ram_base");
    if (kernel->paging && strcmp(kernel->paging->name, snapshot->paging) == 0 &&
        kernel->root_pa == root_pa && kernel->range[0].pa == base)
        return 0;
    print_error("%s by %s: %s root %" PRIx64 " base %" PRIx64 ", expected %s %" PRIx64 "\n",
                snapshot->name, kernel_found_name(kernel->found),
                kernel->paging ? kernel->paging->name : "-", kernel->root_pa, kernel->range[0].pa,
                snapshot->paging, root_pa);
    return 1;
}

/* QEMU's own answers: va, gpa or "unmapped", what. */
static void assert_translations(struct source *image, const struct kernel *kernel,
                                const char *folder, const struct snapshot *snapshot)
{
    char path[400], line[400], answer[64];
    struct memory memory;
    struct error err;
    struct space space = space_of(kernel->paging->name, kernel->root_pa, NO_ROOT);
    unsigned checked = 0, differ = 0;
    snprintf(path, sizeof path, "%s/%s/gva2gpa.tsv", folder, snapshot->name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(source_place(image, kernel->range, kernel->ranges));
    assert_true(memory_init(&memory, image, &err));
    memory_use(&memory, &space);
    while (fgets(line, sizeof line, file)) {
        uint64_t va, pa = 0;
        /* The lower half is whatever the CPU ran, not the kernel's root. */
        if (sscanf(line, "%" SCNx64 "\t%63s", &va, answer) != 2 || !(va >> 63))
            continue;
        bool mapped = memory_translate(&memory, va, &pa);
        uint64_t wanted = strtoull(answer, NULL, 16);
        bool unmapped = strcmp(answer, "unmapped") == 0;
        if (mapped == unmapped || (mapped && pa != wanted)) {
            differ++;
            print_error("%s: %s got %d %" PRIx64 "\n", snapshot->name, line, mapped, pa);
        }
        checked++;
    }
    fclose(file);
    memory_deinit(&memory);
    assert_true(checked > 100);
    assert_int_equal(differ, 0);
}

static void real_kernels_are_found(void **state)
{
    (void)state;
    const char *folder = getenv("RAMWALK_GUESTS");
    if (!folder)
        skip();
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof snapshots / sizeof *snapshots; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s/ram.img", folder, snapshots[i].name);
        if (access(path, R_OK) != 0)
            continue;
        struct source_reader *reader = open_reader(path);
        struct kernel kernel = run_finder(reader->source, MIB(2));
        assert_int_equal(kernel.found, KERNEL_BY_VMCOREINFO);
        wrong += check_snapshot(&kernel, folder, &snapshots[i]);
        struct kernel shaped = {.found = KERNEL_UNKNOWN};
        pgd_scan_of(reader, &shaped);
        wrong += check_snapshot(&shaped, folder, &snapshots[i]);
        if (shaped.ranges != kernel.ranges || shaped.text_va != kernel.text_va ||
            memcmp(shaped.range, kernel.range, kernel.ranges * sizeof *kernel.range) != 0)
            wrong++;
        assert_translations(reader->source, &kernel, folder, &snapshots[i]);
        close_reader(reader);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_kernels_are_found),
    };
    return cmocka_run_group_tests_name("finder_guests", tests, NULL, NULL);
}
