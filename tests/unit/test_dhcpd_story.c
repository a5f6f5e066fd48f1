/* SPDX-License-Identifier: ISC */
/*
 * Rules that need a history: one row per rule, with the messages of clients, how
 * long they wait, and the lines of the log after each.
 */
#include "tests/unit/dhcpd_ask.h"

#define D PROTO_MSG_DISCOVER
#define R PROTO_MSG_REQUEST
#define I PROTO_MSG_INFORM
#define Q PROTO_MSG_LEASEQUERY
#define B PROTO_MSG_BOOTP
#define DECLINE PROTO_MSG_DECLINE
#define ACKED(last, mac) "DHCPREQUEST for 10.10.3." last " from #" mac " via eth0|" \
	"DHCPACK on 10.10.3." last " to #" mac " via eth0"
#define OFFERED(last, mac) "DHCPDISCOVER from #" mac " via eth0|" \
	"DHCPOFFER on 10.10.3." last " to #" mac " via eth0"
#define TWO_NETS NET("subnet 10.20.1.0 netmask 255.255.255.0 { range 10.20.1.10 10.20.1.12; }")

struct step {
	struct ask ask;
	int64_t wait_s;			/* before it */
	const char *log;		/* joined by "|" */
	const char *has;		/* octets of the options in hex; "!": not these */
};

