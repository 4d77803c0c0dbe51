/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page tables as text (tests/vectors/, README.txt there): what the manuals say of an address is
 * what walk() says, and the lister and the single-page facts agree with it.
 */
#include "arch/arch.h"
#include "base/text.h"
#include "paging/mapping.h"
#include "tests/unit/support.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scene {
    struct pages *pages;
    const struct paging *paging;
    struct roots roots;
    uint64_t table_pa;
    unsigned lines, wrong;
    const char *file;
    unsigned line;
};

static bool covered[64]; /* modes */
static unsigned checked;

static void wrong(struct scene *scene, const char *what, const char *wanted, const char *got)
{
    scene->wrong++;
    print_error("%s:%u: %s: wanted %s, got %s\n", scene->file, scene->line, what, wanted, got);
}

static void start_mode(struct scene *scene, const char *name)
{
    if (scene->pages)
        pages_destroy(scene->pages);
    scene->pages = pages_create();
    scene->roots = (struct roots){NO_ROOT, NO_ROOT};
    scene->paging = arch_mode_named(name);
    if (!scene->paging)
        fail_msg("%s:%u: no mode %s", scene->file, scene->line, name);
    size_t mode = 0;
    while (arch_mode(mode) != scene->paging)
        mode++;
    covered[mode] = true;
}

static void start_table(struct scene *scene, const char *text)
{
    unsigned entries = 512;
    assert_true(sscanf(text, "%" SCNx64 " %u", &scene->table_pa, &entries) >= 1);
    uint64_t last = scene->table_pa + 8 * (uint64_t)entries - 1;
    for (uint64_t pa = scene->table_pa & ~UINT64_C(4095); pa <= last; pa += 4096)
        pages_make(scene->pages, pa);
}

static uint64_t size_of_text(const char *text)
{
    static const char units[] = "KMGT";
    char *unit;
    uint64_t number = strtoull(text, &unit, 10);
    const char *found = strchr(units, *unit);
    assert_true(found && *unit);
    return number << 10 * (found - units + 1);
}

static void bits_text(uint8_t bits, char text[4])
{
    snprintf(text, 4, "%c%c%c", bits & ACCESS_R ? 'r' : '-', bits & ACCESS_W ? 'w' : '-',
             bits & ACCESS_X ? 'x' : '-');
}

/* What the walk has to say, in the words of the file. */
static void describe(const struct walk *walk, char *text, size_t size)
{
    char kernel[4], user[4];
    if (walk->end != WALK_MAPPED) {
        snprintf(text, size, "%s%s", walk_end_name(walk->end), walk->loop ? " loop" : "");
        return;
    }
    bits_text(walk->access.kernel, kernel);
    bits_text(walk->access.user, user);
    snprintf(text, size, "%" PRIx64 " %" PRIu64 "K %s/%s%s", walk->pa, walk->page_size / 1024,
             kernel, user, walk->loop ? " loop" : "");
}

/* "PA SIZE K/U [loop]" or an end's name, with the size in KiB. */
static void normalize(const char *wanted, char *text, size_t size)
{
    char pa[32], length[32], access[32], loop[8] = "";
    if (sscanf(wanted, "%31s %31s %31s %7s", pa, length, access, loop) < 3) {
        snprintf(text, size, "%s", wanted);
        return;
    }
    snprintf(text, size, "%s %" PRIu64 "K %s%s%s", pa, size_of_text(length) / 1024, access,
             *loop ? " " : "", loop);
}

/* Both ends of the range around va end in the same way. */
static void check_range(struct scene *scene, const struct walk *walk_of_va)
{
    struct table_source source = pages_source(scene->pages);
    uint64_t end[2] = {walk_of_va->first, walk_of_va->last};
    char text[64];
    snprintf(text, sizeof text, "range of %" PRIx64, walk_of_va->va);
    if (walk_of_va->va < end[0] || walk_of_va->va > end[1])
        wrong(scene, text, "va inside", "outside");
    for (int i = 0; i < 2; i++) {
        struct walk other;
        walk(&other, scene->paging, &source, &scene->roots, end[i]);
        if (other.end != walk_of_va->end)
            wrong(scene, text, walk_end_name(walk_of_va->end), walk_end_name(other.end));
        if (other.end == WALK_MAPPED && other.pa - walk_of_va->pa != end[i] - walk_of_va->va)
            wrong(scene, text, "contiguous", "not");
    }
}

