/* SPDX-License-Identifier: ISC */
/*
 * tree.h - the nodes of expressions and statements.
 *
 * Made by exprparse.c and stmtparse.c, walked by expr.c, stmt.c and their
 * printers; nobody else looks inside.  All names are resolved when a node is
 * made, so walking it never compares a keyword.
 *
 * Lifetime: generation, or turn for nodes that append and prepend make.
 */
#ifndef DHCPD_TREE_H
#define DHCPD_TREE_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"
#include "dhcpd/conf.h"
#include "dhcpd/expr.h"
#include "dhcpd/optspace.h"

/* Operators; the operands are a, b, c, d in the order they are written. */
enum tree_op {
	/* data */
	TREE_CONST,		/* data */
	TREE_NULL,
	TREE_OPTION,		/* def */
	TREE_CONFIG_OPTION,	/* def */
	TREE_SUBSTRING,		/* a data, b num, c num */
	TREE_SUFFIX,		/* a data, b num */
	TREE_LCASE,
	TREE_UCASE,
	TREE_CONCAT,		/* a, b */
	TREE_PICK,		/* a, then b another TREE_PICK or NULL */
	TREE_B2A,		/* a num base, b num width, c separator, d data */
	TREE_REVERSE,		/* a num, b data */
	TREE_ENCODE_INT,	/* width octets, a num */
	TREE_HARDWARE,
	TREE_PACKET,		/* a num, b num */
	TREE_LEASED_ADDRESS,
	TREE_HOST_DECL_NAME,
	TREE_FILENAME,
	TREE_SERVER_NAME,
	TREE_GETHOSTNAME,
	TREE_GETHOSTBYNAME,	/* data: the name */
	TREE_V6RELAY,		/* a num, b data */
	TREE_ADDRS,		/* data: a name in an option value; width 1: its first address */
	TREE_JOIN_DOMAINS,	/* a, b: compressed domain lists joined */
	TREE_DATA_END,
	/* numeric */
	TREE_NUM,		/* num */
	TREE_EXTRACT_INT,	/* width octets, a data */
	TREE_LEASE_TIME,
	TREE_CLIENT_STATE,
	TREE_ADD,
	TREE_MULTIPLY,
	TREE_DIVIDE,
	TREE_REMAINDER,
	TREE_BIT_AND,
	TREE_BIT_OR,
	TREE_BIT_XOR,
	TREE_NUM_END,
	/* boolean */
	TREE_EXISTS,		/* def */
	TREE_KNOWN,
	TREE_STATIC,
	TREE_CHECK,
	TREE_DEFINED,		/* data: the name */
	TREE_NOT,
	TREE_EQUAL,
	TREE_UNEQUAL,
	TREE_MATCH,		/* a data, b pattern; regex when b is constant */
	TREE_IMATCH,
	TREE_AND,
	TREE_OR,
	TREE_BOOL_END,
	/* any */
	TREE_VAR,		/* data: the name */
	TREE_CALL,		/* data: the name, args, arg_n */
	TREE_FUNC		/* func */
};

/* A compiled pattern; all of a generation are chained so that they can be freed. */
struct tree_regex {
	struct tree_regex *next;
	regex_t re;
	bool is_valid;		/* an invalid pattern never matches */
};

/*
 * width of a TREE_CONST that was written as text: it is printed as text.  One
 * made of several items, where it may be printed, has arg_n 1 and the items as a
 * TREE_CONCAT in c.
 */
#define TREE_TEXT 1

struct expr {
	uint8_t op;		/* enum tree_op */
	uint8_t width;
	uint32_t arg_n;
	union {
		struct {
			const struct expr *a, *b;
		};
		struct str data;
	};
	union {		/* a TREE_CONST with arg_n 0 ends here: there are many */
		struct {
			const struct expr *c, *d;
		};
		int64_t num;
		const struct opt_def *def;
		const struct tree_regex *regex;
		const struct expr_func *func;
	};
};

/* Arguments of TREE_CALL are in c: a chain of TREE_PICK cells, each with one in a. */

enum tree_stmt_op {
	TREE_S_IF,		/* cond, body, otherwise */
	TREE_S_SWITCH,		/* expr, body */
	TREE_S_CASE,		/* expr */
	TREE_S_DEFAULT_CASE,
	TREE_S_BREAK,
	TREE_S_SUPERSEDE,	/* def, expr */
	TREE_S_DEFAULT,
	TREE_S_APPEND,
	TREE_S_PREPEND,
	TREE_S_SEND,
	TREE_S_SET,		/* name, expr */
	TREE_S_UNSET,		/* name */
	TREE_S_EVAL,		/* expr */
	TREE_S_RETURN,		/* expr */
	TREE_S_ADD,		/* name (class), number */
	TREE_S_LOG,		/* number (prio, -1 fatal), expr */
	TREE_S_EXECUTE,		/* name, expr chain of TREE_PICK cells */
	TREE_S_ON,		/* number (mask), body */
	TREE_S_VENDOR_OPTION
};

struct stmt {
	struct stmt *next;
	uint8_t op;		/* enum tree_stmt_op */
	int32_t number;
	const struct expr *expr;
	union {
		struct str name;
		const struct opt_def *def;
		struct {
			struct stmt *body, *otherwise;
		};
	};
};

#endif
