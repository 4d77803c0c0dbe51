/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms: a table of prefixes and what each takes. */
#include "answer/filter.h"

#include "base/text.h"
#include "session/expression.h"
#include "session/handles.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool take_kernel(struct filter *filter, const char *value)
{
    filter->user = false;
    return *value == '\0';
}

static bool take_user(struct filter *filter, const char *value)
{
    filter->kernel = false;
    return *value == '\0';
}

static bool take_full(struct filter *filter, const char *value)
{
    filter->full = true;
    return *value == '\0';
}

static bool take_perm(struct filter *filter, const char *value)
{
    static const char letters[] = "xwr"; /* in the order of ACCESS_X, _W, _R */
    for (; *value; value++) {
        bool negative = *value == '-';
        const char *letter = strchr(letters, negative ? *++value : *value);
        if (!letter || !*letter)
            return false;
        uint8_t bit = (uint8_t)(1u << (letter - letters));
        *(negative ? &filter->forbidden : &filter->allowed) |= bit;
    }
    return filter->allowed || filter->forbidden;
}

static bool take_least(struct filter *filter, const char *value)
{
    return parse_size(value, &filter->least);
}

static bool take_more(struct filter *filter, const char *value)
{
    return parse_size(value, &filter->least) && ++filter->least;
}

static bool take_most(struct filter *filter, const char *value)
{
    return parse_size(value, &filter->most);
}

static bool take_less(struct filter *filter, const char *value)
{
    return parse_size(value, &filter->most) && filter->most--;
}

static bool take_size(struct filter *filter, const char *value)
{
    return take_least(filter, value) && take_most(filter, value);
}

static bool take_page(struct filter *filter, const char *value)
{
    return parse_size(value, &filter->page_size);
}

static bool take_flag(struct filter *filter, const char *value)
{
    snprintf(filter->flag, sizeof filter->flag, "%s", value);
    return *value && strlen(value) < sizeof filter->flag;
}

static bool take_level(struct filter *filter, const char *value)
{
    static const char *const names[] = {"PGD", "P4D", "PUD", "PMD", "PTE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(value, names[i]) == 0)
            return snprintf(filter->level, sizeof filter->level, "%s", names[i]);
    return false;
}

static bool take_contiguous(struct filter *filter, const char *value)
{
    snprintf(filter->contiguous, sizeof filter->contiguous, "%s", value);
    return strcmp(value, "whole") == 0 || strcmp(value, "broken") == 0;
}

static const struct {
    const char *prefix;
    bool (*take)(struct filter *filter, const char *value);
} terms[] = {
    {"kernel", take_kernel}, {"user", take_user},    {"perm=", take_perm},
    {"size>=", take_least},  {"size<=", take_most},  {"size>", take_more},
    {"size<", take_less},    {"size=", take_size},   {"page=", take_page},
    {"flag=", take_flag},    {"level=", take_level}, {"contiguous=", take_contiguous},
    {"full", take_full},
};

static bool take_range(struct filter *filter, struct session *session, const char *term,
                       struct error *err)
{
    char low[400];
    const char *dots = strstr(term, "..");
    struct address first, last;
    snprintf(low, sizeof low, "%.*s", (int)(dots - term), term);
    if (!expression_eval(session, low, SPACE_VIRT, &first, err))
        return false;
    if (!expression_eval(session, dots + 2, SPACE_VIRT, &last, err)) {
        err->column += (int)(dots + 2 - term);
        return false;
    }
    if (!address_is_virtual(first) || !address_is_virtual(last) || first.value > last.value)
        return error_at(err, 0, "a range is two virtual addresses, the lower one first");
    if (first.space != last.space)
        return error_at(err, 0, "a range lies in one space: write v:PID: at both ends of it");
    filter->space = first.space;
    filter->first_va = first.value;
    filter->last_va = last.value;
    return true;
}

static bool take_term(struct filter *filter, struct session *session, const char *term,
                      struct error *err)
{
    if (strstr(term, ".."))
        return take_range(filter, session, term, err);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        size_t length = strlen(terms[i].prefix);
        if (strncmp(term, terms[i].prefix, length) == 0) {
            if (terms[i].take(filter, term + length))
                return true;
            return error_at(err, (int)length, "%s does not take this", terms[i].prefix);
        }
    }
    return error_at(err, 0, "no such filter; help tables lists them");
}

