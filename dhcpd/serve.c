/* SPDX-License-Identifier: ISC */
/*
 * serve.c - verdicts carried out.
 *
 * Owns the order that durability hangs on: an ACK waits in a list until the
 * journal has synced; when it could not, the ACK is dropped and the client asks
 * again.  What promises nothing, as an OFFER, does not wait: it leaves after the
 * read that brought its question.  Owns the timers for leases that end and for the journal.
 * Everything about a packet's meaning is decided in decide*.c.
 */
#include "dhcpd/serve.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/ip4.h"
#include "common/log.h"
#include "common/vis.h"
#include "dhcpd/logtext.h"
#include "dhcpd/stats.h"

enum {
	SERVE_LINES_MAX = 16,		/* lines that wait with an ACK */
	SERVE_DUE_PER_TURN = 512,	/* leases expired per turn */
	SERVE_KEEP_SIZE = 64 * 1024 * 1024,
	SERVE_KEEP_SPARE = 1024 * 1024,
	SERVE_SCRATCH_SIZE = 256 * 1024 * 1024
};

/* A reply until it leaves, and what the log says then.  Turn; in keep. */
struct serve_reply {
	struct link_reply link;
	uint8_t lines_n, unsaved_i;
	uint8_t prio[SERVE_LINES_MAX];
	struct str line[SERVE_LINES_MAX];
};

/* --- log */

/* Eight octets at a time: none below a blank, none above a tilde. */
static bool
serve_is_plain(struct str s)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t word;

	size_t i;

	for (i = 0; s.len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		if (((word | (word - ones * 0x20) | (word + ones)) &
		    ones * 0x80) != 0)
			return false;
	}
	for (; i < s.len; i++)
		if ((uint8_t)s.p[i] < ' ' || (uint8_t)s.p[i] > '~')
			return false;
	return true;
}

/* Log a line of which a part may come from strangers. */
static void
serve_log(int prio, struct str line)
{
	uint8_t buf[LOG_LINE_MAX];
	struct wr w;
	size_t nul;

	if (serve_is_plain(line)) {
		log_str(prio, line);
		return;
	}
	nul = str_chr(line, '\0');
	wr_init(&w, buf, sizeof(buf));
	vis_log(&w, line.p, nul != STR_NONE ? nul : line.len);
	log_str(prio, wr_as_str(&w));
}

static void
serve_log_lines(const struct expr_log *log, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < log->n; i++)
		serve_log(log->line[i].prio, log->line[i].text);
}

/* --- replies */

static void
serve_send_error(void *ctx, const struct link_reply *r, int err)
{
	(void)ctx;
	log_line(LOG_ERR, "send_packet: %s", strerror(err));
	if (r->iface != NULL)
		log_line(LOG_ERR, "dhcp.c: Failed to send %zu byte long packet "
		    "over %s interface.", r->payload_len, r->iface->name);
}

static void
serve_say(const struct serve_reply *r, bool is_saved)
{
	for (uint8_t i = 0; i < r->lines_n; i++) {
		if (is_saved || i < r->unsaved_i)
			serve_log(r->prio[i], r->line[i]);
		else if (i == r->unsaved_i)
			log_line(LOG_INFO, "%.*s: database update failed",
			    STR_ARG(r->line[i]));
	}
}

/* Replies that left together: one look at the clock. */
static void
serve_observe(struct serve *s, size_t n)
{
	struct timespec ts;
	int64_t ns;

	if (n == 0 || clock_gettime(CLOCK_MONOTONIC, &ts) < 0)
		return;
	ns = ts.tv_sec * WHEN_NS_PER_S + ts.tv_nsec - s->ev->now.mono_ns;
	prom_observe(&s->reply_times, (uint64_t)(ns / 1000), n);
}

static void
serve_send_ready(struct serve *s)
{
	link_send(&s->link, s->ready, s->ready_n, serve_send_error);
	serve_observe(s, s->ready_n);
	s->ready_n = 0;
}

/* The frames of one read are done. */
static bool
serve_read(void *ctx)
{
	struct serve *s = ctx;
	bool has_answered = s->ready_n > 0;

	serve_send_ready(s);
	return has_answered;
}

