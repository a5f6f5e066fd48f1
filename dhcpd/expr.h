/* SPDX-License-Identifier: ISC */
/*
 * expr.h - expressions and their evaluation.
 *
 * An expression is a tree in the generation arena with every name resolved.
 * Evaluation takes everything it needs from struct expr_env and puts results
 * into the scratch arena of the turn.  Any expression may be null ("no value"):
 * the functions below then return false (data, numbers) or EXPR_NULL.
 *
 * Core: what needs the world (programs, names) is a callback of the environment.
 */
#ifndef DHCPD_EXPR_H
#define DHCPD_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/optset.h"
#include "dhcpd/optspace.h"

struct expr;
struct stmt;

enum expr_truth { EXPR_FALSE, EXPR_TRUE, EXPR_NULL };

enum expr_kind { EXPR_KIND_NONE, EXPR_KIND_BOOL, EXPR_KIND_DATA, EXPR_KIND_NUM, EXPR_KIND_FUNC };

/*
 * Evaluations nested deeper than this are null: values and functions that refer to
 * themselves.  More than what can be written in each other (CONF_DEPTH_MAX), twice.
 */
#define EXPR_DEPTH_MAX 1024

/* Statements and expression nodes of one run; beyond it the run stops, with a log line. */
#define EXPR_STEPS_MAX 1000000

/* A user function: define NAME(args) { .. }. */
struct expr_func {
	const struct str *args;
	uint32_t arg_n;
	const struct stmt *body;
};

struct expr_value {
	enum expr_kind kind;		/* EXPR_KIND_NONE: it exists without a value */
	bool truth;
	uint64_t num;
	struct str data;
	const struct expr_func *func;
};

/* One variable; names compare without letter case. */
struct expr_var {
	struct expr_var *next;
	struct str name;
	struct expr_value value;
};

/* A binding scope: variables newest first, and the scope around it (functions). */
struct expr_vars {
	struct expr_var *first;
	struct expr_vars *outer;
};

/* Log lines wanted by log() and by complaints of the evaluation. */
#define EXPR_LOG_MAX 72
/* Of these statements get so many; the others are for the event itself. */
#define EXPR_LOG_STMTS 64

struct expr_log_line {
	int prio;			/* LOG_* */
	struct str text;		/* raw: pass it through vis before it is logged */
};

struct expr_log {
	size_t n;			/* lines kept */
	size_t dropped;			/* lines that did not fit */
	bool is_fatal;			/* log(fatal, ..): nothing runs after it, the server ends */
	struct expr_log_line line[EXPR_LOG_MAX];
};

/*
 * expr_log_clear - no lines yet.
 */
static inline void
expr_log_clear(struct expr_log *log)
{
	log->n = log->dropped = 0;
	log->is_fatal = false;
}

/* Lease events of "on". */
enum expr_event {
	EXPR_ON_COMMIT = 1,
	EXPR_ON_RELEASE = 2,
	EXPR_ON_EXPIRY = 4,
	EXPR_ON_TRANSMISSION = 8
};

/* Limits of execute(): what is not waited for longer goes on by itself. */
enum {
	EXPR_EXECUTE_S = 5,		/* a program is waited for */
	EXPR_EXECUTE_LEFT_MAX = 8	/* may go on without being waited for */
};

/* What the world does for an evaluation; any of them may be NULL. */
struct expr_ops {
	/* run argv[0] with PATH search and wait: status of waitpid, or -errno;
	 * -ETIMEDOUT: it still runs; -EBUSY: too many still do, not started */
	int (*execute)(void *ctx, char *const argv[]);
	/* A records of a name: how many were stored, or -1 with *ret_error a text for the log */
	int (*resolve)(void *ctx, struct str name, uint32_t *addrs, size_t max,
	    const char **reterr);
	/* own host name; false = unknown */
	bool (*hostname)(void *ctx, struct str *ret);
	/* add "NAME"; class_i numbers conf->classes */
	void (*add_class)(void *ctx, uint32_t class_i);
	/* on EVENT { body }: mask of EXPR_ON_*; body NULL = forget the present one */
	void (*on_event)(void *ctx, unsigned events, const struct stmt *body);
	/* parse-vendor-option: option 43 of the packet into the space in force */
	void (*parse_vendor)(void *ctx);
};

