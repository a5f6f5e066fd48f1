/* SPDX-License-Identifier: ISC */
/*
 * confparse.h - blocks of a configuration file and the entries in them.
 */
#ifndef DHCPD_CONFPARSE_H
#define DHCPD_CONFPARSE_H

#include <stdbool.h>

#include "common/cc.h"
#include "dhcpd/confbuild.h"

/*
 * confparse_file - the entries of one file, up to its end.
 *
 * False when something was reported.
 */
MUST_CHECK bool confparse_file(struct parse *p, struct confbuild_block *b);

/*
 * confparse_entry - one entry of a block.
 *
 * was_declaration  what the entry before it was; only wording depends on it
 *
 * Returns what this one was.
 */
bool confparse_entry(struct parse *p, struct confbuild_block *b, bool was_declaration);

/*
 * confparse_at_end - is this the end of a block?
 *
 * Takes the right brace; at the end of the file says so.
 */
bool confparse_at_end(struct parse *p);

#endif
