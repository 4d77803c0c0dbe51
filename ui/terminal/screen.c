/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drawing through curses.  Text is UTF-8 in, wide characters out; what is not printable, has no
 * width or does not decode never reaches the terminal.
 */
#define NCURSES_WIDECHAR 1
#include "ui/terminal/screen.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#undef columns /* a macro of term.h */

/* What a crash has to send, prepared while the program is well. */
static struct {
    char bytes[256];
    size_t length;
    struct termios termios;
    bool has_termios;
    pid_t program; /* whose terminal it is: not its children's, which may crash too */
} restore;

static bool started;
static bool has_modes; /* a terminal with a mouse knows private modes */
static bool unicode;
static bool cursor_wanted;
static int cursor_row, cursor_column;

/* Our own signs, for terminals whose locale is not UTF-8. */
static const struct {
    wchar_t sign;
    char plain;
} folds[] = {
    {L'─', '-'}, {L'│', '|'}, {L'┌', '+'}, {L'┐', '+'}, {L'└', '+'}, {L'┘', '+'}, {L'├', '+'},
    {L'┤', '+'}, {L'┬', '+'}, {L'┴', '+'}, {L'▸', '>'}, {L'▾', 'v'}, {L'→', '>'}, {L'←', '<'},
    {L'·', '.'}, {L'…', '~'}, {L'●', '*'}, {L'○', 'o'}, {L'⋮', ':'}, {L'‹', '<'}, {L'›', '>'},
    {L'↓', 'v'}, {L'↑', '^'}, {L'█', '#'}, {L'–', '-'}, {L'—', '-'}, {L'×', 'x'},
};

static wchar_t fold(wchar_t sign)
{
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
        if (folds[i].sign == sign)
            return (wchar_t)folds[i].plain;
    return L'?';
}

/* One character of UTF-8, decoded without the locale; always takes at least one byte. */
static wchar_t decode(const char *text, size_t length, size_t *used)
{
    const unsigned char *s = (const unsigned char *)text;
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    *used = 1;
    if (n == 1)
        return (wchar_t)s[0];
    if (n == 0 || s[0] > 0xf4 || n > length)
        return L'?';
    unsigned value = s[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return L'?';
        value = value << 6 | (s[i] & 0x3fu);
    }
    if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return L'?';
    *used = n;
    return (wchar_t)value;
}

/* What may be sent for a character, and its columns: 0 for what is dropped. */
static wchar_t harmless(wchar_t sign, int *columns)
{
    *columns = 1;
    if (sign < 0x20 || (sign >= 0x7f && sign < 0xa0))
        return L'.';
    if (sign < 0x7f)
        return sign;
    if (!unicode)
        return fold(sign);
    *columns = wcwidth(sign);
    if (*columns < 0) {
        *columns = 1;
        return L'?';
    }
    return sign;
}

int screen_width(const char *text, size_t length)
{
    int width = 0;
    for (size_t i = 0, used; i < length; i += used) {
        int columns;
        harmless(decode(text + i, length - i, &used), &columns);
        width += columns;
    }
    return width;
}

static void remember_bytes(const char *capability)
{
    const char *s = capability ? tigetstr(capability) : NULL;
    if (!s || s == (char *)-1)
        return;
    size_t n = strlen(s);
    if (restore.length + n <= sizeof restore.bytes) {
        memcpy(restore.bytes + restore.length, s, n);
        restore.length += n;
    }
}

