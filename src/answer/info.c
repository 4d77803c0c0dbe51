/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `info`: the guest's facts, and what is not known of it. */
#include "answer/subjects.h"
#include "session/handles.h"

enum { RAM_PHYS, RAM_LAST, RAM_FILE, RAM_SIZE, RAM_WHY, RAM_COLUMNS };

static const struct column ram_columns[RAM_COLUMNS] = {
    [RAM_PHYS] = {"phys", "PHYSICAL", "where it begins", VALUE_ADDRESS, .letter = 'p'},
    [RAM_LAST] = {"last", "LAST", "its last address", VALUE_ADDRESS, COLUMN_NO_JSON | COLUMN_BARE,
                  .letter = 'p', .gap = "-"},
    [RAM_FILE] = {"file", "FILE", "where it begins in the file", VALUE_ADDRESS, .letter = 'f',
                  .gap = "  "},
    [RAM_SIZE] = {"size", "SIZE", "its size", VALUE_SIZE, .gap = "  "},
    [RAM_WHY] = {"why", "WHY", "what is not certain", VALUE_TEXT, COLUMN_NO_JSON, .gap = "  "},
};
static const struct shape ram_shape = SHAPE(ram_columns);

enum { UNKNOWN_NAME, UNKNOWN_WHY, UNKNOWN_COLUMNS };

static const struct column unknown_columns[UNKNOWN_COLUMNS] = {
    [UNKNOWN_NAME] = {"name", "NAME", "the key of what is not known", VALUE_TEXT},
    [UNKNOWN_WHY] = {"why", "WHY", "the reason", VALUE_TEXT},
};
static const struct shape unknown_shape = SHAPE(unknown_columns);

