/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_names - answers are kept, and a slow name server gets few chances.
 */
#include "tests/unit/t.h"

#include "common/when.h"
#include "httpd/names.h"

static struct names names;

START_TEST(answers_are_kept_for_a_minute)
{
	struct addr a = addr_v4(0x0a000001), b = addr_v4(0x0a000002);
	int64_t t = 5 * WHEN_NS_PER_S;
	struct str name;

	memset(&names, 0, sizeof names);
	ck_assert_int_eq(names_get(&names, &a, t, &name), NAMES_ASK);
	names_put(&names, &a, STR("a.example"), t, t);
	names_put(&names, &b, STR(""), t, t);
	ck_assert_int_eq(names_get(&names, &a, t, &name), NAMES_KNOWN);
	ck_assert_msg(str_eq(name, STR("a.example")), "%.*s", STR_ARG(name));
	ck_assert_int_eq(names_get(&names, &b, t, &name), NAMES_NONE);
	t += NAMES_KEEP_S * WHEN_NS_PER_S;
	ck_assert_int_eq(names_get(&names, &a, t, &name), NAMES_ASK);
	ck_assert_int_eq(names_get(&names, &b, t, &name), NAMES_ASK);
}
END_TEST

/* however many strangers come, and however slow the answers are */
START_TEST(more_names_than_are_kept)
{
	int64_t t = 5 * WHEN_NS_PER_S;
	struct str name;
	char text[32];
	unsigned known = 0;

	memset(&names, 0, sizeof names);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < 2000; i++) {
			struct addr a = addr_v4(0x0a000000 | i);

			(void)snprintf(text, sizeof text, "h%u.example",
			    (unsigned)i);
			if (pass == 0)
				names_put(&names, &a, str_of(text), t, t);
			else if (names_get(&names, &a, t, &name) == NAMES_KNOWN) {
				known++;
				ck_assert_msg(str_eq(name, str_of(text)),
				    "%s: %.*s", text, STR_ARG(name));
			}
		}
	}
	ck_assert_msg(known > 100 && known <= 512, "%u known", known);
}
END_TEST

START_TEST(waiting_takes_a_tenth_of_the_time)
{
	int64_t took = 3 * WHEN_NS_PER_S, t = WHEN_NS_PER_S, waited = 0;
	int64_t start = t;
	struct str name;
	uint32_t i;

	memset(&names, 0, sizeof names);
	for (i = 0; i < 100000; i++) {
		struct addr a = addr_v4(0x0a000000 + i);

		t += WHEN_NS_PER_MS;
		if (names_get(&names, &a, t, &name) != NAMES_ASK)
			continue;
		names_put(&names, &a, STR(""), t, t + took);
		t += took;
		waited += took;
	}
	ck_assert_msg(waited > 0 && (waited - took) * 10 <= t - start,
	    "%lld of %lld ms", (long long)(waited / WHEN_NS_PER_MS),
	    (long long)((t - start) / WHEN_NS_PER_MS));
}
END_TEST

START_TEST(long_names_are_none)
{
	static char text[NAMES_LEN_MAX + 1];
	struct addr a = addr_v4(1);
	struct str name;

	memset(&names, 0, sizeof names);
	memset(text, 'x', sizeof text);
	names_put(&names, &a, str_make(text, NAMES_LEN_MAX), 1, 1);
	ck_assert_int_eq(names_get(&names, &a, 1, &name), NAMES_KNOWN);
	ck_assert_int_eq((int)name.len, NAMES_LEN_MAX);
	names_put(&names, &a, str_make(text, sizeof text), 1, 1);
	ck_assert_int_eq(names_get(&names, &a, 1, &name), NAMES_NONE);
}
END_TEST

T_MAIN("httpd_names") {
	T_ADD(answers_are_kept_for_a_minute);
	T_ADD(more_names_than_are_kept);
	T_ADD(waiting_takes_a_tenth_of_the_time);
	T_ADD(long_names_are_none);
}
