/* SPDX-License-Identifier: ISC */
/*
 * args.c - the command line.
 *
 * Owns the flags and the texts about them.  Sets nothing outside the struct it
 * is given, prints nothing and ends nothing: that is main.c's part.
 */
#include "dhcpd/args.h"

#include <string.h>

#include "common/num.h"

static bool
args_is(const char *arg, const char *flag)
{
	return strcmp(arg, flag) == 0;
}

void
args_scan(char *const argv[], struct args_scan *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->is_daemon = true;
	for (size_t i = 1; argv[i] != NULL; i++) {
		if (args_is(argv[i], "--version"))
			ret->wants_version = true;
		else if (args_is(argv[i], "--help") || args_is(argv[i], "-h"))
			ret->wants_help = true;
		else if (args_is(argv[i], "-f") || args_is(argv[i], "-d") ||
		    args_is(argv[i], "-t") || args_is(argv[i], "-T") ||
		    args_is(argv[i], "-lint"))
			ret->is_daemon = false;
	}
}

bool
args_port(const char *text, uint16_t *ret, struct wr *why)
{
	uint64_t port;

	if (!num_u64(str_of(text), 0, UINT64_MAX, &port)) {
		wr_fmt(why, "Invalid port number specification: %s", text);
		return false;
	}
	if (port < 1 || port > UINT16_MAX) {
		wr_text(why, "Port number specified is out of range "
		    "(1-65535).");
		return false;
	}
	*ret = (uint16_t)port;
	return true;
}

/* Flags without a value; false: not one of them. */
static bool
args_plain(const char *arg, struct args *a)
{
	if (args_is(arg, "-f")) {
		a->is_foreground = true;
	} else if (args_is(arg, "-d")) {
		a->is_debug = true;
	} else if (args_is(arg, "-q")) {
		a->is_quiet = true;
	} else if (args_is(arg, "-t")) {
		a->is_test = true;
	} else if (args_is(arg, "-T")) {
		a->is_test = true;
		a->is_test_leases = true;
	} else if (args_is(arg, "-lint")) {
		a->is_test = true;
		a->is_lint = true;
	} else if (args_is(arg, "-4")) {
		a->is_v4 = true;
	} else if (args_is(arg, "-6")) {
		a->is_v6 = true;
	} else if (args_is(arg, "--no-pid")) {
		a->no_pid = true;
	} else if (args_is(arg, "--no-sandbox")) {
		a->no_sandbox = true;
	} else {
		return false;
	}
	return true;
}

/* Where the value of a flag goes; NULL: no such flag. */
static const char **
args_value(const char *arg, struct args *a)
{
	struct {
		const char *flag;
		const char **where;
	} row[] = {
		{ "-cf", &a->conf },
		{ "-lf", &a->leases },
		{ "-pf", &a->pid },
		{ "-user", &a->user },
		{ "-group", &a->group },
		{ "-chroot", &a->chroot_dir },
		{ "-s", &a->broadcast },
		{ "--stats-file", &a->stats },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		if (args_is(arg, row[i].flag))
			return row[i].where;
	return NULL;
}

static enum args_result
args_one(char *argv[], size_t *i, struct args *a, struct wr *why)
{
	const char *arg = argv[*i];
	const char **where;
	bool is_port;

	if (args_plain(arg, a))
		return ARGS_OK;
	if (args_is(arg, "-tf") || args_is(arg, "-play")) {
		wr_fmt(why, "%s: traces are not supported by this server.",
		    arg);
		return ARGS_FATAL;
	}
	is_port = args_is(arg, "-p");
	where = args_value(arg, a);
	if (!is_port && where == NULL) {
		wr_fmt(why, "Unknown command %s", arg);
		return ARGS_USAGE;
	}
	if (argv[*i + 1] == NULL) {
		wr_fmt(why, "No argument for command: %s ", arg);
		return ARGS_USAGE;
	}
	(*i)++;
	if (is_port)
		return args_port(argv[*i], &a->port, why) ? ARGS_OK :
		    ARGS_FATAL;
	ASSERT(where != NULL);
	*where = argv[*i];
	return ARGS_OK;
}

enum args_result
args_parse(char *argv[], struct args *ret, struct wr *why)
{
	enum args_result result;
	size_t len;

	memset(ret, 0, sizeof(*ret));
	ret->names = argv;
	for (size_t i = 1; argv[i] != NULL; i++) {
		if (argv[i][0] == '-') {
			result = args_one(argv, &i, ret, why);
			if (result != ARGS_OK)
				return result;
			continue;
		}
		len = strlen(argv[i]);
		if (len > ARGS_IF_NAME_MAX) {
			wr_fmt(why, "%s: interface name too long (is %zu)",
			    argv[i], len);
			return ARGS_FATAL;
		}
		/* Names never overtake the arguments still to be read. */
		ret->names[ret->names_n++] = argv[i];
	}
	if (ret->is_v4 && ret->is_v6) {
		wr_text(why, "Server cannot run in both IPv4 and IPv6 mode at "
		    "the same time.");
		return ARGS_FATAL;
	}
	if (ret->is_v6 && ret->broadcast != NULL) {
		wr_text(why, "You can only specify address to send replies to "
		    "when running an IPv4 server.");
		return ARGS_FATAL;
	}
	return ARGS_OK;
}

void
args_usage(struct wr *w, const char *program)
{
	wr_fmt(w, "Usage: %s [-p <UDP port #>] [-f] [-d] [-q] [-t|-T]\n",
	    program);
	wr_text(w,
	    "             [-4|-6] [-cf config-file] [-lf lease-file]\n"
	    "             [-user user] [-group group] [-chroot dir]\n"
	    "             [-tf trace-output-file]\n"
	    "             [-play trace-input-file]\n"
	    "             [-pf pid-file] [--no-pid] [-s server]\n"
	    "             [if0 [...ifN]]\n");
	wr_fmt(w, "       %s {--version|--help|-h}\n", program);
}
