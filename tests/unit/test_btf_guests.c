/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types against real guests: the BTF in RAM byte for byte, every type as bpftool reads it, and
 * the tasks and modules that are read through it.  Runs where RAMWALK_GUESTS names the folder
 * that holds them (NAME/ram.img, btf-vmlinux, btf-list, tasks.tsv, kallsyms); skipped elsewhere.
 */
#include "guest/btf_scan.h"
#include "guest/image_range.h"
#include "guest/object.h"
#include "guest/view.h"
#include "guest/view_list.h"
#include "session/session.h"

#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define ROOM 512

struct snapshot {
    const char *folder;
    struct session session;
    struct btf *btf;
};

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static FILE *open_truth(const struct snapshot *guest, const char *name)
{
    char path[2 * ROOM];
    snprintf(path, sizeof path, "%s/%s", guest->folder, name);
    return fopen(path, "r");
}

/* --- the BTF itself ----------------------------------------------------------------------------*/

static void check_bytes(struct snapshot *guest)
{
    struct error err;
    uint64_t image, size, va;
    struct memory *memory = &guest->session.memory;
    assert_true(kernel_image_range(memory, &guest->session.kernel, &image, &size));
    double start = now_ms();
    if (!btf_scan(memory, image, size, &guest->btf, &va, &err))
        fail_msg("%s", err.text);
    double took = now_ms() - start;
    FILE *file = open_truth(guest, "btf-vmlinux");
    assert_non_null(file);
    size_t length, wanted;
    const void *bytes = btf_bytes(guest->btf, &length);
    char *truth = malloc(length + 1);
    assert_non_null(truth);
    wanted = fread(truth, 1, length + 1, file);
    fclose(file);
    assert_int_equal(length, wanted);
    assert_memory_equal(bytes, truth, length);
    free(truth);
    print_message("  BTF at v:%" PRIx64 ", %zu bytes the same, %u types, found in %.1f ms\n", va,
                  length, btf_count(guest->btf), took);
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

static size_t check_members(const struct btf *btf, uint32_t id, const json_t *type)
{
    const json_t *members = json_object_get(type, "members");
    size_t n = json_array_size(members);
    assert_int_equal(btf_members(btf, id), n);
    assert_int_equal(btf_size(btf, id), number(type, "size"));
    for (uint32_t i = 0; i < n; i++) {
        const json_t *truth = json_array_get(members, i);
        struct btf_member member = btf_member(btf, id, i);
        assert_true(same_name(truth, member.name));
        assert_int_equal(member.type, number(truth, "type_id"));
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
    size_t length = 0, room = 0;
    char *text = NULL;
    do {
        room = room ? 2 * room : 1 << 20;
        text = realloc(text, room + 1);
        assert_non_null(text);
        length += fread(text + length, 1, room - length, file);
    } while (length == room);
    text[length] = '\0';
    char *good = NULL;
    FILE *out = open_memstream(&good, &room);
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

/* Every type as bpftool prints it from the same bytes. */
static void check_bpftool(struct snapshot *guest)
{
    char command[2 * ROOM];
    const char *tool = access("/usr/sbin/bpftool", X_OK) ? "bpftool" : "/usr/sbin/bpftool";
    snprintf(command, sizeof command, "%s -j btf dump file '%s/btf-vmlinux' format raw 2>/dev/null",
             tool, guest->folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    json_t *all = load_json(pipe);
    if (pclose(pipe) != 0) {
        print_message("  bpftool is not here: its reading is not compared\n");
        json_decref(all);
        return;
    }
    assert_non_null(all);
    const struct btf *btf = guest->btf;
    const json_t *types = json_object_get(all, "types");
    size_t n = json_array_size(types), structs = 0, members = 0, values = 0;
    assert_int_equal(btf_count(btf), n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *type = json_array_get(types, i);
        uint32_t id = (uint32_t)number(type, "id");
        enum btf_kind kind = kind_of(json_string_value(json_object_get(type, "kind")));
        assert_int_equal(btf_kind(btf, id), kind);
        assert_true(same_name(type, btf_name(btf, id)));
        if (kind == BTF_STRUCT || kind == BTF_UNION) {
            structs++;
            members += check_members(btf, id, type);
        } else if (kind == BTF_ENUM || kind == BTF_ENUM64) {
            values += check_values(btf, id, type);
        } else if (kind == BTF_ARRAY) {
            assert_int_equal(btf_array_length(btf, id), number(type, "nr_elems"));
            assert_int_equal(btf_target(btf, id), number(type, "type_id"));
        } else if (json_object_get(type, "type_id")) {
            assert_int_equal(btf_target(btf, id), number(type, "type_id"));
        }
    }
    json_decref(all);
    print_message("  as bpftool: %zu types, %zu structs and unions with %zu members, %zu enum "
                  "values\n",
                  n, structs, members, values);
}

/* --- what is read through it -------------------------------------------------------------------*/

/* The VA of a symbol by the guest's own list; 0: not in it (arm64 6.1 has no data symbols). */
static uint64_t symbol(const struct snapshot *guest, const char *wanted)
{
    char line[ROOM], name[ROOM];
    uint64_t va = 0, one;
    FILE *file = open_truth(guest, "kallsyms");
    while (file && !va && fgets(line, sizeof line, file))
        if (sscanf(line, "%" SCNx64 " %*c %511s", &one, name) == 2 && strcmp(name, wanted) == 0)
            va = one;
    if (file)
        fclose(file);
    return va;
}

static void check_task(const struct snapshot *guest, const char *line, uint64_t *init_task)
{
    uint64_t pid, tgid, va, mm, pgd, value;
    char comm[64], text[64];
    struct object task;
    struct memory *memory = (struct memory *)&guest->session.memory;
    assert_int_equal(sscanf(line,
                            "%" SCNu64 "\t%" SCNu64 "\t%*u\t%63[^\t]\t%" SCNx64 "\t%*x\t%" SCNx64
                            "\t%" SCNx64,
                            &pid, &tgid, comm, &va, &mm, &pgd),
                     6);
    if (pid == 0)
        *init_task = va;
    assert_true(object_at(&task, guest->btf, memory, "task_struct", va));
    assert_true(object_u64(&task, "pid", &value) && value == pid);
    assert_true(object_u64(&task, "tgid", &value) && value == tgid);
    assert_true(object_string(&task, "comm", text, sizeof text));
    assert_string_equal(text, comm);
    assert_true(object_pointer(&task, "mm", &value) && value == mm);
    struct object of;
    if (object_follow(&task, "mm", &of))
        assert_true(object_pointer(&of, "pgd", &value) && value == pgd);
}

static void check_tasks(struct snapshot *guest)
{
    char line[ROOM];
    size_t n = 0, leaders = 0;
    uint64_t init_task = 0;
    FILE *file = open_truth(guest, "tasks.tsv");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        unsigned pid, tgid;
        if (*line == '#' || sscanf(line, "%u\t%u", &pid, &tgid) != 2)
            continue;
        check_task(guest, line, &init_task);
        leaders += pid == tgid;
        n++;
    }
    fclose(file);
    struct view_list list;
    struct error err;
    struct object task;
    assert_true(view_list_start(&list, guest->btf, &guest->session.memory, "task_struct", "tasks",
                                init_task, true, &err));
    while (view_list_next(&list, &task))
        ;
    view_list_end(&list);
    assert_int_equal(list.state, VIEW_LIST_END);
    assert_int_equal(list.strays, 0);
    assert_int_equal(list.count, leaders);
    print_message("  %zu tasks as they were, %zu of them on the list\n", n, list.count);
}

/* A window of task_struct's rows, all of it open as far as that goes. */
static void time_view(struct snapshot *guest)
{
    struct error err;
    struct view_row row;
    struct object task;
    uint64_t va = symbol(guest, "init_task");
    struct view *view = view_create(guest->btf, &guest->session.memory);
    assert_non_null(view);
    assert_true(object_at(&task, guest->btf, &guest->session.memory, "task_struct",
                          va ? va : guest->session.kernel.text_va));
    assert_true(view_show(view, task.type, task.va, &err));
    for (size_t i = 0; i < view_rows(view) && i < 400; i++)
        view_open(view, i, true);
    double start = now_ms();
    for (size_t i = 0; i < 60 && i < view_rows(view); i++)
        view_row(view, i, &row);
    double window = now_ms() - start;
    start = now_ms();
    for (size_t i = 0; i < view_rows(view); i++)
        view_row(view, i, &row);
    print_message("  60 rows of task_struct in %.3f ms, all %zu in %.3f ms\n", window,
                  view_rows(view), now_ms() - start);
    view_destroy(view);
}

/* Sizes of /sys/kernel/btf/NAME by name, from the guest's `ls -l`. */
static size_t listed_size(const struct snapshot *guest, const char *wanted)
{
    char line[ROOM], name[ROOM];
    size_t size = 0, one;
    FILE *file = open_truth(guest, "btf-list");
    while (file && !size && fgets(line, sizeof line, file))
        if (sscanf(line, "%*s %*d %*d %*d %zu %*s %*d %*s %511s", &one, name) == 2 &&
            strcmp(name, wanted) == 0)
            size = one;
    if (file)
        fclose(file);
    return size;
}

/* The split BTF of each module that the guest showed in /sys/kernel/btf. */
static void check_modules(struct snapshot *guest)
{
    uint64_t head = symbol(guest, "btf_modules"), found = 0, image, size;
    struct memory *memory = &guest->session.memory;
    struct view_list list;
    struct error err;
    struct object entry;
    size_t types = 0, length;
    assert_true(kernel_image_range(memory, &guest->session.kernel, &image, &size));
    double start = now_ms();
    assert_true(btf_modules_find(memory, guest->btf, image, size, &found));
    double took = now_ms() - start;
    if (head)
        assert_true(found == head);
    assert_true(
        view_list_start(&list, guest->btf, memory, "btf_module", "list", found, false, &err));
    while (view_list_next(&list, &entry)) {
        char name[BTF_MODULE_NAME];
        struct btf *btf;
        if (!btf_load_module(memory, entry.va, guest->btf, &btf, name, &err))
            fail_msg("%s", err.text);
        btf_bytes(btf, &length);
        assert_int_equal(length, listed_size(guest, name));
        types += btf_count(btf) - btf_first(btf);
        btf_close(btf);
    }
    view_list_end(&list);
    assert_int_equal(list.state, VIEW_LIST_END);
    print_message("  the BTF of %zu modules, %zu types; their list found in %.1f ms\n", list.count,
                  types, took);
}

static void check_guest(const char *folder)
{
    static struct snapshot guest;
    struct error err;
    char image[2 * ROOM];
    guest = (struct snapshot){.folder = folder};
    snprintf(image, sizeof image, "%s/ram.img", folder);
    if (access(image, R_OK) != 0)
        return;
    print_message("%s\n", folder);
    struct options options = {.image = image};
    if (!session_open(&guest.session, &options, &err))
        fail_msg("%s", err.text);
    session_settle(&guest.session, false);
    check_bytes(&guest);
    check_bpftool(&guest);
    check_tasks(&guest);
    check_modules(&guest);
    time_view(&guest);
    btf_close(guest.btf);
    session_close(&guest.session);
}

static void test_guests(void **state)
{
    (void)state;
    const char *root = getenv("RAMWALK_GUESTS");
    if (!root || !*root)
        skip();
    struct dirent **entry;
    int n = scandir(root, &entry, NULL, alphasort);
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        char folder[ROOM];
        snprintf(folder, sizeof folder, "%s/%s", root, entry[i]->d_name);
        if (*entry[i]->d_name != '.')
            check_guest(folder);
        free(entry[i]);
    }
    free(entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_guests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
