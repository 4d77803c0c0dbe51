/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths of files, and the names that mappings have in /proc/PID/maps. */
#include "linux/tasks/vma.h"

#include "tests/unit/kernel_types.h"
#include "tests/unit/small_guest.h"
#include "tests/unit/support.h"

#include <stdlib.h>
#include <string.h>

#define MM      (IMAGE_VA + 0x1000)
#define VMA(i)  (IMAGE_VA + 0x2000 + 0x80 * (uint64_t)(i))
#define PAGE(n) (0x1000 * (uint64_t)(n))

struct fixture {
    struct btf *btf;
    struct small_guest linux;
};

static void put(struct fixture *f, uint64_t va, const char *type, const char *path, uint64_t value)
{
    small_put(&f->linux, va + kernel_offset(f->btf, type, path), value, 8);
}

/* A list of four mappings: 1-3, 5-6, 16-18, 18-19. */
static void make(struct fixture *f)
{
    static const unsigned pages[][2] = {{1, 3}, {5, 6}, {16, 18}, {18, 19}};
    f->btf = kernel_types(true);
    small_make(&f->linux);
    put(f, MM, "mm_struct", "mmap", VMA(0));
    for (unsigned i = 0; i < 4; i++) {
        put(f, VMA(i), "vm_area_struct", "vm_start", PAGE(pages[i][0]));
        put(f, VMA(i), "vm_area_struct", "vm_end", PAGE(pages[i][1]));
        put(f, VMA(i), "vm_area_struct", "vm_mm", MM);
        put(f, VMA(i), "vm_area_struct", "vm_next", i < 3 ? VMA(i + 1) : 0);
    }
}

static struct vmas load(struct fixture *f)
{
    struct vmas vmas = {0};
    struct error err = {0};
    small_open(&f->linux);
    struct linux_context context = small_context(&f->linux, f->btf);
    if (!vmas_load(&vmas, &context, MM, &err))
        fail_msg("%s", err.text);
    assert_false(vmas.cut);
    return vmas;
}

static void done(struct fixture *f, struct vmas *vmas)
{
    vmas_free(vmas);
    small_close(&f->linux);
    btf_close(f->btf);
}

#define TEXTS     (IMAGE_VA + 0x80000)
#define OBJECT(i) (IMAGE_VA + 0x40000 + 0x100 * (uint64_t)(i))
enum { FILE_A, ROOT, SRV, DATA, DATA_ROOT, NAME, MOUNT, OUTER, INODE, SUPER, OPERATIONS, SYSTEM };

static uint64_t put_text(struct fixture *f, unsigned i, const char *text)
{
    small_put_text(&f->linux, TEXTS + 0x100 * i, text);
    return TEXTS + 0x100 * i;
}

static void put_dentry(struct fixture *f, unsigned i, unsigned parent, const char *name)
{
    put(f, OBJECT(i), "dentry", "d_parent", OBJECT(parent));
    put(f, OBJECT(i), "dentry", "d_name.name", put_text(f, i, name));
    small_put(&f->linux, OBJECT(i) + kernel_offset(f->btf, "dentry", "d_name.len"), strlen(name),
              4);
    put(f, OBJECT(i), "dentry", "d_hash.pprev", OBJECT(i));
    put(f, OBJECT(i), "dentry", "d_inode", OBJECT(INODE));
    put(f, OBJECT(i), "dentry", "d_sb", OBJECT(SUPER));
}

/* /srv is of the outer mount; on /srv/data another is mounted, with /name in it. */
static void make_file(struct fixture *f)
{
    uint64_t mnt = kernel_offset(f->btf, "mount", "mnt");
    put_dentry(f, ROOT, ROOT, "/");
    put_dentry(f, SRV, ROOT, "srv");
    put_dentry(f, DATA, SRV, "data");
    put_dentry(f, DATA_ROOT, DATA_ROOT, "/");
    put_dentry(f, NAME, DATA_ROOT, "na\nme");
    put(f, OBJECT(MOUNT), "mount", "mnt_parent", OBJECT(OUTER));
    put(f, OBJECT(MOUNT), "mount", "mnt_mountpoint", OBJECT(DATA));
    put(f, OBJECT(MOUNT), "mount", "mnt.mnt_root", OBJECT(DATA_ROOT));
    put(f, OBJECT(OUTER), "mount", "mnt_parent", OBJECT(OUTER));
    put(f, OBJECT(OUTER), "mount", "mnt.mnt_root", OBJECT(ROOT));
    put(f, OBJECT(FILE_A), "file", "f_path.mnt", OBJECT(MOUNT) + mnt);
    put(f, OBJECT(FILE_A), "file", "f_path.dentry", OBJECT(NAME));
    put(f, OBJECT(FILE_A), "file", "f_inode", OBJECT(INODE));
    put(f, OBJECT(INODE), "inode", "i_ino", 77);
    put(f, OBJECT(INODE), "inode", "i_sb", OBJECT(SUPER));
    put(f, OBJECT(INODE), "inode", "i_dentry.first",
        OBJECT(NAME) + kernel_offset(f->btf, "dentry", "d_alias"));
    small_put(&f->linux, OBJECT(SUPER) + kernel_offset(f->btf, "super_block", "s_dev"), 8 << 20 | 1,
              4);
    put(f, OBJECT(SUPER), "super_block", "s_type", OBJECT(SYSTEM));
    put(f, OBJECT(SUPER), "super_block", "s_root", OBJECT(ROOT));
    put(f, OBJECT(SYSTEM), "file_system_type", "name", put_text(f, SYSTEM, "tmpfs"));
}

