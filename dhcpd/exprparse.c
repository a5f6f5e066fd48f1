/* SPDX-License-Identifier: ISC */
/*
 * exprparse - the grammar of expressions as the peer has it, odd grouping
 * included: operators go from left to right with one look ahead, and when the
 * next one binds stronger than the present one, all of the rest becomes the
 * right side.
 */
#include "dhcpd/exprparse.h"

#include <string.h>

#include "dhcpd/optparse.h"

#define V6RELAY_MAX 32

static enum exprparse operand(struct parse *p, bool is_numeric, const struct expr **ret);

struct expr *
exprparse_node(struct parse *p, enum tree_op op, const struct expr *a, const struct expr *b)
{
	struct expr *e = PARSE_NEW(p, struct expr);

	if (!e)
		return NULL;
	e->op = (uint8_t)op;
	e->a = a;
	e->b = b;
	return e;
}

struct expr *
exprparse_const(struct parse *p, struct str data)
{
	struct expr *e = parse_alloc(p, 1, offsetof(struct expr, c));

	if (!e)
		return NULL;
	e->op = TREE_CONST;
	e->data = data.p ? data : STR("");
	return e;
}

/* The result of making a node: no memory has been said as a fatal error. */
static enum exprparse
made(const struct expr *e, const struct expr **ret)
{
	*ret = e;
	return e ? EXPRPARSE_OK : EXPRPARSE_SAID;
}

static bool
is_bool(const struct expr *e)
{
	return e->op > TREE_NUM_END && e->op < TREE_BOOL_END;
}

static bool
is_num(const struct expr *e)
{
	return e->op > TREE_DATA_END && e->op < TREE_NUM_END;
}

static bool
is_data(const struct expr *e)
{
	return e->op < TREE_DATA_END;
}

static bool
is_free(const struct expr *e)
{
	return e->op == TREE_VAR || e->op == TREE_CALL;
}

static enum exprparse
checked(struct parse *p, enum exprparse r, const struct expr *e, bool is_right,
    const char *kind)
{
	if (r != EXPRPARSE_OK || is_right || is_free(e))
		return r;
	lex_error(p->lex, "Expecting a %s expression.", kind);
	return EXPRPARSE_KIND;
}

enum exprparse
exprparse_bool(struct parse *p, const struct expr **ret)
{
	enum exprparse r = exprparse_any(p, false, ret);

	return checked(p, r, *ret, r == EXPRPARSE_OK && is_bool(*ret), "boolean");
}

enum exprparse
exprparse_data(struct parse *p, const struct expr **ret)
{
	enum exprparse r = exprparse_any(p, false, ret);

	return checked(p, r, *ret, r == EXPRPARSE_OK && is_data(*ret), "data");
}

enum exprparse
exprparse_num(struct parse *p, const struct expr **ret)
{
	enum exprparse r = exprparse_any(p, true, ret);

	return checked(p, r, *ret, r == EXPRPARSE_OK && is_num(*ret), "numeric");
}

/* A message at the present position, recovery, and the result for it. */
static enum exprparse
fail(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
	p->why = EXPRPARSE_SAID;
	return EXPRPARSE_SAID;
}

/* A punctuation mark of an operand; without it a message and no recovery. */
static bool
expect(struct parse *p, int c, const char *what)
{
	if (lex_next(p->lex, NULL) == c)
		return true;
	lex_error(p->lex, "%s expected.", what);
	p->why = EXPRPARSE_SAID;
	return false;
}

#define LEFT "left parenthesis"
#define RIGHT "right parenthesis"

/* A numeric argument where the peer misses a data expression. */
static bool
odd_num_arg(struct parse *p, const struct expr **ret)
{
	enum exprparse r = exprparse_num(p, ret);

	p->why = r == EXPRPARSE_NONE ? fail(p, "expecting data expression.") : r;
	return r == EXPRPARSE_OK;
}

/* An argument of a function; says what is missing. */
static bool
data_arg(struct parse *p, const struct expr **ret)
{
	enum exprparse r = exprparse_data(p, ret);

	p->why = r == EXPRPARSE_NONE ? fail(p, "expecting data expression.") : r;
	return r == EXPRPARSE_OK;
}

