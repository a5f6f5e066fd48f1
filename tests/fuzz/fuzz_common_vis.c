/* SPDX-License-Identifier: ISC */
/*
 * vis: the output is printable and, read back, gives the input again; a small
 * buffer gets whole escapes or none.
 */
#include <stdlib.h>
#include <string.h>

#include "common/vis.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
expect(bool ok)
{
	if (!ok)
		abort();
}

/* Read one character back; how many of the text it took. */
static size_t
unescape(struct str s, uint8_t *ret)
{
	if (s.p[0] != '\\') {
		*ret = (uint8_t)s.p[0];
		return 1;
	}
	expect(s.len >= 2);
	if (s.p[1] == '\\' || s.p[1] == '"') {
		*ret = (uint8_t)s.p[1];
		return 2;
	}
	expect(s.len >= 4);
	*ret = (uint8_t)((s.p[1] - '0') << 6 | (s.p[2] - '0') << 3 |
	    (s.p[3] - '0'));
	return 4;
}

static void
check(struct str s, const uint8_t *p, size_t len, bool is_whole)
{
	size_t n = 0;
	uint8_t c;

	for (size_t i = 0; i < s.len; i++)
		expect(s.p[i] >= ' ' && s.p[i] <= '~');
	while (s.len > 0) {
		size_t took = unescape(s, &c);

		expect(n < len && p[n] == c);
		n++;
		s = str_sub(s, took, s.len);
	}
	expect(!is_whole || n == len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	size_t cap = len % 3 == 0 ? len * 4 : len;
	char *buf = malloc(cap + 1);
	struct wr wr;

	wr_init(&wr, buf, cap);
	vis_octal(&wr, p, len);
	check(wr_as_str(&wr), p, len, wr_ok(&wr));
	expect(wr_ok(&wr) || cap < len * 4);
	wr_cut(&wr, 0);
	vis_log(&wr, p, len);
	check(wr_as_str(&wr), p, len, wr_ok(&wr));
	free(buf);
	return 0;
}
