/* SPDX-License-Identifier: ISC */
/*
 * packet: header, options in all three areas, pieces put together, damage.
 */
#include "dhcpd/packet.h"
#include "tests/unit/t.h"

enum { ARENA = 1024 * 1024 };

static struct arena arena, scratch;
static struct optspace_universe universe;
static struct optset in;

static void
setup(void)
{
	arena_init(&arena, malloc(ARENA), ARENA);
	arena_init(&scratch, malloc(ARENA), ARENA);
	ck_assert_msg(optspace_init(&universe, &arena), "universe");
}

static void
teardown(void)
{
	free(arena.p);
	free(scratch.p);
}

/* Header with a hardware address, cookie, then these octets. */
static size_t
message(uint8_t *buf, size_t cap, const char *options_hex)
{
	uint8_t *options;
	struct wr w;
	size_t n;

	options = t_unhex(options_hex, &n);
	wr_init(&w, buf, cap);
	wr_u32(&w, 0x01010600);
	wr_u32(&w, 0x3d1d0001);
	wr_zero(&w, 20);
	wr_u32(&w, 0x02000000);
	wr_u16(&w, 0xaa10);
	wr_zero(&w, PROTO_OFF_OPTIONS - w.len);
	wr_u32(&w, PROTO_COOKIE);
	wr_bytes(&w, options, n);
	ck_assert_msg(wr_ok(&w), "fits");
	free(options);
	return w.len;
}

/* Decode an exact-size copy, which stays allocated: slices point into it. */
static enum packet_why
decode(const uint8_t *buf, size_t len, struct packet *p)
{
	static uint8_t *copy;

	free(copy);
	copy = t_dup(buf, len);
	return packet_decode(str_make(copy, len), &universe, &in, &scratch, p);
}

static void
expect(const struct packet *p, uint32_t code, struct str want)
{
	struct str s;

	ck_assert_msg(packet_option(p, code, &s), "option %u", code);
	ck_assert_msg(str_eq(s, want), "value of %u: %.*s", code, STR_ARG(s));
}

START_TEST(reads_header_and_options)
{
	uint8_t buf[600];
	struct packet p;
	uint32_t addr;

	setup();
	ck_assert_int_eq(decode(buf, message(buf, sizeof(buf),
	    "350103 32040a0a0364 0c03616263 ff"), &p), PACKET_OK);
	ck_assert_int_eq(p.head.op, 1);
	ck_assert_int_eq(p.head.hlen, 6);
	ck_assert_msg(p.head.xid == 0x3d1d0001, "xid");
	ck_assert_int_eq(p.type, PROTO_MSG_REQUEST);
	expect(&p, PROTO_OPT_HOST_NAME, STR("abc"));
	ck_assert_msg(packet_option_ip(&p, PROTO_OPT_REQUESTED_ADDRESS,
	    &addr) && addr == 0x0a0a0364, "address");
	teardown();
}
END_TEST

START_TEST(missing_end_is_fine)
{
	uint8_t buf[600];
	struct packet p;

	setup();
	ck_assert_int_eq(decode(buf, message(buf, sizeof(buf), "350101"), &p),
	    PACKET_OK);
	ck_assert_int_eq(p.type, PROTO_MSG_DISCOVER);
	teardown();
}
END_TEST

START_TEST(pieces_become_one)
{
	uint8_t buf[600];
	struct packet p;

	setup();
	ck_assert_int_eq(decode(buf, message(buf, sizeof(buf),
	    "0c026162 350101 0c00 0c0163 ff"), &p), PACKET_OK);
	expect(&p, PROTO_OPT_HOST_NAME, STR("abc"));
	teardown();
}
END_TEST

START_TEST(overload_is_read_file_then_sname)
{
	uint8_t buf[600];
	struct packet p;
	size_t len;

	setup();
	len = message(buf, sizeof(buf), "340103 0c0161 ff");
	memcpy(buf + PROTO_OFF_FILE, "\x0c\x01" "b" "\xff", 4);
	memcpy(buf + PROTO_OFF_SNAME, "\x35\x01\x01\x0c\x01" "c\xff", 7);
	ck_assert_int_eq(decode(buf, len, &p), PACKET_OK);
	expect(&p, PROTO_OPT_HOST_NAME, STR("abc"));
	ck_assert_int_eq(p.type, PROTO_MSG_DISCOVER);
	ck_assert_msg(p.file.len == 0 && p.sname.len == 0, "no names");
	teardown();
}
END_TEST

