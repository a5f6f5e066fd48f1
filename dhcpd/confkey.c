/* SPDX-License-Identifier: ISC */
/*
 * confkey - key and zone blocks: for dynamic DNS and the control protocol.
 *
 * They take effect where they stand, in any block, also inside a statement.  A
 * key must have an algorithm and a secret.
 */
#include "dhcpd/confkey.h"

#include <string.h>
#include <syslog.h>

#include "common/wr.h"

#define SECRET_MAX 1024

static enum stmtparse
refuse(struct parse *p, const char *text, unsigned braces)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, braces);
	return STMTPARSE_SAID;
}

/* Bits of a base64 text as they come in. */
struct base64 {
	struct wr w;
	uint32_t bits;
	unsigned bit_n;
	bool is_ended;			/* an = was seen */
};

static int
base64_value(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool
base64_text(struct parse *p, struct base64 *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		int v = base64_value(s.p[i]);

		if (s.p[i] == '=') {
			b->is_ended = true;
			continue;
		}
		if (b->is_ended) {
			struct str rest = str_sub(s, i, STR_NONE);

			lex_error(p->lex, "stuff after base64 '=' terminator: %.*s.",
			    STR_ARG(rest));
			return false;
		}
		if (v < 0) {
			lex_error(p->lex, "invalid base64 character %d.", (unsigned char)s.p[i]);
			return false;
		}
		b->bits = b->bits << 6 | (uint32_t)v;
		b->bit_n += 6;
		if (b->bit_n >= 8) {
			b->bit_n -= 8;
			wr_u8(&b->w, (uint8_t)(b->bits >> b->bit_n));
			b->bits &= (1U << b->bit_n) - 1;
		}
	}
	return true;
}

/* A string, or words and + / = up to the semicolon. */
static bool
parse_base64(struct parse *p, struct str *ret)
{
	uint8_t buf[SECRET_MAX];
	struct base64 b;
	struct str s;
	int token = lex_next(p->lex, &s), next = lex_peek(p->lex, NULL);

	memset(&b, 0, sizeof(b));
	wr_init(&b.w, buf, sizeof(buf));
	if (token == LEX_STRING) {
		if (!base64_text(p, &b, s))
			return false;
	} else {
		for (;;) {
			if (!base64_text(p, &b, s))
				return false;
			if (next != LEX_NUMBER && !lex_is_word(next) && next != '+' &&
			    next != '/' && next != '=')
				break;
			(void)lex_next(p->lex, &s);
			next = lex_peek(p->lex, NULL);
		}
	}
	if (b.bits && !b.is_ended) {
		lex_error(p->lex, "partial base64 value left over: %u.", b.bits);
		return false;
	}
	if (!wr_ok(&b.w)) {
		lex_error(p->lex, "secret longer than %d octets", SECRET_MAX);
		return false;
	}
	*ret = parse_keep(p, wr_as_str(&b.w));
	return true;
}

/* The algorithm in full: with its domain, if it has none, and a final dot. */
static struct str
algorithm_name(struct parse *p, struct str s)
{
	uint8_t buf[PARSE_NAME_MAX + 32];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_str(&w, s);
	if (str_chr(s, '.') == STR_NONE)
		wr_text(&w, ".SIG-ALG.REG.INT.");
	else if (!str_ends(s, STR(".")))
		wr_u8(&w, '.');
	return parse_keep(p, wr_as_str(&w));
}

static bool
is_known_algorithm(struct str full)
{
	static const char *const names[] = {
		"HMAC-MD5", "HMAC-SHA1", "HMAC-SHA224", "HMAC-SHA256", "HMAC-SHA384",
		"HMAC-SHA512",
	};
	struct str tail = STR(".SIG-ALG.REG.INT.");

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str name = str_of(names[i]);

		if (full.len == name.len + tail.len &&
		    str_ieq(str_sub(full, 0, name.len), name) &&
		    str_ieq(str_sub(full, name.len, STR_NONE), tail))
			return true;
	}
	return false;
}

static enum stmtparse
finish_key(struct parse *p, struct conf_key *k, bool has_secret)
{
	if (lex_peek(p->lex, NULL) == ';')
		(void)lex_next(p->lex, NULL);
	if (!k->algorithm.len || !has_secret) {
		lex_error(p->lex, "key %.*s: no %s given", STR_ARG(k->name),
		    has_secret ? "algorithm" : "secret");
		return STMTPARSE_SAID;
	}
	if (!is_known_algorithm(k->algorithm))
		lex_plain(p->lex, LOG_ERR, "Unable to create tsec structure for %.*s",
		    STR_ARG(k->name));
	k->next = p->conf->keys;
	p->conf->keys = k;
	return STMTPARSE_OK;
}

/* A complaint about a second algorithm or secret. */
static enum stmtparse
too_many(struct parse *p, const struct conf_key *k, const char *what)
{
	lex_error(p->lex, "key %.*s: too many %s", STR_ARG(k->name), what);
	parse_skip(p, 1);
	return STMTPARSE_SAID;
}

