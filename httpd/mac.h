/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_MAC_H
#define HTTPD_MAC_H

/*
 * mac - which machine holds an address, by dhcpd's leases file.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

/*
 * mac_find - the machine that holds a lease of an address now.
 *
 * leases  text of the file; only its last entry for an address counts
 * ip      host order
 * now_s   wall clock; a lease that has ended is no lease
 * ret     "52:54:00:12:34:56", lower case, in the arena; empty when the
 *         lease names no hardware
 *
 * False when the address is not leased.
 */
MUST_CHECK bool mac_find(struct str leases, uint32_t ip, int64_t now_s,
    struct arena *a, struct str *ret);

#endif
