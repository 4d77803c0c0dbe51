/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One poll loop (terminal_pump) moves bytes both ways; everything that waits is built on it. */
#include "terminal.h"

#include "dialect.h"
#include "keys.h"
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#define SEND_TIMEOUT 5000
#define ESCAPE_PAUSE 120
#define FRAME_GAP    1000 /* microseconds without output: a frame is over */
#define EXIT_QUIET   30   /* the last output can reach us shortly after the exit does */

struct terminal {
    int pty, reports; /* -1 once closed by the other side */
    pid_t supervisor, program;
    int rows, cols;
    VTerm *vterm;
    struct dialect dialect;
    char *queue; /* typed bytes and libvterm's answers on their way to the program */
    size_t queue_size, queue_room;
    size_t bytes;
    uint64_t mark_us, first_us, last_us; /* first_us 0: no frame is over since the mark */
    enum { RUNNING, STOPPED, ENDED } state;
    int status;
    struct termios first, latest; /* line settings before the program and at its last report */
};

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int remaining(uint64_t deadline)
{
    const uint64_t now = now_us();
    return now < deadline ? (int)((deadline - now + 999) / 1000) : 0;
}

static uint64_t deadline_in(int timeout)
{
    return now_us() + (uint64_t)timeout * 1000;
}

static void enqueue(const char *bytes, size_t size, void *user)
{
    struct terminal *terminal = user;
    const size_t needed = terminal->queue_size + size;
    if (needed > terminal->queue_room) {
        char *queue = realloc(terminal->queue, needed * 2);
        if (!queue)
            return;
        terminal->queue = queue;
        terminal->queue_room = needed * 2;
    }
    memcpy(terminal->queue + terminal->queue_size, bytes, size);
    terminal->queue_size = needed;
}

static void set_palette(VTerm *vterm)
{
    static const uint32_t palette[16] = {
        0x2e3436, 0xe05561, 0x8cc265, 0xd9a343, 0x4d9fe6, 0xb574cf, 0x42b3c2, 0xd3d7cf,
        0x6b7280, 0xff7a85, 0xa5e075, 0xf0c674, 0x74b9ff, 0xd19aed, 0x6cd9e6, 0xffffff,
    };
    VTermState *state = vterm_obtain_state(vterm);
    VTermColor colour, background;
    for (int i = 0; i < 16; i++) {
        vterm_color_rgb(&colour, (uint8_t)(palette[i] >> 16), (uint8_t)(palette[i] >> 8),
                        (uint8_t)palette[i]);
        vterm_state_set_palette_color(state, i, &colour);
    }
    vterm_color_rgb(&colour, TERMINAL_FG >> 16, TERMINAL_FG >> 8 & 0xff, TERMINAL_FG & 0xff);
    vterm_color_rgb(&background, TERMINAL_BG >> 16, TERMINAL_BG >> 8 & 0xff, TERMINAL_BG & 0xff);
    vterm_state_set_default_colors(state, &colour, &background);
}

static bool start_vterm(struct terminal *terminal)
{
    terminal->vterm = vterm_new(terminal->rows, terminal->cols);
    if (!terminal->vterm)
        return false;
    vterm_set_utf8(terminal->vterm, 1);
    vterm_output_set_callback(terminal->vterm, enqueue, terminal);
    vterm_screen_enable_altscreen(vterm_obtain_screen(terminal->vterm), 1);
    set_palette(terminal->vterm);
    vterm_screen_reset(vterm_obtain_screen(terminal->vterm), 1);
    dialect_init(&terminal->dialect);
    return true;
}

static void set_environment(const char *const environment[])
{
    setenv("TERM", "xterm-256color", 1);
    for (; environment && *environment; environment++) {
        char *name = strdup(*environment);
        char *equals = name ? strchr(name, '=') : NULL;
        if (equals)
            *equals = '\0';
        if (name && equals)
            setenv(name, equals + 1, 1);
        else if (name)
            unsetenv(name);
        free(name);
    }
}

/* The first report says how the terminal was set before the program, and which process that is. */
static bool start_program(struct terminal *terminal, char *const argv[],
                          const char *const environment[])
{
    int pipes[2];
    struct supervisor_report first;
    const struct winsize size = {.ws_row = (unsigned short)terminal->rows,
                                 .ws_col = (unsigned short)terminal->cols};
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return false;
    terminal->reports = pipes[0];
    terminal->supervisor = forkpty(&terminal->pty, NULL, NULL, &size);
    if (terminal->supervisor == 0) {
        set_environment(environment);
        supervisor_run(pipes[1], argv);
    }
    close(pipes[1]);
    if (terminal->supervisor < 0)
        return false;
    fcntl(terminal->pty, F_SETFD, FD_CLOEXEC);
    fcntl(terminal->pty, F_SETFL, O_NONBLOCK);
    if (read(terminal->reports, &first, sizeof first) != (ssize_t)sizeof first)
        return false;
    terminal->program = first.program;
    terminal->first = terminal->latest = first.settings;
    return true;
}

