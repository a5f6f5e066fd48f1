/* SPDX-License-Identifier: ISC */
/*
 * prom: exact text, escapes, buckets, and what does not fit.
 */
#include "common/prom.h"
#include "tests/unit/t.h"

static void
text_is(const struct wr *w, const char *want)
{
	ck_assert_msg(wr_ok(w), "the writer has failed");
	t_mem_eq(w->p, w->len, want, strlen(want));
}

START_TEST(a_family_and_its_samples)
{
	const struct prom_label labels[] = {
		{ "subnet", STR("10.10.3.0") }, { "state", STR("free") }
	};
	uint8_t buf[512];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	prom_family(&w, "pool_leases", PROM_GAUGE, "Leases by state.");
	prom_sample(&w, "pool_leases", labels, 2, UINT64_MAX);
	prom_sample(&w, "pool_leases", labels, 1, 0);
	prom_single(&w, "packets_total", PROM_COUNTER, "All.", 7);
	text_is(&w, "# HELP pool_leases Leases by state.\n"
	    "# TYPE pool_leases gauge\n"
	    "pool_leases{subnet=\"10.10.3.0\",state=\"free\"} "
	    "18446744073709551615\n"
	    "pool_leases{subnet=\"10.10.3.0\"} 0\n"
	    "# HELP packets_total All.\n# TYPE packets_total counter\n"
	    "packets_total 7\n");
}
END_TEST

START_TEST(label_values_are_escaped)
{
	const struct prom_label hostile = {
		"n", STR("a\"} 1\nb\\c\377\t")
	};
	uint8_t buf[128];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	prom_sample(&w, "m", &hostile, 1, 1);
	text_is(&w, "m{n=\"a\\\"} 1\\nb\\\\c??\"} 1\n");
}
END_TEST

START_TEST(a_bucket_includes_its_end)
{
	struct prom_hist h, sum;
	uint8_t buf[4096];
	struct wr w;

	memset(&h, 0, sizeof(h));
	memset(&sum, 0, sizeof(sum));
	prom_observe(&h, 0, 1);
	prom_observe(&h, 100, 1);
	prom_observe(&h, 101, 3);
	prom_observe(&h, 250000000, 1);
	prom_observe(&h, 250000001, 1);
	prom_add(&sum, &h);
	ck_assert_int_eq(sum.bucket_n[0], 2);
	ck_assert_int_eq(sum.bucket_n[1], 3);
	ck_assert_int_eq(sum.bucket_n[PROM_BUCKETS - 1], 1);
	ck_assert_int_eq(sum.bucket_n[PROM_BUCKETS], 1);
	wr_init(&w, buf, sizeof(buf));
	prom_histogram(&w, "t_seconds", "Time.", &sum);
	text_is(&w, "# HELP t_seconds Time.\n# TYPE t_seconds histogram\n"
	    "t_seconds_bucket{le=\"0.0001\"} 2\n"
	    "t_seconds_bucket{le=\"0.00025\"} 5\n"
	    "t_seconds_bucket{le=\"0.0005\"} 5\n"
	    "t_seconds_bucket{le=\"0.001\"} 5\n"
	    "t_seconds_bucket{le=\"0.0025\"} 5\n"
	    "t_seconds_bucket{le=\"0.005\"} 5\n"
	    "t_seconds_bucket{le=\"0.01\"} 5\n"
	    "t_seconds_bucket{le=\"0.025\"} 5\n"
	    "t_seconds_bucket{le=\"0.05\"} 5\n"
	    "t_seconds_bucket{le=\"0.1\"} 5\n"
	    "t_seconds_bucket{le=\"0.25\"} 5\n"
	    "t_seconds_bucket{le=\"0.5\"} 5\n"
	    "t_seconds_bucket{le=\"1\"} 5\n"
	    "t_seconds_bucket{le=\"2.5\"} 5\n"
	    "t_seconds_bucket{le=\"5\"} 5\n"
	    "t_seconds_bucket{le=\"10\"} 5\n"
	    "t_seconds_bucket{le=\"25\"} 5\n"
	    "t_seconds_bucket{le=\"50\"} 5\n"
	    "t_seconds_bucket{le=\"100\"} 5\n"
	    "t_seconds_bucket{le=\"250\"} 6\n"
	    "t_seconds_bucket{le=\"+Inf\"} 7\n"
	    "t_seconds_sum 500.000404\nt_seconds_count 7\n");
}
END_TEST

START_TEST(what_does_not_fit_fails)
{
	struct prom_hist h;
	uint8_t *buf = malloc((size_t)_i);
	struct wr w;

	memset(&h, 0, sizeof(h));
	wr_init(&w, buf, (size_t)_i);
	prom_histogram(&w, "t_seconds", "Time.", &h);
	ck_assert_msg(!wr_ok(&w), "%d bytes cannot be enough", _i);
	free(buf);
}
END_TEST

T_MAIN("common_prom")
{
	T_ADD(a_family_and_its_samples);
	T_ADD(label_values_are_escaped);
	T_ADD(a_bucket_includes_its_end);
	T_LOOP(what_does_not_fit_fails, 1, 600);
}
