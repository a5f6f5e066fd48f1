/* SPDX-License-Identifier: ISC */
/*
 * dhcp.c - the DHCP side of a boot ROM: no address yet, so packets go out and
 * come in through a packet socket on c0.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/ip4.h"
#include "common/rd.h"
#include "common/wr.h"

#include "tests/demo/demo.h"

#define COOKIE 0x63825363u
#define IP_UDP_LEN 28
#define BOOTP_LEN 548		/* what such ROMs send */
#define OPTIONS_AT 240
#define TRIES 8

enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6 };

/* What matters of a reply. */
struct reply {
	unsigned type;
	uint32_t from, yiaddr, siaddr, server_id, mask, lease_s;
	size_t len;
	char file[DEMO_NAME_MAX];
};

static const uint32_t xid = 0x503bf62b;

static int
open_wire(void)
{
	struct sockaddr_ll ll;
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETHERTYPE_IP));

	memset(&ll, 0, sizeof(ll));
	ll.sll_family = AF_PACKET;
	ll.sll_protocol = htons(ETHERTYPE_IP);
	ll.sll_ifindex = (int)if_nametoindex("c0");
	if (fd < 0 || bind(fd, (struct sockaddr *)&ll, sizeof(ll)) < 0)
		demo_fail("DHCP", "packet socket: %s", strerror(errno));
	return fd;
}

