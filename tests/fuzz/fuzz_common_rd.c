/* SPDX-License-Identifier: ISC */
/*
 * rd under a random script: the first half of the input says what to read, the
 * second half is read.  A plain model (position, failed) must always agree.
 */
#include <stdlib.h>
#include <string.h>

#include "common/rd.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
expect(bool ok)
{
	if (!ok)
		abort();
}

/* One read of a kind; how many bytes the model says it takes. */
static size_t
step(struct rd *rd, uint8_t op, size_t n, const uint8_t *data, size_t len)
{
	size_t pos = rd->pos, left = rd_left(rd);
	const uint8_t *nul;
	uint8_t copy[32];
	struct rd sub;

	switch (op % 8) {
	case 0:
		expect(rd_u8(rd) == (left >= 1 ? data[pos] : 0));
		return 1;
	case 1:
		expect(rd_u16(rd) == (left >= 2 ?
		    data[pos] << 8 | data[pos + 1] : 0));
		return 2;
	case 2:
		(void)rd_u32(rd);
		return 4;
	case 3:
		rd_skip(rd, n);
		return n;
	case 4:
		expect(rd_str(rd, n).len == (n <= left ? n : 0));
		return n;
	case 5:
		nul = left == 0 ? NULL : memchr(data + pos, 0, left);
		(void)rd_cstr(rd);
		return nul == NULL ? len + 1 : (size_t)(nul - data) - pos + 1;
	case 6:
		sub = rd_sub(rd, n);
		(void)rd_u32(&sub);
		expect(sub.pos <= sub.len);
		return n;
	default:
		rd_copy(rd, copy, n % sizeof(copy));
		return n % sizeof(copy);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	size_t script_len = len / 2 & ~(size_t)1, data_len = len - script_len;
	const uint8_t *data = p + script_len;
	bool failed = false;
	size_t pos = 0, n;
	struct rd rd;

	rd_init(&rd, data, data_len);
	for (size_t i = 0; i < script_len; i += 2) {
		n = step(&rd, p[i], p[i + 1], data, data_len);
		failed = failed || n > data_len - pos;
		pos += failed ? 0 : n;
		expect(rd.pos == pos && rd_ok(&rd) == !failed);
		expect(rd_left(&rd) == (failed ? 0 : data_len - pos));
	}
	return 0;
}
