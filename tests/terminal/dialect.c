/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All bytes go to libvterm as they come, but control sequences are held back until complete, so
 * that the few that need it can be put in other words. */
#include "dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned mode_numbers[] = {1, 25, 47, 1000, 1002, 1003, 1006, 1047, 1049, 2004};
#define MODES (sizeof mode_numbers / sizeof *mode_numbers)

static unsigned mode_bit(unsigned number)
{
    for (unsigned i = 0; i < MODES; i++)
        if (mode_numbers[i] == number)
            return 1U << i;
    return 0;
}

void dialect_init(struct dialect *dialect)
{
    *dialect = (struct dialect){.modes = mode_bit(25)};
}

bool dialect_mode(const struct dialect *dialect, unsigned number)
{
    return dialect->modes & mode_bit(number);
}

/* libvterm looks at the first of several modes only (terminfo's XM has two), so each goes alone. */
static void write_modes(struct dialect *dialect, VTerm *vterm, const char *numbers, bool on)
{
    for (char *end; *numbers >= '0' && *numbers <= '9'; numbers = end + (*end == ';')) {
        const unsigned number = (unsigned)strtoul(numbers, &end, 10), bit = mode_bit(number);
        char out[32];
        dialect->modes = on ? dialect->modes | bit : dialect->modes & ~bit;
        const int size = snprintf(out, sizeof out, "\033[?%u%c", number, on ? 'h' : 'l');
        vterm_input_write(vterm, out, (size_t)size);
    }
}

/* Rewrites the parameters of SGR: 2 becomes the font for dim, 22 resets that font too. The numbers
 * that belong to a 38 or 48 (5;N or 2;R;G;B) are colours and stay. */
static void write_sgr(VTerm *vterm, const char *parameters)
{
    char out[512] = "\033[";
    size_t size = 2;
    int colour = 0; /* parameters that still belong to a colour; -1: its kind comes next */
    for (const char *at = parameters; size < sizeof out - 16; at++) {
        const size_t length = strcspn(at, ";m");
        const int number = length ? atoi(at) : 0;
        const bool plain = colour == 0 && !memchr(at, ':', length);
        if (plain && number == 2)
            size += (size_t)snprintf(out + size, 16, "%d", 10 + DIALECT_DIM_FONT);
        else if (plain && number == 22)
            size += (size_t)snprintf(out + size, 16, "22;10");
        else
            size += (size_t)snprintf(out + size, 16, "%.*s", length < 15 ? (int)length : 15, at);
        if (colour < 0)
            colour = number == 2 ? 3 : 1;
        else if (colour > 0)
            colour--;
        else if (plain && (number == 38 || number == 48))
            colour = -1;
        at += length;
        out[size++] = *at;
        if (*at == 'm')
            break;
    }
    vterm_input_write(vterm, out, size);
}

static void end_csi(struct dialect *dialect, VTerm *vterm)
{
    dialect->csi[dialect->csi_size] = '\0';
    const char *parameters = dialect->csi + 2, final = dialect->csi[dialect->csi_size - 1];
    const bool plain = strspn(parameters, "0123456789;:") == dialect->csi_size - 3;
    if (plain && final == 'm') {
        write_sgr(vterm, parameters);
    } else if (plain && final == 'b') {
        const int count = atoi(parameters);
        for (int i = 0; i < (count ? count : 1) && i < 4096; i++)
            vterm_input_write(vterm, dialect->last, dialect->last_size);
    } else if (*parameters == '?' && (final == 'h' || final == 'l')) {
        write_modes(dialect, vterm, parameters + 1, final == 'h');
    } else {
        vterm_input_write(vterm, dialect->csi, dialect->csi_size);
    }
}

static void note_character(struct dialect *dialect, unsigned char byte)
{
    if (byte < 0x20 || byte == 0x7f)
        return;
    if (byte < 0x80 || byte >= 0xc0 || dialect->last_size == sizeof dialect->last)
        dialect->last_size = 0;
    dialect->last[dialect->last_size++] = (char)byte;
}

void dialect_feed(struct dialect *dialect, VTerm *vterm, const char *bytes, size_t size)
{
    size_t done = 0; /* what has been passed on or is held in csi */
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        if (byte == '\033') {
            vterm_input_write(vterm, bytes + done, i - done);
            dialect->csi[0] = '\033';
            dialect->csi_size = 1;
            dialect->state = DIALECT_ESCAPE;
        } else if (dialect->state == DIALECT_TEXT) {
            note_character(dialect, byte);
            continue;
        } else {
            dialect->csi[dialect->csi_size++] = (char)byte;
            const bool is_csi = dialect->state == DIALECT_CSI;
            if (!is_csi && byte == '[') {
                dialect->state = DIALECT_CSI;
            } else if (is_csi && byte >= 0x40 && byte < 0x7f) {
                end_csi(dialect, vterm);
                dialect->state = DIALECT_TEXT;
            } else if (!is_csi || dialect->csi_size == sizeof dialect->csi - 1) {
                vterm_input_write(vterm, dialect->csi, dialect->csi_size);
                dialect->state = DIALECT_TEXT;
            }
        }
        done = i + 1;
    }
    vterm_input_write(vterm, bytes + done, size - done);
}
