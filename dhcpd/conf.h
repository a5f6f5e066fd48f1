/* SPDX-License-Identifier: ISC */
/*
 * conf.h - one configuration generation: what dhcpd.conf says, ready to serve.
 *
 * Everything lives in one arena and is read-only once conf_load() returned,
 * but for conf_host_put/conf_subclass_put (declarations of the leases file and
 * spawned subclasses).  Lookups cost a hash, whatever the number of hosts,
 * subnets or subclasses.
 *
 * Items are numbered in order of declaration; a number (.._i) is the handle
 * other modules keep, pointers are good as long as the generation lives.
 *
 * Addresses are host order unless the name ends in _be.
 */
#ifndef DHCPD_CONF_H
#define DHCPD_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/expr.h"
#include "dhcpd/msgs.h"
#include "dhcpd/optspace.h"
#include "dhcpd/stmt.h"

#define CONF_HW_MAX 21		/* type octet + 20 octets of address */
#define CONF_NO_LIMIT 0
#define CONF_DEPTH_MAX 400	/* blocks, parentheses, includes nested in each other */

/* Where something was declared; the column counts characters from 1. */
struct conf_place {
	const struct str *file;		/* NULL = unknown */
	uint32_t line, col;
};

struct conf_ip6 {
	uint8_t b[16];
};

/* A statement list and where it inherits from; several items may share one. */
struct conf_scope {
	const struct conf_scope *parent;	/* NULL for the outermost */
	const struct stmt *first;		/* NULL = nothing of its own */
	bool is_authoritative;			/* as at the end of the block */
};

struct conf_class {
	struct str name;
	const struct conf_scope *scope;
	const struct expr *match_if;		/* NULL = no condition */
	const struct expr *submatch;		/* match DATA / spawn with DATA, NULL = neither */
	bool is_spawning, is_dynamic, is_deleted;
	uint32_t lease_limit;			/* CONF_NO_LIMIT = none */
	uint32_t class_i;			/* place in conf->classes */
	struct conf_place place;		/* of a class, not of subclasses */
	struct conf_class *super;		/* of a subclass, else NULL */
	struct str data;			/* of a subclass: the value it stands for */
	uint32_t billing_id_1;			/* classify.c's: where its leases are counted */
};

enum conf_permit_kind {
	CONF_PERMIT_KNOWN,
	CONF_PERMIT_UNKNOWN,
	CONF_PERMIT_AUTHENTICATED,
	CONF_PERMIT_UNAUTHENTICATED,
	CONF_PERMIT_ALL,
	CONF_PERMIT_BOOTP,
	CONF_PERMIT_CLASS,
	CONF_PERMIT_AFTER
};

struct conf_permit {
	struct conf_permit *next;
	enum conf_permit_kind kind;
	const struct conf_class *class;		/* CONF_PERMIT_CLASS */
	int64_t after_s;			/* CONF_PERMIT_AFTER */
};

struct conf_range {
	struct conf_range *next;		/* of the pool, in order of the file */
	uint32_t low, high;			/* both included, low <= high */
	struct conf_subnet *subnet;
	struct conf_pool *pool;
	uint32_t range_i;			/* number of the range statement */
};

struct conf_pool {
	struct conf_pool *next;			/* of the network, in order of first use */
	struct conf_network *network;
	const struct conf_scope *scope;		/* network's scope when it has none of its own */
	struct conf_permit *permits, *prohibits;
	int64_t valid_from_s, valid_until_s;	/* allow after / deny after; 0 and INT64_MAX */
	struct conf_failover *failover;		/* NULL = none */
	struct conf_range *ranges;
	bool is_anonymous, is_bootp;		/* of ranges directly in a subnet; dynamic-bootp */
	struct conf_place place;		/* none for an anonymous pool */
	uint32_t pool_i;			/* place in conf->pools */
	uint32_t addr_n;			/* addresses in all ranges */
};

struct conf_subnet {
	struct conf_subnet *next;		/* of the network */
	struct conf_network *network;
	const struct conf_scope *scope;
	uint32_t net, mask;
	struct str interface;			/* "interface NAME;", len 0 = none */
	uint32_t subnet_i;
	struct conf_subnet *older;		/* private: next in the peer's list */
};

