/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks look at the screen once and never wait: the runner asks again while there is time. */
#include "screens.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Adds to run->why and returns false, so that failing is one line. */
__attribute__((format(printf, 2, 3))) static bool because(struct mapping *run, const char *format,
                                                          ...)
{
    const size_t size = strlen(run->why);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->why + size, sizeof run->why - size, format, arguments);
    va_end(arguments);
    return false;
}

static bool with_screen(struct mapping *run)
{
    char *screen = terminal_screen(run->terminal);
    if (screen) {
        size_t size = strlen(screen);
        while (size > 1 && screen[size - 2] == '\n')
            screen[--size] = '\0';
        because(run, "the screen is:\n%s", screen);
    }
    free(screen);
    return false;
}

static bool check_contains(struct mapping *run, const char *text)
{
    return terminal_find(run->terminal, text, NULL, NULL) || with_screen(run);
}

static bool check_lacks(struct mapping *run, const char *text)
{
    int row, col;
    if (!terminal_find(run->terminal, text, &row, &col))
        return true;
    because(run, "it is in row %d, column %d; ", row + 1, col + 1);
    return with_screen(run);
}

static bool check_row(struct mapping *run, const char *text)
{
    char *rest;
    const long number = strtol(text, &rest, 10);
    rest += *rest == ' ';
    char *row = terminal_row(run->terminal, (int)number - 1);
    const bool good = row && strstr(row, rest);
    if (!good)
        because(run, "row %ld is |%s\n", number, row ? row : "");
    free(row);
    return good;
}

static bool check_cursor(struct mapping *run, const char *text)
{
    int row, col, wanted_row, wanted_col;
    const bool visible = terminal_cursor(run->terminal, &row, &col);
    if (strcmp(text, "hidden") == 0)
        return !visible || because(run, "it is visible at %d %d\n", row + 1, col + 1);
    if (sscanf(text, "%d %d", &wanted_row, &wanted_col) != 2)
        return because(run, "expected ROW COLUMN or hidden\n");
    return (visible && row + 1 == wanted_row && col + 1 == wanted_col) ||
           because(run, "it is %s at %d %d\n", visible ? "visible" : "hidden", row + 1, col + 1);
}

static bool has_style(const struct terminal_cell *cell, const char *name)
{
    unsigned colour;
    if (sscanf(name, "fg=%x", &colour) == 1)
        return !cell->default_fg && cell->fg == colour;
    if (sscanf(name, "bg=%x", &colour) == 1)
        return !cell->default_bg && cell->bg == colour;
    return (strcmp(name, "bold") == 0 && cell->bold) || (strcmp(name, "dim") == 0 && cell->dim) ||
           (strcmp(name, "italic") == 0 && cell->italic) ||
           (strcmp(name, "underline") == 0 && cell->underline) ||
           (strcmp(name, "reverse") == 0 && cell->reverse) ||
           (strcmp(name, "coloured") == 0 && !(cell->default_fg && cell->default_bg)) ||
           (strcmp(name, "plain") == 0 && cell->default_fg && cell->default_bg && !cell->bold &&
            !cell->dim && !cell->italic && !cell->underline && !cell->reverse);
}

/* Looks at the first place where the text is; blanks between its letters count too. */
static bool check_style(struct mapping *run, const char *text)
{
    char names[128];
    int skip = 0, row, col;
    if (sscanf(text, "%127s %n", names, &skip) != 1 || !text[skip])
        return because(run, "expected STYLE[,STYLE...] TEXT\n");
    text += skip;
    if (!terminal_find(run->terminal, text, &row, &col))
        return with_screen(run);
    for (char *state, *name = strtok_r(names, ",", &state); name;
         name = strtok_r(NULL, ",", &state)) {
        struct terminal_cell cell;
        size_t seen = 0;
        for (int at = col; seen < strlen(text) && terminal_cell(run->terminal, row, at, &cell);
             at++) {
            if (cell.width && !has_style(&cell, name))
                return because(run, "row %d, column %d is not %s (fg %06x, bg %06x)\n", row + 1,
                               at + 1, name, cell.fg, cell.bg);
            seen += cell.width ? (cell.text[0] ? strlen(cell.text) : 1) : 0;
        }
    }
    return true;
}

static bool check_mono(struct mapping *run, const char *text)
{
    struct terminal_cell cell;
    (void)text;
    for (int row = 0; row < run->rows; row++)
        for (int col = 0; terminal_cell(run->terminal, row, col, &cell); col++)
            if (!cell.default_fg || !cell.default_bg)
                return because(run, "row %d, column %d has a colour\n", row + 1, col + 1);
    return true;
}

static bool check_exit(struct mapping *run, const char *text)
{
    int status, wanted;
    if (!terminal_wait_end(run->terminal, 0, &status)) {
        because(run, "it still runs; ");
        return with_screen(run);
    }
    if (sscanf(text, "signal %d", &wanted) == 1)
        return (WIFSIGNALED(status) && WTERMSIG(status) == wanted) ||
               because(run, "its wait status is %#x\n", status);
    if ((sscanf(text, "%d", &wanted) == 1 && WIFEXITED(status) && WEXITSTATUS(status) == wanted))
        return true;
    if (WIFSIGNALED(status))
        because(run, "it was ended by signal %d; ", WTERMSIG(status));
    else
        because(run, "its status is %d; ", WEXITSTATUS(status));
    return with_screen(run);
}

