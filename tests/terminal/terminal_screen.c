/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the screen: libvterm's cells as text and as colours. */
#include "dialect.h"
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[size] | c);
    return size;
}

static uint32_t rgb(const VTermScreen *screen, VTermColor colour)
{
    vterm_screen_convert_color_to_rgb(screen, &colour);
    return (uint32_t)colour.rgb.red << 16 | (uint32_t)colour.rgb.green << 8 | colour.rgb.blue;
}

bool terminal_cell(const struct terminal *terminal, int row, int col, struct terminal_cell *cell)
{
    VTermScreen *screen = vterm_obtain_screen(terminal_vterm(terminal));
    VTermScreenCell raw;
    int rows, cols;
    terminal_size(terminal, &rows, &cols);
    if (row < 0 || row >= rows || col < 0 || col >= cols ||
        !vterm_screen_get_cell(screen, (VTermPos){.row = row, .col = col}, &raw))
        return false;
    const bool right_half = raw.chars[0] == UINT32_MAX;
    *cell = (struct terminal_cell){
        .width = right_half ? 0 : raw.width,
        .fg = rgb(screen, raw.fg),
        .bg = rgb(screen, raw.bg),
        .default_fg = VTERM_COLOR_IS_DEFAULT_FG(&raw.fg),
        .default_bg = VTERM_COLOR_IS_DEFAULT_BG(&raw.bg),
        .bold = raw.attrs.bold,
        .dim = raw.attrs.font == DIALECT_DIM_FONT,
        .italic = raw.attrs.italic,
        .underline = raw.attrs.underline != 0,
        .blink = raw.attrs.blink,
        .reverse = raw.attrs.reverse,
        .strike = raw.attrs.strike,
    };
    size_t size = 0;
    for (int i = 0; !right_half && i < VTERM_MAX_CHARS_PER_CELL && raw.chars[i]; i++)
        size += put_utf8(cell->text + size, raw.chars[i]);
    return true;
}

/* Adds a row to text, without the blanks at its end, and returns the new end of text. */
static char *append_row(const struct terminal *terminal, int row, char *text)
{
    struct terminal_cell cell;
    char *end = text;
    for (int col = 0; terminal_cell(terminal, row, col, &cell); col++) {
        if (!cell.width)
            continue;
        if (!cell.text[0])
            cell.text[0] = ' ';
        const size_t size = strlen(cell.text);
        memcpy(text, cell.text, size);
        text += size;
        if (strcmp(cell.text, " ") != 0)
            end = text;
    }
    *end = '\0';
    return end;
}

char *terminal_row(const struct terminal *terminal, int row)
{
    int rows, cols;
    terminal_size(terminal, &rows, &cols);
    char *text = malloc((size_t)cols * sizeof((struct terminal_cell *)0)->text + 1);
    if (text)
        append_row(terminal, row, text);
    return text;
}

char *terminal_screen(const struct terminal *terminal)
{
    int rows, cols;
    terminal_size(terminal, &rows, &cols);
    const size_t row_room = (size_t)cols * sizeof((struct terminal_cell *)0)->text + 1;
    char *text = malloc((size_t)rows * row_room + 1);
    if (!text)
        return NULL;
    char *end = text;
    for (int row = 0; row < rows; row++) {
        end = append_row(terminal, row, end);
        *end++ = '\n';
    }
    *end = '\0';
    return text;
}

static int column_of(const struct terminal *terminal, int row, size_t offset)
{
    struct terminal_cell cell;
    int col = 0;
    for (size_t size = 0; size < offset && terminal_cell(terminal, row, col, &cell); col++)
        size += cell.width ? (cell.text[0] ? strlen(cell.text) : 1) : 0;
    while (terminal_cell(terminal, row, col, &cell) && !cell.width)
        col++;
    return col;
}

bool terminal_find(const struct terminal *terminal, const char *text, int *row, int *col)
{
    int rows, cols;
    terminal_size(terminal, &rows, &cols);
    for (int i = 0; i < rows; i++) {
        char *line = terminal_row(terminal, i);
        const char *hit = line ? strstr(line, text) : NULL;
        if (hit && row)
            *row = i;
        if (hit && col)
            *col = column_of(terminal, i, (size_t)(hit - line));
        free(line);
        if (hit)
            return true;
    }
    return false;
}

bool terminal_cursor(const struct terminal *terminal, int *row, int *col)
{
    VTermPos position;
    vterm_state_get_cursorpos(vterm_obtain_state(terminal_vterm(terminal)), &position);
    *row = position.row;
    *col = position.col;
    return terminal_mode(terminal, 25);
}
