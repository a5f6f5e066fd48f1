/* SPDX-License-Identifier: ISC */
/*
 * args - the command line.
 *
 * Flags, long names, ranges, messages and exit codes are tftp-hpa's.  Long
 * options may be abbreviated and stand anywhere.
 */
#ifndef TFTPD_ARGS_H
#define TFTPD_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cc.h"
#include "common/str.h"
#include "tftpd/srv.h"

#define ARGS_DIRS_MAX 64

/* How the sockets are got. */
enum args_mode {
	ARGS_INETD,		/* from descriptor 0, or from systemd */
	ARGS_LISTEN,		/* -l: bind, detach */
	ARGS_FOREGROUND		/* -L: bind, stay */
};

struct args {
	struct srv_conf srv;
	enum args_mode mode;
	bool wants_v4, wants_v6;
	const char *address;	/* -a */
	const char *user;	/* -u */
	bool is_user_given;
	const char *pid_file;	/* -P */
	const char *map_file;	/* -m */
	uint32_t map_steps;	/* --map-steps */
	const char *leases;	/* --leases */
	const char *stats;	/* --stats-file */
	int64_t idle_ns;	/* -t */
	bool has_umask;
	mode_t umask;		/* -U */
	bool is_permissive;	/* -p */
	bool may_create;	/* -c */
	bool is_in_place;	/* --in-place */
	bool is_read_only;	/* --read-only */
	bool wants_version;	/* -V */
	bool wants_stderr;	/* --stderr */
	bool has_no_sandbox;	/* --no-sandbox */
	struct str dirs[ARGS_DIRS_MAX];
};

/*
 * args_parse - fill in a struct args from the command line.
 *
 * 0, or the exit status; the reason has then been logged.
 */
int args_parse(struct args *args, int argc, char **argv) MUST_CHECK;

#endif