struct terminal *terminal_open(int rows, int cols, char *const argv[],
                               const char *const environment[])
{
    struct terminal *terminal = calloc(1, sizeof *terminal);
    if (!terminal)
        return NULL;
    terminal->pty = terminal->reports = -1;
    terminal->rows = rows;
    terminal->cols = cols;
    terminal_mark(terminal);
    if (!start_vterm(terminal) || !start_program(terminal, argv, environment)) {
        perror("terminal");
        terminal_close(terminal);
        return NULL;
    }
    return terminal;
}

void terminal_close(struct terminal *terminal)
{
    if (!terminal)
        return;
    if (terminal->program > 0 && terminal->state != ENDED)
        kill(-terminal->program, SIGKILL);
    if (terminal->pty >= 0)
        close(terminal->pty); /* hangs up on whatever is left in the session */
    if (terminal->supervisor > 0) {
        kill(terminal->supervisor, SIGKILL);
        waitpid(terminal->supervisor, NULL, 0);
    }
    if (terminal->reports >= 0)
        close(terminal->reports);
    if (terminal->vterm)
        vterm_free(terminal->vterm);
    free(terminal->queue);
    free(terminal);
}

static void take_report(struct terminal *terminal)
{
    struct supervisor_report report;
    if (read(terminal->reports, &report, sizeof report) != (ssize_t)sizeof report) {
        close(terminal->reports);
        terminal->reports = -1;
        terminal->state = ENDED;
        return;
    }
    terminal->latest = report.settings;
    terminal->status = report.status;
    terminal->state = WIFSTOPPED(report.status) ? STOPPED : ENDED;
}

static void take_output(struct terminal *terminal)
{
    char bytes[65536];
    ssize_t size;
    while ((size = read(terminal->pty, bytes, sizeof bytes)) > 0) {
        uint64_t now = now_us();
        if (terminal->bytes && !terminal->first_us && now - terminal->last_us >= FRAME_GAP)
            terminal->first_us = terminal->last_us;
        terminal->last_us = now;
        terminal->bytes += (size_t)size;
        dialect_feed(&terminal->dialect, terminal->vterm, bytes, (size_t)size);
    }
    if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
        close(terminal->pty);
        terminal->pty = -1;
    }
}

static void give_input(struct terminal *terminal)
{
    const ssize_t size = write(terminal->pty, terminal->queue, terminal->queue_size);
    if (size <= 0)
        return;
    terminal->queue_size -= (size_t)size;
    memmove(terminal->queue, terminal->queue + size, terminal->queue_size);
}

bool terminal_pump(struct terminal *terminal, int timeout)
{
    struct pollfd polls[] = {
        {.fd = terminal->pty, .events = terminal->queue_size ? POLLIN | POLLOUT : POLLIN},
        {.fd = terminal->state == ENDED ? -1 : terminal->reports, .events = POLLIN},
    };
    if (poll(polls, 2, timeout) <= 0)
        return false;
    if (polls[0].revents & POLLOUT)
        give_input(terminal);
    if (polls[0].revents & (POLLIN | POLLHUP | POLLERR))
        take_output(terminal);
    if (polls[1].revents)
        take_report(terminal);
    if (terminal->pty >= 0 && terminal->queue_size)
        give_input(terminal);
    return true;
}

bool terminal_settle(struct terminal *terminal, int quiet, int timeout)
{
    const uint64_t deadline = deadline_in(timeout);
    for (;;) {
        const int left = remaining(deadline);
        if (!terminal_pump(terminal, left < quiet ? left : quiet))
            return left >= quiet;
    }
}

bool terminal_send(struct terminal *terminal, const char *bytes, size_t size)
{
    const uint64_t deadline = deadline_in(SEND_TIMEOUT);
    enqueue(bytes, size, terminal);
    while (terminal->queue_size) {
        if (terminal->pty < 0 || terminal->state == ENDED || !remaining(deadline))
            return false;
        give_input(terminal);
        if (terminal->queue_size)
            terminal_pump(terminal, 10);
    }
    return true;
}

static void press(struct terminal *terminal, const struct key *key)
{
    const struct dialect *dialect = &terminal->dialect;
    const bool mouse =
        dialect_mode(dialect, 1000) || dialect_mode(dialect, 1002) || dialect_mode(dialect, 1003);
    if (key->paste > 0) {
        vterm_keyboard_start_paste(terminal->vterm);
    } else if (key->paste < 0) {
        vterm_keyboard_end_paste(terminal->vterm);
    } else if (key->text_size) {
        enqueue(key->text, key->text_size, terminal);
    } else if (key->special != VTERM_KEY_NONE) {
        vterm_keyboard_key(terminal->vterm, key->special, key->modifier);
    } else if (mouse) {
        vterm_mouse_move(terminal->vterm, key->row, key->col, VTERM_MOD_NONE);
        vterm_mouse_button(terminal->vterm, key->button, true, key->modifier);
        if (key->button < 4)
            vterm_mouse_button(terminal->vterm, key->button, false, key->modifier);
    }
}

