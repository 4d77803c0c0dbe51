/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of an answer, with its type: what a cell of a table holds.  Text, JSON, sorting and
 * terms are made from it, never the reverse.
 *
 * A value borrows its bytes and lists; whoever keeps a row longer than the call that gives it
 * copies them (answer/rows.h).
 */
#ifndef RAMWALK_ANSWER_VALUE_H
#define RAMWALK_ANSWER_VALUE_H

#include "base/text.h"
#include "memory/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum value_type {
    VALUE_NULL,   /* not known, or there is none; `text` may say why */
    VALUE_ABSENT, /* the same, and JSON has not even its key */
    VALUE_TEXT,   /* bytes, as they lie in memory */
    VALUE_NUMBER, /* a count, an id: decimal */
    VALUE_HEX,    /* flags, entries, offsets: hexadecimal */
    VALUE_SIZE,   /* bytes */
    VALUE_ADDRESS,
    VALUE_BOOL,
    VALUE_ENUM,       /* one of a known set of names */
    VALUE_PERMISSION, /* "rw-k", "r-xp": a letter or '-' at each place */
    VALUE_FLAGS,      /* words with blanks between them */
    VALUE_TIME,       /* nanoseconds */
    VALUE_REAL,
    VALUE_ARRAY,  /* values one after the other, without names */
    VALUE_LIST,   /* rows of a nested table */
    VALUE_OBJECT, /* one such row */
    VALUE_ANY,    /* of a column only: each value has its own type */
    VALUE_TYPES
};

struct list; /* answer/table.h */

struct value {
    enum value_type type;
    bool is_signed; /* NUMBER: `bits` is an int64_t */
    union {
        uint64_t bits; /* NUMBER, HEX, SIZE, BOOL, TIME */
        double real;
        struct address address;
        struct {
            const char *bytes; /* TEXT, ENUM, PERMISSION, FLAGS; NULL: the reason, or NULL */
            size_t length;
        } text;
        struct {
            const struct value *item;
            size_t count;
        } array;
        const struct list *list; /* LIST, OBJECT */
    };
};

static inline struct value value_of_type(enum value_type type, uint64_t bits)
{
    return (struct value){.type = type, .bits = bits};
}

static inline struct value value_absent(void)
{
    return (struct value){.type = VALUE_ABSENT};
}

static inline struct value value_bytes(enum value_type type, const char *bytes, size_t length)
{
    return (struct value){.type = type, .text = {bytes, length}};
}

/* A string as a value of one of the types that are text; NULL: no value. */
static inline struct value value_word(enum value_type type, const char *text)
{
    return text ? value_bytes(type, text, strlen(text)) : (struct value){.type = VALUE_NULL};
}

static inline struct value value_text(const char *text)
{
    return value_word(VALUE_TEXT, text);
}

/* No value, for this reason. */
static inline struct value value_unknown(const char *why)
{
    return value_bytes(VALUE_NULL, why, strlen(why));
}

static inline struct value value_number(int64_t number)
{
    return (struct value){.type = VALUE_NUMBER, .is_signed = true, .bits = (uint64_t)number};
}

static inline struct value value_bool(bool yes)
{
    return value_of_type(VALUE_BOOL, yes);
}

static inline struct value value_address(struct address address)
{
    return (struct value){.type = VALUE_ADDRESS, .address = address};
}

static inline struct value value_list(const struct list *list)
{
    return (struct value){.type = VALUE_LIST, .list = list};
}

static inline struct value value_array(const struct value *item, size_t count)
{
    return (struct value){.type = VALUE_ARRAY, .array = {item, count}};
}

static inline struct value value_virt(const struct space *space, uint64_t va)
{
    return value_address(address_in(space, va));
}

static inline struct value value_phys(uint64_t pa)
{
    return value_address(address_phys(pa));
}

/* The value where `known`; else none. */
static inline struct value value_if(bool known, struct value value)
{
    return known ? value : (struct value){.type = VALUE_NULL};
}

static inline bool value_is_known(const struct value *value)
{
    return value->type > VALUE_ABSENT;
}

static inline bool value_is_text(const struct value *value)
{
    return value->type == VALUE_TEXT || value->type == VALUE_ENUM ||
           value->type == VALUE_PERMISSION || value->type == VALUE_FLAGS;
}

/* "text", "number", "hex", ... */
const char *value_type_name(enum value_type type);

/*
 * Below 0, 0, above 0, as strcmp(): numbers by size, text by bytes, no before yes, lists by their
 * length.  What is not known comes after all that is.
 */
int value_order(const struct value *a, const struct value *b);

/*
 * The same order in numbers: by class, then by key.  A text's key is of its VALUE_RANK_BYTES bytes
 * from `depth` on, and of whether there are more, which decide where keys are equal; other values
 * of one rank are equal, and have no depth.
 */
struct value_rank {
    uint64_t key;
    unsigned char class; /* below VALUE_RANK_UNKNOWN, or that */
};
#define VALUE_RANK_BYTES   7
#define VALUE_RANK_UNKNOWN 0x80
struct value_rank value_rank(const struct value *value, size_t depth);

/*
 * Adds the value for people: "4K", "v:ffff...", "0x3f", "yes", "{1, 2}"; nothing where it is not
 * known.  `digits`: zeros before a hexadecimal number up to so many; `bare`: without "0x", "v:".
 */
void value_add(const struct value *value, unsigned digits, bool bare, struct text *text);

#endif
