/* SPDX-License-Identifier: ISC */
/*
 * packet_decode on any bytes; what it hands out lies in the payload or in
 * scratch memory.
 */
#include <stdlib.h>

#include "common/cc.h"
#include "dhcpd/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[1024 * 1024], room[256 * 1024];

static bool
is_inside(struct str s, const uint8_t *data, size_t size)
{
	const uint8_t *p = (const uint8_t *)s.p;

	return s.len == 0 || (p >= data && p + s.len <= data + size) ||
	    (p >= room && p + s.len <= room + sizeof(room));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct optspace_universe u;
	static struct optset in;
	static struct arena arena;
	struct arena scratch;
	struct packet p;
	struct str s;

	if (arena.p == NULL) {
		arena_init(&arena, memory, sizeof(memory));
		ASSERT(optspace_init(&u, &arena));
	}
	arena_init(&scratch, room, sizeof(room));
	if (packet_decode(str_make(data, size), &u, &in, &scratch, &p) !=
	    PACKET_OK)
		return 0;
	ASSERT(p.head.hlen <= PROTO_CHADDR_LEN);
	ASSERT(is_inside(p.file, data, size) && is_inside(p.sname, data, size));
	for (uint32_t code = 1; code < PROTO_OPT_END; code++)
		if (packet_option(&p, code, &s))
			ASSERT(is_inside(s, data, size));
	return 0;
}
