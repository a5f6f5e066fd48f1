/* SPDX-License-Identifier: ISC */
/*
 * srv - the server: listening sockets, requests, running transfers.
 *
 * A datagram becomes an event of a state machine, its verdict becomes
 * datagrams, file operations and lines of log, in this file.  Replies collect
 * during a turn and leave before the loop sleeps.  When the table is full a
 * request is dropped without a word: the client asks again, where an error
 * would make a boot ROM give up.
 */
#include "tftpd/srv.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "common/log.h"
#include "common/net.h"
#include "common/proc.h"
#include "tftpd/ask.h"
#include "tftpd/logtext.h"
#include "tftpd/netascii.h"
#include "tftpd/packet.h"
#include "tftpd/peer.h"

/* A dropped request is mentioned this often at most. */
#define SRV_FULL_LOG_NS (60 * WHEN_NS_PER_S)
/* Text of a hardware address, as far as it is logged. */
#define SRV_MAC_MAX 24
/* With more transfers whose client has not been heard of yet, nothing is sent
 * to such a one a second time: senders may be forged, and a client that lost
 * our first packet asks again by itself. */
#define SRV_UNHEARD_REPEATS 256
/* Batches of requests taken per turn. */
#define SRV_LISTEN_BATCHES 8
/* A lone client gets a port of its own after so many blocks. */
#define SRV_LONE_BLOCKS 64
/* A round trip this short is waited for, so long at a time. */
#define SRV_NEAR_NS WHEN_NS_PER_MS
#define SRV_STAY_NS (2 * WHEN_NS_PER_MS)
/* ICMP messages looked at per turn and port. */
#define SRV_ERRORS_MAX 64

/* The file of a netascii download, where a block begins and where it ends. */
struct srv_ascii {
	uint64_t offset;
	struct netascii state;
};

/* A transfer; lives in a pool, from the request to the end.  What each packet
 * needs stands together. */
struct srv_xfer {
	union port_addr peer, local;
	uint32_t next_1;	/* other one of the same client, index + 1 */
	struct list unheard;	/* in it until the client says something */
	bool has_local;
	bool is_segmented;	/* several blocks per send */
	bool was_lone;		/* got a port that knows its client */
	uint8_t name_len, mac_len;
	struct srv *srv;
	struct port *port;
	struct file *file;
	struct upload *upload;
	struct ev_timer timer;
	int64_t armed_ns;	/* when the timer fires, never too late */
	struct xfer x;
	int64_t began_ns;
	uint64_t request;	/* hash of the datagram */
	struct srv_ascii ascii, ascii_next;
	uint64_t ascii_k;	/* block that begins at ascii */
	char name[SRV_NAME_MAX];
	char mac[SRV_MAC_MAX];
};

static void carry_out(struct srv_xfer *t, struct xfer_out *out);

/* ---- who is who ----------------------------------------------------------------- */

static struct srv_xfer *
xfer_at(const struct srv *srv, uint32_t i)
{
	return (struct srv_xfer *)(void *)srv->xfers.items + i;
}

static uint32_t
index_of(const struct srv *srv, const struct srv_xfer *t)
{
	return (uint32_t)(t - xfer_at(srv, 0));
}

static bool
is_peer(const void *ctx, uint32_t id, const void *key, size_t len)
{
	const struct srv *srv = ctx;
	struct peer other = peer_of(&xfer_at(srv, id)->peer);

	return memcmp(&other, key, len) == 0;
}

/* The newest transfer of a client, the others follow in its chain. */
static struct srv_xfer *
first_of(const struct srv *srv, const union port_addr *peer)
{
	struct peer key = peer_of(peer);
	uint32_t id;

	return map_find(&srv->by_peer, &key, sizeof(key), &id) ?
	    xfer_at(srv, id) : NULL;
}

static struct srv_xfer *
next_of(const struct srv *srv, const struct srv_xfer *t)
{
	return t->next_1 == 0 ? NULL : xfer_at(srv, t->next_1 - 1);
}

static struct srv_xfer *
find(const struct srv *srv, const union port_addr *peer,
    const struct port *port)
{
	struct srv_xfer *t;

	for (t = first_of(srv, peer); t != NULL; t = next_of(srv, t)) {
		if (t->port == port)
			return t;
	}
	return NULL;
}

