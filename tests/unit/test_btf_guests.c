/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types against real guests: the BTF in RAM byte for byte, every type as bpftool reads it, and
 * the tasks and modules that are read through it.  Runs where RAMWALK_GUESTS names the folder
 * that holds them (NAME/ram.img, btf-vmlinux, btf-list, tasks.tsv, kallsyms); skipped elsewhere.
 */
#include "linux/find/kernel_image.h"
#include "linux/lists/list_iterator.h"
#include "linux/modules/btf_modules.h"
#include "linux/types/btf_private.h"
#include "linux/types/btf_scan.h"
#include "linux/types/object.h"
#include "linux/types/view.h"
#include "session/session_private.h"
#include "tests/unit/checks.h"
#include "tests/unit/guest_truth.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROOM 512

struct snapshot {
    const char *folder;
    struct session *session;
    struct btf *btf;
};

static FILE *open_truth(const struct snapshot *linux, const char *name)
{
    char path[2 * ROOM];
    snprintf(path, sizeof path, "%s/%s", linux->folder, name);
    return fopen(path, "r");
}

/* --- the BTF itself ----------------------------------------------------------------------------*/

static void check_bytes(struct snapshot *linux)
{
    struct error err;
    struct kernel_image image;
    uint64_t va;
    struct memory *memory = &linux->session->memory;
    assert_true(kernel_image_range(memory, &linux->session->kernel, &image));
    double start = guest_truth_ms();
    struct linux_context context = {.memory = memory, .image = image};
    if (!btf_scan(&context, &linux->btf, &va, &err))
        fail_msg("%s", err.text);
    double took = guest_truth_ms() - start;
    FILE *file = open_truth(linux, "btf-vmlinux");
    assert_non_null(file);
    size_t length, wanted;
    void *bytes = btf_read(memory, va, image.size, &length, &err);
    char *truth = malloc(length + 1);
    assert_true(bytes && truth);
    wanted = fread(truth, 1, length + 1, file);
    fclose(file);
    assert_int_equal(length, wanted);
    assert_memory_equal(bytes, truth, length);
    free(truth);
    free(bytes);
    print_message("  BTF at v:%" PRIx64 ", %zu bytes the same, %u types, found in %.1f ms\n", va,
                  length, btf_count(linux->btf), took);
}

/* The id that bpftool's id of a part has here: modules all count from where the kernel ends. */
static uint32_t placed(const struct btf *btf, const struct btf_part *part, uint64_t id)
{
    uint32_t kernel = btf->part[0].first + btf->part[0].count;
    return (uint32_t)id < kernel ? (uint32_t)id : (uint32_t)id - kernel + part->first;
}

static uint64_t number(const json_t *type, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(type, key));
}

static bool same_name(const json_t *type, const char *name)
{
    const char *truth = json_string_value(json_object_get(type, "name"));
    return !truth || strcmp(truth, *name ? name : "(anon)") == 0;
}

static size_t check_members(const struct btf *btf, const struct btf_part *part, uint32_t id,
                            const json_t *type)
{
    const json_t *members = json_object_get(type, "members");
    size_t n = json_array_size(members);
    assert_int_equal(btf_members(btf, id), n);
    assert_int_equal(btf_size(btf, id), number(type, "size"));
    for (uint32_t i = 0; i < n; i++) {
        const json_t *truth = json_array_get(members, i);
        struct btf_member member = btf_member(btf, id, i);
        assert_true(same_name(truth, member.name));
        assert_int_equal(member.type, placed(btf, part, number(truth, "type_id")));
        assert_int_equal(member.bit_offset, number(truth, "bits_offset"));
        assert_int_equal(member.bits, number(truth, "bitfield_size"));
        struct btf_member found;
        if (*member.name) {
            assert_true(btf_path(btf, id, member.name, &found));
            assert_int_equal(found.bit_offset, member.bit_offset);
        }
    }
    return n;
}

