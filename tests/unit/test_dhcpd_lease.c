/* SPDX-License-Identifier: ISC */
/* The table: indexes, preference, queues, expiry, walking, variables. */
#include "dhcpd/lease.h"

#include "tests/unit/lt.h"

#define RANGE "10.10.3.100-10.10.3.119"

static void
first_by_uid(struct lt *lt, const char *uid, const char *want)
{
	char ip[IP4_TEXT_SIZE];

	ck_assert_str_eq(lt_addr(lt, lease_first_by_uid(&lt->t, str_of(uid)),
	    ip), want);
}

START_TEST(an_untouched_address_is_free)
{
	struct lt lt;
	struct lease *l;
	struct lease_data d;

	lt_new(&lt, RANGE);
	l = lt_lease(&lt, "10.10.3.107");
	lease_get(&lt.t, l, &d);
	ck_assert_int_eq(lease_state(l), LEASE_FREE);
	ck_assert_int_eq(d.state, LEASE_FREE);
	ck_assert_int_eq(d.rewind, LEASE_FREE);
	ck_assert_int_eq((int)lease_uid(&lt.t, l).len, 0);
	ck_assert_int_eq((int)lease_hw(&lt.t, l).len, 0);
	ck_assert_msg(lease_addr(&lt.t, l) == lt_ip("10.10.3.107"), "address");
	ck_assert_msg(lease_first_by_uid(&lt.t, STR("x")) == NULL, "uid");
	ck_assert_msg(lease_first_by_uid(&lt.t, STR("")) == NULL, "no uid");
	ck_assert_msg(lease_first_by_hw(&lt.t, 1, STR("")) == NULL, "no hw");
	lt_free(&lt);
}
END_TEST

START_TEST(a_commit_is_found_by_both_keys_until_the_next)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700);
	struct str hw = str_make(d.hw, 6);

	lt_new(&lt, RANGE);
	d.uid = STR("one");
	d.hostname = STR("host");
	lt_commit(&lt, "10.10.3.100", &d);
	first_by_uid(&lt, "one", "10.10.3.100");
	ck_assert_msg(lease_first_by_hw(&lt.t, 1, hw) ==
	    lt_lease(&lt, "10.10.3.100"), "hardware");
	ck_assert_msg(lease_first_by_hw(&lt.t, 6, hw) == NULL, "type");
	d.uid = STR("two");
	d.hw[5] = 9;
	lt_commit(&lt, "10.10.3.100", &d);
	first_by_uid(&lt, "one", "none");
	first_by_uid(&lt, "two", "10.10.3.100");
	ck_assert_msg(lease_first_by_hw(&lt.t, 1, hw) ==
	    lt_lease(&lt, "10.10.3.100"), "new hardware");
	ck_assert_msg(str_eq(lease_hostname(&lt.t,
	    lt_lease(&lt, "10.10.3.100")), STR("host")), "host name");
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(a_commit_may_point_into_the_lease_itself)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700);
	struct lease *l;

	lt_new(&lt, RANGE);
	l = lt_lease(&lt, "10.10.3.100");
	d.uid = STR("a rather long client identifier");
	d.hostname = STR("name");
	lt_commit(&lt, "10.10.3.100", &d);
	for (int k = 0; k < 100; k++) {
		lease_get(&lt.t, l, &d);
		d.ends++;
		d.hostname = str_sub(d.hostname, 0, (size_t)(4 - k % 2));
		ck_assert_msg(lease_commit(&lt.t, l, &d), "commit");
	}
	ck_assert_msg(str_eq(lease_uid(&lt.t, l),
	    STR("a rather long client identifier")), "uid");
	ck_assert_msg(str_eq(lease_hostname(&lt.t, l), STR("nam")), "name");
	lt_free(&lt);
}
END_TEST

/* Measured on ISC's server: a binding is entered with the state and cltt it
 * had before, so after getting B beside A the client is offered A; after
 * renewing B it is offered B. */
