/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mappings: every line of real guests' /proc/PID/maps; and trees that lie. */
#include "linux/tasks/vma.h"

#include "linux/tasks/task.h"
#include "tests/unit/guest_truth.h"
#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"
#include "tests/unit/support.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINE 4608

/* --- real guests --------------------------------------------------------------------------- */

/* The line of /proc/PID/maps, without the spaces that pad it. */
static void render(const struct vma *vma, char *text, size_t size)
{
    snprintf(text, size, "%08" PRIx64 "-%08" PRIx64 " %s %08" PRIx64 " %02x:%02x %" PRIu64 "%s%s",
             vma->start, vma->end, vma->perm, vma->offset, vma->device >> 20, vma->device & 0xfffff,
             vma->number, vma->file[0] ? " " : "", vma->file);
}

/* In place: fields are shorter than with their padding. */
static void squeeze(char *line)
{
    char *to = line;
    unsigned fields = 0;
    line[strcspn(line, "\n")] = '\0';
    for (const char *from = line; *from; fields++) {
        size_t length = fields < 5 ? strcspn(from, " ") : strlen(from);
        memmove(to, from, length);
        to += length;
        from += length;
        from += strspn(from, " ");
        if (*from)
            *to++ = ' ';
    }
    *to = '\0';
}

static size_t compare_process(const struct guest_truth *linux, const struct task *task, FILE *file)
{
    char line[LINE], ours[LINE];
    struct error err = {0};
    struct vmas vmas = {0};
    size_t i = 0;
    struct linux_context context = guest_truth_context(linux);
    if (!vmas_load(&vmas, &context, task->mm, &err))
        fail_msg("%s: %s", task->comm, err.text);
    if (vmas.cut)
        fail_msg("%s: %s", task->comm, vmas.why.text);
    while (fgets(line, sizeof line, file)) {
        assert_true(i < vmas.count);
        squeeze(line);
        render(&vmas.vma[i++], ours, sizeof ours);
        assert_string_equal(ours, line);
    }
    assert_int_equal(i, vmas.count);
    vmas_free(&vmas);
    return i;
}

static void check_guest(struct guest_truth *linux)
{
    char path[600];
    struct error err = {0};
    struct tasks tasks = {0};
    size_t processes = 0, lines = 0;
    struct linux_context context = guest_truth_context(linux);
    assert_true(task_find_init(&context, &context.init_task_va, &err));
    assert_true(tasks_load(&tasks, &context, &err));
    snprintf(path, sizeof path, "%s/proc-pid", linux->folder);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    double start = guest_truth_ms();
    for (struct dirent *entry; (entry = readdir(folder));) {
        char name[600];
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || strcmp(dot, ".maps") != 0)
            continue;
        snprintf(name, sizeof name, "proc-pid/%.100s", entry->d_name);
        const struct task *task = tasks_find(&tasks, atoi(entry->d_name));
        FILE *file = guest_truth_file(linux, name);
        assert_non_null(task);
        assert_non_null(file);
        lines += compare_process(linux, task, file);
        fclose(file);
        processes++;
    }
    closedir(folder);
    print_message("  %zu processes, %zu mappings equal; %.2f ms\n", processes, lines,
                  guest_truth_ms() - start);
    assert_true(processes > 0);
    tasks_free(&tasks);
}

static void test_guests(void **state)
{
    (void)state;
    if (!guest_truth_each(check_guest))
        skip();
}

/* --- trees that lie -------------------------------------------------------------- */

#define MM      (IMAGE_VA + 0x1000)
#define VMA(i)  (IMAGE_VA + 0x2000 + 0x80 * (uint64_t)(i))
#define NODE(i) (IMAGE_VA + 0x10000 + 0x100 * (uint64_t)(i))
#define LEAF    1u
#define INNER   3u
#define PAGE(n) (0x1000 * (uint64_t)(n))

struct fixture {
    struct btf *btf;
    struct small_guest linux;
};

static void put(struct fixture *f, uint64_t va, const char *type, const char *path, uint64_t value)
{
    small_put(&f->linux, va + kernel_offset(f->btf, type, path), value, 8);
}

