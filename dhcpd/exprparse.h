/* SPDX-License-Identifier: ISC */
/*
 * exprparse.h - text to expressions.
 *
 * Core.
 */
#ifndef DHCPD_EXPRPARSE_H
#define DHCPD_EXPRPARSE_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/parse.h"
#include "dhcpd/tree.h"

/*
 * exprparse_bool - a boolean expression.
 */
enum exprparse exprparse_bool(struct parse *p, const struct expr **ret) MUST_CHECK;

/*
 * exprparse_data - a data expression.
 */
enum exprparse exprparse_data(struct parse *p, const struct expr **ret) MUST_CHECK;

/*
 * exprparse_num - a numeric expression; bare numbers are decimal.
 */
enum exprparse exprparse_num(struct parse *p, const struct expr **ret) MUST_CHECK;

/*
 * exprparse_any - an expression of any kind.
 *
 * is_numeric  bare numbers are decimal, not hexadecimal octets
 */
enum exprparse exprparse_any(struct parse *p, bool is_numeric, const struct expr **ret)
    MUST_CHECK;

/*
 * exprparse_args - arguments of a call up to its right parenthesis, as a chain of
 * TREE_PICK cells; the left one has been taken.
 */
enum exprparse exprparse_args(struct parse *p, const struct expr **ret) MUST_CHECK;

/*
 * exprparse_const - a constant of octets already in the arena; NULL when full.
 */
struct expr *exprparse_const(struct parse *p, struct str data);

/*
 * exprparse_node - a node of one operator; NULL when the arena is full.
 */
struct expr *exprparse_node(struct parse *p, enum tree_op op, const struct expr *a,
    const struct expr *b);

#endif
