/* SPDX-License-Identifier: ISC */
/*
 * expr - compiles and evaluates the expressions of <If> and Require expr.
 *
 * Recursive descent into a tree in the arena; depth is limited, and what the
 * grammar here does not have is refused with its column when the
 * configuration is read, because access control may hang on it.
 */

#include "httpd/expr.h"

#include <string.h>

#include "common/num.h"
#include "common/wr.h"

#include "httpd/glob.h"

#define DEPTH_MAX	32
#define TERMS_MAX	64	/* joined by && and || */
#define WORD_MAX	8192	/* longest text built while evaluating */

enum kind {
	OR, AND, NOT, CONST,
	EQ, NE, LT, LE, GT, GE,		/* strings */
	IEQ, INE, ILT, ILE, IGT, IGE,	/* integers */
	MATCH, NOMATCH, LIKE, LIKE_NOCASE, LIKE_PATH, IN,
	NONEMPTY, EMPTY, TRUTH, NET,
	/* words */
	TEXT, VAR, JOIN,
};

struct expr {
	uint8_t kind;
	bool value;		/* CONST */
	uint8_t var;		/* VAR: expr_var */
	struct str text;	/* TEXT, VAR: name of a field */
	const struct expr *a, *b;	/* IN, JOIN: list through b */
	const struct re *re;
};

struct parse {
	struct str in;
	size_t at;
	unsigned depth, terms;
	struct arena *a;
	struct expr_error *err;
};

static const struct expr *parse_or(struct parse *p);

static const struct expr *
fail(struct parse *p, const char *why)
{
	if (p->err->why == NULL) {
		p->err->why = why;
		p->err->col = (unsigned)p->at + 1;
	}
	return NULL;
}

static struct expr *
node(struct parse *p, enum kind kind, const struct expr *a,
    const struct expr *b)
{
	struct expr *e = ARENA_NEW(p->a, struct expr);

	if (e == NULL) {
		(void)fail(p, "out of memory");
		return NULL;
	}
	e->kind = (uint8_t)kind;
	e->a = a;
	e->b = b;
	return e;
}

static void
blanks(struct parse *p)
{
	while (p->at < p->in.len && (p->in.p[p->at] == ' ' ||
	    p->in.p[p->at] == '\t'))
		p->at++;
}

static char
peek(const struct parse *p)
{
	return p->at < p->in.len ? p->in.p[p->at] : '\0';
}

