// What PID 1 and the test processes of the guest share: one program, by the name it is started as.
#ifndef GUEST_INIT_H
#define GUEST_INIT_H

#include <stddef.h>

#define SHARED_PATH  "/shared-file"
#define SHARED_PAGES 4
#define PLAIN_PATH   "/plain-file"
#define REPORT_FD    3 // of a test process: where its records go

extern size_t page_size;

// Returns `pointer`, if it is one; else reports the failure and stays.
void *must(void *pointer, const char *what);

void sleep_ms(long ms);

// Never returns.
int test_process(const char *name);

#endif