enum {
    IMAGE,
    BASE,
    SIZE,
    PAGING,
    ROOT,
    ROOT_USER,
    KERNEL,
    KASLR,
    VERSION,
    FOUND,
    VMCOREINFO,
    VA_BITS,
    PAGE_SIZE,
    RAM,
    UNKNOWN,
    SYMBOLS,
    TYPES,
    TASKS,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [IMAGE] = {"image", "image", "the file", VALUE_TEXT},
    [BASE] = {"base", "base", "where its first byte is", VALUE_ADDRESS, COLUMN_NO_TEXT,
              .letter = 'p'},
    [SIZE] = {"size", "size", "of the RAM in it", VALUE_SIZE, COLUMN_NO_TEXT},
    [PAGING] = {"paging", "paging", "the paging mode", VALUE_TEXT},
    [ROOT] = {"root", "root", "the kernel's root table", VALUE_ADDRESS, .letter = 'p'},
    [ROOT_USER] = {"root_user", "user root", "the root table of the user half", VALUE_ADDRESS,
                   .letter = 'p'},
    [KERNEL] = {"kernel", "kernel", "where the kernel image begins", VALUE_ADDRESS},
    [KASLR] = {"kaslr", "kaslr", "how far the kernel image was moved", VALUE_HEX},
    [VERSION] = {"version", "version", "the kernel's release", VALUE_TEXT},
    [FOUND] = {"found", "found by", "how the page tables were found", VALUE_TEXT},
    [VMCOREINFO] = {"vmcoreinfo", "vmcoreinfo", "where the note is", VALUE_ADDRESS, COLUMN_NO_TEXT,
                    .letter = 'f'},
    [VA_BITS] = {"va_bits", "va bits", "of a virtual address", VALUE_NUMBER,
                 COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [PAGE_SIZE] = {"page_size", "page size", "in bytes", VALUE_NUMBER,
                   COLUMN_NO_TEXT | COLUMN_MAY_LACK},
    [RAM] = {"ram", "ram", "where the guest's RAM lies", VALUE_LIST, .inner = &ram_shape},
    [UNKNOWN] = {"unknown", "unknown", "what is null of the counts, and why", VALUE_LIST,
                 COLUMN_NO_TEXT, .inner = &unknown_shape},
    [SYMBOLS] = {"symbols", "symbols", "how many kallsyms and the modules have", VALUE_NUMBER},
    [TYPES] = {"types", "types", "how many BTF has", VALUE_NUMBER},
    [TASKS] = {"tasks", "tasks", "how many there are", VALUE_NUMBER},
};
static const struct shape shape = SHAPE(columns);

/* An offset that has a place in the file; else nothing. */
static struct value file_place(const struct source *image, uint64_t offset)
{
    return value_if(offset < source_size(image), value_address(address_file(offset)));
}

static struct value ram_of(struct query *query, const struct source *image)
{
    struct list *list = query_list(query, &ram_shape);
    size_t count;
    const struct segment *range = source_segments(image, &count);
    for (size_t i = 0; i < count; i++) {
        struct value *row = query_list_row(query, list);
        row[RAM_PHYS] = value_phys(range[i].pa);
        row[RAM_LAST] = value_phys(range[i].pa + range[i].size - 1);
        row[RAM_FILE] = file_place(image, range[i].offset);
        row[RAM_SIZE] = value_of_type(VALUE_SIZE, range[i].size);
        row[RAM_WHY] = value_text(source_is_placed(image) ? NULL : "(base not known: --base PA)");
    }
    return value_list(list);
}

static void fill_image(struct query *query, struct value *row)
{
    const struct source *image = session_source(query->session);
    size_t count;
    row[IMAGE] = value_text(source_name(image));
    row[BASE] = value_if(source_is_placed(image), value_phys(source_segments(image, &count)[0].pa));
    row[SIZE] = value_of_type(VALUE_SIZE, source_ram_size(image));
    row[RAM] = ram_of(query, image);
}

static void fill_paging(const struct session *session, struct value *row)
{
    const struct paging *paging = session_space(session)->paging;
    const struct roots *roots = &session_space(session)->roots;
    row[PAGING] =
        paging ? value_text(paging->name) : value_unknown("unknown: --paging NAME --root PA");
    row[ROOT] = value_if(roots->kernel_pa != NO_ROOT, value_phys(roots->kernel_pa));
    row[ROOT_USER] = value_if(roots->user_pa != NO_ROOT, value_phys(roots->user_pa));
    row[VA_BITS] = paging ? value_number(paging->va_bits) : value_absent();
    row[PAGE_SIZE] = paging ? value_number(INT64_C(1) << paging->page_shift) : value_absent();
}

static void fill_kernel(const struct session *session, struct value *row)
{
    const struct kernel *kernel = session_kernel(session);
    uint64_t note = kernel->vmcoreinfo_offset;
    row[KERNEL] = value_if(kernel->has_text_va,
                           value_virt(space_kernel(session_space(session)), kernel->text_va));
    row[KASLR] = value_if(kernel->has_kaslr, value_of_type(VALUE_HEX, kernel->kaslr));
    row[VERSION] = value_text(kernel->release[0] ? kernel->release : NULL);
    row[FOUND] = value_text(kernel_found_name(kernel->found));
    row[VMCOREINFO] = file_place(session_source(session), note);
}

/* How much of each stage is known; -1: not known, and *why says why. */
static int64_t stage_count(struct session *session, enum linux_stage stage, struct error *why)
{
    const struct linux_context *linux = session_need(session, stage, why);
    if (!linux)
        return -1;
    switch (stage) {
    case LINUX_SYMBOLS:
        return (int64_t)(symbols_count(linux->symbols) - linux->found_symbols);
    case LINUX_TYPES:
        return (int64_t)btf_count(linux->btf) - 1; /* void is none */
    default: {
        const struct tasks *tasks = session_tasks(session, why);
        return tasks ? (int64_t)tasks->count : -1;
    }
    }
}

/* What is not known is null, and "unknown" says why. */
static void fill_counts(struct query *query, struct value *row)
{
    static const struct {
        unsigned column;
        enum linux_stage stage;
    } counted[] = {{SYMBOLS, LINUX_SYMBOLS}, {TYPES, LINUX_TYPES}, {TASKS, LINUX_TASKS}};
    struct list *list = query_list(query, &unknown_shape);
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        unsigned column = counted[i].column;
        struct error why;
        int64_t count = stage_count(query->session, counted[i].stage, &why);
        row[column] = value_number(count);
        if (count >= 0)
            continue;
        row[column] = value_unknown(query_text(query, "%s", why.text));
        struct value *unknown = query_list_row(query, list);
        unknown[UNKNOWN_NAME] = value_text(columns[column].name);
        unknown[UNKNOWN_WHY] = value_text(row[column].text.bytes);
    }
    row[UNKNOWN] = value_list(list);
}

/* What the counts leave out. */
static void note_missing(struct query *query)
{
    struct error ignored;
    const struct linux_context *linux = session_need(query->session, LINUX_IMAGE, &ignored);
    if (linux && linux->btf_modules->bad)
        query_note_at(query, linux->btf_modules->why.va, "types of %zu modules are missing: %s",
                      linux->btf_modules->bad, linux->btf_modules->why.text);
    if (linux && linux->tasks && linux->tasks->cut)
        query_note_at(query, linux->tasks->why.va, "there may be more tasks: %s",
                      linux->tasks->why.text);
    if (session_kernel(query->session)->window.size)
        query_note(query,
                   "page tables lie outside the image: of v: only the kernel image is known");
}

static bool rows(struct query *query, struct error *err)
{
    if (*query->arguments)
        return error_at(err, 0, "info takes no argument");
    struct value *row = query_row(query);
    fill_image(query, row);
    fill_paging(query->session, row);
    fill_kernel(query->session, row);
    fill_counts(query, row);
    query_emit(query);
    note_missing(query);
    return true;
}

static const struct subject subject = {.shape = &shape, .is_record = true, .rows = rows};

const struct command command_info = {
    .name = "info",
    .arguments = "",
    .brief = "what is known of the guest",
    .at_once = true,
    .subject = &subject,
};
