/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cmocka with what its header needs, and with assertions of truth that a compiler can follow: after
 * assert_true(f(&x)) it knows that f succeeded and so wrote x.
 */
#ifndef RAMWALK_UNIT_CHECKS_H
#define RAMWALK_UNIT_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* A failed assertion leaves the test by longjmp(); abort() is never reached. */
#define CHECK(truth, text)                                                                         \
    do {                                                                                           \
        if (!(truth)) {                                                                            \
            _assert_true(0, text, __FILE__, __LINE__);                                             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#undef assert_true
#define assert_true(truth) CHECK(truth, #truth)
#undef assert_false
#define assert_false(truth) CHECK(!(truth), "!(" #truth ")")
#undef assert_non_null
#define assert_non_null(pointer) CHECK((pointer) != NULL, #pointer)

#endif
