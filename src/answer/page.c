/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `page`: what one physical page is, and whose. */
#include "answer/place.h"
#include "answer/subjects.h"
#include "session/handles.h"

#include <stdlib.h>

#define USERS_MAX 1000 /* that are listed; all are counted */

enum {
    OBJECT_VIRT,
    OBJECT_SPACE,
    OBJECT_INDEX,
    OBJECT_COUNT,
    OBJECT_SIZE,
    OBJECT_CACHE,
    OBJECT_STATE,
    OBJECT_COLUMNS
};

static const struct column object_columns[OBJECT_COLUMNS] = {
    [OBJECT_VIRT] = {"virt", "VIRTUAL", "where it begins", VALUE_ADDRESS},
    [OBJECT_SPACE] = SPACE_COLUMN,
    [OBJECT_INDEX] = {"index", "INDEX", "its number in the slab", VALUE_NUMBER, .gap = "  "},
    [OBJECT_COUNT] = {"count", "COUNT", "how many there are in the slab", VALUE_NUMBER,
                      COLUMN_NO_JSON, .gap = " of "},
    [OBJECT_SIZE] = {"size", "SIZE", "from one object to the next", VALUE_SIZE, .gap = "  size "},
    [OBJECT_CACHE] = {"cache", "CACHE", "the cache's name", VALUE_TEXT, .gap = "  cache "},
    [OBJECT_STATE] = {"state", "STATE", "allocated or free", VALUE_TEXT, .gap = "  "},
};
static const struct shape object_shape = SHAPE(object_columns);

enum { MAP_PID, MAP_COMM, MAP_VIRT, MAP_SPACE, MAP_COLUMNS };

static const struct column map_columns[MAP_COLUMNS] = {
    [MAP_PID] = {"pid", "PID", "number of the process", VALUE_NUMBER},
    [MAP_COMM] = {"comm", "COMM", "its name", VALUE_TEXT},
    [MAP_VIRT] = {"virt", "VIRTUAL", "where it maps the page", VALUE_ADDRESS},
    [MAP_SPACE] = SPACE_COLUMN,
};
static const struct shape map_shape = SHAPE(map_columns);

enum {
    INPUT,
    PHYS,
    KIND,
    OWNER,
    OWNER_VIRT,
    SYMBOL,
    PAGE,
    FLAGS,
    REFCOUNT,
    MAPCOUNT,
    UNTOUCHED,
    INODE,
    INODE_VIRT,
    FILE_OFFSET,
    OBJECT,
    MAPPINGS,
    MAPS,
    COLUMNS
};

static const char *kind_name(unsigned i)
{
    return i < PAGE_KINDS ? page_kind_name((enum page_kind)i) : NULL;
}

static const struct column columns[COLUMNS] = {
    [INPUT] = {"input", "input", "what was asked for", VALUE_TEXT, COLUMN_NO_TEXT},
    [PHYS] = {"phys", "page", "its first byte", VALUE_ADDRESS, .letter = 'p'},
    [KIND] = {"kind", "kind", "what it is", VALUE_ENUM, .names = kind_name},
    [OWNER] = {"owner", "owner", "whose: a file, a cache, a process, a table's level, ...",
               VALUE_TEXT, .lead = OWNER_VIRT},
    [OWNER_VIRT] = {"owner_virt", "owner at", "where the owner has it mapped, or what it maps",
                    VALUE_ADDRESS, COLUMN_NO_TEXT | COLUMN_NO_JSON},
    [SYMBOL] = {"symbol", "symbol", "of what was asked for", VALUE_TEXT},
    [PAGE] = {"page", "struct page", "its struct page", VALUE_ADDRESS},
    [FLAGS] = {"flags", "flags", "of its struct page", VALUE_HEX},
    [REFCOUNT] = {"refcount", "refcount", "of its struct page", VALUE_NUMBER},
    [MAPCOUNT] = {"mapcount", "mapcount", "how often its struct page counts it mapped",
                  VALUE_NUMBER},
    [UNTOUCHED] = {"untouched", "untouched", "a hole of the file", VALUE_BOOL},
    [INODE] = {"inode", "inode", "number of its file's inode", VALUE_NUMBER},
    [INODE_VIRT] = {"inode_virt", "struct inode", "its file's struct inode", VALUE_ADDRESS},
    [FILE_OFFSET] = {"file_offset", "file offset", "where it lies in its file, in bytes",
                     VALUE_HEX},
    [OBJECT] = {"object", "object", "of a slab: the object that the address lies in", VALUE_OBJECT,
                .inner = &object_shape},
    [MAPPINGS] = {"mappings", "mappings", "how many mappings of it are known", VALUE_NUMBER},
    [MAPS] = {"maps", "mapped by", "the processes that map it, and where", VALUE_LIST,
              .inner = &map_shape},
};
static const struct shape shape = SHAPE(columns);

static void fill_facts(const struct page_facts *page, const struct space *kernel, struct value *row)
{
    bool is_file = page->kind == PAGE_FILE && page->inode_va;
    row[PHYS] = value_phys(page->pa);
    row[KIND] = value_word(VALUE_ENUM, page_kind_name(page->kind));
    row[OWNER] = value_text(page->owner[0] ? page->owner : NULL);
    row[PAGE] = value_if(page->page_va, value_virt(kernel, page->page_va));
    row[FLAGS] = value_if(page->page_va, value_of_type(VALUE_HEX, page->flags));
    row[REFCOUNT] = value_number(page->refcount);
    row[MAPCOUNT] = value_number(page->mapcount);
    row[UNTOUCHED] = value_bool(page->untouched);
    row[INODE] = value_if(is_file, value_of_type(VALUE_NUMBER, page->inode));
    row[INODE_VIRT] = value_if(is_file, value_virt(kernel, page->inode_va));
    row[FILE_OFFSET] = value_if(is_file, value_of_type(VALUE_HEX, page->file_offset));
}

