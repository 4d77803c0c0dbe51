/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/guest.h"

#include "arch/arch.h"
#include "linux/types/btf.h"
#include "session/session_private.h"

void session_facts(const struct session *session, struct guest_facts *facts)
{
    const struct kernel *kernel = &session->kernel;
    *facts = (struct guest_facts){
        .image = source_name(session->source),
        .ram_size = source_ram_size(session->source),
        .is_placed = source_is_placed(session->source),
        .release = kernel->release,
        .has_kaslr = kernel->has_kaslr,
        .has_text_va = kernel->has_text_va,
        .kaslr = kernel->kaslr,
        .text_va = kernel->text_va,
    };
    const struct segment *range = source_segments(session->source, &facts->segments);
    if (!facts->segments)
        return;
    const struct segment *last = &range[facts->segments - 1];
    facts->first_pa = range[0].pa;
    facts->last_pa = last->pa + last->size - 1;
}

bool session_has_bytes(const struct session *session, uint64_t pa, uint64_t size)
{
    uint64_t offset, left = 0;
    /* Several files may follow one another. */
    for (; source_pa_to_offset(session->source, pa, &offset, &left) && left > 0; pa += left) {
        if (left >= size)
            return true;
        size -= left;
    }
    return false;
}

const char *session_paging_name(size_t i)
{
    const struct paging *mode = arch_mode(i);
    return mode ? mode->name : NULL;
}

const struct paging *session_paging_named(const char *name)
{
    return arch_mode_named(name);
}

const char *session_root_name(const struct session *session, const struct space *space)
{
    const struct kernel *kernel = &session->kernel;
    bool is_found = kernel->found == KERNEL_BY_VMCOREINFO || kernel->found == KERNEL_BY_PGD_SCAN;
    if (!is_found || !space->paging || kernel->root_pa != space->roots.kernel_pa)
        return NULL;
    return arch_of(space->paging)->kernel_root;
}

bool session_knows(struct session *session, enum linux_stage part, struct error *why)
{
    const struct linux_context *linux = session_linux(session);
    if (!linux)
        return error_set(why, "no Linux kernel was found in this guest");
    if (linux_knows(linux, part))
        return true;
    *why = *linux_why(linux, part);
    return error_context(why, "%s: not known", linux_stage_name(part));
}

uint32_t session_type(struct session *session, const char *name)
{
    const struct linux_context *linux = session_linux(session);
    return linux && linux->btf ? btf_find(linux->btf, name, BTF_VOID) : 0;
}

bool session_parse_type(struct session *session, const char *text, uint32_t *type, uint64_t *offset,
                        const char **rest, struct error *err)
{
    struct btf_member what;
    struct linux_context *linux = session_need(session, LINUX_TYPES, err);
    if (!linux || !btf_parse(linux->btf, text, &what, rest, err))
        return false;
    *type = what.type;
    *offset = what.bit_offset / 8;
    return true;
}

uint64_t session_symbol_place(struct session *session, const char *name, uint64_t va)
{
    const struct linux_context *linux = session_linux(session);
    struct error ignored;
    if (linux && linux->percpu && percpu_holds(linux->percpu, name, va))
        percpu_address(linux->percpu, name, va, 0, &va, &ignored);
    return va;
}
