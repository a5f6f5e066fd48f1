/* SPDX-License-Identifier: ISC */
/*
 * The table and its text together: bytes drive commits, offers, releases and
 * expiry; each commit is printed into a file in memory, as the daemon does.
 * In the end a table loaded from that file must equal the one in memory but
 * for offers, and so must a table loaded from a rewrite.
 */
#include <stdlib.h>
#include <string.h>

#include "common/rd.h"
#include "dhcpd/alloc.h"
#include "dhcpd/leaseread.h"
#include "dhcpd/leasetab.h"
#include "dhcpd/leasetext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_SIZE (1024 * 1024)
#define STEPS_MAX 400

struct world {
	struct lease_table t;
	struct wr file;
	uint32_t now;
};

static const struct leasetext_style style = { .is_uid_hex = false };
static const struct leasetab_range ranges[] = {
	{ 0x0a000001, 0x0a000010, 0 }, { 0x0a000020, 0x0a000028, 1 },
	{ 0x0a0186a3, 0x0a0186a8, 0 },
};
static const uint32_t networks[] = { 0, 1 };
static const struct leasetab_plan plan = { ranges, 3, networks, 2 };

/* A table over untouched memory, which the caller frees. */
static void *
build(struct lease_table *t)
{
	struct map_key key = { 1, 2 };
	size_t size = leasetab_size(&plan);
	void *mem = calloc(1, size);
	struct arena a;
	uint64_t twice;

	ASSERT(mem != NULL);
	arena_init(&a, mem, size);
	ASSERT(leasetab_build(t, &a, &plan, key, &twice));
	return mem;
}

static void
ready(struct lease_table *t)
{
	size_t size = leasetab_scratch(t);
	void *p = malloc(size);
	struct arena a;

	ASSERT(p != NULL);
	arena_init(&a, p, size);
	ASSERT(leasetab_ready(t, &a));
	free(p);
}

static void
print(struct world *w, const struct lease *l)
{
	struct lease_data d;
	size_t was = w->file.len;

	lease_get(&w->t, l, &d);
	leasetext_lease(&w->file, &w->t, lease_addr(&w->t, l), &d, &style, 0);
	ASSERT(wr_ok(&w->file) && w->file.len > was);
}

static struct str
take_str(struct rd *rd, unsigned max)
{
	unsigned n = rd_u8(rd) % (max + 1);
	const uint8_t *p = rd_bytes(rd, n);

	return str_make(p, p == NULL ? 0 : n);
}

/* A binding out of the input. */
static void
take_data(struct rd *rd, struct world *w, struct lease_data *d)
{
	struct str name;

	d->state = LEASE_ACTIVE;
	d->next = LEASE_FREE;
	d->starts = d->cltt = w->now;
	d->ends = w->now + rd_u8(rd);
	d->tstp = d->ends;
	d->hw_type = 1;
	d->hw_len = 6;
	d->hw[5] = rd_u8(rd) % 8;
	d->uid = take_str(rd, 20);
	d->hostname = str_make(NULL, 0);
	name = take_str(rd, 10);
	for (size_t k = 0; k < name.len; k++)
		if (name.p[k] < '0' || name.p[k] > 'z' || name.p[k] == '\\')
			return;
	d->hostname = name;
}

static void
change(struct world *w, struct rd *rd, struct lease *l, unsigned op)
{
	struct lease_data d;

	lease_get(&w->t, l, &d);
	if (op == 1) {
		take_data(rd, w, &d);
		d.state = lease_state(l);
		d.next = l->state == 0 ? LEASE_FREE : l->next;
		ASSERT(lease_offer(&w->t, l, &d));
		return;
	}
	if (op == 2)
		lease_data_release(&d, w->now);
	else if (op == 3)
		lease_data_abandon(&d, w->now + 50);
	else
		take_data(rd, w, &d);
	ASSERT(lease_commit(&w->t, l, &d));
	print(w, l);
}

