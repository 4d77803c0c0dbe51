/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lockless ring of kernel/printk/printk_ringbuffer.c: descriptors by id, their infos beside
 * them, the texts in blocks of a ring of bytes.  A descriptor says in its state whether it may
 * be read; a block begins with the id of its descriptor.
 */
#include "linux/log/printk.h"

#include "base/bytes.h"
#include "linux/lists/pointer_chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_BITS_MAX 24u /* descriptors: one for 32 bytes of at most 32 MiB, and some room */
#define SIZE_BITS_MAX  30u /* log_buf_len= is limited to 2 GiB, and nobody does that */
#define STATE_SHIFT    62u /* DESC_FLAGS_SHIFT */
#define ID_MASK        ((UINT64_C(1) << STATE_SHIFT) - 1)
#define DATALESS       UINT64_C(1) /* BLK_DATALESS(): in begin and next */
#define EMPTY_LINE     UINT64_C(3) /* NO_LPOS, EMPTY_LINE_LPOS: a record without text */

enum { DESC_RESERVED, DESC_COMMITTED, DESC_FINALIZED, DESC_REUSABLE };

/* Offsets in the structs; the names are VMCOREINFO's and BTF's alike. */
struct ring_layout {
    uint64_t desc_ring, text_ring;                       /* printk_ringbuffer */
    uint64_t count_bits, descs, infos, head_id, tail_id; /* prb_desc_ring */
    uint64_t desc_size, state, position, begin, next;    /* prb_desc, prb_data_blk_lpos */
    uint64_t info_size, seq, time, length, caller;       /* printk_info */
    uint64_t size_bits, data;                            /* prb_data_ring */
    bool has_level;
    struct field level, facility;
};

/* Descriptors are read many at once: a ring may claim millions where nothing is. */
#define DESC_BYTES_MAX 256u
#define BATCH_DESCS    256u

struct desc_batch {
    uint64_t first, count; /* indexes of descriptors; count 0: none was read */
    uint8_t bytes[BATCH_DESCS * DESC_BYTES_MAX];
    uint8_t state[BATCH_DESCS * DESC_BYTES_MAX]; /* an enum range_state for each byte */
};

struct ring {
    struct memory *memory;
    struct ring_layout layout;
    uint64_t descs, infos, data;
    uint64_t head_id, tail_id;
    uint64_t count, size; /* powers of two */
    uint64_t lost;        /* records of which something cannot be read */
    struct desc_batch *batch;
};

static const struct {
    const char *type, *member;
    size_t at; /* in struct ring_layout */
} members[] = {
    {"printk_ringbuffer", "desc_ring", offsetof(struct ring_layout, desc_ring)},
    {"printk_ringbuffer", "text_data_ring", offsetof(struct ring_layout, text_ring)},
    {"prb_desc_ring", "count_bits", offsetof(struct ring_layout, count_bits)},
    {"prb_desc_ring", "descs", offsetof(struct ring_layout, descs)},
    {"prb_desc_ring", "infos", offsetof(struct ring_layout, infos)},
    {"prb_desc_ring", "head_id", offsetof(struct ring_layout, head_id)},
    {"prb_desc_ring", "tail_id", offsetof(struct ring_layout, tail_id)},
    {"prb_desc", "state_var", offsetof(struct ring_layout, state)},
    {"prb_desc", "text_blk_lpos", offsetof(struct ring_layout, position)},
    {"prb_data_blk_lpos", "begin", offsetof(struct ring_layout, begin)},
    {"prb_data_blk_lpos", "next", offsetof(struct ring_layout, next)},
    {"printk_info", "seq", offsetof(struct ring_layout, seq)},
    {"printk_info", "ts_nsec", offsetof(struct ring_layout, time)},
    {"printk_info", "text_len", offsetof(struct ring_layout, length)},
    {"printk_info", "caller_id", offsetof(struct ring_layout, caller)},
    {"prb_data_ring", "size_bits", offsetof(struct ring_layout, size_bits)},
    {"prb_data_ring", "data", offsetof(struct ring_layout, data)},
};
#define MEMBERS (sizeof members / sizeof members[0])

/* "OFFSET(type.member)=", "SIZE(type)=": decimal.  False: no such line, or beyond a page. */
static bool note_number(const struct vmcoreinfo *info, const char *kind, const char *type,
                        const char *member, uint64_t *value)
{
    char key[96], text[24], *end;
    snprintf(key, sizeof key, "%s(%s%s%s)", kind, type, *member ? "." : "", member);
    if (!vmcoreinfo_text(info, key, text, sizeof text))
        return false;
    *value = strtoull(text, &end, 10);
    return end != text && !*end && *value < 4096;
}

static bool layout_by_note(const struct vmcoreinfo *info, struct ring_layout *layout)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        uint64_t *to = (uint64_t *)(void *)((char *)layout + members[i].at);
        if (!note_number(info, "OFFSET", members[i].type, members[i].member, to))
            return false;
    }
    return note_number(info, "SIZE", "prb_desc", "", &layout->desc_size) &&
           note_number(info, "SIZE", "printk_info", "", &layout->info_size);
}

