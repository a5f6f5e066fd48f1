/* SPDX-License-Identifier: ISC */
/*
 * decide_query.h - what is known about the packet in work, shared by decide*.c.
 *
 * Also the small steps that several messages need: releasing a lease,
 * evaluating scopes, addressing and finishing a reply.
 */
#ifndef DHCPD_DECIDE_QUERY_H
#define DHCPD_DECIDE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "dhcpd/decide.h"
#include "dhcpd/logtext.h"
#include "dhcpd/packet.h"
#include "dhcpd/reply.h"
#include "dhcpd/scope.h"

/* Addresses a client may be given: a lease, or one of a host declaration. */
struct decide_pick {
	uint32_t addr;
	struct lease *lease;		/* NULL when is_static */
	bool is_static;
	struct conf_host *host;		/* whose statements count, or NULL */
	struct conf_subnet *subnet;
	struct conf_pool *pool;		/* NULL when is_static */
};

/* One packet.  Turn. */
struct decide_query {
	struct decide *d;
	const struct when *now;
	const struct decide_iface *iface;
	struct decide_out *out;
	uint32_t src;			/* source address */
	struct packet p;
	struct conf_network *network;	/* of the packet; NULL: unknown */
	struct str uid;			/* option 61; p NULL: none */
	uint8_t hardware[1 + PROTO_CHADDR_LEN];
	struct str hw;			/* type and address, in hardware */
	struct str hw_addr;		/* address alone */
	uint32_t requested;		/* ciaddr, else option 50, else 0 */
	bool has_option_50;
	bool is_nul_ended;		/* host name option ended with NUL */
	bool is_stashed;		/* option 82 comes from the lease */
	struct conf_host *host;		/* first declaration that matches */
	bool host_by_uid;
	struct classify classes;
	struct logtext lt;
	struct logtext_who who;
	char where[16];			/* who.where when it is an address */
	struct str head;		/* first part of the request's line */
	struct expr_env env;
	struct expr_vars vars;
	unsigned on_seen;		/* EXPR_ON_* that statements set */
	const struct stmt *on_body[4];	/* commit, release, expiry, transm. */
	const char *nak_text;
};

/*
 * decide_query_init - decode and check; classify.
 *
 * False when the packet is dropped; out says why.
 */
bool decide_query_init(struct decide_query *q, struct decide *d,
    const struct when *now, const struct decide_iface *iface, uint32_t src,
    struct str raw, struct decide_out *out) MUST_CHECK;

/*
 * decide_query_now - wall seconds as the lease table counts them.
 */
uint32_t decide_query_now(const struct decide_query *q);

/*
 * decide_query_drop - verdict DECIDE_DROP, counted.
 */
enum decide_verdict decide_query_drop(struct decide_query *q,
    enum decide_why why);

/*
 * decide_query_refuse - log "HEAD: TEXT" and drop.
 */
enum decide_verdict decide_query_refuse(struct decide_query *q,
    enum decide_why why, const char *text);

/*
 * decide_query_changed - put a lease on the list for the journal.
 */
void decide_query_changed(struct decide_query *q, struct lease *l);

/*
 * decide_query_release - its client gives a lease back, or must.
 */
void decide_query_release(struct decide_query *q, struct lease *l);

/*
 * decide_query_abandon - nobody shall use this address for a while.
 */
void decide_query_abandon(struct decide_query *q, struct lease *l);

/*
 * decide_query_env - prepare q->env for a lease or a static address.
 *
 * data       unpacked lease, or NULL for no lease at all
 */
void decide_query_env(struct decide_query *q, const struct decide_pick *pick,
    const struct lease_data *data);

/*
 * decide_query_scopes - run the statements of a pick's scopes.
 *
 * False when the server must end; the verdict is set.
 */
bool decide_query_scopes(struct decide_query *q,
    const struct decide_pick *pick) MUST_CHECK;

/*
 * decide_query_head - the reply's header as copied from the request.
 */
void decide_query_head(const struct decide_query *q, struct reply *r);

/*
 * decide_query_put - set a dhcp option of the reply to given octets.
 */
void decide_query_put(struct decide_query *q, uint32_t code, const void *p,
    size_t len);

/*
 * decide_query_put_u32 - the same with a number or an address.
 */
void decide_query_put_u32(struct decide_query *q, uint32_t code, uint32_t v);

/*
 * decide_query_type - set option 53 of the reply, and count it.
 */
void decide_query_type(struct decide_query *q, uint8_t type);

/*
 * decide_query_fields - file, server name and next server from parameters.
 */
void decide_query_fields(struct decide_query *q, struct reply *r);

/*
 * decide_query_list - the request list in force, room, option 82.
 */
void decide_query_list(struct decide_query *q, struct reply *r);

/*
 * decide_query_server_id - option 54 of the reply, from the statement or the
 * interface; returned too.
 */
uint32_t decide_query_server_id(struct decide_query *q);

/*
 * decide_query_mask - option 1 from the subnet unless configured.
 */
void decide_query_mask(struct decide_query *q,
    const struct conf_subnet *subnet);

/*
 * decide_query_by_udp - send the reply through the kernel.
 */
void decide_query_by_udp(struct decide_query *q, uint32_t dst, uint16_t port);

/*
 * decide_query_by_raw - send the reply as a frame.
 *
 * to_all     limited broadcast instead of addr and the client's hardware
 *            address
 */
void decide_query_by_raw(struct decide_query *q, uint32_t src, uint32_t addr,
    bool to_all);

/*
 * decide_query_reply - build the payload and finish with DECIDE_REPLY.
 */
enum decide_verdict decide_query_reply(struct decide_query *q,
    const struct reply *r);

/*
 * decide_query_run_text - run the statements of an event kept as text.
 *
 * data       of the lease, before it changes; its vars may be replaced
 */
void decide_query_run_text(struct decide *d, int64_t now_s, uint32_t addr,
    struct lease_data *data, uint32_t text_id, struct expr_log *log);

/*
 * decide_query_pack_vars - variables as the lease table keeps them.
 *
 * False when they do not fit; ret is untouched.
 */
bool decide_query_pack_vars(struct arena *scratch,
    const struct expr_vars *vars, struct str *ret) MUST_CHECK;

/*
 * decide_query_unpack_vars - the reverse.
 */
void decide_query_unpack_vars(struct arena *scratch, struct str packed,
    struct expr_vars *ret);

#endif