/* The lister, asked for this one address, gives the leaf that the walk found. */
static void check_listing(struct scene *scene, const struct walk *expected)
{
    bool kernel = expected->va >> 63;
    uint64_t root_pa =
        kernel || (scene->roots.user_pa == NO_ROOT && strncmp(scene->paging->name, "arm64", 5) != 0)
            ? scene->roots.kernel_pa
            : scene->roots.user_pa;
    struct mapping_iterator listing;
    struct mapping run = {.size = 0};
    struct table_source source = pages_source(scene->pages);
    mapping_open(&listing, scene->paging, &source, root_pa, expected->va, expected->va);
    enum mapping_result result = mapping_next(&listing, &run, NULL);
    bool mapped = expected->end == WALK_MAPPED && !expected->loop;
    if (expected->loop) /* the lister does not loop */
        return;
    if ((result == MAPPING_FOUND) != mapped)
        wrong(scene, "listing", mapped ? "a run" : "none", mapped ? "none" : "a run");
    else if (mapped && (expected->va - run.va >= run.size ||
                        run.pa + (expected->va - run.va) != expected->pa ||
                        run.page_size != expected->page_size ||
                        run.access.kernel != expected->access.kernel ||
                        run.access.user != expected->access.user))
        wrong(scene, "listing", "the walk's leaf", "another");
}

static void check_va(struct scene *scene, const char *va_text, const char *wanted)
{
    struct table_source source = pages_source(scene->pages);
    struct walk result;
    char expected[128], got[128], reason[200];
    uint64_t va = strtoull(va_text, NULL, 16);
    walk(&result, scene->paging, &source, &scene->roots, va);
    normalize(wanted, expected, sizeof expected);
    describe(&result, got, sizeof got);
    checked++;
    if (strcmp(expected, got) != 0)
        wrong(scene, va_text, expected, got);
    bool canonical = strcmp(wanted, "non-canonical") != 0;
    if (paging_is_canonical(scene->paging, va) != canonical)
        wrong(scene, va_text, canonical ? "canonical" : "not canonical", "the other");
    if (*walk_reason(&result, scene->paging, reason, sizeof reason) == '\0')
        wrong(scene, va_text, "a reason", "none");
    if (result.end == WALK_MAPPED && result.steps > scene->paging->levels)
        wrong(scene, va_text, "at most one step a level", "more");
    check_range(scene, &result);
    if (canonical && result.end != WALK_NO_TABLE)
        check_listing(scene, &result);
}

static void take_line(struct scene *scene, char *line)
{
    line[strcspn(line, "#\n")] = '\0';
    for (size_t length = strlen(line); length > 0 && line[length - 1] == ' ';)
        line[--length] = '\0';
    unsigned index;
    uint64_t value;
    char *arrow = strstr(line, " -> ");
    if (!*line)
        return;
    scene->lines++;
    if (strncmp(line, "mode ", 5) == 0)
        start_mode(scene, line + 5);
    else if (sscanf(line, "root %" SCNx64, &value) == 1)
        scene->roots.kernel_pa = value;
    else if (sscanf(line, "user-root %" SCNx64, &value) == 1)
        scene->roots.user_pa = value;
    else if (strncmp(line, "table ", 6) == 0)
        start_table(scene, line + 6);
    else if (sscanf(line, "[%u] = %" SCNx64, &index, &value) == 2)
        pages_put(scene->pages, scene->table_pa + 8 * (uint64_t)index, value);
    else if (arrow) {
        *arrow = '\0';
        check_va(scene, line, arrow + 4);
    } else
        fail_msg("%s:%u: not understood: %s", scene->file, scene->line, line);
}

static unsigned run_file(const char *path)
{
    struct scene scene = {.file = path};
    char line[256];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        scene.line++;
        take_line(&scene, line);
    }
    fclose(file);
    if (scene.pages)
        pages_destroy(scene.pages);
    return scene.wrong;
}

static void vectors_hold(void **state)
{
    (void)state;
    glob_t found;
    unsigned failures = 0;
    assert_int_equal(glob("tests/vectors/*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        failures += run_file(found.gl_pathv[i]);
    globfree(&found);
    assert_true(checked > 250);
    assert_int_equal(failures, 0);
}

static void every_mode_has_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; arch_mode(i); i++)
        if (!covered[i])
            fail_msg("no vectors for %s", arch_mode(i)->name);
}

