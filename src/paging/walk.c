/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one walker: every mode, every caller that wants to see the steps. */
#include "paging/walk.h"

#include "base/text.h"

#include <inttypes.h>

unsigned table_run(const uint64_t *table, const struct paging *paging, unsigned level,
                   unsigned index, unsigned last, uint64_t entry)
{
    uint64_t step = paging_span(paging, level) >> paging->address_shift;
    uint64_t expected = entry + step;
    uint64_t address = paging->address_mask & ~(step - 1);
    unsigned next = index;
    /* An address field that runs over would carry into the attributes. */
    while (next <= last && __atomic_load_n(&table[next], __ATOMIC_RELAXED) == expected &&
           (expected & address)) {
        expected += step;
        next++;
    }
    return next - index;
}

const char *walk_end_name(enum walk_end end)
{
    static const char *const name[] = {
        [WALK_MAPPED] = "mapped",
        [WALK_NOT_PRESENT] = "not-present",
        [WALK_NON_CANONICAL] = "non-canonical",
        [WALK_RESERVED] = "reserved",
        [WALK_NO_TABLE] = "no-table",
    };
    return name[end];
}

/* The range that a non-canonical address lies in: between the two halves. */
static void end_non_canonical(struct walk *walk, const struct paging *paging)
{
    walk->end = WALK_NON_CANONICAL;
    walk->first = paging_half_last(paging, false) + 1;
    walk->last = paging_half_first(paging, true) - 1;
    /* Bits between bit 55 and the tag byte may be off inside what looks like a half. */
    if (walk->va < walk->first || walk->va > walk->last)
        walk->first = walk->last = walk->va;
}

uint64_t root_of_half(const struct paging *paging, const struct roots *roots, bool kernel_half)
{
    if (kernel_half)
        return roots->kernel_pa;
    if (roots->user_pa != NO_ROOT || paging->arch->split_roots)
        return roots->user_pa;
    return roots->kernel_pa;
}

/* The whole span of an entry ends in the same way. */
static void set_range(struct walk *walk, const struct paging *paging, unsigned level)
{
    uint64_t span = paging_span(paging, level);
    walk->first = walk->va & ~(span - 1);
    walk->last = walk->first + (span - 1);
}

static void end_mapped(struct walk *walk, const struct paging *paging, const struct walk_step *step)
{
    walk->end = WALK_MAPPED;
    walk->page_size = paging_leaf_size(paging, step->level, step->entry);
    walk->pa = step->target_pa | (walk->va & (walk->page_size - 1));
    /* The range stays that of the entry: each of a Svnapot group speaks for itself. */
}

/* A PROT_NONE page is nothing to the CPU, but the kernel keeps its frame. */
static void end_unmapped(struct walk *walk, const struct paging *paging,
                         const struct walk_step *step)
{
    walk->end = step->kind == ENTRY_RESERVED ? WALK_RESERVED : WALK_NOT_PRESENT;
    walk->has_frame = step->kind == ENTRY_NOT_PRESENT &&
                      paging->arch->absent_pa(paging, step->level, step->entry, &walk->frame_pa);
    if (walk->has_frame)
        walk->frame_pa |= walk->va & (paging_span(paging, step->level) - 1);
}

/* A page of a table at a time: what else is in it will be asked for next. */
#define PIECE 4096

bool table_entry(const struct table_source *tables, uint64_t pa, size_t table_size, uint64_t *entry,
                 enum extent_kind *why)
{
    size_t piece = table_size < PIECE ? table_size : PIECE;
    uint64_t start = pa & ~(uint64_t)(piece - 1);
    const uint64_t *words = table_read(tables, start, piece, why);
    if (!words && !extent_is_open(*why))
        words = table_read(tables, start = pa, sizeof *entry, why);
    if (words)
        *entry = __atomic_load_n(&words[(pa - start) / sizeof *entry], __ATOMIC_RELAXED);
    return words;
}

bool table_is_partial(const struct table_source *tables, uint64_t pa, size_t size)
{
    size_t piece = size < PIECE ? size : PIECE;
    for (uint64_t at = pa; at < pa + size; at += piece)
        if (table_read(tables, at, 8, NULL) || table_read(tables, at + piece - 8, 8, NULL))
            return true;
    return false;
}

bool table_view_open(struct table_view *view, const struct table_source *source, uint64_t pa,
                     size_t size, enum extent_kind *why)
{
    *view = (struct table_view){source, table_read(source, pa, size, why), pa};
    return view->table || (!extent_is_open(*why) && table_is_partial(source, pa, size));
}

/* Reads the entry of `level` and says what it is.  False: it is not to be had. */
static bool take_step(struct walk *walk, const struct paging *paging,
                      const struct table_source *source, unsigned level, uint64_t table_pa)
{
    struct walk_step *step = &walk->step[walk->steps];
    unsigned index = paging_index(paging, level, walk->va);
    if (!table_entry(source, table_pa + 8 * (uint64_t)index, paging_table_size(paging, level),
                     &step->entry, &walk->missing))
        return false;
    for (unsigned i = 0; i < walk->steps; i++)
        walk->loop |= walk->step[i].table_pa == table_pa;
    step->level = level;
    step->table_pa = table_pa;
    step->index = index;
    step->kind = paging->arch->kind(paging, level, step->entry);
    step->target_pa = 0;
    if (step->kind == ENTRY_TABLE || step->kind == ENTRY_LEAF) {
        step->target_pa = paging_target(paging, level, step->kind, step->entry);
        paging->arch->narrow(&walk->access, step->kind, step->entry);
    }
    walk->steps++;
    return true;
}