static const struct row {
	const char *what, *conf;
	struct step steps[6];
} rows[] = {
	{ "a request of another network of ours is refused", TWO_NETS, {
		{ { .type = R, .mac = 1, .want = 0x0a14010a }, 0,
		    "DHCPREQUEST for 10.20.1.10 from #01 via eth0: wrong network.|DHCPNAK on "
			"10.20.1.10 to #01 via eth0", NULL },
		{ { .type = R, .mac = 1, .giaddr = 0x0a630101, .want = FIRST }, 0,
		    "DHCPREQUEST for 10.10.3.100 from #01 via 10.99.1.1: wrong network.|DHCPNAK "
			"on 10.10.3.100 to #01 via 10.99.1.1", NULL },
	} },
	{ "an unknown segment asks for an address without authority",
	    "ping-check off; subnet 10.10.3.0 netmask 255.255.255.0 { range "
		"10.10.3.100; }", {
		{ { .type = R, .mac = 1, .giaddr = 0x0a630101, .want = FIRST }, 0,
		    "DHCPREQUEST for 10.10.3.100 from #01 via 10.99.1.1: ignored (not "
			"authoritative).", NULL },
	} },
	{ "DECLINE of what is nobody's", NET(""), {
		{ { .type = DECLINE, .mac = 1, .want = 0x0a0a0305 }, 0,
		    "DHCPDECLINE of 10.10.3.5 from #01 via eth0: not found", NULL },
		{ { .type = DECLINE, .mac = 1 }, 0, "", NULL },
	} },
	{ "DECLINE is ignored without a line", NET("ignore declines;"), {
		{ { .type = DECLINE, .mac = 1, .want = FIRST }, 0, "", NULL },
	} },
	{ "RELEASE of what has ended or was never held", NET(""), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = PROTO_MSG_RELEASE, .mac = 1, .ciaddr = FIRST + 1 }, 0,
		    "DHCPRELEASE of 10.10.3.101 from #01 via eth0 (not found)", NULL },
		{ { .type = PROTO_MSG_RELEASE, .mac = 1, .ciaddr = FIRST, .want = FIRST }, 0,
		    "DHCPRELEASE from #01 specified requested-address.|DHCPRELEASE of "
			"10.10.3.100 from #01 via eth0 (found)|+1", NULL },
		{ { .type = PROTO_MSG_RELEASE, .mac = 1, .ciaddr = FIRST }, 0,
		    "DHCPRELEASE of 10.10.3.100 from #01 via eth0 (found)", NULL },
	} },
	{ "INFORM through a relay, selected or not", TWO_NETS, {
		{ { .type = I, .mac = 1, .src = 0x0a0a0305, .more = "76040a140100 3701 01" }, 0,
		    "DHCPINFORM from 10.10.3.5 via eth0|DHCPACK to 10.10.3.5 (#01) via eth0",
		    NULL },
		{ { .type = I, .mac = 1, .src = 0x0a0a0305, .more = "76030a1401" }, 0,
		    "DHCPINFORM from 10.10.3.5 via eth0: ignored (invalid subnet selection "
			"option).", NULL },
		{ { .type = I, .mac = 1, .src = 0x0a0a0305, .giaddr = 0x0a140101,
		    .more = "5206 05040a140100" }, 0,
		    "DHCPINFORM from 10.10.3.5 via 10.20.1.1|DHCPACK to 10.20.1.1 (#01) via "
			"10.20.1.1", NULL },
		{ { .type = I, .mac = 1, .src = 0x0a0a0305, .giaddr = 0x0a140101,
		    .more = "5205 05030a1401" }, 0,
		    "DHCPINFORM from 10.10.3.5 via 10.20.1.1: ignored (invalid subnet selection "
			"option).", NULL },
		{ { .type = I, .mac = 1, .src = 0x0a0a0305, .more = "76040a630100" }, 0,
		    "DHCPINFORM from 10.10.3.5 via eth0: unknown subnet for selected address "
			"10.99.1.0", NULL },
		{ { .type = I, .mac = 1, .src = 0x0a0a0305, .giaddr = 0x0a630101,
		    .more = "5206 05040a630100" }, 0,
		    "DHCPINFORM from 10.10.3.5 via 10.99.1.1: unknown subnet for relay link "
			"select address 10.99.1.0", NULL },
	} },
	{ "INFORM from somebody of a network without authority",
	    "subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100; }", {
		{ { .type = I, .mac = 1, .ciaddr = 0x0a0a0305 }, 0,
		    "DHCPINFORM from 10.10.3.5 via eth0: not authoritative for subnet 10.10.3.0|"
			"If this DHCP server is authoritative for that subnet,|please write an "
			"`authoritative;' directive either in the|subnet declaration or in some "
			"scope that encloses the|subnet declaration - for example, write it at the "
			"top|of the dhcpd.conf file.", NULL },
		{ { .type = I, .mac = 1, .ciaddr = 0x0a0a0305 }, 0,
		    "DHCPINFORM from 10.10.3.5 via eth0: not authoritative for subnet 10.10.3.0",
		    NULL },
	} },
	{ "INFORM finds the declaration with its address, or one without",
	    NET("host a { hardware ethernet 02:00:00:00:aa:01; fixed-address "
		"10.10.3.50; option host-name \"a\"; } host b { hardware "
		"ethernet 02:00:00:00:aa:01; option host-name \"b\"; } host c { "
		"option dhcp-client-identifier \"id\"; fixed-address "
		"known.example, 10.10.3.51; option host-name \"c\"; } host d { "
		"option dhcp-client-identifier \"id\"; option host-name \"d\"; }"), {
		{ { .type = I, .mac = 1, .ciaddr = 0x0a0a0332 }, 0,
		    "DHCPINFORM from 10.10.3.50 via eth0|DHCPACK to 10.10.3.50 (#01) via eth0",
		    "0c0161" },
		{ { .type = I, .mac = 1, .ciaddr = 0x0a0a0333 }, 0,
		    "DHCPINFORM from 10.10.3.51 via eth0|DHCPACK to 10.10.3.51 (#01) via eth0",
		    "0c0162" },
		{ { .type = I, .mac = 1, .uid = "id", .ciaddr = 0x0a0a0333 }, 0,
		    "DHCPINFORM from 10.10.3.51 via eth0|DHCPACK to 10.10.3.51 (#01) via eth0",
		    "0c0163" },
		{ { .type = I, .mac = 1, .uid = "id", .ciaddr = 0x0a0a0334 }, 0,
		    "DHCPINFORM from 10.10.3.52 via eth0|DHCPACK to 10.10.3.52 (#01) via eth0",
		    "0c0164" },
	} },
	{ "LEASEQUERY finds the lease with the latest contact", NET("allow leasequery;"), {
		{ { .type = R, .mac = 1, .uid = "xx", .want = FIRST }, 0,
		    ACKED("100", "01") "|+1", NULL },
		{ { .type = R, .mac = 2, .uid = "xx", .want = FIRST + 1 }, 10,
		    "uid lease 10.10.3.100 for client #02 is duplicate on 10.10.3.0/24|"
			ACKED("101", "02") "|+2",
		    NULL },
		{ { .type = Q, .mac = 9, .uid = "xx", .giaddr = SERVER }, 5,
		    "DHCPLEASEQUERY from 10.10.3.1 for client-id \"xx\"|DHCPLEASEACTIVE to "
			"10.10.3.1 for client-id \"xx\" (0 associated IPs)", "5b0400000005" },
		{ { .type = Q, .mac = 9, .ciaddr = 0x0a0a0309, .giaddr = SERVER }, 0,
		    "DHCPLEASEQUERY from 10.10.3.1 for IP 10.10.3.9|DHCPLEASEUNKNOWN to "
			"10.10.3.1 for IP 10.10.3.9 (0 associated IPs)", NULL },
		{ { .type = Q, .mac = 9, .uid = "xx", .giaddr = SERVER }, 601,
		    "DHCPLEASEQUERY from 10.10.3.1 for client-id \"xx\"|DHCPLEASEUNKNOWN to "
			"10.10.3.1 for client-id \"xx\" (0 associated IPs)", NULL },
	} },
	{ "LEASEQUERY from a network of nobody", "allow leasequery;" NET(""), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = Q, .mac = 1, .giaddr = 0x0a630101 }, 0,
		    "DHCPLEASEQUERY from 10.99.1.1 for MAC address #01|DHCPLEASEACTIVE to "
			"10.99.1.1 for MAC address #01 (0 associated IPs)", NULL },
		{ { .type = Q, .mac = 1, .ciaddr = FIRST, .giaddr = 0x0a630101 }, 400,
		    "DHCPLEASEQUERY from 10.99.1.1 for IP 10.10.3.100|DHCPLEASEACTIVE to "
			"10.99.1.1 for IP 10.10.3.100 (0 associated IPs)", "3b040000007d" },
		{ { .type = Q, .mac = 1, .ciaddr = FIRST, .giaddr = 0x0a630101 }, 190,
		    "DHCPLEASEQUERY from 10.99.1.1 for IP 10.10.3.100|DHCPLEASEACTIVE to "
			"10.99.1.1 for IP 10.10.3.100 (0 associated IPs)", "!3b04" },
		{ { .type = Q, .mac = 1, .ciaddr = FIRST, .giaddr = 0x0a630101 }, 20,
		    "DHCPLEASEQUERY from 10.99.1.1 for IP 10.10.3.100|DHCPLEASEUNASSIGNED to "
			"10.99.1.1 for IP 10.10.3.100 (0 associated IPs)", NULL },
	} },
	{ "bootp is ignored without a line",
	    "ignore bootp;" NET("host a { hardware ethernet 02:00:00:00:aa:01; fixed-address "
		"10.10.3.50; }"), {
		{ { .type = B, .mac = 1 }, 0, "", NULL },
	} },
	{ "a declared BOOTP client is told the field it sent; to everybody on wish",
	    "always-broadcast on;"
			NET("host a { hardware ethernet 02:00:00:00:aa:01; fixed-address "
		"10.10.3.50; }"), {
		{ { .type = B, .mac = 1 }, 0,
		    "BOOTREQUEST from #01 via eth0|BOOTREPLY for 10.10.3.50 to a (#01) via eth0",
		    NULL },
	} },
	{ "what a lease remembers of option 82 is its client's alone",
	    NET("class \"r\" { match if option agent.circuit-id = \"ab\"; option "
		"domain-name \"r\"; }"), {
		{ { .type = R, .mac = 1, .giaddr = SERVER, .want = FIRST,
		    .more = "5204 01026162" }, 0,
		    "DHCPREQUEST for 10.10.3.100 from #01 via 10.10.3.1|DHCPACK on 10.10.3.100 "
			"to #01 via 10.10.3.1|+1", "0f0172" },
		{ { .type = R, .mac = 1, .ciaddr = FIRST }, 10,
		    "reuse_lease: lease age 10 (secs) under 25% threshold, reply with unaltered, "
			"existing lease for 10.10.3.100|" ACKED("100", "01"), "0f0172" },
		{ { .type = R, .mac = 2, .ciaddr = FIRST }, 10,
		    "DHCPREQUEST for 10.10.3.100 from #02 via eth0: lease 10.10.3.100 "
			"unavailable.|DHCPNAK on 10.10.3.100 to #02 via eth0", "!0f0172" },
		{ { .type = R, .mac = 1, .uid = "uu", .ciaddr = FIRST }, 10,
		    ACKED("100", "01") "|+1", "0f0172" },
	} },
	{ "nor is it kept when it is not to be",
	    NET("stash-agent-options off; class \"r\" { match if option "
		"agent.circuit-id = \"ab\"; option domain-name \"r\"; }"), {
		{ { .type = R, .mac = 1, .giaddr = SERVER, .want = FIRST,
		    .more = "5204 01026162" }, 0,
		    "DHCPREQUEST for 10.10.3.100 from #01 via 10.10.3.1|DHCPACK on 10.10.3.100 "
			"to #01 via 10.10.3.1|+1", "0f0172" },
		{ { .type = R, .mac = 1, .ciaddr = FIRST }, 10,
		    "reuse_lease: lease age 10 (secs) under 25% threshold, reply with unaltered, "
			"existing lease for 10.10.3.100|" ACKED("100", "01"), "!0f0172" },
	} },
	{ "host-identifier of an IPv6 relay is no use here",
	    NET("host a { host-identifier v6relopt 1 dhcp6.interface-id 1:2; } "
		"host b { host-identifier option host-name \"pc\"; option "
		"domain-name \"b\"; }"), {
		{ { .type = D, .mac = 1, .host = "pc" }, 0,
		    "DHCPDISCOVER from #01 via eth0|DHCPOFFER on 10.10.3.100 to #01 (pc) via eth0",
		    "0f0162" },
	} },
	{ "more classes than a packet may have",
	    "class \"a\" { match if not exists root-path; } class \"b\" { "
		"match if not exists root-path; } class \"c\" { match if not "
		"exists root-path; } class \"d\" { match if not exists "
		"root-path; } class \"e\" { match if not exists root-path; } "
		"class \"f\" { match if not exists root-path; } class \"g\" { "
		"match if not exists root-path; }" NET(""), {
		{ { .type = D, .mac = 1 }, 0,
		    "too many classes match #01|too many classes match #01|" OFFERED("100", "01"),
		    NULL },
	} },
	{ "variables of a lease: numbers, booleans, text",
	    NET("on commit { if defined(number) { if number = lease-time { "
		"log(info, \"600\"); } if truth { log(info, \"true\"); }  "
		"log(info, words); } set number = lease-time; set truth = known "
		"or not known; set words = \"t\"; }"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = R, .mac = 1, .want = FIRST }, 300,
		    "true|t|" ACKED("100", "01") "|+1", NULL },
	} },
	{ "expiry and release share a block",
	    NET("on expiry or release { log(info, \"over\"); }"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = PROTO_MSG_RELEASE, .mac = 1, .ciaddr = FIRST }, 0,
		    "over|DHCPRELEASE of 10.10.3.100 from #01 via eth0 (found)|+1", NULL },
	} },
	{ "parse-vendor-option needs a space and an option",
	    "option space V; option V.a code 1 = text; class \"w\" { match "
		"if not exists root-path;  parse-vendor-option; if exists V.a { "
		"log(info, option V.a); } }"
			NET("class \"v\" { match if exists host-name; vendor-option-space V; "
		"}"), {
		{ { .type = D, .mac = 1, .more = "2b03 010178" }, 0,
		    OFFERED("100", "01"), NULL },
		{ { .type = D, .mac = 1, .host = "h" }, 0,
		    "DHCPDISCOVER from #01 via eth0|DHCPOFFER on 10.10.3.100 to #01 (h) via eth0",
		    NULL },
		{ { .type = D, .mac = 1, .host = "h", .more = "2b03 010178" }, 0,
		    "x|DHCPDISCOVER from #01 (h) via eth0|DHCPOFFER on 10.10.3.100 to #01 (h) "
			"via eth0", NULL },
	} },
	{ "addresses from expressions must be whole",
	    NET("next-server = 0a:0a; option dhcp-server-identifier = 0a:0a;"), {
		{ { .type = D, .mac = 1 }, 0, OFFERED("100", "01"), NULL },
	} },
	{ "adaptive lease time", NET("adaptive-lease-time-threshold 50; min-lease-time 100;"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0,
		    "Adap-lease: Total: 4, Free: 4, Ends: -1800000000, Adaptive: 100, Fill: 0, "
			"Threshold: 50|" ACKED("100", "01") "|+1", "330400000258" },
		{ { .type = R, .mac = 2, .want = FIRST + 1 }, 0,
		    "Adap-lease: Total: 4, Free: 3, Ends: -1800000000, Adaptive: 100, Fill: 25, "
			"Threshold: 50|" ACKED("101", "02") "|+1", "330400000258" },
		{ { .type = R, .mac = 3, .want = FIRST + 2 }, 0,
		    "Adap-lease: Total: 4, Free: 2, Ends: -1800000000, Adaptive: 100, Fill: 50, "
			"Threshold: 50|Pool over threshold, time for 10.10.3.102 reduced from 600 "
			""
			"to 100.|" ACKED("102", "03") "|+1", "330400000064" },
		{ { .type = R, .mac = 1, .want = FIRST }, 300,
		    "Adap-lease: Total: 4, Free: 2, Ends: 300, Adaptive: 300, Fill: 50, "
			"Threshold: 50|Pool over threshold, time for 10.10.3.100 reduced from 600 "
			""
			"to 300.|" ACKED("100", "01") "|+1", "33040000012c" },
	} },
	{ "adaptive lease time: a share of none or all is none",
	    NET("adaptive-lease-time-threshold 100;"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0,
		    ACKED("100", "01") "|+1", "330400000258" },
	} },
	{ "a wish for a lease time of another width is none", NET(""), {
		{ { .type = D, .mac = 1, .more = "3302 0010" }, 0,
		    OFFERED("100", "01"), "330400000258" },
		{ { .type = D, .mac = 1, .more = "3304 00000200" }, 0,
		    OFFERED("100", "01"), "330400000200" },
	} },
	{ "a lease for ever is told as the peer tells it",
	    NET("infinite-is-reserved on; max-lease-time -1;"), {
		{ { .type = R, .mac = 1, .want = FIRST, .more = "3304 ffffffff" }, 0,
		    "Infinite-leasetime reservation made on 10.10.3.100.|Cannot reuse: lease is "
			"changing to RESERVED|" ACKED("100", "01") "|+1", "330414b62dff" },
		{ { .type = R, .mac = 1, .want = FIRST, .more = "3304 ffffffff" }, 10,
		    "Infinite-leasetime reservation made on 10.10.3.100.|reuse_lease: lease age "
			"10 (secs) under 25% threshold, reply with unaltered, existing lease for "
			"10.10.3.100|" ACKED("100", "01"), "330414b62df5" },
	} },
	{ "no lease is reused when the share is 0", NET("dhcp-cache-threshold 0;"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = R, .mac = 1, .want = FIRST }, 1,
		    ACKED("100", "01") "|+1", "330400000258" },
	} },
	{ "a clock that went back reuses no lease", NET(""), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = R, .mac = 1, .want = FIRST }, -10,
		    ACKED("100", "01") "|+1", "330400000258" },
	} },
	{ "thresholds of a pool: over, under, over again",
	    NET("log-threshold-high 50; log-threshold-low 25;"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = R, .mac = 2, .want = FIRST + 1 }, 0,
		    ACKED("101", "02") "|+1", NULL },
		{ { .type = R, .mac = 3, .want = FIRST + 2 }, 0,
		    "Pool threshold exceeded - shared subnet: 10.10.3.0/24; address: "
			"10.10.3.102; high threshold 50% 2/4.|" ACKED("102", "03") "|+1", NULL },
		{ { .type = PROTO_MSG_RELEASE, .mac = 1, .ciaddr = FIRST }, 0,
		    "DHCPRELEASE of 10.10.3.100 from #01 via eth0 (found)|+1", NULL },
		{ { .type = R, .mac = 2, .want = FIRST + 1 }, 601,
		    "Pool threshold reset - shared subnet: 10.10.3.0/24; address: 10.10.3.101; "
			"low threshold 0/4.|" ACKED("101", "02") "|+1", NULL },
	} },
	{ "a threshold above 100 is none", NET("log-threshold-high 101;"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
	} },
	{ "one lease per client goes by what the lease remembers",
	    NET("one-lease-per-client on;"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = R, .mac = 1, .want = FIRST + 1 }, 0,
		    ACKED("101", "01") "|+1", NULL },
		{ { .type = R, .mac = 1, .want = FIRST }, 0,
		    "reuse_lease: lease age 0 (secs) under 25% threshold, reply with unaltered, "
			"existing lease for 10.10.3.100|" ACKED("100", "01") "|+1", NULL },
	} },
	{ "a ping again only after a while", NET("ping-check on; ping-cltt-secs 30;"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = PROTO_MSG_RELEASE, .mac = 1, .ciaddr = FIRST }, 10,
		    "DHCPRELEASE of 10.10.3.100 from #01 via eth0 (found)|+1", NULL },
		{ { .type = D, .mac = 1 }, 10, OFFERED("100", "01"), NULL },
		{ { .type = D, .mac = 1 }, 200, OFFERED("100", "01"), NULL },
	} },
	{ "T2 that is no part of the lease is left out",
	    NET("option dhcp-rebinding-time 700; option dhcp-renewal-time 300;"), {
		{ { .type = D, .mac = 1 }, 0, OFFERED("100", "01"), "!3b04" },
	} },
	{ "the name of an address",
	    NET("get-lease-hostnames on; use-lease-addr-for-default-route on;"), {
		{ { .type = D, .mac = 1 }, 0, OFFERED("100", "01"), "0c0772657665727365" },
	} },
	{ "a lease for default route where none is configured",
	    "ping-check off; use-lease-addr-for-default-route on; subnet "
		"10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100; }", {
		{ { .type = D, .mac = 1 }, 0, OFFERED("100", "01"), "03040a0a0364" },
	} },
	{ "a relay on this machine is answered at the client's port",
	    NET("subnet 127.0.0.0 netmask 255.0.0.0 { range 127.0.0.10; }"), {
		{ { .type = D, .mac = 1, .giaddr = 0x7f000001 }, 0,
		    "DHCPDISCOVER from #01 via 127.0.0.1|DHCPOFFER on 127.0.0.10 to #01 via "
			"127.0.0.1", NULL },
	} },
	{ "an address of another network of the same server", TWO_NETS, {
		{ { .type = R, .mac = 1, .uid = "uu", .want = FIRST }, 0,
		    ACKED("100", "01") "|+1", NULL },
		{ { .type = D, .mac = 1, .uid = "uu", .giaddr = 0x0a140101 }, 0,
		    "DHCPDISCOVER from #01 via 10.20.1.1|DHCPOFFER on 10.20.1.10 to #01 via "
			"10.20.1.1", NULL },
		{ { .type = D, .mac = 2, .giaddr = 0x0a140101, .want = FIRST }, 0,
		    "DHCPDISCOVER from #02 via 10.20.1.1|DHCPOFFER on 10.20.1.11 to #02 via "
			"10.20.1.1", NULL },
		{ { .type = D, .mac = 1, .giaddr = 0x0a140101 }, 0,
		    "DHCPDISCOVER from #01 via 10.20.1.1|DHCPOFFER on 10.20.1.10 to #01 via "
			"10.20.1.1", NULL },
	} },
	{ "what a client may not have any more is taken back",
	    "authoritative; ping-check off; default-lease-time 600; subnet "
		"10.10.3.0 netmask 255.255.255.0 { pool { range 10.10.3.100; "
		"deny after epoch 1800000100; }   pool { range 10.10.3.110; } }", {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = R, .mac = 2, .uid = "uu", .want = FIRST + 10 }, 0,
		    ACKED("110", "02") "|+1", NULL },
		{ { .type = D, .mac = 1 }, 150,
		    "DHCPDISCOVER from #01 via eth0: network 10.10.3.0/24: no free leases|+1",
		    NULL },
		{ { .type = R, .mac = 1, .ciaddr = FIRST }, 0,
		    "DHCPREQUEST for 10.10.3.100 from #01 via eth0: lease 10.10.3.100 "
			"unavailable.|DHCPNAK on 10.10.3.100 to #01 via eth0", NULL },
	} },
	{ "a declared address that is in a pool, too",
	    NET("host a { hardware ethernet 02:00:00:00:aa:01; fixed-address "
		"10.10.3.101; }"), {
		{ { .type = D, .mac = 1, .want = FIRST + 1 }, 0,
		    "Dynamic and static leases present for 10.10.3.101.|Remove host declaration "
			"a or remove 10.10.3.101|from the dynamic address pool for 10.10.3.0/24|"
			OFFERED("101", "01"),
		    NULL },
		{ { .type = R, .mac = 1, .want = FIRST + 1 }, 0,
		    "Dynamic and static leases present for 10.10.3.101.|Remove host declaration "
			"a or remove 10.10.3.101|from the dynamic address pool for 10.10.3.0/24|"
			ACKED("101", "01"),
		    NULL },
	} },
	{ "a declared client's lease of the pool is given back",
	    NET("class \"c\" { match if exists root-path; } host a { option "
		"dhcp-client-identifier \"uu\"; fixed-address 10.10.3.50; }"), {
		{ { .type = R, .mac = 1, .want = FIRST }, 0, ACKED("100", "01") "|+1", NULL },
		{ { .type = D, .mac = 1, .uid = "uu", .want = FIRST }, 0,
		    OFFERED("50", "01") "|+1", NULL },
	} },
	{ "an abandoned address ends as it was to", NET("abandon-lease-time 4294967295;"), {
		{ { .type = DECLINE, .mac = 1, .want = FIRST }, 0,
		    "Abandoning IP address 10.10.3.100: declined.|DHCPDECLINE of 10.10.3.100 "
			"from #01 via eth0: abandoned|+1", NULL },
		{ { .type = R, .mac = 1, .want = FIRST }, 86400,
		    "DHCPREQUEST for 10.10.3.100 from #01 via eth0: unknown lease 10.10.3.100.",
		    NULL },
	} },
	{ "permits and prohibitions",
	    "authoritative; ping-check off; default-lease-time 600; host a { "
		"hardware ethernet 02:00:00:00:aa:01; } subnet 10.10.3.0 netmask "
		"255.255.255.0 {  pool { range 10.10.3.100; allow authenticated "
		"clients; }  pool { range 10.10.3.101; allow known-clients; deny "
		"after epoch 1800000100; }  pool { range 10.10.3.102; deny "
		"known-clients; } }", {
		{ { .type = D, .mac = 1 }, 0, OFFERED("101", "01"), NULL },
		{ { .type = D, .mac = 2 }, 0, OFFERED("102", "02"), NULL },
		{ { .type = D, .mac = 1 }, 200,
		    "DHCPDISCOVER from #01 via eth0: network 10.10.3.0/24: no free leases", NULL },
		{ { .type = D, .mac = 2 }, 0, OFFERED("102", "02"), NULL },
	} },
	{ "client identifier and subnet selection come back",
	    NET("echo-client-id on; option ntp-servers 10.0.0.9;"), {
		{ { .type = D, .mac = 1, .uid = "abc", .more = "3701 2a" }, 0,
		    OFFERED("100", "01"), "3d03616263" },
		{ { .type = D, .mac = 1, .uid = "abc" }, 0, OFFERED("100", "01"), "3d03616263" },
		{ { .type = D, .mac = 1, .more = "3702 2a 76 76040a0a0300" }, 0,
		    OFFERED("100", "01"), "76040a0a0300" },
	} },
	{ "an option space that is not there", NET("vendor-option-space = \"nosuch\";"), {
		{ { .type = D, .mac = 1 }, 0,
		    "DHCPDISCOVER from #01 via eth0|unknown option space nosuch.", NULL },
	} },
	{ "the space dhcp is none, a name ends at a zero",
	    "option space S; option S.a code 200 = text; option S.a \"xy\";"
			NET("vendor-option-space = \"dhcp\"; site-option-space = "
		"concat(\"S\", 00, \"x\");"), {
		{ { .type = D, .mac = 1, .more = "3701 c8" }, 0,
		    OFFERED("100", "01"), "c8027879" },
	} },
	{ "a site option space that is not there", NET("site-option-space = \"nosuch\";"), {
		{ { .type = D, .mac = 1 }, 0,
		    "DHCPDISCOVER from #01 via eth0|unknown option space nosuch.", NULL },
	} },
	{ "what does not fit a space is left out of it",
	    "option space V; option V.a code 1 = text; option V.b code 2 = "
		"text; option V.c code 3 = text; option V.d code 4 = text; "
		"option V.a = option root-path; option V.b \"b\"; "
		"vendor-option-space V; option V.c = binary-to-ascii(2, 8, "
		"\"00000000000000000000000000000000000000000000000000000000000000"
		"000000000\", 1:1:1:1:1);" NET(""), {
		{ { .type = D, .mac = 1, .more = "3701 2b" }, 0,
		    OFFERED("100", "01"), "2b03020162" },
	} },
	{ "an empty text gets its zero",
	    NET("option domain-name = concat(\"\", \"\"); option host-name = "
		"\"\";"), {
		{ { .type = D, .mac = 1, .more = "0c026100 3702 0f0c" }, 0,
		    "DHCPDISCOVER from #01 via eth0|DHCPOFFER on 10.10.3.100 to #01 (a) via eth0",
		    NULL },
	} },
	{ "names that cannot be shown as they are", NET(""), {
		{ { .type = D, .mac = 1, .host = "a\\b" }, 0,
		    "DHCPDISCOVER from #01 via eth0|DHCPOFFER on 10.10.3.100 to #01 (Hostname "
			"Unsuitable for Printing) via eth0", NULL },
		{ { .type = R, .mac = 1, .want = FIRST, .host = "a\\b" }, 0,
		    "DHCPREQUEST for 10.10.3.100 from #01 (Hostname Unsuitable for Printing) via "
			"eth0|DHCPACK on 10.10.3.100 to #01 (Hostname Unsuitable for Printing) via "
			"eth0|+1", NULL },
		{ { .type = R, .mac = 1, .want = FIRST, .host = "a\"b" }, 300,
		    "DHCPREQUEST for 10.10.3.100 from #01 (Hostname Unsuitable for Printing) via "
			"eth0|DHCPACK on 10.10.3.100 to #01 (Hostname Unsuitable for Printing) via "
			"eth0|+1", NULL },
	} },
	{ "no hardware address at all, no identifier at all", NET(""), {
		{ { .type = D, .mac = 1, .no_hw = true }, 0,
		    "Received DHCPv4 packet without client-id option and empty hlen field.|"
			"DHCPDISCOVER from <no identifier> via eth0|DHCPOFFER on 10.10.3.100 to  "
			"via "
			"eth0", NULL },
		{ { .type = R, .mac = 1, .no_hw = true, .uid = "id", .want = FIRST }, 0,
		    "DHCPREQUEST for 10.10.3.100 from <no identifier> via eth0|DHCPACK on "
			"10.10.3.100 to  via eth0|+1", NULL },
		{ { .type = D, .mac = 1, .no_hw = true, .uid = "id" }, 0,
		    "reuse_lease: lease age 0 (secs) under 25% threshold, reply with unaltered, "
			"existing lease for 10.10.3.100|DHCPDISCOVER from \"id\" via eth0|"
			"DHCPOFFER "
			"on 10.10.3.100 to  via eth0", NULL },
		{ { .type = I, .mac = 1, .no_hw = true, .ciaddr = 0x0a0a0309 }, 0,
		    "Received DHCPv4 packet without client-id option and empty hlen field.|"
			"DHCPINFORM from 10.10.3.9 via eth0|DHCPACK to 10.10.3.9 (<no client "
			"hardware address>) via eth0", NULL },
		{ { .type = D, .mac = 1, .uid = "" }, 0,
		    "Dropped DHCPv4 packet with zero-length client-id", NULL },
	} },
	{ "a host without an address gives its options in every network",
	    "host a { hardware ethernet 02:00:00:00:aa:01; option host-name "
		"\"one\"; } host b { hardware ethernet 02:00:00:00:aa:01; option "
		"host-name \"two\"; }" NET(""), {
		{ { .type = D, .mac = 1, .more = "3701 0c" }, 0,
		    OFFERED("100", "01"), "0c036f6e65" },
	} },
};

