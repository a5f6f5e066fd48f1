/* SPDX-License-Identifier: ISC */
/*
 * A transfer under an arbitrary client.  The first bytes choose the kind of
 * transfer, each further record is a packet, a pause, or trouble on our side.
 * No order of events may break a promise of the state machine.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cc.h"
#include "common/rd.h"
#include "tests/sim/tftp_promise.h"
#include "tftpd/xfer.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

#define SIZE 5000

struct game {
	struct xfer x;
	struct xfer_out out;
	struct tftp_promise promise;
	int64_t now_ns;
	uint64_t stored;
};

static void
check(struct game *g)
{
	ASSERT(tftp_promise_out(&g->promise, &g->x, &g->out) == NULL);
}

static void
carry_out(struct game *g, unsigned mood)
{
	struct xfer_out *out = &g->out;

	check(g);
	if (out->verdict == XFER_STORE) {
		g->stored += out->data.len;
		if (mood % 16 == 15)
			xfer_fail(&g->x, PROTO_NO_SPACE, STR("full"), out);
		else
			xfer_stored(&g->x, g->now_ns, out);
		check(g);
	}
	if (out->verdict == XFER_COMMIT && mood % 4 != 3) {
		xfer_committed(&g->x, g->now_ns, out);
		check(g);
	}
	if (out->verdict == XFER_SEND && g->x.is_ascii)
		for (uint32_t i = 0; i < out->n; i++)
			xfer_block_sent(&g->x, out->first + i, mood % 8 == 7 ?
			    xfer_block(&g->x, out->first + i).len / 2 :
			    xfer_block(&g->x, out->first + i).len);
}

static void
begin(struct game *g, struct rd *rd)
{
	struct opttab_set set;
	uint8_t kind = rd_u8(rd);

	memset(g, 0, sizeof(*g));
	memset(&set, 0, sizeof(set));
	set.is_write = (kind & 1) != 0;
	set.is_ascii = (kind & 2) != 0;
	set.blksize = 8u + rd_u8(rd);
	set.window = set.is_ascii && !set.is_write ? 1 :
	    1u + rd_u8(rd) % PROTO_WINDOW_MAX;
	set.rollover = rd_u16(rd);
	set.size = (kind & 8) != 0 ? SIZE : rd_u8(rd);
	if ((kind & 4) != 0) {
		memcpy(set.oack, "\0\6x\0001", 6);
		set.oack_len = 6;
	}
	xfer_start(&g->x, &set, 1000000, NULL, 0, &g->out);
	carry_out(g, 0);
}

static void
packet(struct game *g, struct rd *rd)
{
	size_t n = rd_u8(rd);
	uint8_t *exact;

	n = n < rd_left(rd) ? n : rd_left(rd);
	exact = malloc(n + 1);
	if (exact == NULL)
		abort();
	rd_copy(rd, exact, n);
	tftp_promise_heard(&g->promise);
	xfer_packet(&g->x, exact, n, g->now_ns, &g->out);
	carry_out(g, n > 0 ? exact[n - 1] : 0);
	free(exact);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct game g;
	struct rd rd;

	rd_init(&rd, p, len);
	begin(&g, &rd);
	while (rd_left(&rd) > 0 && g.x.state != XFER_OVER) {
		uint8_t what = rd_u8(&rd);

		switch (what % 8) {
		case 0:
			g.now_ns = g.x.deadline_ns < INT64_MAX ?
			    g.x.deadline_ns : g.now_ns;
			xfer_timeout(&g.x, g.now_ns, &g.out);
			carry_out(&g, what);
			break;
		case 1:
			g.now_ns += rd_u16(&rd);
			break;
		case 2:
			if (!g.x.is_write)
				xfer_resize(&g.x, rd_u8(&rd));
			break;
		case 3:
			if (g.x.state == XFER_COMMITTING) {
				xfer_committed(&g.x, g.now_ns, &g.out);
				carry_out(&g, 0);
			}
			break;
		default:
			packet(&g, &rd);
			break;
		}
	}
	if (g.x.state != XFER_OVER) {
		xfer_unreachable(&g.x, &g.out);
		carry_out(&g, 0);
	}
	return 0;
}