struct conf_subnet6 {
	struct conf_subnet6 *next;
	struct conf_network *network;
	const struct conf_scope *scope;
	struct conf_ip6 net;
	uint8_t bits;
	struct str interface;
};

struct conf_range6 {
	struct conf_range6 *next;
	struct conf_ip6 low, high;
	uint8_t bits;				/* of each lease: 128, or the prefix length */
	bool is_temporary, is_prefix;
	struct conf_subnet6 *subnet;
};

struct conf_pool6 {
	struct conf_pool6 *next;
	struct conf_network *network;
	struct conf_subnet6 *subnet;
	const struct conf_scope *scope;
	struct conf_permit *permits, *prohibits;
	struct conf_range6 *ranges;
	bool is_anonymous;			/* of ranges directly in a subnet6 */
};

/* A shared-network block, or what a lone subnet stands for (named ADDR/BITS). */
struct conf_network {
	struct str name;
	const struct conf_scope *scope;
	bool is_implicit;			/* made for a lone subnet */
	struct str interface;
	struct conf_subnet *subnets;
	struct conf_subnet6 *subnets6;
	struct conf_pool *pools;
	struct conf_pool6 *pools6;
	struct conf_failover *failover;
	uint32_t network_i;
};

/* An address of fixed-address, next-server and the like: literal, or a name. */
struct conf_addr {
	uint32_t addr;
	struct str name;			/* len > 0: to be resolved instead */
};

struct conf_group {
	struct str name;
	const struct conf_scope *scope;
	bool is_dynamic, is_static, is_deleted;
};

struct conf_host {
	struct str name;
	const struct conf_scope *scope;		/* first of it the host's own statements */
	const struct conf_group *group;		/* group "x"; inside the host */
	union {					/* fixed_n or fixed6_n is above 0, or neither */
		const struct conf_addr *fixed;
		const struct conf_ip6 *fixed6;
	};
	struct str uid;				/* p NULL = none */
	uint16_t fixed_n, fixed6_n;
	uint8_t hw_len;				/* 0 = no hardware statement, else octets of hw */
	uint8_t hw[CONF_HW_MAX];		/* type octet, address */
	bool is_dynamic, is_deleted;
	struct conf_place place;
	uint32_t host_i;
	uint32_t next_by_hw, next_by_uid;	/* private: next of the same key + 1 */
	uint32_t last_by_hw, last_by_uid;	/* private: in the first, the last of the key + 1 */
	const struct conf_host_id *id;		/* host-identifier, NULL = none */
	const struct conf_prefix6 *prefixes6;	/* fixed-prefix6, in order */
};

struct conf_prefix6 {
	const struct conf_prefix6 *next;
	struct conf_ip6 prefix;
	uint8_t bits;
};

/* host-identifier option NAME VALUE, or v6relopt N NAME VALUE */
struct conf_host_id {
	const struct opt_def *def;
	struct str value;
	int32_t relay;				/* v6relopt N; -1 = plain option */
	struct conf_host *host;
};

/* A distinct (option, relay) some host-identifier uses, in order of first use. */
struct conf_host_id_kind {
	struct conf_host_id_kind *next;
	const struct opt_def *def;
	int32_t relay;
};

struct conf_key {
	struct conf_key *next;
	struct str name, algorithm;		/* algorithm in full, with its final dot */
	struct str secret;			/* decoded */
};

struct conf_zone {
	struct conf_zone *next;
	struct str name;			/* with final dot */
	const struct conf_addr *primary, *secondary;
	const struct conf_ip6 *primary6, *secondary6;
	uint16_t primary_n, secondary_n, primary6_n, secondary6_n;
	const struct conf_key *key;
	struct conf_place place;
};

struct conf_failover {
	struct conf_failover *next;
	struct str name;
	bool is_primary, has_address, has_peer_address, has_split, has_hba;
	struct conf_addr address, peer_address;
	uint32_t port, peer_port, max_response_delay, max_unacked_updates, mclt;
	uint32_t load_balance_max_s, auto_partner_down, max_misbalance, max_ownership;
	uint32_t min_balance, max_balance;
	uint8_t hba[32];
	uint32_t pool_n;			/* pools that refer to it */
	int my_state, partner_state;		/* from "state" blocks, -1 = not said */
	int64_t my_stos_s, partner_stos_s;
	struct conf_place place;
};