/* The lines, with "#" for the first octets of the address, and how many leases changed. */
static const char *
log_of(const struct dworld *w)
{
	static const char mac[] = "02:00:00:00:aa:";
	static char got[8192];
	size_t n = 0;
	char *at;

	got[0] = '\0';
	for (size_t i = 0; i < w->out.log.n; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s",
		    i > 0 ? "|" : "", STR_ARG(w->out.log.line[i].text));
	if (w->out.changed_n > 0)
		(void)snprintf(got + n, sizeof(got) - n, "|+%zu", w->out.changed_n);
	while ((at = strstr(got, mac)) != NULL) {
		*at++ = '#';
		memmove(at, at + sizeof(mac) - 2, strlen(at + sizeof(mac) - 2) + 1);
	}
	return got;
}

static const char *
options_of(const struct dworld *w)
{
	static char got[4096];
	struct str p = w->out.reply.payload;
	size_t n = 0;

	got[0] = '\0';
	for (size_t i = PROTO_OFF_OPTIONS + 4; i < p.len; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%02x",
		    (unsigned char)p.p[i]);
	return got;
}

static bool
nobody(void *ctx, uint32_t addr, char *buf)
{
	(void)ctx;
	(void)addr;
	(void)buf;
	return false;
}

START_TEST(rule)
{
	const struct row *row = &rows[_i];
	struct dworld *w = dworld_new(row->conf);

	printf("%s\n", row->what);		/* shown when the test fails */
	for (size_t i = 0; i < ARRAY_LEN(row->steps) && row->steps[i].log != NULL; i++) {
		const struct step *step = &row->steps[i];
		const char *has = step->has;

		if (step->wait_s != 0)
			dworld_wait(w, step->wait_s);
		(void)tell(w, &step->ask);
		ck_assert_str_eq(log_of(w), step->log);
		if (has != NULL)
			ck_assert_msg((strstr(options_of(w), has + (*has == '!')) != NULL) ==
			    (*has != '!'), "%s in %s", has, options_of(w));
	}
	dworld_free(w);
}
END_TEST

