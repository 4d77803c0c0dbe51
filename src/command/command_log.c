/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `dmesg` and `regions`: the kernel's log, and its address space by name. */
#include "base/text.h"
#include "command/commands.h"
#include "guest/printk.h"

#include <inttypes.h>
#include <string.h>

/* A record of several lines is printed as several, each with the time, as dmesg does. */
static bool print_lines(struct output *output, const struct printk_record *record)
{
    const char *line = record->text;
    do {
        size_t length = strcspn(line, "\n");
        if (!output_text(output, "[%5" PRIu64 ".%06" PRIu64 "] %.*s", record->time_ns / 1000000000,
                         record->time_ns % 1000000000 / 1000, (int)length, line))
            return false;
        line += length + (line[length] == '\n');
    } while (*line);
    return true;
}

static bool print_log(void *context, const struct printk_record *log)
{
    struct output *output = context;
    if (!output->json)
        return print_lines(output, log);
    struct record *record = record_new();
    record_number(record, "seq", (int64_t)log->seq);
    record_number(record, "time_ns", (int64_t)log->time_ns);
    record_number(record, "level", log->level);
    record_text(record, "text", log->text);
    return output_record(output, record);
}

bool command_dmesg(struct session *session, const char *arguments, struct output *output,
                   struct error *err)
{
    struct guest *guest = session_need(session, GUEST_IMAGE, err);
    if (!guest)
        return false;
    if (*arguments)
        return error_at(err, 0, "dmesg takes no argument");
    uint64_t lost;
    if (!printk_each(guest->memory, guest->btf, guest->symbols, guest->info, print_log, output,
                     &lost, err))
        return false;
    if (lost)
        output_note(output, "%" PRIu64 " records of the log cannot be read: no memory is there",
                    lost);
    return true;
}

bool command_regions(struct session *session, const char *arguments, struct output *output,
                     struct error *err)
{
    struct guest *guest = session_need(session, GUEST_REGIONS, err);
    if (!guest)
        return false;
    if (*arguments)
        return error_at(err, 0, "regions takes no argument");
    for (size_t i = 0; i < guest->regions.count; i++) {
        const struct region *region = &guest->regions.region[i];
        char line[256];
        struct text text = TEXT_OVER(line);
        struct record *record = record_new();
        record_text(record, "name", region->name);
        record_hex(record, "start", region->start);
        /* As in /proc/PID/maps the end is excluded; only the very last byte cannot be passed. */
        record_hex(record, "end", region->last == UINT64_MAX ? UINT64_MAX : region->last + 1);
        record_number(record, "depth", region->depth);
        if (!output_record(output, record))
            break;
        text_add(&text, "%016" PRIx64 "-%016" PRIx64 " %*s%s  ", region->start, region->last,
                 (int)region->depth * 2, "", region->name);
        text_add_size(&text, region->last - region->start + 1);
        output_text(output, "%s", line);
    }
    if (guest->regions.why.text[0])
        output_note(output, "%s", guest->regions.why.text);
    return true;
}
