/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer/enum_values.h"

enum { NAME, NUMBER, HEX, COLUMNS };

static const struct column columns[COLUMNS] = {
    [NAME] = {"name", "NAME", "as C writes it", VALUE_TEXT, 0, 40},
    [NUMBER] = {"value", "VALUE", "its number", VALUE_NUMBER},
    [HEX] = {"hex", "HEX", "the same in hexadecimal, from ten on", VALUE_HEX, COLUMN_NO_JSON,
             .gap = " (", .after = ")"},
};
const struct shape enum_values_shape = SHAPE(columns);

struct value enum_values(struct query *query, const struct btf *btf, uint32_t id)
{
    uint32_t bare = btf_strip(btf, id), count = btf_values(btf, bare);
    if (!count)
        return value_absent();
    struct list *list = query_list(query, &enum_values_shape);
    for (uint32_t i = 0; i < count; i++) {
        struct value *row = query_list_row(query, list);
        int64_t value = 0;
        row[NAME] = value_text(btf_value(btf, bare, i, &value));
        row[NUMBER] = value_number(value);
        row[HEX] = value_if(value > 9, value_of_type(VALUE_HEX, (uint64_t)value));
    }
    return value_list(list);
}
