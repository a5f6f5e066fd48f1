/* SPDX-License-Identifier: ISC */
/*
 * Addresses as keys: what tells clients apart, and nothing else.
 */
#include "tests/unit/t.h"

#include "tftpd/peer.h"

static bool
same(const struct peer *a, const struct peer *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

START_TEST(padding_does_not_count)
{
	for (int family = 0; family < 2; family++) {
		union port_addr a, b;
		struct peer pa, pb;
		struct peer_place place, other;
		const struct port *port = (const void *)&a;

		memset(&a, 0, sizeof(a));
		memset(&b, 0xff, sizeof(b));
		a.sa.sa_family = b.sa.sa_family = family == 0 ? AF_INET : AF_INET6;
		if (family == 0) {
			a.in4.sin_port = b.in4.sin_port = htons(1024);
			a.in4.sin_addr = b.in4.sin_addr =
			    (struct in_addr){ htonl(0x0a000001) };
		} else {
			a.in6.sin6_port = b.in6.sin6_port = htons(1024);
			a.in6.sin6_addr = b.in6.sin6_addr = in6addr_loopback;
			a.in6.sin6_scope_id = b.in6.sin6_scope_id = 3;
		}
		pa = peer_of(&a);
		pb = peer_of(&b);
		ck_assert_msg(same(&pa, &pb), "the same client");
		place = peer_at(&a, port);
		other = peer_at(&b, port);
		ck_assert_msg(memcmp(&place, &other, sizeof(place)) == 0,
		    "the same place");
		other = peer_at(&a, NULL);
		ck_assert_msg(memcmp(&place, &other, sizeof(place)) != 0,
		    "another port of ours");
		b.in4.sin_port = htons(1025);	/* at one place in both families */
		pb = peer_of(&b);
		ck_assert_msg(!same(&pa, &pb), "another port");
		pa = peer_machine(&a);
		pb = peer_machine(&b);
		ck_assert_msg(same(&pa, &pb), "the same machine");
		if (family == 0)
			b.in4.sin_addr.s_addr ^= 1;
		else
			b.in6.sin6_scope_id++;
		pb = peer_machine(&b);
		ck_assert_msg(!same(&pa, &pb), "another machine");
	}
}
END_TEST

T_MAIN("tftpd_peer") {
	T_ADD(padding_does_not_count);
}
