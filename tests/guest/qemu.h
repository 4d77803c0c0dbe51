// QEMU's two ends: QMP, and its gdbstub. What fails ends the program with a sentence.
#ifndef GUEST_QEMU_H
#define GUEST_QEMU_H

#include <stddef.h>
#include <stdint.h>

#define UNMAPPED UINT64_MAX

__attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...);

// Both connect to sockets in the current folder, which messages call FOLDER.
void qmp_open(const char *folder);
void gdb_open(const char *folder);

// A QMP command without arguments.
void qmp_do(const char *name);

// The physical address of VA, as a CPU translates it; UNMAPPED where it does not.
uint64_t gva2gpa(int cpu, uint64_t va);

// The answer to PACKET, and its length. Stop notices ("T02thread:...") are skipped.
size_t gdb_ask(char *answer, size_t capacity, const char *packet);

// A whole file of the stub's, as a string to be freed.
char *gdb_file(const char *name);

// The number of a register from the stub's description.
unsigned gdb_number(const char *description, const char *name);

// Reads a register of up to 64 bits of the selected CPU: hex digits, lowest byte first.
uint64_t gdb_register(unsigned number);

#endif