static void prepare_restore(void)
{
    static const char modes_off[] = "\033[?2004l\033[?1006l\033[?1000l";
    restore.length = 0;
    const char *mouse = tigetstr("kmous");
    has_modes = mouse && mouse != (char *)-1;
    if (has_modes) {
        memcpy(restore.bytes, modes_off, sizeof modes_off - 1);
        restore.length = sizeof modes_off - 1;
    }
    static const char *const capabilities[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        remember_bytes(capabilities[i]);
}

static bool no_terminal(struct error *err, const char *why)
{
    return error_set(err,
                     "%s; run it in a terminal, or use -c COMMAND (as -c info) for answers "
                     "as text",
                     why);
}

static void send(const char *bytes, size_t length)
{
    fflush(stdout);
    ssize_t ignored = write(STDOUT_FILENO, bytes, length);
    (void)ignored;
}

/* Pasted text is marked as such: no terminfo of today's names that everywhere. */
static void mark_pastes(bool on)
{
    if (has_modes)
        send(on ? "\033[?2004h" : "\033[?2004l", strlen("\033[?2004h"));
}

bool screen_start(bool mono, struct error *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return no_terminal(err, isatty(STDOUT_FILENO) ? "standard input is not a terminal"
                                                      : "standard output is not a terminal");
    const char *term = getenv("TERM");
    if (!term || !*term)
        return no_terminal(err, "the variable TERM is not set");
    int status = 0;
    if (setupterm(NULL, STDOUT_FILENO, &status) != OK || !tigetstr("cup") ||
        tigetstr("cup") == (char *)-1) {
        char why[120];
        snprintf(why, sizeof why, "a terminal of the type \"%.40s\" (TERM) cannot be drawn on",
                 screen_width(term, strlen(term)) < 40 ? term : "?");
        for (char *c = why; *c; c++)
            if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
                *c = '?';
        return no_terminal(err, why);
    }
    unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    restore.program = getpid();
    restore.has_termios = tcgetattr(STDIN_FILENO, &restore.termios) == 0;
    prepare_restore();
    del_curterm(cur_term); /* newterm() makes its own */
    if (!newterm(NULL, stdout, stdin))
        return no_terminal(err, "curses cannot use this terminal");
    /* Until it was suspended once, ncurses writes after every move of the cursor (lib_mvcur.c). */
    endwin();
    refresh();
    started = true;
    raw();
    noecho();
    nonl();
    set_escdelay(25);
    mouseinterval(0);
    idlok(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    if (!mono && has_colors()) {
        start_color();
        use_default_colors();
        style_init(COLORS, 0);
    } else {
        style_init(0, 1);
    }
    curs_set(0);
    mark_pastes(true);
    return true;
}

void screen_end(void)
{
    if (!started)
        return;
    started = false;
    mousemask(0, NULL);
    mark_pastes(false);
    curs_set(1);
    endwin();
}

void screen_abandon(void)
{
    if (!started || getpid() != restore.program)
        return;
    started = false;
    ssize_t ignored = write(STDOUT_FILENO, restore.bytes, restore.length);
    (void)ignored;
    if (restore.has_termios)
        tcsetattr(STDIN_FILENO, TCSANOW, &restore.termios);
}

void screen_suspend(void)
{
    mark_pastes(false);
    curs_set(1);
    endwin();
}

void screen_resume(void)
{
    screen_resized();
    clearok(curscr, TRUE);
    refresh();
    curs_set(0);
    mark_pastes(true);
}

void screen_resized(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
}

void screen_redraw(void)
{
    clearok(curscr, TRUE);
}

void screen_begin(void)
{
    erase();
    cursor_wanted = false;
}

void screen_finish(void)
{
    if (cursor_wanted)
        move(cursor_row, cursor_column);
    else
        move(LINES - 1, 0);
    static int shown = 0;
    if (shown != cursor_wanted) {
        curs_set(cursor_wanted ? 1 : 0);
        shown = cursor_wanted;
    }
    refresh();
}

uint64_t screen_fingerprint(void)
{
    enum { CELLS = 512 };
    uint64_t print = 14695981039346656037u; /* FNV-1a over the cells' characters and attributes */
    static cchar_t cell[CELLS];
    for (int row = 0; row < LINES; row++) {
        int columns = COLS < CELLS ? COLS : CELLS - 1;
        memset(cell, 0, sizeof cell);
        mvwin_wchnstr(curscr, row, 0, cell, columns);
        for (int i = 0; i < columns; i++) {
            wchar_t text[CCHARW_MAX + 1];
            attr_t attributes;
            short pair;
            getcchar(&cell[i], text, &attributes, &pair, NULL);
            print = (print ^ (uint64_t)text[0]) * 1099511628211u;
            print = (print ^ attributes ^ (uint64_t)pair) * 1099511628211u;
        }
    }
    return print;
}

struct area screen_area(void)
{
    return (struct area){0, 0, LINES, COLS};
}

static bool inside(struct area area, int row, int column)
{
    return row >= 0 && row < area.rows && column < area.columns && area.y + row >= 0 &&
           area.y + row < LINES;
}

static int right_edge(struct area area)
{
    return area.x + area.columns < COLS ? area.columns : COLS - area.x;
}

int screen_put(struct area area, int row, int column, enum style style, const char *text)
{
    if (!inside(area, row, column))
        return column + screen_width(text, strlen(text));
    wchar_t line[512];
    int count = 0, start = column, edge = right_edge(area);
    size_t length = strlen(text);
    attrset((int)style_attributes(style));
    for (size_t i = 0, used; i < length; i += used) {
        int columns;
        wchar_t sign = harmless(decode(text + i, length - i, &used), &columns);
        if (columns > 0 && column >= 0 && column + columns <= edge && count < 511)
            line[count++] = sign;
        else if (column < 0)
            start = column + columns;
        column += columns;
    }
    if (count && start >= 0)
        mvaddnwstr(area.y + row, area.x + start, line, count);
    return column;
}

int screen_printf(struct area area, int row, int column, enum style style, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return screen_put(area, row, column, style, text);
}

void screen_fill(struct area area, int row, int column, enum style style)
{
    int edge = right_edge(area);
    if (column < 0)
        column = 0;
    if (!inside(area, row, column) || column >= edge)
        return;
    attrset((int)style_attributes(style));
    mvhline(area.y + row, area.x + column, ' ' | style_attributes(style), edge - column);
}

void screen_restyle(struct area area, int row, int column, int columns, enum style style)
{
    int edge = right_edge(area);
    if (column < 0) {
        columns += column;
        column = 0;
    }
    if (column + columns > edge)
        columns = edge - column;
    if (!inside(area, row, column) || columns <= 0)
        return;
    unsigned attributes = style_attributes(style);
    mvchgat(area.y + row, area.x + column, columns, attributes & ~(attr_t)A_COLOR,
            (short)PAIR_NUMBER((int)attributes), NULL);
}

void screen_cursor(struct area area, int row, int column)
{
    if (!inside(area, row, column) || column < 0)
        return;
    cursor_wanted = true;
    cursor_row = area.y + row;
    cursor_column = area.x + column;
}

void screen_copy(const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char out[512] = "\033]52;c;";
    size_t n = strlen(out), length = strlen(text);
    for (size_t i = 0; i < length && n + 8 < sizeof out; i += 3) {
        unsigned left = (unsigned)(length - i < 3 ? length - i : 3), bits = 0;
        for (unsigned k = 0; k < 3; k++)
            bits = bits << 8 | (k < left ? (unsigned char)text[i + k] : 0u);
        for (unsigned k = 0; k < 4; k++)
            out[n++] = k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=';
    }
    out[n++] = '\a';
    send(out, n);
}
