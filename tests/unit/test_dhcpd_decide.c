/* SPDX-License-Identifier: ISC */
/*
 * decide: every message type, every rule about who may have which address, and
 * where the answer goes.  Whole core, no socket, no clock, no disk.
 */
#include "tests/unit/dhcpd_ask.h"

START_TEST(four_messages_make_a_lease)
{
	struct dworld *w = dworld_new(NET(""));

	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == FIRST, "first address");
	ck_assert_msg(!w->out.reply.must_wait && w->out.changed_n == 0,
	    "an offer is not written");
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0");
	said(w, 1, "DHCPOFFER on 10.10.3.100 to 02:00:00:00:aa:01 via eth0");
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST,
	    .server = SERVER), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_ACK) == FIRST, "same address");
	ck_assert_msg(w->out.reply.must_wait && w->out.changed_n == 1,
	    "an ack waits for the disk");
	ck_assert_int_eq((int)w->out.held_i, 1);
	said(w, 0, "DHCPREQUEST for 10.10.3.100 (10.10.3.1) from "
	    "02:00:00:00:aa:01 via eth0");
	said(w, 1, "DHCPACK on 10.10.3.100 to 02:00:00:00:aa:01 via eth0");
	ck_assert_int_eq(state(w, FIRST), LEASE_ACTIVE);
	ck_assert_int_eq((int)w->out.changed[0]->ends, 1800000600);
	dworld_free(w);
}
END_TEST

START_TEST(reply_goes_where_the_client_hears)
{
	struct dworld *w = dworld_new(NET(""));
	const struct decide_reply *r = &w->out.reply;
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };

	TELL(w, PROTO_MSG_DISCOVER, 1);
	ck_assert_msg(r->is_raw && r->dst == FIRST && r->dst_mac[5] == 1 &&
	    r->src == SERVER && r->dst_port == 68, "unicast frame");
	TELL(w, PROTO_MSG_DISCOVER, 1, .flags = 0x8000);
	ck_assert_msg(r->is_raw && r->dst == 0xffffffff &&
	    memcmp(r->dst_mac, all, 6) == 0, "broadcast frame");
	lease(w, 1, NULL);
	TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST);
	ck_assert_msg(!r->is_raw && r->dst == FIRST && r->dst_port == 68,
	    "renewal by the kernel");
	TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST, .server = SERVER);
	ck_assert_msg(r->is_raw && r->dst == FIRST, "raw with option 54");
	dworld_free(w);
}
END_TEST

START_TEST(relayed_clients_are_answered_through_the_relay)
{
	struct dworld *w = dworld_new(NET(
	    "subnet 10.20.1.0 netmask 255.255.255.0 {\n"
	    "  range 10.20.1.10 10.20.1.19; }\n"));
	const struct decide_reply *r = &w->out.reply;

	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1,
	    .giaddr = 0x0a140101), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == 0x0a14010a, "its net");
	ck_assert_msg(!r->is_raw && r->dst == 0x0a140101 &&
	    r->dst_port == 67, "to the relay");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1,
	    .giaddr = 0x0a630101), DECIDE_DROP);
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:01 via 10.99.1.1: "
	    "unknown network segment");
	/* Link selection beats giaddr; option 82 comes back as it came. */
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .giaddr = 0x0a0a0301,
	    .more = "5206 05040a140100"), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == 0x0a14010b, "selected");
	dworld_free(w);
}
END_TEST

START_TEST(wrong_network_is_refused_with_authority_only)
{
	struct dworld *w = dworld_new(NET(""));

	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .want = 0xac100009),
	    DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_NAK) == 0, "nak");
	ck_assert_msg(w->out.reply.is_raw && w->out.reply.dst == 0xffffffff,
	    "broadcast");
	said(w, 0, "DHCPREQUEST for 172.16.0.9 from 02:00:00:00:aa:01 via "
	    "eth0: wrong network.");
	said(w, 1, "DHCPNAK on 172.16.0.9 to 02:00:00:00:aa:01 via eth0");
	dworld_free(w);
	w = dworld_new("ping-check off; subnet 10.10.3.0 netmask "
	    "255.255.255.0 { range 10.10.3.100 10.10.3.103; }");
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .want = 0xac100009),
	    DECIDE_DROP);
	said(w, 0, "DHCPREQUEST for 172.16.0.9 from 02:00:00:00:aa:01 via "
	    "eth0: ignored (not authoritative).");
	dworld_free(w);
}
END_TEST

START_TEST(anothers_address_is_refused)
{
	struct dworld *w = dworld_new(NET(""));

	lease(w, 1, NULL);
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 2, .want = FIRST),
	    DECIDE_REPLY);
	given(w, PROTO_MSG_NAK);
	said(w, 0, "DHCPREQUEST for 10.10.3.100 from 02:00:00:00:aa:02 via "
	    "eth0: lease 10.10.3.100 unavailable.");
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 2, .want = 0x0a0a0305),
	    DECIDE_DROP);
	said(w, 0, "DHCPREQUEST for 10.10.3.5 from 02:00:00:00:aa:02 via "
	    "eth0: unknown lease 10.10.3.5.");
	dworld_free(w);
}
END_TEST

