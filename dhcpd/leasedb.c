/* SPDX-License-Identifier: ISC */
/*
 * leasedb - dhcpd.leases on the disk.
 *
 * The table in memory is the truth while the daemon runs; the file is what a
 * restart will know.  Three rules keep the second from falling behind the
 * first in a way that somebody could notice: a change is appended before it
 * is told to anybody, an append counts only when a sync said so, and whenever
 * there is doubt (the buffer ran over, the file was damaged) everything is
 * written anew from memory.
 *
 * Statements that are not leases are kept as text and written back.  Leases
 * whose range a reload took away are kept the same way.
 */
#include "dhcpd/leasedb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/ip4.h"
#include "common/proc.h"
#include "common/vis.h"
#include "dhcpd/leasekeep.h"
#include "dhcpd/leasetab.h"

#define CHUNK_SIZE (1024 * 1024 + LEASEREAD_AHEAD)
#define BLOCK_SIZE (LEASETEXT_BLOCK_MAX + 2 * LEASETAB_TEXT_BYTES)
#define LINE_MAX_LEN 1024
/* Seconds between complaints about a failing disk, and between retries. */
#define COMPLAIN_S 60
#define RETRY_MS 1000
#define REWRITE_RETRY_S 5

struct leasedb {
	size_t size;		/* of the reserved memory that begins here */
	struct journal j;
	bool is_started;
	char path[PATH_MAX];
	struct lease_table *t;
	struct leasetext_style style;
	struct leasedb_hooks hooks;
	struct leaseread read;
	char *block;		/* BLOCK_SIZE: the block being printed */
	int64_t now_s;		/* of the present call */

	struct leasekeep kept;	/* statements that are no leases */
	struct str duid;	/* "server-duid ...;" as read */
	char *raw;		/* last "on" block as read, and its id */
	size_t raw_len;
	uint32_t raw_id;
	uint32_t lost_n;	/* leases outside all ranges */
	bool is_damaged;	/* something in the file was not understood */
	bool needs_newline;	/* it does not end with one */

	struct lease_walk walk;	/* of the rewrite in progress */
	bool is_rewriting;
	bool wants_rewrite;
	bool is_short;		/* an append was refused: rewrite or nothing */
	uint64_t refused_n;	/* appends refused, ever */
	uint64_t refused_then;	/* when this rewrite began */
	uint64_t written_n;	/* leases in this rewrite */
	uint32_t class_n, group_n, deleted_n;
	struct leasedb_decls decls;
	int64_t rewritten_s;	/* when the last one ended or failed */
	int64_t rewritten_len;	/* the length of the file then */
	bool has_written;	/* anything since */

	int64_t complained_s;	/* when last */
	bool is_failing;
};

static void say(const struct leasedb *db, int prio, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static void
say(const struct leasedb *db, int prio, const char *fmt, ...)
{
	char buf[PATH_MAX + LINE_MAX_LEN];
	struct wr wr;
	va_list ap;

	wr_init(&wr, buf, sizeof(buf));
	va_start(ap, fmt);
	wr_vfmt(&wr, fmt, ap);
	va_end(ap);
	db->hooks.log(db->hooks.ctx, prio, wr_as_str(&wr));
}

struct leasedb *
leasedb_new(const char *path, struct lease_table *table,
    const struct leasetext_style *style, const struct leasedb_hooks *hooks)
{
	size_t size = sizeof(struct leasedb) + BLOCK_SIZE +
	    LEASETAB_TEXT_BYTES + leasekeep_size(LEASEDB_OTHERS_MAX,
	    LEASEDB_OTHERS_BYTES) + 4 * 64;
	struct leasedb *db;
	struct arena a;
	void *p = proc_reserve(size);

	if (p == NULL)
		return NULL;
	arena_init(&a, p, size);
	db = arena_alloc(&a, sizeof(*db), 64);
	db->size = size;
	db->block = arena_alloc(&a, BLOCK_SIZE, 64);
	db->raw = arena_alloc(&a, LEASETAB_TEXT_BYTES, 64);
	ASSERT(!a.full);
	leasekeep_init(&db->kept, &a, LEASEDB_OTHERS_MAX,
	    LEASEDB_OTHERS_BYTES, table->key);
	if (!str_copy(str_of(path), db->path, sizeof(db->path))) {
		proc_release(p, size);
		return NULL;
	}
	db->t = table;
	db->style = *style;
	db->hooks = *hooks;
	return db;
}

/* ---- statements kept as text ------------------------------------------------- */

static bool
is_deleted(struct str text)
{
	return str_find(text, STR("\n  deleted;")) != STR_NONE;
}

static void
put(struct leasedb *db, struct str s)
{
	journal_rewrite_put(&db->j, s);
}

static void
put_host(struct leasedb *db, struct str text)
{
	struct wr wr;

	wr_init(&wr, db->block, BLOCK_SIZE);
	leasetext_host(&wr, text);
	put(db, wr_as_str(&wr));
}

static uint32_t
put_others(struct leasedb *db, enum leaseread_kind kind, bool want_deleted)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < db->kept.n; k++) {
		const struct leasekeep_item *o = &db->kept.items[k];

		if (o->is_gone || o->kind != kind || (kind == LEASEREAD_HOST &&
		    is_deleted(o->text) != want_deleted))
			continue;
		if (kind == LEASEREAD_HOST) {
			put_host(db, o->text);
		} else {
			put(db, o->text);
			put(db, STR("\n"));
		}
		if (kind == LEASEREAD_CLASS)
			put(db, STR("\n"));
		n++;
	}
	return n;
}

