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
#include "common/wr.h"
#include "dhcpd/leaseread.h"
#include "dhcpd/leasetext.h"

/* Seconds between rewrites, when something was written. */
#define LEASEDB_REWRITE_S 3600
/* Growth since the last rewrite that calls for the next one early. */
#define LEASEDB_GROWTH_MAX (256LL * 1024 * 1024)
/* Leases up to which the rewrite at start is finished before serving. */
#define LEASEDB_SMALL_MAX 20000
/* Bytes of new file written per slice. */
#define LEASEDB_SLICE (256 * 1024)
/* Bytes that may wait for a disk that fails. */
#define LEASEDB_PENDING_MAX (4 * 1024 * 1024)
/* Host, group, class .. statements kept from the file: number and bytes. */
#define LEASEDB_OTHERS_MAX 262144
#define LEASEDB_OTHERS_BYTES (64 * 1024 * 1024)

/* What the database asks of the rest of the daemon; NULL: it does not care. */
struct leasedb_hooks {
	void *ctx;
	/* A line for the log; prio 3 error, 6 info, 7 debug.  Not NULL. */
	void (*log)(void *ctx, int prio, struct str line);
	/*
	 * A host, group, class or subclass statement found in the file; at a
	 * reload all of them come again, for the new configuration.
	 * False: it is not to be written back (a deleted host that the
	 * configuration does not have).
	 */
	bool (*other)(void *ctx, enum leaseread_kind kind, struct str text,
	    uint32_t line);
	/* Normal form (stmt_print, indent 4) of the statements of an "on"
	 * block into wr; false when they do not parse. */
	bool (*statements)(void *ctx, struct str text, struct wr *wr);
	/* As in struct leaseread_sink. */
	const struct opt_def *(*agent_def)(void *ctx, struct str name);
	bool (*agent_value)(void *ctx, struct str text, struct wr *wr);
	/* Does the configuration have this class, this failover peer? */
	bool (*has_class)(void *ctx, struct str name);
	bool (*has_peer)(void *ctx, struct str name);
};

/* What the configuration declares: decides which "Wrote .." lines there are. */
struct leasedb_decls {
	bool has_classes, has_groups, has_hosts;
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
 * leasedb_rebind - after a reload: go on with another table.
 *
 * table      built from the new ranges, loading; gets all bindings and is
 *            ready afterwards.  The old one is not needed any more.
 * ret_lost   bindings whose address is in no range: they stay in the file,
 *            and come back when a later reload has their range again
 *
 * False when the new table is out of room: then the old one is in use as
 * before.
 */
bool leasedb_rebind(struct leasedb *db, struct lease_table *table,
    const struct leasetext_style *style, uint32_t *ret_lost) MUST_CHECK;

/*
 * leasedb_rewrite - begin a rewrite with the next turn.
 */
void leasedb_rewrite(struct leasedb *db);

/*
 * leasedb_close - finish: sync, abandon a rewrite in progress, free it all.
 *
 * What leasedb_sync said last.
 */
int leasedb_close(struct leasedb *db, int64_t now_s) MUST_CHECK;

#endif
