/* SPDX-License-Identifier: ISC */
/*
 * ip4 - IPv4 addresses as uint32_t in HOST order, so that they compare,
 * count and mask as numbers.  Only the wire and sockaddr_in are big-endian.
 */
#ifndef COMMON_IP4_H
#define COMMON_IP4_H

#include <stdbool.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"

/* Room for "255.255.255.255" and its NUL. */
#define IP4_TEXT_SIZE 16

/*
 * ip4_parse - four decimal numbers 0..255 with dots, nothing else.
 *
 * Leading zeros are refused (some read them as octal).
 */
bool ip4_parse(struct str s, uint32_t *ret) MUST_CHECK;

/*
 * ip4_fmt - dotted text into buf as a C string; also returned as a slice.
 */
struct str ip4_fmt(uint32_t addr, char buf[IP4_TEXT_SIZE]);

/*
 * ip4_is_mask - ones first, zeros after.
 */
bool ip4_is_mask(uint32_t mask);

/*
 * ip4_prefix - the length of a mask for which ip4_is_mask() holds.
 */
unsigned ip4_prefix(uint32_t mask);

#endif
