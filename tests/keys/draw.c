/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that are bound come often, lines with addresses now and then, any other byte seldom. */
#include "tests/keys/draw.h"

#include <stdio.h>
#include <string.h>

#define SIZE(table) (sizeof(table) / sizeof *(table))

static const char *const bound[] = {
    "j",       "k",
    "h",       "l",
    "<PgDn>",  "<PgUp>",
    "<C-d>",   "<C-u>",
    "<Home>",  "G",
    "<End>",   "0",
    "$",       "]",
    "[",       "]",
    "[",       "<Enter>",
    "<Enter>", "<Bs>",
    "<C-o>",   "u",
    "U",       "<M-Left>",
    "n",       "N",
    "o",       "c",
    "<Space>", "+",
    "-",       "*",
    "_",       ",",
    "}",       "{",
    "J",       "K",
    ".",       "e",
    "t",       "p",
    "f",       "s",
    "w",       "v",
    "T<Esc>",  "L",
    "S",       "I",
    "<Tab>",   "<S-Tab>",
    "<F2>",    "<F3>",
    "<F4>",    "<F6>",
    "<F7>",    "<F8>",
    ")",       "(",
    "z",       "|",
    "=",       "X",
    "F",       "W",
    "i",       "Z",
    "R",       "M",
    "<C-l>",   "<Esc>",
    "<Up>",    "<Down>",
    "<Left>",  "<Right>",
    "<F1>",    "<C-g>",
    "ma",      "'a",
    "3",       "12",
    "Tj<Bs>",  "jjjj",
    "kkkk",    "<PgDn><PgDn>",
    "gg",      "]]]",
    "[[[",     "<Tab>j",
};

/* @: a word of the guest.  Every line ends the prompt. */
static const char *const lines[] = {
    "g@<Enter>",
    "gv:@<Enter>",
    "gp:@<Enter>",
    "gf:@<Enter>",
    ":reveal v:@<Enter>",
    ":struct task_struct v:@<Enter>",
    ":struct page v:@<Enter>",
    ":struct list_head v:@<Enter>",
    ":struct inode v:@<Enter>",
    ":struct file v:@<Enter>",
    ":struct vm_area_struct v:@<Enter>",
    ":struct kmem_cache v:@<Enter>",
    ":list task_struct.tasks v:@<Enter>",
    ":list module.list v:@ comm<Enter>",
    ":page v:@<Enter>",
    ":page p:@<Enter>",
    ":translate v:@<Enter>",
    ":walk v:@<Enter>",
    ":hex v:@ 200<Enter>",
    ":sym v:@<Enter>",
    ":vmas @<Enter>",
    "/@<Enter>",
};

static const char *const fixed[] = {
    ":ps<Enter>",
    ":pages<Enter>",
    ":dmesg<Enter>",
    ":info<Enter>",
    ":regions<Enter>",
    ":tables perm=wx<Enter>",
    ":tables<Enter>",
    ":types<Enter>",
    ":sym<Enter>",
    ":struct task_struct init_task<Enter>",
    ":struct mem_cgroup<Enter>",
    ":list task_struct.tasks init_task.tasks comm pid<Enter>",
    ":list module.list modules name<Enter>",
    ":list super_block.s_list super_blocks<Enter>",
    ":vmas 1<Enter>",
    ":process 1<Enter>",
    ":process none<Enter>",
    ":mappings 1<Enter>",
    ":struct task<Tab><Tab><C-u><Esc>",
    ":sym init_<Tab><Tab><Esc><Esc>",
    ":<C-r>s<Esc><Esc>",
    ":<Up><Up><Enter>",
    ":ps where pid>3 sort=comm<Enter>",
    "\\a<Bs>ta<Enter>",
    "\\<Esc>",
    "/rw-k<Enter>",
    "/AF<Enter>",
    "/linux<Enter>",
    "/hex 00<Enter>",
    "gv:ffff000000000000<Enter>",
    "gv:0<Enter>",
    "gp:0<Enter>",
    "gf:0<Enter>",
    "ginit_task<Enter>",
    "<Paste>v:ffff800080000000<PasteEnd><Enter>",
};

static void draw_mouse(struct random *random, int rows, int columns, char text[DRAW_TEXT])
{
    static const char *const buttons[] = {"Mouse", "Mouse", "WheelUp", "WheelDown"};
    int row = 1 + (int)random_below(random, (uint64_t)rows);
    int column = 1 + (int)random_below(random, (uint64_t)columns);
    const char *button = buttons[random_below(random, SIZE(buttons))];
    int length = snprintf(text, DRAW_TEXT, "<%s:%d,%d>", button, row, column);
    if (random_below(random, 2)) /* a double click */
        snprintf(text + length, DRAW_TEXT - (size_t)length, "<%s:%d,%d>", button, row, column);
}

/* Not what suspends. */
static void draw_any(struct random *random, char text[DRAW_TEXT])
{
    unsigned kind = (unsigned)random_below(random, 3);
    char letter = (char)('a' + random_below(random, 25));
    if (kind == 0)
        snprintf(text, DRAW_TEXT, "<C-%c>", letter);
    else if (kind == 1)
        snprintf(text, DRAW_TEXT, "<M-%c>", letter);
    else
        snprintf(text, DRAW_TEXT, "%c", (int)('!' + random_below(random, 94)));
    if (strcmp(text, "<") == 0)
        strcpy(text, "<lt>");
}

static void draw_line(struct random *random, uint64_t pointer, char text[DRAW_TEXT])
{
    const char *line = lines[random_below(random, SIZE(lines))], *at = strchr(line, '@');
    int before = at ? (int)(at - line) : (int)strlen(line);
    snprintf(text, DRAW_TEXT, "%.*s%llx%s", before, line, (unsigned long long)pointer,
             line + before + 1);
}

char *draw_keys(struct random *random, uint64_t pointer, int rows, int columns,
                char text[DRAW_TEXT])
{
    unsigned kind = (unsigned)random_below(random, 100);
    if (kind < 70)
        snprintf(text, DRAW_TEXT, "%s", bound[random_below(random, SIZE(bound))]);
    else if (kind < 82)
        draw_line(random, pointer, text);
    else if (kind < 92)
        snprintf(text, DRAW_TEXT, "%s", fixed[random_below(random, SIZE(fixed))]);
    else if (kind < 96)
        draw_mouse(random, rows, columns, text);
    else
        draw_any(random, text);
    return text;
}
