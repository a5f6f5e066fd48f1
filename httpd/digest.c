/* SPDX-License-Identifier: ISC */
/*
 * digest - MD5 (RFC 1321) and SHA-1 (RFC 3174) over one block buffer.
 *
 * Written from the two RFCs; checked against their test vectors.
 */

#include "httpd/digest.h"

#include <string.h>

static uint32_t
rol(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

void
digest_md5(struct digest *d)
{
	memset(d, 0, sizeof(*d));
	d->h[0] = 0x67452301;
	d->h[1] = 0xefcdab89;
	d->h[2] = 0x98badcfe;
	d->h[3] = 0x10325476;
}

void
digest_sha1(struct digest *d)
{
	digest_md5(d);
	d->h[4] = 0xc3d2e1f0;
	d->is_sha = 1;
}

static void
md5_block(uint32_t h[5], const uint8_t *p)
{
	static const uint8_t shift[16] = { 7, 12, 17, 22, 5, 9, 14, 20, 4,
	    11, 16, 23, 6, 10, 15, 21 };
	/* floor(2^32 * abs(sin(i + 1))) */
	static const uint32_t t[64] = {
	    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf,
	    0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af,
	    0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	    0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
	    0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6,
	    0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
	    0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	    0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	    0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97,
	    0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
	    0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
	    0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391 };
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], x[16];

	for (unsigned i = 0; i < 16; i++)
		x[i] = (uint32_t)p[4 * i] | (uint32_t)p[4 * i + 1] << 8 |
		    (uint32_t)p[4 * i + 2] << 16 |
		    (uint32_t)p[4 * i + 3] << 24;
	for (unsigned i = 0; i < 64; i++) {
		uint32_t f, next;
		unsigned g;

		if (i < 16) {
			f = (b & c) | (~b & d);
			g = i;
		} else if (i < 32) {
			f = (d & b) | (~d & c);
			g = (5 * i + 1) % 16;
		} else if (i < 48) {
			f = b ^ c ^ d;
			g = (3 * i + 5) % 16;
		} else {
			f = c ^ (b | ~d);
			g = 7 * i % 16;
		}
		next = b + rol(a + f + t[i] + x[g], shift[i / 16 * 4 + i % 4]);
		a = d;
		d = c;
		c = b;
		b = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
}

static void
sha1_block(uint32_t h[5], const uint8_t *p)
{
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], w[80];

	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
		    (uint32_t)p[4 * i + 2] << 8 | (uint32_t)p[4 * i + 3];
	for (unsigned i = 16; i < 80; i++)
		w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (unsigned i = 0; i < 80; i++) {
		uint32_t f, k, next;

		if (i < 20) {
			f = (b & c) | (~b & d);
			k = 0x5a827999;
		} else if (i < 40) {
			f = b ^ c ^ d;
			k = 0x6ed9eba1;
		} else if (i < 60) {
			f = (b & c) | (b & d) | (c & d);
			k = 0x8f1bbcdc;
		} else {
			f = b ^ c ^ d;
			k = 0xca62c1d6;
		}
		next = rol(a, 5) + f + e + k + w[i];
		e = d;
		d = c;
		c = rol(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
	const uint8_t *in = p;

	while (n > 0) {
		size_t have = d->total % 64, take = 64 - have;

		if (take > n)
			take = n;
		memcpy(d->block + have, in, take);
		d->total += take;
		in += take;
		n -= take;
		if (have + take < 64)
			return;
		if (d->is_sha)
			sha1_block(d->h, d->block);
		else
			md5_block(d->h, d->block);
	}
}

void
digest_end(struct digest *d, uint8_t *out)
{
	uint64_t bits = d->total * 8;
	uint8_t len[8];

	for (unsigned i = 0; i < 8; i++)
		len[i] = (uint8_t)(bits >> (d->is_sha ? 56 - 8 * i : 8 * i));
	digest_add(d, "\x80", 1);
	while (d->total % 64 != 56)
		digest_add(d, "", 1);
	digest_add(d, len, 8);
	for (unsigned i = 0; i < (d->is_sha ? 20u : 16u); i++)
		out[i] = (uint8_t)(d->h[i / 4] >>
		    (d->is_sha ? 24 - 8 * (i % 4) : 8 * (i % 4)));
}
