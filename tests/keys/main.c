/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types random keys into the program while the guest that it browses changes under it, and waits
 * for the complete frame that answers each of them.
 *
 *   keys [-s SEED] [-n KEYS] [-r KEYS] [-w WORDS] [-t MS] [-o FILE] PROGRAM IMAGE [ARGUMENT...]
 *
 *   -r  so many keys a run of the program (500); each run begins with other words changed
 *   -w  so many words change at first, and one for each key after that (200); 0: none do
 *   -t  so long without a frame is a hang (10000)
 *   -o  writes what led to the slowest key as a script for build/screens
 *
 * Fails where the program crashes, hangs, or leaves the terminal other than it was; times are
 * reported and fail nothing.  The same seed draws the same keys and the same words.
 */
#include "tests/keys/draw.h"
#include "tests/keys/guest.h"
#include "tests/keys/turns.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/terminal.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROWS       30
#define COLUMNS    110
#define LOAD_MS    15000
#define LATER_MS   2500
#define LAST       400 /* deeds that a report shows */
#define NS_PER_MS  1e6
#define UNKEYED_MS 300 /* without a count of turns: a key without output by then shows nothing */
#define QUIET_MS   2

struct options {
    uint64_t seed;
    unsigned long keys, keys_per_run, words;
    int hang_ms;
    const char *script; /* NULL: none is written */
    char **program;     /* and its arguments */
    const char *image;
};

/* One thing that was done, as a line of a script. */
struct deed {
    char line[200];
};

struct worst {
    double cpu_ms, clock_ms, other_ms; /* of a key, and of a turn without one */
    char key[32];
};

struct drive {
    struct options options;
    struct random random;
    struct guest *guest;
    struct turns *turns;
    char folder[64], copy[96], turns_file[96], library[512];
    struct terminal *terminal;
    struct deed deed[LAST];
    size_t deeds;
    unsigned long keys, runs;
    struct worst worst;
    bool ended; /* a key ended the program */
};

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void note(struct drive *drive, const char *verb, const char *text)
{
    struct deed *deed = &drive->deed[drive->deeds++ % LAST];
    snprintf(deed->line, sizeof deed->line, "%s %.180s", verb, text);
}

static void write_deeds(const struct drive *drive, FILE *file)
{
    size_t first = drive->deeds > LAST ? drive->deeds - LAST : 0;
    fprintf(file, "# seed %llu, run %lu, key %lu: %s\nsh cp --sparse=always %s $TMP/ram\n",
            (unsigned long long)drive->options.seed, drive->runs, drive->keys, drive->worst.key,
            drive->options.image);
    for (size_t i = first; i < drive->deeds; i++)
        fprintf(file, "%s\n", drive->deed[i % LAST].line);
}

static void write_script(const struct drive *drive)
{
    FILE *file = drive->options.script ? fopen(drive->options.script, "w") : NULL;
    if (!file)
        return;
    write_deeds(drive, file);
    fclose(file);
}

static void poke(struct drive *drive)
{
    char line[160];
    struct guest_change change = guest_poke(drive->guest, &drive->random);
    int length = snprintf(line, sizeof line, "printf '");
    for (unsigned i = 0; i < 8; i++)
        length += snprintf(line + length, sizeof line - (size_t)length, "\\x%02x",
                           (unsigned)(change.after >> 8 * i & 0xff));
    snprintf(line + length, sizeof line - (size_t)length,
             "' | dd of=$TMP/ram bs=1 seek=%llu conv=notrunc status=none",
             (unsigned long long)change.offset);
    note(drive, "sh", line);
}

/* ---- a key ---- */

static bool is_running(struct drive *drive)
{
    return !terminal_has_ended(drive->terminal);
}

/* Without the library: output, and then none. */
static bool settle(struct drive *drive)
{
    if (!terminal_pump(drive->terminal, UNKEYED_MS))
        return true;
    return terminal_settle(drive->terminal, QUIET_MS, drive->options.hang_ms);
}

/* False: no frame has come. */
static bool wait_for_frame(struct drive *drive, unsigned answered_before)
{
    uint64_t until = now_ns() + (uint64_t)drive->options.hang_ms * 1000000;
    if (!drive->turns)
        return settle(drive);
    while (atomic_load(&drive->turns->answered) == answered_before) {
        if (now_ns() > until)
            return false;
        if (terminal_pump(drive->terminal, 1) && !is_running(drive))
            return true;
    }
    return true;
}

