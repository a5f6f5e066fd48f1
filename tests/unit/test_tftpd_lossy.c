/* SPDX-License-Identifier: ISC */
/*
 * The state machine of a transfer against a model client, over a network that
 * loses, doubles and reorders.  No socket and no clock: a queue of packets, a
 * random generator per run, time that jumps to the next event.  Whatever the
 * network does, a transfer ends; and when the client believes that it is
 * complete, every byte is right.
 */
#include "tests/unit/t.h"

#include "common/rd.h"
#include "common/wr.h"
#include "tftpd/xfer.h"

#define MS 1000000LL
#define QUEUE_MAX 1024
#define FILE_MAX (5 * 1000 * 1000)
#define EVENTS_MAX 4000000
#define RUNS_PER_LOOP 100

enum { TO_SERVER, TO_CLIENT };

struct flight {
	int64_t at_ns;
	int direction;
	size_t len;
	uint8_t *bytes;
};

struct client {
	bool is_done, has_failed;
	bool has_gap;
	bool acks_every_stray;	/* some clients do */
	uint64_t got;		/* blocks in order */
	uint64_t since_ack;
	uint64_t acked;		/* upload */
	uint64_t sent;		/* upload */
	bool has_oack;
	int64_t timer_ns, wait_ns;
	unsigned tries_n;
};

struct sim {
	uint64_t rng;
	int64_t now_ns;
	struct flight queue[QUEUE_MAX];
	size_t queue_n;
	unsigned loss, repeat, reorder;	/* per cent */
	unsigned ack_repeat;
	struct xfer x;
	struct client c;
	size_t size;
	uint8_t *stored;
	size_t stored_len;
	bool is_committed;
	uint64_t data_n;	/* DATA packets the server sent */
};

static uint8_t *content;

static uint64_t
next_random(struct sim *sim)
{
	sim->rng ^= sim->rng << 13;
	sim->rng ^= sim->rng >> 7;
	sim->rng ^= sim->rng << 17;
	return sim->rng;
}

static unsigned
below(struct sim *sim, unsigned n)
{
	return (unsigned)(next_random(sim) % n);
}

static bool
chance(struct sim *sim, unsigned per_cent)
{
	return below(sim, 100) < per_cent;
}

static void
make_content(void)
{
	uint64_t v = 88172645463325252ULL;

	if (content != NULL)
		return;
	content = malloc(FILE_MAX);
	if (content == NULL)
		abort();
	for (size_t i = 0; i < FILE_MAX; i++) {
		v = v * 6364136223846793005ULL + 1442695040888963407ULL;
		content[i] = (uint8_t)(v >> 56);
	}
}

/* ---- the network ------------------------------------------------------------ */

static void
put_flight(struct sim *sim, int direction, const uint8_t *p, size_t len)
{
	struct flight *f;
	int64_t delay_ns = MS / 2;

	if (sim->queue_n == QUEUE_MAX)
		return;			/* a full link loses */
	if (chance(sim, sim->reorder))
		delay_ns += (int64_t)below(sim, 3000) * 1000;
	f = &sim->queue[sim->queue_n++];
	f->at_ns = sim->now_ns + delay_ns + (int64_t)sim->queue_n;
	f->direction = direction;
	f->len = len;
	f->bytes = t_dup(p, len);
}

static void
transmit(struct sim *sim, int direction, const uint8_t *p, size_t len)
{
	unsigned repeat = direction == TO_SERVER && sim->ack_repeat > 0 ?
	    sim->ack_repeat : sim->repeat;

	if (chance(sim, sim->loss))
		return;
	put_flight(sim, direction, p, len);
	if (chance(sim, repeat))
		put_flight(sim, direction, p, len);
}

/* ---- the server's side -------------------------------------------------------- */

