// Ask QEMU for the truth about a running test guest.
//
//     truth RUN OUT      stops the guest and writes gva2gpa.tsv, roots.tsv and facts to OUT
//     truth --go RUN     lets a stopped guest run again
//
// RUN is what tests/guest/boot left: the sockets qmp and gdb, the RAM file, and report/. The guest
// is stopped through QMP. QEMU's gva2gpa answers for addresses of all areas of the kernel; the
// translation registers come from QEMU's gdbstub. A CPU that was stopped inside a test process
// (magic number in x20, PID in x21) shows that process's table; the guest is let go and stopped
// again until each process was seen, and the last stop is one with a CPU in the kernel, whose TTBR1
// is the kernel's own table. The guest stays stopped.
//
// The answers are held against each other: the markers must lie in the RAM file where pagemap
// says, and gva2gpa must agree with pagemap about user addresses. A disagreement is an error.
#define _GNU_SOURCE
#include "qemu.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SPIN_MAGIC   UINT64_C(0x214b4c41574d4152) // process.c
#define PAGE         UINT64_C(4096)
#define CPUS_MAX     8
#define ATTEMPTS_MAX 2000

// ---- the CPUs --------------------------------------------------------------------------------

struct cpu {
    uint64_t ttbr0, ttbr1, tcr, mair, contextidr, pc, cpsr, x20, x21;
};

static struct {
    unsigned ttbr0, ttbr1, tcr, mair, contextidr;
} numbers;

static struct cpu cpus[CPUS_MAX];
static int cpu_count;

static void gdb_begin(const char *folder)
{
    char text[8192];
    gdb_open(folder);
    gdb_ask(text, sizeof text, "qSupported:qXfer:features:read+");
    free(gdb_file("target.xml"));
    char *registers = gdb_file("system-registers.xml");
    numbers.ttbr0 = gdb_number(registers, "TTBR0_EL1");
    numbers.ttbr1 = gdb_number(registers, "TTBR1_EL1");
    numbers.tcr = gdb_number(registers, "TCR_EL1");
    numbers.mair = gdb_number(registers, "MAIR_EL1");
    numbers.contextidr = gdb_number(registers, "CONTEXTIDR_EL1");
    free(registers);
    // Threads are CPUs, numbered from 1.
    gdb_ask(text, sizeof text, "qfThreadInfo");
    while (text[0] == 'm') {
        for (const char *p = text; p != NULL; p = strchr(p + 1, ','))
            cpu_count++;
        gdb_ask(text, sizeof text, "qsThreadInfo");
    }
    if (cpu_count < 1 || cpu_count > CPUS_MAX)
        die("the guest has %d CPUs; 1 to %d are expected", cpu_count, CPUS_MAX);
}

static void read_cpus(void)
{
    for (int i = 0; i < cpu_count; i++) {
        char packet[32];
        char text[256];
        snprintf(packet, sizeof packet, "Hg%x", (unsigned)i + 1);
        gdb_ask(text, sizeof text, packet);
        if (strcmp(text, "OK") != 0)
            die("QEMU's gdbstub does not select CPU %d (its answer: '%s')", i, text);
        cpus[i] = (struct cpu){
            .ttbr0 = gdb_register(numbers.ttbr0),
            .ttbr1 = gdb_register(numbers.ttbr1),
            .tcr = gdb_register(numbers.tcr),
            .mair = gdb_register(numbers.mair),
            .contextidr = gdb_register(numbers.contextidr),
            .pc = gdb_register(32),
            .cpsr = gdb_register(33),
            .x20 = gdb_register(20),
            .x21 = gdb_register(21),
        };
    }
}

// The table's address in a TTBR: the ASID is at the top, CnP in bit 0; with TCR_EL1.DS (bit 59)
// bits 5:2 are the address's bits 51:48.
static uint64_t table_of(uint64_t ttbr, uint64_t tcr)
{
    uint64_t low = ttbr & UINT64_C(0xfffffffffffe);
    if ((tcr >> 59 & 1) == 0)
        return low;
    return (low & ~UINT64_C(0x3f)) | (ttbr >> 2 & 0xf) << 48;
}

static int user_pid(const struct cpu *cpu)
{
    bool user = (cpu->cpsr & 0x1f) == 0;
    return user && cpu->x20 == SPIN_MAGIC ? (int)cpu->x21 : 0;
}

