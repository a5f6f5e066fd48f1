/* SPDX-License-Identifier: ISC */
/*
 * args - the command line.
 *
 * Each option is a case of one switch; values are checked as they are met, so
 * that the first wrong one is the one complained about, as with tftp-hpa.
 * Unlike there an unknown flag, or one that lacks its argument, is refused.
 */
#include "tftpd/args.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <syslog.h>

#include "common/log.h"
#include "common/num.h"
#include "common/when.h"
#include "tftpd/opttab.h"

enum {
	OPT_VERBOSITY = 256,
	OPT_READ_ONLY,
	OPT_SINGLE_PORT,
	OPT_LEASES,
	OPT_LOG_TRANSFERS,
	OPT_MAP_STEPS,
	OPT_IN_PLACE,
	OPT_MAX_TRANSFERS,
	OPT_STATS_FILE,
	OPT_STDERR,
	OPT_NO_SANDBOX
};

static const char short_options[] = "46a:B:cLlm:pP:r:R:sT:t:u:U:VvW:";

static const struct option long_options[] = {
	{ "ipv4", no_argument, NULL, '4' },
	{ "ipv6", no_argument, NULL, '6' },
	{ "address", required_argument, NULL, 'a' },
	{ "blocksize", required_argument, NULL, 'B' },
	{ "create", no_argument, NULL, 'c' },
	{ "foreground", no_argument, NULL, 'L' },
	{ "listen", no_argument, NULL, 'l' },
	{ "map-file", required_argument, NULL, 'm' },
	{ "permissive", no_argument, NULL, 'p' },
	{ "pidfile", required_argument, NULL, 'P' },
	{ "port-range", required_argument, NULL, 'R' },
	{ "refuse", required_argument, NULL, 'r' },
	{ "retransmit", required_argument, NULL, 'T' },
	{ "secure", no_argument, NULL, 's' },
	{ "timeout", required_argument, NULL, 't' },
	{ "umask", required_argument, NULL, 'U' },
	{ "user", required_argument, NULL, 'u' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "verbosity", required_argument, NULL, OPT_VERBOSITY },
	{ "version", no_argument, NULL, 'V' },
	{ "windowsize", required_argument, NULL, 'W' },
	{ "read-only", no_argument, NULL, OPT_READ_ONLY },
	{ "single-port", no_argument, NULL, OPT_SINGLE_PORT },
	{ "leases", required_argument, NULL, OPT_LEASES },
	{ "log-transfers", required_argument, NULL, OPT_LOG_TRANSFERS },
	{ "map-steps", required_argument, NULL, OPT_MAP_STEPS },
	{ "in-place", no_argument, NULL, OPT_IN_PLACE },
	{ "max-transfers", required_argument, NULL, OPT_MAX_TRANSFERS },
	{ "stats-file", required_argument, NULL, OPT_STATS_FILE },
	{ "stderr", no_argument, NULL, OPT_STDERR },
	{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
	{ NULL, 0, NULL, 0 }
};

static int
bad(const char *what, const char *value)
{
	log_line(LOG_ERR, "%s: %s", what, value);
	return EX_USAGE;
}

/* A number of which nothing may be left over, in the notation of C. */
static bool
number(const char *text, int base, unsigned long min, unsigned long max,
    unsigned long *ret)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, base);
	if (errno != 0 || end == text || *end != '\0' || value < min ||
	    value > max || strchr(text, '-') != NULL)
		return false;
	*ret = value;
	return true;
}

static int
parse_port_range(struct args *args, const char *text)
{
	struct str rest, from = str_cut(str_of(text), ':', &rest);
	uint32_t low, high;

	if (!num_u32(from, 0, 65534, &low) ||
	    !num_u32(rest, 0, 65534, &high) || low > high)
		return bad("Bad port range", text);
	args->srv.port_from = high == 0 ? 0 : (uint16_t)low;
	args->srv.port_to = low == 0 ? 0 : (uint16_t)high;
	return 0;
}

static int
parse_refused(struct args *args, const char *name)
{
	int row = opttab_find(str_of(name));

	if (row < 0)
		return bad("Unknown option", name);
	args->srv.limits.refused |= 1u << row;
	return 0;
}

static int
parse_priority(struct args *args, const char *name)
{
	static const char *const names[] = {
		"emerg", "alert", "crit", "err", "warning", "notice", "info",
		"debug"
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(name, names[i]) == 0) {
			args->srv.finished_prio = (int)i;
			return 0;
		}
	}
	return bad("Unknown priority", name);
}

