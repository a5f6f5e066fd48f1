/* SPDX-License-Identifier: ISC */
/*
 * stmtparse - the grammar of statements.
 *
 * Each statement decides by itself what it says about a missing operand, how
 * far it skips and whether the block complains once more (STMTPARSE_NONE); the
 * peer is not uniform there and its output is compared.
 */
#include "dhcpd/stmtparse.h"

#include <syslog.h>

#include "dhcpd/confcheck.h"
#include "dhcpd/confkey.h"
#include "dhcpd/optparse.h"
#include "dhcpd/opttab.h"

#define ARGS_MAX 64
#define RIGHT_BRACE "right brace expected."

static struct stmt *
make(struct parse *p, enum tree_stmt_op op)
{
	struct stmt *s = PARSE_NEW(p, struct stmt);

	if (s)
		s->op = (uint8_t)op;
	return s;
}

static enum stmtparse
made(struct stmt *s, struct stmt **ret)
{
	*ret = s;
	return s ? STMTPARSE_OK : STMTPARSE_SAID;
}

static enum stmtparse
fail(struct parse *p, const char *text)
{
	lex_error(p->lex, "%s", text);
	parse_skip(p, 0);
	return STMTPARSE_SAID;
}

/* A statement without node or operand: just its semicolon. */
static enum stmtparse
simple(struct parse *p, enum tree_stmt_op op, struct stmt **ret)
{
	struct stmt *s = make(p, op);

	return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
}

enum stmtparse
stmtparse_option(struct parse *p, const struct opt_def *def, enum tree_stmt_op op,
    bool is_nested, struct stmt **ret)
{
	const struct expr *e = NULL;
	struct stmt *s;
	enum exprparse r;
	int token;

	confcheck_note(p, def);
	token = lex_peek(p->lex, NULL);
	if (token == ';' && def->format[0] != 'Z') {
		(void)lex_next(p->lex, NULL);
	} else if (token == '=') {
		(void)lex_next(p->lex, NULL);
		r = exprparse_data(p, &e);
		if (r == EXPRPARSE_NONE && is_nested)
			(void)fail(p, "expecting a data expression.");
		if (r != EXPRPARSE_OK)
			return is_nested || r == EXPRPARSE_KIND ? STMTPARSE_NONE : STMTPARSE_SAID;
	} else if (!optparse_value(p, def, &e)) {
		return is_nested ? STMTPARSE_NONE : STMTPARSE_SAID;
	}
	if (!parse_semi(p))
		return is_nested ? STMTPARSE_NONE : STMTPARSE_SAID;
	s = e ? make(p, op) : NULL;
	if (s) {
		s->def = def;
		s->expr = e;
	}
	*ret = s;
	return STMTPARSE_OK;
}

/* option NAME, supersede NAME, ..; the word has been taken. */
static enum stmtparse
option(struct parse *p, enum tree_stmt_op op, struct stmt **ret)
{
	const struct opt_def *def;

	if (!optparse_known(p, &def))
		return STMTPARSE_SAID;
	return stmtparse_option(p, def, op, true, ret);
}

static enum stmtparse
allow_deny(struct parse *p, struct stmt **ret)
{
	static const struct {
		uint16_t token;
		uint16_t code;
	} keys[] = {
		{ LEX_K_BOOTP, OPTTAB_S_ALLOW_BOOTP },
		{ LEX_K_BOOTING, OPTTAB_S_ALLOW_BOOTING },
		{ LEX_K_DYNAMIC_BOOTP, OPTTAB_S_DYNAMIC_BOOTP },
		{ LEX_K_UNKNOWN_CLIENTS, OPTTAB_S_BOOT_UNKNOWN_CLIENTS },
		{ LEX_K_DUPLICATES, OPTTAB_S_DUPLICATES },
		{ LEX_K_DECLINES, OPTTAB_S_DECLINES },
		{ LEX_K_NEW, OPTTAB_S_CLIENT_UPDATES },
		{ LEX_K_LEASEQUERY, OPTTAB_S_LEASEQUERY },
	};
	int verb = lex_next(p->lex, NULL), token = lex_next(p->lex, NULL);
	const char *octet = verb == LEX_K_ALLOW ? "\1" : verb == LEX_K_DENY ? "\0" : "\2";

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct stmt *s;

		if (keys[i].token != token)
			continue;
		s = make(p, TREE_S_SUPERSEDE);
		if (s) {
			s->def = optspace_builtin(OPTSPACE_SERVER, keys[i].code);
			s->expr = exprparse_const(p, str_make(octet, 1));
		}
		return parse_semi(p) ? made(s, ret) : STMTPARSE_NONE;
	}
	(void)fail(p, "expecting allow/deny key");
	return STMTPARSE_NONE;
}

