/* SPDX-License-Identifier: ISC */
/*
 * expr - evaluation.
 *
 * One function per kind of result, each a switch over the node; null is "false"
 * from data and numbers and EXPR_NULL from booleans.  Whatever can go on for
 * long is counted in env->steps, whatever can nest in env->depth, so that no
 * configuration can hang or overrun the server.
 */
#include "dhcpd/expr.h"

#include <string.h>
#include <syslog.h>

#include "common/wr.h"
#include "dhcpd/exprfn.h"
#include "dhcpd/stmt.h"
#include "dhcpd/tree.h"

static bool
enter(struct expr_env *env)
{
	if (env->depth >= EXPR_DEPTH_MAX || env->steps >= EXPR_STEPS_MAX)
		return false;
	env->depth++;
	env->steps++;
	return true;
}

struct expr_var *
expr_var_find(struct expr_vars *vars, struct str name)
{
	for (; vars; vars = vars->outer)
		for (struct expr_var *v = vars->first; v; v = v->next)
			if (str_ieq(v->name, name))
				return v;
	return NULL;
}

bool
expr_var_set(struct expr_vars *vars, struct arena *scratch, struct str name,
    const struct expr_value *value)
{
	struct expr_var *var = expr_var_find(vars, name);
	struct str data = value->data;

	if (value->kind == EXPR_KIND_DATA && !arena_str(scratch, value->data, &data))
		return false;
	if (!var) {
		var = ARENA_NEW(scratch, struct expr_var);
		if (!var || !arena_str(scratch, name, &var->name))
			return false;
		var->next = vars->first;
		vars->first = var;
	}
	var->value = *value;
	var->value.data = data;
	return true;
}

/* The value of a variable of one kind; complaints as the peer gives them. */
static const struct expr_value *
variable(const struct expr *e, struct expr_env *env, enum expr_kind kind)
{
	static const char *const context[] = {
		[EXPR_KIND_BOOL] = "boolean", [EXPR_KIND_DATA] = "data",
		[EXPR_KIND_NUM] = "numeric",
	};
	/* the peer's numbers of kinds */
	static const int number[] = {
		[EXPR_KIND_BOOL] = 0, [EXPR_KIND_DATA] = 1, [EXPR_KIND_NUM] = 2,
		[EXPR_KIND_FUNC] = 4,
	};
	struct expr_var *var = expr_var_find(env->vars, e->data);

	if (!var || var->value.kind == EXPR_KIND_NONE)
		return NULL;
	if (var->value.kind == kind)
		return &var->value;
	exprfn_log(env, LOG_ERR, "binding type %d in evaluate_%s_expression.",
	    number[var->value.kind], context[kind]);
	return NULL;
}

/* Arguments of a call into a scope of its own; false with a complaint. */
static bool
bind_args(const struct expr *e, const struct expr_func *func, struct expr_env *env,
    struct expr_vars *inner)
{
	const struct expr *cell = e->c;
	uint32_t n = 0;

	for (; cell && n < func->arg_n; cell = cell->b, n++) {
		struct expr_var *var = ARENA_NEW(env->scratch, struct expr_var);

		if (!var)
			return false;
		var->name = func->args[n];
		expr_any(cell->a, env, &var->value);
		var->next = inner->first;
		inner->first = var;
	}
	if (cell)
		exprfn_log(env, LOG_ERR, "%.*s: too many arguments.", STR_ARG(e->data));
	else if (n < func->arg_n)
		exprfn_log(env, LOG_ERR, "%.*s: too few arguments.", STR_ARG(e->data));
	return !cell && n == func->arg_n;
}

/* Run a user function; the value of its return, or none. */
static void
call(const struct expr *e, struct expr_env *env, struct expr_value *ret)
{
	struct expr_var *var = expr_var_find(env->vars, e->data);
	struct expr_vars inner = { NULL, env->vars };

	ret->kind = EXPR_KIND_NONE;
	if (!var) {
		exprfn_log(env, LOG_ERR, "%.*s: no such function.", STR_ARG(e->data));
		return;
	}
	if (var->value.kind != EXPR_KIND_FUNC) {
		exprfn_log(env, LOG_ERR, "%.*s: not a function.", STR_ARG(e->data));
		return;
	}
	if (!bind_args(e, var->value.func, env, &inner) || !enter(env))
		return;
	env->vars = &inner;
	env->calls++;
	env->is_returning = false;
	(void)stmt_run(var->value.func->body, env);
	if (env->is_returning)
		expr_any(env->returned, env, ret);
	env->is_returning = false;
	env->vars = inner.outer;
	env->calls--;
	env->depth--;
}

