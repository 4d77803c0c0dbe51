// The test guest's first process (PID 1); its test processes are in process.c.
//
// PID 1 mounts what it needs, starts the test processes, waits until each has reported what it
// mapped, and reports everything over the serial console as text sections:
//
//     @@ BEGIN name
//     ...
//     @@ END name LINES
//     @@ READY
//
// Physical addresses come from /proc/PID/pagemap, kernel addresses from /proc; so nothing reported
// here comes from reading page tables. After READY all mappings stay as they are.
#define _GNU_SOURCE
#include "init.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define RECORDS_MAX   4096
#define PROCESSES_MAX 8

size_t page_size;

void *must(void *pointer, const char *what)
{
    if (pointer == NULL || pointer == MAP_FAILED) {
        printf("@@ FAILED %s: %s\n", what, strerror(errno));
        fflush(stdout);
        for (;;)
            pause();
    }
    return pointer;
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t done = write(fd, text, strlen(text));
    (void)done;
    close(fd);
}

void sleep_ms(long ms)
{
    struct timespec delay = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&delay, NULL);
}

// ---- PID 1 -----------------------------------------------------------------------------------

struct truth {
    uint64_t va;
    char *text;
    char *what;
};

struct process {
    pid_t pid;
    const char *name;
    int pipe;
    struct truth *records;
    size_t count;
};

static struct process processes[PROCESSES_MAX];
static size_t process_count;

static size_t section_lines;
static const char *section_name;

static void section_begin(const char *name)
{
    section_name = name;
    section_lines = 0;
    printf("@@ BEGIN %s\n", name);
}

static void section_end(void)
{
    printf("@@ END %s %zu\n", section_name, section_lines);
    fflush(stdout);
}

__attribute__((format(printf, 1, 2))) static void line(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    section_lines++;
}

static void send_file(const char *name, const char *path)
{
    section_begin(name);
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t capacity = 0;
    ssize_t n;
    while (file != NULL && (n = getline(&text, &capacity, file)) > 0) {
        if (text[n - 1] == '\n')
            text[n - 1] = '\0';
        line("%s", text);
    }
    free(text);
    if (file != NULL)
        fclose(file);
    section_end();
}

