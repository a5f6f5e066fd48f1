/* SPDX-License-Identifier: ISC */
/*
 * classify.h - which classes a packet belongs to, what that permits, and how
 * many leases a class may have.
 */
#ifndef DHCPD_CLASSIFY_H
#define DHCPD_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "dhcpd/conf.h"
#include "dhcpd/expr.h"
#include "dhcpd/lease.h"

/* Limits. */
enum {
	CLASSIFY_MAX = 5,		/* classes of one packet */
	CLASSIFY_BILL_MAX = 65536,	/* limited classes with leases */
	CLASSIFY_SPAWN_MAX = 262144	/* spawned in one generation */
};

/* The classes of one packet.  Turn. */
struct classify {
	struct conf_class *class[CLASSIFY_MAX];
	size_t n;
	size_t lost_n;			/* matches beyond CLASSIFY_MAX */
};

/* How many leases each limited class has.  Generation. */
struct classify_bill {
	struct conf_class **class;	/* by id - 1 */
	uint32_t *leases_n;			/* by id - 1 */
	uint32_t n, max;
};

/* What a pool's permits ask about a client. */
struct classify_client {
	const struct classify *classes;
	bool is_known;			/* some host declaration matched */
	bool is_bootp;
	int64_t now_s;
};

/*
 * classify_run - test a packet against every class in order of declaration.
 *
 * env        with the packet; env->ops->add_class may be called
 *
 * A spawning class gets a subclass for a value seen first; beyond
 * CLASSIFY_SPAWN_MAX, or when the configuration's memory is used up, the packet
 * is no member: whoever invents values must not take all memory.
 */
void classify_run(struct classify *c, struct conf *conf, struct expr_env *env);

/*
 * classify_add - make the packet a member of a class; twice is once.
 */
void classify_add(struct classify *c, struct conf_class *class);

/*
 * classify_is_permitted - may this client have an address of a pool?
 */
bool classify_is_permitted(const struct conf_pool *pool,
    const struct classify_client *client);

/*
 * classify_bill_init - no lease is billed yet.
 *
 * False when the arena has no room for the table.
 */
bool classify_bill_init(struct classify_bill *bill, struct arena *arena)
    MUST_CHECK;

/*
 * classify_bill_id - the id under which a class is counted, 0 for NULL or when
 * the table is full.
 */
uint32_t classify_bill_id(struct classify_bill *bill,
    struct conf_class *class);

/*
 * classify_bill_class - the class of an id; NULL for 0.
 */
const struct conf_class *classify_bill_class(const struct classify_bill *bill,
    uint32_t id);

/*
 * classify_bill_move - a lease was billed to one id, now to another; 0: none.
 */
void classify_bill_move(struct classify_bill *bill, uint32_t from, uint32_t to);

/*
 * classify_bill_pick - the first class of a packet that still has room.
 *
 * present    id to which the lease is billed already; it keeps its place
 * ret        NULL when none of the classes is limited
 *
 * False when all limited classes are full; ret is then the last of them.
 */
bool classify_bill_pick(struct classify_bill *bill, const struct classify *c,
    uint32_t present, struct conf_class **ret) MUST_CHECK;

#endif