/* A lease that is found by everything the client says ends once. */
START_TEST(what_is_taken_back_ends_once)
{
	struct dworld *w = dworld_new("authoritative; ping-check off;\n"
	    "on release { log(info, \"bye\"); }\n"
	    "subnet 10.10.3.0 netmask 255.255.255.0 {\n"
	    "  pool { range 10.10.3.100; deny after epoch 1800000100; } }");

	lease(w, 1, "aa");
	dworld_wait(w, 200);
	TELL(w, PROTO_MSG_DISCOVER, 1, .uid = "aa", .want = FIRST);
	ck_assert_str_eq(log_of(w), "bye|DHCPDISCOVER from #01 via eth0: network "
	    "10.10.3.0/24: no free leases|+1");
	dworld_free(w);
}
END_TEST

/* A lease as a file may have it, on the first address. */
static struct dworld *
with_lease(const char *conf, enum lease_state state, const char *host, const char *vars)
{
	struct dworld *w = dworld_new(conf);
	struct lease_data d;

	memset(&d, 0, sizeof(d));
	d.state = (uint8_t)state;
	d.next = d.rewind = LEASE_FREE;
	d.starts = d.cltt = (uint32_t)w->now.wall_s;
	d.ends = d.starts + 600;
	d.hw_type = 1;
	d.hw_len = 6;
	memcpy(d.hw, "\2\0\0\0\252\1", 6);
	d.hostname = str_of(host);
	d.vars = str_of(vars);
	ck_assert_msg(lease_commit(&w->table, lease_by_addr(&w->table, FIRST), &d), "commit");
	return w;
}