/* ---- loading ------------------------------------------------------------------- */

/*
 * Is an earlier binding of this address better than what is left of a damaged
 * block?  ret gets the binding to use then.
 *
 * What the file ends in was never acknowledged, since nothing is before it is
 * synced.  Inside the file, a block that still says who holds the address
 * counts; one that does not can only prolong what its holder had.
 */
static bool
is_earlier_better(const struct leasedb *db, const struct lease *l,
    const struct lease_data *d, enum leaseread_quality quality,
    struct lease_data *ret)
{
	if (quality == LEASEREAD_WHOLE || l->state == 0)
		return false;
	if (quality != LEASEREAD_TAIL && (d->hw_len != 0 ||
	    d->uid.len != 0 || d->state != LEASE_ACTIVE))
		return false;
	lease_get(db->t, l, ret);
	if (quality != LEASEREAD_TAIL && ret->state == LEASE_ACTIVE &&
	    ret->ends < d->ends)
		ret->ends = d->ends;
	return true;
}

/* Print a block; empty when it cannot be (never: the buffer is large enough). */
static struct str
print(struct leasedb *db, uint32_t addr, const struct lease_data *d)
{
	struct wr wr;

	wr_init(&wr, db->block, BLOCK_SIZE);
	leasetext_lease(&wr, db->t, addr, d, &db->style, db->now_s);
	return ALWAYS(wr_ok(&wr)) ? wr_as_str(&wr) : str_make(NULL, 0);
}

static void
on_lost(void *ctx, uint32_t addr, const struct lease_data *d)
{
	struct leasedb *db = ctx;

	db->lost_n++;
	if (!leasekeep_put(&db->kept, LEASEKEEP_LEASE,
	    str_trim(print(db, addr, d))))
		say(db, 3, "no room to keep a lease outside all ranges.");
}

static bool
on_lease(void *ctx, uint32_t addr, struct lease_data *d,
    enum leaseread_quality quality)
{
	struct leasedb *db = ctx;
	struct lease *l = lease_by_addr(db->t, addr);
	struct lease_data earlier;
	char ip[IP4_TEXT_SIZE];

	if (l == NULL) {
		ip4_fmt(addr, ip);
		say(db, 6, "lease %s: no subnet.", ip);
		return true;
	}
	if (is_earlier_better(db, l, d, quality, &earlier)) {
		ip4_fmt(addr, ip);
		say(db, 3, "lease %s: its earlier binding is kept.", ip);
		d = &earlier;
	}
	if (lease_load(db->t, l, d))
		return true;
	ip4_fmt(addr, ip);
	say(db, 3, "lease %s: no memory for its strings.", ip);
	return false;
}

static void
on_other(void *ctx, enum leaseread_kind kind, struct str text, uint32_t line)
{
	struct leasedb *db = ctx;
	bool is_kept = true;

	if (kind == LEASEREAD_DUID) {
		if (!arena_str(&db->kept.bytes, text, &db->duid))
			is_kept = false;
	} else if (db->hooks.other == NULL ||
	    kind == LEASEREAD_FAILOVER || kind == LEASEREAD_IA ||
	    db->hooks.other(db->hooks.ctx, kind, text, line)) {
		is_kept = leasekeep_put(&db->kept, kind, text);
	}
	if (!is_kept) {
		say(db, 3, "%s line %u: no room to keep this statement.",
		    db->path, line);
		db->is_damaged = true;
	}
}

