/* SPDX-License-Identifier: ISC */
/*
 * confrule - SetEnv, SetEnvIf, Header, RequestHeader and Expires compiled.
 *
 * Each directive becomes one struct conf_rule (or one per word, for PassEnv
 * and UnsetEnv) at the end of the level's list; env.c and hdrmod.c carry
 * them out.
 */

#include "httpd/confrule.h"

#include <string.h>

#include "common/num.h"

#include "httpd/confbuild.h"
#include "httpd/confset.h"
#include "httpd/rule.h"

static struct conf_rule *
rule_new(struct confbuild *b, struct conf_rules *list, enum rule_op op)
{
	struct conf_rule *r = ARENA_NEW(b->a, struct conf_rule);

	if (r == NULL) {
		conf_full(b);
		return NULL;
	}
	r->op = (uint8_t)op;
	confset_add_ptr(b, (const void *const **)(void *)&list->v, &list->n,
	    r);
	return r;
}

static void
set_env(struct confbuild *b, const struct conf_words *args)
{
	struct str name = str_of(b->row->name);
	struct conf_rule *r;

	if (str_eq(name, STR("SetEnv"))) {
		r = rule_new(b, &b->dir->setenv, RULE_ENV_SET);
		if (r == NULL)
			return;
		r->name = confset_copy(b, args->v[0]);
		r->value = args->n > 1 ? confset_copy(b, args->v[1]) :
		    STR("");
		return;
	}
	for (unsigned i = 0; i < args->n; i++) {
		const char *value = NULL;

		if (str_eq(name, STR("PassEnv"))) {
			const char *z = confset_zstr(b, args->v[i]);

			if (b->io != NULL)
				value = b->io->env(b->io->arg, z);
			if (value == NULL) {
				conf_warn(b, "AH01506: PassEnv variable %s "
				    "was undefined", z);
				continue;
			}
		}
		r = rule_new(b, &b->dir->setenv, value != NULL ?
		    RULE_ENV_SET : RULE_ENV_UNSET);
		if (r == NULL)
			return;
		r->name = confset_copy(b, args->v[i]);
		if (value != NULL)
			r->value = confset_copy(b, str_of(value));
	}
}

static const struct {
	const char *name;
	enum rule_attr attr;
} attrs[] = {
	{ "Request_URI", RULE_URI }, { "Request_Method", RULE_METHOD },
	{ "Request_Protocol", RULE_PROTOCOL }, { "Remote_Addr", RULE_ADDR },
	{ "Remote_Host", RULE_HOST }, { "Server_Addr", RULE_SERVER_ADDR },
	{ "Dhcp_Mac", RULE_MAC },
};

/*
 * The attribute of SetEnvIf: a fixed one, a field name, or an expression
 * over field names.
 */
static void
setenvif_attr(struct confbuild *b, struct conf_rule *r, struct str word)
{
	bool is_plain = true;

	for (size_t i = 0; i < ARRAY_LEN(attrs); i++)
		if (str_ieq(word, str_of(attrs[i].name))) {
			r->attr = (uint8_t)attrs[i].attr;
			return;
		}
	r->attr = RULE_HEADER;
	r->name = confset_copy(b, word);
	for (size_t i = 0; i < word.len; i++)
		if (str_chr(STR("^$.*+?()[]{}|\\"), word.p[i]) != STR_NONE)
			is_plain = false;
	if (!is_plain)
		r->name_re = confset_regex(b, word, true);
}

static void
set_setenvif(struct confbuild *b, const struct conf_words *args)
{
	struct str name = str_of(b->row->name);
	bool is_agent = str_starts(name, STR("Browser"));
	unsigned i = is_agent ? 0 : 1;
	struct conf_rule *r;

	if (!is_agent && args->v[0].len == 0) {
		conf_error(b, "Missing header-field name for %s", name.p);
		return;
	}
	if (i >= args->n || args->v[i].len == 0) {
		conf_error(b, "Missing regular expression for %s", name.p);
		return;
	}
	if (i + 1 >= args->n || args->v[i + 1].len == 0) {
		conf_error(b, "Missing envariable expression for %s", name.p);
		return;
	}
	r = rule_new(b, &b->dir->setenvif, RULE_SETENVIF);
	if (r == NULL)
		return;
	if (is_agent)
		r->name = STR("User-Agent");
	else
		setenvif_attr(b, r, args->v[0]);
	r->value = confset_copy(b, args->v[i]);
	r->re = confset_regex(b, r->value, str_ends(name, STR("NoCase")));
	for (i++; i < args->n; i++)
		confset_add_word(b, &r->vars, confset_copy(b, args->v[i]));
}

