/* SPDX-License-Identifier: ISC */
/*
 * args: flags as the peer reads them, texts exactly.
 */
#include "dhcpd/args.h"
#include "tests/unit/t.h"

static char text[512];

static enum args_result
parse(char *argv[], struct args *a)
{
	struct wr w;
	enum args_result r;

	wr_init(&w, text, sizeof(text) - 1);
	r = args_parse(argv, a, &w);
	text[w.len] = '\0';
	return r;
}

/* Arguments that may be written to, as those of main. */
static char **
argv_of(const char *const *words)
{
	static char store[16][64];
	static char *argv[17];
	size_t n;

	for (n = 0; words[n] != NULL; n++) {
		ck_assert_msg(n < 16 && strlen(words[n]) < 64, "room");
		memcpy(store[n], words[n], strlen(words[n]) + 1);
		argv[n] = store[n];
	}
	argv[n] = NULL;
	return argv;
}

#define ARGV(...) argv_of((const char *const[]){ "dhcpd", __VA_ARGS__, NULL })

START_TEST(one_letter_and_long_flags)
{
	struct args a;
	struct args_scan scan;

	ck_assert_int_eq(parse(ARGV("-f", "-q", "--no-pid", "--no-sandbox"), &a),
	    ARGS_OK);
	ck_assert_msg(a.is_foreground && a.is_quiet && a.no_pid &&
	    a.no_sandbox && !a.is_test, "flags");
	ck_assert_int_eq(parse(ARGV("-T"), &a), ARGS_OK);
	ck_assert_msg(a.is_test && a.is_test_leases && !a.is_lint, "-T");
	ck_assert_int_eq(parse(ARGV("-lint"), &a), ARGS_OK);
	ck_assert_msg(a.is_test && a.is_lint && !a.is_test_leases, "-lint");
	args_scan(ARGV("-x", "--help"), &scan);
	ck_assert_msg(scan.wants_help, "--help");
	args_scan(ARGV("-h"), &scan);
	ck_assert_msg(scan.wants_help, "-h");
	args_scan(ARGV("-4"), &scan);
	ck_assert_msg(!scan.wants_help, "neither");
}
END_TEST

START_TEST(usage_names_every_flag)
{
	static const char *const flags[] = { "-p ", "-f", "-d", "-q", "-t|-T",
	    "-cf", "-lf", "-pf", "--no-pid", "-user", "-group", "-chroot",
	    "--version" };
	char all[2048];
	struct wr w;

	wr_init(&w, all, sizeof(all) - 1);
	args_usage(&w, "dhcpd");
	ck_assert_msg(wr_ok(&w), "fits");
	all[w.len] = '\0';
	ck_assert_msg(strncmp(all, "Usage: dhcpd [", 14) == 0, "%s", all);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		ck_assert_msg(strstr(all, flags[i]) != NULL, "%s", flags[i]);
}
END_TEST

START_TEST(flags_and_names)
{
	struct args a;

	ck_assert_int_eq(parse(ARGV("-4", "-d", "eth0", "-cf", "c", "-lf",
	    "l", "-pf", "p", "-p", "6767", "eth1"), &a), ARGS_OK);
	ck_assert_msg(a.is_v4 && a.is_debug && !a.is_foreground, "flags");
	ck_assert_str_eq(a.conf, "c");
	ck_assert_str_eq(a.leases, "l");
	ck_assert_str_eq(a.pid, "p");
	ck_assert_int_eq(a.port, 6767);
	ck_assert_int_eq((int)a.names_n, 2);
	ck_assert_str_eq(a.names[0], "eth0");
	ck_assert_str_eq(a.names[1], "eth1");
}
END_TEST

START_TEST(last_value_wins)
{
	struct args a;

	ck_assert_int_eq(parse(ARGV("-cf", "a", "-cf", "b"), &a), ARGS_OK);
	ck_assert_str_eq(a.conf, "b");
}
END_TEST

START_TEST(texts_of_refusals)
{
	struct args a;

	ck_assert_int_eq(parse(ARGV("-x"), &a), ARGS_USAGE);
	ck_assert_str_eq(text, "Unknown command -x");
	ck_assert_int_eq(parse(ARGV("-cf"), &a), ARGS_USAGE);
	ck_assert_str_eq(text, "No argument for command: -cf ");
	ck_assert_int_eq(parse(ARGV("-4", "-6"), &a), ARGS_FATAL);
	ck_assert_str_eq(text, "Server cannot run in both IPv4 and IPv6 mode "
	    "at the same time.");
	ck_assert_int_eq(parse(ARGV("-s", "10.10.3.255", "-6"), &a),
	    ARGS_FATAL);
	ck_assert_str_eq(text, "You can only specify address to send replies "
	    "to when running an IPv4 server.");
	ck_assert_int_eq(parse(ARGV("-p", "0"), &a), ARGS_FATAL);
	ck_assert_str_eq(text,
	    "Port number specified is out of range (1-65535).");
	ck_assert_int_eq(parse(ARGV("-p", "x1"), &a), ARGS_FATAL);
	ck_assert_str_eq(text, "Invalid port number specification: x1");
	ck_assert_int_eq(parse(ARGV("abcdefghijklmnop"), &a), ARGS_FATAL);
	ck_assert_str_eq(text,
	    "abcdefghijklmnop: interface name too long (is 16)");
	ck_assert_int_eq(parse(ARGV("-play", "f"), &a), ARGS_FATAL);
}
END_TEST

/* The first pass sees "-t" even where it is the value of another flag. */
START_TEST(scan_does_not_skip_values)
{
	struct args_scan s;

	args_scan(ARGV("-cf", "-t"), &s);
	ck_assert_msg(!s.is_daemon && !s.wants_help, "no daemon");
	args_scan(ARGV("-q", "eth0"), &s);
	ck_assert_msg(s.is_daemon, "daemon");
	args_scan(ARGV("--version"), &s);
	ck_assert_msg(s.wants_version, "version");
}
END_TEST

T_MAIN("dhcpd_args")
{
	T_ADD(one_letter_and_long_flags);
	T_ADD(usage_names_every_flag);
	T_ADD(flags_and_names);
	T_ADD(last_value_wins);
	T_ADD(texts_of_refusals);
	T_ADD(scan_does_not_skip_values);
}