static uint64_t swapper; // the kernel's root table by VMCOREINFO, 0 when unknown

// In the kernel proper: not in the entry trampoline, where TTBR1 may still be the small table.
static bool in_kernel(int i)
{
    uint64_t probe = swapper != 0 ? swapper : cpus[i].pc;
    return (cpus[i].cpsr & 0xf) >= 4 && cpus[i].pc >> 63 == 1 && gva2gpa(i, probe) != UNMAPPED;
}

// ---- questions about kernel addresses --------------------------------------------------------

static FILE *out;
static int kernel_cpu;
static size_t asked;
static size_t mapped;
static uint64_t random_state = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t random_number(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static uint64_t ask(uint64_t va, const char *what)
{
    uint64_t pa = gva2gpa(kernel_cpu, va);
    asked++;
    if (pa == UNMAPPED) {
        fprintf(out, "0x%" PRIx64 "\tunmapped\t%s\n", va, what);
    } else {
        fprintf(out, "0x%" PRIx64 "\t0x%" PRIx64 "\t%s\n", va, pa, what);
        mapped++;
    }
    return pa;
}

static void ask_symbols(void)
{
    static const struct {
        bool module;
        size_t wanted;
    } kinds[] = {{false, 150}, {true, 40}};
    for (size_t kind = 0; kind < 2; kind++) {
        FILE *file = report("kallsyms");
        char line[512];
        size_t total = 0;
        while (fgets(line, sizeof line, file) != NULL)
            total += (strchr(line, '[') != NULL) == kinds[kind].module;
        rewind(file);
        while (fgets(line, sizeof line, file) != NULL) {
            uint64_t va;
            char name[256];
            char what[320];
            bool module = strchr(line, '[') != NULL;
            if (module != kinds[kind].module ||
                sscanf(line, "%" SCNx64 " %*c %255s", &va, name) != 2)
                continue;
            bool named = strcmp(name, "_text") == 0 || strcmp(name, "_stext") == 0 ||
                         strcmp(name, "_end") == 0 || strcmp(name, "swapper_pg_dir") == 0 ||
                         strcmp(name, "init_task") == 0 || strcmp(name, "linux_banner") == 0;
            if (!named && (total == 0 || random_number() % total >= kinds[kind].wanted))
                continue;
            snprintf(what, sizeof what, module ? "module symbol %s" : "symbol %s", name);
            ask(va, what);
        }
        fclose(file);
    }
    if (swapper != 0)
        ask(swapper, "swapper_pg_dir by VMCOREINFO");
}

static void ask_vmalloc(void)
{
    FILE *file = report("vmallocinfo");
    char line[512];
    size_t total = 0;
    while (fgets(line, sizeof line, file) != NULL)
        total++;
    rewind(file);
    while (fgets(line, sizeof line, file) != NULL) {
        uint64_t start;
        uint64_t end;
        char what[320];
        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) != 2 || end <= start)
            continue;
        bool plain = strstr(line, "vmalloc") != NULL && strstr(line, "module") == NULL;
        if (plain && total > 60 && random_number() % total >= 60)
            continue;
        const char *caller = strchr(line + 20, ' ');
        snprintf(what, sizeof what, "vmalloc area, first page:%.200s", caller ? caller : "");
        ask(start, what);
        if (end - start >= 2 * PAGE) {
            uint64_t inside = start + random_number() % (end - start - PAGE);
            ask(inside, "vmalloc area, inside");
            ask(end - 2 * PAGE + 8, "vmalloc area, last page before the guard page");
        }
        ask(end - PAGE, "vmalloc area, its guard page");
        ask(start - 1, "the byte before a vmalloc area");
    }
    fclose(file);
}