static size_t check_values(const struct btf *btf, uint32_t id, const json_t *type)
{
    const json_t *values = json_object_get(type, "values");
    size_t n = json_array_size(values);
    const char *sign = json_string_value(json_object_get(type, "encoding"));
    assert_int_equal(btf_values(btf, id), n);
    assert_true(!sign || btf_is_signed(btf, id) == (strcmp(sign, "SIGNED") == 0));
    for (uint32_t i = 0; i < n; i++) {
        const json_t *truth = json_array_get(values, i);
        int64_t value = 0;
        assert_true(same_name(truth, btf_value(btf, id, i, &value)));
        /* bpftool's JSON extends the sign even of an unsigned enum. */
        uint64_t wanted = number(truth, "val");
        if (btf_kind(btf, id) == BTF_ENUM && !btf_is_signed(btf, id))
            wanted &= UINT32_MAX;
        assert_true((uint64_t)value == wanted);
    }
    return n;
}

static enum btf_kind kind_of(const char *name)
{
    static const char *const kinds[] = {
        "VOID", "INT",     "PTR",      "ARRAY",    "STRUCT",   "UNION",  "ENUM",
        "FWD",  "TYPEDEF", "VOLATILE", "CONST",    "RESTRICT", "FUNC",   "FUNC_PROTO",
        "VAR",  "DATASEC", "FLOAT",    "DECL_TAG", "TYPE_TAG", "ENUM64",
    };
    size_t i = 0;
    while (i < BTF_ENUM64 && strcmp(kinds[i], name) != 0)
        i++;
    return (enum btf_kind)i;
}

/*
 * All that bpftool prints.  It writes an unsigned 64-bit enumerator as it is, which jansson's
 * integers do not hold: such a number becomes the negative one of the same bits.
 */
static json_t *load_json(FILE *file)
{
    size_t length = 0, capacity = 0;
    char *text = NULL;
    do {
        capacity = capacity ? 2 * capacity : 1 << 20;
        text = realloc(text, capacity + 1);
        assert_non_null(text);
        length += fread(text + length, 1, capacity - length, file);
    } while (length == capacity);
    text[length] = '\0';
    char *good = NULL;
    FILE *out = open_memstream(&good, &capacity);
    assert_non_null(out);
    for (char *at = text; *at;) {
        size_t other = strcspn(at, "0123456789"), digits = strspn(at + other, "0123456789");
        fprintf(out, "%.*s", (int)other, at);
        if (digits >= 19 && digits <= 20 && other && at[other - 1] == ':')
            fprintf(out, "%" PRId64, (int64_t)strtoull(at + other, NULL, 10));
        else
            fprintf(out, "%.*s", (int)digits, at + other);
        at += other + digits;
    }
    fclose(out);
    free(text);
    text = good;
    json_t *all = json_loads(text, 0, NULL);
    free(text);
    return all;
}

static void check_type(const struct btf *btf, const struct btf_part *part, const json_t *type,
                       size_t *members)
{
    uint32_t id = placed(btf, part, number(type, "id"));
    const json_t *target = json_object_get(type, "type_id");
    enum btf_kind kind = kind_of(json_string_value(json_object_get(type, "kind")));
    assert_int_equal(btf_kind(btf, id), kind);
    assert_true(same_name(type, btf_name(btf, id)));
    if (kind == BTF_STRUCT || kind == BTF_UNION)
        *members += check_members(btf, part, id, type);
    else if (kind == BTF_ENUM || kind == BTF_ENUM64)
        *members += check_values(btf, id, type);
    else if (kind == BTF_ARRAY)
        assert_int_equal(btf_array_length(btf, id), number(type, "nr_elems"));
    if (target)
        assert_int_equal(btf_target(btf, id), placed(btf, part, number(type, "type_id")));
}