/* ---- Header, RequestHeader ---- */

static const struct {
	const char *name;
	enum rule_op op;
	unsigned min, max;	/* words after the action */
} actions[] = {
	{ "set", RULE_SET, 2, 2 }, { "setifempty", RULE_SETIFEMPTY, 2, 2 },
	{ "append", RULE_APPEND, 2, 2 }, { "merge", RULE_MERGE, 2, 2 },
	{ "add", RULE_ADD, 2, 2 }, { "unset", RULE_UNSET, 1, 1 },
	{ "echo", RULE_ECHO, 1, 1 }, { "edit", RULE_EDIT, 3, 3 },
	{ "edit*", RULE_EDIT_ALL, 3, 3 }, { "note", RULE_NOTE, 2, 2 },
};

/*
 * The last word may be a condition: env=NAME, env=!NAME, early.
 */
static bool
header_condition(struct confbuild *b, struct conf_rule *r, struct str word)
{
	if (str_ieq(word, STR("early"))) {
		r->early = true;
		return true;
	}
	if (str_istarts(word, STR("env="))) {
		word = str_sub(word, 4, word.len);
		r->env_not = word.len > 0 && word.p[0] == '!';
		r->env = confset_copy(b, r->env_not ?
		    str_sub(word, 1, word.len) : word);
		if (r->env.len == 0)
			conf_error(b, "error: missing environment variable "
			    "name. envclause should be in the form "
			    "env=envar ");
		return true;
	}
	if (str_istarts(word, STR("expr="))) {
		conf_error(b, "%s: expr= is not supported; use env=",
		    b->row->name);
		return true;
	}
	return false;
}

/*
 * A value: its %-formats must be ones we know.
 */
static void
header_format(struct confbuild *b, struct str v)
{
	for (size_t i = 0; i + 1 <= v.len; i++) {
		struct str left = str_sub(v, i, v.len);
		size_t end;

		if (left.p[0] != '%')
			continue;
		i++;
		if (left.len < 2) {
			conf_error(b, "Header has a lone %% at the end");
			return;
		}
		if (str_chr(STR("%tD"), left.p[1]) != STR_NONE)
			continue;
		end = str_chr(left, '}');
		if (left.p[1] != '{' || end == STR_NONE ||
		    end + 1 >= left.len ||
		    str_chr(STR("es"), left.p[end + 1]) == STR_NONE) {
			conf_error(b, "Unrecognized header format %.*s",
			    STR_ARG(str_sub(left, 0, 2)));
			return;
		}
		i += end;
	}
}

static void
header_words(struct confbuild *b, struct conf_rule *r,
    const struct conf_words *args, unsigned from, unsigned k)
{
	unsigned n = args->n - from;

	if (n > actions[k].min &&
	    header_condition(b, r, args->v[args->n - 1]))
		n--;
	if (n < actions[k].min || n > actions[k].max) {
		conf_error(b, "%s %s takes %u argument%s", b->row->name,
		    actions[k].name, actions[k].max,
		    actions[k].max == 1 ? "" : "s");
		return;
	}
	r->name = confset_copy(b, args->v[from]);
	if (r->name.len > 0 && r->name.p[r->name.len - 1] == ':')
		r->name.len--;
	if (r->op == RULE_EDIT || r->op == RULE_EDIT_ALL) {
		r->re = confset_regex(b, confset_copy(b, args->v[from + 1]),
		    false);
		r->repl = confset_copy(b, args->v[from + 2]);
		return;
	}
	if (r->op == RULE_ECHO) {
		r->re = confset_regex(b, r->name, true);
		return;
	}
	if (n > 1) {
		r->value = confset_copy(b, args->v[from + 1]);
		if (str_istarts(r->value, STR("expr=")))
			conf_error(b, "%s: expr= is not supported",
			    b->row->name);
		else
			header_format(b, r->value);
	}
}

