/* SPDX-License-Identifier: ISC */
/*
 * simdisk - a disk that can fail at any call and lose power at any moment.
 *
 * One directory in memory behind the system calls of the journal and the
 * lease database (linked with --wrap).  It keeps apart what a program sees
 * and what would survive: a write is durable after fsync of its file, a name
 * after fsync of the directory.  A crash keeps any part of the rest: bytes in
 * sectors of 512, zeroes where the length came through and the bytes did not,
 * any of the pending changes of names.  A failed fsync forgets what it could
 * not write: the next one succeeds without it, as Linux does.
 */
#ifndef TESTS_FAULTS_SIMDISK_H
#define TESTS_FAULTS_SIMDISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What goes wrong with a call. */
enum simdisk_fault {
	SIMDISK_EIO,
	SIMDISK_ENOSPC,		/* a write is cut short first */
	SIMDISK_EINTR,		/* writes and reads only; once */
	SIMDISK_FAULTS_N
};

/*
 * simdisk_reset - an empty disk; no faults.
 */
void simdisk_reset(unsigned seed);

/*
 * simdisk_fail - calls number from .. from + n - 1 (counted from 1 since the
 * last reset) fail; n 0: none.
 */
void simdisk_fail(enum simdisk_fault fault, uint64_t from, uint64_t n);

/*
 * simdisk_links - has it hard links?  It does after a reset.
 */
void simdisk_links(bool has);

/*
 * simdisk_calls - calls since the reset.
 */
uint64_t simdisk_calls(void);

/*
 * simdisk_die_at - the power goes at this call and stays away until
 * simdisk_crash: every call from it on fails and does nothing.
 */
void simdisk_die_at(uint64_t call);

/*
 * simdisk_is_dead - has that happened?
 */
bool simdisk_is_dead(void);

/*
 * simdisk_crash - lose power and start again: only what survived is there.
 */
void simdisk_crash(void);

/*
 * simdisk_kill - the process ends, however: its descriptors are closed, what
 * it wrote stays as seen.
 */
void simdisk_kill(void);

/*
 * simdisk_clean - remove all but these two files, as an operator would.
 */
void simdisk_clean(const char *a, const char *b);

/*
 * simdisk_write - create a durable file.
 */
void simdisk_write(const char *name, const void *p, size_t len);

/*
 * simdisk_read - what a program sees of a file; NULL: no such file.
 */
const char *simdisk_read(const char *name, size_t *ret_len);

#endif