static void ask_linear(void)
{
    uint64_t vmemmap = vmcoreinfo("NUMBER(VMEMMAP_START)");
    // The largest area with a physical address is the linear map; smaller ones are the image.
    const struct area *best = &linear[0];
    for (size_t i = 1; i < linear_count; i++) {
        if (linear[i].size > best->size)
            best = &linear[i];
    }
    for (size_t i = 0; i < linear_count; i++) {
        const struct area *a = &linear[i];
        for (int k = 0; k < (a == best ? 50 : 10); k++) {
            uint64_t at = random_number() % a->size;
            uint64_t pa = ask(a->va + at, a == best ? "linear map" : "other kcore area");
            if (pa != UNMAPPED && pa != a->pa + at)
                die("gva2gpa and /proc/kcore disagree about 0x%" PRIx64, a->va + at);
        }
        ask(a->va, "area's first byte");
        ask(a->va + a->size - 1, "area's last byte");
        ask(a->va + a->size, "just past an area");
        ask(a->va - 1, "just before an area");
    }

    // /proc/kcore has the struct pages of each block as an area without physical address.
    FILE *file = report("kcore.tsv");
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        uint64_t va;
        uint64_t size;
        if (vmemmap == 0 || sscanf(line, "%" SCNx64 "\t-\t%" SCNx64, &va, &size) != 2 ||
            va < vmemmap)
            continue;
        for (int k = 0; k < 25; k++)
            ask(va + (random_number() % size & ~UINT64_C(63)), "vmemmap: a struct page");
        ask(va, "vmemmap: the first struct page");
        ask(va + size - 64, "vmemmap: the last struct page");
        ask(va + size, "vmemmap: past the last struct page");
        ask(va + size + (UINT64_C(1) << 27), "vmemmap: no memory there");
    }
    fclose(file);
    if (vmemmap != 0)
        ask(vmemmap, "vmemmap: its start");
}

// The fixed mappings lie below vmemmap (5.11 to 6.8) or at the top of the address space (6.9 on):
// look at every page, keep what is mapped and the holes beside it.
static void ask_fixmap(void)
{
    uint64_t vmemmap = vmcoreinfo("NUMBER(VMEMMAP_START)");
    const uint64_t tops[] = {vmemmap - (UINT64_C(32) << 20), UINT64_C(0) - (UINT64_C(8) << 20)};
    for (size_t i = 0; i < 2; i++) {
        bool before = false;
        size_t kept = 0;
        for (uint64_t va = tops[i] - (UINT64_C(8) << 20); va != tops[i] && kept < 60; va += PAGE) {
            bool now = gva2gpa(kernel_cpu, va) != UNMAPPED;
            if (now != before)
                ask(va - PAGE, before ? "fixmap, last page of a run" : "fixmap, hole before a run");
            if (now || before) {
                ask(va + 0x123, now ? "fixmap" : "fixmap, hole after a run");
                kept++;
            }
            before = now;
        }
        ask(tops[i] - PAGE, "fixmap, its last page");
        ask(tops[i], "past the fixmap");
    }
    // The window for PCI's I/O ports.
    ask(vmemmap - (UINT64_C(24) << 20), "PCI I/O below vmemmap");
    ask(vmemmap - (UINT64_C(8) << 20), "past PCI I/O below vmemmap");
    uint64_t vmemmap_end = vmcoreinfo("NUMBER(VMEMMAP_END)");
    ask(vmemmap_end + (UINT64_C(8) << 20), "PCI I/O above vmemmap");
}

static void ask_edges(void)
{
    static const uint64_t edges[] = {
        0,
        0x1000,
        0x400000,
        UINT64_C(0x7ffffffff000),
        UINT64_C(0xffffffffffff),
        UINT64_C(0x1000000000000),
        UINT64_C(0xfffffffffffff),
        UINT64_C(0x10000000000000),
        UINT64_C(0x7fffffffffffff),
        UINT64_C(0x80000000000000),
        UINT64_C(0x8000000000000000),
        UINT64_C(0xfff0000000000000),
        UINT64_C(0xfffeffffffffffff),
        UINT64_C(0xffff000000000000),
        UINT64_C(0xffff7fffffffffff),
        UINT64_C(0xffff800000000000),
        UINT64_C(0xfffffffffffff000),
        UINT64_C(0xffffffffffffffff),
    };
    for (int i = 0; i < 20; i++)
        ask(UINT64_C(0xffff000000000000) | (random_number() >> 16), "random kernel address");
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        // An idle kernel may still have some process's table: only the kernel half is a fact.
        if ((edges[i] >> 55 & 1) == 1 || gva2gpa(kernel_cpu, edges[i]) == UNMAPPED)
            ask(edges[i], "edge");
    }
}

// ---- holding the answers against each other --------------------------------------------------

static size_t wrong;

