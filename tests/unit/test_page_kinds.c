/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pages are and whose: each kind, by every way in which a kernel may say it. */
#include "tests/unit/kernel_types.h"
#include "tests/unit/page_made.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TAIL_OF(i)   (made_va(i) + 1)

/* --- hugetlb ------------------------------------------------------------------------------- */

/* A compound page of 32: its first page says HEAD, its second `dtor`. */
static void put_compound(struct made *made, uint64_t i, uint64_t refcount, uint64_t dtor)
{
    put_struct(made, i, (uint64_t[]){HEAD, 0, 0, 0, NEVER_MAPPED, refcount});
    for (uint64_t k = 1; k < 32; k++)
        put_struct(made, i + k, (uint64_t[]){0, TAIL_OF(i), 0, 0, NEVER_MAPPED, 0});
    pages_put(made->memory, MADE_AT + (i + 1) * 64 + 16, dtor);
}

static void test_hugetlb(void **state)
{
    struct made made;
    struct page_facts facts;
    (void)state;
    made_start(&made);
    put_compound(&made, 0x820, 0, 2);
    put_compound(&made, 0x840, 1, 2);
    put_compound(&made, 0x860, 1, 1);
    put_compound(&made, 0x880, 1, 2);
    put_compound(&made, 0xbf0, 1, 2);        /* goes on in the next chunk */
    PUT(0x860, 0, 0, 0, 0, NEVER_MAPPED, 1); /* no HEAD: what its second page says is its own */
    pages_put(made.memory, MADE_AT + 0x861 * 64 + 16, 2);
    builder_leaf(&made.user, 0x700000, PAGE_PA(0x88f), 3, USER_RW);
    PUT(0x8a0, 0, TAIL_OF(0x821), 0, 0, NEVER_MAPPED, 0); /* a tail's tail makes no sense */
    PUT(0xc20, 0, TAIL_OF(0xbf1), 0, 0, NEVER_MAPPED, 0);
    pages_put(made.memory, PAGE_PA(0xc20), 1);
    struct pages *pages = made_open(&made, true);
    assert_page(pages, 0xc00, PAGE_HUGETLB, "in use");
    assert_page(pages, 0xc20, PAGE_UNKNOWN, "its struct page makes no sense");
    assert_page(pages, 0x820, PAGE_HUGETLB, "free in its pool");
    assert_page(pages, 0x83f, PAGE_HUGETLB, "free in its pool");
    assert_page(pages, 0x840, PAGE_HUGETLB, "in use");
    assert_page(pages, 0x85f, PAGE_HUGETLB, "in use");
    assert_page(pages, 0x860, PAGE_KERNEL, "");
    assert_page(pages, 0x88f, PAGE_HUGETLB, "7 made v:700000");
    page_describe(pages, PAGE_PA(0x88f) + 0x123, &facts);
    assert_int_equal(facts.pa, PAGE_PA(0x88f));
    assert_int_equal(facts.head_pa, PAGE_PA(0x880));
    assert_int_equal(facts.page_va, made_va(0x88f));
    assert_int_equal(facts.pid, 7);
    assert_int_equal(facts.va, 0x700000);
    made_end(&made, pages);
}

/* Before hugetlb was a type: a flag of the second struct page (6.6), or a number in its folio. */
static void test_hugetlb_of_types(void **state)
{
    static const char members[] = "flags:u8@0 lru:u8@8 compound_head:u8@8 mapping:p@24 "
                                  "private:u8@40 _mapcount:i4@48 _refcount:i4@52";
    const struct type_text by_flag[] = {
        {"page", 64, members},
        {"pageflags", 0, "PG_head=16 PG_hugetlb=8"},
    };
    const struct type_text by_number[] = {
        {"page", 64, members},
        {"folio", 128, "flags:u8@0 _folio_dtor:u1@80"},
        {"pageflags", 0, "PG_head=16"},
        {"compound_dtor_id", 0, "COMPOUND_PAGE_DTOR=1 HUGETLB_PAGE_DTOR=3"},
    };
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct made made;
        made_start(&made);
        made.btf =
            i ? types_of_text(by_number, COUNT(by_number)) : types_of_text(by_flag, COUNT(by_flag));
        put_compound(&made, 0x820, 1, i ? 3 : 0);
        put_compound(&made, 0x840, 1, 2); /* of another number, without the flag */
        if (!i)
            pages_put(made.memory, MADE_AT + 0x821 * 64, 1 << 8);
        struct pages *pages = made_open(&made, true);
        assert_page(pages, 0x820, PAGE_HUGETLB, "in use");
        assert_page(pages, 0x83f, PAGE_HUGETLB, "in use");
        assert_page(pages, 0x840, PAGE_KERNEL, "");
        made_end(&made, pages);
    }
}

