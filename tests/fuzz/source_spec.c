/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FILE:OFFSET@PA+SIZE,...: the bytes choose pieces of a list, so that files that exist come up in
 * it.
 */
#include "base/text.h"
#include "source/source.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void check_open(struct source_reader *reader)
{
    struct source *source = reader->source;
    size_t count;
    const struct segment *segment = source_segments(source, &count);
    uint64_t sum = 0, offset, pa, end;
    FUZZ_HOLDS(count >= 1 && count <= SOURCE_SEGMENTS);
    for (size_t i = 0; i < count; i++) {
        FUZZ_HOLDS(segment[i].size > 0 && segment[i].size <= source_size(source));
        FUZZ_HOLDS(segment[i].offset <= source_size(source) - segment[i].size);
        FUZZ_HOLDS(segment[i].pa + (segment[i].size - 1) >= segment[i].pa);
        /* One to one: what is named twice was refused. */
        FUZZ_HOLDS(source_pa_to_offset(source, segment[i].pa, &offset, NULL));
        FUZZ_HOLDS(offset == segment[i].offset);
        FUZZ_HOLDS(source_offset_to_pa(source, offset, &pa, NULL) && pa == segment[i].pa);
        FUZZ_HOLDS(source_ram_pa(source, sum, &pa) && pa == segment[i].pa);
        sum += segment[i].size;
        source_table(reader, segment[i].pa & ~UINT64_C(4095), 4096, NULL);
    }
    FUZZ_HOLDS(sum == source_ram_size(source) && !source_ram_pa(source, sum, &pa));
    for (uint64_t at = 0; at < source_size(source); at = end) {
        source_extent(reader, at, &end);
        FUZZ_HOLDS(end > at && end <= source_size(source));
    }
}

bool fuzz_source_spec(const uint8_t *data, size_t size)
{
    static const char *const pieces[] = {
        ",",
        "@",
        "@0",
        "@40000000",
        "@fffffffffffff000",
        "@1",
        "0x",
        "f",
        "/",
        ".",
        "\x1b",
        " ",
        "@g",
        "000",
        ":0+800",
        ":800+800",
        "+1",
        ":1",
        "+K",
        ":1001",
        "+2K",
        "@1000",
        "+0",
        ":fffffffffffffffe",
    };
    enum { PIECES = sizeof pieces / sizeof *pieces };
    char path[] = "/dev/shm/ramwalk-fuzz-XXXXXX", spec[2000];
    struct text text = TEXT_OVER(spec);
    int fd = mkstemp(path);
    FUZZ_HOLDS(fd >= 0 && ftruncate(fd, size % 3 ? 4096 : 5000) == 0);
    for (size_t i = 0; i < size; i++)
        text_add(&text, "%s", data[i] % 3 ? pieces[data[i] / 3 % PIECES] : path);
    struct source *image = NULL;
    struct error err = {.text = ""};
    bool opened = source_open(&image, spec, &err);
    if (opened) {
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
    return opened;
}
