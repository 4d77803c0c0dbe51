/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * readline in one place, through its callback interface.  A key becomes the complete bytes that
 * a terminal would send for it; they are queued and readline takes them from there, so that it
 * never waits inside a sequence.
 */
#include "ui/prompt/prompt.h"

#include "ui/prompt/prompt_history.h"

#include <stdio.h> /* FILE, for readline's headers */
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>
#include <term.h>

#undef columns /* a macro of term.h */

enum { CANDIDATES_ROWS = 6 };

static struct {
    const struct prompt_source *source;
    bool initialised, open, done, aborted;
    enum prompt_kind kind;
    unsigned char queue[64];
    size_t queued, taken;
    char *accepted;
    const char *prefill;
    int prefill_cursor;
    char **match; /* what the last Tab offered, [0] unused; NULL: nothing */
    int matches, longest;
    size_t count; /* of candidates, where not all were added; else 0 */
    char complaint[320];
    int complaint_column; /* -1: none in particular */
    bool failed;          /* the line is one that failed, untouched */
    FILE *nowhere;
    TERMINAL *terminal; /* the one that readline's strings live in */
} prompt;

/* ---- readline's side ---- */

static int take_byte(FILE *stream)
{
    (void)stream;
    return prompt.taken < prompt.queued ? prompt.queue[prompt.taken++] : EOF;
}

static int byte_waits(void)
{
    return prompt.taken < prompt.queued;
}

static void draw_nothing(void)
{
}

static void line_done(char *line)
{
    rl_callback_handler_remove();
    free(prompt.accepted);
    prompt.accepted = line;
    prompt.done = true;
    prompt.aborted = !line;
}

static void forget_matches(void)
{
    for (int i = 1; prompt.match && i <= prompt.matches; i++)
        free(prompt.match[i]);
    free(prompt.match);
    prompt.match = NULL;
}

static void keep_matches(char **matches, int count, int longest)
{
    forget_matches();
    prompt.match = calloc((size_t)count + 1, sizeof *prompt.match);
    if (!prompt.match)
        return;
    prompt.matches = count;
    prompt.longest = longest;
    for (int i = 1; i <= count; i++)
        prompt.match[i] = strdup(matches[i]);
}

struct candidates {
    char **word;
    size_t count, room;
};

static void add_candidate(void *context, const char *word)
{
    struct candidates *list = context;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 32;
        char **grown = realloc(list->word, room * sizeof *grown);
        if (!grown)
            return;
        list->word = grown;
        list->room = room;
    }
    if ((list->word[list->count] = strdup(word)))
        list->count++;
}

static struct candidates offered;

static char *offer(const char *text, int state)
{
    static size_t next;
    if (!state)
        next = 0;
    size_t length = strlen(text);
    while (next < offered.count) {
        const char *word = offered.word[next++];
        if (strncmp(word, text, length) == 0)
            return strdup(word);
    }
    return NULL;
}

static void clear_offered(void)
{
    for (size_t i = 0; i < offered.count; i++)
        free(offered.word[i]);
    offered.count = 0;
}

static char **complete(const char *text, int start, int end)
{
    (void)end;
    rl_attempted_completion_over = 1;
    if (prompt.kind == PROMPT_FILTER || !prompt.source)
        return NULL;
    clear_offered();
    prompt.count = 0;
    bool files = prompt.source->candidates(prompt.source->context, rl_line_buffer, (size_t)start,
                                           add_candidate, &offered);
    rl_attempted_completion_over = !files;
    char **matches = rl_completion_matches(text, offer);
    /* "bash:" goes on with an address, "task_struct." with a member, "perm=" with letters. */
    size_t length = matches && !matches[1] ? strlen(matches[0]) : 0;
    if (length && strchr(":.=", matches[0][length - 1]))
        rl_completion_append_character = '\0';
    return matches;
}

static int insert_prefill(void)
{
    if (prompt.prefill) {
        rl_insert_text(prompt.prefill);
        if (prompt.prefill_cursor >= 0 && prompt.prefill_cursor <= rl_end)
            rl_point = prompt.prefill_cursor;
    }
    return 0;
}

/*
 * readline asks termcap for the terminal, which replaces terminfo's current terminal: curses
 * must get its own back.
 */
