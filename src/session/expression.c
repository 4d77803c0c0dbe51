/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recursive-descent evaluator; every failure knows its column. */
#include "session/expression.h"

#include "base/text.h"
#include "session/handles.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 64 /* nested parentheses and brackets */

struct operand {
    bool has_space;
    struct address address; /* space only where has_space */
};

struct parser {
    struct session *session;
    const char *text, *at;
    enum space_kind default_kind;
    const struct space *process; /* whose v: is here; NULL: the session says */
    int depth;
    struct error *err;
};

/* A binary operator: weaker ones have a lower rank. */
struct binary_operator {
    const char *text;
    int rank;
    char code;
};
static const struct binary_operator operators[] = {
    {"|", 0, '|'}, {"&", 1, '&'}, {"<<", 2, '<'}, {">>", 2, '>'},
    {"+", 3, '+'}, {"-", 3, '-'}, {"*", 4, '*'},  {"/", 4, '/'},
};
#define RANKS 5

static bool parse_rank(struct parser *parser, int rank, struct operand *value);
static bool parse_primary(struct parser *parser, struct operand *value);

static void skip_blanks(struct parser *parser)
{
    while (*parser->at == ' ' || *parser->at == '\t')
        parser->at++;
}

static int column(const struct parser *parser, const char *at)
{
    return (int)(at - parser->text);
}

static struct operand number_value(uint64_t number)
{
    return (struct operand){false, address_file(number)};
}

static const struct space *space_of_kind(const struct parser *parser, enum space_kind kind)
{
    switch (kind) {
    case SPACE_FILE:
        return &space_file;
    case SPACE_PHYS:
        return &space_phys;
    case SPACE_VIRT:
        break;
    }
    return parser->process ? parser->process : session_virtual(parser->session);
}

/* The place `value` named in another space.  False where it has no name there. */
static bool convert(struct parser *parser, const char *at, enum space_kind kind,
                    struct operand *value)
{
    const struct space *space = space_of_kind(parser, kind);
    if (value->has_space && value->address.space->kind == kind)
        return true;
    if (!value->has_space) {
        *value = (struct operand){true, address_in(space, value->address.value)};
        return true;
    }
    if (kind == SPACE_VIRT)
        session_want_names(parser->session, space);
    struct place place;
    char name[ADDRESS_TEXT];
    if (!session_await(parser->session, !address_is_virtual(value->address), parser->err))
        return false;
    session_locate(parser->session, value->address, space_of_kind(parser, SPACE_VIRT), &place);
    bool has[SPACE_KINDS] = {place.has_offset, place.has_pa, place.has_va};
    uint64_t named[SPACE_KINDS] = {place.offset, place.pa, place.va};
    if (!has[kind])
        return error_at(parser->err, column(parser, at), "%s has no %s address%s",
                        address_text(value->address, name), space_kind_name(kind),
                        kind == SPACE_VIRT && place.aliases_cut
                            ? " that is known: the tables map more than the index holds"
                            : "");
    *value = (struct operand){true, address_in(space, named[kind])};
    return true;
}

static bool parse_number(struct parser *parser, struct operand *value)
{
    const char *start = parser->at, *digits = start;
    bool decimal = *digits == '.';
    if (decimal)
        digits++;
    else if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
        digits += 2;
    uint64_t number = 0, base = decimal ? 10 : 16;
    const char *c = digits;
    for (; decimal ? isdigit((unsigned char)*c) : isxdigit((unsigned char)*c); c++) {
        uint64_t digit =
            (uint64_t)(isdigit((unsigned char)*c) ? *c - '0'
                                                  : tolower((unsigned char)*c) - 'a' + 10);
        if (number > (UINT64_MAX - digit) / base)
            return error_at(parser->err, column(parser, start), "number exceeds 64 bits");
        number = number * base + digit;
    }
    if (c == digits || isalnum((unsigned char)*c) || *c == '_')
        return error_at(parser->err, column(parser, c), "not a %s number",
                        decimal ? "decimal" : "hexadecimal");
    parser->at = c;
    *value = number_value(number);
    return true;
}

