/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread and its owner each hold the record; the last to let go frees it. */
#include "session/worker.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct worker {
    void (*run)(void *context, struct worker *worker);
    void (*destroy)(void *context);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t end;
    bool ended; /* under the lock */
    atomic_bool cancelled;
    atomic_uint holders;
    int event;
    struct worker *previous, *next; /* among those at work */
};

/* Those whose thread has not come to its end. */
static struct {
    pthread_mutex_t lock;
    struct worker *first;
} at_work = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void enlist(struct worker *worker)
{
    pthread_mutex_lock(&at_work.lock);
    worker->next = at_work.first;
    if (worker->next)
        worker->next->previous = worker;
    at_work.first = worker;
    pthread_mutex_unlock(&at_work.lock);
}

static void delist(struct worker *worker)
{
    pthread_mutex_lock(&at_work.lock);
    if (worker->next)
        worker->next->previous = worker->previous;
    if (worker->previous)
        worker->previous->next = worker->next;
    else
        at_work.first = worker->next;
    pthread_mutex_unlock(&at_work.lock);
}

static void free_worker(struct worker *worker)
{
    if (worker->event >= 0)
        close(worker->event);
    pthread_cond_destroy(&worker->end);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

static void let_go(struct worker *worker)
{
    if (atomic_fetch_sub(&worker->holders, 1) > 1)
        return;
    if (worker->destroy)
        worker->destroy(worker->context);
    free_worker(worker);
}

static void *thread(void *context)
{
    struct worker *worker = context;
    worker->run(worker->context, worker);
    pthread_mutex_lock(&worker->lock);
    worker->ended = true;
    pthread_cond_broadcast(&worker->end);
    pthread_mutex_unlock(&worker->lock);
    worker_wake(worker);
    delist(worker);
    let_go(worker);
    return NULL;
}

/* Signals that ask something of the program are the first thread's; those of a fault cannot wait.
 */
static void block_signals(sigset_t *before)
{
    static const int faults[] = {SIGBUS, SIGSEGV, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    sigset_t most;
    sigfillset(&most);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&most, faults[i]);
    pthread_sigmask(SIG_SETMASK, &most, before);
}

static int start_thread(struct worker *worker)
{
    pthread_t id;
    sigset_t before;
    block_signals(&before);
    enlist(worker);
    int failed = pthread_create(&id, NULL, thread, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        delist(worker);
    else
        pthread_detach(id);
    return failed;
}

struct worker *worker_start(void (*run)(void *context, struct worker *worker),
                            void (*destroy)(void *context), void *context, struct error *err)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        error_set(err, "out of memory");
        return NULL;
    }
    worker->run = run;
    worker->destroy = destroy;
    worker->context = context;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->end, NULL);
    atomic_init(&worker->holders, 2);
    worker->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker->event >= 0 && start_thread(worker) == 0)
        return worker;
    error_set(err, "no thread can be started: too many descriptors or processes are in use");
    free_worker(worker);
    return NULL;
}

void worker_drop(struct worker *worker)
{
    if (!worker)
        return;
    worker_cancel(worker);
    let_go(worker);
}

void worker_cancel(struct worker *worker)
{
    atomic_store(&worker->cancelled, true);
}

void worker_wait(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->ended)
        pthread_cond_wait(&worker->end, &worker->lock);
    pthread_mutex_unlock(&worker->lock);
}

bool worker_has_ended(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    bool ended = worker->ended;
    pthread_mutex_unlock(&worker->lock);
    return ended;
}

/* True: none is at work. */
static bool cancel_all(void)
{
    pthread_mutex_lock(&at_work.lock);
    bool none = !at_work.first;
    for (struct worker *worker = at_work.first; worker; worker = worker->next)
        worker_cancel(worker);
    pthread_mutex_unlock(&at_work.lock);
    return none;
}

bool workers_end(int within_ms)
{
    for (int64_t until = clock_ms() + within_ms; !cancel_all();) {
        if (clock_ms() >= until)
            return false;
        poll(NULL, 0, 1);
    }
    return true;
}

int worker_descriptor(const struct worker *worker)
{
    return worker->event;
}

void worker_calm(struct worker *worker)
{
    uint64_t count;
    while (read(worker->event, &count, sizeof count) == sizeof count)
        ;
}

const atomic_bool *worker_cancelled(const struct worker *worker)
{
    return &worker->cancelled;
}

void worker_wake(struct worker *worker)
{
    const uint64_t one = 1;
    /* Full means that it is readable already. */
    while (write(worker->event, &one, sizeof one) < 0 && errno == EINTR)
        ;
}