/* Something that was read but whose subsystem does not run: for a warning. */
struct conf_note {
	struct conf_note *next;
	struct conf_place place;
	struct str what;			/* the word, as a statement spells it */
	const char *why;
};

/* Parameters of scope G, evaluated once (fact: from the outermost list only). */
struct conf_globals {
	struct str lease_file, pid_file;	/* len 0 = not set; those of the mode in force */
	struct str omapi_key;
	uint32_t local_port, remote_port, omapi_port;		/* 0 = not set */
	uint32_t local_address, limited_broadcast;		/* 0 and 0xffffffff when not set */
	uint32_t delayed_ack, max_ack_delay_us;
	uint32_t abandon_lease_s;
	uint32_t ddns_update_style;		/* 0 none, 1 ad-hoc, 2 interim, 3 standard */
	int log_facility;			/* LOG_* value, -1 = not set */
	bool dont_use_fsync, server_id_check, update_conflict_detection;
	bool check_secs_byte_order, release_on_roam, bind_local_address6;
	bool ddns_guard_id_must_match, ddns_other_guard_is_dynamic, ddns_dual_stack_mixed_mode;
	bool has_local_address, has_local_address6;
	struct conf_ip6 local_address6;
	uint32_t ddns_local_address4;
	struct conf_ip6 ddns_local_address6;
	uint32_t prefix_length_mode;
};

struct conf {
	struct arena *arena;
	struct optspace_universe u;
	bool is_v6;				/* read for -6 */
	struct conf_scope *root;
	uint64_t seed;
	struct conf_network **networks;	/* by network_i, in order of declaration */
	struct conf_subnet **subnets;		/* by subnet_i */
	struct conf_pool **pools;		/* by pool_i */
	struct conf_host **hosts;		/* by host_i */
	struct conf_class **classes;		/* by class_i; subclasses are not in it */
	uint32_t network_n, subnet_n, pool_n, host_n, class_n, subclass_n, range_n;
	uint32_t spawned_n;			/* classify.c's: subclasses made for packets */
	bool has_execute;			/* some statement runs a program */
	uint32_t group_n;			/* named groups */
	uint64_t addr_n;			/* addresses in all ranges */
	struct conf_key *keys;
	struct conf_zone *zones;
	struct conf_failover *failovers;
	struct conf_note *notes;		/* in order of the file */
	struct conf_host_id_kind *host_id_kinds;
	struct str server_duid;			/* len 0 = none given */
	bool is_hex_ids;			/* lease-id-format hex */
	bool is_local_time;			/* db-time-format local */
	struct conf_globals globals;
	struct conf_index *index;		/* private: lookups, see confbuild.h */
	struct tree_regex *regexes;		/* private: compiled patterns, see conf_free */
};

enum conf_result {
	CONF_OK,
	CONF_BAD,		/* messages say why; the last one is the fatal text */
};

struct src_loader;
struct tree_regex;

struct conf_load_opts {
	struct str path;	/* as the user wrote it; shown in messages */
	struct src_loader *loader;
	bool is_v6;
	uint64_t seed;		/* of hashes; random in the server, 0 in tests */
};

/*
 * conf_load - read a configuration file into a new generation.
 *
 * conf   all of it is written; lives in arena
 * arena  takes everything the generation needs, includes the file texts only
 *        while reading when loader frees them
 * msgs   receives every line the peer would log, errors with line and caret
 *
 * CONF_BAD when the peer would refuse the file.  Never exits, never logs.
 */
MUST_CHECK enum conf_result conf_load(struct conf *conf, struct arena *arena,
    const struct conf_load_opts *opts, struct msgs *msgs);

/*
 * conf_free - give back what a generation holds outside its arena.
 */
void conf_free(struct conf *conf);

/*
 * conf_start - execute the outermost statements once and fill conf->globals.
 *
 * env  without packet and lease; ops as the caller provides them.  env->out must
 *      be an optset, env->log collects what log() statements say.
 *
 * CONF_BAD with the fatal text as the last message when a value is unusable.
 */
MUST_CHECK enum conf_result conf_start(struct conf *conf, struct expr_env *env,
    struct msgs *msgs);

