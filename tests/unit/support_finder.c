/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The finder, run to its end, which comes. */
#include "tests/unit/support_finder.h"

#include <inttypes.h>

struct kernel run_finder(struct source *image, uint64_t slice)
{
    struct finder *finder = finder_create(image);
    assert_non_null(finder);
    unsigned steps = 0;
    while (!finder_step(finder, slice)) {
        double progress = finder_progress(finder);
        assert_true(progress >= 0 && progress <= 1);
        assert_true(++steps < 2000000);
    }
    struct kernel kernel = *finder_result(finder);
    assert_int_equal(finder_vmcoreinfo(finder) != NULL, kernel.found == KERNEL_BY_VMCOREINFO);
    finder_destroy(finder);
    return kernel;
}

struct kernel find_in(const struct file *file)
{
    struct file_state before = file_state(file);
    struct source *image = open_image(file->path);
    struct kernel kernel = run_finder(image, MIB(2));
    source_drop(image);
    assert_file_unchanged(file, &before);
    return kernel;
}

void assert_kernel(const struct kernel *kernel, const struct made_guest *linux,
                   enum kernel_found found)
{
    if (kernel->found != found)
        fail_msg("%s: found by %s, expected %s", linux->mode, kernel_found_name(kernel->found),
                 kernel_found_name(found));
    assert_string_equal(kernel->paging->name, linux->mode);
    if (kernel->root_pa != linux->builder.root_pa)
        fail_msg("%s: root %" PRIx64 ", expected %" PRIx64, linux->mode, kernel->root_pa,
                 linux->builder.root_pa);
    assert_true(kernel->places);
    assert_int_equal(kernel->ranges, 1);
    assert_int_equal(kernel->range[0].pa, linux->base);
    assert_int_equal(kernel->range[0].size, linux->size);
    assert_true(kernel->has_text_va);
    assert_int_equal(kernel->text_va, linux->image_va);
    assert_string_equal(kernel->release, linux->release);
}

void put_note(const struct made_guest *linux, const struct file *file, uint64_t offset)
{
    char text[2000];
    guest_note(linux, text, sizeof text);
    file_text(file, offset, text);
}
