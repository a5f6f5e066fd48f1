/* SPDX-License-Identifier: ISC */
/*
 * sim_tftpd - TFTP transfers over a network that loses, doubles and delays.
 *
 *	sim_tftpd [SEED [N]]
 *
 * The real core - requests, options, netascii, the state machine of a transfer
 * - against a client that reads the RFCs by itself, with the block size,
 * window, roll-over and options of its choice.  Files shrink, disks fill,
 * strangers forge acknowledgements.  A transfer ends; what the client believes
 * to be complete is right to the last byte; what it was told is stored is; and
 * without losses nothing is sent twice, also when every ACK comes twice.
 *
 * Sockets are the kernel's: a packet from another port or address never gets
 * to the state machine (port.c connects its sockets), so a stranger here has
 * found out both and forges the client's own.
 */
#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/rd.h"
#include "common/wr.h"
#include "tests/sim/tftp_promise.h"
#include "tftpd/netascii.h"
#include "tftpd/opttab.h"
#include "tftpd/packet.h"
#include "tftpd/xfer.h"

#define MS WHEN_NS_PER_MS

enum { QUICK_N = 300, FILE_MAX = 10 * 1024 * 1024, TRIES = 40,
	EVENTS_MAX = 2000000 };

/* The client; what it knows, it has from the wire. */
struct client {
	bool is_write, is_ascii, is_done, has_failed, has_gap, has_started;
	bool acks_every_stray;
	uint32_t blksize, window, rollover;
	uint64_t got, since_ack;	/* download: blocks in order */
	uint64_t acked, sent;		/* upload */
	int64_t wait_ns;
	unsigned tries;
	int64_t due_ns;			/* its timer */
	bool is_waiting;
	size_t in_len;			/* octets received, decoded */
	bool has_cr;			/* netascii: the last octet was CR */
};

struct server {
	struct xfer x;
	struct tftp_promise promise;
	size_t size, stored_len;	/* of the file as it is now */
	bool is_committed, will_fail, will_shrink;
	uint64_t data_n;		/* DATA packets sent */
};

static struct sim_net net;
static struct client c;
static struct server s;
static uint8_t *content, *wire, *in;	/* file; netascii of it; received */
static size_t content_len, wire_len;
static bool is_forged, doubles_acks;
static unsigned events;

static void to_client(const void *p, size_t len);
static void to_server(const void *p, size_t len);

/* --- server */

static void
send_blocks(const struct xfer_out *out)
{
	static uint8_t packet[PROTO_PACKET_MAX];
	struct xfer_block b;
	struct wr w;
	size_t len;

	for (uint32_t i = 0; i < out->n; i++) {
		b = xfer_block(&s.x, out->first + i);
		len = b.len;
		if (b.offset + len > s.size)
			len = b.offset < s.size ? s.size - b.offset : 0;
		wr_init(&w, packet, sizeof(packet));
		packet_put_data(&w, b.number);
		wr_bytes(&w, wire + b.offset, len);
		if (s.x.is_ascii || len < b.len)
			xfer_block_sent(&s.x, out->first + i, (uint32_t)len);
		to_client(packet, w.len);
		s.data_n++;
	}
}

static void
store(struct xfer_out *out)
{
	if (s.will_fail && sim_chance(5)) {
		xfer_fail(&s.x, PROTO_NO_SPACE, STR("disk full"), out);
		return;
	}
	if (s.stored_len + out->data.len > FILE_MAX)
		sim_fail("more was stored than was sent");
	memcpy(in + s.stored_len, out->data.p, out->data.len);
	s.stored_len += out->data.len;
	xfer_stored(&s.x, sim_now_ns, out);
}

static void serve(struct xfer_out *out);

static void
on_committed(void *ctx, const uint8_t *bytes, size_t len)
{
	struct xfer_out out;

	(void)ctx;
	(void)bytes;
	(void)len;
	if (s.x.state != XFER_COMMITTING)
		return;
	s.is_committed = true;
	xfer_committed(&s.x, sim_now_ns, &out);
	serve(&out);
}

static void
commit(void)
{
	/* A stranger's block would be in the file: they forge none. */
	if (s.stored_len != content_len ||
	    memcmp(in, content, content_len) != 0)
		sim_fail("something else is published: %zu of %zu bytes",
		    s.stored_len, content_len);
	sim_at(sim_now_ns + sim_below(20) * MS, on_committed, NULL, NULL, 0);
}