static bool
num_arg(struct parse *p, const struct expr **ret)
{
	enum exprparse r = exprparse_num(p, ret);

	p->why = r == EXPRPARSE_NONE ? fail(p, "expecting numeric expression.") : r;
	return r == EXPRPARSE_OK;
}

static bool
comma(struct parse *p)
{
	return expect(p, ',', "comma");
}

static enum exprparse
substring(struct parse *p, const struct expr **ret)
{
	const struct expr *a, *b, *c;
	struct expr *e;

	if (!expect(p, '(', LEFT) || !data_arg(p, &a) || !comma(p) || !num_arg(p, &b) ||
	    !comma(p) || !num_arg(p, &c) || !expect(p, ')', RIGHT))
		return p->why;
	e = exprparse_node(p, TREE_SUBSTRING, a, b);
	if (e)
		e->c = c;
	return made(e, ret);
}

/* suffix(D, N) */
static enum exprparse
suffix(struct parse *p, const struct expr **ret)
{
	const struct expr *a, *b;

	if (!expect(p, '(', LEFT) || !data_arg(p, &a) || !comma(p) || !num_arg(p, &b) ||
	    !expect(p, ')', RIGHT))
		return p->why;
	return made(exprparse_node(p, TREE_SUFFIX, a, b), ret);
}

/* lcase(D), ucase(D) */
static enum exprparse
letter_case(struct parse *p, enum tree_op op, const struct expr **ret)
{
	const struct expr *a;

	if (!expect(p, '(', LEFT) || !data_arg(p, &a) || !expect(p, ')', RIGHT))
		return p->why;
	return made(exprparse_node(p, op, a, NULL), ret);
}

static enum exprparse
concat(struct parse *p, const struct expr **ret)
{
	const struct expr *a, *b;

	if (!expect(p, '(', LEFT) || !data_arg(p, &a) || !comma(p))
		return p->why;
	do {
		if (!data_arg(p, &b))
			return p->why;
		a = exprparse_node(p, TREE_CONCAT, a, b);
		if (!a)
			return EXPRPARSE_SAID;
		if (lex_peek(p->lex, NULL) != ',')
			break;
		(void)lex_next(p->lex, NULL);
	} while (true);
	if (!expect(p, ')', RIGHT))
		return p->why;
	*ret = a;
	return EXPRPARSE_OK;
}

static enum exprparse
pick(struct parse *p, const struct expr **ret)
{
	struct expr *first = NULL, *last = NULL, *cell;
	const struct expr *a;

	if (!expect(p, '(', LEFT))
		return p->why;
	for (;;) {
		if (!data_arg(p, &a))
			return p->why;
		cell = exprparse_node(p, TREE_PICK, a, NULL);
		if (!cell)
			return EXPRPARSE_SAID;
		if (last)
			last->b = cell;
		else
			first = cell;
		last = cell;
		if (lex_peek(p->lex, NULL) != ',')
			break;
		(void)lex_next(p->lex, NULL);
	}
	if (!expect(p, ')', RIGHT))
		return p->why;
	return made(first, ret);
}

static enum exprparse
b2a(struct parse *p, const struct expr **ret)
{
	const struct expr *a, *b, *c, *d;
	struct expr *e;

	if (!expect(p, '(', LEFT) || !odd_num_arg(p, &a) || !comma(p) || !odd_num_arg(p, &b) ||
	    !comma(p) || !data_arg(p, &c) || !comma(p) || !data_arg(p, &d) ||
	    !expect(p, ')', RIGHT))
		return p->why;
	e = exprparse_node(p, TREE_B2A, a, b);
	if (e) {
		e->c = c;
		e->d = d;
	}
	return made(e, ret);
}

