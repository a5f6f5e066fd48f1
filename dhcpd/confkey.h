/* SPDX-License-Identifier: ISC */
/*
 * confkey.h - key and zone declarations, which may stand almost anywhere.
 */
#ifndef DHCPD_CONFKEY_H
#define DHCPD_CONFKEY_H

#include "common/cc.h"
#include "dhcpd/parse.h"
#include "dhcpd/stmtparse.h"

/*
 * confkey_parse - a key or zone block; its word has been looked at.
 */
enum stmtparse confkey_parse(struct parse *p) MUST_CHECK;

#endif