/* At the end of the turn: sync, then send what waited for it. */
static void
serve_release(struct serve *s)
{
	const struct link_reply *list[SERVE_REPLIES_MAX];
	int err;

	serve_send_ready(s);
	err = leasedb_sync(s->db, s->ev->now.wall_s);
	for (size_t i = 0; i < s->waiting_n; i++) {
		serve_say(s->waiting[i], err == 0);
		list[i] = &s->waiting[i]->link;
	}
	if (err == 0) {
		link_send(&s->link, list, s->waiting_n, serve_send_error);
		serve_observe(s, s->waiting_n);
	} else {
		s->unsaved_n += s->waiting_n;
	}
	s->waiting_n = 0;
	arena_reset(&s->keep, 0);
}

/* The frame's headers, or where the kernel shall send it. */
static void
serve_envelope(struct link_reply *l, struct link_if *iface,
    const struct decide_reply *r)
{
	struct frame f;
	struct wr w;

	l->payload = (const uint8_t *)r->payload.p;
	l->payload_len = r->payload.len;
	l->iface = r->is_raw ? iface : NULL;
	l->dst = r->dst;
	l->dst_port = r->dst_port;
	if (!r->is_raw)
		return;
	ASSERT(iface != NULL);
	memset(&f, 0, sizeof(f));
	memcpy(f.src_mac, iface->mac, sizeof(f.src_mac));
	memcpy(f.dst_mac, r->dst_mac, sizeof(f.dst_mac));
	f.src = r->src;
	f.dst = r->dst;
	f.src_port = iface->link->port;
	f.dst_port = r->dst_port;
	f.payload = r->payload;
	wr_init(&w, l->head, sizeof(l->head));
	frame_head(&w, &f);
}

/* Many interfaces may be read in one turn, and many pings may end. */
static void
serve_make_room(struct serve *s)
{
	if (s->waiting_n == SERVE_REPLIES_MAX ||
	    s->ready_n == SERVE_REPLIES_MAX ||
	    arena_left(&s->keep) < SERVE_KEEP_SPARE)
		serve_release(s);
}

/* Put a reply on its list; its payload lives in keep. */
static struct serve_reply *
serve_queue(struct serve *s, struct link_if *iface,
    const struct decide_reply *reply)
{
	struct serve_reply *r;

	/* Not zeroed: the lines are written before they are counted. */
	r = arena_alloc(&s->keep, sizeof(*r), _Alignof(struct serve_reply));
	if (r == NULL)
		return NULL;
	r->lines_n = 0;
	r->unsaved_i = 0;
	serve_envelope(&r->link, iface, reply);
	if (reply->must_wait)
		s->waiting[s->waiting_n++] = r;
	else
		s->ready[s->ready_n++] = &r->link;
	return r;
}

/* An ACK's lines wait with it, so that the log never says what was not so. */
static void
serve_keep_lines(struct serve *s, struct serve_reply *r)
{
	const struct expr_log *log = &s->out.log;
	size_t from;

	from = log->n > SERVE_LINES_MAX ? log->n - SERVE_LINES_MAX : 0;
	serve_log_lines(log, 0, from);
	for (size_t i = from; i < log->n; i++) {
		r->prio[r->lines_n] = (uint8_t)log->line[i].prio;
		if (!arena_str(&s->keep, log->line[i].text,
		    &r->line[r->lines_n]))
			break;
		r->lines_n++;
	}
	/* The request's own line stands right before those held back. */
	r->unsaved_i = (uint8_t)(s->out.held_i > from &&
	    s->out.held_i <= log->n ? s->out.held_i - from - 1 : 0);
}

static void
serve_reply_now(struct serve *s, struct link_if *iface)
{
	struct serve_reply *r;

	r = serve_queue(s, iface, &s->out.reply);
	if (r != NULL && s->out.reply.must_wait)
		serve_keep_lines(s, r);
	else
		serve_log_lines(&s->out.log, 0, s->out.log.n);
}

/* --- ping */

