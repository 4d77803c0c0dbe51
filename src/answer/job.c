/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines come by the pipe, how it ended by a page that both processes see. */
#include "answer/job.h"

#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Written by the command's process alone, read once that has ended. */
struct ending {
    bool complete, done;
    struct error err;
};

struct job {
    struct session *session;
    struct ending *ending;
    pid_t process; /* 0: has ended */
    int pipe;
    char *text; /* what has come of a line that is not complete, and room for a slice */
    size_t length, capacity;
};

/* ---- in the command's process ---- */

static bool write_line(void *context, const char *line)
{
    int pipe = *(const int *)context;
    struct iovec part[2] = {{(void *)(uintptr_t)line, strlen(line)}, {(void *)(uintptr_t) "\n", 1}};
    while (part[0].iov_len + part[1].iov_len > 0) {
        ssize_t written = writev(pipe, part, 2);
        if (written < 0)
            return false;
        for (int i = 0; i < 2; i++) {
            size_t n = (size_t)written < part[i].iov_len ? (size_t)written : part[i].iov_len;
            part[i].iov_base = (char *)part[i].iov_base + n;
            part[i].iov_len -= n;
            written -= (ssize_t)n;
        }
    }
    return true;
}

/* The terminal's signals are the program's business; this process just ends or stops. */
static void forget_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP, SIGCONT, SIGWINCH};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal(numbers[i], SIG_DFL);
}

static _Noreturn void run(struct job *job, int pipe, const struct command *command,
                          const char *arguments)
{
    struct output output = {.line = write_line, .context = &pipe};
    struct ending *ending = job->ending;
    struct session *session = job->session;
    forget_signals();
    session_set_impatient(session, false);
    ending->done = command_run(session, command, arguments, &output, &ending->err);
    ending->complete = true;
    _exit(0); /* what the program has open, buffered and registered stays the program's */
}

/* ---- in the program ---- */

static bool start(struct job *job, const struct command *command, const char *arguments)
{
    int ends[2];
    pid_t program = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    job->process = fork();
    if (job->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != program) /* it was gone before we asked to be told */
            _exit(1);
        close(ends[0]);
        run(job, ends[1], command, arguments);
    }
    int why = errno;
    close(ends[1]);
    job->pipe = ends[0];
    errno = why;
    return job->process > 0;
}

struct job *job_start(struct session *session, const struct command *command, const char *arguments,
                      struct error *err)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        error_set(err, "out of memory");
        return NULL;
    }
    job->session = session;
    job->pipe = -1;
    job->ending =
        mmap(NULL, sizeof *job->ending, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (job->ending == MAP_FAILED || !start(job, command, arguments)) {
        error_set(err, "%s cannot be run beside the program (%s): use ramwalk -c", command->name,
                  strerror(errno));
        job_end(job);
        return NULL;
    }
    return job;
}

int job_descriptor(const struct job *job)
{
    return job->pipe;
}

static bool make_room(struct job *job)
{
    if (job->capacity - job->length >= JOB_SLICE)
        return true;
    size_t capacity = 2 * job->capacity + JOB_SLICE;
    char *text = realloc(job->text, capacity);
    if (!text)
        return false;
    job->text = text;
    job->capacity = capacity;
    return true;
}

/* Hands the complete lines on.  False: no more are wanted. */
static bool give_lines(struct job *job, bool (*line)(void *, const char *), void *context)
{
    char *at = job->text, *end = job->text + job->length;
    bool wanted = true;
    for (char *stop; wanted && (stop = memchr(at, '\n', (size_t)(end - at))); at = stop + 1) {
        *stop = '\0';
        wanted = line(context, at);
    }
    job->length = (size_t)(end - at);
    memmove(job->text, at, job->length);
    return wanted;
}

static void reap(struct job *job)
{
    if (job->process > 0)
        while (waitpid(job->process, NULL, 0) < 0 && errno == EINTR)
            ;
    job->process = 0;
}

static enum job_state finish(struct job *job, struct error *err)
{
    const struct ending *ending = job->ending;
    reap(job);
    if (!ending->complete) {
        error_set(err, "the command broke off: its process was ended from outside, or crashed");
        return JOB_FAILED;
    }
    if (!ending->done)
        *err = ending->err;
    return ending->done ? JOB_DONE : JOB_FAILED;
}

enum job_state job_take(struct job *job, bool (*line)(void *context, const char *line),
                        void *context, struct error *err)
{
    if (!make_room(job)) {
        error_set(err, "out of memory");
        return JOB_FAILED;
    }
    ssize_t got = read(job->pipe, job->text + job->length, JOB_SLICE);
    if (got < 0)
        return JOB_RUNNING;
    if (got == 0)
        return finish(job, err);
    job->length += (size_t)got;
    return give_lines(job, line, context) ? JOB_RUNNING : JOB_DONE;
}

void job_end(struct job *job)
{
    if (!job)
        return;
    if (job->process > 0)
        kill(job->process, SIGKILL);
    reap(job);
    if (job->pipe >= 0)
        close(job->pipe);
    if (job->ending != MAP_FAILED)
        munmap(job->ending, sizeof *job->ending);
    free(job->text);
    free(job);
}