/* The mapping [first, last] in pages. */
static void put_vma(struct fixture *f, unsigned i, unsigned first, unsigned end, uint64_t flags)
{
    put(f, VMA(i), "vm_area_struct", "vm_start", PAGE(first));
    put(f, VMA(i), "vm_area_struct", "vm_end", PAGE(end));
    put(f, VMA(i), "vm_area_struct", "vm_mm", MM);
    put(f, VMA(i), "vm_area_struct", "vm_flags", flags);
}

static uint64_t node_pointer(unsigned i, unsigned type)
{
    return NODE(i) | (uint64_t)type << 3 | 4;
}

/* Slot `i` of a node, up to the page `end`; 0: to the node's own end. */
static void put_slot(struct fixture *f, unsigned node, unsigned type, unsigned i, uint64_t entry,
                     unsigned end)
{
    const char *name = type == INNER ? "maple_arange_64" : "maple_range_64";
    small_put(&f->linux, NODE(node) + kernel_offset(f->btf, name, "slot") + 8 * i, entry, 8);
    if (end)
        small_put(&f->linux, NODE(node) + kernel_offset(f->btf, name, "pivot") + 8 * i,
                  PAGE(end) - 1, 8);
}

static void put_root(struct fixture *f, uint64_t entry)
{
    put(f, MM, "mm_struct", "mm_mt.ma_root", entry);
}

/* Four mappings in two leaves below a root: 1-3, 5-6, 16-18, 18-19. */
static void make(struct fixture *f)
{
    f->btf = kernel_types(false);
    small_make(&f->linux);
    put_vma(f, 0, 1, 3, 0x75);
    put_vma(f, 1, 5, 6, 0x73);
    put_vma(f, 2, 16, 18, 0xfb);
    put_vma(f, 3, 18, 19, 0x70);
    put_root(f, NODE(0) | INNER << 3 | 2);
    put_slot(f, 0, INNER, 0, node_pointer(1, LEAF), 16);
    put_slot(f, 0, INNER, 1, node_pointer(2, LEAF), 0);
    put_slot(f, 1, LEAF, 0, 0, 1);
    put_slot(f, 1, LEAF, 1, VMA(0), 3);
    put_slot(f, 1, LEAF, 2, 0, 5);
    put_slot(f, 1, LEAF, 3, VMA(1), 6);
    put_slot(f, 1, LEAF, 4, 0, 16);
    put_slot(f, 2, LEAF, 0, VMA(2), 18);
    put_slot(f, 2, LEAF, 1, VMA(3), 19);
}

static struct vmas load(struct fixture *f)
{
    struct vmas vmas = {0};
    struct error err = {0};
    small_open(&f->linux);
    struct linux_context context = small_context(&f->linux, f->btf);
    if (!vmas_load(&vmas, &context, MM, &err))
        fail_msg("%s", err.text);
    assert_int_equal(vmas.cut, vmas.why.text[0] != '\0');
    return vmas;
}

static void done(struct fixture *f, struct vmas *vmas)
{
    vmas_free(vmas);
    small_close(&f->linux);
    btf_close(f->btf);
}

static void expect_starts(const struct vmas *vmas, size_t count, ...)
{
    va_list args;
    assert_int_equal(vmas->count, count);
    va_start(args, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(vmas->vma[i].start, PAGE(va_arg(args, unsigned)));
    va_end(args);
}

static void test_tree(void **state)
{
    (void)state;
    struct fixture f;
    make(&f);
    struct vmas vmas = load(&f);
    expect_starts(&vmas, 4, 1, 5, 16, 18);
    assert_false(vmas.cut);
    assert_string_equal(vmas.vma[0].perm, "r-xp");
    assert_string_equal(vmas.vma[1].perm, "rw-p");
    assert_string_equal(vmas.vma[2].perm, "rw-s");
    assert_string_equal(vmas.vma[3].perm, "---p");
    done(&f, &vmas);
}

/* No mapping, one that is not in a node, and none at all. */
static void test_no_node(void **state)
{
    (void)state;
    static const uint64_t roots[] = {0, 2, 0x406, 0x1002, VMA(0), UINT64_C(0x9999999999999999)};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        struct fixture f;
        make(&f);
        put_root(&f, roots[i]);
        struct vmas vmas = load(&f);
        assert_int_equal(vmas.count, roots[i] == VMA(0));
        assert_int_equal(vmas.cut, roots[i] == 0x1002); /* the others lead nowhere */
        done(&f, &vmas);
    }
}

