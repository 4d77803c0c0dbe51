/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of keys, read and written. */
#include "ui/terminal/key.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *full; /* full: NULL where it is the same */
    int key;
} names[] = {
    {"Up", NULL, PRESS_UP},
    {"Down", NULL, PRESS_DOWN},
    {"Left", NULL, PRESS_LEFT},
    {"Right", NULL, PRESS_RIGHT},
    {"PgUp", "PageUp", PRESS_PAGE_UP},
    {"PgDn", "PageDown", PRESS_PAGE_DOWN},
    {"Home", NULL, PRESS_HOME},
    {"End", NULL, PRESS_END},
    {"Ins", "Insert", PRESS_INSERT},
    {"Del", "Delete", PRESS_DELETE},
    {"BS", "Backspace", PRESS_BACKSPACE},
    {"Tab", NULL, PRESS_TAB},
    {"S-Tab", NULL, PRESS_BACK_TAB},
    {"Enter", NULL, PRESS_ENTER},
    {"Esc", "Escape", PRESS_ESCAPE},
    {"Space", NULL, ' '},
};
enum { NAMES = sizeof names / sizeof *names, FUNCTION_KEYS = PRESS_F12 - PRESS_F1 + 1 };

static bool is_word(const char *text, size_t length, const char *word)
{
    return word && strlen(word) == length && memcmp(text, word, length) == 0;
}

/* One character of UTF-8 and nothing else; controls and what is malformed are PRESS_NONE. */
static int parse_character(const char *text, size_t length)
{
    static const unsigned mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07},
                          least[] = {0, 0x21, 0xa0, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[0];
    size_t wanted = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || length != wanted)
        return PRESS_NONE;
    unsigned c = first & mask[length];
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return PRESS_NONE;
        c = c << 6 | ((unsigned char)text[i] & 0x3f);
    }
    bool is_surrogate = c >= 0xd800 && c <= 0xdfff;
    return c < least[length] || c == PRESS_DELETE_CHAR || is_surrogate || c > 0x10ffff ? PRESS_NONE
                                                                                       : (int)c;
}

static int parse_function_key(const char *text, size_t length)
{
    char name[KEY_NAME];
    for (int i = 0; i < FUNCTION_KEYS; i++) {
        snprintf(name, sizeof name, "F%d", i + 1);
        if (is_word(text, length, name))
            return PRESS_F1 + i;
    }
    return PRESS_NONE;
}

/* Without Alt. */
static int parse_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < NAMES; i++)
        if (is_word(text, length, names[i].name) || is_word(text, length, names[i].full))
            return names[i].key;
    if (length == 3 && memcmp(text, "C-", 2) == 0) {
        bool has_control = (text[2] >= 'a' && text[2] <= 'z') || strchr("\\]^_", text[2]);
        return has_control ? text[2] & 0x1f : PRESS_NONE;
    }
    int key = parse_function_key(text, length);
    return key != PRESS_NONE ? key : parse_character(text, length);
}

static int parse_word(const char *text, size_t length)
{
    if (length <= 2 || memcmp(text, "M-", 2) != 0)
        return parse_plain(text, length);
    int key = parse_plain(text + 2, length - 2);
    return key == PRESS_NONE ? PRESS_NONE : key | PRESS_ALT;
}

int key_parse(const char *text, const char **rest)
{
    text += strspn(text, " ");
    size_t length = strcspn(text, " ");
    *rest = text + length;
    return length ? parse_word(text, length) : PRESS_NONE;
}

size_t key_text(int key, char text[4])
{
    static const unsigned lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    unsigned c = (unsigned)key;
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (c >= PRESS_NAMED)
        return 0;
    for (size_t i = length; i-- > 1; c >>= 6)
        text[i] = (char)(0x80 | (c & 0x3f));
    text[0] = (char)(lead[length] | c);
    return length;
}

static void name_plain(int key, bool full, char *text, size_t size)
{
    char character[5] = "";
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].key == key) {
            snprintf(text, size, "%s", full && names[i].full ? names[i].full : names[i].name);
            return;
        }
    if (key >= PRESS_F1 && key <= PRESS_F12)
        snprintf(text, size, "F%d", key - PRESS_F1 + 1);
    else if (key > 0 && key < 32)
        snprintf(text, size, "C-%c", key <= 26 ? key + 96 : key + 64);
    else if (key != PRESS_DELETE_CHAR && key_text(key, character))
        snprintf(text, size, "%s", character);
    else
        snprintf(text, size, "that key");
}

char *key_notation(int key, bool full, char *text, size_t size)
{
    bool has_alt = key & PRESS_ALT;
    size_t used = has_alt && size > 2 ? 2 : 0;
    if (used)
        memcpy(text, "M-", used);
    name_plain(key & ~PRESS_ALT, full, text + used, size - used);
    return text;
}

void key_each_name(void (*add)(void *list, const char *word), void *list)
{
    char name[KEY_NAME];
    for (size_t i = 0; i < NAMES; i++)
        add(list, names[i].name);
    for (int key = PRESS_F1; key <= PRESS_F12; key++)
        add(list, key_notation(key, false, name, sizeof name));
}
