/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores through a mapping leave no trace in a file's times and raise no event; but /proc shows who
 * has the mapping (proc(5), /proc/PID/maps). */
#include "source/source_private.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* "55d0-55d4 rw-s 00000000 08:01 1234   /path": shared, and may be written? */
static bool is_written_mapping(const char *line, const struct stat *file, size_t files)
{
    char mode[5];
    unsigned major_number, minor_number;
    uint64_t inode;
    if (sscanf(line, "%*x-%*x %4s %*x %x:%x %" SCNu64, mode, &major_number, &minor_number,
               &inode) != 4 ||
        mode[1] != 'w' || mode[3] != 's')
        return false;
    for (size_t i = 0; i < files; i++)
        if (file[i].st_ino == inode && major(file[i].st_dev) == major_number &&
            minor(file[i].st_dev) == minor_number)
            return true;
    return false;
}

static bool maps_written(int pid, const struct stat *file, size_t files)
{
    char path[40], *line = NULL;
    size_t size = 0;
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    while (maps && !found && getline(&line, &size, maps) > 0)
        found = is_written_mapping(line, file, files);
    free(line);
    if (maps)
        fclose(maps);
    return found;
}

int source_writer(const struct source *source, int last, const atomic_bool *cancel)
{
    struct stat file[SOURCE_SEGMENTS] = {0};
    size_t files = 0;
    int found = 0;
    for (size_t i = 0; i < source->files; i++)
        files += stat(source->file[i].path, &file[files]) == 0;
    if (last > 0 && maps_written(last, file, files))
        return last;
    DIR *proc = files ? opendir("/proc") : NULL;
    for (struct dirent *entry; proc && !found && !*cancel && (entry = readdir(proc));)
        if (maps_written(atoi(entry->d_name), file, files)) /* 0: no process */
            found = atoi(entry->d_name);
    if (proc)
        closedir(proc);
    return found;
}
