/* SPDX-License-Identifier: ISC */
/*
 * proto.h - the numbers of BOOTP and DHCPv4.
 *
 * Owns offsets, sizes, message types and option codes, each with the section
 * of the RFC it comes from.  No code, no types: packet.c reads and writes the
 * header, reply.c and decide*.c speak in these names.  Nothing here may be
 * changed to please a client; deviations for named clients are in quirk.c.
 */
#ifndef DHCPD_PROTO_H
#define DHCPD_PROTO_H

/* Header fields, RFC 2131 2 figure 1: offset of each in the UDP payload. */
enum {
	PROTO_OFF_OP = 0,
	PROTO_OFF_HTYPE = 1,
	PROTO_OFF_HLEN = 2,
	PROTO_OFF_HOPS = 3,
	PROTO_OFF_XID = 4,
	PROTO_OFF_SECS = 8,
	PROTO_OFF_FLAGS = 10,
	PROTO_OFF_CIADDR = 12,
	PROTO_OFF_YIADDR = 16,
	PROTO_OFF_SIADDR = 20,
	PROTO_OFF_GIADDR = 24,
	PROTO_OFF_CHADDR = 28,
	PROTO_OFF_SNAME = 44,
	PROTO_OFF_FILE = 108,
	PROTO_OFF_OPTIONS = 236
};

/* Sizes of the same. */
enum {
	PROTO_HEADER_LEN = 236,		/* up to the options field */
	PROTO_COOKIE_LEN = 4,		/* RFC 2131 3, RFC 2132 2 */
	PROTO_CHADDR_LEN = 16,
	PROTO_SNAME_LEN = 64,
	PROTO_FILE_LEN = 128,
	PROTO_BOOTP_LEN_MIN = 300,	/* RFC 951 3: what we pad replies to */
	PROTO_PAYLOAD_MAX = 1472,	/* UDP in one Ethernet frame of 1500 */
	PROTO_OPTION_LEN_MAX = 255,
	PROTO_MMS_MIN = 576		/* RFC 2132 9.10: smallest option 57 */
};

#define PROTO_COOKIE		0x63825363u	/* RFC 2131 3 */
#define PROTO_FLAG_BROADCAST	0x8000u		/* RFC 2131 2 */

enum proto_op {
	PROTO_OP_REQUEST = 1,		/* RFC 951 3 */
	PROTO_OP_REPLY = 2
};

/* Values of option 53, RFC 2132 9.6; LEASEQUERY: RFC 4388 6.1. */
enum proto_msg {
	PROTO_MSG_BOOTP = 0,		/* ours: no option 53 */
	PROTO_MSG_DISCOVER = 1,
	PROTO_MSG_OFFER = 2,
	PROTO_MSG_REQUEST = 3,
	PROTO_MSG_DECLINE = 4,
	PROTO_MSG_ACK = 5,
	PROTO_MSG_NAK = 6,
	PROTO_MSG_RELEASE = 7,
	PROTO_MSG_INFORM = 8,
	PROTO_MSG_FORCERENEW = 9,	/* RFC 3203 4 */
	PROTO_MSG_LEASEQUERY = 10,
	PROTO_MSG_LEASEUNASSIGNED = 11,
	PROTO_MSG_LEASEUNKNOWN = 12,
	PROTO_MSG_LEASEACTIVE = 13
};

/* Option codes the server itself acts on. */
enum proto_opt {
	PROTO_OPT_PAD = 0,		/* RFC 2132 3.1 */
	PROTO_OPT_SUBNET_MASK = 1,	/* RFC 2132 3.3 */
	PROTO_OPT_ROUTERS = 3,		/* RFC 2132 3.5 */
	PROTO_OPT_DNS = 6,		/* RFC 2132 3.8 */
	PROTO_OPT_HOST_NAME = 12,	/* RFC 2132 3.14 */
	PROTO_OPT_VENDOR = 43,		/* RFC 2132 8.4 */
	PROTO_OPT_REQUESTED_ADDRESS = 50, /* RFC 2132 9.1 */
	PROTO_OPT_LEASE_TIME = 51,	/* RFC 2132 9.2 */
	PROTO_OPT_OVERLOAD = 52,	/* RFC 2132 9.3 */
	PROTO_OPT_MESSAGE_TYPE = 53,	/* RFC 2132 9.6 */
	PROTO_OPT_SERVER_ID = 54,	/* RFC 2132 9.7 */
	PROTO_OPT_PRL = 55,		/* RFC 2132 9.8 */
	PROTO_OPT_MESSAGE = 56,		/* RFC 2132 9.9 */
	PROTO_OPT_MMS = 57,		/* RFC 2132 9.10 */
	PROTO_OPT_RENEWAL_TIME = 58,	/* RFC 2132 9.11 */
	PROTO_OPT_REBINDING_TIME = 59,	/* RFC 2132 9.12 */
	PROTO_OPT_VENDOR_CLASS = 60,	/* RFC 2132 9.13 */
	PROTO_OPT_CLIENT_ID = 61,	/* RFC 2132 9.14 */
	PROTO_OPT_FQDN = 81,		/* RFC 4702 2 */
	PROTO_OPT_RELAY_AGENT = 82,	/* RFC 3046 2.0 */
	PROTO_OPT_CLIENT_LAST = 91,	/* RFC 4388 6.1 */
	PROTO_OPT_ASSOCIATED_IP = 92,	/* RFC 4388 6.1 */
	PROTO_OPT_SUBNET_SELECTION = 118, /* RFC 3011 3 */
	PROTO_OPT_STATIC_ROUTES = 121,	/* RFC 3442 */
	PROTO_OPT_END = 255		/* RFC 2132 3.2 */
};

/* Sub-options of option 82. */
enum {
	PROTO_AGENT_CIRCUIT_ID = 1,	/* RFC 3046 3.1 */
	PROTO_AGENT_REMOTE_ID = 2,	/* RFC 3046 3.2 */
	PROTO_AGENT_LINK_SELECTION = 5	/* RFC 3527 3 */
};

/* Hardware types, RFC 1700 (IANA "hardware types"). */
enum proto_htype {
	PROTO_HTYPE_ETHERNET = 1,
	PROTO_HTYPE_TOKEN_RING = 6,
	PROTO_HTYPE_FDDI = 8,
	PROTO_HTYPE_INFINIBAND = 32
};

#define PROTO_PORT_SERVER	67
#define PROTO_PORT_CLIENT	68
#define PROTO_BROADCAST		0xffffffffu
#define PROTO_TIME_INFINITE	0xffffffffu	/* RFC 2131 3.3 */

#endif