static void
serve(struct xfer_out *out)
{
	const char *why = tftp_promise_out(&s.promise, &s.x, out);

	if (why != NULL)
		sim_fail("%s", why);
	if (out->verdict == XFER_STORE) {
		store(out);
		serve(out);
	} else if (out->verdict == XFER_COMMIT) {
		commit();
	} else if (out->verdict == XFER_SEND) {
		send_blocks(out);
	} else if (out->len > 0 && out->verdict != XFER_WAIT) {
		to_client(out->packet, out->len);
	}
	if (out->verdict == XFER_END)
		sim_say("server: over, outcome %d", (int)s.x.outcome);
}

static void
on_server(void *ctx, const uint8_t *bytes, size_t len)
{
	struct xfer_out out;

	(void)ctx;
	if (s.x.state == XFER_OVER)
		return;
	if (s.will_shrink && sim_chance(2) && s.size > 0 && !s.x.is_ascii) {
		s.size = sim_below((uint32_t)s.size);
		sim_say("file: %zu bytes now", s.size);
		xfer_resize(&s.x, s.size);
		s.will_shrink = false;
	}
	tftp_promise_heard(&s.promise);
	xfer_packet(&s.x, bytes, len, sim_now_ns, &out);
	serve(&out);
}

/* --- client */

static uint16_t
number_of(uint64_t k)
{
	return (uint16_t)(k < 65536 ? k :
	    c.rollover + (k - 65536) % (65536u - c.rollover));
}

static void on_timer(void *ctx, const uint8_t *bytes, size_t len);

static void
set_timer(void)
{
	c.due_ns = sim_now_ns + c.wait_ns;
	if (!c.is_waiting)
		sim_at(c.due_ns, on_timer, NULL, NULL, 0);
	c.is_waiting = true;
}

static void
give_up(const char *why)
{
	static const uint8_t packet[] = { 0, PROTO_ERROR, 0, 0, 'x', 0 };

	sim_say("client: %s", why);
	c.has_failed = true;
	to_server(packet, sizeof(packet));
}

static void
ack(void)
{
	uint16_t n = number_of(c.got);
	uint8_t packet[] = { 0, PROTO_ACK, (uint8_t)(n >> 8), (uint8_t)n };

	sim_say("client: ACK %u", n);
	c.since_ack = 0;
	set_timer();
	to_server(packet, sizeof(packet));
	if (doubles_acks)
		to_server(packet, sizeof(packet));
}

static uint64_t
blocks_n(void)
{
	return wire_len / c.blksize + 1;
}

static void
send_window(void)
{
	static uint8_t packet[PROTO_PACKET_MAX];
	uint64_t last = c.acked + c.window;
	struct wr w;
	size_t at;

	if (last > blocks_n())
		last = blocks_n();
	for (uint64_t k = c.acked + 1; k <= last; k++) {
		at = (size_t)(k - 1) * c.blksize;
		wr_init(&w, packet, sizeof(packet));
		packet_put_data(&w, number_of(k));
		wr_bytes(&w, wire + at, wire_len - at < c.blksize ?
		    wire_len - at : c.blksize);
		to_server(packet, w.len);
	}
	c.sent = last;
	set_timer();
}

/* Is what came so far the beginning of the file, and all of it at the end? */
static void
check_body(void)
{
	if (c.in_len > content_len || memcmp(in, content, c.in_len) != 0)
		sim_fail("wrong bytes up to %zu", c.in_len);
	/* A file that shrank ends where it was then, or where it is now. */
	if (c.is_done && c.in_len != content_len && s.size == wire_len)
		sim_fail("complete with %zu of %zu bytes", c.in_len,
		    content_len);
}

/* RFC 764: CR LF is a new line, CR NUL a CR, and nothing else follows a CR. */
static uint8_t
decode(uint8_t octet)
{
	bool had_cr = c.has_cr;

	c.has_cr = false;
	if (had_cr && octet == '\0')
		return '\r';
	if (had_cr && octet != '\n')
		sim_fail("CR %02x is no netascii", octet);
	return octet;
}

