/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts from left to right, the most important first; what does not fit is left out. */
#include "ui/widget/titlebar.h"

#include "base/text.h"

#include <string.h>

static void fact_name(const struct session *session, const struct space *space, struct text *text)
{
    (void)space;
    text_add(text, "%s", source_name(session_source(session)));
}

static void fact_size(const struct session *session, const struct space *space, struct text *text)
{
    (void)space;
    text_add_size(text, source_ram_size(session_source(session)));
}

static void fact_base(const struct session *session, const struct space *space, struct text *text)
{
    (void)space;
    size_t count;
    const struct segment *range = source_segments(session_source(session), &count);
    if (!source_is_placed(session_source(session)))
        text_add(text, "base unknown");
    else if (count)
        text_add(text, "@ p:%llx%s", (unsigned long long)range[0].pa, count > 1 ? "…" : "");
}

static void fact_paging(const struct session *session, const struct space *space, struct text *text)
{
    if (space->paging)
        text_add(text, "%s", space->paging->name);
    else if (!session_is_finding(session))
        text_add(text, "no page tables found");
}

static void fact_kernel(const struct session *session, const struct space *space, struct text *text)
{
    (void)space;
    if (session_kernel(session)->release[0])
        text_add(text, "Linux %s", session_kernel(session)->release);
}

static void fact_kaslr(const struct session *session, const struct space *space, struct text *text)
{
    (void)space;
    if (session_kernel(session)->has_kaslr && session_kernel(session)->kaslr)
        text_add(text, "KASLR %llx", (unsigned long long)session_kernel(session)->kaslr);
    else if (session_kernel(session)->has_kaslr)
        text_add(text, "no KASLR");
}

static void fact_process(const struct session *session, const struct space *space,
                         struct text *text)
{
    const struct space_process *process = &space->process;
    (void)session;
    if (process->pid)
        text_add(text, "%s (%d)%s", process->comm, process->pid,
                 space_has_ended(space) ? " has ended" : "");
}

static void (*const facts[])(const struct session *, const struct space *, struct text *) = {
    fact_name, fact_process, fact_size, fact_base, fact_paging, fact_kernel, fact_kaslr,
};

static int draw_state(const struct session *session, const struct settings *settings, bool lost,
                      struct area area)
{
    char line[96], doing[64];
    double done;
    struct text text = TEXT_OVER(line);
    if (session_progress(session, doing, sizeof doing, &done))
        text_add(&text, "%s %d%% ", doing, (int)(done * 100));
    else
        text_add(&text, "%s ", lost ? "○ lost" : settings->live ? "● live" : "⏸ paused");
    int at = area.columns - screen_width(line, strlen(line));
    if (at <= 10)
        return area.columns;
    screen_put(area, 0, at, STYLE_TITLE, line);
    return at;
}

void titlebar_draw(struct session *session, const struct space *space,
                   const struct settings *settings, bool lost, struct area area)
{
    if (area.rows < 1)
        return;
    screen_fill(area, 0, 0, STYLE_TITLE);
    int edge = draw_state(session, settings, lost, area);
    int column = screen_put(area, 0, 1, STYLE_TITLE, "ramwalk");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        char line[160] = "";
        struct text text = TEXT_OVER(line);
        facts[i](session, space, &text);
        int width = screen_width(line, strlen(line));
        if (width && column + 2 + width + 1 < edge)
            column = screen_put(area, 0, column + 2, STYLE_TITLE, line);
    }
}
