/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the entered process has mapped; without one, the regions of the kernel's address space. */
#include "linux/tasks/vma.h"
#include "ui/pane/list/list_pane.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE_MS = 1000 };

/* Rows are the vmas, or (with none) the guest's regions. */
struct mappings {
    struct linux_context *linux;
    bool user;
    const struct space *space; /* NULL: the session says */
    struct vmas vmas;
};

enum { START, END, SIZE, PERM, NAME, OFFSET, COLUMNS };

static const struct list_column columns[COLUMNS] = {
    [START] = {"START", 16, 0, true, STYLE_ADDRESS}, [END] = {"LAST", 16, 2, true, STYLE_ADDRESS},
    [SIZE] = {"SIZE", 6, 4, true, STYLE_TEXT},       [PERM] = {"PERM", 4, 3, false, STYLE_TEXT},
    [NAME] = {"NAME", -14, 0, false, STYLE_TEXT},    [OFFSET] = {"OFFSET", 8, 1, true, STYLE_DIM},
};

/* One row of either kind. */
struct mapping_row {
    uint64_t start, last, va, offset;
    const char *perm, *name;
    unsigned depth;
};

static const struct mappings *state_of(const struct list_pane *list)
{
    return list->state;
}

static struct mapping_row mapping_at(const struct list_pane *list, size_t row)
{
    const struct mappings *self = state_of(list);
    if (self->user) {
        const struct vma *vma = &self->vmas.vma[row];
        return (struct mapping_row){vma->start, vma->end - 1, vma->va, vma->offset,
                                    vma->perm,  vma->file,    0};
    }
    const struct region *region = &self->linux->regions->region[row];
    return (struct mapping_row){region->start, region->last, 0, 0, "", region->name, region->depth};
}

static void unload(struct list_pane *list)
{
    struct mappings *self = list->state;
    vmas_free(&self->vmas);
    *self = (struct mappings){.space = self->space};
}

static const struct space *space_of(const struct list_pane *list)
{
    const struct space *space = state_of(list)->space;
    return space ? space : session_space(list->session);
}

static bool load(struct list_pane *list, struct error *why)
{
    struct mappings *self = list->state;
    /* Those of a kernel that was left are no more. */
    if (space_kernel(space_of(list)) != session_kernel_space(list->session))
        self->space = NULL;
    const struct space *space = space_of(list);
    const struct space_process *process = &space->process;
    unload(list);
    if (space_has_ended(space))
        return error_set(why, "%s (%d) has ended, and its mappings with it", process->comm,
                         process->pid);
    if (!(self->linux = list_pane_guest(list, process->pid ? LINUX_TASKS : LINUX_REGIONS, why)))
        return false;
    if (!process->pid)
        return true;
    self->user = true;
    if (!vmas_load(&self->vmas, self->linux, process->mm_va, why))
        return error_context(why, "the mappings of %s (%d)", process->comm, process->pid);
    return true;
}

static size_t count(const struct list_pane *list)
{
    const struct mappings *self = state_of(list);
    return self->user ? self->vmas.count : self->linux->regions->count;
}

static void text(const struct list_pane *list, size_t row, unsigned column, struct text *text)
{
    struct mapping_row mapping = mapping_at(list, row);
    switch (column) {
    case START:
        text_add(text, "%" PRIx64, mapping.start);
        break;
    case END:
        text_add(text, "%" PRIx64, mapping.last);
        break;
    case SIZE:
        if (mapping.last - mapping.start == UINT64_MAX)
            text_add(text, "all");
        else
            text_add_size(text, mapping.last - mapping.start + 1);
        break;
    case PERM:
        text_add(text, "%s", mapping.perm);
        break;
    case NAME:
        text_add(text, "%*s%s", (int)mapping.depth * 2, "", mapping.name);
        break;
    default:
        if (mapping.offset)
            text_add(text, "%" PRIx64, mapping.offset);
        break;
    }
}

/* The kernel's regions have neither permissions nor offsets. */
static bool blank(const struct list_pane *list, unsigned column)
{
    return !state_of(list)->user && (column == PERM || column == OFFSET);
}

static int by_size(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare(const struct list_pane *list, size_t a, size_t b, unsigned column)
{
    struct mapping_row left = mapping_at(list, a), right = mapping_at(list, b);
    switch (column) {
    case START:
        return by_size(left.start, right.start);
    case END:
        return by_size(left.last, right.last);
    case SIZE:
        return by_size(left.last - left.start, right.last - right.start);
    case PERM:
        return strcmp(left.perm, right.perm);
    case NAME:
        return strcmp(left.name, right.name);
    default:
        return by_size(left.offset, right.offset);
    }
}

/* Of a region and its first part the starts are the same: the depth tells them apart. */
static uint64_t key(const struct list_pane *list, size_t row)
{
    struct mapping_row mapping = mapping_at(list, row);
    return mapping.start ^ (uint64_t)mapping.depth << 60;
}

static struct address address(const struct list_pane *list, size_t row)
{
    return address_in(space_of(list), mapping_at(list, row).start);
}

static bool follow(struct list_pane *list, size_t row, struct error *err)
{
    (void)err;
    app_go(list->app, address(list, row));
    return true;
}

static bool show_struct(struct pane *pane, const struct pane_call *call)
{
    size_t row;
    struct list_pane *list = list_pane_call(pane, call, &row);
    if (!list)
        return false;
    struct mapping_row mapping = mapping_at(list, row);
    if (!mapping.va)
        return error_set(call->err, "a region of the kernel has no vm_area_struct");
    app_show_struct(list->app, btf_find(state_of(list)->linux->btf, "vm_area_struct", BTF_STRUCT),
                    address_in(space_of(list), mapping.va));
    return true;
}

static const struct pane_command commands[] = {
    {"show-struct", "", "its vm_area_struct", show_struct, 0, true},
    {NULL, NULL, NULL, NULL, 0, false},
};

static void caption(const struct list_pane *list, struct text *text)
{
    const struct mappings *self = state_of(list);
    if (self->user)
        text_add(text, " of %s (%" PRId32 ")", space_of(list)->process.comm,
                 space_of(list)->process.pid);
    else
        text_add(text, " of the kernel");
    if (self->user && self->vmas.cut)
        text_add(text, ", torn: there may be more");
}

static const struct list_source kind = {
    .title = "Mappings",
    .column = columns,
    .columns = COLUMNS,
    .state_size = sizeof(struct mappings),
    .live_ms = LIVE_MS,
    .load = load,
    .unload = unload,
    .count = count,
    .text = text,
    .blank = blank,
    .compare = compare,
    .key = key,
    .address = address,
    .follow = follow,
    .caption = caption,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&mappings_pane_type, &kind, app, session);
}

static const struct space *space(const struct pane *pane)
{
    return space_of((const struct list_pane *)(const void *)pane);
}

static void use(struct pane *pane, const struct space *space)
{
    struct list_pane *list = (struct list_pane *)(void *)pane;
    struct mappings *self = list->state;
    self->space = space;
    list_pane_facts_changed(pane);
}

const struct pane_type mappings_pane_type = {
    .name = "mappings",
    .create = create,
    .commands = commands,
    .space = space,
    .use = use,
    LIST_PANE_OPERATIONS,
};