static void
serve_probe(struct serve *s, struct link_if *iface)
{
	const struct decide_out *out = &s->out;
	const struct expr_log *log = &out->log;
	struct ping_probe *p;
	struct wr w;

	p = out->reply.payload.len > PING_PAYLOAD_MAX ? NULL :
	    ping_start(&s->ping, out->probe_addr, out->probe_ns);
	if (p == NULL) {
		/* No permission, no memory: offer as without ping-check. */
		serve_reply_now(s, iface);
		(void)decide_probed(&s->decide, ev_now(s->ev),
		    out->probe_addr, true, &s->out);
		return;
	}
	s->probes_n++;
	p->iface = iface;
	p->reply = out->reply;
	memcpy(p->payload, out->reply.payload.p, out->reply.payload.len);
	p->line[0] = '\0';
	if (out->held_i < log->n) {
		wr_init(&w, p->line, sizeof(p->line) - 1);
		wr_str(&w, log->line[out->held_i].text);
		p->line[w.len] = '\0';
	}
	serve_log_lines(log, 0, out->held_i);
}

static void serve_carry(struct serve *s, struct link_if *iface);

static void
serve_probed(void *ctx, struct ping_probe *p, bool is_silent)
{
	struct serve *s = ctx;
	struct decide_reply reply;
	char *copy;

	arena_reset(&s->scratch, 0);
	if (decide_probed(&s->decide, ev_now(s->ev), p->addr, is_silent,
	    &s->out) != DECIDE_REPLY) {
		serve_carry(s, p->iface);
		return;
	}
	reply = p->reply;
	serve_make_room(s);
	copy = arena_dup(&s->keep, p->payload, reply.payload.len);
	if (copy == NULL)
		return;
	reply.payload = str_make(copy, reply.payload.len);
	if (p->line[0] != '\0')
		serve_log(LOG_INFO, str_of(p->line));
	(void)serve_queue(s, p->iface, &reply);
}

static void
serve_stray(void *ctx, uint32_t addr, bool is_late)
{
	char buf[IP4_TEXT_SIZE];

	(void)ctx;
	(void)ip4_fmt(addr, buf);
	log_line(LOG_DEBUG, is_late ? "ICMP Echo Reply for %s late or "
	    "spurious." : "unexpected ICMP Echo Reply from %s", buf);
}

/* --- packets */

/* Carry out what stands in s->out. */
static void
serve_carry(struct serve *s, struct link_if *iface)
{
	struct decide_out *out = &s->out;
	bool is_saved;

	is_saved = true;
	for (size_t i = 0; i < out->changed_n; i++)
		if (!leasedb_append(s->db, out->changed[i],
		    s->ev->now.wall_s))
			is_saved = false;
	if (out->verdict == DECIDE_REPLY && (is_saved ||
	    !out->reply.must_wait)) {
		serve_reply_now(s, iface);
	} else if (out->verdict == DECIDE_PROBE) {
		serve_probe(s, iface);
	} else {
		serve_log_lines(&out->log, 0, out->log.n < out->held_i ?
		    out->log.n : out->held_i);
		if (!is_saved)
			s->unsaved_n++;
	}
	if (out->log.is_fatal)
		s->on_fatal(s->ctx);
}

static void
serve_frame(void *ctx, struct link_if *iface, const struct frame *f)
{
	struct serve *s = ctx;
	struct serve_if *si = iface->user;

	if (si == NULL || si->iface.network == NULL)
		return;
	serve_make_room(s);
	arena_reset(&s->scratch, 0);
	(void)decide_packet(&s->decide, ev_now(s->ev), &si->iface, f->src,
	    f->payload, &s->out);
	serve_carry(s, iface);
}

static void
serve_receive_error(void *ctx, struct link_if *iface, int err)
{
	(void)ctx;
	log_line(LOG_ERR, "receive_packet failed on %s: %s", iface->name,
	    strerror(err));
}

/* --- time */

static void
serve_arm_due(struct serve *s)
{
	const struct when *now = ev_now(s->ev);
	int64_t due_s, wait_ns;

	if (!lease_due_at(&s->gen->table, &due_s)) {
		ev_timer_stop(s->ev, &s->due_timer);
		return;
	}
	/* Not earlier than the second has come, nor in an endless rush. */
	wait_ns = (due_s - now->wall_s) * WHEN_NS_PER_S - now->wall_ns;
	if (wait_ns < WHEN_NS_PER_MS)
		wait_ns = WHEN_NS_PER_MS;
	ev_timer_in(s->ev, &s->due_timer, wait_ns);
}