/* A call inside another expression runs, but its value is lost, as in the peer. */
static void
call_for_nothing(const struct expr *e, struct expr_env *env, const char *context)
{
	struct expr_value value;

	call(e, env, &value);
	exprfn_log(env, LOG_ERR, "Bogus opcode in evaluate_%s_expression: 45", context);
}

static enum expr_truth
truth_of(bool b)
{
	return b ? EXPR_TRUE : EXPR_FALSE;
}

/* Kind of the value an operand of = will have. */
static bool
same_value(const struct expr_value *a, const struct expr_value *b)
{
	if (a->kind == EXPR_KIND_NONE || b->kind == EXPR_KIND_NONE)
		return a->kind == b->kind;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case EXPR_KIND_BOOL:
		return a->truth == b->truth;
	case EXPR_KIND_DATA:
		return str_eq(a->data, b->data);
	case EXPR_KIND_NUM:
		return a->num == b->num;
	default:
		return a->func == b->func;
	}
}

static bool
is_equal(const struct expr *e, struct expr_env *env)
{
	struct expr_value a, b;

	expr_any(e->a, env, &a);
	expr_any(e->b, env, &b);
	return same_value(&a, &b);
}

static enum expr_truth
and_or(const struct expr *e, struct expr_env *env)
{
	enum expr_truth a = expr_bool(e->a, env), b;

	if (e->op == TREE_AND) {
		if (a != EXPR_TRUE)
			return EXPR_NULL;
		return expr_bool(e->b, env);
	}
	if (a == EXPR_TRUE)
		return a;
	b = expr_bool(e->b, env);
	if (b == EXPR_TRUE)
		return b;
	return a == EXPR_NULL && b == EXPR_NULL ? EXPR_NULL : EXPR_FALSE;
}

static enum expr_truth
bool_variable(const struct expr *e, struct expr_env *env)
{
	const struct expr_value *value = variable(e, env, EXPR_KIND_BOOL);

	return value ? truth_of(value->truth) : EXPR_NULL;
}

static enum expr_truth
negated(enum expr_truth t)
{
	return t == EXPR_NULL ? t : truth_of(t == EXPR_FALSE);
}

static enum expr_truth
bool_node(const struct expr *e, struct expr_env *env)
{
	struct expr_var *var;

	switch (e->op) {
	case TREE_EXISTS:
		return truth_of(env->in &&
		    optset_has(env->in, e->def->space->id, e->def->code));
	case TREE_KNOWN:
		return env->known;
	case TREE_STATIC:
		return truth_of(env->is_static);
	case TREE_CHECK:	/* the packet has been classified */
		return truth_of(env->in != NULL);
	case TREE_DEFINED:
		var = expr_var_find(env->vars, e->data);
		return truth_of(var && var->value.kind != EXPR_KIND_NONE);
	case TREE_NOT:
		return negated(expr_bool(e->a, env));
	case TREE_EQUAL:
		return truth_of(is_equal(e, env));
	case TREE_UNEQUAL:
		return truth_of(!is_equal(e, env));
	case TREE_MATCH:
	case TREE_IMATCH:
		return exprfn_match(e, env);
	case TREE_AND:
	case TREE_OR:
		return and_or(e, env);
	case TREE_VAR:
		return bool_variable(e, env);
	case TREE_CALL:
		call_for_nothing(e, env, "boolean");
		break;
	default:
		break;
	}
	return EXPR_NULL;
}

enum expr_truth
expr_bool(const struct expr *e, struct expr_env *env)
{
	enum expr_truth truth;

	if (!enter(env))
		return EXPR_NULL;
	truth = bool_node(e, env);
	env->depth--;
	return truth;
}

