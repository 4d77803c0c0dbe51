/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and the mouse as curses delivers them, turned into the numbers of ui/key.h.
 * Keys are read through our own pad: reading from stdscr would repaint it as a side effect.
 */
#define NCURSES_WIDECHAR 1
#include "ui/terminal/screen.h"

#include <curses.h>
#include <stdlib.h>
#include <term.h>

static const struct {
    int curses, press;
} named[] = {
    {KEY_UP, PRESS_UP},       {KEY_DOWN, PRESS_DOWN},     {KEY_LEFT, PRESS_LEFT},
    {KEY_RIGHT, PRESS_RIGHT}, {KEY_PPAGE, PRESS_PAGE_UP}, {KEY_NPAGE, PRESS_PAGE_DOWN},
    {KEY_HOME, PRESS_HOME},   {KEY_END, PRESS_END},       {KEY_IC, PRESS_INSERT},
    {KEY_DC, PRESS_DELETE},   {KEY_BTAB, PRESS_BACK_TAB}, {KEY_BACKSPACE, PRESS_BACKSPACE},
    {KEY_ENTER, PRESS_ENTER}, {KEY_MOUSE, PRESS_MOUSE},   {KEY_FIND, PRESS_HOME},
    {KEY_SELECT, PRESS_END},  {KEY_A1, PRESS_HOME},       {KEY_A3, PRESS_PAGE_UP},
    {KEY_C1, PRESS_END},      {KEY_C3, PRESS_PAGE_DOWN},
};

/* The marks around pasted text; their codes do not collide with those that curses gives. */
static const struct {
    const char *bytes;
    int curses, press;
} marks[] = {{"\033[200~", 0x700, PRESS_PASTE}, {"\033[201~", 0x701, PRESS_PASTE_END}};

/* Keys with Alt or Ctrl held, which terminfo knows only by extended names. */
static const struct {
    const char *capability;
    int press;
} held[] = {
    {"kLFT3", PRESS_ALT | PRESS_LEFT},
    {"kRIT3", PRESS_ALT | PRESS_RIGHT},
    {"kUP3", PRESS_ALT | PRESS_UP},
    {"kDN3", PRESS_ALT | PRESS_DOWN},
    {"kHOM5", PRESS_HOME},
    {"kEND5", PRESS_END},
};

static WINDOW *keys(void)
{
    static WINDOW *pad;
    if (!pad && (pad = newpad(1, 1))) {
        keypad(pad, TRUE);
        nodelay(pad, TRUE);
        meta(pad, TRUE);
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            define_key(marks[i].bytes, marks[i].curses);
    }
    return pad;
}

static int held_key(int curses)
{
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
        const char *bytes = tigetstr(held[i].capability);
        if (bytes && bytes != (char *)-1 && key_defined(bytes) == curses)
            return held[i].press;
    }
    return PRESS_OTHER;
}

static int named_key(int curses)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i].curses == curses)
            return named[i].press;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].curses == curses)
            return marks[i].press;
    if (curses >= KEY_F(1) && curses <= KEY_F(12))
        return PRESS_F1 + (curses - KEY_F(1));
    return held_key(curses);
}

/* What the user types as Backspace differs between terminals: DEL, Ctrl-H or a function key. */
static int plain_key(wint_t sign)
{
    if (sign == 127 || sign == 8)
        return PRESS_BACKSPACE;
    if (sign == 10)
        return PRESS_ENTER;
    return sign == 0 ? PRESS_OTHER : (int)sign;
}

/* Clicks that come at once curses announces by one key, and hands over the newest first. */
enum { EVENTS = 8 };
static struct mouse waits[EVENTS];
static int waiting;

static void take_events(void)
{
    static const struct {
        mmask_t button;
        enum mouse_kind kind;
    } kinds[] = {{BUTTON4_PRESSED, MOUSE_WHEEL_UP},
                 {BUTTON5_PRESSED, MOUSE_WHEEL_DOWN},
                 {BUTTON1_PRESSED, MOUSE_PRESS}};
    MEVENT event;
    while (waiting < EVENTS && getmouse(&event) == OK)
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (event.bstate & kinds[i].button) {
                waits[waiting++] = (struct mouse){kinds[i].kind, event.y, event.x};
                break;
            }
}

int screen_key(void)
{
    if (waiting)
        return PRESS_MOUSE;
    WINDOW *pad = keys();
    wint_t sign;
    int kind = pad ? wget_wch(pad, &sign) : ERR;
    if (kind == ERR)
        return PRESS_NONE;
    if (kind == KEY_CODE_YES && sign == KEY_MOUSE)
        take_events();
    if (kind == KEY_CODE_YES)
        return named_key((int)sign);
    if (sign != PRESS_ESCAPE)
        return plain_key(sign);
    /* Esc with something right after it is Alt. */
    kind = wget_wch(pad, &sign);
    if (kind == ERR)
        return PRESS_ESCAPE;
    if (kind == KEY_CODE_YES)
        return named_key((int)sign) | PRESS_ALT;
    return sign == PRESS_ESCAPE ? PRESS_ESCAPE : plain_key(sign) | PRESS_ALT;
}

bool screen_mouse(struct mouse *mouse)
{
    if (!waiting)
        return false;
    *mouse = waits[--waiting];
    return true;
}

void screen_mouse_enable(bool on)
{
    mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

const char *screen_key_bytes(int key)
{
    static char *bytes;
    free(bytes);
    bytes = NULL;
    for (size_t i = 0; i < sizeof named / sizeof *named && !bytes; i++)
        if (named[i].press == key)
            bytes = keybound(named[i].curses, 0);
    return bytes;
}