/* reverse(N, D), v6relay(N, D), packet(N, N) */
static enum exprparse
num_and(struct parse *p, enum tree_op op, const struct expr **ret)
{
	const struct expr *a, *b;

	if (!expect(p, '(', LEFT))
		return p->why;
	if (!(op == TREE_PACKET ? num_arg(p, &a) : odd_num_arg(p, &a)) || !comma(p))
		return p->why;
	if (!(op == TREE_PACKET ? num_arg(p, &b) : data_arg(p, &b)) || !expect(p, ')', RIGHT))
		return p->why;
	return made(exprparse_node(p, op, a, b), ret);
}

/* ", 8|16|32)" behind the operand of the two integer functions. */
static enum exprparse
int_width(struct parse *p, uint8_t *ret_octets)
{
	struct str s;
	int64_t bits;

	if (!comma(p))
		return EXPRPARSE_SAID;
	if (lex_next(p->lex, &s) != LEX_NUMBER) {
		lex_error(p->lex, "number expected.");
		return EXPRPARSE_SAID;
	}
	bits = parse_atoi(s);
	if (bits != 8 && bits != 16 && bits != 32) {
		lex_error(p->lex, "unsupported integer size %d", (int)bits);
		parse_skip(p, 0);
		return EXPRPARSE_SAID;
	}
	*ret_octets = (uint8_t)(bits / 8);
	return expect(p, ')', RIGHT) ? EXPRPARSE_OK : EXPRPARSE_SAID;
}

static enum exprparse
encode_int(struct parse *p, const struct expr **ret)
{
	const struct expr *a;
	uint8_t octets = 0;
	struct expr *e;

	if (!expect(p, '(', LEFT))
		return EXPRPARSE_SAID;
	if (exprparse_num(p, &a) != EXPRPARSE_OK)
		return fail(p, "expecting numeric expression.");
	if (int_width(p, &octets) != EXPRPARSE_OK)
		return EXPRPARSE_SAID;
	e = exprparse_node(p, TREE_ENCODE_INT, a, NULL);
	if (e)
		e->width = octets;
	return made(e, ret);
}

static enum exprparse
extract_int(struct parse *p, const struct expr **ret)
{
	const struct expr *a;
	uint8_t octets = 0;
	struct expr *e;

	if (!expect(p, '(', LEFT))
		return EXPRPARSE_SAID;
	if (exprparse_data(p, &a) != EXPRPARSE_OK)
		return fail(p, "expecting data expression.");
	if (int_width(p, &octets) != EXPRPARSE_OK)
		return EXPRPARSE_SAID;
	e = exprparse_node(p, TREE_EXTRACT_INT, a, NULL);
	if (e)
		e->width = octets;
	return made(e, ret);
}

static enum exprparse
gethostname(struct parse *p, const struct expr **ret)
{
	if (!expect(p, '(', LEFT) || !expect(p, ')', RIGHT))
		return EXPRPARSE_SAID;
	return made(exprparse_node(p, TREE_GETHOSTNAME, NULL, NULL), ret);
}

static enum exprparse
addresses_of(struct parse *p, const struct expr **ret)
{
	struct str name;
	struct expr *e;

	if (!expect(p, '(', LEFT))
		return EXPRPARSE_SAID;
	if (lex_next(p->lex, &name) != LEX_STRING)
		return fail(p, "Expecting quoted literal: \"foo.example.com\"");
	e = exprparse_node(p, TREE_GETHOSTBYNAME, NULL, NULL);
	if (e)
		e->data = parse_keep(p, name);
	return expect(p, ')', RIGHT) ? made(e, ret) : EXPRPARSE_SAID;
}

/* option NAME, config-option NAME, exists NAME */
static enum exprparse
option(struct parse *p, enum tree_op op, const struct expr **ret)
{
	const struct opt_def *def;
	struct expr *e;

	if (!optparse_known(p, &def))
		return EXPRPARSE_SAID;
	e = exprparse_node(p, op, NULL, NULL);
	if (e)
		e->def = def;
	return made(e, ret);
}

static enum exprparse
check(struct parse *p, const struct expr **ret)
{
	struct str name;

	if (lex_next(p->lex, &name) != LEX_STRING)
		return fail(p, "string expected.");
	if (!str_eq(name, STR("default"))) {
		lex_error(p->lex, "unknown collection.");
		return EXPRPARSE_KIND;
	}
	return made(exprparse_node(p, TREE_CHECK, NULL, NULL), ret);
}

