/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys bound anew, and files of commands. */
#include "ui/command/command_line.h"
#include "ui/command/commands_run.h"
#include "ui/command/complete.h"
#include "ui/command/help.h"
#include "ui/command/rc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NESTED_MAX = 8 }; /* files that source one another */

/* ---- bind ---- */

/* "[-p PANE,...] KEY": what it names, and what follows it. */
struct target {
    unsigned where; /* contexts; 0: no -p */
    int key;
    const char *rest;
};

/* The set after "-p", or NULL. */
static const char *set_of(const char *arguments)
{
    bool has_set = strncmp(arguments, "-p", 2) == 0 && (!arguments[2] || arguments[2] == ' ');
    return has_set ? arguments + 2 + strspn(arguments + 2, " ") : NULL;
}

static bool parse_target(const char *arguments, struct target *target, struct error *err)
{
    const char *key = arguments, *set = set_of(arguments);
    *target = (struct target){.where = 0};
    if (set) {
        if (!contexts_parse(set, &target->where, err)) {
            err->column += (int)(set - arguments);
            return false;
        }
        key = set + strcspn(set, " ");
        key += strspn(key, " ");
    }
    target->key = key_parse(key, &target->rest);
    if (target->key == PRESS_NONE)
        return error_at(err, (int)(key - arguments),
                        *key ? "\"%.*s\" is no key: j, C-f, M-x, F5, PgDn and Space are"
                             : "which key? bind [-p PANE,...] KEY COMMAND%.*s",
                        (int)strcspn(key, " ") < 20 ? (int)strcspn(key, " ") : 20, key);
    target->rest += strspn(target->rest, " ");
    return true;
}

bool run_bind(struct app *app, const char *arguments, struct error *err)
{
    struct target target;
    if (!*arguments)
        return run_help(app, "", err);
    if (!parse_target(arguments, &target, err))
        return false;
    if (!*target.rest) {
        char key[KEY_NAME];
        return run_help(app, key_notation(target.key, false, key, sizeof key), err);
    }
    if (keymap_bind(&app->keymap, target.key, target.where, target.rest, err))
        return true;
    err->column += err->column < 0 ? 0 : (int)(target.rest - arguments);
    return false;
}

bool run_unbind(struct app *app, const char *arguments, struct error *err)
{
    struct target target;
    if (!parse_target(arguments, &target, err))
        return false;
    if (*target.rest)
        return error_at(err, (int)(target.rest - arguments), "unbind takes one key");
    unsigned where = target.where ? target.where : CONTEXT_EVERYWHERE;
    return keymap_unbind(&app->keymap, target.key, where) ||
           error_at(err, 0, "that key is not bound%s", target.where ? " there" : "");
}

/* Adds what may follow the elements of a set that are typed already: "tables," and a name. */
struct set_words {
    void (*add)(void *list, const char *word);
    void *list;
    int typed;
    const char *set;
};

static void add_to_set(void *context, const char *name)
{
    const struct set_words *words = context;
    char word[160];
    snprintf(word, sizeof word, "%.*s%s", words->typed, words->set, name);
    words->add(words->list, word);
}

static void add_sets(const char *set, void (*add)(void *, const char *), void *list)
{
    const char *comma = strrchr(set, ',');
    struct set_words words = {add, list, comma ? (int)(comma + 1 - set) : 0, set};
    contexts_each(add_to_set, &words);
}

bool words_of_unbind(struct app *app, const char *before, size_t start,
                     void (*add)(void *, const char *), void *list)
{
    const char *set = set_of(before);
    (void)app, (void)start;
    if (set && !strchr(set, ' ')) {
        add_sets(set, add, list);
        return true;
    }
    const char *key = set ? set + strcspn(set, " ") : before;
    key += strspn(key, " ");
    if (!strchr(key, ' '))
        key_each_name(add, list);
    return true;
}

/* After the key: a line, with all that may be in it. */
bool words_of_bind(struct app *app, const char *before, size_t start,
                   void (*add)(void *, const char *), void *list)
{
    struct target target;
    struct error ignored;
    bool has_key = parse_target(before, &target, &ignored) && target.rest[-1] == ' ';
    if (!has_key)
        return words_of_unbind(app, before, start, add, list);
    size_t skipped = (size_t)(target.rest - before);
    complete_command(app, target.rest, start > skipped ? start - skipped : 0, add, list);
    return true;
}

/* ---- source ---- */

static enum rc_line run_sourced(void *context, const char *line, size_t number, struct error *err)
{
    struct app *app = context;
    app->message.text[0] = '\0';
    app->message.failed = false;
    session_take_wanted(app->session);
    app->source_failed = false;
    bool done = command_line_run(app, line, LINE_FILE, 1, err);
    /* What needs something that is still being loaded waits for its turn. */
    if (!done && session_take_wanted(app->session))
        done = postponed_add(&app->postponed, line, app->sourced, number) ||
               error_set(err, "out of memory");
    if (done && app->message.failed)
        done = error_set(err, "%s", app->message.text);
    return done ? RC_DONE : app->source_failed ? RC_ELSEWHERE : RC_MISTAKE;
}

bool command_source(struct app *app, const char *path, const struct rc_text *text,
                    struct error *err)
{
    struct rc_result result;
    const char *outer = app->sourced;
    if (app->sourcing == NESTED_MAX)
        return error_set(err, "files source one another more than %d deep", NESTED_MAX);
    app->sourcing++;
    app->sourced = path;
    rc_run(text, run_sourced, app, &result);
    app->sourced = outer;
    app->sourcing--;
    app->source_failed = !rc_verdict(&result, path, err);
    return !app->source_failed;
}

bool run_source(struct app *app, const char *arguments, struct error *err)
{
    struct rc_text text;
    if (!*arguments)
        return error_at(err, 0, "no file given: source FILE");
    if (!rc_read(arguments, &text, NULL, err))
        return false;
    bool done = command_source(app, arguments, &text, err);
    free(text.data);
    return done;
}
