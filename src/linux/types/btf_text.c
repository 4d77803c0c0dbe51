/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types as C writes them.  A declaration is built from the inside: "*", "(*)(int)", and at last
 * the name before it.  Arrays and prototypes bind tighter than the star, hence the brackets.
 */
#include "linux/types/btf.h"

#include "base/budget.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define INNER   384
#define LONGEST 64   /* steps of one declaration: chains through pointers may be endless */
#define DEEPEST 4    /* prototypes inside prototypes */
#define WORK    1000 /* steps of all declarations in one: what would not fit a line anyhow */

struct declaration {
    char inner[INNER];   /* what stands after the name */
    char qualifiers[32]; /* seen, not yet placed */
    const struct btf *btf;
    unsigned depth;
    struct budget *budget; /* of the whole text */
};

static void write_type(const struct btf *btf, uint32_t id, char *text, size_t size, unsigned depth,
                       struct budget *budget);

/* inner = before inner after */
static void wrap(struct declaration *d, const char *before, const char *after)
{
    char old[INNER];
    memcpy(old, d->inner, sizeof old);
    struct text text = TEXT_OVER(d->inner);
    text_add(&text, "%s%s%s", before, old, after);
}

static void star(struct declaration *d)
{
    char before[48];
    bool more = *d->inner && *d->inner != ')' && *d->inner != '[';
    snprintf(before, sizeof before, "*%s%s", d->qualifiers, *d->qualifiers && more ? " " : "");
    wrap(d, before, "");
    *d->qualifiers = '\0';
}

static void suffix(struct declaration *d, const char *what)
{
    if (*d->inner == '*')
        wrap(d, "(", ")");
    wrap(d, "", what);
}

static void parameters(struct declaration *d, uint32_t id)
{
    char all[INNER], one[INNER];
    struct text text = TEXT_OVER(all);
    uint32_t n = btf_params(d->btf, id);
    text_add(&text, "(");
    for (uint32_t i = 0; i < n && text.length + 1 < sizeof all; i++) {
        uint32_t type = btf_param(d->btf, id, i, NULL);
        if (type)
            write_type(d->btf, type, one, sizeof one, d->depth + 1, d->budget);
        else
            snprintf(one, sizeof one, "...");
        text_add(&text, "%s%s", i ? ", " : "", one);
    }
    text_add(&text, n ? ")" : "void)");
    suffix(d, all);
}

static void qualify(struct declaration *d, const char *word)
{
    struct text text = {d->qualifiers, sizeof d->qualifiers, strlen(d->qualifiers)};
    if (!strstr(d->qualifiers, word))
        text_add(&text, "%s%s", *d->qualifiers ? " " : "", word);
}

/* What comes first: "const struct page", "int", "enum {...}". */
static void finish(const struct declaration *d, uint32_t id, char *text, size_t size)
{
    static const char *const keyword[] = {
        [BTF_STRUCT] = "struct ", [BTF_UNION] = "union ", [BTF_ENUM] = "enum ",
        [BTF_ENUM64] = "enum ",   [BTF_FWD] = "struct ",
    };
    enum btf_kind kind = btf_kind(d->btf, id);
    const char *word = kind <= BTF_ENUM64 && keyword[kind] ? keyword[kind] : "";
    const char *name = btf_name(d->btf, id);
    if (kind == BTF_VOID)
        name = "void";
    else if (!*name)
        name = *word ? "{...}" : "?";
    struct text out = text_over(text, size);
    text_add(&out, "%s%s%s%s%s%s", d->qualifiers, *d->qualifiers ? " " : "", word, name,
             *d->inner ? " " : "", d->inner);
}

static void write_type(const struct btf *btf, uint32_t id, char *text, size_t size, unsigned depth,
                       struct budget *budget)
{
    struct declaration d = {.btf = btf, .depth = depth, .budget = budget};
    char length[16];
    if (depth > DEEPEST || budget_has_ended(budget)) {
        snprintf(text, size, "...");
        return;
    }
    for (unsigned step = 0; step < LONGEST && budget_take(budget, 1); step++) {
        switch (btf_kind(btf, id)) {
        case BTF_PTR:
            star(&d);
            break;
        case BTF_ARRAY:
            snprintf(length, sizeof length, "[%u]", (unsigned)btf_array_length(btf, id));
            suffix(&d, length);
            break;
        case BTF_FUNC_PROTO:
            parameters(&d, id);
            break;
        case BTF_CONST:
            qualify(&d, "const");
            break;
        case BTF_VOLATILE:
            qualify(&d, "volatile");
            break;
        case BTF_RESTRICT:
            qualify(&d, "restrict");
            break;
        case BTF_TYPE_TAG:
        case BTF_FUNC:
        case BTF_VAR:
            break;
        default:
            finish(&d, id, text, size);
            return;
        }
        id = btf_target(btf, id);
    }
    finish(&d, id, text, size);
}

char *btf_type_text(const struct btf *btf, uint32_t id, char *text, size_t size)
{
    struct budget budget;
    budget_init(&budget, WORK, 0, NULL);
    if (size)
        write_type(btf, id, text, size, 0, &budget);
    return text;
}
