/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a guest, and the background work on it. */
#include "arch/arch.h"
#include "session/indexer.h"
#include "session/session_private.h"
#include "session/worker.h"

#include "base/clock.h"
#include "linux/find/ram_layout.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* v: is under these roots from now on: the kernel's, or with a user half by hand. */
static bool use_roots(struct session *session, const struct roots *roots)
{
    struct space wanted = {.kind = SPACE_VIRT,
                           .paging = session->kernel.paging,
                           .roots = {roots->kernel_pa, NO_ROOT},
                           .window = session->kernel.window};
    const struct space *space = spaces_get(session->spaces, &wanted);
    if (space && roots->user_pa != NO_ROOT) {
        wanted.kernel = space;
        wanted.roots = *roots;
        space = spaces_get(session->spaces, &wanted);
    }
    beside_drop(&session->indexer);
    if (space)
        memory_use(&session->memory, space);
    return space;
}

/* Takes over what the finder found; what the user gave by hand, then or since, stays. */
static void adopt(struct session *session, const struct kernel *found)
{
    const struct options *options = &session->options;
    struct roots roots = session->memory.space->roots;
    bool by_hand = session->kernel.found == KERNEL_BY_HAND;
    if (found->places)
        source_place(session->source, found->range, found->ranges);
    /* By hand the tables were named; the rest is the found kernel's where it has the same. */
    bool same = found->paging == session->kernel.paging && found->root_pa == roots.kernel_pa;
    if (!by_hand || same)
        session->kernel = *found;
    if (by_hand)
        session->kernel.found = KERNEL_BY_HAND;
    else if (options->has_root)
        session->kernel.root_pa = options->root_pa;
    if (!by_hand && session->kernel.found != KERNEL_UNKNOWN)
        roots.kernel_pa = session->kernel.root_pa;
    use_roots(session, &roots);
    session->indexed_ms = clock_ms();
    session->generation++;
}

/* The first usual place at which the root table by hand is in the image and not empty. */
static void place_by_hand(struct session *session)
{
    struct ram_layout layout;
    const struct paging *paging = session->kernel.paging;
    const struct options *options = &session->options;
    uint64_t root_pa = options->has_root ? options->root_pa : options->root_user_pa;
    for (size_t i = 0; ram_layout_known(&layout, session->memory.reader, arch_of(paging), i); i++) {
        struct table_source source = ram_layout_source(&layout);
        struct mapping_iterator listing;
        struct mapping run;
        unsigned budget = 4096;
        mapping_open(&listing, paging, &source, root_pa,
                     paging_half_first(paging, options->has_root),
                     paging_half_last(paging, options->has_root));
        if (mapping_next(&listing, &run, &budget) == MAPPING_FOUND && !listing.lost) {
            source_place(session->source, layout.range, layout.ranges);
            return;
        }
    }
}

/* A TTBR or CR3 as the CPU holds it has more in it than the address. */
static bool check_root(const char *option, bool given, uint64_t root_pa, struct error *err)
{
    if (!given || root_pa % 64 == 0)
        return true;
    return error_set(err,
                     "%s %llx: no table starts there; leave out what TTBR or CR3 hold beside the "
                     "address (ASID, CnP, PCID)",
                     option, (unsigned long long)root_pa);
}

static bool take_options(struct session *session, struct error *err)
{
    const struct options *options = &session->options;
    if (options->has_base && !source_place_base(session->source, options->base))
        return error_set(err, "--base %llx: the image would pass the end of physical memory",
                         (unsigned long long)options->base);
    if (!check_root("--root", options->has_root, options->root_pa, err) ||
        !check_root("--root-user", options->has_root_user, options->root_user_pa, err))
        return false;
    if (!options->paging)
        return true;
    session->kernel.paging = arch_mode_named(options->paging);
    if (!session->kernel.paging)
        return error_set(err, "--paging %s: no such mode; --help lists them", options->paging);
    if (!options->has_root && !options->has_root_user)
        return error_set(err, "--paging %s needs --root PA or --root-user PA beside it",
                         options->paging);
    session->kernel.found = KERNEL_BY_HAND;
    if (!source_is_placed(session->source))
        place_by_hand(session);
    return true;
}

