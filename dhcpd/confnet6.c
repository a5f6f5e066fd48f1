/* SPDX-License-Identifier: ISC */
/*
 * confnet6 - subnet6, range6, prefix6, pool6 and the server's DUID.
 *
 * One parser serves both protocols; what makes no sense in the other mode is
 * refused as the peer refuses it.
 */
#include "dhcpd/confnet6.h"

#include <string.h>
#include <syslog.h>

#include "common/wr.h"
#include "dhcpd/confcheck.h"
#include "dhcpd/confhost.h"
#include "dhcpd/confnet.h"
#include "dhcpd/confparse.h"

static void
refuse(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
}

/* No bits set behind a prefix length? */
static bool
is_network(const struct conf_ip6 *a, unsigned bits)
{
	for (unsigned i = bits; i < 128; i++)
		if (a->b[i / 8] & 0x80 >> i % 8)
			return false;
	return true;
}

static bool
same_prefix(const struct conf_ip6 *a, const struct conf_ip6 *b, unsigned bits)
{
	for (unsigned i = 0; i < bits; i++)
		if ((a->b[i / 8] ^ b->b[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static void
fill_host_bits(struct conf_ip6 *a, unsigned bits)
{
	for (unsigned i = bits; i < 128; i++)
		a->b[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

static void
order(struct conf_range6 *r)
{
	struct conf_ip6 swap;

	if (memcmp(&r->low, &r->high, sizeof(swap)) <= 0)
		return;
	swap = r->low;
	r->low = r->high;
	r->high = swap;
}

/* "/LEN" of a subnet6, 0 to 128 */
static bool
subnet_bits(struct parse *p, struct conf_subnet6 *s)
{
	struct str text;
	int64_t bits;

	if (lex_next(p->lex, NULL) != '/') {
		refuse(p, "Expecting a '/'.");
		return false;
	}
	if (lex_next(p->lex, &text) != LEX_NUMBER) {
		refuse(p, "Expecting a number.");
		return false;
	}
	bits = parse_atoi(text);
	if (bits < 0 || bits > 128) {
		refuse(p, "Expecting a number between 0 and 128.");
		return false;
	}
	s->bits = (uint8_t)bits;
	if (is_network(&s->net, s->bits))
		return true;
	refuse(p, "New subnet mask too short.");
	return false;
}

static void
name_of(const struct conf_subnet6 *s, char *text, size_t size)
{
	struct wr w;

	wr_init(&w, text, size - 1);
	for (int i = 0; i < 16; i += 2)
		wr_fmt(&w, "%s%x", i ? ":" : "", (unsigned)s->net.b[i] << 8 | s->net.b[i + 1]);
	wr_fmt(&w, "/%u", s->bits);
	text[w.len] = '\0';
}

/* The first subnet6 declared so far that overlaps a new one is warned about. */
static void
warn_overlap(struct parse *p, const struct conf_subnet6 *new)
{
	char a[64], b[64];

	for (uint32_t i = 0; i < p->conf->network_n; i++) {
		const struct conf_subnet6 *old = p->conf->networks[i]->subnets6;

		for (; old; old = old->next) {
			if (!same_prefix(&old->net, &new->net,
			    old->bits < new->bits ? old->bits : new->bits))
				continue;
			name_of(new, a, sizeof(a));
			name_of(old, b, sizeof(b));
			lex_plain(p->lex, LOG_ERR, "Warning: subnet %s overlaps subnet %s", a, b);
			return;
		}
	}
}

static void
subnet_block(struct parse *p, struct confbuild_block *b, struct conf_subnet6 *s)
{
	struct confbuild_block inner;
	struct conf_subnet6 **end;
	char name[64];

	confbuild_open(&inner, CONFBUILD_SUBNET, b);
	inner.subnet6 = s;
	if (b->kind != CONFBUILD_SHARED) {
		name_of(s, name, sizeof(name));
		inner.network = confnet_implicit(p, &inner, name);
	}
	s->network = inner.network;
	s->scope = confbuild_scope(p, &inner);
	if (!s->network || !s->scope)
		return;
	warn_overlap(p, s);
	for (end = &s->network->subnets6; *end; end = &(*end)->next)
		;
	*end = s;
	confnet_body(p, &inner, &s->interface);
	inner.scope->is_authoritative = inner.is_authoritative;
}

bool
confnet6_subnet(struct parse *p, struct confbuild_block *b)
{
	bool result = b->kind != CONFBUILD_SHARED;
	struct conf_subnet6 *s;

	if (b->kind == CONFBUILD_HOST || b->kind == CONFBUILD_SUBNET ||
	    b->kind == CONFBUILD_CLASS) {
		(void)lex_next(p->lex, NULL);
		refuse(p, "subnet declarations not allowed here.");
		return true;
	}
	(void)lex_next(p->lex, NULL);
	if (!p->conf->is_v6) {
		refuse(p, "subnet6 statement is only supported in DHCPv6 mode.");
		return result;
	}
	s = PARSE_NEW(p, struct conf_subnet6);
	if (!s || !parse_ip6(p, &s->net) || !subnet_bits(p, s))
		return result;
	p->build->has_v6_subnet = true;
	confcheck_note_word(p, STR("subnet6"), "DHCPv6 is not served");
	if (p->build->has_v4_subnet) {
		lex_fatal(p->lex, "subnet_number():inet.c:45: Addr/mask length mismatch.");
		return result;
	}
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return result;
	}
	if (parse_enter(p)) {
		subnet_block(p, b, s);
		parse_leave(p);
	}
	return result;
}

/* Pool of ranges that stand directly in a subnet6, or of the pool6 block. */
static void
add_range(struct parse *p, struct confbuild_block *b, struct conf_range6 *r)
{
	struct conf_pool6 *pool = b->pool6, **end = &b->network->pools6;
	struct conf_range6 **last;

	while (!pool && *end) {
		if ((*end)->is_anonymous && (*end)->subnet == b->subnet6)
			pool = *end;
		end = &(*end)->next;
	}
	if (!pool) {
		pool = PARSE_NEW(p, struct conf_pool6);
		if (!pool)
			return;
		pool->is_anonymous = true;
		pool->network = b->network;
		pool->subnet = b->subnet6;
		pool->scope = b->subnet6->scope;
		*end = pool;
	}
	r->subnet = b->subnet6;
	for (last = &pool->ranges; *last; last = &(*last)->next)
		;
	*last = r;
}

/* Range statements stand in a subnet6 or a pool6, and only in -6 mode. */
static bool
range_allowed(struct parse *p, struct confbuild_block *b, const char *here, const char *mode)
{
	(void)lex_next(p->lex, NULL);
	if ((b->kind != CONFBUILD_SUBNET && !b->pool6) || (!b->subnet6 && !b->subnet)) {
		refuse(p, here);
		return false;
	}
	if (b->subnet6 && p->conf->is_v6)
		return true;
	refuse(p, mode);
	return false;
}

/* "ADDR/LEN [temporary]": the length, with its checks. */
static bool
range_prefix(struct parse *p, const struct conf_subnet6 *s, struct conf_range6 *r)
{
	struct str text;
	int64_t bits;

	(void)lex_next(p->lex, NULL);
	if (lex_next(p->lex, &text) != LEX_NUMBER) {
		refuse(p, "expecting number");
		return false;
	}
	bits = parse_atoi(text);
	if (bits < 0 || bits > 128) {
		refuse(p, "networks have 0 to 128 bits");
		return false;
	}
	if (bits < s->bits) {
		refuse(p, "network mask smaller than subnet mask");
		return false;
	}
	if (!is_network(&r->low, (unsigned)bits)) {
		refuse(p, "network mask too short");
		return false;
	}
	r->high = r->low;
	fill_host_bits(&r->high, (unsigned)bits);
	if (lex_peek(p->lex, NULL) != LEX_K_TEMPORARY)
		return true;
	if (bits < 64) {
		refuse(p, "temporary mask too short");
		return false;
	}
	if (bits == 128) {
		refuse(p, "temporary singleton?");
		return false;
	}
	(void)lex_next(p->lex, NULL);
	r->is_temporary = true;
	return true;
}

/* Everything behind the first address of a range6. */
static bool
range_end(struct parse *p, const struct conf_subnet6 *s, struct conf_range6 *r)
{
	int token = lex_peek(p->lex, NULL);

	if (token == '/')
		return range_prefix(p, s, r);
	if (token == LEX_K_TEMPORARY) {
		(void)lex_next(p->lex, NULL);
		if (!is_network(&r->low, 64)) {
			refuse(p, "network mask too short");
			return false;
		}
		r->is_temporary = true;
		r->high = r->low;
		fill_host_bits(&r->high, 64);
		return true;
	}
	if (!parse_ip6(p, &r->high))
		return false;
	if (same_prefix(&r->high, &s->net, s->bits))
		return true;
	refuse(p, "range6 end address is outside the subnet");
	return false;
}

void
confnet6_range(struct parse *p, struct confbuild_block *b)
{
	struct conf_range6 *r = PARSE_NEW(p, struct conf_range6);

	if (!r || !range_allowed(p, b, "range6 declaration not allowed here.",
	    "range6 statement is only supported in DHCPv6 mode."))
		return;
	r->bits = 128;
	if (!parse_ip6(p, &r->low))
		return;
	if (!same_prefix(&r->low, &b->subnet6->net, b->subnet6->bits)) {
		refuse(p, "range6 start address is outside the subnet");
		return;
	}
	if (!range_end(p, b->subnet6, r) || !parse_semi(p))
		return;
	order(r);
	add_range(p, b, r);
}

static bool
slash(struct parse *p)
{
	int token = lex_next(p->lex, NULL);

	if (token == '/')
		return true;
	lex_error(p->lex, "expecting '/'");
	if (token != ';')
		parse_skip(p, 0);
	return false;
}

/* The "/LEN" of a prefix6; a bad one is said and the rest left alone. */
static bool
prefix_bits(struct parse *p, struct conf_range6 *r)
{
	struct str text;
	int64_t bits;

	if (!slash(p))
		return false;
	if (lex_next(p->lex, &text) != LEX_NUMBER) {
		refuse(p, "expecting number");
		return false;
	}
	bits = parse_atoi(text);
	if (bits <= 0 || bits >= 128) {
		lex_error(p->lex, "networks have 0 to 128 bits (exclusive)");
		return false;
	}
	r->bits = (uint8_t)bits;
	if (is_network(&r->low, r->bits) && is_network(&r->high, r->bits))
		return true;
	refuse(p, "network mask too short");
	return false;
}

void
confnet6_prefix(struct parse *p, struct confbuild_block *b)
{
	struct conf_range6 *r = PARSE_NEW(p, struct conf_range6);

	if (!r || !range_allowed(p, b, "prefix6 declaration not allowed here.",
	    "prefix6 statement is only supported in DHCPv6 mode."))
		return;
	r->is_prefix = true;
	if (!parse_ip6(p, &r->low) || !parse_ip6(p, &r->high) || !prefix_bits(p, r) ||
	    !parse_semi(p))
		return;
	order(r);
	add_range(p, b, r);
}

void
confnet6_fixed_prefix(struct parse *p, struct confbuild_block *b)
{
	struct conf_prefix6 *f = PARSE_NEW(p, struct conf_prefix6), **end;
	struct str text;
	int64_t bits;

	(void)lex_next(p->lex, NULL);
	if (!b->host || b->is_inside) {
		refuse(p, "fixed-prefix6 declaration not allowed here.");
		return;
	}
	if (!f || !parse_ip6(p, &f->prefix))
		return;
	if (!slash(p))
		return;
	if (lex_next(p->lex, &text) != LEX_NUMBER) {
		refuse(p, "expecting number");
		return;
	}
	bits = parse_atoi(text);
	if (!parse_semi(p))
		return;
	if (bits < 0 || bits > 128) {
		lex_error(p->lex, "networks have 0 to 128 bits");
		return;
	}
	if (!is_network(&f->prefix, (unsigned)bits)) {
		lex_error(p->lex, "network mask too short");
		return;
	}
	f->bits = (uint8_t)bits;
	end = (struct conf_prefix6 **)(uintptr_t)&b->host->prefixes6;
	while (*end)
		end = (struct conf_prefix6 **)(uintptr_t)&(*end)->next;
	*end = f;
}

/* One entry of a pool6 that only pools know. */
static bool
pool_entry(struct parse *p, struct conf_pool6 *pool, bool *has_after)
{
	int token = lex_peek(p->lex, NULL);
	struct conf_permit *permit, **end;

	if (token != LEX_K_ALLOW && token != LEX_K_DENY)
		return false;
	(void)lex_next(p->lex, NULL);
	permit = confnet_permit(p, has_after);
	end = token == LEX_K_ALLOW ? &pool->permits : &pool->prohibits;
	while (*end)
		end = &(*end)->next;
	*end = permit;
	return true;
}

static void
finish_pool(struct parse *p, struct confbuild_block *b)
{
	struct conf_pool6 *pool = b->pool6, **end = &pool->network->pools6;

	if (p->is_cut)
		return;
	if (!pool->ranges) {
		lex_error(p->lex, "Pool6 declaration with no address range6 or prefix6.");
		lex_plain(p->lex, LOG_ERR, "Pool6 declarations must always contain at least");
		lex_plain(p->lex, LOG_ERR, "one range6 or prefix6 statement.");
		return;
	}
	pool->scope = b->scope ? b->scope : pool->subnet->scope;
	while (*end)
		end = &(*end)->next;
	*end = pool;
}

void
confnet6_pool(struct parse *p, struct confbuild_block *b)
{
	struct confbuild_block inner;
	bool was_declaration = false, has_after = false;

	(void)lex_next(p->lex, NULL);
	if (b->pool6) {
		refuse(p, "pool6 declared within pool.");
		return;
	}
	if (b->kind != CONFBUILD_SUBNET) {
		refuse(p, "pool6 declared outside of network");
		return;
	}
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return;
	}
	confbuild_open(&inner, CONFBUILD_POOL, b);
	inner.pool6 = PARSE_NEW(p, struct conf_pool6);
	if (!inner.pool6 || !parse_enter(p))
		return;
	inner.pool6->network = b->network;
	inner.pool6->subnet = b->subnet6;
	while (!confparse_at_end(p))
		if (!pool_entry(p, inner.pool6, &has_after))
			was_declaration = confparse_entry(p, &inner, was_declaration);
	parse_leave(p);
	finish_pool(p, &inner);
}

/* The hardware type and address of an ll or llt; empty address without them. */
static bool
duid_hardware(struct parse *p, struct wr *w, bool has_time)
{
	struct str word, address;
	int token = lex_next(p->lex, &word), type = -1;

	if (token == LEX_K_ETHERNET || token == LEX_K_TOKEN_RING || token == LEX_K_FDDI)
		type = confhost_hw_type(token, word);
	if (type < 0) {
		refuse(p, "hardware type expected");
		return false;
	}
	wr_u16(w, (uint16_t)type);
	if (has_time) {
		if (lex_next(p->lex, &word) != LEX_NUMBER) {
			refuse(p, "timestamp expected");
			return false;
		}
		wr_u32(w, (uint32_t)parse_atoi(word));
	}
	if (!parse_hex_list(p, &address))
		return false;
	wr_str(w, address);
	return true;
}

/* en NUMBER "string": the number has its own complaint. */
static bool
duid_enterprise(struct parse *p, struct wr *w)
{
	struct str s;

	if (lex_next(p->lex, &s) != LEX_NUMBER) {
		refuse(p, "enterprise number expected");
		return false;
	}
	wr_u32(w, (uint32_t)parse_atoi(s));
	return true;
}

/* The value behind the type of a DUID; without one a type stands for "make it". */
static bool
duid_value(struct parse *p, int token, struct str word, struct wr *w)
{
	struct str s;

	switch (token) {
	case LEX_K_LLT:
		wr_u16(w, 1);
		return lex_peek(p->lex, NULL) == ';' || duid_hardware(p, w, true);
	case LEX_K_LL:
		wr_u16(w, 3);
		return lex_peek(p->lex, NULL) == ';' || duid_hardware(p, w, false);
	case LEX_K_EN:
		wr_u16(w, 2);
		if (!duid_enterprise(p, w))
			return false;
		break;
	case LEX_NUMBER:
		wr_u16(w, (uint16_t)parse_atoi(word));
		break;
	default:
		refuse(p, "DUID type of LLT, EN, or LL expected");
		return false;
	}
	token = lex_next(p->lex, &s);
	if (token != LEX_STRING) {
		if (token == LEX_NUMBER || token == LEX_NUMBER_OR_NAME)
			(void)lex_peek(p->lex, NULL);
		refuse(p, "identifier expected");
		return false;
	}
	wr_str(w, s);
	return true;
}

void
confnet6_server_duid(struct parse *p)
{
	uint8_t buf[PARSE_HEX_MAX];
	struct str word;
	struct wr w;
	int token;

	(void)lex_next(p->lex, NULL);
	token = lex_next(p->lex, &word);
	wr_init(&w, buf, sizeof(buf));
	if (!duid_value(p, token, word, &w) || !parse_semi(p))
		return;
	p->conf->server_duid = parse_keep(p, wr_as_str(&w));
}