/* --- the ways to write a type -------------------------------------------------------------- */

static const struct type_text page_type = {
    "page", 64,
    "flags:u8@0 lru:u8@8 compound_head:u8@8 mapping:p@24 index:u8@32 private:u8@40 "
    "_mapcount:i4@48 _refcount:i4@52"};

/* Of 6.12 and later, of 6.11, and before. */
static const struct type_text top_byte = {
    "pagetype", 0,
    "PGTY_buddy=240 PGTY_offline=241 PGTY_table=242 PGTY_guard=243 PGTY_hugetlb=244 "
    "PGTY_slab=245"};
static const struct type_text low_bits = {
    "pagetype", 0,
    "PG_buddy=1073741824 PG_offline=536870912 PG_table=268435456 "
    "PG_guard=134217728 PG_hugetlb=67108864 PAGE_TYPE_BASE=2147483648"};

struct type_case {
    const char *note; /* VMCOREINFO's line for buddy; NULL: none */
    const struct type_text *names;
    uint32_t type;
    enum page_kind kind;
    const char *owner;
};

static const struct type_case type_cases[] = {
    {NULL, NULL, 0xffffff7f, PAGE_FREE, "buddy, order 0"}, /* as it has been since 4.18 */
    {NULL, NULL, 0xfffffeff, PAGE_KERNEL, "offline"},
    {NULL, NULL, 0xfffffdff, PAGE_TABLE, ""},
    {NULL, NULL, 0xfffffbff, PAGE_KERNEL, ""}, /* guard: nobody says so */
    {NULL, NULL, 0x7fffff7f, PAGE_UNKNOWN, NULL},
    {NULL, NULL, 0xffffffff, PAGE_KERNEL, ""},
    {"-129", NULL, 0xffffff7f, PAGE_FREE, "buddy, order 0"},
    {"-129", NULL, 0xfffffdff, PAGE_TABLE, ""},
    {"-128", NULL, 0xffffff80, PAGE_FREE, "buddy, order 0"}, /* the mapcount itself, before */
    {"-128", NULL, 0xffffff7f, PAGE_UNKNOWN, NULL},
    {"-128", NULL, 0xfffffdff, PAGE_UNKNOWN, NULL},
    {"4026531840", NULL, 0xf0000000, PAGE_FREE, "buddy, order 0"},
    {"4026531840", NULL, 0xf0abcdef, PAGE_FREE, "buddy, order 0"},
    {"4026531840", NULL, 0xf2000000, PAGE_TABLE, ""},
    {"-1073741825", NULL, 0xbfffffff, PAGE_FREE, "buddy, order 0"},
    {"-1073741825", NULL, 0xefffffff, PAGE_TABLE, ""},
    {NULL, &top_byte, 0xf0000000, PAGE_FREE, "buddy, order 0"},
    {NULL, &top_byte, 0xffffff7f, PAGE_UNKNOWN, NULL},
    {NULL, &top_byte, 0xf1000001, PAGE_KERNEL, "offline"},
    {NULL, &top_byte, 0xf2000001, PAGE_TABLE, ""},
    {NULL, &top_byte, 0xf3000000, PAGE_KERNEL, "guard"},
    {NULL, &top_byte, 0xf4000000, PAGE_HUGETLB, "free in its pool"},
    {NULL, &top_byte, 0xf5000000, PAGE_SLAB, ""},
    {NULL, &low_bits, 0xbfffffff, PAGE_FREE, "buddy, order 0"},
    {NULL, &low_bits, 0xdfffffff, PAGE_KERNEL, "offline"},
    {NULL, &low_bits, 0xefffffff, PAGE_TABLE, ""},
    {NULL, &low_bits, 0xf7ffffff, PAGE_KERNEL, "guard"},
    {NULL, &low_bits, 0xfbffffff, PAGE_HUGETLB, "free in its pool"},
    {NULL, &low_bits, 0xff7fffff, PAGE_UNKNOWN, NULL},
};