static void
enter(struct srv *srv, struct srv_xfer *t)
{
	struct peer key = peer_of(&t->peer);
	struct srv_xfer *first = first_of(srv, &t->peer);

	t->next_1 = first == NULL ? 0 : index_of(srv, first) + 1;
	/* As large as the pool, so there is room. */
	if (!map_put(&srv->by_peer, &key, sizeof(key), index_of(srv, t)))
		cc_assert_fail("room in by_peer", __FILE__, __LINE__);
}

static void
leave(struct srv *srv, struct srv_xfer *t)
{
	struct peer key = peer_of(&t->peer);
	struct srv_xfer *other = first_of(srv, &t->peer);

	ASSERT(other != NULL);
	if (other != t) {
		while (other->next_1 != index_of(srv, t) + 1) {
			other = next_of(srv, other);
			ASSERT(other != NULL);
		}
		other->next_1 = t->next_1;
	} else if (t->next_1 == 0) {
		(void)map_del(&srv->by_peer, &key, sizeof(key));
	} else if (!map_put(&srv->by_peer, &key, sizeof(key),
	    t->next_1 - 1)) {
		cc_assert_fail("no room needed", __FILE__, __LINE__);
	}
}

static bool
has_ended(const struct srv *srv, const union port_addr *peer,
    const struct port *port)
{
	struct peer_place place = peer_at(peer, port);

	return past_has_ended(srv->past, &place, sizeof(place),
	    ev_now(srv->ev)->mono_ns);
}

static void
remember(struct srv *srv, const struct srv_xfer *t)
{
	struct peer_place place = peer_at(&t->peer, t->port);
	struct peer machine = peer_machine(&t->peer);

	past_note_end(srv->past, &place, sizeof(place),
	    ev_now(srv->ev)->mono_ns);
	if (!t->x.is_write)
		past_note_rtt(srv->past, &machine, sizeof(machine),
		    &t->x.rtt);
}

/* ---- ports ------------------------------------------------------------------------- */

void
srv_close_port(struct srv *srv, struct port *port)
{
	if (srv->io.port == port)
		port_flush(&srv->io);
	portset_close(&srv->ports, port);
}

static bool
is_known(const void *owner, const struct port *port,
    const union port_addr *peer)
{
	const struct srv *srv = owner;

	return find(srv, peer, port) != NULL || has_ended(srv, peer, port);
}

/* Bound to the address that was asked, if that is known. */
struct port *
srv_port_for(struct srv *srv, const struct port_msg *msg)
{
	bool is_v6 = msg->from.sa.sa_family == AF_INET6;
	const union port_addr *local = &srv->any[is_v6];

	if (msg->has_local && msg->local.sa.sa_family == local->sa.sa_family)
		local = &msg->local;
	return portset_pick(&srv->ports, &msg->from, local, srv->io.port,
	    srv->xfers.n, map_hash(srv->key, &srv->request_ns, sizeof(srv->request_ns)));
}

static void
heard(struct srv *srv, struct srv_xfer *t)
{
	if (list_is_empty(&t->unheard))
		return;
	list_del(&t->unheard);
	srv->unheard_n--;
}

/* ---- the end of a transfer ----------------------------------------------------------- */

static void
log_finished(struct srv *srv, const struct srv_xfer *t)
{
	char line[LOG_LINE_MAX], addr[NET_TEXT_SIZE];
	struct wr wr;
	int prio = srv->conf->finished_prio;

	if (prio < 0)
		return;
	wr_init(&wr, line, sizeof(line));
	prio = logtext_finished(&wr, prio, &t->x, port_addr_text(&t->peer, addr),
	    str_make(t->name, t->name_len),
	    ev_now(srv->ev)->mono_ns - t->began_ns,
	    str_make(t->mac, t->mac_len));
	log_str(prio, wr_as_str(&wr));
}

