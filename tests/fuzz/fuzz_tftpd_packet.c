/* SPDX-License-Identifier: ISC */
/*
 * A datagram at the listening port: request, options, negotiation, name.  What
 * comes out must be what may be granted, and the OACK must be well formed.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/cc.h"
#include "tftpd/opttab.h"
#include "tftpd/packet.h"
#include "tftpd/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* Name, value, name, value, each with its NUL. */
static void
check_oack(const struct opttab_set *set)
{
	unsigned nuls_n = 0;

	ASSERT(set->oack_len <= sizeof(set->oack));
	if (set->oack_len == 0)
		return;
	ASSERT(set->oack[0] == 0 && set->oack[1] == PROTO_OACK);
	for (size_t i = 2; i < set->oack_len; i++)
		nuls_n += set->oack[i] == 0;
	ASSERT(nuls_n > 0 && nuls_n % 2 == 0);
	ASSERT(set->oack[set->oack_len - 1] == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const struct str dir = STR_INIT("/srv");
	struct opttab_limits limits = {
		.blksize_max = PROTO_BLKSIZE_MAX,
		.window_max = PROTO_WINDOW_MAX
	};
	struct opttab_set set;
	struct packet_req req;
	struct packet packet;

	if (packet_parse(p, len, &packet))
		ASSERT(packet.data.len == len - 4);
	if (packet_parse_req(p, len, &req) != PACKET_OK)
		return 0;
	(void)path_check(req.name, &dir, 1);
	memset(&set, 0, sizeof(set));
	set.is_write = req.op == PROTO_WRQ;
	set.is_ascii = req.mode.len == 8;
	set.size = UINT64_MAX;
	limits.refused = len % 7 == 0 ? (uint32_t)len : 0;
	opttab_negotiate(&req, &limits, &set);
	ASSERT(set.blksize >= PROTO_BLKSIZE_MIN);
	ASSERT(set.blksize <= PROTO_BLKSIZE_MAX);
	ASSERT(set.window >= 1 && set.window <= PROTO_WINDOW_MAX);
	check_oack(&set);
	return 0;
}
