/* SPDX-License-Identifier: ISC */
/*
 * leaseread - the text of dhcpd.leases, read.
 *
 * A stream of blocks.  The regular block, as any version of ISC's server or
 * ours writes it, takes a fast path; everything else goes through a lexer
 * that knows positions and says what ISC would say about damage.  Nothing
 * intact is lost: after damage, reading resumes at the next line that begins
 * a block, and every byte left out is reported.
 */
#ifndef DHCPD_LEASEREAD_H
#define DHCPD_LEASEREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "dhcpd/lease.h"

/* What a top-level statement other than a lease is. */
enum leaseread_kind {
	LEASEREAD_CLASS,	/* class and subclass */
	LEASEREAD_GROUP,
	LEASEREAD_HOST,
	LEASEREAD_DUID,		/* server-duid "..."; */
	LEASEREAD_FAILOVER,	/* failover peer "x" state { } */
	LEASEREAD_IA,		/* ia-na, ia-ta, ia-pd */
	LEASEREAD_KIND_N
};

/* How much of a block was readable. */
enum leaseread_quality {
	LEASEREAD_WHOLE,
	LEASEREAD_DAMAGED,	/* statements were left out, or its end */
	LEASEREAD_TAIL		/* the file ends inside it */
};

/* Where results go.  All slices die when the callback returns. */
struct leaseread_sink {
	void *ctx;
	/* A lease; false: no room, reading stops. */
	bool (*lease)(void *ctx, uint32_t addr, struct lease_data *d,
	    enum leaseread_quality quality);
	/* Another statement, its text from keyword to "}" or ";". */
	void (*other)(void *ctx, enum leaseread_kind kind, struct str text,
	    uint32_t line);
	/* A line for the log at this priority (3, 6 or 7). */
	void (*log)(void *ctx, int prio, struct str line);
	/* Bytes that were understood as nothing: where, how many. */
	void (*skipped)(void *ctx, uint32_t line, uint64_t at, size_t len);
	/*
	 * Statements of an "on" block as the file has them -> the id of
	 * their normal form; 0 when they cannot be parsed.
	 */
	uint32_t (*statements)(void *ctx, struct str text);
	/* A sub-option of option 82 by name; NULL: unknown. */
	const struct opt_def *(*agent_def)(void *ctx, struct str name);
	/* The octets of "option agent.NAME VALUE;" by the format of the
	 * option; false: it does not parse. */
	bool (*agent_value)(void *ctx, struct str text, struct wr *wr);
	/* Does the configuration have this class (for "billing")? */
	bool (*has_class)(void *ctx, struct str name);
	/* And this failover peer?  NULL: it has none. */
	bool (*has_peer)(void *ctx, struct str name);
};

/* Bytes that the careful path wants to see ahead, unless the file ends. */
#define LEASEREAD_AHEAD (256 * 1024)
/* Room for the strings of one block. */
#define LEASEREAD_SCRATCH (64 * 1024)
/* How long a lease whose end cannot be read is held for its client. */
#define LEASEREAD_HOLD_S 86400

/* A reader; lives for one file. */
struct leaseread {
	const struct leaseread_sink *sink;
	struct str path;	/* for messages */
	uint64_t at;		/* bytes consumed before the buffer */
	uint32_t line;		/* of the next byte */
	int64_t now_s;
	uint64_t leases_n;	/* blocks handed to the sink */
	uint64_t skipped_n;	/* bytes understood as nothing */
	bool is_stopped;	/* the sink refused a lease */
	bool is_careful;	/* tests: without the fast path */
	struct {
		char text[12];	/* "0 2026/11/22" */
		uint32_t start_s;
	} day[2];		/* read last: of an odd and of an even day */
	uint8_t scratch[LEASEREAD_SCRATCH];
};

/*
 * leaseread_init - start on a file.
 *
 * path       as it is to appear in messages
 * now_s      decides what an old block without a state means
 */
void leaseread_init(struct leaseread *r, const struct leaseread_sink *sink,
    struct str path, int64_t now_s);

/*
 * leaseread_feed - read what is whole in a piece of the file.
 *
 * p, len     the bytes after the ones consumed before
 * is_last    no more will come: what is torn is reported
 *
 * Returns how many bytes were consumed; the rest must come again in front of
 * more.  With is_last all of them are.
 */
size_t leaseread_feed(struct leaseread *r, const char *p, size_t len,
    bool is_last) MUST_CHECK;

#endif
