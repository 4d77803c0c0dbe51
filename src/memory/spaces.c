/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chain of spaces, the newest first: there are as many as processes were looked at. */
#include "memory/spaces.h"

#include <pthread.h>
#include <stdlib.h>

struct space_link {
    struct space space;
    struct space_link *next;
};

struct spaces {
    pthread_mutex_t lock;
    unsigned holders;
    struct space_link *first;
    size_t count;
};

struct spaces *spaces_create(void)
{
    struct spaces *spaces = calloc(1, sizeof *spaces);
    if (!spaces)
        return NULL;
    pthread_mutex_init(&spaces->lock, NULL);
    spaces->holders = 1;
    return spaces;
}

struct spaces *spaces_hold(struct spaces *spaces)
{
    pthread_mutex_lock(&spaces->lock);
    spaces->holders++;
    pthread_mutex_unlock(&spaces->lock);
    return spaces;
}

static void destroy(struct spaces *spaces)
{
    while (spaces->first) {
        struct space_link *entry = spaces->first;
        spaces->first = entry->next;
        free(entry);
    }
    pthread_mutex_destroy(&spaces->lock);
    free(spaces);
}

void spaces_drop(struct spaces *spaces)
{
    if (!spaces)
        return;
    pthread_mutex_lock(&spaces->lock);
    bool is_last = --spaces->holders == 0;
    pthread_mutex_unlock(&spaces->lock);
    if (is_last)
        destroy(spaces);
}

static bool is_same_process(const struct space_process *a, const struct space_process *b)
{
    return a->pid == b->pid && a->tgid == b->tgid && a->task_va == b->task_va &&
           a->mm_va == b->mm_va && a->pgd_pa == b->pgd_pa;
}

static bool is_same(const struct space *a, const struct space *b)
{
    return a->kind == b->kind && a->paging == b->paging && a->kernel == b->kernel &&
           a->roots.kernel_pa == b->roots.kernel_pa && a->roots.user_pa == b->roots.user_pa &&
           a->window.va == b->window.va && a->window.size == b->window.size &&
           a->window.delta == b->window.delta && is_same_process(&a->process, &b->process);
}

static const struct space *find(const struct spaces *spaces, const struct space *wanted)
{
    for (const struct space_link *entry = spaces->first; entry; entry = entry->next)
        if (is_same(&entry->space, wanted))
            return &entry->space;
    return NULL;
}

static const struct space *add(struct spaces *spaces, const struct space *wanted)
{
    struct space_link *entry = spaces->count < SPACES_MAX ? malloc(sizeof *entry) : NULL;
    if (!entry)
        return NULL;
    *entry = (struct space_link){*wanted, spaces->first};
    spaces->first = entry;
    spaces->count++;
    return &entry->space;
}

const struct space *spaces_get(struct spaces *spaces, const struct space *wanted)
{
    pthread_mutex_lock(&spaces->lock);
    const struct space *space = find(spaces, wanted);
    if (!space)
        space = add(spaces, wanted);
    pthread_mutex_unlock(&spaces->lock);
    return space;
}
