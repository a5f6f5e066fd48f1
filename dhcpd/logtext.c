/* SPDX-License-Identifier: ISC */
/*
 * logtext.c - every line about a packet, in the peer's words.
 *
 * Owns wording and punctuation; decides nothing.  Host names of clients pass
 * only when printable, so no stranger's byte reaches a log through here.
 * The shell makes control characters in lines of log() statements visible.
 */
#include "dhcpd/logtext.h"

#include <stdarg.h>
#include <string.h>

#include "common/ip4.h"

enum {
	LOGTEXT_HOST_MAX = 64,		/* longer names are not shown */
	LOGTEXT_ID_TEXT_MAX = 57,	/* octets of an identifier as text */
	LOGTEXT_ID_HEX_MAX = 20		/* and as hex; longer is not shown */
};

/* Room for one line; an unusable writer when scratch is full. */
static struct wr
logtext_begin(struct logtext *lt)
{
	struct wr w;

	wr_init(&w, arena_alloc(lt->scratch, LOGTEXT_LINE_MAX, 1),
	    LOGTEXT_LINE_MAX);
	return w;
}

/* The finished text; empty when it did not fit. */
static struct str
logtext_end(struct logtext *lt, const struct wr *w)
{
	if (!wr_ok(w) || w->len == 0)
		return STR("");
	arena_trim(lt->scratch, w->p, w->len);
	return wr_as_str(w);
}

static void
logtext_ip(struct wr *w, uint32_t addr)
{
	char buf[IP4_TEXT_SIZE];

	wr_str(w, ip4_fmt(addr, buf));
}

void
logtext_add(struct logtext *lt, enum logtext_prio prio, struct str line)
{
	struct expr_log_line *l;

	if (lt->log->n == EXPR_LOG_MAX || line.len == 0) {
		lt->log->dropped++;
		return;
	}
	l = &lt->log->line[lt->log->n++];
	l->prio = prio;
	l->text = line;
}

void
logtext_fmt(struct logtext *lt, enum logtext_prio prio, const char *fmt, ...)
{
	struct wr w;
	va_list ap;

	w = logtext_begin(lt);
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	logtext_add(lt, prio, logtext_end(lt, &w));
}

void
logtext_refused(struct logtext *lt, enum logtext_prio prio, struct str head,
    const char *fmt, ...)
{
	struct wr w;
	va_list ap;

	w = logtext_begin(lt);
	wr_str(&w, head);
	wr_text(&w, ": ");
	va_start(ap, fmt);
	wr_vfmt(&w, fmt, ap);
	va_end(ap);
	logtext_add(lt, prio, logtext_end(lt, &w));
}

static bool
logtext_is_plain(struct str host)
{
	if (host.len > LOGTEXT_HOST_MAX)
		return false;
	for (size_t i = 0; i < host.len; i++)
		if (host.p[i] < ' ' || host.p[i] > '~' || host.p[i] == '"' ||
		    host.p[i] == '\\')
			return false;
	return true;
}

void
logtext_id(struct wr *w, struct str id)
{
	struct str text = str_sub(id, 0, LOGTEXT_ID_TEXT_MAX);

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] >= ' ' && text.p[i] <= '~')
			continue;
		if (id.len <= LOGTEXT_ID_HEX_MAX)
			wr_hex(w, id.p, id.len);
		return;
	}
	wr_u8(w, '"');
	wr_str(w, text);
	wr_u8(w, '"');
}

/* "(name) via where", the name only if there is one. */
static void
logtext_via(struct wr *w, const struct logtext_who *who)
{
	if (who->hostname.len > 0) {
		wr_text(w, " (");
		if (logtext_is_plain(who->hostname))
			wr_str(w, who->hostname);
		else
			wr_text(w, "Hostname Unsuitable for Printing");
		wr_text(w, ")");
	}
	wr_text(w, " via ");
	wr_str(w, who->where);
}

/* The client in a DISCOVER or REQUEST line: even without hardware type. */
static void
logtext_client(struct wr *w, const struct logtext_who *who)
{
	if (who->htype != 0)
		wr_hex(w, who->chaddr, who->hlen);
	else if (who->uid.p != NULL && who->uid.len > 0)
		logtext_id(w, who->uid);
	else
		wr_text(w, "<no identifier>");
}

struct str
logtext_discover(struct logtext *lt, const struct logtext_who *who)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, "DHCPDISCOVER from ");
	logtext_client(&w, who);
	logtext_via(&w, who);
	return logtext_end(lt, &w);
}

