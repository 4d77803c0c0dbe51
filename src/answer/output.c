/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer/output.h"

#include "answer/render.h"

bool output_line(struct output *output, char *line)
{
    text_make_harmless(line);
    if (!output->stopped && !output->line(output->context, line))
        output->stopped = true;
    return !output->stopped;
}

void output_error(struct output *output, const char *input, const struct error *err)
{
    struct buffer line = {0};
    if (output->json) {
        json_put_error(output, input, err);
        return;
    }
    buffer_text(&line, input);
    if (err->column >= 0) {
        if (!line.failed)
            output_line(output, line.data);
        buffer_cut(&line, 0);
        buffer_pad(&line, (size_t)err->column);
    }
    buffer_text(&line, err->column >= 0 ? "^ " : ": ");
    buffer_text(&line, err->text);
    if (!line.failed)
        output_line(output, line.data);
    buffer_deinit(&line);
}