static bool check_stopped(struct mapping *run, const char *text)
{
    (void)text;
    return terminal_wait_stop(run->terminal, 0) || because(run, "it has not stopped\n");
}

static bool check_restored(struct mapping *run, const char *text)
{
    int status;
    (void)text;
    if (!terminal_wait_end(run->terminal, 0, &status) && !terminal_wait_stop(run->terminal, 0))
        return because(run, "the program still runs\n");
    const char *left = terminal_left_behind(run->terminal);
    return !left || because(run, "left behind: %s\n", left);
}

static bool check_bytes_under(struct mapping *run, const char *text)
{
    const size_t bytes = terminal_bytes(run->terminal);
    return bytes < strtoul(text, NULL, 0) || because(run, "there were %zu\n", bytes);
}

static bool check_ms_under(struct mapping *run, const char *text)
{
    const uint64_t us = terminal_latency_us(run->terminal);
    return us < strtoul(text, NULL, 0) * 1000 ||
           because(run, "it took %lu.%03lu\n", (unsigned long)us / 1000, (unsigned long)us % 1000);
}

size_t screens_block_end(const struct mapping *run)
{
    for (size_t i = run->line + 1; i < run->script.count; i++) {
        const char *line = run->script.lines[i];
        if (strcmp(line, "end") == 0)
            return i;
        if (*line != '|' && *line != '~')
            break;
    }
    return 0;
}

/* The rows that an expect line is about, from 0, last excluded: all, or those of "A-B" or "A". */
static bool row_range(const struct mapping *run, const char *text, int *first, int *last)
{
    const int numbers = sscanf(text, "%d-%d", first, last);
    if (numbers < 1)
        *first = 1;
    if (numbers < 2)
        *last = numbers == 1 ? *first : run->rows;
    (*first)--;
    return *first >= 0 && *first < *last && *last <= run->rows;
}

static bool row_matches(const char *line, const char *row)
{
    return *line == '~' ? script_match(line + 1, row) : strcmp(line + 1, row) == 0;
}

bool screens_expect(struct mapping *run, const char *text)
{
    const size_t end = screens_block_end(run);
    size_t line = run->line + 1;
    int first, last;
    bool good = true;
    if (!row_range(run, text, &first, &last))
        return because(run, "the screen has no such rows\n");
    for (int i = first; i < last; i++) {
        const char *wanted = line < end ? run->script.lines[line++] : "|";
        char *row = terminal_row(run->terminal, i);
        if (!row || !row_matches(wanted, row))
            good = because(run, "row %d should be\n%s\n|%s\n", i + 1, wanted, row ? row : "");
        free(row);
    }
    return good && (line == end || because(run, "the block has more rows than the screen\n"));
}

/* Patterns that hold stay, all other rows become what is there; blank rows at the end are cut. */
void screens_update_block(struct mapping *run, const char *text)
{
    const size_t end = screens_block_end(run), old_count = end - run->line - 1;
    int first, last;
    if (!row_range(run, text, &first, &last))
        return;
    const size_t count = (size_t)(last - first);
    char **lines = calloc(count, sizeof *lines);
    size_t used = 0;
    for (size_t i = 0; lines && i < count; i++) {
        char *row = terminal_row(run->terminal, first + (int)i);
        const char *old = i < old_count ? run->script.lines[run->line + 1 + i] : "|";
        if (!row || (*old == '~' && row_matches(old, row)))
            lines[i] = strdup(old);
        else if (asprintf(&lines[i], "|%s", row) < 0)
            lines[i] = NULL;
        free(row);
        if (!lines[i])
            break;
        if (strcmp(lines[i], "|") != 0)
            used = i + 1;
    }
    script_replace(&run->script, run->line + 1, old_count, lines, used);
    run->changed = true;
    for (size_t i = 0; lines && i < count; i++)
        free(lines[i]);
    free(lines);
}

static const struct {
    const char *name;
    screens_check *check;
    const char *help;
} checks[] = {
    {"bytes-under", check_bytes_under, "N: fewer bytes came since the last keys or resize"},
    {"contains", check_contains, "TEXT: some row has it"},
    {"cursor", check_cursor, "ROW COLUMN, or hidden"},
    {"exit", check_exit, "STATUS, or signal NUMBER: how the program has ended"},
    {"expect", screens_expect, "[FIRST[-LAST]]: the rows, on the lines up to one that says end"},
    {"lacks", check_lacks, "TEXT: no row has it"},
    {"mono", check_mono, "no cell has a colour"},
    {"ms-under", check_ms_under, "N: the last output came that soon after keys or resize"},
    {"restored", check_restored, "the program has ended or stopped and put all modes back"},
    {"row", check_row, "N TEXT: row N has it"},
    {"stopped", check_stopped, "the program has suspended itself"},
    {"style", check_style,
     "STYLE[,STYLE] TEXT: bold dim italic underline reverse coloured plain"
     " fg=RRGGBB bg=RRGGBB"},
};

screens_check *screens_find_check(const char *name)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (strcmp(name, checks[i].name) == 0)
            return checks[i].check;
    return NULL;
}

void screens_print_checks(void)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        printf("  %-11s %s\n", checks[i].name, checks[i].help);
}