static void
on_log(void *ctx, int prio, struct str line)
{
	struct leasedb *db = ctx;

	db->hooks.log(db->hooks.ctx, prio, line);
}

static void
on_skipped(void *ctx, uint32_t line, uint64_t at, size_t len)
{
	struct leasedb *db = ctx;

	db->is_damaged = true;
	if (len == 0)
		say(db, 3, "%s line %u: block without its end at offset "
		    "%llu: what there is of it is kept.", db->path, line,
		    (unsigned long long)at);
	else
		say(db, 3, "%s line %u: %zu bytes at offset %llu are left "
		    "out.", db->path, line, len, (unsigned long long)at);
}

static uint32_t
on_statements(void *ctx, struct str text)
{
	struct leasedb *db = ctx;
	struct wr wr;

	if (str_eq(text, str_make(db->raw, db->raw_len)))
		return db->raw_id;
	wr_init(&wr, db->block, BLOCK_SIZE);
	if (db->hooks.statements == NULL)
		wr_str(&wr, text);
	else if (!db->hooks.statements(db->hooks.ctx, text, &wr) ||
	    !wr_ok(&wr))
		return 0;
	if (text.len > LEASETAB_TEXT_BYTES)
		return 0;
	memcpy(db->raw, text.p, text.len);
	db->raw_len = text.len;
	db->raw_id = lease_text_id(db->t, wr_as_str(&wr));
	return db->raw_id;
}

static const struct opt_def *
on_agent_def(void *ctx, struct str name)
{
	struct leasedb *db = ctx;

	return db->hooks.agent_def == NULL ? NULL :
	    db->hooks.agent_def(db->hooks.ctx, name);
}

static bool
on_agent_value(void *ctx, struct str text, struct wr *wr)
{
	struct leasedb *db = ctx;

	return db->hooks.agent_value(db->hooks.ctx, text, wr);
}

static bool
on_has_class(void *ctx, struct str name)
{
	struct leasedb *db = ctx;

	return db->hooks.has_class == NULL ||
	    db->hooks.has_class(db->hooks.ctx, name);
}

static bool
on_has_peer(void *ctx, struct str name)
{
	struct leasedb *db = ctx;

	return db->hooks.has_peer != NULL &&
	    db->hooks.has_peer(db->hooks.ctx, name);
}

static struct leaseread_sink
sink_of(struct leasedb *db)
{
	struct leaseread_sink sink = {
		.ctx = db, .lease = on_lease, .other = on_other,
		.log = on_log, .skipped = on_skipped,
		.statements = on_statements, .agent_def = on_agent_def,
		.agent_value = on_agent_value,
		.has_class = on_has_class, .has_peer = on_has_peer,
	};

	return sink;
}

static int
read_file(struct leasedb *db, int fd)
{
	struct leaseread_sink sink = sink_of(db);
	char *buf = proc_reserve(CHUNK_SIZE);
	size_t have = 0, used;
	bool is_last = false;
	int err = 0;

	if (buf == NULL)
		return -ENOMEM;
	leaseread_init(&db->read, &sink, str_of(db->path), db->now_s);
	while (!is_last && !db->read.is_stopped) {
		ssize_t n = read(fd, buf + have, CHUNK_SIZE - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err = -errno;
			break;
		}
		if (n > 0)
			db->needs_newline = buf[have + (size_t)n - 1] != '\n';
		have += (size_t)n;
		is_last = n == 0;
		used = leaseread_feed(&db->read, buf, have, is_last);
		have -= used;
		memmove(buf, buf + used, have);
	}
	proc_release(buf, CHUNK_SIZE);
	return db->read.is_stopped ? -ENOMEM : err;
}

static int
open_failed(struct leasedb *db, int err)
{
	say(db, 3, "Can't open lease database %s: %s --", db->path,
	    strerror(err));
	say(db, 3, "  check for failed database rewrite attempt!");
	say(db, 3, "Please read the dhcpd.leases manual page if you");
	say(db, 3, "don't know what to do about this.");
	return -err;
}

/* Nobody can have a lease, unless an earlier file is still there. */
static int
open_missing(struct leasedb *db)
{
	char backup[PATH_MAX + 2];
	int fd;

	(void)snprintf(backup, sizeof(backup), "%s~", db->path);
	if (link(backup, db->path) == 0 || rename(backup, db->path) == 0) {
		say(db, 4, "Lease database %s was missing: its backup %s is "
		    "used.", db->path, backup);
		return open(db->path, O_RDONLY | O_CLOEXEC);
	}
	fd = open(db->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0)
		say(db, 4, "Lease database %s was missing: an empty one is "
		    "created.", db->path);
	return fd;
}

