/* SPDX-License-Identifier: ISC */
/*
 * vis - bytes from strangers made safe for a log line or a lease file.
 */
#ifndef COMMON_VIS_H
#define COMMON_VIS_H

#include <stddef.h>

#include "common/wr.h"

/*
 * vis_log - printable ASCII as it is, a backslash doubled, the rest \ooo.
 *
 * What comes out has no newline, no escape sequence and no byte above 126.
 * Output stops whole when it does not fit: the writer fails.
 */
void vis_log(struct wr *wr, const void *p, size_t len);

/*
 * vis_octal - the inside of a quoted string in ISC's lease file.
 *
 * As vis_log, and a double quote becomes \".
 */
void vis_octal(struct wr *wr, const void *p, size_t len);

#endif
