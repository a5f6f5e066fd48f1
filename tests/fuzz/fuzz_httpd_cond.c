/* SPDX-License-Identifier: ISC */
/*
 * Header lines with conditions, and dates.  A date that is read must come back
 * the same when it is written and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "httpd/cond.h"
#include "httpd/date.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
dates(struct str s)
{
	char buf[DATE_LEN];
	int64_t a, b;
	struct wr w;

	if (!date_parse(s, 1700000000, &a))
		return;
	wr_init(&w, buf, sizeof buf);
	date_fmt(&w, a);
	if (!wr_ok(&w) || !date_parse(wr_as_str(&w), 0, &b) || a != b)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const struct req_limits limits = { 8190, 100, 8190 };
	static const char head[] = "GET / HTTP/1.1\r\nHost: a\r\n";
	static struct req req;
	static char text[4096];
	struct cond_have have = { STR_INIT("\"d-4fb7a8e21bc00\""),
	    1402403696, 1700000000 };
	struct str value;

	if (len > 3000)
		return 0;
	dates(str_make(p, len));
	memcpy(text, head, sizeof head - 1);
	memcpy(text + sizeof head - 1, p, len);
	memcpy(text + sizeof head - 1 + len, "\r\n\r\n", 4);
	if (!req_parse(&req, text, sizeof head + 3 + len, &limits))
		return 0;
	(void)cond_decide(&req, &have);
	(void)cond_if_range(&req, &have);
	have.etag = STR("");
	if (cond_decide(&req, &have) == COND_UNCHANGED &&
	    req_known(&req, HDR_IF_NONE_MATCH).p == NULL &&
	    req_known(&req, HDR_IF_MODIFIED_SINCE).p == NULL)
		abort();
	value = req_known(&req, HDR_IF_MODIFIED_SINCE);
	if (value.p != NULL)
		dates(value);
	return 0;
}
