/* SPDX-License-Identifier: ISC */
/*
 * frame.c - Ethernet, IPv4 and UDP headers with their checksums.
 *
 * Owns the layout of the three headers.  Promises that a payload handed out
 * lies whole inside the captured bytes and passed both checksums, and that no
 * header is read before its length was checked.  Knows nothing of DHCP and
 * nothing of sockets.  RFC 791, RFC 768, RFC 1071.
 */
#include "dhcpd/frame.h"

#include <string.h>

#include "common/rd.h"

enum {
	FRAME_TYPE_IPV4 = 0x0800,
	FRAME_PROTO_UDP = 17,
	FRAME_TOS = 0x10,		/* low delay, the peer's choice */
	FRAME_TTL = 128,
	FRAME_OFFSET_MASK = 0x1fff	/* fragment offset, RFC 791 3.1 */
};

/*
 * One's complement sum of bytes as big-endian words, RFC 1071.  Four words at
 * a time in 64 bits: the order of bytes does not matter to the sum, so words
 * are added as they lie in memory and swapped once at the end by the caller's
 * frame_fold.
 */
static uint64_t
frame_sum(uint64_t sum, const uint8_t *p, size_t len)
{
	uint64_t wide;
	uint32_t word;
	uint16_t half;

	while (len >= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum += word;
		p += sizeof(word);
		len -= sizeof(word);
	}
	wide = 0;
	if (len >= sizeof(half)) {
		memcpy(&half, p, sizeof(half));
		wide += half;
		p += sizeof(half);
		len -= sizeof(half);
	}
	if (len > 0) {
		half = 0;
		memcpy(&half, p, 1);
		wide += half;
	}
	return sum + wide;
}

/* The sum in 16 bits, as two bytes in network order. */
static uint16_t
frame_fold(uint64_t sum)
{
	uint8_t b[2];
	uint16_t v;

	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	v = (uint16_t)sum;
	memcpy(b, &v, sizeof(b));
	return (uint16_t)(b[0] << 8 | b[1]);
}

/* Sum of the pseudo header of RFC 768, in the memory order of frame_sum. */
static uint64_t
frame_pseudo(uint32_t src, uint32_t dst, size_t udp_len)
{
	uint8_t buf[12];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u32(&w, src);
	wr_u32(&w, dst);
	wr_u8(&w, 0);
	wr_u8(&w, FRAME_PROTO_UDP);
	wr_u16(&w, (uint16_t)udp_len);
	return frame_sum(0, buf, sizeof(buf));
}

static enum frame_why
frame_parse_udp(struct rd *r, bool sum_ready, struct frame *f)
{
	const uint8_t *head;
	uint16_t udp_len, sum;

	head = r->p + r->pos;
	if (rd_left(r) < FRAME_UDP_LEN)
		return FRAME_SHORT;
	f->src_port = rd_u16(r);
	f->dst_port = rd_u16(r);
	udp_len = rd_u16(r);
	sum = rd_u16(r);
	if (udp_len < FRAME_UDP_LEN)
		return FRAME_SHORT;
	if ((size_t)udp_len - FRAME_UDP_LEN > rd_left(r))
		return FRAME_TOO_LONG;
	if (sum != 0 && sum_ready && frame_fold(frame_sum(
	    frame_pseudo(f->src, f->dst, udp_len), head, udp_len)) != 0xffff)
		return FRAME_BAD_UDP_SUM;
	f->payload.p = (const char *)head + FRAME_UDP_LEN;
	f->payload.len = (size_t)udp_len - FRAME_UDP_LEN;
	return FRAME_OK;
}

