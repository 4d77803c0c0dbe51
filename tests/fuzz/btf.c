/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile BTF: whatever opens must answer every question without a fault. */
#include "linux/types/btf.h"
#include "linux/context.h"
#include "linux/types/view.h"
#include "memory/memory.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/btf_builder.h"

#include <stdlib.h>
#include <string.h>

static uint64_t ask_members(const struct btf *btf, uint32_t id)
{
    uint64_t sum = 0;
    uint32_t n = btf_members(btf, id);
    for (uint32_t i = 0; i < n; i++) {
        struct btf_member member = btf_member(btf, id, i), found;
        sum += member.bit_offset + member.type;
        if (*member.name)
            sum += btf_path(btf, id, member.name, &found);
    }
    n = btf_values(btf, id);
    for (uint32_t i = 0; i < n; i++) {
        int64_t value = 0;
        sum += strlen(btf_value(btf, id, i, &value));
    }
    return sum;
}

static uint64_t ask(const struct btf *btf, uint32_t id)
{
    char text[64];
    struct btf_member member;
    uint64_t sum = btf_size(btf, id) + btf_strip(btf, id) + btf_target(btf, id);
    sum += btf_find(btf, btf_name(btf, id), BTF_VOID);
    sum += btf_find(btf, btf_name(btf, id), btf_kind(btf, id));
    sum += btf_complete(btf, id) + btf_array_length(btf, id);
    sum += btf_is_char(btf, id) || btf_is_bool(btf, id) || btf_is_signed(btf, id);
    sum += strlen(btf_type_text(btf, id, text, sizeof text));
    sum += btf_kind(btf, id) + (btf_module(btf, id) != NULL);
    sum += btf_path(btf, id, "no.such[1].path", &member) || btf_path(btf, id, "[1]", &member);
    return sum + ask_members(btf, id);
}

/* Opens rows until there are enough of them. */
static void ask_view(struct btf *btf, uint32_t id)
{
    struct error err;
    struct memory memory = {.paging = NULL};
    char text[64];
    struct linux_context linux = {.btf = btf, .memory = &memory};
    struct view *view = view_create(&linux);
    if (!view)
        return;
    if (view_show(view, id, UINT64_C(0xffff000000000000), &err)) {
        for (size_t i = 0; i < view_rows(view) && i < 40; i++) {
            view_open(view, i, true);
            view_path(view, i, text, sizeof text);
            view_row_at(view, view_va(view) + i);
        }
    }
    view_destroy(view);
}

static volatile uint64_t answers; /* so that none is left out */

bool fuzz_btf(const uint8_t *bytes, size_t length)
{
    struct btf *btf;
    struct error err;
    uint64_t sum = 0;
    if (!builder_open(&btf, bytes, length, &err))
        return false;
    uint32_t count = btf_count(btf);
    for (uint32_t id = 0; id <= count; id++)
        sum += ask(btf, id);
    for (uint32_t id = 0; id < count && id < 64; id++)
        ask_view(btf, id);
    /* The same again as a module's on top of itself. */
    if (builder_extend(btf, bytes, length, &err))
        for (uint32_t id = count; id <= btf_count(btf); id++)
            sum += ask(btf, id);
    btf_close(btf);
    answers = sum;
    return true;
}