static bool parse_variable(struct parser *parser, struct operand *value)
{
    const char *start = parser->at++;
    char name[32];
    size_t length = 0;
    while (isalnum((unsigned char)parser->at[length]) || parser->at[length] == '_')
        length++;
    if (length == 0 || length >= sizeof name)
        return error_at(parser->err, column(parser, start), "a variable's name must follow '$'");
    memcpy(name, parser->at, length);
    name[length] = '\0';
    parser->at += length;
    if (!session_variable(parser->session, name, &value->has_space, &value->address))
        return error_at(parser->err, column(parser, start), "$%s is not known", name);
    return true;
}

/* A name: letters, digits, '_', and '.' within ("foo.constprop.0"). */
static size_t name_length(const char *at)
{
    size_t length = 0;
    while (isalnum((unsigned char)at[length]) || at[length] == '_' || at[length] == '.')
        length++;
    return length;
}

/* What is all hexadecimal digits is a number, even where a symbol has that name. */
static bool is_symbol(const char *at)
{
    size_t length = name_length(at);
    return (isalpha((unsigned char)*at) || *at == '_') &&
           strspn(at, "0123456789abcdefABCDEF") < length;
}

/* ":1" after a symbol: that CPU's copy.  CPUs are counted in decimal. */
static bool parse_cpu(struct parser *parser, const char *start, const struct linux_context *linux,
                      const char *name, uint64_t va, struct operand *value)
{
    struct error err;
    const char *digits = ++parser->at;
    uint64_t cpu = 0, copy;
    while (isdigit((unsigned char)*parser->at) && cpu < PERCPU_MAX)
        cpu = cpu * 10 + (uint64_t)(*parser->at++ - '0');
    if (parser->at == digits || isalnum((unsigned char)*parser->at))
        return error_at(parser->err, column(parser, digits),
                        "the number of a CPU, in decimal, follows %s:", name);
    if (!percpu_address(linux->percpu, name, va, cpu, &copy, &err))
        return error_at(parser->err, column(parser, start), "%s", err.text);
    *value = (struct operand){true, address_in(linux->memory->space, copy)};
    return true;
}

static bool parse_symbol(struct parser *parser, struct operand *value)
{
    char name[SYMBOL_NAME + 1];
    size_t length = name_length(parser->at);
    uint64_t va;
    if (length > SYMBOL_NAME)
        return error_at(parser->err, column(parser, parser->at), "no symbol's name is that long");
    memcpy(name, parser->at, length);
    name[length] = '\0';
    struct linux_context *linux = session_need(parser->session, LINUX_SYMBOLS, parser->err);
    if (!linux && !(linux = session_need(parser->session, LINUX_IMAGE, parser->err)))
        return error_at(parser->err, column(parser, parser->at),
                        "not an address, and no symbols are known: write v: p: or f: and a "
                        "hexadecimal number, $name, 'mark or [pointer]");
    if (!linux_symbol(linux, name, &va))
        return error_at(parser->err, column(parser, parser->at), "no symbol %s is known%s", name,
                        linux->symbols && !linux->has_data_symbols
                            ? ": this kernel's kallsyms holds no variables (CONFIG_KALLSYMS_ALL)"
                            : "");
    const char *start = parser->at;
    parser->at += length;
    if (*parser->at == ':')
        return parse_cpu(parser, start, linux, name, va, value);
    if (percpu_holds(linux->percpu, name, va))
        return error_at(parser->err, column(parser, start), "%s is per-CPU: %s:0 is CPU 0's", name,
                        name);
    *value = (struct operand){true, address_in(linux->memory->space, va)};
    return true;
}

/* Is what stands there the name of a per-CPU variable, and no process? */
static bool is_percpu(struct parser *parser, size_t length)
{
    char name[SYMBOL_NAME + 1];
    struct error ignored;
    uint64_t va;
    if (!is_symbol(parser->at) || name_length(parser->at) != length || length > SYMBOL_NAME)
        return false;
    memcpy(name, parser->at, length);
    name[length] = '\0';
    struct linux_context *linux = session_need(parser->session, LINUX_SYMBOLS, &ignored);
    return linux && linux_symbol(linux, name, &va) && percpu_holds(linux->percpu, name, va);
}

