/* SPDX-License-Identifier: ISC */
/*
 * stats: requests by class, the sum over workers, and the text of it.
 */
#include "httpd/stats.h"
#include "tests/unit/t.h"

/* Numbers in a buffer of this size; NULL when they do not fit. */
static char *
text_of(const struct stats_facts *f, size_t size)
{
	char *buf = malloc(size + 1);
	struct wr w;

	wr_init(&w, buf, size);
	stats_write(&w, f);
	buf[w.len] = '\0';
	if (wr_ok(&w))
		return buf;
	free(buf);
	return NULL;
}

START_TEST(requests_are_summed_by_class)
{
	struct stats_facts f;
	struct stats_requests other;
	char *text;

	memset(&f, 0, sizeof(f));
	memset(&other, 0, sizeof(other));
	stats_count(&f.requests, 200, 1000, 150000);
	stats_count(&f.requests, 206, 24, 1000);
	stats_count(&other, 404, 300, 0);
	stats_count(&other, 0, 0, 0);
	stats_count(&other, 999, 0, 0);
	stats_add(&f.requests, &other);
	f.conns_n = 7;
	f.keepalive_n = 5;
	f.workers_n = 2;
	f.generation = 3;
	text = text_of(&f, 16384);
	ck_assert_msg(text != NULL, "16 KiB are enough");
	t_has_line(text, "kickstand_httpd_requests_total{code=\"2xx\"} 2");
	t_has_line(text, "kickstand_httpd_requests_total{code=\"4xx\"} 1");
	t_has_line(text, "kickstand_httpd_requests_total{code=\"5xx\"} 0");
	t_has_line(text, "kickstand_httpd_requests_total{code=\"none\"} 2");
	t_has_line(text, "kickstand_httpd_sent_bytes_total 1324");
	t_has_line(text, "kickstand_httpd_connections{state=\"busy\"} 2");
	t_has_line(text, "kickstand_httpd_connections{state=\"keepalive\"} 5");
	t_has_line(text, "kickstand_httpd_workers 2");
	t_has_line(text, "kickstand_httpd_generation 3");
	t_has_line(text, "kickstand_httpd_request_seconds_bucket{le=\"0.0001\"} 4");
	t_has_line(text, "kickstand_httpd_request_seconds_count 5");
	free(text);
}
END_TEST

START_TEST(a_small_buffer_fails)
{
	struct stats_facts f;
	char *whole;
	size_t len;

	memset(&f, 0, sizeof(f));
	whole = text_of(&f, 16384);
	len = strlen(whole);
	free(whole);
	for (size_t size = 0; size < len; size += 7)
		ck_assert_msg(text_of(&f, size) == NULL, "%zu bytes", size);
}
END_TEST

T_MAIN("httpd_stats")
{
	T_ADD(requests_are_summed_by_class);
	T_ADD(a_small_buffer_fails);
}
