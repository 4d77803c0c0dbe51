/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer/place.h"

#include "session/expression.h"

static const char not_in_image[] = "not-in-image";

bool query_place(struct query *query, struct place *place, struct error *err)
{
    struct session *session = query->session;
    struct address address;
    if (!expression_eval(session, query->arguments, SPACE_VIRT, &address, err))
        return false;
    if (!address_is_virtual(address) && !session_await(session, true, err))
        return false;
    const struct space *names = session_virtual(session);
    session_want_names(session, address_is_virtual(address) ? address.space : names);
    session_locate(session, address, names, place);
    return true;
}

const char *place_end_name(const struct place *place)
{
    if (place->not_in_image)
        return not_in_image;
    if (place->walked)
        return walk_end_name(place->walk.end);
    /* Without tables nothing maps it; without an alias no known table does. */
    return walk_end_name(address_is_virtual(place->asked) ? WALK_NO_TABLE : WALK_NOT_PRESENT);
}

const char *place_end_names(unsigned i)
{
    if (i <= WALK_NO_TABLE)
        return walk_end_name((enum walk_end)i);
    return i == WALK_NO_TABLE + 1 ? not_in_image : NULL;
}

const char *place_state_names(unsigned i)
{
    return i <= RANGE_OUTSIDE ? range_state_name((enum range_state)i) : NULL;
}

struct value query_space(struct query *query, struct address address)
{
    char name[SPACE_NAME];
    const char *known = space_name(address_canonical(address).space, name);
    return value_text(known ? query_text(query, "%s", known) : NULL);
}

void fill_place(struct query *query, const struct place *place, struct value *row)
{
    row[PLACE_INPUT] = value_text(query->arguments);
    row[PLACE_PHYS] = value_if(place->has_pa, value_phys(place->pa));
    row[PLACE_FILE] = value_if(place->has_offset, value_address(address_file(place->offset)));
    if (!place->has_va)
        return;
    row[PLACE_VIRT] = value_address(place_virtual(place));
    row[PLACE_SPACE] = query_space(query, place_virtual(place));
}
