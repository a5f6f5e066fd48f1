/* SPDX-License-Identifier: ISC */
/*
 * num - strict numbers.
 *
 * The whole slice must be the number: no blanks, no sign where none belongs,
 * no locale.  The result is untouched when the function says false.
 */
#ifndef COMMON_NUM_H
#define COMMON_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"

/*
 * num_u64 - decimal digits, value in min..max.
 */
bool num_u64(struct str s, uint64_t min, uint64_t max, uint64_t *ret)
    MUST_CHECK;

/*
 * num_u32 - the same in 32 bits.
 */
bool num_u32(struct str s, uint32_t min, uint32_t max, uint32_t *ret)
    MUST_CHECK;

/*
 * num_i64 - decimal digits, perhaps after one minus sign, in min..max.
 */
bool num_i64(struct str s, int64_t min, int64_t max, int64_t *ret) MUST_CHECK;

/*
 * num_hex - hexadecimal digits of either case without "0x", at most max.
 */
bool num_hex(struct str s, uint64_t max, uint64_t *ret) MUST_CHECK;

/*
 * num_hexval - value of one hexadecimal digit, or -1.
 */
int num_hexval(char c);

#endif
