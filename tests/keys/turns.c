/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stands before poll(): the loop's own calls are those that wait for the terminal, too. */
#include "tests/keys/turns.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LOOP_FILES 3 /* the terminal, signals, an answer: at least */

typedef int poll_function(struct pollfd *files, nfds_t count, int timeout);

static unsigned long long now_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (unsigned long long)now.tv_sec * 1000000000 + (unsigned long long)now.tv_nsec;
}

static struct turns *map_turns(void)
{
    const char *path = getenv(TURNS_FILE);
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at = MAP_FAILED;
    if (fd >= 0) {
        at = mmap(NULL, sizeof(struct turns), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
    }
    return at == MAP_FAILED ? NULL : at;
}

static void count_turn(struct turns *turns, unsigned long long cpu_ns, int took_keys)
{
    if (!took_keys) {
        if (cpu_ns > atomic_load(&turns->others_ns))
            atomic_store(&turns->others_ns, cpu_ns);
        return;
    }
    atomic_store(&turns->cpu_ns, cpu_ns);
    atomic_store(&turns->ended_ns, now_ns(CLOCK_MONOTONIC));
    atomic_fetch_add(&turns->answered, 1);
}

int poll(struct pollfd *files, nfds_t count, int timeout)
{
    static poll_function *next;
    static struct turns *turns;
    static unsigned long long began_ns; /* 0: no turn is under way */
    static int took_keys;
    if (!next) {
        *(void **)&next = dlsym(RTLD_NEXT, "poll");
        turns = map_turns();
    }
    if (!turns || count < LOOP_FILES || files[0].fd != STDIN_FILENO || gettid() != getpid())
        return next(files, count, timeout);
    if (began_ns)
        count_turn(turns, now_ns(CLOCK_THREAD_CPUTIME_ID) - began_ns, took_keys);
    int ready = next(files, count, timeout);
    took_keys = ready > 0 && (files[0].revents & POLLIN);
    began_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
    return ready;
}
