/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things that a reader of a kernel's memory meets, small enough to know by heart. The structures
 * are like the kernel's, not equal to them: no type information goes with this image. */
#include "seed_content.h"

#include <string.h>

#define INDEX         SEED_DATA
#define HOSTILE       0xffff800083724000ULL
#define VALUES        0xffff800083726000ULL
#define INIT_TASK     0xffff800083728000ULL
#define BANNER        0xffff800081a3b000ULL
#define TWO_PAGES     0xffff800084b59f00ULL
#define IMAGE_HEADER  0xffff0000f4400000ULL
#define UART          0xffff80008432d000ULL
#define PLAIN_PHYS    0x150000000ULL
#define TASK_PHYS     0x110fa0000ULL /* pages that only the linear map maps */
#define TASK_STRIDE   0x27d000ULL
#define STACK_SIZE    0x4000ULL
#define FUNCTION_SIZE 32ULL

struct task {
    uint64_t state;
    uint64_t stack; /* lowest address; STACK_END_MAGIC lies there */
    uint64_t next, previous;
    uint32_t pid, tgid;
    uint64_t parent;
    uint64_t page; /* the struct page of the page that this is in */
    uint64_t self;
    char comm[16];
};

/* 64 bytes, so that vmemmap + 64 * frame number works as in the kernel. */
struct page {
    uint64_t flags;
    uint64_t lru_next, lru_previous;
    uint64_t mapping;
    uint64_t index;
    uint64_t private;
    uint32_t mapcount, refcount;
    uint64_t memcg;
};

/* Stacks are four pages of vmalloc space at 32 KiB steps; the tables say which steps are in use. */
static const struct {
    const char *comm;
    uint32_t pid, parent;
    uint64_t stack;
} tasks[] = {
    {"swapper/0", 0, 0, 0xffff800083e00000},
    {"systemd", 1, 0, 0xffff800083e08000},
    {"kthreadd", 2, 0, 0xffff800083e18000},
    {"pool_workqueue_", 3, 2, 0xffff800083e30000},
    {"kworker/R-rcu_g", 4, 2, 0xffff800083e38000},
    {"rcu_preempt", 17, 2, 0xffff800083e40000},
    {"migration/0", 18, 2, 0xffff800083e48000},
    {"cpuhp/0", 20, 2, 0xffff800083e50000},
    {"ksoftirqd/1", 24, 2, 0xffff800083e58000},
    {"kdevtmpfs", 42, 2, 0xffff800083e60000},
    {"kauditd", 47, 2, 0xffff800083e68000},
    {"khungtaskd", 49, 2, 0xffff800083e70000},
    {"kcompactd0", 55, 2, 0xffff800083e78000},
    {"khugepaged", 57, 2, 0xffff800083e80000},
    {"kswapd0", 74, 2, 0xffff800083e88000},
    {"jbd2/vda2-8", 231, 2, 0xffff800083e90000},
    {"systemd-journal", 298, 1, 0xffff800083e98000},
    {"systemd-udevd", 341, 1, 0xffff800083ea0000},
    {"dbus-daemon", 712, 1, 0xffff800083ea8000},
    {"sshd", 944, 1, 0xffff800083eb0000},
    {"gdm3", 1002, 1, 0xffff800083eb8000},
    {"gnome-shell", 1388, 1002, 0xffff800083ec8000},
    {"bash", 2417, 944, 0xffff800083ed0000},
    {"vlc", 2533, 1388, 0xffff800083ed8000},
};
#define TASKS (sizeof tasks / sizeof *tasks)

static const char index_text[] = "RAMWALK DEMONSTRATION IMAGE: what lies where\n"
                                 "============================================\n"
                                 "v:ffff800083720000  this text (first page of .data)\n"
                                 "v:ffff800083724000  hostile text: escapes, bad UTF-8\n"
                                 "v:ffff800083726000  64-bit values: links good and bad\n"
                                 "v:ffff800083728000  swapper/0, first of 24 tasks\n"
                                 "v:ffff0000f4400000  arm64 image header, ARM\\x64\n"
                                 "v:ffff800080010000  text: functions of 32 bytes\n"
                                 "v:ffff800081a3b000  rodata: the Linux banner\n"
                                 "v:ffff8000829eb000  swapper_pg_dir (p:136deb000)\n"
                                 "v:ffff800083e00000  kernel stack of swapper/0\n"
                                 "v:ffff800084b59f00  a sentence across two pages\n"
                                 "v:ffff80008432d000  UART p:9000000, not in the file\n"
                                 "v:fffffdffc0000000  struct pages, 64 bytes each\n"
                                 "p:150000000         mapped by nothing\n"
                                 "\n"
                                 "task: +00 state       +08 stack       +10 next\n"
                                 "      +18 previous    +20 pid tgid    +28 parent\n"
                                 "      +30 struct page +38 self        +40 comm\n"
                                 "page: +00 flags       +08 lru next    +10 previous\n"
                                 "      +18 mapping     +20 index       +28 private\n"
                                 "      +30 mapcount    +34 refcount    +38 memcg\n"
                                 "Task pages lie in the linear map (v:ffff0000...),\n"
                                 "each also reached by the file offset p - 40000000.\n";