/* States that only a file of the peer's leaves behind with a client. */
START_TEST(leases_that_are_not_free_yet)
{
	struct dworld *w = with_lease(NET(""), LEASE_ABANDONED, "", "");

	TELL(w, D, 1);
	ck_assert_str_eq(log_of(w), OFFERED("101", "01"));
	TELL(w, R, 1, .want = FIRST);
	ck_assert_str_eq(log_of(w), "Reclaiming REQUESTed abandoned IP address 10.10.3.100.|"
	    ACKED("100", "01") "|+1");
	dworld_free(w);
	w = with_lease(NET(""), LEASE_RESET, "", "");
	TELL(w, D, 1);
	ck_assert_str_eq(log_of(w), OFFERED("101", "01"));
	dworld_wait(w, 601);
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	dworld_free(w);
}
END_TEST

START_TEST(clocks_at_their_ends)
{
	static const int64_t clocks[] = { -5, 0, LEASE_NEVER - 1, LEASE_NEVER, INT64_MAX / 2 };

	for (size_t i = 0; i < ARRAY_LEN(clocks); i++) {
		struct dworld *w = dworld_new(NET("abandon-lease-time 4294967295;"));

		w->now.wall_s = clocks[i];
		TELL(w, R, 1, .want = FIRST);
		ck_assert_str_eq(log_of(w), ACKED("100", "01") "|+1");
		ck_assert_msg(w->out.changed[0]->ends == (i < 2 ? 601 : LEASE_NEVER),
		    "%u", (unsigned)w->out.changed[0]->ends);
		TELL(w, DECLINE, 1, .want = FIRST);
		ck_assert_msg(w->out.changed[0]->ends == LEASE_NEVER, "for ever");
		dworld_free(w);
	}
}
END_TEST

