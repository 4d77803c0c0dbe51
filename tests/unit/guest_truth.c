/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens real guests as far as the parts under test need it. */
#include "tests/unit/guest_truth.h"

#include "guest/btf_scan.h"
#include "guest/image_range.h"
#include "guest/kallsyms.h"
#include "guest/module_symbols.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

double guest_truth_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

FILE *guest_truth_file(const struct guest_truth *guest, const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", guest->folder, name);
    return fopen(path, "r");
}

static void open_guest(struct guest_truth *guest)
{
    char text[VMCOREINFO_SIZE];
    struct error err = {0};
    struct module_list modules;
    uint64_t btf_va;
    double start = guest_truth_ms();
    snprintf(guest->image, sizeof guest->image, "%s/ram.img", guest->folder);
    struct options options = {.image = guest->image};
    assert_true(session_open(&guest->session, &options, &err));
    session_settle(&guest->session, false);
    guest->memory = &guest->session.memory;
    const struct kernel *kernel = &guest->session.kernel;
    assert_true(kernel_image_range(guest->memory, kernel, &guest->image_va, &guest->image_size));
    size_t length = image_read(guest->session.image, kernel->vmcoreinfo_offset, text, sizeof text);
    guest->has_info = vmcoreinfo_parse(&guest->info, text, length);
    assert_true(
        btf_scan(guest->memory, guest->image_va, guest->image_size, &guest->btf, &btf_va, &err));
    guest->symbols = symbols_create();
    assert_non_null(guest->symbols);
    assert_true(kallsyms_load(guest->symbols, guest->memory, guest->has_info ? &guest->info : NULL,
                              guest->image_va, guest->image_size, &err));
    assert_true(module_symbols_load(guest->symbols, guest->memory, guest->btf, guest->image_va,
                                    guest->image_size, &modules, &err));
    module_list_free(&modules);
    symbols_complete(guest->symbols);
    guest->opened_ms = guest_truth_ms() - start;
}

bool guest_truth_each(void (*check)(struct guest_truth *guest))
{
    const char *all = getenv("RAMWALK_GUESTS");
    DIR *folder = all ? opendir(all) : NULL;
    size_t guests = 0;
    if (!folder)
        return false;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%.100s", all, entry->d_name);
        struct guest_truth guest = {.folder = path};
        FILE *file = entry->d_name[0] == '.' ? NULL : guest_truth_file(&guest, "tasks.tsv");
        if (!file)
            continue;
        fclose(file);
        open_guest(&guest);
        print_message("%s\n", path);
        check(&guest);
        symbols_destroy(guest.symbols);
        btf_close(guest.btf);
        session_close(&guest.session);
        guests++;
    }
    closedir(folder);
    return guests > 0;
}

void guest_truth_folders(void (*check)(const char *folder))
{
    const char *root = getenv("RAMWALK_GUESTS");
    if (!root || !*root)
        skip();
    struct dirent **entry;
    int n = scandir(root, &entry, NULL, alphasort);
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        char folder[512];
        snprintf(folder, sizeof folder, "%s/%s", root, entry[i]->d_name);
        if (*entry[i]->d_name != '.')
            check(folder);
        free(entry[i]);
    }
    free(entry);
}
