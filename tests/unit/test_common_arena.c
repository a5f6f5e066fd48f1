/* SPDX-License-Identifier: ISC */
/*
 * arena: alignment, the cap, marks, trimming.
 */
#include <signal.h>

#include "common/arena.h"
#include "tests/unit/t.h"

START_TEST(aligns_whatever_the_start)
{
	uint8_t *mem = malloc(64 + 8);
	struct arena a;

	arena_init(&a, mem + _i, 64);
	ck_assert_msg(arena_alloc(&a, 1, 1) == mem + _i, "first");
	for (size_t align = 1; align <= 16; align *= 2)
		ck_assert_msg((uintptr_t)arena_alloc(&a, 1, align) % align == 0,
		    "align %zu", align);
	free(mem);
}
END_TEST

START_TEST(full_at_the_cap)
{
	uint8_t *mem = malloc(32);
	struct arena a;

	arena_init(&a, mem, 32);
	ck_assert_msg(arena_alloc(&a, 32, 1) == mem, "all of it");
	ck_assert_int_eq((int)arena_left(&a), 0);
	ck_assert_msg(arena_alloc(&a, 0, 1) != NULL && !a.full, "zero fits");
	ck_assert_msg(arena_alloc(&a, 1, 1) == NULL && a.full, "one does not");
	arena_reset(&a, 0);
	ck_assert_msg(!a.full && arena_left(&a) == 32, "reset");
	ck_assert_msg(arena_alloc(&a, 33, 1) == NULL, "too big");
	ck_assert_msg(arena_alloc(&a, SIZE_MAX, 16) == NULL, "no overflow");
	ck_assert_msg(arena_zalloc(&a, SIZE_MAX / 2, 3, 1) == NULL, "n * size");
	ck_assert_msg(arena_zalloc(&a, SIZE_MAX, 0, 1) != NULL, "n of nothing");
	ck_assert_msg(arena_left(&a) == 32, "failures take nothing");
	/* Padding alone may not fit either. */
	arena_reset(&a, 0);
	ck_assert_msg(arena_alloc(&a, 25, 1) != NULL, "25");
	ck_assert_msg(arena_alloc(&a, 0, 64) == NULL ||
	    (uintptr_t)(mem + 32) % 64 == 0, "padding");
	free(mem);
}
END_TEST

START_TEST(copies_and_zeroes)
{
	uint8_t *mem = malloc(64);
	struct arena a;
	struct str s = STR("x");
	uint32_t *numbers;
	size_t mark;

	memset(mem, 0xee, 64);
	arena_init(&a, mem, 64);
	numbers = ARENA_ARRAY(&a, uint32_t, 3);
	ck_assert_msg(numbers[0] == 0 && numbers[2] == 0, "zeroed");
	*ARENA_NEW(&a, uint64_t) += 1;
	t_mem_eq(arena_dup(&a, "ab", 2), 2, "ab", 2);
	ck_assert_msg(arena_dup(&a, NULL, 0) != NULL, "empty dup");
	mark = arena_mark(&a);
	ck_assert_msg(arena_str(&a, STR("word"), &s) && s.len == 4, "str");
	ck_assert_str_eq(s.p, "word");
	arena_reset(&a, mark);
	ck_assert_msg(!arena_str(&a, str_make(mem, arena_left(&a)), &s),
	    "no room for the NUL");
	ck_assert_msg(s.len == 4, "result untouched");
	ck_assert_msg(arena_dup(&a, mem, 64) == NULL, "dup too long");
	ck_assert_msg(ARENA_ARRAY(&a, uint64_t, 9) == NULL, "array too long");
	ck_assert_msg(arena_str(&a, str_make(NULL, 0), &s) && s.len == 0 &&
	    s.p[0] == '\0', "empty str");
	free(mem);
}
END_TEST

START_TEST(trims_the_last)
{
	uint8_t *mem = malloc(64), *p;
	struct arena a;

	arena_init(&a, mem, 64);
	(void)!arena_alloc(&a, 3, 1);
	p = arena_alloc(&a, 40, 8);
	arena_trim(&a, p, 10);
	ck_assert_msg(arena_alloc(&a, 1, 1) == p + 10, "next one follows");
	free(mem);
}
END_TEST

START_TEST(trim_never_grows)
{
	uint8_t mem[16], *p;
	struct arena a;

	arena_init(&a, mem, sizeof(mem));
	p = arena_alloc(&a, 4, 1);
	arena_trim(&a, p, 5);
}
END_TEST

START_TEST(odd_alignment_aborts)
{
	uint8_t mem[16];
	struct arena a;

	arena_init(&a, mem, sizeof(mem));
	(void)!arena_alloc(&a, 4, 3);
}
END_TEST

T_MAIN("common_arena")
{
	T_LOOP(aligns_whatever_the_start, 0, 8);
	T_ADD(full_at_the_cap);
	T_ADD(copies_and_zeroes);
	T_ADD(trims_the_last);
	tcase_add_test_raise_signal(t_case, trim_never_grows, SIGABRT);
	tcase_add_test_raise_signal(t_case, odd_alignment_aborts, SIGABRT);
}