/* A note has some lines at least. */
#define LINES "SIZE(a)=1\nSIZE(b)=1\nSIZE(c)=1\nSIZE(d)=1\nSIZE(e)=1\nSIZE(f)=1\nSIZE(g)=1\n"

static void test_types(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(type_cases); i++) {
        const struct type_case *is = &type_cases[i];
        struct type_text texts[2] = {page_type};
        struct made made;
        char note[200];
        made_start(&made);
        snprintf(note, sizeof note, "OSRELEASE=made\nPAGESIZE=4096\nSYMBOL(x)=0\n" LINES "%s%s\n",
                 is->note ? "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=" : "", is->note ? is->note : "");
        made.note = note;
        if (is->names)
            texts[1] = *is->names;
        made.btf = types_of_text(texts, is->names ? 2 : 1);
        bool free = is->kind == PAGE_FREE || is->kind == PAGE_UNKNOWN || is->kind == PAGE_HUGETLB;
        PUT(0x810, 0, 0, 0, 0, is->type, free ? 0 : 1);
        pages_put(made.memory, PAGE_PA(0x810), 1);
        struct pages *pages = made_open(&made, false);
        assert_page(pages, 0x810, is->kind, is->owner);
        made_end(&made, pages);
    }
}

/* --- what a struct page says --------------------------------------------------------------- */

#define FLAGS                                                                                      \
    "NUMBER(PG_reserved)=14\nNUMBER(PG_hwpoison)=22\nNUMBER(PG_swapbacked)=17\n"                   \
    "NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=-257\nNUMBER(PAGE_GUARD_MAPCOUNT_VALUE)=-1025\n"
#define RESERVED (UINT64_C(1) << 14)
#define POISON   (UINT64_C(1) << 22)

