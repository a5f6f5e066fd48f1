/* SPDX-License-Identifier: ISC */
/*
 * packet - TFTP packets from bytes and to bytes.
 *
 * Slices point into the datagram.  A packet is whole or it is not taken:
 * there is no partial result.
 */
#ifndef TFTPD_PACKET_H
#define TFTPD_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/rd.h"
#include "common/str.h"
#include "common/wr.h"
#include "tftpd/proto.h"

enum packet_why {
	PACKET_OK,
	PACKET_NO_REQUEST,	/* too short, or another opcode: silence */
	PACKET_UNTERMINATED,	/* the last byte is not NUL */
	PACKET_NO_MODE		/* file name or mode missing or empty */
};

/* A request; the options are walked with packet_next_option. */
struct packet_req {
	enum proto_op op;	/* PROTO_RRQ or PROTO_WRQ */
	struct str name;
	struct str mode;
	struct rd options;
};

/* A packet of a running transfer. */
struct packet {
	enum proto_op op;	/* PROTO_DATA, PROTO_ACK or PROTO_ERROR */
	uint16_t number;	/* block, or error code */
	struct str data;	/* DATA: payload; ERROR: text */
};

/*
 * packet_parse_req - a datagram that came to the listening port.
 */
enum packet_why packet_parse_req(const void *p, size_t len,
    struct packet_req *ret) MUST_CHECK;

/*
 * packet_next_option - the next option of a request.
 *
 * options    copy of the reader in packet_req, moved on
 *
 * False at the end.  As with tftp-hpa an empty string ends the list, and so
 * does a name without a value.
 */
bool packet_next_option(struct rd *options, struct str *ret_name,
    struct str *ret_value) MUST_CHECK;

/*
 * packet_parse - a datagram that came to a transfer's port.
 *
 * False when it is too short or of a kind that has no business there.  Bytes
 * behind an ACK are ignored, as some clients pad.
 */
bool packet_parse(const void *p, size_t len, struct packet *ret) MUST_CHECK;

/*
 * packet_put_data - the four bytes before a block.
 */
void packet_put_data(struct wr *wr, uint16_t block);

/*
 * packet_put_ack - a whole acknowledgement.
 */
void packet_put_ack(struct wr *wr, uint16_t block);

/*
 * packet_put_error - a whole error packet; the text is cut at PROTO_TEXT_MAX
 * and at its first NUL.
 */
void packet_put_error(struct wr *wr, enum proto_code code, struct str text);

#endif
