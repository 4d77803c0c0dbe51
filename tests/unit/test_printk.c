/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log: line by line what real guests' dmesg printed; and rings that lie. */
#include "linux/log/printk.h"

#include "tests/unit/guest_truth.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"
#include "tests/unit/support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINE 2048

/* --- real guests --------------------------------------------------------------------------- */

struct comparison {
    FILE *file;
    uint64_t next_seq;
    unsigned records, lines, levels;
    bool ended; /* the guest's dmesg was taken before the guest ended */
};

/* Our "\x09" for their tab. */
static void spell(char *line)
{
    char raw[LINE];
    strcpy(raw, line);
    for (const char *c = raw; *c; c++) {
        if ((*c >= ' ' && *c <= '~') || *c == '\t')
            *line++ = *c;
        else
            line += sprintf(line, "\\x%02x", (unsigned char)*c);
    }
    *line = '\0';
}

static bool compare_record(void *context, const struct printk_record *record)
{
    struct comparison *comparison = context;
    char text[PRINTK_TEXT], truth[2 * LINE], ours[2 * LINE];
    assert_int_equal(record->seq, comparison->next_seq++);
    assert_true(record->level < 8);
    comparison->levels |= 1u << record->level;
    comparison->records++;
    strcpy(text, record->text);
    for (char *line = text, *end; line && !comparison->ended; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        if (!fgets(truth, LINE, comparison->file)) {
            comparison->ended = true;
            break;
        }
        truth[strcspn(truth, "\n")] = '\0';
        spell(truth);
        snprintf(ours, sizeof ours, "[%5" PRIu64 ".%06" PRIu64 "] %s", record->time_ns / 1000000000,
                 record->time_ns / 1000 % 1000000, line);
        assert_string_equal(ours, truth);
        comparison->lines++;
    }
    return true;
}

static void compare_log(const struct guest_truth *linux, const struct btf *btf,
                        const struct symbols *symbols, const struct vmcoreinfo *info)
{
    uint64_t lost;
    struct error err = {0};
    struct comparison comparison = {.file = guest_truth_file(linux, "dmesg")};
    char rest[LINE];
    assert_non_null(comparison.file);
    double start = guest_truth_ms();
    if (!printk_each(linux->memory, btf, symbols, info, compare_record, &comparison, &lost, &err))
        fail_msg("%s", err.text);
    print_message("  %u records, %u lines of dmesg equal; levels %02x; %.2f ms\n",
                  comparison.records, comparison.lines, comparison.levels,
                  guest_truth_ms() - start);
    assert_int_equal(lost, 0);
    assert_null(fgets(rest, sizeof rest, comparison.file)); /* not one line was left out */
    fclose(comparison.file);
}

static void check_guest(struct guest_truth *linux)
{
    assert_true(linux->has_info);
    compare_log(linux, linux->btf, linux->symbols, &linux->info);
    compare_log(linux, NULL, NULL, &linux->info);
    if (symbols_find(linux->symbols, "prb"))
        compare_log(linux, linux->btf, linux->symbols, NULL);
}

static void test_guests(void **state)
{
    (void)state;
    if (!guest_truth_each(check_guest))
        skip();
}

/* --- rings that lie -------------------------------------------------------------------------- */

#define PRB        (IMAGE_VA + 0x1000)
#define RING       (IMAGE_VA + 0x1100)
#define DESCS      (IMAGE_VA + 0x2000)
#define INFOS      (IMAGE_VA + 0x3400)
#define TEXTS      (IMAGE_VA + 0x4000)
#define COUNT_BITS 3
#define SIZE_BITS  8
#define FINALIZED  2

struct fixture {
    struct btf *btf;
    struct symbols *symbols;
    struct small_guest linux;
};

struct found {
    struct printk_record record[16];
    size_t count, most;
    uint64_t lost;
};

static void put(struct fixture *f, const char *path, uint64_t value, unsigned width)
{
    small_put(&f->linux, RING + kernel_offset(f->btf, "printk_ringbuffer", path), value, width);
}

static void put_desc(struct fixture *f, uint64_t id, uint64_t state, uint64_t begin, uint64_t next)
{
    uint64_t at = DESCS + 24 * (id & ((1 << COUNT_BITS) - 1));
    small_put(&f->linux, at, state << 62 | id, 8);
    small_put(&f->linux, at + 8, begin, 8);
    small_put(&f->linux, at + 16, next, 8);
}

