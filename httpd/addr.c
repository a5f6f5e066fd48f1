/* SPDX-License-Identifier: ISC */
/*
 * addr - parsing, printing and comparing of IPv4 and IPv6 addresses.
 *
 * Owns the rule that an IPv4-mapped IPv6 address is an IPv4 address.  Knows
 * nothing of sockets; the shell copies the bytes out of its sockaddr.
 */

#include "httpd/addr.h"

#include <string.h>

#include "common/ip4.h"
#include "common/num.h"

struct addr
addr_v4(uint32_t ip)
{
	struct addr a;

	memset(&a, 0, sizeof(a));
	a.family = ADDR_V4;
	a.b[0] = (uint8_t)(ip >> 24);
	a.b[1] = (uint8_t)(ip >> 16);
	a.b[2] = (uint8_t)(ip >> 8);
	a.b[3] = (uint8_t)ip;
	return a;
}

struct addr
addr_v6(const uint8_t b[static 16])
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	    0xff, 0xff };
	struct addr a;

	memset(&a, 0, sizeof(a));
	if (memcmp(b, mapped, sizeof(mapped)) == 0) {
		a.family = ADDR_V4;
		memcpy(a.b, b + 12, 4);
	} else {
		a.family = ADDR_V6;
		memcpy(a.b, b, 16);
	}
	return a;
}

/*
 * One group of an IPv6 address: 1 to 4 hexadecimal digits.
 */
static bool
group_parse(struct str text, uint8_t out[2])
{
	uint64_t v;

	if (text.len == 0 || text.len > 4 || !num_hex(text, 0xffff, &v))
		return false;
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return true;
}

/*
 * A run of groups separated by single colons, the last perhaps an IPv4
 * address.  Returns the number of bytes, or -1.
 */
static int
groups_parse(struct str text, uint8_t out[16])
{
	int n = 0;

	if (text.len == 0)
		return 0;
	for (;;) {
		struct str rest;
		struct str one = str_cut(text, ':', &rest);
		bool is_last = rest.p == NULL;
		uint32_t ip;

		if (is_last && str_chr(one, '.') != STR_NONE) {
			struct addr v4;

			if (n > 12 || !ip4_parse(one, &ip))
				return -1;
			v4 = addr_v4(ip);
			memcpy(out + n, v4.b, 4);
			return n + 4;
		}
		if (n > 14 || !group_parse(one, out + n))
			return -1;
		n += 2;
		if (is_last)
			return n;
		text = rest;
	}
}

static bool
v6_parse(struct str text, uint8_t out[16])
{
	uint8_t head[16], tail[16];
	size_t gap = str_find(text, STR("::"));
	int head_n, tail_n;

	memset(out, 0, 16);
	if (gap == STR_NONE)
		return groups_parse(text, out) == 16;
	head_n = groups_parse(str_sub(text, 0, gap), head);
	tail_n = groups_parse(str_sub(text, gap + 2, text.len), tail);
	if (head_n < 0 || tail_n < 0 || head_n + tail_n > 14)
		return false;
	if (str_chr(str_sub(text, 0, gap), '.') != STR_NONE)
		return false;
	memcpy(out, head, (size_t)head_n);
	memcpy(out + 16 - tail_n, tail, (size_t)tail_n);
	return true;
}

bool
addr_parse(struct str text, struct addr *ret)
{
	uint8_t b[16];
	uint32_t ip;

	if (ip4_parse(text, &ip)) {
		*ret = addr_v4(ip);
		return true;
	}
	if (text.len >= 2 && text.p[0] == '[' && text.p[text.len - 1] == ']')
		text = str_sub(text, 1, text.len - 2);
	if (str_chr(text, ':') == STR_NONE || !v6_parse(text, b))
		return false;
	*ret = addr_v6(b);
	return true;
}

/*
 * "10", "10.1.", "10.1.2": whole octets of an IPv4 network.
 */
static bool
partial_parse(struct str text, struct addr_net *ret)
{
	struct addr a = addr_v4(0);
	unsigned n = 0;

	if (str_ends(text, STR(".")))
		text.len--;
	while (n < 4) {
		struct str rest;
		struct str one = str_cut(text, '.', &rest);
		uint32_t v;

		if (!num_u32(one, 0, 255, &v))
			return false;
		a.b[n++] = (uint8_t)v;
		if (rest.p == NULL) {
			ret->addr = a;
			ret->bits = (uint8_t)(n * 8);
			return true;
		}
		text = rest;
	}
	return false;
}

bool
addr_parse_net(struct str text, struct addr_net *ret)
{
	struct str mask;
	struct str base = str_cut(text, '/', &mask);
	struct addr_net net;
	uint32_t bits, ip;

	if (!addr_parse(base, &net.addr)) {
		if (!partial_parse(base, &net))
			return false;
		if (mask.p == NULL) {
			*ret = net;
			return true;
		}
	}
	if (mask.p == NULL)
		bits = net.addr.family == ADDR_V4 ? 32 : 128;
	else if (ip4_parse(mask, &ip)) {
		if (net.addr.family != ADDR_V4 || !ip4_is_mask(ip))
			return false;
		bits = ip4_prefix(ip);
	} else if (!num_u32(mask, 0, net.addr.family == ADDR_V4 ? 32 : 128,
	    &bits))
		return false;
	net.bits = (uint8_t)bits;
	*ret = net;
	return true;
}

/*
 * The longest run of zero groups, at least two; returns its length.
 */
static unsigned
zero_run(const uint8_t b[16], unsigned *ret_at)
{
	unsigned best = 1, best_at = 8;

	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && b[2 * (i + n)] == 0 &&
		    b[2 * (i + n) + 1] == 0)
			n++;
		if (n > best) {
			best = n;
			best_at = i;
		}
	}
	*ret_at = best_at;
	return best_at == 8 ? 0 : best;
}

void
addr_fmt(struct wr *w, const struct addr *a)
{
	unsigned at, run;

	if (a->family == ADDR_V4) {
		wr_fmt(w, "%u.%u.%u.%u", a->b[0], a->b[1], a->b[2], a->b[3]);
		return;
	}
	if (a->family != ADDR_V6) {
		wr_text(w, "*");
		return;
	}
	run = zero_run(a->b, &at);
	for (unsigned i = 0; i < 8; i++) {
		if (run != 0 && i == at) {
			wr_text(w, "::");
			i += run - 1;
			continue;
		}
		if (i > 0 && !(run != 0 && i == at + run))
			wr_text(w, ":");
		wr_fmt(w, "%x", a->b[2 * i] << 8 | a->b[2 * i + 1]);
	}
}

bool
addr_eq(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->b, b->b, 16) == 0;
}

bool
addr_in(const struct addr *a, const struct addr_net *net)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;

	if (a->family != net->addr.family)
		return false;
	if (memcmp(a->b, net->addr.b, whole) != 0)
		return false;
	return rest == 0 ||
	    ((a->b[whole] ^ net->addr.b[whole]) >> (8 - rest)) == 0;
}

bool
addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (a->family == ADDR_V4)
		return a->b[0] == 127;
	return a->family == ADDR_V6 && memcmp(a->b, one, 16) == 0;
}
