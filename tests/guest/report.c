// The report's files, line by line.
#define _GNU_SOURCE
#include "report.h"

#include "qemu.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct page_truth *pages;
size_t page_count;
struct area linear[16];
size_t linear_count;
uint64_t ram_base = UNMAPPED;
struct found processes[PROCESSES_MAX];
size_t process_count;

FILE *report(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "report/%s", name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        die("%s: %s; try tests/guest/boot again", path, strerror(errno));
    return file;
}

static void *grow(void *array, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return array;
    void *more = realloc(array, (count == 0 ? 1 : 2 * count) * size);
    if (more == NULL)
        die("out of memory");
    return more;
}

static void read_pages(void)
{
    char line[1024];
    FILE *file = report("pagetruth.tsv");
    while (fgets(line, sizeof line, file) != NULL) {
        struct page_truth p = {.pa = UNMAPPED};
        char pa[32];
        char name[32];
        if (sscanf(line, "%d\t%" SCNx64 "\t%31s\t%31[^:]", &p.pid, &p.va, pa, name) != 4)
            continue;
        if (pa[0] != '-')
            p.pa = strtoull(pa, NULL, 16);
        p.none = strstr(line, "PROT_NONE") != NULL;
        pages = grow(pages, page_count, sizeof *pages);
        pages[page_count++] = p;
        size_t i = 0;
        while (i < process_count && processes[i].pid != p.pid)
            i++;
        if (i == process_count && i < PROCESSES_MAX) {
            processes[i].pid = p.pid;
            snprintf(processes[i].name, sizeof processes[i].name, "%s", name);
            process_count++;
        }
    }
    fclose(file);
}

// What each marked page holds.
static void read_markers(void)
{
    char line[1024];
    FILE *file = report("markers.tsv");
    while (fgets(line, sizeof line, file) != NULL) {
        int pid;
        uint64_t va;
        char text[64];
        if (sscanf(line, "%d\t%" SCNx64 "\t%63[^\n]", &pid, &va, text) != 3)
            continue;
        for (size_t i = 0; i < page_count; i++) {
            if (pages[i].pid == pid && pages[i].va == va)
                snprintf(pages[i].text, sizeof pages[i].text, "%s", text);
        }
    }
    fclose(file);
}

// The areas of /proc/kcore that have a physical address.
static void read_areas(void)
{
    char line[1024];
    FILE *file = report("kcore.tsv");
    while (fgets(line, sizeof line, file) != NULL) {
        struct area a;
        if (sscanf(line, "%" SCNx64 "\t%" SCNx64 "\t%" SCNx64, &a.va, &a.pa, &a.size) != 3)
            continue;
        // The kernel's own image is there as well, but within another segment's memory.
        if (linear_count < sizeof linear / sizeof linear[0])
            linear[linear_count++] = a;
    }
    fclose(file);
}

static void read_ram(void)
{
    char line[1024];
    FILE *file = report("iomem");
    while (fgets(line, sizeof line, file) != NULL) {
        uint64_t start;
        uint64_t end;
        if (strstr(line, "System RAM") != NULL &&
            sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) == 2 && start < ram_base)
            ram_base = start;
    }
    fclose(file);
}

void read_report(void)
{
    read_pages();
    read_markers();
    read_areas();
    read_ram();
    if (page_count == 0 || linear_count == 0 || ram_base == UNMAPPED)
        die("report/ is incomplete: %zu pages, %zu areas; try tests/guest/stop, then boot",
            page_count, linear_count);
}

uint64_t vmcoreinfo(const char *key)
{
    char line[256];
    uint64_t value = 0;
    FILE *file = report("vmcoreinfo");
    while (fgets(line, sizeof line, file) != NULL) {
        size_t n = strlen(key);
        if (strncmp(line, key, n) == 0 && line[n] == '=')
            value = strtoull(line + n + 1, NULL,
                             strncmp(key, "SYMBOL", 6) == 0 || key[0] == 'K' ? 16 : 0);
    }
    fclose(file);
    return value;
}
