/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks read JSON and the schema only: nothing of the code that they check. */
#include "tests/unit/answer_check.h"

#include "tests/unit/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES 3

json_t *answer_rows(struct session *session, const char *line)
{
    struct capture capture;
    capture_start(&capture, true);
    if (!command_line(session, line, &capture.output))
        fail_msg("%s: %s", line, capture.text);
    json_t *rows = json_array();
    for (char *at = capture.text, *end; at && *at; at = end + 1) {
        end = strchr(at, '\n');
        *end = '\0';
        json_t *row = json_loads(at, 0, NULL);
        if (!json_is_object(row))
            fail_msg("%s printed %s", line, at);
        if (json_object_get(row, "incomplete"))
            json_decref(row);
        else
            json_array_append_new(rows, row);
    }
    capture_free(&capture);
    return rows;
}

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* The schema of the command that the line starts with. */
static json_t *schema_of(struct session *session, const char *line)
{
    char ask[80];
    snprintf(ask, sizeof ask, "schema %.*s", (int)strcspn(line, " "), line);
    return answer_rows(session, ask);
}

/* --- the schema --------------------------------------------------------------------------------*/

static json_t *schema_find(json_t *schema, const char *key)
{
    json_t *row;
    size_t i;
    json_array_foreach(schema, i, row) if (strcmp(text_of(row, "key"), key) == 0) return row;
    return NULL;
}

static bool is_hex(json_t *value)
{
    const char *text = json_string_value(value);
    return text && strncmp(text, "0x", 2) == 0 && text[2] &&
           text[2 + strspn(text + 2, "0123456789abcdef")] == '\0';
}

/* A number that is too long for a double is a hex string. */
static bool fits(json_t *value, const char *json)
{
    if (json_is_null(value) || strcmp(json, "any") == 0)
        return true;
    if (strcmp(json, "hex") == 0)
        return is_hex(value);
    if (strcmp(json, "number") == 0)
        return json_is_number(value) || is_hex(value);
    return (strcmp(json, "string") == 0 && json_is_string(value)) ||
           (strcmp(json, "boolean") == 0 && json_is_boolean(value)) ||
           (strcmp(json, "array") == 0 && json_is_array(value)) ||
           (strcmp(json, "object") == 0 && json_is_object(value));
}

/* "members[].members[]." is as deep as "members[].": the list has rows of the same shape. */
static void fold(char *prefix)
{
    char *last = strstr(prefix, "members[].members[].");
    if (last)
        last[strlen("members[].")] = '\0';
}

static void check_object(json_t *schema, const char *line, const char *prefix, json_t *object)
{
    const char *key;
    json_t *value, *item;
    size_t i, known = 0;
    json_object_foreach(object, key, value)
    {
        char path[200], inner[212];
        snprintf(path, sizeof path, "%s%s", prefix, key);
        json_t *row = schema_find(schema, path);
        if (!row)
            fail_msg("%s: the schema has no %s", line, path);
        if (!fits(value, text_of(row, "json")))
            fail_msg("%s: %s is no %s", line, path, text_of(row, "json"));
        known++;
        snprintf(inner, sizeof inner, json_is_array(value) ? "%s[]." : "%s.", path);
        fold(inner);
        if (json_is_object(value) && strcmp(text_of(row, "json"), "object") == 0)
            check_object(schema, line, inner, value);
        json_array_foreach(value, i, item) if (json_is_object(item))
            check_object(schema, line, inner, item);
    }
    assert_true(known > 0);
}

/* Keys that may lack must be marked so. */
static void check_keys(json_t *schema, const char *line, json_t *object)
{
    json_t *row;
    size_t i;
    json_array_foreach(schema, i, row)
    {
        const char *key = text_of(row, "key");
        if (!strpbrk(key, "[.") && !json_is_true(json_object_get(row, "may_lack")) &&
            !json_object_get(object, key))
            fail_msg("%s: no key %s", line, key);
    }
}

void answer_check_schema(struct session *session, const char *line)
{
    json_t *schema = schema_of(session, line), *rows = answer_rows(session, line), *row;
    size_t i;
    assert_true(json_array_size(schema) > 0);
    json_array_foreach(rows, i, row)
    {
        check_object(schema, line, "", row);
        check_keys(schema, line, row);
    }
    json_decref(rows);
    json_decref(schema);
}

/* --- terms -------------------------------------------------------------------------------------*/

struct number {
    bool negative;
    uint64_t size;
};

static struct number number_of(json_t *value)
{
    int64_t integer = json_integer_value(value);
    if (json_is_string(value))
        return (struct number){false, strtoull(json_string_value(value) + 2, NULL, 16)};
    return (struct number){integer < 0, integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer};
}

static int compare_numbers(struct number a, struct number b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    int order = a.size < b.size ? -1 : a.size > b.size;
    return a.negative ? -order : order;
}

/* As a reader of the JSON would, who knows the key's type. */
static int compare(json_t *a, json_t *b, const char *json)
{
    if (strcmp(json, "string") == 0)
        return strcmp(json_string_value(a), json_string_value(b));
    if (strcmp(json, "boolean") == 0)
        return json_is_true(a) - json_is_true(b);
    return compare_numbers(number_of(a), number_of(b));
}

/* Are all words of the one text among those of the other? */
static bool has_words(const char *text, const char *words)
{
    char padded[400], word[200];
    snprintf(padded, sizeof padded, " %s ", text);
    for (; *words; words += strcspn(words, " "), words += strspn(words, " ")) {
        snprintf(word, sizeof word, " %.*s ", (int)strcspn(words, " "), words);
        if (!strstr(padded, word))
            return false;
    }
    return true;
}

