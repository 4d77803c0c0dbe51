// A test process: it maps memory of each kind, leaves marks there, and records where they are. It
// spins for a few milliseconds at a time with a magic number in x20 and its PID in x21: whoever
// stops the guest at such a moment knows whose table the CPU's TTBR0 points to.
#define _GNU_SOURCE
#include "init.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SPIN_MAGIC UINT64_C(0x214b4c41574d4152) // "RAMWALK!" as bytes in memory
#define NODE_MAGIC UINT64_C(0x45444f4e54534554) // "TESTNODE"
#define ANON_PAGES 16
#define LIST_NODES 60
#define RING_NODES 4
#define MIB        ((size_t)1024 * 1024)

struct node {
    uint64_t magic;
    struct node *next;
    char name[16];
};

struct live {
    char text[64]; // "LIVECOUNTER pid=P count=NNNNNNNN"
    uint64_t count;
    uint64_t ticks;
};

static const char rodata_mark[32] = "ROMARK init .rodata 32 bytes....";
static char data_mark[32] = "DATAMARK init .data 32 bytes....";
static char bss_mark[64];
static struct node *list_head;

// One record for PID 1: where, what it is, and the bytes that were written there (or none).
__attribute__((format(printf, 3, 4))) static void record(const volatile void *at, const char *text,
                                                         const char *format, ...)
{
    char line[512];
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    int n = snprintf(line, sizeof line, "%" PRIxPTR "\t%s\t%s\n", (uintptr_t)at, text, what);
    if (n > 0 && write(REPORT_FD, line, (size_t)n) != n)
        _exit(1);
}

// A marker: a NUL-terminated line, the same to the byte in memory and in the report.
__attribute__((format(printf, 3, 4))) static void mark(char *at, const char *what,
                                                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(at, 64, format, arguments);
    va_end(arguments);
    record(at, at, "%s", what);
}

static char *map_pages(size_t size)
{
    return must(mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
                "mmap");
}

static void make_anon_pages(int pid)
{
    char *pages = map_pages(ANON_PAGES * page_size);
    madvise(pages, ANON_PAGES * page_size, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < ANON_PAGES; i++) {
        char *page = pages + i * page_size;
        char what[64];
        if (i % 4 == 3) {
            record(page, "", "anonymous page %zu: never touched", i);
        } else if (i % 4 == 2) {
            (void)*(volatile char *)page;
            record(page, "", "anonymous page %zu: only read, the zero page", i);
        } else {
            snprintf(what, sizeof what, "anonymous page %zu", i);
            mark(page + 0x40, what, "RWMARK pid=%d page=%zu", pid, i);
        }
    }
}

static void make_protected_pages(int pid)
{
    char *pages = map_pages(5 * page_size);
    madvise(pages, 5 * page_size, MADV_NOHUGEPAGE);
    mark(pages, "PROT_READ page", "RDONLYMARK pid=%d", pid);
    mprotect(pages, page_size, PROT_READ);
    char *none = pages + page_size;
    snprintf(none, 64, "NONEMARK pid=%d", pid);
    mprotect(none, page_size, PROT_NONE);
    record(none, "", "PROT_NONE page holding NONEMARK");
    mark(pages + 2 * page_size, "PROT_READ|PROT_EXEC page", "EXECMARK pid=%d", pid);
    mprotect(pages + 2 * page_size, page_size, PROT_READ | PROT_EXEC);
    mprotect(pages + 3 * page_size, page_size, PROT_NONE);
    record(pages + 3 * page_size, "", "PROT_NONE page never touched");
    char *gone = pages + 4 * page_size;
    memset(gone, 0x55, page_size);
    madvise(gone, page_size, MADV_DONTNEED);
    record(gone, "", "anonymous page given back with MADV_DONTNEED");
}

