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

static void compare_log(const struct guest_truth *guest, struct btf *btf,
                        const struct symbols *symbols, const struct vmcoreinfo *info)
{
    uint64_t lost;
    struct error err = {0};
    struct comparison comparison = {.file = guest_truth_file(guest, "dmesg")};
    char rest[LINE];
    struct linux_context linux = {
        .memory = guest->memory, .btf = btf, .symbols = symbols, .info = info};
    assert_non_null(comparison.file);
    double start = guest_truth_ms();
    if (!printk_each(&linux, compare_record, &comparison, &lost, &err))
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
    struct linux_context linux = {.memory = &f->linux.memory, .btf = f->btf, .symbols = f->symbols};
    bool ok = printk_each(&linux, take, found, &found->lost, &err);
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
    put(&f, "desc_ring.count_bits", 18, 4); /* far beyond what is there: an end, soon */
    put(&f, "desc_ring.head_id", 99, 8);
    assert_true(load(&f, &found));
    make(&f);
    put(&f, "desc_ring.descs", UINT64_C(0xffff900000000000), 8);
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 0);
    assert_int_equal(found.lost, 4); /* and reported */
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

/* --- by VMCOREINFO alone ------------------------------------------------------------------- */

static const struct {
    const char *type, *member; /* "": its size */
} lines[] = {
    {"printk_ringbuffer", "desc_ring"},
    {"printk_ringbuffer", "text_data_ring"},
    {"prb_desc_ring", "count_bits"},
    {"prb_desc_ring", "descs"},
    {"prb_desc_ring", "infos"},
    {"prb_desc_ring", "head_id"},
    {"prb_desc_ring", "tail_id"},
    {"prb_desc", "state_var"},
    {"prb_desc", "text_blk_lpos"},
    {"prb_data_blk_lpos", "begin"},
    {"prb_data_blk_lpos", "next"},
    {"printk_info", "seq"},
    {"printk_info", "ts_nsec"},
    {"printk_info", "text_len"},
    {"printk_info", "caller_id"},
    {"prb_data_ring", "size_bits"},
    {"prb_data_ring", "data"},
    {"prb_desc", ""},
    {"printk_info", ""},
};

/* The note of this ring, with `value` instead for one of its lines. */
static void make_note(const struct fixture *f, struct vmcoreinfo *info, const char *changed,
                      const char *value)
{
    int used =
        snprintf(info->text, sizeof info->text, "OSRELEASE=x\nSYMBOL(prb)=%" PRIx64 "\n", PRB);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char name[64], number[32];
        bool is_size = !*lines[i].member;
        snprintf(name, sizeof name, "%s%s%s", lines[i].type, is_size ? "" : ".", lines[i].member);
        uint64_t is = is_size ? btf_size(f->btf, btf_find(f->btf, lines[i].type, BTF_STRUCT))
                              : kernel_offset(f->btf, lines[i].type, lines[i].member);
        snprintf(number, sizeof number, "%" PRIu64, is);
        used += snprintf(info->text + used, sizeof info->text - (size_t)used, "%s(%s)=%s\n",
                         is_size ? "SIZE" : "OFFSET", name,
                         changed && strcmp(changed, name) == 0 ? value : number);
    }
}

