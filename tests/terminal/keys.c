/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special keys stay symbolic, for their bytes depend on modes that only the terminal knows. */
#include "keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    VTermKey special;
    char character;
} names[] = {
    {"Enter", VTERM_KEY_ENTER, 0},  {"Tab", VTERM_KEY_TAB, 0},     {"Esc", VTERM_KEY_ESCAPE, 0},
    {"Bs", VTERM_KEY_BACKSPACE, 0}, {"Up", VTERM_KEY_UP, 0},       {"Down", VTERM_KEY_DOWN, 0},
    {"Left", VTERM_KEY_LEFT, 0},    {"Right", VTERM_KEY_RIGHT, 0}, {"Home", VTERM_KEY_HOME, 0},
    {"End", VTERM_KEY_END, 0},      {"PgUp", VTERM_KEY_PAGEUP, 0}, {"PgDn", VTERM_KEY_PAGEDOWN, 0},
    {"Ins", VTERM_KEY_INS, 0},      {"Del", VTERM_KEY_DEL, 0},     {"Space", VTERM_KEY_NONE, ' '},
    {"lt", VTERM_KEY_NONE, '<'},
};

static const struct {
    const char *name;
    int button;
} buttons[] = {{"Mouse", 1}, {"Mouse2", 2}, {"Mouse3", 3}, {"WheelUp", 4}, {"WheelDown", 5}};

static void set_character(struct key *key, const char *bytes, size_t size)
{
    char first = bytes[0];
    if (key->modifier & VTERM_MOD_ALT)
        key->text[key->text_size++] = '\033';
    if (size == 1 && (key->modifier & VTERM_MOD_CTRL))
        first = first == '?' ? 0x7f : (char)(first & 0x1f);
    key->text[key->text_size++] = first;
    for (size_t i = 1; i < size; i++)
        key->text[key->text_size++] = bytes[i];
}

static bool parse_button(const char *name, struct key *key)
{
    const char *colon = strchr(name, ':');
    if (!colon || sscanf(colon, ":%d,%d", &key->row, &key->col) != 2)
        return false;
    key->row--;
    key->col--;
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
        const size_t length = strlen(buttons[i].name);
        if (length == (size_t)(colon - name) && memcmp(name, buttons[i].name, length) == 0)
            key->button = buttons[i].button;
    }
    return key->button && key->row >= 0 && key->col >= 0;
}

static bool parse_name(const char *name, struct key *key)
{
    key->paste = strcmp(name, "Paste") == 0 ? 1 : strcmp(name, "PasteEnd") == 0 ? -1 : 0;
    if (key->paste)
        return true;
    for (; name[0] && name[1] == '-' && name[2]; name += 2) {
        switch (name[0]) {
        case 'C':
            key->modifier |= VTERM_MOD_CTRL;
            break;
        case 'M':
            key->modifier |= VTERM_MOD_ALT;
            break;
        case 'S':
            key->modifier |= VTERM_MOD_SHIFT;
            break;
        default:
            return false;
        }
    }
    if (name[0] && !name[1] && key->modifier) {
        set_character(key, name, 1);
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i].name) != 0)
            continue;
        key->special = names[i].special;
        if (names[i].character)
            set_character(key, &names[i].character, 1);
        return true;
    }
    char *end;
    const long number = name[0] == 'F' ? strtol(name + 1, &end, 10) : 0;
    if (number >= 1 && number <= 12 && !*end) {
        key->special = (VTermKey)VTERM_KEY_FUNCTION(number);
        return true;
    }
    return parse_button(name, key);
}

const char *keys_next(const char *text, struct key *key)
{
    *key = (struct key){.special = VTERM_KEY_NONE};
    if (*text == '<') {
        char name[64];
        const char *end = strchr(text, '>');
        const size_t length = end ? (size_t)(end - text - 1) : 0;
        if (!length || length >= sizeof name)
            return NULL;
        memcpy(name, text + 1, length);
        name[length] = '\0';
        return parse_name(name, key) ? end + 1 : NULL;
    }
    size_t size = 1;
    while (size < 4 && ((unsigned char)text[size] & 0xc0) == 0x80)
        size++;
    set_character(key, text, size);
    return text + size;
}
