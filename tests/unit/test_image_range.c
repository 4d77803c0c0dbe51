/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the kernel's image goes: over what was freed in it, up to what lies at another distance.
 */
#include "linux/find/kernel_image.h"
#include "session/session_private.h"
#include "tests/unit/support_guest.h"

#define SIZE MIB(128)

static struct made_guest made;

/* The range of `made`, whose text starts at `stext`.  0: none. */
static uint64_t range(uint64_t stext, uint64_t window)
{
    struct session *session;
    struct kernel_image image = {0};
    struct file file = guest_file(&made);
    session = open_session(&file, made.base, made.mode, made.builder.root_pa, NO_ROOT);
    struct kernel kernel = session->kernel;
    kernel.has_text_va = true;
    kernel.text_va = made.image_va;
    kernel.stext_va = made.image_va + stext;
    kernel.root_pa = made.builder.root_pa;
    kernel.window = (struct space_window){.va = made.image_va + 0x1000, .size = window};
    bool found = kernel_image_range(&session->memory, &kernel, &image);
    if (found)
        assert_int_equal(image.va, made.image_va + (window ? 0x1000 : 0));
    kernel.has_text_va = false;
    assert_false(kernel_image_range(&session->memory, &kernel, &image));
    session_close(session);
    file_remove(&file);
    guest_end(&made);
    return found ? image.size : 0;
}

static void start(void)
{
    guest_start(&made, "arm64-4k-48", 0x40000000, SIZE);
}

/* Takes pages of the image away. */
static void take(uint64_t at, uint64_t size)
{
    for (uint64_t done = 0; done < size; done += 4096)
        pages_put(made.pages, builder_entry_pa(&made.builder, made.image_va + at + done, 3), 0);
}

static void test_range(void **state)
{
    (void)state;
    start();
    assert_int_equal(range(0x10000, 0), LINUX_IMAGE);
    start();
    assert_int_equal(range(0x10000, 0x5000), 0x5000); /* by the note's word alone */
    start(); /* freed: the head, and something in the middle */
    take(0, 0x10000);
    take(MIB(5), MIB(1));
    assert_int_equal(range(0x10000, 0), LINUX_IMAGE);
    start(); /* nothing there */
    take(0x10000, 0x1000);
    assert_int_equal(range(0x10000, 0), 0);
    start(); /* vmalloc's, where the image has none: elsewhere in memory */
    take(0, 0x10000);
    builder_leaf(&made.builder, made.image_va, made.base + MIB(96), 3, KERNEL_RW);
    builder_leaf(&made.builder, made.image_va + LINUX_IMAGE, made.base + MIB(97), 3, KERNEL_RW);
    assert_int_equal(range(0x10000, 0), LINUX_IMAGE);
    start(); /* a hole of 32 MiB is still in it, a larger one ends it */
    builder_leaf(&made.builder, made.image_va + LINUX_IMAGE + MIB(32),
                 made.image_pa + LINUX_IMAGE + MIB(32), 3, KERNEL_RW);
    assert_int_equal(range(0x10000, 0), LINUX_IMAGE + MIB(32) + 4096);
    start();
    builder_leaf(&made.builder, made.image_va + LINUX_IMAGE + MIB(32) + 4096,
                 made.image_pa + LINUX_IMAGE + MIB(32) + 4096, 3, KERNEL_RW);
    assert_int_equal(range(0x10000, 0), LINUX_IMAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_range),
    };
    return cmocka_run_group_tests_name("range of the image", tests, NULL, NULL);
}
