/* SPDX-License-Identifier: ISC */
/*
 * t.h - what every unit test uses besides Check.
 *
 * Only the part of Check's interface that its old releases have:
 * START_TEST, END_TEST, ck_assert_msg, ck_assert_int_eq, ck_assert_str_eq, loop
 * tests (the variable _i).  A test file reads
 *
 *	#include "tests/unit/t.h"
 *	START_TEST(reads_big_endian) { ... } END_TEST
 *	START_TEST(every_prefix_is_safe) { ... _i ... } END_TEST
 *
 *	T_MAIN("common_rd") {
 *		T_ADD(reads_big_endian);
 *		T_LOOP(every_prefix_is_safe, 0, 64);
 *	}
 */
#ifndef TESTS_UNIT_T_H
#define TESTS_UNIT_T_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

enum { T_TIMEOUT_S = 120 };

#define T_ADD(test)		tcase_add_test(t_case, test)
#define T_LOOP(test, from, to)	tcase_add_loop_test(t_case, test, from, to)

#define T_MAIN(name)							\
	static void t_fill(TCase *t_case);				\
	int								\
	main(void)							\
	{								\
		Suite *s = suite_create(name);				\
		TCase *c = tcase_create(name);				\
		SRunner *r = srunner_create(s);				\
		int failed;						\
									\
		tcase_set_timeout(c, T_TIMEOUT_S);			\
		t_fill(c);						\
		suite_add_tcase(s, c);					\
		srunner_run_all(r, CK_NORMAL);				\
		failed = srunner_ntests_failed(r);			\
		srunner_free(r);					\
		return failed == 0 ? 0 : 1;				\
	}								\
	static void							\
	t_fill(TCase *t_case)

/*
 * t_dup - heap copy of exactly len bytes, so that a sanitizer sees one byte too far.
 *
 * The caller frees it.  Never NULL, also for len 0.
 */
static inline void *
t_dup(const void *bytes, size_t len)
{
	void *p = malloc(len);

	if (p == NULL && (p = malloc(1)) == NULL)
		abort();
	if (len > 0)
		memcpy(p, bytes, len);
	return p;
}

/*
 * t_unhex - heap copy of the bytes written as hex digits; blanks are ignored.
 *
 * The caller frees it.  Fails the test when a digit is not one.
 */
static inline uint8_t *
t_unhex(const char *hex, size_t *ret_len)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	size_t n = 0, nibbles = 0;
	uint8_t *p, *exact;
	const char *d;

	if ((p = malloc(strlen(hex) / 2 + 1)) == NULL)
		abort();
	for (; *hex != '\0'; hex++) {
		if (strchr(" \t\n", *hex) != NULL)
			continue;
		d = strchr(digits, *hex);
		ck_assert_msg(d != NULL, "t_unhex: '%c' is no hex digit", *hex);
		if (nibbles++ % 2 == 0)
			p[n] = (uint8_t)((unsigned)((d - digits) % 16) << 4);
		else
			p[n++] |= (uint8_t)((d - digits) % 16);
	}
	ck_assert_msg(nibbles % 2 == 0, "t_unhex: odd number of digits");
	exact = t_dup(p, n);
	free(p);
	*ret_len = n;
	return exact;
}

static inline void
t_dump(const char *what, const uint8_t *p, size_t len, size_t at)
{
	size_t from = at < 8 ? 0 : at - 8;

	printf("%s (%zu bytes, from %zu):", what, len, from);
	for (size_t i = from; i < len && i < from + 32; i++)
		printf(i == at ? " [%02x]" : " %02x", p[i]);
	printf("\n");
	fflush(stdout);
}

/*
 * t_mem_eq - fail the test unless both byte strings are the same; shows where.
 */
static inline void
t_mem_eq(const void *got, size_t got_len, const void *want, size_t want_len)
{
	const uint8_t *g = got, *w = want;
	size_t at = 0;

	while (at < got_len && at < want_len && g[at] == w[at])
		at++;
	if (at < got_len || at < want_len) {
		t_dump("got ", g, got_len, at);
		t_dump("want", w, want_len, at);
	}
	ck_assert_msg(at == got_len && at == want_len,
	    "bytes differ at %zu (got %zu, want %zu bytes)", at, got_len, want_len);
}

/*
 * t_has_line - fail the test unless one of the lines of text is this one.
 */
static inline void
t_has_line(const char *text, const char *line)
{
	size_t len = strlen(line);
	const char *at = text;

	while ((at = strstr(at, line)) != NULL) {
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return;
		at += len;
	}
	ck_assert_msg(false, "no line '%s' in:\n%s", line, text);
}

#endif