struct expr_env {
	struct arena *scratch;			/* turn */
	const struct optspace_universe *u;
	struct optset *in;			/* the packet's options, NULL without a packet */
	struct optset *out;			/* values set so far; not NULL */
	struct str raw;				/* the packet; p NULL = none */
	struct str hardware;			/* type and address; p NULL = none */
	struct str file, sname;			/* fields of the packet up to a NUL */
	struct str host_decl_name;		/* p NULL = no host declaration */
	struct str lease_data;			/* its address; p NULL = no lease */
	bool has_lease;
	int64_t lease_ends_s;			/* for lease-time */
	int64_t now_s;
	enum expr_truth known;			/* EXPR_NULL without a packet */
	bool is_static;
	struct expr_vars *vars;			/* of the lease, or global ones; not NULL */
	struct expr_log *log;			/* not NULL */
	const struct expr_ops *ops;		/* not NULL */
	void *ctx;				/* for ops */
	/* private to the evaluation, zero at the start of a run */
	uint32_t depth, steps, calls;
	bool is_returning;
	const struct expr *returned;
};

/*
 * expr_bool - value of a boolean expression.
 */
enum expr_truth expr_bool(const struct expr *e, struct expr_env *env);

/*
 * expr_data - value of a data expression.
 *
 * ret  octets in scratch, in the packet or in the generation; not NUL-terminated
 *
 * False when the value is null; ret is then untouched.
 */
MUST_CHECK bool expr_data(const struct expr *e, struct expr_env *env, struct str *ret);

/*
 * expr_num - value of a numeric expression; false when null, ret then untouched.
 */
MUST_CHECK bool expr_num(const struct expr *e, struct expr_env *env, uint64_t *ret);

/*
 * expr_any - value of an expression of any kind, for set and eval.
 */
void expr_any(const struct expr *e, struct expr_env *env, struct expr_value *ret);

/*
 * expr_option - the octets of a set's value, whichever kind it is.
 *
 * set     usually env->in or env->out
 *
 * False when the option is absent or its expression null.
 */
MUST_CHECK static inline bool
expr_option(struct optset *set, struct expr_env *env, uint32_t space, uint32_t code,
    struct str *ret)
{
	const struct optset_entry *entry = optset_find(set, space, code);

	if (!entry)
		return false;
	if (entry->expr)
		return expr_data(entry->expr, env, ret);
	*ret = entry->bytes;
	return true;
}

/*
 * expr_has_param - is a server parameter set?  Most are not, and some thirty
 * are asked for each packet.
 */
static inline bool
expr_has_param(const struct expr_env *env, uint32_t code)
{
	return optset_has(env->out, OPTSPACE_SERVER, code);
}

/*
 * expr_given_num - expr_param_num of a parameter that is set.
 */
uint32_t expr_given_num(struct expr_env *env, uint32_t code, uint32_t fallback);

/*
 * expr_given_flag - expr_param_flag of a parameter that is set.
 */
int expr_given_flag(struct expr_env *env, uint32_t code, int fallback);

/*
 * expr_param_num - a server parameter of format T L l S B (any width up to 4).
 *
 * code      of the server space (OPTTAB_S_* in opttab.h)
 * fallback  result when absent, null or of a wrong size for its format
 */
static inline uint32_t
expr_param_num(struct expr_env *env, uint32_t code, uint32_t fallback)
{
	return expr_has_param(env, code) ? expr_given_num(env, code, fallback) : fallback;
}

/*
 * expr_param_flag - a flag parameter: 0 off/deny, 1 on/allow, 2 ignore.
 */
static inline int
expr_param_flag(struct expr_env *env, uint32_t code, int fallback)
{
	return expr_has_param(env, code) ? expr_given_flag(env, code, fallback) : fallback;
}

/*
 * expr_var_find - a variable visible in vars or around it, or NULL.
 */
struct expr_var *expr_var_find(struct expr_vars *vars, struct str name);

/*
 * expr_var_set - create or replace a variable; name and data are copied.
 *
 * False when scratch is full.
 */
bool expr_var_set(struct expr_vars *vars, struct arena *scratch, struct str name,
    const struct expr_value *value);

#endif
