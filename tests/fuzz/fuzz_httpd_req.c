/* SPDX-License-Identifier: ISC */
/*
 * Requests, pipelined: the first byte is the step in which they arrive.  What
 * is accepted must have been read the same way in one piece, and every slice
 * must lie inside the input.
 */
#include <stdlib.h>
#include <string.h>

#include "httpd/req.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct req_limits limits = { 8190, 100, 8190 };
static struct req req, again;

static void
inside(struct str s, const char *p, size_t len)
{
	if (s.len > 0 && (s.p < p || s.p + s.len > p + len) &&
	    !str_eq(s, STR("/")))
		abort();
}

static void
check(const char *p, size_t len)
{
	struct str name, value;
	unsigned i;

	inside(req.line, p, len);
	inside(req.path, p, len);
	inside(req.query, p, len);
	inside(req.host_port, p, len);
	for (i = 0; req_field(&req, i, &name, &value); i++) {
		inside(name, p, len);
		inside(value, p, len);
		if (!hdr_is_token(name) || !hdr_is_value(value))
			abort();
	}
}

static enum req_verdict
scan(const char *p, size_t len, size_t step, size_t *ret_seen)
{
	struct req_scan s = { 0, 0, 0 };
	enum req_verdict v = REQ_MORE;
	size_t have = 0;

	while (v == REQ_MORE && have < len) {
		have = len - have < step ? len : have + step;
		v = req_scan(&s, p, have, &limits);
	}
	*ret_seen = have;
	return v;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *p = (const char *)bytes + 1;
	size_t step, one, many;

	if (len < 2)
		return 0;
	step = 1 + bytes[0] % 64;
	len = len - 1 > REQ_HEAD_MAX ? REQ_HEAD_MAX : len - 1;
	while (len > 0) {
		bool ok;

		if (scan(p, len, len, &one) == REQ_MORE)
			return 0;
		ok = req_parse(&req, p, one, &limits);
		check(p, one);
		if (scan(p, len, step, &many) == REQ_MORE ||
		    req_parse(&again, p, many, &limits) != ok ||
		    (ok && (again.head_len != req.head_len ||
		    again.body != req.body || again.body_len != req.body_len)))
			abort();
		if (!ok || req.head_len == 0)
			return 0;
		p += req.head_len;
		len -= req.head_len;
	}
	return 0;
}