static void make_big_regions(int pid, bool hugetlb)
{
    // A transparent huge page wants 2 MiB at a 2 MiB boundary.
    char *region = map_pages(4 * MIB);
    char *thp = (char *)(((uintptr_t)region + 2 * MIB - 1) & ~(uintptr_t)(2 * MIB - 1));
    madvise(thp, 2 * MIB, MADV_HUGEPAGE);
    for (size_t i = 0; i < 8; i++)
        mark(thp + i * (MIB / 4), "transparent huge page region", "THPMARK pid=%d part=%zu", pid,
             i);

    char *medium = map_pages(128 * 1024);
    medium = (char *)(((uintptr_t)medium + 0xffff) & ~(uintptr_t)0xffff);
    for (size_t i = 0; i < 16; i++)
        mark(medium + i * 4096, "64K region", "M64MARK pid=%d part=%zu", pid, i);

    static const uint64_t hints[] = {UINT64_C(0x12345000), UINT64_C(0x400012345000),
                                     UINT64_C(0x7fff12345000)};
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        // A hint is only an integer until the kernel grants it.
        char *high = mmap((void *)(uintptr_t)hints[i], page_size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (high != MAP_FAILED)
            mark(high, "mapped at a chosen address", "HIGHMARK pid=%d at=%" PRIx64, pid, hints[i]);
    }

    if (hugetlb) {
        char *huge = mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
        for (size_t i = 0; huge != MAP_FAILED && i < 4; i++)
            mark(huge + i * (MIB / 2), "hugetlb page", "HUGETLB pid=%d part=%zu", pid, i);
    }
}

static void make_files(int pid, bool shared)
{
    int fd = open(PLAIN_PATH, O_RDONLY | O_CLOEXEC);
    char *file = must(mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0),
                      "mmap of the plain file");
    // Page 0 stays the file's own page, page 1 becomes a private copy.
    record(file, (const char *)file, "file page, read only so far");
    mark(file + page_size, "private copy of a file page", "COWMARK pid=%d", pid);
    close(fd);
    if (!shared)
        return;
    fd = open(SHARED_PATH, O_RDWR | O_CLOEXEC);
    char *both = must(
        mmap(NULL, SHARED_PAGES * page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), "shared");
    close(fd);
    for (size_t i = 0; i < SHARED_PAGES; i++)
        record(both + i * page_size, both + i * page_size, "shared file page %zu", i);
}

static void make_lists(int pid)
{
    struct node **link = &list_head;
    for (int i = 0; i < LIST_NODES; i++) {
        struct node *node = must(malloc(sizeof *node), "malloc");
        *node = (struct node){.magic = NODE_MAGIC};
        snprintf(node->name, sizeof node->name, "node-%d-%d", pid, i);
        *link = node;
        link = &node->next;
    }
    record(&list_head, "", "list_head: pointer to node 0 of %d, next at +8, name at +16",
           LIST_NODES);
    int i = 0;
    for (struct node *node = list_head; node != NULL; node = node->next, i++) {
        record(node, "TESTNODE", "list node %d, next=0x%" PRIxPTR, i, (uintptr_t)node->next);
        record(node->name, node->name, "name of list node %d", i);
    }

    struct node *ring[RING_NODES];
    for (int k = 0; k < RING_NODES; k++)
        ring[k] = (struct node *)(void *)map_pages(page_size);
    for (int k = 0; k < RING_NODES; k++) {
        ring[k]->magic = NODE_MAGIC;
        ring[k]->next = ring[(k + 1) % RING_NODES];
        snprintf(ring[k]->name, sizeof ring[k]->name, "ring-%d-%d", pid, k);
        record(ring[k], "TESTNODE", "ring node %d, next=0x%" PRIxPTR, k, (uintptr_t)ring[k]->next);
    }
}

