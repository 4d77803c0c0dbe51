/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/command/help.h"

#include "ui/command/help_text.h"

#include <stdio.h>
#include <string.h>

static void add_heading(void *context, const char *text)
{
    struct popup *popup = context;
    if (popup_lines(popup))
        popup_add(popup, "");
    popup_add(popup, text);
    popup_heading(popup);
}

static void add_line(struct popup *popup, int left_width, const char *left, int length,
                     const char *meaning)
{
    char line[320];
    if (left_width)
        snprintf(line, sizeof line, "  %-*s %.*s", left_width, left, length, meaning);
    else
        snprintf(line, sizeof line, "   %.*s", length, meaning);
    popup_add(popup, line);
}

/* What stands left and what it means, over as many lines as 80 columns ask for. */
static void add_row(void *context, enum help_width left_width, const char *left,
                    const char *meaning)
{
    enum { WIDTH = 79 };
    struct popup *popup = context;
    int capacity = WIDTH - 3 - (int)left_width;
    if (screen_width(left, strlen(left)) > (int)left_width) {
        add_line(popup, (int)left_width, left, 0, "");
        left = "";
    }
    do {
        size_t length = strlen(meaning);
        if (length > (size_t)capacity) {
            length = (size_t)capacity;
            while (length > 1 && meaning[length] != ' ')
                length--;
        }
        add_line(popup, (int)left_width, left, (int)length, meaning);
        meaning += length;
        meaning += strspn(meaning, " ");
        left = "";
    } while (*meaning);
}

static bool add_topic(const struct help_writer *to, const struct keymap *map, const char *topic,
                      struct error *err)
{
    const struct command_entry *entry = command_named(topic, strlen(topic));
    const char *rest;
    int key = key_parse(topic, &rest);
    if (entry) {
        help_command(to, entry);
        return true;
    }
    if (key == PRESS_NONE || *rest)
        return error_at(err, 0, "no command \"%.40s\"", topic);
    return help_key(to, map, key) || error_at(err, 0, "%.40s is not bound", topic);
}

struct popup *help_popup(const struct keymap *map, unsigned context, const char *topic,
                         struct error *err)
{
    struct popup *popup = popup_create(*topic ? topic : "help");
    const struct help_writer to = {add_heading, add_row, popup};
    if (!popup) {
        error_set(err, "out of memory");
        return NULL;
    }
    if (*topic) {
        if (add_topic(&to, map, topic, err))
            return popup;
        popup_destroy(popup);
        return NULL;
    }
    help_keys(&to, map, context);
    help_commands(&to);
    help_expressions(&to);
    help_settings(&to);
    return popup;
}