static void
send_blocks(struct sim *sim, const struct xfer_out *out)
{
	static uint8_t packet[PROTO_PACKET_MAX];
	struct wr wr;

	for (uint32_t i = 0; i < out->n; i++) {
		struct xfer_block b = xfer_block(&sim->x, out->first + i);

		ck_assert_msg(b.offset + b.len <= sim->size, "past the end");
		wr_init(&wr, packet, sizeof(packet));
		wr_u16(&wr, PROTO_DATA);
		wr_u16(&wr, b.number);
		wr_bytes(&wr, content + b.offset, b.len);
		ck_assert_msg(wr_ok(&wr), "block too long");
		transmit(sim, TO_CLIENT, packet, wr.len);
		sim->data_n++;
	}
}

static void
serve(struct sim *sim, struct xfer_out *out)
{
	if (out->verdict == XFER_STORE) {
		ck_assert_msg(sim->stored_len + out->data.len <= FILE_MAX,
		    "too much");
		memcpy(sim->stored + sim->stored_len, out->data.p,
		    out->data.len);
		sim->stored_len += out->data.len;
		xfer_stored(&sim->x, sim->now_ns, out);
	}
	if (out->verdict == XFER_COMMIT) {
		ck_assert_msg(sim->stored_len == sim->size &&
		    memcmp(sim->stored, content, sim->size) == 0,
		    "committed something else");
		sim->is_committed = true;
		xfer_committed(&sim->x, sim->now_ns, out);
	}
	if (out->verdict == XFER_SEND)
		send_blocks(sim, out);
	if ((out->verdict == XFER_REPLY || out->verdict == XFER_END) &&
	    out->len > 0)
		transmit(sim, TO_CLIENT, out->packet, out->len);
}

/* ---- the client's side ---------------------------------------------------------- */

static uint16_t
number_of(const struct sim *sim, uint64_t k)
{
	if (k < 65536)
		return (uint16_t)k;
	return (uint16_t)(sim->x.rollover +
	    (k - 65536) % (65536u - sim->x.rollover));
}

static void
client_ack(struct sim *sim)
{
	uint8_t packet[4] = { 0, PROTO_ACK };
	uint16_t number = number_of(sim, sim->c.got);

	packet[2] = (uint8_t)(number >> 8);
	packet[3] = (uint8_t)number;
	sim->c.since_ack = 0;
	sim->c.timer_ns = sim->now_ns + sim->c.wait_ns;
	transmit(sim, TO_SERVER, packet, sizeof(packet));
}

static void
client_error(struct sim *sim)
{
	static const uint8_t packet[] = { 0, PROTO_ERROR, 0, 0, 'x', 0 };

	sim->c.has_failed = true;
	transmit(sim, TO_SERVER, packet, sizeof(packet));
}

static size_t
block_len(const struct sim *sim, uint64_t k)
{
	size_t at = (size_t)(k - 1) * sim->x.blksize;

	if (at >= sim->size)
		return 0;
	return sim->size - at < sim->x.blksize ? sim->size - at :
	    sim->x.blksize;
}

static uint64_t
blocks_n(const struct sim *sim)
{
	return sim->size / sim->x.blksize + 1;
}

static void
client_send_window(struct sim *sim)
{
	static uint8_t packet[PROTO_PACKET_MAX];
	struct wr wr;
	uint64_t last = sim->c.acked + sim->x.window;

	if (last > blocks_n(sim))
		last = blocks_n(sim);
	for (uint64_t k = sim->c.acked + 1; k <= last; k++) {
		wr_init(&wr, packet, sizeof(packet));
		wr_u16(&wr, PROTO_DATA);
		wr_u16(&wr, number_of(sim, k));
		wr_bytes(&wr, content + (k - 1) * sim->x.blksize,
		    block_len(sim, k));
		transmit(sim, TO_SERVER, packet, wr.len);
	}
	sim->c.sent = last;
	sim->c.timer_ns = sim->now_ns + sim->c.wait_ns;
}

