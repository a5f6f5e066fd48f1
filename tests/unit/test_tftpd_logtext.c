/* SPDX-License-Identifier: ISC */
/*
 * Every line of log against the one recorded from tftp-hpa, and our own.
 */
#include "tests/unit/t.h"

#include <syslog.h>

#include "tftpd/logtext.h"

static char buf[1024];
static struct wr wr;

static void
is_line(int prio, int want_prio, const char *want)
{
	ck_assert_msg(wr_ok(&wr), "does not fit");
	ck_assert_int_eq(prio, want_prio);
	t_mem_eq(buf, wr.len, want, strlen(want));
	wr_init(&wr, buf, sizeof(buf));
}

START_TEST(the_peers_lines)
{
	struct str addr = STR("127.0.0.1");

	wr_init(&wr, buf, sizeof(buf));
	is_line(logtext_request(&wr, false, addr, STR("f"), STR("f"),
	    STR("")), LOG_NOTICE, "RRQ from 127.0.0.1 filename f");
	is_line(logtext_request(&wr, true, addr, STR("caf\xc3\xa9"),
	    STR("caf\xc3\xa9"), STR("")), LOG_NOTICE,
	    "WRQ from 127.0.0.1 filename caf\xc3\xa9");
	is_line(logtext_request(&wr, false, addr, STR("g"), STR("/x"),
	    STR("")), LOG_NOTICE,
	    "RRQ from 127.0.0.1 filename g remapped to /x");
	is_line(logtext_nak(&wr, 1, STR("File not found"), addr, STR("")),
	    LOG_INFO, "sending NAK (1, File not found) to 127.0.0.1");
	is_line(logtext_declined(&wr), LOG_WARNING,
	    "tftp: client does not accept options");
	is_line(logtext_gone(&wr, false, XFER_SENDING,
	    STR("Connection refused")), LOG_WARNING,
	    "tftpd: read(ack): Connection refused");
	is_line(logtext_gone(&wr, false, XFER_OFFERED,
	    STR("Connection refused")), LOG_WARNING,
	    "tftpd: read: Connection refused");
	is_line(logtext_gone(&wr, true, XFER_RECEIVING,
	    STR("Connection refused")), LOG_WARNING,
	    "tftpd: read: Connection refused");
}
END_TEST

START_TEST(what_the_rules_do)
{
	static const struct {
		enum remap_event event;
		const char *line;
	} lines[] = {
		{ REMAP_INPUT, "remap: input: n" },
		{ REMAP_REWRITE, "remap: rule 3: rewrite: n" },
		{ REMAP_EXIT, "remap: rule 3: exit" },
		{ REMAP_RESTART, "remap: rule 3: restart" },
		{ REMAP_JUMP, "remap: rule 3: jump" },
		{ REMAP_ABORTED, "remap: rule 3: abort: n" },
		{ REMAP_DONE, "remap: done" },
	};

	wr_init(&wr, buf, sizeof(buf));
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		is_line(logtext_remap(&wr, lines[i].event, 3, STR("n"),
		    STR("l")), LOG_INFO, lines[i].line);
	is_line(logtext_remap(&wr, REMAP_LOOP, 3, STR("n"), STR("l")),
	    LOG_WARNING, "remap: Breaking loop, input = n, last = l");
}
END_TEST

/* What we add stands behind the peer's text. */
START_TEST(our_own)
{
	struct str who = STR("00:50:56:3b:f6:2b");
	struct xfer x;

	wr_init(&wr, buf, sizeof(buf));
	is_line(logtext_request(&wr, false, STR("::1"), STR("f"), STR("f"),
	    who), LOG_NOTICE, "RRQ from ::1 filename f (00:50:56:3b:f6:2b)");
	is_line(logtext_nak(&wr, 2, STR("no"), STR("::1"), who), LOG_INFO,
	    "sending NAK (2, no) to ::1 (00:50:56:3b:f6:2b)");
	memset(&x, 0, sizeof(x));
	x.outcome = XFER_TIMED_OUT;
	x.bytes = 1234567890123;
	x.repeats_n = 7;
	x.blksize = 1456;
	x.window = 4;
	is_line(logtext_finished(&wr, LOG_DEBUG, &x, STR("10.0.0.1"),
	    STR("linux"), 61002000000, who), LOG_DEBUG,
	    "finished RRQ from 10.0.0.1 filename linux: timed out, "
	    "1234567890123 bytes, 61.002 s, 7 retransmissions, blksize 1456, "
	    "windowsize 4 (00:50:56:3b:f6:2b)");
}
END_TEST

START_TEST(every_outcome)
{
	static const char *const texts[] = {
		[XFER_UNDECIDED] = "undecided", [XFER_COMPLETE] = "complete",
		[XFER_TIMED_OUT] = "timed out",
		[XFER_DECLINED] = "options declined",
		[XFER_ABORTED] = "aborted by client",
		[XFER_UNREACHABLE] = "client unreachable",
		[XFER_FAILED] = "failed",
	};

	wr_init(&wr, buf, sizeof(buf));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct xfer x = { .is_write = true, .blksize = 512, .window = 1,
		    .outcome = (enum xfer_outcome)i };
		char line[128];

		(void)snprintf(line, sizeof(line), "finished WRQ from a "
		    "filename f: %s, 0 bytes, 0.000 s, 0 retransmissions, "
		    "blksize 512, windowsize 1", texts[i]);
		is_line(logtext_finished(&wr, LOG_DEBUG, &x, STR("a"), STR("f"),
		    0, STR("")), LOG_DEBUG, line);
	}
}
END_TEST

T_MAIN("tftpd_logtext") {
	T_ADD(the_peers_lines);
	T_ADD(what_the_rules_do);
	T_ADD(our_own);
	T_ADD(every_outcome);
}