START_TEST(full_network_is_said)
{
	struct dworld *w = dworld_new(NET(""));

	for (uint8_t i = 1; i <= 4; i++)
		lease(w, i, NULL);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 5), DECIDE_DROP);
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:05 via eth0: network "
	    "10.10.3.0/24: no free leases");
	ck_assert_int_eq(w->out.log.line[0].prio, LOGTEXT_ERROR);
	dworld_wait(w, 601);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 5), DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

START_TEST(release_needs_the_hardware)
{
	struct dworld *w = dworld_new(NET(""));

	lease(w, 1, NULL);
	TELL(w, PROTO_MSG_RELEASE, 2, .ciaddr = FIRST);
	said(w, 0, "DHCPRELEASE of 10.10.3.100 from 02:00:00:00:aa:02 via "
	    "eth0 (not found)");
	ck_assert_int_eq(state(w, FIRST), LEASE_ACTIVE);
	TELL(w, PROTO_MSG_RELEASE, 1, .ciaddr = FIRST);
	said(w, 0, "DHCPRELEASE of 10.10.3.100 from 02:00:00:00:aa:01 via "
	    "eth0 (found)");
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	ck_assert_int_eq((int)w->out.changed_n, 1);
	/* Its former owner gets it back. */
	ck_assert_msg(lease(w, 1, NULL) == FIRST, "affinity");
	dworld_free(w);
}
END_TEST

START_TEST(decline_abandons)
{
	struct dworld *w = dworld_new(NET(""));

	lease(w, 1, NULL);
	TELL(w, PROTO_MSG_DECLINE, 1, .want = FIRST);
	said(w, 0, "Abandoning IP address 10.10.3.100: declined.");
	said(w, 1, "DHCPDECLINE of 10.10.3.100 from 02:00:00:00:aa:01 via "
	    "eth0: abandoned");
	ck_assert_int_eq(state(w, FIRST), LEASE_ABANDONED);
	ck_assert_msg(lease(w, 1, NULL) == FIRST + 1, "another address");
	dworld_wait(w, 86401);
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	dworld_free(w);
}
END_TEST

START_TEST(denied_decline_changes_nothing)
{
	struct dworld *w = dworld_new(NET("deny declines;"));

	lease(w, 1, NULL);
	TELL(w, PROTO_MSG_DECLINE, 1, .want = FIRST);
	ck_assert_int_eq(state(w, FIRST), LEASE_ACTIVE);
	ck_assert_int_eq((int)w->out.changed_n, 0);
	dworld_free(w);
}
END_TEST

START_TEST(offer_waits_for_the_ping)
{
	struct dworld *w = dworld_new(NET("ping-check on; ping-timeout-ms "
	    "250;"));

	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_PROBE);
	ck_assert_msg(w->out.probe_addr == FIRST, "address");
	ck_assert_int_eq((int)(w->out.probe_ns / WHEN_NS_PER_MS), 250);
	ck_assert_int_eq((int)w->out.held_i, 1);
	/* Meanwhile silence about this address. */
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_DROP);
	ck_assert_int_eq((int)w->out.log.n, 0);
	ck_assert_int_eq(decide_probed(&w->d, &w->now, FIRST, true, &w->out),
	    DECIDE_REPLY);
	/* The same client again: no ping. */
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_REPLY);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2), DECIDE_PROBE);
	ck_assert_int_eq(decide_probed(&w->d, &w->now, FIRST + 1, false,
	    &w->out), DECIDE_DROP);
	said(w, 1, "Abandoning IP address 10.10.3.101: pinged before offer");
	ck_assert_int_eq(state(w, FIRST + 1), LEASE_ABANDONED);
	ck_assert_int_eq((int)w->out.changed_n, 1);
	dworld_free(w);
}
END_TEST

START_TEST(inform_gives_options_alone)
{
	struct dworld *w = dworld_new(NET(""));
	struct packet p;
	struct str s;

	ck_assert_int_eq(TELL(w, PROTO_MSG_INFORM, 1, .ciaddr = 0x0a0a0332),
	    DECIDE_REPLY);
	p = answer(w);
	ck_assert_msg(p.type == PROTO_MSG_ACK && p.head.yiaddr == 0 &&
	    !packet_option(&p, PROTO_OPT_LEASE_TIME, &s) &&
	    packet_option(&p, PROTO_OPT_ROUTERS, &s), "options");
	ck_assert_msg(!w->out.reply.is_raw && !w->out.reply.must_wait &&
	    w->out.reply.dst == 0x0a0a0332, "to the client");
	ck_assert_int_eq((int)w->out.changed_n, 0);
	TELL(w, PROTO_MSG_INFORM, 1);
	said(w, 0, "DHCPINFORM from 0.0.0.0 via eth0: ignored (null source "
	    "address).");
	dworld_free(w);
}
END_TEST

