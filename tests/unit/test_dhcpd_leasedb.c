/* SPDX-License-Identifier: ISC */
/*
 * The lease database on a real directory: load, rewrite, append, reload.
 *
 * write(2) is ours, so that a quarter of a gigabyte need not be written.
 */
#include "dhcpd/leasedb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/proc.h"
#include "tests/unit/lt.h"

enum { NOW = 1795339200 };

#define HEAD \
	"# The format of this file is documented in the dhcpd.leases(5) manual " \
	"page.\n# This lease file was written by isc-dhcp-4.4.3-P1\n\n" \
	"# authoring-byte-order entry is generated, DO NOT DELETE\n" \
	"authoring-byte-order little-endian;\n\n"
#define LEASE(n) \
	"lease 10.0.0." n " {\n" \
	"  starts 0 2026/11/22 09:18:20;\n" \
	"  ends 0 2026/11/22 09:28:20;\n" \
	"  tstp 0 2026/11/22 09:28:20;\n" \
	"  cltt 0 2026/11/22 09:18:20;\n" \
	"  binding state active;\n" \
	"  next binding state free;\n" \
	"  rewind binding state free;\n" \
	"  hardware ethernet 02:00:00:00:00:" n ";\n" \
	"}\n"

static bool forgets;		/* what is written is counted alone */
static int64_t forgotten_len;

ssize_t
write(int fd, const void *p, size_t n)
{
	if (!forgets || fd <= STDERR_FILENO)
		return syscall(SYS_write, fd, p, n);
	forgotten_len += (int64_t)n;
	return (ssize_t)n;
}

struct world {
	char dir[64];
	char path[128];
	struct lt lt;
	struct leasedb *db;
	char log[16384];
	struct wr log_wr;
	bool drops_deleted;
	int others_n;		/* heard of */
	int64_t now;
};

static void
on_log(void *ctx, int prio, struct str line)
{
	struct world *w = ctx;
	size_t n;

	wr_dec(&w->log_wr, (uint64_t)prio);
	wr_u8(&w->log_wr, ' ');
	/* The directory's name is different each time. */
	while ((n = str_find(line, str_of(w->dir))) != STR_NONE) {
		wr_str(&w->log_wr, str_sub(line, 0, n));
		wr_str(&w->log_wr, STR("D"));
		line = str_sub(line, n + strlen(w->dir), line.len);
	}
	wr_str(&w->log_wr, line);
	wr_u8(&w->log_wr, '\n');
}

static bool
on_other(void *ctx, enum leaseread_kind kind, struct str text, uint32_t line)
{
	struct world *w = ctx;

	(void)kind;
	(void)line;
	w->others_n++;
	return !w->drops_deleted ||
	    str_find(text, STR("deleted;")) == STR_NONE;
}

static void
setup(struct world *w, const char *text)
{
	memset(w, 0, sizeof(*w));
	(void)snprintf(w->dir, sizeof(w->dir), "/tmp/leasedb.XXXXXX");
	ck_assert_msg(mkdtemp(w->dir) != NULL, "mkdtemp");
	(void)snprintf(w->path, sizeof(w->path), "%s/dhcpd.leases", w->dir);
	w->now = NOW;
	wr_init(&w->log_wr, w->log, sizeof(w->log) - 1);
	if (text != NULL) {
		FILE *f = fopen(w->path, "w");

		ck_assert_msg(f != NULL && fputs(text, f) >= 0 &&
		    fclose(f) == 0, "write");
	}
}

static int
load(struct world *w, const char *range)
{
	struct leasetext_style style = { .is_uid_hex = false };
	struct leasedb_hooks hooks = { .ctx = w, .log = on_log,
	    .other = on_other };

	memset(&w->lt, 0, sizeof(w->lt));
	lt_range(&w->lt, range, 0, 0);
	(void)lt_build(&w->lt);
	w->db = leasedb_new(w->path, &w->lt.t, &style, &hooks);
	ck_assert_msg(w->db != NULL, "new");
	return leasedb_load(w->db, w->now);
}

static void
start(struct world *w)
{
	struct leasedb_decls decls = { .has_hosts = false };

	ck_assert_int_eq(leasedb_start(w->db, w->now, &decls), 0);
}

static void
begin(struct world *w)
{
	ck_assert_int_eq(load(w, "10.0.0.1-10.0.0.99"), 0);
	start(w);
}