/* Files may be closed only when nothing waits to be sent from them. */
static void
finish(struct srv_xfer *t)
{
	struct srv *srv = t->srv;

	stats_ended(&srv->stats, &t->x,
	    ev_now(srv->ev)->mono_ns - t->began_ns);
	log_finished(srv, t);
	if (t->file != NULL && srv->io.msgs_n > 0)
		port_flush(&srv->io);
	if (t->file != NULL)
		file_close(&srv->files, t->file);
	if (t->upload != NULL)
		upload_close(&srv->uploads, t->upload);
	ev_timer_stop(srv->ev, &t->timer);
	remember(srv, t);
	leave(srv, t);
	heard(srv, t);
	t->port->users_n--;
	if (t->port->is_exclusive)
		srv_close_port(srv, t->port);
	if (srv->lone == t)
		srv->lone = NULL;
	pool_put(&srv->xfers, t);
	if (srv->is_draining && srv->xfers.n == 0)
		ev_stop(srv->ev);
}

/* ---- carrying out verdicts ------------------------------------------------------------- */

static const union port_addr *
local_of(const struct srv_xfer *t)
{
	return t->has_local ? &t->local : NULL;
}

/* One block of a netascii file, converted into len bytes at p. */
static ssize_t
fill_ascii(struct srv_xfer *t, uint64_t k, uint8_t *p, size_t len)
{
	uint8_t buf[4096];
	struct wr wr;
	ssize_t n;

	if (k != t->ascii_k)		/* else the same block again */
		t->ascii = t->ascii_next;
	t->ascii_k = k;
	t->ascii_next = t->ascii;
	wr_init(&wr, p, len);
	for (;;) {
		n = file_read(t->file, t->ascii_next.offset, buf,
		    sizeof(buf));
		if (n < 0)
			return n;
		t->ascii_next.offset += netascii_encode(&t->ascii_next.state,
		    buf, (size_t)n, &wr);
		if (n == 0 || wr_left(&wr) == 0)
			return (ssize_t)wr.len;
	}
}

/* Put one block into the message that was begun.  Its length, or -errno. */
static ssize_t
put_block(struct srv_xfer *t, uint64_t k)
{
	struct srv *srv = t->srv;
	struct xfer_block block = xfer_block(&t->x, k);
	const uint8_t *p = NULL;
	uint8_t *room;
	struct wr wr;
	ssize_t n;

	wr_init(&wr, port_room(&srv->io, PROTO_HEADER_LEN), PROTO_HEADER_LEN);
	packet_put_data(&wr, block.number);
	if (!t->x.is_ascii)
		p = file_at(&srv->files, t->file, block.offset, block.len);
	if (p != NULL) {
		port_ref(&srv->io, p, block.len);
		return block.len;
	}
	room = port_room(&srv->io, block.len);
	n = t->x.is_ascii ? fill_ascii(t, k, room, block.len) :
	    file_read(t->file, block.offset, room, block.len);
	port_take_back(&srv->io, block.len - (n > 0 ? (size_t)n : 0));
	return n;
}

/* One message of n blocks.  Blocks sent, or -errno; it stops at the block that
 * ends the file. */
static int
send_message(struct srv_xfer *t, uint64_t first, uint32_t n)
{
	struct srv *srv = t->srv;
	size_t each = PROTO_HEADER_LEN + t->x.blksize;
	size_t copied = t->file->map == NULL || t->x.is_ascii ? each :
	    PROTO_HEADER_LEN;
	ssize_t len = 0;
	uint32_t i;

	port_begin(&srv->io, t->port, &t->peer, local_of(t),
	    pool_handle(&srv->xfers, t), n * copied, 2 * n);
	for (i = 0; i < n; i++) {
		uint32_t want = xfer_block(&t->x, first + i).len;

		len = put_block(t, first + i);
		if (len < 0)
			return (int)len;	/* never ended: not sent */
		if (t->x.is_ascii || (size_t)len < want) {
			xfer_block_sent(&t->x, first + i, (uint32_t)len);
			i++;
			break;
		}
	}
	port_end(&srv->io, n > 1 ? (uint16_t)each : 0);
	return (int)i;
}

static uint32_t
blocks_per_message(const struct srv_xfer *t)
{
	uint32_t n = PORT_SEGMENTED_MAX / (PROTO_HEADER_LEN + t->x.blksize);

	if (!t->is_segmented || n == 0)
		return 1;
	return n < PORT_SEGMENTS_MAX ? n : PORT_SEGMENTS_MAX;
}