START_TEST(declared_host_has_its_address)
{
	struct dworld *w = dworld_new(NET("host a { hardware ethernet "
	    "02:00:00:00:aa:01; fixed-address 10.10.3.50; filename \"f\"; }"));

	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == 0x0a0a0332, "fixed");
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .want = 0x0a0a0332),
	    DECIDE_REPLY);
	ck_assert_msg(!w->out.reply.must_wait && w->out.changed_n == 0,
	    "nothing to write");
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST),
	    DECIDE_REPLY);
	given(w, PROTO_MSG_NAK);
	ck_assert_int_eq(TELL(w, PROTO_MSG_BOOTP, 1), DECIDE_REPLY);
	said(w, 1, "BOOTREPLY for 10.10.3.50 to a (02:00:00:00:aa:01) via "
	    "eth0");
	dworld_free(w);
}
END_TEST

/* Thresholds are about pools, and a declared address is in none. */
START_TEST(threshold_leaves_declared_hosts_alone)
{
	struct dworld *w = dworld_new("log-threshold-high 50;\n" NET("host a { "
	    "hardware ethernet 02:00:00:00:aa:01; fixed-address 10.10.3.50; }"));

	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .want = 0x0a0a0332),
	    DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_ACK) == 0x0a0a0332, "fixed");
	dworld_free(w);
}
END_TEST

START_TEST(refusals_by_parameter)
{
	struct dworld *w = dworld_new(NET("deny unknown-clients; host a { "
	    "hardware ethernet 02:00:00:00:aa:01; deny booting; }\n"
	    "host b { hardware ethernet 02:00:00:00:aa:02; min-secs 5; }"));

	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 9), DECIDE_DROP);
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:09 via eth0: unknown "
	    "client");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_DROP);
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0: booting "
	    "disallowed");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2), DECIDE_DROP);
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:02 via eth0: configured "
	    "min-secs value (5) is greater than secs field (0).  message "
	    "dropped.");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .secs = 5),
	    DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

START_TEST(lease_limit_counts)
{
	struct dworld *w = dworld_new("class \"c\" { match if exists "
	    "host-name; lease limit 1; }\n" NET(""));

	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST, .host = "x");
	given(w, PROTO_MSG_ACK);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .host = "y"),
	    DECIDE_DROP);
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:02 via eth0: no "
	    "available billing: lease limit reached in all matching classes "
	    "(last: 'c')");
	/* The holder itself renews; others without the class are served. */
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST,
	    .host = "x"), DECIDE_REPLY);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 3), DECIDE_REPLY);
	TELL(w, PROTO_MSG_RELEASE, 1, .ciaddr = FIRST);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .host = "y"),
	    DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

/* The last second of 31 bits, which the peer's file calls never, is one like
 * any other; and a lease without end does not stand before those with one. */
START_TEST(a_lease_over_the_end_of_31_bits_ends)
{
	struct dworld *w = dworld_new("max-lease-time 4294967295;\n" NET(""));
	struct packet p;
	struct str s;
	struct rd r;

	TELL(w, PROTO_MSG_REQUEST, 9, .want = FIRST + 1,
	    .more = "3304 ffffffff");
	p = answer(w);
	ck_assert_msg(packet_option(&p, 51, &s), "time");
	rd_init(&r, s.p, s.len);
	ck_assert_msg(rd_u32(&r) == 2147483647 - w->now.wall_s, "as the peer");
	w->now.wall_s = 2147483647 - 300;
	lease(w, 1, NULL);
	ck_assert_msg(lease_by_addr(&w->table, FIRST)->ends ==
	    2147483647u + 300, "ten minutes");
	dworld_wait(w, 599);
	ck_assert_int_eq(state(w, FIRST), LEASE_ACTIVE);
	dworld_wait(w, 2);
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	ck_assert_int_eq(state(w, FIRST + 1), LEASE_ACTIVE);
	/* Behind that second for ever is told as such. */
	TELL(w, PROTO_MSG_REQUEST, 8, .want = FIRST + 2,
	    .more = "3304 ffffffff");
	p = answer(w);
	ck_assert_msg(packet_option(&p, 51, &s), "time");
	rd_init(&r, s.p, s.len);
	ck_assert_msg(rd_u32(&r) > 2000000000, "for ever");
	dworld_free(w);
}
END_TEST

/* The first lease of a class as every other: not confirmed out of the cache. */
START_TEST(a_client_that_joins_a_class_is_billed)
{
	struct dworld *w = dworld_new("class \"c\" { match if exists "
	    "vendor-class-identifier; lease limit 1; }\n" NET(""));
	struct lease_data d;

	lease(w, 1, NULL);
	dworld_wait(w, 2);
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST,
	    .more = "3c01 41"), DECIDE_REPLY);
	given(w, PROTO_MSG_ACK);
	ck_assert_int_eq((int)w->out.changed_n, 1);
	lease_get(&w->table, lease_by_addr(&w->table, FIRST), &d);
	ck_assert_msg(str_eq(d.class_name, STR("c")), "billed");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .more = "3c01 41"),
	    DECIDE_DROP);
	/* Who leaves it is not in it. */
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST),
	    DECIDE_REPLY);
	ck_assert_int_eq((int)w->out.changed_n, 1);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .more = "3c01 41"),
	    DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

