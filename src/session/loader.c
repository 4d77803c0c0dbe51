/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread hands over by one atomic: until it says so, only the thread touches the guest.  The
 * record is held by the thread, too: whoever comes last gives it back.
 */
#include "session/loader.h"

#include "session/worker.h"

#include <stdatomic.h>
#include <stdlib.h>

struct loader {
    struct source *source;
    struct spaces *spaces;
    struct memory memory;
    struct kernel kernel;
    struct vmcoreinfo info;
    struct linux_context linux;
    struct worker *worker; /* NULL: has ended */
    atomic_uint holders;
    struct loader *next; /* among the retired */
    atomic_int part;
};

static void let_go(void *context)
{
    struct loader *loader = context;
    if (atomic_fetch_sub(&loader->holders, 1) > 1)
        return;
    linux_deinit(&loader->linux);
    if (loader->memory.shared)
        memory_deinit(&loader->memory);
    spaces_drop(loader->spaces);
    source_drop(loader->source);
    free(loader);
}

static void load(void *context, struct worker *worker)
{
    struct loader *loader = context;
    bool done = false;
    memory_set_cancel(&loader->memory, worker_cancelled(worker));
    while (!done && !atomic_load(worker_cancelled(worker))) {
        done = linux_step(&loader->linux);
        if (done) /* its tables were read once; the interface has its own */
            source_trim(loader->source);
        atomic_store(&loader->part, (int)linux_next(&loader->linux));
    }
    memory_set_cancel(&loader->memory, NULL); /* that flag ends with the worker */
}

struct loader *loader_start(struct source *source, struct spaces *spaces, const struct space *space,
                            const struct kernel *kernel, const struct vmcoreinfo *info,
                            struct error *err)
{
    struct loader *loader = calloc(1, sizeof *loader);
    if (!loader) {
        error_set(err, "out of memory");
        return NULL;
    }
    atomic_init(&loader->holders, 1);
    loader->kernel = *kernel;
    if (info)
        loader->info = *info;
    loader->source = source_hold(source);
    loader->spaces = spaces_hold(spaces);
    if (!memory_init(&loader->memory, source, err)) {
        loader_stop(loader);
        return NULL;
    }
    memory_use(&loader->memory, space);
    if (!linux_init(&loader->linux, &loader->memory, &loader->kernel,
                    info ? &loader->info : NULL)) {
        error_set(err, "out of memory");
        loader_stop(loader);
        return NULL;
    }
    loader_hold(loader);
    loader->worker = worker_start(load, let_go, loader, err);
    if (loader->worker)
        return loader;
    atomic_store(&loader->holders, 1); /* there is no worker that holds it */
    let_go(loader);
    return NULL;
}

struct loader *loader_hold(struct loader *loader)
{
    atomic_fetch_add(&loader->holders, 1);
    return loader;
}

/* Waits for the worker's end where there is one. */
static void wait_for_end(struct loader *loader)
{
    if (!loader->worker)
        return;
    worker_wait(loader->worker);
    worker_drop(loader->worker);
    loader->worker = NULL;
}

void loader_stop(struct loader *loader)
{
    if (!loader)
        return;
    /* Who holds what was loaded has no worker to stop, and other threads look whether there is. */
    if (loader->worker) {
        worker_drop(loader->worker);
        loader->worker = NULL;
    }
    let_go(loader);
}

void loader_retire(struct loader **retired, struct loader *loader)
{
    if (!loader)
        return;
    if (loader->worker)
        worker_cancel(loader->worker);
    loader->next = *retired;
    *retired = loader;
}

void loader_stop_all(struct loader **retired)
{
    while (*retired) {
        struct loader *loader = *retired;
        *retired = loader->next;
        loader_stop(loader);
    }
}

int loader_descriptor(const struct loader *loader)
{
    return loader->worker ? worker_descriptor(loader->worker) : -1;
}

enum linux_stage loader_part(const struct loader *loader)
{
    return (enum linux_stage)atomic_load(&loader->part);
}

struct linux_context *loader_wait(struct loader *loader)
{
    wait_for_end(loader);
    return &loader->linux;
}

struct linux_context *loader_result(struct loader *loader)
{
    return loader_part(loader) == LINUX_STAGES ? loader_wait(loader) : NULL;
}