static bool
arithmetic(const struct expr *e, struct expr_env *env, uint64_t *ret)
{
	uint64_t a, b;
	bool has_a = expr_num(e->a, env, &a), has_b = expr_num(e->b, env, &b);

	if (!has_a || !has_b)
		return false;
	switch (e->op) {
	case TREE_ADD:
		*ret = a + b;
		return true;
	case TREE_MULTIPLY:
		*ret = a * b;
		return true;
	case TREE_BIT_AND:
		*ret = a & b;
		return true;
	case TREE_BIT_OR:
		*ret = a | b;
		return true;
	case TREE_BIT_XOR:
		*ret = a ^ b;
		return true;
	default:
		if (!b)
			return false;
		*ret = e->op == TREE_DIVIDE ? a / b : a % b;
		return true;
	}
}

static bool
num_node(const struct expr *e, struct expr_env *env, uint64_t *ret)
{
	const struct expr_value *value;

	switch (e->op) {
	case TREE_NUM:
		*ret = (uint64_t)e->num;
		return true;
	case TREE_EXTRACT_INT:
		return exprfn_extract_int(e, env, ret);
	case TREE_LEASE_TIME:
		if (!env->has_lease) {
			exprfn_log(env, LOG_DEBUG, "data: leased_lease: not available");
			return false;
		}
		*ret = env->lease_ends_s > env->now_s ?
		    (uint64_t)(env->lease_ends_s - env->now_s) : 0;
		return true;
	case TREE_VAR:
		value = variable(e, env, EXPR_KIND_NUM);
		if (value)
			*ret = value->num;
		return value != NULL;
	case TREE_CALL:
		call_for_nothing(e, env, "numeric");
		return false;
	case TREE_CLIENT_STATE:
		return false;
	case TREE_ADD:
	case TREE_MULTIPLY:
	case TREE_DIVIDE:
	case TREE_REMAINDER:
	case TREE_BIT_AND:
	case TREE_BIT_OR:
	case TREE_BIT_XOR:
		return arithmetic(e, env, ret);
	default:
		exprfn_log_opcode(e, env, "numeric");
		return false;
	}
}

bool
expr_num(const struct expr *e, struct expr_env *env, uint64_t *ret)
{
	bool has_value;

	if (!enter(env))
		return false;
	has_value = num_node(e, env, ret);
	env->depth--;
	return has_value;
}

static bool
pick(const struct expr *e, struct expr_env *env, struct str *ret)
{
	for (; e; e = e->b)
		if (expr_data(e->a, env, ret))
			return true;
	return false;
}

static bool
relayed(const struct expr *e, struct expr_env *env, struct str *ret)
{
	uint64_t n;

	/* 0 is the client's own packet, of which IPv4 has no other. */
	return expr_num(e->a, env, &n) && n == 0 && expr_data(e->b, env, ret);
}

/* A slice that may be absent. */
static bool
present(struct str s, struct str *ret)
{
	if (!s.p)
		return false;
	*ret = s;
	return true;
}

/* A field of the packet, which is absent when it is empty. */
static bool
filled(struct str s, struct str *ret)
{
	return s.len != 0 && present(s, ret);
}

static bool
hardware(struct expr_env *env, struct str *ret)
{
	if (!env->hardware.p)
		exprfn_log(env, LOG_ERR, "data: hardware: no raw packet or lease is available");
	return present(env->hardware, ret);
}

static bool
leased_address(struct expr_env *env, struct str *ret)
{
	if (!env->lease_data.p) {
		exprfn_log(env, LOG_DEBUG, "data: \"leased-address\" configuration directive: "
		    "there is no lease associated with this client.");
	}
	return present(env->lease_data, ret);
}

static bool
host_decl_name(struct expr_env *env, struct str *ret)
{
	if (!env->host_decl_name.p)
		exprfn_log(env, LOG_ERR, "data: host_decl_name: not available");
	return present(env->host_decl_name, ret);
}

/* Operands that need no argument but the environment. */
static bool
env_node(const struct expr *e, struct expr_env *env, struct str *ret)
{
	const struct expr_value *value;

	switch (e->op) {
	case TREE_HARDWARE:
		return hardware(env, ret);
	case TREE_LEASED_ADDRESS:
		return leased_address(env, ret);
	case TREE_HOST_DECL_NAME:
		return host_decl_name(env, ret);
	case TREE_FILENAME:
		return filled(env->file, ret);
	case TREE_SERVER_NAME:
		return filled(env->sname, ret);
	case TREE_GETHOSTNAME:
		return env->ops->hostname && env->ops->hostname(env->ctx, ret);
	case TREE_VAR:
		value = variable(e, env, EXPR_KIND_DATA);
		return value != NULL && present(value->data, ret);
	case TREE_CALL:
		call_for_nothing(e, env, "data");
		return false;
	case TREE_NULL:
		return false;
	default:
		exprfn_log_opcode(e, env, "data");
		return false;
	}
}