static const char banner[] =
    "Linux version 6.14.0-29-generic (buildd@bos03-arm64-074) (aarch64-linux-gnu-gcc-13 "
    "(Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0, GNU ld (GNU Binutils for Ubuntu) 2.42) "
    "#29~24.04.1-Ubuntu SMP PREEMPT_DYNAMIC Thu Aug 14 16:52:50 UTC 2 (Ubuntu "
    "6.14.0-29.29~24.04.1-generic 6.14.8)\n";

static const char two_pages[] = /* the first 256 bytes reach the end of their page */
    "This sentence starts near the end of p:106723000 and, without a seam for whoever reads "
    "virtual addresses, it goes on and on, a letter at a time, for exactly as long as it takes "
    "to leave that page behind: two hundred and fifty-six bytes reach the edge, and "
    "here begins p:1066d4000, the neighbour by virtual address only.\n";

/* Padded to rows of 16 so that a hex pane shows one case a row. */
static const char hostile[][17] = {
    "clear: \x1b[2J\x1b[H!",
    "title:\x1b]0;pwned\a",
    "colour: \x1b[31;1m!",
    "alt: \x1b[?1049h!!",
    "bell \a\b\b\t\v\f\r\n",
    "C1 CSI: \2332J\x84\x85",
    "del: \x7f\x7f nul:",
    "markup: <b>&amp;",
    "quotes: \"'`\\$(x)",
    "percent: %n%s%99",
    "caf\xc3\xa9 na\xc3\xafve",
    "\xe6\xbc\xa2\xe5\xad\x97 wide",
    "emoji: \xf0\x9f\x90\xa7\xf0\x9f\x90\x9b",
    "combine: e\xcc\x81 o\xcc\x88",
    "rtl: \xe2\x80\256abc\xe2\x80\xac",
    "zero\xe2\x80\x8bwidth\xef\xbb\xbf",
    "overlong: \xc0\xaf\xe0\x80\xaf",
    "surrog: \xed\xa0\x80\xed\xbf\xbf",
    "too high: \xf4\x90\x80\x80",
    "cut: \xe6\xbc|\xf0\x9f\x90|",
    "lone: \x80\xbf\xfe\xff",
    "last row, plain",
};

static const struct {
    char name[8];
    uint64_t value;
} values[] = {
    {"banner", BANNER},
    {"task", INIT_TASK},
    {"index", INDEX},
    {"rootimg", SEED_ROOT + SEED_IMAGE_OFFSET},
    {"rootlin", SEED_ROOT - SEED_RAM_START + SEED_LINEAR},
    {"rootphy", SEED_ROOT},
    {"rootoff", SEED_ROOT - SEED_RAM_START},
    {"vmemmap", SEED_VMEMMAP},
    {"odd", BANNER + 3},
    {"tagged", (BANNER & 0x00ffffffffffffffULL) | 0xf4ULL << 56},
    {"noncan", 0x1234800081a3b000ULL},
    {"user", 0x0000aaaac0de1000ULL},
    {"freed", SEED_RODATA_END}, /* init text and data: unmapped after boot */
    {"guard", 0xffff800083e04000ULL},
    {"device", UART},
    {"io", 0xffffffffc0800000ULL},
    {"pte", (SEED_ROOT & ~0xfffULL) | 0x0060000000000783ULL},
    {"block", 0x0040000134600781ULL},
    {"swapent", 0x0000000000012345ULL << 12 | 0x40},
    {"last", SEED_RAM_START + SEED_RAM_SIZE - 8},
    {"beyond", SEED_RAM_START + SEED_RAM_SIZE},
    {"errno", UINT64_MAX - 21}, /* ERR_PTR(-EINVAL) */
    {"poison", 0xdead000000000100ULL},
    {"minus 1", UINT64_MAX},
    {"zero", 0},
    {"pi", 0x400921fb54442d18ULL},
    {"time", 1755190370},
};

static uint64_t page_of(uint64_t pa)
{
    return SEED_VMEMMAP + (pa - SEED_RAM_START) / SEED_PAGE * sizeof(struct page);
}

static uint64_t task_phys(size_t i)
{
    return i ? TASK_PHYS + i * TASK_STRIDE : INIT_TASK - SEED_IMAGE_OFFSET;
}

static uint64_t task_virt(size_t i)
{
    return i ? task_phys(i) - SEED_RAM_START + SEED_LINEAR : INIT_TASK;
}

static size_t task_of_pid(uint32_t pid)
{
    size_t i = 0;
    while (tasks[i].pid != pid)
        i++;
    return i;
}