static void
take_bytes(const uint8_t *p, size_t len)
{
	if (c.in_len + len > FILE_MAX)
		sim_fail("more came than there is");
	for (size_t i = 0; i < len; i++) {
		if (c.is_ascii && !c.has_cr && p[i] == '\r')
			c.has_cr = true;
		else
			in[c.in_len++] = c.is_ascii ? decode(p[i]) : p[i];
	}
	check_body();
}

static void
take_data(uint16_t number, const uint8_t *p, size_t len)
{
	if (number != number_of(c.got + 1)) {
		if (c.is_done || !c.has_gap || c.acks_every_stray)
			ack();
		c.has_gap = true;
		return;
	}
	if (c.is_done)
		return;
	c.has_gap = false;
	c.got++;
	c.tries = 0;
	c.since_ack++;
	c.is_done = len < c.blksize;
	take_bytes(p, len);
	if (c.is_done || c.since_ack >= c.window)
		ack();
}

/* ACK of an upload: of the last block sent, or of the one before a hole. */
static void
take_ack(uint16_t number)
{
	uint64_t k;

	for (k = c.sent; k > c.acked && number_of(k) != number; k--)
		continue;
	if (k == c.acked && (c.acked != 0 || c.sent != 0)) {
		if (c.window > 1 && number == number_of(k) && !c.has_gap) {
			c.has_gap = true;
			send_window();
		}
		return;
	}
	c.acked = k;
	c.tries = 0;
	c.has_gap = false;
	if (k < blocks_n()) {
		send_window();
		return;
	}
	if (!s.is_committed)
		sim_fail("acknowledged and not stored");
	c.is_done = true;
}

/* What the server granted; nothing else may be in there. */
static void
take_oack(const uint8_t *p, size_t len)
{
	const char *at = (const char *)p + 2;
	const char *end = (const char *)p + len;
	const char *value;

	if (len < 2 || p[len - 1] != 0)
		sim_fail("an OACK without an end");
	for (; at < end; at = value + strlen(value) + 1) {
		value = at + strlen(at) + 1;
		if (value >= end)
			sim_fail("an option without a value");
		if (strcmp(at, "blksize") == 0)
			c.blksize = (uint32_t)strtoul(value, NULL, 10);
		else if (strcmp(at, "windowsize") == 0)
			c.window = (uint32_t)strtoul(value, NULL, 10);
		else if (strcmp(at, "rollover") == 0)
			c.rollover = (uint32_t)strtoul(value, NULL, 10);
	}
	if (c.is_write)
		send_window();
	else
		ack();
}

static void
on_client(void *ctx, const uint8_t *p, size_t len)
{
	uint16_t op = (uint16_t)(p[0] << 8 | p[1]);
	uint16_t number = len >= 4 ? (uint16_t)(p[2] << 8 | p[3]) : 0;

	(void)ctx;
	if (c.has_failed)
		return;
	if (op == PROTO_ERROR) {
		sim_say("client: error %u", number);
		c.has_failed = !c.is_done;
	} else if (op == PROTO_OACK) {
		if (!c.has_started)
			take_oack(p, len);
		else if (!c.is_write && c.got == 0)
			ack();
	} else if (op == PROTO_DATA && !c.is_write) {
		take_data(number, p + 4, len - 4);
	} else if (op == PROTO_ACK && c.is_write && !c.is_done) {
		take_ack(number);
	}
	c.has_started = true;
}

static void
on_timer(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	c.is_waiting = false;
	if (c.is_done || c.has_failed)
		return;
	if (sim_now_ns < c.due_ns) {
		sim_at(c.due_ns, on_timer, NULL, NULL, 0);
		c.is_waiting = true;
		return;
	}
	if (c.tries++ >= TRIES) {
		give_up("no patience left");
		return;
	}
	c.has_gap = false;
	if (!c.has_started)
		set_timer();
	else if (c.is_write)
		send_window();
	else
		ack();
}

/* --- the network */

static void
to_client(const void *p, size_t len)
{
	sim_send(&net, on_client, NULL, p, len);
}

static void
to_server(const void *p, size_t len)
{
	sim_send(&net, on_server, NULL, p, len);
}

