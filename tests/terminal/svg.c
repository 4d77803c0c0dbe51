/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each row is one rectangle per run of equal background and one tspan per run of equal style. A run
 * never crosses two blanks or a change between ASCII and the rest, and states its x and length, so
 * that columns stay aligned in whatever fonts the viewer has. */
#include "svg.h"

#include <stdio.h>
#include <string.h>

/* Proportions of DejaVu Sans Mono and Menlo at 14 px: box drawing joins up between rows. */
#define FONT_SIZE   14
#define CELL_WIDTH  8.43
#define CELL_HEIGHT 16.3
#define BASELINE    12.9
#define BAR         28.0
#define MARGIN      10.0

struct paint {
    struct terminal_cell cell;
    uint32_t ink, paper; /* after reverse, dim and the cursor */
    bool visible;        /* something is drawn in the foreground */
    bool ascii;
};

/* Two parts of a to one of b. */
static uint32_t blend(uint32_t a, uint32_t b)
{
    uint32_t mixed = 0;
    for (unsigned shift = 0; shift < 24; shift += 8)
        mixed |= ((a >> shift & 0xff) * 11 + (b >> shift & 0xff) * 9) / 20 << shift;
    return mixed;
}

static bool get_paint(const struct terminal *terminal, int row, int col, struct paint *paint)
{
    struct terminal_cell *cell = &paint->cell;
    int cursor_row, cursor_col;
    if (!terminal_cell(terminal, row, col, cell))
        return false;
    const bool cursor = terminal_cursor(terminal, &cursor_row, &cursor_col) && row == cursor_row &&
                        col == cursor_col;
    const bool reverse = cell->reverse != cursor;
    paint->ink = cell->dim ? blend(cell->fg, cell->bg) : cell->fg;
    paint->paper = reverse ? paint->ink : cell->bg;
    if (reverse)
        paint->ink = cell->bg;
    const bool blank = !cell->text[0] || strcmp(cell->text, " ") == 0;
    paint->visible = !blank || cell->underline || cell->strike;
    paint->ascii = (unsigned char)cell->text[0] < 0x80;
    if (!cell->text[0])
        strcpy(cell->text, " ");
    return true;
}

static bool same_style(const struct paint *a, const struct paint *b)
{
    const struct terminal_cell *c = &a->cell, *d = &b->cell;
    return a->ink == b->ink && c->bold == d->bold && c->italic == d->italic &&
           c->underline == d->underline && c->strike == d->strike;
}

static void put_colour(FILE *file, const char *attribute, uint32_t colour)
{
    const bool is_short = (colour >> 4 & 0x0f0f0f) == (colour & 0x0f0f0f);
    if (is_short)
        fprintf(file, " %s=\"#%x%x%x\"", attribute, colour >> 16 & 15, colour >> 8 & 15,
                colour & 15);
    else
        fprintf(file, " %s=\"#%06x\"", attribute, colour);
}

static void put_text(FILE *file, const char *text)
{
    for (; *text; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte == '<')
            fputs("&lt;", file);
        else if (byte == '>')
            fputs("&gt;", file);
        else if (byte == '&')
            fputs("&amp;", file);
        else if (byte >= 0x20 && byte != 0x7f) /* XML has no way to write the others */
            fputc(byte, file);
    }
}

static void put_background(FILE *file, const struct terminal *terminal, int row)
{
    struct paint paint;
    for (int col = 0, next; get_paint(terminal, row, col, &paint); col = next) {
        const uint32_t paper = paint.paper;
        for (next = col + 1; get_paint(terminal, row, next, &paint); next++)
            if (paint.paper != paper && paint.cell.width)
                break;
        if (paper == TERMINAL_BG)
            continue;
        fprintf(file, "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"",
                col * CELL_WIDTH, row * CELL_HEIGHT, (next - col) * CELL_WIDTH, CELL_HEIGHT + 0.2);
        put_colour(file, "fill", paper);
        fputs("/>\n", file);
    }
}