static bool
serve_expire_some(struct serve *s, size_t max)
{
	struct lease *l;

	for (size_t i = 0; i < max; i++) {
		l = lease_due(&s->gen->table, s->ev->now.wall_s);
		if (l == NULL)
			return false;
		arena_reset(&s->scratch, 0);
		decide_expire(&s->decide, ev_now(s->ev), l, &s->out);
		serve_carry(s, NULL);
	}
	return true;
}

void
serve_expire_all(struct serve *s)
{
	while (serve_expire_some(s, SERVE_DUE_PER_TURN))
		;
}

static void
serve_due(void *ctx)
{
	(void)serve_expire_some(ctx, SERVE_DUE_PER_TURN);
}

static void
serve_db_timer(void *ctx)
{
	(void)ctx;			/* the hook does the work */
}

static void
serve_before_sleep(void *ctx)
{
	struct serve *s = ctx;
	int wait_ms;

	serve_release(s);
	wait_ms = leasedb_turn(s->db, s->ev->now.wall_s);
	if (wait_ms >= 0)
		ev_timer_in(s->ev, &s->db_timer, wait_ms * WHEN_NS_PER_MS);
	else
		ev_timer_stop(s->ev, &s->db_timer);
	serve_arm_due(s);
}

static void
serve_clock_step(void *ctx)
{
	serve_arm_due(ctx);
}

/* --- start */

int
serve_init(struct serve *s, struct ev *ev)
{
	memset(s, 0, sizeof(*s));
	s->ev = ev;
	if (!gen_scratch(&s->scratch, SERVE_SCRATCH_SIZE) ||
	    !gen_scratch(&s->keep, SERVE_KEEP_SIZE))
		return -ENOMEM;
	decide_init(&s->decide, &s->scratch, &s->keep, &s->ops);
	ev_timer_init(&s->due_timer, serve_due, s);
	ev_timer_init(&s->db_timer, serve_db_timer, s);
	return 0;
}

int
serve_sockets(struct serve *s, uint16_t port)
{
	int err;

	err = link_init(&s->link, s->ev, port, sizeof(struct serve_if));
	if (err < 0)
		return err;
	s->link.on_frame = serve_frame;
	s->link.on_read = serve_read;
	s->link.on_error = serve_receive_error;
	s->link.ctx = s;
	s->decide.server_port = port;
	s->decide.client_port = (uint16_t)(port + 1);
	err = ping_init(&s->ping, s->ev);
	s->ping.on_done = serve_probed;
	s->ping.on_stray = serve_stray;
	s->ping.ctx = s;
	if (err < 0)
		log_line(LOG_ERR, "unable to create icmp socket: %s",
		    strerror(-err));
	return 0;
}

int
serve_use(struct serve *s, struct gen *gen)
{
	struct serve_if *si;

	if (!decide_use(&s->decide, &gen->conf, &gen->table, &gen->conf_arena))
		return -ENOMEM;
	s->gen = gen;
	/* Mute until serve_networks says which of the new networks it is. */
	for (uint32_t i = 0; i < s->link.n; i++) {
		si = s->link.ifs[i]->user;
		si->iface.network = NULL;
	}
	return 0;
}

/* An interface belongs to the network that its addresses lie in. */
static bool
serve_network(struct serve *s, struct link_if *l)
{
	struct conf_network *found;
	struct conf_subnet *subnet;

	found = NULL;
	for (uint32_t i = 0; i < l->addr_n; i++) {
		subnet = conf_subnet_find(&s->gen->conf, l->addr[i]);
		if (subnet == NULL)
			continue;
		if (found != NULL && found != subnet->network) {
			log_line(LOG_ERR, "Interface %s matches multiple "
			    "shared networks", l->name);
			return false;
		}
		found = subnet->network;
	}
	((struct serve_if *)l->user)->iface.network = found;
	return true;
}