bool filter_parse(struct filter *filter, struct session *session, const char *text,
                  struct error *err)
{
    *filter = (struct filter){.space = session_virtual(session),
                              .kernel = true,
                              .user = true,
                              .most = UINT64_MAX,
                              .last_va = UINT64_MAX};
    for (const char *at = text; *at;) {
        char term[400];
        size_t length = strcspn(at, " \t");
        if (length >= sizeof term)
            return error_at(err, (int)(at - text), "a term has at most %zu characters",
                            sizeof term - 1);
        snprintf(term, sizeof term, "%.*s", (int)length, at);
        if (!take_term(filter, session, term, err)) {
            err->column += (int)(at - text);
            return false;
        }
        at += length;
        at += strspn(at, " \t");
    }
    return true;
}

static bool has_flag(const struct paging *paging, const struct mapping *run, const char *flag)
{
    char flags[160], padded[164], wanted[32];
    snprintf(padded, sizeof padded, " %s ",
             paging_flags_text(paging, run->level, run->entry, flags, sizeof flags));
    snprintf(wanted, sizeof wanted, " %s ", flag);
    return strstr(padded, wanted);
}

static bool has_group(struct session *session, const struct space *space, const struct mapping *run,
                      const char *state)
{
    struct memory memory = session_memory(session, space);
    struct paging_group group;
    memory_group_of_run(&memory, run, &group);
    const char *name = paging_group_name(&group);
    return name && strcmp(name, state) == 0;
}

bool filter_matches(const struct filter *filter, struct session *session, const struct mapping *run)
{
    const struct paging *paging = filter->space->paging;
    uint8_t access = run->access.user ? run->access.user : run->access.kernel;
    if ((access & filter->allowed) != filter->allowed || (access & filter->forbidden) ||
        run->size < filter->least || run->size > filter->most ||
        (filter->page_size && run->page_size != filter->page_size) || run->va > filter->last_va ||
        run->va + (run->size - 1) < filter->first_va ||
        !(paging_is_kernel_half(paging, run->va) ? filter->kernel : filter->user))
        return false;
    if (filter->level[0] && strcmp(paging->level[run->level].name, filter->level) != 0)
        return false;
    return (!filter->flag[0] || has_flag(paging, run, filter->flag)) &&
           (!filter->contiguous[0] || has_group(session, filter->space, run, filter->contiguous));
}

void filter_range(const struct filter *filter, uint64_t *first_va, uint64_t *last_va)
{
    const struct paging *paging = filter->space->paging;
    uint64_t first = filter->user ? 0 : paging_half_first(paging, true);
    uint64_t last = filter->kernel ? UINT64_MAX : paging_half_last(paging, false);
    *first_va = filter->first_va > first ? filter->first_va : first;
    *last_va = filter->last_va < last ? filter->last_va : last;
}

bool filter_is_term(const char *word, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++)
        if (word[i] == '.' && word[i + 1] == '.')
            return true;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        size_t prefix = strlen(terms[i].prefix);
        bool takes_value = strchr("=<>", terms[i].prefix[prefix - 1]);
        if (length >= prefix && memcmp(word, terms[i].prefix, prefix) == 0 &&
            (takes_value || length == prefix))
            return true;
    }
    return false;
}

void filter_words(const struct paging *paging, void (*add)(void *list, const char *word),
                  void *list)
{
    char word[48];
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        add(list, terms[i].prefix);
    add(list, "contiguous=whole");
    add(list, "contiguous=broken");
    for (unsigned level = 0; paging && level < paging->levels; level++) {
        struct text page = TEXT_OVER(word);
        if (!paging->level[level].leaf)
            continue;
        text_add(&page, "page=");
        text_add_size(&page, paging_span(paging, level));
        add(list, word);
        snprintf(word, sizeof word, "level=%s", paging->level[level].name);
        add(list, word);
    }
    for (const struct paging_flag *flag = paging ? paging->arch->flags : NULL; flag && flag->name;
         flag++) {
        snprintf(word, sizeof word, "flag=%s%s", flag->name, flag->kinds & FLAG_NUMBER ? "=" : "");
        if ((flag->kinds & (FLAG_BLOCK | FLAG_PAGE)) && !(flag->kinds & FLAG_DETAIL))
            add(list, word);
    }
}
