/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening snapshots of guests for the tests of pages. */
#include "tests/unit/page_guest.h"
#include "session/session_private.h"

#include "tests/unit/support.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

void guest_open(struct opened *opened, bool with_info)
{
    char path[400];
    struct error err = {0};
    char bytes[VMCOREINFO_SIZE];
    struct options options = {.image = path};
    snprintf(path, sizeof path, "%s/ram.img", opened->folder);
    opened->session = session_open(&options, &err);
    assert_non_null(opened->session);
    session_settle(opened->session, false);
    struct kernel *kernel = &opened->session->kernel;
    size_t got = source_read(opened->session->memory.reader, kernel->vmcoreinfo_offset, bytes,
                             sizeof bytes, NULL);
    assert_true(vmcoreinfo_parse(&opened->info, bytes, got));
    assert_true(linux_init(&opened->linux, &opened->session->memory, kernel,
                           with_info ? &opened->info : NULL));
    if (!linux_need(&opened->linux, LINUX_PAGES, &err))
        fail_msg("%s: %s", opened->folder, err.text);
    opened->pages = opened->linux.pages;
}

void guest_close(struct opened *opened)
{
    linux_deinit(&opened->linux);
    session_close(opened->session);
}

FILE *truth(const struct opened *opened, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", opened->folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

void each_guest(void (*check)(struct opened *))
{
    static struct opened opened;
    const char *root = getenv("RAMWALK_GUESTS");
    const char *only = getenv("RAMWALK_GUEST");
    DIR *folder = root ? opendir(root) : NULL;
    unsigned found = 0;
    if (!folder) {
        skip();
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[400];
        if (entry->d_name[0] == '.' || (only && strcmp(only, entry->d_name) != 0))
            continue;
        snprintf(opened.folder, sizeof opened.folder, "%.150s/%.140s", root, entry->d_name);
        snprintf(path, sizeof path, "%s/pagetruth-allpages.tsv", opened.folder);
        FILE *file = fopen(path, "r");
        if (!file)
            continue;
        fclose(file);
        print_message("  %s\n", entry->d_name);
        check(&opened);
        found++;
    }
    closedir(folder);
    assert_true(found > 0);
}