static bool
take(struct parse *p, const char *s)
{
	blanks(p);
	if (!str_starts(str_sub(p->in, p->at, p->in.len), str_of(s)))
		return false;
	p->at += strlen(s);
	return true;
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/*
 * A word operator such as "eq" must end where it ends.
 */
static bool
take_word(struct parse *p, const char *s)
{
	size_t at = p->at;

	if (!take(p, s))
		return false;
	if (!is_name(peek(p)))
		return true;
	p->at = at;
	return false;
}

static struct str
name(struct parse *p)
{
	size_t from = p->at;

	while (is_name(peek(p)))
		p->at++;
	return str_sub(p->in, from, p->at - from);
}

static const struct {
	const char *name;
	enum expr_var var;
	const char *field;	/* EXPR_FIELD */
} variables[] = {
	{ "AUTH_TYPE", EXPR_AUTH_TYPE, NULL },
	{ "CONN_REMOTE_ADDR", EXPR_CONN_REMOTE_ADDR, NULL },
	{ "CONTEXT_DOCUMENT_ROOT", EXPR_CONTEXT_DOCUMENT_ROOT, NULL },
	{ "CONTEXT_PREFIX", EXPR_CONTEXT_PREFIX, NULL },
	{ "DOCUMENT_ROOT", EXPR_DOCUMENT_ROOT, NULL },
	{ "DOCUMENT_URI", EXPR_REQUEST_URI, NULL },
	{ "HTTP_ACCEPT", EXPR_FIELD, "Accept" },
	{ "HTTP_COOKIE", EXPR_FIELD, "Cookie" },
	{ "HTTP_FORWARDED", EXPR_FIELD, "Forwarded" },
	{ "HTTP_HOST", EXPR_FIELD, "Host" },
	{ "HTTP_PROXY_CONNECTION", EXPR_FIELD, "Proxy-Connection" },
	{ "HTTP_REFERER", EXPR_FIELD, "Referer" },
	{ "HTTP_USER_AGENT", EXPR_FIELD, "User-Agent" },
	{ "HTTPS", EXPR_HTTPS, NULL },
	{ "IPV6", EXPR_IPV6, NULL },
	{ "PATH_INFO", EXPR_PATH_INFO, NULL },
	{ "QUERY_STRING", EXPR_QUERY_STRING, NULL },
	{ "REMOTE_ADDR", EXPR_REMOTE_ADDR, NULL },
	{ "REMOTE_PORT", EXPR_REMOTE_PORT, NULL },
	{ "REMOTE_USER", EXPR_REMOTE_USER, NULL },
	{ "REQUEST_FILENAME", EXPR_REQUEST_FILENAME, NULL },
	{ "REQUEST_METHOD", EXPR_REQUEST_METHOD, NULL },
	{ "REQUEST_SCHEME", EXPR_REQUEST_SCHEME, NULL },
	{ "REQUEST_URI", EXPR_REQUEST_URI, NULL },
	{ "SCRIPT_FILENAME", EXPR_REQUEST_FILENAME, NULL },
	{ "SERVER_ADMIN", EXPR_SERVER_ADMIN, NULL },
	{ "SERVER_NAME", EXPR_SERVER_NAME, NULL },
	{ "SERVER_PORT", EXPR_SERVER_PORT, NULL },
	{ "SERVER_PROTOCOL", EXPR_SERVER_PROTOCOL, NULL },
	{ "THE_REQUEST", EXPR_THE_REQUEST, NULL },
	{ "TIME", EXPR_TIME, NULL },
	{ "TIME_YEAR", EXPR_TIME_YEAR, NULL },
	{ "TIME_MON", EXPR_TIME_MON, NULL },
	{ "TIME_DAY", EXPR_TIME_DAY, NULL },
	{ "TIME_HOUR", EXPR_TIME_HOUR, NULL },
	{ "TIME_MIN", EXPR_TIME_MIN, NULL },
	{ "TIME_SEC", EXPR_TIME_SEC, NULL },
	{ "TIME_WDAY", EXPR_TIME_WDAY, NULL },
};

/* The peer's that are not known here. */
static const char *const refused[] = {
	"API_VERSION", "CONN_LOG_ID", "CONTENT_TYPE", "HANDLER", "HTTP2",
	"IS_SUBREQ", "LAST_MODIFIED", "REMOTE_HOST", "REMOTE_IDENT",
	"REQUEST_LOG_ID", "REQUEST_STATUS", "SCRIPT_GROUP", "SCRIPT_USER",
	"SERVER_PROTOCOL_VERSION", "SERVER_PROTOCOL_VERSION_MAJOR",
	"SERVER_PROTOCOL_VERSION_MINOR", "SERVER_SOFTWARE",
};

static const struct expr *
plain_variable(struct parse *p, struct expr *e, struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(variables); i++)
		if (str_ieq(text, str_of(variables[i].name))) {
			e->var = (uint8_t)variables[i].var;
			e->text = str_of(variables[i].field);
			return e;
		}
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (str_ieq(text, str_of(refused[i])))
			return fail(p, "this variable is not supported");
	return fail(p, "this variable does not exist");
}

/*
 * %{NAME} and %{env:NAME}, %{http:NAME}.
 */
static const struct expr *
variable(struct parse *p)
{
	size_t end = str_chr(str_sub(p->in, p->at, p->in.len), '}');
	struct expr *e = node(p, VAR, NULL, NULL);
	struct str text, rest;

	if (end == STR_NONE)
		return fail(p, "missing }");
	if (e == NULL)
		return NULL;
	text = str_sub(p->in, p->at, end);
	p->at += end + 1;
	text = str_cut(text, ':', &rest);
	if (rest.p == NULL)
		return plain_variable(p, e, text);
	e->text = rest;
	if (str_ieq(text, STR("env")) || str_ieq(text, STR("reqenv")))
		e->var = EXPR_ENV;
	else if (str_ieq(text, STR("http")) || str_ieq(text, STR("req")))
		e->var = EXPR_FIELD;
	else
		return fail(p, "this function is not supported");
	return e;
}

