/* SPDX-License-Identifier: ISC */
/*
 * stmtprint - statements and expressions in the peer's normal form, line breaks
 * included: the text of "on" blocks in a leases file, which other programs and
 * the peer itself read back.
 *
 * A token that would pass column 79 begins a new line at the indentation of its
 * expression.  Functions with several arguments (those of starts_line) begin a
 * line of their own unless they are the first thing in their surroundings.
 * The column is what the peer takes it to be, which is not always the true one.
 */
#include "dhcpd/stmtprint.h"

#include <string.h>
#include <syslog.h>

#include "common/vis.h"
#include "dhcpd/tree.h"

#define COLUMN_MAX 79

struct out {
	struct wr *w;
	int col;
};

static void expression(struct out *o, const struct expr *e, int indent, bool is_own_line);

static void
new_line(struct out *o, int indent)
{
	wr_u8(o->w, '\n');
	for (int i = 0; i < indent; i++)
		wr_u8(o->w, ' ');
	o->col = indent;
}

static void
plain(struct out *o, const char *text)
{
	wr_text(o->w, text);
	o->col += (int)strlen(text);
}

static void
token_str(struct out *o, int indent, const char *prefix, const char *suffix, struct str text)
{
	if (o->col + (int)(strlen(prefix) + text.len + strlen(suffix)) > COLUMN_MAX)
		new_line(o, indent);
	else
		plain(o, prefix);
	wr_str(o->w, text);
	o->col += (int)text.len;
	plain(o, suffix);
}

static void
token(struct out *o, int indent, const char *prefix, const char *suffix, const char *text)
{
	token_str(o, indent, prefix, suffix, str_of(text));
}

static void
number(struct out *o, int indent, const char *prefix, int64_t n)
{
	char text[32];
	struct wr w;

	wr_init(&w, text, sizeof(text));
	wr_fmt(&w, "%lld", (long long)n);
	token_str(o, indent, prefix, "", wr_as_str(&w));
}

static bool
is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < 0x20 || s.p[i] > 0x7e)
			return false;
	return true;
}

/* A string is one token, octets are one each. */
static void
constant(struct out *o, const struct expr *e, int indent)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t buf[4 * 2048 + 2];
	struct wr w;

	if (e->width == TREE_TEXT || is_printable(e->data)) {
		wr_init(&w, buf, sizeof(buf));
		wr_u8(&w, '"');
		vis_octal(&w, e->data.p, e->data.len);
		wr_u8(&w, '"');
		if (wr_ok(&w)) {
			token_str(o, indent, "", "", wr_as_str(&w));
			return;
		}
	}
	for (size_t i = 0; i < e->data.len; i++) {
		uint8_t b = (uint8_t)e->data.p[i];
		char pair[3] = { digits[b >> 4], digits[b & 15], '\0' };

		if (i)
			token(o, indent, "", "", ":");
		token(o, indent, "", "", pair);
	}
}

static bool
starts_line(enum tree_op op)
{
	switch (op) {
	case TREE_SUBSTRING:
	case TREE_SUFFIX:
	case TREE_CONCAT:
	case TREE_PICK:
	case TREE_B2A:
	case TREE_REVERSE:
	case TREE_ENCODE_INT:
	case TREE_EXTRACT_INT:
	case TREE_V6RELAY:
	case TREE_OPTION:
	case TREE_CONFIG_OPTION:
		return true;
	default:
		return false;
	}
}

/* "NAME (" ; the column of the arguments. */
static int
open_call(struct out *o, int indent, const char *name)
{
	token(o, indent, "", " ", name);
	token(o, indent, "", "", "(");
	return indent + (int)strlen(name) + 2;
}

static void
comma(struct out *o, int indent)
{
	token(o, indent, "", " ", ",");
}

static void
close_call(struct out *o, int indent)
{
	token(o, indent, "", "", ")");
}

static void
two_args(struct out *o, const char *name, const struct expr *e, int indent)
{
	int inner = open_call(o, indent, name);

	expression(o, e->a, inner, false);
	comma(o, inner);
	expression(o, e->b, inner, true);
	close_call(o, indent);
}

/* substring and binary-to-ascii: more than two arguments */
static void
many_args(struct out *o, const char *name, const struct expr *e, int indent)
{
	int inner = open_call(o, indent, name);

	expression(o, e->a, inner, false);
	comma(o, inner);
	expression(o, e->b, e->op == TREE_SUBSTRING ? indent : inner, true);
	comma(o, inner);
	expression(o, e->c, inner, true);
	if (e->op == TREE_B2A) {
		comma(o, inner);
		expression(o, e->d, inner, true);
	}
	close_call(o, indent);
}

