/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The symbols of the kernel and its modules, those too that were found by other means. */
#include "answer/subjects.h"
#include "ui/pane/list/list_pane.h"

static bool ask(struct list_pane *list, struct list_question *question, struct error *why)
{
    question->subject = command_sym.subject;
    return session_knows(list->session, LINUX_SYMBOLS, why);
}

static struct address address(const struct list_pane *list, size_t row)
{
    struct address at = list_pane_address(list, row, "virt");
    const struct value *name = list_pane_cell(list, row, "name");
    if (name)
        at.value = session_symbol_place(list->session, name->text.bytes, at.value);
    return at;
}

static const struct list_kind kind = {
    .title = "Symbols",
    .sort = "virt",
    .ask = ask,
    .address = address,
};

static struct pane *create(struct app *app, struct session *session)
{
    return list_pane_create(&symbols_pane_type, &kind, app, session);
}

const struct pane_type symbols_pane_type = {
    .name = "symbols", .create = create, LIST_PANE_OPERATIONS};
