/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ADDR_H
#define HTTPD_ADDR_H

/*
 * addr - an IPv4 or IPv6 address as the web server compares it.
 *
 * An IPv4-mapped IPv6 address is stored as IPv4, so that a rule for
 * 10.0.0.0/8 also holds for clients of a dual-stack socket.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

enum addr_family { ADDR_NONE, ADDR_V4, ADDR_V6 };

struct addr {
	uint8_t family;		/* addr_family */
	uint8_t b[16];		/* network order; IPv4 in the first four */
};

/* A network: the first `bits` bits of addr. */
struct addr_net {
	struct addr addr;
	uint8_t bits;
};

#define ADDR_TEXT_MAX	46	/* longest text with its NUL */

/*
 * addr_v4 - the address with this IPv4 number (host order).
 */
struct addr addr_v4(uint32_t ip);

/*
 * addr_v6 - the address in these 16 bytes; a mapped one becomes IPv4.
 */
struct addr addr_v6(const uint8_t b[static 16]);

/*
 * addr_parse - dotted quad, or IPv6 with or without brackets.
 *
 * False for anything else; ret is then untouched.
 */
MUST_CHECK bool addr_parse(struct str text, struct addr *ret);

/*
 * addr_parse_net - an address or network as access rules write it.
 *
 * "10.1.2.3", "10.1" (partial: whole octets), "10.0.0.0/8",
 * "10.0.0.0/255.0.0.0", "fe80::/10".  False for anything else.
 */
MUST_CHECK bool addr_parse_net(struct str text, struct addr_net *ret);

/*
 * addr_fmt - the usual text of an address (RFC 5952 for IPv6).
 */
void addr_fmt(struct wr *w, const struct addr *a);

/*
 * addr_eq - the same family and address.
 */
bool addr_eq(const struct addr *a, const struct addr *b);

/*
 * addr_in - whether an address lies in a network.
 */
bool addr_in(const struct addr *a, const struct addr_net *net);

/*
 * addr_is_loopback - 127.0.0.0/8 or ::1.
 */
bool addr_is_loopback(const struct addr *a);

#endif