/* 0 or -errno. */
static int
send_blocks(struct srv_xfer *t, const struct xfer_out *out)
{
	uint32_t per = blocks_per_message(t), left = out->n;
	uint64_t at = out->first;
	int n;

	while (left > 0 && at <= t->x.sent) {
		n = send_message(t, at, left < per ? left : per);
		if (n < 0)
			return n;
		at += (uint32_t)n;
		left -= (uint32_t)n;
	}
	return 0;
}

static void
fail_errno(struct srv_xfer *t, int error, struct xfer_out *out)
{
	struct file_why why = file_why(error);
	char line[LOG_LINE_MAX], addr[NET_TEXT_SIZE];
	struct wr wr;
	int prio;

	if (t->srv->conf->verbosity >= 2) {
		wr_init(&wr, line, sizeof(line));
		prio = logtext_nak(&wr, why.code, str_of(why.text),
		    port_addr_text(&t->peer, addr),
		    str_make(t->mac, t->mac_len));
		log_str(prio, wr_as_str(&wr));
	}
	xfer_fail(&t->x, why.code, str_of(why.text), out);
}

static void
commit(struct srv_xfer *t, int64_t now_ns, struct xfer_out *out)
{
	int n = upload_commit(&t->srv->uploads, t->upload);

	out->verdict = XFER_WAIT;
	if (n == 1) {
		ev_timer_at(t->srv->ev, &t->timer, now_ns);
		t->armed_ns = now_ns;
	} else if (n == 0) {
		xfer_committed(&t->x, now_ns, out);
	} else if (n == -ETXTBSY) {
		xfer_fail(&t->x, PROTO_UNDEFINED,
		    STR("File is being read"), out);
	} else {
		fail_errno(t, -n, out);
	}
}

static void
store(struct srv_xfer *t, int64_t now_ns, struct xfer_out *out)
{
	int error = upload_write(t->upload, (const uint8_t *)out->data.p,
	    out->data.len, out->is_last);

	if (error == 0)
		xfer_stored(&t->x, now_ns, out);
	else
		fail_errno(t, -error, out);
}

static void
arm(struct srv_xfer *t)
{
	int64_t at = t->x.deadline_ns;

	/* Later is noticed when the timer fires; only earlier needs work. */
	if (t->x.state == XFER_COMMITTING ||
	    (ev_timer_is_set(&t->timer) && t->armed_ns <= at))
		return;
	t->armed_ns = at;
	ev_timer_at(t->srv->ev, &t->timer, at);
}

static void
reply(struct srv_xfer *t, const struct xfer_out *out)
{
	if (out->len > 0)
		port_send(&t->srv->io, t->port, &t->peer, local_of(t),
		    out->packet, out->len);
}

/* t may be gone afterwards. */
static void
carry_out(struct srv_xfer *t, struct xfer_out *out)
{
	int64_t now_ns = ev_now(t->srv->ev)->mono_ns;
	int error;

	if (out->verdict == XFER_STORE)
		store(t, now_ns, out);
	if (out->verdict == XFER_COMMIT)
		commit(t, now_ns, out);
	if (out->verdict == XFER_SEND) {
		error = send_blocks(t, out);
		if (error != 0)
			fail_errno(t, -error, out);
	}
	switch (out->verdict) {
	case XFER_REPLY:
		reply(t, out);
		break;
	case XFER_END:
		reply(t, out);
		finish(t);
		return;
	case XFER_WAIT:
	case XFER_SEND:
		break;
	case XFER_STORE:		/* became another one above */
	case XFER_COMMIT:
		break;
	}
	arm(t);
}

/* The end, without a word to the client; t is gone afterwards. */
static void
give_up(struct srv_xfer *t)
{
	struct xfer_out out = { .verdict = XFER_END };

	t->x.outcome = XFER_TIMED_OUT;
	carry_out(t, &out);
}

static void
xfer_timer(void *ctx)
{
	struct srv_xfer *t = ctx;
	struct xfer_out out;
	int64_t now_ns = ev_now(t->srv->ev)->mono_ns;

	if (t->srv->is_leaving)
		return;
	if (!list_is_empty(&t->unheard) &&
	    t->srv->unheard_n > SRV_UNHEARD_REPEATS) {
		give_up(t);
		return;
	}
	if (t->x.state == XFER_COMMITTING)
		out.verdict = XFER_COMMIT;
	else
		xfer_timeout(&t->x, now_ns, &out);
	carry_out(t, &out);
}

