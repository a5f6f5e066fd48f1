/* SPDX-License-Identifier: ISC */
/*
 * args.h - the command line, exactly as the peer reads it.
 *
 * Flags are whole words, no joined forms; whatever does not begin with a dash
 * is the name of an interface.
 */
#ifndef DHCPD_ARGS_H
#define DHCPD_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"
#include "common/wr.h"

/* Longest name of an interface. */
enum {
	ARGS_IF_NAME_MAX = 15
};

enum args_result {
	ARGS_OK,
	ARGS_USAGE,		/* text, then the usage, exit 1 */
	ARGS_FATAL		/* text is a fatal message */
};

/* What the command line says.  Borrows from argv.  Process lifetime. */
struct args {
	const char *conf, *leases, *pid;	/* NULL: not given */
	const char *user, *group, *chroot_dir, *broadcast, *stats;
	uint16_t port;				/* 0: not given */
	bool is_foreground;			/* -f */
	bool is_debug;				/* -d */
	bool is_quiet;				/* -q */
	bool is_test;				/* -t or -T */
	bool is_test_leases;			/* -T */
	bool is_lint;				/* -lint */
	bool is_v4, is_v6;
	bool no_pid, no_sandbox;
	char **names;				/* interfaces; in argv's order */
	size_t names_n;
};

/* What the first look at the command line finds. */
struct args_scan {
	bool wants_version, wants_help;
	bool is_daemon;
};

/*
 * args_scan - the peer's first pass, which also sees flags in the place of
 * another flag's value.
 */
void args_scan(char *const argv[], struct args_scan *ret);

/*
 * args_parse - the second pass: left to right, the last value wins.
 *
 * argv       interface names are collected at its beginning
 * why        text when the result is not ARGS_OK
 */
enum args_result args_parse(char *argv[], struct args *ret, struct wr *why)
    MUST_CHECK;

/*
 * args_port - a UDP port from text; false with a message.
 */
bool args_port(const char *text, uint16_t *ret, struct wr *why) MUST_CHECK;

/*
 * args_usage - the usage text for a program name.
 */
void args_usage(struct wr *w, const char *program);

#endif