static bool layout_by_types(const struct btf *btf, struct ring_layout *layout)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        uint64_t *to = (uint64_t *)(void *)((char *)layout + members[i].at);
        if (!btf_offset(btf, members[i].type, members[i].member, to))
            return false;
    }
    layout->desc_size = btf_size(btf, btf_find(btf, "prb_desc", BTF_STRUCT));
    layout->info_size = btf_size(btf, btf_find(btf, "printk_info", BTF_STRUCT));
    return true;
}

static bool find_layout(const struct btf *btf, const struct vmcoreinfo *info,
                        struct ring_layout *layout)
{
    *layout = (struct ring_layout){0};
    if (!(info && layout_by_note(info, layout)) && !(btf && layout_by_types(btf, layout)))
        return false;
    layout->has_level = btf && field_of(btf, "printk_info", "level", &layout->level) &&
                        field_of(btf, "printk_info", "facility", &layout->facility);
    /* VMCOREINFO does not name them: u8 facility, flags:5, level:3 between length and caller. */
    if (!layout->has_level && layout->caller == layout->length + 4) {
        layout->facility = (struct field){.offset = layout->length + 2, .size = 1};
        layout->level =
            (struct field){.offset = layout->length + 3, .size = 1, .bits = 3, .bit = 5};
        layout->has_level = true;
    }
    /* Buffers for descriptors and infos have a fixed size. */
    return layout->desc_size >= 16 && layout->desc_size <= DESC_BYTES_MAX &&
           layout->info_size >= 24 && layout->info_size <= 256 &&
           layout->state + 8 <= layout->desc_size &&
           layout->position + layout->begin + 8 <= layout->desc_size &&
           layout->position + layout->next + 8 <= layout->desc_size &&
           layout->seq + 8 <= layout->info_size && layout->time + 8 <= layout->info_size &&
           layout->length + 2 <= layout->info_size && layout->caller + 4 <= layout->info_size &&
           (!layout->has_level || (layout->level.offset + 1 <= layout->info_size &&
                                   layout->facility.offset + 1 <= layout->info_size));
}

static bool read_u32(struct memory *memory, uint64_t va, uint32_t *value)
{
    return memory_read(memory, address_in(memory->space, va), value, sizeof *value, NULL) ==
           sizeof *value;
}

/* The ring that starts at `va`.  False: none is there. */
static bool open_ring(struct ring *ring, uint64_t va)
{
    const struct ring_layout *layout = &ring->layout;
    struct memory *memory = ring->memory;
    uint64_t descs = va + layout->desc_ring, text = va + layout->text_ring;
    uint32_t count_bits, size_bits;
    if (!read_u32(memory, descs + layout->count_bits, &count_bits) ||
        !read_u32(memory, text + layout->size_bits, &size_bits) || !count_bits || !size_bits ||
        count_bits > COUNT_BITS_MAX || size_bits > SIZE_BITS_MAX || size_bits < 4)
        return false;
    ring->count = UINT64_C(1) << count_bits;
    ring->size = UINT64_C(1) << size_bits;
    return pointer_read(memory, descs + layout->descs, &ring->descs) && ring->descs &&
           pointer_read(memory, descs + layout->infos, &ring->infos) && ring->infos &&
           pointer_read(memory, text + layout->data, &ring->data) && ring->data &&
           memory_read_u64(memory, address_in(memory->space, descs + layout->head_id),
                           &ring->head_id) &&
           memory_read_u64(memory, address_in(memory->space, descs + layout->tail_id),
                           &ring->tail_id);
}

/* get_data(): where the block's bytes are.  False: it has none, or nonsense. */
static bool find_block(const struct ring *ring, uint64_t begin, uint64_t next, uint64_t *at,
                       uint64_t *size)
{
    uint64_t mask = ring->size - 1;
    if ((begin & DATALESS) || (next & DATALESS))
        return false;
    if (begin < next && (begin & ~mask) == (next & ~mask)) {
        *at = begin & mask;
        *size = next - begin;
    } else if ((begin & ~mask) + ring->size == (next & ~mask)) {
        /* Wrapped: all of it at the ring's start; newer kernels let one end exactly at its end. */
        *at = next & mask ? 0 : begin & mask;
        *size = next & mask ? next & mask : ring->size - (begin & mask);
    } else
        return false;
    return *size >= 8 && *size <= ring->size;
}

static void take_text(struct printk_record *record, const uint8_t *raw, size_t length)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 5 < sizeof record->text; i++) {
        if ((raw[i] >= ' ' && raw[i] <= '~') || raw[i] == '\n' || raw[i] == '\t')
            record->text[used++] = (char)raw[i];
        else
            used += (size_t)snprintf(record->text + used, 5, "\\x%02x", raw[i]);
    }
    record->text[used] = '\0';
}

/* False: nothing is there, which makes the record a lost one. */
static bool read_part(struct ring *ring, uint64_t va, void *bytes, size_t size)
{
    bool read =
        memory_read(ring->memory, address_in(ring->memory->space, va), bytes, size, NULL) == size;
    ring->lost += !read;
    return read;
}

