/* SPDX-License-Identifier: ISC */
/*
 * ip4 - IPv4 addresses as numbers; see ip4.h for the contract.
 *
 * Strict on purpose: inet_aton(3) takes "10.1" and octal parts, and a typing
 * mistake in a configuration should be told, not guessed at.
 */
#include "common/ip4.h"

#include "common/num.h"

bool
ip4_parse(struct str s, uint32_t *ret)
{
	uint32_t addr = 0, part;

	for (int i = 0; i < 4; i++) {
		struct str text = i < 3 ? str_cut(s, '.', &s) : s;

		if (text.len > 1 && text.p[0] == '0')
			return false;
		if (!num_u32(text, 0, 255, &part))
			return false;
		addr = addr << 8 | part;
	}
	*ret = addr;
	return true;
}

struct str
ip4_fmt(uint32_t addr, char buf[IP4_TEXT_SIZE])
{
	size_t n = 0;

	/* At most three digits and a dot for each octet: IP4_TEXT_SIZE. */
	for (int shift = 24; shift >= 0; shift -= 8) {
		unsigned octet = addr >> shift & 255;

		if (octet >= 100)
			buf[n++] = (char)('0' + octet / 100);
		if (octet >= 10)
			buf[n++] = (char)('0' + octet / 10 % 10);
		buf[n++] = (char)('0' + octet % 10);
		buf[n++] = shift > 0 ? '.' : '\0';
	}
	ASSERT(n <= IP4_TEXT_SIZE);
	return str_make(buf, n - 1);
}

bool
ip4_is_mask(uint32_t mask)
{
	uint32_t host = ~mask;

	return (host & (host + 1)) == 0;
}

unsigned
ip4_prefix(uint32_t mask)
{
	unsigned prefix = 0;

	ASSERT(ip4_is_mask(mask));
	while (mask != 0) {
		mask <<= 1;
		prefix++;
	}
	return prefix;
}
