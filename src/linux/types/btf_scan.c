/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scan goes by mapped ranges, so that holes cost nothing and reads are large; a header is
 * known by its first bytes (9f eb 01 and a plausible length), and believed when all of it opens.
 */
#include "linux/types/btf_scan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK   (UINT64_C(1) << 20)
#define LARGEST (UINT64_C(64) << 20)
#define SURE    10000 /* types: a kernel has 100,000, an embedded BPF program some hundred */

struct btf_search {
    struct memory *memory;
    uint64_t end; /* after the image */
    struct btf *best;
    uint64_t best_va;
    size_t best_size;
    unsigned seen;    /* headers */
    size_t bad_size;  /* the largest that is there and cannot be opened; 0: none */
    struct error why; /* if so: the reason */
};

void *btf_read(struct memory *memory, uint64_t va, uint64_t size, size_t *length, struct error *err)
{
    uint8_t header[32] = {0};
    size_t total, most = size < sizeof header ? (size_t)size : sizeof header;
    size_t got = memory_read(memory, address_in(memory->space, va), header, most, NULL);
    void *bytes = NULL;
    if (got < BTF_HEADER)
        error_set(err, "v:%" PRIx64 " cannot be read", va);
    else if (!btf_header(header, got, &total))
        error_set(err, "no BTF header at v:%" PRIx64, va);
    else if (total > size || total > LARGEST)
        error_set(err, "the BTF at v:%" PRIx64 " claims %zu bytes, of %" PRIu64, va, total, size);
    else if (!(bytes = malloc(total)))
        error_set(err, "out of memory");
    if (!bytes)
        return NULL;
    got = memory_read(memory, address_in(memory->space, va), bytes, total, NULL);
    if (got == total) {
        *length = total;
        return bytes;
    }
    error_set(err, "of the BTF at v:%" PRIx64 " only %zu of %zu bytes can be read", va, got, total);
    free(bytes);
    return NULL;
}

/* NULL where it cannot be opened: then the reason is kept. */
static struct btf *open_candidate(struct btf_search *scan, uint64_t va, size_t total)
{
    struct error err;
    struct btf *btf = NULL;
    size_t length;
    void *bytes = btf_read(scan->memory, va, total, &length, &err);
    if (bytes && btf_open(&btf, bytes, length, &err))
        return btf;
    if (total > scan->bad_size) {
        if (bytes)
            error_context(&err, "the BTF at v:%" PRIx64 " is damaged", va);
        scan->bad_size = total;
        scan->why = err;
    }
    return NULL;
}

static bool is_kernel(const struct btf *btf)
{
    uint64_t offset;
    return btf_offset(btf, "struct task_struct", "pid", &offset) &&
           btf_find(btf, "struct mm_struct", BTF_VOID);
}

/* A header may start here.  True: the search is over. */
static bool try_candidate(struct btf_search *scan, uint64_t va, const uint8_t *header)
{
    size_t total;
    if (!btf_header(header, BTF_HEADER, &total))
        return false;
    scan->seen++;
    if (total <= scan->best_size || total > scan->end - va)
        return false;
    struct btf *btf = open_candidate(scan, va, total);
    if (!btf)
        return false;
    if (!is_kernel(btf)) {
        btf_close(btf);
        return false;
    }
    btf_close(scan->best);
    scan->best = btf;
    scan->best_va = va;
    scan->best_size = total;
    return btf_count(btf) >= SURE;
}

/* `va` is where bytes[0] lies. */
static bool scan_chunk(struct btf_search *scan, uint64_t va, const uint8_t *bytes, size_t length)
{
    static const uint8_t magic[] = {0x9f, 0xeb, 0x01};
    for (size_t at = 0; length - at >= BTF_HEADER;) {
        const uint8_t *found = memmem(bytes + at, length - at, magic, sizeof magic);
        if (!found || (size_t)(found - bytes) > length - BTF_HEADER)
            return false;
        at = (size_t)(found - bytes);
        if (try_candidate(scan, va + at, found))
            return true;
        at++;
    }
    return false;
}

/*
 * Chunks overlap by a header's length.  The overlap is kept in front of the buffer: what lies
 * before a range that does not continue the last one is zeros, which start no header.
 */
static void scan_image(struct btf_search *scan, uint64_t va, uint8_t *buffer)
{
    const size_t kept = BTF_HEADER - 1;
    uint8_t *fresh = buffer + kept;
    memset(buffer, 0, kept);
    while (va < scan->end) {
        struct range range;
        memory_range(scan->memory, address_in(scan->memory->space, va), &range);
        uint64_t left = (range.last < scan->end - 1 ? range.last : scan->end - 1) - va + 1;
        if (range.kind != RANGE_DATA) {
            memset(buffer, 0, kept);
            va += left;
            continue;
        }
        for (uint64_t done = 0; done < left;) {
            size_t chunk = (size_t)(left - done < CHUNK ? left - done : CHUNK);
            memset(fresh, 0, chunk);
            memory_read_at(scan->memory, range.offset + done, fresh, chunk);
            if (scan_chunk(scan, va + done - kept, buffer, chunk + kept))
                return;
            memmove(buffer, fresh + chunk - kept, kept);
            done += chunk;
        }
        va += left;
    }
}

bool btf_scan(const struct linux_context *linux, struct btf **btf, uint64_t *va, struct error *err)
{
    const struct kernel_image *image = &linux->image;
    struct btf_search scan = {.memory = linux->memory, .end = image->va + image->size};
    if (!linux->memory->paging)
        return error_set(err, "no types: the paging is not known");
    if (scan.end < image->va)
        scan.end = UINT64_MAX;
    uint8_t *buffer = malloc(CHUNK + BTF_HEADER);
    if (!buffer)
        return error_set(err, "out of memory");
    scan_image(&scan, image->va, buffer);
    free(buffer);
    if (!scan.best && scan.bad_size)
        return error_set(err, "no types: %s", scan.why.text);
    if (!scan.best)
        return error_set(err,
                         "no types: the kernel image holds no BTF (%u header%s looked at); "
                         "CONFIG_DEBUG_INFO_BTF puts it there",
                         scan.seen, scan.seen == 1 ? "" : "s");
    *btf = scan.best;
    *va = scan.best_va;
    return true;
}
