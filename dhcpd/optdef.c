/* SPDX-License-Identifier: ISC */
/*
 * optdef - what a file defines: options with their formats, option spaces.
 *
 * A definition is entered when its semicolon has been read; a bad one leaves
 * nothing behind.
 */
#include "dhcpd/optdef.h"

#include <string.h>

#include "common/wr.h"

/* Letters of one definition: a record of many fields and a space name. */
#define FORMAT_MAX 256

struct definition {
	struct wr format;
	const struct opt_space *encap;
	bool is_record, is_array;	/* { .. }; array of the whole */
	bool is_field_array;		/* array of a field of the record */
	bool is_last;			/* nothing may follow in the record */
};

/* A bad type: out of the record, if in one, and to the end of the entry. */
static bool
fail(struct parse *p, const struct definition *d)
{
	if (d->is_record)
		parse_skip(p, 1);
	parse_skip(p, 0);
	return false;
}

static bool
integer(struct parse *p, struct definition *d, int token)
{
	bool is_unsigned = token == LEX_K_UNSIGNED;
	struct str s;

	if (token != LEX_K_INTEGER && lex_next(p->lex, NULL) != LEX_K_INTEGER) {
		lex_error(p->lex, "expecting \"integer\" keyword.");
		return fail(p, d);
	}
	if (lex_next(p->lex, &s) != LEX_NUMBER) {
		lex_error(p->lex, "expecting number.");
		return fail(p, d);
	}
	switch (parse_atoi(s)) {
	case 8:
		wr_u8(&d->format, is_unsigned ? 'B' : 'b');
		return true;
	case 16:
		wr_u8(&d->format, is_unsigned ? 'S' : 's');
		return true;
	case 32:
		wr_u8(&d->format, is_unsigned ? 'L' : 'l');
		return true;
	default:
		lex_error(p->lex, "%.*s bit precision is not supported.", STR_ARG(s));
		return fail(p, d);
	}
}

static bool
encapsulate(struct parse *p, struct definition *d)
{
	struct str s;

	if (!lex_is_word(lex_next(p->lex, &s))) {
		lex_error(p->lex, "expecting option space identifier");
		return fail(p, d);
	}
	d->encap = optspace_by_name(&p->conf->u, s);
	if (!d->encap) {
		lex_error(p->lex, "unknown option space %.*s", STR_ARG(s));
		return fail(p, d);
	}
	wr_u8(&d->format, 'E');
	wr_str(&d->format, s);
	wr_u8(&d->format, '.');
	return true;
}

/* text, string, domain-name, domain-list: never in an array, last in a record. */
static bool
open_ended(struct parse *p, struct definition *d, const char *letters)
{
	if (d->is_array || d->is_field_array) {
		lex_error(p->lex, "arrays of text strings not yet supported.");
		return fail(p, d);
	}
	wr_text(&d->format, letters);
	d->is_last = true;
	return true;
}

static bool
domain_list(struct parse *p, struct definition *d)
{
	bool is_compressed = lex_peek(p->lex, NULL) == LEX_K_COMPRESSED;

	if (is_compressed)
		(void)lex_next(p->lex, NULL);
	return open_ended(p, d, is_compressed ? "Dc" : "D");
}

static bool
zerolen(struct parse *p, struct definition *d)
{
	if (d->is_array || d->is_field_array) {
		lex_error(p->lex, "array incompatible with zerolen.");
		return fail(p, d);
	}
	wr_u8(&d->format, 'Z');
	d->is_last = true;
	return true;
}

static bool
simple_type(struct parse *p, struct definition *d, int token, struct str s)
{
	switch (token) {
	case LEX_K_BOOLEAN:
		wr_u8(&d->format, 'f');
		return true;
	case LEX_K_IP_ADDRESS:
		wr_u8(&d->format, 'I');
		return true;
	case LEX_K_IP6_ADDRESS:
		wr_u8(&d->format, '6');
		return true;
	case LEX_K_INTEGER:
	case LEX_K_SIGNED:
	case LEX_K_UNSIGNED:
		return integer(p, d, token);
	case LEX_K_TEXT:
		return open_ended(p, d, "t");
	case LEX_K_STRING:
		return open_ended(p, d, "X");
	case LEX_K_DOMAIN_NAME:
		return open_ended(p, d, "d");
	case LEX_K_DOMAIN_LIST:
		return domain_list(p, d);
	case LEX_K_ENCAPSULATE:
		return encapsulate(p, d);
	case LEX_K_ZEROLEN:
		return zerolen(p, d);
	default:
		lex_error(p->lex, "unknown data type %.*s", STR_ARG(s));
		return fail(p, d);
	}
}

/* "of" behind array, and the token after it. */
static bool
array_of(struct parse *p, struct definition *d, int *ret_token, struct str *ret_text)
{
	if (d->is_array || d->is_field_array) {
		lex_error(p->lex, "no nested arrays.");
		return fail(p, d);
	}
	if (lex_next(p->lex, NULL) != LEX_K_OF) {
		lex_error(p->lex, "expecting \"of\".");
		return fail(p, d);
	}
	*(d->is_record ? &d->is_field_array : &d->is_array) = true;
	*ret_token = lex_next(p->lex, ret_text);
	if (d->is_record && *ret_token == '{') {
		lex_error(p->lex, "only uniform array inside record.");
		parse_skip(p, 2);
		parse_skip(p, 0);
		return false;
	}
	return true;
}