static void
int_call(struct out *o, const char *name, const struct expr *e, int indent)
{
	int inner = open_call(o, indent, name);

	expression(o, e->a, inner, false);
	comma(o, inner);
	number(o, inner, " ", e->width * 8);
	close_call(o, indent);
}

/* Cells of a list of arguments. */
static void
list_call(struct out *o, const char *name, const struct expr *cell, int indent, bool lines)
{
	int inner = open_call(o, indent, name);

	for (bool is_first = true; cell; cell = cell->b, is_first = false) {
		if (!is_first)
			comma(o, inner);
		expression(o, cell->a, inner, lines && !is_first);
	}
	close_call(o, indent);
}

/* lcase and its like: their argument begins where it stands */
static void
one_arg(struct out *o, const char *name, const struct expr *e, int indent)
{
	int inner = open_call(o, indent, name);

	expression(o, e->a, inner, false);
	close_call(o, indent);
}

static void
named(struct out *o, const char *word, const struct opt_def *def, int indent)
{
	uint8_t buf[4096];
	struct wr w;

	token(o, indent, "", "", word);
	wr_init(&w, buf, sizeof(buf));
	if (def->space->id != OPTSPACE_DHCP) {
		wr_str(&w, def->space->name);
		wr_u8(&w, '.');
	}
	wr_str(&w, def->name);
	token_str(o, indent, " ", "", wr_as_str(&w));
}

static const char *
binary_operator(enum tree_op op)
{
	switch (op) {
	case TREE_ADD:
		return "+";
	case TREE_MULTIPLY:
		return "*";
	case TREE_DIVIDE:
		return "/";
	case TREE_REMAINDER:
		return "%";
	case TREE_BIT_AND:
		return "&";
	case TREE_BIT_OR:
		return "|";
	case TREE_BIT_XOR:
		return "^";
	case TREE_EQUAL:
		return "=";
	case TREE_UNEQUAL:
		return "!=";
	case TREE_MATCH:
		return "~=";
	case TREE_IMATCH:
		return "~~";
	case TREE_AND:
		return "and";
	case TREE_OR:
		return "or";
	default:
		return NULL;
	}
}

/* Words without arguments. */
static const char *
plain_word(enum tree_op op)
{
	switch (op) {
	case TREE_NULL:
		return "null";
	case TREE_HARDWARE:
		return "hardware";
	case TREE_LEASED_ADDRESS:
		return "leased-address";
	case TREE_HOST_DECL_NAME:
		return "host-decl-name";
	case TREE_FILENAME:
		return "filename";
	case TREE_SERVER_NAME:
		return "server-name";
	case TREE_GETHOSTNAME:
		return "gethostname()";
	case TREE_LEASE_TIME:
		return "lease-time";
	case TREE_CLIENT_STATE:
		return "client-state";
	case TREE_KNOWN:
		return "known";
	case TREE_STATIC:
		return "static";
	default:
		return NULL;
	}
}

static void
quoted(struct out *o, int indent, const char *prefix, struct str s)
{
	uint8_t buf[4 * 2048 + 2];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u8(&w, '"');
	vis_octal(&w, s.p, s.len);
	wr_u8(&w, '"');
	token_str(o, indent, prefix, "", wr_as_str(&w));
}

static void
call_by_name(struct out *o, const struct expr *e, int indent)
{
	int inner;

	switch (e->op) {
	case TREE_DEFINED:
		token(o, indent, "", "", "defined");
		token(o, indent, " ", "", "(");
		token_str(o, indent, "", "", e->data);
		close_call(o, indent);
		break;
	case TREE_GETHOSTBYNAME:
	case TREE_ADDRS:
		inner = open_call(o, indent, "gethostbyname");
		quoted(o, inner, "", e->data);
		close_call(o, indent);
		break;
	case TREE_CALL:
		token_str(o, indent, "", " ", e->data);
		token(o, indent, "", "", "(");
		for (const struct expr *cell = e->c; cell; cell = cell->b) {
			expression(o, cell->a, indent, cell != e->c);
			if (cell->b)
				comma(o, indent);
		}
		close_call(o, indent);
		break;
	default:
		token_str(o, indent, "", "", e->data);
		break;
	}
}