static enum stmtparse
key_body(struct parse *p, struct conf_key *k)
{
	bool has_secret = false;
	struct str s;

	for (;;) {
		switch (lex_next(p->lex, NULL)) {
		case LEX_K_ALGORITHM:
			if (k->algorithm.len)
				return too_many(p, k, "algorithms");
			if (!parse_host_name(p, &s))
				return refuse(p, "expecting key algorithm name.", 1);
			k->algorithm = algorithm_name(p, s);
			break;
		case LEX_K_SECRET:
			if (has_secret)
				return too_many(p, k, "secrets");
			if (!parse_base64(p, &k->secret)) {
				parse_skip(p, 1);
				return STMTPARSE_SAID;
			}
			has_secret = true;
			break;
		case '}':
			return finish_key(p, k, has_secret);
		default:
			return refuse(p, "expecting right brace.", 1);
		}
		if (!parse_semi(p)) {
			parse_skip(p, 1);
			return STMTPARSE_SAID;
		}
	}
}

static enum stmtparse
key(struct parse *p)
{
	struct conf_key *k = PARSE_NEW(p, struct conf_key);
	struct str s;

	if (!k)
		return STMTPARSE_SAID;
	if (lex_peek(p->lex, &s) == LEX_STRING) {
		(void)lex_next(p->lex, NULL);
		k->name = parse_keep(p, s);
	} else if (!parse_host_name(p, &k->name)) {
		return refuse(p, "expecting key name.", 0);
	}
	if (lex_next(p->lex, NULL) != '{') {
		lex_error(p->lex, "expecting left brace");
		return STMTPARSE_SAID;
	}
	return key_body(p, k);
}

/* A zone statement that is wrong: the rest of the zone goes with it. */
static bool
end_zone(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
	parse_skip(p, 0);
	return false;
}

static bool
zone_key(struct parse *p, struct conf_zone *z)
{
	const struct conf_key *k = p->conf->keys;
	struct str name;

	if (lex_peek(p->lex, &name) == LEX_STRING)
		(void)lex_next(p->lex, NULL);
	else if (!parse_host_name(p, &name))
		return end_zone(p, "expecting key name.");
	if (z->key) {
		lex_fatal(p->lex, "Multiple key definitions for zone %.*s.", STR_ARG(z->name));
		return false;
	}
	while (k && !str_ieq(k->name, name))
		k = k->next;
	if (!k)
		lex_error(p->lex, "unknown key %.*s", STR_ARG(name));
	z->key = k;
	return true;
}

/* primary, secondary and their kin: a list of servers. */
static bool
zone_servers(struct parse *p, struct conf_zone *z, int token)
{
	bool is_secondary = token == LEX_K_SECONDARY || token == LEX_K_SECONDARY6;
	bool is_v6 = token == LEX_K_PRIMARY6 || token == LEX_K_SECONDARY6;
	uint16_t *n = is_v6 ? (is_secondary ? &z->secondary6_n : &z->primary6_n) :
	    (is_secondary ? &z->secondary_n : &z->primary_n);

	if (*n) {
		static const char *const twice[] = {
			"more than one primary.", "more than one secondary.",
			"more than one primary6.", "more than one secondary6.",
		};

		return end_zone(p, twice[2 * is_v6 + is_secondary]);
	}
	(void)lex_next(p->lex, NULL);
	if (is_v6) {
		if (!parse_ip6_list(p, is_secondary ? &z->secondary6 : &z->primary6, n))
			return end_zone(p, "expecting IPv6 addr.");
	} else if (!parse_addr_list(p, is_secondary ? &z->secondary : &z->primary, n)) {
		return end_zone(p, "expecting IP addr or hostname.");
	}
	if (lex_next(p->lex, NULL) != ';')
		return end_zone(p, "expecting semicolon.");
	return true;
}

static enum stmtparse
zone_body(struct parse *p, struct conf_zone *z)
{
	for (;;) {
		int token = lex_peek(p->lex, NULL);

		switch (token) {
		case LEX_K_PRIMARY:
		case LEX_K_SECONDARY:
		case LEX_K_PRIMARY6:
		case LEX_K_SECONDARY6:
			if (!zone_servers(p, z, token))
				return STMTPARSE_SAID;
			break;
		case LEX_K_KEY:
			(void)lex_next(p->lex, NULL);
			if (!zone_key(p, z))
				return STMTPARSE_SAID;
			(void)!parse_semi(p);
			break;
		default:
			if (lex_next(p->lex, NULL) != '}')
				return refuse(p, "expecting right brace.", 0);
			z->next = p->conf->zones;
			p->conf->zones = z;
			return STMTPARSE_OK;
		}
	}
}

static enum stmtparse
zone(struct parse *p)
{
	struct conf_zone *z = PARSE_NEW(p, struct conf_zone);
	uint8_t buf[PARSE_NAME_MAX + 1];
	struct str name;
	struct wr w;

	if (!z)
		return STMTPARSE_SAID;
	(void)lex_peek(p->lex, &name);
	z->place = parse_place(p, name);
	if (!parse_host_name(p, &name))
		return refuse(p, "expecting hostname.", 0);
	wr_init(&w, buf, sizeof(buf));
	wr_str(&w, name);
	if (!str_ends(name, STR(".")))
		wr_u8(&w, '.');
	z->name = parse_keep(p, wr_as_str(&w));
	if (lex_next(p->lex, NULL) != '{')
		return refuse(p, "expecting left brace", 0);
	return zone_body(p, z);
}

enum stmtparse
confkey_parse(struct parse *p)
{
	return lex_next(p->lex, NULL) == LEX_K_KEY ? key(p) : zone(p);
}
