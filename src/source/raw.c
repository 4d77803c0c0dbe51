/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RAM as it is, in one host file or block device: the kind that takes what no other kind knows.
 *
 * Bytes are read by pread.  Tables are loaded through a shared mapping, but only from pages that
 * SEEK_DATA has shown to be there: a load from a hole would make tmpfs allocate it.
 */
#include "source/sigbus_guard.h"
#include "source/source_type.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PAGE_SHIFT 12
#define PAGE       (UINT64_C(1) << PAGE_SHIFT)

struct raw {
    int fd;
    uint64_t size;            /* bytes when opened */
    const unsigned char *map; /* NULL: cannot be mapped; read by pread only */
    _Atomic uint64_t *data;   /* a bit for each 4 KiB page: seen to be data */
    bool has_holes;           /* SEEK_HOLE works here */
    _Atomic int64_t blocks;   /* st_blocks when last looked at */
};

/* Bytes of the bitmap: reserved for the whole file, resident only where bits are set. */
static size_t bitmap_bytes(const struct raw *raw)
{
    uint64_t pages = (raw->size + PAGE - 1) >> PAGE_SHIFT;
    return (size_t)((pages + 63) / 64 * 8);
}

/*
 * Without the mapping everything still works, by pread: hugetlbfs (which knows no holes, and
 * where a load would take a huge page from the host), a full address space.
 */
static void map_file(struct raw *raw)
{
    struct statfs fs;
    if (fstatfs(raw->fd, &fs) == 0 && fs.f_type == HUGETLBFS_MAGIC)
        return;
    void *bitmap = mmap(NULL, bitmap_bytes(raw), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bitmap == MAP_FAILED)
        return;
    void *map = mmap(NULL, raw->size, PROT_READ, MAP_SHARED | MAP_NORESERVE, raw->fd, 0);
    if (map != MAP_FAILED && !sigbus_guard_add(map, raw->size)) {
        munmap(map, raw->size);
        map = MAP_FAILED;
    }
    if (map == MAP_FAILED) {
        munmap(bitmap, bitmap_bytes(raw));
        return;
    }
    /* A table is a page here and a page there: reading around them would only cost memory. */
    madvise(map, raw->size, MADV_RANDOM);
    raw->map = map;
    raw->data = bitmap;
}