/*
 * conf_check_failover - every failover peer must have a pool; and the two lines
 * about global parameters that the peer logs at this point.
 *
 * The peer does this after its three path lines.  False when the server must not
 * start; the last message says why.
 */
MUST_CHECK bool conf_check_failover(const struct conf *conf, struct msgs *msgs);

/*
 * conf_subnet_find - the most specific subnet that holds an address, or NULL.
 */
struct conf_subnet *conf_subnet_find(const struct conf *conf, uint32_t addr);

/*
 * conf_subnet_in - the most specific subnet of one network that holds addr, or NULL.
 */
struct conf_subnet *conf_subnet_in(const struct conf_network *network, uint32_t addr);

/*
 * conf_range_find - the range that holds an address, or NULL.  O(log ranges).
 */
struct conf_range *conf_range_find(const struct conf *conf, uint32_t addr);

/*
 * conf_host_by_hw - first host declared for a hardware address.
 *
 * hw  type octet and address.  The others follow by conf_host_next_hw().
 */
struct conf_host *conf_host_by_hw(const struct conf *conf, struct str hw);

/*
 * conf_host_next_hw - next host of the same hardware address, or NULL.
 */
struct conf_host *conf_host_next_hw(const struct conf *conf, const struct conf_host *host);

/*
 * conf_host_by_uid - first host declared for a client identifier, or NULL.
 */
struct conf_host *conf_host_by_uid(const struct conf *conf, struct str uid);

/*
 * conf_host_next_uid - next host of the same client identifier, or NULL.
 */
struct conf_host *conf_host_next_uid(const struct conf *conf, const struct conf_host *host);

/*
 * conf_host_by_name - host of that name (letter case ignored), or NULL.
 */
struct conf_host *conf_host_by_name(const struct conf *conf, struct str name);

/*
 * conf_host_by_id - host whose host-identifier for this kind has that value, or NULL.
 */
struct conf_host *conf_host_by_id(const struct conf *conf, const struct conf_host_id_kind *kind,
    struct str value);

/*
 * conf_host_by_fixed - first host with this literal address in its fixed-address, or NULL.
 */
struct conf_host *conf_host_by_fixed(const struct conf *conf, uint32_t addr);

/*
 * conf_class_by_name - a class by its exact name, or NULL.
 */
struct conf_class *conf_class_by_name(const struct conf *conf, struct str name);

/*
 * conf_subclass_find - the subclass of a class for a value, or NULL.
 */
struct conf_class *conf_subclass_find(const struct conf *conf, const struct conf_class *super,
    struct str data);

/*
 * conf_subclass_put - make a subclass (spawn, or read back from the leases file).
 *
 * data  copied.  Returns the present one when it exists; NULL when the arena is full.
 */
struct conf_class *conf_subclass_put(struct conf *conf, struct conf_class *super,
    struct str data);

/*
 * conf_subclass_at - subclass number i of conf->subclass_n.
 */
const struct conf_class *conf_subclass_at(const struct conf *conf, uint32_t i);

/*
 * conf_group_by_name - the named group declared last under that name, or NULL.
 */
struct conf_group *conf_group_by_name(const struct conf *conf, struct str name);

/*
 * conf_decl_parse - read one host, group, class or subclass declaration kept in
 * a leases file, from its keyword to its closing brace.
 *
 * False when it does not parse or the arena is full; msgs then says why.
 */
MUST_CHECK bool conf_decl_parse(struct conf *conf, struct str name, struct str text,
    struct msgs *msgs);

/*
 * conf_stmts_parse - read a list of statements kept in a leases file ("on" blocks).
 *
 * text  the inside of the braces; not needed afterwards
 * arena  takes the statements (turn scratch is enough to run them at once)
 *
 * False when it does not parse; ret is then untouched.
 */
MUST_CHECK bool conf_stmts_parse(struct conf *conf, struct str text, struct arena *arena,
    const struct stmt **ret);

/*
 * conf_value_parse - read the one "option NAME VALUE;" of a lease.
 *
 * arena  takes the octets and what it needs to read them
 *
 * False when it does not parse or its value is no constant: a lease says what was,
 * there is no packet to evaluate anything with.
 */
MUST_CHECK bool conf_value_parse(struct conf *conf, struct str text, struct arena *arena,
    struct str *ret);

#endif
