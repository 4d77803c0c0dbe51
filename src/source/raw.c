/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One host file.  A file that is truncated under its mapping raises SIGBUS: the handler puts a
 * page of zeros there, so that the reader goes on and raw_refresh() can say what happened.
 */
#include "source/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PAGE_SHIFT 12
#define PAGE       (UINT64_C(1) << PAGE_SHIFT)
#define MAPS_MAX   128

/*
 * What the signal handler may look at: mappings in use.  A slot is taken by its start; while the
 * size is 0 it holds nothing.
 */
static struct {
    atomic_uintptr_t start, size;
} maps[MAPS_MAX];
static struct sigaction previous_sigbus;
static bool handler_installed;

/* Read twice: the slot may be given to another mapping in between, never to this thread's. */
static bool holds(int slot, uintptr_t address)
{
    uintptr_t start = atomic_load(&maps[slot].start), size = atomic_load(&maps[slot].size);
    return address - start < size && atomic_load(&maps[slot].start) == start;
}

static void on_sigbus(int signal_number, siginfo_t *info, void *context)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    for (int i = 0; i < MAPS_MAX; i++)
        if (holds(i, address)) {
            void *page = (void *)(address & ~(uintptr_t)(PAGE - 1));
            if (mmap(page, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page)
                return;
        }
    if (previous_sigbus.sa_flags & SA_SIGINFO) {
        previous_sigbus.sa_sigaction(signal_number, info, context);
        return;
    }
    /* Not ours: the previous handler, or the default action when the load is tried again. */
    sigaction(SIGBUS, &previous_sigbus, NULL);
}

static void install_handler(void)
{
    struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    handler_installed = sigaction(SIGBUS, &action, &previous_sigbus) == 0;
}

static bool maps_add(const unsigned char *map, uint64_t size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install_handler);
    for (int i = 0; handler_installed && i < MAPS_MAX; i++) {
        uintptr_t unused = 0;
        if (atomic_compare_exchange_strong(&maps[i].start, &unused, (uintptr_t)map)) {
            atomic_store(&maps[i].size, size);
            return true;
        }
    }
    return false;
}

static void maps_remove(const unsigned char *map)
{
    for (int i = 0; i < MAPS_MAX; i++)
        if (atomic_load(&maps[i].start) == (uintptr_t)map) {
            atomic_store(&maps[i].size, 0);
            atomic_store(&maps[i].start, 0);
        }
}

/* Bytes of the bitmap: reserved for the whole file, resident only where bits are set. */
static size_t bitmap_bytes(const struct raw *part)
{
    uint64_t pages = (part->size + PAGE - 1) >> PAGE_SHIFT;
    return (size_t)((pages + 63) / 64 * 8);
}

/*
 * Without the mapping everything still works, by pread: hugetlbfs (which knows no holes, and
 * where a load would take a huge page from the host), a full address space.
 */
static void map_file(struct raw *part)
{
    struct statfs fs;
    if (fstatfs(part->fd, &fs) == 0 && fs.f_type == HUGETLBFS_MAGIC)
        return;
    void *bitmap = mmap(NULL, bitmap_bytes(part), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bitmap == MAP_FAILED)
        return;
    void *map = mmap(NULL, part->size, PROT_READ, MAP_SHARED | MAP_NORESERVE, part->fd, 0);
    if (map != MAP_FAILED && !maps_add(map, part->size)) {
        munmap(map, part->size);
        map = MAP_FAILED;
    }
    if (map == MAP_FAILED) {
        munmap(bitmap, bitmap_bytes(part));
        return;
    }
    /* A table is a page here and a page there: reading around them would only cost memory. */
    madvise(map, part->size, MADV_RANDOM);
    part->map = map;
    part->data = bitmap;
}