static uint16_t
ip_checksum(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
put_headers(struct wr *wr)
{
	wr_u16(wr, 0x4500);
	wr_u16(wr, IP_UDP_LEN + BOOTP_LEN);
	wr_u32(wr, 0);
	wr_u16(wr, 64 << 8 | 17);		/* TTL, UDP */
	wr_u16(wr, 0);
	wr_u32(wr, 0);
	wr_u32(wr, 0xffffffff);
	wr_patch_u16(wr, 10, ip_checksum(wr->p, 20));
	wr_u16(wr, 68);
	wr_u16(wr, 67);
	wr_u16(wr, 8 + BOOTP_LEN);
	wr_u16(wr, 0);				/* no checksum: allowed */
}

static void
put_option(struct wr *wr, uint8_t code, const void *data, size_t n)
{
	wr_u8(wr, code);
	wr_u8(wr, (uint8_t)n);
	wr_bytes(wr, data, n);
}

static void
put_address(struct wr *wr, uint8_t code, uint32_t addr)
{
	uint32_t addr_be = htonl(addr);

	put_option(wr, code, &addr_be, 4);
}

/* RFC 2131 table 5, RFC 4578. */
static void
send_query(int fd, uint8_t type, const struct reply *offer)
{
	static const uint8_t wanted[] = { 1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18,
	    22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 97, 128,
	    129, 130, 131, 132, 133, 134, 135 };
	uint8_t buf[IP_UDP_LEN + BOOTP_LEN];
	struct sockaddr_ll ll;
	struct wr wr;

	wr_init(&wr, buf, sizeof(buf));
	put_headers(&wr);
	wr_u32(&wr, 0x01010600);		/* request, Ethernet, 6 octets */
	wr_u32(&wr, xid);
	wr_u32(&wr, 0x00048000);		/* 4 s, answer by broadcast */
	wr_zero(&wr, 16);
	wr_bytes(&wr, demo_mac, 6);
	wr_zero(&wr, 10 + 64 + 128);
	wr_u32(&wr, COOKIE);
	put_option(&wr, 53, &type, 1);
	if (offer != NULL) {
		put_address(&wr, 50, offer->yiaddr);
		put_address(&wr, 54, offer->server_id);
	}
	put_option(&wr, 55, wanted, sizeof(wanted));
	put_option(&wr, 57, "\x04\xec", 2);
	put_option(&wr, 97, "\0\x56\x4d\x46\x17\x63\x4e\x2c\xe8\x4b\x8c\x41\xc6"
	    "\xe4\x3b\xb4\x4a", 17);
	put_option(&wr, 93, "\0\0", 2);		/* Intel x86PC */
	put_option(&wr, 94, "\1\2\1", 3);	/* UNDI 2.1 */
	put_option(&wr, 60, "PXEClient:Arch:00000:UNDI:002001", 32);
	wr_u8(&wr, 255);
	wr_zero(&wr, wr_left(&wr));
	ASSERT(wr_ok(&wr));
	memset(&ll, 0, sizeof(ll));
	ll.sll_family = AF_PACKET;
	ll.sll_protocol = htons(ETHERTYPE_IP);
	ll.sll_ifindex = (int)if_nametoindex("c0");
	ll.sll_halen = 6;
	memset(ll.sll_addr, 0xff, 6);
	if (sendto(fd, buf, sizeof(buf), 0, (struct sockaddr *)&ll,
	    sizeof(ll)) < 0)
		demo_fail("DHCP", "send: %s", strerror(errno));
	demo_line("0.0.0.0.68", "255.255.255.255.67", "DHCP%s from "
	    "00:50:56:3b:f6:2b, PXEClient:Arch:00000, %d bytes",
	    type == DISCOVER ? "DISCOVER" : "REQUEST", BOOTP_LEN);
}

static void
take_options(struct rd *rd, struct reply *ret)
{
	while (rd_left(rd) > 0 && rd_ok(rd)) {
		uint8_t code = rd_u8(rd);
		struct rd value;

		if (code == 0)
			continue;
		if (code == 255)
			return;
		value = rd_sub(rd, rd_u8(rd));
		switch (code) {
		case 1:
			ret->mask = rd_u32(&value);
			break;
		case 51:
			ret->lease_s = rd_u32(&value);
			break;
		case 53:
			ret->type = rd_u8(&value);
			break;
		case 54:
			ret->server_id = rd_u32(&value);
			break;
		default:
			break;
		}
	}
}

/* A reply to us?  Fills ret. */
static bool
take_reply(const uint8_t *buf, size_t n, struct reply *ret)
{
	struct rd rd;
	uint8_t head;
	uint32_t to;

	memset(ret, 0, sizeof(*ret));
	rd_init(&rd, buf, n);
	head = rd_u8(&rd);
	rd_skip(&rd, 8);
	if (rd_u8(&rd) != 17)
		return false;
	rd_skip(&rd, 2);
	ret->from = rd_u32(&rd);
	to = rd_u32(&rd);
	rd_skip(&rd, (size_t)(head & 15) * 4 - 20);
	if (rd_u16(&rd) != 67 || rd_u16(&rd) != 68 || to == 0)
		return false;
	rd_skip(&rd, 4);
	ret->len = rd_left(&rd);
	if (rd_u8(&rd) != 2)
		return false;
	rd_skip(&rd, 3);
	if (rd_u32(&rd) != xid)
		return false;
	rd_skip(&rd, 8);
	ret->yiaddr = rd_u32(&rd);
	ret->siaddr = rd_u32(&rd);
	rd_skip(&rd, 4 + 16 + 64);
	rd_copy(&rd, ret->file, sizeof(ret->file));
	ret->file[sizeof(ret->file) - 1] = '\0';
	if (rd_u32(&rd) != COOKIE)
		return false;
	take_options(&rd, ret);
	return rd_ok(&rd);
}

static void
show_reply(const struct reply *r)
{
	char yiaddr[IP4_TEXT_SIZE], siaddr[IP4_TEXT_SIZE];
	const char *from = demo_endpoint(r->from, 67);

	ip4_fmt(r->yiaddr, yiaddr);
	ip4_fmt(r->siaddr, siaddr);
	if (r->type == OFFER)
		demo_line(from, "255.255.255.255.68", "DHCPOFFER %s, "
		    "next-server %s, filename \"%s\", %zu bytes", yiaddr,
		    siaddr, r->file, r->len);
	else
		demo_line(from, "255.255.255.255.68", "DHCPACK %s for %u "
		    "seconds, %zu bytes", yiaddr, (unsigned)r->lease_s, r->len);
}

/* Ask until the wanted type comes; each try waits longer. */
static void
exchange(int fd, uint8_t type, unsigned want, const struct reply *offer,
    struct reply *ret)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint8_t buf[2048];

	for (int try = 0; try < TRIES; try++) {
		send_query(fd, type, offer);
		while (poll(&pfd, 1, 1500 + 500 * try) > 0) {
			ssize_t n = recv(fd, buf, sizeof(buf), 0);

			if (n < 0 || !take_reply(buf, (size_t)n, ret))
				continue;
			if (ret->type == NAK)
				demo_fail("DHCP", "the server said NAK");
			if (ret->type == want) {
				show_reply(ret);
				return;
			}
		}
	}
	demo_fail("DHCP", "no answer to %s", type == DISCOVER ? "DHCPDISCOVER" :
	    "DHCPREQUEST");
}

void
dhcp_boot(struct demo_lease *ret)
{
	struct reply offer, ack;
	int fd = open_wire();

	exchange(fd, DISCOVER, OFFER, NULL, &offer);
	exchange(fd, REQUEST, ACK, &offer, &ack);
	close(fd);
	if (ack.yiaddr != offer.yiaddr)
		demo_fail("DHCP", "another address was offered");
	if (ack.siaddr == 0 || ack.file[0] == '\0')
		demo_fail("DHCP", "no next-server or filename in the answer");
	ret->addr = ack.yiaddr;
	ret->mask = ack.mask;
	ret->next_server = ack.siaddr;
	memcpy(ret->filename, ack.file, sizeof(ret->filename));
}
