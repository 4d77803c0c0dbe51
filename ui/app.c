/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one loop: all keys that wait, then one frame if something changed, then a slice of
 * background work; a tick now and then follows the guest's changes.
 */
#include "ui/app.h"

#include "ui/answer.h"
#include "ui/app_state.h"
#include "ui/hex/owners.h"
#include "ui/prompt/complete.h"
#include "ui/prompt/prompt.h"
#include "ui/prompt/type_names.h"
#include "ui/signals.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_MS = 100, LOADING_MS = 20 };

int64_t app_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct settings *app_settings(struct app *app)
{
    return &app->settings;
}

struct owners *app_owners(struct app *app)
{
    return app->owners;
}

void app_redraw(struct app *app)
{
    app->dirty = true;
}

static void say(struct app *app, bool failed, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void say(struct app *app, bool failed, const char *format, va_list args)
{
    vsnprintf(app->message.text, sizeof app->message.text, format, args);
    app->message.failed = failed;
    app->dirty = true;
}

void app_message(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(app, false, format, args);
    va_end(args);
}

void app_error(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(app, true, format, args);
    va_end(args);
}

/* ---- where we are ---- */

int app_pane_in(const struct app *app, int place)
{
    return place ? PANE_MEMORY : app->left;
}

int app_place_of(int which)
{
    return which == PANE_MEMORY;
}

bool app_has_place(const struct app *app, int which)
{
    return app_pane_in(app, app_place_of(which)) == which;
}

void app_focus(struct app *app, int which)
{
    bool appears = !app_has_place(app, which);
    app->focus = which;
    if (which != PANE_MEMORY)
        app->left = which;
    if (appears && app->pane[which]->type->refresh)
        app->pane[which]->type->refresh(app->pane[which], app_now());
}

void app_show_pane(struct app *app, int which)
{
    struct visit from = app_visit(app);
    app_focus(app, which);
    app_jumped(app, &from);
}

struct address app_here(const struct app *app)
{
    const struct pane *pane = app->pane[app->focus];
    return pane->type->here(pane);
}

struct visit app_visit(const struct app *app)
{
    const struct pane *pane = app->pane[app->focus];
    struct visit visit = {.pane = app->focus,
                          .cursor = pane->type->here(pane),
                          .top = pane->type->top(pane),
                          .half = app->half};
    if (pane->type->detail)
        pane->type->detail(pane, &visit.detail);
    return visit;
}

/* Does what lies there depend on the process? */
static bool in_user_half(const struct app *app, struct address address)
{
    const struct paging *paging = app->session->memory.paging;
    return address.space == SPACE_VIRT && paging && !paging_is_kernel_half(paging, address.value);
}

static bool is_same_place(const struct app *app, const struct visit *a, const struct visit *b)
{
    bool is_same_half =
        a->half.root_pa == b->half.root_pa && a->half.process.mm == b->half.process.mm;
    return a->pane == b->pane && a->cursor.space == b->cursor.space &&
           a->cursor.value == b->cursor.value &&
           memcmp(&a->detail, &b->detail, sizeof a->detail) == 0 &&
           (is_same_half || !in_user_half(app, a->cursor));
}

void app_jumped(struct app *app, const struct visit *from)
{
    struct visit now = app_visit(app);
    now.half = session_user_half(app->session);
    if (!is_same_place(app, &now, from)) {
        navigator_go(&app->navigator, from, &now);
        app->jumps++;
    }
}

void app_back(struct app *app, bool forward)
{
    struct visit from = app_visit(app), to;
    struct error err = {.text = ""};
    if (!(forward ? navigator_forward(&app->navigator, &from, &to)
                  : navigator_back(&app->navigator, &from, &to))) {
        app_message(app, forward ? "nothing further forward" : "nothing further back");
        return;
    }
    struct pane *pane = app->pane[to.pane];
    if (in_user_half(app, to.cursor))
        session_reenter(app->session, &to.half, &err);
    app_catch_up(app);
    app_focus(app, to.pane);
    if (pane->type->recall)
        pane->type->recall(pane, &to.detail);
    pane->type->restore(pane, to.cursor, to.top);
    if (err.text[0])
        app_error(app, "%s", err.text);
}

static void go_in(struct app *app, int which, struct address address)
{
    struct visit from = app_visit(app);
    struct pane *pane = app->pane[which];
    struct error err;
    if (!pane->type->go(pane, address, &err)) {
        app_error(app, "%s", err.text);
        return;
    }
    app_focus(app, which);
    app_jumped(app, &from);
}

void app_go(struct app *app, struct address address)
{
    go_in(app, PANE_MEMORY, address);
}

void app_reveal(struct app *app, struct address address)
{
    go_in(app, PANE_TABLES, address);
}

/* ---- what changes by itself ---- */

/* Until the reader has moved there, memory opens at the kernel's image once that is known. */
static void show_kernel(struct app *app)
{
    struct pane *pane = app->pane[PANE_MEMORY];
    const struct kernel *kernel = &app->session->kernel;
    struct address here = pane->type->here(pane);
    uint64_t va = kernel->text_va, pa, mapped;
    app->moved |= here.space != app->shown.space || here.value != app->shown.value;
    if (app->moved || !kernel->has_text_va)
        return;
    /* Linux unmaps the image's header once it runs. */
    if (!memory_translate(&app->session->memory, va, &pa) &&
        memory_skip(&app->session->memory, address_in(SPACE_VIRT, va), false, &mapped))
        va = mapped;
    app->shown = address_in(SPACE_VIRT, va);
    pane->type->restore(pane, app->shown, va);
}

void app_facts_changed(struct app *app)
{
    app->epoch = app->session->facts_epoch;
    app_tell_process(app);
    owners_forget(app->owners);
    if (!session_guest(app->session)) {
        type_names_destroy(app->types);
        app->types = NULL;
    }
    for (int i = 0; i < PANES; i++)
        if (app->pane[i]->type->facts_changed)
            app->pane[i]->type->facts_changed(app->pane[i]);
    show_kernel(app);
    app->dirty = true;
}

void app_catch_up(struct app *app)
{
    if (app->epoch != app->session->facts_epoch)
        app_facts_changed(app);
}

void app_refresh(struct app *app)
{
    struct error message = {.text = ""};
    int64_t now = app_now();
    if (session_refresh(app->session, &message) == IMAGE_WHOLE)
        message.text[0] = '\0';
    /* Said once, and again when there is something new to say (a second shrink). */
    if (strcmp(message.text, app->image_said.text) != 0 && message.text[0])
        app_error(app, "%s", message.text);
    app->image_said = message;
    app_catch_up(app);
    owners_forget(app->owners);
    for (int i = 0; i < PANES; i++)
        if (app->pane[i]->type->refresh && app_has_place(app, i))
            app->pane[i]->type->refresh(app->pane[i], now);
    app->dirty = true;
}

void app_close_popup(struct app *app)
{
    if (app->popup && app->popup == app->answer.popup)
        answer_stop(app);
    popup_destroy(app->popup);
    app->popup = NULL;
    app->dirty = true;
}

void app_suspend(struct app *app)
{
    screen_suspend();
    signals_stop();
    screen_resume();
    app->dirty = true;
}

static void take_signals(struct app *app)
{
    unsigned events = signals_take();
    if (events & SIGNAL_LEAVE)
        app->leave = true;
    if (events & SIGNAL_SUSPEND)
        app_suspend(app);
    if (events & (SIGNAL_RESIZE | SIGNAL_RESUMED)) {
        screen_resized();
        if (events & SIGNAL_RESUMED)
            screen_redraw();
        app->dirty = true;
    }
}

/* ---- the loop ---- */

/* A slice of whatever goes on.  True while there is more. */
static bool work(struct app *app)
{
    bool more = session_step(app->session);
    app_run_held(app);
    app_catch_up(app);
    for (int i = 0; i < PANES; i++) {
        struct visit before = app_visit(app);
        if (!app->pane[i]->type->step)
            continue;
        more = app->pane[i]->type->step(app->pane[i]) || more;
        struct visit after = app_visit(app);
        if (before.cursor.space != after.cursor.space || before.cursor.value != after.cursor.value)
            app->dirty = true;
    }
    return more;
}

/* What a key opened has its rows and its place before the next key acts on it. */
static void handle_keys(struct app *app)
{
    for (int key; !app->leave && (key = screen_key()) != PRESS_NONE;) {
        const struct popup *popup = app->popup;
        int left = app->left, focus = app->focus;
        bool zoom = app->zoom;
        app_key(app, key);
        app->dirty = true;
        if (popup != app->popup || left != app->left || focus != app->focus || zoom != app->zoom)
            app_draw(app);
    }
}

static void tick(struct app *app)
{
    int64_t now = app_now();
    if (!app->settings.live || now < app->next_tick)
        return;
    app_refresh(app);
    app->next_tick = app_now() + 1000 / app->settings.rate;
}

static int patience(const struct app *app, bool busy)
{
    char doing[64];
    double done;
    if (busy)
        return 0;
    if (session_progress(app->session, doing, sizeof doing, &done))
        return LOADING_MS;
    int most = answer_descriptor(app) >= 0 ? PROGRESS_MS : -1;
    if (!app->settings.live)
        return most;
    int64_t left = app->next_tick - app_now();
    left = left > 0 ? left : 0;
    return most < 0 || left < most ? (int)left : most;
}

static void loop(struct app *app, int signals)
{
    bool busy = true;
    while (!app->leave) {
        int64_t now = app_now();
        bool goes_on = busy || answer_descriptor(app) >= 0;
        if (app->dirty || (goes_on && now - app->drawn_ms >= PROGRESS_MS)) {
            app->dirty = false;
            app_draw(app);
            app->drawn_ms = app_now();
        }
        struct pollfd files[3] = {
            {STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}, {answer_descriptor(app), POLLIN, 0}};
        int ready = poll(files, 3, patience(app, busy));
        if (ready > 0 && files[1].revents)
            take_signals(app);
        if (ready > 0 && files[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            break;
        if (ready > 0 && files[0].revents & POLLIN)
            handle_keys(app);
        else if (ready > 0 && files[2].revents)
            answer_take(app);
        else if (busy || ready == 0)
            busy = work(app);
        /* A key may have started a search or changed the tables. */
        busy = busy || (ready > 0 && files[0].revents & POLLIN);
        tick(app);
    }
}

static bool create_panes(struct app *app)
{
    static const struct pane_type *const types[PANES] = {
        [PANE_TABLES] = &tree_pane_type,         [PANE_MEMORY] = &hex_pane_type,
        [PANE_PROCESSES] = &processes_pane_type, [PANE_SYMBOLS] = &symbols_pane_type,
        [PANE_MAPPINGS] = &mappings_pane_type,   [PANE_STRUCT] = &struct_pane_type,
        [PANE_LIST] = &list_pane_type,
    };
    for (int i = 0; i < PANES; i++)
        if (!(app->pane[i] = types[i]->create(app, app->session)))
            return false;
    return true;
}

static void destroy(struct app *app)
{
    for (int i = 0; i < PANES; i++)
        if (app->pane[i])
            app->pane[i]->type->destroy(app->pane[i]);
    app_close_popup(app);
    type_names_destroy(app->types);
    owners_destroy(app->owners);
    prompt_deinit();
    free(app);
}

bool app_run(struct session *session, bool mono, unsigned rate, struct error *err)
{
    struct app *app = calloc(1, sizeof *app);
    if (!app)
        return error_set(err, "out of memory");
    app->session = session;
    session->impatient = true;
    app->owners = owners_create(session);
    app->settings = default_settings;
    app->focus = PANE_MEMORY;
    app->shown = address_in(SPACE_FILE, 0);
    app->dirty = true;
    if (rate)
        app->settings.rate = rate;
    int signals = signals_open();
    if (signals < 0 || !app->owners || !create_panes(app)) {
        destroy(app);
        return error_set(err, "out of memory or descriptors");
    }
    if (!screen_start(mono, err)) {
        destroy(app);
        return false;
    }
    atexit(screen_end);
    struct prompt_source source = {app, complete_line};
    prompt_init(&source);
    screen_mouse_enable(app->settings.mouse != 0);
    loop(app, signals);
    screen_end();
    destroy(app);
    return true;
}