/* The rows themselves: levels meet without a gap, and together they make the VA size. */
static void rows_are_consistent(void **state)
{
    (void)state;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++) {
        unsigned shift = paging->page_shift;
        assert_true(paging->levels >= 2 && paging->levels <= PAGING_LEVELS);
        for (unsigned level = paging->levels; level-- > 0;) {
            assert_int_equal(paging->level[level].shift, shift);
            shift += paging->level[level].bits;
        }
        assert_int_equal(shift, paging->va_bits);
        assert_true(paging->level[paging->levels - 1].leaf);
        assert_ptr_equal(arch_mode_named(paging->name), paging);
    }
    assert_null(arch_mode_named("arm64-4k-47"));
    assert_null(arch_mode_named(""));
}

/* What the search for page tables counts on (src/linux/find/pgd_scan.c). */
static void every_architecture_writes_tables_odd(void **state)
{
    (void)state;
    const struct arch *arch;
    for (size_t i = 0; (arch = arch_row(i)); i++) {
        uint64_t entry = entry_table(arch->modes, UINT64_C(0x40000000));
        assert_true(arch->table_mask & arch->table_value & 1);
        assert_true((entry & 1) && arch->machine_count > 0);
        assert_ptr_equal(arch_of(arch->modes), arch);
    }
}

/* Equal but for the address, up to the highest bit that the mode has: equal attributes. */
static void attributes_leave_the_address_out(void **state)
{
    (void)state;
    const struct paging *paging;
    for (size_t mode = 0; (paging = arch_mode(mode)); mode++) {
        unsigned last = paging->levels - 1u;
        uint64_t low = entry_leaf(paging, last, 0, KERNEL_RW);
        for (unsigned bit = paging->page_shift; bit < 48; bit++)
            assert_int_equal(
                paging_attributes(paging, last,
                                  entry_leaf(paging, last, UINT64_C(1) << bit, KERNEL_RW)),
                paging_attributes(paging, last, low));
        assert_int_not_equal(
            paging_attributes(paging, last, entry_leaf(paging, last, 0, KERNEL_RO)),
            paging_attributes(paging, last, low));
    }
}

/* The same for what lies above bit 47 (LPA, LPA2). */
static void attributes_leave_the_high_address_out(void **state)
{
    (void)state;
    static const char *const modes[] = {"arm64-64k-52", "arm64-64k-48", "arm64-64k-42",
                                        "arm64-4k-52", "arm64-16k-52"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        const struct paging *paging = arch_mode_named(modes[i]);
        unsigned last = paging->levels - 1u;
        for (unsigned bit = 48; bit < 52; bit++)
            assert_int_equal(
                paging_attributes(paging, last,
                                  entry_leaf(paging, last, UINT64_C(1) << bit, KERNEL_RW)),
                paging_attributes(paging, last, entry_leaf(paging, last, 0, KERNEL_RW)));
    }
}

/* Bits 9:8 are address with LPA2: no shareability is read from them (DDI 0487 D8.3.1). */
static void lpa2_has_no_shareability(void **state)
{
    (void)state;
    const struct paging *paging = arch_mode_named("arm64-4k-52");
    char flags[160];
    uint64_t entry = entry_leaf(paging, 4, UINT64_C(0xc000012345000), KERNEL_RW);
    paging_flags_text(paging, 4, entry, flags, sizeof flags);
    assert_null(strstr(flags, "SH"));
    paging = arch_mode_named("arm64-4k-48");
    paging_flags_text(paging, 3, entry_leaf(paging, 3, 0x1000, KERNEL_RW) | 0x300, flags,
                      sizeof flags);
    assert_non_null(strstr(flags, "ISH"));
}

struct flag_case {
    const char *mode;
    unsigned level;
    uint64_t entry;
    const char *flags;
};

