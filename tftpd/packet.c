/* SPDX-License-Identifier: ISC */
/*
 * packet - TFTP packets from bytes and to bytes.
 *
 * Untrusted bytes go through rd only.  A request whose last string has no NUL
 * is refused whatever the bytes behind it are; the rest of the rules (an empty
 * string ends the request, an option needs a value) are those of tftp-hpa,
 * which boot ROMs with odd padding rely on.
 */
#include "tftpd/packet.h"

enum packet_why
packet_parse_req(const void *p, size_t len, struct packet_req *ret)
{
	struct packet_req req;
	struct rd rd;
	uint16_t op;

	rd_init(&rd, p, len);
	op = rd_u16(&rd);
	if (!rd_ok(&rd) || (op != PROTO_RRQ && op != PROTO_WRQ))
		return PACKET_NO_REQUEST;
	if (len > 2 && ((const uint8_t *)p)[len - 1] != 0)
		return PACKET_UNTERMINATED;
	req.op = (enum proto_op)op;
	req.name = rd_cstr(&rd);
	req.mode = rd_cstr(&rd);
	if (!rd_ok(&rd) || req.name.len == 0 || req.mode.len == 0)
		return PACKET_NO_MODE;
	req.options = rd;
	*ret = req;
	return PACKET_OK;
}

bool
packet_next_option(struct rd *options, struct str *ret_name,
    struct str *ret_value)
{
	struct str name = rd_cstr(options), value = rd_cstr(options);

	if (!rd_ok(options) || name.len == 0 || value.len == 0) {
		rd_fail(options);
		return false;
	}
	*ret_name = name;
	*ret_value = value;
	return true;
}

bool
packet_parse(const void *p, size_t len, struct packet *ret)
{
	struct packet packet;
	struct rd rd;
	uint16_t op;

	rd_init(&rd, p, len);
	op = rd_u16(&rd);
	packet.number = rd_u16(&rd);
	packet.data = rd_rest(&rd);
	if (!rd_ok(&rd) || op < PROTO_DATA || op > PROTO_ERROR)
		return false;
	packet.op = (enum proto_op)op;
	*ret = packet;
	return true;
}

void
packet_put_data(struct wr *wr, uint16_t block)
{
	wr_u16(wr, PROTO_DATA);
	wr_u16(wr, block);
}

void
packet_put_ack(struct wr *wr, uint16_t block)
{
	wr_u16(wr, PROTO_ACK);
	wr_u16(wr, block);
}

void
packet_put_error(struct wr *wr, enum proto_code code, struct str text)
{
	size_t nul = str_chr(text, '\0');

	if (nul != STR_NONE)
		text.len = nul;
	wr_u16(wr, PROTO_ERROR);
	wr_u16(wr, (uint16_t)code);
	wr_str(wr, str_sub(text, 0, PROTO_TEXT_MAX));
	wr_u8(wr, 0);
}
