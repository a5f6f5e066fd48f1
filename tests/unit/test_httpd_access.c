/* SPDX-License-Identifier: ISC */
/*
 * Rules of access walked one by one, with what only a name server or a group
 * file can tell; reasons and bodies of status codes.
 */
#include "tests/unit/t.h"

#include "common/cc.h"
#include "httpd/access.h"
#include "httpd/proto.h"

static struct addr me, here;
static struct env env;

static bool
in_group(void *ctx, struct str group)
{
	(void)ctx;
	return str_eq(group, STR("g"));
}

static struct access_in
asks(const char *user, const char *host)
{
	struct access_in in = { .client = &me, .local = &here, .env = &env,
	    .method = PROTO_GET, .in_group = in_group };

	me = addr_v4(0x0a000063);
	here = addr_v4(0x0a000001);
	in.has_user = user != NULL;
	in.user = str_of(user);
	in.host = str_of(host);
	return in;
}

static const struct {
	const char *domain, *host;
	bool is_in;
} domains[] = {
	{ "b.example", "a.b.example", true }, { ".example", "a.example", true },
	{ "b.example", "b.example", true }, { "B.Example", "a.b.EXAMPLE", true },
	{ "b.example", "ab.example", false }, { "", "a", false },
	{ "longer.example", "example", false }, { "b.example", "", false },
	{ "c.example", "a.b.example", false },
};

START_TEST(domains_end_at_dots)
{
	struct str word = str_of(domains[_i].domain);
	struct access_node rule = { .kind = ACCESS_HOST, .limit = UINT32_MAX,
	    .words = { &word, 1 } };
	struct access_in in = asks(NULL, domains[_i].host);
	struct access_entry e = { .who = ACCESS_WHO_HOST, .limit = UINT32_MAX,
	    .name = word };
	struct access_compat compat = { .order_allow_deny = UINT32_MAX,
	    .allow = { &e, 1 } };

	ck_assert_msg(access_host_in(in.host, word) == domains[_i].is_in,
	    "%s in %s", domains[_i].host, domains[_i].domain);
	ck_assert_int_eq(access_require(&rule, &in), domains[_i].is_in ?
	    ACCESS_OK : ACCESS_REFUSED);
	ck_assert_msg(access_compat_ok(&compat, &in) == domains[_i].is_in,
	    "Allow from %s", domains[_i].domain);
}
END_TEST

/* Rules that say neither yes nor no decide nothing, not even by their absence. */
START_TEST(neutral_rules)
{
	struct access_in in = asks(NULL, NULL);
	struct access_node no = { .kind = ACCESS_DENIED, .limit = UINT32_MAX,
	    .is_not = true };
	struct access_node yes = { .kind = ACCESS_GRANTED, .limit = UINT32_MAX };
	const struct access_node *kid = &no;
	struct access_node none = { .kind = ACCESS_NONE, .limit = UINT32_MAX,
	    .kids = &kid, .kids_n = 1 };
	const struct access_node *both[2] = { &yes, &none };
	struct access_node all = { .kind = ACCESS_ALL, .limit = UINT32_MAX,
	    .kids = both, .kids_n = 2 };

	ck_assert_int_eq(access_require(&all, &in), ACCESS_OK);
	kid = &yes;		/* RequireNone with a hit is a no */
	ck_assert_int_eq(access_require(&all, &in), ACCESS_REFUSED);
}
END_TEST

START_TEST(users_and_groups)
{
	static const struct str words[] = { STR_INIT("joe"), STR_INIT("g") };
	struct access_node user = { .kind = ACCESS_USER, .limit = UINT32_MAX,
	    .words = { words, 2 } };
	struct access_node group = user, any = user, nobody = user;
	struct access_in joe = asks("joe", NULL), jane = asks("jane", NULL),
	    none = asks(NULL, NULL);

	group.kind = ACCESS_GROUP;
	any.kind = ACCESS_VALID_USER;
	nobody.words.n = 0;
	ck_assert_int_eq(access_require(&user, &joe), ACCESS_OK);
	ck_assert_int_eq(access_require(&user, &jane), ACCESS_REFUSED);
	ck_assert_int_eq(access_require(&user, &none), ACCESS_NEED_USER);
	ck_assert_int_eq(access_require(&group, &jane), ACCESS_OK);
	group.words.n = 1;
	ck_assert_int_eq(access_require(&group, &jane), ACCESS_REFUSED);
	ck_assert_int_eq(access_require(&any, &jane), ACCESS_OK);
	ck_assert_int_eq(access_require(&any, &none), ACCESS_NEED_USER);
	ck_assert_int_eq(access_require(&nobody, &joe), ACCESS_REFUSED);
	ck_assert_int_eq(access_require(NULL, &none), ACCESS_OK);
}
END_TEST