START_TEST(a_client_with_two_leases_has_the_order_of_isc)
{
	struct lt lt;
	struct lease_data a = lt_data(LEASE_ACTIVE, 1, 100, 700), b = a, r;

	lt_new(&lt, RANGE);
	a.uid = b.uid = STR("u1");
	lt_commit(&lt, "10.10.3.100", &a);
	lease_get(&lt.t, lt_lease(&lt, "10.10.3.100"), &r);
	lease_data_release(&r, 101);
	lt_commit(&lt, "10.10.3.100", &r);
	lt_commit(&lt, "10.10.3.110", &b);
	first_by_uid(&lt, "u1", "10.10.3.100");
	b.ends = 900;
	lt_commit(&lt, "10.10.3.110", &b);
	first_by_uid(&lt, "u1", "10.10.3.110");
	ck_assert_msg(lease_next_by_uid(&lt.t, lt_lease(&lt, "10.10.3.110")) ==
	    lt_lease(&lt, "10.10.3.100"), "second");
	ck_assert_msg(lease_next_by_uid(&lt.t,
	    lt_lease(&lt, "10.10.3.100")) == NULL, "third");
	lt_free(&lt);
}
END_TEST

START_TEST(abandoning_forgets_the_client)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700);
	struct lease *l;

	lt_new(&lt, RANGE);
	l = lt_lease(&lt, "10.10.3.100");
	d.uid = STR("u");
	d.vars = STR("\001\001n\000\001v");
	lt_commit(&lt, "10.10.3.100", &d);
	lease_data_abandon(&d, 86400);
	lt_commit(&lt, "10.10.3.100", &d);
	ck_assert_int_eq(lease_state(l), LEASE_ABANDONED);
	ck_assert_int_eq((int)l->tstp, 86400);
	ck_assert_int_eq((int)lease_hw(&lt.t, l).len, 0);
	ck_assert_int_eq((int)l->blob, 0);
	first_by_uid(&lt, "u", "none");
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(expiry_keeps_the_client_and_its_variables)
{
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700);

	d.uid = STR("u");
	d.hostname = STR("h");
	d.agent = STR("\001\001x");
	d.class_name = STR("c");
	d.vars = STR("\001\001n\000\001v");
	d.on_expiry = 3;
	lease_data_expire(&d);
	ck_assert_int_eq(d.state, LEASE_FREE);
	ck_assert_int_eq((int)d.tstp, 700);
	ck_assert_int_eq((int)d.ends, 700);
	ck_assert_msg(d.uid.len == 1 && d.hw_len == 6 && d.vars.len != 0,
	    "client kept");
	ck_assert_msg(d.hostname.len == 0 && d.agent.len == 0 &&
	    d.class_name.len == 0 && d.on_expiry == 0, "the rest dropped");
}
END_TEST