/* Slots that hold no mapping: nothing, and XA_ZERO_ENTRY while a fork is under way. */
static void test_empty_slots(void **state)
{
    (void)state;
    struct fixture f;
    make(&f);
    put_slot(&f, 1, LEAF, 3, 0x406, 6);
    put_slot(&f, 2, LEAF, 0, 0, 18);
    struct vmas vmas = load(&f);
    expect_starts(&vmas, 2, 1, 18);
    assert_false(vmas.cut);
    done(&f, &vmas);
}

/* A vm_area_struct that is none, or another process's, is left out; the rest is not. */
static void test_lying_mapping(void **state)
{
    (void)state;
    static const struct {
        const char *member;
        uint64_t value;
    } lies[] = {
        {"vm_mm", MM + 64},        {"vm_mm", 0},        {"vm_start", PAGE(6)},
        {"vm_start", PAGE(5) + 1}, {"vm_end", PAGE(5)}, {"vm_end", PAGE(6) + 0x800},
        {"vm_start", PAGE(2)},     {"vm_end", PAGE(4)},
    };
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct fixture f;
        make(&f);
        put(&f, VMA(1), "vm_area_struct", lies[i].member, lies[i].value);
        struct vmas vmas = load(&f);
        expect_starts(&vmas, 3, 1, 16, 18);
        assert_true(vmas.cut);
        done(&f, &vmas);
    }
    struct fixture f;
    make(&f);
    put(&f, VMA(1), "vm_area_struct", "vm_end", PAGE(7)); /* good by itself, not for its slot */
    struct vmas vmas = load(&f);
    expect_starts(&vmas, 4, 1, 5, 16, 18);
    assert_true(vmas.cut);
    done(&f, &vmas);
}

/* A node's slots end where its own slot does, whatever its pivots say. */
static void test_pivots(void **state)
{
    (void)state;
    struct fixture f;
    make(&f);
    put_slot(&f, 0, INNER, 1, 0, 0);
    put_slot(&f, 1, LEAF, 4, 0, 0); /* no pivot: the last slot in use */
    put_slot(&f, 1, LEAF, 5, VMA(2), 18);
    struct vmas vmas = load(&f);
    expect_starts(&vmas, 2, 1, 5);
    assert_false(vmas.cut);
    done(&f, &vmas);
    make(&f);
    put_slot(&f, 0, INNER, 1, 0, 0);
    small_put(&f.linux, NODE(1) + kernel_offset(f.btf, "maple_range_64", "pivot") + 8 * 4,
              PAGE(16) - 1, 8);
    put_slot(&f, 1, LEAF, 5, VMA(2), 18); /* after the slot that reaches the end */
    vmas = load(&f);
    expect_starts(&vmas, 2, 1, 5);
    assert_false(vmas.cut);
    done(&f, &vmas);
    make(&f);
    put_slot(&f, 0, INNER, 1, 0, 0);
    put_slot(&f, 1, LEAF, 4, VMA(2), 18); /* beyond 16 */
    vmas = load(&f);
    expect_starts(&vmas, 2, 1, 5);
    assert_true(vmas.cut);
    done(&f, &vmas);
}

/* 32 levels of nodes are as many as the kernel has (MAPLE_HEIGHT_MAX). */
static void test_depth(void **state)
{
    (void)state;
    for (unsigned depth = 31; depth <= 32; depth++) {
        struct fixture f;
        make(&f);
        put_root(&f, NODE(10) | INNER << 3 | 2);
        for (unsigned i = 0; i < depth; i++) {
            uint64_t next = i + 1 < depth ? node_pointer(11 + i, INNER) : node_pointer(1, LEAF);
            put_slot(&f, 10 + i, INNER, 0, next, 16);
        }
        struct vmas vmas = load(&f);
        assert_int_equal(vmas.count, depth == 31 ? 2 : 0);
        assert_int_equal(vmas.cut, depth == 32);
        done(&f, &vmas);
    }
}