static void measure(struct drive *drive, const char *key, uint64_t typed_ns)
{
    struct worst *worst = &drive->worst;
    if (!drive->turns)
        return;
    double cpu_ms = (double)atomic_load(&drive->turns->cpu_ns) / NS_PER_MS;
    double clock_ms = ((double)atomic_load(&drive->turns->ended_ns) - (double)typed_ns) / NS_PER_MS;
    double other_ms = (double)atomic_exchange(&drive->turns->others_ns, 0) / NS_PER_MS;
    bool is_worst = cpu_ms > worst->cpu_ms || other_ms > worst->other_ms;
    worst->cpu_ms = cpu_ms > worst->cpu_ms ? cpu_ms : worst->cpu_ms;
    worst->clock_ms = clock_ms > worst->clock_ms ? clock_ms : worst->clock_ms;
    worst->other_ms = other_ms > worst->other_ms ? other_ms : worst->other_ms;
    if (!is_worst)
        return;
    snprintf(worst->key, sizeof worst->key, "%.31s", key);
    printf("key %lu %s: %.2f ms of CPU; a turn without keys %.2f ms\n", drive->keys, key, cpu_ms,
           other_ms);
    fflush(stdout);
    write_script(drive);
}

/* False: the program hangs. */
static bool type_key(struct drive *drive, const char *key)
{
    unsigned answered = drive->turns ? atomic_load(&drive->turns->answered) : 0;
    note(drive, "keys", key);
    drive->keys++;
    uint64_t typed_ns = now_ns();
    if (!terminal_keys(drive->terminal, key))
        return true; /* a click where the mouse is off */
    bool is_click = strstr(key, "Mouse") || strstr(key, "Wheel") || strstr(key, "Paste");
    if (is_click && drive->turns) {
        terminal_pump(drive->terminal, 20); /* nothing may have been sent */
        return true;
    }
    bool answered_it = wait_for_frame(drive, answered);
    if (answered_it)
        measure(drive, key, typed_ns);
    return answered_it;
}

/* Key by key; false: it hangs. */
static bool type_keys(struct drive *drive, const char *text)
{
    while (*text && !drive->ended) {
        struct key key;
        char one[DRAW_TEXT];
        const char *next = keys_next(text, &key);
        size_t length = next ? (size_t)(next - text) : strlen(text);
        memcpy(one, text, length);
        one[length] = '\0';
        if (!type_key(drive, one))
            return false;
        drive->ended = !is_running(drive);
        text += length;
    }
    return true;
}

static void resize(struct drive *drive)
{
    int rows = 3 + (int)random_below(&drive->random, 60);
    int columns = 20 + (int)random_below(&drive->random, 200);
    char size[32];
    snprintf(size, sizeof size, "%dx%d", columns, rows);
    note(drive, "resize", size);
    terminal_resize(drive->terminal, rows, columns);
    terminal_pump(drive->terminal, 20);
}

/* ---- a run ---- */

static bool start(struct drive *drive)
{
    char preload[600], turns[120];
    const char *environment[] = {preload, turns, NULL};
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", drive->library);
    snprintf(turns, sizeof turns, TURNS_FILE "=%s", drive->turns_file);
    drive->deeds = 0;
    drive->ended = false;
    guest_restore(drive->guest);
    for (unsigned long i = 0; i < drive->options.words; i++)
        poke(drive);
    note(drive, "run", "$RAMWALK $TMP/ram");
    char *argv[32] = {drive->options.program[0], drive->copy};
    for (int i = 2; i < 31 && drive->options.program[i]; i++)
        argv[i] = drive->options.program[i];
    drive->terminal = terminal_open(ROWS, COLUMNS, argv, drive->turns ? environment : NULL);
    if (!drive->terminal || !terminal_pump(drive->terminal, LOAD_MS))
        return false;
    /* Keys come while the guest is being loaded, or later. */
    uint64_t until = now_ns() + random_below(&drive->random, LATER_MS) * 1000000;
    while (now_ns() < until)
        terminal_pump(drive->terminal, 10);
    return true;
}

/* Quits, where a key has not done it.  False: it does not end, or not as it should. */
static bool finish(struct drive *drive)
{
    int status = 0;
    bool by_signal = !drive->ended && terminal_signal(drive->terminal, SIGTERM);
    bool has_ended = terminal_wait_end(drive->terminal, drive->options.hang_ms, &status);
    const char *left = has_ended ? terminal_left_behind(drive->terminal) : NULL;
    bool as_asked =
        WIFEXITED(status) ? WEXITSTATUS(status) == 0 : by_signal && WTERMSIG(status) == SIGTERM;
    if (!has_ended)
        printf("run %lu, key %lu: does not end\n", drive->runs, drive->keys);
    else if (!as_asked)
        printf("run %lu, key %lu: ended with status %x\n", drive->runs, drive->keys,
               (unsigned)status);
    else if (left)
        printf("run %lu, key %lu: left behind: %s\n", drive->runs, drive->keys, left);
    char *screen = as_asked ? NULL : terminal_screen(drive->terminal);
    if (screen)
        puts(screen);
    free(screen);
    terminal_close(drive->terminal);
    drive->terminal = NULL;
    return has_ended && as_asked && !left;
}

