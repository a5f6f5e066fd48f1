/* SPDX-License-Identifier: ISC */
/*
 * optparse - option names and values.
 *
 * A value becomes octets while it is parsed; only host names stay expressions,
 * because they are resolved when a reply is built.
 */
#include "dhcpd/optparse.h"

#include <string.h>
#include <syslog.h>

#include "common/wr.h"
#include "dhcpd/domain.h"
#include "dhcpd/optval.h"

/* Longest value of one option. */
#define VALUE_MAX 16384

/* A value in the making: octets, and what came before a host name among them. */
struct value {
	struct wr w;
	struct expr *before;
	struct expr *items;		/* the same item by item, where it is printed */
	uint8_t octets[VALUE_MAX];
};

/* "unknown-N": the option of code N. */
static bool
by_number(struct parse *p, struct optparse_name *name)
{
	int64_t code = parse_atoi(str_sub(name->name, 8, STR_NONE));

	if (code == 0 || code == name->space->end_code) {
		lex_error(p->lex, "Option codes 0 and %u are illegal in the %.*s space.",
		    name->space->end_code, STR_ARG(name->space->name));
		parse_skip(p, 0);
		return false;
	}
	name->def = optspace_def_by_code(&p->conf->u, name->space->id, (uint32_t)code);
	if (name->def) {
		lex_plain(p->lex, LOG_INFO, "option %.*s has been redefined as option "
		    "%.*s.  Please update your configs if necessary.",
		    STR_ARG(name->name), STR_ARG(name->def->name));
		return true;
	}
	name->def = optspace_unknown(&p->conf->u, name->space, (uint32_t)code);
	if (!name->def)
		lex_fatal(p->lex, "Memory overflow.");
	return name->def != NULL;
}

bool
optparse_name(struct parse *p, struct optparse_name *ret)
{
	int token = lex_next(p->lex, &ret->name);
	const char *what = "expecting identifier after option keyword.";

	ret->space = p->conf->u.spaces[OPTSPACE_DHCP];
	ret->def = NULL;
	if (lex_is_word(token) && lex_peek(p->lex, NULL) == '.') {
		struct str space = ret->name;

		(void)lex_next(p->lex, NULL);
		token = lex_next(p->lex, &ret->name);
		what = "expecting identifier after '.'";
		if (lex_is_word(token))
			ret->space = optspace_by_name(&p->conf->u, space);
		if (!ret->space) {
			lex_error(p->lex, "no option space named %.*s.", STR_ARG(space));
			parse_skip(p, 0);
			return false;
		}
	}
	if (!lex_is_word(token)) {
		lex_error(p->lex, "%s", what);
		if (token != ';')
			parse_skip(p, 0);
		return false;
	}
	ret->def = optspace_def_by_name(&p->conf->u, ret->space->id, ret->name);
	if (!ret->def && str_istarts(ret->name, STR("unknown-")))
		return by_number(p, ret);
	return true;
}

bool
optparse_known(struct parse *p, const struct opt_def **ret)
{
	struct optparse_name name;

	if (!optparse_name(p, &name))
		return false;
	if (!name.def) {
		lex_error(p->lex, "no option named %.*s in space %.*s",
		    STR_ARG(name.name), STR_ARG(name.space->name));
		parse_skip(p, 0);
		return false;
	}
	*ret = name.def;
	return true;
}

static bool
fail(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
	return false;
}

static void
append_expr(struct parse *p, struct value *v, struct expr *e)
{
	v->before = v->before ? exprparse_node(p, TREE_CONCAT, v->before, e) : e;
}

/* What has been collected so far as a constant before the name that follows. */
static void
flush_octets(struct parse *p, struct value *v)
{
	if (v->w.len)
		append_expr(p, v, exprparse_const(p, parse_keep(p, wr_as_str(&v->w))));
	wr_cut(&v->w, 0);
}

static bool
address(struct parse *p, struct value *v, bool is_single)
{
	struct conf_addr addr;
	struct expr *e;

	if (!parse_addr(p, &addr))
		return false;
	if (!addr.name.len) {
		wr_u32(&v->w, addr.addr);
		return true;
	}
	flush_octets(p, v);
	e = exprparse_node(p, TREE_ADDRS, NULL, NULL);
	if (!e)
		return false;
	e->data = addr.name;
	e->width = is_single;
	append_expr(p, v, e);
	return true;
}

static bool
number(struct parse *p, struct value *v, char letter)
{
	struct str s;
	int token = lex_next(p->lex, &s);
	uint32_t n;

	if (letter == 'T' && token == LEX_K_INFINITE) {
		wr_u32(&v->w, UINT32_MAX);
		return true;
	}
	if (token != LEX_NUMBER && token != LEX_NUMBER_OR_NAME)
		return fail(p, "expecting number.");
	switch (letter) {
	case 'b':
	case 'B':
		n = parse_number(p, s, 0, 8);
		wr_u8(&v->w, (uint8_t)n);
		break;
	case 's':
	case 'S':
		n = parse_number(p, s, 0, 16);
		wr_u16(&v->w, (uint16_t)n);
		break;
	default:
		n = parse_number(p, s, 0, 32);
		wr_u32(&v->w, n);
		break;
	}
	return true;
}