bool terminal_keys(struct terminal *terminal, const char *keys)
{
    while (*keys) {
        struct key key;
        keys = keys_next(keys, &key);
        if (!keys)
            return false;
        press(terminal, &key);
        if (key.special == VTERM_KEY_ESCAPE && *keys) {
            if (!terminal_send(terminal, "", 0))
                return false;
            const uint64_t deadline = deadline_in(ESCAPE_PAUSE);
            while (remaining(deadline))
                terminal_pump(terminal, remaining(deadline));
        }
    }
    return terminal_send(terminal, "", 0);
}

bool terminal_resize(struct terminal *terminal, int rows, int cols)
{
    const struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    terminal->rows = rows;
    terminal->cols = cols;
    vterm_set_size(terminal->vterm, rows, cols);
    return terminal->pty >= 0 && ioctl(terminal->pty, TIOCSWINSZ, &size) == 0;
}

void terminal_size(const struct terminal *terminal, int *rows, int *cols)
{
    *rows = terminal->rows;
    *cols = terminal->cols;
}

bool terminal_wait_text(struct terminal *terminal, const char *text, int timeout)
{
    const uint64_t deadline = deadline_in(timeout);
    while (!terminal_find(terminal, text, NULL, NULL)) {
        const int left = remaining(deadline);
        if (!left)
            return false;
        terminal_pump(terminal, left);
    }
    return true;
}

struct VTerm *terminal_vterm(const struct terminal *terminal)
{
    return terminal->vterm;
}

bool terminal_mode(const struct terminal *terminal, unsigned number)
{
    return dialect_mode(&terminal->dialect, number);
}

void terminal_mark(struct terminal *terminal)
{
    terminal->bytes = 0;
    terminal->first_us = 0;
    terminal->mark_us = terminal->last_us = now_us();
}

size_t terminal_bytes(const struct terminal *terminal)
{
    return terminal->bytes;
}

uint64_t terminal_latency_us(const struct terminal *terminal)
{
    return terminal->bytes ? terminal->last_us - terminal->mark_us : 0;
}

uint64_t terminal_first_us(const struct terminal *terminal)
{
    return terminal->first_us ? terminal->first_us - terminal->mark_us
                              : terminal_latency_us(terminal);
}

bool terminal_signal(struct terminal *terminal, int signal)
{
    if (terminal->state == ENDED || kill(-terminal->program, signal) != 0)
        return false;
    if (signal == SIGCONT)
        terminal->state = RUNNING;
    return true;
}

bool terminal_wait_end(struct terminal *terminal, int timeout, int *status)
{
    const uint64_t deadline = deadline_in(timeout);
    while (terminal->state != ENDED && remaining(deadline))
        terminal_pump(terminal, remaining(deadline));
    terminal_settle(terminal, EXIT_QUIET, 1000);
    if (terminal->state == ENDED)
        *status = terminal->status;
    return terminal->state == ENDED;
}

bool terminal_has_ended(const struct terminal *terminal)
{
    return terminal->state == ENDED;
}

bool terminal_wait_stop(struct terminal *terminal, int timeout)
{
    const uint64_t deadline = deadline_in(timeout);
    while (terminal->state == RUNNING && remaining(deadline))
        terminal_pump(terminal, remaining(deadline));
    terminal_settle(terminal, EXIT_QUIET, 1000);
    return terminal->state == STOPPED;
}

static bool same_settings(const struct termios *a, const struct termios *b)
{
    const tcflag_t state = PENDIN | FLUSHO; /* the kernel's own notes, not settings */
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           (a->c_lflag & ~state) == (b->c_lflag & ~state) &&
           memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

const char *terminal_left_behind(const struct terminal *terminal)
{
    static const struct {
        unsigned mode;
        bool on; /* when this is what is wrong */
        const char *name;
    } modes[] = {
        {47, true, "alternate screen"},
        {1047, true, "alternate screen"},
        {1049, true, "alternate screen"},
        {25, false, "cursor"},
        {1000, true, "mouse"},
        {1002, true, "mouse"},
        {1003, true, "mouse"},
        {1006, true, "mouse"},
        {2004, true, "bracketed paste"},
        {1, true, "cursor keys"},
    };
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (dialect_mode(&terminal->dialect, modes[i].mode) == modes[i].on)
            return modes[i].name;
    return same_settings(&terminal->first, &terminal->latest) ? NULL : "line settings";
}