/* Serving one wire by two interfaces works, but is rarely meant. */
static void
serve_warn_twice(struct serve *s, uint32_t at)
{
	const struct link_if *l = s->link.ifs[at], *other;
	const struct serve_if *si = l->user, *osi;

	for (uint32_t i = 0; i < at; i++) {
		other = s->link.ifs[i];
		osi = other->user;
		if (si->iface.network == NULL ||
		    osi->iface.network != si->iface.network)
			continue;
		if (l->addr_n > 0 && other->addr_n > 0 &&
		    conf_subnet_find(&s->gen->conf, l->addr[0]) ==
		    conf_subnet_find(&s->gen->conf, other->addr[0]))
			log_line(LOG_ERR, "Multiple interfaces match the same "
			    "subnet: %s %s", other->name, l->name);
		log_line(LOG_ERR, "Multiple interfaces match the same shared "
		    "network: %s %s", other->name, l->name);
		return;
	}
}

bool
serve_networks(struct serve *s)
{
	struct serve_if *si;
	struct link_if *l;
	bool ok;

	ok = true;
	for (uint32_t i = 0; i < s->link.n; i++) {
		l = s->link.ifs[i];
		si = l->user;
		si->link = l;
		si->iface.name = str_of(l->name);
		si->iface.addr = l->addr;
		si->iface.addr_n = l->addr_n;
		if (!serve_network(s, l))
			ok = false;
	}
	for (uint32_t i = 0; i < s->link.n; i++)
		serve_warn_twice(s, i);
	return ok;
}

static void
serve_undeclared(const struct link_if *l)
{
	char buf[IP4_TEXT_SIZE];

	if (l->addr_n > 0)
		(void)ip4_fmt(l->addr[0], buf);
	log_line(LOG_ERR, "%s", "");
	log_line(LOG_ERR, "No subnet declaration for %s (%s).", l->name,
	    l->addr_n > 0 ? buf : "no IPv4 addresses");
	log_line(LOG_ERR, "** Ignoring requests on %s.  If this is not what",
	    l->name);
	log_line(LOG_ERR, "   you want, please write a subnet declaration");
	log_line(LOG_ERR, "   in your dhcpd.conf file for the network segment");
	log_line(LOG_ERR, "   to which interface %s is attached. **", l->name);
	log_line(LOG_ERR, "%s", "");
}

static int
serve_open(struct serve *s, struct link_if *l, bool is_quiet)
{
	const struct serve_if *si = l->user;
	const struct str net = si->iface.network->name;
	uint8_t mac[LINK_MAC_MAX * 3];
	struct wr w;
	int err;

	err = link_open(&s->link, l);
	if (err < 0) {
		log_line(LOG_ERR, "Open a socket for LPF on %s: %s", l->name,
		    strerror(-err));
		return err;
	}
	wr_init(&w, mac, sizeof(mac));
	wr_hex(&w, l->mac, l->mac_len);
	if (is_quiet)
		return 0;
	log_line(LOG_INFO, "Listening on LPF/%s/%.*s/%.*s", l->name,
	    STR_ARG(wr_as_str(&w)), STR_ARG(net));
	log_line(LOG_INFO, "Sending on   LPF/%s/%.*s/%.*s", l->name,
	    STR_ARG(wr_as_str(&w)), STR_ARG(net));
	return 0;
}

int
serve_listen(struct serve *s, bool is_quiet)
{
	struct link_if *l;
	int n, err;

	n = 0;
	for (uint32_t i = s->link.n; i > 0; i--) {
		l = s->link.ifs[i - 1];
		if (((struct serve_if *)l->user)->iface.network == NULL) {
			if (l->fd >= 0)
				link_close_if(&s->link, l);
			serve_undeclared(l);
			continue;
		}
		if (l->fd < 0) {
			err = serve_open(s, l, is_quiet);
			if (err < 0)
				return err;
		}
		n++;
	}
	return n;
}

int
serve_begin(struct serve *s)
{
	ev_before_sleep(s->ev, &s->hook, serve_before_sleep, s);
	serve_arm_due(s);
	return ev_clock_step(s->ev, &s->step_hook, serve_clock_step, s);
}

/* --- status and end */

