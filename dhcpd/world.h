/* SPDX-License-Identifier: ISC */
/*
 * world.h - programs and names for the statements of a configuration.
 *
 * Both block the server, as they do in the peer: execute() waits for its
 * program, though not without limit, and a name waits for the resolver.  Shell.
 */
#ifndef DHCPD_WORLD_H
#define DHCPD_WORLD_H

#include <sys/types.h>

#include "common/ev.h"
#include "dhcpd/decide.h"
#include "dhcpd/expr.h"

/* Limits of the cache of names. */
enum {
	WORLD_NAMES_MAX = 256,		/* names remembered */
	WORLD_ADDRS_MAX = 16,		/* addresses per name */
	WORLD_GOOD_S = 3600,
	WORLD_BAD_S = 60
};

struct world_name;

/* Process lifetime. */
struct world {
	struct ev *ev;
	struct world_name *names;
	char host[256];
	int wait_ms;			/* for a program */
	pid_t left[EXPR_EXECUTE_LEFT_MAX];	/* no longer waited for */
	size_t left_n;
};

/*
 * world_init - fill in ops, whose ctx becomes the struct.
 *
 * 0 or -ENOMEM.
 */
int world_init(struct world *w, struct ev *ev, struct decide_ops *ops)
    MUST_CHECK;

#endif