enum frame_why
frame_parse(const uint8_t *p, size_t len, bool sum_ready, struct frame *ret)
{
	struct frame f;
	struct rd r, ip;
	uint8_t version;
	uint16_t total, fragment;
	size_t head_len;
	enum frame_why why;

	rd_init(&r, p, len);
	if (len < FRAME_ETHER_LEN + FRAME_IP_LEN)
		return FRAME_SHORT;
	memcpy(f.dst_mac, p, FRAME_MAC_LEN);
	memcpy(f.src_mac, p + FRAME_MAC_LEN, FRAME_MAC_LEN);
	rd_skip(&r, (size_t)2 * FRAME_MAC_LEN);
	if (rd_u16(&r) != FRAME_TYPE_IPV4)
		return FRAME_FOREIGN;
	version = rd_u8(&r);
	head_len = (size_t)(version & 15) * 4;
	if (version >> 4 != 4)
		return FRAME_FOREIGN;
	if (head_len < FRAME_IP_LEN || head_len > len - FRAME_ETHER_LEN)
		return FRAME_SHORT;
	rd_skip(&r, 1);			/* TOS */
	total = rd_u16(&r);
	rd_skip(&r, 2);			/* identification */
	fragment = rd_u16(&r);
	rd_skip(&r, 1);			/* time to live */
	if (rd_u8(&r) != FRAME_PROTO_UDP || (fragment & FRAME_OFFSET_MASK) != 0)
		return FRAME_FOREIGN;
	rd_skip(&r, 2);			/* the checksum, summed below */
	f.src = rd_u32(&r);
	f.dst = rd_u32(&r);
	if (frame_fold(frame_sum(0, p + FRAME_ETHER_LEN, head_len)) != 0xffff)
		return FRAME_BAD_IP_SUM;
	if (total < head_len)
		return FRAME_SHORT;
	/* Short frames are padded to 60 bytes, so the frame may be longer. */
	rd_init(&ip, p + FRAME_ETHER_LEN, len - FRAME_ETHER_LEN);
	if (total < ip.len)
		ip.len = total;
	rd_skip(&ip, head_len);
	why = frame_parse_udp(&ip, sum_ready, &f);
	if (why == FRAME_OK)
		*ret = f;
	return why;
}

void
frame_head(struct wr *w, const struct frame *f)
{
	uint8_t *ip, *udp;
	size_t udp_len, at;
	uint16_t sum;

	udp_len = FRAME_UDP_LEN + f->payload.len;
	ASSERT(udp_len + FRAME_IP_LEN <= UINT16_MAX);
	wr_bytes(w, f->dst_mac, FRAME_MAC_LEN);
	wr_bytes(w, f->src_mac, FRAME_MAC_LEN);
	wr_u16(w, FRAME_TYPE_IPV4);
	at = w->len;
	wr_u8(w, 4 << 4 | FRAME_IP_LEN / 4);
	wr_u8(w, FRAME_TOS);
	wr_u16(w, (uint16_t)(FRAME_IP_LEN + udp_len));
	wr_u32(w, 0);			/* identification, flags, offset */
	wr_u8(w, FRAME_TTL);
	wr_u8(w, FRAME_PROTO_UDP);
	wr_u16(w, 0);			/* checksum, below */
	wr_u32(w, f->src);
	wr_u32(w, f->dst);
	wr_u16(w, f->src_port);
	wr_u16(w, f->dst_port);
	wr_u16(w, (uint16_t)udp_len);
	wr_u16(w, 0);			/* checksum, below */
	if (!wr_ok(w))
		return;
	ip = w->p + at;
	udp = ip + FRAME_IP_LEN;
	sum = (uint16_t)~frame_fold(frame_sum(0, ip, FRAME_IP_LEN));
	wr_patch_u16(w, at + 10, sum);
	sum = (uint16_t)~frame_fold(frame_sum(
	    frame_sum(frame_pseudo(f->src, f->dst, udp_len), udp,
	    FRAME_UDP_LEN), (const uint8_t *)f->payload.p, f->payload.len));
	/* Zero would mean "no checksum": send its other form (RFC 768). */
	wr_patch_u16(w, at + FRAME_IP_LEN + 6, sum != 0 ? sum : 0xffff);
}
