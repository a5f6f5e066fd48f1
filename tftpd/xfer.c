/* SPDX-License-Identifier: ISC */
/*
 * xfer - one transfer as a state machine: events in, verdict and packets out.
 *
 * Blocks are counted in 64 bits and wrap only on the wire.  A download sends a
 * window, waits for its acknowledgement, and goes back to the first missing
 * block when the client names one (RFC 7440).  An acknowledgement that tells
 * nothing new never causes data in lockstep; with a window it does so once per
 * hole, and only when it is old enough to be an answer to what is under way,
 * so doubled acknowledgements cannot double the data.
 *
 * Timeouts: the first one agreed on, doubled each time, until the client has
 * been silent for 63 of them.  In a download the first wait becomes an estimate
 * from measured round trips instead, never longer than the agreed one.
 */
#include "tftpd/xfer.h"

#include <string.h>

#include "common/wr.h"
#include "tftpd/packet.h"

/* ---- numbers on the wire -------------------------------------------------- */

/* After block 65535 comes the rollover value, then counting goes on. */
static uint16_t
wire_number(const struct xfer *x, uint64_t k)
{
	if (k <= 65535)
		return (uint16_t)k;
	return (uint16_t)(x->rollover +
	    (k - 65536) % (65536u - x->rollover));
}

/* The block from..to with this number, the highest one; 0 when none has. */
static uint64_t
block_of(const struct xfer *x, uint16_t number, uint64_t from, uint64_t to)
{
	for (uint64_t k = to; k >= from && k > 0; k--) {
		if (wire_number(x, k) == number)
			return k;
	}
	return 0;
}

/* ---- packets and times ------------------------------------------------------ */

static void
out_ack(struct xfer *x, struct xfer_out *out)
{
	struct wr wr;

	wr_init(&wr, out->packet, sizeof(out->packet));
	packet_put_ack(&wr, wire_number(x, x->acked));
	ASSERT(wr_ok(&wr));
	out->len = wr.len;
	out->verdict = XFER_REPLY;
}

static void
out_oack(struct xfer *x, struct xfer_out *out)
{
	_Static_assert(OPTTAB_OACK_MAX <= sizeof(out->packet), "OACK fits");
	memcpy(out->packet, x->oack, x->oack_len);
	out->len = x->oack_len;
	out->verdict = XFER_REPLY;
}

static void
out_end(struct xfer *x, enum xfer_outcome outcome, struct xfer_out *out)
{
	ASSERT(x->outcome == XFER_UNDECIDED || x->state == XFER_DALLYING);
	if (x->outcome == XFER_UNDECIDED)
		x->outcome = outcome;
	x->state = XFER_OVER;
	out->verdict = XFER_END;
}

static void
out_nothing(struct xfer_out *out)
{
	out->verdict = XFER_WAIT;
	out->len = 0;
	out->n = 0;
}

/* How long to wait for the answer to something new. */
static int64_t
first_wait(const struct xfer *x)
{
	int64_t rto, least;

	/* An ACK that comes twice makes some clients send twice: uploads in
	 * lockstep are left to the client's timer. */
	if (x->rtt.n == 0 || (x->is_write && x->window == 1))
		return x->first_ns;
	rto = x->rtt.mean_ns + 4 * x->rtt.var_ns;
	least = XFER_RTO_MIN_NS;
	if (!x->is_write)
		least <<= XFER_RTTS - x->rtt.n;
	if (rto < least)
		rto = least;
	return rto < x->first_ns ? rto : x->first_ns;
}

static int64_t
give_up_ns(const struct xfer *x)
{
	return x->progress_ns + XFER_PATIENCE * x->first_ns;
}

static void
set_deadline(struct xfer *x)
{
	int64_t end = give_up_ns(x);

	x->deadline_ns = x->sent_ns + x->interval_ns;
	if (x->deadline_ns > end)
		x->deadline_ns = end;
}

/* Something new has come and its answer leaves now. */
static void
mark_progress(struct xfer *x, int64_t now_ns)
{
	x->progress_ns = x->sent_ns = now_ns;
	x->interval_ns = first_wait(x);
	x->is_repeated = false;
	x->has_answered_gap = false;
	set_deadline(x);
}