static void flags_have_their_field_names(void **state)
{
    (void)state;
    static const struct flag_case cases[] = {
        {"arm64-4k-48", 3, UINT64_C(0x00e8000012345f13),
         "AP=EL1rw UXN PXN DBM AF nG ISH "
         "AttrIndx=4 DIRTY"},
        {"arm64-4k-48", 3, UINT64_C(0x00100000123453c3), "AP=ro AF=0 ISH AttrIndx=0 CONT"},
        {"arm64-4k-48", 0, UINT64_C(0x7800000041001003), "APTable=RO,noEL0 UXNTable PXNTable"},
        {"arm64-4k-48", 3, 0, ""},
        {"arm64-4k-48", 3, UINT64_C(0x0460000012345f42), "PROT_NONE"}, /* 6.1 */
        {"arm64-4k-48", 3, UINT64_C(0x0060000012345fc2), "PROT_NONE"}, /* 6.12 */
        {"arm64-4k-48", 3, UINT64_C(0x0000000000123400), "swap"},
        {"x86_64-48", 3, UINT64_C(0x8000000012345163), "RW A D G XD"},
        {"x86_64-48", 0, UINT64_C(0x0000000012345067), "RW US A"},
        {"x86_64-48", 3, UINT64_C(0x00000000123450e3), "RW A D PAT"},
        {"x86_64-48", 2, UINT64_C(0x00000000124010e3), "RW A D PS PAT"},
        {"x86_64-48", 3, UINT64_C(0x8000000012345100), "PROT_NONE"},
        {"riscv64-sv39", 2, UINT64_C(0x00000000048d14e7), "R W G A D"},
        {"riscv64-sv39", 2, UINT64_C(0xc0000000048d20df), "R W X U A D PBMT=IO NAPOT"},
        {"riscv64-sv39", 2, UINT64_C(0x00000000048d1420), "PROT_NONE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char flags[200];
        const struct paging *paging = arch_mode_named(cases[i].mode);
        paging_flags_text(paging, cases[i].level, cases[i].entry, flags, sizeof flags);
        assert_string_equal(flags, cases[i].flags);
    }
}

struct fact_case {
    const char *mode;
    unsigned level;
    uint64_t entry;
    const char *facts; /* names, and meanings in brackets */
};

/* What is usual in a list of flags is written in full, and no bit that is set is lost. */
static void facts_say_every_bit(void **state)
{
    (void)state;
    static const struct fact_case cases[] = {
        {"arm64-4k-48", 3, UINT64_C(0x0460000012345783),
         "valid|page|AP=EL1ro(EL1 may read, EL0 not access)|UXN(EL0 may not execute)|"
         "PXN(EL1 may not execute)|AF(accessed)|ISH(inner shareable)|"
         "AttrIndx=0(memory type, by MAIR_EL1)|bit 58|"},
        {"arm64-4k-48", 2, UINT64_C(0x0000000012201441),
         "valid|block|AP=rw(EL1 and EL0 may write)|AF(accessed)|SH=0(not shareable)|"
         "AttrIndx=0(memory type, by MAIR_EL1)|bit 12|"},
        {"x86_64-48", 3, UINT64_C(0x2800000012345001),
         "P(present)|RW=0(read-only)|US=0(the kernel's only)|PK=5(protection key)|"},
        {"x86_64-48", 0, UINT64_C(0x0000000012345803),
         "P(present)|RW(writable)|US=0(the kernel's only)|bit 11|"},
        {"riscv64-sv39", 2, UINT64_C(0x80000000048d2201),
         ""}, /* no R, W or X at the last level: reserved */
        {"riscv64-sv39", 2, UINT64_C(0x80000000048d2203),
         "V(valid)|R(readable)|RSW[1](software)|NAPOT(N: one of a group of 64K)|"},
        {"arm64-4k-48", 3, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct paging_fact fact[PAGING_FACTS];
        char got[600] = "";
        size_t count =
            paging_facts(arch_mode_named(cases[i].mode), cases[i].level, cases[i].entry, fact);
        struct text text = TEXT_OVER(got);
        for (size_t k = 0; k < count; k++) {
            text_add(&text, "%s", fact[k].name);
            if (fact[k].meaning)
                text_add(&text, "(%s)", fact[k].meaning);
            text_add(&text, "|");
        }
        assert_string_equal(got, cases[i].facts);
    }
}

struct group_case {
    const char *mode;
    unsigned level, index;
    uint64_t entry, step; /* of a whole group from its first member on */
    unsigned change;      /* this member ... */
    uint64_t flip;        /* ... has these bits the other way */
    unsigned first, count;
    const char *why; /* NULL: whole */
};

#define CONT_PAGE UINT64_C(0x0078000040000703) /* DBM too */

/* DDI 0487, "The Contiguous bit": sizes of the groups, and what the members have to share. */
static void groups_agree_or_are_broken(void **state)
{
    (void)state;
    static const struct group_case cases[] = {
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 0, 0, 32, 16, NULL},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 33, 0x400, 32, 16, NULL}, /* AF */
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 33, 0x80, 32, 16, NULL},  /* dirty */
        {"arm64-4k-48", 3, 37, CONT_PAGE & ~(UINT64_C(1) << 51), 0x1000, 33, 0x80, 32, 16,
         "has other attributes"},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 33, UINT64_C(1) << 55, 32, 16, NULL},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 33, UINT64_C(1) << 53, 32, 16,
         "has other attributes"},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 47, UINT64_C(1) << 52, 32, 16,
         "is not marked as a member"},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 47, 1, 32, 16, "maps nothing"},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 32, CONT_PAGE, 32, 16, "is empty"},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 40, 0x10000, 32, 16,
         "does not follow physically"},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x2000, 0, 0, 32, 16, "is not aligned as the group is"},
        {"arm64-4k-48", 3, 37, CONT_PAGE | 0x1000, 0x1000, 0, 0, 32, 16,
         "is not aligned as the group is"},
        {"arm64-4k-48", 3, 37, CONT_PAGE, 0x1000, 31, 1, 32, 16, NULL}, /* another group's */
        {"arm64-4k-48", 2, 5, CONT_PAGE & ~UINT64_C(2), 0x200000, 0, 0, 0, 16, NULL},
        {"arm64-4k-48", 1, 16, CONT_PAGE & ~UINT64_C(0x40000002), 0x40000000, 0, 0, 16, 16, NULL},
        {"arm64-16k-47", 2, 200, CONT_PAGE, 0x4000, 0, 0, 128, 128, NULL},
        {"arm64-16k-47", 1, 33, CONT_PAGE & ~UINT64_C(2), 0x2000000, 0, 0, 32, 32, NULL},
        {"arm64-64k-42", 1, 33, CONT_PAGE, 0x10000, 63, 1, 32, 32, "maps nothing"},
        {"riscv64-sv39", 2, 17, UINT64_C(0x80000000048d20cf), 0, 0, 0, 16, 16, NULL},
        {"riscv64-sv39", 2, 17, UINT64_C(0x80000000048d20cf), 0, 30, 0x40, 16, 16, NULL},
        {"riscv64-sv39", 2, 17, UINT64_C(0x80000000048d20cf), 0, 30, 0x4000, 16, 16,
         "does not follow physically"},
        {"riscv64-sv48", 3, 17, UINT64_C(0x80000000048d20cf), 0, 0, 0, 16, 16, NULL},
        {"riscv64-sv57", 4, 17, UINT64_C(0x80000000048d20cf), 0, 0, 0, 16, 16, NULL},
        {"x86_64-48", 3, 37, UINT64_C(0x0010000012345003), 0x1000, 0, 0, 0, 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct group_case *c = &cases[i];
        static uint64_t table[8192];
        struct paging_group group;
        memset(table, 0, sizeof table);
        for (unsigned k = 0; k < c->count; k++)
            table[c->first + k] = c->entry + k * c->step;
        if (!c->count)
            table[c->index] = c->entry;
        table[c->change] ^= c->flip;
        paging_group(arch_mode_named(c->mode), c->level, table, c->index, &group);
        if (group.first != c->first || group.count != c->count || group.broken != (c->why != NULL))
            fail_msg("case %zu: [%u] %u, %s", i, group.first, group.count,
                     group.broken ? group.why : "whole");
        if (c->why)
            assert_string_equal(group.why, c->why);
        if (c->flip && c->why)
            assert_int_equal(group.odd, c->change);
    }
}

