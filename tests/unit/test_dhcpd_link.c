/* SPDX-License-Identifier: ISC */
/*
 * link: how often one turn reads a socket.
 *
 * A socket pair stands in for the packet socket, so no root is needed.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "common/wr.h"
#include "dhcpd/link.h"
#include "tests/unit/t.h"

#define PORT 67

static struct ev ev;
static struct link wires;
static struct link_if *iface;
static int wire;		/* the other end */
static int frames_n;		/* handed on */
static int more_n;		/* come while the next frame is handled .. */
static int more_left;		/* .. and for how many frames that goes on */
static bool has_answered;

static void
send_frames(int n)
{
	uint8_t buf[FRAME_HEAD_LEN + 4];
	struct frame f = { .src = 0x0a000001, .dst = 0x0a000002, .src_port = 68,
	    .dst_port = PORT, .payload = STR("help") };
	struct wr w;

	wr_init(&w, buf, sizeof(buf));
	frame_head(&w, &f);
	wr_str(&w, f.payload);
	ck_assert_msg(wr_ok(&w), "a frame fits");
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(send(wire, buf, w.len, 0), (int)w.len);
}

static void
on_frame(void *ctx, struct link_if *from, const struct frame *f)
{
	(void)ctx;
	ck_assert_msg(from == iface, "the only one");
	ck_assert_msg(str_eq(f->payload, STR("help")), "as sent");
	frames_n++;
	if (more_left > 0) {
		more_left--;
		send_frames(more_n);
	}
}

static bool
on_read(void *ctx)
{
	(void)ctx;
	return has_answered;
}

static void
on_error(void *ctx, struct link_if *from, int err)
{
	(void)ctx;
	(void)from;
	ck_assert_msg(false, "error %d", err);
}

static void
plug(void)
{
	char name[] = "no-such-wire";
	char *const names[] = { name };
	int fds[2];

	frames_n = more_n = more_left = 0;
	has_answered = false;
	ck_assert_int_eq(ev_init(&ev, 64, 4), 0);
	ck_assert_int_eq(link_init(&wires, &ev, PORT, 0), 0);
	wires.on_frame = on_frame;
	wires.on_read = on_read;
	wires.on_error = on_error;
	ck_assert_int_eq(link_discover(&wires, names, 1), 0);
	ck_assert_int_eq((int)wires.n, 1);
	iface = wires.ifs[0];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	iface->fd = fds[0];
	wire = fds[1];
	ck_assert_int_eq(ev_add(&ev, &iface->source, fds[0], EV_READ), 0);
}

static void
unplug(void)
{
	link_close(&wires);
	ev_close(&ev);
	close(wire);
}

/* Frames that one turn hands on. */
static int
turn(void)
{
	int before = frames_n;

	ck_assert_int_eq(ev_turn(&ev, 0), 0);
	return frames_n - before;
}

/* One that comes while the first is decided may wait for the next turn. */
START_TEST(a_lone_frame_is_one_read)
{
	plug();
	more_n = 1;
	more_left = 1;
	send_frames(1);
	ck_assert_int_eq(turn(), 1);
	ck_assert_int_eq(turn(), 1);
	unplug();
}
END_TEST

/* The REQUEST that an OFFER brings about. */
START_TEST(what_an_answer_brings_is_read)
{
	plug();
	has_answered = true;
	more_n = 1;
	more_left = 1;
	send_frames(1);
	ck_assert_int_eq(turn(), 2);
	unplug();
}
END_TEST

/* Others have their turn however fast one wire is. */
START_TEST(an_endless_stream_ends_the_turn)
{
	plug();
	has_answered = true;
	more_n = 1;
	more_left = 1000;
	send_frames(2);
	ck_assert_int_eq(turn(), 2 * LINK_READS_MAX);
	ck_assert_int_eq(turn(), 2 * LINK_READS_MAX);
	unplug();
}
END_TEST

T_MAIN("dhcpd_link")
{
	T_ADD(a_lone_frame_is_one_read);
	T_ADD(what_an_answer_brings_is_read);
	T_ADD(an_endless_stream_ends_the_turn);
}