static void test_struct(void **state)
{
    static const struct {
        uint64_t word[6];
        enum page_kind kind;
        const char *owner;
    } cases[] = {
        {{0, 0, 0, 0, 0xfffffeff, 1}, PAGE_KERNEL, "offline"},
        {{0, 0, 0, 0, 0xfffffeff, 0}, PAGE_KERNEL, "offline"},
        {{RESERVED, 0, 0, 0, 0xfffffeff, 1}, PAGE_KERNEL, "offline"},
        {{0, 0, 0, 0, 0xfffffbff, 1}, PAGE_KERNEL, "guard"},
        {{0, 0, 0, 0, 0xfffffbff, 0}, PAGE_KERNEL, "guard"},
        {{POISON, 0, 0, 0, NEVER_MAPPED, 1}, PAGE_KERNEL, "hwpoison"},
        {{POISON, 0, 0, 0, 0xfffffbff, 1}, PAGE_KERNEL, "guard"},
        {{0, 0, MADE_LINEAR + 2, 0, NEVER_MAPPED, 1}, PAGE_KERNEL, "movable"},
        {{RESERVED, 0, 0, 0, NEVER_MAPPED, 1}, PAGE_RESERVED, ""},
        {{RESERVED, 0, 0, 0, NEVER_MAPPED, 0}, PAGE_RESERVED, ""},
        {{0, 0, MADE_LINEAR + 1, 0, 0, 1}, PAGE_ANON, "mapped by no process"},
        {{0, 0, MADE_LINEAR + 3, 0, 0, 1}, PAGE_ANON, "KSM mapped by no process"},
        {{0, 0, MADE_LINEAR, 0, 0, 1}, PAGE_FILE, ""},
        {{0, 0, 0x1000, 0, 0, 1}, PAGE_KERNEL, ""},                           /* no address */
        {{0, 0, UINT64_C(0xfffe000000000000), 0, 0, 1}, PAGE_KERNEL, ""},     /* not canonical */
        {{0, 0, 0, 0, 0, 0}, PAGE_UNKNOWN, "its struct page makes no sense"}, /* mapped, unheld */
        {{0, 0, MADE_LINEAR + 1, 0, NEVER_MAPPED, 0}, PAGE_UNKNOWN, NULL},
        {{0, 0, 0, 0, NEVER_MAPPED, UINT32_MAX}, PAGE_UNKNOWN, NULL}, /* refcount -1 */
        {{HEAD, 0, 0, 0, NEVER_MAPPED, 0}, PAGE_UNKNOWN, NULL},
        {{0, 0, 0, 0, NEVER_MAPPED, 0}, PAGE_KERNEL, ""}, /* the rear of an allocation */
        {{0, 0, 0, 1, BUDDY, 0}, PAGE_FREE, "buddy, order 1"},
        {{0, 0, 0, 10, BUDDY, 0}, PAGE_FREE, "buddy, order 0"}, /* not where such a block can be */
        {{0, 0, 0, 1, BUDDY, 1}, PAGE_KERNEL, ""},              /* somebody holds it */
    };
    struct made made;
    (void)state;
    made_start(&made);
    made.more = FLAGS;
    for (size_t i = 0; i < COUNT(cases); i++) {
        put_struct(&made, 0x810 + 2 * i, cases[i].word);
        pages_put(made.memory, PAGE_PA(0x810 + 2 * i), 1); /* data: no hole of the file */
    }
    struct pages *pages = made_open(&made, true);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_page(pages, 0x810 + 2 * i, cases[i].kind, cases[i].owner);
    assert_page(pages, 0x1000, PAGE_OUTSIDE, "");
    made_end(&made, pages);
}

/* References, mappings and flags as the struct page counts them. */
static void test_counts(void **state)
{
    static const struct {
        uint64_t type;
        int64_t mapcount;
    } cases[] = {{NEVER_MAPPED, 0}, {0, 1}, {6, 7}, {0x7ffffffe, 0x7fffffff}, {0xfffffdff, 0}};
    struct made made;
    struct page_facts facts;
    (void)state;
    made_start(&made);
    for (size_t i = 0; i < COUNT(cases); i++)
        PUT(0x810 + i, 0x1200 + i, 0, 0, 0, cases[i].type, 5);
    struct pages *pages = made_open(&made, false);
    for (size_t i = 0; i < COUNT(cases); i++) {
        page_describe(pages, PAGE_PA(0x810 + i), &facts);
        assert_int_equal(facts.mapcount, cases[i].mapcount);
        assert_int_equal(facts.refcount, 5);
        assert_int_equal(facts.flags, 0x1200 + i);
        assert_int_equal(facts.head_pa, facts.pa);
        assert_int_equal(facts.pid, -1);
        assert_true(facts.untouched);
    }
    made_end(&made, pages);
}

/* --- holes of the file --------------------------------------------------------------------- */

/* A page of 16 KiB of which some 4 KiB are data is data; what has no sense in a hole is not known.
 */
