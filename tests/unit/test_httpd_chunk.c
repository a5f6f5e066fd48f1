/* SPDX-License-Identifier: ISC */
/*
 * test_httpd_chunk - chunked bodies, whole and in pieces of every size.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/chunk.h"

/* data NULL: malformed; rest: bytes that belong to the next request */
static const struct {
	const char *in, *data;
	size_t rest;
} cases[] = {
	{ "0\r\n\r\n", "", 0 },
	{ "3\r\nabc\r\n0\r\n\r\n", "abc", 0 },
	{ "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\n\r\n", "abcdefg", 0 },
	{ "A\r\n0123456789\r\n0\r\n\r\nGET", "0123456789", 3 },
	{ "a\r\n0123456789\r\n000\r\nX-T: 1\r\n\r\n", "0123456789", 0 },
	{ "3 \r\nabc\r\n0\r\n\r\n", "abc", 0 },
	{ "zz\r\nabc\r\n0\r\n\r\n", NULL, 0 },
	{ "\r\nabc", NULL, 0 },
	{ "-3\r\nabc\r\n0\r\n\r\n", NULL, 0 },
	{ "+3\r\nabc\r\n0\r\n\r\n", NULL, 0 },
	{ "0x3\r\nabc\r\n0\r\n\r\n", NULL, 0 },
	{ " 3\r\nabc\r\n0\r\n\r\n", NULL, 0 },
	{ "3\nabc\n0\n\n", NULL, 0 },
	{ "3\rabc\r\n0\r\n\r\n", NULL, 0 },
	{ "3\r\nabcd\r\n0\r\n\r\n", NULL, 0 },
	{ "3\r\nab\r\n0\r\n\r\n", NULL, 0 },
	{ "3\r\nabc\n0\r\n\r\n", NULL, 0 },
	{ "3;a\nb\r\nabc\r\n0\r\n\r\n", NULL, 0 },
	{ "10000000000000000\r\n", NULL, 0 },
	{ "ffffffffffffffff\r\n", NULL, 0 },
	{ "0\r\nX\nY: 1\r\n\r\n", NULL, 0 },
	{ "3\t\r\nabc\r\n0\r\n\r\n", "abc", 0 },
	{ "00000000000000000000003\r\nabc\r\n0\r\n\r\n", "abc", 0 },
	{ "1000000000000000\r\n", NULL, 0 },
	{ "3;a=\"b\"\r\nabc\r\n0\r\nX:\ty\xe9\r\nZ:\r\n\r\n", "abc", 0 },
	{ "3;\001\r\nabc\r\n0\r\n\r\n", NULL, 0 },
	{ "0\r\nX: \177\r\n\r\n", NULL, 0 },
	{ "0\r\nno colon\r\n\r\n", NULL, 0 },
	{ "0\r\nnocolon\r\n\r\n", NULL, 0 },
	{ "0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", NULL, 0 },
	{ "0\r\nX : y\r\n\r\n", NULL, 0 },
	{ "0\r\n: y\r\n\r\n", NULL, 0 },
	{ "0\r\nX: y\r\n folded\r\n\r\n", NULL, 0 },
	{ "3,\r\nabc\r\n0\r\n\r\n", NULL, 0 },
};

/* decodes in pieces; false when malformed or incomplete */
static bool
decode(const char *in, size_t len, size_t step, char *out, size_t *ret_n,
    size_t *ret_used)
{
	struct chunk c = { CHUNK_SIZE, 0, 0, 0 };
	size_t at = 0;

	*ret_n = 0;
	while (at < len) {
		size_t n = len - at < step ? len - at : step;
		char *copy = t_dup(in + at, n);
		struct str rest = str_make(copy, n), data;

		for (;;) {
			enum chunk_verdict v = chunk_next(&c, &rest, &data);

			if (v == CHUNK_BYTES) {
				memcpy(out + *ret_n, data.p, data.len);
				*ret_n += data.len;
				continue;
			}
			*ret_used = at + n - rest.len;
			if (v == CHUNK_MORE)
				break;
			free(copy);
			return v == CHUNK_END;
		}
		free(copy);
		at += n;
	}
	return false;
}

START_TEST(bodies)
{
	size_t len = strlen(cases[_i].in), step, n, used = 0;
	char out[256];

	for (step = 1; step <= len; step++) {
		bool ok = decode(cases[_i].in, len, step, out, &n, &used);

		ck_assert_msg(ok == (cases[_i].data != NULL), "%s in %zus",
		    cases[_i].in, step);
		if (!ok)
			continue;
		ck_assert_msg(n == strlen(cases[_i].data) &&
		    memcmp(out, cases[_i].data, n) == 0, "%s", cases[_i].in);
		ck_assert_msg(len - used == cases[_i].rest, "rest");
	}
}
END_TEST

START_TEST(endless_lines_are_refused)
{
	static char in[200000];
	char out[8];
	size_t n, used = 0;

	memcpy(in, "1;", 2);
	memset(in + 2, 'x', sizeof in - 2);
	(void)decode(in, sizeof in, 1000, out, &n, &used);
	ck_assert_msg(used < 2 * CHUNK_LINE_MAX, "extension: %zu", used);
	memcpy(in, "0\r\n", 3);
	for (n = 3; n + 6 < sizeof in; n += 6)
		memcpy(in + n, "X: y\r\n", 6);
	(void)decode(in, sizeof in, 1000, out, &n, &used);
	ck_assert_msg(used < 2000, "trailers: %zu", used);
	memset(in + 3, 'x', sizeof in - 3);
	(void)decode(in, sizeof in, 1000, out, &n, &used);
	ck_assert_msg(used < 2 * CHUNK_LINE_MAX, "trailer: %zu", used);
	ck_assert_msg(!decode("0;a\0b\r\n\r\n", 9, 9, out, &n, &used), "NUL");
	ck_assert_msg(!decode("0\r\na\0b\r\n\r\n", 10, 10, out, &n, &used),
	    "NUL in a trailer");
}
END_TEST

T_MAIN("httpd_chunk") {
	T_LOOP(bodies, 0, (int)ARRAY_LEN(cases));
	T_ADD(endless_lines_are_refused);
}
