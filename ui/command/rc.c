/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of command lines, read within bounds and cut into lines. */
#include "ui/command/rc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool rc_default_path(char *path, size_t size)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = -1;
    if (base && *base == '/')
        length = snprintf(path, size, "%s/ramwalk/rc", base);
    else if (home && *home == '/')
        length = snprintf(path, size, "%s/.config/ramwalk/rc", home);
    return length > 0 && (size_t)length < size;
}

/* False: too long. */
static bool expand(const char *path, char *whole, size_t size)
{
    const char *home = getenv("HOME");
    bool is_home = strncmp(path, "~/", 2) == 0 && home;
    int length = snprintf(whole, size, "%s%s", is_home ? home : "", path + is_home);
    return length >= 0 && (size_t)length < size;
}

/* All of it, one byte more at most than may be; -1 with errno. */
static ssize_t read_all(int file, char *data, size_t size)
{
    size_t length = 0;
    while (length < size) {
        ssize_t got = read(file, data + length, size - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

bool rc_read(const char *path, struct rc_text *text, bool *missing, struct error *err)
{
    char whole[RC_PATH];
    bool ignored;
    missing = missing ? missing : &ignored;
    *missing = false;
    if (!expand(path, whole, sizeof whole))
        return error_set(err, "the name of the file is too long");
    int file = open(whole, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        *missing = errno == ENOENT || errno == ENOTDIR;
        return error_set(err, "%.200s cannot be opened: %s", path, strerror(errno));
    }
    char *data = malloc(RC_BYTES + 1);
    ssize_t length = data ? read_all(file, data, RC_BYTES + 1) : -1;
    int reason = errno;
    close(file);
    if (length >= 0 && (size_t)length <= RC_BYTES) {
        *text = (struct rc_text){data, (size_t)length};
        return true;
    }
    free(data);
    if (length >= 0)
        return error_set(err, "%.200s is larger than a file of commands may be: %u bytes", path,
                         RC_BYTES);
    return error_set(err, "%.200s cannot be read: %s", path, strerror(reason));
}

/* Copies a line with blanks for tabs.  False with the reason: it is no text. */
static bool take_line(const char *data, size_t length, char line[RC_LINE], struct error *err)
{
    if (length && data[length - 1] == '\r')
        length--;
    if (length >= RC_LINE)
        return error_set(err, "the line is too long: at most %d bytes", RC_LINE - 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)data[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7f)
            return error_set(err, "byte %zu of the line is a control character (%02x)", i + 1,
                             byte);
        line[i] = byte == '\t' ? ' ' : data[i];
    }
    line[length] = '\0';
    return true;
}

/* Takes one line and runs it. */
static enum rc_line run_line(const char *data, size_t length, size_t number, rc_runner *run,
                             void *context, struct error *err)
{
    char line[RC_LINE];
    if (!take_line(data, length, line, err))
        return RC_MISTAKE;
    const char *word = line + strspn(line, " ");
    return !*word || *word == '#' ? RC_DONE : run(context, word, number, err);
}

void rc_run(const struct rc_text *text, rc_runner *run, void *context, struct rc_result *result)
{
    *result = (struct rc_result){.mistakes = 0};
    size_t number = 1;
    for (size_t at = 0; at < text->length; number++) {
        const char *start = text->data + at, *end = memchr(start, '\n', text->length - at);
        size_t length = end ? (size_t)(end - start) : text->length - at;
        struct error err = {.column = -1, .text = ""};
        enum rc_line line = run_line(start, length, number, run, context, &err);
        at += length + 1;
        if (line == RC_DONE || result->mistakes++)
            continue;
        result->line = number;
        result->elsewhere = line == RC_ELSEWHERE;
        result->first = err;
        result->first.column = -1;
    }
}

bool rc_verdict(const struct rc_result *result, const char *path, struct error *err)
{
    if (!result->mistakes)
        return true;
    size_t more = result->mistakes - 1;
    char others[48] = "";
    if (more)
        snprintf(others, sizeof others, " (and %zu more mistake%s)", more, more == 1 ? "" : "s");
    if (result->elsewhere)
        return error_set(err, "%.270s%s", result->first.text, others);
    return error_set(err, "%.100s:%zu: %.160s%s", path, result->line, result->first.text, others);
}
