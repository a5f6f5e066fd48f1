/* SPDX-License-Identifier: ISC */
/*
 * The promise of the lease database against a disk that fails and a power
 * cord that is pulled.
 *
 * A small server - table, database, the order of a turn as the daemon has it -
 * serves clients that remember what was acknowledged to them.  After each
 * crash, and at the end of each run, the file is loaded into a new table:
 * every acknowledged lease that has not ended must be there, active, of its
 * client, and no address may ever be acknowledged to two clients at once.
 *
 *	faults_dhcpd_leasedb [crashes [seed]]
 *
 * First the n-th call fails for every n, alone and for a while, in each way;
 * then a crash at every call of a start that finds a damaged file; then that
 * many crashes at random calls, with faults in between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/proc.h"
#include "dhcpd/alloc.h"
#include "dhcpd/leasedb.h"
#include "dhcpd/leasetab.h"
#include "tests/faults/simdisk.h"

enum { CLIENTS = 24, ADDRESSES = 20, TURNS = 60, LEASE_S = 5000,
	START_S = 1795339200, QUICK_CRASHES = 300 };

#define NAME "dhcpd.leases"

/* What a client knows. */
struct client {
	uint32_t addr;		/* 0: none */
	uint32_t ends;
};

static struct client clients[CLIENTS];
static struct lease_table table;
static void *table_mem;
static size_t table_size;
static struct leasedb *db;
static uint32_t now;
static unsigned rnd;
static const char *story;	/* what is being tried, for a complaint */
static uint64_t story_n, story_seed, acks, denied, restarts, loads_failed;

static void
fail(const char *what, uint32_t addr)
{
	size_t len;
	const char *file = simdisk_read(NAME, &len);

	(void)fprintf(stderr, "%s %llu (seed %llu): %s, address ...%u\n",
	    story, (unsigned long long)story_n, (unsigned long long)story_seed,
	    what, addr & 255);
	if (file != NULL)
		(void)fprintf(stderr, "%.*s\n", (int)len, file);
	exit(1);
}

static void
on_log(void *ctx, int prio, struct str line)
{
	(void)ctx;
	if (getenv("FAULTS_LOG") != NULL)
		(void)fprintf(stderr, "%d %.*s\n", prio, STR_ARG(line));
}

static void
stop(void)
{
	if (db != NULL)
		(void)!leasedb_close(db, now);
	if (table_mem != NULL)
		proc_release(table_mem, table_size);
	db = NULL;
	table_mem = NULL;
}

/* Load what is on the disk, as a starting daemon does; false: it could not. */
static bool
start(void)
{
	static const struct leasetab_range range = { 0x0a000001,
	    0x0a000000 + ADDRESSES, 0 };
	static const uint32_t network = 0;
	static const struct leasetab_plan plan = { &range, 1, &network, 1 };
	static const struct leasetext_style style = { .is_uid_hex = false };
	static const struct leasedb_decls decls = { .has_hosts = false };
	struct leasedb_hooks hooks = { .log = on_log };
	struct map_key key = { 1, 2 };
	struct arena a;
	uint64_t twice;
	struct lease *l;

	stop();
	table_size = leasetab_size(&plan);
	table_mem = proc_reserve(table_size);
	if (table_mem == NULL)
		fail("memory", 0);
	arena_init(&a, table_mem, table_size);
	if (!leasetab_build(&table, &a, &plan, key, &twice))
		fail("table", 0);
	db = leasedb_new("/sim/" NAME, &table, &style, &hooks);
	if (db == NULL)
		fail("database", 0);
	restarts++;
	if (leasedb_load(db, now) != 0)
		return false;
	while ((l = lease_due(&table, now)) != NULL) {
		struct lease_data d;

		lease_get(&table, l, &d);
		lease_data_expire(&d);
		if (!lease_commit(&table, l, &d))
			fail("commit", 0);
	}
	return leasedb_start(db, now, &decls) == 0;
}

/* Everything acknowledged is there. */
static void
check_file(void)
{
	for (uint32_t c = 0; c < CLIENTS; c++) {
		struct client *me = &clients[c];
		const struct lease *l;

		if (me->addr == 0 || me->ends <= now)
			continue;
		l = lease_by_addr(&table, me->addr);
		if (l == NULL || lease_state(l) != LEASE_ACTIVE)
			fail("an acknowledged lease is lost", me->addr);
		if (l->hw_len != 6 || l->hw[5] != c)
			fail("an acknowledged lease is another's", me->addr);
		if (l->ends < me->ends)
			fail("an acknowledged lease is shorter", me->addr);
	}
}

