/* SPDX-License-Identifier: ISC */
/*
 * num, ip4 and net_addr_parse: what is accepted means the same to libc, and
 * printing it and reading it again gives the same value.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/ip4.h"
#include "common/net.h"
#include "common/num.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
expect(bool ok)
{
	if (!ok)
		abort();
}

static void
check_num(struct str s, const char *text)
{
	bool is_digits = s.len > 0 && strspn(text, "0123456789") == s.len;
	unsigned long long u;
	uint64_t v;
	int64_t i;

	errno = 0;
	u = strtoull(text, NULL, 10);
	expect(num_u64(s, 0, UINT64_MAX, &v) == (is_digits && errno == 0));
	if (num_u64(s, 0, UINT64_MAX, &v))
		expect(v == u);
	if (num_u64(s, 5, 500, &v))
		expect(v >= 5 && v <= 500);
	if (num_i64(s, INT64_MIN, INT64_MAX, &i))
		expect(i == strtoll(text, NULL, 10));
	if (num_hex(s, UINT64_MAX, &v))
		expect(v == strtoull(text, NULL, 16) &&
		    isxdigit((unsigned char)text[s.len - 1]));
}

static void
check_addr(struct str s, const char *text)
{
	char shown[NET_TEXT_SIZE];
	union net_addr addr, again;
	struct in_addr in4;
	uint32_t ip;

	if (ip4_parse(s, &ip)) {
		expect(inet_pton(AF_INET, text, &in4) == 1);
		expect(ntohl(in4.s_addr) == ip);
		expect(str_eq(ip4_fmt(ip, shown), s));
	}
	if (!net_addr_parse(s, 1, &addr))
		return;
	expect(net_addr_parse(net_addr_fmt(&addr, shown), 1, &again));
	net_addr_unmap(&addr);
	/* A scope without an interface is not shown. */
	if (addr.sa.sa_family == AF_INET || addr.in6.sin6_scope_id == 0)
		expect(net_addr_eq(&addr, &again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	char text[256];

	if (!str_copy(str_make(p, len), text, sizeof(text)))
		return 0;
	check_num(str_make(p, len), text);
	check_addr(str_make(p, len), text);
	return 0;
}