static void put_info(struct fixture *f, uint64_t id, uint64_t seq, unsigned length)
{
    uint64_t at = INFOS + 32 * (id & ((1 << COUNT_BITS) - 1));
    small_put(&f->linux, at, seq, 8);
    small_put(&f->linux, at + 8, seq * 1000000, 8);
    small_put(&f->linux, at + 16, length, 2);
    small_put(&f->linux, at + 19, 6 << 5, 1); /* level, above the flags */
    small_put(&f->linux, at + 20, 0x80000001, 4);
}

/* A record whose block is at `begin` of the texts, counted on through the ring's turns. */
static void put_record(struct fixture *f, uint64_t id, uint64_t begin, const char *text)
{
    unsigned length = (unsigned)strlen(text), size = 8 + (length + 7) / 8 * 8;
    uint64_t turn = begin >> SIZE_BITS, end = begin + size, at = begin;
    if ((end - 1) >> SIZE_BITS != turn) { /* all of it at the start of the next turn */
        at = (turn + 1) << SIZE_BITS;
        end = at + size;
    }
    put_desc(f, id, FINALIZED, begin, end);
    put_info(f, id, id - 100, length);
    at = TEXTS + (at & ((1 << SIZE_BITS) - 1));
    small_put(&f->linux, at, id, 8);
    small_put_text(&f->linux, at + 8, text);
}

/* Ids 100 ... 103. */
static void make(struct fixture *f)
{
    f->btf = kernel_types(false);
    f->symbols = symbols_create();
    assert_true(symbols_add(f->symbols, PRB, 'd', "prb", 3, NULL));
    assert_true(symbols_add_range(f->symbols, NULL, IMAGE_VA, IMAGE_VA + IMAGE_SIZE - 1));
    symbols_complete(f->symbols);
    small_make(&f->linux);
    small_put(&f->linux, PRB, RING, 8);
    put(f, "desc_ring.count_bits", COUNT_BITS, 4);
    put(f, "desc_ring.descs", DESCS, 8);
    put(f, "desc_ring.infos", INFOS, 8);
    put(f, "desc_ring.tail_id", 100, 8);
    put(f, "desc_ring.head_id", 103, 8);
    put(f, "text_data_ring.size_bits", SIZE_BITS, 4);
    put(f, "text_data_ring.data", TEXTS, 8);
    put_record(f, 100, 0x340, "first");
    put_record(f, 101, 0x350, "two\nlines\tand a \x1b");
    put_record(f, 102, 0x3f0, "wrapped to the start");
    put_record(f, 103, 0x420, "last");
}

static bool take(void *context, const struct printk_record *record)
{
    struct found *found = context;
    assert_true(found->count < 16);
    found->record[found->count++] = *record;
    return found->count != found->most;
}

static bool load(struct fixture *f, struct found *found)
{
    struct error err = {0};
    memset(found, 0, sizeof *found);
    small_open(&f->linux);
    bool ok =
        printk_each(&f->linux.memory, f->btf, f->symbols, NULL, take, found, &found->lost, &err);
    assert_int_equal(ok, err.text[0] == '\0');
    small_close(&f->linux);
    btf_close(f->btf);
    symbols_destroy(f->symbols);
    return ok;
}

static void test_ring(void **state)
{
    (void)state;
    static struct found found;
    struct fixture f;
    make(&f);
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 4);
    assert_int_equal(found.lost, 0);
    assert_string_equal(found.record[0].text, "first");
    assert_string_equal(found.record[1].text, "two\nlines\tand a \\x1b");
    assert_string_equal(found.record[2].text, "wrapped to the start");
    assert_string_equal(found.record[3].text, "last");
    assert_int_equal(found.record[3].seq, 3);
    assert_int_equal(found.record[3].time_ns, 3000000);
    assert_int_equal(found.record[3].level, 6);
    assert_int_equal(found.record[3].caller, PRINTK_CPU | 1);
}

