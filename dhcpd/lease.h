/* SPDX-License-Identifier: ISC */
/*
 * lease - every address of every range, and who holds it.
 *
 * A compact record per address (process lifetime, memory reserved at start
 * and touched only where a client has been), found by address, client
 * identifier and hardware address, and standing in one ordered queue of its
 * pool: free, active, expired, abandoned, backup or reserved.  The queues are
 * also the expiry timers: nothing is ever scanned.
 *
 * struct lease is read directly and written only here.  A binding is changed
 * by unpacking it (lease_get), editing the copy, and lease_commit: the only
 * door.  lease_offer changes what an OFFER changes, in memory alone.
 */
#ifndef DHCPD_LEASE_H
#define DHCPD_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/heap.h"
#include "common/map.h"
#include "common/str.h"
#include "common/wr.h"
#include "dhcpd/leaseblob.h"

/* "never;" in the file: behind all ends, until 2106. */
#define LEASE_NEVER UINT32_MAX
/* What ISC has for it, the last second of 31 bits, which clients are told. */
#define LEASE_NEVER_ISC 2147483647u
/* Octets of a hardware address (a 20-octet one comes from a file only). */
#define LEASE_HW_MAX 20
/* Different "on expiry" and "on release" texts of all leases. */
#define LEASE_TEXTS_MAX 4096
/* "No lease", as an index. */
#define LEASE_NONE UINT32_MAX

/* Binding states, numbered as ISC does. */
enum lease_state {
	LEASE_FREE = 1,
	LEASE_ACTIVE,
	LEASE_EXPIRED,
	LEASE_RELEASED,
	LEASE_ABANDONED,
	LEASE_RESET,
	LEASE_BACKUP
};

/* Flags of a lease.  The first three are in the file, the others in memory. */
#define LEASE_F_RESERVED 0x01	/* "reserved;" */
#define LEASE_F_BOOTP 0x02	/* "dynamic-bootp;" */
#define LEASE_F_ON_BOTH 0x04	/* one block "on expiry or release" */
#define LEASE_F_FILE 0x07
#define LEASE_F_OFFERED 0x08	/* an OFFER has changed it since the commit */
#define LEASE_F_ZERO 0x10	/* private: stands in the list of end 0 */

/* Queues of a pool, in the order in which the file is written. */
enum lease_queue {
	LEASE_Q_FREE,
	LEASE_Q_ACTIVE,
	LEASE_Q_EXPIRED,	/* expired, released, reset */
	LEASE_Q_ABANDONED,
	LEASE_Q_BACKUP,
	LEASE_Q_RESERVED,	/* reserved and not in use */
	LEASE_Q_N
};

/*
 * One address.  Times are wall seconds, 0 = absent, LEASE_NEVER = never.
 * An address that nobody ever had is all zeroes but is still a lease:
 * ask lease_state() and lease_pool(), not the fields marked so.
 */
struct lease {
	uint32_t starts, ends, tstp, cltt;
	uint8_t state;		/* 0 while untouched: use lease_state() */
	uint8_t next, rewind;
	uint8_t flags;		/* LEASE_F_* */
	uint8_t hw_type, hw_len;
	uint8_t hw[6];		/* when hw_len <= 6; use lease_hw() */
	uint32_t billed;	/* caller's: 1 + class billed, memory only */
	uint32_t blob;		/* private from here: the variable part */
	uint32_t left, right;	/* place in the queue */
	int64_t seq;		/* among equal ends */
	uint32_t uid_next, hw_next;	/* 1 + index, in the hash chains */
};

struct lease_pool {
	uint32_t network;
	uint32_t root[LEASE_Q_N];	/* of the treaps (leaseq.h) */
	uint32_t first[LEASE_Q_N];	/* 1 + index of their heads */
	uint32_t count[LEASE_Q_N];
	uint32_t total;
	uint32_t zero_head;	/* 1 + index: free leases of end 0 at start */
	uint32_t zero_n;	/* how many of the list still are */
	uint32_t zero_used;	/* of these, how many are not untouched */
};

/* A range inside a table: indexes base .. base + last - first. */
struct lease_span {
	uint32_t first, last;
	uint32_t base;
	uint32_t pool;
	uint32_t decl;		/* which range of the plan it is (part) of */
};

/* The whole table; process lifetime, or until a reload replaces it. */
struct lease_table {
	struct lease *leases;
	uint32_t leases_n;
	struct lease_span *spans;	/* ascending by address */
	uint32_t spans_n;
	struct lease_pool *pools;
	uint32_t pools_n;
	uint32_t *pool_order;	/* in which the file is written */

	uint32_t *uid_heads, *hw_heads;	/* 1 + index */
	uint32_t heads_mask;
	struct map_key key;

