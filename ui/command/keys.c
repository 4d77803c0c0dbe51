/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys.  Where habits clash, the choice is: digits are counts (0 alone: start of the row),
 * h moves or closes, `?` is help and N searches back, u goes back, Space opens in the tables and
 * turns the page in memory, q leaves what is open and then the program.
 */
#include "ui/command/keys.h"

#include "ui/terminal/key.h"

#include <stdio.h>
#include <string.h>

#define ACT(a)     .action = ACTION_##a
#define PROGRAM(p) .program = PROGRAM_##p
#define RUN(line)  .command = line
#define JUMP       .jumps = true
#define TABLES     .where = IN_TABLES
#define MEMORY     .where = IN_MEMORY
#define STRUCT     .where = IN_STRUCT
#define LISTS      .where = IN_LISTS
#define IN(panes)  .where = panes
#define HELP(g, h) .group = g, .help = h

static const char moving[] = "Moving", following[] = "Following", tables[] = "In the tables",
                  memory[] = "In memory", structs[] = "In a struct", lists[] = "In lists",
                  program[] = "Program";

const struct binding key_table[] = {
    {"j Down C-n", ACT(DOWN), HELP(moving, "down")},
    {"k Up C-p", ACT(UP), HELP(moving, "up")},
    {"h Left", ACT(LEFT), HELP(moving, "left; in the tables: close, or to the parent")},
    {"l Right", ACT(RIGHT), HELP(moving, "right; in the tables: open")},
    {"PgDn C-f", ACT(PAGE_DOWN), HELP(moving, "a page down")},
    {"PgUp C-b", ACT(PAGE_UP), HELP(moving, "a page up")},
    {"C-d", ACT(HALF_DOWN), HELP(moving, "half a page down")},
    {"C-u", ACT(HALF_UP), HELP(moving, "half a page up")},
    {"Home", ACT(FIRST), JUMP, HELP(moving, "to the start (also gg)")},
    {"G End", ACT(LAST), JUMP, HELP(moving, "to the end")},
    {"0 ^", ACT(ROW_START), HELP(moving, "to the start of the row")},
    {"$", ACT(ROW_END), HELP(moving, "to the end of the row")},
    {"]", ACT(NEXT), JUMP, HELP(moving, "next stretch (memory), next used entry (tables)")},
    {"[", ACT(PREVIOUS), JUMP, HELP(moving, "previous one")},

    {"g", PROGRAM(GOTO), HELP(following, "go to an address: g v:ffff800081a3b000 Enter")},
    {"Enter", ACT(FOLLOW), JUMP,
     HELP(following, "follow the word as a pointer; tables: open, or go to the page")},
    {"p", ACT(FOLLOW_PHYS), MEMORY, HELP(following, "follow it as a physical address")},
    {"f", ACT(FOLLOW_FILE), MEMORY, HELP(following, "follow it as a file offset")},
    {"t", ACT(REVEAL), MEMORY, HELP(following, "show this address in the tables")},
    {"BS C-o u <", RUN("back"), HELP(following, "back to where we were")},
    {"U > M-Right", RUN("forward"), HELP(following, "forward again")},
    {"M-Left", RUN("back"), HELP(following, NULL)},
    {"m", PROGRAM(MARK), HELP(following, "then a letter: set that mark here")},
    {"' `", PROGRAM(TO_MARK), HELP(following, "then a letter: to that mark; '' goes back")},
    {"/", PROGRAM(SEARCH),
     HELP(following, "search: text, hex 7f454c46; tables: an address, AF, rw-k, perm=wx")},
    {"n", ACT(SEARCH_NEXT), HELP(following, "next match")},
    {"N", ACT(SEARCH_PREVIOUS), HELP(following, "previous match")},

    {"o", ACT(OPEN), TABLES, HELP(tables, "open")},
    {"c", ACT(CLOSE), TABLES, HELP(tables, "close")},
    {"l Right", ACT(OPEN), TABLES, HELP(tables, NULL)},
    {"h Left", ACT(CLOSE), TABLES, HELP(tables, NULL)},
    {"Space", ACT(TOGGLE), TABLES, HELP(tables, "open or close")},
    {"+", ACT(OPEN), TABLES, HELP(tables, NULL)},
    {"-", ACT(CLOSE), TABLES, HELP(tables, NULL)},
    {"*", ACT(OPEN_ALL), TABLES, HELP(tables, "open everything below")},
    {"_", ACT(CLOSE_ALL), TABLES, HELP(tables, "close everything below")},
    {",", ACT(PARENT), TABLES, HELP(tables, "to the parent")},
    {"} J", ACT(NEXT_SIBLING), TABLES, HELP(tables, "next sibling")},
    {"{ K", ACT(PREVIOUS_SIBLING), TABLES, HELP(tables, "previous sibling")},
    {".", ACT(SHOW_EMPTY), TABLES, HELP(tables, "show or hide empty entries and tables")},
    {"e", ACT(GO_ENTRY), TABLES, JUMP, HELP(tables, "to the entry itself, in memory")},
    {"t", ACT(GO_TABLE), TABLES, JUMP,
     HELP(tables, "to the table it is in or leads to, in memory")},
    {"p", ACT(GO_PAGE), TABLES, JUMP, HELP(tables, "to the page it maps, in memory")},

    {"s", ACT(SPACE), MEMORY, HELP(memory, "the same place as f:, p:, v:")},
    {"w", ACT(WORD), MEMORY, HELP(memory, "words of 1, 2, 4, 8 bytes")},
    {"e", ACT(ORDER), MEMORY, HELP(memory, "little-endian or big-endian words")},
    {"Space", ACT(PAGE_DOWN), MEMORY, HELP(memory, "a page down")},
    {"v", RUN("set chains"), MEMORY, HELP(memory, "one word a row, with the chain behind it")},
    {"T", PROGRAM(TYPE), MEMORY, HELP(memory, "show what is here as a struct: asks for its type")},

    {"Enter", ACT(FOLLOW), STRUCT, JUMP,
     HELP(structs, "follow a pointer as its own type; open what is nested")},
    {"o l Right +", ACT(OPEN), STRUCT, HELP(structs, "open")},
    {"c h Left -", ACT(CLOSE), STRUCT, HELP(structs, "close, or to what it is in")},
    {"Space", ACT(TOGGLE), STRUCT, HELP(structs, "open or close")},
    {"*", ACT(OPEN_ALL), STRUCT, HELP(structs, "open what is directly below")},
    {"_", ACT(CLOSE_ALL), STRUCT, HELP(structs, "close everything")},
    {",", ACT(PARENT), STRUCT, HELP(structs, "to what it is in")},
    {"} J", ACT(NEXT_SIBLING), STRUCT, HELP(structs, "next member at this depth")},
    {"{ K", ACT(PREVIOUS_SIBLING), STRUCT, HELP(structs, "previous one")},
    {"L", ACT(LIST), STRUCT, JUMP, HELP(structs, "walk the list that the member links")},
    {"e", ACT(GO_ENTRY), STRUCT, JUMP, HELP(structs, "to the member's bytes, in memory")},
    {"p", ACT(GO_PAGE), STRUCT, JUMP, HELP(structs, "to what it points to, in memory")},
    {"t", ACT(REVEAL), STRUCT, JUMP, HELP(structs, "show its address in the tables")},
    {"T", PROGRAM(TYPE), STRUCT, HELP(structs, "as another type")},

    {"Enter", ACT(FOLLOW), IN(IN_PROCESSES), JUMP,
     HELP(lists, "processes: enter; tables and memory show its user half")},
    {"Enter", ACT(FOLLOW), IN(IN_SYMBOLS | IN_MAPPINGS), JUMP, HELP(lists, "go there, in memory")},
    {"Enter", ACT(FOLLOW), IN(IN_LIST), JUMP, HELP(lists, "list: this element as a struct")},
    {"\\", PROGRAM(FILTER), LISTS, HELP(lists, "show what has a text, as it is typed; Esc: all")},
    {"S", ACT(SORT), LISTS, HELP(lists, "sort by the next column")},
    {"I", ACT(INVERT), LISTS, HELP(lists, "the other way round")},
    {"v", ACT(MAPPINGS), IN(IN_PROCESSES), JUMP, HELP(lists, "the mappings of this process")},
    {"T", ACT(STRUCT), IN(IN_PROCESSES | IN_MAPPINGS | IN_LIST), JUMP,
     HELP(lists, "its task_struct, vm_area_struct, ...")},
    {"T", PROGRAM(TYPE), IN(IN_SYMBOLS), HELP(lists, "symbols: as a struct; asks for its type")},
    {"e", ACT(GO_ENTRY), LISTS, JUMP, HELP(lists, "to its bytes, in memory")},
    {"t", ACT(REVEAL), LISTS, JUMP, HELP(lists, "show its address in the tables")},
    {"Space", ACT(PAGE_DOWN), LISTS, HELP(lists, NULL)},

    {"Tab", PROGRAM(NEXT_PANE), HELP(program, "the other pane")},
    {"S-Tab", PROGRAM(PREVIOUS_PANE), HELP(program, NULL)},
    {"F2", RUN("pane tables"), HELP(program, "the page tables, ...")},
    {"F3", RUN("pane processes"), HELP(program, "... the processes, ...")},
    {"F4", RUN("pane symbols"), HELP(program, "... the symbols, ...")},
    {"F6", RUN("pane mappings"),
     HELP(program, "... the mappings: a process's, or the kernel's, ...")},
    {"F7", RUN("pane struct"), HELP(program, "... or the last struct in the left place")},
    {")", PROGRAM(NEXT_VIEW), HELP(program, "the next of these")},
    {"(", PROGRAM(PREVIOUS_VIEW), HELP(program, "the one before")},
    {"F8", RUN("pane memory"), HELP(program, "memory")},
    {"z O", PROGRAM(ZOOM), HELP(program, "this pane alone, or both")},
    {":", PROGRAM(PROMPT), HELP(program, "the prompt: commands, or an address to go to")},
    {"W", RUN("walk $here"), HELP(program, "the walk of this address through the tables")},
    {"i", RUN("info"), HELP(program, "what is known of the guest")},
    {"y", PROGRAM(COPY), HELP(program, "copy the address to the terminal's clipboard")},
    {"Z", RUN("pause"), HELP(program, "pause or go on following the guest's changes")},
    {"R F5", PROGRAM(REFRESH), HELP(program, "read everything again")},
    {"M", RUN("set mouse"), HELP(program, "mouse on or off")},
    {"C-l", PROGRAM(REDRAW), HELP(program, "redraw the screen")},
    {"Esc C-c C-g", PROGRAM(CANCEL),
     HELP(program, "stop a search or a command; take a highlight away")},
    {"C-z", PROGRAM(SUSPEND), HELP(program, "suspend")},
    {"? F1", RUN("help"), HELP(program, "this help")},
    {"q Q", RUN("quit"), HELP(program, "quit")},
    {.keys = NULL},
};

