/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A struct instance as rows: what the `struct` command prints and the structure pane shows.
 *
 * The rows are the members of the type at an address; nested structs, unions and arrays open in
 * place.  Only the shape is kept.  view_row() reads and formats the one row that is asked for,
 * so that a window of a huge struct is drawn live at the price of its own rows.
 */
#ifndef RAMWALK_LINUX_TYPES_VIEW_H
#define RAMWALK_LINUX_TYPES_VIEW_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf;
struct linux_context;

enum view_kind {
    VIEW_NUMBER,
    VIEW_BOOL,
    VIEW_ENUM,
    VIEW_FLAGS, /* an enum whose value is several of its names together */
    VIEW_FLOAT,
    VIEW_STRING, /* an array of char */
    VIEW_POINTER,
    VIEW_FUNCTION, /* a pointer to a function */
    VIEW_STRUCT,
    VIEW_UNION,
    VIEW_ARRAY,
    VIEW_RANGE, /* some elements of a large array */
    VIEW_LIST,  /* list_head, hlist_head, hlist_node and their like */
    VIEW_OTHER, /* void, functions, declared only: nothing to read */
};
const char *view_kind_name(enum view_kind kind); /* "number", "enum", ... */

#define VIEW_NAME  128
#define VIEW_TYPE  192
#define VIEW_VALUE 320

struct view_row {
    unsigned depth;
    char name[VIEW_NAME]; /* "pid", "[3]", "[16..31]"; "" where anonymous */
    char type[VIEW_TYPE]; /* as C writes it */
    uint32_t type_id;
    uint64_t offset;    /* bytes from the start of what is shown */
    uint32_t bit, bits; /* of a bit-field: its first bit from there, and how many; bits 0: none */
    uint64_t size;      /* bytes */
    uint64_t va;
    enum view_kind kind;
    bool anonymous;
    bool can_open, open;

    bool readable; /* all bytes that `value` needs are there */
    char value[VIEW_VALUE];
    bool has_number, is_signed; /* `number`: sign-extended where signed; pointers as they lie */
    uint64_t number;
    const char *name_of_value; /* VIEW_ENUM: the number's; NULL: it has none.  The btf's own */
    unsigned string_at;        /* in `value`: where the text begins that it points to; 0: none */

    bool has_target;      /* points to something mapped: at target_va, without tag or PAC */
    uint32_t target_type; /* 0: void */
    uint64_t target_va;
};

/*
 * Names an address (a symbol, a string, ...) into text[size] and returns it; "" or NULL for
 * nothing to say.
 */
typedef char *symbolizer(void *context, uint64_t va, char *text, size_t size);

struct view;

/* Of structs in the memory of a context, which has to outlive it.  NULL: out of memory. */
struct view *view_create(const struct linux_context *linux);
void view_destroy(struct view *view);
void view_set_symbolizer(struct view *view, symbolizer *name, void *context);

/*
 * Shows a type at an address.  What was opened in the type before is open again, at whatever
 * address.  A struct's or array's rows are its parts; anything else, a string too, is one row of
 * itself.  An empty struct has no rows.
 * False: no such type, or one of which nothing can lie anywhere (a function's, a declared one).
 */
bool view_can_show(const struct btf *btf, uint32_t type, struct error *err);
bool view_show(struct view *view, uint32_t type, uint64_t va, struct error *err);
uint64_t view_va(const struct view *view);

#define VIEW_ROWS 100000
size_t view_rows(const struct view *view);
bool view_is_cut(const struct view *view); /* more than VIEW_ROWS are open: the rest is left out */

/* Characters of the longest name among all rows, each step of depth counted as two. */
size_t view_widest_name(const struct view *view);

/* Reads and formats row i. */
void view_row(const struct view *view, size_t i, struct view_row *row);

/* Opens or closes row i; its parts are the rows after it.  False: nothing changed. */
bool view_open(struct view *view, size_t i, bool open);

/* The innermost row that holds the byte at `va`; view_rows() where none does. */
size_t view_row_at(const struct view *view, uint64_t va);

/* The row that row i is a part of; i itself at the top. */
size_t view_parent(const struct view *view, size_t i);

/*
 * The way to row i from the top as keys of the rows that it is a part of, and its own; `room` of
 * them at most, the rest of way[] 0.  view_reveal() opens what is closed on such a way, in whatever
 * instance of the type is shown, and returns the row that it leads to: the one that it leads
 * farthest to, 0 where it leads nowhere.
 */
void view_way(const struct view *view, size_t i, uint64_t *way, size_t capacity);
size_t view_reveal(struct view *view, const uint64_t *way, size_t capacity);

/* "se.run_node.rb_left", "slot[3]": as btf_path() takes it.  Returns text. */
char *view_path(const struct view *view, size_t i, char *text, size_t size);

/*
 * One value by itself (bits 0: not a bit-field): fills all of a row but depth, name, offset and
 * what is open.  For `struct TYPE.member`, and for typed words elsewhere.
 */
void view_value(const struct linux_context *linux, symbolizer *name, void *context, uint32_t type,
                uint64_t va, uint32_t bit, uint32_t bits, struct view_row *row);

#endif