static bool holds(json_t *value, const char *op, json_t *wanted, json_t *column)
{
    const char *json = text_of(column, "json");
    if (!value || json_is_null(value))
        return strcmp(op, "!=") == 0;
    if (strcmp(op, "~") == 0)
        return strcasestr(json_string_value(value), json_string_value(wanted)) != NULL;
    int order = compare(value, wanted, json);
    if (strcmp(text_of(column, "type"), "flags") == 0)
        order = !has_words(json_string_value(value), json_string_value(wanted));
    return strcmp(op, "=") == 0    ? order == 0
           : strcmp(op, "!=") == 0 ? order != 0
           : strcmp(op, "<") == 0  ? order < 0
           : strcmp(op, ">") == 0  ? order > 0
           : strcmp(op, "<=") == 0 ? order <= 0
                                   : order >= 0;
}

/* How a term writes the value; false: it cannot be typed. */
static bool write_value(json_t *value, const char *type, char *text, size_t size)
{
    const char *string = json_string_value(value);
    if (json_is_boolean(value))
        return snprintf(text, size, "%s", json_is_true(value) ? "yes" : "no");
    if (!json_is_string(value))
        return snprintf(text, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (strcmp(type, "number") == 0 || is_hex(value))
        return snprintf(text, size, "%s", string);
    bool plain = strlen(string) < 200 && strcmp(string, "none") != 0;
    for (const char *c = string; *c; c++)
        plain = plain && *c >= 0x20 && *c < 0x7f && *c != '"';
    return plain && snprintf(text, size, "\"%s\"", string);
}

static void check_term(struct session *session, const char *line, json_t *rows, json_t *column,
                       const char *op, json_t *wanted)
{
    const char *key = text_of(column, "key");
    char ask[600], value[256];
    if (!write_value(wanted, text_of(column, "type"), value, sizeof value))
        return;
    snprintf(ask, sizeof ask, "%s %s%s%s%s", line, strstr(line, " where ") ? "" : "where ", key, op,
             value);
    json_t *got = answer_rows(session, ask), *expected = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row) if (holds(json_object_get(row, key), op, wanted, column))
        json_array_append(expected, row);
    if (!json_equal(got, expected))
        fail_msg("%s: %zu rows, expected %zu", ask, json_array_size(got),
                 json_array_size(expected));
    json_decref(expected);
    json_decref(got);
}

static bool is_one_of(const char *word, const char *words)
{
    const char *at = strstr(words, word);
    return at && (at == words || at[-1] == ' ') && (at[strlen(word)] == ' ' || !at[strlen(word)]);
}

static void check_column(struct session *session, const char *line, json_t *rows, json_t *column)
{
    static const char *const orders[] = {"<", ">", "<=", ">="};
    const char *type = text_of(column, "type"), *key = text_of(column, "key");
    size_t count = json_array_size(rows);
    for (size_t sample = 0; sample < SAMPLES && sample < count; sample++) {
        json_t *value =
            json_object_get(json_array_get(rows, sample * (count - 1) / (SAMPLES - 1)), key);
        if (!value || json_is_null(value))
            continue;
        check_term(session, line, rows, column, "=", value);
        check_term(session, line, rows, column, "!=", value);
        for (size_t i = 0; i < 4 && is_one_of(type, "text number hex size address time"); i++)
            check_term(session, line, rows, column, orders[i], value);
        if (is_one_of(type, "text enum flags permission") && *json_string_value(value)) {
            json_t *part =
                json_stringn(json_string_value(value), 1 + json_string_length(value) / 3);
            check_term(session, line, rows, column, "~", part);
            json_decref(part);
        }
    }
}

static bool takes_terms(json_t *column)
{
    return !strpbrk(text_of(column, "key"), "[.") &&
           is_one_of(text_of(column, "json"), "string number hex boolean");
}

void answer_check_terms(struct session *session, const char *line)
{
    json_t *schema = schema_of(session, line), *rows = answer_rows(session, line), *column;
    size_t i;
    json_array_foreach(schema, i, column) if (takes_terms(column))
        check_column(session, line, rows, column);
    json_decref(rows);
    json_decref(schema);
}

/* --- order -------------------------------------------------------------------------------------*/

/* What is not known comes last; equal ones stay as they were: so insertion sort is distinguished
 * from any that is not stable. */
static json_t *sorted(json_t *rows, const char *key, const char *json, bool descending)
{
    json_t *all = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_t *value = json_object_get(row, key);
        size_t at = json_array_size(all);
        while (at > 0) {
            json_t *before = json_object_get(json_array_get(all, at - 1), key);
            bool none = !value || json_is_null(value),
                 before_none = !before || json_is_null(before);
            int order = none || before_none ? before_none - none : compare(before, value, json);
            if (descending && !none && !before_none)
                order = -order;
            if (order <= 0)
                break;
            at--;
        }
        json_array_insert(all, at, row);
    }
    return all;
}

void answer_check_order(struct session *session, const char *line)
{
    json_t *schema = schema_of(session, line), *rows = answer_rows(session, line), *column;
    size_t i;
    json_array_foreach(schema, i, column)
    {
        const char *key = text_of(column, "key");
        for (int descending = 0; takes_terms(column) && descending < 2; descending++) {
            char ask[300];
            snprintf(ask, sizeof ask, "%s sort=%s%s", line, descending ? "-" : "", key);
            json_t *got = answer_rows(session, ask);
            json_t *expected = sorted(rows, key, text_of(column, "json"), descending);
            if (!json_equal(got, expected))
                fail_msg("%s: not in order", ask);
            json_decref(expected);
            json_decref(got);
        }
    }
    json_decref(rows);
    json_decref(schema);
}
