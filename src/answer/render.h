/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The renderers of answers that are lines: text for people, one JSON object a row for programs. */
#ifndef RAMWALK_ANSWER_RENDER_H
#define RAMWALK_ANSWER_RENDER_H

#include "answer/output.h"
#include "answer/query.h"
#include "base/buffer.h"

/*
 * Text: a line of cells for each row, and one for each row of its lists; of a record one for each
 * column.  Nothing of it harms a terminal.
 */
struct text_renderer {
    struct sink sink; /* the first member: a sink is the renderer */
    struct output *output;
    const struct subject *subject;
    const struct shape *shape;
    const unsigned *shown;
    unsigned count;
    size_t label; /* cells of a record's longest label */
    /* Called before the lines of each row, those of lists too, with what they are made of.  May be
     * NULL. */
    void (*about)(void *context, const struct shape *shape, const unsigned *shown, unsigned count,
                  const struct value *cell);
    void *context;
    struct buffer line;
};
void text_renderer_init(struct text_renderer *renderer, struct output *output);
void text_renderer_deinit(struct text_renderer *renderer);

struct json_renderer {
    struct sink sink;
    struct output *output;
    const struct shape *shape;
    const unsigned *shown;
    unsigned count;
};
void json_renderer_init(struct json_renderer *renderer, struct output *output);

/* {"input","error","column"}: why a line was not answered. */
void json_put_error(struct output *output, const char *input, const struct error *err);

#endif