	uint32_t *zero_next;	/* per lease: next of the list of end 0 */
	int64_t seq_top;	/* ties: last number given out */
	bool is_loading;	/* queues are not built yet */
	bool was_compacted;	/* since lease_settle */

	struct leaseblob_slab slab;	/* variable parts */

	struct str *texts;	/* id - 1 -> text */
	uint32_t texts_n;
	struct arena text_arena;

	struct heap due;	/* pool -> nearest end that matters */
};

/*
 * A binding unpacked: what a client gets at an ACK, what a block of the file
 * says.  Slices are borrowed: from lease_get they point into the table and
 * die with the next commit or offer of that lease, or with lease_settle.
 */
struct lease_data {
	uint32_t starts, ends, tstp, tsfp, atsfp, cltt;
	uint8_t state, next, rewind;
	uint8_t flags;		/* LEASE_F_FILE bits */
	uint8_t hw_type, hw_len;
	uint8_t hw[LEASE_HW_MAX];
	uint32_t billed;	/* as in struct lease */
	struct str uid;
	struct str hostname;
	struct str agent;	/* option 82 as received: code, length, bytes .. */
	struct str vars;	/* packed, newest first: lease_var_* */
	struct str class_name;	/* billing class or superclass; empty: none */
	struct str class_value;	/* p NULL: a class, not a subclass */
	uint32_t on_expiry, on_release;	/* lease_text ids, 0: none */
};

/* The kinds of value that `set' lines have. */
enum lease_var_kind { LEASE_VAR_DATA = 1, LEASE_VAR_NUM, LEASE_VAR_BOOL };

/* One variable of a lease: set NAME = VALUE; */
struct lease_var {
	struct str name;
	enum lease_var_kind kind;
	struct str data;	/* LEASE_VAR_DATA */
	int64_t num;		/* LEASE_VAR_NUM; LEASE_VAR_BOOL: 0 or 1 */
};

/*
 * lease_load - set a binding while a table is loading (leasetab.h); the last
 * for an address counts.
 *
 * False when the variable part finds no room.
 */
bool lease_load(struct lease_table *t, struct lease *l,
    const struct lease_data *d) MUST_CHECK;

/*
 * lease_index - enter all leases into the indexes; for leasetab alone.
 *
 * scratch    as many words as there are leases
 */
void lease_index(struct lease_table *t, uint32_t *scratch);

/*
 * lease_pool_due - note when a pool is due next; for leasetab alone.
 */
void lease_pool_due(struct lease_table *t, struct lease_pool *p);

/*
 * lease_end_told - an end as others hear of it: that of ISC for never, as long
 * as it has not come.
 */
uint32_t lease_end_told(uint32_t ends, uint32_t now_s);

/*
 * lease_queue_of - the queue that the state and flags of a lease call for.
 */
enum lease_queue lease_queue_of(const struct lease *l);

/* ---- looking ----------------------------------------------------------- */

/*
 * lease_by_addr - the lease of an address; NULL when it is in no range.
 */
struct lease *lease_by_addr(const struct lease_table *t, uint32_t addr);

/*
 * lease_addr - the address of a lease.
 */
uint32_t lease_addr(const struct lease_table *t, const struct lease *l);

/*
 * lease_pool - index of its pool.
 */
uint32_t lease_pool(const struct lease_table *t, const struct lease *l);

/*
 * lease_network - index of its network.
 */
uint32_t lease_network(const struct lease_table *t, const struct lease *l);

/*
 * lease_state - the binding state; an untouched address is free.
 */
enum lease_state lease_state(const struct lease *l);

/*
 * lease_first_by_uid - the preferred lease of a client identifier, or NULL.
 *
 * lease_next_by_uid then gives the others in ISC's order: active, later end
 * first; expired and released; others; abandoned.  A commit or an offer ends
 * the walk.
 */
struct lease *lease_first_by_uid(const struct lease_table *t, struct str uid);

/*
 * lease_next_by_uid - the one after l with the same client identifier.
 */
struct lease *lease_next_by_uid(const struct lease_table *t,
    const struct lease *l);

/*
 * lease_first_by_hw - the same by hardware type and address.
 */
struct lease *lease_first_by_hw(const struct lease_table *t, uint8_t hw_type,
    struct str hw);

/*
 * lease_next_by_hw - the one after l with the same type and address.
 */
struct lease *lease_next_by_hw(const struct lease_table *t,
    const struct lease *l);

/*
 * lease_hw - its hardware address; empty when it has none.
 */
struct str lease_hw(const struct lease_table *t, const struct lease *l);

/*
 * lease_uid - its client identifier; empty when it has none.
 */