static const struct {
    const char *name;
    int key;
} names[] = {
    {"Up", PRESS_UP},          {"Down", PRESS_DOWN},
    {"Left", PRESS_LEFT},      {"Right", PRESS_RIGHT},
    {"PgUp", PRESS_PAGE_UP},   {"PgDn", PRESS_PAGE_DOWN},
    {"Home", PRESS_HOME},      {"End", PRESS_END},
    {"Ins", PRESS_INSERT},     {"Del", PRESS_DELETE},
    {"BS", PRESS_BACKSPACE},   {"Tab", PRESS_TAB},
    {"S-Tab", PRESS_BACK_TAB}, {"Enter", PRESS_ENTER},
    {"Esc", PRESS_ESCAPE},     {"Space", ' '},
};

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

static int parse_word(const char *text, size_t length)
{
    if (length == 1)
        return (unsigned char)*text;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_word(text, length, names[i].name))
            return names[i].key;
    if (length == 3 && memcmp(text, "C-", 2) == 0)
        return text[2] & 0x1f;
    if (length > 2 && memcmp(text, "M-", 2) == 0)
        return parse_word(text + 2, length - 2) | PRESS_ALT;
    int number;
    if (length <= 3 && sscanf(text, "F%d", &number) == 1 && number >= 1 && number <= 12)
        return PRESS_F1 + number - 1;
    return PRESS_NONE;
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

static bool has_key(const struct binding *binding, int key)
{
    const char *rest = binding->keys;
    for (int k; (k = key_parse(rest, &rest)) != PRESS_NONE;)
        if (k == key)
            return true;
    return false;
}

const struct binding *key_find(int key, unsigned where)
{
    const struct binding *common = NULL;
    for (const struct binding *b = key_table; b->keys; b++) {
        if ((!(b->where & where) && b->where != ANYWHERE) || !has_key(b, key))
            continue;
        if (b->where & where)
            return b;
        common = b;
    }
    return common;
}

char *key_name(int key, char *text, size_t size)
{
    const char *alt = key & PRESS_ALT ? "M-" : "";
    key &= ~PRESS_ALT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key) {
            snprintf(text, size, "%s%s", alt, names[i].name);
            return text;
        }
    if (key >= PRESS_F1 && key <= PRESS_F12)
        snprintf(text, size, "%sF%d", alt, key - PRESS_F1 + 1);
    else if (key > 0 && key < 32)
        snprintf(text, size, "%sC-%c", alt, key + 96);
    else if (key < 127)
        snprintf(text, size, "%s%c", alt, key);
    else
        snprintf(text, size, "that key");
    return text;
}
