/* SPDX-License-Identifier: ISC */
/*
 * who - which machine is at an address, as dhcpd's leases file has it.
 *
 * The file is looked at when a request comes, at most once a second, and only
 * what was appended is read, until dhcpd begins a new file.
 */
#ifndef TFTPD_WHO_H
#define TFTPD_WHO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cc.h"
#include "common/str.h"
#include "tftpd/keeper.h"
#include "tftpd/leases.h"
#include "tftpd/port.h"

struct who {
	struct leases leases;
	void *mem;		/* of leases */
	char *buf;
	struct keeper *keeper;
	dev_t dev;
	ino_t ino;
	uint64_t used;		/* bytes of the file taken */
	int64_t next_ns;	/* not looked at before */
};

/*
 * who_init - with the keeper that opens the file.  0 or -errno.
 */
int who_init(struct who *who, struct keeper *keeper) MUST_CHECK;

/*
 * who_find - the lease of a client, or NULL.
 */
const struct lease_entry *who_find(struct who *who,
    const union port_addr *addr, int64_t now_ns);

#endif
