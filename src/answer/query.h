/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question and the way of its rows: a subject yields them, the terms after `where` let some
 * through, `sort=` puts them in order, `columns=` chooses what is shown of them, and a sink prints
 * or keeps them.
 *
 *     ps where state=R comm~"gt" sort=-pid columns=pid,comm
 *
 * A term is COLUMN OP VALUE, OP one of = != < > <= >= ~, blanks around OP allowed; a value with
 * blanks in it stands in double quotes.  It is read by the type of its column (answer/term.h).
 */
#ifndef RAMWALK_ANSWER_QUERY_H
#define RAMWALK_ANSWER_QUERY_H

#include "answer/rows.h"
#include "base/error.h"
#include "session/session.h"

struct items; /* answer/items.h */
struct query;

/* What a command is about: one file of src/answer each. */
struct subject {
    const struct shape *shape;
    /* They depend on the arguments: rows() calls query_shape() first, and `shape` has those that
     * are always there. */
    bool shapes_itself;
    /* Not a table but one thing: text has a line for each column instead of one for each row. */
    bool is_record;
    /* Its lines are a format that the field knows (kallsyms, maps, dmesg): no headings in text. */
    bool bare;
    /*
     * Yields all rows by query_row() and query_emit().  Failure: *err, with a column in
     * query->arguments; rows that were given before stay given.
     */
    bool (*rows)(struct query *query, struct error *err);
    /* The same rows by number, for arguments that ask for a list; NULL: there are none. */
    const struct items *items;
};

/* A remark on the rows as a whole, and where that leads. */
struct remark {
    const char *text;
    struct address address; /* that it names; space NULL: none */
    /* Why the answer may not be all of it; else it is for people only, and says nothing that is not
     * in the rows. */
    bool is_note;
};

/* Where rows go: a renderer, or a table in memory. */
struct sink {
    unsigned hides;    /* columns with any of these flags are shown only where asked for */
    size_t sort_bytes; /* most memory for rows that are sorted; 0: SORT_BYTES */
    /* Before the first row.  `shown`: the places in the shape of the `count` columns to show. */
    bool (*begin)(struct sink *sink, const struct subject *subject, const struct shape *shape,
                  const unsigned *shown, unsigned count);
    /* All cells of a row, those that are not shown too.  False: no more rows are wanted. */
    bool (*row)(struct sink *sink, const struct value *cell);
    /* After the rows; notes come last. */
    bool (*remark)(struct sink *sink, const struct remark *remark);
};

/* Columns of a row: all that somebody looks at, those shown, those of terms, one. */
enum query_part { QUERY_ALL, QUERY_SHOWN, QUERY_TERMS, QUERY_CELL };

#define QUERY_REMARKS 16 /* kept until the rows are out */
/* Bytes of rows that are sorted at most: what is more is left out, with a note. */
#define SORT_BYTES ((size_t)256 << 20)

struct query {
    struct session *session;
    const char *arguments; /* the command's own, without blanks around them */
    /* ---- the rest is query.c's ---- */
    const struct subject *subject;
    const struct shape *shape;
    struct sink *sink;
    const char *line, *tail; /* all arguments; from `where`, sort=, columns= on: in `line` */
    struct term *term;
    size_t terms;
    bool is_sorted, is_descending, in_order, has_begun, stopped, out_of_memory;
    unsigned sort;
    unsigned shown[COLUMNS_MAX], count;
    bool needed[COLUMNS_MAX];
    struct budget budget; /* of all that query_run() does */
    enum query_part part; /* what needed[] is set for, and of QUERY_CELL the column */
    unsigned part_column;
    struct value cell[COLUMNS_MAX], spare[COLUMNS_MAX];
    struct arena row, texts; /* of the row under way; of the whole query */
    struct list spare_list;
    struct rows sorting; /* kept until all are there */
    struct remark remark[QUERY_REMARKS];
    size_t remarks;
};

/*
 * Answers `arguments` (all of them) to the sink.  Failure: *err with a column in `arguments`.
 */
bool query_run(struct session *session, const struct subject *subject, const char *arguments,
               struct sink *sink, struct error *err);

/*
 * A query whose rows are asked for in another way (answer/browser.h).  `arguments` are the
 * command's own.  NULL: out of memory.
 */
struct query *query_open(struct session *session, const struct subject *subject,
                         const char *arguments, struct sink *sink);
void query_close(struct query *query); /* NULL is fine */

/* Takes "where TERM ... sort= columns=" (where may be left out) in the place of what was chosen
 * before.  Failure: *err with a column in `text`. */
bool query_choose(struct query *query, const char *text, struct error *err);

/* Where in `arguments` the command's own end: at `where`, sort= or columns=, else at their end. */
const char *query_tail(const char *arguments);

/* ---- for subjects ---- */

/* The columns, where they depend on the arguments; they live as long as the query. */
bool query_shape(struct query *query, const struct shape *shape, struct error *err);

/* Memory that lives as long as the query: a copy of `bytes` with a NUL after it; NULL: all zero.
 * NULL: out of memory. */
void *query_keep(struct query *query, const char *bytes, size_t size);

/* What is looked at of the rows that come: all that was asked for, until something else is set. */
void query_look(struct query *query, enum query_part part, unsigned column);

/* Do all terms hold? */
bool query_holds(const struct query *query, const struct value *cell);

/* Rows come in the order that sort= asks for: they need not be kept. */
void query_in_order(struct query *query);

/* Is the column looked at by anybody?  What costs time is left out where not. */
bool query_needs(const struct query *query, unsigned column);

/* The cells of the next row, all VALUE_NULL. */
struct value *query_row(struct query *query);

/* Gives the row.  False: no more are wanted; that is no failure. */
bool query_emit(struct query *query);

/* Text and lists that live until the row is given. */
const char *query_text(struct query *query, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *query_bytes(struct query *query, size_t size); /* NULL: out of memory */
struct list *query_list(struct query *query, const struct shape *shape);
/* The cells of the list's next row, all VALUE_NULL; the rows before it may move. */
struct value *query_list_row(struct query *query, struct list *list);
struct value *query_array(struct query *query, size_t count);

/* What sort= asks for, and how much memory may be used for it. */
void query_order(const struct query *query, unsigned *column, bool *descending, size_t *most_bytes);
void query_note_cut(struct query *query, size_t rows);
void query_note_end(struct query *query, const struct budget *budget); /* where it has ended */

/* After the rows: why the answer may not be all of it; what sums it up for people.  The address
 * (`va`: of the kernel, 0: none) is the one that the words name. */
void query_note(struct query *query, const char *format, ...) __attribute__((format(printf, 2, 3)));
void query_note_at(struct query *query, uint64_t va, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void query_remark(struct query *query, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void query_remark_at(struct query *query, struct address address, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