static bool open(struct session *session, struct error *err)
{
    const struct options *options = &session->options;
    session->kernel.vmcoreinfo_offset = UINT64_MAX;
    if (!source_open(&session->source, options->image, err))
        return false;
    session->spaces = spaces_create();
    if (!session->spaces)
        error_set(err, "out of memory");
    if (!session->spaces || !memory_init(&session->memory, session->source, err) ||
        !take_options(session, err))
        return false;
    struct roots roots = {options->has_root ? options->root_pa : NO_ROOT,
                          options->has_root_user ? options->root_user_pa : NO_ROOT};
    if (options->has_root)
        session->kernel.root_pa = options->root_pa;
    use_roots(session, &roots);
    adopt(session, &session->kernel);
    session->seeker = seeker_start(session->source, err);
    return session->seeker;
}

struct session *session_open(const struct options *options, struct error *err)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session) {
        error_set(err, "out of memory");
        return NULL;
    }
    session->options = *options;
    session->refreshed_ms = clock_ms();
    session->here = address_file(0);
    if (open(session, err))
        return session;
    session_close(session);
    return NULL;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    beside_drop(&session->indexer);
    type_names_destroy(session->type_names);
    linux_deinit(&session->shared);
    loader_stop(session->loader);
    loader_stop_all(&session->retired);
    seeker_stop(session->seeker);
    if (session->memory.shared)
        memory_deinit(&session->memory);
    spaces_drop(session->spaces);
    source_drop(session->source);
    free(session);
}

bool session_end_workers(int within_ms)
{
    return workers_end(within_ms);
}

/* Loading begins when a kernel is known, and someone asks or has time. */
static bool start_loader(struct session *session, struct error *err)
{
    bool has_kernel = session->kernel.paging && session->memory.space->roots.kernel_pa != NO_ROOT;
    if (session->loader)
        return true;
    if (!has_kernel)
        return error_set(err, "no Linux kernel was found in this guest");
    session->loader =
        loader_start(session->source, session->spaces, session_kernel_space(session),
                     &session->kernel, session->info.text[0] ? &session->info : NULL, err);
    return session->loader != NULL;
}

static bool has_index(const struct session *session)
{
    return !memory_is_indexing(&session->memory) || memory_knows_names(&session->memory);
}

/* What was loaded is known from now on, and as old as now. */
static void announce(struct session *session)
{
    if (session->announced)
        return;
    session->announced = true;
    session->generation++;
    session->pages_ms = session->tasks_ms = session->structs_ms = clock_ms();
}

/* The kernel, once the seeker has ended. */
static void take_found(struct session *session)
{
    const struct finder *finder = seeker_wait(session->seeker);
    const struct vmcoreinfo *info = finder_vmcoreinfo(finder);
    struct kernel found = *finder_result(finder);
    if (info &&
        (session->kernel.found != KERNEL_BY_HAND || found.root_pa == session->kernel.root_pa))
        session->info = *info;
    seeker_stop(session->seeker);
    session->seeker = NULL;
    adopt(session, &found);
}

bool session_step(struct session *session)
{
    struct error ignored; /* who asks for something of it will hear */
    if (session->seeker && seeker_has_ended(session->seeker))
        take_found(session);
    if (!session->seeker && start_loader(session, &ignored) && session_linux(session))
        announce(session);
    return indexer_step(session);
}

void session_let_go(struct session *session)
{
    type_names_destroy(session->type_names);
    session->type_names = NULL;
    loader_stop_all(&session->retired);
}

struct linux_context *session_linux(struct session *session)
{
    if (session->shared.stages)
        return &session->shared;
    struct linux_context *linux = session->loader ? loader_result(session->loader) : NULL;
    if (linux && session->nonblocking)
        linux->memory->reader->nonblocking = true;
    if (linux)
        memory_spend(linux->memory, session->budget);
    return linux;
}

static bool not_yet(struct session *session, struct error *err)
{
    char doing[64];
    double done;
    session->wanted = true;
    if (!session_progress(session, doing, sizeof doing, &done))
        return error_set(err, "not known yet: the page tables are still being indexed");
    return error_set(err, "not known yet: %s, %d%% done", doing, (int)(100 * done));
}

bool session_await(struct session *session, bool index, struct error *err)
{
    if (!session->nonblocking)
        session_settle(session, index);
    else if (session->seeker || (index && !has_index(session)))
        return not_yet(session, err);
    return true;
}

