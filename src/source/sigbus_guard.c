/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The handler looks at a table of mappings, which it alone may read without a lock. */
#include "source/sigbus_guard.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#define PAGE     UINT64_C(4096)
#define MAPS_MAX 128

/*
 * What the signal handler may look at: mappings in use.  A slot is taken by its start; while the
 * size is 0 it holds nothing.
 */
static struct {
    atomic_uintptr_t start, size;
} maps[MAPS_MAX];
static struct sigaction previous_sigbus;
static bool handler_installed;

/* Read twice: the slot may be given to another mapping in between, never to this thread's. */
static bool holds(int slot, uintptr_t address)
{
    uintptr_t start = atomic_load(&maps[slot].start), size = atomic_load(&maps[slot].size);
    return address - start < size && atomic_load(&maps[slot].start) == start;
}

static void on_sigbus(int signal_number, siginfo_t *info, void *context)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    for (int i = 0; i < MAPS_MAX; i++)
        if (holds(i, address)) {
            void *page = (void *)(address & ~(uintptr_t)(PAGE - 1));
            if (mmap(page, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page)
                return;
        }
    if (previous_sigbus.sa_flags & SA_SIGINFO) {
        previous_sigbus.sa_sigaction(signal_number, info, context);
        return;
    }
    /* Not ours: the previous handler, or the default action when the load is tried again. */
    sigaction(SIGBUS, &previous_sigbus, NULL);
}

static void install_handler(void)
{
    struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    handler_installed = sigaction(SIGBUS, &action, &previous_sigbus) == 0;
}

bool sigbus_guard_add(const void *map, uint64_t size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install_handler);
    for (int i = 0; handler_installed && i < MAPS_MAX; i++) {
        uintptr_t unused = 0;
        if (atomic_compare_exchange_strong(&maps[i].start, &unused, (uintptr_t)map)) {
            atomic_store(&maps[i].size, size);
            return true;
        }
    }
    return false;
}

void sigbus_guard_remove(const void *map)
{
    for (int i = 0; i < MAPS_MAX; i++)
        if (atomic_load(&maps[i].start) == (uintptr_t)map) {
            atomic_store(&maps[i].size, 0);
            atomic_store(&maps[i].start, 0);
        }
}
