/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scan and its order: notes are collected and table pages remembered in one pass; a note
 * that is verified ends the search; else the scan for page tables decides, and the banner names
 * the kernel.
 */
#include "linux/find/finder.h"

#include "linux/find/pgd_scan.h"
#include "linux/find/vmcoreinfo_probe.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PAGE         UINT64_C(4096)
#define CHUNK        (64 * PAGE)
#define NOTES        64
#define NOTE_HEADER  24 /* Elf64_Nhdr and the name "VMCOREINFO", padded to 12 */
#define BANNER       "Linux version "
#define BANNER_RANGE (UINT64_C(128) << 20)

enum stage { STAGE_SCAN, STAGE_NOTES, STAGE_PGD_SCAN, STAGE_BANNER, STAGE_DONE };

struct finder {
    struct source_reader reader;
    enum stage stage;
    const struct segment *segment; /* the one being scanned */
    size_t segments;               /* that one and those after it */
    uint64_t at;                   /* next offset to scan in it: where a page of RAM begins */
    uint64_t scanned;              /* bytes of the segments before */
    uint64_t note[NOTES];
    size_t notes, notes_done;
    bool probing; /* the note after those */
    struct vmcoreinfo_probe probe;
    struct vmcoreinfo probed;
    unsigned best_score;
    struct pgd_scan *pgd_scan;
    struct kernel kernel;
    struct vmcoreinfo info;
    bool has_info;
    uint64_t banner_at, banner_end;
    uint64_t chunk[CHUNK / 8];
};

/* From the first page that begins in the segment. */
static void enter_segment(struct finder *finder)
{
    if (finder->segments)
        finder->at = finder->segment->offset + (-finder->segment->pa & (PAGE - 1));
}

struct finder *finder_create(struct source *source)
{
    struct finder *finder = calloc(1, sizeof *finder);
    if (!finder)
        return NULL;
    source_reader_init(&finder->reader, source);
    finder->segment = source_segments(source, &finder->segments);
    enter_segment(finder);
    finder->kernel.vmcoreinfo_offset = UINT64_MAX;
    finder->pgd_scan = pgd_scan_create(&finder->reader);
    if (finder->pgd_scan)
        return finder;
    finder_destroy(finder);
    return NULL;
}

void finder_destroy(struct finder *finder)
{
    if (!finder)
        return;
    pgd_scan_destroy(finder->pgd_scan);
    source_reader_deinit(&finder->reader);
    free(finder);
}

void finder_set_cancel(struct finder *finder, const atomic_bool *cancelled)
{
    finder->reader.cancel = cancelled;
}

/* The text starts at a page, or after the header of a note that does (kernel/crash_core.c). */
static void look_for_note(struct finder *finder, uint64_t offset, const char *page)
{
    static const size_t places[] = {0, NOTE_HEADER};
    for (size_t i = 0; i < 2 && finder->notes < NOTES; i++)
        if (memcmp(page + places[i], VMCOREINFO_START, strlen(VMCOREINFO_START)) == 0)
            finder->note[finder->notes++] = offset + places[i];
}

static void leave_segment(struct finder *finder)
{
    finder->scanned += finder->segment->size;
    finder->segment++;
    finder->segments--;
    enter_segment(finder);
}

static uint64_t whole_pages(uint64_t bytes)
{
    return (bytes + PAGE - 1) & ~(PAGE - 1);
}

static uint64_t scan_chunk(struct finder *finder, uint64_t bytes)
{
    uint64_t end, left = finder->segment->offset + finder->segment->size - finder->at;
    if (finder->at - finder->segment->offset >= finder->segment->size || left < PAGE) {
        leave_segment(finder);
        return 0;
    }
    enum extent_kind kind = source_extent(&finder->reader, finder->at, &end);
    uint64_t length = end - finder->at < left ? end - finder->at : left;
    /* A page that is data in part is data. */
    if (kind != EXTENT_DATA && length >= PAGE) {
        finder->at += length & ~(PAGE - 1);
        return 0;
    }
    length = whole_pages(length) < left ? whole_pages(length) : left;
    length = length < CHUNK ? length : CHUNK;
    bytes = whole_pages(bytes); /* whatever slice was asked for */
    length = length < bytes ? length : bytes;
    size_t got = source_read(&finder->reader, finder->at, finder->chunk, (size_t)length, NULL);
    for (size_t page = 0; page + PAGE <= got; page += PAGE) {
        look_for_note(finder, finder->at + page, (const char *)finder->chunk + page);
        pgd_scan_page(finder->pgd_scan, finder->at + page, finder->chunk + page / 8);
    }
    /* A file that shrank gives nothing: do not ask again. */
    finder->at += got ? got : length;
    return length;
}

