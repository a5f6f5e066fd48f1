/* SPDX-License-Identifier: ISC */
/*
 * cc - what we ask of the compiler, and assertions.
 *
 * ASSERT stays on in release builds.  It guards our own promises at module
 * borders, never bytes from outside: whatever the network or a file can say
 * must end in a result, not in an abort.
 */
#ifndef COMMON_CC_H
#define COMMON_CC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A result that must be looked at.  To ignore one on purpose, with a reason:
 * (void)!f();  (gcc does not accept a bare cast). */
#define MUST_CHECK __attribute__((warn_unused_result))
/* Format string is parameter f, its arguments begin at parameter a. */
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Abort with file and line unless the condition holds. */
#define ASSERT(x) \
	((x) ? (void)0 : cc_assert_fail(#x, __FILE__, __LINE__))

/*
 * Conditions that cannot be false (ALWAYS) or true (NEVER) as long as the
 * rest of the program is right, in places that defend all the same.  Coverage
 * builds define COVERAGE so that the untakeable branch is not counted.
 */
#ifdef COVERAGE
#define ALWAYS(x) (1)
#define NEVER(x) (0)
#else
#define ALWAYS(x) (x)
#define NEVER(x) (x)
#endif

/*
 * cc_assert_fail - one line to standard error, then abort(3).
 */
void cc_assert_fail(const char *expr, const char *file, int line)
    __attribute__((noreturn, cold));

#endif
