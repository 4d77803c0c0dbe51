/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sparse files on tmpfs, sessions on them, and what a command has printed. */
#include "source/source.h"
#include "tests/unit/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A test that fails does not come to its end: its leftovers go when the program does. */
static char left_behind[512][sizeof((struct file *)0)->path];
static size_t left_count;

static void remove_what_is_left(void)
{
    for (size_t i = 0; i < left_count; i++)
        unlink(left_behind[i]);
}

static void remember(const char *path)
{
    if (left_count == 0)
        atexit(remove_what_is_left);
    if (left_count < sizeof left_behind / sizeof *left_behind)
        strcpy(left_behind[left_count++], path);
}

struct file file_create(uint64_t size)
{
    struct file file;
    snprintf(file.path, sizeof file.path, "/dev/shm/ramwalk-test-XXXXXX");
    file.fd = mkstemp(file.path);
    assert_true(file.fd >= 0);
    remember(file.path);
    assert_int_equal(ftruncate(file.fd, (off_t)size), 0);
    return file;
}

void file_remove(struct file *file)
{
    close(file->fd);
    unlink(file->path);
    file->fd = -1;
}

void file_write(const struct file *file, uint64_t offset, const void *bytes, size_t length)
{
    assert_int_equal(pwrite(file->fd, bytes, length, (off_t)offset), length);
}

void file_text(const struct file *file, uint64_t offset, const char *text)
{
    file_write(file, offset, text, strlen(text));
}

int64_t file_blocks(const struct file *file)
{
    struct stat st;
    assert_int_equal(fstat(file->fd, &st), 0);
    return st.st_blocks;
}

void file_punch(const struct file *file, uint64_t offset, uint64_t length)
{
    assert_int_equal(fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
                               (off_t)length),
                     0);
}

struct file_state file_state(const struct file *file)
{
    static unsigned char buffer[65536];
    struct stat st;
    assert_int_equal(fstat(file->fd, &st), 0);
    struct file_state state = {.sum = UINT64_C(0xcbf29ce484222325),
                               .size = st.st_size,
                               .blocks = st.st_blocks,
                               .mtime_ns =
                                   st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec};
    off_t at = 0;
    while ((at = lseek(file->fd, at, SEEK_DATA)) >= 0) {
        ssize_t got = pread(file->fd, buffer, sizeof buffer, at);
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got; i++)
            state.sum = (state.sum ^ buffer[i]) * UINT64_C(0x100000001b3);
        at += got;
    }
    return state;
}

void assert_file_unchanged(const struct file *file, const struct file_state *before)
{
    struct file_state now = file_state(file);
    assert_int_equal(now.size, before->size);
    assert_int_equal(now.blocks, before->blocks);
    assert_int_equal(now.mtime_ns, before->mtime_ns);
    assert_int_equal(now.sum, before->sum);
}

struct source *open_image(const char *spec)
{
    struct source *image = NULL;
    struct error err = {.text = ""};
    if (!source_open(&image, spec, &err))
        fail_msg("%s", err.text);
    return image;
}

struct source_reader *open_reader(const char *spec)
{
    struct source_reader *reader = malloc(sizeof *reader);
    struct source *source = open_image(spec);
    assert_non_null(reader);
    source_reader_init(reader, source);
    source_drop(source);
    return reader;
}

void close_reader(struct source_reader *reader)
{
    source_reader_deinit(reader);
    free(reader);
}

struct session *open_session(const struct file *file, uint64_t base, const char *mode,
                             uint64_t root_pa, uint64_t root_user_pa)
{
    struct options options = {.image = file->path,
                              .paging = mode,
                              .has_base = true,
                              .base = base,
                              .has_root = root_pa != NO_ROOT,
                              .root_pa = root_pa,
                              .has_root_user = root_user_pa != NO_ROOT,
                              .root_user_pa = root_user_pa};
    struct error err = {.text = ""};
    struct session *session = session_open(&options, &err);
    if (!session)
        fail_msg("%s", err.text);
    session_settle(session, true);
    return session;
}

static bool take_line(void *context, const char *line)
{
    struct capture *capture = context;
    size_t length = strlen(line);
    while (capture->length + length + 2 > capture->capacity) {
        capture->capacity = 2 * capture->capacity + 4096;
        capture->text = realloc(capture->text, capture->capacity);
        assert_non_null(capture->text);
    }
    memcpy(capture->text + capture->length, line, length);
    memcpy(capture->text + capture->length + length, "\n", 2);
    capture->length += length + 1;
    capture->lines++;
    return true;
}

void capture_start(struct capture *capture, bool json)
{
    *capture = (struct capture){.output = {.json = json, .line = take_line}};
    capture->output.context = capture;
    capture->text = calloc(1, 1);
    assert_non_null(capture->text);
}

void capture_free(struct capture *capture)
{
    free(capture->text);
    capture->text = NULL;
}
