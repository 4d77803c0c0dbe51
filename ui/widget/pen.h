/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line under construction: draws pieces one after the other. */
#ifndef RAMWALK_UI_WIDGET_PEN_H
#define RAMWALK_UI_WIDGET_PEN_H

#include "memory/address.h"
#include "paging/paging.h"
#include "ui/terminal/screen.h"

struct pen {
    struct area area;
    int row, column;
};

void pen_put(struct pen *pen, enum style style, const char *text);
void pen_printf(struct pen *pen, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void pen_address(struct pen *pen, enum style style, struct address address);

/* "rw-k", a letter a style. */
void pen_access(struct pen *pen, struct access access);

/* "2M" */
void pen_size(struct pen *pen, uint64_t size);

/* To the start of the next line. */
void pen_next(struct pen *pen);

#endif
