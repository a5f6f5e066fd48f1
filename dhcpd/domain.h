/* SPDX-License-Identifier: ISC */
/*
 * domain.h - domain names as labels: text to wire, lists with and without
 * compression pointers (RFC 1035 4.1.4, RFC 3397).
 *
 * A name in wire form is at most DOMAIN_WIRE_MAX octets and ends in a zero
 * label.  Pointers count from the start of the list.  Core.
 */
#ifndef DHCPD_DOMAIN_H
#define DHCPD_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

#define DOMAIN_WIRE_MAX 255

struct domain {
	uint8_t wire[DOMAIN_WIRE_MAX];
	size_t len;
};

/*
 * domain_parse - a name from its text; a final dot makes no difference.
 *
 * False when a label is empty or longer than 63, or the name is too long.
 */
MUST_CHECK bool domain_parse(struct str text, struct domain *ret);

/*
 * domain_read - the next name of a list, pointers followed.
 *
 * at  position in the list, moved behind the name
 *
 * False when the list is damaged or at its end.
 */
MUST_CHECK bool domain_read(struct str list, size_t *at, struct domain *ret);

/*
 * domain_append - a name behind the others of a list.
 *
 * w  holds the list from position 0
 */
void domain_append(struct wr *w, const struct domain *name, bool is_compressed);

#endif