/* "PID:" or "COMM:" after v:.  Returns its length without the colon; 0: not there. */
static size_t process_length(const char *at)
{
    enum space_kind kind;
    size_t length = strcspn(at, ": \t()[]'$+");
    if (length == 0 || at[length] != ':')
        return 0;
    /* "f:..." is a space, and so is the end of "20-v:8". */
    bool ends_in_space = space_of_letter(at[length - 1], &kind) &&
                         (length == 1 || !isalnum((unsigned char)at[length - 2]));
    return ends_in_space ? 0 : length;
}

/* What follows is of that process: its own addresses, and what is loaded by them. */
static bool parse_in_process(struct parser *parser, size_t length, struct operand *value)
{
    char name[64];
    const char *start = parser->at;
    struct error err;
    if (length >= sizeof name)
        return error_at(parser->err, column(parser, start), "no process has a name that long");
    memcpy(name, start, length);
    name[length] = '\0';
    const struct space *before = parser->process;
    parser->process = session_space_named(parser->session, name, &err);
    if (!parser->process)
        return error_at(parser->err, column(parser, start), "%s", err.text);
    parser->at += length + 1;
    bool ok = parse_primary(parser, value) && convert(parser, start, SPACE_VIRT, value);
    if (ok)
        value->address.space = parser->process;
    parser->process = before;
    return ok;
}

static bool parse_mark(struct parser *parser, struct operand *value)
{
    struct error err;
    struct address address;
    if (!session_mark(parser->session, parser->at[1], &address, &err))
        return error_at(parser->err, column(parser, parser->at), "%s", err.text);
    *value = (struct operand){true, address};
    parser->at += 2;
    return true;
}

/* What stands between an opening and a closing character. */
static bool parse_inside(struct parser *parser, char close, struct operand *value)
{
    const char *start = parser->at++;
    if (++parser->depth > DEEPEST)
        return error_at(parser->err, column(parser, start), "nested too deeply");
    if (!parse_rank(parser, 0, value))
        return false;
    skip_blanks(parser);
    if (*parser->at != close)
        return error_at(parser->err, column(parser, parser->at), "'%c' expected", close);
    parser->at++;
    parser->depth--;
    return true;
}

/* [X]: the pointer stored at X; what tags and PAC added to it is taken away. */
static bool parse_load(struct parser *parser, struct operand *value)
{
    const char *start = parser->at;
    char name[ADDRESS_TEXT];
    uint64_t word;
    if (!parse_inside(parser, ']', value))
        return false;
    if (!value->has_space)
        value->address.space = space_of_kind(parser, parser->default_kind);
    if (!session_await(parser->session, false, parser->err))
        return false;
    if (!session_read_u64(parser->session, value->address, &word))
        return error_at(parser->err, column(parser, start), "nothing can be read at %s",
                        address_text(value->address, name));
    const struct space *space = value->address.space;
    if (!address_is_virtual(value->address))
        space = space_of_kind(parser, SPACE_VIRT);
    if (space->paging)
        word = paging_canonical(space->paging, word);
    *value = (struct operand){true, address_in(space, word)};
    return true;
}

static bool parse_primary(struct parser *parser, struct operand *value)
{
    skip_blanks(parser);
    const char *start = parser->at;
    enum space_kind kind;
    if (start[0] && start[1] == ':' && space_of_letter(start[0], &kind)) {
        parser->at += 2;
        if (++parser->depth > DEEPEST)
            return error_at(parser->err, column(parser, start), "nested too deeply");
        size_t process = kind == SPACE_VIRT ? process_length(parser->at) : 0;
        if (process && is_percpu(parser, process))
            process = 0;
        bool ok = process ? parse_in_process(parser, process, value)
                          : parse_primary(parser, value) && convert(parser, start, kind, value);
        parser->depth--;
        return ok;
    }
    switch (*start) {
    case '(':
        return parse_inside(parser, ')', value);
    case '[':
        return parse_load(parser, value);
    case '$':
        return parse_variable(parser, value);
    case '\'':
        return parse_mark(parser, value);
    case '\0':
        return error_at(parser->err, column(parser, start), "an address is missing here");
    default:
        if (is_symbol(start))
            return parse_symbol(parser, value);
        if (isxdigit((unsigned char)*start) || *start == '.')
            return parse_number(parser, value);
        return error_at(parser->err, column(parser, start),
                        "not an address: write v: p: or f: and a hexadecimal number, a symbol, "
                        "$name, 'mark or [pointer]");
    }
}