bool session_ready(struct session *session, struct error *err)
{
    struct error ignored; /* who needs what cannot be loaded will hear */
    return (!session->seeker && has_index(session) &&
            (!start_loader(session, &ignored) || session_linux(session))) ||
           not_yet(session, err);
}

struct linux_context *session_need(struct session *session, enum linux_stage part,
                                   struct error *err)
{
    if (!session_await(session, false, err) || !start_loader(session, err))
        return NULL;
    struct linux_context *linux = session_linux(session);
    if (!linux && session->nonblocking) {
        not_yet(session, err);
        return NULL;
    }
    if (!linux)
        linux = loader_wait(session->loader);
    announce(session);
    return linux_need(linux, part, err) ? linux : NULL;
}

void session_settle(struct session *session, bool index)
{
    struct error ignored; /* who asks for something of it will hear */
    if (session->seeker)
        take_found(session);
    if (!index)
        return;
    start_loader(session, &ignored);
    if (!has_index(session))
        indexer_build_names(session);
}

bool session_is_finding(const struct session *session)
{
    return session->seeker;
}

void session_descriptors(const struct session *session, int descriptor[SESSION_WORKERS])
{
    descriptor[0] = session->loader ? loader_descriptor(session->loader) : -1;
    if (session->seeker)
        descriptor[0] = seeker_descriptor(session->seeker);
    descriptor[1] = beside_descriptor(session->indexer);
}

uint64_t session_generation(const struct session *session)
{
    return session->generation;
}

void session_set_nonblocking(struct session *session)
{
    session->nonblocking = session->memory.reader->nonblocking = true;
}

#define TURN_STEPS_MIN UINT64_C(10000) /* also where they take longer: a sound guest's frame */
#define TURN_STEPS_MAX (UINT64_C(1) << 40)

void session_begin_turn(struct session *session)
{
    session->patient_until_ms = clock_ms() + SESSION_PATIENCE_MS;
    budget_init(&session->turn, TURN_STEPS_MAX, BUDGET_ENDLESS, NULL);
    budget_limit_time(&session->turn, SESSION_READING_MS, TURN_STEPS_MIN);
    session_spend(session, &session->turn);
    session->has_turns = true;
}

bool session_turn_is_over(struct session *session)
{
    return session->has_turns && budget_has_ended(&session->turn);
}

int session_patience(const struct session *session)
{
    int64_t left = session->patient_until_ms - clock_ms();
    if (!session->nonblocking)
        return INT_MAX;
    return left > 0 ? (int)left : 0;
}

bool session_take_wanted(struct session *session)
{
    bool wanted = session->wanted;
    session->wanted = false;
    return wanted;
}

bool session_progress(const struct session *session, char *text, size_t size, double *done)
{
    if (!session->seeker && session->loader && loader_part(session->loader) < LINUX_STAGES) {
        enum linux_stage part = loader_part(session->loader);
        snprintf(text, size, "loading %s", linux_stage_name(part));
        *done = (double)part / LINUX_STAGES;
        return true;
    }
    if (!session->seeker)
        return false;
    *done = seeker_progress(session->seeker);
    snprintf(text, size, *done < 1 ? "searching for the kernel" : "validating page tables");
    return true;
}

bool session_set_paging(struct session *session, const struct paging *paging, uint64_t root_pa,
                        uint64_t root_user_pa, struct error *err)
{
    struct roots roots = {root_pa, root_user_pa};
    if (!paging && !session->memory.paging)
        return error_set(err, "no paging mode is known yet; name one: paging NAME ROOT");
    if (paging && paging != session->memory.paging) {
        session->kernel.found = KERNEL_BY_HAND;
        session->kernel.paging = paging;
        seeker_stop(session->seeker);
        session->seeker = NULL;
    }
    /* What was loaded belongs to the kernel that the tables had led to. */
    if (session->kernel.root_pa != root_pa || (paging && paging != session->memory.paging)) {
        loader_retire(&session->retired, session->loader);
        session->loader = NULL;
        session->announced = false;
        session->kernel.window.size = 0;
    }
    session->kernel.root_pa = root_pa;
    if (!use_roots(session, &roots))
        return error_set(err, "out of memory: there are too many spaces");
    session->generation++;
    return true;
}
