/* SPDX-License-Identifier: ISC */
/*
 * optval.h - option values as text: the printed form of octets by format, as
 * the peer writes it into the lease file and into its log.
 *
 * The way from configuration text to octets is optparse.h, because it works on
 * tokens.  Core.
 */
#ifndef DHCPD_OPTVAL_H
#define DHCPD_OPTVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"
#include "common/wr.h"
#include "dhcpd/optspace.h"

/*
 * optval_print - octets of an option as configuration text.
 *
 * def       NULL prints as format X
 * is_fancy  true: lists separated by ", " and text in quotes (statements);
 *           false: separated by "," and text bare
 *
 * X (and whatever does not fit its format): in quotes when all octets are
 * printable ASCII other than " and \, else hex without leading zeros 1:2:ff.
 */
void optval_print(struct wr *w, const struct opt_def *def, struct str bytes, bool is_fancy);

/*
 * optval_words - the words of an enumeration set ("ddns-styles" ..), NULL-ended,
 * with their values; *ret_width is its octets on the wire.  NULL: no such set.
 */
struct optval_word {
	const char *word;
	uint32_t value;
};
const struct optval_word *optval_words(struct str set, uint8_t *ret_width);

#endif
