/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps are given out in slices, so that taking one costs a comparison. */
#include "base/budget.h"

#define SLICE 256

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

bool budget_has_ended(struct budget *budget)
{
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
        [BUDGET_CANCELLED] = "it was cancelled",
    };
    return budget->end ? why[budget->end] : NULL;
}