// The first line of a /proc file, "" when there is none.
static void read_line(char *to, size_t capacity, const char *format, ...)
{
    char path[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    to[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, to, capacity - 1) : 0;
    if (fd >= 0)
        close(fd);
    to[n > 0 ? n : 0] = '\0';
    for (ssize_t i = 0; i < n; i++) {
        if (to[i] == '\0')
            to[i] = ' ';
        else if (to[i] == '\n' || to[i] == '\t')
            to[i] = '\0';
    }
    size_t length = strlen(to);
    while (length > 0 && to[length - 1] == ' ')
        to[--length] = '\0';
}

static int open_pagemap(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

// The physical address of VA's page, or UINT64_MAX.
static uint64_t page_of(int pagemap, uint64_t va)
{
    uint64_t entry = 0;
    off_t at = (off_t)(va / page_size * sizeof entry);
    if (pread(pagemap, &entry, sizeof entry, at) != (ssize_t)sizeof entry || (entry >> 63) == 0)
        return UINT64_MAX;
    return (entry & ((UINT64_C(1) << 55) - 1)) * page_size;
}

static void send_pages(void)
{
    section_begin("pagetruth.tsv");
    line("#pid\tva\tpa\twhat");
    for (size_t i = 0; i < process_count; i++) {
        const struct process *p = &processes[i];
        int pagemap = open_pagemap(p->pid);
        for (size_t k = 0; k < p->count; k++) {
            uint64_t va = p->records[k].va;
            uint64_t page = page_of(pagemap, va);
            if (page == UINT64_MAX)
                line("%d\t0x%" PRIx64 "\t-\t%s: %s", p->pid, va, p->name, p->records[k].what);
            else
                line("%d\t0x%" PRIx64 "\t0x%" PRIx64 "\t%s: %s", p->pid, va, page + va % page_size,
                     p->name, p->records[k].what);
        }
        close(pagemap);
    }
    section_end();

    section_begin("markers.tsv");
    line("#pid\tva\ttext");
    for (size_t i = 0; i < process_count; i++) {
        const struct process *p = &processes[i];
        for (size_t k = 0; k < p->count; k++) {
            if (p->records[k].text[0] != '\0')
                line("%d\t0x%" PRIx64 "\t%s", p->pid, p->records[k].va, p->records[k].text);
        }
    }
    section_end();
}

struct mapping {
    uint64_t va, pa, size;
};

static void send_run(const struct process *p, const struct mapping *run, const char *perm,
                     const char *mapping)
{
    if (run->size != 0)
        line("%d\t0x%" PRIx64 "\t0x%" PRIx64 "\t0x%" PRIx64 "\t%s\t%s", p->pid, run->va, run->pa,
             run->size, perm, mapping);
}

// Every present page of the test processes, as runs that are contiguous in both spaces.
static void send_all_pages(void)
{
    section_begin("pagetruth-allpages.tsv");
    line("#pid\tva\tpa\tlength\tperm\tmapping");
    for (size_t i = 0; i < process_count; i++) {
        const struct process *p = &processes[i];
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/maps", p->pid);
        FILE *maps = must(fopen(path, "re"), path);
        int pagemap = open_pagemap(p->pid);
        char text[512];
        while (fgets(text, sizeof text, maps) != NULL) {
            uint64_t start;
            uint64_t end;
            char perm[8];
            char mapping[256] = "";
            if (sscanf(text, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %255[^\n]", &start, &end,
                       perm, mapping) < 3)
                continue;
            if (mapping[0] == '\0')
                strcpy(mapping, "[anon]");
            struct mapping run = {0};
            for (uint64_t va = start; va < end; va += page_size) {
                uint64_t pa = page_of(pagemap, va);
                if (pa != UINT64_MAX && run.size != 0 && pa == run.pa + run.size &&
                    va == run.va + run.size) {
                    run.size += page_size;
                    continue;
                }
                if (pa == UINT64_MAX && run.size == 0)
                    continue;
                send_run(p, &run, perm, mapping);
                run = (struct mapping){va, pa, pa == UINT64_MAX ? 0 : page_size};
            }
            send_run(p, &run, perm, mapping);
        }
        close(pagemap);
        fclose(maps);
    }
    section_end();
}

static void send_maps(void)
{
    for (size_t i = 0; i < process_count; i++) {
        char name[64];
        char path[64];
        snprintf(name, sizeof name, "%d.maps", processes[i].pid);
        snprintf(path, sizeof path, "/proc/%d/maps", processes[i].pid);
        send_file(name, path);
    }
}

static int is_number(const struct dirent *entry)
{
    return entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
    return atoi((*a)->d_name) - atoi((*b)->d_name);
}

static void send_task(const char *tgid, const char *tid)
{
    char stat[512];
    char command[512];
    read_line(stat, sizeof stat, "/proc/%s/task/%s/stat", tgid, tid);
    read_line(command, sizeof command, "/proc/%s/cmdline", tgid);
    // pid (comm) state ppid ...: comm may itself hold spaces and parentheses.
    char *open_mark = strchr(stat, '(');
    char *close_mark = strrchr(stat, ')');
    char state;
    int parent;
    if (open_mark == NULL || close_mark == NULL ||
        sscanf(close_mark + 1, " %c %d", &state, &parent) != 2)
        return;
    *close_mark = '\0';
    line("%s\t%s\t%d\t%c\t%s\t%s", tid, tgid, parent, state, open_mark + 1, command);
}

static void send_ps(void)
{
    section_begin("ps.tsv");
    line("#pid\ttgid\tppid\tstate\tcomm\tcmdline");
    struct dirent **groups;
    int count = scandir("/proc", &groups, is_number, by_number);
    for (int i = 0; i < count; i++) {
        char path[300];
        snprintf(path, sizeof path, "/proc/%s/task", groups[i]->d_name);
        struct dirent **tasks;
        int threads = scandir(path, &tasks, is_number, by_number);
        for (int k = 0; k < threads; k++)
            send_task(groups[i]->d_name, tasks[k]->d_name);
    }
    section_end();
}

// What /proc/kcore's headers say: the kernel's areas, and the VMCOREINFO note.
static void send_kcore(void)
{
    int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
    Elf64_Ehdr header = {0};
    bool good = fd >= 0 && read(fd, &header, sizeof header) == (ssize_t)sizeof header;
    size_t size = good ? header.e_phnum * sizeof(Elf64_Phdr) : 0;
    Elf64_Phdr *segments = must(malloc(size + 1), "malloc");
    if (good && pread(fd, segments, size, (off_t)header.e_phoff) != (ssize_t)size)
        good = false;
    section_begin("kcore.tsv");
    line("#va\tpa\tsize");
    for (size_t i = 0; good && i < header.e_phnum; i++) {
        const Elf64_Phdr *s = &segments[i];
        if (s->p_type == PT_LOAD && s->p_paddr != UINT64_MAX)
            line("0x%" PRIx64 "\t0x%" PRIx64 "\t0x%" PRIx64, s->p_vaddr, s->p_paddr, s->p_memsz);
        else if (s->p_type == PT_LOAD)
            line("0x%" PRIx64 "\t-\t0x%" PRIx64, s->p_vaddr, s->p_memsz);
    }
    section_end();

    section_begin("vmcoreinfo");
    for (size_t i = 0; good && i < header.e_phnum; i++) {
        if (segments[i].p_type != PT_NOTE)
            continue;
        size_t capacity = segments[i].p_filesz;
        char *notes = must(calloc(1, capacity + 1), "calloc");
        if (pread(fd, notes, capacity, (off_t)segments[i].p_offset) != (ssize_t)capacity)
            capacity = 0;
        for (size_t at = 0; at + sizeof(Elf64_Nhdr) <= capacity;) {
            Elf64_Nhdr note;
            memcpy(&note, notes + at, sizeof note);
            char *name = notes + at + sizeof note;
            char *text = name + ((note.n_namesz + 3U) & ~3U);
            at = (size_t)(text - notes) + ((note.n_descsz + 3U) & ~3U);
            if (strncmp(name, "VMCOREINFO", 10) != 0 || at > capacity)
                continue;
            text[note.n_descsz] = '\0';
            for (char *next = strtok(text, "\n"); next != NULL; next = strtok(NULL, "\n"))
                line("%s", next);
            break;
        }
        free(notes);
    }
    section_end();
    free(segments);
    if (fd >= 0)
        close(fd);
}

static void make_file(const char *path, const char *name, size_t pages)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    for (size_t i = 0; i < pages; i++) {
        char text[64] = "";
        int n = snprintf(text, sizeof text, "%s page=%zu", name, i);
        if (pwrite(fd, text, (size_t)n, (off_t)(i * page_size)) != n)
            must(NULL, path);
    }
    if (ftruncate(fd, (off_t)(pages * page_size)) != 0)
        must(NULL, path);
    close(fd);
}

static void load_modules(void)
{
    struct dirent **files;
    int count = scandir("/modules", &files, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[300];
        snprintf(path, sizeof path, "/modules/%s", files[i]->d_name);
        int fd = files[i]->d_name[0] == '.' ? -1 : open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        if (syscall(SYS_finit_module, fd, "", 0) != 0)
            printf("init: module %s: %s\n", files[i]->d_name, strerror(errno));
        close(fd);
    }
}

static void start_process(const char *name)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        must(NULL, "pipe");
    struct process *p = &processes[process_count++];
    p->name = name;
    p->pipe = ends[0];
    p->pid = fork();
    if (p->pid == 0) {
        dup2(ends[1], REPORT_FD);
        execl("/init", name, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
}

static void collect(struct process *p)
{
    FILE *from = must(fdopen(p->pipe, "r"), "pipe");
    p->records = must(calloc(RECORDS_MAX, sizeof *p->records), "calloc");
    char *text = NULL;
    size_t capacity = 0;
    bool ended = false;
    while (!ended && p->count < RECORDS_MAX && getline(&text, &capacity, from) > 0) {
        char *rest = text;
        char *va = strsep(&rest, "\t\n");
        char *mark_text = strsep(&rest, "\t\n");
        char *what = strsep(&rest, "\t\n");
        ended = what == NULL || strcmp(what, "end") == 0;
        if (!ended)
            p->records[p->count++] =
                (struct truth){strtoull(va, NULL, 16), must(strdup(mark_text), "strdup"),
                               must(strdup(what), "strdup")};
    }
    if (!ended)
        printf("@@ FAILED %s ended early\n", p->name);
    free(text);
    fclose(from);
}

static void settings(void)
{
    // 1, not 0: with 0 the kernel may hash addresses; with 1 this process, being root, sees them.
    write_file("/proc/sys/kernel/kptr_restrict", "1");
    write_file("/proc/sys/kernel/printk", "1 4 1 7"); // keeps the report free of messages
    write_file("/proc/sys/vm/nr_hugepages", "2");
    write_file("/proc/sys/vm/compaction_proactiveness", "0");
    write_file("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
    write_file("/sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan", "0");
    write_file("/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs", "4000000");
    write_file("/sys/kernel/mm/ksm/run", "0");
}

static void report(void)
{
    send_file("version", "/proc/version");
    send_file("cmdline", "/proc/cmdline");
    send_file("iomem", "/proc/iomem");
    send_file("modules", "/proc/modules");
    send_file("meminfo", "/proc/meminfo");
    send_file("vmallocinfo", "/proc/vmallocinfo");
    send_kcore();
    send_file("kallsyms", "/proc/kallsyms");
    send_maps();
    send_ps();
    send_all_pages();
    send_pages();
}

int main(int argc, char **argv)
{
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    if (argc > 0 && strncmp(argv[0], "gt-", 3) == 0)
        return test_process(argv[0]);

    mkdir("/dev", 0755);
    mkdir("/proc", 0755);
    mkdir("/sys", 0755);
    mount("dev", "/dev", "devtmpfs", 0, NULL);
    mount("proc", "/proc", "proc", 0, NULL);
    mount("sys", "/sys", "sysfs", 0, NULL);
    int console = open("/dev/console", O_RDWR);
    for (int fd = 0; console >= 0 && fd < 3; fd++)
        dup2(console, fd);
    if (console > 2)
        close(console);
    struct termios terminal;
    if (tcgetattr(1, &terminal) == 0) {
        terminal.c_oflag &= ~(tcflag_t)OPOST; // bytes as they are, no carriage returns
        tcsetattr(1, TCSANOW, &terminal);
    }
    setvbuf(stdout, NULL, _IOFBF, 64 * 1024);
    int placeholder = open("/dev/null", O_RDWR | O_CLOEXEC); // keeps descriptor 3 for the reports
    (void)placeholder;

    settings();
    load_modules();
    make_file(SHARED_PATH, "SHMARK", SHARED_PAGES);
    make_file(PLAIN_PATH, "FILEMARK", 2);
    static const char *const names[] = {"gt-alpha", "gt-beta", "gt-threads", "gt-fifteenchars"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        start_process(names[i]);
        // One after the other: the next one's pages are not interleaved with this one's.
        collect(&processes[process_count - 1]);
    }
    sleep_ms(500);
    report();
    printf("@@ READY\n");
    fflush(stdout);
    for (;;)
        pause();
}