static bool run(struct drive *drive)
{
    unsigned long until = drive->keys + drive->options.keys_per_run;
    bool answers = start(drive);
    drive->runs++;
    while (answers && !drive->ended && drive->keys < until && drive->keys < drive->options.keys) {
        char text[DRAW_TEXT];
        int rows, columns;
        if (drive->options.words)
            poke(drive);
        if (random_below(&drive->random, 200) == 0)
            resize(drive);
        terminal_size(drive->terminal, &rows, &columns);
        draw_keys(&drive->random, guest_pointer(drive->guest, &drive->random), rows, columns, text);
        answers = type_keys(drive, text);
    }
    if (!answers) {
        printf("run %lu, key %lu: no frame\n", drive->runs, drive->keys);
        terminal_close(drive->terminal);
        drive->terminal = NULL;
    }
    bool done = answers && finish(drive);
    if (!done)
        write_deeds(drive, stdout);
    return done;
}

/* ---- the whole ---- */

static bool take_options(struct options *options, int argc, char **argv)
{
    *options = (struct options){
        .seed = 1, .keys = 1000, .keys_per_run = 500, .words = 200, .hang_ms = 10000};
    for (int option; (option = getopt(argc, argv, "+s:n:r:w:t:o:")) != -1;) {
        unsigned long number = optarg ? strtoul(optarg, NULL, 0) : 0;
        switch (option) {
        case 's':
            options->seed = number;
            break;
        case 'n':
            options->keys = number;
            break;
        case 'r':
            options->keys_per_run = number;
            break;
        case 'w':
            options->words = number;
            break;
        case 't':
            options->hang_ms = (int)number;
            break;
        case 'o':
            options->script = optarg;
            break;
        default:
            return false;
        }
    }
    if (argc - optind < 2 || !options->seed)
        return false;
    options->program = argv + optind;
    options->image = argv[optind + 1];
    return true;
}

/* The library lies beside this program.  A program with sanitizers does not take it. */
static void map_turns(struct drive *drive)
{
    ssize_t length = readlink("/proc/self/exe", drive->library, sizeof drive->library - 16);
    int fd = open(drive->turns_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (length > 0)
        strcpy(drive->library + length, "-turns.so");
    bool has_file = fd >= 0 && ftruncate(fd, sizeof *drive->turns) == 0;
    void *at = MAP_FAILED;
    if (has_file && !getenv("KEYS_WITHOUT_TURNS"))
        at = mmap(NULL, sizeof *drive->turns, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    drive->turns = at == MAP_FAILED ? NULL : at;
    if (fd >= 0)
        close(fd);
}

static bool prepare(struct drive *drive)
{
    snprintf(drive->folder, sizeof drive->folder, "/tmp/keys.XXXXXX");
    if (!mkdtemp(drive->folder))
        return false;
    snprintf(drive->copy, sizeof drive->copy, "%s/ram", drive->folder);
    snprintf(drive->turns_file, sizeof drive->turns_file, "%s/turns", drive->folder);
    drive->random.state = drive->options.seed;
    map_turns(drive);
    drive->guest = guest_copy(drive->options.image, drive->copy);
    return drive->guest;
}

static void clean_up(struct drive *drive)
{
    guest_close(drive->guest);
    if (drive->turns)
        munmap(drive->turns, sizeof *drive->turns);
    unlink(drive->turns_file);
    rmdir(drive->folder);
}

int main(int argc, char **argv)
{
    static struct drive drive;
    if (!take_options(&drive.options, argc, argv)) {
        fputs("usage: keys [-s SEED] [-n KEYS] [-r KEYS] [-w WORDS] [-t MS] [-o FILE] PROGRAM "
              "IMAGE [ARGUMENT...]\n",
              stderr);
        return 2;
    }
    bool done = prepare(&drive);
    while (done && drive.keys < drive.options.keys)
        done = run(&drive);
    printf("%lu keys in %lu runs: the longest took %.2f ms of CPU, %.2f ms by the clock; the "
           "longest turn without keys %.2f ms of CPU\n",
           drive.keys, drive.runs, drive.worst.cpu_ms, drive.worst.clock_ms, drive.worst.other_ms);
    printf("%d passed, %d failed\n", done, !done);
    clean_up(&drive);
    return done ? 0 : 1;
}