/* The kernel, the device or the link does not take segmented sends. */
static void
no_segments(void *ctx, uint64_t handle)
{
	struct srv *srv = ctx;
	struct srv_xfer *t = pool_at(&srv->xfers, handle);

	if (t != NULL)
		t->is_segmented = false;
}

/* ---- beginning a transfer ------------------------------------------------------- */

bool
srv_is_repeated(struct srv *srv, const struct port_msg *msg)
{
	uint64_t request = map_hash(srv->key, msg->p, msg->len);
	struct srv_xfer *t, *next;
	struct xfer_out out = { .verdict = XFER_END };

	for (t = first_of(srv, &msg->from); t != NULL; t = next) {
		next = next_of(srv, t);
		if (t->request == request && t->x.acked == 0 &&
		    t->x.state <= XFER_RECEIVING)
			return true;
		if (t->request == request || t->port->is_listener) {
			t->x.outcome = XFER_ABORTED;
			carry_out(t, &out);
		}
	}
	return false;
}

/* Who never answered makes room for who asks now. */
static void
make_room(struct srv *srv)
{
	if (list_is_empty(&srv->unheard))
		return;
	give_up(LIST_ITEM(srv->unheard.next, struct srv_xfer, unheard));
}

bool
srv_is_full(struct srv *srv)
{
	int64_t now_ns = ev_now(srv->ev)->mono_ns;

	if (srv->xfers.n == srv->conf->xfers_max)
		make_room(srv);
	if (srv->xfers.n < srv->conf->xfers_max)
		return false;
	srv->full_n++;
	srv->stats.dropped_n++;
	if (srv->full_ns != 0 && now_ns - srv->full_ns < SRV_FULL_LOG_NS)
		return true;
	log_line(LOG_WARNING, "all %lu transfers in use, requests dropped: "
	    "%llu", (unsigned long)srv->conf->xfers_max,
	    (unsigned long long)srv->full_n);
	srv->full_n = 0;
	srv->full_ns = now_ns;
	return true;
}

void
srv_begin(struct srv *srv, const struct srv_request *request)
{
	struct srv_xfer *t = pool_get(&srv->xfers, NULL);
	const struct port_msg *msg = request->msg;
	struct peer machine;
	struct xfer_out out;

	ASSERT(t != NULL);		/* srv_is_full was asked */
	ASSERT((request->file == NULL) != (request->upload == NULL));
	t->srv = srv;
	t->port = request->port;
	t->port->users_n++;
	t->file = request->file;
	t->upload = request->upload;
	t->peer = msg->from;
	t->local = msg->local;
	t->has_local = msg->has_local;
	t->is_segmented = srv->io.has_segments;
	t->began_ns = ev_now(srv->ev)->mono_ns;
	t->request = map_hash(srv->key, msg->p, msg->len);
	if (srv->conf->finished_prio >= 0) {
		struct str name = str_sub(request->name, 0, SRV_NAME_MAX);
		struct str mac = str_sub(request->mac, 0, SRV_MAC_MAX);

		memcpy(t->name, name.p, name.len);
		t->name_len = (uint8_t)name.len;
		memcpy(t->mac, mac.p, mac.len);
		t->mac_len = (uint8_t)mac.len;
	}
	ev_timer_init(&t->timer, xfer_timer, t);
	enter(srv, t);
	list_add_tail(&srv->unheard, &t->unheard);
	srv->unheard_n++;
	machine = peer_machine(&t->peer);
	xfer_start(&t->x, request->set, srv->conf->timeout_ns,
	    past_find_rtt(srv->past, &machine, sizeof(machine)),
	    t->began_ns, &out);
	carry_out(t, &out);
}

/* ---- packets -------------------------------------------------------------------------------- */

/* From somebody who has no transfer here (RFC 1350: do not disturb the one
 * there is, tell the stranger). */
