/* SPDX-License-Identifier: ISC */
/*
 * Classes of attack that were published for DHCP servers; tests/cve.tsv says
 * which is which.  Whole core; each message is an exact-size copy on the heap.
 */
#include "dhcpd/frame.h"
#include "tests/unit/dhcpd_world.h"
#include "tests/unit/t.h"

#include <malloc.h>

enum { SERVER = 0x0a0a0301, FIRST = 0x0a0a0364, MANY = 20000 };

static const char net[] = "authoritative; ping-check off; allow leasequery;\n"
    "subnet 10.10.3.0 netmask 255.255.255.0 {\n"
    "  range dynamic-bootp 10.10.3.100 10.10.3.200; }\n"
    "class \"pattern\" { match if option host-name ~= \"^[a-z]+x*$\"; }\n"
    "class \"spawned\" { spawn with option agent.remote-id; }\n"
    "if option dhcp-client-identifier ~~ \"a|b\" { log(info, \"ab\"); }\n"
    "log(info, concat(option host-name, option fqdn.fqdn));\n";

/* A message with a plain head and the options given in hexadecimal. */
static enum decide_verdict
send_more(struct dworld *w, uint8_t type, const char *hex, uint32_t n)
{
	uint8_t buf[1400], *more, *copy;
	enum decide_verdict verdict;
	struct wr p;
	size_t len;

	wr_init(&p, buf, sizeof(buf));
	wr_u32(&p, 0x01010600);
	wr_u32(&p, n);
	wr_zero(&p, 16);
	wr_u32(&p, type == PROTO_MSG_LEASEQUERY ? SERVER : 0);
	wr_u16(&p, 0x0200);
	wr_u32(&p, n);
	wr_zero(&p, PROTO_OFF_OPTIONS - p.len);
	wr_u32(&p, PROTO_COOKIE);
	if (type != PROTO_MSG_BOOTP)
		wr_bytes(&p, (uint8_t[]){ 53, 1, type }, 3);
	more = t_unhex(hex, &len);
	wr_bytes(&p, more, len);
	free(more);
	ck_assert_msg(wr_ok(&p), "fits");
	copy = t_dup(buf, p.len);
	verdict = dworld_send(w, copy, p.len, 0);
	free(copy);
	return verdict;
}

static const uint8_t types[] = { PROTO_MSG_BOOTP, PROTO_MSG_DISCOVER,
	PROTO_MSG_REQUEST, PROTO_MSG_DECLINE, PROTO_MSG_RELEASE,
	PROTO_MSG_INFORM, PROTO_MSG_LEASEQUERY };

/* Empty, one octet, only zeros, 255 octets, cut off, twice, without an end. */
static const char *const identifiers[] = { "3d00ff", "3d00", "3d", "3d01ff",
	"3d0100ff", "3d020100ff", "3d03ff0000ff", "3dff00", "3d01013d0102ff",
	"3d003d00ff", "0000003d00", "3d0a00000000000000000000ff", "3d07010200000000" };