START_TEST(local_is_this_machine)
{
	struct access_node local = { .kind = ACCESS_LOCAL, .limit = UINT32_MAX };
	struct access_in in = asks(NULL, NULL);

	ck_assert_int_eq(access_require(&local, &in), ACCESS_REFUSED);
	me = here;
	ck_assert_int_eq(access_require(&local, &in), ACCESS_OK);
	me = addr_v4(0x7f000001);
	ck_assert_int_eq(access_require(&local, &in), ACCESS_OK);
	local.is_not = true;
	ck_assert_int_eq(access_require(&local, &in), ACCESS_REFUSED);
}
END_TEST

/* Containers in containers beyond the limit refuse. */
START_TEST(depth_is_bounded)
{
	struct access_node nodes[ACCESS_DEPTH_MAX + 2] = { { 0 } };
	const struct access_node *kids[ACCESS_DEPTH_MAX + 2];
	struct access_in in = asks(NULL, NULL);
	size_t last = ARRAY_LEN(nodes) - 1;

	for (size_t i = 0; i < last; i++) {
		kids[i] = &nodes[i + 1];
		nodes[i] = (struct access_node){ .kind = ACCESS_ALL,
		    .limit = UINT32_MAX, .kids = &kids[i], .kids_n = 1 };
	}
	nodes[last] = (struct access_node){ .kind = ACCESS_GRANTED,
	    .limit = UINT32_MAX };
	ck_assert_int_eq(access_require(&nodes[0], &in), ACCESS_REFUSED);
	ck_assert_int_eq(access_require(&nodes[4], &in), ACCESS_OK);
	ck_assert_msg(access_looks_at(&nodes[0], NULL), "too deep to say");
	ck_assert_msg(!access_looks_at(&nodes[last], NULL), "granted to all");
}
END_TEST

/* A rule within <Limit> says nothing about other methods. */
START_TEST(limits_of_methods)
{
	struct access_entry e = { .who = ACCESS_WHO_ALL,
	    .limit = 1u << PROTO_POST };
	struct access_compat compat = { .deny = { &e, 1 } };
	struct access_in in = asks(NULL, NULL);

	ck_assert_msg(access_compat_ok(&compat, &in), "GET");
	ck_assert_msg(access_looks_at(NULL, &compat), "the method matters");
	in.method = PROTO_POST;
	ck_assert_msg(!access_compat_ok(&compat, &in), "POST");
}
END_TEST

START_TEST(every_status_has_a_reason)
{
	static const struct {
		int status;
		const char *reason;
		bool has_body;
	} codes[] = {
		{ 100, "Continue", false }, { 199, "Continue", false },
		{ 200, "OK", true }, { 204, "No Content", false },
		{ 299, "OK", true }, { 304, "Not Modified", false },
		{ 399, "Multiple Choices", true }, { 404, "Not Found", true },
		{ 499, "Bad Request", true },
		{ 500, "Internal Server Error", true },
		{ 599, "Internal Server Error", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		ck_assert_str_eq(proto_reason(codes[i].status),
		    codes[i].reason);
		ck_assert_msg(proto_has_body(codes[i].status) ==
		    codes[i].has_body, "%d", codes[i].status);
	}
}
END_TEST

T_MAIN("httpd_access") {
	T_LOOP(domains_end_at_dots, 0, (int)ARRAY_LEN(domains));
	T_ADD(neutral_rules);
	T_ADD(users_and_groups);
	T_ADD(local_is_this_machine);
	T_ADD(depth_is_bounded);
	T_ADD(limits_of_methods);
	T_ADD(every_status_has_a_reason);
}