static void test_half_holes(void **state)
{
    static const struct {
        unsigned data; /* which quarters of the page are in the file */
        enum page_kind kind;
    } cases[] = {{0, PAGE_UNTOUCHED}, {1, PAGE_UNKNOWN},   {2, PAGE_UNKNOWN}, {4, PAGE_UNKNOWN},
                 {8, PAGE_UNKNOWN},   {0, PAGE_UNTOUCHED}, {9, PAGE_UNKNOWN}, {0, PAGE_UNTOUCHED},
                 {0, PAGE_UNTOUCHED}, {12, PAGE_UNKNOWN},  {3, PAGE_UNKNOWN}, {0, PAGE_UNTOUCHED}};
    struct made made;
    struct page_facts facts;
    (void)state;
    made_start_in(&made, "arm64-16k-48");
    for (uint64_t i = 0; i < COUNT(cases); i++) {
        PUT(0x210 + i, 0, 0, 0, 0, 0, 0);
        for (unsigned k = 0; k < 4; k++)
            if (cases[i].data >> k & 1)
                pages_put(made.memory, MADE_BASE + (0x210 + i) * 0x4000 + k * 0x1000, 1);
    }
    struct pages *pages = made_open(&made, false);
    for (uint64_t i = 0; i < COUNT(cases); i++) {
        page_describe(pages, MADE_BASE + (0x210 + i) * 0x4000 + 0x2345, &facts);
        if (facts.kind != cases[i].kind || facts.untouched != !cases[i].data)
            fail_msg("page %d is %s", (int)i, page_kind_name(facts.kind));
        assert_int_equal(facts.pa, MADE_BASE + (0x210 + i) * 0x4000);
    }
    made_end(&made, pages);
}

/* Of the last page only a part lies in RAM: a hole, where all of that is one. */
static void test_hole_at_the_end(void **state)
{
    (void)state;
    for (int with_data = 0; with_data < 2; with_data++) {
        struct made made;
        struct page_facts facts;
        made_start_in(&made, "arm64-16k-48");
        made.size = MADE_SIZE + 0x2000;
        struct pages *pages = made_open(&made, false);
        if (with_data)
            file_text(&made.file, MADE_SIZE + 0x1000, "data");
        page_describe(pages, MADE_BASE + MADE_SIZE, &facts);
        assert_int_equal(facts.kind, with_data ? PAGE_UNKNOWN : PAGE_UNTOUCHED);
        assert_int_equal(facts.untouched, !with_data);
        made_end(&made, pages);
    }
}

/* --- who maps a page ----------------------------------------------------------------------- */

static void assert_users(struct pages *pages, uint64_t pa, size_t count, ...)
{
    struct page_user user[8];
    va_list args;
    for (size_t capacity = 0; capacity <= 8; capacity++) {
        memset(user, 0x5a, sizeof user);
        assert_int_equal(page_users(pages, pa, user, capacity), count);
        va_start(args, count);
        for (size_t i = 0; i < count && i < capacity; i++) {
            assert_int_equal(user[i].pid, va_arg(args, int));
            assert_int_equal(user[i].va, va_arg(args, uint64_t));
        }
        va_end(args);
        if (capacity < 8)
            assert_int_equal(user[capacity].pid, 0x5a5a5a5a); /* no more than there is room for */
    }
}

static void test_owners(void **state)
{
    struct made made;
    (void)state;
    made_start(&made);
    struct builder second = made_process(&made, "other", MADE_BASE + 0x380000);
    made_process(&made, "a thread", MADE_BASE + 0x3c0000);
    made.task[2].tgid = 7;
    builder_map(&made.user, 0x600000, PAGE_PA(0x900), 0x10000, 3, USER_RW); /* a long run ... */
    builder_leaf(&made.user, 0x800000, PAGE_PA(0x902), 3, USER_RW); /* ... and shorter ones in it */
    builder_leaf(&second, 0x900000, PAGE_PA(0x904), 3, USER_RO);
    builder_leaf(&second, 0x500000, PAGE_PA(0x904), 3, USER_RO);
    builder_leaf(&second, 0x100000, PAGE_PA(0x902), 3, USER_RO);
    for (uint64_t i = 0x900; i < 0x911; i++)
        PUT(i, 0, 0, MADE_LINEAR + 1, 0, 0, 1);
    struct pages *pages = made_open(&made, false);
    assert_page(pages, 0x902, PAGE_ANON, ""); /* who, is not known yet */
    assert_users(pages, PAGE_PA(0x902), 0);
    assert_false(pages_ready(pages));
    while (!pages_step(pages))
        ;
    assert_true(pages_ready(pages));
    assert_page(pages, 0x900, PAGE_ANON, "7 made v:600000");
    assert_page(pages, 0x901, PAGE_ANON, "7 made v:601000");
    assert_page(pages, 0x902, PAGE_ANON, "7 made v:602000 +2");
    assert_page(pages, 0x903, PAGE_ANON, "7 made v:603000");
    assert_page(pages, 0x904, PAGE_ANON, "7 made v:604000 +2");
    assert_page(pages, 0x905, PAGE_ANON, "7 made v:605000");
    assert_page(pages, 0x90f, PAGE_ANON, "7 made v:60f000");
    assert_page(pages, 0x910, PAGE_ANON, "mapped by no process");
    assert_users(pages, PAGE_PA(0x902) + 8, 3, 7, UINT64_C(0x602008), 7, UINT64_C(0x800008), 8,
                 UINT64_C(0x100008));
    assert_users(pages, PAGE_PA(0x904), 3, 7, UINT64_C(0x604000), 8, UINT64_C(0x500000), 8,
                 UINT64_C(0x900000));
    assert_users(pages, PAGE_PA(0x910), 0);
    assert_users(pages, PAGE_PA(0x8ff), 0);
    made_end(&made, pages);
}