static bool
data_node(const struct expr *e, struct expr_env *env, struct str *ret)
{
	switch (e->op) {
	case TREE_OPTION:
		return env->in && expr_option(env->in, env, e->def->space->id, e->def->code, ret);
	case TREE_CONFIG_OPTION:
		return expr_option(env->out, env, e->def->space->id, e->def->code, ret);
	case TREE_SUBSTRING:
	case TREE_SUFFIX:
		return exprfn_part(e, env, ret);
	case TREE_LCASE:
	case TREE_UCASE:
		return exprfn_case(e, env, ret);
	case TREE_CONCAT:
		return exprfn_concat(e, env, ret);
	case TREE_PICK:
		return pick(e, env, ret);
	case TREE_B2A:
		return exprfn_b2a(e, env, ret);
	case TREE_REVERSE:
		return exprfn_reverse(e, env, ret);
	case TREE_ENCODE_INT:
		return exprfn_encode_int(e, env, ret);
	case TREE_PACKET:
		return exprfn_packet(e, env, ret);
	case TREE_GETHOSTBYNAME:
	case TREE_ADDRS:
		return exprfn_addrs(e, env, ret);
	case TREE_V6RELAY:
		return relayed(e, env, ret);
	case TREE_JOIN_DOMAINS:
		return exprfn_join_domains(e, env, ret);
	default:
		return env_node(e, env, ret);
	}
}

bool
expr_data(const struct expr *e, struct expr_env *env, struct str *ret)
{
	bool has_value;

	if (e->op == TREE_CONST) {
		*ret = e->data;
		return true;
	}
	if (!enter(env))
		return false;
	has_value = data_node(e, env, ret);
	env->depth--;
	return has_value;
}

void
expr_any(const struct expr *e, struct expr_env *env, struct expr_value *ret)
{
	enum expr_truth truth;
	struct expr_var *var;

	memset(ret, 0, sizeof(*ret));
	if (e->op < TREE_DATA_END) {
		if (expr_data(e, env, &ret->data))
			ret->kind = EXPR_KIND_DATA;
	} else if (e->op < TREE_NUM_END) {
		if (expr_num(e, env, &ret->num))
			ret->kind = EXPR_KIND_NUM;
	} else if (e->op < TREE_BOOL_END) {
		truth = expr_bool(e, env);
		ret->truth = truth == EXPR_TRUE;
		if (truth != EXPR_NULL)
			ret->kind = EXPR_KIND_BOOL;
	} else if (e->op == TREE_VAR) {
		var = expr_var_find(env->vars, e->data);
		if (var)
			*ret = var->value;
	} else if (e->op == TREE_CALL) {
		if (enter(env)) {
			call(e, env, ret);
			env->depth--;
		}
	} else {
		ret->kind = EXPR_KIND_FUNC;
		ret->func = e->func;
	}
}

uint32_t
expr_given_num(struct expr_env *env, uint32_t code, uint32_t fallback)
{
	const struct opt_def *def;
	struct str value;
	size_t width;
	uint32_t v = 0;

	def = optspace_def_by_code(env->u, OPTSPACE_SERVER, code);
	if (!def || !expr_option(env->out, env, OPTSPACE_SERVER, code, &value))
		return fallback;
	switch (def->format[0]) {
	case 'B':
	case 'b':
		width = 1;
		break;
	case 'S':
	case 's':
		width = 2;
		break;
	case 'T':
	case 'L':
	case 'l':
	case 'I':
		width = 4;
		break;
	default:
		width = value.len <= 4 ? value.len : 0;
		break;
	}
	if (value.len != width || !width)
		return fallback;
	for (size_t i = 0; i < width; i++)
		v = v << 8 | (uint8_t)value.p[i];
	return v;
}

int
expr_given_flag(struct expr_env *env, uint32_t code, int fallback)
{
	struct str value;

	if (!expr_option(env->out, env, OPTSPACE_SERVER, code, &value) || value.len != 1)
		return fallback;
	return (uint8_t)value.p[0] <= 2 ? (uint8_t)value.p[0] : 1;
}
