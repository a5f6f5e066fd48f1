/* SPDX-License-Identifier: ISC */
/*
 * stmt - execution of statement lists.
 *
 * Option values are put into env->out as they stand (constant octets, or the
 * expression itself): they are evaluated when the reply is built.  Everything
 * else happens at once.
 */
#include "dhcpd/stmt.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "dhcpd/exprfn.h"
#include "dhcpd/stmtprint.h"
#include "dhcpd/tree.h"

#define EXECUTE_ARGS_MAX 64
#define EXECUTE_ARG "execute_statement argv[%d] = %s"
/* What a shell would say when the program cannot be run: exit 127. */
#define STATUS_NO_PROGRAM (127 << 8)

static void
put(struct expr_env *env, const struct opt_def *def, const struct expr *e)
{
	bool stored;

	if (e->op == TREE_CONST)
		stored = optset_put(env->out, def, def->space->id, def->code, e->data);
	else
		stored = optset_put_expr(env->out, def, e);
	if (!stored)
		exprfn_log(env, LOG_ERR, "more than %d options set for one reply", OPTSET_MAX);
}

/* The present value of an option as a node, for append and prepend. */
static const struct expr *
present_value(struct expr_env *env, const struct opt_def *def)
{
	struct optset_entry *entry = optset_find(env->out, def->space->id, def->code);
	struct expr *node;

	if (!entry || entry->expr)
		return entry ? entry->expr : NULL;
	node = ARENA_NEW(env->scratch, struct expr);
	if (!node)
		return NULL;
	node->op = TREE_CONST;
	node->data = entry->bytes;
	return node;
}

static void
extend(struct expr_env *env, const struct stmt *s)
{
	const struct expr *old = present_value(env, s->def);
	struct expr *node;

	if (!old) {
		put(env, s->def, s->expr);
		return;
	}
	node = ARENA_NEW(env->scratch, struct expr);
	if (!node)
		return;
	node->op = strcmp(s->def->format, "Dc") == 0 ? TREE_JOIN_DOMAINS : TREE_CONCAT;
	node->a = s->op == TREE_S_APPEND ? old : s->expr;
	node->b = s->op == TREE_S_APPEND ? s->expr : old;
	put(env, s->def, node);
}

static void
run_option(const struct stmt *s, struct expr_env *env)
{
	if (s->op == TREE_S_APPEND || s->op == TREE_S_PREPEND)
		extend(env, s);
	else if (s->op != TREE_S_DEFAULT ||
	    !optset_has(env->out, s->def->space->id, s->def->code))
		put(env, s->def, s->expr);
}

static bool
case_matches(const struct stmt *label, bool is_data, struct str data, uint64_t num,
    struct expr_env *env)
{
	struct str other;
	uint64_t n;

	if (is_data)
		return expr_data(label->expr, env, &other) && str_eq(data, other);
	return expr_num(label->expr, env, &n) && n == num;
}

/* The label to go on from: the first equal case, else default, else none. */
static const struct stmt *
find_case(const struct stmt *s, struct expr_env *env)
{
	bool is_data = s->expr->op < TREE_DATA_END, has_value;
	const struct stmt *fallback = NULL;
	struct str data = { NULL, 0 };
	uint64_t num = 0;

	has_value = is_data ? expr_data(s->expr, env, &data) : expr_num(s->expr, env, &num);
	for (const struct stmt *at = s->body; at; at = at->next) {
		if (at->op == TREE_S_CASE && has_value &&
		    case_matches(at, is_data, data, num, env))
			return at;
		if (at->op == TREE_S_DEFAULT_CASE && !fallback)
			fallback = at;
	}
	return fallback;
}

static void
run_log(const struct stmt *s, struct expr_env *env)
{
	struct expr_log_line *line;
	struct str text;

	if (!expr_data(s->expr, env, &text) || env->log->is_fatal)
		return;
	env->log->is_fatal = s->number < 0;
	if (env->log->n >= EXPR_LOG_STMTS) {
		env->log->dropped++;
		return;
	}
	line = &env->log->line[env->log->n];
	text = str_sub(text, 0, str_chr(text, '\0'));
	if (!arena_str(env->scratch, text, &line->text)) {
		env->log->dropped++;
		return;
	}
	line->prio = s->number < 0 ? LOG_ERR : s->number;
	env->log->n++;
}

/* argv of an execute statement; how many, or -1 when one of them is null. */
static int
execute_args(const struct stmt *s, struct expr_env *env, char **argv)
{
	struct str arg;
	int n = 0;

	if (!arena_str(env->scratch, s->name, &arg))
		return -1;
	argv[n++] = (char *)(uintptr_t)arg.p;
	exprfn_log(env, LOG_DEBUG, EXECUTE_ARG, 0, argv[0]);
	for (const struct expr *cell = s->expr; cell; cell = cell->b) {
		if (n == EXECUTE_ARGS_MAX || !expr_data(cell->a, env, &arg) ||
		    !arena_str(env->scratch, arg, &arg)) {
			exprfn_log(env, LOG_DEBUG, "execute: bad arg %d", n);
			return -1;
		}
		argv[n] = (char *)(uintptr_t)arg.p;
		exprfn_log(env, LOG_DEBUG, EXECUTE_ARG, n, argv[n]);
		n++;
	}
	argv[n] = NULL;
	return n;
}