static enum exprparse
negation(struct parse *p, const struct expr **ret)
{
	const struct expr *a = NULL;
	enum exprparse r = operand(p, false, &a);

	if (r == EXPRPARSE_NONE)
		return fail(p, "expression expected");
	if (r != EXPRPARSE_OK)
		return r;
	ASSERT(a != NULL);
	if (!is_bool(a))
		return fail(p, "boolean expression expected");
	return made(exprparse_node(p, TREE_NOT, a, NULL), ret);
}

static enum exprparse
parenthesis(struct parse *p, bool is_numeric, const struct expr **ret)
{
	enum exprparse r = exprparse_any(p, is_numeric, ret);

	if (r == EXPRPARSE_NONE)
		return fail(p, "expression expected");
	if (r != EXPRPARSE_OK)
		return r;
	if (lex_next(p->lex, NULL) != ')')
		return fail(p, "right paren expected");
	return EXPRPARSE_OK;
}

static enum exprparse
defined(struct parse *p, const struct expr **ret)
{
	struct str name;
	struct expr *e;

	if (!expect(p, '(', LEFT))
		return EXPRPARSE_SAID;
	if (!lex_is_word(lex_next(p->lex, &name))) {
		lex_error(p->lex, "%.*s can't be a variable name", STR_ARG(name));
		parse_skip(p, 0);
		return EXPRPARSE_SAID;
	}
	e = exprparse_node(p, TREE_DEFINED, NULL, NULL);
	if (e)
		e->data = parse_keep(p, name);
	return expect(p, ')', RIGHT) ? made(e, ret) : EXPRPARSE_SAID;
}

enum exprparse
exprparse_args(struct parse *p, const struct expr **ret)
{
	struct expr *first = NULL, *last = NULL, *cell;
	const struct expr *a;
	enum exprparse r;
	int token;

	do {
		r = exprparse_any(p, false, &a);
		if (r == EXPRPARSE_NONE)
			return fail(p, "expecting expression.");
		if (r != EXPRPARSE_OK)
			return r;
		cell = exprparse_node(p, TREE_PICK, a, NULL);
		if (!cell)
			return EXPRPARSE_SAID;
		if (last)
			last->b = cell;
		else
			first = cell;
		last = cell;
		token = lex_next(p->lex, NULL);
	} while (token == ',');
	if (token != ')')
		return fail(p, "Right parenthesis expected.");
	return made(first, ret);
}

/* NAME or NAME(args) */
static enum exprparse
name(struct parse *p, const struct expr **ret)
{
	const struct expr *args = NULL;
	struct str s;
	struct expr *e;

	(void)lex_next(p->lex, &s);
	s = parse_keep(p, s);
	if (lex_peek(p->lex, NULL) == '(') {
		enum exprparse r;

		(void)lex_next(p->lex, NULL);
		r = exprparse_args(p, &args);
		if (r != EXPRPARSE_OK)
			return r;
	}
	e = exprparse_node(p, args ? TREE_CALL : TREE_VAR, NULL, NULL);
	if (e) {
		e->data = s;
		e->c = args;
	}
	return made(e, ret);
}

/* A bare number, a hex list or a string. */
static enum exprparse
literal(struct parse *p, int token, bool is_numeric, const struct expr **ret)
{
	struct str s;
	struct expr *e;

	if (token == LEX_NUMBER && is_numeric) {
		(void)lex_next(p->lex, &s);
		e = exprparse_node(p, TREE_NUM, NULL, NULL);
		if (e)
			e->num = parse_atoi(s);
		return made(e, ret);
	}
	if (!parse_data_list(p, &s))
		return EXPRPARSE_NONE;	/* said, but who wants a value says so too */
	e = exprparse_const(p, s);
	if (e)
		e->width = token == LEX_STRING ? TREE_TEXT : 0;
	return made(e, ret);
}

