/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A window slides over the data of a space.  Windows overlap by the pattern's length less one,
 * so that a match across a border is seen; a gap in the space breaks the window.
 */
#include "memory/search.h"

#include "memory/memory.h"

#include <ctype.h>
#include <string.h>

#define WINDOW 65536

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_hex_bytes(const char *text, size_t start, uint8_t pattern[SEARCH_PATTERN],
                            size_t *length, struct error *err)
{
    size_t digits = 0;
    for (const char *c = text + start; *c; c++) {
        if (*c == ' ')
            continue;
        int digit = hex_digit(*c);
        if (digit < 0)
            return error_at(err, (int)(c - text), "'%c' is no hexadecimal digit", *c);
        if (digits == 2 * SEARCH_PATTERN)
            return error_at(err, (int)(c - text), "at most %d bytes can be searched for",
                            SEARCH_PATTERN);
        pattern[digits / 2] = (uint8_t)(digits % 2 ? pattern[digits / 2] << 4 | digit : digit);
        digits++;
    }
    if (digits == 0 || digits % 2)
        return error_set(err, "hex wants pairs of digits, as in: hex 7f 45 4c 46");
    *length = digits / 2;
    return true;
}

bool search_parse(const char *text, uint8_t pattern[SEARCH_PATTERN], size_t *length,
                  struct error *err)
{
    if (strncmp(text, "hex ", 4) == 0)
        return parse_hex_bytes(text, 4, pattern, length, err);
    if (strncmp(text, "text ", 5) == 0)
        text += 5;
    size_t size = strlen(text);
    if (size == 0)
        return error_set(err, "nothing to search for");
    if (size > SEARCH_PATTERN)
        return error_set(err, "at most %d bytes can be searched for", SEARCH_PATTERN);
    memcpy(pattern, text, size);
    *length = size;
    return true;
}

void search_start(struct search *search, struct memory *memory, struct address from,
                  const uint8_t *pattern, size_t length, bool backward)
{
    *search = (struct search){
        .memory = memory, .length = length, .backward = backward, .start = from.value};
    memcpy(search->pattern, pattern, length);
    uint64_t first, last;
    memory_bounds(memory, from.space, &first, &last);
    search->at = from;
    search->wrapped = backward ? from.value == first : from.value >= last;
    if (search->wrapped)
        search->at.value = backward ? last : first;
    else
        search->at.value = backward ? from.value - 1 : from.value + 1;
}

/* The last (or first) match in bytes[0..length).  NULL: none. */
static const uint8_t *match(const struct search *search, const uint8_t *bytes, size_t length)
{
    const uint8_t *found = memmem(bytes, length, search->pattern, search->length);
    while (found && search->backward) {
        size_t used = (size_t)(found + 1 - bytes);
        const uint8_t *next = memmem(found + 1, length - used, search->pattern, search->length);
        if (!next)
            break;
        found = next;
    }
    return found;
}

/* What was read: bytes that are there, and then those that cannot be read. */
struct run {
    size_t length, missing;
    bool waits; /* these are on their way */
};

static struct run read_run(struct search *search, uint64_t from, uint8_t *buffer, size_t wanted)
{
    static const uint8_t hole_or_data = 1; /* RANGE_DATA and RANGE_HOLE are 0 and 1 */
    uint8_t there[WINDOW];
    struct run run = {0};
    memory_read(search->memory, address_in(search->at.space, from), buffer, wanted, there);
    while (run.length < wanted && there[run.length] <= hole_or_data)
        run.length++;
    run.waits = run.length < wanted && there[run.length] == RANGE_PENDING;
    while (run.length + run.missing < wanted && there[run.length + run.missing] > hole_or_data)
        run.missing++;
    return run;
}

/* Wraps at the end, once.  True: the search is over. */
static bool wrap(struct search *search)
{
    uint64_t first, last;
    if (search->wrapped)
        return true;
    memory_bounds(search->memory, search->at.space, &first, &last);
    search->wrapped = true;
    search->at.value = search->backward ? last : first;
    return false;
}

static enum search_result step_forward(struct search *search, uint64_t *cost)
{
    uint8_t window[WINDOW];
    struct range range;
    uint64_t next;
    memory_range(search->memory, search->at, &range);
    *cost = 4096; /* what looking at the tables or the file's map is priority */
    if (range.kind == RANGE_PENDING)
        return SEARCH_WAITING;
    if (range.kind == RANGE_NOT_READ)
        return SEARCH_END;
    if (range.kind != RANGE_DATA) {
        next = range.last + 1;
    } else {
        uint64_t capacity = range.last - search->at.value + search->length;
        size_t wanted = capacity < WINDOW ? (size_t)capacity : WINDOW;
        struct run run = read_run(search, search->at.value, window, wanted);
        const uint8_t *found = match(search, window, run.length);
        *cost = run.length;
        if (found) {
            search->at.value += (uint64_t)(found - window);
            return SEARCH_FOUND;
        }
        if (run.waits)
            return SEARCH_WAITING;
        size_t done = run.length >= search->length ? run.length - search->length + 1 : 1;
        next = search->at.value + (run.length ? done : run.missing);
    }
    uint64_t first, last;
    memory_bounds(search->memory, search->at.space, &first, &last);
    bool past_end = next == 0 || next > last;
    if (search->wrapped && (past_end || next > search->start))
        return SEARCH_END;
    search->at.value = next;
    return past_end && wrap(search) ? SEARCH_END : SEARCH_RUNNING;
}

/* search->at is the highest address at which a match may still begin. */
static enum search_result step_backward(struct search *search, uint64_t *cost)
{
    uint8_t window[WINDOW];
    struct range range;
    uint64_t at = search->at.value, low, last;
    *cost = 4096;
    if (search->wrapped && at < search->start)
        return SEARCH_END;
    memory_range(search->memory, search->at, &range);
    if (range.kind == RANGE_PENDING)
        return SEARCH_WAITING;
    if (range.kind == RANGE_NOT_READ)
        return SEARCH_END;
    if (range.kind == RANGE_DATA) {
        /* The window reaches over `at` by the pattern's length less one. */
        low = at & ~UINT64_C(4095);
        struct run run = read_run(search, low, window, (size_t)(at - low) + search->length);
        const uint8_t *found = match(search, window, run.length);
        *cost = run.length;
        if (run.waits)
            return SEARCH_WAITING;
        if (found) {
            search->at.value = low + (uint64_t)(found - window);
            return SEARCH_FOUND;
        }
    } else
        low = memory_skip(search->memory, search->at, true, &last) ? last + 1 : 0;
    if (low == 0)
        return wrap(search) ? SEARCH_END : SEARCH_RUNNING;
    search->at.value = low - 1;
    return SEARCH_RUNNING;
}

enum search_result search_step(struct search *search, uint64_t bytes)
{
    uint64_t used = 0;
    while (used < bytes) {
        uint64_t cost;
        enum search_result result =
            search->backward ? step_backward(search, &cost) : step_forward(search, &cost);
        if (result != SEARCH_RUNNING)
            return result;
        used += cost + 1;
    }
    return SEARCH_RUNNING;
}

double search_progress(const struct search *search)
{
    uint64_t first, last;
    memory_bounds(search->memory, search->at.space, &first, &last);
    double size = (double)last + 1, done = (double)search->at.value - (double)search->start;
    if (search->backward)
        done = -done;
    return (done < 0 ? done + size : done) / size;
}