static bool calculate(char code, uint64_t a, uint64_t b, uint64_t *result)
{
    switch (code) {
    case '|':
        *result = a | b;
        break;
    case '&':
        *result = a & b;
        break;
    case '<':
        *result = b < 64 ? a << b : 0;
        break;
    case '>':
        *result = b < 64 ? a >> b : 0;
        break;
    case '+':
        *result = a + b;
        break;
    case '-':
        *result = a - b;
        break;
    case '*':
        *result = a * b;
        break;
    default:
        if (b == 0)
            return false;
        *result = a / b;
        break;
    }
    return true;
}

static bool combine(struct parser *parser, const char *at, char code, struct operand *left,
                    const struct operand *right)
{
    uint64_t a = left->address.value, b = right->address.value, result;
    bool distance = code == '-' && left->has_space && right->has_space;
    if (right->has_space && left->has_space &&
        (!distance ||
         address_canonical(left->address).space != address_canonical(right->address).space))
        return error_at(parser->err, column(parser, at),
                        "two addresses can only be subtracted, in the same space");
    if (code == '-' && right->has_space && !left->has_space)
        return error_at(parser->err, column(parser, at),
                        "an address cannot be taken from a number");
    if (!calculate(code, a, b, &result))
        return error_at(parser->err, column(parser, at), "division by zero");
    bool has_space = (left->has_space || right->has_space) && !distance;
    bool passes = (code == '+' && result < a) || (code == '-' && b > a && !distance) ||
                  (code == '*' && b && result / b != a);
    if (passes)
        return error_at(parser->err, column(parser, at), "the result passes the end of 64 bits");
    const struct space *space = left->has_space ? left->address.space : right->address.space;
    *left = (struct operand){has_space, address_in(has_space ? space : &space_file, result)};
    return true;
}

static const struct binary_operator *operator_here(const struct parser *parser, int rank)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].rank == rank &&
            strncmp(parser->at, operators[i].text, strlen(operators[i].text)) == 0)
            return &operators[i];
    return NULL;
}

static bool parse_rank(struct parser *parser, int rank, struct operand *value)
{
    if (rank == RANKS)
        return parse_primary(parser, value);
    if (!parse_rank(parser, rank + 1, value))
        return false;
    for (;;) {
        struct operand right;
        const char *before = parser->at;
        skip_blanks(parser);
        const char *at = parser->at;
        const struct binary_operator *found = operator_here(parser, rank);
        if (!found) {
            parser->at = before;
            return true;
        }
        parser->at += strlen(found->text);
        if (!parse_rank(parser, rank + 1, &right) ||
            !combine(parser, at, found->code, value, &right))
            return false;
    }
}

static bool parse(struct session *session, const char *text, enum space_kind default_kind,
                  struct operand *value, const char **end, struct error *err)
{
    struct parser parser = {
        .session = session, .text = text, .at = text, .default_kind = default_kind, .err = err};
    if (!parse_rank(&parser, 0, value))
        return false;
    if (!value->has_space)
        value->address.space = space_of_kind(&parser, default_kind);
    skip_blanks(&parser);
    *end = parser.at;
    return true;
}

bool expression_prefix(struct session *session, const char *text, enum space_kind default_kind,
                       struct address *address, const char **end, struct error *err)
{
    struct operand value;
    if (!parse(session, text, default_kind, &value, end, err))
        return false;
    *address = value.address;
    return true;
}

bool expression_eval(struct session *session, const char *text, enum space_kind default_kind,
                     struct address *address, struct error *err)
{
    const char *end;
    struct address found;
    bool good = expression_prefix(session, text, default_kind, &found, &end, err) &&
                (!*end || error_at(err, (int)(end - text), "unexpected text after the expression"));
    if (good)
        *address = found;
    return good;
}

bool expression_number(struct session *session, const char *text, uint64_t *number,
                       struct error *err)
{
    struct operand value;
    const char *end;
    if (!parse(session, text, SPACE_FILE, &value, &end, err))
        return false;
    if (*end)
        return error_at(err, (int)(end - text), "unexpected text after the expression");
    if (value.has_space)
        return error_at(err, 0, "a number is wanted here, not an address");
    *number = value.address.value;
    return true;
}
