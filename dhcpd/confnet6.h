/* SPDX-License-Identifier: ISC */
/*
 * confnet6.h - the DHCPv6 side of a configuration: networks, ranges, prefixes.
 *
 * Each function begins with its keyword looked at.
 */
#ifndef DHCPD_CONFNET6_H
#define DHCPD_CONFNET6_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/confbuild.h"

/* confnet6_subnet - subnet6 ADDR/LEN { .. }; true when a declaration. */
bool confnet6_subnet(struct parse *p, struct confbuild_block *b);

/* confnet6_pool - pool6 { .. } */
void confnet6_pool(struct parse *p, struct confbuild_block *b);

/* confnet6_range - range6 .. ; */
void confnet6_range(struct parse *p, struct confbuild_block *b);

/* confnet6_prefix - prefix6 LOW HIGH /LEN; */
void confnet6_prefix(struct parse *p, struct confbuild_block *b);

/* confnet6_fixed_prefix - fixed-prefix6 ADDR/LEN; */
void confnet6_fixed_prefix(struct parse *p, struct confbuild_block *b);

/* confnet6_server_duid - server-duid .. ; */
void confnet6_server_duid(struct parse *p);

#endif
