/* SPDX-License-Identifier: ISC */
/*
 * box - what a running server keeps of the rights it was started with.
 *
 * Shell.  Called once, when everything is open, before the first packet.
 */
#ifndef DHCPD_BOX_H
#define DHCPD_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"

/* Most files that are written by name: leases, pid, statistics. */
#define BOX_FILES_MAX 3

/*
 * box_caps - capabilities, as PROC_CAP bits, that a reload needs to open
 * another interface.
 */
uint64_t box_caps(void);

/*
 * box_drop_power - root without a user to become: stay root in name, for the
 * files, not in power.
 *
 * files      that are written; when one of them or its directory belongs to
 *            somebody else, the capabilities to write there stay too
 *
 * Does nothing for others than root.  0 or -errno.
 */
int box_drop_power(const char *const *files, size_t files_n) MUST_CHECK;

/*
 * box_enter - files may be written beside these alone; system calls and sockets
 * that a server has no use for are gone.
 *
 * ret_has    SANDBOX_HAS_*, untouched on failure
 *
 * 0 or -errno.
 */
int box_enter(const char *const *files, size_t files_n, unsigned *ret_has)
    MUST_CHECK;

#endif