/* The class declared first has the say, and is billed first. */
START_TEST(class_declared_first_wins)
{
	struct dworld *w = dworld_new("class \"one\" { match if exists "
	    "host-name; option root-path \"one\"; lease limit 1; }\n"
	    "class \"two\" { match if exists host-name; option root-path "
	    "\"two\"; lease limit 1; }\n" NET(""));
	static const char *const billed[] = { "one", "two" };
	struct lease_data d;
	struct packet p;
	struct str s;

	for (uint8_t i = 0; i < 2; i++) {
		TELL(w, PROTO_MSG_REQUEST, (uint8_t)(1 + i),
		    .want = FIRST + i, .host = "x", .more = "3701 11");
		p = answer(w);
		ck_assert_msg(packet_option(&p, 17, &s) &&
		    str_eq(s, STR("one")), "option of the first");
		lease_get(&w->table, lease_by_addr(&w->table, FIRST + i), &d);
		ck_assert_msg(str_eq(d.class_name, str_of(billed[i])), "bill");
	}
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 3, .want = FIRST + 2,
	    .host = "x"), DECIDE_DROP);
	dworld_free(w);
}
END_TEST

START_TEST(lease_limit_is_not_used_up_by_a_full_table)
{
	struct dworld *w = dworld_new("class \"c\" { match if exists "
	    "host-name; lease limit 1; }\n" NET(""));
	uint32_t max = w->table.slab.max;

	w->table.slab.max = 0;
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST,
	    .host = "x"), DECIDE_DROP);
	said(w, 0, "DHCPREQUEST for 10.10.3.100 from 02:00:00:00:aa:01 via "
	    "eth0: no room left in the lease table");
	w->table.slab.max = max;
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 2, .want = FIRST,
	    .host = "y"), DECIDE_REPLY);
	given(w, PROTO_MSG_ACK);
	dworld_free(w);
}
END_TEST

START_TEST(young_lease_is_not_written_again)
{
	struct dworld *w = dworld_new(NET(""));

	lease(w, 1, NULL);
	dworld_wait(w, 100);
	TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST);
	ck_assert_int_eq((int)w->out.changed_n, 0);
	ck_assert_msg(w->out.reply.must_wait, "but it must be durable");
	said(w, 0, "reuse_lease: lease age 100 (secs) under 25% threshold, "
	    "reply with unaltered, existing lease for 10.10.3.100");
	dworld_wait(w, 100);
	TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST);
	ck_assert_int_eq((int)w->out.changed_n, 1);
	dworld_free(w);
}
END_TEST

START_TEST(uid_and_hardware_are_different_clients)
{
	struct dworld *w = dworld_new(NET(""));

	ck_assert_msg(lease(w, 1, NULL) == FIRST, "by hardware");
	ck_assert_msg(lease(w, 1, "aa") == FIRST, "taken over with a uid");
	ck_assert_msg(lease(w, 1, NULL) == FIRST + 1, "now without");
	ck_assert_msg(lease(w, 1, "bb") == FIRST + 1, "second uid");
	ck_assert_msg(lease(w, 2, "aa") == FIRST, "new hardware");
	dworld_free(w);
}
END_TEST

START_TEST(one_lease_per_client_gives_up_the_other)
{
	struct dworld *w = dworld_new(NET("one-lease-per-client on;"));

	lease(w, 1, "aa");
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 2, .uid = "aa");
	given(w, PROTO_MSG_ACK);
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	ck_assert_int_eq(state(w, FIRST + 2), LEASE_ACTIVE);
	ck_assert_int_eq((int)w->out.changed_n, 2);
	dworld_free(w);
}
END_TEST

/* A free address still carries the name of who had it last. */
START_TEST(one_lease_per_client_ends_no_strangers_lease)
{
	struct dworld *w = dworld_new(NET("one-lease-per-client on;"));

	lease(w, 1, "aa");
	dworld_wait(w, 700);
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 1, .uid = "aa");
	ck_assert_msg(given(w, PROTO_MSG_ACK) == FIRST + 1, "moved");
	TELL(w, PROTO_MSG_REQUEST, 2, .want = FIRST, .uid = "bb");
	ck_assert_msg(given(w, PROTO_MSG_ACK) == FIRST, "another's old one");
	ck_assert_int_eq(state(w, FIRST + 1), LEASE_ACTIVE);
	/* Nor a twin's, who differs in the identifier alone. */
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 2);
	given(w, PROTO_MSG_ACK);
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 1, .uid = "aa");
	given(w, PROTO_MSG_ACK);
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 3);
	given(w, PROTO_MSG_ACK);
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 1, .uid = "aa");
	given(w, PROTO_MSG_ACK);
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 3, .uid = "cc");
	ck_assert_msg(given(w, PROTO_MSG_ACK) == FIRST + 3, "taken over");
	ck_assert_int_eq(state(w, FIRST + 1), LEASE_ACTIVE);
	dworld_free(w);
}
END_TEST