START_TEST(odd_client_identifiers)
{
	struct dworld *w = dworld_new(net);

	for (size_t i = 0; i < ARRAY_LEN(identifiers); i++)
		for (size_t k = 0; k < ARRAY_LEN(types); k++)
			for (uint32_t n = 1; n <= 3; n++)
				(void)send_more(w, types[k], identifiers[i], n);
	ck_assert_int_eq(send_more(w, PROTO_MSG_DISCOVER, "3d00ff", 99),
	    DECIDE_DROP);
	ck_assert_int_eq(send_more(w, PROTO_MSG_DISCOVER, "3d0100ff", 99),
	    DECIDE_REPLY);
	ck_assert_int_eq(send_more(w, PROTO_MSG_DISCOVER, "ff", 99),
	    DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

/* Every length of hardware address, kind and operation, with and without options. */
START_TEST(odd_bootp_heads)
{
	struct dworld *w = dworld_new(net);
	uint8_t buf[300], *copy;

	for (unsigned hlen = 0; hlen < 256; hlen++) {
		for (size_t len = 236; len <= sizeof(buf); len += 16) {
			memset(buf, 0, sizeof(buf));
			buf[0] = hlen % 7 == 6 ? 2 : 1;
			buf[1] = (uint8_t)(hlen * 3);
			buf[2] = (uint8_t)hlen;
			buf[3] = (uint8_t)hlen;
			memset(buf + 28, 0xaa, 16);
			memset(buf + 44, 'x', 192);	/* no NUL in the names */
			copy = t_dup(buf, len);
			(void)dworld_send(w, copy, len, 0);
			free(copy);
		}
	}
	ck_assert_int_eq(send_more(w, PROTO_MSG_BOOTP, "ff", 7), DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

/* Patterns are tried on what is missing, empty, long, full of NULs. */
START_TEST(patterns_on_odd_options)
{
	static const char *const hex[] = { "ff", "0c00ff", "0c0100ff",
		"0c0161ff", "0c02ff00ff", "0c0161 3d0161ff", "3d0100ff",
		"0c04000a0d1bff", "52 0a 01ff ff", "52 02 0200 ff", "5200ff",
		"52 03 020161 ff", "5201ff", "51 00 ff", "5103000000ff" };
	struct dworld *w = dworld_new(net);

	for (size_t i = 0; i < ARRAY_LEN(hex); i++)
		for (size_t k = 0; k < ARRAY_LEN(types); k++)
			(void)send_more(w, types[k], hex[i], 5);
	ck_assert_int_eq(send_more(w, PROTO_MSG_DISCOVER, "0c0161ff", 6),
	    DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

static const struct {
	uint8_t type;
	const char *more;
} repeated[] = {
	{ PROTO_MSG_DISCOVER, "ff" },
	{ PROTO_MSG_REQUEST, "32040a0a0364ff" },
	{ PROTO_MSG_INFORM, "ff" },
	{ PROTO_MSG_DECLINE, "32040a0a036436040a0a0301ff" },
	{ PROTO_MSG_BOOTP, "ff" },
	/* lease queries by address and for nothing */
	{ PROTO_MSG_LEASEQUERY, "3d0161 37022e33ff" },
	/* a name whose first label says 63 and has three, one of 64, a pointer */
	{ PROTO_MSG_DISCOVER, "5107050000 3f666f6fff" },
	{ PROTO_MSG_DISCOVER, "5107050000 40666f6fff" },
	{ PROTO_MSG_DISCOVER, "5107050000 c000c000ff" },
	{ PROTO_MSG_DISCOVER, "5209 0101ff 02047265ff ff" },
};

/* Twenty thousand times the same from as many clients: nothing is left behind. */
START_TEST(repetition_takes_no_memory)
{
	struct dworld *w = dworld_new(net);
	struct mallinfo2 before, after;
	size_t used;

	for (uint32_t n = 0; n < 300; n++)
		(void)send_more(w, repeated[_i].type, repeated[_i].more, n);
	before = mallinfo2();
	used = w->conf.arena->len;
	for (uint32_t n = 0; n < MANY; n++)
		(void)send_more(w, repeated[_i].type, repeated[_i].more, n);
	after = mallinfo2();
	ck_assert_msg(after.uordblks <= before.uordblks, "%zu bytes are left",
	    after.uordblks - before.uordblks);
	ck_assert_msg(w->conf.arena->len == used, "the configuration grows");
	ck_assert_int_eq(send_more(w, PROTO_MSG_REQUEST,
	    "32040a0a0390ff", 77), DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

/* The length that UDP claims, against what is there. */
START_TEST(udp_length_must_fit)
{
	static const uint16_t claimed[] = { 0, 1, 7, 309, 310, 311, 400, 65535 };
	uint8_t buf[FRAME_HEAD_LEN + 301], *copy;
	struct frame f;
	struct wr w;

	for (size_t i = 0; i < ARRAY_LEN(claimed); i++) {
		memset(&f, 0, sizeof(f));
		memset(buf, 0, sizeof(buf));
		f.dst_port = 67;
		f.payload = str_make((char *)buf + FRAME_HEAD_LEN, 301);
		wr_init(&w, buf, sizeof(buf));
		frame_head(&w, &f);
		buf[14 + 20 + 4] = (uint8_t)(claimed[i] >> 8);
		buf[14 + 20 + 5] = (uint8_t)claimed[i];
		buf[14 + 20 + 6] = buf[14 + 20 + 7] = 0;	/* no checksum */
		copy = t_dup(buf, sizeof(buf));
		if (frame_parse(copy, sizeof(buf), true, &f) == FRAME_OK)
			ck_assert_msg(claimed[i] >= 8 && claimed[i] <= 309 &&
			    f.payload.len == claimed[i] - 8u, "%u taken for "
			    "%zu", claimed[i], f.payload.len);
		else
			ck_assert_msg(claimed[i] != 309, "the right one");
		free(copy);
	}
}
END_TEST

T_MAIN("dhcpd_attacks")
{
	T_ADD(odd_client_identifiers);
	T_ADD(odd_bootp_heads);
	T_ADD(patterns_on_odd_options);
	T_LOOP(repetition_takes_no_memory, 0, (int)ARRAY_LEN(repeated));
	T_ADD(udp_length_must_fit);
}
