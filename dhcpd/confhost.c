/* SPDX-License-Identifier: ISC */
/*
 * confhost - host and group declarations.
 *
 * A host without statements of its own shares the scope around it, so that a
 * hundred thousand plain hosts cost a hundred thousand small structs.
 */
#include "dhcpd/confhost.h"

#include <string.h>
#include <syslog.h>

#include "common/wr.h"
#include "dhcpd/confparse.h"
#include "dhcpd/optparse.h"
#include "dhcpd/opttab.h"
#include "dhcpd/optval.h"

static void
refuse(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
}

int
confhost_hw_type(int token, struct str word)
{
	switch (token) {
	case LEX_K_ETHERNET:
		return 1;
	case LEX_K_TOKEN_RING:
		return 6;
	case LEX_K_FDDI:
		return 8;
	case LEX_K_INFINIBAND:
		return 32;
	default:
		if (lex_is_word(token) && str_istarts(word, STR("unknown-")))
			return (int)(parse_atoi(str_sub(word, 8, STR_NONE)) & 255);
		return -1;
	}
}

void
confhost_hardware(struct parse *p, struct confbuild_block *b)
{
	struct conf_host *h = b->is_inside ? NULL : b->host;
	struct str word, address = { NULL, 0 };
	int token, type;

	(void)lex_next(p->lex, NULL);
	if (h && h->hw_len) {
		lex_error(p->lex, "Host %.*s hardware address already configured.",
		    STR_ARG(h->name));
		return;
	}
	token = lex_next(p->lex, &word);
	type = confhost_hw_type(token, word);
	if (type < 0) {
		refuse(p, "expecting a network hardware type");
		if (!h)
			lex_error(p->lex, "hardware address parameter not allowed here.");
		return;
	}
	if (lex_peek(p->lex, NULL) != ';') {
		if (!parse_hex_list(p, &address))
			return;
		if (address.len > CONF_HW_MAX - 1) {
			lex_error(p->lex, "hardware address too long");
			address.len = CONF_HW_MAX - 1;
		}
	}
	if (lex_next(p->lex, NULL) != ';') {
		refuse(p, "expecting semicolon.");
		return;
	}
	if (!h) {
		lex_error(p->lex, "hardware address parameter not allowed here.");
		return;
	}
	h->hw[0] = (uint8_t)type;
	if (address.len)
		memcpy(h->hw + 1, address.p, address.len);
	h->hw_len = (uint8_t)(address.len + 1);
}

void
confhost_fixed(struct parse *p, struct confbuild_block *b, bool is_v6)
{
	struct conf_host *h = b->is_inside ? NULL : b->host;
	const struct conf_addr *addrs = NULL;
	const struct conf_ip6 *addrs6 = NULL;
	uint16_t n = 0;

	(void)lex_next(p->lex, NULL);
	if (is_v6 ? !parse_ip6_list(p, &addrs6, &n) : !parse_addr_list(p, &addrs, &n))
		return;
	(void)!parse_semi(p);
	if (!h) {
		lex_error(p->lex, "fixed-address parameter not allowed here.");
		return;
	}
	if (h->fixed_n || h->fixed6_n) {
		lex_error(p->lex, "Only one fixed address declaration per host.");
		return;
	}
	if (is_v6) {
		h->fixed6 = addrs6;
		h->fixed6_n = n;
	} else {
		h->fixed = addrs;
		h->fixed_n = n;
	}
}

/* An error that ends the host: what is left of its block is skipped. */
static bool
end_host(struct parse *p)
{
	parse_skip(p, 1);
	return false;
}

/* group NAME; inside a host */
static bool
group_reference(struct parse *p, struct conf_host *h)
{
	struct str name;
	int token;

	(void)lex_next(p->lex, NULL);
	token = lex_next(p->lex, &name);
	if (token != LEX_STRING && !lex_is_word(token)) {
		lex_error(p->lex, "expecting string or identifier.");
		return end_host(p);
	}
	h->group = conf_group_by_name(p->conf, name);
	if (!h->group)
		lex_error(p->lex, "unknown group %.*s in host %.*s", STR_ARG(name),
		    STR_ARG(h->name));
	(void)!parse_semi(p);
	return true;
}