/*
 * A quoted text, variables in it replaced when it is evaluated.
 */
static const struct expr *
quoted(struct parse *p, char quote)
{
	const struct expr *all = NULL, *one;
	struct expr *e;

	for (;;) {
		size_t from = p->at;

		while (peek(p) != quote && peek(p) != '\0' &&
		    !str_starts(str_sub(p->in, p->at, 2), STR("%{")))
			p->at++;
		if (peek(p) == '\0')
			return fail(p, "missing quote");
		e = node(p, TEXT, NULL, NULL);
		if (e == NULL)
			return NULL;
		e->text = str_sub(p->in, from, p->at - from);
		one = e;
		all = all == NULL ? one : node(p, JOIN, all, one);
		if (all == NULL)
			return NULL;
		if (peek(p) == quote) {
			p->at++;
			return all;
		}
		p->at += 2;
		one = variable(p);
		if (one == NULL)
			return NULL;
		all = node(p, JOIN, all, one);
		if (all == NULL)
			return NULL;
	}
}

/*
 * req('Name'), http('Name'), env('Name').
 */
static const struct expr *
function(struct parse *p, struct str fn)
{
	struct expr *e = node(p, VAR, NULL, NULL);
	const struct expr *arg;

	if (e == NULL)
		return NULL;
	if (str_ieq(fn, STR("req")) || str_ieq(fn, STR("http")) ||
	    str_ieq(fn, STR("req_novary")))
		e->var = EXPR_FIELD;
	else if (str_ieq(fn, STR("env")) || str_ieq(fn, STR("reqenv")))
		e->var = EXPR_ENV;
	else
		return fail(p, "this function is not supported");
	blanks(p);
	if (peek(p) != '\'' && peek(p) != '"')
		return fail(p, "a quoted name is needed");
	p->at++;
	arg = quoted(p, p->in.p[p->at - 1]);
	if (arg == NULL)
		return NULL;
	if (arg->kind != TEXT)
		return fail(p, "a plain name is needed");
	e->text = arg->text;
	if (!take(p, ")"))
		return fail(p, "missing )");
	return e;
}

static const struct expr *
word(struct parse *p)
{
	struct expr *e;
	struct str text;
	int64_t number;
	size_t from;
	char c;

	blanks(p);
	c = peek(p);
	if (c == '\'' || c == '"') {
		p->at++;
		return quoted(p, c);
	}
	if (take(p, "%{"))
		return variable(p);
	from = p->at;
	if (c == '-')
		p->at++;
	text = str_sub(p->in, from, (c == '-') + name(p).len);
	if (is_name(c) && take(p, "("))
		return function(p, text);
	if (!num_i64(text, INT64_MIN, INT64_MAX, &number)) {
		p->at = from;
		return fail(p, "a value is needed");
	}
	e = node(p, TEXT, NULL, NULL);
	if (e != NULL)
		e->text = text;
	return e;
}

/*
 * m#..#i or /../i after =~.
 */
static const struct expr *
regex(struct parse *p, enum kind kind, const struct expr *a)
{
	struct expr *e = node(p, kind, a, NULL);
	struct re_error err;
	struct str text;
	bool nocase = false;
	size_t end;
	char c;

	blanks(p);
	if (peek(p) == 'm')
		p->at++;
	c = peek(p);
	if (e == NULL || c == '\0' || is_name(c))
		return fail(p, "a regular expression is needed");
	p->at++;
	text = str_sub(p->in, p->at, p->in.len);
	end = str_chr(text, c);
	if (end == STR_NONE)
		return fail(p, "the regular expression does not end");
	text = str_sub(text, 0, end);
	if (p->at + end + 1 < p->in.len && p->in.p[p->at + end + 1] == 'i')
		nocase = true;
	if (!re_compile(text, nocase, p->a, &e->re, &err)) {
		p->at += err.col - 1;
		return fail(p, err.why);
	}
	p->at += end + 1 + nocase;
	return e;
}

