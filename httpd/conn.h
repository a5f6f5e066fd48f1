/* SPDX-License-Identifier: ISC */
/*
 * conn - connections and the requests on them.
 *
 * An idle connection costs a struct conn and nothing else.  With the first byte
 * of a request it takes a struct xact, which holds everything one request
 * needs - input, head, plan, output, arena - and gives it back when the answer
 * is sent and no further input waits.  Nothing is allocated in between.
 */
#ifndef HTTPD_CONN_H
#define HTTPD_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/ev.h"
#include "common/list.h"
#include "httpd/chunk.h"
#include "httpd/range.h"
#include "httpd/req.h"
#include "httpd/resp.h"
#include "httpd/route.h"
#include "httpd/worker.h"

#define CONN_OUT_SIZE 16384	/* response head, or the head of a part */
#define CONN_BODY_MIN 1024	/* room for a body behind the longest head */
#define CONN_CHUNK_SIZE 16	/* behind a head: the size of the first chunk */
#define CONN_TURN_SIZE 65536	/* arena of one request */
#define CONN_QUANTUM (256 * 1024)	/* bytes sent per turn and connection */
#define CONN_QUANTUM_PACED (120 * 1024)	/* the same, see push.c */
#define CONN_DISCARD_MAX (1 << 20)	/* unread body read for the next request */

struct cgirun;

enum conn_state {
	CONN_CLOSED,		/* slot is free */
	CONN_IDLE,		/* between requests */
	CONN_HEAD,		/* part of a head has come */
	CONN_SEND,		/* an answer is being sent */
	CONN_CGI,		/* a script has the word */
	CONN_DISCARD,		/* reading over a request body */
	CONN_LINGER		/* half closed, waiting for the client's end */
};

/* lifetime: accepted .. closed */
struct conn {
	struct ev_source src;
	struct list link;	/* wheel, or list of free slots */
	struct list run_link;	/* run queue */
	struct worker *w;
	struct xact *x;		/* NULL while idle */
	const struct conf_vhost *vhost;	/* default one of the address */
	int fd;
	uint8_t state;
	bool has_local;
	bool is_counted_keepalive;
	bool is_drained;	/* the last recv took all there was */
	uint32_t served_n;	/* requests answered */
	int64_t deadline_ns;
	int64_t linger_end_ns;
	int64_t placed_tick;	/* in which tick's list link is */
	struct addr client, local;
	uint16_t client_port, local_port;
	uint8_t client_text_len;
	char client_text[ADDR_TEXT_MAX];
};

/* where body bytes come from */
enum xact_source {
	XACT_NOTHING,
	XACT_MEM,
	XACT_FD
};

/* lifetime: first byte of a request .. its last log line */
struct xact {
	struct list link;	/* list of free slots */
	struct conn *conn;
	const struct conf_vhost *vhost;
	struct when start;
	struct req_scan scan;
	uint32_t in_len;	/* bytes in in[] */
	uint32_t body_at;	/* first byte of in[] that is not used yet */
	uint64_t body_left;	/* REQ_BODY_LENGTH: still to come */
	uint64_t body_seen;	/* body bytes decoded so far */
	int64_t body_start_ns;	/* since when it is waited for; 0: was there */
	struct chunk chunk;
	bool is_parsed;
	bool is_body_done;
	bool keep;		/* the connection stays open afterwards */
	bool is_head;		/* HEAD: no content is sent */
	bool is_aborted;
	bool is_chunked;	/* answer goes out in chunks */
	bool is_built_in;	/* answer is a page of our own */
	bool is_whole;		/* whole file whose head may be remembered */
	int64_t head_end_ns;	/* RequestReadTimeout: no extension beyond */

	struct route_in in_route;
	struct str first_uri, first_handler;	/* before internal redirects */

	/* what is sent: out[], then the source, then the next range */
	uint32_t out_at, out_len;
	uint32_t head_len;
	enum xact_source source;
	const uint8_t *mem;
	uint64_t at, left;
	uint32_t quantum;	/* bytes per turn; 0: not known yet */
	struct range *ranges;
	unsigned ranges_n, range_i;
	struct str boundary;
	struct file *file;
	struct dirpage *page;
	struct cgirun *cgi;
	uint64_t out_bytes, framing_bytes;

	struct arena turn;
	struct resp resp;
	struct route route;
	struct req req;
	char in[REQ_HEAD_MAX + CONN_BODY_MIN];
	char length[24];	/* Content-Length */
	uint8_t out[CONN_OUT_SIZE + CONN_CHUNK_SIZE];
	_Alignas(16) uint8_t turn_mem[CONN_TURN_SIZE];
};

/*
 * conn_tables - reserve room for max connections.
 *
 * 0 or -errno.
 */
int conn_tables(struct worker *w, uint32_t max) MUST_CHECK;

/*
 * conn_accept - take the connections that wait on a listener.
 */
void conn_accept(struct worker_listener *l);

/*
 * conn_start - serve a connected socket.
 *
 * fd       non-blocking; closed when it cannot be served
 * local    own address when the listener is bound to one; unset: unknown yet
 */
void conn_start(struct worker *w, int fd, const struct addr *client,
    uint16_t client_port, const struct addr *local, uint16_t local_port);

/*
 * conn_learn_local - ask the kernel for the connection's own address, once.
 */
void conn_learn_local(struct conn *c);

/*
 * conn_resume - answer further requests that have come already.
 */
void conn_resume(struct conn *c);

/*
 * conn_run - the connections that let others go first.
 */
void conn_run(struct worker *w);

/*
 * conn_tick - look at the deadlines that have come.
 */
void conn_tick(struct worker *w);

/*
 * conn_drain - close idle connections, let the others finish their request.
 */
void conn_drain(struct worker *w);

/*
 * conn_send - go on sending what x describes; a script's too.
 *
 * Finishes the request when everything is out.  The connection may be gone
 * afterwards.
 */
void conn_send(struct conn *c);

/*
 * conn_close - at once; a request in progress is logged as aborted.
 */
void conn_close(struct conn *c);

/*
 * conn_wait - what to wait for, and until when.
 *
 * interest   EV_READ, EV_WRITE or 0
 * ms         from now; 0: as long as it takes
 */
void conn_wait(struct conn *c, unsigned interest, uint32_t ms);

/*
 * conn_wait_body - wait for more of the body, as RequestReadTimeout lets it take.
 *
 * other_ms   from now, where that sets no limit
 */
void conn_wait_body(struct conn *c, uint32_t other_ms);

/*
 * conn_body - decode what has come of the request's body.
 *
 * ret      content; empty when more must be read first
 *
 * 0, or the status to refuse with (400).  x->is_body_done says when all came.
 */
int conn_body(struct xact *x, struct str *ret);

/*
 * conn_recv - read more of the body into x->in.
 *
 * 1 when something came, 0 when nothing is there now, -1 when the client has
 * gone away.
 */
int conn_recv(struct conn *c);

#endif
