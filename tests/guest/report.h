// What the guest reported of itself: the files in report/.
#ifndef GUEST_REPORT_H
#define GUEST_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PROCESSES_MAX 8

struct page_truth {
    int pid;
    uint64_t va, pa;
    bool none; // PROT_NONE: has a frame, is not mapped
    char text[64];
};

struct area {
    uint64_t va, size, pa;
};

struct found {
    int pid;
    char name[32];
    uint64_t table;
};

extern struct page_truth *pages;
extern size_t page_count;
extern struct area linear[16];
extern size_t linear_count;
extern uint64_t ram_base;
extern struct found processes[PROCESSES_MAX];
extern size_t process_count;

// Reads the pages, areas and processes.
void read_report(void);

// A file of the report.
FILE *report(const char *name);

// A value from the report's VMCOREINFO, 0 when it is not there.
uint64_t vmcoreinfo(const char *key);

#endif