/* Words that stand for a value by themselves: operator, and number if numeric. */
static const struct simple {
	uint16_t token;
	uint8_t op;
	int32_t num;
} simple_words[] = {
	{ LEX_K_HARDWARE, TREE_HARDWARE, 0 },
	{ LEX_K_LEASED_ADDRESS, TREE_LEASED_ADDRESS, 0 },
	{ LEX_K_HOST_DECL_NAME, TREE_HOST_DECL_NAME, 0 },
	{ LEX_K_FILENAME, TREE_FILENAME, 0 },
	{ LEX_K_SERVER_NAME, TREE_SERVER_NAME, 0 },
	{ LEX_K_NULL, TREE_NULL, 0 },
	{ LEX_K_CLIENT_STATE, TREE_CLIENT_STATE, 0 },
	{ LEX_K_LEASE_TIME, TREE_LEASE_TIME, 0 },
	{ LEX_K_KNOWN, TREE_KNOWN, 0 },
	{ LEX_K_STATIC, TREE_STATIC, 0 },
	{ LEX_K_NOERROR, TREE_NUM, 0 },
	{ LEX_K_FORMERR, TREE_NUM, 1 },
	{ LEX_K_SERVFAIL, TREE_NUM, 393230 },
	{ LEX_K_NXDOMAIN, TREE_NUM, 393231 },
	{ LEX_K_NOTIMP, TREE_NUM, 27 },
	{ LEX_K_REFUSED, TREE_NUM, 393233 },
	{ LEX_K_YXDOMAIN, TREE_NUM, 393234 },
	{ LEX_K_YXRRSET, TREE_NUM, 393235 },
	{ LEX_K_NXRRSET, TREE_NUM, 393236 },
	{ LEX_K_NOTAUTH, TREE_NUM, 393237 },
	{ LEX_K_NOTZONE, TREE_NUM, 393238 },
	{ LEX_K_BOOTING, TREE_NUM, 2 },
	{ LEX_K_REBOOT, TREE_NUM, 1 },
	{ LEX_K_SELECT, TREE_NUM, 3 },
	{ LEX_K_REQUEST, TREE_NUM, 4 },
	{ LEX_K_BOUND, TREE_NUM, 5 },
	{ LEX_K_RENEW, TREE_NUM, 6 },
	{ LEX_K_REBIND, TREE_NUM, 7 },
};

static enum exprparse
simple_word(struct parse *p, int token, const struct expr **ret)
{
	for (size_t i = 0; i < ARRAY_LEN(simple_words); i++) {
		struct expr *e;

		if (simple_words[i].token != token)
			continue;
		(void)lex_next(p->lex, NULL);
		e = exprparse_node(p, simple_words[i].op, NULL, NULL);
		if (e && e->op == TREE_NUM)
			e->num = simple_words[i].num;
		return made(e, ret);
	}
	return EXPRPARSE_NONE;
}

/* Words that take arguments; the word has been taken. */
static enum exprparse
function(struct parse *p, int token, const struct expr **ret)
{
	switch (token) {
	case LEX_K_SUBSTRING:
		return substring(p, ret);
	case LEX_K_SUFFIX:
		return suffix(p, ret);
	case LEX_K_LCASE:
		return letter_case(p, TREE_LCASE, ret);
	case LEX_K_UCASE:
		return letter_case(p, TREE_UCASE, ret);
	case LEX_K_CONCAT:
		return concat(p, ret);
	case LEX_K_PICK:
		return pick(p, ret);
	case LEX_K_BINARY_TO_ASCII:
		return b2a(p, ret);
	case LEX_K_REVERSE:
		return num_and(p, TREE_REVERSE, ret);
	case LEX_K_V6RELAY:
		return num_and(p, TREE_V6RELAY, ret);
	case LEX_K_PACKET:
		return num_and(p, TREE_PACKET, ret);
	case LEX_K_ENCODE_INT:
		return encode_int(p, ret);
	case LEX_K_EXTRACT_INT:
		return extract_int(p, ret);
	case LEX_K_GETHOSTNAME:
		return gethostname(p, ret);
	case LEX_K_GETHOSTBYNAME:
		return addresses_of(p, ret);
	case LEX_K_OPTION:
		return option(p, TREE_OPTION, ret);
	case LEX_K_CONFIG_OPTION:
		return option(p, TREE_CONFIG_OPTION, ret);
	case LEX_K_EXISTS:
		return option(p, TREE_EXISTS, ret);
	case LEX_K_CHECK:
		return check(p, ret);
	case LEX_K_DEFINED:
		return defined(p, ret);
	default:
		return EXPRPARSE_NONE;
	}
}