static void test_note(void **state)
{
    (void)state;
    static const struct {
        const char *line, *value;
        bool good;
    } cases[] = {
        {NULL, NULL, true},
        {"prb_desc", "16", false}, /* its state and block do not fit into that */
        {"prb_desc", "256", true},
        {"prb_desc", "257", false},
        {"prb_desc.state_var", "16", true},
        {"prb_desc.state_var", "17", false},
        {"prb_desc.text_blk_lpos", "9", false},
        {"prb_data_blk_lpos.begin", "9", false},
        {"prb_data_blk_lpos.next", "9", false},
        {"printk_info", "23", false},
        {"printk_info", "24", true},
        {"printk_info", "256", true},
        {"printk_info", "257", false},
        {"printk_info.seq", "24", true},
        {"printk_info.seq", "25", false},
        {"printk_info.ts_nsec", "25", false},
        {"printk_info.text_len", "30", true},
        {"printk_info.text_len", "31", false},
        {"printk_info.caller_id", "28", true},
        {"printk_info.caller_id", "29", false},
        {"printk_info.caller_id", "4096", false},
        {"printk_info.caller_id", "", false},
        {"printk_info.caller_id", "2x", false},
        {"prb_desc_ring.count_bits", "-1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct found found;
        struct fixture f;
        struct vmcoreinfo info;
        struct error err = {.text = ""};
        make(&f);
        make_note(&f, &info, cases[i].line, cases[i].value);
        memset(&found, 0, sizeof found);
        small_open(&f.linux);
        struct linux_context linux = {.memory = &f.linux.memory, .info = &info};
        bool good = printk_each(&linux, take, &found, &found.lost, &err);
        if (good != cases[i].good)
            fail_msg("%s=%s: %s", cases[i].line ? cases[i].line : "", cases[i].value, err.text);
        if (!cases[i].line) { /* nothing says where the level is: it lies before the caller */
            assert_int_equal(found.count, 4);
            assert_string_equal(found.record[3].text, "last");
            assert_int_equal(found.record[3].level, 6);
        }
        if (cases[i].line && strcmp(cases[i].line, "printk_info.caller_id") == 0 && good)
            assert_int_equal(found.record[0].level, 8); /* not known */
        small_close(&f.linux);
        btf_close(f.btf);
        symbols_destroy(f.symbols);
    }
}

/* The largest ring that is believed, and the one that is not; texts to the end of the room. */
static void test_limits(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        uint64_t value;
        bool good;
    } cases[] = {{"desc_ring.count_bits", 24, true},      {"desc_ring.count_bits", 25, false},
                 {"desc_ring.count_bits", 1, true},       {"text_data_ring.size_bits", 30, true},
                 {"text_data_ring.size_bits", 31, false}, {"text_data_ring.size_bits", 4, true},
                 {"text_data_ring.size_bits", 3, false}};
    static struct found found;
    struct fixture f;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make(&f);
        put(&f, cases[i].path, cases[i].value, 4);
        assert_int_equal(load(&f, &found), cases[i].good);
    }
    make(&f); /* a record at its place in every turn of the ring: the ids go on */
    put(&f, "desc_ring.tail_id", 96, 8);
    for (uint64_t id = 96; id < 104; id++)
        put_record(&f, id, 0x300 + 0x20 * (id - 96), id % 2 ? "odd" : "even");
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 8);
    assert_string_equal(found.record[7].text, "odd");
    make(&f); /* millions that lie outside of the guest are counted, not read one by one */
    put(&f, "desc_ring.count_bits", 24, 4);
    put(&f, "desc_ring.head_id", 99 + (1 << 24), 8);
    put(&f, "desc_ring.descs", DESCS - 96 * 24, 8);
    put(&f, "desc_ring.infos", INFOS - 96 * 32, 8);
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 4);
    assert_true(found.lost > (1 << 24) - (IMAGE_SIZE / 24) - 1 && found.lost < 1 << 24);
    make(&f); /* more than there are descriptors: each is asked for once */
    put(&f, "desc_ring.head_id", 200, 8);
    assert_true(load(&f, &found));
    assert_int_equal(found.count, 4);
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
    struct linux_context linux = {.memory = &f.linux.memory, .btf = f.btf};
    assert_false(printk_each(&linux, take, &found, &lost, &err));
    linux.btf = NULL;
    linux.symbols = f.symbols;
    assert_false(printk_each(&linux, take, &found, &lost, &err));
    linux.btf = f.btf;
    found.most = 2;
    assert_true(printk_each(&linux, take, &found, &lost, &err));
    assert_int_equal(found.count, 2); /* it was asked to stop */
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
        cmocka_unit_test(test_note),     cmocka_unit_test(test_limits),
        cmocka_unit_test(test_guests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