/* The symbol of the address itself: for a page of the image the one of its place in it. */
static struct value symbol_of(struct query *query, const struct place *place,
                              const struct page_facts *page)
{
    char symbol[SYMBOL_NAME + 64];
    uint64_t page_size = UINT64_C(1) << session_space(query->session)->paging->page_shift;
    uint64_t va = place->va;
    if (page->kind == PAGE_IMAGE && page->va)
        va = page->va + (place->pa & (page_size - 1));
    else if (!address_is_virtual(place->asked))
        return (struct value){.type = VALUE_NULL};
    linux_symbol_text(session_linux(query->session), va, symbol, sizeof symbol);
    return value_text(symbol[0] ? query_text(query, "%s", symbol) : NULL);
}

static struct value object_of(struct query *query, struct pages *pages, uint64_t pa,
                              const struct space *kernel)
{
    struct list *list = query_list(query, &object_shape);
    struct slab_object object;
    if (page_object(pages, pa, &object)) {
        struct value *row = query_list_row(query, list);
        row[OBJECT_VIRT] = value_virt(kernel, object.va);
        row[OBJECT_SPACE] = query_space(query, address_in(kernel, object.va));
        row[OBJECT_INDEX] = value_of_type(VALUE_NUMBER, object.index);
        row[OBJECT_COUNT] = value_of_type(VALUE_NUMBER, object.count);
        row[OBJECT_SIZE] = value_of_type(VALUE_SIZE, object.size);
        row[OBJECT_CACHE] = value_text(query_text(query, "%s", object.cache));
        row[OBJECT_STATE] = value_text(slab_state_name(object.state));
    }
    return value_object(list);
}

/* In the space of the process, where it is still there. */
static struct address address_of(struct query *query, const struct page_user *user)
{
    struct error ignored;
    const struct tasks *tasks = session_tasks(query->session, &ignored);
    const struct task *task = tasks ? tasks_find(tasks, user->pid) : NULL;
    const struct space *space = task ? session_space_of(query->session, task, &ignored) : NULL;
    return address_in(space ? space : session_kernel_space(query->session), user->va);
}

/* That the words about its owner name. */
static struct value owner_address(struct query *query, const struct page_facts *page)
{
    struct page_user user = {.pid = page->pid, .va = page->va};
    return value_if(page->va, value_address(address_of(query, &user)));
}

static bool fill_maps(struct query *query, struct pages *pages, uint64_t pa, struct value *row)
{
    struct list *list = query_list(query, &map_shape);
    struct page_user *user = calloc(USERS_MAX, sizeof *user);
    if (!user)
        return false;
    size_t users = page_users(pages, pa, user, USERS_MAX);
    for (size_t i = 0; i < users && i < USERS_MAX; i++) {
        struct value *map = query_list_row(query, list);
        map[MAP_PID] = value_number(user[i].pid);
        map[MAP_COMM] = value_text(query_text(query, "%s", user[i].comm));
        struct address at = address_of(query, &user[i]);
        map[MAP_VIRT] = value_address(at);
        map[MAP_SPACE] = query_space(query, at);
    }
    free(user);
    row[MAPPINGS] = value_of_type(VALUE_NUMBER, users);
    row[MAPS] = value_list(list);
    return true;
}

/* The page that the arguments lead to, mapped or kept by the kernel. */
static bool find_page(struct place *place, struct error *err)
{
    char reason[200];
    if (place->walked && place->walk.has_frame) {
        place->has_pa = true;
        place->pa = place->walk.frame_pa;
    }
    return place->has_pa || error_at(err, 0, "no physical page is there: %s",
                                     place->walked ? session_walk_reason(place->space, &place->walk,
                                                                         reason, sizeof reason)
                                                   : place_end_name(place));
}

static bool rows(struct query *query, struct error *err)
{
    struct place place;
    struct page_facts page;
    if (!query_place(query, &place, err))
        return false;
    struct pages *pages = session_pages(query->session, err);
    if (!pages || !find_page(&place, err))
        return false;
    const struct space *kernel = space_kernel(session_space(query->session));
    struct value *row = query_row(query);
    page_describe(pages, place.pa, &page);
    fill_facts(&page, kernel, row);
    row[INPUT] = value_text(query->arguments);
    row[OWNER_VIRT] = owner_address(query, &page);
    row[SYMBOL] = symbol_of(query, &place, &page);
    row[OBJECT] = object_of(query, pages, place.pa, kernel);
    if (!fill_maps(query, pages, page.pa, row))
        return error_set(err, "out of memory");
    query_emit(query);
    return true;
}

static const struct subject subject = {.shape = &shape, .is_record = true, .rows = rows};

const struct command command_page = {
    .name = "page",
    .arguments = "EXPR",
    .brief = "what a physical page is, and whose",
    .detail =
        "A page of a file comes with its inode and its place in the file, one that processes use\n"
        "with who maps it and where, one of a slab with the object that EXPR lies in.",
    .argument = ARGUMENT_EXPRESSION,
    .subject = &subject,
};
