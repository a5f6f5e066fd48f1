/* SPDX-License-Identifier: ISC */
/*
 * auth - credentials, password files, group files.
 *
 * Owns base64 of RFC 4648 as far as credentials need it and the $apr1$
 * scheme (MD5 a thousand times over).  Hashes are compared without stopping
 * at the first difference.
 */

#include "httpd/auth.h"

#include <string.h>

#include "httpd/digest.h"

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/*
 * Decode into out, which has room for 3 bytes per 4 characters, up to the
 * first character that does not belong.  Returns the number of bytes.
 */
static size_t
base64(struct str in, uint8_t *out)
{
	uint32_t bits = 0;
	unsigned n_bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		const char *d = memchr(base64_digits, in.p[i], 64);

		if (d == NULL)
			break;
		bits = bits << 6 | (uint32_t)(d - base64_digits);
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[n++] = (uint8_t)(bits >> n_bits);
		}
	}
	return n;
}

bool
auth_basic(struct str value, struct arena *a, struct str *ret_user,
    struct str *ret_password)
{
	struct str rest, both;
	struct str scheme = str_cut(str_trim(value), ' ', &rest);
	uint8_t *out;
	size_t n;

	rest = str_trim(rest);
	if (!str_ieq(scheme, STR("Basic")) || rest.len == 0)
		return false;
	out = arena_alloc(a, rest.len, 1);
	if (out == NULL)
		return false;
	n = base64(rest, out);
	if (memchr(out, 0, n) != NULL)
		n = 0;
	both = str_make(out, n);
	*ret_user = str_cut(both, ':', ret_password);
	return true;
}

struct str
auth_hash(struct str file, struct str user)
{
	while (file.len > 0) {
		struct str line = str_trim(str_cut(file, '\n', &file));
		struct str hash;
		struct str name = str_cut(line, ':', &hash);

		if (name.len == 0 || line.p[0] == '#' || hash.p == NULL)
			continue;
		if (str_eq(name, user))
			return str_cut(hash, ':', &(struct str){ 0 });
	}
	return str_of(NULL);
}

static bool
same(struct str a, struct str b)
{
	unsigned char diff = 0;

	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		diff |= (unsigned char)(a.p[i] ^ b.p[i]);
	return diff == 0;
}

/*
 * {SHA} and base64 of the SHA-1 of the password.
 */
static bool
sha_verify(struct str hash, struct str password)
{
	uint8_t want[64], have[DIGEST_SHA1_LEN];
	struct digest d;

	if (hash.len > 40 || base64(hash, want) != DIGEST_SHA1_LEN)
		return false;
	digest_sha1(&d);
	digest_add(&d, password.p, password.len);
	digest_end(&d, have);
	return same(str_make(want, sizeof(have)),
	    str_make(have, sizeof(have)));
}

/* ---- apr1 ---- */

#define APR1_DIGITS "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static void
apr1_first(uint8_t out[16], struct str pw, struct str salt)
{
	struct digest d;
	uint8_t alt[16];

	digest_md5(&d);
	digest_add(&d, pw.p, pw.len);
	digest_add(&d, salt.p, salt.len);
	digest_add(&d, pw.p, pw.len);
	digest_end(&d, alt);
	digest_md5(&d);
	digest_add(&d, pw.p, pw.len);
	digest_add(&d, "$apr1$", 6);
	digest_add(&d, salt.p, salt.len);
	for (size_t left = pw.len; left > 0; left -= left > 16 ? 16 : left)
		digest_add(&d, alt, left > 16 ? 16 : left);
	for (size_t bits = pw.len; bits > 0; bits >>= 1)
		digest_add(&d, bits & 1 ? "" : pw.p, 1);
	digest_end(&d, out);
}

static void
apr1(uint8_t out[16], struct str pw, struct str salt)
{
	apr1_first(out, pw, salt);
	for (unsigned i = 0; i < 1000; i++) {
		struct digest d;

		digest_md5(&d);
		if (i & 1)
			digest_add(&d, pw.p, pw.len);
		else
			digest_add(&d, out, 16);
		if (i % 3 != 0)
			digest_add(&d, salt.p, salt.len);
		if (i % 7 != 0)
			digest_add(&d, pw.p, pw.len);
		if (i & 1)
			digest_add(&d, out, 16);
		else
			digest_add(&d, pw.p, pw.len);
		digest_end(&d, out);
	}
}

static void
apr1_digits(struct wr *w, uint32_t v, unsigned n)
{
	for (; n > 0; n--, v >>= 6)
		wr_u8(w, (uint8_t)APR1_DIGITS[v & 63]);
}

/*
 * "$apr1$SALT$DIGITS": the last part is 16 bytes in a shuffled order.
 */
static bool
apr1_verify(struct str hash, struct str password)
{
	struct str want;
	struct str salt = str_cut(str_sub(hash, 6, hash.len), '$', &want);
	uint8_t v[16];
	char text[32];
	struct wr w;

	if (salt.len > 8)
		return false;
	apr1(v, password, salt);
	wr_init(&w, text, sizeof(text));
	for (unsigned i = 0; i < 5; i++)
		apr1_digits(&w, (uint32_t)v[i] << 16 |
		    (uint32_t)v[i + 6] << 8 | v[i == 4 ? 5 : i + 12], 4);
	apr1_digits(&w, v[11], 2);
	return same(wr_as_str(&w), want);
}

bool
auth_verify(struct str hash, struct str password,
    int (*crypt)(void *ctx, struct str password, struct str setting,
    struct wr *ret), void *ctx)
{
	char buf[AUTH_HASH_MAX];
	struct wr w;

	if (hash.len == 0 || hash.len > AUTH_HASH_MAX ||
	    password.len > AUTH_PASSWORD_MAX)
		return false;
	if (str_starts(hash, STR("$apr1$")))
		return apr1_verify(hash, password);
	if (str_starts(hash, STR("{SHA}")))
		return sha_verify(str_sub(hash, 5, hash.len), password);
	wr_init(&w, buf, sizeof(buf));
	return crypt != NULL && crypt(ctx, password, hash, &w) == 0 &&
	    wr_ok(&w) && same(wr_as_str(&w), hash);
}

bool
auth_in_group(struct str file, struct str group, struct str user)
{
	while (file.len > 0) {
		struct str line = str_trim(str_cut(file, '\n', &file));
		struct str names;

		if (line.len == 0 || line.p[0] == '#' ||
		    !str_eq(str_trim(str_cut(line, ':', &names)), group))
			continue;
		while ((names = str_trim(names)).len > 0) {
			size_t n = 0;

			while (n < names.len && names.p[n] != ' ' &&
			    names.p[n] != '\t')
				n++;
			if (str_eq(str_sub(names, 0, n), user))
				return true;
			names = str_sub(names, n, names.len);
		}
	}
	return false;
}
