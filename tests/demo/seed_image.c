/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seed-image [--size BYTES] PAGE-TABLES OUT: makes the demonstration image, a sparse file with the
 * page tables of the seed guest at their own addresses and something to read after them.
 * The same arguments make the same bytes; OUT appears complete or not at all.
 *
 * Content (seed_content.c), each item written through the tables at the address given:
 *   v:ffff800083720000  the index: text that says what lies where; start here
 *   v:ffff800083724000  hostile text: control characters, escapes, broken UTF-8, all 256 bytes
 *   v:ffff800083726000  64-bit values of every kind: pointers good and bad, entries, offsets
 *   v:ffff800083728000  swapper/0, the first of a ring of 24 task-like structures
 *   v:ffff000000000000  first bytes of RAM: a line that points to the index
 *   v:ffff0000f4400000  the header of the arm64 kernel image
 *   v:ffff800080010000  the kernel's text begins: a page of tiny arm64 functions
 *   v:ffff800081a3b000  rodata: the banner "Linux version 6.14.0-29-generic ..."
 *   v:ffff800083e00000  and others: kernel stacks with frame records and STACK_END_MAGIC
 *   v:ffff800084b59f00  a sentence across two pages that are neighbours only virtually
 *   v:fffffdffc0000000  struct-page-like array: the first 1,024, and those of the tasks
 *   p:150000000         a line that no table maps
 *
 * Choices where the record is silent: the attribute bits (seed.c), where text ends (seed.h), and
 * the entry [511] [511] [507]. It pointed to an empty table, in all likelihood 0x138073000, since
 * the fixmap's last-level tables are one array. It stays empty here, for the listing's 2,092
 * tables are then all there is. No VMCOREINFO, no kernel symbols: the root is to be found by
 * structure. The page before the root (reserved_pg_dir, all zeros in a guest) is a hole. */
#include "seed.h"
#include "seed_content.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int usage(void)
{
    fputs("usage: seed-image [--size BYTES[K|M|G|T]] PAGE-TABLES OUT\n"
          "The size is at least, and by default, 6G; more only moves the end of the file.\n",
          stderr);
    return 2;
}

static bool parse_size(const char *text, uint64_t *size)
{
    static const char units[] = "KMGT";
    char *end;
    errno = 0;
    const uint64_t number = strtoull(text, &end, 0);
    const char *unit = *end ? strchr(units, *end) : NULL;
    const unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
    if (errno || end == text || (*end && (!unit || end[1])) ||
        number > (uint64_t)INT64_MAX >> shift)
        return false;
    *size = number << shift;
    return *size >= SEED_RAM_SIZE;
}

static void print_summary(const struct seed *seed)
{
    printf("tables %zu\nleaves %zu\n", seed->table_count, seed->leaves);
    for (unsigned i = 0; i < 512; i++)
        if (seed->root_leaves[i])
            printf("  [%u] %zu\n", i, seed->root_leaves[i]);
    printf("bytes written %" PRIu64 "\n", seed->bytes_written);
}

static bool make_image(int fd, const char *listing, uint64_t size)
{
    struct seed seed = {.fd = fd};
    bool good = false;
    if (ftruncate(fd, (off_t)size) != 0)
        perror("ftruncate");
    else
        good = seed_load_tables(&seed, listing) && seed_write_tables(&seed) &&
               seed_content_write(&seed);
    if (good)
        print_summary(&seed);
    seed_deinit(&seed);
    return good;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"size", required_argument, NULL, 's'}, {0}};
    uint64_t size = SEED_RAM_SIZE;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (option != 's' || !parse_size(optarg, &size))
            return usage();
    if (argc - optind != 2)
        return usage();
    const char *out = argv[optind + 1];
    char temporary[4096];
    const int length = snprintf(temporary, sizeof temporary, "%s.%ld", out, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof temporary)
        return usage();
    const int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) {
        perror(temporary);
        return 1;
    }
    bool good = make_image(fd, argv[optind], size);
    if (close(fd) != 0 || (good && rename(temporary, out) != 0)) {
        perror(out);
        good = false;
    }
    if (!good)
        unlink(temporary);
    return good ? 0 : 1;
}