/* Statements inside the braces of if, on and define; the left one has been taken. */
static bool
body(struct parse *p, struct stmt **ret, const char *no_end)
{
	int token;

	if (!parse_enter(p))
		return false;
	if (!stmtparse_list(p, STMTPARSE_NO_LABELS, ret)) {
		do {
			token = lex_next(p->lex, NULL);
		} while (token != LEX_EOF && token != '}');
		parse_leave(p);
		return false;
	}
	parse_leave(p);
	if (lex_next(p->lex, NULL) == '}')
		return true;
	(void)fail(p, no_end);
	return false;
}

static enum stmtparse if_rest(struct parse *p, struct stmt **ret);

/* else, elsif, else if: nothing when none of them comes. */
static enum stmtparse
else_part(struct parse *p, struct stmt *s)
{
	int token = lex_peek(p->lex, NULL);

	if (token == LEX_K_ELSIF) {
		(void)lex_next(p->lex, NULL);
		return if_rest(p, &s->otherwise);
	}
	if (token != LEX_K_ELSE)
		return STMTPARSE_OK;
	(void)lex_next(p->lex, NULL);
	token = lex_peek(p->lex, NULL);
	if (token == LEX_K_IF) {
		(void)lex_next(p->lex, NULL);
		return if_rest(p, &s->otherwise);
	}
	if (token != '{')
		return fail(p, "left brace or if expected.");
	(void)lex_next(p->lex, NULL);
	/* unlike the other bodies, this one leaves its right brace after an error */
	if (!stmtparse_list(p, STMTPARSE_NO_LABELS, &s->otherwise))
		return STMTPARSE_SAID;
	return lex_next(p->lex, NULL) == '}' ? STMTPARSE_OK : fail(p, RIGHT_BRACE);
}

/* Condition of an if, in parentheses or not. */
static enum stmtparse
condition(struct parse *p, const struct expr **ret)
{
	bool has_paren = lex_peek(p->lex, NULL) == '(';
	enum exprparse r;

	if (has_paren)
		(void)lex_next(p->lex, NULL);
	r = exprparse_bool(p, ret);
	if (r == EXPRPARSE_NONE)
		lex_error(p->lex, "boolean expression expected.");
	if (r != EXPRPARSE_OK)
		return STMTPARSE_SAID;
	if (has_paren && lex_next(p->lex, NULL) != ')') {
		lex_error(p->lex, "expecting right paren.");
		return STMTPARSE_SAID;
	}
	return STMTPARSE_OK;
}

/* What follows if or elsif; each elsif nests one deeper. */
static enum stmtparse
if_rest(struct parse *p, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_IF);
	enum stmtparse r;

	if (!s)
		return STMTPARSE_SAID;
	r = condition(p, &s->expr);
	if (r != STMTPARSE_OK)
		return r;
	if (lex_next(p->lex, NULL) != '{')
		return fail(p, "left brace expected.");
	if (!body(p, &s->body, RIGHT_BRACE) || NEVER(!parse_enter(p)))
		return STMTPARSE_SAID;	/* the body was deeper */
	r = else_part(p, s);
	parse_leave(p);
	return r == STMTPARSE_OK ? made(s, ret) : r;
}

