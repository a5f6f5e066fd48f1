/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_REPROG_H
#define HTTPD_REPROG_H

/*
 * reprog - the program of a regular expression, between recomp.c, which
 * writes it, and re.c, which runs it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"

#define REPROG_NO_POS	0xffffu

enum reprog_op {
	OP_CHAR, OP_ANY, OP_ANYNL, OP_SET,	/* take one character */
	OP_SPLIT, OP_JMP, OP_SAVE,
	OP_BOT, OP_EOT, OP_EOTNL, OP_BOL, OP_EOL, OP_WORD, OP_NOWORD,
	OP_MATCH,
};

struct reprog_inst {
	uint8_t op, c;
	uint16_t x, y;		/* SPLIT: x is preferred; JMP, SAVE: x */
	const uint8_t *set;	/* 32 bytes */
};

struct re {
	const struct reprog_inst *prog;
	uint16_t n, groups;
	bool is_anchored;	/* starts with OP_BOT */
	bool has_first;		/* a match must start with one of first */
	struct str literal;	/* whole expression is this text */
	uint8_t first[32];
};

/*
 * reprog_set_add - put a character into a set of 32 bytes.
 */
static inline void
reprog_set_add(uint8_t *set, unsigned ch)
{
	set[ch / 8] |= (uint8_t)(1u << ch % 8);
}

/*
 * reprog_set_has - whether it is in.
 */
static inline bool
reprog_set_has(const uint8_t *set, unsigned ch)
{
	return (set[ch / 8] >> ch % 8) & 1;
}

/*
 * reprog_is_word - letters, digits and the underscore.
 */
static inline bool
reprog_is_word(unsigned ch)
{
	return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') ||
	    (ch >= 'A' && ch <= 'Z') || ch == '_';
}

#endif
