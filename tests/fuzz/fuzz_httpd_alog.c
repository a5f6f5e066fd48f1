/* SPDX-License-Identifier: ISC */
/*
 * A LogFormat on the first line, a request behind it: one line comes out, with
 * no newline inside unless the format itself asks for it.
 */
#include <stdlib.h>
#include <string.h>

#include "httpd/alog.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const struct req_limits limits = { 8190, 100, 8190 };
	static uint8_t mem[1 << 20];
	static char out[ALOG_LINE_MAX];
	static struct req req;
	static struct resp resp;
	struct alog_event ev = { .req = &req, .resp = &resp, .end = '-' };
	struct str text, fmt = str_cut(str_make(p, len), '\n', &text), bad;
	const struct alog_fmt *f;
	struct arena a;
	struct wr w;

	if (text.len > REQ_HEAD_MAX || text.p == NULL)
		return 0;
	(void)!req_parse(&req, text.p, text.len, &limits);
	resp_init(&resp, 200);
	arena_init(&a, mem, sizeof mem);
	f = alog_compile(fmt, &a, &bad);
	if (f == NULL) {
		if (bad.len > 0 && bad.p[0] != '%')
			abort();
		return 0;
	}
	wr_init(&w, out, sizeof out);
	alog_line(f, &ev, &w);
	if (w.len == 0 || out[w.len - 1] != '\n')
		abort();
	/* "\n" in the format, "%n" in that of a time */
	if (str_chr(fmt, '\\') == STR_NONE &&
	    str_find(fmt, STR("%n")) == STR_NONE &&
	    memchr(out, '\n', w.len - 1) != NULL)
		abort();
	return 0;
}