struct absent_case {
    const char *mode;
    uint64_t entry;
    bool known;
    uint64_t pa;
};

/* PROT_NONE keeps its frame (x86: inverted, pgtable-invert.h); swap has none. */
static void absent_frames_are_named(void **state)
{
    (void)state;
    static const struct absent_case cases[] = {
        {"arm64-4k-48", UINT64_C(0x0460000012345f42), true, 0x12345000},
        {"arm64-4k-48", UINT64_C(0x0060000012345fc2), true, 0x12345000},
        {"arm64-4k-48", UINT64_C(0x0000000000123400), false, 0},
        {"arm64-4k-48", UINT64_C(0x0060000012345703), false, 0},
        {"x86_64-48", UINT64_C(0x800fffffedcba100), true, 0x12345000},
        {"x86_64-48", UINT64_C(0x0000000000001e00), false, 0},
        {"riscv64-sv39", UINT64_C(0x00000000048d1420), true, 0x12345000},
        {"riscv64-sv39", UINT64_C(0x00000000048d1400), false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct paging *paging = arch_mode_named(cases[i].mode);
        uint64_t pa = 0;
        bool known = paging->arch->absent_pa(paging, paging->levels - 1u, cases[i].entry, &pa);
        assert_int_equal(known, cases[i].known);
        if (known)
            assert_int_equal(pa, cases[i].pa);
    }
}

/* A walk that ends at a PROT_NONE page shows its frame, to the byte; swap has none. */
static void kept_frames_are_walked_to(void **state)
{
    struct pages *pages = pages_create();
    struct builder builder = builder_of(pages, "x86_64-48", 0x1000, 0x2000);
    struct table_source source = pages_source(pages);
    struct roots roots = {0x1000, NO_ROOT};
    struct walk result;
    char reason[160];
    (void)state;
    pages_put(pages, builder_entry_pa(&builder, 0x400000, 3), UINT64_C(0x800fffffedcba100));
    pages_put(pages, builder_entry_pa(&builder, 0x401000, 3), 0x1e00);
    walk(&result, builder.paging, &source, &roots, 0x400123);
    assert_int_equal(result.end, WALK_NOT_PRESENT);
    assert_true(result.has_frame && result.frame_pa == 0x12345123);
    walk_reason(&result, builder.paging, reason, sizeof reason);
    assert_non_null(strstr(reason, "PROT_NONE: frame p:12345123"));
    walk(&result, builder.paging, &source, &roots, 0x401000);
    assert_false(result.has_frame);
    walk_reason(&result, builder.paging, reason, sizeof reason);
    assert_non_null(strstr(reason, "is swap"));
    pages_destroy(pages);
}

/* pti.c: the copy has the process's entries without NX, and of the kernel's but a few. */
static void user_roots_are_told(void **state)
{
    struct pages *pages = pages_create();
    const struct paging *x86 = arch_mode_named("x86_64-48"),
                        *arm64 = arch_mode_named("arm64-4k-48");
    struct table_source source = pages_source(pages);
    uint64_t nx = UINT64_C(1) << 63, table = 0x10067;
    (void)state;
    pages_put(pages, 0x2000, table | nx);
    pages_put(pages, 0x2000 + 8 * 300, 0x20063); /* the linear map */
    pages_put(pages, 0x2000 + 8 * 508, 0x30063);
    assert_int_equal(walk_user_root(x86, &source, 0x2000), 0x2000); /* nothing is there */
    pages_make(pages, 0x3000);
    assert_int_equal(walk_user_root(x86, &source, 0x2000), 0x2000); /* made, never used */
    pages_put(pages, 0x3000, table);
    pages_put(pages, 0x3000 + 8 * 508, 0x30063);
    assert_int_equal(walk_user_root(x86, &source, 0x2000), 0x3000);
    assert_int_equal(walk_user_root(arm64, &source, 0x2000), 0x2000);
    assert_int_equal(walk_user_root(x86, &source, 0x3000), 0x3000); /* the copy itself */
    pages_put(pages, 0x3000 + 8 * 300, 0x20063); /* all of the kernel: another process's root */
    assert_int_equal(walk_user_root(x86, &source, 0x2000), 0x2000);
    pages_put(pages, 0x3000 + 8 * 300, 0);
    pages_put(pages, 0x3000, table + 0x1000);
    assert_int_equal(walk_user_root(x86, &source, 0x2000), 0x2000);
    pages_destroy(pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_hold),
        cmocka_unit_test(every_mode_has_vectors),
        cmocka_unit_test(rows_are_consistent),
        cmocka_unit_test(every_architecture_writes_tables_odd),
        cmocka_unit_test(attributes_leave_the_address_out),
        cmocka_unit_test(attributes_leave_the_high_address_out),
        cmocka_unit_test(lpa2_has_no_shareability),
        cmocka_unit_test(flags_have_their_field_names),
        cmocka_unit_test(facts_say_every_bit),
        cmocka_unit_test(groups_agree_or_are_broken),
        cmocka_unit_test(absent_frames_are_named),
        cmocka_unit_test(kept_frames_are_walked_to),
        cmocka_unit_test(user_roots_are_told),
    };
    return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