/* Every type of a part as bpftool prints it from the same bytes, in `file`.  False: no bpftool. */
static bool check_bpftool(struct snapshot *linux, const struct btf_part *part, const char *file)
{
    char command[4 * ROOM], base[2 * ROOM] = "";
    const struct btf *btf = linux->btf;
    const char *tool = access("/usr/sbin/bpftool", X_OK) ? "bpftool" : "/usr/sbin/bpftool";
    if (part != btf->part)
        snprintf(base, sizeof base, "-B '%s/btf-vmlinux'", linux->folder);
    snprintf(command, sizeof command, "%s %s -j btf dump file '%s' format raw 2>/dev/null", tool,
             base, file);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    json_t *all = load_json(pipe);
    if (pclose(pipe) != 0) {
        print_message("  bpftool is not here: its reading is not compared\n");
        json_decref(all);
        return false;
    }
    assert_non_null(all);
    const json_t *types = json_object_get(all, "types");
    size_t n = json_array_size(types), members = 0;
    assert_int_equal(part->count, n);
    for (size_t i = 0; i < n; i++)
        check_type(btf, part, json_array_get(types, i), &members);
    json_decref(all);
    print_message("  %s as bpftool: %zu types with %zu members and enum values\n",
                  *part->module ? part->module : "kernel", n, members);
    return true;
}

/* --- what is read through it -------------------------------------------------------------------*/

/* The VA of a symbol by the guest's own list; 0: not in it (arm64 6.1 has no data symbols). */
static uint64_t symbol(const struct snapshot *linux, const char *wanted)
{
    char line[ROOM], name[ROOM];
    uint64_t va = 0, one;
    FILE *file = open_truth(linux, "kallsyms");
    while (file && !va && fgets(line, sizeof line, file))
        if (sscanf(line, "%" SCNx64 " %*c %511s", &one, name) == 2 && strcmp(name, wanted) == 0)
            va = one;
    if (file)
        fclose(file);
    return va;
}

static struct linux_context context_of(const struct snapshot *linux)
{
    return (struct linux_context){.btf = linux->btf, .memory = &linux->session->memory};
}

static void check_task(const struct snapshot *linux, const char *line, uint64_t *init_task)
{
    uint64_t pid, tgid, va, mm, pgd, value;
    char comm[64], text[64];
    struct object task;
    assert_int_equal(sscanf(line,
                            "%" SCNu64 "\t%" SCNu64 "\t%*u\t%63[^\t]\t%" SCNx64 "\t%*x\t%" SCNx64
                            "\t%" SCNx64,
                            &pid, &tgid, comm, &va, &mm, &pgd),
                     6);
    struct linux_context context = context_of(linux);
    if (pid == 0)
        *init_task = va;
    assert_true(object_at(&task, &context, "task_struct", va));
    assert_true(object_u64(&task, "pid", &value) && value == pid);
    assert_true(object_u64(&task, "tgid", &value) && value == tgid);
    assert_true(object_string(&task, "comm", text, sizeof text));
    assert_string_equal(text, comm);
    assert_true(object_pointer(&task, "mm", &value) && value == mm);
    struct object of;
    if (object_follow(&task, "mm", &of))
        assert_true(object_pointer(&of, "pgd", &value) && value == pgd);
}

static void check_tasks(struct snapshot *linux)
{
    char line[ROOM];
    size_t n = 0, leaders = 0;
    uint64_t init_task = 0;
    FILE *file = open_truth(linux, "tasks.tsv");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        unsigned pid, tgid;
        if (*line == '#' || sscanf(line, "%u\t%u", &pid, &tgid) != 2)
            continue;
        check_task(linux, line, &init_task);
        leaders += pid == tgid;
        n++;
    }
    fclose(file);
    struct list_iterator list;
    struct error err;
    struct object task;
    struct linux_context context = context_of(linux);
    assert_true(
        list_iterator_start(&list, &context, "task_struct", "tasks", init_task, true, &err));
    while (list_iterator_next(&list, &task))
        ;
    list_iterator_end(&list);
    assert_int_equal(list.state, LIST_ITERATOR_END);
    assert_int_equal(list.strays, 0);
    assert_int_equal(list.count, leaders);
    print_message("  %zu tasks as they were, %zu of them on the list\n", n, list.count);
}

