/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Following a word as long as it leads on: bounded, and never twice to the same place. */
#include "ui/pane/hex/hex_chains.h"

#include <inttypes.h>
#include <string.h>

/* Data pointers are taken as they are; a signed one (PAC) only where a symbol vouches for it. */
static bool leads_on(struct session *session, const struct space *space, struct owners *owners,
                     uint64_t word, uint64_t *va)
{
    char symbol[16];
    if (word < 0x1000)
        return false;
    if (session_data_pointer(session, space, word, va))
        return true;
    return session_pointer(session, space, word, va) &&
           owners_symbol(owners, *va, symbol, sizeof symbol);
}

static bool is_code(struct session *session, struct address address)
{
    struct walk walk;
    session_walk(session, address, &walk);
    return walk.end == WALK_MAPPED && ((walk.access.kernel | walk.access.user) & ACCESS_X);
}

static bool was_there(const struct chain_of *chain, uint64_t va)
{
    for (unsigned i = 0; i < chain->links; i++)
        if (chain->link[i].va == va)
            return true;
    return false;
}

static enum chain_end follow(struct chain_of *chain, struct session *session,
                             const struct space *space, struct owners *owners, uint64_t word)
{
    uint64_t va;
    while (leads_on(session, space, owners, word, &va)) {
        if (was_there(chain, va))
            return CHAIN_LOOP;
        if (chain->links == CHAIN_LINKS)
            return CHAIN_LONG;
        struct chain_link *link = &chain->link[chain->links++];
        link->va = va;
        owners_name_in(owners, address_in(space, va), link->name, sizeof link->name);
        if (link->name[0] == '"')
            return CHAIN_STRING;
        if (is_code(session, address_in(space, va)))
            return CHAIN_CODE;
        if (!session_read_u64(session, address_in(space, va), &word)) {
            chain->missing = session_missing(session, address_in(space, va), sizeof word);
            return CHAIN_BROKEN;
        }
    }
    chain->value = word;
    return chain->links ? CHAIN_VALUE : CHAIN_NONE;
}

void chain_follow(struct chain_of *chain, struct session *session, const struct space *space,
                  struct owners *owners, uint64_t word)
{
    chain->links = 0;
    chain->value = word;
    chain->end = space->paging ? follow(chain, session, space, owners, word) : CHAIN_NONE;
}

/* The last word as text, where all of it is. */
static bool is_text(uint64_t value, char text[9])
{
    unsigned n = 0;
    memset(text, 0, 9);
    for (; n < 8 && (value >> 8 * n & 0xff); n++) {
        unsigned char c = (unsigned char)(value >> 8 * n & 0xff);
        if (c < 0x20 || c > 0x7e)
            return false;
        text[n] = (char)c;
    }
    return n >= 3 && (n == 8 || value >> 8 * n == 0);
}

static int draw_end(const struct chain_of *chain, struct area area, int row, int column)
{
    char text[9];
    switch (chain->end) {
    case CHAIN_NONE:
        return is_text(chain->value, text)
                   ? screen_printf(area, row, column, STYLE_ASCII, "\"%s\"", text)
                   : column;
    case CHAIN_VALUE:
        column = screen_put(area, row, column, STYLE_DIM, " → ");
        if (is_text(chain->value, text))
            return screen_printf(area, row, column, STYLE_ASCII, "\"%s\"", text);
        return screen_printf(area, row, column, chain->value ? STYLE_TEXT : STYLE_ZERO, "%" PRIx64,
                             chain->value);
    case CHAIN_LOOP:
        return screen_put(area, row, column, STYLE_DIM, " → (loop)");
    case CHAIN_LONG:
        return screen_put(area, row, column, STYLE_DIM, " → …");
    case CHAIN_BROKEN:
        return screen_printf(area, row, column, STYLE_DIM, " → (%s)", chain->missing);
    default:
        return column;
    }
}

int chain_draw(const struct chain_of *chain, struct area area, int row, int column)
{
    for (unsigned i = 0; i < chain->links; i++) {
        const struct chain_link *link = &chain->link[i];
        /* A symbol or a text says it all; a page's owner tells what kind of thing is there. */
        bool named = link->name[0] && !strchr(link->name, ' ');
        column = screen_put(area, row, column, STYLE_DIM, i ? " → " : "→ ");
        if (link->name[0] == '"') {
            column = screen_put(area, row, column, STYLE_ASCII, link->name);
            continue;
        }
        /* The first address is the word itself. */
        if (!link->name[0] || (!named && i))
            column = screen_printf(area, row, column, STYLE_LINK, "%" PRIx64 "%s", link->va,
                                   link->name[0] ? " " : "");
        column = screen_put(area, row, column, named ? STYLE_TARGET : STYLE_DIM, link->name);
    }
    return draw_end(chain, area, row, column);
}