static void check_markers(void)
{
    int ram = open("ram", O_RDONLY | O_CLOEXEC);
    if (ram < 0)
        die("ram: %s", strerror(errno));
    size_t good = 0;
    for (size_t i = 0; i < page_count; i++) {
        const struct page_truth *p = &pages[i];
        char bytes[64] = "";
        size_t n = strlen(p->text);
        if (n == 0 || p->pa == UNMAPPED)
            continue;
        if (pread(ram, bytes, n, (off_t)(p->pa - ram_base)) == (ssize_t)n &&
            memcmp(bytes, p->text, n) == 0) {
            good++;
            continue;
        }
        fprintf(stderr,
                "truth: pid %d, 0x%" PRIx64 ": '%s' is not in the RAM file at 0x%" PRIx64 "\n",
                p->pid, p->va, p->text, p->pa - ram_base);
        wrong++;
    }
    close(ram);
    printf("truth: %zu markers are in the RAM file where pagemap says\n", good);
    if (good == 0)
        die("not one marker was found");
}

static void check_user(int cpu, const struct found *process)
{
    size_t good = 0;
    for (size_t i = 0; i < page_count; i++) {
        const struct page_truth *p = &pages[i];
        if (p->pid != process->pid)
            continue;
        uint64_t expected = p->none ? UNMAPPED : p->pa;
        uint64_t got = gva2gpa(cpu, p->va);
        if (got == expected) {
            good++;
            continue;
        }
        fprintf(stderr,
                "truth: pid %d, 0x%" PRIx64 ": gva2gpa says 0x%" PRIx64 ", pagemap 0x%" PRIx64 "\n",
                p->pid, p->va, got, expected);
        wrong++;
    }
    printf("truth: %s (pid %d): gva2gpa and pagemap agree about %zu addresses\n", process->name,
           process->pid, good);
}

// ---- the whole -------------------------------------------------------------------------------

static bool note_processes(void)
{
    bool all = true;
    for (size_t k = 0; k < process_count; k++) {
        for (int i = 0; i < cpu_count; i++) {
            if (user_pid(&cpus[i]) != processes[k].pid)
                continue;
            uint64_t table = table_of(cpus[i].ttbr0, cpus[i].tcr);
            if (processes[k].table != 0 && processes[k].table != table)
                die("pid %d had the table 0x%" PRIx64 " and now 0x%" PRIx64, processes[k].pid,
                    processes[k].table, table);
            if (processes[k].table == 0) {
                processes[k].table = table;
                check_user(i, &processes[k]);
            }
        }
        all = all && processes[k].table != 0;
    }
    return all;
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    if (file == NULL)
        die("%s: %s", path, strerror(errno));
    return file;
}

static void finish(FILE *file, const char *name)
{
    if (ferror(file) != 0 || fclose(file) != 0)
        die("cannot write %s: %s", name, strerror(errno));
}

static void write_roots(const char *folder)
{
    FILE *file = create(folder, "roots.tsv");
    fprintf(file, "#root\tpa\tpid\tname\n");
    fprintf(file, "kernel\t0x%" PRIx64 "\t-\tTTBR1_EL1 of CPU %d\n",
            table_of(cpus[kernel_cpu].ttbr1, cpus[kernel_cpu].tcr), kernel_cpu);
    for (size_t k = 0; k < process_count; k++)
        fprintf(file, "user\t0x%" PRIx64 "\t%d\t%s\n", processes[k].table, processes[k].pid,
                processes[k].name);
    finish(file, "roots.tsv");
}