static void expect_path(struct fixture *f, const char *path)
{
    char text[VMA_FILE];
    small_open(&f->linux);
    struct linux_context context = small_context(&f->linux, f->btf);
    assert_true(file_path(&context, OBJECT(FILE_A), text, sizeof text));
    assert_string_equal(text, path);
    small_close(&f->linux);
    btf_close(f->btf);
}

static void test_paths(void **state)
{
    (void)state;
    struct fixture f;
    char text[VMA_FILE], little[8];
    make(&f);
    make_file(&f);
    small_open(&f.linux);
    struct linux_context context = small_context(&f.linux, f.btf);
    assert_true(inode_path(&context, OBJECT(INODE), text, sizeof text));
    assert_string_equal(text, "/na\\012me");
    assert_true(file_path(&context, OBJECT(FILE_A), little, sizeof little));
    assert_string_equal(little, "/srv...");
    assert_false(file_path(&context, 0x1000, text, sizeof text));
    assert_false(inode_path(&context, OBJECT(SRV), text, sizeof text));
    small_close(&f.linux);
    btf_close(f.btf);
    make(&f), make_file(&f);
    expect_path(&f, "/srv/data/na\\012me");
}

/* Unlinked; looping; torn; of a file that lies in no directory. */
static void test_odd_paths(void **state)
{
    (void)state;
    static const char *const systems[][2] = {{"tmpfs", "/na\\012me (deleted)"},
                                             {"pipefs", "pipe:[77]"},
                                             {"sockfs", "socket:[77]"},
                                             {"anon_inodefs", "anon_inode:na\\012me"},
                                             {"dmabuf", "/dmabuf:na\\012me"}};
    struct fixture f;
    make(&f), make_file(&f);
    put(&f, OBJECT(NAME), "dentry", "d_hash.pprev", 0);
    expect_path(&f, "/srv/data/na\\012me (deleted)");
    make(&f), make_file(&f);
    put(&f, OBJECT(SRV), "dentry", "d_parent", 0x1234);
    expect_path(&f, "?/srv/data/na\\012me");
    make(&f), make_file(&f);
    put(&f, OBJECT(NAME), "dentry", "d_name.name", 0x1234);
    expect_path(&f, "?");
    make(&f), make_file(&f);
    put(&f, OBJECT(OUTER), "mount", "mnt_parent", OBJECT(MOUNT));
    put(&f, OBJECT(OUTER), "mount", "mnt_mountpoint", OBJECT(DATA_ROOT));
    small_open(&f.linux);
    char text[VMA_FILE];
    struct linux_context context = small_context(&f.linux, f.btf);
    assert_true(file_path(&context, OBJECT(FILE_A), text, sizeof text));
    assert_int_equal(text[0], '?');
    small_close(&f.linux);
    btf_close(f.btf);
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        make(&f), make_file(&f);
        put(&f, OBJECT(NAME), "dentry", "d_parent", OBJECT(NAME));
        put(&f, OBJECT(NAME), "dentry", "d_op", OBJECT(OPERATIONS));
        put(&f, OBJECT(OPERATIONS), "dentry_operations", "d_dname", IMAGE_VA);
        put(&f, OBJECT(SYSTEM), "file_system_type", "name", put_text(&f, 20, systems[i][0]));
        expect_path(&f, systems[i][1]);
    }
}

static void test_names(void **state)
{
    (void)state;
    struct fixture f;
    make(&f), make_file(&f);
    put(&f, VMA(0), "vm_area_struct", "vm_file", OBJECT(FILE_A));
    put(&f, VMA(0), "vm_area_struct", "vm_pgoff", 3);
    put(&f, VMA(1), "vm_area_struct", "vm_ops", OBJECT(OPERATIONS));
    put(&f, OBJECT(OPERATIONS), "vm_operations_struct", "name", IMAGE_VA);
    put(&f, VMA(1), "vm_area_struct", "vm_private_data", OBJECT(30));
    put(&f, OBJECT(30), "vm_special_mapping", "name", put_text(&f, 30, "[vdso]"));
    put(&f, MM, "mm_struct", "start_brk", PAGE(16));
    put(&f, MM, "mm_struct", "brk", PAGE(17));
    put(&f, VMA(3), "vm_area_struct", "anon_name", OBJECT(31));
    small_put_text(&f.linux, OBJECT(31) + 4, "a\x1b name");
    struct vmas vmas = load(&f);
    assert_int_equal(vmas.count, 4);
    assert_string_equal(vmas.vma[0].file, "/srv/data/na\\012me");
    assert_int_equal(vmas.vma[0].offset, PAGE(3));
    assert_int_equal(vmas.vma[0].number, 77);
    assert_int_equal(vmas.vma[0].device, 8 << 20 | 1);
    assert_string_equal(vmas.vma[1].file, "[vdso]");
    assert_string_equal(vmas.vma[2].file, "[heap]");
    assert_string_equal(vmas.vma[3].file, "[anon:a. name]");
    done(&f, &vmas);
    make(&f), make_file(&f);
    put(&f, MM, "mm_struct", "start_stack", PAGE(17));
    put(&f, VMA(1), "vm_area_struct", "vm_file", OBJECT(FILE_A));
    put(&f, VMA(1), "vm_area_struct", "anon_name", OBJECT(31));
    small_put_text(&f.linux, OBJECT(31) + 4, "shared");
    vmas = load(&f);
    assert_string_equal(vmas.vma[1].file, "/srv/data/na\\012me");
    assert_string_equal(vmas.vma[2].file, "[stack]");
    done(&f, &vmas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_odd_paths),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