/* The fields of a record up to its right brace; the left one has been taken. */
static bool
record(struct parse *p, struct definition *d)
{
	struct str s;
	int token, field;

	d->is_record = true;
	for (;;) {
		token = lex_next(p->lex, &s);
		if (d->encap) {
			lex_error(p->lex, "encapsulate must always be the last item.");
			parse_skip(p, 1);
			return false;
		}
		if (token == LEX_K_ARRAY && !array_of(p, d, &token, &s))
			return false;
		field = token;
		if (token == LEX_K_ARRAY) {
			lex_error(p->lex, "no nested arrays.");
			return fail(p, d);
		}
		if (!simple_type(p, d, token, s))
			return false;
		if (d->is_field_array) {
			wr_u8(&d->format, 'a');
			d->is_field_array = false;
		}
		token = lex_next(p->lex, NULL);
		if (token == '}')
			return true;
		if (token != ',') {
			lex_error(p->lex, "expecting right brace.");
			return fail(p, d);
		}
		if (d->is_last) {
			lex_error(p->lex, "%s must be at end of record.",
			    field == LEX_K_TEXT ? "text" : "string");
			return fail(p, d);
		}
	}
}

static bool
parse_type(struct parse *p, struct definition *d)
{
	struct str s;
	int token = lex_next(p->lex, &s);

	if (token == LEX_K_ARRAY && !array_of(p, d, &token, &s))
		return false;
	if (token == '{') {
		if (!record(p, d))
			return false;
	} else if (token == LEX_K_ARRAY) {
		lex_error(p->lex, "no nested arrays.");
		return fail(p, d);
	} else if (!simple_type(p, d, token, s)) {
		return false;
	}
	return true;
}

void
optdef_option(struct parse *p, const struct optparse_name *name)
{
	char format[FORMAT_MAX];
	struct definition d;
	struct str code;

	memset(&d, 0, sizeof(d));
	wr_init(&d.format, format, sizeof(format) - 2);
	if (lex_next(p->lex, &code) != LEX_NUMBER) {
		lex_error(p->lex, "expecting option code number.");
		parse_skip(p, 0);
		return;
	}
	if (lex_next(p->lex, NULL) != '=') {
		lex_error(p->lex, "expecting \"=\"");
		parse_skip(p, 0);
		return;
	}
	if (!parse_type(p, &d))
		return;
	if (!parse_semi(p)) {
		lex_error(p->lex, "semicolon expected.");
		parse_skip(p, 0);
		return;
	}
	if (d.encap && d.is_array) {
		lex_error(p->lex, "Arrays of encapsulations don't make sense.");
		return;
	}
	if (!wr_ok(&d.format)) {
		lex_error(p->lex, "too many types in record.");
		return;
	}
	if (d.is_array)
		format[d.format.len++] = 'A';
	format[d.format.len] = '\0';
	if (!optspace_add_def(&p->conf->u, name->space, name->name, (uint32_t)parse_atoi(code),
	    format, d.encap))
		lex_fatal(p->lex, "Memory overflow.");
}

struct widths {
	uint8_t code, len;
};

/* "code width N" or "length width N"; the first word has been taken. */
static bool
width_clause(struct parse *p, int clause, struct widths *w)
{
	bool is_code = clause == LEX_K_CODE;
	struct str s;
	int64_t n;

	if (lex_next(p->lex, NULL) != LEX_K_WIDTH) {
		lex_error(p->lex, "expecting width token.");
		return false;
	}
	if (lex_next(p->lex, &s) != LEX_NUMBER) {
		lex_error(p->lex, is_code ? "expecting number 1, 2, 4." :
		    "expecting number 1 or 2.");
		return false;
	}
	n = parse_atoi(s);
	if (is_code && n != 1 && n != 2 && n != 4) {
		lex_error(p->lex, "invalid code width (%d), expecting a 1, 2 or 4.", (int)n);
		return false;
	}
	if (!is_code && n != 1 && n != 2) {
		lex_error(p->lex, "invalid length width (%d) expecting 1 or 2.", (int)n);
		return false;
	}
	*(is_code ? &w->code : &w->len) = (uint8_t)n;
	return true;
}

static bool
hash_clause(struct parse *p)
{
	if (lex_next(p->lex, NULL) != LEX_K_SIZE) {
		lex_error(p->lex, "expecting size token.");
		return false;
	}
	if (lex_next(p->lex, NULL) != LEX_NUMBER) {
		lex_error(p->lex, "expecting a 10base number");
		return false;
	}
	return true;
}

void
optdef_space(struct parse *p)
{
	struct widths w = { 1, 1 };
	struct str name;
	int token = lex_next(p->lex, &name);

	if (!lex_is_word(token) || token < 0x100) {
		lex_error(p->lex, "expecting identifier.");
		parse_skip(p, 0);
		return;
	}
	for (;;) {
		token = lex_next(p->lex, NULL);
		if (token == ';')
			break;
		if (token == LEX_K_CODE || token == LEX_K_LENGTH) {
			if (!width_clause(p, token, &w))
				return;
		} else if (token == LEX_K_HASH) {
			if (!hash_clause(p))
				return;
		} else {
			lex_error(p->lex, "Unexpected token.");
			if (token == LEX_EOF)
				return;
		}
	}
	if (!optspace_add_space(&p->conf->u, name, w.code, w.len))
		lex_fatal(p->lex, "Memory overflow.");
}