static void
serve_status_pools(const struct serve *s)
{
	const struct conf *conf = &s->gen->conf;
	const struct lease_pool *p;

	for (uint32_t i = 0; i < conf->pool_n; i++) {
		p = &s->gen->table.pools[i];
		log_line(LOG_INFO, "status: pool %u of %.*s: %u addresses, "
		    "%u free, %u active, %u expired, %u abandoned, %u backup, "
		    "%u reserved", (unsigned)i,
		    STR_ARG(conf->pools[i]->network->name),
		    (unsigned)p->total, (unsigned)p->count[LEASE_Q_FREE],
		    (unsigned)p->count[LEASE_Q_ACTIVE],
		    (unsigned)p->count[LEASE_Q_EXPIRED],
		    (unsigned)p->count[LEASE_Q_ABANDONED],
		    (unsigned)p->count[LEASE_Q_BACKUP],
		    (unsigned)p->count[LEASE_Q_RESERVED]);
	}
}

void
serve_status(const struct serve *s)
{
	const struct decide *d = &s->decide;
	const struct link_stats *l = &s->link.stats;

	log_line(LOG_INFO, "status: received: discover %llu, request %llu, "
	    "decline %llu, release %llu, inform %llu, leasequery %llu, bootp "
	    "%llu", (unsigned long long)d->in_n[PROTO_MSG_DISCOVER],
	    (unsigned long long)d->in_n[PROTO_MSG_REQUEST],
	    (unsigned long long)d->in_n[PROTO_MSG_DECLINE],
	    (unsigned long long)d->in_n[PROTO_MSG_RELEASE],
	    (unsigned long long)d->in_n[PROTO_MSG_INFORM],
	    (unsigned long long)d->in_n[PROTO_MSG_LEASEQUERY],
	    (unsigned long long)d->in_n[PROTO_MSG_BOOTP]);
	log_line(LOG_INFO, "status: sent: offer %llu, ack %llu, nak %llu, "
	    "bootp %llu, probes %llu; failed to send %llu, withheld %llu",
	    (unsigned long long)d->out_n[PROTO_MSG_OFFER],
	    (unsigned long long)d->out_n[PROTO_MSG_ACK],
	    (unsigned long long)d->out_n[PROTO_MSG_NAK],
	    (unsigned long long)d->out_n[PROTO_MSG_BOOTP],
	    (unsigned long long)s->probes_n,
	    (unsigned long long)l->send_failed_n,
	    (unsigned long long)s->unsaved_n);
	log_line(LOG_INFO, "status: dropped: malformed %llu, type %llu, "
	    "network %llu, refused %llu, no lease %llu, pinging %llu, full "
	    "%llu; frames: short %llu, checksum %llu, length %llu, vlan %llu; "
	    "log lines lost %llu",
	    (unsigned long long)d->why_n[DECIDE_WHY_MALFORMED],
	    (unsigned long long)d->why_n[DECIDE_WHY_TYPE],
	    (unsigned long long)d->why_n[DECIDE_WHY_NETWORK],
	    (unsigned long long)d->why_n[DECIDE_WHY_REFUSED],
	    (unsigned long long)d->why_n[DECIDE_WHY_NO_LEASE],
	    (unsigned long long)d->why_n[DECIDE_WHY_PENDING],
	    (unsigned long long)d->why_n[DECIDE_WHY_FULL],
	    (unsigned long long)l->dropped_n[FRAME_SHORT],
	    (unsigned long long)(l->dropped_n[FRAME_BAD_IP_SUM] +
	    l->dropped_n[FRAME_BAD_UDP_SUM]),
	    (unsigned long long)l->dropped_n[FRAME_TOO_LONG],
	    (unsigned long long)l->vlan_n, (unsigned long long)log_lost());
	serve_status_pools(s);
}

void
serve_stats(const struct serve *s, struct wr *w, int64_t start_s)
{
	const struct stats_facts facts = {
		.decide = &s->decide,
		.conf = &s->gen->conf,
		.leases = &s->gen->table,
		.frame_why_n = s->link.stats.dropped_n,
		.send_failed_n = s->link.stats.send_failed_n,
		.withheld_n = s->unsaved_n,
		.probes_n = s->probes_n,
		.log_lost_n = log_lost(),
		.start_s = start_s,
		.reply = &s->reply_times,
	};

	stats_write(w, &facts);
}

void
serve_end(struct serve *s)
{
	serve_release(s);
	/* The last sync has been logged if it failed; there is no more time. */
	(void)!leasedb_close(s->db, s->ev->now.wall_s);
	ping_close(&s->ping);
	link_close(&s->link);
}