/* Who speaks BOOTP never renews, so what is left of a lease is not enough. */
START_TEST(bootp_is_not_answered_with_what_is_left_of_a_lease)
{
	struct dworld *w = dworld_new("ping-check off; default-lease-time 600;"
	    "subnet 10.10.3.0 netmask 255.255.255.0 {"
	    " range dynamic-bootp 10.10.3.100 10.10.3.103; }");
	struct lease *l;

	lease(w, 1, NULL);
	l = lease_by_addr(&w->table, FIRST);
	ck_assert_msg(l->ends == w->now.wall_s + 600, "ten minutes");
	ck_assert_int_eq(TELL(w, PROTO_MSG_BOOTP, 1), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_BOOTP) == FIRST, "the same address");
	ck_assert_msg(l->ends == LEASE_NEVER, "for ever");
	ck_assert_int_eq((int)w->out.changed_n, 1);
	/* What was given for ever may be confirmed to a DHCP client. */
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST);
	ck_assert_msg(given(w, PROTO_MSG_ACK) == FIRST, "again");
	ck_assert_msg(l->ends == LEASE_NEVER, "still for ever");
	dworld_free(w);
}
END_TEST

/* An OFFER promises nothing, so it takes nothing away. */
START_TEST(an_offer_does_not_change_who_has_a_running_lease)
{
	struct dworld *w = dworld_new(NET(""));
	struct lease *l;

	lease(w, 1, NULL);
	l = lease_by_addr(&w->table, FIRST);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1, .uid = "aa"),
	    DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == FIRST, "its own");
	ck_assert_msg(lease_uid(&w->table, l).len == 0, "nobody's name yet");
	/* Somebody of that name elsewhere is somebody else. */
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .uid = "aa"),
	    DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) != FIRST, "not another's");
	TELL(w, PROTO_MSG_REQUEST, 1, .ciaddr = FIRST);
	ck_assert_msg(given(w, PROTO_MSG_ACK) == FIRST, "renewed");
	dworld_free(w);
}
END_TEST

/* A client with more leases than one packet may change. */
START_TEST(one_lease_per_client_gives_up_so_many_at_once)
{
	enum { ALL = DECIDE_CHANGE_MAX + 20 };
	struct dworld *w = dworld_new("authoritative; ping-check off;\n"
	    "subnet 10.10.3.0 netmask 255.255.255.0 {\n"
	    "  range 10.10.3.100 10.10.3.250; }\none-lease-per-client on;\n");
	struct lease_data d;
	unsigned active = 0;

	lease(w, 1, "aa");
	lease_get(&w->table, lease_by_addr(&w->table, FIRST), &d);
	d.uid = STR("aa");
	for (uint32_t i = 1; i < ALL; i++)
		ck_assert_msg(lease_commit(&w->table,
		    lease_by_addr(&w->table, FIRST + i), &d), "commit");
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST + 5, .uid = "aa");
	given(w, PROTO_MSG_ACK);
	ck_assert_int_eq((int)w->out.changed_n, DECIDE_CHANGE_MAX - 1);
	for (uint32_t i = 0; i < ALL; i++)
		active += state(w, FIRST + i) == LEASE_ACTIVE;
	ck_assert_int_eq((int)active, ALL - (DECIDE_CHANGE_MAX - 1));
	dworld_free(w);
}
END_TEST

START_TEST(leasequery_tells_a_relay)
{
	struct dworld *w = dworld_new(NET("allow leasequery;"));
	struct packet p;

	lease(w, 1, NULL);
	ck_assert_int_eq(TELL(w, PROTO_MSG_LEASEQUERY, 9, .ciaddr = FIRST,
	    .giaddr = SERVER), DECIDE_REPLY);
	p = answer(w);
	ck_assert_int_eq(p.type, PROTO_MSG_LEASEACTIVE);
	ck_assert_int_eq(p.head.chaddr[5], 1);
	TELL(w, PROTO_MSG_LEASEQUERY, 9, .ciaddr = FIRST + 1,
	    .giaddr = SERVER);
	p = answer(w);
	ck_assert_int_eq(p.type, PROTO_MSG_LEASEUNASSIGNED);
	TELL(w, PROTO_MSG_LEASEQUERY, 9, .giaddr = SERVER);
	p = answer(w);
	ck_assert_int_eq(p.type, PROTO_MSG_LEASEUNKNOWN);
	ck_assert_int_eq(TELL(w, PROTO_MSG_LEASEQUERY, 9, .ciaddr = FIRST),
	    DECIDE_DROP);
	dworld_free(w);
}
END_TEST