static void
client_take_data(struct sim *sim, uint16_t number, const uint8_t *p,
    size_t len)
{
	struct client *c = &sim->c;
	size_t at = (size_t)c->got * sim->x.blksize;

	if (number != number_of(sim, c->got + 1)) {
		if (c->is_done || !c->has_gap || c->acks_every_stray)
			client_ack(sim);
		c->has_gap = true;
		return;
	}
	if (c->is_done)
		return;
	ck_assert_msg(at + len <= sim->size &&
	    memcmp(content + at, p, len) == 0, "wrong bytes at %zu", at);
	c->has_gap = false;
	c->got++;
	c->tries_n = 0;
	c->since_ack++;
	c->is_done = len < sim->x.blksize;
	if (c->is_done)
		ck_assert_msg(at + len == sim->size, "ended too early");
	if (c->is_done || c->since_ack >= sim->x.window)
		client_ack(sim);
}

/* ACK of an upload: of the last block sent, or of the one before a hole. */
static void
client_take_ack(struct sim *sim, uint16_t number)
{
	struct client *c = &sim->c;
	uint64_t k;

	for (k = c->sent; k > c->acked && number_of(sim, k) != number; k--)
		continue;
	if (k == c->acked && !(c->acked == 0 && c->sent == 0)) {
		/* Nothing new: in a window perhaps a hole at its beginning. */
		if (sim->x.window > 1 && number == number_of(sim, k) &&
		    !c->has_gap) {
			c->has_gap = true;
			client_send_window(sim);
		}
		return;
	}
	c->acked = k;
	c->tries_n = 0;
	c->has_gap = false;
	if (k == blocks_n(sim)) {
		ck_assert_msg(sim->is_committed, "acknowledged, not stored");
		c->is_done = true;
	} else {
		client_send_window(sim);
	}
}

static void
client_packet(struct sim *sim, const uint8_t *p, size_t len)
{
	struct client *c = &sim->c;
	uint16_t op = (uint16_t)(p[0] << 8 | p[1]);
	uint16_t number = len >= 4 ? (uint16_t)(p[2] << 8 | p[3]) : 0;

	if (c->has_failed)
		return;
	if (op == PROTO_ERROR) {
		c->has_failed = true;
	} else if (op == PROTO_OACK && !sim->x.is_write) {
		if (c->got == 0)
			client_ack(sim);
	} else if (op == PROTO_OACK) {
		if (c->sent == 0)
			client_send_window(sim);
	} else if (op == PROTO_DATA && !sim->x.is_write) {
		client_take_data(sim, number, p + 4, len - 4);
	} else if (op == PROTO_ACK && sim->x.is_write && !c->is_done) {
		client_take_ack(sim, number);
	}
}

static void
client_timeout(struct sim *sim)
{
	struct client *c = &sim->c;

	c->timer_ns = sim->now_ns + c->wait_ns;
	if (c->is_done || c->has_failed) {
		c->timer_ns = INT64_MAX;
	} else if (c->tries_n++ >= 40) {
		client_error(sim);
		c->timer_ns = INT64_MAX;
	} else if (sim->x.is_write) {
		c->has_gap = false;
		if (c->sent > 0)
			client_send_window(sim);
	} else if (c->got > 0) {
		c->has_gap = false;
		client_ack(sim);
	}
}

/* ---- a run ------------------------------------------------------------------------ */

static void
start(struct sim *sim, bool is_write, uint32_t blksize, uint32_t window,
    uint16_t rollover, bool has_oack)
{
	struct opttab_set set;
	struct xfer_out out;

	memset(&set, 0, sizeof(set));
	set.is_write = is_write;
	set.size = sim->size;
	set.blksize = blksize;
	set.window = window;
	set.rollover = rollover;
	if (has_oack) {
		memcpy(set.oack, "\0\6x\0001", 6);
		set.oack_len = 6;
	}
	sim->c.wait_ns = (int64_t)(200 + below(sim, 3000)) * MS;
	sim->c.timer_ns = sim->c.wait_ns;
	sim->c.acks_every_stray = chance(sim, 30);
	xfer_start(&sim->x, &set, 1000 * MS, NULL, 0, &out);
	serve(sim, &out);
}