/* RFC 6298's estimate. */
static void
add_rtt(struct xfer_rtt *rtt, int64_t rtt_ns)
{
	int64_t diff_ns;

	if (rtt_ns < 0)
		return;
	if (rtt->n == 0) {
		rtt->mean_ns = rtt->min_ns = rtt_ns;
		rtt->var_ns = rtt_ns / 2;
	} else {
		diff_ns = rtt_ns > rtt->mean_ns ? rtt_ns - rtt->mean_ns :
		    rtt->mean_ns - rtt_ns;
		rtt->var_ns += (diff_ns - rtt->var_ns) / 4;
		rtt->mean_ns += (rtt_ns - rtt->mean_ns) / 8;
	}
	if (rtt_ns < rtt->min_ns)
		rtt->min_ns = rtt_ns;
	if (rtt->n < XFER_RTTS)
		rtt->n++;
}

/* Can this be an answer to what we sent then, or was it on its way already? */
static bool
may_answer(const struct xfer *x, int64_t sent_ns, int64_t now_ns)
{
	return now_ns > sent_ns && now_ns - sent_ns >= x->rtt.min_ns / 2;
}

/* ---- sending a file ----------------------------------------------------------- */

/* The block that ends the file, as long as it is not shorter than what the
 * client has already. */
static uint64_t
last_block(const struct xfer *x)
{
	uint64_t last = x->size / x->blksize + 1;

	return last > x->acked ? last : x->acked + 1;
}

/* Name the blocks behind the acknowledged ones, at most a window of them. */
static void
out_blocks(struct xfer *x, struct xfer_out *out)
{
	uint64_t n = x->window, to;

	if (!x->is_ascii) {
		uint64_t last = last_block(x);

		if (n > last - x->acked)
			n = last - x->acked;
		x->final = x->acked + n == last ? last : 0;
	}
	to = x->acked + n;
	ASSERT(n >= 1 && n <= x->window);
	out->verdict = XFER_SEND;
	out->first = x->acked + 1;
	out->n = (uint32_t)n;
	if (x->sent >= out->first) {
		uint64_t again = x->sent < to ? x->sent : to;

		x->repeats_n += (uint32_t)(again - x->acked);
	}
	if (x->sent < to)
		x->sent = to;
}

struct xfer_block
xfer_block(const struct xfer *x, uint64_t k)
{
	struct xfer_block block;
	uint64_t left;

	ASSERT(!x->is_write);
	ASSERT(k > x->acked && k <= x->sent);
	block.number = wire_number(x, k);
	block.offset = (k - 1) * x->blksize;
	block.len = x->blksize;
	if (!x->is_ascii) {
		left = block.offset < x->size ? x->size - block.offset : 0;
		if (left < block.len)
			block.len = (uint32_t)left;
	}
	return block;
}

void
xfer_block_sent(struct xfer *x, uint64_t k, uint32_t len)
{
	ASSERT(!x->is_write && k > x->acked && k <= x->sent);
	ASSERT(len <= x->blksize);
	if (len == x->blksize)
		return;
	x->size = (k - 1) * x->blksize + len;
	x->sent = x->final = k;
}

void
xfer_resize(struct xfer *x, uint64_t size)
{
	if (x->is_ascii || size >= x->size)
		return;
	x->size = size;
	if (x->final > last_block(x))
		x->final = 0;
}

/*
 * An acknowledgement that says again what we know.  In lockstep it means
 * nothing (the sorcerer's apprentice).  In a window it may mean that the first
 * block of the window was lost, if it is old enough to be an answer to it.
 */
static void
take_repeated_ack(struct xfer *x, int64_t now_ns, struct xfer_out *out)
{
	if (x->window == 1 || x->has_answered_gap || x->rtt.n == 0 ||
	    !may_answer(x, x->sent_ns, now_ns))
		return;
	x->has_answered_gap = true;
	x->is_repeated = true;
	x->sent_ns = now_ns;
	set_deadline(x);
	out_blocks(x, out);
}

static void
take_ack(struct xfer *x, uint16_t number, int64_t now_ns,
    struct xfer_out *out)
{
	uint64_t k = block_of(x, number, x->acked + 1, x->sent);
	bool is_hole = k != 0 && k < x->sent;

	if (k == 0) {
		if (x->acked > 0 ? number == wire_number(x, x->acked) :
		    number == 0)
			take_repeated_ack(x, now_ns, out);
		return;
	}
	if (!is_hole && !x->is_repeated)
		add_rtt(&x->rtt, now_ns - x->sent_ns);
	x->bytes = k == x->final ? x->size : k * x->blksize;
	x->acked = k;
	if (k == x->final) {
		out_end(x, XFER_COMPLETE, out);
		return;
	}
	mark_progress(x, now_ns);
	x->is_repeated = is_hole;	/* so its answer measures nothing */
	out_blocks(x, out);
}