static enum stmtparse
on(struct parse *p, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_ON);
	bool was_kept, is_good;
	int token;

	if (!s)
		return STMTPARSE_SAID;
	do {
		token = lex_next(p->lex, NULL);
		if (token == LEX_K_EXPIRY)
			s->number |= EXPR_ON_EXPIRY;
		else if (token == LEX_K_COMMIT)
			s->number |= EXPR_ON_COMMIT;
		else if (token == LEX_K_RELEASE)
			s->number |= EXPR_ON_RELEASE;
		else if (token == LEX_K_TRANSMISSION)
			s->number |= EXPR_ON_TRANSMISSION;
		else
			return fail(p, "expecting a lease event type");
		token = lex_next(p->lex, NULL);
	} while (token == LEX_K_OR);
	if (token == ';')
		return made(s, ret);
	if (token != '{')
		return fail(p, "left brace expected.");
	was_kept = p->is_kept;
	p->is_kept = true;
	is_good = body(p, &s->body, RIGHT_BRACE);
	p->is_kept = was_kept;
	return is_good ? made(s, ret) : STMTPARSE_SAID;
}

static enum stmtparse
switch_statement(struct parse *p, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_SWITCH);
	enum stmtparse_labels labels;
	bool is_good;

	if (!s)
		return STMTPARSE_SAID;
	if (lex_next(p->lex, NULL) != '(')
		return fail(p, "expecting left brace.");
	switch (exprparse_any(p, true, &s->expr)) {
	case EXPRPARSE_OK:
		break;
	case EXPRPARSE_NONE:
		return fail(p, "expecting data or numeric expression.");
	default:
		return STMTPARSE_SAID;
	}
	if (lex_next(p->lex, NULL) != ')')
		return fail(p, "right paren expected.");
	if (lex_next(p->lex, NULL) != '{')
		return fail(p, "left brace expected.");
	if (NEVER(!parse_enter(p)))
		return STMTPARSE_SAID;	/* the expression was as deep */
	labels = s->expr->op < TREE_DATA_END ? STMTPARSE_DATA_LABELS : STMTPARSE_NUM_LABELS;
	is_good = stmtparse_list(p, labels, &s->body);
	parse_leave(p);
	if (!is_good) {
		parse_skip(p, 1);
		return STMTPARSE_SAID;
	}
	if (lex_next(p->lex, NULL) != '}')
		return fail(p, "right brace expected.");
	return made(s, ret);
}

static enum stmtparse
case_label(struct parse *p, enum stmtparse_labels labels, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_CASE);

	if (!s)
		return STMTPARSE_SAID;
	if (labels == STMTPARSE_NO_LABELS)
		return fail(p, "case statement in inappropriate scope.");
	switch (exprparse_any(p, labels == STMTPARSE_NUM_LABELS, &s->expr)) {
	case EXPRPARSE_OK:
		break;
	case EXPRPARSE_NONE:
		return fail(p, labels == STMTPARSE_NUM_LABELS ? "expecting numeric expression." :
		    "expecting data expression.");
	default:
		parse_skip(p, 0);
		return STMTPARSE_SAID;
	}
	if (lex_next(p->lex, NULL) != ':')
		return fail(p, "colon expected.");
	return made(s, ret);
}

/* "default" has been taken: a label or a value. */
static enum stmtparse
default_word(struct parse *p, enum stmtparse_labels labels, struct stmt **ret)
{
	if (lex_peek(p->lex, NULL) != ':')
		return option(p, TREE_S_DEFAULT, ret);
	(void)lex_next(p->lex, NULL);
	if (labels == STMTPARSE_NO_LABELS) {
		lex_error(p->lex, "switch default statement in inappropriate scope.");
		return STMTPARSE_SAID;
	}
	return made(make(p, TREE_S_DEFAULT_CASE), ret);
}

