// Sockets to QEMU: lines of JSON, and packets of the gdb remote protocol.
#define _GNU_SOURCE
#include "qemu.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_SECONDS 20

void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("truth: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

// ---- sockets ---------------------------------------------------------------------------------

struct peer {
    int fd;
    const char *name;
    size_t length;
    size_t next;
    char buffer[8192];
};

static void peer_open(struct peer *peer, const char *folder, const char *name)
{
    *peer = (struct peer){.name = name};
    // The folder is the current one by now: a socket's path must be short.
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
    peer->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->fd < 0 || connect(peer->fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("cannot connect to %s/%s: %s; try tests/guest/boot first", folder, name,
            strerror(errno));
}

static int peer_byte(struct peer *peer)
{
    if (peer->next == peer->length) {
        struct pollfd wait = {.fd = peer->fd, .events = POLLIN};
        if (poll(&wait, 1, ANSWER_SECONDS * 1000) <= 0)
            die("no answer from QEMU's %s socket within %d s; is another client connected?",
                peer->name, ANSWER_SECONDS);
        ssize_t n = read(peer->fd, peer->buffer, sizeof peer->buffer);
        if (n <= 0)
            die("QEMU closed its %s socket", peer->name);
        peer->length = (size_t)n;
        peer->next = 0;
    }
    return (unsigned char)peer->buffer[peer->next++];
}

static void peer_write(struct peer *peer, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(peer->fd, text, length);
        if (n <= 0)
            die("cannot write to QEMU's %s socket: %s", peer->name, strerror(errno));
        text += n;
        length -= (size_t)n;
    }
}

// ---- QMP -------------------------------------------------------------------------------------

static struct peer qmp;

// One line from QEMU; the greeting and events are lines too.
static void qmp_line(char *to, size_t capacity)
{
    size_t n = 0;
    for (;;) {
        int c = peer_byte(&qmp);
        if (c == '\n')
            break;
        if (n + 1 < capacity)
            to[n++] = (char)c;
    }
    to[n] = '\0';
}

static void qmp_ask(char *answer, size_t capacity, const char *command)
{
    peer_write(&qmp, command, strlen(command));
    peer_write(&qmp, "\n", 1);
    do
        qmp_line(answer, capacity);
    while (strncmp(answer, "{\"return\"", 9) != 0 && strncmp(answer, "{\"error\"", 8) != 0);
    if (strncmp(answer, "{\"error\"", 8) == 0)
        die("QMP refused %s: %s", command, answer);
}

void qmp_open(const char *folder)
{
    char text[4096];
    peer_open(&qmp, folder, "qmp");
    qmp_line(text, sizeof text); // the greeting
    qmp_ask(text, sizeof text, "{\"execute\":\"qmp_capabilities\"}");
}

void qmp_do(const char *name)
{
    char command[128];
    char text[4096];
    snprintf(command, sizeof command, "{\"execute\":\"%s\"}", name);
    qmp_ask(text, sizeof text, command);
}

uint64_t gva2gpa(int cpu, uint64_t va)
{
    char command[256];
    char text[4096];
    snprintf(command, sizeof command,
             "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":"
             "\"gva2gpa 0x%" PRIx64 "\",\"cpu-index\":%d}}",
             va, cpu);
    qmp_ask(text, sizeof text, command);
    const char *found = strstr(text, "gpa: ");
    if (found != NULL)
        return strtoull(found + 5, NULL, 16);
    if (strstr(text, "nmapped") == NULL)
        die("gva2gpa 0x%" PRIx64 " gave: %s", va, text);
    return UNMAPPED;
}

// ---- the gdb remote protocol -----------------------------------------------------------------

static struct peer gdb;

void gdb_open(const char *folder)
{
    peer_open(&gdb, folder, "gdb");
}

static void gdb_send(const char *packet)
{
    unsigned sum = 0;
    for (const char *p = packet; *p != '\0'; p++)
        sum += (unsigned char)*p;
    char frame[256];
    int n = snprintf(frame, sizeof frame, "$%s#%02x", packet, sum & 0xff);
    peer_write(&gdb, frame, (size_t)n);
}

// One packet's content, acknowledged; returns its length. The escapes of binary data are undone.
static size_t gdb_packet(char *to, size_t capacity)
{
    while (peer_byte(&gdb) != '$') {
    }
    size_t n = 0;
    for (;;) {
        int c = peer_byte(&gdb);
        if (c == '#')
            break;
        if (c == '}')
            c = peer_byte(&gdb) ^ 0x20;
        if (n + 1 < capacity)
            to[n++] = (char)c;
    }
    to[n] = '\0';
    peer_byte(&gdb); // the check sum: a local socket does not garble
    peer_byte(&gdb);
    peer_write(&gdb, "+", 1);
    return n;
}

// The answer to PACKET. Stop notices ("T02thread:...") arrive unasked whenever the guest stops.
size_t gdb_ask(char *answer, size_t capacity, const char *packet)
{
    gdb_send(packet);
    size_t n;
    do
        n = gdb_packet(answer, capacity);
    while (answer[0] == 'T');
    return n;
}

char *gdb_file(const char *name)
{
    char *whole = NULL;
    size_t length = 0;
    for (;;) {
        char packet[128];
        char part[8192];
        snprintf(packet, sizeof packet, "qXfer:features:read:%s:%zx,7f0", name, length);
        size_t n = gdb_ask(part, sizeof part, packet);
        if (n == 0 || (part[0] != 'm' && part[0] != 'l'))
            die("QEMU's gdbstub does not give %s (its answer: '%s')", name, part);
        char *more = realloc(whole, length + n);
        if (more == NULL)
            die("out of memory");
        whole = more;
        memcpy(whole + length, part + 1, n - 1);
        length += n - 1;
        whole[length] = '\0';
        if (part[0] == 'l')
            return whole;
    }
}

unsigned gdb_number(const char *description, const char *name)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "name=\"%s\"", name);
    const char *at = strstr(description, wanted);
    const char *end = at == NULL ? NULL : strchr(at, '>');
    const char *number = at == NULL ? NULL : strstr(at, "regnum=\"");
    if (number == NULL || end == NULL || number > end)
        die("QEMU's gdbstub does not describe %s", name);
    return (unsigned)strtoul(number + 8, NULL, 10);
}

uint64_t gdb_register(unsigned number)
{
    char packet[32];
    char text[512];
    snprintf(packet, sizeof packet, "p%x", number);
    size_t n = gdb_ask(text, sizeof text, packet);
    uint64_t value = 0;
    if (n == 0 || n > 16 || text[0] == 'E')
        die("QEMU's gdbstub does not give register %u (its answer: '%s')", number, text);
    for (size_t i = n; i >= 2; i -= 2) {
        char pair[3] = {text[i - 2], text[i - 1], '\0'};
        value = value << 8 | strtoul(pair, NULL, 16);
    }
    return value;
}