START_TEST(leasequery_shows_the_identifier)
{
	struct dworld *w = dworld_new(NET("allow leasequery;"));

	TELL(w, PROTO_MSG_LEASEQUERY, 9, .giaddr = SERVER, .uid = "a\"c");
	said(w, 0, "DHCPLEASEQUERY from 10.10.3.1 for client-id \"a\"c\"");
	TELL(w, PROTO_MSG_LEASEQUERY, 9, .giaddr = SERVER, .uid = "a\001");
	said(w, 0, "DHCPLEASEQUERY from 10.10.3.1 for client-id 61:01");
	TELL(w, PROTO_MSG_LEASEQUERY, 9, .giaddr = SERVER,
	    .uid = "\001 has more than 20 octets");
	said(w, 0, "DHCPLEASEQUERY from 10.10.3.1 for client-id ");
	dworld_free(w);
}
END_TEST

/* The peer classifies DHCP clients alone. */
START_TEST(bootp_clients_are_in_no_class)
{
	struct dworld *w = dworld_new("ping-check off;\n"
	    "class \"all\" { match if packet(0, 1) = 01; option root-path "
	    "\"c\"; }\nsubnet 10.10.3.0 netmask 255.255.255.0 {\n"
	    "  pool { allow members of \"all\"; range dynamic-bootp "
	    "10.10.3.100; }\n  pool { range dynamic-bootp 10.10.3.110; } }\n");

	ck_assert_int_eq(TELL(w, PROTO_MSG_BOOTP, 1), DECIDE_REPLY);
	ck_assert_int_eq((int)(answer(w).head.yiaddr - FIRST), 10);
	ck_assert_int_eq(TELL(w, PROTO_MSG_BOOTP, 2), DECIDE_DROP);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == FIRST, "in the class");
	dworld_free(w);
}
END_TEST

START_TEST(hostname_ends_at_a_nul)
{
	struct dworld *w = dworld_new(NET(""));
	struct lease *l = lease_by_addr(&w->table, FIRST);

	/* "a", NUL, "b" */
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST, .more = "0c03 610062");
	ck_assert_msg(str_eq(lease_hostname(&w->table, l), STR("a")), "a");
	said(w, 1, "DHCPACK on 10.10.3.100 to 02:00:00:00:aa:01 (a) via eth0");
	dworld_free(w);
}
END_TEST

/* A space whose codes and lengths have other widths than one octet, and what
 * is sent of values without octets. */
START_TEST(option_spaces_have_their_widths)
{
	struct dworld *w = dworld_new(
	    "option space v code width 4 length width 1;\n"
	    "option v.one code 70000 = integer 8; option vv code 231 = "
	    "encapsulate v; option v.one 1;\n"
	    "option space w code width 2 length width 2;\n"
	    "option w.one code 300 = integer 8; option w.two code 2 = text;\n"
	    "option w.none code 7 = text; option w.zero code 8 = zerolen;\n"
	    "option ww code 230 = encapsulate w;\n"
	    "option te code 233 = text; option te \"\";\n"
	    "option w.one 5; option w.two \"hi\"; option w.none \"\";\n"
	    "option w.zero;\n" NET(""));
	static const char want_w[] = "\0\2\0\2hi\1\54\0\1\5\0\10\0\0";
	static const char want_v[] = "\0\1\21\160\1\1";
	struct packet p;
	struct str s;

	TELL(w, PROTO_MSG_DISCOVER, 1, .more = "3703 e6e7e9");
	p = answer(w);
	ck_assert_msg(packet_option(&p, 230, &s), "two and two");
	t_mem_eq(s.p, s.len, want_w, sizeof(want_w) - 1);
	ck_assert_msg(packet_option(&p, 231, &s), "four and one");
	t_mem_eq(s.p, s.len, want_v, sizeof(want_v) - 1);
	ck_assert_msg(!packet_option(&p, 233, &s), "empty");
	dworld_free(w);
}
END_TEST

START_TEST(others_are_ignored)
{
	struct dworld *w = dworld_new(NET(""));

	ck_assert_int_eq(TELL(w, PROTO_MSG_OFFER, 1), DECIDE_DROP);
	ck_assert_int_eq((int)w->out.log.n, 0);
	ck_assert_int_eq(TELL(w, 200, 1), DECIDE_DROP);
	said(w, 0, "type 200 from 02:00:00:00:aa:01 via eth0: unknown packet "
	    "type");
	ck_assert_int_eq(dworld_send(w, "x", 1, 0), DECIDE_DROP);
	dworld_free(w);
}
END_TEST