struct str lease_uid(const struct lease_table *t, const struct lease *l);

/*
 * lease_hostname - its client host name; empty when it has none.
 */
struct str lease_hostname(const struct lease_table *t, const struct lease *l);

/*
 * lease_get - unpack all of it.
 */
void lease_get(const struct lease_table *t, const struct lease *l,
    struct lease_data *ret);

/*
 * lease_text - an "on expiry" or "on release" block's statements, as printed.
 */
struct str lease_text(const struct lease_table *t, uint32_t id);

/* ---- changing ---------------------------------------------------------- */

/*
 * lease_offer - remember in memory what an OFFER promised.
 *
 * d          as for lease_commit; the state should be what it was, starts and
 *            cltt now, ends the time until it is not offered to others
 *
 * As lease_commit, and sets LEASE_F_OFFERED, which the next commit clears.
 * Nothing is journaled: a restart forgets offers.
 */
bool lease_offer(struct lease_table *t, struct lease *l,
    const struct lease_data *d) MUST_CHECK;

/*
 * lease_commit - make a binding what d says, in all indexes and queues.
 *
 * d          its slices may point into this very lease
 *
 * The caller journals it.  False when there is no room for the variable
 * part, or it is above LEASE_BLOB_MAX; nothing has changed then.  One that is
 * not larger than before always has room.
 */
bool lease_commit(struct lease_table *t, struct lease *l,
    const struct lease_data *d) MUST_CHECK;

/*
 * lease_settle - nobody holds a slice of this table any more.
 *
 * Between two of these calls the variable parts move at most once, so that
 * slices stay whole in the half they came from; without it a full table
 * refuses what is new.  To be called before each packet and event.
 */
void lease_settle(struct lease_table *t);

/*
 * lease_text_id - the id of a statement text, entered when it is new.
 *
 * 0 for an empty text, or when LEASE_TEXTS_MAX or the room is used up.
 */
uint32_t lease_text_id(struct lease_table *t, struct str text);

/*
 * lease_data_expire - what the end of its time does to an unpacked binding:
 * it becomes free, tstp = ends, keeps hardware, uid and variables.
 *
 * The caller runs on_expiry (take the id first: it is cleared here).
 */
void lease_data_expire(struct lease_data *d);

/*
 * lease_data_release - RELEASE, or superseded by another lease of its client:
 * as expiry, but it ends now and loses the variables.
 */
void lease_data_release(struct lease_data *d, uint32_t now);

/*
 * lease_data_abandon - somebody else uses the address: abandoned until `until',
 * nobody's.
 */
void lease_data_abandon(struct lease_data *d, uint32_t until);

/* ---- expiry, counting, walking ----------------------------------------- */

/*
 * lease_due - the next lease whose time is over at now, or NULL.
 *
 * Active, expired, released, reset and abandoned leases.  The caller commits
 * it as free (lease_data_expire) and asks again.
 */
struct lease *lease_due(struct lease_table *t, int64_t now_s);

/*
 * lease_due_at - when lease_due will have something; false: never.
 */
bool lease_due_at(const struct lease_table *t, int64_t *ret_s) MUST_CHECK;

/*
 * lease_queue_head - first lease of a queue of a pool, or NULL.
 */
struct lease *lease_queue_head(struct lease_table *t, uint32_t pool,
    enum lease_queue q);

/* Where a walk over all leases worth writing stands; start from zeroes. */
struct lease_walk {
	uint32_t order_i;	/* index into pool_order */
	uint32_t q;
	bool is_inside;		/* ends, seq are the place of the last one */
	bool is_zero_done;
	uint32_t zero;
	uint32_t ends;
	int64_t seq;
};

/*
 * lease_walk_next - the next lease that belongs in the file, in ISC's order
 * of a rewrite, or NULL at the end.
 *
 * Commits between two calls are allowed: a lease that moved is either still
 * to come or was journaled when it moved.
 */
struct lease *lease_walk_next(struct lease_table *t, struct lease_walk *w);

/* ---- variables --------------------------------------------------------- */

/*
 * lease_var_next - take the first variable off a packed list; false: none.
 */
bool lease_var_next(struct str *vars, struct lease_var *ret) MUST_CHECK;

/*
 * lease_var_find - a variable by name.
 */
bool lease_var_find(struct str vars, struct str name, struct lease_var *ret)
    MUST_CHECK;

/*
 * lease_var_set - a copy of a packed list with one variable set: replaced in
 * its place, or new in front.
 *
 * wr         where the new list is written; must not overlap vars
 *
 * The writer fails when it is full or the name is longer than 255.
 */
void lease_var_set(struct wr *wr, struct str vars, const struct lease_var *v);

#endif