static bool
is_function(int token)
{
	static const uint16_t words[] = {
		LEX_K_SUBSTRING, LEX_K_SUFFIX, LEX_K_LCASE, LEX_K_UCASE, LEX_K_CONCAT,
		LEX_K_PICK, LEX_K_BINARY_TO_ASCII, LEX_K_REVERSE, LEX_K_V6RELAY, LEX_K_PACKET,
		LEX_K_ENCODE_INT, LEX_K_EXTRACT_INT, LEX_K_GETHOSTNAME, LEX_K_GETHOSTBYNAME,
		LEX_K_OPTION, LEX_K_CONFIG_OPTION, LEX_K_EXISTS, LEX_K_CHECK, LEX_K_DEFINED,
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i] == token)
			return true;
	return false;
}

static enum exprparse
operand_inside(struct parse *p, bool is_numeric, const struct expr **ret)
{
	int token = lex_peek(p->lex, NULL);

	switch (token) {
	case LEX_STRING:
	case LEX_NUMBER:
	case LEX_NUMBER_OR_NAME:
		return literal(p, token, is_numeric, ret);
	case LEX_NAME:
		return name(p, ret);
	case LEX_K_NOT:
		(void)lex_next(p->lex, NULL);
		return negation(p, ret);
	case '(':
		(void)lex_next(p->lex, NULL);
		return parenthesis(p, is_numeric, ret);
	default:
		break;
	}
	if (!is_function(token))
		return simple_word(p, token, ret);
	(void)lex_next(p->lex, NULL);
	return function(p, token, ret);
}

static enum exprparse
operand(struct parse *p, bool is_numeric, const struct expr **ret)
{
	enum exprparse r;

	if (!parse_enter(p))
		return EXPRPARSE_SAID;
	r = operand_inside(p, is_numeric, ret);
	parse_leave(p);
	return r;
}

/* Binding strength, weakest first. */
static int
strength(enum tree_op op)
{
	switch (op) {
	case TREE_MULTIPLY:
	case TREE_DIVIDE:
	case TREE_REMAINDER:
		return 1;
	case TREE_ADD:
		return 2;
	case TREE_AND:
	case TREE_OR:
		return 3;
	case TREE_EQUAL:
	case TREE_UNEQUAL:
	case TREE_MATCH:
	case TREE_IMATCH:
		return 4;
	default:
		return 5;
	}
}

/* The operator that comes next, looked at; TREE_NULL for none. */
static enum tree_op
plain_operator(int token)
{
	switch (token) {
	case '=':
		return TREE_EQUAL;
	case LEX_K_AND:
		return TREE_AND;
	case LEX_K_OR:
		return TREE_OR;
	case '+':
		return TREE_ADD;
	case '/':
		return TREE_DIVIDE;
	case '*':
		return TREE_MULTIPLY;
	case '%':
		return TREE_REMAINDER;
	case '&':
		return TREE_BIT_AND;
	case '|':
		return TREE_BIT_OR;
	case '^':
		return TREE_BIT_XOR;
	default:
		return TREE_NULL;
	}
}

/*
 * The next operator: its last character is only looked at, so that what comes
 * before a right side that is missing keeps its place in messages.
 */
static bool
next_operator(struct parse *p, enum tree_op *ret)
{
	int token = lex_peek(p->lex, NULL);

	*ret = plain_operator(token);
	if (token == '!') {
		(void)lex_next(p->lex, NULL);
		if (lex_peek(p->lex, NULL) != '=') {
			(void)fail(p, "! in boolean context without =");
			return false;
		}
		*ret = TREE_UNEQUAL;
	} else if (token == '~') {
		(void)lex_next(p->lex, NULL);
		token = lex_peek(p->lex, NULL);
		if (token != '=' && token != '~') {
			(void)fail(p, "expecting ~= or ~~ operator");
			return false;
		}
		*ret = token == '=' ? TREE_MATCH : TREE_IMATCH;
	}
	return true;
}

