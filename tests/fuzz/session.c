/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session that drivers share: 1 MiB, an arm64 root with one page mapped onto itself. */
#include "session/session.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void fill(int fd)
{
    static const uint64_t tables[][2] = {
        {0x10000, 0x40011003},         {0x11000, 0x40012003},         {0x12000, 0x40013003},
        {0x13000, 0x0060000040010703}, {0x13008, 0x0060000009000703},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        FUZZ_HOLDS(pwrite(fd, &tables[i][1], 8, (off_t)tables[i][0]) == 8);
}

struct session *fuzz_session(void)
{
    static struct session *session;
    static bool open;
    if (open)
        return session;
    char path[] = "/dev/shm/ramwalk-fuzz-XXXXXX";
    struct error err;
    int fd = mkstemp(path);
    FUZZ_HOLDS(fd >= 0 && ftruncate(fd, 1 << 20) == 0);
    fill(fd);
    struct options options = {.image = path,
                              .paging = "arm64-4k-48",
                              .has_base = true,
                              .base = 0x40000000,
                              .has_root = true,
                              .root_pa = 0x40010000};
    session = session_open(&options, &err);
    FUZZ_HOLDS(session);
    session_settle(session, true);
    unlink(path);
    close(fd);
    open = true;
    return session;
}