static void initialise(void)
{
    if (prompt.initialised)
        return;
    prompt.initialised = true;
    TERMINAL *mine = cur_term;
    prompt.nowhere = fopen("/dev/null", "w");
    rl_outstream = prompt.nowhere;
    rl_readline_name = "ramwalk";
    rl_catch_signals = rl_catch_sigwinch = rl_change_environment = 0;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_getc_function = take_byte;
    rl_input_available_hook = byte_waits;
    rl_redisplay_function = draw_nothing;
    rl_startup_hook = insert_prefill;
    rl_attempted_completion_function = complete;
    rl_completion_display_matches_hook = keep_matches;
    rl_completion_query_items = 0;
    rl_basic_word_break_characters = " \t+-*/()[]|&<>:";
    rl_completer_quote_characters = "";
    rl_initialize();
    static const char *const variables[][2] = {
        {"show-all-if-ambiguous", "on"},   {"bell-style", "none"},
        {"page-completions", "off"},       {"enable-bracketed-paste", "off"},
        {"blink-matching-paren", "off"},   {"enable-active-region", "off"},
        {"isearch-terminators", "\\e\\n"},
    };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        rl_variable_bind(variables[i][0], variables[i][1]);
    rl_completion_query_items = 0;
    prompt.terminal = set_curterm(mine);
    prompt_history_load();
}

/* ---- the program's side ---- */

void prompt_count(size_t count)
{
    prompt.count = count;
}

void prompt_init(const struct prompt_source *source)
{
    prompt.source = source;
}

void prompt_deinit(void)
{
    prompt_cancel();
    free(prompt.accepted);
    prompt.accepted = NULL;
    clear_offered();
    free(offered.word);
    offered = (struct candidates){NULL, 0, 0};
    if (prompt.initialised) {
        prompt_history_free();
        rl_outstream = NULL;
        if (prompt.terminal && prompt.terminal != cur_term)
            del_curterm(prompt.terminal);
        prompt.terminal = NULL;
    }
    if (prompt.nowhere)
        fclose(prompt.nowhere);
    prompt.nowhere = NULL;
    prompt.initialised = false;
}

void prompt_open(enum prompt_kind kind, const char *text, int cursor)
{
    initialise();
    prompt_cancel();
    TERMINAL *mine = cur_term;
    prompt.kind = kind;
    prompt.open = true;
    prompt.done = prompt.aborted = false;
    prompt.prefill = text;
    prompt.prefill_cursor = cursor;
    prompt_history_use(kind);
    static const char *const signs[] = {":", "/", "\\"};
    rl_callback_handler_install(signs[kind], line_done);
    set_curterm(mine);
    prompt.prefill = NULL;
}

bool prompt_is_open(void)
{
    return prompt.open;
}

enum prompt_kind prompt_kind_now(void)
{
    return prompt.kind;
}

static void close_line(void)
{
    prompt.open = prompt.failed = false;
    prompt.complaint[0] = '\0';
    forget_matches();
}

void prompt_cancel(void)
{
    if (!prompt.open)
        return;
    rl_callback_sigcleanup();
    rl_free_line_state();
    rl_callback_handler_remove();
    close_line();
}

const char *prompt_text(void)
{
    return prompt.open && rl_line_buffer ? rl_line_buffer : "";
}

const char *prompt_accepted(void)
{
    return prompt.accepted ? prompt.accepted : "";
}

static void queue_bytes(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && prompt.queued < sizeof prompt.queue; i++)
        prompt.queue[prompt.queued++] = (unsigned char)bytes[i];
}

static void queue_key(int key)
{
    if (key & PRESS_ALT)
        queue_bytes("\033", 1);
    key &= ~PRESS_ALT;
    if (key == PRESS_BACKSPACE) {
        queue_bytes("\177", 1);
    } else if (key < PRESS_NAMED) {
        char text[4];
        queue_bytes(text, key_text(key, text));
    } else {
        const char *bytes = screen_key_bytes(key);
        if (bytes)
            queue_bytes(bytes, strlen(bytes));
    }
}

static enum prompt_event feed(void)
{
    while (byte_waits() && !prompt.done)
        rl_callback_read_char();
    prompt.queued = prompt.taken = 0;
    if (!prompt.done)
        return PROMPT_EDITING;
    close_line();
    if (prompt.aborted)
        return PROMPT_CANCELLED;
    prompt_history_add(prompt.accepted);
    return PROMPT_ACCEPTED;
}

static bool is_searching(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH) || RL_ISSTATE(RL_STATE_NSEARCH);
}

/* readline 8.2 crashes where the search through the history gets a key that begins a longer one
 * (Ctrl-X): the search, with the line that it found, has to be over by then. */
static bool ends_search(int key)
{
    return key < PRESS_DELETE_CHAR && rl_get_keymap()[key].type == ISKMAP;
}