/* One slot or node says something else; the rest is found, and marked as incomplete. */
static void test_lying_tree(void **state)
{
    (void)state;
    static const struct {
        unsigned node, type, slot;
        uint64_t entry;
        unsigned end, left;
    } lies[] = {
        {1, LEAF, 1, VMA(1), 3, 1 + 2},                     /* not what lies there */
        {1, LEAF, 1, NODE(2), 3, 3},                        /* no mapping */
        {1, LEAF, 1, UINT64_C(0xffff900000000000), 3, 3},   /* not there */
        {1, LEAF, 2, 0, 2, 1 + 2},                          /* pivots out of order */
        {1, LEAF, 2, 0, 40, 1 + 2},                         /* beyond the slot above */
        {0, INNER, 0, NODE(0) | INNER << 3 | 4, 16, 2},     /* itself */
        {0, INNER, 0, NODE(1) | 9 << 3 | 4, 16, 2},         /* no such type of node */
        {0, INNER, 0, NODE(1) | 0 << 3 | 4, 16, 2},         /* dense: not for addresses */
        {0, INNER, 0, UINT64_C(0xffff90000000000c), 16, 2}, /* not there */
        {0, INNER, 1, NODE(0) | INNER << 3 | 4, 0, 2},      /* itself, later */
    };
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct fixture f;
        make(&f);
        put_slot(&f, lies[i].node, lies[i].type, lies[i].slot, lies[i].entry, lies[i].end);
        struct vmas vmas = load(&f);
        if (!vmas.cut || vmas.count != lies[i].left)
            fail_msg("lie %zu: %zu mappings, %s", i, vmas.count, vmas.why.text);
        done(&f, &vmas);
    }
}

/* A node that was taken out says so by being its own parent. */
static void test_dead_node(void **state)
{
    (void)state;
    struct fixture f;
    make(&f);
    small_put(&f.linux, NODE(1), NODE(1), 8);
    struct vmas vmas = load(&f);
    expect_starts(&vmas, 2, 16, 18);
    assert_true(vmas.cut);
    done(&f, &vmas);
}

/* Nodes of random words, and trees of nodes that lead to each other: an end, soon. */
static void test_random_trees(void **state)
{
    (void)state;
    struct rng rng = {7};
    for (unsigned round = 0; round < 100; round++) {
        struct fixture f;
        make(&f);
        for (unsigned node = 0; node < 64; node++) {
            unsigned type = rng_below(&rng, 2) ? INNER : LEAF;
            unsigned slots = type == INNER ? 10 : 16;
            unsigned end = (unsigned)rng_below(&rng, 4);
            for (unsigned i = 0; i < slots; i++) {
                unsigned kind = (unsigned)rng_below(&rng, 8);
                uint64_t entry = kind == 0   ? 0
                                 : kind == 1 ? rng_next(&rng)
                                 : kind == 2 ? VMA(rng_below(&rng, 6))
                                             : node_pointer((unsigned)rng_below(&rng, 64),
                                                            (unsigned)rng_below(&rng, 4));
                end += (unsigned)rng_below(&rng, 3);
                put_slot(&f, node, type, i, entry, i + 1 < slots ? end : 0);
            }
        }
        struct vmas vmas = load(&f);
        assert_true(vmas.count < 100);
        done(&f, &vmas);
    }
}

/* Before 6.1. */
static void test_list(void **state)
{
    (void)state;
    for (unsigned lie = 0; lie < 3; lie++) {
        struct fixture f = {.btf = kernel_types(true)};
        small_make(&f.linux);
        for (unsigned i = 0; i < 4; i++) {
            put_vma(&f, i, 1 + 2 * i, 2 + 2 * i, 1);
            put(&f, VMA(i), "vm_area_struct", "vm_next", i < 3 ? VMA(i + 1) : 0);
        }
        put(&f, MM, "mm_struct", "mmap", VMA(0));
        if (lie)
            put(&f, VMA(2), "vm_area_struct", "vm_next", lie == 1 ? VMA(1) : 0x123456);
        struct vmas vmas = load(&f);
        assert_int_equal(vmas.cut, lie > 0);
        assert_int_equal(vmas.count, lie ? 3 : 4);
        done(&f, &vmas);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),         cmocka_unit_test(test_no_node),
        cmocka_unit_test(test_empty_slots),  cmocka_unit_test(test_lying_mapping),
        cmocka_unit_test(test_pivots),       cmocka_unit_test(test_depth),
        cmocka_unit_test(test_lying_tree),   cmocka_unit_test(test_dead_node),
        cmocka_unit_test(test_random_trees), cmocka_unit_test(test_list),
        cmocka_unit_test(test_guests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