/* A second name for the file as it was, which no rewrite will replace. */
static void
keep_damaged(struct leasedb *db)
{
	char name[PATH_MAX + 32];
	int err;

	(void)snprintf(name, sizeof(name), "%s.damaged.%lld", db->path,
	    (long long)db->now_s);
	err = journal_keep(db->path, name);
	if (err == 0 || err == -EEXIST)
		say(db, 3, "%s is damaged; it is kept as %s.", db->path, name);
	else
		say(db, 3, "%s is damaged and cannot be kept as %s: %s",
		    db->path, name, strerror(-err));
}

static bool
get_ready(struct lease_table *t)
{
	size_t size = leasetab_scratch(t);
	void *p = proc_reserve(size);
	struct arena a;
	bool ok;

	if (p == NULL)
		return false;
	arena_init(&a, p, size);
	ok = leasetab_ready(t, &a);
	proc_release(p, size);
	return ok;
}

int
leasedb_load(struct leasedb *db, int64_t now_s)
{
	int fd = open(db->path, O_RDONLY | O_CLOEXEC), err;

	db->now_s = now_s;
	if (fd < 0 && errno == ENOENT)
		fd = open_missing(db);
	if (fd < 0)
		return open_failed(db, errno);
	err = read_file(db, fd);
	close(fd);
	if (err == -EISDIR) {
		say(db, 3, "Can't lseek on %s: Invalid argument", db->path);
		return -EINVAL;
	}
	if (err != 0)
		return open_failed(db, -err);
	if (db->is_damaged)
		keep_damaged(db);
	if (!get_ready(db->t)) {
		say(db, 3, "No memory for the lease table.");
		return -ENOMEM;
	}
	return 0;
}

/* ---- rewriting ------------------------------------------------------------------- */

static void
put_head(struct leasedb *db)
{
	struct wr wr;

	wr_init(&wr, db->block, BLOCK_SIZE);
	leasetext_head(&wr);
	put(db, wr_as_str(&wr));
	if (db->duid.len != 0) {
		put(db, db->duid);
		put(db, STR("\n\n"));
	}
	db->class_n = put_others(db, LEASEREAD_CLASS, false);
	db->group_n = put_others(db, LEASEREAD_GROUP, false);
	db->deleted_n = put_others(db, LEASEREAD_HOST, true);
	(void)put_others(db, LEASEREAD_HOST, false);
	(void)put_others(db, LEASEREAD_FAILOVER, false);
	(void)put_others(db, LEASEREAD_IA, false);
	db->written_n = put_others(db, LEASEKEEP_LEASE, false);
}

static int
rewrite_begin(struct leasedb *db)
{
	int err = journal_rewrite_begin(&db->j, db->now_s);

	db->rewritten_s = db->now_s;
	if (err != 0)
		return err;
	/* Behind what was refused, what waits would undo it. */
	if (db->is_short)
		journal_drop(&db->j);
	memset(&db->walk, 0, sizeof(db->walk));
	db->is_rewriting = true;
	db->wants_rewrite = false;
	db->has_written = false;
	/* From here on every append goes into the new file too. */
	db->refused_then = db->refused_n;
	put_head(db);
	return 0;
}

/* Print leases until about max bytes are written; true when all are. */
static bool
rewrite_slice(struct leasedb *db, size_t max)
{
	size_t n = 0;

	while (n < max) {
		struct lease *l = lease_walk_next(db->t, &db->walk);
		struct lease_data d;
		struct str text;

		if (l == NULL)
			return true;
		lease_get(db->t, l, &d);
		text = print(db, lease_addr(db->t, l), &d);
		put(db, text);
		n += text.len;
		db->written_n++;
	}
	return false;
}

static void
log_rewrite(struct leasedb *db)
{
	if (db->decls.has_classes || db->class_n != 0)
		say(db, 6, "Wrote %u class decls to leases file.",
		    db->class_n);
	if (db->decls.has_groups || db->group_n != 0)
		say(db, 6, "Wrote %u group decls to leases file.",
		    db->group_n);
	if (db->decls.has_hosts) {
		say(db, 6, "Wrote %u deleted host decls to leases file.",
		    db->deleted_n);
		say(db, 6, "Wrote 0 new dynamic host decls to leases file.");
	}
	say(db, 6, "Wrote %llu leases to leases file.",
	    (unsigned long long)db->written_n);
}

