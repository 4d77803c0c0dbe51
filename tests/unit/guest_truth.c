/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens real guests as far as the parts under test need it. */
#include "tests/unit/guest_truth.h"
#include "session/session_private.h"

#include "linux/find/kernel_image.h"
#include "linux/modules/module_symbols.h"
#include "linux/symbols/kallsyms.h"
#include "linux/types/btf_scan.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

double guest_truth_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

FILE *guest_truth_file(const struct guest_truth *linux, const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", linux->folder, name);
    return fopen(path, "r");
}

struct linux_context guest_truth_context(const struct guest_truth *linux)
{
    return (struct linux_context){.memory = linux->memory,
                                  .info = linux->has_info ? &linux->info : NULL,
                                  .image = linux->kernel_image,
                                  .btf = linux->btf,
                                  .symbols = linux->symbols};
}

static void open_guest(struct guest_truth *linux)
{
    char text[VMCOREINFO_SIZE];
    struct error err = {0};
    struct module_list modules;
    uint64_t btf_va;
    double start = guest_truth_ms();
    snprintf(linux->image, sizeof linux->image, "%s/ram.img", linux->folder);
    struct options options = {.image = linux->image};
    linux->session = session_open(&options, &err);
    assert_non_null(linux->session);
    session_settle(linux->session, false);
    linux->memory = &linux->session->memory;
    const struct kernel *kernel = &linux->session->kernel;
    assert_true(kernel_image_range(linux->memory, kernel, &linux->kernel_image));
    size_t length = source_read(linux->session->memory.reader, kernel->vmcoreinfo_offset, text,
                                sizeof text, NULL);
    linux->has_info = vmcoreinfo_parse(&linux->info, text, length);
    struct linux_context context = guest_truth_context(linux);
    assert_true(btf_scan(&context, &linux->btf, &btf_va, &err));
    context.btf = linux->btf;
    linux->symbols = symbols_create();
    assert_non_null(linux->symbols);
    assert_true(kallsyms_load(linux->symbols, &context, &err));
    assert_true(module_symbols_load(linux->symbols, &context, &modules, &err));
    module_list_free(&modules);
    symbols_complete(linux->symbols);
    linux->opened_ms = guest_truth_ms() - start;
}

bool guest_truth_each(void (*check)(struct guest_truth *linux))
{
    const char *all = getenv("RAMWALK_GUESTS");
    DIR *folder = all ? opendir(all) : NULL;
    size_t guests = 0;
    if (!folder)
        return false;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%.100s", all, entry->d_name);
        struct guest_truth linux = {.folder = path};
        FILE *file = entry->d_name[0] == '.' ? NULL : guest_truth_file(&linux, "tasks.tsv");
        if (!file)
            continue;
        fclose(file);
        open_guest(&linux);
        print_message("%s\n", path);
        check(&linux);
        symbols_destroy(linux.symbols);
        btf_close(linux.btf);
        session_close(linux.session);
        guests++;
    }
    closedir(folder);
    return guests > 0;
}

struct session *guest_truth_session(const char *folder)
{
    static char image[600]; /* the session keeps it */
    struct options options = {.image = image};
    struct error err;
    snprintf(image, sizeof image, "%s/ram.img", folder);
    if (access(image, R_OK) != 0)
        return NULL;
    print_message("%s\n", folder);
    struct session *session = session_open(&options, &err);
    if (!session)
        fail_msg("%s", err.text);
    session_settle(session, false);
    return session;
}

static void (*check_session)(struct session *session, struct linux_context *linux);

static void check_folder(const char *folder)
{
    struct error err;
    struct session *session = guest_truth_session(folder);
    if (!session)
        return;
    struct linux_context *linux = session_need(session, LINUX_TASKS, &err);
    if (!linux)
        fail_msg("%s", err.text);
    check_session(session, linux);
    session_close(session);
}

void guest_truth_sessions(void (*check)(struct session *session, struct linux_context *linux))
{
    check_session = check;
    guest_truth_folders(check_folder);
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
