/* SPDX-License-Identifier: ISC */
/*
 * logtext - every line of log that a request or a transfer causes.
 *
 * The texts are an interface: scripts out there match them.  What we add
 * stands behind tftp-hpa's text, never inside it.
 */
#include "tftpd/logtext.h"

#include <syslog.h>

static void
put_who(struct wr *wr, struct str who)
{
	if (who.len == 0)
		return;
	wr_text(wr, " (");
	wr_str(wr, who);
	wr_text(wr, ")");
}

int
logtext_request(struct wr *wr, bool is_write, struct str addr,
    struct str name, struct str mapped, struct str who)
{
	wr_text(wr, is_write ? "WRQ from " : "RRQ from ");
	wr_str(wr, addr);
	wr_text(wr, " filename ");
	wr_str(wr, name);
	if (!str_eq(name, mapped)) {
		wr_text(wr, " remapped to ");
		wr_str(wr, mapped);
	}
	put_who(wr, who);
	return LOG_NOTICE;
}

int
logtext_nak(struct wr *wr, unsigned code, struct str text, struct str addr,
    struct str who)
{
	wr_text(wr, "sending NAK (");
	wr_dec(wr, code);
	wr_text(wr, ", ");
	wr_str(wr, text);
	wr_text(wr, ") to ");
	wr_str(wr, addr);
	put_who(wr, who);
	return LOG_INFO;
}

static void
put_rule(struct wr *wr, uint32_t rule, const char *what, struct str text)
{
	wr_text(wr, "remap: rule ");
	wr_dec(wr, rule);
	wr_text(wr, what);
	wr_str(wr, text);
}

int
logtext_remap(struct wr *wr, enum remap_event event, uint32_t rule,
    struct str text, struct str last)
{
	switch (event) {
	case REMAP_INPUT:
		wr_text(wr, "remap: input: ");
		wr_str(wr, text);
		break;
	case REMAP_REWRITE:
		put_rule(wr, rule, ": rewrite: ", text);
		break;
	case REMAP_EXIT:
		put_rule(wr, rule, ": exit", STR(""));
		break;
	case REMAP_RESTART:
		put_rule(wr, rule, ": restart", STR(""));
		break;
	case REMAP_JUMP:
		put_rule(wr, rule, ": jump", STR(""));
		break;
	case REMAP_ABORTED:
		put_rule(wr, rule, ": abort: ", text);
		break;
	case REMAP_DONE:
		wr_text(wr, "remap: done");
		break;
	case REMAP_LOOP:
		wr_text(wr, "remap: Breaking loop, input = ");
		wr_str(wr, text);
		wr_text(wr, ", last = ");
		wr_str(wr, last);
		return LOG_WARNING;
	}
	return LOG_INFO;
}

int
logtext_declined(struct wr *wr)
{
	wr_text(wr, "tftp: client does not accept options");
	return LOG_WARNING;
}

int
logtext_gone(struct wr *wr, bool is_write, enum xfer_state state,
    struct str reason)
{
	wr_text(wr, !is_write && state == XFER_SENDING ?
	    "tftpd: read(ack): " : "tftpd: read: ");
	wr_str(wr, reason);
	return LOG_WARNING;
}

static const char *
outcome_text(enum xfer_outcome outcome)
{
	switch (outcome) {
	case XFER_COMPLETE:
		return "complete";
	case XFER_TIMED_OUT:
		return "timed out";
	case XFER_DECLINED:
		return "options declined";
	case XFER_ABORTED:
		return "aborted by client";
	case XFER_UNREACHABLE:
		return "client unreachable";
	case XFER_FAILED:
		return "failed";
	case XFER_UNDECIDED:
		break;
	}
	return "undecided";
}

int
logtext_finished(struct wr *wr, int prio, const struct xfer *x,
    struct str addr, struct str name, int64_t took_ns, struct str who)
{
	uint64_t took_ms = (uint64_t)took_ns / 1000000;

	wr_text(wr, x->is_write ? "finished WRQ from " :
	    "finished RRQ from ");
	wr_str(wr, addr);
	wr_text(wr, " filename ");
	wr_str(wr, name);
	wr_text(wr, ": ");
	wr_text(wr, outcome_text(x->outcome));
	wr_fmt(wr, ", %llu bytes, %llu.%03u s, %lu retransmissions, "
	    "blksize %lu, windowsize %lu",
	    (unsigned long long)x->bytes, (unsigned long long)took_ms / 1000,
	    (unsigned)(took_ms % 1000), (unsigned long)x->repeats_n,
	    (unsigned long)x->blksize, (unsigned long)x->window);
	put_who(wr, who);
	return prio;
}
