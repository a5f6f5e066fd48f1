/* SPDX-License-Identifier: ISC */
/*
 * optset.h - a set of option values: what a packet carried, or what the scopes
 * set for one reply.
 *
 * A value is either octets or an expression that is evaluated when the reply is
 * built (the peer does the same, so a later statement can still change what an
 * earlier one refers to).  expr_option() gives the octets of either kind.
 *
 * Options of the dhcp and server spaces are found through an index by code;
 * the few of other spaces by a scan.  No heap: the owner supplies the struct,
 * octets are borrowed (packet, generation arena or turn scratch).
 *
 * Lifetime: turn.
 */
#ifndef DHCPD_OPTSET_H
#define DHCPD_OPTSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/optspace.h"

/* Values in one set; a further one is dropped and the set says so. */
#define OPTSET_MAX 640

/* Spaces with an index by code, dhcp and server, and codes below this. */
#define OPTSET_INDEXED 2
#define OPTSET_CODES 256

_Static_assert(OPTSPACE_DHCP < OPTSET_INDEXED && OPTSPACE_SERVER < OPTSET_INDEXED,
    "the index is by space id");

struct expr;

struct optset_entry {
	const struct opt_def *def;	/* NULL: a code without definition (from a packet) */
	const struct expr *expr;	/* NULL: the octets below are the value */
	struct str bytes;
	uint32_t code;
	uint16_t space;			/* id; OPTSET_GONE when removed */
	uint16_t next;			/* private: next entry of a space without index */
};

#define OPTSET_GONE 0xffff

struct optset {
	uint32_t n;			/* entries used, removed ones included */
	bool is_full;			/* a value was dropped */
	uint16_t index[OPTSET_INDEXED][OPTSET_CODES];	/* entry number + 1, 0 = absent */
	uint16_t others;		/* head of the list of other spaces' entries, + 1 */
	struct optset_entry entry[OPTSET_MAX];	/* in order of first setting */
};

/* optset_init - an empty set; touches about 1 KiB, not the entries. */
void optset_init(struct optset *set);

/*
 * optset_find_other - optset_find of what has no index: a scan.
 */
struct optset_entry *optset_find_other(struct optset *set, uint32_t space, uint32_t code);

/*
 * optset_find - the entry of (space id, code), or NULL.
 *
 * Constant time for OPTSPACE_DHCP and OPTSPACE_SERVER with codes below 256, and
 * inline: some hundred are looked up for each packet, most of them absent.
 * The pointer is good until the set is initialised again.
 */
static inline struct optset_entry *
optset_find(struct optset *set, uint32_t space, uint32_t code)
{
	uint16_t number;

	if (space >= OPTSET_INDEXED || code >= OPTSET_CODES)
		return optset_find_other(set, space, code);
	number = set->index[space][code];
	return number ? &set->entry[number - 1] : NULL;
}

/*
 * optset_has - does the set hold a value for (space id, code)?
 */
static inline bool
optset_has(struct optset *set, uint32_t space, uint32_t code)
{
	return optset_find(set, space, code) != NULL;
}

/*
 * optset_put - set (replace) the value of a code; a replaced one keeps its place.
 *
 * def    may be NULL for octets of an unknown code
 * bytes  borrowed
 *
 * False when the set is full.
 */
bool optset_put(struct optset *set, const struct opt_def *def, uint32_t space, uint32_t code,
    struct str bytes);

/*
 * optset_put_expr - set the value of def to an expression evaluated later.
 *
 * expr  borrowed; generation or turn
 */
bool optset_put_expr(struct optset *set, const struct opt_def *def, const struct expr *expr);

/* optset_remove - forget the value of (space id, code), if any. */
void optset_remove(struct optset *set, uint32_t space, uint32_t code);

/*
 * optset_order - the entries of one space in the order the peer would send them.
 *
 * Buckets of ((code & 31) + ((code >> 5) & 31)) mod 17 ascending, in a bucket the
 * option first set last comes first.  Returns how many were stored, at most max.
 */
size_t optset_order(struct optset *set, uint32_t space, struct optset_entry **ret, size_t max);

/*
 * optset_decode - take apart the octets of an encapsulated option into the set.
 *
 * u      names the codes found and the spaces nested further down
 * space  whose code and length widths rule; OPTSPACE_FQDN decodes RFC 4702
 * bytes  borrowed by the entries
 *
 * scratch is used for repeated codes (concatenated) and for fqdn.  What is cut
 * short at the end is dropped; false says that this happened.
 */
bool optset_decode(struct optset *set, const struct optspace_universe *u,
    const struct opt_space *space, struct str bytes, struct arena *scratch);

#endif
