/* SPDX-License-Identifier: ISC */
/*
 * xfer - one transfer as a state machine: events in, verdict and packets out.
 *
 * No socket, file or clock in here.  Blocks of a download are not copied: the
 * verdict XFER_SEND names them and xfer_block() says where each lies in the
 * file.  Uploads ask to store, then to commit, and are told how that went, so
 * that nothing is acknowledged that is not stored.
 */
#ifndef TFTPD_XFER_H
#define TFTPD_XFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "tftpd/opttab.h"
#include "tftpd/proto.h"

/* A transfer is given up after this many first timeouts without progress:
 * 1 + 2 + 4 + 8 + 16 + 32, six transmissions, as tftp-hpa. */
#define XFER_PATIENCE 63
/* After an upload the last block may come again for this many timeouts. */
#define XFER_DALLY 8
/* The estimated timeout of a download is never shorter than this, and as long
 * as there are fewer than XFER_RTTS measurements, twice as much for each one
 * missing. */
#define XFER_RTO_MIN_NS 100000000LL
#define XFER_RTTS 3

enum xfer_state {
	XFER_OFFERED,		/* OACK sent, unanswered */
	XFER_SENDING,		/* download: blocks are under way */
	XFER_RECEIVING,		/* upload: waiting for a block */
	XFER_STORING,		/* upload: a block is being written */
	XFER_COMMITTING,	/* upload: all there, being made visible */
	XFER_DALLYING,		/* upload: done, last ACK may have been lost */
	XFER_OVER
};

enum xfer_verdict {
	XFER_WAIT,		/* nothing to do until the next event */
	XFER_REPLY,		/* send the packet in out */
	XFER_SEND,		/* send blocks first .. first + n - 1 */
	XFER_STORE,		/* write data, then call xfer_stored */
	XFER_COMMIT,		/* publish the file, then xfer_committed */
	XFER_END		/* send the packet if there is one; over */
};

enum xfer_outcome {
	XFER_UNDECIDED,
	XFER_COMPLETE,
	XFER_TIMED_OUT,		/* the client fell silent */
	XFER_DECLINED,		/* ERROR in answer to the OACK */
	XFER_ABORTED,		/* ERROR later */
	XFER_UNREACHABLE,	/* nobody listens at the client's port */
	XFER_FAILED		/* our own error, told the client */
};
#define XFER_OUTCOMES (XFER_FAILED + 1)

/* Round trips of a client, nanoseconds (RFC 6298). */
struct xfer_rtt {
	uint32_t n;		/* measured, at most XFER_RTTS */
	int64_t mean_ns, var_ns, min_ns;
};

struct xfer {
	enum xfer_state state;
	enum xfer_outcome outcome;
	bool is_write;
	bool is_ascii;
	bool is_repeated;	/* download: what is under way was sent before */
	bool has_answered_gap;	/* download: sent once for this hole */
	uint32_t blksize;
	uint32_t window;
	uint16_t rollover;

	/* Blocks, numbered from 1 without wrapping. */
	uint64_t acked;		/* download: in order at the client;
				   upload: in order here */
	uint64_t sent;		/* download: highest sent */
	uint64_t final;		/* download: the short block, once sent */
	uint64_t base;		/* upload: where the client's window begins */
	uint64_t allowed;	/* upload: highest the client may have sent */
	uint64_t news;		/* upload: lowest that it sends only because
				   of our last answer; UINT64_MAX: it came */
	uint64_t size;		/* download: of the file; netascii: as
				   converted, once the last block is made */

	/* Monotonic times, nanoseconds. */
	int64_t deadline_ns;	/* when to call xfer_timeout */
	int64_t progress_ns;	/* last time something new came */
	int64_t sent_ns;	/* last transmission */
	int64_t answered_ns;	/* upload: last answer */
	int64_t interval_ns;	/* wait for the present transmission */
	int64_t first_ns;	/* the timeout agreed on */
	struct xfer_rtt rtt;

	uint64_t bytes;		/* payload, each byte once */
	uint32_t repeats_n;	/* packets sent again */

	size_t oack_len;
	uint8_t oack[OPTTAB_OACK_MAX];
};

struct xfer_out {
	enum xfer_verdict verdict;
	uint64_t first;		/* XFER_SEND */
	uint32_t n;
	struct str data;	/* XFER_STORE: inside the datagram */
	bool is_last;		/* XFER_STORE: the file ends here */
	size_t len;		/* XFER_REPLY, XFER_END: packet, may be 0 */
	uint8_t packet[4 + PROTO_TEXT_MAX + 1];
};

/* A block of a download. */
struct xfer_block {
	uint16_t number;	/* on the wire */
	uint64_t offset;	/* in the file */
	uint32_t len;		/* octet mode: payload; netascii: room */
};

/*
 * xfer_start - begin after the file was opened and the options negotiated.
 *
 * set        copied
 * first_ns   timeout when the client asked for none
 * rtt        of an earlier transfer to the same machine, or NULL
 */
void xfer_start(struct xfer *x, const struct opttab_set *set,
    int64_t first_ns, const struct xfer_rtt *rtt, int64_t now_ns,
    struct xfer_out *out);

/*
 * xfer_packet - a datagram from the client; p is borrowed until the verdict
 * has been carried out.
 */
void xfer_packet(struct xfer *x, const void *p, size_t len, int64_t now_ns,
    struct xfer_out *out);

/*
 * xfer_timeout - deadline_ns has come.
 */
void xfer_timeout(struct xfer *x, int64_t now_ns, struct xfer_out *out);

/*
 * xfer_stored - answer to XFER_STORE: the block is written.
 */
void xfer_stored(struct xfer *x, int64_t now_ns, struct xfer_out *out);

/*
 * xfer_committed - answer to XFER_COMMIT: the file is in place.
 */
void xfer_committed(struct xfer *x, int64_t now_ns, struct xfer_out *out);

/*
 * xfer_fail - reading, writing or publishing the file went wrong: tell the
 * client and end.
 */
void xfer_fail(struct xfer *x, enum proto_code code, struct str text,
    struct xfer_out *out);

/*
 * xfer_unreachable - an ICMP message says that nobody is there.
 */
void xfer_unreachable(struct xfer *x, struct xfer_out *out);

/*
 * xfer_resize - the file of a download has become shorter.
 *
 * The transfer ends where the file now ends.  A longer file changes nothing:
 * what was announced is what is sent.
 */
void xfer_resize(struct xfer *x, uint64_t size);

/*
 * xfer_block - where block number k, counted from 1, lies.
 *
 * k          first .. first + n - 1 of the XFER_SEND verdict
 */
struct xfer_block xfer_block(const struct xfer *x, uint64_t k);

/*
 * xfer_block_sent - block k held len bytes in the end.
 *
 * Called for every block of a netascii file, whose length is not known before
 * it is made, and for one that the file turned out to be too short for: less
 * than the block size ends the transfer there.
 */
void xfer_block_sent(struct xfer *x, uint64_t k, uint32_t len);

#endif
