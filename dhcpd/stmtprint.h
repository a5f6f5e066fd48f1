/* SPDX-License-Identifier: ISC */
/*
 * stmtprint.h - the printed normal form of statements, for stmt.c.
 */
#ifndef DHCPD_STMTPRINT_H
#define DHCPD_STMTPRINT_H

#include "common/wr.h"
#include "dhcpd/stmt.h"

/*
 * stmtprint_list - see stmt_print.
 */
void stmtprint_list(struct wr *w, const struct stmt *list, int indent);

#endif