static bool
flag(struct parse *p, struct value *v)
{
	struct str s;

	if (!lex_is_word(lex_next(p->lex, &s)))
		return fail(p, "expecting identifier.");
	if (str_ieq(s, STR("true")) || str_ieq(s, STR("on")))
		wr_u8(&v->w, 1);
	else if (str_ieq(s, STR("false")) || str_ieq(s, STR("off")))
		wr_u8(&v->w, 0);
	else if (str_ieq(s, STR("ignore")))
		wr_u8(&v->w, 2);
	else
		return fail(p, "expecting boolean.");
	return true;
}

static bool
text(struct parse *p, struct value *v, bool is_optional)
{
	struct str s;
	int token = is_optional ? lex_peek(p->lex, &s) : lex_next(p->lex, &s);

	if (token != LEX_STRING && !lex_is_word(token))
		return is_optional || fail(p, "expecting string.");
	if (is_optional)
		(void)lex_next(p->lex, &s);
	wr_str(&v->w, s);
	return true;
}

static bool
octets(struct parse *p, struct value *v)
{
	struct str s;

	if (!parse_data_list(p, &s))
		return false;
	if (!s.p) {
		(void)lex_next(p->lex, NULL);
		return fail(p, "expecting string or hexadecimal data.");
	}
	wr_str(&v->w, s);
	return true;
}

static bool
domain_name(struct parse *p, struct value *v)
{
	struct domain name;
	struct str s;

	if (!parse_host_name(p, &s))
		return fail(p, "not a valid domain name.");
	if (!domain_parse(s, &name))
		return fail(p, "Error assembling domain name: Message too long");
	wr_bytes(&v->w, name.wire, name.len);
	return true;
}

static bool
domain_list(struct parse *p, struct value *v, bool is_compressed)
{
	uint8_t list[VALUE_MAX];
	struct domain name;
	struct str s;
	struct wr w;

	wr_init(&w, list, sizeof(list));
	for (;;) {
		if (lex_next(p->lex, &s) != LEX_STRING)
			return fail(p, "Expecting a domain string.");
		if (!domain_parse(s, &name))
			return fail(p, is_compressed ?
			    "Error compressing domain list: Message too long" :
			    "Error assembling domain list: Message too long");
		domain_append(&w, &name, is_compressed);
		if (lex_peek(p->lex, NULL) != ',')
			break;
		(void)lex_next(p->lex, NULL);
	}
	wr_str(&v->w, wr_as_str(&w));
	return true;
}

/* A word of an enumeration; *fmt stands on the N, and is moved onto the dot. */
static bool
enumeration(struct parse *p, struct value *v, const char **fmt)
{
	const char *end = strchr(*fmt, '.');
	const struct optval_word *words;
	uint8_t width = 0;
	struct str s;

	ASSERT(end);
	words = optval_words(str_make(*fmt + 1, (size_t)(end - *fmt - 1)), &width);
	ASSERT(words);
	*fmt = end;
	if (!lex_is_word(lex_next(p->lex, &s)))
		return fail(p, "identifier expected");
	while (words->word && !str_eq(str_of(words->word), s))
		words++;
	if (!words->word)
		return fail(p, "unknown value");
	if (width == 1)
		wr_u8(&v->w, (uint8_t)words->value);
	else
		wr_u16(&v->w, (uint16_t)words->value);
	return true;
}

/* R: width and significant octets of a destination, joined by dots. */
static bool
destination(struct parse *p, struct value *v)
{
	size_t start = v->w.len;
	unsigned width, wanted, given;
	struct str s;
	int token;

	do {
		token = lex_next(p->lex, &s);
		if (token != LEX_NUMBER)
			return fail(p, "expecting numeric value.");
		wr_u8(&v->w, (uint8_t)parse_number(p, s, 10, 8));
		token = lex_peek(p->lex, NULL);
		if (token == '.')
			(void)lex_next(p->lex, NULL);
	} while (token == '.');
	if (!wr_ok(&v->w))
		return true;
	width = v->w.p[start];
	wanted = 1 + (width + 7) / 8;
	given = (unsigned)(v->w.len - start);
	if (width > 32) {
		lex_error(p->lex, "subnet mask width (%u) greater than 32.", width);
		parse_skip(p, 0);
		return false;
	}
	if (given != wanted) {
		lex_error(p->lex, "destination descriptor with subnet mask width %u should have "
		    "%u octets, but has %u octets.", width, wanted, given);
		parse_skip(p, 0);
		return false;
	}
	return true;
}

static bool
ip6(struct parse *p, struct value *v)
{
	struct conf_ip6 addr;

	if (!parse_ip6(p, &addr))
		return false;
	wr_bytes(&v->w, addr.b, sizeof(addr.b));
	return true;
}

