/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_RE_H
#define HTTPD_RE_H

/*
 * re - the regular expressions of Apache's configuration.
 *
 * The Perl syntax that such files use: literals, . ^ $ | ( ) (?: ) (?i)
 * [..] with ranges and [:class:], * + ? {m,n} greedy and lazy, \d \w \s \b
 * \A \z \Z and their complements, \xHH, \t \n \r \f \e, \Q..\E.  Matching is
 * leftmost-first as in Perl and takes time linear in text times program;
 * nothing is allocated.  Back-references, look-around, possessive and named
 * groups, recursion and \p are refused with their column.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#define RE_INST_MAX	1024	/* instructions of one expression */
#define RE_GROUP_MAX	10	/* $0 .. $9; further groups match only */
#define RE_TEXT_MAX	65534	/* longer texts do not match */

struct re;

/* Where the groups of a match are; -1 = group took no part. */
struct re_match {
	int32_t from[RE_GROUP_MAX], to[RE_GROUP_MAX];
	unsigned n;
};

/* A thread still to be followed, or a capture to be put back. */
struct re_todo {
	uint16_t pc, slot, old;
};

/* Working memory, about 110 KB; one per worker. */
struct re_scratch {
	uint16_t list[2][RE_INST_MAX];
	uint16_t caps[2][RE_INST_MAX][2 * RE_GROUP_MAX];
	uint32_t mark[RE_INST_MAX];
	struct re_todo todo[2 * RE_INST_MAX + 2];
	uint32_t step;
};

/* Why an expression was refused. */
struct re_error {
	const char *why;
	unsigned col;		/* 1 = first character of the expression */
};

/*
 * re_compile - make an expression ready.
 *
 * nocase   letters match in either case
 * ret      lives in the arena
 * reterr   set when false is returned
 */
MUST_CHECK bool re_compile(struct str pattern, bool nocase, struct arena *a,
    const struct re **ret, struct re_error *reterr);

/*
 * re_exec - look for the expression anywhere in a text.
 *
 * m  groups, or NULL when only the answer is wanted
 */
bool re_exec(const struct re *re, struct str text, struct re_scratch *s,
    struct re_match *m);

/*
 * re_groups - how many groups (without the whole match) it has.
 */
unsigned re_groups(const struct re *re);

/*
 * re_subst - expand $0 .. $9 (and & when amp) of a template.
 *
 * A backslash takes the meaning from the next character.  NULL slice when
 * the arena is full.
 */
struct str re_subst(struct str tmpl, bool amp, struct str text,
    const struct re_match *m, struct arena *a);

#endif