static void write_facts(const char *folder)
{
    FILE *file = create(folder, "facts");
    char line[512] = "";
    FILE *version = report("version");
    if (fgets(line, sizeof line, version) == NULL)
        line[0] = '\0';
    fclose(version);
    char release[128] = "";
    sscanf(line, "Linux version %127s", release);
    struct stat ram = {0};
    if (stat("ram", &ram) != 0)
        die("ram: %s", strerror(errno));
    const struct cpu *cpu = &cpus[kernel_cpu];
    fprintf(file, "arch=arm64\nrelease=%s\n", release);
    fprintf(file, "ram_base=0x%" PRIx64 "\nram_size=0x%" PRIx64 "\n", ram_base,
            (uint64_t)ram.st_size);
    fprintf(file, "va_bits=%u\n", 64 - (unsigned)(cpu->tcr & 0x3f));
    fprintf(file, "kaslr=0x%" PRIx64 "\n", vmcoreinfo("KERNELOFFSET"));
    fprintf(file, "kimage_voffset=0x%" PRIx64 "\n", vmcoreinfo("NUMBER(kimage_voffset)"));
    fprintf(file, "phys_offset=0x%" PRIx64 "\n", vmcoreinfo("NUMBER(PHYS_OFFSET)"));
    fprintf(file, "swapper_va=0x%" PRIx64 "\n", swapper);
    fprintf(file, "swapper_pa=0x%" PRIx64 "\n", table_of(cpu->ttbr1, cpu->tcr));
    fprintf(file, "kernel_cpu=%d\n", kernel_cpu);
    for (int i = 0; i < cpu_count; i++) {
        fprintf(file, "cpu%d.TTBR0_EL1=0x%" PRIx64 "\ncpu%d.TTBR1_EL1=0x%" PRIx64 "\n", i,
                cpus[i].ttbr0, i, cpus[i].ttbr1);
        fprintf(file, "cpu%d.TCR_EL1=0x%" PRIx64 "\ncpu%d.MAIR_EL1=0x%" PRIx64 "\n", i, cpus[i].tcr,
                i, cpus[i].mair);
        fprintf(file, "cpu%d.CONTEXTIDR_EL1=0x%" PRIx64 "\ncpu%d.pc=0x%" PRIx64 "\n", i,
                cpus[i].contextidr, i, cpus[i].pc);
        fprintf(file, "cpu%d.cpsr=0x%" PRIx64 "\n", i, cpus[i].cpsr);
    }
    finish(file, "facts");
    if (swapper != 0) {
        uint64_t pa = gva2gpa(kernel_cpu, swapper);
        if (pa != table_of(cpu->ttbr1, cpu->tcr)) {
            fprintf(stderr,
                    "truth: swapper_pg_dir is at 0x%" PRIx64 ", but TTBR1 is 0x%" PRIx64 "\n", pa,
                    cpu->ttbr1);
            wrong++;
        }
    }
}

// Stop and go until every test process was seen in user mode and a CPU is in the kernel.
static void gather(void)
{
    for (int attempt = 1;; attempt++) {
        qmp_do("stop");
        read_cpus();
        bool all = note_processes();
        for (int i = 0; all && i < cpu_count; i++) {
            if (in_kernel(i)) {
                kernel_cpu = i;
                printf("truth: all processes seen after %d stops\n", attempt);
                return;
            }
        }
        if (attempt == ATTEMPTS_MAX)
            die("stopped %d times and never saw every test process in user mode", attempt);
        qmp_do("cont");
        struct timespec delay = {.tv_nsec = (long)(1000000 + random_number() % 12000000)};
        nanosleep(&delay, NULL);
    }
}

int main(int argc, char **argv)
{
    bool go = argc == 3 && strcmp(argv[1], "--go") == 0;
    if (argc != 3)
        die("usage: truth RUN OUT | truth --go RUN");
    const char *run = go ? argv[2] : argv[1];
    char *folder = go ? NULL : realpath(argv[2], NULL);
    if (!go && folder == NULL)
        die("%s: %s", argv[2], strerror(errno));
    if (chdir(run) != 0)
        die("%s: %s; try tests/guest/boot first", run, strerror(errno));
    qmp_open(run);
    if (go) {
        qmp_do("cont");
        return 0;
    }

    read_report();
    swapper = vmcoreinfo("SYMBOL(swapper_pg_dir)");
    qmp_do("stop");
    gdb_begin(run);
    gather();
    check_markers();

    out = create(folder, "gva2gpa.tsv");
    fprintf(out, "#va\tgpa\twhat\n");
    ask_symbols();
    ask_vmalloc();
    ask_linear();
    ask_fixmap();
    ask_edges();
    finish(out, "gva2gpa.tsv");
    write_roots(folder);
    write_facts(folder);
    free(folder);
    free(pages);
    printf("truth: asked for %zu kernel addresses, %zu are mapped; the guest is stopped\n", asked,
           mapped);
    if (wrong != 0)
        die("%zu disagreements: this truth is not one", wrong);
    return 0;
}