/* The column after the run that starts at col; *last is the one after its last visible cell. */
static int end_of_run(const struct terminal *terminal, int row, int col, int *last)
{
    struct paint first, paint;
    int blanks = 0, next = col;
    get_paint(terminal, row, col, &first);
    for (; get_paint(terminal, row, next, &paint); next++) {
        if (next > col && paint.cell.width && paint.visible &&
            (!same_style(&first, &paint) || paint.ascii != first.ascii || first.cell.width == 2))
            break;
        blanks = paint.visible || !paint.cell.width ? 0 : blanks + 1;
        if (blanks > 1 || (blanks && !first.ascii))
            break;
        if (!blanks)
            *last = next + 1;
    }
    return next;
}

static void put_run(FILE *file, const struct terminal *terminal, int row, int col, int end)
{
    struct paint paint;
    get_paint(terminal, row, col, &paint);
    fprintf(file, "<tspan x=\"%.2f\" textLength=\"%.2f\"", col * CELL_WIDTH,
            (end - col) * CELL_WIDTH);
    if (paint.ink != TERMINAL_FG)
        put_colour(file, "fill", paint.ink);
    if (paint.cell.bold)
        fputs(" font-weight=\"bold\"", file);
    if (paint.cell.italic)
        fputs(" font-style=\"italic\"", file);
    if (paint.cell.underline || paint.cell.strike)
        fprintf(file, " text-decoration=\"%s%s\"", paint.cell.underline ? "underline" : "",
                paint.cell.strike ? " line-through" : "");
    fputc('>', file);
    for (; col < end && get_paint(terminal, row, col, &paint); col++)
        if (paint.cell.width)
            put_text(file, paint.cell.text);
    fputs("</tspan>", file);
}

static void put_row(FILE *file, const struct terminal *terminal, int row)
{
    struct paint paint;
    bool open = false;
    for (int col = 0; get_paint(terminal, row, col, &paint);) {
        if (!paint.visible) {
            col++;
            continue;
        }
        int last = col + 1;
        const int next = end_of_run(terminal, row, col, &last);
        if (!open)
            fprintf(file, "<text y=\"%.1f\">", row * CELL_HEIGHT + BASELINE);
        open = true;
        put_run(file, terminal, row, col, last);
        col = next > last ? next : last;
    }
    if (open)
        fputs("</text>\n", file);
}

static void put_frame(FILE *file, double width, double height, const char *title)
{
    static const char *const lights[] = {"#e05561", "#d9a343", "#8cc265"};
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"0 0 %.0f %.0f\">\n<title>",
            width, height, width, height);
    put_text(file, title);
    fprintf(file,
            "</title>\n<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#%06x\"/>\n"
            "<path d=\"M0 %.0fV8a8 8 0 0 1 8-8H%.0fa8 8 0 0 1 8 8V%.0fz\" fill=\"#2a2f36\"/>\n",
            TERMINAL_BG, BAR, width - 8, BAR);
    for (int i = 0; i < 3; i++)
        fprintf(file, "<circle cx=\"%d\" cy=\"14\" r=\"5\" fill=\"%s\"/>\n", 16 + 17 * i,
                lights[i]);
    fprintf(file,
            "<text x=\"%.0f\" y=\"18\" text-anchor=\"middle\" font-family=\"sans-serif\" "
            "font-size=\"12\" fill=\"#aab0b8\">",
            width / 2);
    put_text(file, title);
    fputs("</text>\n", file);
}

bool terminal_write_svg(const struct terminal *terminal, const char *path, const char *title)
{
    int rows, cols;
    terminal_size(terminal, &rows, &cols);
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    put_frame(file, cols * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + BAR + 2 * MARGIN, title);
    fprintf(file,
            "<g transform=\"translate(%.0f %.0f)\" font-family=\"'DejaVu Sans Mono', Menlo, "
            "Consolas, 'Liberation Mono', monospace\" font-size=\"%d\" fill=\"#%06x\" "
            "xml:space=\"preserve\" style=\"white-space:pre\">\n",
            MARGIN, BAR + MARGIN, FONT_SIZE, TERMINAL_FG);
    for (int row = 0; row < rows; row++)
        put_background(file, terminal, row);
    for (int row = 0; row < rows; row++)
        put_row(file, terminal, row);
    fputs("</g>\n</svg>\n", file);
    const bool failed = ferror(file);
    return fclose(file) == 0 && !failed;
}
