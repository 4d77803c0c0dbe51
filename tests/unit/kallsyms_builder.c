/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One token is more than a character: 0x80 is "sym". */
#include "tests/unit/kallsyms_builder.h"

#include "tests/unit/checks.h"

#include <stdio.h>
#include <string.h>

#define TOKEN_SYM   0x80
#define MARKERS_MAX 64

struct writer {
    struct kallsyms_places *places;
    const struct kallsyms_content *content;
    const struct kallsyms_layout *layout;
    uint64_t va;
};

static void put(struct writer *writer, uint64_t value, unsigned width)
{
    writer->content->put(writer->content->context, writer->va, value, width);
    writer->va += width;
}

static void align(struct writer *writer)
{
    writer->va = (writer->va + 7) & ~UINT64_C(7);
}

static void put_text(struct writer *writer, const char *text)
{
    for (; *text; text++)
        put(writer, (uint8_t)*text, 1);
}

/* Bytes for themselves; the others are parts of two and three letters. */
static void put_tokens(struct writer *writer)
{
    uint16_t index[256];
    writer->places->token_table_va = writer->va;
    for (unsigned i = 0; i < 256; i++) {
        char token[8] = {(char)i, 0};
        if (i < ' ' || i > '~')
            snprintf(token, sizeof token, "%c%c", 'a' + i % 26, 'a' + i / 26);
        if (i == TOKEN_SYM)
            strcpy(token, "sym");
        if (i >= 'a' && i < 'a' + writer->content->paired_letters)
            token[1] = '_';
        index[i] = (uint16_t)(writer->va - writer->places->token_table_va);
        put_text(writer, token);
        put(writer, 0, 1);
    }
    align(writer);
    writer->places->token_index_va = writer->va;
    for (unsigned i = 0; i < 256; i++)
        put(writer, index[i], 2);
}

static void put_name(struct writer *writer, unsigned i)
{
    char name[KALLSYMS_NAME];
    size_t length = writer->content->name(writer->content->context, i, name);
    bool has_token = strncmp(name + 1, "sym", 3) == 0;
    length -= has_token ? 2 : 0;
    if (length > 127)
        put(writer, (length & 0x7f) | 0x80, 1);
    put(writer, length > 127 ? length >> 7 : length, 1);
    put(writer, (uint8_t)name[0], 1);
    if (has_token)
        put(writer, TOKEN_SYM, 1);
    put_text(writer, name + (has_token ? 4 : 1));
}

static void put_names(struct writer *writer)
{
    uint64_t marker[MARKERS_MAX];
    unsigned count = writer->content->count;
    assert_true(count / 256 < MARKERS_MAX);
    writer->places->num_va = writer->va;
    put(writer, count, 8);
    writer->places->names_va = writer->va;
    for (unsigned i = 0; i < count; i++) {
        if (i % 256 == 0)
            marker[i / 256] = writer->va - writer->places->names_va;
        put_name(writer, i);
    }
    align(writer);
    for (unsigned i = 0; i < count; i += 256)
        put(writer, marker[i / 256], writer->layout->marker_width);
    align(writer);
    for (unsigned i = 0; writer->layout->numbers_between && i < count; i++)
        put(writer, i * 7919 % count << 8, 3);
    align(writer);
}

static uint64_t coded(const struct writer *writer, uint64_t address)
{
    uint64_t base = writer->content->base;
    switch (writer->layout->form) {
    case RELATIVE:
        return address - base;
    case PERCPU: /* absolute below the base */
        return address < base ? address : base - 1 - address;
    case PLACE:
        return address - writer->va;
    default:
        return address;
    }
}

static void put_addresses(struct writer *writer)
{
    enum kallsyms_coding form = writer->layout->form;
    writer->places->addresses_va = writer->va;
    for (unsigned i = 0; i < writer->content->count; i++)
        put(writer, coded(writer, writer->content->address(writer->content->context, i)),
            form == ABSOLUTE ? 8 : 4);
    align(writer);
    if (form != RELATIVE && form != PERCPU)
        return;
    writer->places->base_va = writer->va;
    put(writer, writer->content->base, 8);
}

void kallsyms_write(struct kallsyms_places *places, const struct kallsyms_content *content,
                    const struct kallsyms_layout *layout, uint64_t va)
{
    struct writer writer = {places, content, layout, va};
    *places = (struct kallsyms_places){0};
    if (!layout->after)
        put_addresses(&writer);
    put_names(&writer);
    put_tokens(&writer);
    if (layout->after)
        put_addresses(&writer);
}

char *kallsyms_note(const struct kallsyms_places *places, const struct kallsyms_layout *layout,
                    char *text, size_t size)
{
    int length = snprintf(text, size,
                          "SYMBOL(kallsyms_names)=%llx\nSYMBOL(kallsyms_num_syms)=%llx\n"
                          "SYMBOL(kallsyms_token_table)=%llx\nSYMBOL(kallsyms_token_index)=%llx\n"
                          "SYMBOL(kallsyms_%s)=%llx\n",
                          (unsigned long long)places->names_va, (unsigned long long)places->num_va,
                          (unsigned long long)places->token_table_va,
                          (unsigned long long)places->token_index_va,
                          layout->form == ABSOLUTE ? "addresses" : "offsets",
                          (unsigned long long)places->addresses_va);
    if (places->base_va)
        snprintf(text + length, size - (size_t)length, "SYMBOL(kallsyms_relative_base)=%llx\n",
                 (unsigned long long)places->base_va);
    return text;
}