START_TEST(due_leases_come_in_order_of_their_end)
{
	struct lt lt;
	struct lease_data d;
	int64_t at;
	char ip[IP4_TEXT_SIZE];

	lt_new(&lt, RANGE);
	ck_assert_msg(!lease_due_at(&lt.t, &at), "nothing is due");
	d = lt_data(LEASE_ACTIVE, 1, 100, 700);
	lt_commit(&lt, "10.10.3.100", &d);
	d = lt_data(LEASE_ACTIVE, 2, 100, 600);
	lt_commit(&lt, "10.10.3.101", &d);
	d = lt_data(LEASE_ABANDONED, 0, 100, 650);
	d.hw_len = 0;
	lt_commit(&lt, "10.10.3.102", &d);
	d = lt_data(LEASE_ACTIVE, 3, 100, LEASE_NEVER);
	lt_commit(&lt, "10.10.3.103", &d);
	d = lt_data(LEASE_FREE, 4, 100, 500);
	lt_commit(&lt, "10.10.3.104", &d);
	ck_assert_msg(lease_due_at(&lt.t, &at) && at == 600, "600");
	ck_assert_msg(lease_due(&lt.t, 599) == NULL, "not yet");
	static const char *const want[] = { "10.10.3.101", "10.10.3.102",
	    "10.10.3.100", "none" };
	for (size_t k = 0; k < ARRAY_LEN(want); k++) {
		struct lease *l = lease_due(&lt.t, 100000);

		ck_assert_str_eq(lt_addr(&lt, l, ip), want[k]);
		if (l == NULL)
			break;
		lease_get(&lt.t, l, &d);
		lease_data_expire(&d);
		ck_assert_msg(lease_commit(&lt.t, l, &d), "commit");
	}
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(the_walk_has_the_order_of_a_rewrite)
{
	static const char *const want[] = { "10.0.1.1", "10.0.0.2", "10.0.0.1",
	    "10.0.0.3", "10.0.0.5", "10.0.0.4" };
	struct lt lt;
	struct lease_data d;
	struct lease_walk w;
	char ip[IP4_TEXT_SIZE];

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.0.0.1-10.0.0.9", 0, 0);
	lt_range(&lt, "10.0.1.1-10.0.1.9", 1, 1);
	(void)lt_build(&lt);
	lt_ready(&lt);
	d = lt_data(LEASE_ACTIVE, 1, 1, 700);
	lt_commit(&lt, "10.0.0.3", &d);
	lt_commit(&lt, "10.0.1.1", &d);
	d.state = LEASE_ABANDONED;
	lt_commit(&lt, "10.0.0.4", &d);
	d.state = LEASE_RELEASED;
	lt_commit(&lt, "10.0.0.5", &d);
	d.state = LEASE_FREE;
	d.ends = 20;
	lt_commit(&lt, "10.0.0.1", &d);
	d.ends = 10;
	lt_commit(&lt, "10.0.0.2", &d);
	memset(&w, 0, sizeof(w));
	for (size_t k = 0; k < ARRAY_LEN(want); k++)
		ck_assert_str_eq(lt_addr(&lt, lease_walk_next(&lt.t, &w), ip),
		    want[k]);
	ck_assert_msg(lease_walk_next(&lt.t, &w) == NULL, "end");
	lt_free(&lt);
}
END_TEST

START_TEST(free_leases_without_an_end_are_walked)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_FREE, 1, 0, 0);
	struct lease_walk w;
	char ip[IP4_TEXT_SIZE];

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.0.0.1-10.0.0.9", 0, 0);
	(void)lt_build(&lt);
	ck_assert_msg(lease_load(&lt.t, lt_lease(&lt, "10.0.0.5"), &d), "load");
	lt_ready(&lt);
	memset(&w, 0, sizeof(w));
	ck_assert_str_eq(lt_addr(&lt, lease_walk_next(&lt.t, &w), ip),
	    "10.0.0.5");
	ck_assert_msg(lease_walk_next(&lt.t, &w) == NULL, "end");
	lt_check(&lt);
	lt_commit(&lt, "10.0.0.5", &d);
	lt_check(&lt);
	memset(&w, 0, sizeof(w));
	ck_assert_str_eq(lt_addr(&lt, lease_walk_next(&lt.t, &w), ip),
	    "10.0.0.5");
	lt_free(&lt);
}
END_TEST

START_TEST(the_slab_never_wears_out)
{
	struct lt lt;
	char text[4000];
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700);

	memset(text, 'x', sizeof(text));
	lt_new(&lt, RANGE);
	for (unsigned k = 0; k < 20000; k++) {
		char ip[IP4_TEXT_SIZE];

		d.uid = str_make(text, 1 + k * 37 % sizeof(text));
		ip4_fmt(lt_ip("10.10.3.100") + k % 20, ip);
		lt_commit(&lt, ip, &d);
	}
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

/* Commit ever larger identifiers until the table is full of what lives. */
static void
fill(struct lt *lt, struct lease_data *d)
{
	static char text[4000];
	char ip[IP4_TEXT_SIZE];

	memset(text, 'x', sizeof(text));
	lt->t.slab.max = 20 * 4000 / LEASEBLOB_GRANULE;
	for (unsigned k = 0; k < 20; k++) {
		ip4_fmt(lt_ip("10.10.3.100") + k, ip);
		d->uid = str_make(text, 3950);
		d->hw[5] = (uint8_t)k;
		lt_commit(lt, ip, d);
	}
	lease_settle(&lt->t);
	d->uid = str_make(text, 4000);
}