/* Options with a number. */
static int
parse_number(struct args *args, int option, const char *text)
{
	unsigned long n = 0;

	ASSERT(text != NULL);
	switch (option) {
	case 'B':
		if (!number(text, 0, 512, PROTO_BLKSIZE_MAX, &n))
			return bad("Bad maximum blocksize value "
			    "(range 512-65464)", text);
		args->srv.limits.blksize_max = (uint32_t)n;
		break;
	case 'T':
		if (!number(text, 10, PROTO_TIMEOUT_US_MIN,
		    PROTO_TIMEOUT_US_MAX, &n))
			return bad("Bad timeout value", text);
		args->srv.timeout_ns = (int64_t)n * 1000;
		break;
	case 'W':
		if (!number(text, 10, 1, PROTO_WINDOW_MAX, &n))
			return bad("Bad maximum window size (range 1-64)",
			    text);
		args->srv.limits.window_max = (uint32_t)n;
		break;
	case 'U':
		if (!number(text, 8, 0, 0777, &n))
			return bad("Invalid umask", text);
		args->umask = (mode_t)n;
		args->has_umask = true;
		break;
	case OPT_MAP_STEPS:
		if (!number(text, 10, 1, 1000000, &n))
			return bad("Bad number of rule steps "
			    "(range 1-1000000)", text);
		args->map_steps = (uint32_t)n;
		break;
	case OPT_MAX_TRANSFERS:
		if (!number(text, 10, 1, SRV_XFERS_MAX, &n))
			return bad("Bad number of transfers (range 1-60000)",
			    text);
		args->srv.xfers_max = (uint32_t)n;
		break;
	case 't':		/* leniently, as it has always been */
		n = strtoul(text, NULL, 10);
		args->idle_ns = (n < INT32_MAX ? (int64_t)n : INT32_MAX) *
		    WHEN_NS_PER_S;
		break;
	case OPT_VERBOSITY:
		args->srv.verbosity = (unsigned)strtoul(text, NULL, 10);
		break;
	}
	return 0;
}

/* Options without an argument. */
static void
set_flag(struct args *args, int option)
{
	switch (option) {
	case '4':
		args->wants_v4 = true;
		args->wants_v6 = false;
		break;
	case '6':
		args->wants_v4 = false;
		args->wants_v6 = true;
		break;
	case 'c':
		args->may_create = true;
		break;
	case 'L':
		args->mode = ARGS_FOREGROUND;
		break;
	case 'l':
		if (args->mode != ARGS_FOREGROUND)
			args->mode = ARGS_LISTEN;
		break;
	case 'p':
		args->is_permissive = true;
		break;
	case 's':
		args->srv.is_secure = true;
		break;
	case 'V':
		args->wants_version = true;
		break;
	case 'v':
		args->srv.verbosity++;
		break;
	case OPT_READ_ONLY:
		args->is_read_only = true;
		break;
	case OPT_SINGLE_PORT:
		args->srv.is_single_port = true;
		break;
	case OPT_IN_PLACE:
		args->is_in_place = true;
		break;
	case OPT_STDERR:
		args->wants_stderr = true;
		break;
	case OPT_NO_SANDBOX:
		args->has_no_sandbox = true;
		break;
	}
}

/* Options with an argument that is not a number.  0 or the exit status. */
static int
set_text(struct args *args, int option, const char *text)
{
	switch (option) {
	case 'a':
		args->address = text;
		break;
	case 'm':
		if (args->map_file != NULL) {
			log_line(LOG_ERR, "Multiple -m options");
			return EX_USAGE;
		}
		args->map_file = text;
		break;
	case 'P':
		args->pid_file = text;
		break;
	case 'u':
		args->user = text;
		args->is_user_given = true;
		break;
	case 'R':
		return parse_port_range(args, text);
	case 'r':
		return parse_refused(args, text);
	case OPT_LEASES:
		args->leases = text;
		break;
	case OPT_STATS_FILE:
		args->stats = text;
		break;
	case OPT_LOG_TRANSFERS:
		return parse_priority(args, text);
	}
	return 0;
}

static bool
is_number_option(int option)
{
	return option == 'B' || option == 'T' || option == 'U' ||
	    option == 'W' || option == 't' || option == OPT_MAP_STEPS ||
	    option == OPT_MAX_TRANSFERS || option == OPT_VERBOSITY;
}

static void
set_defaults(struct args *args)
{
	memset(args, 0, sizeof(*args));
	args->wants_v4 = args->wants_v6 = true;
	args->user = "nobody";
	args->map_steps = REMAP_STEPS_DEFAULT;
	args->idle_ns = 900 * WHEN_NS_PER_S;
	args->srv.finished_prio = -1;
	args->srv.timeout_ns = WHEN_NS_PER_S;
	args->srv.limits.blksize_max = PROTO_BLKSIZE_MAX;
	args->srv.limits.window_max = PROTO_WINDOW_MAX;
	args->srv.xfers_max = SRV_XFERS_DEFAULT;
}

static int
take_dirs(struct args *args, char **names, int names_n)
{
	if (args->srv.is_secure && names_n == 0) {
		log_line(LOG_ERR, "no -s directory");
		return EX_USAGE;
	}
	if (args->srv.is_secure && names_n > 1) {
		log_line(LOG_ERR, "too many -s directories");
		return EX_USAGE;
	}
	if (names_n > ARGS_DIRS_MAX) {
		log_line(LOG_ERR, "more than %d directories", ARGS_DIRS_MAX);
		return EX_USAGE;
	}
	for (int i = 0; i < names_n; i++)
		args->dirs[i] = str_of(names[i]);
	args->srv.dirs = args->dirs;
	args->srv.dirs_n = (size_t)names_n;
	return 0;
}

int
args_parse(struct args *args, int argc, char **argv)
{
	int option, status = 0;

	set_defaults(args);
	while (status == 0) {
		option = getopt_long(argc, argv, short_options, long_options,
		    NULL);
		if (option < 0)
			break;
		if (option == '?') {
			log_line(LOG_ERR, "Unknown option, or one that lacks "
			    "its argument");
			status = EX_USAGE;
		} else if (is_number_option(option)) {
			status = parse_number(args, option, optarg);
		} else if (optarg != NULL) {
			status = set_text(args, option, optarg);
		} else {
			set_flag(args, option);
		}
	}
	if (status != 0 || args->wants_version)
		return status;
	return take_dirs(args, argv + optind, argc - optind);
}
