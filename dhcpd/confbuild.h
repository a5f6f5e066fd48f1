/* SPDX-License-Identifier: ISC */
/*
 * confbuild.h - inside a generation: its lookup tables, and the blocks that are
 * open while a file is read.  For conf*.c alone.
 */
#ifndef DHCPD_CONFBUILD_H
#define DHCPD_CONFBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "dhcpd/confindex.h"
#include "dhcpd/parse.h"
#include "dhcpd/tree.h"

struct conf_index {
	struct confindex_table host_name, host_hw, host_uid, host_fixed, host_id;
	struct confindex_table class_name, subclass, group_name, subnet;
	struct conf_class **subclasses;
	struct conf_group **groups;
	struct conf_host_id **host_ids;
	struct conf_subnet *newest;	/* the peer's list, which overlap warnings follow */
	struct conf_subnet **by_net;	/* ascending by network number */
	struct conf_range **ranges;	/* ascending, without overlap */
	uint32_t *masks;		/* of subnets, most specific first, each once */
	uint32_t mask_n, mask_cap, group_n, host_id_n, range_n;
	uint32_t network_cap, subnet_cap, pool_cap, host_cap, class_cap;
	uint32_t by_net_cap, subclass_cap, group_cap, host_id_cap, range_cap;
};

enum confbuild_kind {
	CONFBUILD_ROOT,
	CONFBUILD_GROUP,
	CONFBUILD_SHARED,
	CONFBUILD_SUBNET,
	CONFBUILD_POOL,
	CONFBUILD_HOST,
	CONFBUILD_CLASS
};

/* A block being read; on the stack of the function that reads it. */
struct confbuild_block {
	struct confbuild_block *outer;
	enum confbuild_kind kind;
	bool is_authoritative;		/* copied from outer when the block opens */
	bool is_inside;			/* an included file: only what include allows */
	struct conf_scope *scope;	/* NULL until something needs it */
	struct stmt **end;		/* where the next statement goes */
	struct conf_network *network;
	struct conf_subnet *subnet;
	struct conf_subnet6 *subnet6;
	struct conf_pool *pool;
	struct conf_pool6 *pool6;
	struct conf_host *host;
	struct conf_class *class;
};

/* What reading a configuration keeps beside the generation. */
struct build {
	const struct src_loader *loader;
	bool has_warned_hosts;
	bool has_v4_subnet, has_v6_subnet;
	bool has_failover_check;
};

/* confbuild_open - start a block inside another. */
void confbuild_open(struct confbuild_block *b, enum confbuild_kind kind,
    struct confbuild_block *outer);

/* confbuild_scope - the scope of a block, made now if need be; NULL when full. */
struct conf_scope *confbuild_scope(struct parse *p, struct confbuild_block *b);

/* confbuild_inherited - the block's own scope if it has one, else the nearest around. */
const struct conf_scope *confbuild_inherited(struct parse *p, struct confbuild_block *b);

/* confbuild_add - append a statement to a block; NULL is nothing. */
void confbuild_add(struct parse *p, struct confbuild_block *b, struct stmt *s);

/*
 * confbuild_network - enter a network; false when the arena is full.
 */
MUST_CHECK bool confbuild_network(struct parse *p, struct conf_network *network);

/* confbuild_subnet - enter a subnet; warns about an overlap. */
MUST_CHECK bool confbuild_subnet(struct parse *p, struct conf_subnet *subnet);

/* confbuild_pool - enter a pool. */
MUST_CHECK bool confbuild_pool(struct parse *p, struct conf_pool *pool);

/*
 * confbuild_range - enter a range of addresses and tell every one declared before.
 */
MUST_CHECK bool confbuild_range(struct parse *p, struct conf_range *range);

/*
 * confbuild_expect - tell the tables how much of the file has been read, so that
 * they grow once and not step by step.
 */
void confbuild_expect(struct parse *p);

/* confbuild_host - enter a finished host; false (and a message) when the name is taken. */
MUST_CHECK bool confbuild_host(struct parse *p, struct conf_host *host);

/* confbuild_class - enter a class. */
MUST_CHECK bool confbuild_class(struct parse *p, struct conf_class *class);

/* confbuild_subclass - enter a subclass. */
MUST_CHECK bool confbuild_subclass(struct conf *conf, struct conf_class *class);

/* confbuild_group - enter a named group; it hides an older one. */
MUST_CHECK bool confbuild_group(struct parse *p, struct conf_group *group);

#endif