START_TEST(what_loses_something_has_room_in_a_full_table)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700);
	struct lease *l;

	lt_new(&lt, RANGE);
	fill(&lt, &d);
	l = lt_lease(&lt, "10.10.3.107");
	ck_assert_msg(!lease_commit(&lt.t, l, &d), "full");
	lease_get(&lt.t, l, &d);
	ck_assert_int_eq((int)d.uid.len, 3950);
	lease_data_release(&d, 300);
	d.uid = str_sub(d.uid, 0, 3000);
	ck_assert_msg(lease_commit(&lt.t, l, &d), "smaller");
	ck_assert_int_eq(lease_state(l), LEASE_FREE);
	ck_assert_int_eq((int)lease_uid(&lt.t, l).len, 3000);
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(slices_survive_all_commits_of_one_packet)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700), held;
	char want[3950];

	memset(want, 'x', sizeof(want));
	lt_new(&lt, RANGE);
	fill(&lt, &d);
	lease_get(&lt.t, lt_lease(&lt, "10.10.3.107"), &held);
	for (int k = 0; k < 2; k++)
		ck_assert_msg(!lease_commit(&lt.t, lt_lease(&lt,
		    "10.10.3.100"), &d), "full");
	/* A second move would have put other parts where this one was. */
	ck_assert_msg(str_eq(held.uid, str_make(want, sizeof(want))), "whole");
	ck_assert_msg(lt.t.slab.now == 1, "moved once");
	lease_settle(&lt.t);
	ck_assert_msg(!lease_commit(&lt.t, lt_lease(&lt, "10.10.3.100"), &d),
	    "full");
	ck_assert_msg(lt.t.slab.now == 0, "moved again");
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(what_is_too_large_changes_nothing)
{
	struct lt lt;
	char text[LEASE_BLOB_MAX];
	struct lease_data d = lt_data(LEASE_ACTIVE, 1, 100, 700), was;
	struct lease *l;

	memset(text, 'x', sizeof(text));
	lt_new(&lt, RANGE);
	l = lt_lease(&lt, "10.10.3.100");
	d.uid = STR("small");
	lt_commit(&lt, "10.10.3.100", &d);
	was = d;
	d.uid = str_make(text, sizeof(text));
	d.ends = 800;
	ck_assert_msg(!lease_commit(&lt.t, l, &d), "too large");
	lease_get(&lt.t, l, &d);
	ck_assert_msg(d.ends == was.ends && str_eq(d.uid, was.uid),
	    "unchanged");
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

START_TEST(an_offer_is_marked_until_the_commit)
{
	struct lt lt;
	struct lease_data d = lt_data(LEASE_FREE, 1, 100, 220);
	struct lease *l;

	lt_new(&lt, RANGE);
	l = lt_lease(&lt, "10.10.3.100");
	ck_assert_msg(lease_offer(&lt.t, l, &d), "offer");
	ck_assert_msg((l->flags & LEASE_F_OFFERED) != 0, "marked");
	lease_get(&lt.t, l, &d);
	ck_assert_msg((d.flags & LEASE_F_OFFERED) == 0, "not in the data");
	lt_commit(&lt, "10.10.3.100", &d);
	ck_assert_msg((l->flags & LEASE_F_OFFERED) == 0, "cleared");
	lt_free(&lt);
}
END_TEST

START_TEST(texts_are_kept_once)
{
	struct lt lt;
	uint32_t a, b;
	char text[32];

	lt_new(&lt, RANGE);
	a = lease_text_id(&lt.t, STR("one"));
	b = lease_text_id(&lt.t, STR("two"));
	ck_assert_msg(a != 0 && b != 0 && a != b, "two texts");
	ck_assert_msg(lease_text_id(&lt.t, STR("one")) == a, "again");
	ck_assert_msg(str_eq(lease_text(&lt.t, b), STR("two")), "text");
	ck_assert_msg(lease_text_id(&lt.t, STR("")) == 0, "nothing");
	for (unsigned k = 2; k < LEASE_TEXTS_MAX; k++) {
		(void)snprintf(text, sizeof(text), "text %u", k);
		ck_assert_msg(lease_text_id(&lt.t, str_of(text)) != 0, "%u", k);
	}
	ck_assert_msg(lease_text_id(&lt.t, STR("too many")) == 0, "full");
	lt_free(&lt);
}
END_TEST

static struct str
set(char *to, size_t size, struct str vars, const char *name, const char *data)
{
	struct lease_var v = { .kind = LEASE_VAR_DATA };
	struct wr wr;

	v.name = str_of(name);
	v.data = str_of(data);
	wr_init(&wr, to, size);
	lease_var_set(&wr, vars, &v);
	ck_assert_msg(wr_ok(&wr), "room");
	return wr_as_str(&wr);
}

START_TEST(variables_are_newest_first_and_replaced_in_place)
{
	char a[200], b[200];
	struct lease_var v;
	struct str vars = set(a, sizeof(a), STR(""), "one", "1");

	vars = set(b, sizeof(b), vars, "two", "2");
	vars = set(a, sizeof(a), vars, "three", "3");
	vars = set(b, sizeof(b), vars, "TWO", "22");
	ck_assert_msg(lease_var_find(vars, STR("two"), &v) &&
	    str_eq(v.data, STR("22")), "replaced");
	ck_assert_msg(lease_var_next(&vars, &v) &&
	    str_eq(v.name, STR("three")), "newest");
	ck_assert_msg(lease_var_next(&vars, &v) &&
	    str_eq(v.data, STR("22")), "in its place");
	ck_assert_msg(lease_var_next(&vars, &v) &&
	    str_eq(v.name, STR("one")), "oldest");
	ck_assert_msg(!lease_var_next(&vars, &v), "end");
}
END_TEST

START_TEST(numbers_and_truths_come_back)
{
	char a[200], b[200];
	struct lease_var v = { .kind = LEASE_VAR_NUM, .num = -5 };
	struct wr wr;

	v.name = STR("n");
	wr_init(&wr, a, sizeof(a));
	lease_var_set(&wr, STR(""), &v);
	v.kind = LEASE_VAR_BOOL;
	v.num = 1;
	v.name = STR("t");
	{
		struct str vars = wr_as_str(&wr);

		wr_init(&wr, b, sizeof(b));
		lease_var_set(&wr, vars, &v);
	}
	ck_assert_msg(lease_var_find(wr_as_str(&wr), STR("n"), &v), "n");
	ck_assert_msg(v.kind == LEASE_VAR_NUM && v.num == -5, "number");
	ck_assert_msg(lease_var_find(wr_as_str(&wr), STR("t"), &v), "t");
	ck_assert_msg(v.kind == LEASE_VAR_BOOL && v.num == 1, "truth");
}
END_TEST

/* Random commits and offers: indexes and queues stay right. */
START_TEST(random_changes_keep_everything_consistent)
{
	struct lt lt;
	unsigned seed = (unsigned)_i + 100;
	static const char *const uids[] = { "", "a", "b", "cc",
	    "a longer client identifier of some thirty bytes" };

	memset(&lt, 0, sizeof(lt));
	lt_range(&lt, "10.0.0.1-10.0.0.20", 0, 0);
	lt_range(&lt, "10.0.0.30-10.0.0.40", 1, 0);
	(void)lt_build(&lt);
	lt_ready(&lt);
	for (int k = 0; k < 2000; k++) {
		uint32_t i = (uint32_t)rand_r(&seed) % lt.t.leases_n;
		enum lease_state state = (enum lease_state)
		    (1 + rand_r(&seed) % 7);
		struct lease_data d = lt_data(state,
		    (uint8_t)(rand_r(&seed) % 4), 1,
		    (uint32_t)rand_r(&seed) % 5);

		d.cltt = (uint32_t)rand_r(&seed) % 5;
		d.uid = str_of(uids[(unsigned)rand_r(&seed) % 5]);
		if (rand_r(&seed) % 5 == 0)
			d.hw_len = 0;
		if (rand_r(&seed) % 7 == 0)
			d.flags = LEASE_F_RESERVED;
		ck_assert_msg(rand_r(&seed) % 3 == 0 ?
		    lease_offer(&lt.t, &lt.t.leases[i], &d) :
		    lease_commit(&lt.t, &lt.t.leases[i], &d), "change");
		if (k % 100 == 0)
			lt_check(&lt);
	}
	lt_check(&lt);
	lt_free(&lt);
}
END_TEST

T_MAIN("dhcpd_lease")
{
	T_ADD(an_untouched_address_is_free);
	T_ADD(a_commit_is_found_by_both_keys_until_the_next);
	T_ADD(a_commit_may_point_into_the_lease_itself);
	T_ADD(a_client_with_two_leases_has_the_order_of_isc);
	T_ADD(abandoning_forgets_the_client);
	T_ADD(expiry_keeps_the_client_and_its_variables);
	T_ADD(due_leases_come_in_order_of_their_end);
	T_ADD(the_walk_has_the_order_of_a_rewrite);
	T_ADD(free_leases_without_an_end_are_walked);
	T_ADD(the_slab_never_wears_out);
	T_ADD(what_loses_something_has_room_in_a_full_table);
	T_ADD(slices_survive_all_commits_of_one_packet);
	T_ADD(what_is_too_large_changes_nothing);
	T_ADD(an_offer_is_marked_until_the_commit);
	T_ADD(texts_are_kept_once);
	T_ADD(variables_are_newest_first_and_replaced_in_place);
	T_ADD(numbers_and_truths_come_back);
	T_LOOP(random_changes_keep_everything_consistent, 0, 5);
}
