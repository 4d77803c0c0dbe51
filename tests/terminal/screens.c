/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs screen scripts: what is typed into a program and what its screen shows, side by side in one
 * readable file. Every check is asked again until it holds or its time is over, so a script states
 * results and needs no pauses. "screens --help" describes the language. */
#include "screens.h"

#include "svg.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define QUIET      40  /* no output for so long: the frame is complete */
#define REACTION   250 /* a key without any output by then has no effect on the screen */
#define TIMEOUT    5000
#define FAIL_AFTER 120 /* checks that are meant to fail are not waited for longer */
#define MAX_WORDS  64

/* Every command: false, after run->why is filled, ends the script. */
typedef bool command(struct mapping *run, const char *text);

static bool need_terminal(struct mapping *run)
{
    if (!run->terminal)
        snprintf(run->why, sizeof run->why, "there is no program: run one first\n");
    return run->terminal;
}

static bool complain(struct mapping *run, const char *what)
{
    snprintf(run->why, sizeof run->why, "%s\n", what);
    return false;
}

static bool parse_size(struct mapping *run, const char *text)
{
    int rows, cols;
    if (sscanf(text, "%dx%d", &cols, &rows) != 2 || rows < 1 || cols < 1 || rows > 1000 ||
        cols > 1000)
        return complain(run, "expected COLUMNSxROWS");
    run->rows = rows;
    run->cols = cols;
    return true;
}

static void react(struct mapping *run)
{
    if (terminal_pump(run->terminal, REACTION))
        terminal_settle(run->terminal, QUIET, run->timeout);
}

static bool do_size(struct mapping *run, const char *text)
{
    terminal_close(run->terminal);
    run->terminal = NULL;
    return parse_size(run, text);
}

static bool do_env(struct mapping *run, const char *text)
{
    if (run->environment_count + 1 >= sizeof run->environment / sizeof *run->environment)
        return complain(run, "too many");
    run->environment[run->environment_count] = strdup(text);
    return run->environment[run->environment_count++];
}

static bool do_timeout(struct mapping *run, const char *text)
{
    run->timeout = atoi(text);
    return run->timeout > 0 || complain(run, "expected milliseconds");
}

static bool do_sh(struct mapping *run, const char *text)
{
    return system(text) == 0 || complain(run, "the command failed"); /* NOLINT: scripts are ours */
}

static bool do_run(struct mapping *run, const char *text)
{
    char *words[MAX_WORDS];
    char *copy = strdup(text);
    terminal_close(run->terminal);
    run->terminal = NULL;
    if (copy && script_words(copy, words, MAX_WORDS))
        run->terminal =
            terminal_open(run->rows, run->cols, words, (const char *const *)run->environment);
    free(copy);
    return run->terminal || complain(run, "the program could not be started");
}

static bool do_keys(struct mapping *run, const char *text)
{
    if (!need_terminal(run))
        return false;
    terminal_mark(run->terminal);
    if (!terminal_keys(run->terminal, text))
        return complain(run, "unknown key, or the program takes no input");
    react(run);
    return true;
}

static bool do_resize(struct mapping *run, const char *text)
{
    if (!need_terminal(run) || !parse_size(run, text))
        return false;
    terminal_mark(run->terminal);
    if (!terminal_resize(run->terminal, run->rows, run->cols))
        return complain(run, "the terminal is gone");
    react(run);
    return true;
}

static bool do_pause(struct mapping *run, const char *text)
{
    if (need_terminal(run))
        terminal_settle(run->terminal, atoi(text) + 1, atoi(text));
    return run->terminal;
}

static bool do_signal(struct mapping *run, const char *text)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"CONT", SIGCONT}, {"HUP", SIGHUP},   {"INT", SIGINT},   {"KILL", SIGKILL},
                   {"QUIT", SIGQUIT}, {"TERM", SIGTERM}, {"TSTP", SIGTSTP}, {"WINCH", SIGWINCH}};
    int number = atoi(text);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (strcmp(text, signals[i].name) == 0)
            number = signals[i].number;
    if (!need_terminal(run))
        return false;
    terminal_mark(run->terminal);
    if (number <= 0 || !terminal_signal(run->terminal, number))
        return complain(run, "unknown signal, or the program has ended");
    react(run);
    return true;
}

