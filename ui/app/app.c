/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one loop: all keys that wait, then one frame if something changed, then a slice of
 * background work; a tick now and then follows the guest's changes.
 */
#include "ui/app/app.h"

#include "base/clock.h"
#include "session/guest.h"
#include "session/owners.h"
#include "ui/app/app_state.h"
#include "ui/app/signals.h"
#include "ui/command/answer.h"
#include "ui/command/command_line.h"
#include "ui/command/commands_run.h"
#include "ui/command/complete.h"
#include "ui/command/prompt.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_MS = 100, ARRIVALS_MS = 10 };

/* What pages are and whose changes less often than what is in them, and costs a worker. */
enum { OWNERS_OLD_MS = 500 };

/* How long leaving waits for workers: they look at their flag every millisecond or so. */
enum { LEAVE_MS = 50 };

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

static void show_message(struct app *app, bool failed, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void show_message(struct app *app, bool failed, const char *format, va_list args)
{
    if (app->quiet)
        return;
    vsnprintf(app->message.text, sizeof app->message.text, format, args);
    app->message.failed = failed;
    app->dirty = true;
}

void app_message(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    show_message(app, false, format, args);
    va_end(args);
}

void app_error(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    show_message(app, true, format, args);
    va_end(args);
}

/* ---- where we are ---- */

char *app_hint(const struct app *app, const char *line, char *text, size_t size)
{
    return keymap_hint(&app->keymap, line, command_context(app), text, size);
}

struct address app_here(const struct app *app)
{
    const struct pane *pane = app_focused(app);
    return pane->type->here(pane);
}

struct history_entry app_visit(const struct app *app)
{
    const struct pane *pane = app_focused(app);
    struct history_entry visit = {.pane = app_focus_number(app),
                                  .cursor = pane->type->here(pane),
                                  .top = pane->type->top(pane)};
    if (pane->type->detail)
        pane->type->detail(pane, &visit.detail);
    return visit;
}

static bool is_same_place(const struct history_entry *a, const struct history_entry *b)
{
    return a->pane == b->pane && address_equal(a->cursor, b->cursor) &&
           memcmp(&a->detail, &b->detail, sizeof a->detail) == 0;
}

void app_jumped(struct app *app, const struct history_entry *from)
{
    struct history_entry now = app_visit(app);
    if (!is_same_place(&now, from)) {
        history_go(&app->history, from, &now);
        app->jumps++;
    }
}

void app_back(struct app *app, bool forward)
{
    struct history_entry from = app_visit(app), to;
    struct error err = {.text = ""};
    if (!(forward ? history_forward(&app->history, &from, &to)
                  : history_back(&app->history, &from, &to))) {
        app_message(app, forward ? "nothing further forward" : "nothing further back");
        return;
    }
    struct pane *pane = app->pane[to.pane];
    if (!session_is_there(app->session, to.cursor, &err))
        session_fate(app->session, to.cursor.space, &to.cursor.space);
    app_focus(app, to.pane);
    if (pane->type->recall)
        pane->type->recall(pane, &to.detail);
    pane->type->restore(pane, to.cursor, to.top);
    if (err.text[0])
        app_error(app, "%s", err.text);
}

static void go_in(struct app *app, const struct pane_type *type, struct address address)
{
    struct history_entry from = app_visit(app);
    struct pane *pane = app_pane(app, type);
    struct error err;
    if (!session_is_there(app->session, address, &err) || !pane->type->go(pane, address, &err)) {
        app_error(app, "%s", err.text);
        return;
    }
    app_focus(app, app_pane_number(app, type));
    app_jumped(app, &from);
}

void app_go(struct app *app, struct address address)
{
    go_in(app, &hex_pane_type, address);
}

void app_reveal(struct app *app, struct address address)
{
    go_in(app, &tree_pane_type, address);
}

/* ---- what changes by itself ---- */

static bool is_unmapped(struct app *app, struct address address)
{
    struct range range;
    session_range(app->session, address, &range);
    return range.kind == RANGE_UNMAPPED;
}

/* Where memory opens once the kernel is known.  False: it is not. */
static bool kernel_start(struct app *app, struct address *start)
{
    struct guest_facts facts;
    uint64_t pa, mapped;
    session_facts(app->session, &facts);
    *start = address_in(session_space(app->session), facts.text_va);
    if (!facts.has_text_va)
        return false;
    /* Linux unmaps the image's header once it runs. */
    if (!session_translate(app->session, *start, &pa) && is_unmapped(app, *start) &&
        session_skip_within(app->session, *start, false, true, &mapped) == SKIP_FOUND)
        start->value = mapped;
    return true;
}

/* Memory that has not been moved since it was opened opens at the kernel's image. */
static void show_kernel(struct app *app)
{
    struct address start;
    if (!kernel_start(app, &start))
        return;
    for (int i = 0; i < app->panes; i++) {
        struct pane *pane = app->pane[i];
        if (pane->type != &hex_pane_type || app->moved[i])
            continue;
        struct address here = pane->type->here(pane);
        app->moved[i] = here.space != app->shown.space || here.value != app->shown.value;
        if (!app->moved[i])
            pane->type->restore(pane, start, start.value);
    }
    app->shown = start;
}

void app_facts_changed(struct app *app)
{
    app->epoch = session_generation(app->session);
    owners_clear(app->owners);
    for (int i = 0; i < app->panes; i++)
        if (app->pane[i]->type->facts_changed)
            app->pane[i]->type->facts_changed(app->pane[i]);
    session_let_go(app->session);
    show_kernel(app);
    app_follow_again(app);
    app->dirty = true;
}

void app_catch_up(struct app *app)
{
    if (app->epoch != session_generation(app->session))
        app_facts_changed(app);
}

/* Those on the screen look again at what they show. */
static void refresh_panes(struct app *app, int64_t now_ms)
{
    if (now_ms - app->owners_ms >= OWNERS_OLD_MS) {
        app->owners_ms = now_ms;
        owners_forget(app->owners);
    }
    for (int i = 0; i < app->panes; i++)
        if (app->pane[i]->type->refresh && layout_leaf_of(&app->layout, i) != LAYOUT_NONE)
            app->pane[i]->type->refresh(app->pane[i], now_ms);
    app->dirty = true;
}

/* Bytes that were on their way have come: what they stand for is drawn. */
static void take_arrivals(struct app *app)
{
    bool ignored;
    uint64_t arrivals = session_arrivals(app->session, &ignored);
    if (arrivals == app->arrivals || clock_ms() - app->drawn_ms < ARRIVALS_MS)
        return;
    app->arrivals = arrivals;
    app->owners_ms = 0;
    refresh_panes(app, clock_ms());
}

void app_refresh(struct app *app)
{
    struct error message = {.text = ""};
    int64_t now = clock_ms();
    if (session_refresh(app->session, &message) == SOURCE_WHOLE)
        message.text[0] = '\0';
    /* Shown once, and again when there is something to add (a second shrink). */
    if (strcmp(message.text, app->image_said.text) != 0 && message.text[0])
        app_error(app, "%s", message.text);
    app->image_said = message;
    app_catch_up(app);
    app_watch_processes(app);
    refresh_panes(app, now);
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

/* Takes over what workers have done, and a slice of whatever goes on.  True while there is more. */
static bool work(struct app *app)
{
    bool more = session_step(app->session);
    if (more) { /* names that were not known */
        owners_forget(app->owners);
        app->dirty = true;
    }
    more |= app->epoch != session_generation(app->session);
    pace_step(&app->pace, app->session, clock_ms());
    app->dirty |= owners_step(app->owners);
    app_run_held(app);
    app_catch_up(app);
    for (int i = 0; i < app->panes; i++) {
        struct history_entry before = app_visit(app);
        if (!app->pane[i]->type->step)
            continue;
        more = app->pane[i]->type->step(app->pane[i]) || more;
        struct history_entry after = app_visit(app);
        if (!address_equal(before.cursor, after.cursor))
            app->dirty = true;
    }
    return more;
}

static void show(struct app *app)
{
    owners_begin_frame(app->owners);
    app_follow(app);
    app_draw(app);
}

static void draw(struct app *app)
{
    app->dirty = false;
    show(app);
    app->drawn_ms = clock_ms();
}

/* What a key opened has its rows and its place before the next key acts on it. */
static void handle_keys(struct app *app)
{
    for (int key; !app->leave && (key = screen_key()) != PRESS_NONE;) {
        const struct popup *popup = app->popup;
        unsigned changes = app->layout.changes;
        app_key(app, key);
        pace_hurry(&app->pace, app->settings.rate, clock_ms());
        app->dirty = true;
        if (popup != app->popup || changes != app->layout.changes)
            show(app);
    }
}

/* Another look at the guest; the frame says whether it has changed what is shown. */
static void tick(struct app *app)
{
    if (!app->settings.live || !pace_is_due(&app->pace, clock_ms()))
        return;
    uint64_t before = screen_fingerprint();
    app_refresh(app);
    if (!pace_is_slow(&app->pace, app->settings.rate))
        session_renew(app->session);
    draw(app);
    pace_looked(&app->pace, app->settings.rate, screen_fingerprint() != before, clock_ms());
}

static int pane_descriptor(const struct app *app, int i)
{
    const struct pane_type *type = app->pane[i]->type;
    return type->descriptor ? type->descriptor(app->pane[i]) : -1;
}

/* A command or a pane's question is under way, and its progress is shown; or the last frame was
 * cut, and another is tried. */
static bool is_asking(const struct app *app)
{
    bool any = answer_descriptor(app) >= 0 || app->is_cut;
    for (int i = 0; i < app->panes; i++)
        any |= pane_descriptor(app, i) >= 0;
    return any;
}

static int patience(const struct app *app, bool busy)
{
    char doing[64];
    double done;
    bool more;
    if (busy)
        return 0;
    if (session_progress(app->session, doing, sizeof doing, &done))
        return PROGRESS_MS;
    if (session_arrivals(app->session, &more) != app->arrivals || more)
        return ARRIVALS_MS;
    int most = is_asking(app) ? PROGRESS_MS : -1;
    if (!app->settings.live)
        return most;
    int64_t left = app->pace.next_ms - clock_ms();
    left = left > 0 ? left : 0;
    return most < 0 || left < most ? (int)left : most;
}

/* The descriptors that loop() waits for: five, and then those of the workers. */
#define WORKERS      5
#define MOST_WORKERS (SESSION_WORKERS + APP_PANES)

static nfds_t add_workers(const struct app *app, struct pollfd *file)
{
    int descriptor[SESSION_WORKERS];
    nfds_t count = 0;
    session_descriptors(app->session, descriptor);
    for (; count < SESSION_WORKERS; count++)
        file[count] = (struct pollfd){descriptor[count], POLLIN, 0};
    for (int i = 0; i < app->panes; i++)
        file[count++] = (struct pollfd){pane_descriptor(app, i), POLLIN, 0};
    return count;
}

static void loop(struct app *app, int signals)
{
    bool busy = true;
    while (!app->leave) {
        int64_t now = clock_ms();
        bool goes_on = busy || is_asking(app);
        if (app->dirty || (goes_on && now - app->drawn_ms >= PROGRESS_MS))
            draw(app);
        struct pollfd files[WORKERS + MOST_WORKERS] = {{STDIN_FILENO, POLLIN, 0},
                                                       {signals, POLLIN, 0},
                                                       {answer_descriptor(app), POLLIN, 0},
                                                       {pace_descriptor(&app->pace), POLLIN, 0},
                                                       {owners_descriptor(app->owners), POLLIN, 0}};
        nfds_t count = WORKERS + add_workers(app, files + WORKERS);
        int ready = poll(files, count, patience(app, busy));
        session_begin_turn(app->session);
        if (ready > 0 && files[1].revents)
            take_signals(app);
        if (ready > 0 && files[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            break;
        if (ready > 0 && files[0].revents & POLLIN)
            handle_keys(app);
        else if (ready > 0 && files[2].revents)
            answer_take(app);
        else if (ready >= 0)
            busy = work(app);
        /* A key may have started a search or changed the tables. */
        busy = busy || (ready > 0 && files[0].revents & POLLIN);
        take_arrivals(app);
        /* The frame that answers a key comes before another look at the guest. */
        if (!app->dirty)
            tick(app);
    }
}

static void destroy(struct app *app)
{
    for (int i = 0; i < app->panes; i++)
        app->pane[i]->type->destroy(app->pane[i]);
    keymap_deinit(&app->keymap);
    postponed_clear(&app->postponed);
    app_close_popup(app);
    owners_destroy(app->owners);
    prompt_deinit();
    free(app);
}

/* The file of commands to begin with: the one that was named must be there, the user's own may be
 * missing.  False with a reason: it cannot be read. */
static bool read_rc(const char *named, char path[RC_PATH], struct rc_text *text, struct error *err)
{
    bool missing = false;
    if (named)
        snprintf(path, RC_PATH, "%s", named);
    else if (!rc_default_path(path, RC_PATH))
        return true;
    if (rc_read(path, text, &missing, err))
        return true;
    if (!missing || named)
        return false;
    err->text[0] = '\0'; /* the user has none */
    return true;
}

/* A mistake in the file is shown as a message; the program starts. */
static void run_rc(struct app *app, const char *path, const struct rc_text *text, struct error *err)
{
    bool done = !err->text[0] && command_source(app, path, text, err);
    app->message.text[0] = '\0';
    if (!done)
        app_error(app, "%s", err->text);
}

static bool start(struct app *app, const struct app_options *options, struct error *err)
{
    struct error problem = {.column = -1, .text = ""};
    struct rc_text text = {NULL, 0};
    char path[RC_PATH] = "";
    if (!read_rc(options->rc, path, &text, &problem) && options->rc) {
        *err = problem;
        return error_context(err, "--rc");
    }
    bool started = keymap_init(&app->keymap, err) && screen_start(options->mono, err);
    if (started) {
        atexit(screen_end);
        run_rc(app, path, &text, &problem);
        if (options->rate)
            app->settings.rate = options->rate;
    }
    free(text.data);
    return started;
}

/* What workers that are still busy look at stays; it ends with the process. */
static void leave(struct app *app)
{
    answer_stop(app);
    pace_stop(&app->pace);
    if (session_end_workers(LEAVE_MS)) {
        destroy(app);
        return;
    }
    signals_finish();
    _exit(EXIT_SUCCESS);
}

bool app_run(struct session *session, const struct app_options *options, struct error *err)
{
    struct app *app = calloc(1, sizeof *app);
    if (!app)
        return error_set(err, "out of memory");
    app->session = session;
    session_set_nonblocking(session);
    app->owners = owners_create(session);
    app->settings = default_settings;
    app->shown = address_file(0);
    app->dirty = true;
    int signals = signals_open();
    if (signals < 0 || !app->owners || !app_create_panes(app)) {
        destroy(app);
        return error_set(err, "out of memory or descriptors");
    }
    struct prompt_source source = {app, complete_line};
    prompt_init(&source);
    if (!start(app, options, err)) {
        destroy(app);
        return false;
    }
    screen_mouse_enable(app->settings.mouse != 0);
    loop(app, signals);
    screen_end();
    leave(app);
    return true;
}
