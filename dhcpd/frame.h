/* SPDX-License-Identifier: ISC */
/*
 * frame.h - Ethernet, IPv4 and UDP around a DHCP message, both ways.
 *
 * A client without an address cannot be reached through the kernel's routing
 * and ARP, so the server speaks whole frames on a packet socket.  Parsing
 * checks every length and checksum before a byte of the payload is shown;
 * building produces the frame that ISC's server sends, to the bit.
 */
#ifndef DHCPD_FRAME_H
#define DHCPD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

/* Sizes of addresses and headers. */
enum {
	FRAME_MAC_LEN = 6,
	FRAME_ETHER_LEN = 14,
	FRAME_IP_LEN = 20,		/* RFC 791 3.1, no options */
	FRAME_UDP_LEN = 8,
	FRAME_HEAD_LEN = FRAME_ETHER_LEN + FRAME_IP_LEN + FRAME_UDP_LEN
};

/* Why a frame is not a message for us; FRAME_OK is the only good one. */
enum frame_why {
	FRAME_OK,
	FRAME_SHORT,			/* a header runs past the end */
	FRAME_FOREIGN,			/* not IPv4, not UDP, a later fragment */
	FRAME_BAD_IP_SUM,
	FRAME_TOO_LONG,			/* UDP length beyond what came */
	FRAME_BAD_UDP_SUM,
	FRAME_WHY_N
};

/* What a frame says; payload borrows from the frame. Lifetime: turn. */
struct frame {
	uint8_t src_mac[FRAME_MAC_LEN];
	uint8_t dst_mac[FRAME_MAC_LEN];
	uint32_t src, dst;		/* host order */
	uint16_t src_port, dst_port;
	struct str payload;
};

/*
 * frame_parse - take an Ethernet frame apart.
 *
 * p, len     the frame as captured, from the destination address on
 * sum_ready  false when the kernel says that the UDP checksum is not computed
 *            yet (a packet from this host, offloaded): it is then not checked
 * ret        set only when the result is FRAME_OK
 *
 * A UDP checksum of zero means "none" and is accepted (RFC 768).
 */
enum frame_why frame_parse(const uint8_t *p, size_t len, bool sum_ready,
    struct frame *ret) MUST_CHECK;

/*
 * frame_head - write the 42 octets of headers for a payload.
 *
 * w          gets FRAME_HEAD_LEN bytes
 * f          addresses, ports and the payload (whose bytes are only summed)
 *
 * TOS 0x10, identification 0, time to live 128, as the peer sends; both
 * checksums are always computed.
 */
void frame_head(struct wr *w, const struct frame *f);

#endif
