/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record that a session is, for the files of this folder and for tests that look inside. */
#ifndef RAMWALK_SESSION_SESSION_PRIVATE_H
#define RAMWALK_SESSION_SESSION_PRIVATE_H

#include "memory/spaces.h"
#include "session/beside.h"
#include "session/handles.h"
#include "session/loader.h"
#include "session/seeker.h"
#include "session/type_names.h"

#define SESSION_VARIABLES 64
struct variable {
    char name[32];
    bool has_space;
    struct address value; /* space only where has_space */
};

struct mark {
    bool set;
    struct address address;
};

struct session {
    struct source *source;
    struct spaces *spaces; /* of this guest */
    struct memory memory;
    struct budget *budget; /* of the operation that is under way; NULL: none */
    struct kernel kernel;
    struct seeker *seeker;  /* NULL once what it found was taken over */
    struct vmcoreinfo info; /* of the kernel found; "" none */
    struct loader *loader;  /* NULL: not started, or no Linux */
    struct linux_context
        shared; /* of a clone: its own handle of what the loader has; stages NULL: none */
    struct beside *indexer;        /* session/indexer.c; NULL: none at work */
    struct loader *retired;        /* of kernels that were left; somebody may still look at them */
    bool announced;                /* generation has grown for what was loaded */
    struct type_names *type_names; /* for completion; NULL: not made yet */
    struct options options;
    struct mark mark[26]; /* 'a ... 'z */
    struct variable variable[SESSION_VARIABLES];
    size_t variables;
    struct address here; /* $here: where the user is */
    /* When (session/refresh.c): the image was looked at again, struct pages were forgotten, the
     * reverse index and that of who maps what were begun, the tasks were read; milliseconds. */
    int64_t refreshed_ms, structs_ms, indexed_ms, pages_ms, tasks_ms;
    uint64_t generation; /* grows when kernel, paging, place or the guest's parts became known */
    int64_t patient_until_ms; /* in this turn */
    struct budget turn;       /* what reading in it may take */
    bool has_turns;
    bool nonblocking; /* what would have to be waited for fails, and is noted as wanted */
    bool wanted;
};

/* The list of tasks is read anew. */
void session_read_tasks(struct session *session, struct linux_context *linux);

#endif