START_TEST(a_program_that_hangs_is_said)
{
	struct dworld *w = dworld_new(NET("on commit { execute(\"x\"); }"));

	w->execute_result = -ETIMEDOUT;
	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST);
	given(w, PROTO_MSG_ACK);
	ck_assert_int_eq(w->executed_n, 1);
	said(w, 0, "execute_statement argv[0] = x");
	said(w, 1, "execute: x has not ended after 5 seconds, no longer "
	    "waiting for it");
	w->execute_result = -EBUSY;
	TELL(w, PROTO_MSG_REQUEST, 2, .want = FIRST + 1);
	given(w, PROTO_MSG_ACK);
	said(w, 1, "execute: x not started, 8 programs have not ended yet");
	w->execute_result = -ENOENT;
	TELL(w, PROTO_MSG_REQUEST, 3, .want = FIRST + 2);
	said(w, 1, "Unable to execute x: No such file or directory");
	said(w, 2, "execute: x exit status 32512");
	dworld_free(w);
}
END_TEST

/* A fatal line of an outer scope is not hidden by what inner ones say. */
START_TEST(a_fatal_line_ends_the_server)
{
	struct dworld *w = dworld_new("class \"c\" { match if known or not known;\n"
	    "  log(info, \"class\"); }\n"
	    "if exists host-name { log(fatal, \"stop\"); }\n"
	    NET("subnet 10.10.4.0 netmask 255.255.255.0 { log(info, \"on\"); }")
	    "log(info, \"after\");");

	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_REPLY);
	ck_assert_msg(!w->out.log.is_fatal, "without a name");
	said(w, 0, "after");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1, .host = "a"), DECIDE_DROP);
	ck_assert_msg(w->out.log.is_fatal && w->out.log.n == 1, "the end");
	said(w, 0, "stop");
	dworld_free(w);
}
END_TEST

/* Arguments are told as they are found, as the peer does. */
START_TEST(a_program_with_a_null_argument_is_not_run)
{
	struct dworld *w = dworld_new(NET("on commit { execute(\"x\", \"y\", "
	    "option host-name); }"));

	TELL(w, PROTO_MSG_REQUEST, 1, .want = FIRST);
	ck_assert_int_eq(w->executed_n, 0);
	said(w, 0, "execute_statement argv[0] = x");
	said(w, 1, "execute_statement argv[1] = y");
	said(w, 2, "execute: bad arg 2");
	dworld_free(w);
}
END_TEST

START_TEST(events_run)
{
	struct dworld *w = dworld_new(NET(
	    "on commit { log(info, \"commit\"); set vname = \"x\"; }\n"
	    "on expiry { log(info, concat(\"expiry \", vname)); }\n"));
	struct lease_data d;
	struct lease_var v;

	lease(w, 1, NULL);
	said(w, 0, "commit");
	lease_get(&w->table, lease_by_addr(&w->table, FIRST), &d);
	ck_assert_msg(d.on_expiry != 0 && lease_var_find(d.vars, STR("vname"),
	    &v) && str_eq(v.data, STR("x")), "kept");
	dworld_wait(w, 601);
	said(w, 0, "expiry x");
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	dworld_free(w);
}
END_TEST

/* A lease limit counts what is in the table already: after a reload, too. */
START_TEST(limits_of_classes_outlive_a_reload)
{
	static const char text[] = NET("class \"v\" { spawn with option "
	    "host-name; lease limit 1; }");
	struct dworld *old = dworld_new(text), *w = dworld_new(text);
	struct lease_data data;

	ck_assert_int_eq(TELL(old, PROTO_MSG_REQUEST, 1, .want = FIRST,
	    .host = "x"), DECIDE_REPLY);
	lease_get(&old->table, lease_by_addr(&old->table, FIRST), &data);
	ck_assert_msg(lease_commit(&w->table, lease_by_addr(&w->table, FIRST),
	    &data), "room");
	dworld_free(old);
	ck_assert_msg(decide_use(&w->d, &w->conf, &w->table, &w->conf_arena),
	    "again");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .host = "x"),
	    DECIDE_DROP);
	said(w, 0, "DHCPDISCOVER from 02:00:00:00:aa:02 via eth0: no available "
	    "billing: lease limit reached in all matching classes (last: 'v')");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2, .host = "y"),
	    DECIDE_REPLY);
	dworld_free(w);
}
END_TEST

/* From a network nobody declared, whatever the message. */
static const struct {
	struct ask ask;
	const char *line;
} strangers[] = {
	{ { .type = PROTO_MSG_BOOTP, .mac = 1, .giaddr = 0x0a630101 },
	    "BOOTREQUEST from 02:00:00:00:aa:01 via 10.99.1.1: network unknown" },
	{ { .type = PROTO_MSG_REQUEST, .mac = 1, .giaddr = 0x0a630101,
	    .want = 0x0a630105 }, "DHCPREQUEST for 10.99.1.5 from "
	    "02:00:00:00:aa:01 via 10.99.1.1: ignored (unknown subnet)." },
	{ { .type = PROTO_MSG_DECLINE, .mac = 1, .giaddr = 0x0a630101,
	    .want = FIRST }, "DHCPDECLINE from 02:00:00:00:aa:01 via 10.99.1.1: "
	    "unknown network segment" },
	{ { .type = PROTO_MSG_RELEASE, .mac = 1, .giaddr = 0x0a630101,
	    .ciaddr = FIRST }, "DHCPRELEASE from 02:00:00:00:aa:01 via 10.99.1.1: "
	    "unknown network segment" },
	{ { .type = PROTO_MSG_INFORM, .mac = 1, .giaddr = 0x0a630101,
	    .ciaddr = 0x0a630105 }, "DHCPINFORM from 10.99.1.5 via 10.99.1.1: "
	    "unknown subnet for client address 10.99.1.5" },
	{ { .type = 99, .mac = 1 }, "type 99 from 02:00:00:00:aa:01 via eth0: "
	    "unknown packet type" },
	{ { .type = PROTO_MSG_OFFER, .mac = 1 }, "" },
};

