/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_range - byte ranges by RFC 9110 14 and as recorded from Apache.
 */
#include "tests/unit/t.h"

#include <stdarg.h>

#include "common/cc.h"
#include "httpd/range.h"

/* what: "W" whole, "N" none, otherwise the ranges; of a file of 1000 bytes */
static const struct {
	const char *value, *what;
} cases[] = {
	{ "bytes=0-99", "0-99" }, { "bytes=100-199", "100-199" },
	{ "bytes=900-", "900-999" }, { "bytes=-100", "900-999" },
	{ "bytes=-5000", "0-999" }, { "bytes=-0", "N" },
	{ "bytes=0-", "0-999" }, { "bytes=0-999", "0-999" },
	{ "bytes=990-2000", "990-999" }, { "bytes=999-", "999-999" },
	{ "bytes=1000-", "N" }, { "bytes=5000-6000", "N" },
	{ "bytes=200-100", "W" }, { "bytes=0-9,20-29", "0-9 20-29" },
	{ "bytes=0-9, 20-29", "0-9 20-29" }, { "bytes=0-9,10-19", "0-19" },
	{ "bytes=0-50,25-75", "0-75" }, { "bytes=500-509,0-9", "500-509 0-9" },
	{ "bytes=0-9,5000-,20-29", "0-9 20-29" }, { "bytes=0-9,5000-", "0-9" },
	{ "bytes=2000-,3000-", "N" }, { "bytes=abc", "W" },
	{ "bytes=0-9,x", "W" }, { "bytes=", "W" }, { "bytes=-", "W" },
	{ "bytes=0-99999999999999999999", "0-999" },
	{ "bytes=99999999999999999999-", "N" },
	{ "bytes=-99999999999999999999", "0-999" },
	{ "bytes=0-,0-", "0-999" }, { "bytes=0-9,", "0-9" },
	{ "bytes=,0-9", "0-9" }, { "bytes=,,,", "W" }, { "BYTES=0-9", "0-9" },
	{ "lines=0-9", "W" }, { "bytes 0-9", "W" }, { "bytes=0-9-", "W" },
	{ "bytes=+0-9", "W" }, { "bytes=0x1-9", "W" }, { "bytes= 0-9", "0-9" },
	{ "bytes=0 -9", "W" }, { "bytes=--9", "W" }, { "bytes=1-2;3", "W" },
	/* together longer than the file: not worth it */
	{ "bytes=0-899,100-899,5-950", "0-950" },
	{ "bytes=0-600,700-800,100-999", "W" },
	{ "", "W" }, { "bytes", "W" },
};

static const struct range_limits limits = { 200, 20, 20 };

static void add(char *buf, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* a buffer that is filled by printf, piece by piece */
static void
add(char *buf, size_t size, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, size - len, fmt, ap);
	va_end(ap);
}

static enum range_verdict
parse(const char *value, uint64_t size, const struct range_limits *l,
    char *out)
{
	struct range v[RANGE_MAX];
	char *copy = t_dup(value, strlen(value));
	unsigned n, i;
	enum range_verdict verdict = range_parse(str_make(copy,
	    strlen(value)), size, l, v, &n);

	free(copy);
	out[0] = '\0';
	for (i = 0; i < n && verdict == RANGE_SOME; i++) {
		ck_assert_msg(v[i].first <= v[i].last && v[i].last < size,
		    "%s: out of the file", value);
		add(out, 4096, "%s%llu-%llu", i == 0 ? "" : " ",
		    (unsigned long long)v[i].first,
		    (unsigned long long)v[i].last);
	}
	return verdict;
}

START_TEST(recorded_cases)
{
	char out[4096];
	enum range_verdict v = parse(cases[_i].value, 1000, &limits, out);

	if (v == RANGE_WHOLE)
		snprintf(out, sizeof out, "W");
	if (v == RANGE_NONE)
		snprintf(out, sizeof out, "N");
	ck_assert_msg(strcmp(out, cases[_i].what) == 0, "%s: %s, not %s",
	    cases[_i].value, out, cases[_i].what);
}
END_TEST

START_TEST(limits_give_the_whole_file)
{
	static const struct range_limits none = { 0, 20, 20 },
	    one = { 20, 1, 20 }, many = { UINT32_MAX, 20, 20 };
	char value[8192] = "bytes=", out[4096];
	int i;

	for (i = 0; i < 200; i++)
		add(value, sizeof value, "%d-%d,", i * 4, i * 4);
	ck_assert_int_eq(parse(value, 1000, &limits, out), RANGE_SOME);
	add(value, sizeof value, "900-900");
	ck_assert_int_eq(parse(value, 1000, &limits, out), RANGE_WHOLE);
	ck_assert_int_eq(parse("bytes=0-1", 1000, &none, out), RANGE_WHOLE);
	ck_assert_int_eq(parse("bytes=0-5,4-9,8-15", 1000, &one, out), RANGE_WHOLE);
	ck_assert_int_eq(parse("bytes=0-5,4-9,20-25", 1000, &one, out), RANGE_SOME);
	ck_assert_str_eq(out, "0-9 20-25");
	snprintf(value, sizeof value, "bytes=");
	for (i = 0; i <= RANGE_MAX; i++)
		add(value, sizeof value, "%d-%d,", i * 4, i * 4);
	ck_assert_int_eq(parse(value, 10000, &many, out), RANGE_WHOLE);
	snprintf(value, sizeof value, "bytes=");
	for (i = 0; i < 200; i++)
		add(value, sizeof value, "%d-%d,", i * 4, i * 4);
	snprintf(value, sizeof value, "bytes=");
	for (i = 40; i > 0; i--)
		add(value, sizeof value, "%d-%d,", i * 9, i * 9);
	ck_assert_int_eq(parse(value, 1000, &limits, out), RANGE_WHOLE);
}
END_TEST

START_TEST(sizes_beyond_32_bits)
{
	char out[4096];

	ck_assert_int_eq(parse("bytes=5368709116-", 5368709120ull, &limits,
	    out), RANGE_SOME);
	ck_assert_str_eq(out, "5368709116-5368709119");
	ck_assert_int_eq(parse("bytes=0-0", 0, &limits, out), RANGE_WHOLE);
	ck_assert_int_eq(parse("bytes=0-18446744073709551615",
	    UINT64_MAX, &limits, out), RANGE_SOME);
}
END_TEST

T_MAIN("httpd_range") {
	T_LOOP(recorded_cases, 0, (int)ARRAY_LEN(cases));
	T_ADD(limits_give_the_whole_file);
	T_ADD(sizes_beyond_32_bits);
}