/* The file's kind and size.  Returns false with the reason. */
static bool measure(struct raw *part, struct error *err)
{
    struct stat st;
    if (fstat(part->fd, &st) != 0)
        return error_set(err, "%s: %s", part->path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return error_set(err, "%s: is a directory; name the file that holds the guest's RAM",
                         part->path);
    if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
        return error_set(err, "%s: neither a regular file nor a block device", part->path);
    off_t size = lseek(part->fd, 0, SEEK_END);
    if (size < 0)
        return error_set(err, "%s: its size cannot be found: %s", part->path, strerror(errno));
    if (size == 0)
        return error_set(err, "%s: the file is empty; is the guest's RAM in another file?",
                         part->path);
    part->size = (uint64_t)size;
    part->blocks = st.st_blocks;
    /* ENXIO is an answer too: nothing but a hole. */
    part->has_holes = S_ISREG(st.st_mode) && (lseek(part->fd, 0, SEEK_DATA) >= 0 || errno == ENXIO);
    return true;
}

bool raw_open(struct raw *part, const char *path, struct error *err)
{
    *part = (struct raw){.fd = -1};
    part->path = strdup(path);
    if (!part->path)
        return error_set(err, "%s: out of memory", path);
    /* O_NONBLOCK: a FIFO must answer with a sentence, not hang. */
    part->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (part->fd < 0) {
        error_set(err, "%s: cannot be opened: %s", path, strerror(errno));
        raw_close(part);
        return false;
    }
    if (!measure(part, err)) {
        raw_close(part);
        return false;
    }
    map_file(part);
    return true;
}

void raw_close(struct raw *part)
{
    if (part->map) {
        maps_remove(part->map);
        munmap((void *)(uintptr_t)part->map, part->size);
        munmap((void *)(uintptr_t)part->data, bitmap_bytes(part));
    }
    if (part->fd >= 0)
        close(part->fd);
    free(part->path);
    *part = (struct raw){.fd = -1};
}

enum extent_kind raw_extent(const struct raw *part, uint64_t at, uint64_t *end)
{
    *end = part->size;
    if (!part->has_holes)
        return EXTENT_DATA;
    off_t data = lseek(part->fd, (off_t)at, SEEK_DATA);
    if (data < 0) /* ENXIO: a hole to the end; the file may have shrunk */
        return EXTENT_HOLE;
    if ((uint64_t)data > at) {
        *end = (uint64_t)data < part->size ? (uint64_t)data : part->size;
        return EXTENT_HOLE;
    }
    off_t hole = lseek(part->fd, (off_t)at, SEEK_HOLE);
    if (hole > (off_t)at && (uint64_t)hole < part->size)
        *end = (uint64_t)hole;
    return EXTENT_DATA;
}

size_t raw_read(const struct raw *part, uint64_t at, void *buffer, size_t length,
                enum extent_kind *why)
{
    size_t done = 0;
    while (done < length) {
        ssize_t got = pread(part->fd, (char *)buffer + done, length - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        *why = got < 0 ? EXTENT_UNREADABLE : EXTENT_NONE;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    return done;
}

/* One page: known, or asked for and then remembered.  A hole is never remembered: a table is read
 * as it is now. */
static bool page_is_data(const struct raw *part, uint64_t page)
{
    uint64_t bit = UINT64_C(1) << (page & 63);
    if (atomic_load_explicit(&part->data[page >> 6], memory_order_relaxed) & bit)
        return true;
    uint64_t end, page_end = (page + 1) << PAGE_SHIFT;
    page_end = page_end < part->size ? page_end : part->size;
    /* A block size below the page's may make a page part hole, part data: data, then. */
    if (raw_extent(part, page << PAGE_SHIFT, &end) == EXTENT_HOLE && end >= page_end)
        return false;
    /* The neighbours in the same extent are known with it; bounded, to stay cheap. */
    uint64_t last = (end - 1) >> PAGE_SHIFT;
    if (last > page + 511)
        last = page + 511;
    for (uint64_t i = page; i <= last; i++)
        atomic_fetch_or_explicit(&part->data[i >> 6], UINT64_C(1) << (i & 63),
                                 memory_order_relaxed);
    return true;
}

enum raw_pages raw_pages(const struct raw *part, uint64_t at, size_t size)
{
    if (!part->map)
        return PAGES_MIXED;
    uint64_t first = at >> PAGE_SHIFT, last = (at + size - 1) >> PAGE_SHIFT;
    size_t data = 0;
    for (uint64_t page = first; page <= last; page++)
        data += page_is_data(part, page);
    if (data == last - first + 1)
        return PAGES_DATA;
    return data ? PAGES_MIXED : PAGES_HOLE;
}

void raw_trim(const struct raw *part)
{
    if (part->map)
        madvise((void *)(uintptr_t)part->map, part->size, MADV_DONTNEED);
}

enum source_state raw_refresh(struct raw *part, struct error *message)
{
    struct stat st;
    if (fstat(part->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return SOURCE_WHOLE;
    /* Fewer blocks: the guest gave pages back (balloon, page reporting); ask again for each. */
    if (part->map && st.st_blocks < part->blocks)
        madvise((void *)(uintptr_t)part->data, bitmap_bytes(part), MADV_DONTNEED);
    part->blocks = st.st_blocks;
    if ((uint64_t)st.st_size < part->size) {
        error_set(message,
                  "%s shrank from %" PRIu64 " to %lld bytes: what lay behind reads as zeros",
                  part->path, part->size, (long long)st.st_size);
        return SOURCE_SHRUNK;
    }
    if (st.st_nlink == 0) {
        error_set(message, "%s was removed: this is its last content", part->path);
        return SOURCE_GONE;
    }
    return SOURCE_WHOLE;
}
