/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_NAMES_H
#define HTTPD_NAMES_H

/*
 * names - what was found out about the host names of clients, and how often
 * a worker may ask.
 *
 * A look-up blocks the whole worker, and whose address has a slow name server
 * decides for how long.  So each answer, "no name" too, is kept for a minute,
 * and after a look-up that took its time nobody is asked for nine times as
 * long: a worker never spends more than a tenth of its time waiting for
 * names.  Whoever comes meanwhile has none, and Require host refuses him.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "httpd/addr.h"

#define NAMES_MAX	512	/* addresses remembered; a later one replaces */
#define NAMES_LEN_MAX	255	/* a longer name is none */
#define NAMES_KEEP_S	60
#define NAMES_REST	9	/* times the duration of the last look-up */

struct names_entry {
	struct addr addr;
	int64_t until_ns;	/* 0: never used */
	uint8_t len;		/* 0: the address has no name */
	char name[NAMES_LEN_MAX];
};

struct names {
	int64_t rest_until_ns;
	struct names_entry v[NAMES_MAX];
};

enum names_verdict {
	NAMES_KNOWN,		/* ret is the name */
	NAMES_NONE,		/* there is none, or nobody may be asked now */
	NAMES_ASK		/* look it up, then names_put */
};

/*
 * names_get - the name of an address.
 *
 * now_ns  monotonic
 * ret     with NAMES_KNOWN: valid until the next names_put
 */
enum names_verdict names_get(const struct names *names,
    const struct addr *addr, int64_t now_ns, struct str *ret) MUST_CHECK;

/*
 * names_put - what a look-up has found.
 *
 * name     empty: nothing
 * began_ns, now_ns  when it was begun, when it was done
 */
void names_put(struct names *names, const struct addr *addr, struct str name,
    int64_t began_ns, int64_t now_ns);

#endif
