/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps are given out in slices, so that taking one costs a comparison. */
#include "base/budget.h"

#include <time.h>

#define SLICE     256
#define NS_PER_S  UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)

static uint64_t worked_ns(void)
{
    struct timespec worked;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &worked);
    return (uint64_t)worked.tv_sec * NS_PER_S + (uint64_t)worked.tv_nsec;
}

static bool end(struct budget *budget, enum budget_end why)
{
    budget->end = why;
    budget->slice = budget->steps = 0;
    return false;
}

void budget_init(struct budget *budget, uint64_t steps, uint64_t bytes, const atomic_bool *cancel)
{
    *budget = (struct budget){.steps = steps, .bytes = bytes, .cancel = cancel};
}

void budget_limit_time(struct budget *budget, unsigned milliseconds, uint64_t steps)
{
    uint64_t left = budget->slice + budget->steps;
    budget->timed_from = left > steps ? left - steps : 0;
    budget->until_ns = worked_ns() + milliseconds * NS_PER_MS;
}

void budget_share_time(struct budget *budget, const struct budget *of)
{
    uint64_t of_left = of->slice + of->steps, left = budget->slice + budget->steps;
    uint64_t free_of_it = of_left > of->timed_from ? of_left - of->timed_from : 0;
    budget->until_ns = of->until_ns;
    budget->timed_from = left > free_of_it ? left - free_of_it : 0;
}

bool budget_has_ended(struct budget *budget)
{
    if (!budget->end && budget->until_ns && budget->slice + budget->steps <= budget->timed_from &&
        worked_ns() >= budget->until_ns)
        end(budget, BUDGET_NO_TIME);
    if (!budget->end && budget->cancel &&
        atomic_load_explicit(budget->cancel, memory_order_relaxed))
        end(budget, BUDGET_CANCELLED);
    return budget->end;
}

bool budget_take_slowly(struct budget *budget, uint64_t steps)
{
    if (budget_has_ended(budget))
        return false;
    uint64_t left = budget->slice + budget->steps;
    if (budget->steps == BUDGET_ENDLESS) {
        budget->slice = SLICE;
        return true;
    }
    if (steps > left)
        return end(budget, BUDGET_NO_STEPS);
    left -= steps;
    budget->slice = left < SLICE ? left : SLICE;
    budget->steps = left - budget->slice;
    return true;
}

bool budget_take_bytes(struct budget *budget, uint64_t bytes)
{
    if (budget->end || (bytes > budget->bytes && budget->bytes != BUDGET_ENDLESS))
        return budget->end ? false : end(budget, BUDGET_NO_BYTES);
    if (budget->bytes != BUDGET_ENDLESS)
        budget->bytes -= bytes;
    return true;
}

const char *budget_why(const struct budget *budget)
{
    static const char *const why[] = {
        [BUDGET_NO_STEPS] = "it takes more work than a guest of this size justifies",
        [BUDGET_NO_BYTES] = "it takes more memory than a guest of this size justifies",
        [BUDGET_NO_TIME] = "it takes longer than a frame may",
        [BUDGET_CANCELLED] = "it was cancelled",
    };
    return budget->end ? why[budget->end] : NULL;
}
