/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FILE@PA,FILE@PA: the bytes choose pieces of a list, so that files that exist come up in it. */
#include "base/text.h"
#include "source/source.h"
#include "tests/unit/fuzz.h"

#include <string.h>
#include <unistd.h>

static void check_open(struct source_reader *reader)
{
    struct source *source = reader->source;
    size_t count;
    const struct segment *range = source_segments(source, &count);
    uint64_t covered = 0, offset, end;
    FUZZ_HOLDS(count >= 1 && count <= SOURCE_SEGMENTS);
    for (size_t i = 0; i < count; i++) {
        FUZZ_HOLDS(range[i].offset == covered && range[i].size > 0);
        FUZZ_HOLDS(range[i].pa + (range[i].size - 1) >= range[i].pa);
        FUZZ_HOLDS(source_pa_to_offset(source, range[i].pa, &offset, NULL));
        FUZZ_HOLDS(offset == covered);
        covered += range[i].size;
    }
    FUZZ_HOLDS(covered == source_size(source));
    for (uint64_t at = 0; at < covered; at = end) {
        source_extent(reader, at, &end);
        FUZZ_HOLDS(end > at && end <= covered);
    }
    source_table(reader, range[0].pa, 4096, NULL);
}

int fuzz_image_spec(const uint8_t *data, size_t size)
{
    static const char *const pieces[] = {",",    "@",  "@0", "@40000000", "@fffffffffffff000",
                                         "@1",   "0x", "f",  "/",         ".",
                                         "\x1b", " ",  "@g", "000"};
    char path[] = "/dev/shm/ramwalk-fuzz-XXXXXX", spec[2000];
    struct text text = TEXT_OVER(spec);
    int fd = mkstemp(path);
    FUZZ_HOLDS(fd >= 0 && ftruncate(fd, size % 3 ? 4096 : 5000) == 0);
    for (size_t i = 0; i < size; i++)
        text_add(&text, "%s", data[i] % 3 ? pieces[data[i] / 3 % 14] : path);
    struct source *image = NULL;
    struct error err = {.text = ""};
    if (source_open(&image, spec, &err)) {
        struct source_reader reader;
        source_reader_init(&reader, image);
        source_drop(image);
        check_open(&reader);
        source_reader_deinit(&reader);
    } else {
        FUZZ_HOLDS(!image && err.text[0]);
        FUZZ_HOLDS(!strchr(err.text, '\x1b') && !strchr(err.text, '\n'));
    }
    close(fd);
    unlink(path);
    return 0;
}

FUZZ_ENTRY(fuzz_image_spec)