static bool
space_name(struct parse *p, struct value *v)
{
	struct str s;

	if (!lex_is_word(lex_next(p->lex, &s)))
		return fail(p, "expecting identifier.");
	wr_str(&v->w, s);
	return true;
}

static bool
key_name(struct parse *p, struct value *v)
{
	struct str s;

	if (lex_peek(p->lex, &s) == LEX_STRING)
		(void)lex_next(p->lex, &s);
	else if (!parse_host_name(p, &s))
		return fail(p, "not a valid key name.");
	wr_str(&v->w, s);
	return true;
}

/* One item of a format; *fmt stands on its letter and is left on its last one. */
static bool
item(struct parse *p, struct value *v, const char **fmt, bool is_single)
{
	char letter = **fmt;

	switch (letter) {
	case 'I':
		return address(p, v, is_single);
	case '6':
		return ip6(p, v);
	case 'T':
	case 'l':
	case 'L':
	case 's':
	case 'S':
	case 'b':
	case 'B':
		return number(p, v, letter);
	case 'f':
		return flag(p, v);
	case 't':
		return text(p, v, (*fmt)[1] == 'o');
	case 'E':
		*fmt = strchr(*fmt, '.');
		return octets(p, v);
	case 'X':
		return octets(p, v);
	case 'd':
		return domain_name(p, v);
	case 'D':
		if ((*fmt)[1] == 'c')
			++*fmt;
		return domain_list(p, v, **fmt == 'c');
	case 'N':
		return enumeration(p, v, fmt);
	case 'U':
		return space_name(p, v);
	case 'k':
		return key_name(p, v);
	case 'R':
		return destination(p, v);
	default:	/* Z and o take nothing */
		return true;
	}
}

/* An item of a value that may be printed: remembered as the peer keeps it. */
static void
keep_item(struct parse *p, struct value *v, size_t from)
{
	struct expr *e;

	if (!p->is_kept || v->before || v->w.len == from || !wr_ok(&v->w))
		return;
	e = exprparse_const(p, parse_keep(p, str_sub(wr_as_str(&v->w), from, STR_NONE)));
	v->items = v->items ? exprparse_node(p, TREE_CONCAT, v->items, e) : e;
}

/* One item, remembered. */
static bool
kept_item(struct parse *p, struct value *v, const char **fmt, bool is_single)
{
	size_t from = v->w.len;

	if (!item(p, v, fmt, is_single))
		return false;
	keep_item(p, v, from);
	return true;
}

/* The letters of a format once; fmt is left on A or the end. */
static bool
items(struct parse *p, struct value *v, const char *format, const char **ret_end)
{
	bool is_single = strcmp(format, "I") == 0;
	const char *fmt = format, *last = format;

	for (; *fmt && *fmt != 'A'; fmt++) {
		if (*fmt == 'a') {
			while (lex_peek(p->lex, NULL) == ',') {
				const char *again = last;

				(void)lex_next(p->lex, NULL);
				if (!kept_item(p, v, &again, is_single))
					return false;
			}
			continue;
		}
		last = fmt;
		if (!kept_item(p, v, &fmt, is_single))
			return false;
	}
	*ret_end = fmt;
	return true;
}

/* A value of octets alone, with its items where it is printed. */
static const struct expr *
whole(struct parse *p, const struct value *v, const struct opt_def *def)
{
	struct str octets_of_it = parse_keep(p, wr_as_str(&v->w));
	struct expr *e;

	if (v->items && v->items->op == TREE_CONCAT) {
		e = exprparse_node(p, TREE_CONST, NULL, NULL);
		if (!e)
			return NULL;
		e->data = octets_of_it;
		e->arg_n = 1;
		e->c = v->items;
		return e;
	}
	e = exprparse_const(p, octets_of_it);
	if (e && strchr("tUk", def->format[0]))
		e->width = TREE_TEXT;
	return e;
}

bool
optparse_value(struct parse *p, const struct opt_def *def, const struct expr **ret)
{
	struct value v;
	const char *end;

	*ret = NULL;
	v.before = v.items = NULL;
	wr_init(&v.w, v.octets, sizeof(v.octets));
	if (def->format[0] == 'Z' && lex_peek(p->lex, NULL) != ';')
		(void)fail(p, "semicolon expected.");
	for (;;) {
		if (!items(p, &v, def->format, &end))
			return false;
		if (*end != 'A' || lex_peek(p->lex, NULL) != ',')
			break;
		(void)lex_next(p->lex, NULL);
	}
	if (!wr_ok(&v.w)) {
		lex_error(p->lex, "value longer than %d octets", VALUE_MAX);
		parse_skip(p, 0);
		return false;
	}
	if (v.before)
		flush_octets(p, &v);
	*ret = v.before ? v.before : whole(p, &v, def);
	return *ret != NULL;
}
