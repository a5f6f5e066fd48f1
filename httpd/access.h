/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_ACCESS_H
#define HTTPD_ACCESS_H

/*
 * access - who may have what: Require with its containers (2.4), and
 * Order, Allow, Deny, Satisfy (2.2).
 *
 * The rules are data; access_check walks them for one request.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#include "httpd/addr.h"
#include "httpd/conf.h"
#include "httpd/env.h"

#define ACCESS_DEPTH_MAX	16	/* containers in containers */

struct expr;

enum access_kind {
	ACCESS_ALL, ACCESS_ANY, ACCESS_NONE,	/* containers */
	ACCESS_GRANTED, ACCESS_DENIED,
	ACCESS_IP, ACCESS_HOST, ACCESS_LOCAL, ACCESS_ENV, ACCESS_METHOD,
	ACCESS_USER, ACCESS_GROUP, ACCESS_VALID_USER,
	ACCESS_DHCP_LEASE, ACCESS_EXPR,
};

struct access_node {
	uint8_t kind;		/* access_kind */
	bool is_not;
	bool is_implicit;	/* the container around bare Require lines */
	uint32_t limit;		/* methods it is for */
	struct conf_words words;	/* users, groups, hosts, variables */
	struct conf_nets nets;	/* ACCESS_IP */
	uint32_t methods;	/* ACCESS_METHOD */
	const struct expr *expr;	/* ACCESS_EXPR */
	const struct access_node *const *kids;
	unsigned kids_n;
};

enum access_who { ACCESS_WHO_ALL, ACCESS_WHO_NET, ACCESS_WHO_HOST,
    ACCESS_WHO_ENV };

/* One word of an Allow or Deny line. */
struct access_entry {
	uint8_t who;		/* access_who */
	bool is_not;		/* env=!NAME */
	uint32_t limit;
	struct addr_net net;
	struct str name;
};

struct access_entries {
	const struct access_entry *v;
	unsigned n;
};

/* A bit per method; a method in neither order mask is deny,allow. */
struct access_compat {
	uint32_t order_allow_deny, order_mutual;
	uint32_t satisfy_any;
	struct access_entries allow, deny;
};

/* What a rule may look at. */
struct access_in {
	const struct addr *client;
	const struct addr *local;
	unsigned method;	/* proto_method, HEAD as GET */
	const struct env *env;
	bool has_user;		/* verified */
	struct str user;
	bool has_lease;		/* holds an active DHCP lease */
	struct str host;	/* verified name, or empty */
	/* Whether the user is in a group. */
	bool (*in_group)(void *ctx, struct str group);
	/* Whether an expression is true, and looked for a user in vain. */
	bool (*holds)(void *ctx, const struct expr *e, bool *ret_no_user);
	void *ctx;
};

enum access_verdict {
	ACCESS_OK,
	ACCESS_NEED_USER,	/* a verified user could change it: 401 */
	ACCESS_REFUSED,		/* 403 */
};

/*
 * access_require - what the Require rules say; ACCESS_OK for none.
 */
enum access_verdict access_require(const struct access_node *rules,
    const struct access_in *in);

/*
 * access_compat_ok - what Order, Allow and Deny say; true for none.
 */
bool access_compat_ok(const struct access_compat *rules,
    const struct access_in *in);

/*
 * access_satisfy_any - whether host or user is enough for the method.
 */
bool access_satisfy_any(const struct access_compat *rules, unsigned method);

/*
 * access_looks_at - whether any rule depends on more than the path: the
 * client, the method, variables, users.  A plan without such rules can be
 * kept for the next request.
 */
bool access_looks_at(const struct access_node *rules,
    const struct access_compat *compat);

/*
 * access_host_in - "a.b.example" is in "b.example" and in ".example".
 */
bool access_host_in(struct str host, struct str domain);

#endif