static size_t
next_flight(const struct sim *sim)
{
	size_t best = 0;

	for (size_t i = 1; i < sim->queue_n; i++) {
		if (sim->queue[i].at_ns < sim->queue[best].at_ns)
			best = i;
	}
	return best;
}

static void
deliver(struct sim *sim, size_t i)
{
	struct flight f = sim->queue[i];
	struct xfer_out out;

	sim->queue[i] = sim->queue[--sim->queue_n];
	if (f.at_ns > sim->now_ns)
		sim->now_ns = f.at_ns;
	if (f.direction == TO_CLIENT) {
		client_packet(sim, f.bytes, f.len);
	} else if (sim->x.state != XFER_OVER) {
		xfer_packet(&sim->x, f.bytes, f.len, sim->now_ns, &out);
		serve(sim, &out);
	}
	free(f.bytes);
}

/* One event; false when nothing is left to happen. */
static bool
step(struct sim *sim)
{
	int64_t server_ns = sim->x.state == XFER_OVER ? INT64_MAX :
	    sim->x.deadline_ns;
	int64_t client_ns = sim->c.timer_ns, flight_ns = INT64_MAX;
	size_t i = next_flight(sim);
	struct xfer_out out;

	if (sim->queue_n > 0)
		flight_ns = sim->queue[i].at_ns;
	if (flight_ns <= server_ns && flight_ns <= client_ns) {
		if (flight_ns == INT64_MAX)
			return false;
		deliver(sim, i);
	} else if (server_ns <= client_ns) {
		sim->now_ns = server_ns;
		xfer_timeout(&sim->x, sim->now_ns, &out);
		serve(sim, &out);
	} else {
		sim->now_ns = client_ns;
		client_timeout(sim);
	}
	return true;
}

static void
run(struct sim *sim)
{
	unsigned events_n = 0;

	while (step(sim))
		ck_assert_msg(++events_n < EVENTS_MAX, "no end: state %d",
		    (int)sim->x.state);
	ck_assert_msg(sim->x.state == XFER_OVER, "stuck in state %d",
	    (int)sim->x.state);
	ck_assert_msg(sim->x.outcome != XFER_UNDECIDED, "no outcome");
	ck_assert_msg(sim->c.is_done || sim->c.has_failed ||
	    sim->c.timer_ns == INT64_MAX, "client without an end");
	if (sim->c.is_done && !sim->x.is_write)
		ck_assert_msg(sim->c.got == blocks_n(sim), "blocks");
	if (sim->x.is_write && sim->x.outcome == XFER_COMPLETE)
		ck_assert_msg(sim->is_committed, "complete without commit");
}

static void
sim_init(struct sim *sim, uint64_t seed)
{
	make_content();
	memset(sim, 0, sizeof(*sim));
	sim->rng = seed * 0x9e3779b97f4a7c15ULL + 1;
	for (int i = 0; i < 8; i++)
		(void)next_random(sim);
	sim->stored = malloc(FILE_MAX);
	if (sim->stored == NULL)
		abort();
}

/* A size that ends at, before or behind a block border, or anywhere. */
static size_t
pick_size(struct sim *sim, uint32_t blksize)
{
	size_t size = (size_t)blksize * below(sim, blksize > 2000 ? 60 : 400);

	switch (below(sim, 4)) {
	case 0:
		break;
	case 1:
		size += 1;
		break;
	case 2:
		size += blksize - 1;
		break;
	default:
		size += below(sim, blksize);
		break;
	}
	return size % FILE_MAX;
}