static void
acknowledge(uint32_t c, uint32_t addr, uint32_t ends)
{
	for (uint32_t k = 0; k < CLIENTS; k++)
		if (k != c && clients[k].addr == addr && clients[k].ends > now)
			fail("an address was given to two clients", addr);
	clients[c].addr = addr;
	clients[c].ends = ends;
	acks++;
}

/* What a REQUEST of client c does to the table; the lease, or NULL. */
static struct lease *
request(uint32_t c)
{
	static const uint32_t pool = 0;
	uint8_t mac[6] = { 2, 0, 0, 0, 0, (uint8_t)c };
	struct lease *l = lease_first_by_hw(&table, 1, str_make(mac, 6));
	struct lease_data d;

	if (l == NULL)
		l = alloc_pick(&table, &pool, 1, now);
	if (l == NULL)
		return NULL;
	lease_get(&table, l, &d);
	d.state = LEASE_ACTIVE;
	d.next = LEASE_FREE;
	d.starts = d.cltt = now;
	/* All the same length: a shorter lease whose ACK got lost would leave
	 * the client with the longer one, disk or no disk. */
	d.ends = now + LEASE_S;
	d.tstp = 0;
	d.hw_type = 1;
	d.hw_len = 6;
	memcpy(d.hw, mac, 6);
	d.hostname = STR("a host name of some length");
	return lease_commit(&table, l, &d) ? l : NULL;
}

static void
release(uint32_t c)
{
	struct lease *l;
	struct lease_data d;

	if (clients[c].addr == 0)
		return;
	l = lease_by_addr(&table, clients[c].addr);
	clients[c].addr = 0;
	if (l == NULL || lease_state(l) != LEASE_ACTIVE || l->hw[5] != c)
		return;
	lease_get(&table, l, &d);
	lease_data_release(&d, now);
	if (!lease_commit(&table, l, &d))
		fail("commit", 0);
	(void)!leasedb_append(db, l, now);
}

static void
expire(void)
{
	struct lease *l;

	while ((l = lease_due(&table, now)) != NULL) {
		struct lease_data d;

		lease_get(&table, l, &d);
		lease_data_expire(&d);
		if (!lease_commit(&table, l, &d))
			fail("commit", 0);
		(void)!leasedb_append(db, l, now);
	}
}

/* One turn of the daemon: packets, sync, replies, what waits. */
static void
turn(void)
{
	uint32_t asked[4], n = 1 + (unsigned)rand_r(&rnd) % 4;
	struct lease *l[4];

	now += (unsigned)rand_r(&rnd) % 16 == 0 ? 3601 :
	    (unsigned)rand_r(&rnd) % 100;
	expire();
	for (uint32_t k = 0; k < n; k++) {
		asked[k] = (unsigned)rand_r(&rnd) % CLIENTS;
		l[k] = NULL;
		if (rand_r(&rnd) % 4 == 0) {
			release(asked[k]);
			continue;
		}
		l[k] = request(asked[k]);
		if (l[k] != NULL && !leasedb_append(db, l[k], now))
			l[k] = NULL;
	}
	if (leasedb_sync(db, now) == 0) {
		for (uint32_t k = 0; k < n; k++)
			if (l[k] != NULL && l[k]->hw[5] == asked[k] &&
			    lease_state(l[k]) == LEASE_ACTIVE)
				acknowledge(asked[k], lease_addr(&table, l[k]),
				    l[k]->ends);
	} else {
		denied++;
	}
	for (int k = 0; k < 3 && leasedb_turn(db, now) == 0; k++)
		;
}

static void
begin(unsigned seed)
{
	stop();
	simdisk_reset(seed);
	simdisk_write(NAME, "", 0);
	memset(clients, 0, sizeof(clients));
	now = START_S;
	rnd = seed;
	story_seed = seed;
}

/* Serve for some turns, restart, compare; returns the calls it took. */
static uint64_t
serve(int turns)
{
	uint64_t n;

	if (start())
		for (int k = 0; k < turns; k++)
			turn();
	else
		loads_failed++;
	n = simdisk_calls();
	/* Power off; a healthy disk from here on. */
	stop();
	simdisk_crash();
	if (!start())
		fail("a healthy disk cannot be loaded", 0);
	check_file();
	return n;
}