static const struct expr *
in_list(struct parse *p, const struct expr *a)
{
	const struct expr *list = NULL, *one;

	if (!take(p, "{"))
		return fail(p, "a list in { } is needed");
	do {
		one = word(p);
		if (one == NULL)
			return NULL;
		list = node(p, JOIN, one, list);
		if (list == NULL)
			return NULL;
	} while (take(p, ","));
	if (!take(p, "}"))
		return fail(p, "missing }");
	return node(p, IN, a, list);
}

static const struct {
	const char *text;
	enum kind kind;
	bool is_word;
} compares[] = {
	{ "=~", MATCH, false }, { "!~", NOMATCH, false },
	{ "==", EQ, false }, { "!=", NE, false }, { "<=", LE, false },
	{ ">=", GE, false }, { "=", EQ, false }, { "<", LT, false },
	{ ">", GT, false }, { "-eq", IEQ, true }, { "-ne", INE, true },
	{ "-lt", ILT, true }, { "-le", ILE, true }, { "-gt", IGT, true },
	{ "-ge", IGE, true }, { "-in", IN, true }, { "in", IN, true },
	{ "eq", IEQ, true }, { "ne", INE, true }, { "lt", ILT, true },
	{ "le", ILE, true }, { "gt", IGT, true }, { "ge", IGE, true },
	{ "-ipmatch", NET, true }, { "-strmatch", LIKE, true },
	{ "-strcmatch", LIKE_NOCASE, true }, { "-fnmatch", LIKE_PATH, true },
};

static const struct expr *
compare(struct parse *p)
{
	const struct expr *a = word(p), *b;

	if (a == NULL)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(compares); i++) {
		enum kind kind = compares[i].kind;

		if (!(compares[i].is_word ? take_word(p, compares[i].text) :
		    take(p, compares[i].text)))
			continue;
		if (kind == MATCH || kind == NOMATCH)
			return regex(p, kind, a);
		if (kind == IN)
			return in_list(p, a);
		b = word(p);
		if (b == NULL)
			return NULL;
		return node(p, kind, kind == NET ? b : a, b);
	}
	return fail(p, "an operator is needed");
}

static const struct {
	const char *text;
	enum kind kind;
} tests[] = {
	{ "-n", NONEMPTY }, { "-z", EMPTY }, { "-T", TRUTH }, { "-R", NET },
};

static const struct expr *
primary(struct parse *p)
{
	const struct expr *e;
	struct expr *c;

	if (++p->terms > TERMS_MAX)
		return fail(p, "too many terms");
	if ((take(p, "!") && peek(p) != '=' && peek(p) != '~') ||
	    take_word(p, "not")) {
		if (++p->depth > DEPTH_MAX)
			return fail(p, "nested too deeply");
		e = primary(p);
		p->depth--;
		return e == NULL ? NULL : node(p, NOT, e, NULL);
	}
	if (take(p, "(")) {
		if (++p->depth > DEPTH_MAX)
			return fail(p, "nested too deeply");
		e = parse_or(p);
		p->depth--;
		if (e != NULL && !take(p, ")"))
			return fail(p, "missing )");
		return e;
	}
	for (size_t i = 0; i < ARRAY_LEN(tests); i++)
		if (take_word(p, tests[i].text)) {
			e = word(p);
			return e == NULL ? NULL :
			    node(p, tests[i].kind, e, NULL);
		}
	if (take_word(p, "true") || take_word(p, "false")) {
		c = node(p, CONST, NULL, NULL);
		if (c != NULL)
			c->value = p->in.p[p->at - 2] == 'u';
		return c;
	}
	return compare(p);
}

static const struct expr *
parse_and(struct parse *p)
{
	const struct expr *e = primary(p), *b;

	while (e != NULL && (take(p, "&&") || take_word(p, "and"))) {
		b = primary(p);
		e = b == NULL ? NULL : node(p, AND, e, b);
	}
	return e;
}

static const struct expr *
parse_or(struct parse *p)
{
	const struct expr *e = parse_and(p), *b;

	while (e != NULL && (take(p, "||") || take_word(p, "or"))) {
		b = parse_and(p);
		e = b == NULL ? NULL : node(p, OR, e, b);
	}
	return e;
}