static void
complain(struct leasedb *db)
{
	int64_t age = db->now_s - db->complained_s;

	/* Below 0: the clock was set back; silence must not last until then. */
	if (db->is_failing && age >= 0 && age < COMPLAIN_S)
		return;
	db->is_failing = true;
	db->complained_s = db->now_s;
	say(db, 3, "commit_leases: unable to commit, %s(): %s; no lease is "
	    "acknowledged until it can be written",
	    db->j.err_op != NULL ? db->j.err_op : "write",
	    strerror(db->j.err != 0 ? db->j.err : ENOBUFS));
}

static int
rewrite_end(struct leasedb *db)
{
	int err = journal_rewrite_commit(&db->j);

	db->is_rewriting = false;
	db->rewritten_s = db->now_s;
	if (err != 0) {
		db->wants_rewrite = true;
		return err;
	}
	if (db->refused_n == db->refused_then)
		db->is_short = false;
	db->needs_newline = false;
	db->rewritten_len = journal_len(&db->j);
	log_rewrite(db);
	return 0;
}

/* The whole rewrite at once. */
static int
rewrite_all(struct leasedb *db)
{
	int err = rewrite_begin(db);

	if (err != 0)
		return err;
	(void)rewrite_slice(db, SIZE_MAX);
	return rewrite_end(db);
}

/* ---- serving --------------------------------------------------------------------- */

int
leasedb_start(struct leasedb *db, int64_t now_s,
    const struct leasedb_decls *decls)
{
	int err = journal_open(&db->j, db->path, LEASEDB_PENDING_MAX);

	db->now_s = now_s;
	db->decls = *decls;
	if (err != 0) {
		say(db, 3, "Can't open %s for append.", db->path);
		return err;
	}
	db->is_started = true;
	db->j.is_lazy = db->style.is_unsynced;
	db->has_written = false;
	if (db->read.leases_n > LEASEDB_SMALL_MAX && !db->is_damaged) {
		db->wants_rewrite = true;
		return 0;
	}
	if (rewrite_all(db) != 0) {
		/* The old file is as good; a full disk may have room later. */
		db->wants_rewrite = true;
		say(db, 3, "Can't rewrite %s: %s", db->path,
		    strerror(db->j.err));
	}
	return 0;
}

int
leasedb_test(struct leasedb *db, int64_t now_s,
    const struct leasedb_decls *decls)
{
	int err = journal_open(&db->j, db->path, LEASEDB_PENDING_MAX);

	db->now_s = now_s;
	db->decls = *decls;
	if (err != 0) {
		say(db, 3, "Can't open %s for append.", db->path);
		return err;
	}
	err = rewrite_begin(db);
	if (err == 0) {
		(void)rewrite_slice(db, SIZE_MAX);
		log_rewrite(db);
		say(db, 7, "Lease file test successful, removing temp lease "
		    "file: %s.%lld", db->path, (long long)now_s);
	}
	journal_close(&db->j);
	db->is_rewriting = false;
	return err;
}

static bool
append(struct leasedb *db, struct str text)
{
	if (db->needs_newline && journal_append(&db->j, STR("\n")) != 0)
		return false;
	db->needs_newline = false;
	db->has_written = true;
	return journal_append(&db->j, text) == 0;
}

bool
leasedb_append(struct leasedb *db, const struct lease *l, int64_t now_s)
{
	struct lease_data d;

	if (!db->is_started)
		return true;
	db->now_s = now_s;
	lease_get(db->t, l, &d);
	if (append(db, print(db, lease_addr(db->t, l), &d)))
		return true;
	db->is_short = true;
	db->refused_n++;
	return false;
}

void
leasedb_server_duid(struct leasedb *db, struct str duid)
{
	struct wr wr;

	if (db->duid.len != 0 || !db->is_started)
		return;
	wr_init(&wr, db->block, BLOCK_SIZE);
	wr_str(&wr, STR("server-duid \""));
	vis_octal(&wr, duid.p, duid.len);
	wr_str(&wr, STR("\";\n\n"));
	if (!append(db, wr_as_str(&wr)))
		db->wants_rewrite = true;
}

