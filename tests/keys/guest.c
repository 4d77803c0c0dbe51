/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that look like pointers or table entries are what a change hits: others lead nowhere. */
#include "tests/keys/guest.h"

#include "base/array.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANGES 2048 /* that stand at a time */

struct guest {
    char *path;
    uint64_t *word; /* the image */
    size_t words;
    uint32_t *target; /* words that are changed, as numbers in `word` */
    size_t targets, capacity;
    struct guest_change change[CHANGES];
    size_t changes; /* made so far */
};

/* A pointer of the kernel's, or an entry that is present. */
static bool is_target(uint64_t word)
{
    return word >> 48 == 0xffff || ((word & 3) == 3 && word >> 30 && !(word >> 56 & 0x0f));
}

static bool collect(struct guest *guest)
{
    for (size_t i = 0; i < guest->words; i++) {
        if (!is_target(guest->word[i]) || i > UINT32_MAX)
            continue;
        if (!ARRAY_ROOM(&guest->target, guest->targets, &guest->capacity))
            return false;
        guest->target[guest->targets++] = (uint32_t)i;
    }
    return guest->targets > 0;
}

/* Holes stay holes. */
static bool copy_file(int from, int to, off_t size)
{
    if (ftruncate(to, size) != 0)
        return false;
    for (off_t at = 0; (at = lseek(from, at, SEEK_DATA)) >= 0 && at < size;) {
        off_t end = lseek(from, at, SEEK_HOLE);
        lseek(from, at, SEEK_SET);
        lseek(to, at, SEEK_SET);
        while (at < end) {
            ssize_t copied = copy_file_range(from, NULL, to, NULL, (size_t)(end - at), 0);
            if (copied <= 0)
                return false;
            at += copied;
        }
    }
    return true;
}

static bool map(struct guest *guest, int from, int to)
{
    struct stat status;
    if (from < 0 || to < 0 || fstat(from, &status) != 0 || !copy_file(from, to, status.st_size))
        return false;
    void *at = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, to, 0);
    if (at == MAP_FAILED)
        return false;
    guest->word = at;
    guest->words = (size_t)status.st_size / sizeof *guest->word;
    return true;
}

struct guest *guest_copy(const char *image, const char *path)
{
    struct guest *guest = calloc(1, sizeof *guest);
    int from = open(image, O_RDONLY | O_CLOEXEC);
    int to = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool done = guest && (guest->path = strdup(path)) && map(guest, from, to) && collect(guest);
    if (!done)
        perror(image);
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    if (done)
        return guest;
    guest_close(guest);
    return NULL;
}

void guest_close(struct guest *guest)
{
    if (!guest)
        return;
    if (guest->word)
        munmap(guest->word, guest->words * sizeof *guest->word);
    if (guest->path)
        unlink(guest->path);
    free(guest->path);
    free(guest->target);
    free(guest);
}

static uint64_t any_target(const struct guest *guest, struct random *random)
{
    return guest->word[guest->target[random_below(random, guest->targets)]];
}

static uint64_t altered(const struct guest *guest, struct random *random, size_t at)
{
    uint64_t word = guest->word[at];
    switch (random_below(random, 6)) {
    case 0:
        return 0;
    case 1:
        return word ^ UINT64_C(1) << random_below(random, 64);
    case 2:
        return word + 8 * random_below(random, 32);
    case 3: /* the link beside it */
        return guest->word[at ^ 1];
    default:
        return any_target(guest, random);
    }
}

static void take_back(struct guest *guest, const struct guest_change *change)
{
    guest->word[change->offset / sizeof *guest->word] = change->before;
}

struct guest_change guest_poke(struct guest *guest, struct random *random)
{
    struct guest_change *change = &guest->change[guest->changes % CHANGES];
    if (guest->changes >= CHANGES)
        take_back(guest, change);
    guest->changes++;
    size_t at = guest->target[random_below(random, guest->targets)];
    *change = (struct guest_change){at * sizeof *guest->word, guest->word[at],
                                    altered(guest, random, at)};
    guest->word[at] = change->after;
    return *change;
}

uint64_t guest_pointer(const struct guest *guest, struct random *random)
{
    for (int i = 0; i < 16; i++) {
        uint64_t word = any_target(guest, random);
        if (word >> 48 == 0xffff)
            return word;
    }
    return any_target(guest, random);
}

void guest_restore(struct guest *guest)
{
    size_t standing = guest->changes < CHANGES ? guest->changes : CHANGES;
    for (size_t i = 1; i <= standing; i++)
        take_back(guest, &guest->change[(guest->changes - i) % CHANGES]);
    guest->changes = 0;
}