static void
random_run(uint64_t seed, unsigned loss_max)
{
	static const uint32_t blksizes[] = {
		8, 9, 64, 511, 512, 1024, 1428, 1456, 8192, 16384, 65464
	};
	static const uint32_t windows[] = { 1, 1, 1, 2, 3, 4, 8, 16, 63, 64 };
	struct sim sim;
	uint32_t blksize, window;
	bool is_write;

	sim_init(&sim, seed);
	blksize = blksizes[below(&sim, ARRAY_LEN(blksizes))];
	window = windows[below(&sim, ARRAY_LEN(windows))];
	is_write = chance(&sim, 50);
	sim.size = pick_size(&sim, blksize);
	sim.loss = below(&sim, loss_max + 1);
	sim.repeat = below(&sim, loss_max + 1);
	sim.reorder = chance(&sim, 50) ? below(&sim, 21) : 0;
	start(&sim, is_write, blksize, window, (uint16_t)below(&sim, 2),
	    window > 1 || chance(&sim, 70));
	run(&sim);
	/* The very last ACK may be lost more often than it is repeated. */
	if (sim.loss <= 5)
		ck_assert_msg(sim.c.is_done || sim.is_committed, "seed %llu: not complete",
		    (unsigned long long)seed);
	free(sim.stored);
}

/* ---- tests ------------------------------------------------------------------------ */

START_TEST(every_run_ends_right)
{
	for (unsigned i = 0; i < RUNS_PER_LOOP; i++)
		random_run((uint64_t)_i * RUNS_PER_LOOP + i + 1, 20);
}
END_TEST

START_TEST(nothing_is_repeated_without_loss)
{
	static const uint32_t windows[] = { 1, 2, 4, 16, 64 };
	struct sim sim;

	sim_init(&sim, (uint64_t)_i + 1);
	sim.size = 1000 * 1000 + (size_t)_i;
	start(&sim, false, 512, windows[_i % 5], 0, true);
	run(&sim);
	ck_assert_msg(sim.c.is_done && sim.x.repeats_n == 0, "repeats %u",
	    sim.x.repeats_n);
	ck_assert_msg(sim.data_n == blocks_n(&sim), "sent %llu",
	    (unsigned long long)sim.data_n);
	ck_assert_msg(sim.x.bytes == sim.size, "bytes");
	free(sim.stored);
}
END_TEST

/* The sorcerer's apprentice: each acknowledgement comes twice. */
START_TEST(doubled_acks_do_not_double_data)
{
	static const uint32_t windows[] = { 1, 2, 4, 16, 64 };
	struct sim sim;

	sim_init(&sim, (uint64_t)_i + 7);
	sim.size = 300 * 1000;
	sim.ack_repeat = 100;
	start(&sim, false, 512, windows[_i % 5], 0, true);
	run(&sim);
	ck_assert_msg(sim.c.is_done, "not complete");
	ck_assert_msg(sim.data_n == blocks_n(&sim), "sent %llu of %llu",
	    (unsigned long long)sim.data_n,
	    (unsigned long long)blocks_n(&sim));
	free(sim.stored);
}
END_TEST

/* Over the end of the 16-bit block numbers, with loss. */
START_TEST(numbers_wrap)
{
	static const uint16_t rollovers[] = { 0, 1, 2, 1000 };
	struct sim sim;

	sim_init(&sim, (uint64_t)_i + 99);
	sim.size = 8 * 66500;
	sim.loss = 1;
	start(&sim, _i % 2 == 0, 8, _i / 4 % 2 == 0 ? 16 : 1,
	    rollovers[_i % 4], true);
	run(&sim);
	ck_assert_msg(sim.c.is_done, "not complete");
	free(sim.stored);
}
END_TEST

START_TEST(five_megabytes)
{
	struct sim sim;

	sim_init(&sim, (uint64_t)_i + 5);
	sim.size = FILE_MAX - 1;
	sim.loss = (unsigned)_i * 4;
	start(&sim, _i % 2 == 0, 1456, 32, 0, true);
	run(&sim);
	ck_assert_msg(sim.c.is_done, "not complete");
	free(sim.stored);
}
END_TEST

T_MAIN("tftpd_lossy") {
	T_LOOP(every_run_ends_right, 0, 20);
	T_LOOP(nothing_is_repeated_without_loss, 0, 5);
	T_LOOP(doubled_acks_do_not_double_data, 0, 5);
	T_LOOP(numbers_wrap, 0, 8);
	T_LOOP(five_megabytes, 0, 4);
}
