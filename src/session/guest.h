/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the guest as a whole, as values: for titles, messages, and links to types. */
#ifndef RAMWALK_SESSION_GUEST_H
#define RAMWALK_SESSION_GUEST_H

#include "linux/stage.h"
#include "session/session.h"

/* The texts are the session's. */
struct guest_facts {
    const char *image; /* as it was named */
    uint64_t ram_size; /* bytes */
    bool is_placed;    /* where RAM lies in physical space is known */
    size_t segments;   /* of RAM */
    uint64_t first_pa, last_pa;
    const char *release; /* of Linux, "6.1.0-50-arm64"; "": not known */
    bool has_kaslr, has_text_va;
    uint64_t kaslr;   /* bytes by which the kernel image was moved in virtual space */
    uint64_t text_va; /* where the kernel image starts */
};
void session_facts(const struct session *session, struct guest_facts *facts);

/* Are all of the bytes at a physical address in the image? */
bool session_has_bytes(const struct session *session, uint64_t pa, uint64_t size);

/* The names of the paging modes; NULL after the last. */
const char *session_paging_name(size_t i);

/* NULL where no mode has that name. */
const struct paging *session_paging_named(const char *name);

/* What Linux calls the kernel's root table of a space; NULL: it was named by hand, or there is
 * none.
 */
const char *session_root_name(const struct session *session, const struct space *space);

/* Is that part of the guest's Linux known?  Answers at once; false with the reason. */
bool session_knows(struct session *session, enum linux_stage part, struct error *why);

/*
 * A type by its name; 0: none.  Types are numbers, which mean something until the guest's parts are
 * others (session_generation()).
 */
uint32_t session_type(struct session *session, const char *name);

/*
 * "task_struct.se v:ADDR": the type at the start of a text, where in the struct that is named it
 * lies (bytes), and what follows it.  Waits for the types as session_need().
 */
bool session_parse_type(struct session *session, const char *text, uint32_t *type, uint64_t *offset,
                        const char **rest, struct error *err);

/* Where a symbol's bytes are: of a per-CPU variable, whose own address is nobody's, CPU 0's copy.
 */
uint64_t session_symbol_place(struct session *session, const char *name, uint64_t va);

#endif