/* A window of task_struct's rows, all of it open as far as that goes. */
static void time_view(struct snapshot *linux)
{
    struct error err;
    struct view_row row;
    struct object task;
    uint64_t va = symbol(linux, "init_task");
    struct linux_context context = context_of(linux);
    struct view *view = view_create(&context);
    assert_non_null(view);
    assert_true(
        object_at(&task, &context, "task_struct", va ? va : linux->session->kernel.text_va));
    assert_true(view_show(view, task.type, task.va, &err));
    for (size_t i = 0; i < view_rows(view) && i < 400; i++)
        view_open(view, i, true);
    double start = guest_truth_ms();
    for (size_t i = 0; i < 60 && i < view_rows(view); i++)
        view_row(view, i, &row);
    double window = guest_truth_ms() - start;
    start = guest_truth_ms();
    for (size_t i = 0; i < view_rows(view); i++)
        view_row(view, i, &row);
    print_message("  60 rows of task_struct in %.3f ms, all %zu in %.3f ms\n", window,
                  view_rows(view), guest_truth_ms() - start);
    view_destroy(view);
}

/* Writes the bytes that a struct btf_module holds, as they lie in the guest. */
static void write_module(struct snapshot *linux, const struct object *entry, const char *path)
{
    struct object btf;
    struct error err;
    uint64_t va, size;
    size_t length;
    assert_true(object_follow(entry, "btf", &btf) && object_pointer(&btf, "data", &va) &&
                object_u64(&btf, "data_size", &size));
    void *bytes = btf_read(&linux->session->memory, va, size, &length, &err);
    FILE *file = fopen(path, "w");
    assert_true(bytes && file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    free(bytes);
}

/* The parts stand in the order of the kernel's list. */
static void check_module_types(struct snapshot *linux, uint64_t list_va)
{
    struct list_iterator list;
    struct object entry;
    struct error err;
    char path[] = "/tmp/test-btf-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && close(fd) == 0);
    struct linux_context context = context_of(linux);
    assert_true(list_iterator_start(&list, &context, "btf_module", "list", list_va, false, &err));
    for (size_t i = 1; list_iterator_next(&list, &entry); i++) {
        assert_true(i < linux->btf->parts);
        write_module(linux, &entry, path);
        if (!check_bpftool(linux, &linux->btf->part[i], path))
            break;
    }
    list_iterator_end(&list);
    unlink(path);
}

/* The length of a module's part; 0: it has none. */
static size_t length_of(const struct btf *btf, const char *module)
{
    for (size_t i = 1; i < btf->parts; i++)
        if (strcmp(btf->part[i].module, module) == 0)
            return btf->part[i].length;
    return 0;
}

/* The types of each module that the guest showed in /sys/kernel/btf. */
static void check_modules(struct snapshot *linux)
{
    struct kernel_image image;
    uint64_t size;
    struct memory *memory = &linux->session->memory;
    struct btf_modules modules;
    size_t listed = 0;
    char line[ROOM], name[ROOM];
    uint32_t before = btf_count(linux->btf);
    assert_true(kernel_image_range(memory, &linux->session->kernel, &image));
    double start = guest_truth_ms();
    struct linux_context context = {.memory = memory, .image = image, .btf = linux->btf};
    btf_modules_load(&modules, &context);
    double took = guest_truth_ms() - start;
    /* From the guest's `ls -l`. */
    FILE *file = open_truth(linux, "btf-list");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%*s %*d %*d %*d %zu %*s %*d %*s %511s", &size, name) != 2 ||
            strcmp(name, "vmlinux") == 0)
            continue;
        listed++;
        assert_int_equal(length_of(linux->btf, name), size);
    }
    fclose(file);
    assert_int_equal(modules.bad, 0);
    assert_int_equal(modules.count, listed);
    print_message("  %u types of %zu modules, found and added in %.1f ms\n",
                  btf_count(linux->btf) - before, listed, took);
    check_module_types(linux, modules.list_va);
}

static void check_guest(const char *folder)
{
    static struct snapshot linux;
    char path[2 * ROOM];
    linux = (struct snapshot){.folder = folder, .session = guest_truth_session(folder)};
    if (!linux.session)
        return;
    check_bytes(&linux);
    snprintf(path, sizeof path, "%s/btf-vmlinux", folder);
    check_bpftool(&linux, linux.btf->part, path);
    check_tasks(&linux);
    check_modules(&linux);
    time_view(&linux);
    btf_close(linux.btf);
    session_close(linux.session);
}

static void test_guests(void **state)
{
    (void)state;
    guest_truth_folders(check_guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_guests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