/* A stranger at the client's address: acknowledges what it likes. */
static void
on_forge(void *ctx, const uint8_t *bytes, size_t len)
{
	uint8_t packet[64];
	size_t n = 4 + sim_below(8);

	(void)bytes;
	(void)len;
	if (s.x.state == XFER_OVER || !is_forged)
		return;
	sim_at(sim_now_ns + sim_below(50) * MS, on_forge, ctx, NULL, 0);
	/* Who answers the OACK for the client talks it out of its options. */
	if (!c.has_started)
		return;
	for (size_t i = 0; i < n; i++)
		packet[i] = (uint8_t)sim_random();
	packet[0] = 0;
	packet[1] = sim_chance(80) ? PROTO_ACK : sim_chance(50) ?
	    PROTO_OACK : (uint8_t)(6 + sim_below(250));
	if (sim_chance(60)) {
		packet[2] = (uint8_t)(s.x.sent >> 8);
		packet[3] = (uint8_t)(s.x.sent + sim_below(4) - 2);
	}
	sim_say("stranger: opcode %u number %u", packet[1],
	    packet[2] << 8 | packet[3]);
	on_server(NULL, packet, n);
}

/* --- a transfer */

static void
put_option(struct wr *w, const char *name, uint32_t value)
{
	wr_text(w, name);
	wr_u8(w, 0);
	wr_dec(w, value);
	wr_u8(w, 0);
}

/* The request as it is on the wire; what is agreed on is the core's affair. */
static void
request(uint32_t blksize, uint32_t window, uint32_t rollover)
{
	struct opttab_limits limits = { PROTO_BLKSIZE_MAX, PROTO_WINDOW_MAX, 0 };
	struct opttab_set set;
	struct packet_req req;
	struct xfer_out out;
	uint8_t buf[300];
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	wr_u16(&w, c.is_write ? PROTO_WRQ : PROTO_RRQ);
	wr_text(&w, "file");
	wr_u8(&w, 0);
	wr_text(&w, c.is_ascii ? "netascii" : "octet");
	wr_u8(&w, 0);
	if (blksize != 512)
		put_option(&w, "blksize", blksize);
	if (window != 1)
		put_option(&w, "windowsize", window);
	if (rollover != 0)
		put_option(&w, "rollover", rollover);
	if (sim_chance(50))
		put_option(&w, "tsize", c.is_write ? (uint32_t)wire_len : 0);
	if (sim_chance(20))
		put_option(&w, "nosuchoption", 1);
	if (packet_parse_req(buf, w.len, &req) != PACKET_OK)
		sim_fail("a good request is refused");
	memset(&set, 0, sizeof(set));
	set.is_write = c.is_write;
	set.is_ascii = c.is_ascii;
	set.size = s.size;
	opttab_negotiate(&req, &limits, &set);
	sim_say("client: %s %zu bytes blksize %u window %u rollover %u%s",
	    c.is_write ? "put" : "get", wire_len, set.blksize, set.window,
	    set.rollover, c.is_ascii ? " netascii" : "");
	set_timer();
	xfer_start(&s.x, &set, 1000 * MS, NULL, sim_now_ns, &out);
	serve(&out);
}

static void
make_file(size_t size)
{
	struct netascii state;
	struct wr w;

	content_len = size;
	for (size_t i = 0; i < size; i++)
		content[i] = sim_chance(5) ? (sim_chance(50) ? '\n' : '\r') :
		    (uint8_t)sim_random();
	memset(&state, 0, sizeof(state));
	if (!c.is_ascii || c.is_write) {
		memcpy(wire, content, size);
		wire_len = size;
	} else {
		wr_init(&w, wire, 2 * FILE_MAX);
		if (netascii_encode(&state, content, size, &w) != size)
			sim_fail("netascii does not end");
		if (state.has_carry)
			wr_u8(&w, state.carry);
		wire_len = w.len;
	}
	s.size = wire_len;
}

static size_t
choose_size(uint32_t blksize, bool wraps)
{
	static const int near[] = { 0, 1, -1 };
	size_t blocks = wraps ? 65530 + sim_below(600) :
	    sim_below(blksize > 2000 ? 12 : 150);

	/* Anything up to half of what fits, if that is not too many blocks. */
	if (!wraps && sim_chance(5))
		return sim_below(FILE_MAX / 2 / blksize < 2500 ?
		    FILE_MAX / 2 : 2500 * blksize);
	return (size_t)blksize * blocks + (sim_chance(50) ?
	    sim_below(blksize) : blocks == 0 ? 0 : (size_t)near[sim_below(3)]);
}

