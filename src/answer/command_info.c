/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `info`: the guest's facts, and what is not known of it. */
#include "answer/commands.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

static void print_ranges(const struct session *session, struct output *output)
{
    size_t count;
    const struct segment *range = source_segments(session->source, &count);
    for (size_t i = 0; i < count; i++) {
        char line[128];
        struct text text = TEXT_OVER(line);
        text_add(&text, "ram       p:%" PRIx64 "-%" PRIx64 "  f:%" PRIx64 "  ", range[i].pa,
                 range[i].pa + range[i].size - 1, range[i].offset);
        text_add_size(&text, range[i].size);
        output_text(output, "%s%s", line,
                    source_is_placed(session->source) ? "" : "  (base not known: --base PA)");
    }
}

static void print_info(const struct session *session, struct output *output)
{
    const struct kernel *kernel = &session->kernel;
    const struct paging *paging = session->memory.paging;
    const struct roots *roots = &session->memory.space->roots;
    output_text(output, "image     %s", source_name(session->source));
    print_ranges(session, output);
    output_text(output, "found by  %s", kernel_found_name(kernel->found));
    output_text(output, "paging    %s", paging ? paging->name : "unknown: --paging NAME --root PA");
    if (roots->kernel_pa != NO_ROOT)
        output_text(output, "root      p:%" PRIx64, roots->kernel_pa);
    if (roots->user_pa != NO_ROOT)
        output_text(output, "user root p:%" PRIx64, roots->user_pa);
    if (kernel->has_text_va)
        output_text(output, "kernel    v:%" PRIx64, kernel->text_va);
    if (kernel->has_kaslr)
        output_text(output, "kaslr     0x%" PRIx64, kernel->kaslr);
    if (kernel->release[0])
        output_text(output, "version   %s", kernel->release);
}

/* How much of each part is known; -1: not known, and *why says why. */
static int64_t part_count(struct session *session, enum linux_stage part, struct error *why)
{
    struct linux_context *linux = session_need(session, part, why);
    if (!linux)
        return -1;
    switch (part) {
    case LINUX_SYMBOLS:
        return (int64_t)(symbols_count(linux->symbols) - linux->found_symbols);
    case LINUX_TYPES:
        return (int64_t)btf_count(linux->btf) - 1; /* void is none */
    case LINUX_TASKS: {
        const struct tasks *tasks = session_tasks(session, why);
        return tasks ? (int64_t)tasks->count : -1;
    }
    default:
        return 0;
    }
}

static const struct {
    const char *name;
    enum linux_stage part;
} counted[] = {{"symbols", LINUX_SYMBOLS}, {"types", LINUX_TYPES}, {"tasks", LINUX_TASKS}};
#define COUNTED (sizeof counted / sizeof *counted)

static void print_parts(struct session *session, struct output *output)
{
    struct error why;
    for (size_t i = 0; i < COUNTED; i++) {
        int64_t count = part_count(session, counted[i].part, &why);
        if (count >= 0)
            output_text(output, "%-9s %" PRId64, counted[i].name, count);
        else
            output_text(output, "%-9s %s", counted[i].name, why.text);
    }
}

/* What the counts leave out. */
static void note_missing(struct session *session, struct output *output)
{
    struct error ignored;
    const struct linux_context *linux = session_need(session, LINUX_IMAGE, &ignored);
    if (linux && linux->btf_modules->bad)
        output_note(output, "types of %zu modules are missing: %s", linux->btf_modules->bad,
                    linux->btf_modules->why.text);
    if (linux && linux->tasks && linux->tasks->cut)
        output_note(output, "there may be more tasks: %s", linux->tasks->why.text);
}

/* What is not known is null, and "unknown" says why. */
static void record_parts(struct session *session, struct record *record)
{
    record_array(record, "unknown");
    for (size_t i = 0; i < COUNTED; i++) {
        struct error why;
        int64_t count = part_count(session, counted[i].part, &why);
        if (count >= 0) {
            record_number(record, counted[i].name, count);
            continue;
        }
        struct record *unknown = record_new();
        record_null(record, counted[i].name);
        record_text(unknown, "name", counted[i].name);
        record_text(unknown, "why", why.text);
        record_append(record, "unknown", unknown);
    }
}

static struct record *record_info(const struct session *session)
{
    const struct kernel *kernel = &session->kernel;
    const struct paging *paging = session->memory.paging;
    const struct roots *roots = &session->memory.space->roots;
    struct record *record = record_new();
    size_t count;
    const struct segment *range = source_segments(session->source, &count);
    record_text(record, "image", source_name(session->source));
    record_hex_or_null(record, "base", source_is_placed(session->source), range[0].pa);
    record_hex(record, "size", source_size(session->source));
    record_text(record, "paging", paging ? paging->name : NULL);
    record_hex_or_null(record, "root", roots->kernel_pa != NO_ROOT, roots->kernel_pa);
    record_hex_or_null(record, "root_user", roots->user_pa != NO_ROOT, roots->user_pa);
    record_hex_or_null(record, "kernel", kernel->has_text_va, kernel->text_va);
    record_hex_or_null(record, "kaslr", kernel->has_kaslr, kernel->kaslr);
    record_text(record, "version", kernel->release[0] ? kernel->release : NULL);
    record_text(record, "found", kernel_found_name(kernel->found));
    record_hex_or_null(record, "vmcoreinfo", kernel->vmcoreinfo_offset != UINT64_MAX,
                       kernel->vmcoreinfo_offset);
    if (paging) {
        record_number(record, "va_bits", paging->va_bits);
        record_number(record, "page_size", INT64_C(1) << paging->page_shift);
    }
    for (size_t i = 0; i < count; i++) {
        struct record *ram = record_new();
        record_hex(ram, "phys", range[i].pa);
        record_hex(ram, "file", range[i].offset);
        record_hex(ram, "size", range[i].size);
        record_append(record, "ram", ram);
    }
    return record;
}

bool command_info(struct session *session, const char *arguments, struct output *output,
                  struct error *err)
{
    if (*arguments)
        return error_at(err, 0, "info takes no argument");
    if (output->json) {
        struct record *record = record_info(session);
        record_parts(session, record);
        output_record(output, record);
    } else {
        print_info(session, output);
        print_parts(session, output);
    }
    note_missing(session, output);
    if (session->kernel.window.size)
        output_note(output, "the tables lead outside of the file: of v: only the kernel image is "
                            "known");
    return true;
}
