/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guest of struct pages: its tables, its note, its process. */
#include "tests/unit/page_made.h"
#include "session/session_private.h"

#include "arch/arch.h"
#include "linux/tasks/percpu_find.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The size of a page and where the struct page of frame 0 would lie come first. */
static const char made_note[] =
    "OSRELEASE=6.1.0-made\nPAGESIZE=%u\nSYMBOL(vmemmap)=%" PRIx64 "\nSIZE(page)=64\n"
    "OFFSET(page.flags)=0\nOFFSET(page._refcount)=52\nOFFSET(page.mapping)=24\n"
    "OFFSET(page.lru)=8\nOFFSET(page._mapcount)=48\nOFFSET(page.private)=40\n"
    "OFFSET(page.compound_head)=8\nOFFSET(page.compound_dtor)=16\n"
    "LENGTH(zone.free_area)=11\nNUMBER(PG_slab)=9\nNUMBER(PG_head_mask)=65536\n"
    "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-129\nNUMBER(HUGETLB_PAGE_DTOR)=2\n";

uint64_t made_va(uint64_t i)
{
    return MADE_STRUCT + i * 64;
}

void put_struct(struct made *made, uint64_t i, const uint64_t word[6])
{
    uint64_t pa = MADE_AT + i * 64;
    pages_put(made->memory, pa, word[0]);
    pages_put(made->memory, pa + 8, word[1]);
    pages_put(made->memory, pa + 24, word[2]);
    pages_put(made->memory, pa + 40, word[3]);
    pages_put(made->memory, pa + 48, (word[4] & 0xffffffff) | word[5] << 32);
}

struct builder made_process(struct made *made, const char *comm, uint64_t root_pa)
{
    size_t i = made->tasks.count++;
    struct task *task = &made->task[i];
    *task = (struct task){.pid = (int32_t)i + 7, .tgid = (int32_t)i + 7, .mm = 1};
    strcpy(task->comm, comm);
    task->pgd_pa = root_pa;
    made->tasks.task = made->task;
    return builder_of(made->memory, made->builder.paging->name, root_pa,
                      root_pa + (UINT64_C(1) << made->builder.paging->page_shift));
}

void made_start_in(struct made *made, const char *mode)
{
    *made = (struct made){.memory = pages_create()};
    uint64_t page = UINT64_C(1) << arch_mode_named(mode)->page_shift;
    made->builder = builder_of(made->memory, mode, MADE_ROOT, MADE_ROOT + page);
    unsigned last = made->builder.paging->levels - 1u;
    uint64_t frames = MADE_SIZE / page;
    builder_map(&made->builder, MADE_LINEAR, MADE_BASE, MADE_SIZE, last, KERNEL_RW);
    builder_map(&made->builder, MADE_STRUCT, MADE_AT, MADE_PAGES * 64, last, KERNEL_RW);
    made->user = made_process(made, "made", MADE_USER);
    builder_leaf(&made->user, 0x400000, MADE_BASE + 0x800000, last, USER_RW);
    for (uint64_t i = 0; i < frames; i++)
        put_struct(made, i, (uint64_t[]){0, 0, 0, 0, NEVER_MAPPED, 1});
}

void made_start(struct made *made)
{
    made_start_in(made, "arm64-4k-48");
}

struct pages *made_again(struct made *made, struct error *err)
{
    struct pages *pages = NULL;
    struct linux_context linux = {.memory = &made->session->memory,
                                  .kernel = &made->session->kernel,
                                  .info = &made->info,
                                  .image = {made->image_va, made->image_size},
                                  .symbols = made->symbols,
                                  .btf = made->btf,
                                  .regions = made->regions,
                                  .tasks = &made->tasks,
                                  .percpu = &made->percpu};
    memory_forget(&made->session->memory);
    percpu_load(&made->percpu, &linux);
    percpu_find(&made->percpu, &linux);
    return pages_open(&pages, &linux, err) ? pages : NULL;
}

struct pages *made_try(struct made *made, struct error *err)
{
    char usual[sizeof made_note + 32], note[2000];
    unsigned shift = made->builder.paging->page_shift;
    snprintf(usual, sizeof usual, made_note, 1u << shift, MADE_STRUCT - (MADE_BASE >> shift) * 64);
    int length = snprintf(note, sizeof note, "%s%s", made->note ? made->note : usual,
                          made->more ? made->more : "");
    made->file = file_create(made->size ? made->size : MADE_SIZE);
    pages_write(made->memory, made->file.fd, MADE_BASE, MADE_SIZE);
    made->session =
        open_session(&made->file, MADE_BASE, made->builder.paging->name, MADE_ROOT, NO_ROOT);
    assert_true(vmcoreinfo_parse(&made->info, note, (size_t)length));
    made->session->kernel.stext_va = made->image_va + MADE_STEXT;
    made->session->kernel.image_pa = made->image_pa;
    made->session->kernel.image_last_pa = made->image_last_pa;
    return made_again(made, err);
}

struct pages *made_open(struct made *made, bool indexed)
{
    struct error err = {0};
    struct pages *pages = made_try(made, &err);
    if (!pages)
        fail_msg("%s", err.text);
    while (indexed && !pages_step(pages))
        ;
    return pages;
}

void made_end(struct made *made, struct pages *pages)
{
    pages_close(pages);
    session_close(made->session);
    file_remove(&made->file);
    pages_destroy(made->memory);
    btf_close(made->btf);
}

void assert_page(struct pages *pages, uint64_t i, enum page_kind kind, const char *owner)
{
    struct page_facts facts;
    page_describe(pages, MADE_BASE + i * 4096, &facts);
    if (facts.kind != kind || (owner && strcmp(facts.owner, owner) != 0))
        fail_msg("page %llx: %s, \"%s\"; should be %s, \"%s\"", (unsigned long long)i,
                 page_kind_name(facts.kind), facts.owner, page_kind_name(kind),
                 owner ? owner : "...");
    assert_int_equal(page_kind_at(pages, MADE_BASE + i * 4096), kind);
}