struct worker {
    pthread_t thread;
    int number;
    char name[16];
    pthread_barrier_t *started;
};

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    prctl(PR_SET_NAME, worker->name);
    char *page = map_pages(page_size);
    char what[64];
    snprintf(what, sizeof what, "page of thread %s", worker->name);
    mark(page, what, "THREADMARK %s tid=%ld", worker->name, syscall(SYS_gettid));
    pthread_barrier_wait(worker->started);
    for (;;)
        pause();
    return NULL;
}

static void make_threads(void)
{
    static struct worker workers[3];
    static pthread_barrier_t started;
    size_t count = sizeof workers / sizeof workers[0];
    pthread_barrier_init(&started, NULL, (unsigned)count + 1);
    for (size_t i = 0; i < count; i++) {
        snprintf(workers[i].name, sizeof workers[i].name, "gt-worker-%zu", i + 1);
        workers[i].started = &started;
        pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]);
    }
    pthread_barrier_wait(&started);
}

// Spin in user mode for a while; the registers identify it.
static void spin(uint64_t pid, struct live *live, uint64_t counter_ticks)
{
    uint64_t now;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(now));
    uint64_t end = now + counter_ticks;
    __asm__ volatile(
        "mov x20, %[magic]\n\t"
        "mov x21, %[pid]\n\t"
        "1: mrs x9, cntvct_el0\n\t"
        "str x9, [%[ticks]]\n\t"
        "cmp x9, %[end]\n\t"
        "b.lo 1b\n\t"
        "mov x20, xzr\n\t"
        "mov x21, xzr\n\t"
        :
        : [magic] "r"(SPIN_MAGIC), [pid] "r"(pid), [ticks] "r"(&live->ticks), [end] "r"(end)
        : "x9", "x20", "x21", "cc", "memory");
}

int test_process(const char *name)
{
    int pid = getpid();
    prctl(PR_SET_NAME, name);
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(1, &cpus); // leaves CPU 0 to the kernel's idle loop
    sched_setaffinity(0, sizeof cpus, &cpus);

    char stack_mark[64];
    mark(stack_mark, "on the stack", "STACKMARK pid=%d", pid);
    record(rodata_mark, "ROMARK init .rodata 32 bytes....", ".rodata, a file page");
    data_mark[31] = '!';
    record(data_mark, "DATAMARK init .data 32 bytes...!", ".data, a private copy");
    mark(bss_mark, ".bss", "BSSMARK pid=%d", pid);
    record((const void *)(uintptr_t)&test_process, "", ".text, function test_process");
    make_anon_pages(pid);
    make_protected_pages(pid);
    make_big_regions(pid, strcmp(name, "gt-beta") == 0);
    make_files(pid, strcmp(name, "gt-alpha") == 0 || strcmp(name, "gt-beta") == 0);
    make_lists(pid);
    if (strcmp(name, "gt-threads") == 0)
        make_threads();

    struct live *live = (struct live *)(void *)map_pages(page_size);
    madvise(live, page_size, MADV_NOHUGEPAGE);
    char prefix[32];
    snprintf(prefix, sizeof prefix, "LIVECOUNTER pid=%d", pid);
    snprintf(live->text, sizeof live->text, "%s count=%08u", prefix, 0U);
    record(live, prefix, "live counter, text; the number at +64 and the ticks at +72 change");

    mlockall(MCL_CURRENT | MCL_ONFAULT);
    uint64_t frequency;
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
    spin((uint64_t)pid, live, frequency / 1000); // everything the loop needs is now in memory
    record(NULL, "", "end");
    close(REPORT_FD);

    time_t second = 0;
    for (;;) {
        spin((uint64_t)pid, live, frequency / 125); // 8 ms
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec != second) {
            second = now.tv_sec;
            live->count++;
            snprintf(live->text, sizeof live->text, "%s count=%08" PRIu64, prefix, live->count);
        }
        // Keeps the marker in the frame that stays.
        __asm__ volatile("" : : "r"(stack_mark) : "memory");
        sleep_ms(192);
    }
    return 0;
}
