/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `dmesg`: the kernel's log, in lines as those of dmesg(1). */
#include "answer/subjects.h"
#include "linux/log/printk.h"
#include "session/handles.h"

#include <inttypes.h>

enum { SEQ, TIME, LEVEL, TEXT, NAMED, COLUMNS };

static const struct column columns[COLUMNS] = {
    [SEQ] = {"seq", "SEQ", "number of the record", VALUE_NUMBER, COLUMN_NO_TEXT | COLUMN_RIGHT, 7},
    [TIME] = {"time_ns", "TIME", "since boot", VALUE_TIME, COLUMN_RIGHT, 12, 2, .gap = "[",
              .after = "]"},
    [LEVEL] = {"level", "L", "0 emergency to 7 debug", VALUE_NUMBER, COLUMN_WIDE, 1, 1},
    [TEXT] = {"text", "TEXT", "what was logged", VALUE_TEXT},
    [NAMED] = {"named", "NAMED", "the first number in it that may be an address", VALUE_ADDRESS,
               COLUMN_NO_TEXT | COLUMN_NO_JSON},
};
static const struct shape shape = SHAPE(columns);

static bool give_record(void *context, const struct printk_record *record)
{
    struct query *query = context;
    struct value *row = query_row(query);
    row[SEQ] = value_of_type(VALUE_NUMBER, record->seq);
    row[TIME] = value_of_type(VALUE_TIME, record->time_ns);
    row[LEVEL] = value_number(record->level);
    row[TEXT] = value_text(record->text);
    uint64_t va = 0;
    bool names = find_address(record->text, &va);
    row[NAMED] = value_if(names, value_virt(session_kernel_space(query->session), va));
    return query_emit(query);
}

static bool rows(struct query *query, struct error *err)
{
    struct linux_context *linux = session_need(query->session, LINUX_IMAGE, err);
    uint64_t lost;
    if (!linux)
        return false;
    if (*query->arguments)
        return error_at(err, 0, "dmesg takes no argument");
    if (!printk_each(linux, give_record, query, &lost, err))
        return false;
    if (lost)
        query_note(query, "%" PRIu64 " records of the log cannot be read: no memory is there",
                   lost);
    return true;
}

static const struct subject subject = {.shape = &shape, .bare = true, .rows = rows};

const struct command command_dmesg = {
    .name = "dmesg",
    .arguments = "",
    .brief = "the kernel's log",
    .subject = &subject,
};