/* (ARG, ...) { statements } behind the name of a function */
static enum stmtparse
function(struct parse *p, struct stmt *s, bool is_define)
{
	struct str args[ARGS_MAX], *copy;
	struct expr_func *func = PARSE_NEW(p, struct expr_func);
	struct expr *e = exprparse_node(p, TREE_FUNC, NULL, NULL);
	struct stmt *list = NULL;
	int token = ',';

	(void)lex_next(p->lex, NULL);
	if (!func || !e)
		return STMTPARSE_SAID;
	if (lex_peek(p->lex, NULL) == ')')
		token = lex_next(p->lex, NULL);
	while (token == ',') {
		token = lex_next(p->lex, &args[func->arg_n]);
		if ((token != LEX_NAME && token != LEX_NUMBER_OR_NAME) ||
		    func->arg_n == ARGS_MAX - 1)
			return fail(p, "expecting argument name");
		args[func->arg_n] = parse_keep(p, args[func->arg_n]);
		func->arg_n++;
		token = lex_next(p->lex, NULL);
	}
	if (token != ')')
		return fail(p, "expecting right paren.");
	if (lex_next(p->lex, NULL) != '{')
		return fail(p, "expecting left brace.");
	if (!body(p, &list, "expecting right brace."))
		return STMTPARSE_SAID;
	copy = parse_alloc(p, func->arg_n, sizeof(*copy));
	if (!copy)
		return STMTPARSE_SAID;
	for (uint32_t i = 0; i < func->arg_n; i++)
		copy[i] = args[i];
	func->args = copy;
	func->body = list;
	e->func = func;
	s->expr = e;
	s->number = !is_define;		/* set NAME(..) { } defines nothing */
	return STMTPARSE_OK;
}

/* NAME behind set, define and unset. */
static bool
variable(struct parse *p, struct stmt *s)
{
	struct str name;
	int token = lex_next(p->lex, &name);

	if (token == LEX_NAME || token == LEX_NUMBER_OR_NAME) {
		s->name = parse_keep(p, name);
		return true;
	}
	lex_error(p->lex, "%.*s can't be a variable name", STR_ARG(name));
	parse_skip(p, 0);
	return false;
}

static enum stmtparse
set(struct parse *p, bool is_define, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_SET);
	enum stmtparse r;

	if (!s || !variable(p, s))
		return STMTPARSE_SAID;
	if (lex_peek(p->lex, NULL) == '(') {
		r = function(p, s, is_define);
		return r == STMTPARSE_OK ? made(s, ret) : r;
	}
	if (lex_next(p->lex, NULL) != '=')
		return fail(p, is_define ? "expecting '=' in define statement." :
		    "expecting '=' in set statement.");
	switch (exprparse_any(p, false, &s->expr)) {
	case EXPRPARSE_OK:
		return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
	case EXPRPARSE_NONE:
		(void)fail(p, "expecting expression.");
		return STMTPARSE_NONE;
	default:
		parse_skip(p, 0);
		return STMTPARSE_SAID;
	}
}

static enum stmtparse
unset(struct parse *p, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_UNSET);

	if (!s || !variable(p, s))
		return STMTPARSE_SAID;
	return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
}

/* eval EXPR; return EXPR; */
static enum stmtparse
with_expression(struct parse *p, enum tree_stmt_op op, struct stmt **ret)
{
	struct stmt *s = make(p, op);

	if (!s)
		return STMTPARSE_SAID;
	switch (exprparse_any(p, false, &s->expr)) {
	case EXPRPARSE_OK:
		return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
	case EXPRPARSE_NONE:
		(void)fail(p, "expecting data expression.");
		return STMTPARSE_NONE;
	default:
		parse_skip(p, 0);
		return STMTPARSE_SAID;
	}
}

static enum stmtparse
add(struct parse *p, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_ADD);
	const struct conf_class *class;
	struct str name;

	if (!s)
		return STMTPARSE_SAID;
	if (lex_next(p->lex, &name) != LEX_STRING)
		return fail(p, "expecting class name.");
	class = conf_class_by_name(p->conf, name);
	if (!class) {
		lex_error(p->lex, "class %.*s: not found", STR_ARG(name));
		parse_skip(p, 0);
		return STMTPARSE_SAID;
	}
	s->name = class->name;
	s->number = (int32_t)class->class_i;
	return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
}