static const char *
kind_complaint(enum tree_op op, const struct expr *a, const struct expr *b)
{
	int bools = is_bool(a) + is_bool(b), data = is_data(a) + is_data(b);
	int nums = is_num(a) + is_num(b), loose = is_free(a) + is_free(b);

	if (bools + loose != 2 && data + loose != 2 && nums + loose != 2)
		return "illegal expression relating different types";
	switch (strength(op)) {
	case 3:
		return bools + loose == 2 ? NULL : "expecting boolean expressions";
	case 4:
		/* the peer lets a pattern be a variable or a call with ~~ alone */
		if (op == TREE_MATCH || op == TREE_IMATCH)
			return data + loose == 2 && (op == TREE_IMATCH || is_data(b)) ?
			    NULL : "expecting data expression";
		return bools ? "expecting data/numeric expression" : NULL;
	default:
		return nums + loose == 2 ? NULL : "expecting numeric expressions";
	}
}

/* Patterns that are constant are compiled once. */
static void
compile_pattern(struct parse *p, struct expr *e)
{
	int flags = REG_EXTENDED | REG_NOSUB | (e->op == TREE_IMATCH ? REG_ICASE : 0);
	struct tree_regex *regex;
	struct str pattern;

	if (e->b->op != TREE_CONST || p->is_turn)
		return;		/* compiled when it is used, and freed at once */
	pattern = parse_keep(p, e->b->data);
	regex = PARSE_NEW(p, struct tree_regex);
	if (!regex)
		return;
	regex->is_valid = regcomp(&regex->re, pattern.p, flags) == 0;
	if (regex->is_valid) {
		regex->next = p->conf->regexes;
		p->conf->regexes = regex;
	}
	e->regex = regex;
}

static enum exprparse
combine(struct parse *p, enum tree_op op, const struct expr *a, const struct expr *b,
    const struct expr **ret)
{
	const char *complaint = kind_complaint(op, a, b);
	struct expr *e;

	if (complaint)
		return fail(p, complaint);
	e = exprparse_node(p, op, a, b);
	if (e && (op == TREE_MATCH || op == TREE_IMATCH))
		compile_pattern(p, e);
	return made(e, ret);
}

/*
 * Operands and operators from left to right.  left and op are what stands before,
 * NULL and TREE_NULL at the start.
 */
static enum exprparse
sequence(struct parse *p, bool is_numeric, const struct expr *left, enum tree_op op,
    const struct expr **ret)
{
	for (;;) {
		const struct expr *right;
		enum tree_op next;
		enum exprparse r = operand(p, is_numeric, &right);

		if (r == EXPRPARSE_NONE && left)
			return fail(p, "expecting right-hand side.");
		if (r != EXPRPARSE_OK)
			return r;
		if (!next_operator(p, &next))
			return EXPRPARSE_SAID;
		if (left && next != TREE_NULL && strength(next) > strength(op)) {
			(void)lex_next(p->lex, NULL);
			r = sequence(p, is_num(right), right, next, &right);
			if (r != EXPRPARSE_OK)
				return r;
			return combine(p, op, left, right, ret);
		}
		if (left) {
			r = combine(p, op, left, right, &right);
			if (r != EXPRPARSE_OK)
				return r;
		}
		if (next == TREE_NULL) {
			*ret = right;
			return EXPRPARSE_OK;
		}
		(void)lex_next(p->lex, NULL);
		left = right;
		op = next;
		is_numeric = is_num(left);
	}
}

enum exprparse
exprparse_any(struct parse *p, bool is_numeric, const struct expr **ret)
{
	enum exprparse r;

	*ret = NULL;
	if (!parse_enter(p))
		return EXPRPARSE_SAID;
	r = sequence(p, is_numeric, NULL, TREE_NULL, ret);
	parse_leave(p);
	return r;
}