/* Functions by operator: a flat switch. */
static void
function(struct out *o, const struct expr *e, int indent)
{
	switch (e->op) {
	case TREE_CONST:
		if (e->arg_n)
			expression(o, e->c, indent, false);
		else
			constant(o, e, indent);
		break;
	case TREE_NUM:
		number(o, indent, "", e->num);
		break;
	case TREE_SUBSTRING:
		many_args(o, "substring", e, indent);
		break;
	case TREE_B2A:
		many_args(o, "binary-to-ascii", e, indent);
		break;
	case TREE_SUFFIX:
		two_args(o, "suffix", e, indent);
		break;
	case TREE_CONCAT:
	case TREE_JOIN_DOMAINS:
		two_args(o, "concat", e, indent);
		break;
	case TREE_REVERSE:
		two_args(o, "reverse", e, indent);
		break;
	case TREE_PACKET:
		two_args(o, "packet", e, indent);
		break;
	case TREE_V6RELAY:
		two_args(o, "v6relay", e, indent);
		break;
	case TREE_PICK:
		list_call(o, "pick-first-value", e, indent, true);
		break;
	case TREE_LCASE:
		one_arg(o, "lcase", e, indent);
		break;
	case TREE_UCASE:
		one_arg(o, "ucase", e, indent);
		break;
	case TREE_ENCODE_INT:
		int_call(o, "encode-int", e, indent);
		break;
	case TREE_EXTRACT_INT:
		int_call(o, "extract-int", e, indent);
		break;
	case TREE_OPTION:
		named(o, "option", e->def, indent);
		break;
	case TREE_CONFIG_OPTION:
		named(o, "config-option", e->def, indent);
		break;
	case TREE_EXISTS:
		named(o, "exists", e->def, indent);
		break;
	case TREE_CHECK:
		token(o, indent, "", "", "check");
		quoted(o, indent, " ", STR("default"));
		break;
	case TREE_NOT:
		token(o, indent, "", " ", "not");
		expression(o, e->a, indent + 2, false);
		break;
	default:
		call_by_name(o, e, indent);
		break;
	}
}

static void
expression(struct out *o, const struct expr *e, int indent, bool is_own_line)
{
	const char *word = plain_word(e->op), *operator = binary_operator(e->op);

	if (operator) {
		expression(o, e->a, indent, false);
		token(o, indent, " ", " ", operator);
		expression(o, e->b, indent + 2, false);
		return;
	}
	if (word) {
		token(o, indent, "", "", word);
		return;
	}
	if (is_own_line && starts_line(e->op))
		new_line(o, indent);
	function(o, e, indent);
}

static void
print_if(struct out *o, const struct stmt *s, int indent)
{
	plain(o, "if ");
	for (;;) {
		expression(o, s->expr, o->col, false);
		plain(o, " {");
		stmtprint_list(o->w, s->body, indent + 2);
		new_line(o, indent);
		plain(o, "}");
		if (!s->otherwise)
			return;
		if (s->otherwise->op != TREE_S_IF || s->otherwise->next)
			break;
		plain(o, " elsif ");
		s = s->otherwise;
	}
	plain(o, " else {");
	stmtprint_list(o->w, s->otherwise, indent + 2);
	new_line(o, indent);
	plain(o, "}");
}

static void
print_switch(struct out *o, const struct stmt *s, int indent)
{
	plain(o, "switch (");
	expression(o, s->expr, o->col, false);
	plain(o, ") {");
	for (const struct stmt *at = s->body; at; at = at->next) {
		if (at->op == TREE_S_CASE) {
			new_line(o, indent + 1);
			plain(o, "case ");
			o->col = indent + 7;
			expression(o, at->expr, indent + 7, false);
			plain(o, ":");
		} else if (at->op == TREE_S_DEFAULT_CASE) {
			new_line(o, indent + 1);
			plain(o, "default: ");
		} else {
			struct stmt one = *at;

			one.next = NULL;
			stmtprint_list(o->w, &one, indent + 2);
		}
	}
	new_line(o, indent);
	plain(o, "}");
}

static void
print_option(struct out *o, const struct stmt *s)
{
	plain(o, s->op == TREE_S_APPEND ? "append " : s->op == TREE_S_PREPEND ? "prepend " :
	    s->op == TREE_S_DEFAULT ? "default " : "supersede ");
	if (s->def->space->id != OPTSPACE_DHCP) {
		wr_str(o->w, s->def->space->name);
		wr_u8(o->w, '.');
		o->col += (int)s->def->space->name.len + 1;
	}
	wr_str(o->w, s->def->name);
	o->col += (int)s->def->name.len;
	plain(o, " = ");
	expression(o, s->expr, o->col, false);
	plain(o, ";");
}