/* The level word of log( and its comma; the level, or debug. */
static bool
log_level(struct parse *p, int32_t *ret)
{
	static const struct {
		uint16_t token;
		int16_t prio;
	} levels[] = {
		{ LEX_K_FATAL, -1 }, { LEX_K_ERROR, LOG_ERR },
		{ LEX_K_INFO, LOG_INFO }, { LEX_K_DEBUG, LOG_DEBUG },
	};
	int token = lex_peek(p->lex, NULL);

	*ret = LOG_DEBUG;
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (levels[i].token != token)
			continue;
		*ret = levels[i].prio;
		(void)lex_next(p->lex, NULL);
		if (lex_next(p->lex, NULL) == ',')
			return true;
		(void)fail(p, "comma expected.");
		return false;
	}
	return true;
}

static enum stmtparse
log_statement(struct parse *p, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_LOG);

	if (!s)
		return STMTPARSE_SAID;
	if (lex_next(p->lex, NULL) != '(')
		return fail(p, "left parenthesis expected.");
	if (!log_level(p, &s->number))
		return STMTPARSE_SAID;
	if (exprparse_data(p, &s->expr) != EXPRPARSE_OK) {
		parse_skip(p, 0);
		return STMTPARSE_SAID;
	}
	if (lex_next(p->lex, NULL) != ')')
		return fail(p, "right parenthesis expected.");
	return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
}

/* One more argument of execute, behind its comma. */
static bool
execute_arg(struct parse *p, struct stmt *s, struct expr **last)
{
	const struct expr *arg;
	enum exprparse r = exprparse_data(p, &arg);
	struct expr *cell;

	if (r != EXPRPARSE_OK) {
		if (r == EXPRPARSE_NONE)
			lex_error(p->lex, "expecting expression.");
		parse_skip(p, 0);
		return false;
	}
	cell = exprparse_node(p, TREE_PICK, arg, NULL);
	if (!cell)
		return false;
	if (*last)
		(*last)->b = cell;
	else
		s->expr = cell;
	*last = cell;
	return true;
}

static enum stmtparse
execute(struct parse *p, struct stmt **ret)
{
	struct stmt *s = make(p, TREE_S_EXECUTE);
	struct expr *last = NULL;
	struct str program;
	int token;

	p->conf->has_execute = true;
	if (!s)
		return STMTPARSE_SAID;
	if (lex_next(p->lex, NULL) != '(')
		return fail(p, "left parenthesis expected.");
	if (lex_next(p->lex, &program) != LEX_STRING)
		return fail(p, "Expecting a quoted string.");
	s->name = parse_keep(p, program);
	for (;;) {
		token = lex_next(p->lex, NULL);
		if (token != ',')
			break;
		if (!execute_arg(p, s, &last))
			return STMTPARSE_SAID;
	}
	if (token != ')')
		return fail(p, "right parenthesis expected.");
	return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
}

enum stmtparse
stmtparse_db_time_format(struct parse *p)
{
	int token;

	(void)lex_next(p->lex, NULL);
	token = lex_next(p->lex, NULL);
	if (token != LEX_K_LOCAL && token != LEX_K_DEFAULT) {
		lex_error(p->lex, "Expecting 'local' or 'default'.");
		if (token != ';')
			parse_skip(p, 0);
		return STMTPARSE_SAID;
	}
	p->conf->is_local_time = token == LEX_K_LOCAL;
	if (lex_next(p->lex, NULL) == ';')
		return STMTPARSE_OK;
	lex_error(p->lex, "Expecting a semicolon.");
	return STMTPARSE_NONE;
}

/* A word that is no keyword: a parameter, or an expression to evaluate. */
static enum stmtparse
other_word(struct parse *p, int token, struct str word, struct stmt **ret)
{
	const struct opt_def *def;
	struct stmt *s;

	if (!lex_is_word(token))
		return STMTPARSE_NONE;
	def = optspace_def_by_name(&p->conf->u, OPTSPACE_SERVER, word);
	if (def) {
		(void)lex_next(p->lex, NULL);
		return stmtparse_option(p, def, TREE_S_SUPERSEDE, false, ret) == STMTPARSE_OK ?
		    STMTPARSE_OK : STMTPARSE_NONE;
	}
	if (token != LEX_NAME && token != LEX_NUMBER_OR_NAME)
		return STMTPARSE_NONE;
	s = make(p, TREE_S_EVAL);
	if (!s)
		return STMTPARSE_SAID;
	if (exprparse_any(p, false, &s->expr) == EXPRPARSE_OK)
		return parse_semi(p) ? made(s, ret) : STMTPARSE_SAID;
	parse_skip(p, 0);
	return STMTPARSE_SAID;
}

