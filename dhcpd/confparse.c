/* SPDX-License-Identifier: ISC */
/*
 * confparse - which entry may stand where.
 *
 * The functions here and in confnet, confhost, confclass return whether what
 * they read was a declaration: the wording of the next complaint depends on it.
 */
#include "dhcpd/confparse.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "common/src.h"
#include "dhcpd/confclass.h"
#include "dhcpd/conffail.h"
#include "dhcpd/confhost.h"
#include "dhcpd/confnet.h"
#include "dhcpd/confnet6.h"
#include "dhcpd/optdef.h"
#include "dhcpd/opttab.h"
#include "dhcpd/stmtparse.h"

/* A message, recovery; the result is for the caller to pass on. */
static bool
refuse(struct parse *p, const char *text, bool result)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
	return result;
}

/* The text of an included file; false when there is none (fatal). */
static bool
load(struct parse *p, struct str name, struct str *ret)
{
	int error = p->build->loader->load(p->build->loader->ctx, name, ret);

	if (error == 0)
		return true;
	if (error == -EISDIR)
		lex_fatal(p->lex, "Can't read in %.*s: %s", STR_ARG(name), strerror(-error));
	else if (error == -ELOOP)
		lex_fatal(p->lex, "%.*s: includes itself, or includes are nested too deeply",
		    STR_ARG(name));
	else
		lex_fatal(p->lex, "Can't open %.*s: %s", STR_ARG(name), strerror(-error));
	return false;
}

static void
include(struct parse *p, struct confbuild_block *b)
{
	struct str name, text = { NULL, 0 };
	struct lex lex, *outer = p->lex;
	bool was_inside = b->is_inside, is_good;

	(void)lex_next(p->lex, NULL);
	if (lex_next(p->lex, &name) != LEX_STRING) {
		(void)refuse(p, "filename string expected.", true);
		return;
	}
	if (!parse_enter(p))
		return;
	name = parse_keep(p, name);
	if (load(p, name, &text)) {
		lex_init(&lex, name, text, p->arena, outer->msgs);
		p->lex = &lex;
		b->is_inside = true;
		is_good = confparse_file(p, b);
		b->is_inside = was_inside;
		p->lex = outer;
		if (lex.is_dead)
			outer->is_dead = outer->has_errors = true;
		p->build->loader->leave(p->build->loader->ctx);
		if (!is_good)
			lex_error(p->lex, "%.*s: bad parse.", STR_ARG(name));
		(void)!parse_semi(p);
	}
	parse_leave(p);
}

/* option NAME ..: a definition, a space, or a value. */
static bool
option(struct parse *p, struct confbuild_block *b, bool was_declaration)
{
	bool is_root = b->kind == CONFBUILD_ROOT;
	struct optparse_name name;
	struct stmt *s = NULL;

	(void)lex_next(p->lex, NULL);
	if (lex_peek(p->lex, NULL) == LEX_K_SPACE) {
		if (!is_root)
			return refuse(p, "option space definitions may not be scoped.", false);
		(void)lex_next(p->lex, NULL);
		optdef_space(p);
		return was_declaration;
	}
	if (!optparse_name(p, &name))
		return was_declaration;
	if (lex_peek(p->lex, NULL) == LEX_K_CODE) {
		if (!is_root)
			return refuse(p, "option definitions may not be scoped.", false);
		(void)lex_next(p->lex, NULL);
		optdef_option(p, &name);
		return was_declaration;
	}
	if (!name.def) {
		lex_error(p->lex, "unknown option %.*s.%.*s", STR_ARG(name.space->name),
		    STR_ARG(name.name));
		parse_skip(p, 0);
		return was_declaration;
	}
	if (stmtparse_option(p, name.def, TREE_S_SUPERSEDE, false, &s) == STMTPARSE_OK)
		confbuild_add(p, b, s);
	return was_declaration;
}

static void
authoritative(struct parse *p, struct confbuild_block *b, bool on)
{
	if (b->kind == CONFBUILD_HOST)
		lex_error(p->lex, "authority makes no sense here.");
	b->is_authoritative = on;
	(void)!parse_semi(p);
}

static bool
not_authoritative(struct parse *p, struct confbuild_block *b)
{
	(void)lex_next(p->lex, NULL);
	if (lex_next(p->lex, NULL) != LEX_K_AUTHORITATIVE)
		return refuse(p, "expecting assertion", false);
	authoritative(p, b, false);
	return false;
}

static void
lease_id_format(struct parse *p)
{
	int token;

	(void)lex_next(p->lex, NULL);
	token = lex_next(p->lex, NULL);
	if (token != LEX_K_OCTAL && token != LEX_K_HEX) {
		(void)refuse(p, "lease-id-format is invalid:  it must be octal or hex.", false);
		return;
	}
	p->conf->is_hex_ids = token == LEX_K_HEX;
	lex_plain(p->lex, LOG_DEBUG, "lease_id_format is: %s",
	    p->conf->is_hex_ids ? "hex" : "octal");
	if (lex_next(p->lex, NULL) != ';')
		(void)refuse(p, "corrupt lease file; expecting a semicolon", false);
}

