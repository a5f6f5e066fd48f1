/* SPDX-License-Identifier: ISC */
/*
 * leasetext - the text of dhcpd.leases, written as ISC 4.4.3 writes it.
 */
#ifndef DHCPD_LEASETEXT_H
#define DHCPD_LEASETEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"
#include "common/wr.h"
#include "dhcpd/lease.h"
#include "dhcpd/optspace.h"

/* Most bytes one block can take: every byte of the blob as \ooo, and lines. */
#define LEASETEXT_BLOCK_MAX (LEASE_BLOB_MAX * 4 + 2048)

/* How the configuration wants it. */
struct leasetext_style {
	bool is_uid_hex;	/* lease-id-format hex */
	bool is_local_time;	/* db-time-format local */
	bool is_unsynced;	/* dont-use-fsync */
	/* Local broken-down time for the comment behind "epoch"; NULL: UTC. */
	int64_t (*utc_offset_s)(void *ctx, int64_t wall_s);
	void *ctx;
	/* A sub-option of option 82; NULL: "unknown-N", octets or text. */
	const struct opt_def *(*agent_def)(void *ctx, uint8_t code);
};

/*
 * leasetext_head - the first lines of a new file.
 */
void leasetext_head(struct wr *wr);

/*
 * leasetext_lease - one block, "lease ADDR {" to "}".
 *
 * texts      table of the on-expiry texts that d names
 *
 * The writer fails when the block does not fit; LEASETEXT_BLOCK_MAX and the
 * length of the texts is always enough.
 */
void leasetext_lease(struct wr *wr, const struct lease_table *texts,
    uint32_t addr, const struct lease_data *d,
    const struct leasetext_style *style, int64_t now_s);

/*
 * leasetext_host - a host statement as it was read, in ISC's form: lists of
 * addresses without blanks.
 */
void leasetext_host(struct wr *wr, struct str text);

/*
 * leasetext_date - "0 2026/11/22 09:19:25;" or its other forms, with the
 * semicolon.
 */
void leasetext_date(struct wr *wr, uint32_t t,
    const struct leasetext_style *style);

/*
 * leasetext_state - the word of a binding state.
 */
struct str leasetext_state(enum lease_state state);

#endif