int
leasedb_sync(struct leasedb *db, int64_t now_s)
{
	int err;

	db->now_s = now_s;
	if (db->is_short) {
		complain(db);
		return -ENOBUFS;
	}
	if (!journal_is_pending(&db->j))
		return 0;
	err = journal_sync(&db->j);
	if (err != 0) {
		complain(db);
		return err;
	}
	if (db->is_failing) {
		db->is_failing = false;
		say(db, 6, "Lease database %s can be written again.",
		    db->path);
	}
	return 0;
}

static bool
is_rewrite_due(const struct leasedb *db)
{
	int64_t age = db->now_s - db->rewritten_s;

	if (db->is_short || db->wants_rewrite)
		return age >= REWRITE_RETRY_S || age < 0 ||
		    db->rewritten_s == 0;
	return db->has_written && (age > LEASEDB_REWRITE_S ||
	    journal_len(&db->j) > 4 * db->rewritten_len + LEASEDB_GROWTH_MAX);
}

int
leasedb_turn(struct leasedb *db, int64_t now_s)
{
	db->now_s = now_s;
	if (!db->is_started)
		return -1;
	if (!db->is_rewriting && is_rewrite_due(db) && rewrite_begin(db) != 0)
		complain(db);
	if (db->is_rewriting) {
		if (!rewrite_slice(db, LEASEDB_SLICE))
			return 0;
		if (rewrite_end(db) != 0)
			complain(db);
	}
	if (journal_is_pending(&db->j) || db->is_short) {
		if (leasedb_sync(db, now_s) != 0)
			return RETRY_MS;
	}
	return db->wants_rewrite ? RETRY_MS : -1;
}

void
leasedb_rewrite(struct leasedb *db)
{
	db->wants_rewrite = true;
	db->rewritten_s = 0;
}

/* ---- reload ------------------------------------------------------------------------ */

/* A lease kept as text that a table has the address of. */
static bool
has_come_back(const struct leasekeep_item *o, const struct lease_table *table)
{
	uint32_t addr;

	return !o->is_gone && o->kind == LEASEKEEP_LEASE &&
	    ip4_parse(str_trim(str_sub(o->text, 6, o->name_len - 6)), &addr) &&
	    lease_by_addr(table, addr) != NULL;
}

/* Tell what the file declares; read back leases whose range has come back. */
static bool
absorb(struct leasedb *db, struct lease_table *table)
{
	struct leaseread_sink sink = sink_of(db);
	struct lease_table *old = db->t;

	db->t = table;
	db->raw_len = 0;
	leaseread_init(&db->read, &sink, str_of(db->path), db->now_s);
	for (uint32_t k = 0; k < db->kept.n && !db->read.is_stopped; k++) {
		struct leasekeep_item *o = &db->kept.items[k];

		if (!o->is_gone && o->kind <= LEASEREAD_HOST &&
		    db->hooks.other != NULL)
			(void)db->hooks.other(db->hooks.ctx, o->kind, o->text,
			    0);
		if (has_come_back(o, table))
			(void)!leaseread_feed(&db->read, o->text.p,
			    o->text.len, true);
	}
	db->t = old;
	return !db->read.is_stopped;
}

/* What the table has is not kept as text any more. */
static void
drop_absorbed(struct leasedb *db)
{
	for (uint32_t k = db->kept.n; k-- > 0;) {
		const struct leasekeep_item *o = &db->kept.items[k];

		if (has_come_back(o, db->t))
			leasekeep_drop(&db->kept,
			    str_sub(o->text, 0, o->name_len));
	}
}

bool
leasedb_rebind(struct leasedb *db, struct lease_table *table,
    const struct leasetext_style *style, uint32_t *ret_lost)
{
	uint32_t kept_n = db->kept.n;

	db->lost_n = 0;
	if (!absorb(db, table) ||
	    !leasetab_copy(table, db->t, on_lost, db) || !get_ready(table)) {
		/* No address is both in the old table and kept from before. */
		leasekeep_undo(&db->kept, kept_n);
		return false;
	}
	*ret_lost = db->lost_n;
	db->t = table;
	drop_absorbed(db);
	db->style = *style;
	db->j.is_lazy = style->is_unsynced;
	if (db->is_rewriting) {
		/* Its walk belongs to the old table. */
		journal_rewrite_abort(&db->j);
		db->is_rewriting = false;
		leasedb_rewrite(db);
	}
	return true;
}

int
leasedb_close(struct leasedb *db, int64_t now_s)
{
	int err = 0;

	if (db->is_started) {
		err = leasedb_sync(db, now_s);
		journal_close(&db->j);
	}
	proc_release(db, db->size);
	return err;
}
