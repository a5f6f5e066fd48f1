/* SPDX-License-Identifier: ISC */
/*
 * stmtparse.h - text to statements.
 *
 * Core.
 */
#ifndef DHCPD_STMTPARSE_H
#define DHCPD_STMTPARSE_H

#include "common/cc.h"
#include "dhcpd/exprparse.h"
#include "dhcpd/parse.h"
#include "dhcpd/tree.h"

enum stmtparse {
	STMTPARSE_OK,		/* *ret may be NULL: it had its effect while parsing */
	STMTPARSE_NONE,		/* the next token begins no statement; or one failed in a
				 * way that makes the block complain once more */
	STMTPARSE_SAID		/* said and skipped */
};

/* Where labels may stand. */
enum stmtparse_labels { STMTPARSE_NO_LABELS, STMTPARSE_DATA_LABELS, STMTPARSE_NUM_LABELS };

/*
 * stmtparse_one - one statement.
 */
enum stmtparse stmtparse_one(struct parse *p, enum stmtparse_labels labels, struct stmt **ret)
    MUST_CHECK;

/*
 * stmtparse_list - statements as long as there are any.
 *
 * False when one of them failed (said and skipped).
 */
MUST_CHECK bool stmtparse_list(struct parse *p, enum stmtparse_labels labels,
    struct stmt **ret);

/*
 * stmtparse_option - the values and the semicolon behind the name of an option.
 *
 * op         one of TREE_S_SUPERSEDE, _DEFAULT, _APPEND, _PREPEND, _SEND
 * is_nested  among statements, not declarations: a missing expression is said
 */
enum stmtparse stmtparse_option(struct parse *p, const struct opt_def *def,
    enum tree_stmt_op op, bool is_nested, struct stmt **ret) MUST_CHECK;

/*
 * stmtparse_db_time_format - "db-time-format" has been looked at.
 */
enum stmtparse stmtparse_db_time_format(struct parse *p) MUST_CHECK;

#endif