static bool write_stack(struct seed *seed, size_t i)
{
    const uint64_t magic = 0x57ac6e9d, top = tasks[i].stack + STACK_SIZE;
    if (!seed_write(seed, tasks[i].stack, &magic, sizeof magic))
        return false;
    uint64_t frame = top - 0x1c0;
    for (unsigned depth = 0; depth < 6; depth++) {
        const bool last = depth == 5;
        const uint64_t function = SEED_TEXT + FUNCTION_SIZE * (i + 3 * depth);
        const uint64_t record[] = {last ? 0 : frame + 0x40, last ? 0 : function + 16};
        if (!seed_write(seed, frame, record, sizeof record))
            return false;
        frame += 0x40;
    }
    return true;
}

static bool write_page_struct(struct seed *seed, uint64_t pa, uint64_t flags, uint64_t owner)
{
    const uint64_t here = page_of(pa);
    const struct page page = {
        .flags = flags,
        .lru_next = here + 8,
        .lru_previous = here + 8,
        .index = (pa - SEED_RAM_START) / SEED_PAGE,
        .private = owner,
        .mapcount = UINT32_MAX,
        .refcount = 1,
    };
    return seed_write(seed, here, &page, sizeof page);
}

static bool write_tasks(struct seed *seed)
{
    for (size_t i = 0; i < TASKS; i++) {
        struct task task = {
            .state = i ? 1 : 0,
            .stack = tasks[i].stack,
            .next = task_virt((i + 1) % TASKS) + offsetof(struct task, next),
            .previous = task_virt((i + TASKS - 1) % TASKS) + offsetof(struct task, next),
            .pid = tasks[i].pid,
            .tgid = tasks[i].pid,
            .parent = task_virt(task_of_pid(tasks[i].parent)),
            .page = page_of(task_phys(i)),
            .self = task_virt(i),
        };
        strncpy(task.comm, tasks[i].comm, sizeof task.comm - 1);
        if (!seed_write(seed, task_virt(i), &task, sizeof task) || !write_stack(seed, i) ||
            !write_page_struct(seed, task_phys(i), 0x0bffff0000000200ULL, task_virt(i)))
            return false;
    }
    return true;
}

/* One ring through the first pages, as a free list would be. */
static bool write_pages(struct seed *seed)
{
    enum { COUNT = 1024 };
    static struct page pages[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        pages[i] = (struct page){
            .flags = 0x0bffff0000000000ULL | (i % 7 == 0 ? 0x2000 : 0x28),
            .lru_next = SEED_VMEMMAP + (i + 1) % COUNT * sizeof(struct page) + 8,
            .lru_previous = SEED_VMEMMAP + (i + COUNT - 1) % COUNT * sizeof(struct page) + 8,
            .index = i,
            .mapcount = UINT32_MAX,
            .refcount = 1,
        };
    }
    return seed_write(seed, SEED_VMEMMAP, pages, sizeof pages);
}

static bool write_text(struct seed *seed)
{
    static const uint32_t function[] = {
        0xd503245f, 0xd503233f, 0xa9bf7bfd, 0x910003fd, /* bti c; paciasp; stp x29, x30; mov */
        0xd503201f, 0xa8c17bfd, 0xd50323bf, 0xd65f03c0, /* nop; ldp x29, x30; autiasp; ret */
    };
    _Static_assert(sizeof function == FUNCTION_SIZE, "frame records point into functions");
    uint32_t text[SEED_PAGE / sizeof(uint32_t)];
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        text[i] = function[i % (FUNCTION_SIZE / sizeof *function)];
    /* Linux Documentation/arch/arm64/booting.rst; flags: little endian, 4 KiB, placed anywhere */
    const uint64_t header[] = {
        0x14a3bfffd503201fULL, 0, SEED_DATA_END - SEED_MODULES_END, 0xa, 0, 0, 0, 0x644d5241,
    };
    return seed_write(seed, SEED_TEXT, text, sizeof text) &&
           seed_write(seed, IMAGE_HEADER, header, sizeof header);
}

static bool write_hostile(struct seed *seed)
{
    uint8_t page[SEED_PAGE] = {0};
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
        memcpy(page + 16 * i, hostile[i], 16);
    for (size_t i = 0; i < 256; i++)
        page[0x400 + i] = (uint8_t)i;
    return seed_write(seed, HOSTILE, page, sizeof page);
}

bool seed_content_write(struct seed *seed)
{
    static const char start[] = "RAM starts here. What lies where: v:ffff800083720000\n";
    static const char alone[] = "No table maps this page: it has a physical address only.\n";
    return write_text(seed) && write_tasks(seed) && write_pages(seed) && write_hostile(seed) &&
           seed_write(seed, SEED_LINEAR, start, sizeof start) &&
           seed_write(seed, INDEX, index_text, sizeof index_text) &&
           seed_write(seed, BANNER, banner, sizeof banner) &&
           seed_write(seed, TWO_PAGES, two_pages, sizeof two_pages) &&
           seed_write(seed, VALUES, values, sizeof values) &&
           seed_write_physical(seed, PLAIN_PHYS, alone, sizeof alone);
}
