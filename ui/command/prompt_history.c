/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One readline history a kind of prompt, swapped in when its prompt opens. */
#include "ui/command/prompt_history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h> /* FILE, for readline's header */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

enum { KINDS = 3, KEPT = 1000 };

static const char *const file_name[KINDS] = {"history", "searches", "filters"};
static HISTORY_STATE *state[KINDS];
static int in_use = -1;

/* Makes every folder of a path, as XDG wants them: only for the user. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int result = mkdir(path, 0700);
        *slash = '/';
        if (result != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool history_path(enum prompt_kind kind, char *path, size_t size)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length;
    if (base && *base == '/')
        length = snprintf(path, size, "%s/ramwalk/%s", base, file_name[kind]);
    else if (home && *home == '/')
        length = snprintf(path, size, "%s/.local/state/ramwalk/%s", home, file_name[kind]);
    else
        return false;
    return length > 0 && (size_t)length < size;
}

static void swap_out(void)
{
    if (in_use < 0)
        return;
    free(state[in_use]);
    state[in_use] = history_get_history_state();
    in_use = -1;
}

void prompt_history_use(enum prompt_kind kind)
{
    if (in_use == (int)kind)
        return;
    swap_out();
    HISTORY_STATE empty = {0};
    history_set_history_state(state[kind] ? state[kind] : &empty);
    in_use = (int)kind;
    using_history();
}

void prompt_history_load(void)
{
    for (int kind = 0; kind < KINDS; kind++) {
        char path[PATH_MAX];
        prompt_history_use((enum prompt_kind)kind);
        if (history_path((enum prompt_kind)kind, path, sizeof path))
            read_history(path);
        stifle_history(KEPT);
    }
}

void prompt_history_free(void)
{
    for (int kind = 0; kind < KINDS; kind++) {
        char path[PATH_MAX];
        prompt_history_use((enum prompt_kind)kind);
        if (history_path((enum prompt_kind)kind, path, sizeof path))
            history_truncate_file(path, KEPT);
        clear_history();
    }
    swap_out();
    for (int kind = 0; kind < KINDS; kind++) {
        if (state[kind])
            free(state[kind]->entries);
        free(state[kind]);
        state[kind] = NULL;
    }
}

void prompt_history_add(const char *line)
{
    if (!line[strspn(line, " \t")])
        return;
    HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
    if (last && strcmp(last->line, line) == 0)
        return;
    add_history(line);
    char path[PATH_MAX];
    if (!history_path((enum prompt_kind)in_use, path, sizeof path) || !make_folders(path))
        return;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        return;
    dprintf(file, "%s\n", line);
    close(file);
}