/* Requests from an interface that has lost its addresses, and names nobody knows. */
START_TEST(no_address_and_no_name)
{
	struct dworld *w = dworld_new(NET("get-lease-hostnames on;\n"
	    "host a { hardware ethernet 02:00:00:00:aa:09; fixed-address 10.10.3.50; }"));

	w->iface.addr_n = 0;
	w->ops.reverse = nobody;
	TELL(w, R, 1, .want = FIRST);
	ck_assert_str_eq(log_of(w), "No hostname for 10.10.3.100|" ACKED("100", "01") "|+1");
	ck_assert_msg(strstr(options_of(w), "360400000000") != NULL, "no server");
	ck_assert_int_eq(TELL(w, B, 9), DECIDE_REPLY);
	ck_assert_int_eq((int)answer(w).head.siaddr, 0);
	dworld_free(w);
}
END_TEST

/* What statements ask to be kept with a lease, and what is too much of it. */
START_TEST(too_much_to_keep)
{
	static char conf[40000];
	struct lease_data d;
	struct dworld *w;
	size_t n = (size_t)snprintf(conf, sizeof(conf), NET("on commit {\n"));

	for (int i = 0; i < 257; i++)
		n += (size_t)snprintf(conf + n, sizeof(conf) - n, "set v%dw = \"%d\";\n", i, i);
	(void)snprintf(conf + n, sizeof(conf) - n, "}");
	w = dworld_new(conf);
	ck_assert_int_eq(TELL(w, R, 1, .want = FIRST), DECIDE_DROP);
	ck_assert_int_eq((int)w->out.changed_n, 0);
	dworld_free(w);
	/* of 9000 octets */
	w = dworld_new(NET("on commit { set big = binary-to-ascii(2, 8, \"\","
	    "substring(concat(packet(0, 240), packet(0, 240), packet(0, 240), packet(0, 240),"
	    " packet(0, 240), packet(0, 240), packet(0, 240), packet(0, 240)), 0, 9000));"
	    " set bigger = concat(big, big, big, big, big, big, big, big, big, big); }"));
	ck_assert_int_eq(TELL(w, R, 1, .want = FIRST), DECIDE_DROP);
	dworld_free(w);
	/* a text of more than 8192 octets is not kept */
	n = (size_t)snprintf(conf, sizeof(conf), NET("on expiry { log(info, \"late\");\n"));
	for (int i = 0; i < 500; i++)
		n += (size_t)snprintf(conf + n, sizeof(conf) - n, "set vname = \"%d\";\n", i);
	(void)snprintf(conf + n, sizeof(conf) - n, "}");
	w = dworld_new(conf);
	ck_assert_int_eq(TELL(w, R, 1, .want = FIRST), DECIDE_REPLY);
	lease_get(&w->table, lease_by_addr(&w->table, FIRST), &d);
	ck_assert_int_eq((int)d.on_expiry, 0);
	dworld_free(w);
}
END_TEST

