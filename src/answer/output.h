/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a command's answer goes: lines of text for people, or one JSON object a line.
 * Commands build records; the sink decides what becomes of the lines.
 */
#ifndef RAMWALK_ANSWER_OUTPUT_H
#define RAMWALK_ANSWER_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output {
    bool json;
    /* Gets one line without its newline.  False: no more lines are wanted (cancelled, closed). */
    bool (*line)(void *context, const char *line);
    void *context;
    bool stopped;
};

/* A line of either kind; what could harm a terminal is taken out of it in place.  False once
 * stopped. */
bool output_line(struct output *output, char *line);

/* A line for people.  False once stopped.  In JSON mode it is not printed. */
bool output_text(struct output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A note behind an answer that may not be all of it, with the reason: "# ..." for people,
 * {"incomplete":"..."} in JSON.
 */
bool output_note(struct output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A JSON object under construction; only the sink's mode json makes use of it. */
struct record;
struct record *record_new(void);
void record_text(struct record *record, const char *key, const char *value); /* NULL: null */
void record_hex(struct record *record, const char *key, uint64_t value);     /* "0x..." */
void record_hex_or_null(struct record *record, const char *key, bool known, uint64_t value);
void record_number(struct record *record, const char *key, int64_t value);
void record_bool(struct record *record, const char *key, bool value);
void record_null(struct record *record, const char *key);
/* Appends an object to the array `key`; takes `item`. */
void record_append(struct record *record, const char *key, struct record *item);
/* An object as a member; takes `item`, NULL: null. */
void record_object(struct record *record, const char *key, struct record *item);
/* Makes sure the array `key` is there, be it empty. */
void record_array(struct record *record, const char *key);

/* Prints and frees the record.  False once stopped. */
bool output_record(struct output *output, struct record *record);
void record_free(struct record *record);

/* The failure of `input`: {"input","error","column"} as JSON, the sentence and a caret as text. */
void output_error(struct output *output, const char *input, const struct error *err);

#endif