/* Pages whose entries PROT_NONE hides from the hardware are still the process's. */
static void test_prot_none(void **state)
{
    struct made made;
    (void)state;
    made_start(&made);
    const struct paging *paging = made.builder.paging;
    uint64_t page = entry_leaf(paging, 3, PAGE_PA(0x900), USER_RW) & ~UINT64_C(1);
    uint64_t block = entry_leaf(paging, 2, PAGE_PA(0xa00), USER_RW) & ~UINT64_C(1);
    pages_put(made.memory, builder_entry_pa(&made.user, 0x403000, 3), page);
    pages_put(made.memory, builder_entry_pa(&made.user, 0x600000, 2), block | UINT64_C(1) << 58);
    pages_put(made.memory, builder_entry_pa(&made.user, 0x405000, 3), PAGE_PA(0x901)); /* swap */
    pages_put(made.memory, builder_entry_pa(&made.builder, MADE_LINEAR + MIB(64), 3),
              entry_leaf(paging, 3, PAGE_PA(0x902), KERNEL_RW) & ~UINT64_C(1));
    static const uint64_t pages_of[] = {0x900, 0x901, 0x902, 0x9ff, 0xa00, 0xbff, 0xc00};
    for (size_t i = 0; i < COUNT(pages_of); i++)
        PUT(pages_of[i], 0, 0, MADE_LINEAR + 1, 0, 0, 1);
    struct pages *pages = made_open(&made, true);
    assert_page(pages, 0x900, PAGE_ANON, "7 made v:403000");
    assert_page(pages, 0x901, PAGE_ANON, "mapped by no process");
    assert_page(pages, 0x902, PAGE_ANON, "mapped by no process");
    assert_page(pages, 0x9ff, PAGE_ANON, "mapped by no process");
    assert_page(pages, 0xa00, PAGE_ANON, "7 made v:600000");
    assert_page(pages, 0xbff, PAGE_ANON, "7 made v:7ff000");
    assert_page(pages, 0xc00, PAGE_ANON, "mapped by no process");
    made_end(&made, pages);
}

/* --- pages of files ------------------------------------------------------------------------ */

static void put_member(struct made *made, uint64_t va, const char *type, const char *path,
                       uint64_t value)
{
    pages_put(made->memory, va - MADE_LINEAR + MADE_BASE + kernel_offset(made->btf, type, path),
              value);
}

static void put_text(struct made *made, uint64_t va, const char *text)
{
    uint64_t pa = va - MADE_LINEAR + MADE_BASE;
    strcpy((char *)pages_make(made->memory, pa & ~UINT64_C(4095)) + pa % 4096, text);
}

#define OBJECT(i)  (MADE_LINEAR + 0x500000 + 0x100 * (uint64_t)(i))
#define MAPPING(i) (MADE_LINEAR + 0x510000 + 0x100 * (uint64_t)(i))