/* The text of a descriptor's block.  False: lost, or overwritten. */
static bool read_text(struct ring *ring, uint64_t id, const uint8_t *desc, size_t length,
                      struct printk_record *record)
{
    const uint8_t *position = desc + ring->layout.position;
    uint64_t begin = load_le(position + ring->layout.begin, 8);
    uint64_t next = load_le(position + ring->layout.next, 8), at, size, block_id;
    uint8_t raw[PRINTK_TEXT];
    record->text[0] = '\0';
    if (begin == EMPTY_LINE && next == EMPTY_LINE)
        return true;
    if (!find_block(ring, begin, next, &at, &size) ||
        !read_part(ring, ring->data + at, &block_id, sizeof block_id) || block_id != id)
        return false;
    length = length < size - 8 ? length : (size_t)(size - 8);
    length = length < sizeof raw ? length : sizeof raw;
    if (!read_part(ring, ring->data + at + 8, raw, length))
        return false;
    take_text(record, raw, length);
    return true;
}

/* The descriptor at an index of the ring.  NULL: it cannot be read. */
static const uint8_t *desc_at(struct ring *ring, uint64_t index)
{
    struct desc_batch *batch = ring->batch;
    size_t size = (size_t)ring->layout.desc_size;
    if (index - batch->first >= batch->count) {
        batch->count = ring->count < BATCH_DESCS ? ring->count : BATCH_DESCS;
        batch->first = index & ~(batch->count - 1);
        memory_read(ring->memory,
                    address_in(ring->memory->space, ring->descs + batch->first * size),
                    batch->bytes, (size_t)batch->count * size, batch->state);
    }
    size_t at = (size_t)(index - batch->first) * size;
    for (size_t i = at; i < at + size; i++)
        if (!range_is_readable((enum range_state)batch->state[i]))
            return NULL;
    return batch->bytes + at;
}

/* The record of an id.  False: unreadable, or overwritten by a later one. */
static bool read_record(struct ring *ring, uint64_t id, struct printk_record *record)
{
    const struct ring_layout *layout = &ring->layout;
    uint64_t index = id & (ring->count - 1);
    uint8_t info[256 + FIELD_BYTES] = {0};
    const uint8_t *desc = desc_at(ring, index);
    if (!desc) {
        ring->lost++;
        return false;
    }
    uint64_t state = load_le(desc + layout->state, 8);
    unsigned kind = (unsigned)(state >> STATE_SHIFT);
    if ((state & ID_MASK) != id || (kind != DESC_COMMITTED && kind != DESC_FINALIZED) ||
        !read_part(ring, ring->infos + index * layout->info_size, info, (size_t)layout->info_size))
        return false;
    record->seq = load_le(info + layout->seq, 8);
    record->time_ns = load_le(info + layout->time, 8);
    record->caller = (uint32_t)load_le(info + layout->caller, 4);
    record->level = 8;
    record->facility = 0;
    if (layout->has_level) {
        record->level = (uint8_t)field_extract(&layout->level, info + layout->level.offset);
        record->facility =
            (uint8_t)field_extract(&layout->facility, info + layout->facility.offset);
    }
    return read_text(ring, id, desc, (size_t)load_le(info + layout->length, 2), record);
}

/* `prb` is a variable that points to the ring in use. */
static bool find_prb(const struct linux_context *linux, uint64_t *va)
{
    if (linux->info && vmcoreinfo_symbol(linux->info, "prb", va))
        return true;
    const struct symbol *symbol = linux->symbols ? symbols_find(linux->symbols, "prb") : NULL;
    if (!symbol || symbol->module)
        return false;
    *va = symbol->va;
    return true;
}

/* The ids from tail to head, both included; never more than there are descriptors. */
static void each_record(struct ring *ring, printk_visitor *each, void *context)
{
    struct printk_record record;
    uint64_t id = ring->tail_id & ID_MASK, last = ring->head_id & ID_MASK;
    for (uint64_t i = 0; i < ring->count; i++, id = (id + 1) & ID_MASK) {
        if (read_record(ring, id, &record) && !each(context, &record))
            return;
        if (id == last)
            return;
    }
}

bool printk_each(const struct linux_context *linux, printk_visitor *each, void *context,
                 uint64_t *lost, struct error *err)
{
    struct ring ring = {.memory = linux->memory};
    uint64_t prb, va;
    if (!ring.memory->paging)
        return error_set(err, "the kernel's page tables are not known");
    if (!find_prb(linux, &prb))
        return error_set(err, "neither VMCOREINFO nor the symbols name the log's ring buffer, prb");
    if (!find_layout(linux->btf, linux->info, &ring.layout))
        return error_set(err, "neither VMCOREINFO nor types describe the log's ring buffer");
    if (!pointer_read(ring.memory, prb, &va) || !va || !open_ring(&ring, va))
        return error_set(err, "the log's ring buffer is not where prb at v:%" PRIx64 " points",
                         prb);
    ring.batch = calloc(1, sizeof *ring.batch);
    if (!ring.batch)
        return error_set(err, "out of memory");
    each_record(&ring, each, context);
    free(ring.batch);
    *lost = ring.lost;
    return true;
}
