/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the note's lines. */
#include "linux/find/vmcoreinfo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer lines than any kernel writes: a fragment, or another text that starts alike. */
#define LEAST_LINES 8

/* The length of the run of printable "key=value" lines, and how many there are. */
static size_t lines_length(const char *text, size_t length, size_t *lines)
{
    size_t used = 0;
    *lines = 0;
    while (used < length) {
        const char *line = text + used;
        const char *newline = memchr(line, '\n', length - used);
        if (!newline || !memchr(line, '=', (size_t)(newline - line)))
            break;
        for (const char *c = line; c < newline; c++)
            if (*c < 0x20 || *c > 0x7e)
                return used;
        used = (size_t)(newline + 1 - text);
        ++*lines;
    }
    return used;
}

bool vmcoreinfo_parse(struct vmcoreinfo *info, const void *bytes, size_t length)
{
    size_t start = strlen(VMCOREINFO_START), lines;
    if (length > VMCOREINFO_SIZE)
        length = VMCOREINFO_SIZE;
    if (length < start || memcmp(bytes, VMCOREINFO_START, start) != 0)
        return false;
    size_t used = lines_length(bytes, length, &lines);
    if (lines < LEAST_LINES)
        return false;
    memcpy(info->text, bytes, used);
    info->text[used] = '\0';
    return strstr(info->text, "\nPAGESIZE=") && strstr(info->text, "\nSYMBOL(");
}

bool vmcoreinfo_text(const struct vmcoreinfo *info, const char *key, char *value, size_t size)
{
    size_t length = strlen(key);
    for (const char *line = info->text; *line;) {
        const char *end = strchr(line, '\n');
        if (!end)
            return false;
        if (strncmp(line, key, length) == 0 && line[length] == '=') {
            snprintf(value, size, "%.*s", (int)(end - line - (long)length - 1), line + length + 1);
            return true;
        }
        line = end + 1;
    }
    return false;
}

/* A number that fills the whole buffer may have lost digits. */
static bool is_cut(const char *text, size_t size)
{
    return strlen(text) + 1 == size;
}

bool vmcoreinfo_symbol(const struct vmcoreinfo *info, const char *name, uint64_t *value)
{
    char key[80], text[32], *end;
    snprintf(key, sizeof key, "SYMBOL(%s)", name);
    if (!vmcoreinfo_text(info, key, text, sizeof text) || is_cut(text, sizeof text))
        return false;
    errno = 0;
    uint64_t parsed = strtoull(text, &end, 16);
    if (errno || end == text || *end)
        return false;
    *value = parsed;
    return true;
}

bool vmcoreinfo_number(const struct vmcoreinfo *info, const char *name, uint64_t *value)
{
    char key[80], text[32], *end;
    snprintf(key, sizeof key, "NUMBER(%s)", name);
    if (!vmcoreinfo_text(info, key, text, sizeof text) || is_cut(text, sizeof text))
        return false;
    bool hex = strncmp(text, "0x", 2) == 0;
    errno = 0;
    uint64_t parsed = hex || text[0] != '-' ? strtoull(text, &end, hex ? 16 : 10)
                                            : (uint64_t)strtoll(text, &end, 10);
    if (errno || end == text || *end)
        return false;
    *value = parsed;
    return true;
}