/* An identifier as the peer shows it: in single quotes around its printed form. */
static struct str
shown(struct str value, uint8_t *buf, size_t size)
{
	struct wr w;

	wr_init(&w, buf, size);
	optval_print(&w, NULL, value, true);
	return wr_as_str(&w);
}

static bool
uid(struct parse *p, struct conf_host *h)
{
	uint8_t buf[1024];
	struct str s;

	(void)lex_next(p->lex, NULL);
	if (h->uid.p) {
		s = shown(h->uid, buf, sizeof(buf));
		lex_error(p->lex, "Host '%.*s' already has a uid '%.*s'", STR_ARG(h->name),
		    STR_ARG(s));
		return end_host(p);
	}
	if (lex_peek(p->lex, &s) == LEX_STRING) {
		(void)lex_next(p->lex, NULL);
		h->uid = parse_keep(p, s);
	} else if (!parse_hex_list(p, &h->uid)) {
		refuse(p, "expecting hex list.");
		return parse_semi(p);
	}
	(void)!parse_semi(p);
	return true;
}

static bool
host_identifier(struct parse *p, struct conf_host *h)
{
	struct conf_host_id *id = PARSE_NEW(p, struct conf_host_id);
	struct optparse_name name;
	const struct expr *value = NULL;
	struct str number;
	int token;

	if (!id)
		return false;
	if (h->id) {
		lex_error(p->lex, "only one host-identifier allowed per host");
		return end_host(p);
	}
	(void)lex_next(p->lex, NULL);
	token = lex_next(p->lex, NULL);
	id->relay = -1;
	if (token == LEX_K_V6RELOPT) {
		if (lex_next(p->lex, &number) != LEX_NUMBER) {
			lex_error(p->lex, "host-identifier v6relopt must have a number");
			return end_host(p);
		}
		id->relay = (int32_t)parse_atoi(number);
	} else if (token != LEX_K_OPTION) {
		lex_error(p->lex, "host-identifier must be an option or v6relopt");
		return end_host(p);
	}
	if (!optparse_name(p, &name))
		return true;
	if (!name.def) {
		(void)lex_peek(p->lex, NULL);
		lex_error(p->lex, "unknown option %.*s.%.*s", STR_ARG(name.space->name),
		    STR_ARG(name.name));
		parse_skip(p, 0);
		return true;
	}
	if (!optparse_value(p, name.def, &value))
		return true;
	(void)!parse_semi(p);
	id->def = name.def;
	id->host = h;
	if (value && value->op == TREE_CONST) {
		id->value = value->data;
		h->id = id;
	}
	return true;
}

static void
flag(struct parse *p, bool *flag_to_set)
{
	(void)lex_next(p->lex, NULL);
	*flag_to_set = true;
	(void)!parse_semi(p);
}

/* The entries of a host; false when an error ended it. */
static bool
host_body(struct parse *p, struct confbuild_block *b)
{
	struct conf_host *h = b->host;
	bool was_declaration = false, goes_on = true;

	while (goes_on) {
		if (confparse_at_end(p))
			return true;
		switch (lex_peek(p->lex, NULL)) {
		case LEX_K_DYNAMIC:
			flag(p, &h->is_dynamic);
			break;
		case LEX_K_DELETED:
			flag(p, &h->is_deleted);
			break;
		case LEX_K_GROUP:
			goes_on = group_reference(p, h);
			break;
		case LEX_K_UID:
			goes_on = uid(p, h);
			break;
		case LEX_K_HOST_IDENTIFIER:
			goes_on = host_identifier(p, h);
			break;
		default:
			was_declaration = confparse_entry(p, b, was_declaration);
			break;
		}
	}
	return false;
}

