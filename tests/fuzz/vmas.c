/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any words as a process's mappings, in a maple tree or (the first byte) in the list of old
 * kernels: the mm_struct is at 0x1000 of the image. */
#include "linux/tasks/vma.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/small_guest.h"

#include <string.h>

#define MM (IMAGE_VA + 0x1000)

static void check(const struct vmas *vmas)
{
    uint64_t last = 0;
    FUZZ_HOLDS(vmas->count <= VMAS_MAX && vmas->cut == (vmas->why.text[0] != '\0'));
    for (size_t i = 0; i < vmas->count; i++) {
        const struct vma *vma = &vmas->vma[i];
        FUZZ_HOLDS(vma->start >= last && vma->end > vma->start);
        FUZZ_HOLDS(strlen(vma->perm) == 4 && strspn(vma->perm, "rwxsp-") == 4);
        FUZZ_HOLDS(strlen(vma->file) < VMA_FILE && fuzz_is_printable(vma->file, ""));
        last = vma->end;
    }
}

bool fuzz_vmas(const uint8_t *data, size_t size)
{
    struct vmas vmas = {0};
    struct error err = {.text = ""};
    if (!size)
        return false;
    struct linux_context linux = *fuzz_memory(data + 1, size - 1);
    linux.btf = fuzz_types(*data & 1);
    bool loaded = vmas_load(&vmas, &linux, MM, &err);
    FUZZ_HOLDS(loaded == !err.text[0]);
    if (loaded)
        check(&vmas);
    bool any = vmas.count > 0;
    vmas_free(&vmas);
    return any;
}