static void
print_function(struct out *o, const struct stmt *s, int indent)
{
	const struct expr_func *func = s->expr->func;

	plain(o, "define ");
	wr_str(o->w, s->name);
	plain(o, " (");
	for (uint32_t i = 0; i < func->arg_n; i++) {
		wr_str(o->w, func->args[i]);
		if (i + 1 < func->arg_n)
			plain(o, ", ");
	}
	plain(o, ") {");
	stmtprint_list(o->w, func->body, indent + 2);
	new_line(o, indent);
	plain(o, "}");
}

/* set NAME = VALUE ; unset NAME ; */
static void
print_set(struct out *o, const struct stmt *s, int indent)
{
	if (s->op == TREE_S_SET && s->expr->op == TREE_FUNC) {
		print_function(o, s, indent);
		return;
	}
	token(o, indent + 4, "", " ", s->op == TREE_S_SET ? "set" : "unset");
	token_str(o, indent + 4, "", "", s->name);
	if (s->op == TREE_S_SET) {
		token(o, indent + 4, " ", " ", "=");
		o->col = indent + 3;
		expression(o, s->expr, indent + 3, true);
	}
	token(o, indent + 4, " ", "", ";");
}

static void
print_log(struct out *o, const struct stmt *s, int indent)
{
	plain(o, "log (");
	plain(o, s->number < 0 ? "fatal" : s->number == LOG_ERR ? "error" :
	    s->number == LOG_INFO ? "info" : "debug");
	plain(o, ", ");
	o->col = indent + 4;
	expression(o, s->expr, indent + 4, true);
	token(o, indent + 4, "", "", ");");
}

static void
print_execute(struct out *o, const struct stmt *s, int indent)
{
	plain(o, "execute (");
	quoted(o, indent + 4, "", s->name);
	for (const struct expr *cell = s->expr; cell; cell = cell->b) {
		token(o, indent + 4, "", " ", ",");
		expression(o, cell->a, indent + 4, true);
	}
	plain(o, ");");
}

static void
print_on(struct out *o, const struct stmt *s, int indent)
{
	static const struct {
		int mask;
		const char *word;
	} events[] = {
		{ EXPR_ON_EXPIRY, "expiry" }, { EXPR_ON_COMMIT, "commit" },
		{ EXPR_ON_RELEASE, "release" }, { EXPR_ON_TRANSMISSION, "transmission" },
	};
	const char *between = "";

	plain(o, "on ");
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		/* the peer never writes transmission beside others */
		if (!(s->number & events[i].mask) ||
		    (events[i].mask == EXPR_ON_TRANSMISSION && *between))
			continue;
		plain(o, between);
		plain(o, events[i].word);
		between = " or ";
	}
	if (!s->body) {
		plain(o, ";");
		return;
	}
	plain(o, " {");
	stmtprint_list(o->w, s->body, indent + 2);
	new_line(o, indent);
	plain(o, "}");
}

static void
print_one(struct out *o, const struct stmt *s, int indent)
{
	switch (s->op) {
	case TREE_S_IF:
		print_if(o, s, indent);
		break;
	case TREE_S_SWITCH:
		print_switch(o, s, indent);
		break;
	case TREE_S_BREAK:
		plain(o, "break;");
		break;
	case TREE_S_SET:
	case TREE_S_UNSET:
		print_set(o, s, indent);
		break;
	case TREE_S_EVAL:
		plain(o, "eval ");
		expression(o, s->expr, o->col, false);
		plain(o, ";");
		break;
	case TREE_S_RETURN:
		plain(o, "return ");
		expression(o, s->expr, o->col, false);
		plain(o, ";");
		break;
	case TREE_S_ADD:
		plain(o, "add ");
		quoted(o, indent, "", s->name);
		plain(o, ";");
		break;
	case TREE_S_LOG:
		print_log(o, s, indent);
		break;
	case TREE_S_EXECUTE:
		print_execute(o, s, indent);
		break;
	case TREE_S_ON:
		print_on(o, s, indent);
		break;
	case TREE_S_VENDOR_OPTION:
		plain(o, "parse-vendor-option;");
		break;
	default:
		print_option(o, s);
		break;
	}
}

void
stmtprint_list(struct wr *w, const struct stmt *list, int indent)
{
	struct out o = { w, 0 };

	for (const struct stmt *s = list; s; s = s->next) {
		new_line(&o, indent);
		print_one(&o, s, indent);
	}
}
