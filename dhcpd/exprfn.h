/* SPDX-License-Identifier: ISC */
/*
 * exprfn.h - the functions of expressions, for expr.c alone.
 *
 * Each gets its node, evaluates its operands and says false (EXPR_NULL) when
 * the result is null.  Results live in env->scratch.
 */
#ifndef DHCPD_EXPRFN_H
#define DHCPD_EXPRFN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/expr.h"

/* exprfn_log - a line into env->log; counted when there is no room. */
void exprfn_log(struct expr_env *env, int prio, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* exprfn_log_opcode - the complaint about an operator where its kind is no use. */
void exprfn_log_opcode(const struct expr *e, struct expr_env *env, const char *context);

/* exprfn_match - a ~= b, a ~~ b. */
enum expr_truth exprfn_match(const struct expr *e, struct expr_env *env);

/* exprfn_extract_int - extract-int(a, width). */
bool exprfn_extract_int(const struct expr *e, struct expr_env *env, uint64_t *ret);

/* exprfn_part - substring(a, b, c), suffix(a, b). */
bool exprfn_part(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_case - lcase(a), ucase(a). */
bool exprfn_case(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_concat - concat(a, b). */
bool exprfn_concat(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_b2a - binary-to-ascii(a, b, c, d). */
bool exprfn_b2a(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_reverse - reverse(a, b). */
bool exprfn_reverse(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_encode_int - encode-int(a, width). */
bool exprfn_encode_int(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_packet - packet(a, b). */
bool exprfn_packet(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_addrs - gethostbyname("NAME"), or a name in an option value. */
bool exprfn_addrs(const struct expr *e, struct expr_env *env, struct str *ret);

/* exprfn_join_domains - two compressed domain lists as one. */
bool exprfn_join_domains(const struct expr *e, struct expr_env *env, struct str *ret);

#endif
