/* SPDX-License-Identifier: ISC */
/*
 * A Range header; the first two bytes are the size of the file.  Ranges must
 * lie inside the file and together not be longer than it.
 */
#include <stdlib.h>

#include "httpd/range.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const struct range_limits limits = { 200, 20, 20 };
	static struct range v[RANGE_MAX];
	uint64_t size, sum = 0;
	unsigned n, i;

	if (len < 2)
		return 0;
	size = (uint64_t)(p[0] << 8 | p[1]);
	if (range_parse(str_make(p + 2, len - 2), size, &limits, v, &n) !=
	    RANGE_SOME)
		return 0;
	if (n == 0 || n > RANGE_MAX)
		abort();
	for (i = 0; i < n; i++) {
		if (v[i].first > v[i].last || v[i].last >= size)
			abort();
		sum += v[i].last - v[i].first + 1;
	}
	if (sum > size)
		abort();
	return 0;
}