/* The kind of file and its size.  Returns false with the reason. */
static bool measure(struct raw *raw, const char *path, struct error *err)
{
    struct stat st;
    if (fstat(raw->fd, &st) != 0)
        return error_set(err, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return error_set(err, "%s: is a directory; name the file that holds the guest's RAM", path);
    if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
        return error_set(err, "%s: neither a regular file nor a block device", path);
    off_t size = lseek(raw->fd, 0, SEEK_END);
    if (size < 0)
        return error_set(err, "%s: its size cannot be found: %s", path, strerror(errno));
    if (size == 0)
        return error_set(err, "%s: the file is empty; is the guest's RAM in another file?", path);
    raw->size = (uint64_t)size;
    raw->blocks = st.st_blocks;
    /* ENXIO is an answer too: nothing but a hole. */
    raw->has_holes = S_ISREG(st.st_mode) && (lseek(raw->fd, 0, SEEK_DATA) >= 0 || errno == ENXIO);
    return true;
}

static bool probe(const char *path, const unsigned char *head, size_t length)
{
    (void)path;
    (void)length;
    return head;
}

static void close_file(struct source_file *file)
{
    struct raw *raw = file->state;
    if (raw->map) {
        sigbus_guard_remove(raw->map);
        munmap((void *)(uintptr_t)raw->map, raw->size);
        munmap((void *)(uintptr_t)raw->data, bitmap_bytes(raw));
    }
    if (raw->fd >= 0)
        close(raw->fd);
    free(raw);
}

static bool open_file(struct source_file *file, struct error *err)
{
    struct raw *raw = calloc(1, sizeof *raw);
    if (!raw)
        return error_set(err, "%s: out of memory", file->path);
    file->state = raw;
    /* O_NONBLOCK: a FIFO must answer with a sentence, not hang. */
    raw->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool ok = raw->fd >= 0
                  ? measure(raw, file->path, err)
                  : error_set(err, "%s: cannot be opened: %s", file->path, strerror(errno));
    if (!ok) {
        close_file(file);
        return false;
    }
    map_file(raw);
    file->size = file->places = raw->size;
    return true;
}

static enum extent_kind find_extent(const struct raw *raw, uint64_t at, uint64_t *end)
{
    *end = raw->size;
    if (!raw->has_holes)
        return EXTENT_DATA;
    off_t data = lseek(raw->fd, (off_t)at, SEEK_DATA);
    if (data < 0) /* ENXIO: a hole to the end; the file may have shrunk */
        return EXTENT_HOLE;
    if ((uint64_t)data > at) {
        *end = (uint64_t)data < raw->size ? (uint64_t)data : raw->size;
        return EXTENT_HOLE;
    }
    off_t hole = lseek(raw->fd, (off_t)at, SEEK_HOLE);
    if (hole > (off_t)at && (uint64_t)hole < raw->size)
        *end = (uint64_t)hole;
    return EXTENT_DATA;
}

static enum extent_kind extent(const struct source_file *file, uint64_t at, uint64_t *end)
{
    return find_extent(file->state, at, end);
}

static size_t read_file(const struct source_file *file, uint64_t at, void *buffer, size_t length,
                        enum extent_kind *why)
{
    const struct raw *raw = file->state;
    size_t done = 0;
    while (done < length) {
        ssize_t got = pread(raw->fd, (char *)buffer + done, length - done, (off_t)(at + done));
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
static bool page_is_data(const struct raw *raw, uint64_t page)
{
    uint64_t bit = UINT64_C(1) << (page & 63);
    if (atomic_load_explicit(&raw->data[page >> 6], memory_order_relaxed) & bit)
        return true;
    uint64_t end, page_end = (page + 1) << PAGE_SHIFT;
    page_end = page_end < raw->size ? page_end : raw->size;
    /* A block size below the page's may make a page part hole, part data: data, then. */
    if (find_extent(raw, page << PAGE_SHIFT, &end) == EXTENT_HOLE && end >= page_end)
        return false;
    /* The neighbours in the same extent are known with it; bounded, to stay cheap. */
    uint64_t last = (end - 1) >> PAGE_SHIFT;
    if (last > page + 511)
        last = page + 511;
    for (uint64_t i = page; i <= last; i++)
        atomic_fetch_or_explicit(&raw->data[i >> 6], UINT64_C(1) << (i & 63), memory_order_relaxed);
    return true;
}

static const void *map(const struct source_file *file, uint64_t at, size_t size,
                       enum extent_kind *kind)
{
    const struct raw *raw = file->state;
    *kind = EXTENT_DATA;
    if (!raw->map)
        return NULL;
    uint64_t first = at >> PAGE_SHIFT, last = (at + size - 1) >> PAGE_SHIFT;
    size_t data = 0;
    for (uint64_t page = first; page <= last; page++)
        data += page_is_data(raw, page);
    if (data == last - first + 1)
        return raw->map + at;
    if (!data)
        *kind = EXTENT_HOLE;
    return NULL;
}

/* Unmaps nothing, but lets go of the pages that are mapped in. */
static void trim(const struct source_file *file)
{
    const struct raw *raw = file->state;
    if (raw->map)
        madvise((void *)(uintptr_t)raw->map, raw->size, MADV_DONTNEED);
}

static enum source_state refresh(struct source_file *file, bool *changed, struct error *message)
{
    struct raw *raw = file->state;
    struct stat st;
    *changed = true;
    if (fstat(raw->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return SOURCE_WHOLE;
    /* Fewer blocks: the guest gave pages back (balloon, page reporting); ask again for each. */
    if (raw->map && st.st_blocks < raw->blocks)
        madvise((void *)(uintptr_t)raw->data, bitmap_bytes(raw), MADV_DONTNEED);
    raw->blocks = st.st_blocks;
    if ((uint64_t)st.st_size < raw->size) {
        error_set(message,
                  "%s shrank from %" PRIu64 " to %lld bytes: what lay beyond reads as zeros",
                  file->path, raw->size, (long long)st.st_size);
        return SOURCE_SHRUNK;
    }
    if (st.st_nlink == 0) {
        error_set(message, "%s was removed: this is its last content", file->path);
        return SOURCE_GONE;
    }
    return SOURCE_WHOLE;
}

const struct source_type source_type_raw = {
    .name = "raw",
    .probe = probe,
    .open = open_file,
    .close = close_file,
    .read = read_file,
    .extent = extent,
    .map = map,
    .trim = trim,
    .refresh = refresh,
};