bool
expr_compile(struct str text, struct arena *a, const struct expr **ret,
    struct expr_error *reterr)
{
	struct parse p = { text, 0, 0, 0, a, reterr };
	const struct expr *e;

	memset(reterr, 0, sizeof(*reterr));
	if (text.len > WORD_MAX) {
		(void)fail(&p, "expression is too long");
		return false;
	}
	e = parse_or(&p);
	blanks(&p);
	if (e != NULL && p.at < text.len)
		e = fail(&p, "something is left over");
	if (e == NULL)
		return false;
	*ret = e;
	return true;
}

/* ---- evaluation ---- */

/*
 * Add the text of a word to out.
 */
static void
build(const struct expr *e, const struct expr_in *in, struct wr *out)
{
	if (e->kind == JOIN) {
		build(e->a, in, out);
		build(e->b, in, out);
	} else if (e->kind == VAR)
		wr_str(out, in->get(in->ctx, e->var, e->text));
	else
		wr_str(out, e->text);
}

static struct str
value(const struct expr *e, const struct expr_in *in, char *buf)
{
	struct wr w;

	if (e->kind == TEXT)
		return e->text;
	if (e->kind == VAR)
		return in->get(in->ctx, e->var, e->text);
	wr_init(&w, buf, WORD_MAX);
	build(e, in, &w);
	return wr_as_str(&w);
}

static int64_t
integer(struct str s)
{
	int64_t v = 0;

	s = str_trim(s);
	return num_i64(s, INT64_MIN, INT64_MAX, &v) ? v : 0;
}

static bool
truth(struct str s)
{
	return s.len > 0 && !str_eq(s, STR("0")) && !str_ieq(s, STR("off")) &&
	    !str_ieq(s, STR("no")) && !str_ieq(s, STR("false"));
}

static bool
ordered(enum kind kind, int c)
{
	switch (kind) {
	case EQ:
		return c == 0;
	case NE:
		return c != 0;
	case LT:
		return c < 0;
	case LE:
		return c <= 0;
	case GT:
		return c > 0;
	default:
		ASSERT(kind == GE);
		return c >= 0;
	}
}

/*
 * Comparisons and tests of words.
 */
static bool
eval_words(const struct expr *e, const struct expr_in *in,
    struct re_scratch *re)
{
	char buf_a[WORD_MAX], buf_b[WORD_MAX];
	struct str a = value(e->a, in, buf_a), b;
	int64_t x, y;

	switch ((enum kind)e->kind) {
	case NONEMPTY:
		return a.len > 0;
	case EMPTY:
		return a.len == 0;
	case TRUTH:
		return truth(a);
	case NET:
		return in->in_net(in->ctx, a);
	case MATCH:
	case NOMATCH:
		return re_exec(e->re, a, re, NULL) == (e->kind == MATCH);
	case IN:
		for (const struct expr *l = e->b; l != NULL; l = l->b)
			if (str_eq(a, value(l->a, in, buf_b)))
				return true;
		return false;
	default:
		break;
	}
	b = value(e->b, in, buf_b);
	if (e->kind >= LIKE)
		return glob_match(b, a, e->kind == LIKE_PATH ? GLOB_PATH :
		    e->kind == LIKE_NOCASE ? GLOB_NOCASE : 0);
	if (e->kind < IEQ)
		return ordered((enum kind)e->kind, str_cmp(a, b));
	x = integer(a);
	y = integer(b);
	return ordered((enum kind)(e->kind - IEQ + EQ), x < y ? -1 : x > y);
}

bool
expr_eval(const struct expr *e, const struct expr_in *in,
    struct re_scratch *re)
{
	switch ((enum kind)e->kind) {
	case OR:
		return expr_eval(e->a, in, re) || expr_eval(e->b, in, re);
	case AND:
		return expr_eval(e->a, in, re) && expr_eval(e->b, in, re);
	case NOT:
		return !expr_eval(e->a, in, re);
	case CONST:
		return e->value;
	default:
		return eval_words(e, in, re);
	}
}