static bool do_svg(struct mapping *run, const char *text)
{
    char name[128], path[PATH_MAX];
    int skip = 0;
    if (!need_terminal(run) || !run->svg_directory)
        return run->terminal;
    if (sscanf(text, "%127s %n", name, &skip) != 1)
        return complain(run, "expected NAME TITLE");
    snprintf(path, sizeof path, "%s/%s.svg", run->svg_directory, name);
    return terminal_write_svg(run->terminal, path, text + skip) || complain(run, strerror(errno));
}

static const struct {
    const char *name;
    command *run;
    const char *help;
} commands[] = {
    {"env", do_env, "NAME=VALUE, or NAME to remove it: for programs run from here on"},
    {"keys", do_keys,
     "KEYS: characters and <Enter> <C-c> <F1> <PgDn> <Mouse:ROW,COL> ... (keys.h)"},
    {"pause", do_pause, "MS: lets the program work; checks wait by themselves"},
    {"resize", do_resize, "COLUMNSxROWS: of the running terminal"},
    {"run", do_run, "PROGRAM ARGUMENTS: in a new terminal; ends the one before"},
    {"sh", do_sh, "COMMAND: outside the terminal; must succeed"},
    {"signal", do_signal, "NAME: CONT HUP INT KILL QUIT TERM TSTP WINCH, or a number"},
    {"size", do_size,
     "COLUMNSxROWS: of the next terminal, 80x24 at first; ends the program before"},
    {"svg", do_svg, "NAME TITLE: a picture of the screen, if --svg was given"},
    {"timeout", do_timeout, "MS: how long checks may take to come true, 5000 at first"},
};

static command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run;
    return NULL;
}

/* Asks a check until it holds; output that is still coming may change its mind, so it is only
 * asked of a quiet screen, or of a screen that never gets quiet when time is over. */
static bool ask(struct mapping *run, screens_check *check, const char *text, int timeout)
{
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        terminal_settle(run->terminal, QUIET, timeout < TIMEOUT ? timeout : TIMEOUT);
        run->why[0] = '\0';
        if (check(run, text))
            return true;
        clock_gettime(CLOCK_MONOTONIC, &now);
        const long passed =
            (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
        if (passed >= timeout)
            return false;
        terminal_pump(run->terminal, (int)(timeout - passed));
    }
}

static void report(struct mapping *run, size_t line)
{
    run->failures++;
    printf("%s:%zu: FAIL %s\n%s", run->path, line + 1, run->script.lines[line], run->why);
}

static void run_check(struct mapping *run, screens_check *check, const char *text, bool should_fail)
{
    const size_t line = run->line;
    const bool block = check == screens_expect;
    int timeout = run->timeout;
    if (should_fail && timeout > FAIL_AFTER)
        timeout = FAIL_AFTER;
    if (block && run->update && timeout > 1000)
        timeout = 1000;
    if (!need_terminal(run) || (block && !screens_block_end(run) && !complain(run, "no end"))) {
        report(run, line);
        return;
    }
    const bool held = ask(run, check, text, timeout);
    if (held && should_fail)
        complain(run, "it holds, and should not");
    if (!held && block && run->update && !should_fail)
        screens_update_block(run, text);
    else if (held == should_fail)
        report(run, line);
    if (block)
        run->line = screens_block_end(run);
}

/* A text in double quotes keeps the blanks at its ends. */
static char *unquote(char *text)
{
    const size_t size = strlen(text);
    if (size < 2 || text[0] != '"' || text[size - 1] != '"')
        return text;
    text[size - 1] = '\0';
    return text + 1;
}

/* False if the script cannot go on. */
static bool run_line(struct mapping *run)
{
    const char *line = run->script.lines[run->line];
    line += strspn(line, " \t");
    if (!*line || *line == '#')
        return true;
    char name[32] = "";
    int skip = 0;
    bool should_fail = false, good = true;
    if (sscanf(line, "fails %n", &skip) == 0 && skip) {
        should_fail = true;
        line += skip;
    }
    if (sscanf(line, "%31s %n", name, &skip) < 1)
        return true;
    char *expanded = script_expand(line + skip);
    char *text = expanded ? unquote(expanded) : NULL;
    screens_check *check = screens_find_check(name);
    command *action = find_command(name);
    run->why[0] = '\0';
    if (!text) {
        good = complain(run, "a name in it is not set");
    } else if (check) {
        run_check(run, check, text, should_fail);
    } else if (strcmp(name, "wait") == 0) {
        good = need_terminal(run) &&
               ask(run, screens_find_check("contains"), text, run->timeout) != should_fail;
    } else if (action && !should_fail) {
        good = action(run, text);
    } else {
        good = complain(run, "unknown command");
    }
    free(expanded);
    if (!good)
        report(run, run->line);
    return good;
}