enum prompt_event prompt_key(int key)
{
    bool failed = prompt.failed;
    prompt.failed = false;
    prompt.complaint[0] = '\0';
    if (key != PRESS_TAB)
        forget_matches();
    bool searching = is_searching();
    bool cancels = key == PRESS_ESCAPE || key == PRESS_CTRL_C || key == PRESS_CTRL_G;
    if (cancels && searching) {
        queue_bytes("\007", 1); /* ends the search through the history, not the line */
        return feed();
    }
    bool leaves = key == PRESS_BACKSPACE && rl_end == 0 && !searching;
    if (cancels || leaves) {
        prompt_cancel();
        return PROMPT_CANCELLED;
    }
    /* Who types the next command as if the prompt were closed means a new line. */
    if (failed && key == ':') {
        rl_delete_text(0, rl_end);
        rl_point = 0;
        return PROMPT_EDITING;
    }
    if (RL_ISSTATE(RL_STATE_ISEARCH) && ends_search(key))
        queue_bytes("\n", 1);
    queue_key(key);
    return feed();
}

void prompt_insert(const char *text)
{
    char line[2048];
    snprintf(line, sizeof line, "%s", text);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    if (is_searching())
        prompt_key(PRESS_ESCAPE); /* ends the search through the history */
    prompt.failed = false;
    prompt.complaint[0] = '\0';
    forget_matches();
    rl_insert_text(line);
}

void prompt_complain(const char *sentence, int column)
{
    prompt.complaint[0] = '\0';
    strncat(prompt.complaint, sentence, sizeof prompt.complaint - 1);
    prompt.complaint_column = column;
    prompt.failed = true;
}

/* ---- drawing ---- */

/* The matches in columns, in the bottom rows of `above`. */
static void draw_matches(struct area above)
{
    int width = prompt.longest + 2 < above.columns ? prompt.longest + 2 : above.columns;
    int across = width > 0 ? above.columns / width : 1;
    if (across < 1)
        across = 1;
    int rows = (prompt.matches + across - 1) / across;
    int most = above.rows < CANDIDATES_ROWS ? above.rows : CANDIDATES_ROWS;
    int shown = rows < most ? rows : most;
    for (int y = 0; y < shown; y++) {
        int row = above.rows - shown + y;
        screen_fill(above, row, 0, STYLE_CURSOR_OTHER);
        for (int i = 0; i < across; i++) {
            int number = i * rows + y + 1;
            if (number <= prompt.matches && prompt.match[number])
                screen_put(above, row, i * width + 1, STYLE_CURSOR_OTHER, prompt.match[number]);
        }
        if (y == shown - 1 && rows > shown)
            screen_printf(above, row, above.columns - 16, STYLE_CURSOR_OTHER, " … %zu in all ",
                          prompt.count ? prompt.count : (size_t)prompt.matches);
    }
}

/* The sentence stands under the column it speaks of where there is room for it. */
static void draw_complaint(struct area above, int column)
{
    int row = above.rows - 1, width = screen_width(prompt.complaint, strlen(prompt.complaint));
    screen_fill(above, row, 0, STYLE_TEXT);
    if (column < 0 || column >= above.columns) {
        screen_put(above, row, 0, STYLE_ERROR, prompt.complaint);
    } else if (column + 2 + width <= above.columns) {
        screen_printf(above, row, column, STYLE_ERROR, "↓ %s", prompt.complaint);
    } else if (width + 1 <= column) {
        screen_put(above, row, column - width - 1, STYLE_ERROR, prompt.complaint);
        screen_put(above, row, column, STYLE_ERROR, "↓");
    } else {
        screen_put(above, row, column, STYLE_ERROR, "↓");
        if (above.rows > 1) {
            screen_fill(above, row - 1, 0, STYLE_TEXT);
            screen_put(above, row - 1, 0, STYLE_ERROR, prompt.complaint);
        }
    }
}

static void draw_area(struct area line, const char *text, int scrolled)
{
    screen_fill(line, 0, 0, STYLE_TEXT);
    screen_put(line, 0, -scrolled, STYLE_TEXT, text);
    if (scrolled > 0)
        screen_put(line, 0, 0, STYLE_DIM, "‹");
}

void prompt_draw(struct area line, struct area above)
{
    if (!prompt.open || line.rows < 1)
        return;
    char text[2048];
    const char *sign = rl_display_prompt ? rl_display_prompt : ":";
    size_t point = rl_point > 0 ? (size_t)rl_point : 0;
    snprintf(text, sizeof text, "%s%s", sign, prompt_text());
    int before = screen_width(sign, strlen(sign));
    int cursor = before + screen_width(prompt_text(), point);
    int scrolled = cursor < line.columns - 1 ? 0 : cursor - line.columns + 1 + line.columns / 4;
    draw_area(line, text, scrolled);
    screen_cursor(line, 0, cursor - scrolled);
    if (prompt.match)
        draw_matches(above);
    else if (*prompt.complaint)
        draw_complaint(above,
                       prompt.complaint_column < 0
                           ? -1
                           : before - scrolled +
                                 screen_width(prompt_text(), (size_t)prompt.complaint_column));
}
