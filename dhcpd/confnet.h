/* SPDX-License-Identifier: ISC */
/*
 * confnet.h - shared networks, subnets, pools, ranges, permit lists.
 *
 * Each function begins with its keyword looked at; those that return a bool say
 * whether the next complaint of the block is about declarations only.
 */
#ifndef DHCPD_CONFNET_H
#define DHCPD_CONFNET_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/confbuild.h"

/* confnet_shared - shared-network NAME { .. } */
bool confnet_shared(struct parse *p, struct confbuild_block *b);

/* confnet_subnet - subnet ADDR netmask ADDR { .. } */
bool confnet_subnet(struct parse *p, struct confbuild_block *b);

/* confnet_pool - pool { .. } */
void confnet_pool(struct parse *p, struct confbuild_block *b);

/* confnet_range - range [dynamic-bootp] LOW [HIGH]; */
void confnet_range(struct parse *p, struct confbuild_block *b);

/* confnet_permit - what follows allow or deny in a pool; the word has been taken. */
struct conf_permit *confnet_permit(struct parse *p, bool *ret_has_after);

/*
 * confnet_implicit - the network a lone subnet stands for.
 *
 * NULL when the arena is full.
 */
struct conf_network *confnet_implicit(struct parse *p, struct confbuild_block *b,
    const char *name);

/* confnet_body - entries of a subnet or shared network up to the right brace. */
void confnet_body(struct parse *p, struct confbuild_block *b, struct str *interface);

#endif
