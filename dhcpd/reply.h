/* SPDX-License-Identifier: ISC */
/*
 * reply.h - a reply put together: which options, in which order, how they fit.
 *
 * The statements of all scopes have run; their values wait in env->out, and
 * the caller has set there what it decides itself (message type, server, lease
 * time ..).  Here they are chosen, ordered, laid out in the options field and,
 * where that is too small, in file and sname, exactly as the peer would.
 */
#ifndef DHCPD_REPLY_H
#define DHCPD_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"
#include "dhcpd/expr.h"
#include "dhcpd/logtext.h"
#include "dhcpd/packet.h"

/* Sizes. */
enum {
	REPLY_LEN_MAX = 1472,		/* payload that one frame carries */
	REPLY_ROOM_DEFAULT = 312,	/* cookie and options, RFC 2131 2 */
	REPLY_ROOM_MAX = 1236,
	REPLY_ROOM_BOOTP = 64		/* RFC 951 3 */
};

/* What a reply is to be, beside the values in env->out.  Turn. */
struct reply {
	struct packet_head head;
	struct str file, sname;		/* header fields; longer ones are cut */
	struct str vend;		/* no options but these octets, if p */
	struct str prl;			/* option 55 in force; p NULL: none */
	struct str agent;		/* option 82 to send back; p NULL: none */
	size_t room;			/* octets for cookie and options */
	size_t len_min;			/* pad the payload to this */
	bool is_short;			/* NAK: the leading options alone */
	bool can_overload;		/* options may go into file and sname */
	bool wants_mask;		/* option 1 even if it is not in prl */
	bool wants_client_id;		/* option 61 even if it is not in prl */
	bool is_nul_ended;		/* text gets a final NUL */
};

/*
 * reply_room - octets for cookie and options.
 *
 * mms        the client's or the configured maximum message size, 0: neither
 */
size_t reply_room(uint32_t mms);

/*
 * reply_build - write the payload.
 *
 * env        its out set holds all values; evaluated here
 * lt         lines about what did not fit
 * w          at least REPLY_LEN_MAX octets
 *
 * False when a value names an option space that does not exist; the line has
 * been appended and nothing must be sent.
 */
bool reply_build(const struct reply *r, struct expr_env *env,
    struct logtext *lt, struct wr *w) MUST_CHECK;

#endif
