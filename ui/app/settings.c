/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of settings. */
#include "ui/app/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct settings default_settings = {
    .word = 1, .big_endian = 0, .row = 0, .rate = 10, .live = 1, .mouse = 1};

static const unsigned words[] = {1, 2, 4, 8};
static const unsigned rows[] = {0, 8, 16, 32, 64};
static const unsigned switches[] = {0, 1};

#define AT(member) offsetof(struct settings, member)

const struct setting setting_table[] = {
    {"chains", "off on", "memory shows one word a row, with the chain of pointers after it",
     AT(chains), switches, 0, 0},
    {"live", "off on", "follow the changes of a running guest", AT(live), switches, 0, 0},
    {"mouse", "off on", "take the mouse; off leaves it to the terminal's own selection", AT(mouse),
     switches, 0, 0},
    {"order", "little big", "byte order in which words are shown", AT(big_endian), switches, 0, 0},
    {"rate", "1 2 5 10 20 50", "refreshes a second while live", AT(rate), NULL, 1, 50},
    {"row", "auto 8 16 32 64", "bytes a row; auto: as many as fit", AT(row), rows, 0, 0},
    {"word", "1 2 4 8", "bytes a word", AT(word), words, 0, 0},
    {NULL, NULL, NULL, 0, NULL, 0, 0},
};

static unsigned *place(struct settings *settings, const struct setting *setting)
{
    return (unsigned *)(void *)((char *)settings + setting->offset);
}

/* The n-th of the values; its length, 0 after the last. */
static size_t value_at(const struct setting *setting, size_t n, const char **value)
{
    const char *s = setting->values;
    for (; n && *s; n--) {
        s += strcspn(s, " ");
        s += strspn(s, " ");
    }
    *value = s;
    return strcspn(s, " ");
}

const struct setting *setting_find(const char *name, size_t length)
{
    for (const struct setting *s = setting_table; s->name; s++)
        if (strlen(s->name) == length && memcmp(s->name, name, length) == 0)
            return s;
    return NULL;
}

bool setting_set(struct settings *settings, const struct setting *setting, const char *value,
                 struct error *err)
{
    if (!setting->number) {
        char *end;
        unsigned long number = strtoul(value, &end, 10);
        if (!*value || *end || number < setting->least || number > setting->most)
            return error_set(err, "%s is a number from %u to %u", setting->name, setting->least,
                             setting->most);
        *place(settings, setting) = (unsigned)number;
        return true;
    }
    const char *known;
    size_t length;
    for (size_t n = 0; (length = value_at(setting, n, &known)) != 0; n++)
        if (strlen(value) == length && memcmp(value, known, length) == 0) {
            *place(settings, setting) = setting->number[n];
            return true;
        }
    return error_set(err, "%s is one of: %s", setting->name, setting->values);
}

char *setting_text(const struct settings *settings, const struct setting *setting, char *text,
                   size_t size)
{
    unsigned now = *(const unsigned *)(const void *)((const char *)settings + setting->offset);
    snprintf(text, size, "%u", now);
    const char *known;
    size_t length;
    for (size_t n = 0; setting->number && (length = value_at(setting, n, &known)) != 0; n++)
        if (setting->number[n] == now)
            snprintf(text, size, "%.*s", (int)length, known);
    return text;
}

void setting_cycle(struct settings *settings, const struct setting *setting)
{
    const char *known;
    size_t count = 0, at = 0;
    for (; value_at(setting, count, &known); count++)
        if (setting->number && setting->number[count] == *place(settings, setting))
            at = count;
    if (setting->number && count)
        *place(settings, setting) = setting->number[(at + 1) % count];
}
