/* SPDX-License-Identifier: ISC */
/*
 * reply, and the parameters that shape it: one row per rule, with the messages
 * of a client, the lines of the last one and the octets of its answer.
 */
#include "tests/unit/dhcpd_ask.h"

#define MAC_1 "02:00:00:00:aa:01"
#define LONG_TEXT "0123456789012345678901234567890123456789012345678901234567890123" \
	"4567890123456789012345678901234567890123456789012345678901234567"

#define D PROTO_MSG_DISCOVER
#define R PROTO_MSG_REQUEST
#define B PROTO_MSG_BOOTP

struct row {
	const char *what, *conf;
	struct ask ask[4];
	const char *log;		/* of the last ask, joined by "|" */
	const char *options;		/* behind the cookie, without END; NULL: dropped */
	uint32_t siaddr;
	bool is_broadcast;
	const char *sname, *file;	/* NULL: empty */
};

static const struct row rows[] = {
	{ .what = "what the client lists, in its order",
	    .conf = NET("option domain-name \"a.de\"; option ntp-servers 10.0.0.9;"),
	    .ask = { { .type = D, .mac = 1, .more = "3705 2a0f030133" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002582a040a0000090f04612e64650104ffff"
		"ff0003040a0a0301" },
	{ .what = "the mask goes before the router",
	    .conf = NET("option ntp-servers 10.0.0.9;"),
	    .ask = { { .type = D, .mac = 1, .more = "3702 0301" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "a list by configuration beats the client's",
	    .conf = NET("option domain-name \"a.de\"; option dhcp-parameter-request-list "
		"15;"),
	    .ask = { { .type = D, .mac = 1, .more = "3702 0301" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f04612e64650104ffffff00" },
	{ .what = "without a list everything configured",
	    .conf = NET("option domain-name \"a.de\"; option host-name \"n\"; "
		"option ntp-servers 10.0.0.9;"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a03010c016e2a"
		"040a0000090f04612e6465" },
	{ .what = "listed twice, given once; END and PAD are none",
	    .conf = NET("option domain-name \"a.de\";"),
	    .ask = { { .type = D, .mac = 1, .more = "3706 0f0f00ff0f52" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f04612e64650104ffffff00" },
	{ .what = "vendor space wraps its options",
	    .conf = NET("option space V; option V.a code 1 = text; option V.b "
		"code 2 = ip-address; option V.a \"xy\"; option V.b 10.0.0.8; "
		"vendor-option-space V;"),
	    .ask = { { .type = D, .mac = 1, .more = "3701 2b" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002582b0a0102787902040a0000080104ffff"
		"ff00" },
	{ .what = "vendor space without a value",
	    .conf = NET("option space V; option V.a code 1 = text; vendor-option-space "
		"V;"),
	    .ask = { { .type = D, .mac = 1, .more = "3701 2b" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff00" },
	{ .what = "site space takes high codes",
	    .conf = NET("option space S; option S.a code 200 = text; option S.b "
		"code 130 = text; option S.a \"xy\"; option S.b \"z\"; site-option-space "
		"\"S\";"),
	    .ask = { { .type = D, .mac = 1, .more = "3703 c882 0f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a0301330400000258c802787982017a0104ffffff00" },
	{ .what = "site space without a list",
	    .conf = NET("option space S; option S.a code 200 = text; option S.a "
		"\"xy\"; site-option-space \"S\";"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0301c8027879" },
	{ .what = "text gets a zero for clients that send one",
	    .conf = NET("option domain-name \"a.de\"; option host-name \"n\";"),
	    .ask = { { .type = D, .mac = 1, .more = "0c026100 3702 0f0c" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 (a) via eth0",
	    .options = "35010236040a0a03013304000002580f05612e6465000c026e000104ffffff"
		"00" },
	{ .what = "subnet selection comes back",
	    .conf = NET("option ntp-servers 10.0.0.9;"),
	    .ask = { { .type = D, .mac = 1, .more = "76040a0a0300" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a030176040a0a"
		"03002a040a000009" },
	{ .what = "client identifier comes back on wish",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .uid = "abc", .more = "37013d" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff00" },
	{ .what = "what does not fit goes into file and sname",
	    .conf = NET("option domain-name \"" LONG_TEXT "\"; option merit-dump "
		"\"" LONG_TEXT "\"; option root-path \"" LONG_TEXT "\"; option "
		"host-name \"" LONG_TEXT "\";"),
	    .ask = { { .type = D, .mac = 1, .more = "3704 0f0e110c" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f803031323334353637383930313233"
		"34353637383930313233343536373839303132333435363738393031323334"
		"35363738393031323334353637383930313233343536373839303132333435"
		"36373839303132333435363738393031323334353637383930313233343536"
		"3738393031323334353637383930313233343536370e803031323334353637"
		"38393031323334353637383930313233343536373839303132333435363738"
		"39303132333435363738393031323334353637383930313233343536373839"
		"30313233343536373839303132333435363738393031323334353637383930"
		"313233343536373839303132333435363738393031323334353637111c3031"
		"32333435363738393031323334353637383930313233343536373401",
	    .file = "\021d890123456789012345678901234567890123456789012345678901234"
		"5678901234567890123456789012345678901234567\001\004\377\377"
		"\377" },
	{ .what = "an option longer than 255 is cut in pieces",
	    .conf = NET("option domain-name \"" LONG_TEXT LONG_TEXT LONG_TEXT
		"\";"),
	    .ask = { { .type = D, .mac = 1, .more = "390205dc 37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580fff3031323334353637383930313233"
		"34353637383930313233343536373839303132333435363738393031323334"
		"35363738393031323334353637383930313233343536373839303132333435"
		"36373839303132333435363738393031323334353637383930313233343536"
		"37383930313233343536373839303132333435363730313233343536373839"
		"30313233343536373839303132333435363738393031323334353637383930"
		"31323334353637383930313233343536373839303132333435363738393031"
		"32333435363738393031323334353637383930313233343536373839303132"
		"3334353637383930313233343536373839303132333435360f813730313233"
		"34353637383930313233343536373839303132333435363738393031323334"
		"35363738393031323334353637383930313233343536373839303132333435"
		"36373839303132333435363738393031323334353637383930313233343536"
		"37383930313233343536373839303132333435363738393031323334353637"
		"0104ffffff00" },
	{ .what = "too long for everything: left out",
	    .conf = NET("option domain-name \"" LONG_TEXT LONG_TEXT LONG_TEXT
		LONG_TEXT LONG_TEXT LONG_TEXT "\"; option host-name \"n\";"),
	    .ask = { { .type = D, .mac = 1, .more = "37020f0c" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580c016e0104ffffff00" },
	{ .what = "a small maximum size is not believed",
	    .conf = NET("option domain-name \"" LONG_TEXT "\";"),
	    .ask = { { .type = D, .mac = 1, .more = "39020064 37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f803031323334353637383930313233"
		"34353637383930313233343536373839303132333435363738393031323334"
		"35363738393031323334353637383930313233343536373839303132333435"
		"36373839303132333435363738393031323334353637383930313233343536"
		"3738393031323334353637383930313233343536370104ffffff00" },
	{ .what = "a large one neither",
	    .conf = NET("option domain-name \"a\";"),
	    .ask = { { .type = D, .mac = 1, .more = "3902ffff 37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f01610104ffffff00" },
	{ .what = "server name and file",
	    .conf = NET("server-name \"s.example\"; filename \"f\"; next-server "
		"10.0.0.3;"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0301",
	    .siaddr = 0x0a000003,
	    .sname = "s.example",
	    .file = "f" },
	{ .what = "names longer than their fields",
	    .conf = NET("server-name \"" LONG_TEXT "\"; filename \"" LONG_TEXT
		LONG_TEXT "\";"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|file name longer "
		"than packet field truncated - field: 128 name: 256 "
		"01234567890123456789012345678901234567890123456789012345678901"
		"23456789012345678901234567890123456789012345678901234567890123"
		"45670123456789012345678901234567890123456789012345678901234567"
		"89012345678901234567890123456789012345678901234567890123456789"
		"01234567|server name longer than packet field truncated - "
		"field: 64 name: 128 012345678901234567890123456789012345678901"
		"23456789012345678901234567890123456789012345678901234567890123"
		"456789012345678901234567|DHCPOFFER on 10.10.3.100 to "
		"02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0301",
	    .sname = "01234567890123456789012345678901234567890123456789012345678901"
		"23",
	    .file = "01234567890123456789012345678901234567890123456789012345678901"
		"23456789012345678901234567890123456789012345678901234567890123"
		"4567" },
	{ .what = "a server identifier of the configuration",
	    .conf = NET("option dhcp-server-identifier 10.10.3.77;"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a034d3304000002580104ffffff0003040a0a0301" },
	{ .what = "always-broadcast",
	    .conf = NET("always-broadcast on;"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0301",
	    .is_broadcast = true },
	{ .what = "the address as its own router",
	    .conf = "ping-check off; default-lease-time 600; subnet 10.10.3.0 "
		"netmask 255.255.255.0 { range 10.10.3.100 10.10.3.103; } "
		"use-lease-addr-for-default-route on;",
	    .ask = { { .type = D, .mac = 1, .more = "370103" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0364" },
	{ .what = "the name of the declaration",
	    .conf = NET("use-host-decl-names on; host box { hardware ethernet "
		"" MAC_1 "; }"),
	    .ask = { { .type = D, .mac = 1, .more = "37010c" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580c03626f780104ffffff00" },
	{ .what = "the name from the DNS",
	    .conf = NET("get-lease-hostnames on;"),
	    .ask = { { .type = D, .mac = 1, .more = "37010c" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580c07726576657273650104ffffff00" },
	{ .what = "renewal times that contradict the lease",
	    .conf = NET("option dhcp-renewal-time 700; option dhcp-rebinding-time "
		"500;"),
	    .ask = { { .type = D, .mac = 1, .more = "37023a3b" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002583b04000001f40104ffffff00" },
	{ .what = "renewal times in order",
	    .conf = NET("option dhcp-renewal-time 100; option dhcp-rebinding-time "
		"500;"),
	    .ask = { { .type = D, .mac = 1, .more = "37023a3b" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002583a04000000643b04000001f40104ffff"
		"ff00" },
	{ .what = "the wish of the client within the limits",
	    .conf = NET("max-lease-time 1000; min-lease-time 300;"),
	    .ask = { { .type = D, .mac = 1, .more = "330400000064" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a030133040000012c0104ffffff0003040a0a0301" },
	{ .what = "and above them",
	    .conf = NET("max-lease-time 1000;"),
	    .ask = { { .type = D, .mac = 1, .more = "330400010000" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000003e80104ffffff0003040a0a0301" },
	{ .what = "a default above the maximum",
	    .conf = NET("default-lease-time 5000; max-lease-time 1000;"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000003e80104ffffff0003040a0a0301" },
	{ .what = "a full pool shortens",
	    .conf = NET("adaptive-lease-time-threshold 50; min-lease-time 100;"),
	    .ask = { { .type = R, .mac = 2, .want = FIRST + 1 },
		{ .type = R, .mac = 3, .want = FIRST + 2 },
		{ .type = D, .mac = 1 } },
	    .log = "Adap-lease: Total: 4, Free: 2, Ends: -1800000000, Adaptive: "
		"100, Fill: 50, Threshold: 50|Pool over threshold, time for "
		"10.10.3.100 reduced from 600 to 100.|DHCPDISCOVER from "
		"02:00:00:00:aa:01 via eth0|DHCPOFFER on 10.10.3.100 to "
		"02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000000640104ffffff0003040a0a0301" },
	{ .what = "half full is not full",
	    .conf = NET("adaptive-lease-time-threshold 60;"),
	    .ask = { { .type = R, .mac = 2, .want = FIRST + 1 },
		{ .type = D, .mac = 1 } },
	    .log = "Adap-lease: Total: 4, Free: 3, Ends: -1800000000, Adaptive: "
		"300, Fill: 25, Threshold: 60|DHCPDISCOVER from "
		"02:00:00:00:aa:01 via eth0|DHCPOFFER on 10.10.3.100 to "
		"02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "for ever is reserved",
	    .conf = NET("infinite-is-reserved on; max-lease-time infinite;"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST, .more = "3304ffffffff" } },
	    .log = "Infinite-leasetime reservation made on 10.10.3.100.|Cannot "
		"reuse: lease is changing to RESERVED|DHCPREQUEST for "
		"10.10.3.100 from 02:00:00:00:aa:01 via eth0|DHCPACK on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a0301330414b62dff0104ffffff0003040a0a0301" },
	{ .what = "a young lease is confirmed as it is",
	    .conf = NET("dhcp-cache-threshold 30;"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST },
		{ .type = R, .mac = 1, .want = FIRST } },
	    .log = "reuse_lease: lease age 0 (secs) under 30% threshold, reply "
		"with unaltered, existing lease for 10.10.3.100|DHCPREQUEST "
		"for 10.10.3.100 from 02:00:00:00:aa:01 via eth0|DHCPACK on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "unless that is off",
	    .conf = NET("dhcp-cache-threshold 0;"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST },
		{ .type = R, .mac = 1, .want = FIRST } },
	    .log = "DHCPREQUEST for 10.10.3.100 from 02:00:00:00:aa:01 via "
		"eth0|DHCPACK on 10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "or not a percentage",
	    .conf = NET("dhcp-cache-threshold 100;"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST },
		{ .type = R, .mac = 1, .want = FIRST } },
	    .log = "reuse_lease: lease age 0 (secs) under 25% threshold, reply "
		"with unaltered, existing lease for 10.10.3.100|DHCPREQUEST "
		"for 10.10.3.100 from 02:00:00:00:aa:01 via eth0|DHCPACK on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "a pool that fills is said once",
	    .conf = NET("log-threshold-high 50; log-threshold-low 30;"),
	    .ask = { { .type = R, .mac = 2, .want = FIRST + 1 },
		{ .type = R, .mac = 3, .want = FIRST + 2 },
		{ .type = R, .mac = 1, .want = FIRST } },
	    .log = "Pool threshold exceeded - shared subnet: 10.10.3.0/24; "
		"address: 10.10.3.100; high threshold 50% 2/4.|DHCPREQUEST for "
		"10.10.3.100 from 02:00:00:00:aa:01 via eth0|DHCPACK on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "an empty name is none",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .more = "0c00 37010c" } },
	    .log = "Ignoring empty DHO_HOST_NAME option|DHCPDISCOVER from "
		"02:00:00:00:aa:01 via eth0|DHCPOFFER on 10.10.3.100 to "
		"02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff00" },
	{ .what = "an empty identifier is refused",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .more = "3d00" } },
	    .log = "Dropped DHCPv4 packet with zero-length client-id" },
	{ .what = "an identifier of one octet is taken",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .more = "3d0101" } },
	    .log = "Accepted DHCPv4 packet with one-character client-id - a "
		"future version of ISC DHCP will reject this|DHCPDISCOVER from "
		"02:00:00:00:aa:01 via eth0|DHCPOFFER on 10.10.3.100 to "
		"02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "an option cut by the end of the packet",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .more = "0c50" } },
	    .log = "parse_option_buffer: malformed option dhcp.<unknown> (code "
		"12): option length exceeds option buffer length." },
	{ .what = "BOOTP with vendor octets of the old kind",
	    .conf = NET("allow bootp; host b { hardware ethernet " MAC_1 "; fixed-address "
		"10.10.3.50; filename \"x\"; }"),
	    .ask = { { .type = B, .mac = 1 } },
	    .log = "BOOTREQUEST from 02:00:00:00:aa:01 via eth0|BOOTREPLY for "
		"10.10.3.50 to b (02:00:00:00:aa:01) via eth0",
	    .options = "",
	    .siaddr = 0x0a0a0301,
	    .file = "x" },
	{ .what = "BOOTP answered in the new way",
	    .conf = NET("always-reply-rfc1048 on; host b { hardware ethernet "
		"" MAC_1 "; fixed-address 10.10.3.50; }"),
	    .ask = { { .type = B, .mac = 1 } },
	    .log = "BOOTREQUEST from 02:00:00:00:aa:01 via eth0|BOOTREPLY for "
		"10.10.3.50 to b (02:00:00:00:aa:01) via eth0",
	    .options = "0104ffffff0003040a0a0301",
	    .siaddr = 0x0a0a0301 },
	{ .what = "BOOTP from a pool",
	    .conf = NET("subnet 10.10.4.0 netmask 255.255.255.0 { range dynamic-bootp "
		"10.10.4.5 10.10.4.6; } always-broadcast on;"),
	    .ask = { { .type = B, .mac = 1, .giaddr = 0x0a0a0401 } },
	    .log = "BOOTREQUEST from 02:00:00:00:aa:01 via 10.10.4.1|BOOTREPLY on "
		"10.10.4.5 to 02:00:00:00:aa:01 via 10.10.4.1",
	    .options = "0104ffffff00" },
	{ .what = "BOOTP refused",
	    .conf = NET("deny bootp; host b { hardware ethernet " MAC_1 "; fixed-address "
		"10.10.3.50; }"),
	    .ask = { { .type = B, .mac = 1 } },
	    .log = "BOOTREQUEST from 02:00:00:00:aa:01 via eth0: bootp disallowed" },
	{ .what = "min-secs",
	    .conf = NET("min-secs 5;"),
	    .ask = { { .type = D, .mac = 1, .secs = 4 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0: configured "
		"min-secs value (5) is greater than secs field (4).  message "
		"dropped." },
	{ .what = "booting refused",
	    .conf = NET("host b { hardware ethernet " MAC_1 "; deny booting; "
		"}"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0: booting "
		"disallowed" },
	{ .what = "unknown clients refused",
	    .conf = NET("deny unknown-clients;"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0: unknown client" },
	{ .what = "duplicates denied: the older lease goes",
	    .conf = NET("deny duplicates;"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST },
		{ .type = R, .mac = 1, .want = FIRST + 1, .uid = "other" } },
	    .log = "DHCPREQUEST for 10.10.3.101 from 02:00:00:00:aa:01 via "
		"eth0|DHCPACK on 10.10.3.101 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "variables of a lease",
	    .conf = NET("set octet = packet(0, 1); set number = 7; set truth "
		"= known; on commit { set mine = \"x\"; log(info, concat(mine, "
		"\"y\")); }"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST } },
	    .log = "xy|DHCPREQUEST for 10.10.3.100 from 02:00:00:00:aa:01 via "
		"eth0|DHCPACK on 10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "execute",
	    .conf = NET("on commit { execute(\"/bin/true\", \"a\"); }"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST } },
	    .log = "execute_statement argv[0] = /bin/true|execute_statement "
		"argv[1] = a|DHCPREQUEST for 10.10.3.100 from "
		"02:00:00:00:aa:01 via eth0|DHCPACK on 10.10.3.100 to "
		"02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "a name in the DNS",
	    .conf = NET("option log-servers known.example;"),
	    .ask = { { .type = D, .mac = 1, .more = "370107" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a030133040000025807040a0a03320104ffffff00" },
	{ .what = "the server's own name",
	    .conf = NET("option root-path = concat(gethostname(), \"x\");"),
	    .ask = { { .type = D, .mac = 1, .more = "370111" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002581107736572766572780104ffffff00" },
	{ .what = "a host found by an option",
	    .conf = NET("host h { host-identifier option host-name \"pc\"; option "
		"domain-name \"h.de\"; }"),
	    .ask = { { .type = D, .mac = 1, .host = "pc", .more = "37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 (pc) via eth0",
	    .options = "35010236040a0a03013304000002580f04682e64650104ffffff00" },
	{ .what = "parsed vendor options",
	    .conf = NET("option space V; option V.a code 1 = text; vendor-option-space "
		"V; parse-vendor-option; option domain-name = option V.a;"),
	    .ask = { { .type = D, .mac = 1, .more = "2b040102 7879 37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f0278790104ffffff00" },
	{ .what = "log(fatal) ends it",
	    .conf = NET("host b { hardware ethernet " MAC_1 "; log(fatal, \"over\"); "
		"}"),
	    .ask = { { .type = D, .mac = 1 } },
	    .log = "over" },
	{ .what = "agent options of the start stay with the lease",
	    .conf = NET("stash-agent-options on; option domain-name = option "
		"agent.circuit-id;"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST, .giaddr = SERVER,
		.more = "5205 0103616263" },
		{ .type = R, .mac = 1, .ciaddr = FIRST, .src = FIRST, .more = "37010f" } },
	    .log = "reuse_lease: lease age 0 (secs) under 25% threshold, reply "
		"with unaltered, existing lease for 10.10.3.100|DHCPREQUEST "
		"for 10.10.3.100 from 02:00:00:00:aa:01 via eth0|DHCPACK on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580f036162630104ffffff00" },
	{ .what = "agent options come back last",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .giaddr = SERVER, .more = "5205 0103616263" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via 10.10.3.1|DHCPOFFER "
		"on 10.10.3.100 to 02:00:00:00:aa:01 via 10.10.3.1",
	    .options = "35010236040a0a03013304000002580104ffffff0003040a0a030152050103"
		"616263" },
	{ .what = "classes by what is known",
	    .conf = NET("class \"a\" { match if known; } class \"b\" { match "
		"if not known; option domain-name \"b.de\"; }"),
	    .ask = { { .type = D, .mac = 1, .more = "37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f04622e64650104ffffff00" },
	{ .what = "a spawned class",
	    .conf = NET("class \"v\" { spawn with option host-name; lease limit "
		"1; option domain-name \"v.de\"; }"),
	    .ask = { { .type = R, .mac = 2, .want = FIRST + 1, .host = "x" },
		{ .type = D, .mac = 1, .host = "x", .more = "37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0: no available "
		"billing: lease limit reached in all matching classes (last: "
		"'v')" },
	{ .what = "one lease per client",
	    .conf = NET("one-lease-per-client on;"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST },
		{ .type = R, .mac = 1, .want = FIRST + 1 } },
	    .log = "DHCPREQUEST for 10.10.3.101 from 02:00:00:00:aa:01 via "
		"eth0|DHCPACK on 10.10.3.101 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "variables of a lease at the next packet",
	    .conf = NET("if not defined(word) { set number = 7; set word = \"q\"; "
		"set truth = known; } elsif number = 7 { log(info, concat(\"again "
		"\", word)); }"),
	    .ask = { { .type = R, .mac = 1, .want = FIRST },
		{ .type = R, .mac = 1, .want = FIRST } },
	    .log = "again q|reuse_lease: lease age 0 (secs) under 25% threshold, "
		"reply with unaltered, existing lease for "
		"10.10.3.100|DHCPREQUEST for 10.10.3.100 from "
		"02:00:00:00:aa:01 via eth0|DHCPACK on 10.10.3.100 to "
		"02:00:00:00:aa:01 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "a pool that is over its limit stays quiet",
	    .conf = NET("log-threshold-high 50; log-threshold-low 30;"),
	    .ask = { { .type = R, .mac = 2, .want = FIRST + 1 },
		{ .type = R, .mac = 3, .want = FIRST + 2 },
		{ .type = R, .mac = 4, .want = FIRST },
		{ .type = R, .mac = 5, .want = FIRST + 3 } },
	    .log = "DHCPREQUEST for 10.10.3.103 from 02:00:00:00:aa:05 via "
		"eth0|DHCPACK on 10.10.3.103 to 02:00:00:00:aa:05 via eth0",
	    .options = "35010536040a0a03013304000002580104ffffff0003040a0a0301" },
	{ .what = "a relay without an address of ours",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .giaddr = 0x0a630101 } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via 10.99.1.1: unknown "
		"network segment" },
	{ .what = "a selected subnet of the wrong size",
	    .conf = NET(""),
	    .ask = { { .type = D, .mac = 1, .giaddr = SERVER, .more = "5205 05030a0a03" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via 10.10.3.1: unknown "
		"network segment" },
	{ .what = "a subnet selected by the client",
	    .conf = NET("subnet 10.10.4.0 netmask 255.255.255.0 { range 10.10.4.5 "
		"10.10.4.6; }"),
	    .ask = { { .type = D, .mac = 1, .more = "76040a0a0400" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.4.5 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffffff0076040a0a0400" },
	{ .what = "option 81 is answered",
	    .conf = NET("option fqdn.fqdn \"x.de\";"),
	    .ask = { { .type = D, .mac = 1, .more = "5106000000612e64 370151" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a030133040000025851060804782e64650104ffffff00" },
	{ .what = "a maximum size by configuration",
	    .conf = NET("option dhcp-max-message-size 400; option domain-name "
		"\"" LONG_TEXT "\"; option root-path \"" LONG_TEXT "\"; option "
		"host-name \"" LONG_TEXT "\";"),
	    .ask = { { .type = D, .mac = 1, .more = "3703 0f110c" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580f803031323334353637383930313233"
		"34353637383930313233343536373839303132333435363738393031323334"
		"35363738393031323334353637383930313233343536373839303132333435"
		"36373839303132333435363738393031323334353637383930313233343536"
		"37383930313233343536373839303132333435363711803031323334353637"
		"38393031323334353637383930313233343536373839303132333435363738"
		"39303132333435363738393031323334353637383930313233343536373839"
		"30313233343536373839303132333435363738393031323334353637383930"
		"3132333435363738393031323334353637383930313233343536370c1c3031"
		"32333435363738393031323334353637383930313233343536373401",
	    .file = "\014d890123456789012345678901234567890123456789012345678901234"
		"5678901234567890123456789012345678901234567\001\004\377\377"
		"\377" },
	{ .what = "BOOTP for a length of time",
	    .conf = "ping-check off; default-lease-time 600; subnet 10.10.3.0 "
		"netmask 255.255.255.0 { range dynamic-bootp 10.10.3.100 "
		"10.10.3.103; } dynamic-bootp-lease-length 3600; dynamic-bootp-lease-cutoff "
		"1800000500;",
	    .ask = { { .type = B, .mac = 1 } },
	    .log = "BOOTREQUEST from 02:00:00:00:aa:01 via eth0|BOOTREPLY on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "0104ffffff00" },
	{ .what = "a configured mask, and the mask before the router",
	    .conf = NET("option routers 10.10.3.2, 10.10.3.3; option time-offset "
		"3600; option subnet-mask 255.255.0.0;"),
	    .ask = { { .type = D, .mac = 1, .more = "3703 030201" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via eth0|DHCPOFFER on "
		"10.10.3.100 to 02:00:00:00:aa:01 via eth0",
	    .options = "35010236040a0a03013304000002580104ffff0000020400000e1003040a0a"
		"0301" },
	{ .what = "a class added by a statement",
	    .conf = NET("class \"c\" { option domain-name \"c.de\"; } subnet "
		"10.10.4.0 netmask 255.255.255.0 { range 10.10.4.5 10.10.4.6; "
		"add \"c\"; }"),
	    .ask = { { .type = D, .mac = 1, .giaddr = 0x0a0a0401, .more = "37010f" } },
	    .log = "DHCPDISCOVER from 02:00:00:00:aa:01 via 10.10.4.1|DHCPOFFER "
		"on 10.10.4.5 to 02:00:00:00:aa:01 via 10.10.4.1",
	    .options = "35010236040a0a03013304000002580f04632e64650104ffffff00" },
};

static void
log_is(const struct dworld *w, const char *want)
{
	char got[4096] = "";
	size_t n = 0;

	for (size_t i = 0; i < w->out.log.n; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%.*s",
		    i > 0 ? "|" : "", STR_ARG(w->out.log.line[i].text));
	ck_assert_str_eq(got, want);
}

/* A field of the header up to its first zero. */
static void
field_is(const uint8_t *p, size_t size, const char *want)
{
	char got[PROTO_FILE_LEN + 1] = "";

	memcpy(got, p, size);
	ck_assert_str_eq(got, want != NULL ? want : "");
}

static void
options_are(const struct dworld *w, const char *want)
{
	struct str p = w->out.reply.payload;
	char got[4096] = "";
	size_t end = p.len, n = 0;

	while (end > 0 && p.p[end - 1] == 0)
		end--;
	for (size_t i = PROTO_OFF_OPTIONS + 4; i + 1 < end; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%02x",
		    (unsigned char)p.p[i]);
	ck_assert_str_eq(got, want);
}

START_TEST(rule)
{
	const struct row *row = &rows[_i];
	struct dworld *w = dworld_new(row->conf);
	enum decide_verdict verdict = DECIDE_DROP;
	struct packet p;

	printf("%s\n", row->what);		/* shown when the test fails */
	for (size_t i = 0; i < ARRAY_LEN(row->ask) && row->ask[i].mac != 0; i++)
		verdict = tell(w, &row->ask[i]);
	log_is(w, row->log);
	ck_assert_int_eq(verdict, row->options != NULL ? DECIDE_REPLY :
	    DECIDE_DROP);
	if (row->options != NULL) {
		p = answer(w);
		options_are(w, row->options);
		ck_assert_msg(p.head.siaddr == row->siaddr, "siaddr %x",
		    (unsigned)p.head.siaddr);
		ck_assert_msg(w->out.reply.dst == (row->is_broadcast ?
		    0xffffffff : w->out.reply.dst), "to everybody");
		field_is((const uint8_t *)w->out.reply.payload.p +
		    PROTO_OFF_SNAME, PROTO_SNAME_LEN, row->sname);
		field_is((const uint8_t *)w->out.reply.payload.p +
		    PROTO_OFF_FILE, PROTO_FILE_LEN, row->file);
	}
	dworld_free(w);
}
END_TEST

T_MAIN("dhcpd_reply") {
	T_LOOP(rule, 0, (int)ARRAY_LEN(rows));
}
