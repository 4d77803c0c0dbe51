/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handlers only write a byte into a pipe, or restore the terminal and let the crash go on. */
#include "ui/app/signals.h"

#include "ui/terminal/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int event_pipe[2] = {-1, -1};
static volatile sig_atomic_t told_to_leave; /* the signal */

static const struct {
    int number;
    unsigned char event;
} events[] = {
    {SIGWINCH, SIGNAL_RESIZE}, {SIGTSTP, SIGNAL_SUSPEND}, {SIGCONT, SIGNAL_RESUMED},
    {SIGTERM, SIGNAL_LEAVE},   {SIGINT, SIGNAL_LEAVE},    {SIGHUP, SIGNAL_LEAVE},
    {SIGQUIT, SIGNAL_LEAVE},   {SIGALRM, SIGNAL_LEAVE},   {SIGUSR1, SIGNAL_LEAVE},
    {SIGUSR2, SIGNAL_LEAVE},   {SIGPIPE, SIGNAL_LEAVE},
};

static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
enum { CRASHES = sizeof crashes / sizeof *crashes };
static struct sigaction before[CRASHES];

/* What stood there before gets the crash: a sanitizer's report, or the default action. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    screen_abandon();
    for (int i = 0; i < CRASHES; i++)
        if (crashes[i] == number)
            sigaction(number, &before[i], NULL);
    /* A fault happens again on return; what was sent has to be sent again. */
    if (number == SIGABRT || info->si_code <= 0)
        raise(number);
}

void signals_catch_crashes(void)
{
    static char stack_memory[65536];
    stack_t stack = {.ss_sp = stack_memory, .ss_size = sizeof stack_memory};
    sigaltstack(&stack, NULL);
    for (int i = 0; i < CRASHES; i++) {
        struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        sigaction(crashes[i], &action, &before[i]);
    }
}

/* The loop did not come to the first signal: the second one kills as if nothing caught it. */
static void leave(int number)
{
    if (told_to_leave) {
        screen_abandon();
        signal(number, SIG_DFL);
        raise(number);
    }
    told_to_leave = number;
}

static void on_event(int number)
{
    int saved = errno;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i].number == number) {
            if (events[i].event == SIGNAL_LEAVE)
                leave(number);
            ssize_t ignored = write(event_pipe[1], &events[i].event, 1);
            (void)ignored;
        }
    errno = saved;
}

static void catch (int number)
{
    struct sigaction action = {.sa_handler = on_event, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* By whoever started the program: nohup, or a shell for its background jobs. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int signals_open(void)
{
    if (event_pipe[0] < 0 && pipe2(event_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i].event != SIGNAL_LEAVE || !is_ignored(events[i].number))
            catch (events[i].number);
    return event_pipe[0];
}

unsigned signals_take(void)
{
    unsigned taken = 0;
    unsigned char bytes[64];
    for (ssize_t n; (n = read(event_pipe[0], bytes, sizeof bytes)) > 0;)
        for (ssize_t i = 0; i < n; i++)
            taken |= bytes[i];
    return taken;
}

void signals_stop(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTSTP, &action, NULL);
    kill(0, SIGTSTP);
    catch (SIGTSTP);
}

void signals_finish(void)
{
    if (!told_to_leave)
        return;
    signal(told_to_leave, SIG_DFL);
    raise(told_to_leave);
}
