/* SPDX-License-Identifier: ISC */
/*
 * parse.h - the composite words of dhcpd.conf: addresses, names, hex lists,
 * dates, and the two ways to recover after an error.
 *
 * Every function that fails has given its message and skipped what the peer
 * would skip, unless it says otherwise; callers only pass the failure on.
 *
 * Core.
 */
#ifndef DHCPD_PARSE_H
#define DHCPD_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/conf.h"
#include "dhcpd/lex.h"

/* Longest host name, hex list or address list of one statement. */
#define PARSE_NAME_MAX 4096
#define PARSE_HEX_MAX 8192
#define PARSE_LIST_MAX 4096

struct build;

/* Why there is no expression decides what a statement says and skips. */
enum exprparse {
	EXPRPARSE_OK,
	EXPRPARSE_NONE,		/* the next token begins none; nothing said or taken */
	EXPRPARSE_KIND,		/* of the wrong kind; said, nothing skipped */
	EXPRPARSE_SAID		/* something inside it is wrong; said and skipped */
};

/* One file being parsed; an included file has one of its own. */
struct parse {
	struct lex *lex;
	struct arena *arena;		/* where results go */
	struct conf *conf;
	struct build *build;		/* tables that grow, NULL when reading statements only */
	unsigned depth;			/* blocks, parentheses and files around us */
	enum exprparse why;		/* of the last operand that failed */
	bool is_cut;			/* the last block ended with the file */
	bool is_turn;			/* results live for a turn only */
	bool is_kept;			/* inside an "on" block: statements get printed */
};

/*
 * parse_skip - take tokens up to the end of the entry.
 *
 * braces  how many are taken to be open: with 0 a semicolon ends the skip, else
 *         only the right brace that closes the last one
 */
void parse_skip(struct parse *p, unsigned braces);

/*
 * parse_semi - take a semicolon.
 */
MUST_CHECK bool parse_semi(struct parse *p);

/*
 * parse_enter - one level deeper; false (fatal message) beyond CONF_DEPTH_MAX.
 */
MUST_CHECK bool parse_enter(struct parse *p);

/*
 * parse_leave - one level up.
 */
void parse_leave(struct parse *p);

/*
 * parse_keep - copy of a slice in the arena; an empty slice when it is full,
 * which also ends the load.
 */
struct str parse_keep(struct parse *p, struct str s);

/*
 * parse_alloc - zeroed memory of the arena; NULL ends the load as well.
 */
void *parse_alloc(struct parse *p, size_t n, size_t size);

#define PARSE_NEW(p, type) ((type *)parse_alloc((p), 1, sizeof(type)))

/*
 * parse_place - where the token last taken stands.
 *
 * text  its text, for the true column
 */
struct conf_place parse_place(const struct parse *p, struct str text);

/*
 * parse_string - take a string: contents in ret (borrowed).
 */
MUST_CHECK bool parse_string(struct parse *p, struct str *ret);

/*
 * parse_atoi - a number token as the peer's plain counts read it.
 */
int64_t parse_atoi(struct str s);

/*
 * parse_number - a number word to a value of a width, with the peer's messages.
 *
 * base   8, 10, 16, or 0 to see it from the text
 * bits   8, 16 or 32
 *
 * Complaints are given, a value comes all the same.
 */
uint32_t parse_number(struct parse *p, struct str s, unsigned base, unsigned bits);

/*
 * parse_host_name - words joined by dots; ret is copied into the arena.
 *
 * False without message or skip when there is no such word.
 */
MUST_CHECK bool parse_host_name(struct parse *p, struct str *ret);

/*
 * parse_ip4 - dotted address.
 */
MUST_CHECK bool parse_ip4(struct parse *p, uint32_t *ret);

/*
 * parse_addr - dotted address or host name.
 */
MUST_CHECK bool parse_addr(struct parse *p, struct conf_addr *ret);

/*
 * parse_addr_list - the same, separated by commas.
 *
 * ret  in the arena
 */
MUST_CHECK bool parse_addr_list(struct parse *p, const struct conf_addr **ret, uint16_t *ret_n);

/*
 * parse_ip6 - IPv6 address.
 */
MUST_CHECK bool parse_ip6(struct parse *p, struct conf_ip6 *ret);

/*
 * parse_ip6_text - the text form of an IPv6 address (RFC 4291 2.2).
 */
MUST_CHECK bool parse_ip6_text(struct str s, struct conf_ip6 *ret);

/*
 * parse_ip6_list - IPv6 addresses separated by commas.
 */
MUST_CHECK bool parse_ip6_list(struct parse *p, const struct conf_ip6 **ret, uint16_t *ret_n);

/*
 * parse_hex_list - octets joined by colons; ret is copied into the arena.
 *
 * max  most octets kept, the rest is a message of the caller's
 *
 * Fails with "expecting numeric value." as the dotted address does.
 */
MUST_CHECK bool parse_hex_list(struct parse *p, struct str *ret);

/*
 * parse_data_list - a string or a hex list, copied; for X values, uid, subclass.
 *
 * ret->p is NULL (and true returned) when the next token is neither; nothing is
 * taken then.
 */
MUST_CHECK bool parse_data_list(struct parse *p, struct str *ret);

/*
 * parse_date - "never", "epoch N", or W Y/M/D H:M:S [offset], up to its semicolon.
 *
 * ret_s  seconds since 1970; INT64_MAX for never
 */
MUST_CHECK bool parse_date(struct parse *p, int64_t *ret_s);

#endif
