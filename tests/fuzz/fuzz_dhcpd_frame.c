/* SPDX-License-Identifier: ISC */
/*
 * frame_parse on any bytes; what it accepts lies inside and can be built again.
 */
#include <stdlib.h>

#include "common/cc.h"
#include "dhcpd/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t head[FRAME_HEAD_LEN];
	struct frame f;
	struct wr w;

	for (int ready = 0; ready < 2; ready++) {
		if (frame_parse(data, size, ready != 0, &f) != FRAME_OK)
			continue;
		ASSERT((const uint8_t *)f.payload.p >= data);
		ASSERT((const uint8_t *)f.payload.p + f.payload.len <=
		    data + size);
		wr_init(&w, head, sizeof(head));
		frame_head(&w, &f);
		ASSERT(wr_ok(&w) && w.len == FRAME_HEAD_LEN);
	}
	return 0;
}