/* Statements of a lease that the present configuration does not understand. */
START_TEST(statements_of_former_times)
{
	struct dworld *w = dworld_new(NET(""));
	struct lease *l = lease_by_addr(&w->table, FIRST);
	struct lease_data d;

	lease(w, 1, NULL);
	lease_get(&w->table, l, &d);
	d.on_expiry = lease_text_id(&w->table, STR("set vname = option gone.name;"));
	ck_assert_msg(d.on_expiry != 0 && lease_commit(&w->table, l, &d), "commit");
	dworld_wait(w, 601);
	ck_assert_str_eq(log_of(w), "|+1");
	ck_assert_int_eq(state(w, FIRST), LEASE_FREE);
	dworld_free(w);
}
END_TEST

START_TEST(spawned_classes_have_a_limit)
{
	struct dworld *w = dworld_new(NET("class \"c\" { spawn with option host-name; }"));

	w->conf.spawned_n = CLASSIFY_SPAWN_MAX;
	TELL(w, D, 1, .host = "new");
	ck_assert_str_eq(log_of(w), "more than 262144 spawned classes|DHCPDISCOVER from #01 via "
	    "eth0|DHCPOFFER on 10.10.3.100 to #01 (new) via eth0");
	dworld_free(w);
}
END_TEST

/* Classes that a leases file has deleted are no classes. */
START_TEST(deleted_classes)
{
	struct dworld *w = dworld_new(NET("class \"c\" { match option host-name; }\n"
	    "subclass \"c\" \"a\" { option domain-name \"a\"; }\n"
	    "class \"d\" { match if not exists root-path; option domain-name \"d\"; }\n"));

	TELL(w, D, 1, .host = "a");
	ck_assert_msg(strstr(options_of(w), "0f0161") != NULL, "a");
	ck_assert_msg(conf_decl_parse(&w->conf, STR("leases"),
	    STR("subclass \"c\" \"a\" { deleted; }"), &w->msgs), "subclass");
	TELL(w, D, 1, .host = "a");
	ck_assert_msg(strstr(options_of(w), "0f0164") != NULL, "d");
	ck_assert_msg(conf_decl_parse(&w->conf, STR("leases"),
	    STR("class \"d\" { deleted; }"), &w->msgs), "class");
	TELL(w, D, 1, .host = "a");
	ck_assert_msg(strstr(options_of(w), "0f01") == NULL, "none");
	dworld_free(w);
}
END_TEST

/* A class limit counts members that were declared, too, and only running leases. */
START_TEST(limits_of_subclasses_outlive_a_reload)
{
	static const char text[] = NET("class \"c\" { match option host-name; lease limit 1; }\n"
	    "subclass \"c\" \"x\" { lease limit 1; }");
	struct dworld *old = dworld_new(text), *w = dworld_new(text);
	struct lease_data d;

	for (uint32_t i = 0; i < 2; i++) {
		TELL(old, R, 1, .want = FIRST + i, .host = "x");
		lease_get(&old->table, lease_by_addr(&old->table, FIRST + i), &d);
		ck_assert_msg(d.state == LEASE_ACTIVE && str_eq(d.class_value, STR("x")), "billed");
		d.state = i == 0 ? LEASE_ACTIVE : LEASE_EXPIRED;
		ck_assert_msg(lease_commit(&w->table, lease_by_addr(&w->table, FIRST + i), &d),
		    "commit");
		TELL(old, PROTO_MSG_RELEASE, 1, .ciaddr = FIRST + i);
	}
	ck_assert_msg(decide_use(&w->d, &w->conf, &w->table, &w->conf_arena), "again");
	ck_assert_int_eq(TELL(w, D, 2, .host = "x"), DECIDE_DROP);
	TELL(w, PROTO_MSG_RELEASE, 1, .ciaddr = FIRST);
	ck_assert_int_eq(TELL(w, D, 2, .host = "x"), DECIDE_REPLY);
	dworld_free(old);
	dworld_free(w);
}
END_TEST