START_TEST(strangers_are_refused)
{
	struct dworld *w = dworld_new(NET(""));
	char got[1024];

	ck_assert_int_eq(tell(w, &strangers[_i].ask), DECIDE_DROP);
	ck_assert_int_eq((int)w->out.changed_n, 0);
	ck_assert_msg(str_copy(w->out.log.n > 0 ? w->out.log.line[0].text :
	    STR(""), got, sizeof(got)), "copy");
	ck_assert_str_eq(got, strangers[_i].line);
	dworld_free(w);
}
END_TEST

/* A host with an address of its own that holds another from a pool. */
START_TEST(fixed_addresses_come_first)
{
	struct dworld *w = dworld_new(NET(""
	    "host a { hardware ethernet 02:00:00:00:aa:01; fixed-address "
	    "10.10.3.101, known.example; }\n"
	    "host b { hardware ethernet 02:00:00:00:aa:02; fixed-address "
	    "nowhere.example; }\n"
	    "host c { hardware ethernet 02:00:00:00:aa:03; fixed-address "
	    "192.0.2.1; }\n"
	    "host d { option dhcp-client-identifier \"id-d\"; fixed-address "
	    "10.10.3.60; }\n"));

	/* an address that is in a pool as well is said */
	ck_assert_int_eq(TELL(w, PROTO_MSG_REQUEST, 9, .want = FIRST + 1),
	    DECIDE_REPLY);
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 1), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == FIRST + 1, "its own");
	/* no address behind the name, or none of this network: from the pool */
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 2), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == FIRST, "b");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 3), DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) >= FIRST, "c");
	ck_assert_int_eq(TELL(w, PROTO_MSG_DISCOVER, 4, .uid = "id-d"),
	    DECIDE_REPLY);
	ck_assert_msg(given(w, PROTO_MSG_OFFER) == 0x0a0a033c, "d");
	dworld_free(w);
}
END_TEST

T_MAIN("dhcpd_decide")
{
	T_ADD(limits_of_classes_outlive_a_reload);
	T_LOOP(strangers_are_refused, 0, (int)ARRAY_LEN(strangers));
	T_ADD(fixed_addresses_come_first);
	T_ADD(four_messages_make_a_lease);
	T_ADD(reply_goes_where_the_client_hears);
	T_ADD(relayed_clients_are_answered_through_the_relay);
	T_ADD(wrong_network_is_refused_with_authority_only);
	T_ADD(anothers_address_is_refused);
	T_ADD(full_network_is_said);
	T_ADD(release_needs_the_hardware);
	T_ADD(decline_abandons);
	T_ADD(denied_decline_changes_nothing);
	T_ADD(offer_waits_for_the_ping);
	T_ADD(inform_gives_options_alone);
	T_ADD(declared_host_has_its_address);
	T_ADD(threshold_leaves_declared_hosts_alone);
	T_ADD(refusals_by_parameter);
	T_ADD(lease_limit_counts);
	T_ADD(a_lease_over_the_end_of_31_bits_ends);
	T_ADD(a_client_that_joins_a_class_is_billed);
	T_ADD(class_declared_first_wins);
	T_ADD(lease_limit_is_not_used_up_by_a_full_table);
	T_ADD(young_lease_is_not_written_again);
	T_ADD(uid_and_hardware_are_different_clients);
	T_ADD(one_lease_per_client_gives_up_the_other);
	T_ADD(one_lease_per_client_ends_no_strangers_lease);
	T_ADD(bootp_is_not_answered_with_what_is_left_of_a_lease);
	T_ADD(an_offer_does_not_change_who_has_a_running_lease);
	T_ADD(one_lease_per_client_gives_up_so_many_at_once);
	T_ADD(leasequery_tells_a_relay);
	T_ADD(leasequery_shows_the_identifier);
	T_ADD(bootp_clients_are_in_no_class);
	T_ADD(hostname_ends_at_a_nul);
	T_ADD(option_spaces_have_their_widths);
	T_ADD(others_are_ignored);
	T_ADD(a_program_that_hangs_is_said);
	T_ADD(a_fatal_line_ends_the_server);
	T_ADD(a_program_with_a_null_argument_is_not_run);
	T_ADD(events_run);
}