void walk(struct walk *walk, const struct paging *paging, const struct table_source *source,
          const struct roots *roots, uint64_t va)
{
    *walk = (struct walk){.va = va, .first = va, .last = va};
    if (!paging_is_canonical(paging, va)) {
        end_non_canonical(walk, paging);
        return;
    }
    walk->va = paging_canonical(paging, va);
    bool kernel_half = paging_is_kernel_half(paging, walk->va);
    uint64_t table_pa = root_of_half(paging, roots, kernel_half);
    walk->first = paging_half_first(paging, kernel_half);
    walk->last = paging_half_last(paging, kernel_half);
    walk->end = WALK_NO_TABLE;
    walk->no_root = table_pa == NO_ROOT;
    walk->access = (struct access){ACCESS_R | ACCESS_W | ACCESS_X, ACCESS_R | ACCESS_W | ACCESS_X};
    for (unsigned level = 0; level < paging->levels && !walk->no_root; level++) {
        if (!take_step(walk, paging, source, level, table_pa)) {
            /* Of a large table that is on its way, other pages may be here. */
            size_t size = paging_table_size(paging, level);
            walk->partial = extent_is_open(walk->missing)
                                ? size > PIECE
                                : table_is_partial(source, table_pa, size);
            if (walk->partial)
                set_range(walk, paging, level);
            return;
        }
        const struct walk_step *step = &walk->step[level];
        set_range(walk, paging, level);
        if (step->kind == ENTRY_LEAF) {
            end_mapped(walk, paging, step);
            return;
        }
        if (step->kind != ENTRY_TABLE) {
            end_unmapped(walk, paging, step);
            return;
        }
        table_pa = step->target_pa;
    }
}

uint64_t walk_user_root(const struct paging *paging, const struct table_source *source,
                        uint64_t root_pa)
{
    return paging->arch->user_root ? paging->arch->user_root(paging, source, root_pa) : root_pa;
}

/* Which table, or of one that is there in part which entry, and why. */
static void add_missing(struct text *reason, const struct walk *walk, const struct paging *paging)
{
    const struct walk_step *last = walk->steps ? &walk->step[walk->steps - 1] : NULL;
    const char *why = extent_name(walk->missing);
    bool is_outside = walk->missing == EXTENT_NONE;
    unsigned index = paging_index(paging, walk->steps, walk->va);
    if (walk->partial && last)
        text_add(reason, "%s [%u] at p:%" PRIx64 " is %s%s", paging->level[walk->steps].name, index,
                 last->target_pa + 8 * (uint64_t)index, why,
                 is_outside ? ", which has only a part of its table" : "");
    else if (walk->partial)
        text_add(reason, "%s [%u] is %s%s", paging->level[0].name, index, why,
                 is_outside ? ", which has only a part of the root table" : "");
    else if (last)
        text_add(reason, "%s [%u] leads to a table at p:%" PRIx64 ", %s",
                 paging->level[last->level].name, last->index, last->target_pa, why);
    else
        text_add(reason, "the root table is %s%s", why, is_outside ? "; is the base right?" : "");
}

char *walk_reason(const struct walk *walk, const struct paging *paging, char *text, size_t size)
{
    struct text reason = text_over(text, size);
    const char *user = paging_is_kernel_half(paging, walk->va) ? "" : "-user";
    const struct walk_step *last = &walk->step[walk->steps ? walk->steps - 1 : 0];
    const char *name = paging->level[last->level].name;
    switch (walk->end) {
    case WALK_MAPPED:
        text_add(&reason, "mapped by a ");
        text_add_size(&reason, walk->page_size);
        text_add(&reason, " %s, %s [%u]", paging_kind_name(paging, last->level, ENTRY_LEAF), name,
                 last->index);
        break;
    case WALK_NON_CANONICAL:
        text_add(&reason, "not canonical: no %s address has these upper bits", paging->name);
        break;
    case WALK_NOT_PRESENT:
        text_add(&reason, "%s [%u] at p:%" PRIx64 " is %s", name, last->index,
                 last->table_pa + 8 * (uint64_t)last->index,
                 last->kind == ENTRY_EMPTY ? "empty" : paging->arch->absent(last->entry));
        if (walk->has_frame)
            text_add(&reason, ": frame p:%" PRIx64, walk->frame_pa);
        break;
    case WALK_RESERVED:
        text_add(&reason, "%s [%u] holds 0x%" PRIx64 ", a reserved encoding", name, last->index,
                 last->entry);
        break;
    case WALK_NO_TABLE:
        if (walk->no_root)
            text_add(&reason, "no root is known for this half; %sset it: root%s PA (or --root%s)",
                     *user ? "enter a process (v:PID:ADDR), or " : "", user, user);
        else
            add_missing(&reason, walk, paging);
        break;
    }
    if (walk->loop)
        text_add(&reason, " (a table comes twice on this path)");
    return text;
}