/* log(fatal, ..) ends every kind of message without an answer. */
static const struct ask fatal[] = {
	{ .type = D, .mac = 1, .host = "h" },
	{ .type = R, .mac = 1, .host = "h", .want = FIRST },
	{ .type = R, .mac = 1, .host = "h", .want = 0xac100009 },
	{ .type = DECLINE, .mac = 1, .host = "h", .want = FIRST },
	{ .type = I, .mac = 1, .host = "h", .ciaddr = 0x0a0a0305 },
	{ .type = Q, .mac = 1, .host = "h", .giaddr = SERVER },
	{ .type = B, .mac = 2 },
};

START_TEST(a_fatal_line_ends_every_message)
{
	struct dworld *w = dworld_new("if exists host-name or packet(236, 1) = ff {\n"
	    "log(fatal, \"stop\"); }\nallow leasequery;" NET("host a { hardware ethernet "
	    "02:00:00:00:aa:02; fixed-address 10.10.3.50; }"));

	ck_assert_int_eq(tell(w, &fatal[_i]), DECIDE_DROP);
	ck_assert_int_eq((int)w->out.changed_n, 0);
	ck_assert_msg(w->out.log.is_fatal, "%s", log_of(w));
	dworld_free(w);
}
END_TEST

/* What a line of the log cannot show, or is too long for. */
START_TEST(names_too_long_or_strange)
{
	static const char *const hosts[] = { "a\001b", "a\177b", "a\\b",
	    "01234567890123456789012345678901234567890123456789012345678901234" };
	struct dworld *w;

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		w = dworld_new(NET(""));
		TELL(w, R, 1, .want = FIRST, .host = hosts[i]);
		ck_assert_str_eq(log_of(w), "DHCPREQUEST for 10.10.3.100 from #01 via eth0|"
		    "DHCPACK on 10.10.3.100 to #01 (Hostname Unsuitable for Printing) via eth0|+1");
		dworld_free(w);
	}
	w = dworld_new(NET("allow leasequery;"));
	TELL(w, Q, 9, .giaddr = SERVER, .uid = "ab\177");
	ck_assert_msg(strstr(log_of(w), "client-id 61:62:7f") != NULL, "%s", log_of(w));
	dworld_free(w);
}
END_TEST

/* Replies that are full, with fields used for options and without room for option 82. */
START_TEST(replies_that_are_full)
{
	struct dworld *w = dworld_new(NET("echo-client-id on; site-option-space \"S\";\n")
	    "option space S; option S.a code 224 = text; option S.b code 225 = text;\n"
	    "option S.a = binary-to-ascii(2, 8, \"----------------------------------------\","
	    " substring(hardware, 1, 6)); option S.b = concat(option S.a, config-option S.a);\n"
	    "option root-path = concat(config-option S.a, \"/\");\n"
	    "option merit-dump = config-option S.a;\n"
	    "option domain-name = config-option S.a; option nis-domain = config-option S.a;");
	char more[1200];
	size_t n;

	TELL(w, D, 1, .more = "3706 e0e1110e0f28");
	ck_assert_msg(strstr(options_of(w), "340103") != NULL, "%s", options_of(w));
	/* a relay's option of 255 octets: in a short reply, in a full one; one of 260 in two */
	for (int i = 0; i < 3; i++) {
		n = (size_t)snprintf(more, sizeof(more), "%s", i == 0 ? "3902 05dc 3701 0f" :
		    "3902 05dc");
		for (int k = 0; k < (i < 2 ? 255 : 260); k++)
			n += (size_t)snprintf(more + n, sizeof(more) - n, "%s%02x",
			    i < 2 ? k == 0 ? "52ff" : "" : k % 130 == 0 ? "5282" : "",
			    k == 0 ? 9 : k == 1 ? (i < 2 ? 253 : 255) : 1);
		TELL(w, D, 1, .giaddr = SERVER, .more = more);
		ck_assert_msg((strstr(log_of(w), "Unable to store") == NULL) == (i == 0), "%s",
		    log_of(w));
		ck_assert_msg((strstr(options_of(w), "52ff09fd") != NULL) == (i == 0), "%d", i);
	}
	/* an identifier comes back with a refusal, too */
	TELL(w, R, 1, .uid = "abc", .want = 0xac100009);
	ck_assert_msg(strstr(options_of(w), "3d03616263") != NULL, "%s", options_of(w));
	dworld_free(w);
}
END_TEST

/* Options that are too short are as if they were not there; pieces are joined. */
START_TEST(options_of_odd_lengths)
{
	struct dworld *w = dworld_new(NET(""));

	TELL(w, D, 1, .more = "3400 3202 0a0a 3900 3303 000000");
	ck_assert_str_eq(log_of(w), OFFERED("100", "01"));
	TELL(w, R, 1, .want = FIRST, .more = "0c00 0c0161 0c00 0c0162");
	ck_assert_str_eq(log_of(w), "DHCPREQUEST for 10.10.3.100 from #01 via eth0|DHCPACK on "
	    "10.10.3.100 to #01 (ab) via eth0|+1");
	dworld_free(w);
}
END_TEST

/* What the lease of a client with an identifier remembers of its relay. */
START_TEST(relay_options_belong_to_an_identifier)
{
	struct dworld *w = dworld_new(NET("class \"r\" { match if option agent.circuit-id = "
	    "\"ab\"; option domain-name \"r\"; }"));

	TELL(w, R, 1, .giaddr = SERVER, .uid = "uu", .want = FIRST, .more = "5204 01026162");
	for (int i = 0; i < 3; i++) {
		TELL(w, R, 1, .uid = i == 0 ? "uu" : i == 1 ? "vv" : NULL, .ciaddr = FIRST);
		ck_assert_msg((strstr(options_of(w), "0f0172") != NULL) == (i == 0), "%d", i);
	}
	dworld_free(w);
}
END_TEST

T_MAIN("dhcpd_story")
{
	T_LOOP(rule, 0, (int)ARRAY_LEN(rows));
	T_ADD(leases_that_are_not_free_yet);
	T_ADD(clocks_at_their_ends);
	T_ADD(no_address_and_no_name);
	T_ADD(too_much_to_keep);
	T_ADD(statements_of_former_times);
	T_ADD(spawned_classes_have_a_limit);
	T_ADD(deleted_classes);
	T_ADD(limits_of_subclasses_outlive_a_reload);
	T_LOOP(a_fatal_line_ends_every_message, 0, (int)ARRAY_LEN(fatal));
	T_ADD(names_too_long_or_strange);
	T_ADD(replies_that_are_full);
	T_ADD(options_of_odd_lengths);
	T_ADD(relay_options_belong_to_an_identifier);
	T_ADD(what_is_taken_back_ends_once);
}