static void
take_stranger(struct srv *srv, struct port *port,
    const struct port_msg *msg)
{
	static const char text[] = "Unknown transfer ID";
	uint8_t packet[4 + sizeof(text)];
	struct packet parsed;
	struct wr wr;

	if (port->users_n == 0 || !packet_parse(msg->p, msg->len, &parsed) ||
	    parsed.op == PROTO_ERROR || has_ended(srv, &msg->from, port))
		return;
	wr_init(&wr, packet, sizeof(packet));
	packet_put_error(&wr, PROTO_BAD_TID, str_of(text));
	port_send(&srv->io, port, &msg->from, NULL, packet, wr.len);
}

/* t is the only transfer: is it worth a port that knows its client? */
static void
note_lone(struct srv *srv, struct srv_xfer *t)
{
	srv->lone = t;
	if (t->was_lone || t->x.is_write || t->x.acked < SRV_LONE_BLOCKS ||
	    t->port->is_listener)
		return;
	t->was_lone = true;		/* if it does not work, not again */
	if (srv->io.port == t->port)
		port_flush(&srv->io);
	portset_dedicate(&srv->ports, t->port, &t->peer);
}

static void
take_packet(struct srv *srv, struct port *port, const struct port_msg *msg)
{
	struct srv_xfer *t = srv->lone;
	int64_t now_ns = ev_now(srv->ev)->mono_ns;
	struct xfer_out out;
	char line[80];
	struct wr wr;
	int prio;

	if (t == NULL || t->port != port ||
	    !port_addr_is_same(&t->peer, &msg->from))
		t = find(srv, &msg->from, port);
	if (t == NULL) {
		take_stranger(srv, port, msg);
		return;
	}
	heard(srv, t);
	if (srv->xfers.n == 1)
		note_lone(srv, t);
	if (t->file != NULL && t->file->map != NULL)
		xfer_resize(&t->x, file_size(t->file, now_ns));
	xfer_packet(&t->x, msg->p, msg->len, now_ns, &out);
	if (t->x.outcome == XFER_DECLINED) {
		wr_init(&wr, line, sizeof(line));
		prio = logtext_declined(&wr);
		log_str(prio, wr_as_str(&wr));
	}
	carry_out(t, &out);
}

/* ICMP messages about what we sent. */
static void
take_errors(struct srv *srv, struct port *port)
{
	union port_addr peer;
	struct srv_xfer *t;
	struct xfer_out out;
	char line[256];
	struct wr wr;
	int error, prio;

	for (unsigned i = 0; i < SRV_ERRORS_MAX; i++) {
		error = port_error(port, &peer);
		if (error == 0)
			return;
		t = error == ECONNREFUSED ? find(srv, &peer, port) : NULL;
		if (t == NULL)
			continue;
		wr_init(&wr, line, sizeof(line));
		prio = logtext_gone(&wr, t->x.is_write, t->x.state,
		    str_of(strerror(error)));
		log_str(prio, wr_as_str(&wr));
		xfer_unreachable(&t->x, &out);
		carry_out(t, &out);
	}
}

static void
take_batch(struct srv *srv, struct port *port, int n)
{
	/* A port of its own is closed with the end of its transfer. */
	for (int i = 0; i < n && port->source.fd >= 0; i++) {
		const struct port_msg *msg =
		    port_msg(&srv->io, port, (unsigned)i);

		if (!port->is_listener)
			take_packet(srv, port, msg);
		else if (srv->conf->is_single_port && msg->len >= 2 &&
		    msg->p[1] >= PROTO_DATA)
			take_packet(srv, port, msg);
		else
			ask_take(srv, port, msg);
	}
}

static void
before_sleep(void *ctx)
{
	struct srv *srv = ctx;

	port_flush(&srv->io);
	file_trim(&srv->files);
}

/* Is the only client one whose answer will be here at once? */
static bool
is_worth_staying(const struct srv *srv)
{
	const struct srv_xfer *t = srv->lone;

	return t != NULL && srv->xfers.n == 1 && t->port->is_dedicated &&
	    t->x.state == XFER_SENDING && t->x.rtt.n == XFER_RTTS &&
	    t->x.rtt.mean_ns < SRV_NEAR_NS;
}

/*
 * A lone client nearby is waited for where it is read, some blocks long: half
 * of what a block in lockstep costs is the way through the loop.  Everybody
 * else waits no longer than in a busy turn.
 */