/* option dhcp-client-identifier of a host serves as its uid. */
static void
uid_from_option(struct parse *p, struct conf_host *h, const struct conf_scope *scope)
{
	uint8_t one[1024], two[1024];

	for (const struct stmt *s = scope ? scope->first : NULL; s; s = s->next) {
		if (s->op != TREE_S_SUPERSEDE || s->expr->op != TREE_CONST ||
		    s->def->space->id != OPTSPACE_DHCP ||
		    s->def->code != OPTTAB_DHCP_CLIENT_IDENTIFIER)
			continue;
		if (h->uid.p) {
			struct str a = shown(h->uid, one, sizeof(one));
			struct str z = shown(s->expr->data, two, sizeof(two));

			lex_plain(p->lex, LOG_ERR, "Warning, host declaration '%.*s' "
			    "already has uid '%.*s', ignoring dhcp-client-identifier '%.*s'",
			    STR_ARG(h->name), STR_ARG(a), STR_ARG(z));
			return;
		}
		h->uid = s->expr->data;
		return;
	}
}

static void
finish_host(struct parse *p, struct confbuild_block *b)
{
	struct conf_host *h = b->host;

	uid_from_option(p, h, b->scope);
	if (h->group) {
		if (b->scope)
			b->scope->parent = h->group->scope;
		h->scope = b->scope ? b->scope : h->group->scope;
	} else {
		h->scope = b->scope ? b->scope : confbuild_inherited(p, b->outer);
	}
	if (!h->is_deleted)
		(void)!confbuild_host(p, h);
}

static void
warn_global(struct parse *p, const struct confbuild_block *b)
{
	if (b->kind != CONFBUILD_SUBNET && b->kind != CONFBUILD_SHARED)
		return;
	if (!p->build->has_warned_hosts)
		lex_plain(p->lex, LOG_ERR, "WARNING: Host declarations are global.  They "
		    "are not limited to the scope you declared them in.");
	p->build->has_warned_hosts = true;
}

bool
confhost_parse(struct parse *p, struct confbuild_block *b)
{
	struct confbuild_block inner;
	struct conf_host *h;
	struct str word;

	(void)lex_next(p->lex, NULL);
	if (b->kind == CONFBUILD_HOST || b->kind == CONFBUILD_CLASS) {
		refuse(p, "host declarations not allowed here.");
		return true;
	}
	warn_global(p, b);
	h = PARSE_NEW(p, struct conf_host);
	if (!h)
		return true;
	(void)lex_peek(p->lex, &word);
	if (!parse_host_name(p, &h->name)) {
		refuse(p, "expecting a name for host declaration.");
		return true;
	}
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return true;
	}
	if (!parse_enter(p))
		return true;
	confbuild_open(&inner, CONFBUILD_HOST, b);
	inner.host = h;
	h->place = parse_place(p, word);
	if (host_body(p, &inner))
		finish_host(p, &inner);
	parse_leave(p);
	return true;
}

static void
group_body(struct parse *p, struct confbuild_block *b, struct conf_group *g)
{
	bool was_declaration = false;

	while (!confparse_at_end(p)) {
		int token = lex_peek(p->lex, NULL);

		/* as in the peer, an entry must follow each of these */
		if (token == LEX_K_DYNAMIC)
			flag(p, &g->is_dynamic);
		else if (token == LEX_K_DELETED)
			flag(p, &g->is_deleted);
		else if (token == LEX_K_STATIC)
			flag(p, &g->is_static);
		was_declaration = confparse_entry(p, b, was_declaration);
	}
}

bool
confhost_group(struct parse *p, struct confbuild_block *b)
{
	struct confbuild_block inner;
	struct conf_group *g;
	struct str name = { NULL, 0 };
	int token;

	(void)lex_next(p->lex, NULL);
	if (b->kind == CONFBUILD_HOST || b->kind == CONFBUILD_CLASS) {
		refuse(p, "group declarations not allowed here.");
		return true;
	}
	token = lex_peek(p->lex, &name);
	if (token == LEX_STRING || lex_is_word(token)) {
		(void)lex_next(p->lex, NULL);
		name = parse_keep(p, name);
	} else {
		name.p = NULL;
	}
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return true;
	}
	g = PARSE_NEW(p, struct conf_group);
	if (!g || !parse_enter(p))
		return true;
	confbuild_open(&inner, CONFBUILD_GROUP, b);
	g->scope = confbuild_scope(p, &inner);
	if (g->scope)
		group_body(p, &inner, g);
	parse_leave(p);
	g->name = name;
	if (name.p && !g->is_deleted)
		(void)!confbuild_group(p, g);
	return true;
}
