/* SPDX-License-Identifier: ISC */
/*
 * stats: what the core has counted appears under its name, and no more.
 */
#include "dhcpd/stats.h"
#include "tests/unit/dhcpd_world.h"
#include "tests/unit/t.h"

static const char conf_text[] =
    "shared-network \"a\\\"b\" {\n"
    "  subnet 10.10.3.0 netmask 255.255.255.0 {\n"
    "    pool { range 10.10.3.100 10.10.3.200; range 10.10.3.220; }\n"
    "    pool { range 10.10.3.50 10.10.3.59; allow known-clients; }\n"
    "  }\n"
    "}\n";

/* Numbers in a buffer of this size; NULL when they do not fit. */
static char *
stats_of(struct dworld *w, size_t size)
{
	struct prom_hist reply;
	uint64_t why[FRAME_WHY_N] = { [FRAME_SHORT] = 5, [FRAME_FOREIGN] = 9 };
	struct stats_facts f = {
		.decide = &w->d, .conf = &w->conf, .leases = &w->table,
		.frame_why_n = why, .send_failed_n = 1, .withheld_n = 2,
		.probes_n = 3, .log_lost_n = 4, .start_s = 1800000000,
		.reply = &reply,
	};
	char *buf = malloc(size + 1);
	struct wr out;

	memset(&reply, 0, sizeof(reply));
	prom_observe(&reply, 300, 2);
	wr_init(&out, buf, size);
	stats_write(&out, &f);
	buf[out.len] = '\0';
	if (wr_ok(&out))
		return buf;
	free(buf);
	return NULL;
}

START_TEST(counters_and_pools_are_told)
{
	struct dworld *w = dworld_new(conf_text);
	char *text;

	w->d.in_n[PROTO_MSG_DISCOVER] = 11;
	w->d.out_n[PROTO_MSG_LEASEACTIVE] = 12;
	w->d.why_n[DECIDE_WHY_PENDING] = 13;
	text = stats_of(w, 65536);
	ck_assert_msg(text != NULL, "64 KiB are enough");
	t_has_line(text, "# TYPE kickstand_dhcpd_received_total counter");
	t_has_line(text, "kickstand_dhcpd_received_total{type=\"discover\"} 11");
	t_has_line(text, "kickstand_dhcpd_sent_total{type=\"leaseactive\"} 12");
	t_has_line(text, "kickstand_dhcpd_dropped_total{reason=\"pinging\"} 13");
	t_has_line(text, "kickstand_dhcpd_bad_frames_total{reason=\"short\"} 5");
	t_has_line(text, "kickstand_dhcpd_start_time_seconds 1800000000");
	t_has_line(text, "kickstand_dhcpd_send_failed_total 1");
	t_has_line(text, "kickstand_dhcpd_withheld_total 2");
	t_has_line(text, "kickstand_dhcpd_probes_total 3");
	t_has_line(text, "kickstand_dhcpd_log_lost_total 4");
	t_has_line(text, "kickstand_dhcpd_reply_seconds_sum 0.000600");
	t_has_line(text, "kickstand_dhcpd_pool_addresses{network=\"a\\\"b\","
	    "ranges=\"10.10.3.100-10.10.3.200 10.10.3.220-10.10.3.220\"} 102");
	t_has_line(text, "kickstand_dhcpd_pool_leases{network=\"a\\\"b\","
	    "ranges=\"10.10.3.50-10.10.3.59\",state=\"free\"} 10");
	t_has_line(text, "kickstand_dhcpd_pool_leases{network=\"a\\\"b\","
	    "ranges=\"10.10.3.50-10.10.3.59\",state=\"active\"} 0");
	free(text);
	dworld_free(w);
}
END_TEST

START_TEST(a_small_buffer_fails)
{
	struct dworld *w = dworld_new(conf_text);
	char *whole = stats_of(w, 65536);
	size_t len = strlen(whole);

	for (size_t size = 0; size < len; size += 7)
		ck_assert_msg(stats_of(w, size) == NULL, "%zu bytes", size);
	free(whole);
	dworld_free(w);
}
END_TEST

T_MAIN("dhcpd_stats")
{
	T_ADD(counters_and_pools_are_told);
	T_ADD(a_small_buffer_fails);
}