/* ---- receiving a file ----------------------------------------------------------- */

/* Our answer leaves: the client may send a window behind it. */
static void
mark_answer(struct xfer *x, int64_t now_ns)
{
	x->base = x->acked;
	x->sent_ns = x->answered_ns = now_ns;
	x->news = x->allowed + 1;
	if (x->allowed < x->acked + x->window)
		x->allowed = x->acked + x->window;
	set_deadline(x);
}

static void
answer_upload(struct xfer *x, int64_t now_ns, struct xfer_out *out)
{
	mark_answer(x, now_ns);
	out_ack(x, out);
}

/* Block k came.  Was it sent because of our last answer? */
static void
measure_upload(struct xfer *x, uint64_t k, int64_t now_ns)
{
	if (k < x->news)
		return;
	add_rtt(&x->rtt, now_ns - x->answered_ns);
	x->news = UINT64_MAX;
}

/*
 * A block that is not the next one: say where we are, and the client goes back
 * there.  In a window that makes it send a window, so it is said only when it
 * can have seen what was said last.  What is on its way from before would
 * multiply otherwise.
 */
static void
take_other_block(struct xfer *x, uint16_t number, int64_t now_ns,
    struct xfer_out *out)
{
	uint64_t lowest = x->acked > x->window ? x->acked - x->window : 1;
	uint64_t k = block_of(x, number, lowest, x->acked + x->window);

	if (k == 0 || (x->window == 1 && k != x->acked))
		return;
	measure_upload(x, k, now_ns);
	if (k < x->acked) {		/* the client has gone back */
		if (k - 1 < x->base && may_answer(x, x->sent_ns, now_ns))
			x->base = k - 1;
		return;
	}
	if (x->window > 1 && !may_answer(x, x->answered_ns, now_ns))
		return;
	x->repeats_n++;
	answer_upload(x, now_ns, out);
}

static void
take_data(struct xfer *x, const struct packet *packet, int64_t now_ns,
    struct xfer_out *out)
{
	if (packet->number != wire_number(x, x->acked + 1)) {
		take_other_block(x, packet->number, now_ns, out);
		return;
	}
	if (packet->data.len > x->blksize) {
		xfer_fail(x, PROTO_BAD_OP, STR("Data packet too large"), out);
		return;
	}
	measure_upload(x, x->acked + 1, now_ns);
	x->state = XFER_STORING;
	out->verdict = XFER_STORE;
	out->data = packet->data;
	out->is_last = packet->data.len < x->blksize;
	x->bytes += packet->data.len;
	x->final = out->is_last ? x->acked + 1 : 0;
}

void
xfer_stored(struct xfer *x, int64_t now_ns, struct xfer_out *out)
{
	ASSERT(x->state == XFER_STORING);
	out_nothing(out);
	x->acked++;
	if (x->acked == x->final) {
		x->state = XFER_COMMITTING;
		x->deadline_ns = INT64_MAX;
		out->verdict = XFER_COMMIT;
		return;
	}
	x->state = XFER_RECEIVING;
	mark_progress(x, now_ns);
	if (x->acked - x->base >= x->window)
		answer_upload(x, now_ns, out);
}

void
xfer_committed(struct xfer *x, int64_t now_ns, struct xfer_out *out)
{
	ASSERT(x->state == XFER_COMMITTING);
	out_nothing(out);
	x->state = XFER_DALLYING;
	x->outcome = XFER_COMPLETE;
	x->deadline_ns = now_ns + XFER_DALLY * x->first_ns;
	out_ack(x, out);
}

/* ---- events -------------------------------------------------------------------- */

void
xfer_start(struct xfer *x, const struct opttab_set *set, int64_t first_ns,
    const struct xfer_rtt *rtt, int64_t now_ns, struct xfer_out *out)
{
	ASSERT(set->blksize >= 1 && set->window >= 1);
	ASSERT(set->window <= PROTO_WINDOW_MAX);
	memset(x, 0, sizeof(*x));
	x->is_write = set->is_write;
	x->is_ascii = set->is_ascii;
	x->blksize = set->blksize;
	x->window = set->window;
	x->rollover = set->rollover;
	x->size = set->is_write ? 0 : set->size;
	x->first_ns = set->timeout_us != 0 ? set->timeout_us * 1000LL :
	    first_ns;
	x->oack_len = set->oack_len;
	memcpy(x->oack, set->oack, set->oack_len);
	if (rtt != NULL && rtt->n > 0) {
		x->rtt = *rtt;
		x->rtt.n = 1;		/* a hint, to be confirmed */
	}
	out_nothing(out);
	mark_progress(x, now_ns);
	mark_answer(x, now_ns);
	if (x->oack_len != 0) {
		x->state = XFER_OFFERED;
		out_oack(x, out);
	} else if (x->is_write) {
		x->state = XFER_RECEIVING;
		out_ack(x, out);
	} else {
		x->state = XFER_SENDING;
		out_blocks(x, out);
	}
}

