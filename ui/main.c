/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ramwalk: options, the image, and then the browser or the batch mode. */
#include "ui/app/app.h"
#include "ui/app/signals.h"
#include "ui/arguments.h"
#include "ui/batch.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_USAGE = 2 };

static int complain(const struct error *err, int status)
{
    fprintf(stderr, "ramwalk: %s\n", err->text);
    return status;
}

int main(int argc, char **argv)
{
    struct session *session;
    struct arguments arguments;
    struct error err;
    setlocale(LC_CTYPE, "");
    switch (arguments_parse(&arguments, argc, argv, &err)) {
    case ARGUMENTS_VERSION:
        puts("ramwalk " RAMWALK_VERSION);
        return fflush(stdout) == 0 ? 0 : 1;
    case ARGUMENTS_DONE:
        return fflush(stdout) == 0 ? 0 : 1;
    case ARGUMENTS_MANUAL:
        return manual_print(arguments.manual, RAMWALK_VERSION, stdout) ? 0 : 1;
    case ARGUMENTS_WRONG:
        return complain(&err, EXIT_USAGE);
    case ARGUMENTS_RUN:
        break;
    }
    /* Before the image, which puts its own handler for SIGBUS in front. */
    signals_catch_crashes();
    session = session_open(&arguments.options, &err);
    if (!session)
        return complain(&err, EXIT_FAILURE);
    int status = 0;
    const char *no_color = getenv("NO_COLOR");
    struct app_options browser = {.mono = arguments.no_color || (no_color && *no_color),
                                  .rate = arguments.rate,
                                  .rc = arguments.rc};
    if (arguments.commands)
        status = batch_run(session, &arguments);
    else if (!app_run(session, &browser, &err))
        status = complain(&err, EXIT_FAILURE);
    session_close(session);
    signals_finish();
    return status;
}