static void test_descriptors(void **state)
{
    (void)state;
    static struct found found;
    struct fixture f;
    make(&f);
    put_desc(&f, 100, FINALIZED, 1, 1); /* no room was left for its text */
    put_desc(&f, 101, FINALIZED, 3, 3); /* an empty line */
    put_desc(&f, 102, 0, 0x3f0, 0x420); /* being written */
    put_desc(&f, 103, 1, 0x420, 0x430); /* may be continued */
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 2);
    assert_string_equal(found.record[0].text, "");
    assert_string_equal(found.record[1].text, "last");
    make(&f);
    put_desc(&f, 100, 3, 0x340, 0x350);             /* to be used again */
    put_desc(&f, 101 + 8, FINALIZED, 0x350, 0x370); /* another's by now */
    put_desc(&f, 102, FINALIZED, 0x350, 0x370);     /* another's block */
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 1);
}

/* Blocks that are too small, too long, backwards, or of no turn that follows. */
static void test_blocks(void **state)
{
    (void)state;
    static const uint64_t lies[][2] = {{0x340, 0x340},         {0x350, 0x348}, {0x340, 0x344},
                                       {0x340, 0x510},         {0x340, 0x210}, {0, UINT64_MAX - 1},
                                       {UINT64_MAX - 15, 0x8}, {1, 3}};
    static struct found found;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct fixture f;
        make(&f);
        put_desc(&f, 100, FINALIZED, lies[i][0], lies[i][1]);
        put_info(&f, 101, 1, 65535); /* a length beyond its block is cut to it */
        assert_true(load(&f, &found));
        assert_int_equal(found.count, 3);
        assert_string_equal(found.record[2].text, "last");
    }
    struct fixture f;
    make(&f);
    /* Newer kernels: a block that ends where the ring does. */
    put_desc(&f, 103, FINALIZED, 0x4f0, 0x500);
    small_put(&f.linux, TEXTS + 0xf0, 103, 8);
    small_put_text(&f.linux, TEXTS + 0xf8, "ends");
    assert_true(load(&f, &found));
    assert_string_equal(found.record[3].text, "ends");
}

static void test_lying_ring(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        uint64_t value;
        unsigned width;
    } lies[] = {
        {"desc_ring.count_bits", 0, 4},     {"desc_ring.count_bits", 63, 4},
        {"desc_ring.descs", 0, 8},          {"desc_ring.infos", 0, 8},
        {"text_data_ring.size_bits", 0, 4}, {"text_data_ring.size_bits", 0xffffffff, 4},
        {"text_data_ring.data", 0, 8},
    };
    static struct found found;
    struct fixture f;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        make(&f);
        put(&f, lies[i].path, lies[i].value, lies[i].width);
        assert_false(load(&f, &found));
    }
    make(&f);
    small_put(&f.linux, PRB, UINT64_C(0xffff900000000000), 8);
    assert_false(load(&f, &found));
    make(&f);
    put(&f, "desc_ring.count_bits", 24, 4); /* far behind what is there: an end, soon */
    put(&f, "desc_ring.head_id", 99, 8);
    assert_true(load(&f, &found));
    make(&f);
    put(&f, "desc_ring.descs", UINT64_C(0xffff900000000000), 8);
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 0);
    assert_int_equal(found.lost, 4); /* which is said */
}

/* Ids run over at 62 bits. */
static void test_id_wraps(void **state)
{
    (void)state;
    static struct found found;
    struct fixture f;
    uint64_t last = (UINT64_C(1) << 62) - 1;
    make(&f);
    put_record(&f, last, 0x340, "before");
    put_record(&f, 0, 0x350, "after");
    put(&f, "desc_ring.tail_id", last, 8);
    put(&f, "desc_ring.head_id", 0, 8);
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 2);
    assert_string_equal(found.record[1].text, "after");
}

static void test_nothing(void **state)
{
    (void)state;
    static struct found found;
    struct fixture f;
    struct error err;
    uint64_t lost;
    make(&f);
    small_open(&f.linux);
    struct memory *memory = &f.linux.memory;
    assert_false(printk_each(memory, f.btf, NULL, NULL, take, &found, &lost, &err));
    assert_false(printk_each(memory, NULL, f.symbols, NULL, take, &found, &lost, &err));
    found.most = 2;
    assert_true(printk_each(memory, f.btf, f.symbols, NULL, take, &found, &lost, &err));
    assert_int_equal(found.count, 2); /* it was told to stop */
    small_close(&f.linux);
    btf_close(f.btf);
    symbols_destroy(f.symbols);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring),     cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_blocks),   cmocka_unit_test(test_lying_ring),
        cmocka_unit_test(test_id_wraps), cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_guests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