struct str
logtext_request(struct logtext *lt, const struct logtext_who *who,
    uint32_t addr, const uint32_t *server)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, "DHCPREQUEST for ");
	logtext_ip(&w, addr);
	if (server != NULL) {
		wr_text(&w, " (");
		logtext_ip(&w, *server);
		wr_text(&w, ")");
	}
	wr_text(&w, " from ");
	logtext_client(&w, who);
	logtext_via(&w, who);
	return logtext_end(lt, &w);
}

struct str
logtext_from(struct logtext *lt, const char *name,
    const struct logtext_who *who)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, name);
	wr_text(&w, " from ");
	wr_hex(&w, who->chaddr, who->hlen);
	wr_text(&w, " via ");
	wr_str(&w, who->where);
	return logtext_end(lt, &w);
}

struct str
logtext_bootrequest(struct logtext *lt, const struct logtext_who *who)
{
	return logtext_from(lt, "BOOTREQUEST", who);
}

struct str
logtext_of(struct logtext *lt, const char *name, uint32_t addr,
    const struct logtext_who *who)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, name);
	wr_text(&w, " of ");
	logtext_ip(&w, addr);
	wr_text(&w, " from ");
	wr_hex(&w, who->chaddr, who->hlen);
	logtext_via(&w, who);
	return logtext_end(lt, &w);
}

struct str
logtext_inform(struct logtext *lt, uint32_t addr, struct str where)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, "DHCPINFORM from ");
	logtext_ip(&w, addr);
	wr_text(&w, " via ");
	wr_str(&w, where);
	return logtext_end(lt, &w);
}

void
logtext_reply(struct logtext *lt, const char *name, uint32_t addr,
    const struct logtext_who *who)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, name);
	wr_text(&w, " on ");
	logtext_ip(&w, addr);
	wr_text(&w, " to ");
	wr_hex(&w, who->chaddr, who->hlen);
	logtext_via(&w, who);
	logtext_add(lt, LOGTEXT_INFO, logtext_end(lt, &w));
}

void
logtext_bootreply_fixed(struct logtext *lt, uint32_t addr, struct str host,
    const struct logtext_who *who)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, "BOOTREPLY for ");
	logtext_ip(&w, addr);
	wr_text(&w, " to ");
	wr_str(&w, host);
	wr_text(&w, " (");
	wr_hex(&w, who->chaddr, who->hlen);
	wr_text(&w, ") via ");
	wr_str(&w, who->where);
	logtext_add(lt, LOGTEXT_INFO, logtext_end(lt, &w));
}

void
logtext_inform_ack(struct logtext *lt, uint32_t addr,
    const struct logtext_who *who)
{
	struct wr w;

	w = logtext_begin(lt);
	wr_text(&w, "DHCPACK to ");
	logtext_ip(&w, addr);
	wr_text(&w, " (");
	if (who->hlen > 0)
		wr_hex(&w, who->chaddr, who->hlen);
	else
		wr_text(&w, "<no client hardware address>");
	wr_text(&w, ") via ");
	wr_str(&w, who->where);
	logtext_add(lt, LOGTEXT_INFO, logtext_end(lt, &w));
}

void
logtext_not_authoritative(struct logtext *lt, struct str head, uint32_t net,
    bool with_hint)
{
	char buf[IP4_TEXT_SIZE];

	(void)ip4_fmt(net, buf);	/* the text is used through buf */
	logtext_refused(lt, LOGTEXT_INFO, head,
	    "not authoritative for subnet %s", buf);
	if (!with_hint)
		return;
	logtext_add(lt, LOGTEXT_INFO, STR(
	    "If this DHCP server is authoritative for that subnet,"));
	logtext_add(lt, LOGTEXT_INFO, STR(
	    "please write an `authoritative;' directive either in the"));
	logtext_add(lt, LOGTEXT_INFO, STR(
	    "subnet declaration or in some scope that encloses the"));
	logtext_add(lt, LOGTEXT_INFO, STR(
	    "subnet declaration - for example, write it at the top"));
	logtext_add(lt, LOGTEXT_INFO, STR("of the dhcpd.conf file."));
}

void
logtext_both_leases(struct logtext *lt, uint32_t addr, struct str host,
    struct str network)
{
	char buf[IP4_TEXT_SIZE];

	(void)ip4_fmt(addr, buf);	/* the text is used through buf */
	logtext_fmt(lt, LOGTEXT_ERROR,
	    "Dynamic and static leases present for %s.", buf);
	logtext_fmt(lt, LOGTEXT_ERROR,
	    "Remove host declaration %.*s or remove %s", STR_ARG(host), buf);
	logtext_fmt(lt, LOGTEXT_ERROR,
	    "from the dynamic address pool for %.*s", STR_ARG(network));
}
