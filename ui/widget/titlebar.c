/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts from left to right, the most important first; what does not fit is left out. */
#include "ui/widget/titlebar.h"

#include "base/text.h"
#include "session/guest.h"

#include <string.h>

/* What the facts speak of. */
struct title {
    const struct session *session;
    const struct space *space;
    struct guest_facts guest;
};

static void fact_name(const struct title *title, struct text *text)
{
    text_add(text, "%s", title->guest.image);
}

static void fact_size(const struct title *title, struct text *text)
{
    text_add_size(text, title->guest.ram_size);
}

static void fact_base(const struct title *title, struct text *text)
{
    const struct guest_facts *guest = &title->guest;
    if (!guest->is_placed)
        text_add(text, "base unknown");
    else if (guest->segments)
        text_add(text, "@ p:%llx%s", (unsigned long long)guest->first_pa,
                 guest->segments > 1 ? "…" : "");
}

static void fact_paging(const struct title *title, struct text *text)
{
    if (title->space->paging)
        text_add(text, "%s", title->space->paging->name);
    else if (!session_is_finding(title->session))
        text_add(text, "no page tables found");
}

static void fact_kernel(const struct title *title, struct text *text)
{
    if (*title->guest.release)
        text_add(text, "Linux %s", title->guest.release);
}

static void fact_kaslr(const struct title *title, struct text *text)
{
    if (title->guest.has_kaslr && title->guest.kaslr)
        text_add(text, "KASLR %llx", (unsigned long long)title->guest.kaslr);
    else if (title->guest.has_kaslr)
        text_add(text, "no KASLR");
}

static void fact_process(const struct title *title, struct text *text)
{
    const struct space_process *process = &title->space->process;
    if (process->pid)
        text_add(text, "%s (%d)%s", process->comm, process->pid,
                 space_has_ended(title->space) ? " has ended" : "");
}

static void (*const facts[])(const struct title *, struct text *) = {
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
    struct title title = {.session = session, .space = space};
    session_facts(session, &title.guest);
    int edge = draw_state(session, settings, lost, area);
    int column = screen_put(area, 0, 1, STYLE_TITLE, "ramwalk");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        char line[160] = "";
        struct text text = TEXT_OVER(line);
        facts[i](&title, &text);
        int width = screen_width(line, strlen(line));
        if (width && column + 2 + width + 1 < edge)
            column = screen_put(area, 0, column + 2, STYLE_TITLE, line);
    }
}
