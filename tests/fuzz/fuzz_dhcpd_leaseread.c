/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as dhcpd.leases.  Beyond not crashing: the fast path and the
 * careful one must understand the same leases, feeding in two pieces must not
 * matter, and a lease that was read must survive being printed and read.
 */
#include <stdlib.h>
#include <string.h>

#include "dhcpd/leaseread.h"
#include "dhcpd/leasetext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OUT_SIZE (4 * 1024 * 1024)
#define NOW 1795339200

struct sum {
	struct wr wr;
	bool is_full;
};

static bool
on_lease(void *ctx, uint32_t addr, struct lease_data *d,
    enum leaseread_quality quality)
{
	static const struct leasetext_style style = { .is_uid_hex = false };
	struct sum *sum = ctx;
	size_t was = sum->wr.len;

	(void)quality;
	d->on_expiry = d->on_release = 0;
	d->flags &= (uint8_t)~LEASE_F_ON_BOTH;
	leasetext_lease(&sum->wr, NULL, addr, d, &style, NOW);
	if (!wr_ok(&sum->wr)) {
		wr_cut(&sum->wr, was);
		sum->is_full = true;
	}
	return true;
}

static void
on_other(void *ctx, enum leaseread_kind kind, struct str text, uint32_t line)
{
	(void)ctx;
	(void)line;
	ASSERT(kind < LEASEREAD_KIND_N && text.len != 0);
}

static void
on_log(void *ctx, int prio, struct str line)
{
	(void)ctx;
	ASSERT(prio >= 0 && prio <= 7 && line.len < 4096);
}

static void
on_skipped(void *ctx, uint32_t line, uint64_t at, size_t len)
{
	(void)ctx;
	(void)line;
	ASSERT(at < SIZE_MAX && len < SIZE_MAX / 2);
}

static void
read_all(struct sum *sum, const char *p, size_t len, size_t cut,
    bool is_careful)
{
	static struct leaseread r;
	struct leaseread_sink sink = { .ctx = sum, .lease = on_lease,
	    .other = on_other, .log = on_log, .skipped = on_skipped };
	size_t at = 0;

	leaseread_init(&r, &sink, STR("F"), NOW);
	r.is_careful = is_careful;
	if (cut < len)
		at = leaseread_feed(&r, p, cut, false);
	ASSERT(at <= len);
	ASSERT(leaseread_feed(&r, p + at, len - at, true) == len - at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char out[4][OUT_SIZE];
	struct sum sum[4] = { { .is_full = false } };
	char *copy = malloc(size + 1);
	size_t cut = size == 0 ? 0 : data[size / 2] * size / 256;

	if (copy == NULL || size > 65536) {
		free(copy);
		return 0;
	}
	/* Exactly as large as it is, so that a sanitizer sees one too far. */
	copy = realloc(copy, size == 0 ? 1 : size);
	memcpy(copy, data, size);
	for (int k = 0; k < 4; k++)
		wr_init(&sum[k].wr, out[k], sizeof(out[k]));
	read_all(&sum[0], copy, size, cut, false);
	read_all(&sum[1], copy, size, size, true);
	ASSERT(str_eq(wr_as_str(&sum[0].wr), wr_as_str(&sum[1].wr)));
	read_all(&sum[2], out[0], sum[0].wr.len, sum[0].wr.len, false);
	/* ISC turns the order of variables round each time it reads them. */
	read_all(&sum[3], out[2], sum[2].wr.len, sum[2].wr.len, false);
	ASSERT(sum[0].is_full || str_eq(wr_as_str(&sum[0].wr),
	    wr_as_str(&sum[3].wr)));
	free(copy);
	return 0;
}