/* The n-th call fails, for every n. */
static void
every_call(bool has_links)
{
	static const char *const names[] = { "EIO at call", "ENOSPC at call",
	    "EINTR at call" };
	uint64_t total;

	begin(1);
	simdisk_links(has_links);
	total = serve(TURNS);
	for (int f = 0; f < SIMDISK_FAULTS_N; f++) {
		story = names[f];
		for (uint64_t n = 1; n <= total; n++) {
			static const uint64_t spans[] = { 1, 7, 60 };

			story_n = n;
			for (int k = 0; k < 3; k++) {
				begin((unsigned)(1 + n % 3));
				simdisk_links(has_links);
				simdisk_fail((enum simdisk_fault)f, n,
				    f == SIMDISK_EINTR ? 1 : spans[k]);
				(void)serve(TURNS);
			}
		}
	}
	(void)printf("%llu calls on a disk %s hard links, each failed in %d "
	    "ways: nothing lost\n", (unsigned long long)total,
	    has_links ? "with" : "without", SIMDISK_FAULTS_N * 3);
}

/* The power goes at a random call, again and again over the same disk. */
static void
crashes(uint64_t n, unsigned seed)
{
	story = "crash";
	begin(seed);
	for (uint64_t k = 1; k <= n; k++) {
		story_n = k;
		/* A fresh disk now and then: the first starts matter too. */
		if (k % 50 == 0) {
			begin(seed + (unsigned)k);
			simdisk_links(k % 100 == 0);
		}
		simdisk_die_at(1 + (unsigned)rand_r(&rnd) % 400);
		if (rand_r(&rnd) % 3 == 0)
			simdisk_fail((enum simdisk_fault)((unsigned)
			    rand_r(&rnd) % 2), 1 + (unsigned)rand_r(&rnd) % 200,
			    1 + (unsigned)rand_r(&rnd) % 50);
		if (start())
			while (!simdisk_is_dead())
				turn();
		stop();
		simdisk_crash();
		if (!start())
			fail("a healthy disk cannot be loaded", 0);
		check_file();
		stop();
		simdisk_crash();
		simdisk_clean(NAME, NAME "~");
	}
	(void)printf("%llu crashes: nothing lost, nothing given twice\n",
	    (unsigned long long)n);
}

static bool
is_file(const char *name, const char *text)
{
	size_t len;
	const char *p = simdisk_read(name, &len);

	return p != NULL && len == strlen(text) && memcmp(p, text, len) == 0;
}

/*
 * A damaged file, and the power goes at the n-th call of the start that finds
 * it: under one of its names the file is still there as it was.
 */
static void
damaged(bool has_links)
{
	static const char text[] = "lease 10.0.0.1 {\n  ends never;\n"
	    "  binding state active;\n  hardware ethernet 2:0:0:0:0:0;\n}\n"
	    "\377\1\1 what was once a lease {\n";
	char kept[64];
	bool is_over = false;

	story = has_links ? "damaged, power off at call" :
	    "damaged, no links, power off at call";
	for (story_n = 1; !is_over; story_n++) {
		for (unsigned seed = 1; seed <= 20; seed++) {
			begin(seed);
			simdisk_links(has_links);
			simdisk_write(NAME, text, sizeof(text) - 1);
			simdisk_die_at(story_n);
			(void)start();
			is_over = !simdisk_is_dead();
			stop();
			simdisk_crash();
			(void)snprintf(kept, sizeof(kept), NAME ".damaged.%u",
			    now);
			if (!is_file(NAME, text) && !is_file(kept, text))
				fail("a damaged file is not kept", 0);
		}
	}
	(void)printf("damaged file, disk %s hard links, power off at each of "
	    "%llu calls: kept\n", has_links ? "with" : "without",
	    (unsigned long long)story_n - 2);
}

int
main(int argc, char **argv)
{
	uint64_t n = QUICK_CRASHES;
	unsigned seed = 1;

	if (argc > 1)
		n = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		seed = (unsigned)strtoul(argv[2], NULL, 10);
	story = "plain run";
	every_call(true);
	every_call(false);
	damaged(true);
	damaged(false);
	crashes(n, seed);
	stop();
	(void)printf("%llu acknowledged, %llu turns withheld, %llu starts, "
	    "%llu starts refused by the disk\n", (unsigned long long)acks,
	    (unsigned long long)denied, (unsigned long long)restarts,
	    (unsigned long long)loads_failed);
	return 0;
}
