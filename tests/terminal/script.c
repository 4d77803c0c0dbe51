/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain line and text handling; a test tool may simply stop when memory runs out. */
#include "script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
    if (!memory) {
        perror("screens");
        exit(2);
    }
    return memory;
}

bool script_read(struct script *script, const char *path)
{
    *script = (struct script){0};
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t size; (size = getline(&line, &capacity, file)) >= 0;) {
        if (size && line[size - 1] == '\n')
            line[size - 1] = '\0';
        script_replace(script, script->count, 0, &line, 1);
    }
    free(line);
    const bool failed = ferror(file);
    fclose(file);
    return !failed;
}

bool script_write(const struct script *script, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    for (size_t i = 0; i < script->count; i++)
        fprintf(file, "%s\n", script->lines[i]);
    const bool failed = ferror(file);
    return fclose(file) == 0 && !failed;
}

void script_deinit(struct script *script)
{
    for (size_t i = 0; i < script->count; i++)
        free(script->lines[i]);
    free(script->lines);
    *script = (struct script){0};
}

void script_replace(struct script *script, size_t first, size_t count, char *const lines[],
                    size_t line_count)
{
    const size_t rest = script->count - first - count;
    for (size_t i = 0; i < count; i++)
        free(script->lines[first + i]);
    if (line_count > count)
        script->lines = checked(
            realloc(script->lines, (script->count - count + line_count) * sizeof *script->lines));
    memmove(script->lines + first + line_count, script->lines + first + count,
            rest * sizeof *script->lines);
    for (size_t i = 0; i < line_count; i++)
        script->lines[first + i] = checked(strdup(lines[i]));
    script->count = script->count - count + line_count;
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (isupper((unsigned char)text[length]) || text[length] == '_' ||
           (length && isdigit((unsigned char)text[length])))
        length++;
    return length;
}

/* Writes what a dollar at *text stands for, and moves *text past it. */
static bool expand_one(FILE *out, const char **text)
{
    const bool braced = (*text)[1] == '{';
    const char *start = *text + 1 + braced;
    const size_t length = name_length(start);
    if (!length || (braced && start[length] != '}')) {
        fputc('$', out);
        *text += (*text)[1] == '$' ? 2 : 1;
        return true;
    }
    char *name = checked(strndup(start, length));
    const char *value = getenv(name);
    if (value)
        fputs(value, out);
    else
        fprintf(stderr, "$%s is not set\n", name);
    free(name);
    *text = start + length + braced;
    return value;
}

char *script_expand(const char *text)
{
    char *expanded = NULL;
    size_t size;
    bool good = true;
    FILE *out = checked(open_memstream(&expanded, &size));
    while (*text && good) {
        if (*text == '$')
            good = expand_one(out, &text);
        else
            fputc(*text++, out);
    }
    fclose(out);
    if (!good) {
        free(expanded);
        return NULL;
    }
    return checked(expanded);
}

size_t script_words(char *text, char *words[], size_t capacity)
{
    size_t count = 0;
    for (char *out = text; count + 1 < capacity;) {
        while (isspace((unsigned char)*text))
            text++;
        if (!*text)
            break;
        words[count++] = out;
        char quote = '\0';
        for (; *text && (quote || !isspace((unsigned char)*text)); text++) {
            if (quote ? *text == quote : *text == '\'' || *text == '"')
                quote = quote ? '\0' : *text;
            else
                *out++ = *text;
        }
        if (*text)
            text++;
        *out++ = '\0'; /* never beyond text: at least a blank or the end was there */
    }
    words[count] = NULL;
    return count;
}

bool script_match(const char *pattern, const char *text)
{
    if (!*pattern)
        return !*text;
    if (*pattern == '*') {
        for (;; text++) {
            if (script_match(pattern + 1, text))
                return true;
            if (!*text)
                return false;
        }
    }
    if (!*text)
        return false;
    if (*pattern != '?')
        return *pattern == *text && script_match(pattern + 1, text + 1);
    do
        text++;
    while (((unsigned char)*text & 0xc0) == 0x80);
    return script_match(pattern + 1, text);
}