static void
set_header(struct confbuild *b, const struct conf_words *args)
{
	bool is_request = b->row->field == DIRTAB_F_REQ_HEADERS;
	struct conf_rules *list = is_request ? &b->dir->req_headers :
	    &b->dir->headers;
	unsigned i = 0, k = 0;
	bool always = false;
	struct conf_rule *r;

	if (!is_request && str_ieq(args->v[0], STR("always"))) {
		always = true;
		i = 1;
	} else if (!is_request && str_ieq(args->v[0], STR("onsuccess")))
		i = 1;
	while (k < ARRAY_LEN(actions) && !(i < args->n &&
	    str_ieq(args->v[i], str_of(actions[k].name))))
		k++;
	if (k == ARRAY_LEN(actions) || (is_request &&
	    (actions[k].op == RULE_ECHO || actions[k].op == RULE_NOTE))) {
		conf_error(b, "first argument must be 'add', 'set', "
		    "'setifempty', 'append', 'merge', 'unset', 'echo', "
		    "'note', 'edit', or 'edit*'.");
		return;
	}
	r = rule_new(b, list, actions[k].op);
	if (r == NULL)
		return;
	r->always = always;
	header_words(b, r, args, i + 1, k);
}

/* ---- Expires ---- */

/* as many letters as tell a unit from the others: "min", "hrs" are common */
static const struct {
	const char *name;
	int64_t secs;
} units[] = {
	{ "y", 31536000 }, { "mo", 2592000 }, { "w", 604800 },
	{ "d", 86400 }, { "h", 3600 }, { "mi", 60 }, { "s", 1 },
};

/*
 * "access plus 1 month 2 days".  False when it is not of that form.
 */
static bool
expires_words(struct str text, struct conf_rule *r)
{
	struct str word = str_cut(text, ' ', &text);

	/* a letter alone is the other form, without its number */
	if (word.len > 1 && str_istarts(STR("modification"), word))
		r->from_mtime = true;
	else if (word.len < 2 || (!str_istarts(STR("access"), word) &&
	    !str_istarts(STR("now"), word)))
		return false;
	text = str_trim(text);
	if (str_istarts(text, STR("plus")))
		text = str_trim(str_sub(text, 4, text.len));
	while (text.len > 0) {
		struct str unit;
		uint32_t n;
		size_t k = 0;

		word = str_cut(text, ' ', &text);
		text = str_trim(text);
		unit = str_cut(text, ' ', &text);
		text = str_trim(text);
		while (k < ARRAY_LEN(units) &&
		    !str_istarts(unit, str_of(units[k].name)))
			k++;
		if (k == ARRAY_LEN(units) || !num_u32(word, 0, 1000000, &n))
			return false;
		r->secs += n * units[k].secs;
	}
	return true;
}

/*
 * The rule for a type, or by default where its name is empty: of two in one
 * level the later holds.
 */
static struct conf_rule *
expires_rule(struct confbuild *b, struct str type)
{
	struct conf_rules *list = &b->dir->expires;
	struct conf_rule *r = NULL;

	for (unsigned i = 0; i < list->n; i++)
		if (str_ieq(list->v[i]->name, type))
			r = (struct conf_rule *)(uintptr_t)list->v[i];
	if (r == NULL)
		r = rule_new(b, list, RULE_EXPIRES);
	if (r != NULL)
		*r = (struct conf_rule){ .op = RULE_EXPIRES,
		    .name = confset_copy(b, type) };
	return r;
}

static void
set_expires(struct confbuild *b, const struct conf_words *args)
{
	struct str code = args->v[args->n - 1];
	struct conf_rule *r = expires_rule(b, args->n > 1 ? args->v[0] :
	    STR(""));
	uint32_t n;

	if (r == NULL)
		return;
	if (args->n > 1 && str_chr(args->v[0], '/') == STR_NONE) {
		conf_error(b, "Invalid mimetype: should contain a slash");
		return;
	}
	if (code.len > 1 && num_u32(str_sub(code, 1, code.len), 0, INT32_MAX,
	    &n) && (str_lower(code.p[0]) == 'a' || str_lower(code.p[0]) == 'm')) {
		r->from_mtime = str_lower(code.p[0]) == 'm';
		r->secs = n;
		return;
	}
	if (!expires_words(str_trim(code), r))
		conf_error(b, "'%s %.*s': bad expires code, numeric value "
		    "expected", b->row->name, STR_ARG(code));
}

bool
confrule_set(struct confbuild *b, const struct conf_words *args)
{
	switch (b->row->kind) {
	case DIRTAB_K_SETENV:
		set_env(b, args);
		break;
	case DIRTAB_K_SETENVIF:
		set_setenvif(b, args);
		break;
	case DIRTAB_K_HEADER:
		set_header(b, args);
		break;
	case DIRTAB_K_EXPIRES:
		set_expires(b, args);
		break;
	default:
		return false;
	}
	return true;
}
