/* SPDX-License-Identifier: ISC */
/*
 * decide.h - a message in, a verdict out.
 *
 * The protocol, without a descriptor or a clock: what a DISCOVER, REQUEST,
 * DECLINE, RELEASE, INFORM, LEASEQUERY or BOOTP request does to the leases,
 * what is answered to whom, and what the log says.  The shell carries the
 * verdict out in this order: changed leases to the journal, lines up to
 * held_i to the log, then sync, then the reply and the lines from held_i on.
 */
#ifndef DHCPD_DECIDE_H
#define DHCPD_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/when.h"
#include "dhcpd/classify.h"
#include "dhcpd/conf.h"
#include "dhcpd/expr.h"
#include "dhcpd/lease.h"
#include "dhcpd/proto.h"

/* Limits. */
enum {
	DECIDE_CHANGE_MAX = 64,		/* leases changed by one packet */
	DECIDE_TYPES_N = 16		/* message types counted */
};

enum decide_verdict {
	DECIDE_DROP,			/* nothing to send */
	DECIDE_REPLY,			/* send the reply */
	DECIDE_PROBE			/* ping first, see decide_probed */
};

/* Why a packet was dropped, for the status report. */
enum decide_why {
	DECIDE_WHY_NONE,
	DECIDE_WHY_MALFORMED,
	DECIDE_WHY_TYPE,		/* not a request, or unknown */
	DECIDE_WHY_NETWORK,		/* unknown network */
	DECIDE_WHY_REFUSED,		/* by a permit or a parameter */
	DECIDE_WHY_NO_LEASE,		/* none free, or not the client's */
	DECIDE_WHY_PENDING,		/* a ping for the address is under way */
	DECIDE_WHY_FULL,		/* a table or memory is full */
	DECIDE_WHY_N
};

/* The interface a packet came in on. */
struct decide_iface {
	struct str name;
	const uint32_t *addr;		/* host order */
	uint32_t addr_n;		/* at least one */
	struct conf_network *network;	/* NULL: none declared */
};

/* What the world does for decide: see struct expr_ops. */
struct decide_ops {
	void *ctx;
	int (*execute)(void *ctx, char *const argv[]);
	int (*resolve)(void *ctx, struct str name, uint32_t *addrs, size_t max,
	    const char **reterr);
	bool (*hostname)(void *ctx, struct str *ret);
	/* name of an address; false: none.  buf holds 256 */
	bool (*reverse)(void *ctx, uint32_t addr, char *buf);
};

/* Everything that outlives a packet.  Process lifetime. */
struct decide {
	struct conf *conf;
	struct lease_table *leases;
	struct classify_bill bill;
	uint8_t *is_over;		/* per pool: threshold line was logged */
	uint8_t *probing;		/* bit per lease: a ping is under way */
	const struct decide_ops *ops;
	struct arena *scratch;		/* reset for each packet */
	struct arena *keep;		/* replies; reset by the shell */
	struct expr_vars globals;	/* variables set at start */
	uint16_t server_port, client_port;
	uint32_t broadcast;		/* instead of 255.255.255.255 */
	uint32_t inform_refused_n;
	uint64_t in_n[DECIDE_TYPES_N], out_n[DECIDE_TYPES_N];
	uint64_t why_n[DECIDE_WHY_N];
	struct optset in, out;		/* of the packet in work */
};

/* A reply, and how it goes. */
struct decide_reply {
	bool is_raw;			/* a whole frame; else by UDP */
	bool must_wait;			/* for the journal */
	uint32_t src, dst;
	uint16_t dst_port;
	uint8_t dst_mac[6];
	struct str payload;		/* in keep */
};

struct decide_out {
	enum decide_verdict verdict;
	enum decide_why why;
	struct decide_reply reply;
	uint32_t probe_addr;
	int64_t probe_ns;		/* how long to wait for an answer */
	size_t changed_n;
	size_t held_i;			/* lines from here on go with the reply */
	struct str unsaved;		/* line instead, when the sync fails */
	/* The arrays are last: what their counts leave out is not cleared. */
	struct expr_log log;
	struct lease *changed[DECIDE_CHANGE_MAX];
};

/*
 * decide_init - over arenas that the shell owns.
 */
void decide_init(struct decide *d, struct arena *scratch, struct arena *keep,
    const struct decide_ops *ops);

/*
 * decide_use - serve from this configuration and this table from now on.
 *
 * arena      of the generation; takes the tables that belong to it
 *
 * Counts the leases billed to classes anew.  False when the arena is full.
 */
bool decide_use(struct decide *d, struct conf *conf,
    struct lease_table *leases, struct arena *arena) MUST_CHECK;

/*
 * decide_packet - one message.
 *
 * iface      where it came in
 * src        its source address, host order
 * raw        the UDP payload; not needed afterwards
 * out        all of it is written; texts are good until the next call, the
 *            reply until keep is reset
 */
enum decide_verdict decide_packet(struct decide *d, const struct when *now,
    const struct decide_iface *iface, uint32_t src, struct str raw,
    struct decide_out *out);

/*
 * decide_probed - an address was pinged; what happens to its lease.
 *
 * is_silent  nobody answered: the verdict is DECIDE_REPLY, send what was kept
 */
enum decide_verdict decide_probed(struct decide *d, const struct when *now,
    uint32_t addr, bool is_silent, struct decide_out *out);

/*
 * decide_expire - the time of a lease from lease_due is over.
 */
void decide_expire(struct decide *d, const struct when *now, struct lease *l,
    struct decide_out *out);

#endif