/* The answer to the OACK: ACK 0 for a download, DATA 1 for an upload. */
static void
take_offered(struct xfer *x, const struct packet *packet, int64_t now_ns,
    struct xfer_out *out)
{
	if (x->is_write && packet->op == PROTO_DATA) {
		x->state = XFER_RECEIVING;
		take_data(x, packet, now_ns, out);
		if (out->verdict == XFER_WAIT && x->acked == 0)
			x->state = XFER_OFFERED;
		return;
	}
	if (x->is_write || packet->op != PROTO_ACK || packet->number != 0)
		return;
	if (!x->is_repeated)
		add_rtt(&x->rtt, now_ns - x->sent_ns);
	x->state = XFER_SENDING;
	mark_progress(x, now_ns);
	out_blocks(x, out);
}

/* The last block again: its acknowledgement was lost.  Once is enough. */
static void
take_dallying(struct xfer *x, const struct packet *packet,
    struct xfer_out *out)
{
	if (packet->op != PROTO_DATA ||
	    packet->number != wire_number(x, x->acked))
		return;
	x->repeats_n++;
	out_ack(x, out);
	out_end(x, XFER_COMPLETE, out);
}

void
xfer_packet(struct xfer *x, const void *p, size_t len, int64_t now_ns,
    struct xfer_out *out)
{
	struct packet packet;

	ASSERT(x->state != XFER_OVER && x->state != XFER_STORING);
	out_nothing(out);
	if (!packet_parse(p, len, &packet))
		return;
	if (packet.op == PROTO_ERROR) {
		out_end(x, x->state == XFER_OFFERED ? XFER_DECLINED :
		    XFER_ABORTED, out);
		return;
	}
	switch (x->state) {
	case XFER_OFFERED:
		take_offered(x, &packet, now_ns, out);
		break;
	case XFER_SENDING:
		if (packet.op == PROTO_ACK)
			take_ack(x, packet.number, now_ns, out);
		break;
	case XFER_RECEIVING:
		if (packet.op == PROTO_DATA)
			take_data(x, &packet, now_ns, out);
		break;
	case XFER_DALLYING:
		take_dallying(x, &packet, out);
		break;
	case XFER_COMMITTING:		/* patience: the disk is working */
	case XFER_STORING:
	case XFER_OVER:
		break;
	}
}

void
xfer_timeout(struct xfer *x, int64_t now_ns, struct xfer_out *out)
{
	out_nothing(out);
	if (now_ns < x->deadline_ns || x->state == XFER_COMMITTING)
		return;
	if (x->state == XFER_DALLYING || now_ns >= give_up_ns(x)) {
		out_end(x, XFER_TIMED_OUT, out);
		return;
	}
	/* By plan, so that being late does not add up; unless we slept. */
	x->sent_ns = now_ns - x->deadline_ns < x->interval_ns ?
	    x->deadline_ns : now_ns;
	x->interval_ns *= 2;
	x->is_repeated = true;
	x->has_answered_gap = false;
	set_deadline(x);
	if (x->state == XFER_SENDING) {
		out_blocks(x, out);
		return;
	}
	x->repeats_n++;
	x->answered_ns = x->sent_ns;
	if (x->state == XFER_OFFERED)
		out_oack(x, out);
	else
		answer_upload(x, x->sent_ns, out);
}

void
xfer_fail(struct xfer *x, enum proto_code code, struct str text,
    struct xfer_out *out)
{
	struct wr wr;

	out_nothing(out);
	wr_init(&wr, out->packet, sizeof(out->packet));
	packet_put_error(&wr, code, text);
	ASSERT(wr_ok(&wr));
	out->len = wr.len;
	out_end(x, XFER_FAILED, out);
}

void
xfer_unreachable(struct xfer *x, struct xfer_out *out)
{
	out_nothing(out);
	out_end(x, XFER_UNREACHABLE, out);
}
