/* SPDX-License-Identifier: ISC */
/*
 * confclass - class declarations.
 *
 * A class may be opened again; a subclass is found by its value.
 */
#include "dhcpd/confclass.h"

#include "dhcpd/confparse.h"
#include "dhcpd/exprparse.h"

static void
refuse(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
}

/* An entry of a class that is wrong in a way that ends the class. */
static bool
end_class(struct parse *p, const char *text)
{
	refuse(p, text);
	return false;
}

/* match if BOOL; the two words have been taken */
static bool
match_if(struct parse *p, struct conf_class *c, bool *has_match_if)
{
	const struct expr *e = NULL;

	if (*has_match_if)
		return end_class(p, "A class may only have one 'match if' clause.");
	*has_match_if = true;
	switch (exprparse_bool(p, &e)) {
	case EXPRPARSE_OK:
		c->match_if = e;
		(void)!parse_semi(p);
		break;
	case EXPRPARSE_NONE:
		refuse(p, "expecting boolean expr.");
		break;
	default:
		break;
	}
	return true;
}

/* match DATA; or spawn with DATA; */
static bool
submatch(struct parse *p, struct conf_class *c, bool is_spawning)
{
	const struct expr *e = NULL;

	if (c->submatch)
		return end_class(p, "can't override existing submatch/spawn.");
	switch (exprparse_data(p, &e)) {
	case EXPRPARSE_OK:
		c->submatch = e;
		c->is_spawning = is_spawning;
		(void)!parse_semi(p);
		break;
	case EXPRPARSE_NONE:
		refuse(p, "expecting data expr.");
		break;
	default:
		break;
	}
	return true;
}

static bool
match(struct parse *p, struct conf_class *c, bool *has_match_if)
{
	if (c->super)
		return end_class(p, "invalid match in subclass.");
	(void)lex_next(p->lex, NULL);
	if (lex_peek(p->lex, NULL) != LEX_K_IF)
		return submatch(p, c, false);
	(void)lex_next(p->lex, NULL);
	return match_if(p, c, has_match_if);
}

static bool
spawn(struct parse *p, struct conf_class *c)
{
	(void)lex_next(p->lex, NULL);
	if (c->super)
		return end_class(p, "invalid spawn in subclass.");
	if (lex_next(p->lex, NULL) != LEX_K_WITH)
		return end_class(p, "expecting with after spawn");
	return submatch(p, c, true);
}

static bool
lease_limit(struct parse *p, struct conf_class *c)
{
	struct str s;

	(void)lex_next(p->lex, NULL);
	if (lex_next(p->lex, NULL) != LEX_K_LIMIT)
		return end_class(p, "expecting \"limit\"");
	if (lex_next(p->lex, &s) != LEX_NUMBER)
		return end_class(p, "expecting a number");
	c->lease_limit = (uint32_t)parse_atoi(s);
	(void)!parse_semi(p);
	return true;
}

static bool
flag(struct parse *p, bool *flag_to_set)
{
	(void)lex_next(p->lex, NULL);
	*flag_to_set = true;
	(void)!parse_semi(p);
	return true;
}

/* One entry of a class that only classes know; false in *ret_known otherwise. */
static bool
class_entry(struct parse *p, struct conf_class *c, bool *has_match_if, bool *ret_known)
{
	*ret_known = true;
	switch (lex_peek(p->lex, NULL)) {
	case LEX_K_MATCH:
		return match(p, c, has_match_if);
	case LEX_K_SPAWN:
		return spawn(p, c);
	case LEX_K_LEASE:
		return lease_limit(p, c);
	case LEX_K_DYNAMIC:
		return flag(p, &c->is_dynamic);
	case LEX_K_DELETED:
		return flag(p, &c->is_deleted);
	default:
		*ret_known = false;
		return true;
	}
}

static void
class_body(struct parse *p, struct confbuild_block *b, struct conf_class *c)
{
	bool was_declaration = false, has_match_if = false, is_known;

	if (!parse_enter(p))
		return;
	while (!confparse_at_end(p)) {
		if (!class_entry(p, c, &has_match_if, &is_known))
			break;
		if (!is_known)
			was_declaration = confparse_entry(p, b, was_declaration);
	}
	parse_leave(p);
}

/* Open the scope a class has already, behind its last statement. */
static void
reopen(struct confbuild_block *b, const struct conf_scope *scope)
{
	b->scope = (struct conf_scope *)(uintptr_t)scope;
	b->end = (struct stmt **)(uintptr_t)&scope->first;
	while (*b->end)
		b->end = &(*b->end)->next;
}

/* A subclass of its own, or the one declared before for the same value. */
static struct conf_class *
subclass(struct parse *p, struct conf_class *super, struct str data)
{
	struct conf_class *c = conf_subclass_put(p->conf, super, data);

	if (!c)
		lex_fatal(p->lex, "Memory overflow.");
	return c;
}

static void
class_block(struct parse *p, struct confbuild_block *b, struct conf_class *c)
{
	struct confbuild_block inner;
	bool is_new = !c->super && !c->scope;

	confbuild_open(&inner, CONFBUILD_CLASS, b);
	if (c->scope && (!c->super || c->scope != c->super->scope))
		reopen(&inner, c->scope);
	if (c->super && c->scope == c->super->scope) {
		struct conf_scope *scope = PARSE_NEW(p, struct conf_scope);

		if (!scope)
			return;
		scope->parent = c->super->scope;
		c->scope = scope;
		reopen(&inner, scope);
	}
	if (is_new)
		c->scope = confbuild_scope(p, &inner);
	inner.class = c;
	class_body(p, &inner, c);
}

/* What follows the name of a subclass: its value, and perhaps a block. */
static bool
subclass_value(struct parse *p, struct conf_class *super, struct conf_class **ret)
{
	struct str data;

	if (!parse_data_list(p, &data))
		return false;
	if (!data.p) {
		lex_error(p->lex, "Expecting string or hex list.");
		return false;
	}
	*ret = subclass(p, super, data);
	return *ret != NULL;
}

bool
confclass_parse(struct parse *p, struct confbuild_block *b, int token)
{
	struct conf_class *c;
	struct str name;

	(void)lex_next(p->lex, NULL);
	if (b->kind == CONFBUILD_CLASS) {
		refuse(p, "class declarations not allowed here.");
		return false;
	}
	if (lex_next(p->lex, &name) != LEX_STRING) {
		refuse(p, "Expecting class name");
		return true;
	}
	c = conf_class_by_name(p->conf, name);
	if (!c && token != LEX_K_CLASS) {
		lex_error(p->lex, "no class named %.*s", STR_ARG(name));
		parse_skip(p, 0);
		return true;
	}
	if (!c) {
		c = PARSE_NEW(p, struct conf_class);
		if (!c)
			return true;
		c->name = parse_keep(p, name);
		c->place = parse_place(p, name);
		if (!confbuild_class(p, c))
			return true;
	}
	if (token == LEX_K_SUBCLASS) {
		if (!subclass_value(p, c, &c))
			return true;
		if (lex_peek(p->lex, NULL) == ';') {
			(void)lex_next(p->lex, NULL);
			return true;
		}
	}
	if (lex_next(p->lex, NULL) != '{') {
		refuse(p, "expecting left brace.");
		return true;
	}
	class_block(p, b, c);
	return true;
}
