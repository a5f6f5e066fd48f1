/* SPDX-License-Identifier: ISC */
/*
 * wr under a random script: what does not fit must write nothing, fail and
 * stay failed until it is cut; bytes behind the length are never touched.
 */
#include <stdlib.h>
#include <string.h>

#include "common/wr.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
expect(bool ok)
{
	if (!ok)
		abort();
}

static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";

/* Write one piece; its size, room for vsnprintf's NUL included. */
static size_t
step(struct wr *wr, uint8_t op, uint8_t arg, size_t *ret_grow)
{
	size_t n = arg % 32;

	*ret_grow = n;
	switch (op % 7) {
	case 0:
		wr_u8(wr, arg);
		return *ret_grow = 1;
	case 1:
		wr_u16(wr, arg);
		return *ret_grow = 2;
	case 2:
		wr_u32(wr, arg);
		return *ret_grow = 4;
	case 3:
		wr_str(wr, str_make(text, n));
		return n;
	case 4:
		wr_zero(wr, n);
		return n;
	case 5:
		wr_fmt(wr, "%.*s", (int)n, text);
		return n + 1;
	default:
		wr_dec(wr, arg);
		return *ret_grow = arg < 10 ? 1 : arg < 100 ? 2 : 3;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	size_t cap = len > 0 ? p[0] : 0, model = 0, grow, need;
	uint8_t *buf = malloc(cap + 1);
	bool failed = false;
	struct wr wr;

	wr_init(&wr, buf, cap);
	for (size_t i = 1; i + 1 < len; i += 2) {
		if (p[i] >= 250) {
			model = model > p[i + 1] ? p[i + 1] : model;
			wr_cut(&wr, model);
			failed = false;
			continue;
		}
		need = step(&wr, p[i], p[i + 1], &grow);
		/* A piece of nothing (str) does not fail; wr_zero(0) neither. */
		failed = failed || need > cap - model;
		model += failed ? 0 : grow;
		if (model > 1)
			wr_patch_u16(&wr, model - 2, 0xffff);
		expect(wr.len == model && wr_ok(&wr) == !failed);
		expect(wr_left(&wr) == (failed ? 0 : cap - model));
	}
	free(buf);
	return 0;
}