START_TEST(fields_end_at_nul)
{
	uint8_t buf[600];
	struct packet p;
	size_t len;

	setup();
	len = message(buf, sizeof(buf), "350101ff");
	memcpy(buf + PROTO_OFF_FILE, "boot", 4);
	memset(buf + PROTO_OFF_SNAME, 'x', PROTO_SNAME_LEN);
	ck_assert_int_eq(decode(buf, len, &p), PACKET_OK);
	ck_assert_msg(str_eq(p.file, STR("boot")), "file");
	ck_assert_int_eq((int)p.sname.len, PROTO_SNAME_LEN);
	teardown();
}
END_TEST

START_TEST(relay_options_are_taken_apart)
{
	uint8_t buf[600];
	struct packet p;
	struct str s;

	setup();
	ck_assert_int_eq(decode(buf, message(buf, sizeof(buf),
	    "350101 520a 010463696431 05040a14 ff"), &p), PACKET_OK);
	ck_assert_msg(packet_agent_option(&p, PROTO_AGENT_CIRCUIT_ID, &s) &&
	    str_eq(s, STR("cid1")), "circuit id");
	teardown();
}
END_TEST

START_TEST(damage_is_named)
{
	uint8_t buf[600];
	struct packet p;
	size_t len;

	setup();
	ck_assert_int_eq(decode(buf, message(buf, sizeof(buf), "0c0961"), &p),
	    PACKET_OPTION_CUT);
	ck_assert_int_eq(p.bad_code, 12);
	ck_assert_int_eq(decode(buf, message(buf, sizeof(buf), "3501010c"),
	    &p), PACKET_OPTION_NO_LEN);
	len = message(buf, sizeof(buf), "350101ff");
	buf[PROTO_OFF_HLEN] = 17;
	ck_assert_int_eq(decode(buf, len, &p), PACKET_BAD_HLEN);
	ck_assert_int_eq(decode(buf, PROTO_HEADER_LEN - 1, &p), PACKET_SHORT);
	teardown();
}
END_TEST

START_TEST(no_cookie_is_bootp)
{
	uint8_t buf[600];
	struct packet p;
	size_t len;

	setup();
	len = message(buf, sizeof(buf), "350101ff");
	buf[PROTO_OFF_OPTIONS] ^= 1;
	ck_assert_int_eq(decode(buf, len, &p), PACKET_OK);
	ck_assert_int_eq(p.type, PROTO_MSG_BOOTP);
	ck_assert_msg(!p.has_cookie, "cookie");
	ck_assert_int_eq(decode(buf, PROTO_HEADER_LEN, &p), PACKET_OK);
	teardown();
}
END_TEST

/* Cut anywhere: a result, and nothing read behind the end. */
START_TEST(every_prefix_is_safe)
{
	uint8_t buf[600];
	struct packet p;
	size_t len;

	setup();
	len = message(buf, sizeof(buf), "350103 340103 520603046369 6431 "
	    "32040a0a0364 0c03616263 0c0161 ff");
	if ((size_t)_i <= len)
		(void)!decode(buf, (size_t)_i, &p);
	teardown();
}
END_TEST

START_TEST(every_flip_is_safe)
{
	uint8_t buf[600];
	struct packet p;
	size_t len;

	setup();
	len = message(buf, sizeof(buf), "350103 340103 520603046369 6431 "
	    "32040a0a0364 0c03616263 0c0161 ff");
	if ((size_t)_i < len) {
		buf[_i] ^= 0xff;
		(void)!decode(buf, len, &p);
	}
	teardown();
}
END_TEST

START_TEST(head_is_written_back)
{
	uint8_t buf[600], head[PROTO_OFF_SNAME];
	struct packet p;
	struct wr w;

	setup();
	ck_assert_int_eq(decode(buf, message(buf, sizeof(buf), "350103ff"),
	    &p), PACKET_OK);
	wr_init(&w, head, sizeof(head));
	packet_write_head(&w, &p.head);
	ck_assert_msg(wr_ok(&w) && w.len == sizeof(head) &&
	    memcmp(head, buf, sizeof(head)) == 0, "same octets");
	teardown();
}
END_TEST

T_MAIN("dhcpd_packet")
{
	T_ADD(reads_header_and_options);
	T_ADD(missing_end_is_fine);
	T_ADD(pieces_become_one);
	T_ADD(overload_is_read_file_then_sname);
	T_ADD(fields_end_at_nul);
	T_ADD(relay_options_are_taken_apart);
	T_ADD(damage_is_named);
	T_ADD(no_cookie_is_bootp);
	T_LOOP(every_prefix_is_safe, 0, 290);
	T_LOOP(every_flip_is_safe, 0, 290);
	T_ADD(head_is_written_back);
}