/* Why there is no exit status; true when the peer would have one to tell. */
static bool
execute_failed(struct expr_env *env, const char *program, int err)
{
	if (err == ETIMEDOUT)
		exprfn_log(env, LOG_ERR, "execute: %s has not ended after %d seconds, "
		    "no longer waiting for it", program, EXPR_EXECUTE_S);
	else if (err == EBUSY)
		exprfn_log(env, LOG_ERR, "execute: %s not started, %d programs have not "
		    "ended yet", program, EXPR_EXECUTE_LEFT_MAX);
	else
		exprfn_log(env, LOG_ERR, "Unable to execute %s: %s", program, strerror(err));
	return err != ETIMEDOUT && err != EBUSY;
}

static void
run_execute(const struct stmt *s, struct expr_env *env)
{
	char *argv[EXECUTE_ARGS_MAX + 1];
	int n = execute_args(s, env, argv), status;

	if (n < 0 || !env->ops->execute)
		return;
	status = env->ops->execute(env->ctx, argv);
	if (status < 0)
		status = execute_failed(env, argv[0], -status) ? STATUS_NO_PROGRAM : 0;
	if (status)
		exprfn_log(env, LOG_ERR, "execute: %s exit status %d", argv[0], status);
}

static void
run_set(const struct stmt *s, struct expr_env *env)
{
	struct expr_value value;
	bool stored = true;

	memset(&value, 0, sizeof(value));
	if (s->op == TREE_S_UNSET) {
		struct expr_var *var = expr_var_find(env->vars, s->name);

		if (var)
			var->value = value;
		return;
	}
	expr_any(s->expr, env, &value);
	stored = expr_var_set(env->vars, env->scratch, s->name, &value);
	if (!stored)
		exprfn_log(env, LOG_ERR, "no room for variable %.*s", STR_ARG(s->name));
}

/* Statements that hold lists of their own. */
static void
run_block(const struct stmt *s, struct expr_env *env)
{
	const struct stmt *from;

	if (env->depth >= EXPR_DEPTH_MAX)
		return;
	env->depth++;
	if (s->op == TREE_S_IF)
		from = expr_bool(s->expr, env) == EXPR_TRUE ? s->body : s->otherwise;
	else
		from = find_case(s, env);
	/* a break inside leaves that list alone, a return is seen by our caller */
	(void)stmt_run(from, env);
	env->depth--;
}

static void
run_simple(const struct stmt *s, struct expr_env *env)
{
	struct expr_value ignored;

	switch (s->op) {
	case TREE_S_SET:
	case TREE_S_UNSET:
		run_set(s, env);
		break;
	case TREE_S_EVAL:
		expr_any(s->expr, env, &ignored);
		break;
	case TREE_S_ADD:
		if (env->ops->add_class)
			env->ops->add_class(env->ctx, (uint32_t)s->number);
		break;
	case TREE_S_LOG:
		run_log(s, env);
		break;
	case TREE_S_EXECUTE:
		run_execute(s, env);
		break;
	case TREE_S_ON:
		if (env->ops->on_event)
			env->ops->on_event(env->ctx, (unsigned)s->number, s->body);
		break;
	case TREE_S_VENDOR_OPTION:
		if (env->ops->parse_vendor)
			env->ops->parse_vendor(env->ctx);
		break;
	default:	/* labels: execution just passes them */
		break;
	}
}

/* A return: ends the function that runs; elsewhere its value is lost. */
static bool
run_return(const struct stmt *s, struct expr_env *env)
{
	struct expr_value ignored;

	if (env->calls) {
		env->returned = s->expr;
		env->is_returning = true;
		return false;
	}
	expr_any(s->expr, env, &ignored);
	return true;
}

void
stmt_print(struct wr *w, const struct stmt *list, int indent)
{
	stmtprint_list(w, list, indent);
}

bool
stmt_run(const struct stmt *list, struct expr_env *env)
{
	for (const struct stmt *s = list; s; s = s->next) {
		if (++env->steps > EXPR_STEPS_MAX) {
			exprfn_log(env, LOG_ERR, "more than %d steps for one packet",
			    EXPR_STEPS_MAX);
			return false;
		}
		switch (s->op) {
		case TREE_S_SUPERSEDE:
		case TREE_S_SEND:
		case TREE_S_DEFAULT:
		case TREE_S_APPEND:
		case TREE_S_PREPEND:
			run_option(s, env);
			continue;	/* neither returns nor is fatal */
		case TREE_S_IF:
		case TREE_S_SWITCH:
			run_block(s, env);
			break;
		case TREE_S_BREAK:
			return false;
		case TREE_S_RETURN:
			if (!run_return(s, env))
				return false;
			break;
		default:
			run_simple(s, env);
			break;
		}
		if (env->is_returning || env->log->is_fatal)
			return false;
	}
	return true;
}
