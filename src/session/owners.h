/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an address means in a word or two: symbol, text, what the page is and whose, region.  What a
 * page is takes work to find out, which goes on beside (session/known_pages.h): "…" stands for it
 * until it is known, and it is remembered until the guest is looked at again.
 */
#ifndef RAMWALK_SESSION_OWNERS_H
#define RAMWALK_SESSION_OWNERS_H

#include "base/text.h"
#include "session/session.h"

struct owners;

struct owners *owners_create(struct session *session); /* NULL: out of memory */
void owners_destroy(struct owners *owners);

/* The guest may have changed: what is known stands until it is found out anew. */
void owners_forget(struct owners *owners);

/* It is another guest, or another kernel. */
void owners_clear(struct owners *owners);

/* A frame begins; what it asks for is asked for until the next one. */
void owners_begin_frame(struct owners *owners);

/* Takes over what was found out.  True: there was some, and a frame would show it. */
bool owners_step(struct owners *owners);

/* For poll(): there is some.  -1: nothing is being found out. */
int owners_descriptor(const struct owners *owners);

/* The object of a slab that a physical address lies in: the struct that it is, and where it starts.
 * NULL: none, or not known. */
const char *owners_object(struct owners *owners, uint64_t pa, struct address *start);

/*
 * A pointer's meaning: "init_task+0x10", "\"swapper/0\"", "slab task_struct", "vmalloc"; "" where
 * nothing is known.  Returns text.  A symbolizer (linux/types/view.h) with owners as context, for
 * the kernel's addresses.
 */
char *owners_name(void *owners, uint64_t va, char *text, size_t size);

/* The same for an address of any virtual space. */
char *owners_name_in(struct owners *owners, struct address address, char *text, size_t size);

/* The symbol alone, "init_task+0x10", of an address not too far after it.  False: none. */
bool owners_symbol(struct owners *owners, uint64_t va, char *text, size_t size);

/*
 * Where an address lies: "init_task+0x10, kernel-image data", "slab filp, object 4 v:ADDR+0x8
 * allocated".
 */
void owners_describe(struct owners *owners, struct address address, struct text *text);

#endif
