/* SPDX-License-Identifier: ISC */
/*
 * stats: each kind of end is counted once, under its name.
 */
#include "tftpd/stats.h"
#include "tests/unit/t.h"

static void
end(struct stats *s, bool is_write, enum xfer_outcome outcome, uint64_t bytes)
{
	struct xfer x;

	memset(&x, 0, sizeof(x));
	x.is_write = is_write;
	x.outcome = outcome;
	x.bytes = bytes;
	x.repeats_n = 1;
	stats_ended(s, &x, 2000000);
}

/* Numbers in a buffer of this size; NULL when they do not fit. */
static char *
text_of(const struct stats *s, size_t size)
{
	char *buf = malloc(size + 1);
	struct wr w;

	wr_init(&w, buf, size);
	stats_write(&w, s, 1800000000, 3, 4);
	buf[w.len] = '\0';
	if (wr_ok(&w))
		return buf;
	free(buf);
	return NULL;
}

START_TEST(ends_are_counted)
{
	struct stats s;
	char *text;

	memset(&s, 0, sizeof(s));
	s.requests_n[1] = 5;
	s.refused_n[PROTO_NOT_FOUND] = 11;
	s.dropped_n = 6;
	end(&s, false, XFER_COMPLETE, 1000);
	end(&s, false, XFER_COMPLETE, 500);
	end(&s, true, XFER_TIMED_OUT, 7);
	text = text_of(&s, 65536);
	ck_assert_msg(text != NULL, "64 KiB are enough");
	t_has_line(text, "kickstand_tftpd_requests_total{type=\"read\"} 0");
	t_has_line(text, "kickstand_tftpd_requests_total{type=\"write\"} 5");
	t_has_line(text, "kickstand_tftpd_refused_total{code=\"not-found\"} 11");
	t_has_line(text, "kickstand_tftpd_dropped_total 6");
	t_has_line(text, "kickstand_tftpd_transfers_active 3");
	t_has_line(text, "kickstand_tftpd_transfers_total{type=\"read\","
	    "outcome=\"complete\"} 2");
	t_has_line(text, "kickstand_tftpd_transfers_total{type=\"write\","
	    "outcome=\"timed-out\"} 1");
	t_has_line(text, "kickstand_tftpd_transfers_total{type=\"write\","
	    "outcome=\"complete\"} 0");
	t_has_line(text, "kickstand_tftpd_bytes_total{type=\"read\"} 1500");
	t_has_line(text, "kickstand_tftpd_retransmissions_total 3");
	t_has_line(text, "kickstand_tftpd_log_lost_total 4");
	t_has_line(text, "kickstand_tftpd_transfer_seconds_count 2");
	t_has_line(text, "kickstand_tftpd_transfer_seconds_sum 0.004000");
	ck_assert_msg(strstr(text, "undecided") == NULL,
	    "transfers under way have not ended");
	free(text);
}
END_TEST

START_TEST(a_small_buffer_fails)
{
	struct stats s;
	char *whole;
	size_t len;

	memset(&s, 0, sizeof(s));
	whole = text_of(&s, 65536);
	len = strlen(whole);
	free(whole);
	for (size_t size = 0; size < len; size += 7)
		ck_assert_msg(text_of(&s, size) == NULL, "%zu bytes", size);
}
END_TEST

T_MAIN("tftpd_stats")
{
	T_ADD(ends_are_counted);
	T_ADD(a_small_buffer_fails);
}
