/* SPDX-License-Identifier: ISC */
/*
 * packet.h - a BOOTP or DHCP message: bytes from the wire to fields and
 * options, and the fixed header back to bytes.
 *
 * Everything is checked once, here, at the door; whoever holds a struct packet
 * may trust it: hlen fits chaddr, every option lies whole in the payload, an
 * option given in pieces has been put together (RFC 3396).
 */
#ifndef DHCPD_PACKET_H
#define DHCPD_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"
#include "dhcpd/optset.h"
#include "dhcpd/optspace.h"
#include "dhcpd/proto.h"

/* Why bytes are not a message. */
enum packet_why {
	PACKET_OK,
	PACKET_SHORT,			/* less than the fixed header */
	PACKET_BAD_HLEN,		/* hardware address longer than chaddr */
	PACKET_OPTION_CUT,		/* an option runs past the end */
	PACKET_OPTION_NO_LEN,		/* a code at the very end */
	PACKET_FULL,			/* scratch memory is used up */
	PACKET_WHY_N
};

/* The fixed header, RFC 2131 2; addresses in host order. */
struct packet_head {
	uint8_t op, htype, hlen, hops;
	uint32_t xid;
	uint16_t secs, flags;
	uint32_t ciaddr, yiaddr, siaddr, giaddr;
	uint8_t chaddr[PROTO_CHADDR_LEN];
};

/* One message.  Slices borrow from the payload or from scratch.  Turn. */
struct packet {
	struct packet_head head;
	struct str raw;			/* the whole payload */
	struct str file, sname;		/* up to a NUL; empty when overloaded */
	struct str file_field;		/* all 128 octets */
	struct optset *in;		/* options, decoded sub-options included */
	bool has_cookie;
	uint8_t type;			/* enum proto_msg; 0: BOOTP */
	uint8_t bad_code;		/* the option of PACKET_OPTION_* */
};

/*
 * packet_decode - bytes to fields and options.
 *
 * raw        UDP payload; borrowed by ret
 * u          what the codes mean, for options made of options (82, 81, 43 ..)
 * in         initialised and filled here
 * scratch    takes options that came in several pieces
 * ret        its head, raw and bad_code are set even on failure, as far as read
 *
 * A missing END is accepted.  Options in file and sname are read where option
 * 52 says so, in that order (RFC 2131 4.1).  Without a cookie there are none.
 */
enum packet_why packet_decode(struct str raw,
    const struct optspace_universe *u, struct optset *in,
    struct arena *scratch, struct packet *ret) MUST_CHECK;

/*
 * packet_option - the octets of one option of the dhcp space; false if absent.
 */
bool packet_option(const struct packet *p, uint32_t code, struct str *ret);

/*
 * packet_option_ip - an option of at least four octets as an address.
 */
bool packet_option_ip(const struct packet *p, uint32_t code, uint32_t *ret);

/*
 * packet_agent_option - the octets of one sub-option of option 82.
 */
bool packet_agent_option(const struct packet *p, uint32_t code,
    struct str *ret);

/*
 * packet_write_head - the 44 octets before sname.
 */
void packet_write_head(struct wr *w, const struct packet_head *h);

#endif