/* Its own home keeps the user's settings out, and the program's histories too. */
static bool set_surroundings(struct mapping *run, char *directory)
{
    static const char *const defaults[] = {
        "LC_ALL=C.UTF-8", "INPUTRC=/dev/null", "NO_COLOR",       "COLORTERM",
        "LINES",          "COLUMNS",           "XDG_CONFIG_HOME"};
    char home[PATH_MAX], here[PATH_MAX];
    if (!mkdtemp(directory))
        return false;
    snprintf(here, sizeof here, "%s", run->path);
    char *slash = strrchr(here, '/');
    if (slash)
        *slash = '\0';
    setenv("HERE", slash ? here : ".", 1);
    setenv("TMP", directory, 1);
    snprintf(home, sizeof home, "HOME=%s", directory);
    do_env(run, home);
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        do_env(run, defaults[i]);
    return true;
}

static void remove_directory(const char *directory)
{
    char command_line[PATH_MAX];
    snprintf(command_line, sizeof command_line, "rm -rf '%s'", directory);
    if (system(command_line) != 0)
        perror(directory);
}

static bool run_script(const char *path, bool update, const char *svg_directory)
{
    char directory[] = "/tmp/screens.XXXXXX";
    struct mapping *run = calloc(1, sizeof *run);
    if (!run)
        return false;
    *run = (struct mapping){.path = path,
                            .rows = 24,
                            .cols = 80,
                            .timeout = TIMEOUT,
                            .update = update,
                            .svg_directory = svg_directory};
    if (!script_read(&run->script, path) || !set_surroundings(run, directory)) {
        perror(path);
        run->failures++;
    } else {
        for (; run->line < run->script.count && run_line(run); run->line++)
            ;
        terminal_close(run->terminal);
        remove_directory(directory);
    }
    if (run->changed && !script_write(&run->script, path)) {
        perror(path);
        run->failures++;
    }
    const bool good = run->failures == 0;
    printf("%s %s%s\n", good ? "ok  " : "FAIL", path, run->changed ? " (updated)" : "");
    fflush(stdout);
    script_deinit(&run->script);
    for (size_t i = 0; i < run->environment_count; i++)
        free(run->environment[i]);
    free(run);
    return good;
}

static int is_script(const struct dirent *entry)
{
    const size_t size = strlen(entry->d_name);
    return size > 7 && strcmp(entry->d_name + size - 7, ".screen") == 0;
}

static void print_help(void)
{
    puts(
        "usage: screens [--update] [--svg DIRECTORY] FILE-OR-DIRECTORY...\n"
        "Runs scripts (*.screen). --update rewrites the rows of expect blocks that do not hold.\n\n"
        "One command a line. $NAME is replaced from the environment, $HERE is the script's\n"
        "directory, $TMP and the programs' HOME its own empty one. A TEXT in double quotes\n"
        "keeps the blanks at its ends. Rows and columns count from 1.\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  %-11s %s\n", commands[i].name, commands[i].help);
    puts("  wait        TEXT: until it is on the screen, or the script ends\n\nChecks:");
    screens_print_checks();
    puts("  fails CHECK for one that must not hold, as the runner's own tests need\n\n"
         "Rows of an expect block: |ROW exactly, or ~ROW with * for any run of characters and ?\n"
         "for any one; blank rows at the end may be left out.");
}

static void run_path(const char *path, bool update, const char *svg, unsigned counts[2])
{
    struct dirent **entries;
    const int count = scandir(path, &entries, is_script, alphasort);
    if (count < 0)
        counts[run_script(path, update, svg)]++;
    for (int i = 0; i < count; i++) {
        char file[PATH_MAX];
        snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        counts[run_script(file, update, svg)]++;
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"update", no_argument, NULL, 'u'},
                                            {"svg", required_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    const char *svg = NULL;
    char *self = realpath("/proc/self/exe", NULL);
    unsigned counts[2] = {0, 0}; /* failed, passed */
    bool update = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        update = update || option == 'u';
        if (option == 's') {
            svg = optarg;
        } else if (option != 'u') {
            print_help();
            free(self);
            return option == 'h' ? 0 : 2;
        }
    }
    if (self)
        setenv("SCREENS", self, 1);
    free(self);
    for (int i = optind; i < argc; i++)
        run_path(argv[i], update, svg, counts);
    printf("%u passed, %u failed\n", counts[1], counts[0]);
    return counts[0] || !counts[1];
}
