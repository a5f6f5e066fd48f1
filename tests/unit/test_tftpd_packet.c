/* SPDX-License-Identifier: ISC */
/*
 * Requests and packets: what is taken, what is refused and why, at each
 * length and with each byte changed.
 */
#include "tests/unit/t.h"

#include "tftpd/packet.h"

#define REQUEST "\0\1boot/pxelinux.0\0octet\0tsize\0000\0blksize\0001408\0"

static enum packet_why
parse(const char *bytes, size_t len, struct packet_req *req)
{
	return packet_parse_req(bytes, len, req);
}

START_TEST(takes_a_request)
{
	struct packet_req req;
	struct str name, value;
	size_t len = sizeof(REQUEST) - 1;
	char *p = t_dup(REQUEST, len);

	ck_assert_int_eq(parse(p, len, &req), PACKET_OK);
	ck_assert_int_eq(req.op, PROTO_RRQ);
	ck_assert_msg(str_eq(req.name, STR("boot/pxelinux.0")), "name");
	ck_assert_msg(str_eq(req.mode, STR("octet")), "mode");
	ck_assert_msg(packet_next_option(&req.options, &name, &value) &&
	    str_eq(name, STR("tsize")) && str_eq(value, STR("0")), "first");
	ck_assert_msg(packet_next_option(&req.options, &name, &value) &&
	    str_eq(name, STR("blksize")) && str_eq(value, STR("1408")), "2nd");
	ck_assert_msg(!packet_next_option(&req.options, &name, &value),
	    "third");
	free(p);
}
END_TEST

START_TEST(every_prefix)
{
	struct packet_req req;
	struct str name, value;
	size_t len = (size_t)_i;
	char *p = t_dup(REQUEST, len);
	enum packet_why why = parse(p, len, &req);

	if (len < 2)
		ck_assert_int_eq(why, PACKET_NO_REQUEST);
	else if (len > 2 && p[len - 1] != '\0')
		ck_assert_int_eq(why, PACKET_UNTERMINATED);
	else if (len < 24)
		ck_assert_int_eq(why, PACKET_NO_MODE);
	else
		ck_assert_int_eq(why, PACKET_OK);
	while (why == PACKET_OK &&
	    packet_next_option(&req.options, &name, &value))
		ck_assert_msg(name.len > 0 && value.len > 0, "empty");
	free(p);
}
END_TEST

START_TEST(every_byte_flipped)
{
	struct packet_req req;
	struct str name, value;
	size_t len = sizeof(REQUEST) - 1;
	char *p = t_dup(REQUEST, len);

	for (int bit = 0; bit < 8; bit++) {
		p[_i] = (char)(p[_i] ^ 1 << bit);
		if (parse(p, len, &req) == PACKET_OK) {
			ck_assert_msg(req.name.len > 0, "name");
			while (packet_next_option(&req.options, &name,
			    &value))
				continue;
		}
		p[_i] = (char)(p[_i] ^ 1 << bit);
	}
	free(p);
}
END_TEST

START_TEST(refuses_what_is_no_request)
{
	struct packet_req req;

	ck_assert_int_eq(parse(NULL, 0, &req), PACKET_NO_REQUEST);
	ck_assert_int_eq(parse("\0\3\0\1x", 5, &req), PACKET_NO_REQUEST);
	ck_assert_int_eq(parse("\1\1f\0octet\0", 10, &req),
	    PACKET_NO_REQUEST);
	ck_assert_int_eq(parse("\0\1", 2, &req), PACKET_NO_MODE);
	ck_assert_int_eq(parse("\0\1\0octet\0", 9, &req), PACKET_NO_MODE);
	ck_assert_int_eq(parse("\0\1f\0\0", 5, &req), PACKET_NO_MODE);
	ck_assert_int_eq(parse("\0\1f\0octet", 9, &req),
	    PACKET_UNTERMINATED);
}
END_TEST

START_TEST(an_empty_string_ends_the_options)
{
	static const char bytes[] =
	    "\0\1f\0octet\0blksize\0\0tsize\0000\0";
	static const char no_name[] = "\0\1f\0octet\0\0001\0tsize\0000\0";
	struct packet_req req;
	struct str name, value;

	ck_assert_int_eq(parse(bytes, sizeof(bytes) - 1, &req), PACKET_OK);
	ck_assert_msg(!packet_next_option(&req.options, &name, &value), "1");
	ck_assert_msg(!packet_next_option(&req.options, &name, &value), "2");
	ck_assert_int_eq(parse(no_name, sizeof(no_name) - 1, &req), PACKET_OK);
	ck_assert_msg(!packet_next_option(&req.options, &name, &value), "3");
}
END_TEST

START_TEST(packets_of_a_transfer)
{
	struct packet packet;

	ck_assert_msg(packet_parse("\0\4\1\2pad", 7, &packet) &&
	    packet.op == PROTO_ACK && packet.number == 258, "padded ACK");
	ck_assert_msg(packet_parse("\0\3\0\1", 4, &packet) &&
	    packet.data.len == 0, "empty DATA");
	ck_assert_msg(packet_parse("\0\5\0\0", 4, &packet), "bare ERROR");
	ck_assert_msg(!packet_parse("\0\4\1", 3, &packet), "short");
	ck_assert_msg(!packet_parse("\0\6a\0", 4, &packet), "OACK");
	ck_assert_msg(!packet_parse("\0\1f\0", 4, &packet), "RRQ");
}
END_TEST

START_TEST(writes_packets)
{
	uint8_t buf[64];
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	packet_put_data(&wr, 0x1234);
	packet_put_ack(&wr, 0xffff);
	packet_put_error(&wr, PROTO_NOT_FOUND, STR("no\0t"));
	t_mem_eq(buf, wr.len, "\0\3\x12\x34\0\4\xff\xff\0\5\0\1no\0", 15);
}
END_TEST

T_MAIN("tftpd_packet") {
	T_ADD(takes_a_request);
	T_LOOP(every_prefix, 0, sizeof(REQUEST));
	T_LOOP(every_byte_flipped, 0, sizeof(REQUEST) - 1);
	T_ADD(refuses_what_is_no_request);
	T_ADD(an_empty_string_ends_the_options);
	T_ADD(packets_of_a_transfer);
	T_ADD(writes_packets);
}
