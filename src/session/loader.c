/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread hands over by one atomic: until it says so, only the thread touches the guest. */
#include "session/loader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct loader {
    struct source *source;
    struct memory memory;
    struct kernel kernel;
    struct vmcoreinfo info;
    struct linux_context linux;
    pthread_t thread;
    bool running;        /* to be joined */
    struct loader *next; /* among the retired */
    atomic_int part;
    atomic_bool cancel;
};

static void *load(void *context)
{
    struct loader *loader = context;
    bool done = false;
    while (!done && !atomic_load(&loader->cancel)) {
        done = linux_step(&loader->linux);
        if (done) /* its tables were read once; the interface has its own */
            source_trim(loader->source);
        atomic_store(&loader->part, (int)linux_next(&loader->linux));
    }
    return NULL;
}

struct loader *loader_start(struct source *source, const struct space *space,
                            const struct kernel *kernel, const struct vmcoreinfo *info,
                            struct error *err)
{
    struct loader *loader = calloc(1, sizeof *loader);
    if (!loader) {
        error_set(err, "out of memory");
        return NULL;
    }
    loader->kernel = *kernel;
    if (info)
        loader->info = *info;
    loader->source = source_hold(source);
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
    loader->running = pthread_create(&loader->thread, NULL, load, loader) == 0;
    if (!loader->running) /* then here and now */
        load(loader);
    return loader;
}

void loader_stop(struct loader *loader)
{
    if (!loader)
        return;
    atomic_store(&loader->cancel, true);
    if (loader->running)
        pthread_join(loader->thread, NULL);
    linux_deinit(&loader->linux);
    if (loader->memory.shared)
        memory_deinit(&loader->memory);
    source_drop(loader->source);
    free(loader);
}

void loader_retire(struct loader **retired, struct loader *loader)
{
    if (!loader)
        return;
    atomic_store(&loader->cancel, true);
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

enum linux_stage loader_part(const struct loader *loader)
{
    return (enum linux_stage)atomic_load(&loader->part);
}

struct linux_context *loader_wait(struct loader *loader)
{
    if (loader->running)
        pthread_join(loader->thread, NULL);
    loader->running = false;
    return &loader->linux;
}

struct linux_context *loader_result(struct loader *loader)
{
    return loader_part(loader) == LINUX_STAGES ? loader_wait(loader) : NULL;
}