static void
stay(struct srv *srv)
{
	int64_t until_ns = ev_now(srv->ev)->mono_ns + SRV_STAY_NS;
	int n = 1;

	while (n > 0 && is_worth_staying(srv) &&
	    ev_now(srv->ev)->mono_ns < until_ns) {
		struct port *port = srv->lone->port;

		before_sleep(srv);
		n = port_read(&srv->io, port, true);
		ev_refresh(srv->ev);
		take_batch(srv, port, n);
	}
}

/* Who waits for a first answer comes before those who are being served. */
static void
port_ready(void *ctx, unsigned ready)
{
	struct port *port = ctx;
	struct srv *srv = port->owner;
	unsigned batches_n = port->is_listener ? SRV_LISTEN_BATCHES : 1;
	unsigned want;
	int n;

	if (srv->is_leaving)
		return;
	if ((ready & EV_HUP) != 0)
		take_errors(srv, port);
	do {
		if (port->source.fd < 0)
			return;
		want = port->read_n;
		n = port_read(&srv->io, port, false);
		take_batch(srv, port, n);
	} while (--batches_n > 0 && n == (int)want);
	stay(srv);
}

/* ---- life ----------------------------------------------------------------- */

int
srv_init(struct srv *srv, struct ev *ev, const struct srv_conf *conf,
    bool is_permissive)
{
	uint32_t max = conf->xfers_max;
	uint32_t ports_max = max + PORTSET_MAX + SRV_LISTENERS_MAX;
	void *xfers = proc_reserve(pool_size(max, sizeof(struct srv_xfer)));
	void *map = proc_reserve(map_size(max));
	int error;

	memset(srv, 0, sizeof(*srv));
	srv->past = proc_reserve(sizeof(*srv->past));
	if (xfers == NULL || map == NULL || srv->past == NULL)
		return -ENOMEM;
	if (proc_random(&srv->key, sizeof(srv->key)) < 0)
		return -EIO;
	srv->past->key = srv->key;
	srv->ev = ev;
	srv->conf = conf;
	srv->request_ns = ev_now(ev)->mono_ns;
	list_init(&srv->unheard);
	pool_init(&srv->xfers, xfers, max, sizeof(struct srv_xfer));
	map_init(&srv->by_peer, map, max, srv->key, is_peer, srv);
	srv->any[0].in4.sin_family = AF_INET;
	srv->any[1].in6.sin6_family = AF_INET6;
	ev_before_sleep(ev, &srv->before_sleep, before_sleep, srv);
	error = portset_init(&srv->ports, ev, ports_max);
	srv->ports.ready = port_ready;
	srv->ports.is_known = is_known;
	srv->ports.owner = srv;
	srv->ports.from = conf->port_from;
	srv->ports.to = conf->port_to;
	if (error == 0)
		error = port_io_init(&srv->io);
	if (error == 0)
		error = file_table_init(&srv->files, max, is_permissive);
	if (error == 0)
		error = upload_table_init(&srv->uploads, &srv->files);
	srv->io.on_no_segments = no_segments;
	srv->io.ctx = srv;
	return error;
}

int
srv_listen(struct srv *srv, int fd)
{
	struct port *port;
	union port_addr *any;
	int error;

	if (srv->listeners_n == SRV_LISTENERS_MAX)
		return -ENOSPC;
	error = portset_add(&srv->ports, fd, &port);
	if (error != 0)
		return error;
	any = &srv->any[port->family == AF_INET6];
	*any = port->local;
	port_addr_set_number(any, 0);
	srv->listeners[srv->listeners_n++] = port;
	return 0;
}

void
srv_leave(struct srv *srv)
{
	pid_t pid;

	port_flush(&srv->io);
	(void)log_flush();
	/* With one port for all nobody could tell whose packets they are. */
	pid = srv->xfers.n == 0 || srv->conf->is_single_port ? -1 : fork();
	if (pid != 0) {
		srv->is_leaving = true;
		ev_stop(srv->ev);
		return;
	}
	srv->is_draining = true;
	ev_signal_child(srv->ev);
	for (unsigned i = 0; i < srv->listeners_n; i++) {
		ev_del(srv->ev, &srv->listeners[i]->source);
		(void)close(srv->listeners[i]->fd);
	}
}
