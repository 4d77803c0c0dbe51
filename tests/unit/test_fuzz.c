/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fuzz drivers for a bounded while: pieces that the parsers know, mixed with any bytes. */
#include "tests/unit/fuzz.h"
#include "tests/unit/support.h"

#include <string.h>

static const char *const expression_pieces[] = {"v:",    "p:",       "f:",
                                                "(",     ")",        "[",
                                                "]",     "+",        "-",
                                                "*",     "/",        "<<",
                                                ">>",    "&",        "|",
                                                "$here", "$size",    "$root",
                                                "'a",    "0",        "ffff000000000000",
                                                ".10",   "40010000", "0x1f",
                                                " ",     "\x1b",     "ffffffffffffffff"};
static const char *const filter_pieces[] = {
    "kernel", "user",   "perm=",   "rwx",   "-w",   "size>=",
    "size<",  "size=",  "page=",   "flag=", "AF",   "2M",
    "4096",   "0x1000", "16E",     "..",    "v:0",  "ffff000000000000",
    " ",      "  ",     "tables ", "walk ", "hex ", "translate ",
    "help ",  "\xff"};
static const char *const rc_pieces[] = {
    "bind ",   "unbind ", "-p ",      "tables,", "struct",       "set ",   "word 4",
    "source ", "open",    "j ",       "C-f ",    "M-",           "Space ", "F5 ",
    "# ",      "\n",      "\n\n",     "\r\n",    "\t",           " ",      "v:1000",
    "$",       "\xc3",    "\xe4\xb8", "\x01",    "prompt \"x\"", "quit"};
static const char *const note_pieces[] = {"OSRELEASE=",
                                          "6.1.0\n",
                                          "PAGESIZE=4096\n",
                                          "SYMBOL(_stext)=",
                                          "SYMBOL(swapper_pg_dir)=",
                                          "ffff000000000000\n",
                                          "NUMBER(VA_BITS)=48\n",
                                          "NUMBER(kimage_voffset)=",
                                          "NUMBER(phys_base)=",
                                          "-1\n",
                                          "0x1\n",
                                          "99999999999999999999999\n",
                                          "a=b\n",
                                          "=",
                                          "\n",
                                          "\x80",
                                          "KERNELOFFSET=1\n",
                                          "NUMBER(phys_ram_base)=0x80000000\n",
                                          "NUMBER(TCR_EL1_T1SZ)=0x10\n",
                                          "CRASHTIME=1\n"};

/* Pieces and, now and then, any byte.  Returns the length. */
static size_t mix(struct rng *rng, const char *const *pieces, size_t count, uint8_t *data,
                  size_t capacity)
{
    size_t length = 0, wanted = (size_t)rng_below(rng, 24);
    for (size_t i = 0; i < wanted; i++) {
        const char *piece = pieces[rng_below(rng, count)];
        size_t size = strlen(piece);
        if (rng_below(rng, 12) == 0 && length < capacity)
            data[length++] = (uint8_t)rng_next(rng);
        else if (size <= capacity - length) {
            memcpy(data + length, piece, size);
            length += size;
        }
    }
    return length;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void expressions(void **state)
{
    (void)state;
    struct rng rng = {1};
    uint8_t data[600];
    for (unsigned i = 0; i < 20000; i++)
        fuzz_expression(data, mix(&rng, expression_pieces, COUNT(expression_pieces), data, 600));
}

static void filters(void **state)
{
    (void)state;
    struct rng rng = {2};
    uint8_t data[600];
    for (unsigned i = 0; i < 10000; i++)
        fuzz_filter(data, mix(&rng, filter_pieces, COUNT(filter_pieces), data, 600));
}

static void notes(void **state)
{
    (void)state;
    struct rng rng = {3};
    uint8_t data[1200];
    for (unsigned i = 0; i < 20000; i++) {
        size_t start = 0;
        if (rng_below(&rng, 4)) /* most begin as a note does */
            for (size_t piece = 0; piece < 3; piece++) {
                memcpy(data + start, note_pieces[piece], strlen(note_pieces[piece]));
                start += strlen(note_pieces[piece]);
            }
        size_t length = start + mix(&rng, note_pieces, COUNT(note_pieces), data + start, 600);
        fuzz_vmcoreinfo(data, length);
    }
}

static void rc_files(void **state)
{
    (void)state;
    struct rng rng = {6};
    uint8_t data[600];
    for (unsigned i = 0; i < 20000; i++)
        fuzz_rc(data, mix(&rng, rc_pieces, COUNT(rc_pieces), data, 600));
}

static void image_specs(void **state)
{
    (void)state;
    struct rng rng = {4};
    for (unsigned i = 0; i < 1500; i++) {
        uint8_t data[24];
        size_t length = (size_t)rng_below(&rng, sizeof data);
        for (size_t at = 0; at < length; at++)
            data[at] = (uint8_t)rng_next(&rng);
        fuzz_source_spec(data, length);
    }
}

static void page_tables(void **state)
{
    (void)state;
    struct rng rng = {5};
    static uint64_t data[1024];
    for (unsigned i = 0; i < 1500; i++) {
        size_t words = 3 + (size_t)rng_below(&rng, COUNT(data) - 3);
        for (size_t at = 0; at < words; at++)
            data[at] = rng_next(&rng);
        fuzz_paging((const uint8_t *)data, words * 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions), cmocka_unit_test(filters),     cmocka_unit_test(notes),
        cmocka_unit_test(rc_files),    cmocka_unit_test(image_specs), cmocka_unit_test(page_tables),
    };
    return cmocka_run_group_tests_name("fuzz", tests, NULL, NULL);
}
