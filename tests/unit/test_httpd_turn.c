/* SPDX-License-Identifier: ISC */
/*
 * Texts of one request: whole, or empty when there is no room.
 */
#include "tests/unit/t.h"

#include "httpd/route.h"
#include "httpd/turn.h"

START_TEST(whole_or_empty)
{
	static uint8_t mem[600], more[2 * TURN_TEXT_MAX];
	struct arena a;
	struct str s;

	for (size_t size = 0; size < sizeof mem; size++) {
		arena_init(&a, mem, size);
		s = turn_fmt(&a, "%s-%d", "text", 42);
		ck_assert_msg(str_eq(s, size < 8 ? STR("") : STR("text-42")),
		    "%zu: %.*s", size, STR_ARG(s));
		ck_assert_int_eq((int)a.len, (int)s.len);
		arena_init(&a, mem, size);
		s = turn_dec(&a, "n ", 18446744073709551615u);
		ck_assert_msg(str_eq(s, a.full ? STR("") :
		    STR("n 18446744073709551615")), "%zu: %.*s", size,
		    STR_ARG(s));
	}
	ck_assert_msg(!a.full, "room enough");
	arena_init(&a, more, sizeof more);
	s = turn_fmt(&a, "file: %*s", ROUTE_PATH_MAX, "");
	ck_assert_int_eq((int)s.len, 6 + ROUTE_PATH_MAX);
	s = turn_fmt(&a, "%*s", TURN_TEXT_MAX + 1, "");
	ck_assert_msg(s.len == 0, "longer than a text may be");
}
END_TEST

T_MAIN("httpd_turn") {
	T_ADD(whole_or_empty);
}
