/* SPDX-License-Identifier: ISC */
/*
 * leasedb - dhcpd.leases on the disk: load, append, make durable, rewrite.
 *
 * The order of a turn is the shell's: lease_commit, leasedb_append for each
 * change, one leasedb_sync, and only when that returned 0 may an ACK leave.
 * A sync that fails keeps everything pending and is retried by the next one;
 * the first failure and then one a minute are logged, and so is the recovery.
 *
 * The hourly rewrite is done in slices between turns, appends meanwhile going
 * to both files, so that a million leases never hold up a reply.
 */
#ifndef DHCPD_LEASEDB_H
#define DHCPD_LEASEDB_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/journal.h"
#include "common/str.h"
#include "dhcpd/leaseread.h"
#include "dhcpd/leasetext.h"

/* Seconds between rewrites, when something was written. */
#define LEASEDB_REWRITE_S 3600
/* Leases up to which the rewrite at start is finished before serving. */
#define LEASEDB_SMALL_MAX 20000
/* Bytes of new file written per slice. */
#define LEASEDB_SLICE (256 * 1024)
/* Bytes that may wait for a disk that fails. */
#define LEASEDB_PENDING_MAX (4 * 1024 * 1024)
/* Bytes of host, group, class .. statements kept from the file. */
#define LEASEDB_OTHER_MAX (64 * 1024 * 1024)

/* What the database asks of the rest of the daemon. */
struct leasedb_hooks {
	void *ctx;
	/* A line for the log; prio 3 error, 6 info, 7 debug. */
	void (*log)(void *ctx, int prio, struct str line);
	/* A host, group, class, subclass statement found in the file. */
	void (*other)(void *ctx, enum leaseread_kind kind, struct str text,
	    uint32_t line);
	/* Normal form of the statements of an "on" block into wr; false when
	 * they do not parse. */
	bool (*statements)(void *ctx, struct str text, struct wr *wr);
	/* Code of an agent sub-option by name, negative: unknown. */
	int (*agent_code)(void *ctx, struct str name);
};

/* How the start-up texts of a rewrite are counted. */
struct leasedb_decls {
	bool has_classes, has_groups, has_hosts;	/* in the configuration */
};

struct leasedb;

/*
 * leasedb_new - a database for a file; nothing is opened yet.
 *
 * path       absolute
 * table      built and loading
 *
 * Memory comes from the system once (process lifetime); NULL when there is
 * none.
 */
struct leasedb *leasedb_new(const char *path, struct lease_table *table,
    const struct leasetext_style *style, const struct leasedb_hooks *hooks);

/*
 * leasedb_load - read the file into the table and finish its queues.
 *
 * A missing file is created, with a warning.  Damage is logged as ISC does,
 * followed by what was skipped; the damaged file is kept beside under the
 * name of the file and ".damaged.<seconds>".
 * 0 or -errno, after a log line with ISC's text.
 */
int leasedb_load(struct leasedb *db, int64_t now_s) MUST_CHECK;

/*
 * leasedb_start - the rewrite at start, and open for appending.
 *
 * Expire what ended while we were down before this: appends up to here are
 * dropped, since the rewrite has them.  Logs "Wrote N leases to leases
 * file." and the lines for declarations before it.  A table above
 * LEASEDB_SMALL_MAX is written in slices by leasedb_turn instead.
 * 0 or -errno, after a log line with ISC's text.
 */
int leasedb_start(struct leasedb *db, int64_t now_s,
    const struct leasedb_decls *decls) MUST_CHECK;

/*
 * leasedb_test - what -T does after leasedb_load: write a temporary file and
 * remove it.
 */
int leasedb_test(struct leasedb *db, int64_t now_s,
    const struct leasedb_decls *decls) MUST_CHECK;

/*
 * leasedb_server_duid - append server-duid unless the file had one.
 */
void leasedb_server_duid(struct leasedb *db, struct str duid);

/*
 * leasedb_append - the block of a lease, as it is now, for the next sync.
 *
 * False when there is no room for it while the disk fails: then no ACK may
 * go out, and a full rewrite will carry it.
 */
bool leasedb_append(struct leasedb *db, const struct lease *l, int64_t now_s)
    MUST_CHECK;

/*
 * leasedb_sync - everything appended is on stable storage; 0 or -errno.
 *
 * Free when nothing is pending.  Not 0 also when earlier appends are still
 * not durable: no ACK may leave then, not even one that changes nothing.
 */
int leasedb_sync(struct leasedb *db, int64_t now_s) MUST_CHECK;

/*
 * leasedb_turn - the work that waits: a slice of a rewrite, a retry.
 *
 * Call it at the end of a turn, after the replies.  Returns milliseconds
 * until it wants to be called again at the latest; negative: any time.
 */
int leasedb_turn(struct leasedb *db, int64_t now_s);

/*
 * leasedb_reload - go on with another table and style after a reload.
 *
 * Bindings outside the new ranges stay in the file: they were handed over by
 * leasedb_keep.
 */
void leasedb_reload(struct leasedb *db, struct lease_table *table,
    const struct leasetext_style *style);

/*
 * leasedb_keep - the callback for lease_copy: keep a binding for the file
 * though it is in no range (ctx is the database).
 */
void leasedb_keep(void *db, uint32_t addr, const struct lease_data *d);

/*
 * leasedb_close - finish: sync, abandon a rewrite in progress.
 */
int leasedb_close(struct leasedb *db, int64_t now_s) MUST_CHECK;

#endif