static void
step(struct world *w, struct rd *rd)
{
	static const uint32_t pools[] = { 0, 1 };
	unsigned op = rd_u8(rd) % 8;
	struct lease *l;

	if (op == 7) {
		w->now += rd_u8(rd) % 64;
		while ((l = lease_due(&w->t, w->now)) != NULL) {
			struct lease_data d;

			lease_get(&w->t, l, &d);
			lease_data_expire(&d);
			ASSERT(lease_commit(&w->t, l, &d));
			print(w, l);
		}
	} else if (op == 6) {
		l = alloc_pick(&w->t, pools, 2, w->now);
		if (l != NULL) {
			ASSERT(lease_state(l) == LEASE_FREE ||
			    lease_state(l) == LEASE_ABANDONED);
			change(w, rd, l, 0);
		}
	} else {
		change(w, rd, &w->t.leases[rd_u8(rd) % w->t.leases_n], op);
	}
}

static bool
on_lease(void *ctx, uint32_t addr, struct lease_data *d,
    enum leaseread_quality quality)
{
	struct lease_table *t = ctx;

	ASSERT(quality == LEASEREAD_WHOLE);
	ASSERT(lease_load(t, lease_by_addr(t, addr), d));
	return true;
}

static void
on_other(void *ctx, enum leaseread_kind kind, struct str text, uint32_t line)
{
	(void)ctx;
	(void)kind;
	(void)text;
	(void)line;
	ASSERT(!"our own file holds leases only");
}

static void
on_log(void *ctx, int prio, struct str line)
{
	(void)ctx;
	(void)prio;
	(void)line;
	ASSERT(!"our own file is not damaged");
}

/* The file must give the same table. */
static void
compare(struct world *w, struct str file)
{
	static struct leaseread r;
	static char a[65536], b[65536];
	struct lease_table t;
	void *mem = build(&t);
	struct leaseread_sink sink = { .ctx = &t, .lease = on_lease,
	    .other = on_other, .log = on_log };

	leaseread_init(&r, &sink, STR("F"), w->now);
	ASSERT(leaseread_feed(&r, file.p, file.len, true) == file.len);
	ready(&t);
	for (uint32_t i = 0; i < t.leases_n; i++) {
		struct lease_data old, new;
		struct wr wr_a, wr_b;

		if ((w->t.leases[i].flags & LEASE_F_OFFERED) != 0)
			continue;
		lease_get(&w->t, &w->t.leases[i], &old);
		lease_get(&t, &t.leases[i], &new);
		/* Free and nobody's, as after abandonment: not rewritten. */
		if (old.state == LEASE_FREE && old.hw_len == 0 &&
		    t.leases[i].state == 0)
			continue;
		wr_init(&wr_a, a, sizeof(a));
		wr_init(&wr_b, b, sizeof(b));
		/* Loading fills in tstp. */
		if (old.tstp == 0)
			old.tstp = old.ends;
		leasetext_lease(&wr_a, &w->t, i, &old, &style, 0);
		leasetext_lease(&wr_b, &t, i, &new, &style, 0);
		ASSERT(str_eq(wr_as_str(&wr_a), wr_as_str(&wr_b)));
	}
	free(mem);
}

static void
rewrite(struct world *w)
{
	struct lease_walk walk;
	struct lease *l;
	uint32_t n = 0;

	memset(&walk, 0, sizeof(walk));
	wr_cut(&w->file, 0);
	while ((l = lease_walk_next(&w->t, &walk)) != NULL) {
		print(w, l);
		n++;
	}
	ASSERT(n <= w->t.leases_n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char file[FILE_SIZE];
	struct world w;
	struct rd rd;
	void *mem;

	memset(&w, 0, sizeof(w));
	mem = build(&w.t);
	ready(&w.t);
	wr_init(&w.file, file, sizeof(file));
	w.now = 1795339200;
	rd_init(&rd, data, size);
	for (int k = 0; k < STEPS_MAX && rd_left(&rd) > 0; k++)
		step(&w, &rd);
	compare(&w, wr_as_str(&w.file));
	rewrite(&w);
	compare(&w, wr_as_str(&w.file));
	free(mem);
	return 0;
}