static void take_note(struct finder *finder)
{
    struct kernel kernel;
    unsigned score = probe_kernel(&finder->probe, &kernel);
    if (score <= finder->best_score)
        return;
    finder->kernel = kernel;
    finder->kernel.vmcoreinfo_offset = finder->note[finder->notes_done];
    finder->info = finder->probed;
    finder->has_info = true;
    finder->best_score = score;
}

static void step_notes(struct finder *finder, unsigned tries)
{
    if (finder->notes_done == finder->notes) {
        finder->stage = finder->has_info ? STAGE_DONE : STAGE_PGD_SCAN;
        return;
    }
    if (!finder->probing) {
        uint64_t offset = finder->note[finder->notes_done];
        size_t got = source_read(&finder->reader, offset, finder->chunk, VMCOREINFO_SIZE, NULL);
        finder->probing = vmcoreinfo_parse(&finder->probed, finder->chunk, got);
        if (finder->probing)
            probe_start(&finder->probe, &finder->reader, &finder->probed);
    }
    enum probe_result result = finder->probing ? probe_step(&finder->probe, tries) : PROBE_REJECTED;
    if (result == PROBE_PENDING)
        return;
    if (result == PROBE_VERIFIED)
        take_note(finder);
    finder->probing = false;
    finder->notes_done++;
}

/* The banner is looked for where the kernel image lies: logs and files hold others. */
static void start_banner(struct finder *finder)
{
    finder->stage = STAGE_DONE;
    if (!pgd_scan_result(finder->pgd_scan, &finder->kernel))
        return;
    const struct kernel *kernel = &finder->kernel;
    for (size_t i = 0; i < kernel->ranges; i++)
        if (kernel->image_pa - kernel->range[i].pa < kernel->range[i].size) {
            uint64_t length = kernel->image_last_pa - kernel->image_pa + 1;
            finder->banner_at = kernel->range[i].offset + (kernel->image_pa - kernel->range[i].pa);
            finder->banner_end =
                finder->banner_at + (length < BANNER_RANGE ? length : BANNER_RANGE);
            finder->stage = STAGE_BANNER;
        }
}

/* "Linux version 6.1.0-50-arm64 (..." gives the release. */
static bool take_banner(struct finder *finder, const char *banner, size_t length)
{
    size_t i = 0;
    banner += strlen(BANNER);
    length -= strlen(BANNER);
    if (!length || !isdigit((unsigned char)banner[0]))
        return false;
    while (i < length && i < sizeof finder->kernel.release - 1 && isgraph((unsigned char)banner[i]))
        i++;
    memcpy(finder->kernel.release, banner, i);
    finder->kernel.release[i] = '\0';
    return true;
}

static void step_banner(struct finder *finder)
{
    size_t got = source_read(&finder->reader, finder->banner_at, finder->chunk, CHUNK, NULL);
    const char *start = (const char *)finder->chunk, *hit = start;
    while ((hit = memmem(hit, got - (size_t)(hit - start), BANNER, strlen(BANNER)))) {
        if (take_banner(finder, hit, got - (size_t)(hit - start))) {
            finder->stage = STAGE_DONE;
            return;
        }
        hit++;
    }
    finder->banner_at += CHUNK - PAGE; /* a banner may lie across two chunks */
    if (finder->banner_at >= finder->banner_end || got < CHUNK)
        finder->stage = STAGE_DONE;
}

bool finder_step(struct finder *finder, uint64_t bytes)
{
    uint64_t left = bytes;
    /* Extents cost a system call or two: they count too. */
    for (int calls = 0; finder->stage == STAGE_SCAN && left > 0 && calls < 512; calls++) {
        uint64_t used = scan_chunk(finder, left);
        left -= used < left ? used : left;
        if (!finder->segments)
            finder->stage = STAGE_NOTES;
    }
    switch (finder->stage) {
    case STAGE_NOTES:
        step_notes(finder, (unsigned)(bytes / PAGE + 1));
        break;
    case STAGE_PGD_SCAN:
        if (pgd_scan_step(finder->pgd_scan, (unsigned)(bytes / CHUNK * 16 + 64)))
            start_banner(finder);
        break;
    case STAGE_BANNER:
        for (uint64_t i = 0; i <= bytes / CHUNK && finder->stage == STAGE_BANNER; i++)
            step_banner(finder);
        break;
    case STAGE_SCAN:
    case STAGE_DONE:
        break;
    }
    return finder->stage == STAGE_DONE;
}

double finder_progress(const struct finder *finder)
{
    uint64_t scanned = finder->scanned;
    if (finder->segments)
        scanned += finder->at - finder->segment->offset;
    return (double)scanned / (double)source_ram_size(finder->reader.source);
}

const struct kernel *finder_result(const struct finder *finder)
{
    return &finder->kernel;
}

const struct vmcoreinfo *finder_vmcoreinfo(const struct finder *finder)
{
    return finder->has_info ? &finder->info : NULL;
}