/* server-identifier ADDR; */
static bool
server_identifier(struct parse *p, struct confbuild_block *b, bool was_declaration)
{
	struct stmt *s = NULL;

	(void)lex_next(p->lex, NULL);
	if (stmtparse_option(p, optspace_builtin(OPTSPACE_DHCP, OPTTAB_DHCP_SERVER_IDENTIFIER),
	    TREE_S_SUPERSEDE, false, &s) == STMTPARSE_OK)
		confbuild_add(p, b, s);
	return was_declaration;
}

/* The complaint about an entry that is none. */
static bool
unknown_entry(struct parse *p, bool was_declaration)
{
	return refuse(p, was_declaration ? "expecting a declaration" :
	    "expecting a parameter or declaration", was_declaration);
}

/* A server parameter, or a statement, or nothing we know. */
static bool
statement(struct parse *p, struct confbuild_block *b, int token, struct str word,
    bool was_declaration)
{
	const struct opt_def *def = NULL;
	struct stmt *s = NULL;
	enum stmtparse r;

	if (lex_is_word(token) && token != LEX_K_KEY && token != LEX_K_ZONE)
		def = optspace_def_by_name(&p->conf->u, OPTSPACE_SERVER, word);
	if (def) {
		(void)lex_next(p->lex, NULL);
		r = stmtparse_option(p, def, TREE_S_SUPERSEDE, false, &s);
		if (r != STMTPARSE_OK)
			r = STMTPARSE_NONE;
	} else {
		r = stmtparse_one(p, STMTPARSE_NO_LABELS, &s);
	}
	if (r == STMTPARSE_NONE)
		return unknown_entry(p, was_declaration);
	if (r == STMTPARSE_OK)
		confbuild_add(p, b, s);
	return was_declaration;
}

/* Declarations that open a block; *ret_known tells whether it was one. */
static bool
declaration(struct parse *p, struct confbuild_block *b, int token, bool was, bool *ret_known)
{
	*ret_known = true;
	switch (token) {
	case LEX_K_INCLUDE:
		include(p, b);
		return true;
	case LEX_K_HOST:
		return confhost_parse(p, b);
	case LEX_K_GROUP:
		return confhost_group(p, b);
	case LEX_K_SHARED_NETWORK:
		return confnet_shared(p, b);
	case LEX_K_SUBNET:
		return confnet_subnet(p, b);
	case LEX_K_SUBNET6:
		return confnet6_subnet(p, b);
	case LEX_K_CLASS:
	case LEX_K_SUBCLASS:
	case LEX_K_VENDOR_CLASS:
	case LEX_K_USER_CLASS:
		return confclass_parse(p, b, token);
	case LEX_K_POOL:
		confnet_pool(p, b);
		return was;
	case LEX_K_POOL6:
		confnet6_pool(p, b);
		return was;
	case LEX_K_RANGE:
		confnet_range(p, b);
		return was;
	case LEX_K_RANGE6:
		confnet6_range(p, b);
		return was;
	case LEX_K_PREFIX6:
		confnet6_prefix(p, b);
		return was;
	default:
		*ret_known = false;
		return was;
	}
}

bool
confparse_entry(struct parse *p, struct confbuild_block *b, bool was_declaration)
{
	struct str word;
	int token = lex_peek(p->lex, &word);
	bool is_known, r = declaration(p, b, token, was_declaration, &is_known);

	if (is_known)
		return r;
	switch (token) {
	case LEX_K_HARDWARE:
		confhost_hardware(p, b);
		return false;
	case LEX_K_FIXED_ADDRESS:
	case LEX_K_FIXED_ADDRESS6:
		confhost_fixed(p, b, token == LEX_K_FIXED_ADDRESS6);
		return false;
	case LEX_K_FIXED_PREFIX6:
		confnet6_fixed_prefix(p, b);
		return false;
	case LEX_K_AUTHORITATIVE:
		(void)lex_next(p->lex, NULL);
		authoritative(p, b, true);
		return false;
	case LEX_K_NOT:
		return not_authoritative(p, b);
	case LEX_K_OPTION:
		return option(p, b, was_declaration);
	case LEX_K_FAILOVER:
		conffail_parse(p, b);
		return false;
	case LEX_K_SERVER_DUID:
		confnet6_server_duid(p);
		return false;
	case LEX_K_SERVER_IDENTIFIER:
		return server_identifier(p, b, was_declaration);
	case LEX_K_LEASE_ID_FORMAT:
		lease_id_format(p);
		return false;
	case '%':
		parse_skip(p, 0);
		return false;
	default:
		return statement(p, b, token, word, was_declaration);
	}
}

bool
confparse_at_end(struct parse *p)
{
	int token = lex_peek(p->lex, NULL);

	if (token != '}' && token != LEX_EOF)
		return false;
	(void)lex_next(p->lex, NULL);
	p->is_cut = token == LEX_EOF;
	if (p->is_cut)
		lex_error(p->lex, "unexpected end of file");
	return true;
}

bool
confparse_file(struct parse *p, struct confbuild_block *b)
{
	bool was_declaration = false;

	while (lex_peek(p->lex, NULL) != LEX_EOF)
		was_declaration = confparse_entry(p, b, was_declaration);
	return !p->lex->has_errors;
}
