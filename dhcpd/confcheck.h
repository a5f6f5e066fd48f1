/* SPDX-License-Identifier: ISC */
/*
 * confcheck.h - what is worth a word about a configuration that is valid: parts
 * whose subsystem does not run, and, on request, what is probably a mistake.
 *
 * Lines look like the peer's errors with a column and "warning" added:
 * FILE line N column C: warning: TEXT
 */
#ifndef DHCPD_CONFCHECK_H
#define DHCPD_CONFCHECK_H

#include "common/cc.h"
#include "dhcpd/conf.h"
#include "dhcpd/msgs.h"
#include "dhcpd/parse.h"

/*
 * confcheck_note - remember a parameter whose subsystem does not run; its name is
 * the token last taken.  Others are ignored.
 */
void confcheck_note(struct parse *p, const struct opt_def *def);

/*
 * confcheck_note_word - the same for a declaration.
 *
 * why  static text
 */
void confcheck_note_word(struct parse *p, struct str what, const char *why);

/*
 * confcheck_unsupported - one warning for everything that was read and will not
 * run: failover, OMAPI, dynamic DNS, LDAP, DHCPv6.  For start-up, not for -t.
 */
void confcheck_unsupported(const struct conf *conf, struct msgs *msgs);

/*
 * confcheck_reload - valid by itself; can it take over from the old one?
 *
 * leases, pid  the files in use, which cannot change; empty: none
 *
 * False after a text about what stands in the way; otherwise warns as
 * confcheck_unsupported does.
 */
bool confcheck_reload(const struct conf *old, const struct conf *fresh, struct str leases,
    struct str pid, struct msgs *msgs) MUST_CHECK;

/*
 * confcheck_lint - what -lint adds to -t: hosts that share an address, fixed
 * addresses inside a range or outside every subnet, hosts nobody can match, pools
 * nobody can use, classes nobody uses.
 *
 * Returns how many warnings there were.
 */
uint32_t confcheck_lint(const struct conf *conf, struct msgs *msgs);

#endif