/* Statements that end in one operand or none; the word has been taken. */
static enum stmtparse
keyword(struct parse *p, int token, enum stmtparse_labels labels, struct stmt **ret)
{
	switch (token) {
	case LEX_K_OPTION:
	case LEX_K_SUPERSEDE:
		return option(p, TREE_S_SUPERSEDE, ret);
	case LEX_K_SEND:
		return option(p, TREE_S_SEND, ret);
	case LEX_K_APPEND:
		return option(p, TREE_S_APPEND, ret);
	case LEX_K_PREPEND:
		return option(p, TREE_S_PREPEND, ret);
	case LEX_K_DEFAULT:
		return default_word(p, labels, ret);
	case LEX_K_IF:
		return if_rest(p, ret);
	case LEX_K_ON:
		return on(p, ret);
	case LEX_K_SWITCH:
		return switch_statement(p, ret);
	case LEX_K_CASE:
		return case_label(p, labels, ret);
	case LEX_K_SET:
	case LEX_K_DEFINE:
		return set(p, token == LEX_K_DEFINE, ret);
	case LEX_K_UNSET:
		return unset(p, ret);
	case LEX_K_EVAL:
		return with_expression(p, TREE_S_EVAL, ret);
	case LEX_K_RETURN:
		return with_expression(p, TREE_S_RETURN, ret);
	case LEX_K_ADD:
		return add(p, ret);
	case LEX_K_BREAK:
		return simple(p, TREE_S_BREAK, ret);
	case LEX_K_PARSE_VENDOR_OPTION:
		return simple(p, TREE_S_VENDOR_OPTION, ret);
	case LEX_K_LOG:
		return log_statement(p, ret);
	default:
		ASSERT(token == LEX_K_EXECUTE);
		return execute(p, ret);
	}
}

enum stmtparse
stmtparse_one(struct parse *p, enum stmtparse_labels labels, struct stmt **ret)
{
	struct str word;
	int token = lex_peek(p->lex, &word);

	*ret = NULL;
	switch (token) {
	case LEX_K_DB_TIME_FORMAT:
		return stmtparse_db_time_format(p);
	case LEX_K_ALLOW:
	case LEX_K_DENY:
	case LEX_K_IGNORE:
		return allow_deny(p, ret);
	case LEX_K_KEY:
	case LEX_K_ZONE:
		return confkey_parse(p);
	case LEX_K_OPTION:
	case LEX_K_SUPERSEDE:
	case LEX_K_SEND:
	case LEX_K_APPEND:
	case LEX_K_PREPEND:
	case LEX_K_DEFAULT:
	case LEX_K_IF:
	case LEX_K_ON:
	case LEX_K_SWITCH:
	case LEX_K_CASE:
	case LEX_K_SET:
	case LEX_K_DEFINE:
	case LEX_K_UNSET:
	case LEX_K_EVAL:
	case LEX_K_RETURN:
	case LEX_K_ADD:
	case LEX_K_BREAK:
	case LEX_K_PARSE_VENDOR_OPTION:
	case LEX_K_LOG:
	case LEX_K_EXECUTE:
		(void)lex_next(p->lex, NULL);
		return keyword(p, token, labels, ret);
	default:
		return other_word(p, token, word, ret);
	}
}

bool
stmtparse_list(struct parse *p, enum stmtparse_labels labels, struct stmt **ret)
{
	struct stmt **end = ret, *s;
	enum stmtparse r;

	*ret = NULL;
	for (;;) {
		r = stmtparse_one(p, labels, &s);
		if (r != STMTPARSE_OK)
			return r == STMTPARSE_NONE;
		if (s) {
			*end = s;
			end = &s->next;
		}
	}
}