static void
end(struct world *w)
{
	ck_assert_int_eq(leasedb_close(w->db, w->now), 0);
	lt_free(&w->lt);
	w->db = NULL;
}

static const char *
file(const struct world *w, const char *suffix)
{
	static char text[1 << 20];
	char path[256];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s%s", w->path, suffix);
	f = fopen(path, "r");
	if (f == NULL)
		return "(none)";
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	(void)fclose(f);
	return text;
}

/* How many files are in the directory whose names contain this. */
static int
files(const struct world *w, const char *part)
{
	DIR *d = opendir(w->dir);
	struct dirent *e;
	int n = 0;

	while ((e = readdir(d)) != NULL)
		n += strstr(e->d_name, part) != NULL;
	(void)closedir(d);
	return n;
}

static void
cleanup(struct world *w)
{
	DIR *d = opendir(w->dir);
	struct dirent *e;
	char path[512];

	while ((e = readdir(d)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", w->dir, e->d_name);
		if (e->d_name[0] != '.')
			(void)unlink(path);
	}
	(void)closedir(d);
	ck_assert_int_eq(rmdir(w->dir), 0);
}

static void
bind_lease(struct world *w, const char *addr, uint8_t mac, uint32_t ends)
{
	struct lease_data d = lt_data(LEASE_ACTIVE, mac, (uint32_t)w->now,
	    ends);

	lt_commit(&w->lt, addr, &d);
	ck_assert_msg(leasedb_append(w->db, lt_lease(&w->lt, addr), w->now),
	    "append");
}

START_TEST(a_missing_file_is_created)
{
	struct world w;

	setup(&w, NULL);
	begin(&w);
	ck_assert_str_eq(w.log, "4 Lease database D/dhcpd.leases was missing: "
	    "an empty one is created.\n6 Wrote 0 leases to leases file.\n");
	ck_assert_str_eq(file(&w, ""), HEAD);
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(a_missing_file_with_a_backup_is_not_empty)
{
	struct world w;
	char backup[256];

	setup(&w, LEASE("10"));
	(void)snprintf(backup, sizeof(backup), "%s~", w.path);
	ck_assert_int_eq(rename(w.path, backup), 0);
	begin(&w);
	ck_assert_msg(strstr(w.log, "its backup D/dhcpd.leases~ is used.") !=
	    NULL, "%s", w.log);
	ck_assert_str_eq(file(&w, ""), HEAD LEASE("10"));
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(a_directory_is_refused_as_by_the_peer)
{
	struct world w;

	setup(&w, NULL);
	ck_assert_int_eq(mkdir(w.path, 0755), 0);
	ck_assert_int_eq(load(&w, "10.0.0.1-10.0.0.9"), -EINVAL);
	ck_assert_str_eq(w.log,
	    "3 Can't lseek on D/dhcpd.leases: Invalid argument\n");
	(void)!leasedb_close(w.db, w.now);
	lt_free(&w.lt);
	(void)rmdir(w.path);
	cleanup(&w);
}
END_TEST

START_TEST(the_rewrite_at_start_keeps_the_old_file)
{
	static const char text[] = LEASE("10") LEASE("11");
	struct world w;

	setup(&w, text);
	begin(&w);
	ck_assert_str_eq(w.log, "6 Wrote 2 leases to leases file.\n");
	ck_assert_str_eq(file(&w, ""), HEAD LEASE("10") LEASE("11"));
	ck_assert_str_eq(file(&w, "~"), text);
	ck_assert_int_eq(files(&w, "dhcpd.leases"), 2);
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(what_is_synced_is_there_after_a_restart)
{
	struct world w;
	struct lease_data d;

	setup(&w, "");
	begin(&w);
	bind_lease(&w, "10.0.0.20", 1, NOW + 600);
	ck_assert_str_eq(file(&w, ""), HEAD);
	ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
	ck_assert_msg(strstr(file(&w, ""), "lease 10.0.0.20 {\n") != NULL,
	    "appended");
	end(&w);
	begin(&w);
	lease_get(&w.lt.t, lt_lease(&w.lt, "10.0.0.20"), &d);
	ck_assert_int_eq(d.state, LEASE_ACTIVE);
	ck_assert_int_eq((int)d.ends, NOW + 600);
	ck_assert_int_eq(d.hw[5], 1);
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(a_damaged_file_is_kept_beside)
{
	static const char text[] = LEASE("10") "garbage;\n" LEASE("11");
	struct world w;
	char name[64];

	setup(&w, text);
	begin(&w);
	ck_assert_str_eq(file(&w, ""), HEAD LEASE("10") LEASE("11"));
	(void)snprintf(name, sizeof(name), ".damaged.%d", NOW);
	ck_assert_str_eq(file(&w, name), text);
	ck_assert_msg(strstr(w.log, "3 D/dhcpd.leases line 11: 9 bytes at "
	    "offset 261 are left out.\n3 D/dhcpd.leases is damaged; it is kept "
	    "as D/dhcpd.leases.damaged.1795339200.\n") != NULL, "%s", w.log);
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(a_torn_tail_takes_no_lease_from_its_holder)
{
	struct world w;

	setup(&w, LEASE("10") "lease 10.0.0.10 {\n"
	    "  starts 0 2026/11/22 09:18:20;\n"
	    "  ends 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n  hardware ethernet 0a:0a:0a:0a:0a:0a;\n");
	begin(&w);
	ck_assert_str_eq(file(&w, ""), HEAD LEASE("10"));
	ck_assert_msg(strstr(w.log, "3 lease 10.0.0.10: its earlier binding is "
	    "kept.\n") != NULL, "%s", w.log);
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(other_statements_are_kept_in_order)
{
	struct world w;

	setup(&w, "host h1 {\n  dynamic;\n  fixed-address 10.0.0.1, 10.0.0.2;"
	    "\n}\nhost gone {\n  dynamic;\n  deleted;\n}\n"
	    "group g {\n  dynamic;\n}\nserver-duid \"\\000\\001\";\n\n"
	    "subclass \"k\" \"v\" {\n  dynamic;\n}\n\n"
	    "host h1 {\n  dynamic;\n  fixed-address 10.0.0.3, 10.0.0.4;\n}\n"
	    "failover peer \"p\" state {\n  mclt 1800;\n}\n");
	w.drops_deleted = true;
	begin(&w);
	ck_assert_str_eq(file(&w, ""), HEAD "server-duid \"\\000\\001\";\n\n"
	    "subclass \"k\" \"v\" {\n  dynamic;\n}\n\n"
	    "group g {\n  dynamic;\n}\n"
	    "host h1 {\n  dynamic;\n  fixed-address 10.0.0.3,10.0.0.4;\n}\n"
	    "failover peer \"p\" state {\n  mclt 1800;\n}\n");
	leasedb_server_duid(w.db, STR("other"));
	ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
	ck_assert_msg(strstr(file(&w, ""), "other") == NULL, "one duid");
	end(&w);
	cleanup(&w);
}
END_TEST

/* More declarations than are kept: the leases among them are not lost. */
START_TEST(more_other_statements_than_are_kept)
{
	enum { EACH = 32 };
	char *text = malloc((LEASEDB_OTHERS_MAX + 1) * EACH + 1000);
	struct world w;
	size_t n = 0;

	ck_assert_msg(text != NULL, "memory");
	for (unsigned i = 0; i <= LEASEDB_OTHERS_MAX; i++)
		n += (size_t)snprintf(text + n, EACH, "group g%u {\n}\n", i);
	memcpy(text + n, LEASE("1"), sizeof(LEASE("1")));
	setup(&w, text);
	begin(&w);
	ck_assert_int_eq(w.others_n, LEASEDB_OTHERS_MAX + 1);
	w.log[w.log_wr.len] = '\0';
	ck_assert_msg(strstr(w.log, "statement") != NULL, "%s", w.log);
	ck_assert_int_eq((int)lease_state(lease_by_addr(&w.lt.t, 0x0a000001)),
	    LEASE_ACTIVE);
	end(&w);
	cleanup(&w);
	free(text);
}
END_TEST

START_TEST(a_new_duid_is_appended_once)
{
	struct world w;

	setup(&w, "");
	begin(&w);
	leasedb_server_duid(w.db, STR("\000\001\"x"));
	ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
	ck_assert_str_eq(file(&w, ""),
	    HEAD "server-duid \"\\000\\001\\\"x\";\n\n");
	end(&w);
	begin(&w);
	leasedb_server_duid(w.db, STR("y"));
	ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
	ck_assert_str_eq(file(&w, ""),
	    HEAD "server-duid \"\\000\\001\\\"x\";\n\n");
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(an_hour_after_something_was_written_it_rewrites)
{
	struct world w;

	setup(&w, "");
	begin(&w);
	w.now += 4000;
	ck_assert_int_eq(leasedb_turn(w.db, w.now), -1);
	ck_assert_str_eq(w.log, "6 Wrote 0 leases to leases file.\n");
	for (uint32_t k = 0; k < 3; k++) {
		bind_lease(&w, "10.0.0.20", 1, NOW + 9000 + k);
		ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
	}
	while (leasedb_turn(w.db, w.now) == 0)
		;
	ck_assert_str_eq(w.log, "6 Wrote 0 leases to leases file.\n"
	    "6 Wrote 1 leases to leases file.\n");
	ck_assert_msg(strstr(file(&w, "~"), "lease 10.0.0.20") != NULL, "~");
	end(&w);
	cleanup(&w);
}
END_TEST

/* Up to the limit only the hour calls for a rewrite; one lease more does. */
START_TEST(a_file_that_has_grown_too_much_is_rewritten)
{
	static uint8_t id[8000];
	struct world w;
	struct lease_data d;
	struct lease *l;
	int64_t old_len, each_len = 0, n = 1;

	setup(&w, LEASE("1"));
	begin(&w);
	old_len = (int64_t)strlen(file(&w, ""));
	l = lt_lease(&w.lt, "10.0.0.1");
	lease_get(&w.lt.t, l, &d);
	memset(id, 0xff, sizeof(id));
	d.uid = str_make((char *)id, sizeof(id));
	ck_assert_msg(lease_commit(&w.lt.t, l, &d), "commit");
	w.log_wr.len = 0;
	forgets = true;
	for (int64_t i = 0; i < n; i++) {
		ck_assert_msg(leasedb_append(w.db, l, w.now), "append");
		ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
		if (i > 0)
			continue;
		each_len = forgotten_len;
		n = (3 * old_len + LEASEDB_GROWTH_MAX) / each_len;
	}
	ck_assert_msg(forgotten_len > LEASEDB_GROWTH_MAX - each_len, "length");
	forgets = false;
	ck_assert_int_eq(leasedb_turn(w.db, w.now), -1);
	ck_assert_int_eq((int)w.log_wr.len, 0);
	forgets = true;
	ck_assert_msg(leasedb_append(w.db, l, w.now), "append");
	ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
	forgets = false;
	ck_assert_int_eq(leasedb_turn(w.db, w.now), -1);
	w.log[w.log_wr.len] = '\0';
	ck_assert_str_eq(w.log, "6 Wrote 1 leases to leases file.\n");
	ck_assert_int_eq((int)strlen(file(&w, "")),
	    (int)each_len + (int)strlen(HEAD));
	end(&w);
	cleanup(&w);
}
END_TEST

/* A table too large for one turn: served meanwhile, nothing lost. */
START_TEST(a_large_rewrite_goes_in_slices)
{
	struct world w;
	struct lease_data d;
	char ip[IP4_TEXT_SIZE];
	int slices = 0;
	FILE *f;

	setup(&w, "");
	f = fopen(w.path, "w");
	for (uint32_t k = 0; k <= LEASEDB_SMALL_MAX; k++) {
		ip4_fmt(lt_ip("10.1.0.0") + k, ip);
		(void)fprintf(f, "lease %s {\n  ends 6 2030/01/05 00:00:00;\n"
		    "  binding state active;\n  hardware ethernet "
		    "02:00:00:00:00:%02x;\n}\n", ip, k & 255);
	}
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(load(&w, "10.1.0.0-10.1.255.255"), 0);
	start(&w);
	ck_assert_str_eq(w.log, "");
	while (leasedb_turn(w.db, w.now) == 0) {
		ip4_fmt(lt_ip("10.1.0.0") + (uint32_t)slices * 997, ip);
		bind_lease(&w, ip, 0xee, NOW + 600);
		ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
		slices++;
	}
	ck_assert_msg(slices > 3, "%d slices", slices);
	ck_assert_str_eq(w.log, "6 Wrote 20001 leases to leases file.\n");
	end(&w);
	ck_assert_int_eq(load(&w, "10.1.0.0-10.1.255.255"), 0);
	for (int k = 0; k < slices; k++) {
		ip4_fmt(lt_ip("10.1.0.0") + (uint32_t)k * 997, ip);
		lease_get(&w.lt.t, lt_lease(&w.lt, ip), &d);
		ck_assert_msg(d.hw[5] == 0xee && d.ends == NOW + 600, "%s", ip);
	}
	ck_assert_int_eq((int)w.lt.t.pools[0].count[LEASE_Q_ACTIVE],
	    LEASEDB_SMALL_MAX + 1);
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(a_reload_keeps_what_its_ranges_lost)
{
	struct world w;
	struct lt less, more;
	struct leasetext_style style = { .is_uid_hex = false };
	uint32_t lost;

	setup(&w, LEASE("10") LEASE("11"));
	begin(&w);
	memset(&less, 0, sizeof(less));
	lt_range(&less, "10.0.0.11-10.0.0.50", 0, 0);
	(void)lt_build(&less);
	ck_assert_msg(leasedb_rebind(w.db, &less.t, &style, &lost), "rebind");
	ck_assert_int_eq((int)lost, 1);
	lt_free(&w.lt);
	leasedb_rewrite(w.db);
	while (leasedb_turn(w.db, w.now) == 0)
		;
	ck_assert_str_eq(file(&w, ""), HEAD LEASE("10") LEASE("11"));
	/* The range comes back, and with it the lease. */
	memset(&more, 0, sizeof(less));
	lt_range(&more, "10.0.0.1-10.0.0.50", 0, 0);
	(void)lt_build(&more);
	ck_assert_msg(leasedb_rebind(w.db, &more.t, &style, &lost), "rebind");
	ck_assert_int_eq((int)lost, 0);
	lt_free(&less);
	ck_assert_int_eq(lease_state(lt_lease(&more, "10.0.0.10")),
	    LEASE_ACTIVE);
	lt_check(&more);
	leasedb_rewrite(w.db);
	while (leasedb_turn(w.db, w.now) == 0)
		;
	ck_assert_str_eq(file(&w, ""), HEAD LEASE("10") LEASE("11"));
	w.lt = more;
	end(&w);
	cleanup(&w);
}
END_TEST

/* The new table has no memory for a name: all stays as it was. */
START_TEST(a_reload_without_memory_changes_nothing)
{
	static const char named[] = "lease 10.0.0.10 {\n"
	    "  starts 0 2026/11/22 09:18:20;\n"
	    "  ends 0 2026/11/22 09:28:20;\n"
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  cltt 0 2026/11/22 09:18:20;\n"
	    "  binding state active;\n"
	    "  next binding state free;\n"
	    "  rewind binding state free;\n"
	    "  hardware ethernet 02:00:00:00:00:10;\n"
	    "  client-hostname \"a\";\n"
	    "}\n";
	static const char *const ranges[] = { "10.0.0.11-10.0.0.50",
	    "10.0.0.10-10.0.0.50", "10.0.0.10-10.0.0.10" };
	struct leasetext_style style = { .is_uid_hex = false };
	char all[4096];
	struct world w;
	struct lt other, *used = &w.lt, *next = &other, *was;
	uint32_t lost;

	(void)snprintf(all, sizeof(all), "%s%s%s", named, LEASE("11"),
	    LEASE("12"));
	setup(&w, all);
	begin(&w);
	/* Kept as text first; then it fits nowhere, again and again, with and
	 * without others that would have to go; in the end it does. */
	for (int i = 0; i < 6; i++) {
		memset(next, 0, sizeof(*next));
		lt_range(next, ranges[i == 0 ? 0 : i == 5 ? 1 : 1 + i % 2], 0, 0);
		(void)lt_build(next);
		if (i > 0 && i < 5)
			next->t.slab.max = 0;
		ck_assert_int_eq(leasedb_rebind(w.db, &next->t, &style, &lost),
		    i == 0 || i == 5);
		if (i == 0 || i == 5) {
			was = used;
			used = next;
			next = was;
		}
		lt_free(next);
		lt_check(used);
		leasedb_rewrite(w.db);
		while (leasedb_turn(w.db, w.now) == 0)
			;
		ck_assert_msg(str_ends(str_of(file(&w, "")), str_of(all)),
		    "round %d:\n%s", i, file(&w, ""));
	}
	ck_assert_int_eq(lease_state(lt_lease(used, "10.0.0.10")),
	    LEASE_ACTIVE);
	w.lt = *used;
	end(&w);
	cleanup(&w);
}
END_TEST

/* Together more leases than can be kept, taken away and brought back. */
START_TEST(ranges_that_come_and_go_use_nothing_up)
{
	enum { LEASES = 2048, ROUNDS = 2 * LEASEDB_OTHERS_MAX / LEASES + 2 };
	static char text[LEASES * 128];
	struct leasetext_style style = { .is_uid_hex = false };
	struct lt other, *used, *next = &other, *was;
	struct world w;
	uint32_t lost;
	size_t n = 0;

	for (unsigned i = 0; i < LEASES; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "lease 10.0.%u.%u {\n  ends never;\n  binding state "
		    "active;\n  hardware ethernet 2:0:0:0:%x:%x;\n}\n",
		    i >> 8, i & 255, i >> 8, i & 255);
	setup(&w, text);
	ck_assert_int_eq(load(&w, "10.0.0.0-10.0.7.255"), 0);
	start(&w);
	used = &w.lt;
	for (int i = 0; i < ROUNDS; i++) {
		memset(next, 0, sizeof(*next));
		lt_range(next, i % 2 == 0 ? "10.9.0.0-10.9.0.0" :
		    "10.0.0.0-10.0.7.255", 0, 0);
		(void)lt_build(next);
		ck_assert_msg(leasedb_rebind(w.db, &next->t, &style, &lost),
		    "rebind");
		ck_assert_int_eq((int)lost, i % 2 == 0 ? LEASES : 0);
		was = used;
		used = next;
		next = was;
		lt_free(next);
	}
	ck_assert_int_eq((int)used->t.pools[0].count[LEASE_Q_ACTIVE], LEASES);
	w.log[w.log_wr.len] = '\0';
	ck_assert_msg(strstr(w.log, "no room") == NULL, "%s", w.log);
	w.lt = *used;
	end(&w);
	cleanup(&w);
}
END_TEST

/*
 * The buffer ran over while the disk failed: what waits in it is older than
 * what was refused, and must not be written behind the rewrite that has it all.
 */
START_TEST(what_waited_does_not_undo_what_was_refused)
{
	struct lease_data d = lt_data(LEASE_ACTIVE, 2, NOW, NOW + 600);
	struct world w;
	bool ok = true;

	setup(&w, "");
	begin(&w);
	bind_lease(&w, "10.0.0.20", 1, NOW + 600);
	while (ok)
		ok = leasedb_append(w.db, lt_lease(&w.lt, "10.0.0.21"), w.now);
	lt_commit(&w.lt, "10.0.0.20", &d);
	ck_assert_msg(!leasedb_append(w.db, lt_lease(&w.lt, "10.0.0.20"),
	    w.now), "full");
	ck_assert_int_eq(leasedb_sync(w.db, w.now), -ENOBUFS);
	w.now += 60;
	while (leasedb_turn(w.db, w.now) == 0)
		;
	ck_assert_int_eq(leasedb_sync(w.db, w.now), 0);
	end(&w);
	begin(&w);
	lease_get(&w.lt.t, lt_lease(&w.lt, "10.0.0.20"), &d);
	ck_assert_int_eq(d.hw[5], 2);
	end(&w);
	cleanup(&w);
}
END_TEST

static int
complaints(const struct world *w)
{
	struct str log = str_make(w->log, w->log_wr.len), line;
	int n = 0;

	while (log.len != 0) {
		line = str_cut(log, '\n', &log);
		n += str_starts(line, STR("3 commit_leases: unable"));
	}
	return n;
}

/* Once a minute, also when the clock is set back by an hour meanwhile. */
START_TEST(a_clock_set_back_does_not_silence_the_complaint)
{
	struct world w;
	bool ok = true;

	setup(&w, "");
	begin(&w);
	bind_lease(&w, "10.0.0.20", 1, NOW + 600);
	while (ok)
		ok = leasedb_append(w.db, lt_lease(&w.lt, "10.0.0.20"), w.now);
	for (int k = 0; k < 59; k++)
		ck_assert_int_eq(leasedb_sync(w.db, w.now + k), -ENOBUFS);
	ck_assert_int_eq(complaints(&w), 1);
	ck_assert_int_eq(leasedb_sync(w.db, w.now + 60), -ENOBUFS);
	ck_assert_int_eq(complaints(&w), 2);
	w.now -= 3600;
	for (int k = 0; k < 59; k++)
		ck_assert_int_eq(leasedb_sync(w.db, w.now + k), -ENOBUFS);
	ck_assert_int_eq(complaints(&w), 3);
	ck_assert_int_eq(leasedb_sync(w.db, w.now + 60), -ENOBUFS);
	ck_assert_int_eq(complaints(&w), 4);
	ck_assert_int_eq(leasedb_close(w.db, w.now), -ENOBUFS);
	lt_free(&w.lt);
	cleanup(&w);
}
END_TEST

/* Hosts and classes of the file are told to the new configuration, too. */
START_TEST(a_reload_hears_of_the_statements_again)
{
	struct leasetext_style style = { .is_uid_hex = false };
	struct world w;
	struct lt next;
	uint32_t lost;

	setup(&w, "host a {\n  dynamic;\n}\nclass \"c\" {\n  match if "
	    "known;\n}\n" LEASE("10"));
	begin(&w);
	ck_assert_int_eq(w.others_n, 2);
	memset(&next, 0, sizeof(next));
	lt_range(&next, "10.0.0.11-10.0.0.50", 0, 0);
	(void)lt_build(&next);
	ck_assert_msg(leasedb_rebind(w.db, &next.t, &style, &lost), "rebind");
	ck_assert_int_eq(w.others_n, 4);
	lt_free(&w.lt);
	w.lt = next;
	end(&w);
	cleanup(&w);
}
END_TEST

START_TEST(testing_leaves_no_file)
{
	struct world w;
	struct leasedb_decls decls = { .has_classes = true, .has_groups = true,
	    .has_hosts = true };

	setup(&w, LEASE("10"));
	ck_assert_int_eq(load(&w, "10.0.0.1-10.0.0.99"), 0);
	ck_assert_int_eq(leasedb_test(w.db, w.now, &decls), 0);
	ck_assert_str_eq(w.log, "6 Wrote 0 class decls to leases file.\n"
	    "6 Wrote 0 group decls to leases file.\n"
	    "6 Wrote 0 deleted host decls to leases file.\n"
	    "6 Wrote 0 new dynamic host decls to leases file.\n"
	    "6 Wrote 1 leases to leases file.\n"
	    "7 Lease file test successful, removing temp lease file: "
	    "D/dhcpd.leases.1795339200\n");
	ck_assert_str_eq(file(&w, ""), LEASE("10"));
	ck_assert_int_eq(files(&w, "dhcpd.leases"), 1);
	(void)!leasedb_close(w.db, w.now);
	lt_free(&w.lt);
	cleanup(&w);
}
END_TEST

START_TEST(on_blocks_are_kept_as_text)
{
	struct world w;

	setup(&w, "lease 10.0.0.10 {\n  ends 0 2026/11/22 09:28:20;\n"
	    "  tstp 0 2026/11/22 09:28:20;\n"
	    "  binding state active;\n"
	    "  hardware ethernet 02:00:00:00:00:10;\n"
	    "  on expiry or release {\n    log (info, \"a } b\");\n  }\n}\n");
	begin(&w);
	ck_assert_msg(strstr(file(&w, ""), "  on expiry or release {\n"
	    "    log (info, \"a } b\");\n  \n  }\n}\n") != NULL, "%s",
	    file(&w, ""));
	end(&w);
	cleanup(&w);
}
END_TEST

T_MAIN("dhcpd_leasedb")
{
	T_ADD(a_missing_file_is_created);
	T_ADD(a_missing_file_with_a_backup_is_not_empty);
	T_ADD(a_directory_is_refused_as_by_the_peer);
	T_ADD(the_rewrite_at_start_keeps_the_old_file);
	T_ADD(what_is_synced_is_there_after_a_restart);
	T_ADD(a_damaged_file_is_kept_beside);
	T_ADD(a_torn_tail_takes_no_lease_from_its_holder);
	T_ADD(other_statements_are_kept_in_order);
	T_ADD(more_other_statements_than_are_kept);
	T_ADD(a_new_duid_is_appended_once);
	T_ADD(an_hour_after_something_was_written_it_rewrites);
	T_ADD(a_file_that_has_grown_too_much_is_rewritten);
	T_ADD(a_large_rewrite_goes_in_slices);
	T_ADD(a_reload_keeps_what_its_ranges_lost);
	T_ADD(a_reload_without_memory_changes_nothing);
	T_ADD(ranges_that_come_and_go_use_nothing_up);
	T_ADD(what_waited_does_not_undo_what_was_refused);
	T_ADD(a_clock_set_back_does_not_silence_the_complaint);
	T_ADD(a_reload_hears_of_the_statements_again);
	T_ADD(testing_leaves_no_file);
	T_ADD(on_blocks_are_kept_as_text);
}
