/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FILE@PA,FILE@PA: the bytes choose pieces of a list, so that files that exist come up in it. */
#include "base/text.h"
#include "source/source.h"
#include "tests/unit/fuzz.h"

#include <string.h>
#include <unistd.h>

static void check_open(struct source *image)
{
    size_t count;
    const struct ram_range *range = source_ranges(image, &count);
    uint64_t covered = 0, offset, end;
    FUZZ_HOLDS(count >= 1 && count <= SOURCE_RANGES);
    for (size_t i = 0; i < count; i++) {
        FUZZ_HOLDS(range[i].offset == covered && range[i].size > 0);
        FUZZ_HOLDS(range[i].pa + (range[i].size - 1) >= range[i].pa);
        FUZZ_HOLDS(source_pa_to_offset(image, range[i].pa, &offset, NULL));
        FUZZ_HOLDS(offset == covered);
        covered += range[i].size;
    }
    FUZZ_HOLDS(covered == source_size(image));
    for (uint64_t at = 0; at < covered; at = end) {
        source_extent(image, at, &end);
        FUZZ_HOLDS(end > at && end <= covered);
    }
    source_table(image, range[0].pa, 4096);
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
        check_open(image);
        source_close(image);
    } else {
        FUZZ_HOLDS(!image && err.text[0]);
        FUZZ_HOLDS(!strchr(err.text, '\x1b') && !strchr(err.text, '\n'));
    }
    close(fd);
    unlink(path);
    return 0;
}

FUZZ_ENTRY(fuzz_image_spec)
