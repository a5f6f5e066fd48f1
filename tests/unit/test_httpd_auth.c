/* SPDX-License-Identifier: ISC */
/*
 * Passwords: digests against the vectors of their RFCs, apr1 and SHA against
 * hashes that htpasswd wrote, credentials good and bad.
 */

#include "tests/unit/t.h"

#include "httpd/auth.h"
#include "httpd/digest.h"

static const struct {
	const char *text, *md5, *sha1;
} vectors[] = {
	{ "", "d41d8cd98f00b204e9800998ecf8427e",
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "abc", "900150983cd24fb0d6963f7d28e17f72",
	    "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0",
	    "c12252ceda8be8994d5fa0290a47231c1d16aae3" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "8215ef0796a20bcaaae116d3876c664a",
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "1234567890123456789012345678901234567890123456789012345678901234"
	    "5678901234567890", "57edf4a22be3c955ac49da2e2107b67a",
	    "50abf5706a150990a08b2c5ea40fa0e585554732" },
};

START_TEST(digests_of_the_rfcs)
{
	size_t len = strlen(vectors[_i].text), n;
	char *text = t_dup(vectors[_i].text, len);
	uint8_t *want, got[20];
	struct digest d;

	want = t_unhex(vectors[_i].md5, &n);
	digest_md5(&d);
	/* in two pieces, so that the block buffer is used */
	digest_add(&d, text, len / 3);
	digest_add(&d, text + len / 3, len - len / 3);
	digest_end(&d, got);
	t_mem_eq(got, n, want, n);
	free(want);
	want = t_unhex(vectors[_i].sha1, &n);
	digest_sha1(&d);
	digest_add(&d, text, len);
	digest_end(&d, got);
	t_mem_eq(got, n, want, n);
	free(want);
	free(text);
}
END_TEST

static const char file[] = "# comment\nalice:$apr1$C1ShaI7h$"
    "Wf9Fnx66MyBCHv7zQBigX.\nbob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n"
    "carol:!c:rest\n:empty\nplain:secret\r\nnohash\n";

static int
fake_crypt(void *ctx, struct str password, struct str setting, struct wr *ret)
{
	(void)ctx;
	if (!str_starts(setting, STR("!")))
		return -1;
	wr_text(ret, "!");
	wr_str(ret, password);
	return 0;
}

START_TEST(finds_and_verifies)
{
	static const struct {
		const char *user, *password;
		bool ok;
	} tries[] = {
		{ "alice", "secret", true }, { "alice", "Secret", false },
		{ "alice", "", false }, { "bob", "secret", true },
		{ "bob", "secretx", false }, { "carol", "c", true },
		{ "carol", "c:rest", false }, { "plain", "secret", false },
		{ "", "empty", false }, { "# comment", "", false },
		{ "nohash", "", false }, { "alic", "secret", false },
	};
	char *copy = t_dup(file, sizeof(file) - 1);

	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		struct str hash = auth_hash(str_make(copy, sizeof(file) - 1),
		    str_of(tries[i].user));
		bool ok = auth_verify(hash, str_of(tries[i].password),
		    fake_crypt, NULL);

		ck_assert_msg(ok == tries[i].ok, "%s:%s", tries[i].user,
		    tries[i].password);
	}
	ck_assert_msg(!auth_verify(STR("x"), STR("x"), NULL, NULL),
	    "no crypt, no match");
	ck_assert_msg(!auth_verify(STR("y"), STR("x"), fake_crypt, NULL),
	    "crypt fails");
	ck_assert_msg(!auth_verify(STR("$apr1$C1ShaI7hx$Wf9Fnx66MyBCHv7zQBigX."),
	    STR("secret"), NULL, NULL), "a salt of nine characters");
	ck_assert_msg(!auth_verify(STR("{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=5en6G6Mez"
	    "RroT3XK"), STR("secret"), NULL, NULL), "too long for SHA-1");
	ck_assert_msg(!auth_verify(STR("{SHA}5en6"), STR("secret"), NULL, NULL),
	    "too short for SHA-1");
	static char big[AUTH_PASSWORD_MAX + 1] = "!";
	memset(big + 1, 'x', sizeof(big) - 1);
	ck_assert_msg(!auth_verify(str_make(big, sizeof(big)), STR("x"),
	    fake_crypt, NULL), "a long hash");
	ck_assert_msg(!auth_verify(STR("!x"), str_make(big, sizeof(big)),
	    fake_crypt, NULL), "a long password");
	ck_assert_msg(!auth_verify(STR("!x"), str_make(big, sizeof(big) - 1),
	    fake_crypt, NULL), "a hash that does not fit");
	free(copy);
}
END_TEST

START_TEST(reads_credentials)
{
	static const struct {
		const char *value, *user, *password;	/* user NULL: refused */
	} values[] = {
		{ "Basic YWxpY2U6c2VjcmV0", "alice", "secret" },
		{ "bAsIc   YWxpY2U6c2VjcmV0  ", "alice", "secret" },
		{ "Basic YWxpY2U6YTpi", "alice", "a:b" },
		{ "Basic YTo=", "a", "" }, { "Basic YTo", "a", "" },
		{ "Basic YWxpY2U=", "alice", "" }, { "Basic !!!", "", "" },
		{ "Basic Og==", "", "" }, { "Basic AGE6Yg==", "", "" },
		{ "Basic", NULL, NULL }, { "Basic ", NULL, NULL },
		{ "Digest username=\"a\"", NULL, NULL }, { "", NULL, NULL },
	};
	uint8_t mem[256];
	struct arena none;
	struct str who, what;

	arena_init(&none, mem, 3);
	ck_assert_msg(!auth_basic(STR("Basic YTo="), &none, &who, &what),
	    "no memory");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct str user, password;
		struct arena a;
		bool ok;

		arena_init(&a, mem, sizeof(mem));
		ok = auth_basic(str_of(values[i].value), &a, &user,
		    &password);
		ck_assert_msg(ok == (values[i].user != NULL), "%s",
		    values[i].value);
		if (ok)
			ck_assert_msg(str_eq(user, str_of(values[i].user)) &&
			    str_eq(password, str_of(values[i].password)),
			    "%s", values[i].value);
	}
}
END_TEST

START_TEST(groups)
{
	struct str text = STR("# admins: eve\nadmins: alice  bob\n"
	    "others:carol\n\nadmins: dave\nempty:\ntabs:\tann\t\tbea \n");

	ck_assert_msg(auth_in_group(text, STR("admins"), STR("bob")), "bob");
	ck_assert_msg(auth_in_group(text, STR("admins"), STR("dave")),
	    "second line");
	ck_assert_msg(auth_in_group(text, STR("others"), STR("carol")), "c");
	ck_assert_msg(!auth_in_group(text, STR("admins"), STR("eve")), "eve");
	ck_assert_msg(!auth_in_group(text, STR("admins"), STR("ali")), "ali");
	ck_assert_msg(!auth_in_group(text, STR("empty"), STR("")), "nobody");
	ck_assert_msg(auth_in_group(text, STR("tabs"), STR("ann")) &&
	    auth_in_group(text, STR("tabs"), STR("bea")), "tabs");
	ck_assert_msg(!auth_in_group(text, STR("none"), STR("bob")), "none");
}
END_TEST

T_MAIN("httpd_auth")
{
	T_LOOP(digests_of_the_rfcs, 0,
	    (int)(sizeof(vectors) / sizeof(*vectors)));
	T_ADD(finds_and_verifies);
	T_ADD(reads_credentials);
	T_ADD(groups);
}
