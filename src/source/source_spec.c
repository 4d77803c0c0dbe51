/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name is whatever exists; only what follows it is read as suffixes. */
#include "source/source_spec.h"

#include "base/text.h"
#include "source/source_type.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#define NUMBER 24 /* bytes: "0x", 16 digits, a unit, and room to be wrong */

static bool exists(const char *name, size_t length)
{
    char path[PATH_MAX];
    if (length == 0 || length >= sizeof path)
        return false;
    memcpy(path, name, length);
    path[length] = '\0';
    return access(path, F_OK) == 0 || source_type_has_name(path);
}

/* The longest beginning of `item` that exists and that a suffix, a comma or the end follows. */
static size_t existing_name(const char *item)
{
    for (size_t length = strlen(item); length > 0; length--)
        if ((!item[length] || strchr(",:@+", item[length])) && exists(item, length))
            return length;
    return 0;
}

/* `digits` is a hexadecimal number; with `units`, K, M or G may follow it. */
static bool parse_number(const char *digits, size_t length, bool units, uint64_t *value)
{
    static const char unit[] = "KMGkmg";
    char text[NUMBER];
    unsigned shift = 0;
    if (length == 0 || length >= sizeof text)
        return false;
    memcpy(text, digits, length);
    text[length] = '\0';
    const char *found = units ? strchr(unit, text[length - 1]) : NULL;
    if (found) {
        shift = (unsigned)((found - unit) % 3 + 1) * 10;
        text[length - 1] = '\0';
    }
    if (!parse_hex(text, value) || *value > UINT64_MAX >> shift)
        return false;
    *value <<= shift;
    return true;
}

/* The suffixes in [*at, end), in their order; *at moves after each that is one. */
static void parse_suffixes(const char **at, const char *end, struct source_item *item)
{
    const struct {
        char mark;
        bool *has;
        uint64_t *value;
    } suffix[] = {
        {':', &item->has_offset, &item->offset},
        {'@', &item->has_pa, &item->pa},
        {'+', &item->has_size, &item->size},
    };
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix && *at < end; i++) {
        if (**at != suffix[i].mark)
            continue;
        const char *number = *at + 1;
        size_t length = 0;
        while (number + length < end && !strchr("@+", number[length]))
            length++;
        if (!parse_number(number, length, suffix[i].mark == '+', suffix[i].value))
            return;
        *suffix[i].has = true;
        *at = number + length;
    }
}

/* Of a file that is not there: all but what reads as suffixes. */
static size_t missing_name(const char *text, size_t length)
{
    struct source_item ignored;
    for (size_t name = 1; name < length; name++) {
        const char *at = text + name;
        parse_suffixes(&at, text + length, &ignored);
        if (at == text + length)
            return name;
    }
    return length;
}

bool source_spec_next(const char **at, struct source_item *item, struct error *err)
{
    const char *text = *at;
    size_t name = existing_name(text);
    const char *end = text + name + strcspn(text + name, ",");
    *item = (struct source_item){.name = text, .text = text, .text_length = (size_t)(end - text)};
    if (end == text)
        return error_set(err, "an empty file name in the list; write "
                              "FILE[:OFFSET][@PA][+SIZE],FILE...");
    item->length = name ? name : missing_name(text, item->text_length);
    const char *rest = text + item->length;
    parse_suffixes(&rest, end, item);
    if (rest != end)
        return error_set(err, "%.*s: '%.*s' is no [:OFFSET][@PA][+SIZE] in hexadecimal",
                         (int)item->length, text, (int)(end - rest), rest);
    *at = *end ? end + 1 : NULL;
    return true;
}