/* Everybody is done, one way or the other. */
static void
check_end(bool is_clean)
{
	if (s.x.state != XFER_OVER)
		sim_fail("stuck in state %d", (int)s.x.state);
	if (s.x.outcome == XFER_COMPLETE && s.x.is_write && !s.is_committed)
		sim_fail("complete without commit");
	/* A file that shrank below what the client has: it ends with an error. */
	if (s.x.outcome == XFER_COMPLETE && !s.x.is_write && !c.is_done &&
	    !is_forged && s.size == wire_len)
		sim_fail("complete for the server, not for the client");
	if (!is_clean)
		return;
	if (!c.is_done || s.x.outcome != XFER_COMPLETE)
		sim_fail("a good network and not complete: outcome %d",
		    (int)s.x.outcome);
	if (s.x.repeats_n != 0 ||
	    (!c.is_write && s.data_n != blocks_n()))
		sim_fail("%llu DATA packets for %llu blocks",
		    (unsigned long long)s.data_n,
		    (unsigned long long)blocks_n());
}

static void
run(void)
{
	struct xfer_out out;
	int64_t deadline_ns;

	for (events = 0;; events++) {
		deadline_ns = s.x.state == XFER_OVER ? INT64_MAX :
		    s.x.deadline_ns;
		if (deadline_ns == INT64_MAX && sim_next_ns() == INT64_MAX)
			return;
		if (events > EVENTS_MAX)
			sim_fail("no end: state %d, %u events, acked %llu",
			    (int)s.x.state, events,
			    (unsigned long long)s.x.acked);
		if (deadline_ns < sim_next_ns()) {
			sim_now_ns = deadline_ns;
			sim_count();
			sim_say("server: timeout");
			xfer_timeout(&s.x, sim_now_ns, &out);
			serve(&out);
		} else {
			sim_step();
		}
	}
}

static void
play(void)
{
	static const uint32_t sizes[] = { 8, 9, 64, 511, 512, 512, 512, 1024,
		1428, 1456, 8192, 16384, 65464 };
	static const uint32_t windows[] = { 1, 1, 1, 2, 3, 4, 8, 16, 63, 64 };
	bool is_clean = sim_chance(15), wraps = sim_chance(1);
	uint32_t blksize = wraps ? 8 : sim_chance(30) ? 8 + sim_below(65457) :
	    sizes[sim_below(ARRAY_LEN(sizes))];
	uint32_t window = sim_chance(30) ? 1 + sim_below(64) :
	    windows[sim_below(ARRAY_LEN(windows))];

	memset(&c, 0, sizeof(c));
	memset(&s, 0, sizeof(s));
	memset(&net, 0, sizeof(net));
	c.is_write = sim_chance(50);
	c.is_ascii = !wraps && sim_chance(15);
	c.blksize = 512;
	c.window = 1;
	c.acks_every_stray = sim_chance(30);
	c.wait_ns = (is_clean ? 60000 : 200 + sim_below(3000)) * MS;
	net.delay_ns = is_clean ? 0 : 2 * MS;
	net.in_order = true;
	is_forged = !is_clean && !c.is_write && sim_chance(10);
	doubles_acks = is_clean && sim_chance(50);
	if (!is_clean) {
		net.loss = wraps ? 1 : sim_below(21);
		net.repeat = wraps ? 0 : sim_below(21);
		net.late = sim_chance(50) && !wraps ? sim_below(21) : 0;
		net.late_ns = (int64_t)sim_below(wraps ? 10 : 4000) * MS;
		s.will_fail = sim_chance(10);
		s.will_shrink = sim_chance(5);
	}
	make_file(choose_size(blksize, wraps) % (FILE_MAX / 2));
	if (is_forged)
		sim_at(0, on_forge, NULL, NULL, 0);
	request(blksize, window,
	    sim_chance(70) ? 0 : sim_chance(50) ? 1 : sim_below(65536));
	run();
	check_end(is_clean);
}

int
main(int argc, char *argv[])
{
	content = malloc(FILE_MAX);
	wire = malloc(2 * FILE_MAX);
	in = malloc(FILE_MAX);
	if (content == NULL || wire == NULL || in == NULL)
		return 2;
	return sim_main(argc, argv, play, QUICK_N);
}
