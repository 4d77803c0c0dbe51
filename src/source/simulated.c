/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "simulated:MS[:packed=OFFSET][:unsaved=OFFSET+SIZE][:unreadable=OFFSET+SIZE]:FILE": a raw file as
 * a kind would serve it that neither maps nor answers at once.
 *
 * Each read() takes MS milliseconds (decimal, at most 60000).  From `packed` on the bytes have no
 * place in the file (f:), those of `unsaved` are left out of the dump, and reading those of
 * `unreadable` fails; numbers are hexadecimal, and meant in whole pages.
 *
 * For tests, and to see what a slow source does to a screen.  It is a row in every build, so that
 * what is tested is what is shipped: nobody writes such a name by accident, and a file of that
 * name would be opened as what it is.
 */
#include "source/source_type.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "simulated:"
#define MS_MAX 60000

struct span {
    uint64_t first, size;
};

struct simulated {
    struct source_file raw; /* whose bytes it serves */
    int stop;               /* readable: no more waiting */
    int ms;
    uint64_t packed;
    struct span unsaved, unreadable;
};

/* "WORD=" and what follows it, up to the ':'. */
static bool take_word(const char **at, const char *word, struct span *span)
{
    size_t length = strlen(word);
    char *end;
    if (strncmp(*at, word, length) != 0)
        return false;
    span->first = strtoull(*at + length, &end, 16);
    if (*end == '+')
        span->size = strtoull(end + 1, &end, 16);
    if (*end != ':')
        return false;
    *at = end + 1;
    return true;
}

/* Takes the name apart.  NULL: it is none of this kind; else what FILE is called. */
static const char *parse(const char *path, struct simulated *simulated)
{
    struct span packed = {UINT64_MAX, 0};
    char *end;
    if (strncmp(path, PREFIX, strlen(PREFIX)) != 0)
        return NULL;
    unsigned long ms = strtoul(path + strlen(PREFIX), &end, 10);
    if (end == path + strlen(PREFIX) || *end != ':' || ms > MS_MAX)
        return NULL;
    const char *at = end + 1;
    while (take_word(&at, "packed=", &packed) || take_word(&at, "unsaved=", &simulated->unsaved) ||
           take_word(&at, "unreadable=", &simulated->unreadable))
        ;
    simulated->ms = (int)ms;
    simulated->packed = packed.first;
    return at;
}

/* No file of that name can be read, but FILE is there. */
static bool probe(const char *path, const unsigned char *head, size_t length)
{
    struct simulated ignored = {0};
    struct stat st;
    const char *file = head ? NULL : parse(path, &ignored);
    (void)length;
    return file && stat(file, &st) == 0 && S_ISREG(st.st_mode);
}

static void close_file(struct source_file *file)
{
    struct simulated *simulated = file->state;
    if (simulated->raw.type)
        simulated->raw.type->close(&simulated->raw);
    if (simulated->stop >= 0)
        close(simulated->stop);
    free(simulated->raw.path);
    free(simulated);
}

static bool open_file(struct source_file *file, struct error *err)
{
    struct simulated *simulated = calloc(1, sizeof *simulated);
    if (!simulated)
        return error_set(err, "%s: out of memory", file->path);
    file->state = simulated;
    simulated->stop = eventfd(0, EFD_CLOEXEC);
    simulated->raw.path = strdup(parse(file->path, simulated));
    bool ok = simulated->stop >= 0 && simulated->raw.path
                  ? source_type_raw.open(&simulated->raw, err)
                  : error_set(err, "%s: out of memory or descriptors", file->path);
    if (!ok) {
        close_file(file);
        return false;
    }
    simulated->raw.type = &source_type_raw;
    file->size = file->places = simulated->raw.size;
    if (file->places > simulated->packed)
        file->places = simulated->packed;
    return true;
}

/* The kind at `at` where the simulation sets one, else EXTENT_DATA; and up to where. */
static enum extent_kind kind_set(const struct simulated *simulated, uint64_t at, uint64_t *end)
{
    const struct span *span[] = {&simulated->unsaved, &simulated->unreadable};
    static const enum extent_kind kind[] = {EXTENT_NOT_SAVED, EXTENT_UNREADABLE};
    *end = simulated->raw.size;
    for (size_t i = 0; i < 2; i++) {
        if (at - span[i]->first < span[i]->size) {
            *end = span[i]->first + span[i]->size;
            return kind[i];
        }
        if (span[i]->size && span[i]->first > at && span[i]->first < *end)
            *end = span[i]->first;
    }
    return EXTENT_DATA;
}

static enum extent_kind extent(const struct source_file *file, uint64_t at, uint64_t *end)
{
    const struct simulated *simulated = file->state;
    uint64_t raw_end;
    enum extent_kind kind = kind_set(simulated, at, end);
    if (kind == EXTENT_DATA) {
        kind = simulated->raw.type->extent(&simulated->raw, at, &raw_end);
        *end = raw_end < *end ? raw_end : *end;
    }
    *end = *end < simulated->raw.size ? *end : simulated->raw.size;
    return kind;
}

static size_t read_file(const struct source_file *file, uint64_t at, void *buffer, size_t length,
                        enum extent_kind *why)
{
    const struct simulated *simulated = file->state;
    struct pollfd stop = {simulated->stop, POLLIN, 0};
    uint64_t end;
    bool is_stopped = poll(&stop, 1, simulated->ms) != 0;
    *why = is_stopped ? EXTENT_UNREADABLE : kind_set(simulated, at, &end);
    if (*why != EXTENT_DATA)
        return 0;
    size_t wanted = end - at < length ? (size_t)(end - at) : length;
    size_t got = simulated->raw.type->read(&simulated->raw, at, buffer, wanted, why);
    if (got == wanted && wanted < length)
        *why = kind_set(simulated, at + got, &end);
    return got;
}

static void interrupt(const struct source_file *file)
{
    const struct simulated *simulated = file->state;
    uint64_t one = 1;
    ssize_t written;
    do
        written = write(simulated->stop, &one, sizeof one);
    while (written < 0 && errno == EINTR);
}

static enum source_state refresh(struct source_file *file, bool *changed, struct error *message)
{
    struct simulated *simulated = file->state;
    enum source_state state = simulated->raw.type->refresh(&simulated->raw, changed, message);
    *changed = false; /* a dump does not change: what was fetched stays */
    return state;
}

const struct source_type source_type_simulated = {
    .name = "simulated",
    .probe = probe,
    .open = open_file,
    .close = close_file,
    .read = read_file,
    .extent = extent,
    .interrupt = interrupt,
    .refresh = refresh,
};