static void test_files(void **state)
{
    struct made made;
    struct page_facts facts;
    (void)state;
    made_start(&made);
    made.btf = kernel_types(false);
    for (uint64_t i = 0; i < 2; i++) { /* inode 0 has a name, inode 1 has none */
        put_member(&made, MAPPING(i), "address_space", "host", OBJECT(i));
        put_member(&made, OBJECT(i), "inode", "i_ino", 70 + i);
        put_member(&made, OBJECT(i), "inode", "i_sb", OBJECT(2));
        PUT(0x820 + i, 0, 0, MAPPING(i), 0, NEVER_MAPPED, 1);
        pages_put(made.memory, MADE_AT + (0x820 + i) * 64 + 32, 5 + i); /* page->index */
    }
    put_member(&made, OBJECT(2), "super_block", "s_type", OBJECT(3));
    put_member(&made, OBJECT(2), "super_block", "s_root", OBJECT(5));
    put_member(&made, OBJECT(3), "file_system_type", "name", OBJECT(10));
    put_text(&made, OBJECT(10), "tmpfs");
    put_member(&made, OBJECT(0), "inode", "i_dentry.first",
               OBJECT(4) + kernel_offset(made.btf, "dentry", "d_alias"));
    static const char *const names[] = {"sh", "/"};
    for (uint64_t i = 0; i < 2; i++) {
        uint64_t dentry = OBJECT(4 + i);
        put_member(&made, dentry, "dentry", "d_parent", OBJECT(5));
        put_member(&made, dentry, "dentry", "d_name.name", OBJECT(11 + i));
        put_member(&made, dentry, "dentry", "d_name", strlen(names[i]) << 32);
        put_member(&made, dentry, "dentry", "d_hash.pprev", OBJECT(9));
        put_member(&made, dentry, "dentry", "d_sb", OBJECT(2));
        put_member(&made, dentry, "dentry", "d_inode", OBJECT(0));
        put_text(&made, OBJECT(11 + i), names[i]);
    }
    PUT(0x830, HEAD, 0, MAPPING(0), 0, NEVER_MAPPED, 1); /* a large folio */
    pages_put(made.memory, MADE_AT + 0x830 * 64 + 32, 16);
    for (uint64_t i = 1; i < 4; i++)
        PUT(0x830 + i, 0, TAIL_OF(0x830), 0, 0, NEVER_MAPPED, 0);
    PUT(0x840, 0, 0, UINT64_C(0xffff900000000000), 0, NEVER_MAPPED, 1); /* no such mapping */
    builder_leaf(&made.user, 0x700000, PAGE_PA(0x833), 3, USER_RO);
    struct pages *pages = made_open(&made, true);
    assert_page(pages, 0x820, PAGE_FILE, "/sh");
    assert_page(pages, 0x821, PAGE_FILE, "inode 71 of tmpfs");
    assert_page(pages, 0x840, PAGE_FILE, "mapping v:ffff900000000000");
    assert_page(pages, 0x833, PAGE_FILE, "/sh");
    page_describe(pages, PAGE_PA(0x821), &facts);
    assert_int_equal(facts.index, 6);
    assert_int_equal(facts.file_offset, 0x6000);
    assert_int_equal(facts.inode, 71);
    assert_int_equal(facts.inode_va, OBJECT(1));
    assert_int_equal(facts.mappings, 0);
    page_describe(pages, PAGE_PA(0x833), &facts);
    assert_int_equal(facts.index, 19);
    assert_int_equal(facts.file_offset, 0x13000);
    assert_int_equal(facts.head_pa, PAGE_PA(0x830));
    assert_int_equal(facts.mappings, 1);
    made_end(&made, pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hugetlb),         cmocka_unit_test(test_hugetlb_of_types),
        cmocka_unit_test(test_types),           cmocka_unit_test(test_struct),
        cmocka_unit_test(test_counts),          cmocka_unit_test(test_half_holes),
        cmocka_unit_test(test_hole_at_the_end), cmocka_unit_test(test_owners),
        cmocka_unit_test(test_prot_none),       cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests_name("kinds of pages", tests, NULL, NULL);
}
