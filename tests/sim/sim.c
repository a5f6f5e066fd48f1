/* SPDX-License-Identifier: ISC */
/*
 * sim - random, time, events, a bad network, and the report of a failure.
 *
 * See sim.h.  The queue is a heap of pointers, ordered by time and then by
 * the order of asking.
 */
#include "tests/sim/sim.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 48, LINE_LEN = 200, EVENTS_MAX = 16384 };

struct event {
	int64_t at_ns;
	uint64_t seq;
	sim_fn fn;
	void *ctx;
	size_t len;
	uint8_t bytes[];
};

int64_t sim_now_ns;
uint64_t sim_seed;

static uint64_t rng, seq, counted;
static struct event *heap[EVENTS_MAX];
static size_t heap_n;
static char lines[LINES][LINE_LEN];
static unsigned line_i;
static bool is_loud, is_fed;
static const char *program = "the fuzz target";
static const uint8_t *feed;
static size_t feed_len;

uint64_t
sim_random(void)
{
	if (feed_len >= 2) {
		uint64_t v = feed[0] | (uint64_t)feed[1] << 8;

		feed += 2;
		feed_len -= 2;
		return v << 11 | (seq++ & 2047);
	}
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}

uint32_t
sim_below(uint32_t n)
{
	return (uint32_t)((sim_random() >> 11) % n);
}

bool
sim_chance(unsigned per_cent)
{
	return sim_below(100) < per_cent;
}

/* --- what happened */

void
sim_say(const char *fmt, ...)
{
	char *line = lines[line_i++ % LINES];
	int n;
	va_list ap;

	n = snprintf(line, LINE_LEN, "%lld.%06lld ",
	    (long long)(sim_now_ns / WHEN_NS_PER_S),
	    (long long)(sim_now_ns % WHEN_NS_PER_S / 1000));
	va_start(ap, fmt);
	(void)vsnprintf(line + n, LINE_LEN - (size_t)n, fmt, ap);
	va_end(ap);
	if (is_loud)
		(void)fprintf(stderr, "%s\n", line);
}

static void
report(const char *what)
{
	for (unsigned k = 0; k < LINES && !is_loud; k++) {
		const char *line = lines[(line_i + k) % LINES];

		if (line[0] != '\0')
			(void)fprintf(stderr, "  %s\n", line);
	}
	(void)fprintf(stderr, "FAIL: %s\nagain: %s %llu\n", what, program,
	    (unsigned long long)sim_seed);
}

void
sim_fail(const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	report(text);
	if (is_fed)
		abort();
	exit(1);
}

static void
on_signal(int signo)
{
	(void)signal(signo, SIG_DFL);	/* if that happens again, it is over */
	report(signo == SIGTERM ? "no end" : signo == SIGABRT ?
	    "an assertion" : "a crash");
	exit(1);
}

/* --- events */

static bool
is_before(const struct event *a, const struct event *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->seq < b->seq;
}

static void
swap(size_t a, size_t b)
{
	struct event *e = heap[a];

	heap[a] = heap[b];
	heap[b] = e;
}

void
sim_at(int64_t at_ns, sim_fn fn, void *ctx, const void *bytes, size_t len)
{
	struct event *e = malloc(sizeof(*e) + len);
	size_t i = heap_n;

	if (e == NULL || heap_n == EVENTS_MAX)
		sim_fail("too many events under way");
	e->at_ns = at_ns > sim_now_ns ? at_ns : sim_now_ns;
	e->seq = seq++;
	e->fn = fn;
	e->ctx = ctx;
	e->len = len;
	if (len > 0)
		memcpy(e->bytes, bytes, len);
	heap[heap_n++] = e;
	for (; i > 0 && is_before(heap[i], heap[(i - 1) / 2]); i = (i - 1) / 2)
		swap(i, (i - 1) / 2);
}

static struct event *
take(void)
{
	struct event *e = heap[0];
	size_t i, least;

	heap[0] = heap[--heap_n];
	for (i = 0;; i = least) {
		least = i;
		for (size_t k = 2 * i + 1; k <= 2 * i + 2; k++)
			if (k < heap_n && is_before(heap[k], heap[least]))
				least = k;
		if (least == i)
			return e;
		swap(i, least);
	}
}

int64_t
sim_next_ns(void)
{
	return heap_n > 0 ? heap[0]->at_ns : INT64_MAX;
}

void
sim_step(void)
{
	struct event *e = take();

	sim_now_ns = e->at_ns;
	counted++;
	e->fn(e->ctx, e->bytes, e->len);
	free(e);
}

void
sim_count(void)
{
	counted++;
}

/* --- a network */

void
sim_send(const struct sim_net *net, sim_fn fn, void *ctx, const void *bytes,
    size_t len)
{
	unsigned copies = sim_chance(net->loss) ? 0 :
	    sim_chance(net->repeat) ? 2 : 1;
	int64_t most, delay_ns;

	for (; copies > 0; copies--) {
		most = sim_chance(net->late) ? net->late_ns : net->delay_ns;
		delay_ns = 1 + (int64_t)(sim_random() >> 1) % (most + 1);
		if (net->in_order && most == net->delay_ns)
			delay_ns = most;
		sim_at(sim_now_ns + delay_ns, fn, ctx, bytes, len);
	}
}

/* --- the program */

/* An empty queue at time 0. */
static void
begin(uint64_t seed)
{
	sim_seed = seed;
	feed_len = 0;		/* what was left of the last input */
	rng = (seed + 1) * 0x9e3779b97f4a7c15u;
	for (int i = 0; i < 8; i++)
		(void)sim_random();
	while (heap_n > 0)
		free(heap[--heap_n]);
	seq = 0;
	sim_now_ns = 0;
	memset(lines, 0, sizeof(lines));
}

void
sim_feed(const uint8_t *bytes, size_t len)
{
	begin(0);
	is_fed = true;
	feed = bytes;
	feed_len = len;
}

int
sim_main(int argc, char *argv[], void (*one)(void), unsigned quick_n)
{
	uint64_t first = 1, n = quick_n;

	program = argv[0];
	is_loud = getenv("SIM_LOG") != NULL;
	if (argc > 1) {
		first = strtoull(argv[1], NULL, 10);
		n = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	}
	(void)signal(SIGABRT, on_signal);
	(void)signal(SIGSEGV, on_signal);
	(void)signal(SIGBUS, on_signal);
	(void)signal(SIGTERM, on_signal);
	for (uint64_t k = 0; k < n; k++) {
		begin(first + k);
		one();
	}
	(void)printf("%llu seeds, %llu events\n", (unsigned long long)n,
	    (unsigned long long)counted);
	return 0;
}
