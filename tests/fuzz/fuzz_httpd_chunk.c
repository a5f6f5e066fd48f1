/* SPDX-License-Identifier: ISC */
/*
 * A chunked body in one piece and byte by byte: same content, same end.
 */
#include <stdlib.h>
#include <string.h>

#include "httpd/chunk.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct result {
	enum chunk_verdict verdict;
	uint64_t bytes, hash;
	size_t used;
};

static struct result
decode(const char *p, size_t len, size_t step)
{
	struct result r = { CHUNK_MORE, 0, 14695981039346656037ull, 0 };
	struct chunk c;
	size_t at, i;

	memset(&c, 0, sizeof c);
	for (at = 0; at < len && r.verdict == CHUNK_MORE; at += step) {
		size_t n = len - at < step ? len - at : step;
		struct str in = str_make(p + at, n), data;

		while ((r.verdict = chunk_next(&c, &in, &data)) ==
		    CHUNK_BYTES) {
			for (i = 0; i < data.len; i++)
				r.hash = (r.hash ^ (uint8_t)data.p[i]) *
				    1099511628211ull;
			r.bytes += data.len;
		}
		r.used = at + n - in.len;
	}
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct result a, b;

	if (len == 0)
		return 0;
	a = decode((const char *)p, len, len);
	b = decode((const char *)p, len, 1);
	if (a.verdict != b.verdict || a.bytes != b.bytes || a.hash != b.hash ||
	    (a.verdict == CHUNK_END && a.used != b.used) || a.bytes > len)
		abort();
	return 0;
}
