/* SPDX-License-Identifier: ISC */
/*
 * logtext.h - the lines the peer would log, word for word.
 *
 * Log parsers depend on them, so they stand together in one file and are
 * compared with recorded lines.  A function that returns a struct str makes
 * the first part of a line ("DHCPDISCOVER from .. via ..") for the caller to
 * complete; the others append a whole line to the list of the packet.
 * Everything lives in scratch memory; a line for which there is no room is
 * counted as dropped, never cut.
 */
#ifndef DHCPD_LOGTEXT_H
#define DHCPD_LOGTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"
#include "dhcpd/expr.h"

/* Longest line made here. */
#define LOGTEXT_LINE_MAX 768

/* Priorities, as <syslog.h> numbers them. */
enum logtext_prio {
	LOGTEXT_ERROR = 3,
	LOGTEXT_INFO = 6,
	LOGTEXT_DEBUG = 7
};

struct logtext {
	struct arena *scratch;
	struct expr_log *log;
};

/* Who a line is about. */
struct logtext_who {
	uint8_t htype, hlen;		/* hlen at most 16 */
	const uint8_t *chaddr;
	struct str uid;			/* shown when htype is 0; p NULL: none */
	struct str hostname;		/* empty: not shown */
	struct str where;		/* relay address or interface */
};

/*
 * logtext_id - a client identifier as the peer shows it: the beginning in
 * quotes when that is printable, octets when they are few, else nothing.
 */
void logtext_id(struct wr *w, struct str id);

/*
 * logtext_add - append a finished line.
 */
void logtext_add(struct logtext *lt, enum logtext_prio prio, struct str line);

/*
 * logtext_fmt - append a line made by printf.
 */
void logtext_fmt(struct logtext *lt, enum logtext_prio prio, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

/*
 * logtext_refused - append "HEAD: REASON".
 */
void logtext_refused(struct logtext *lt, enum logtext_prio prio,
    struct str head, const char *fmt, ...) PRINTF_LIKE(4, 5);

/*
 * logtext_discover - "DHCPDISCOVER from MAC (HOST) via WHERE".
 */
struct str logtext_discover(struct logtext *lt, const struct logtext_who *who);

/*
 * logtext_request - "DHCPREQUEST for ADDR (SERVER) from MAC (HOST) via WHERE".
 *
 * server     NULL when the client named none
 */
struct str logtext_request(struct logtext *lt, const struct logtext_who *who,
    uint32_t addr, const uint32_t *server);

/*
 * logtext_bootrequest - "BOOTREQUEST from MAC via WHERE".
 */
struct str logtext_bootrequest(struct logtext *lt,
    const struct logtext_who *who);

/*
 * logtext_from - "NAME from MAC via WHERE" for other messages.
 */
struct str logtext_from(struct logtext *lt, const char *name,
    const struct logtext_who *who);

/*
 * logtext_of - "NAME of ADDR from MAC (HOST) via WHERE": decline, release.
 */
struct str logtext_of(struct logtext *lt, const char *name, uint32_t addr,
    const struct logtext_who *who);

/*
 * logtext_inform - "DHCPINFORM from ADDR via WHERE".
 */
struct str logtext_inform(struct logtext *lt, uint32_t addr,
    struct str where);

/*
 * logtext_reply - append "NAME on ADDR to MAC (HOST) via WHERE": offer, ack,
 * nak, reply to BOOTP.
 */
void logtext_reply(struct logtext *lt, const char *name, uint32_t addr,
    const struct logtext_who *who);

/*
 * logtext_bootreply_fixed - append "BOOTREPLY for ADDR to HOST (MAC) via ..".
 */
void logtext_bootreply_fixed(struct logtext *lt, uint32_t addr,
    struct str host, const struct logtext_who *who);

/*
 * logtext_inform_ack - append "DHCPACK to ADDR (MAC) via WHERE".
 */
void logtext_inform_ack(struct logtext *lt, uint32_t addr,
    const struct logtext_who *who);

/*
 * logtext_not_authoritative - append the refusal of an INFORM, and the hint
 * after it.
 *
 * net        of the subnet
 */
void logtext_not_authoritative(struct logtext *lt, struct str head,
    uint32_t net, bool with_hint);

/*
 * logtext_both_leases - append the three lines for an address that is in a
 * host declaration and in a range.
 */
void logtext_both_leases(struct logtext *lt, uint32_t addr, struct str host,
    struct str network);

#endif
