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

/*
 * ASSERT - abort with file and line unless the condition holds.
 *
 * ALWAYS and NEVER are conditions that cannot be false or true as long as the
 * rest of the program is right, in places that defend all the same.
 *
 * Coverage builds define COVERAGE, so that the branch that nothing can take is
 * not counted as missed; the condition is evaluated all the same.
 */
#ifdef COVERAGE
#define ASSERT(x) cc_assert_check((x), #x, __FILE__, __LINE__)
#define ALWAYS(x) ((void)!(x), true)
#define NEVER(x) ((void)!(x), false)
#else
#define ASSERT(x) \
	((x) ? (void)0 : cc_assert_fail(#x, __FILE__, __LINE__))
#define ALWAYS(x) (x)
#define NEVER(x) (x)
#endif

/*
 * cc_assert_fail - one line to standard error, then abort(3).
 */
void cc_assert_fail(const char *expr, const char *file, int line)
    __attribute__((noreturn, cold));

/*
 * cc_assert_check - the assertion as a call, for coverage builds.
 */
void cc_assert_check(bool holds, const char *expr, const char *file, int line);

#endif
