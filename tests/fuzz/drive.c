/* SPDX-License-Identifier: ISC */
/*
 * drive.c - a plain main for every fuzz target.
 *
 * Replays each file named on the command line, and each file below a directory
 * named there, through LLVMFuzzerTestOneInput; so make check needs no clang.
 * Without arguments it feeds the empty input; with "-" it reads standard input
 * once, which is the entry for AFL.  Each input is a heap copy of exactly its
 * size, so that the sanitizer sees a read one byte too far.
 *
 * After -m each file is also tried cut short and with a byte changed, at up to
 * DRIVE_PLACES places spread over it: what a lossy network or a hasty editor
 * does to every input.  The same files give the same variations.
 *
 * It prints "N inputs, M variations" and fails only when a file cannot be read;
 * a finding is the target's own crash.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DRIVE_INPUT_MAX = 1 << 20,
	DRIVE_PATH_MAX = 4096,
	DRIVE_PLACES = 256,
	DRIVE_VARIATIONS_MAX = 200000
};

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);
int	LLVMFuzzerInitialize(int *, char ***) __attribute__((weak));

static unsigned drive_inputs_n, drive_variations_n;
static bool drive_mutates;

/* Give the target a heap copy of its own, len bytes and not one more. */
static void
drive_once(const uint8_t *p, size_t len)
{
	uint8_t *exact = malloc(len);

	if (exact == NULL && (exact = malloc(1)) == NULL) {
		perror("malloc");
		exit(1);
	}
	if (len > 0)
		memcpy(exact, p, len);
	(void)LLVMFuzzerTestOneInput(exact, len);	/* 0 or -1, both are fine */
	free(exact);
}

static void
drive_vary(uint8_t *p, size_t len)
{
	static const uint8_t flips[] = { 0xff, 0x01, 0x80, 0x20 };
	size_t step = 1 + len / DRIVE_PLACES;
	uint8_t was;

	for (size_t at = 0; at < len; at += step) {
		if (drive_variations_n >= DRIVE_VARIATIONS_MAX)
			return;
		drive_once(p, at);
		was = p[at];
		p[at] ^= flips[at / step % sizeof(flips)];
		drive_once(p, len);
		p[at] = was;
		drive_variations_n += 2;
	}
}

static bool
drive_stream(FILE *f, const char *name)
{
	uint8_t *all = malloc(DRIVE_INPUT_MAX);
	size_t n;

	if (all == NULL)
		return false;
	n = fread(all, 1, DRIVE_INPUT_MAX, f);
	if (ferror(f)) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		free(all);
		return false;
	}
	drive_once(all, n);
	if (drive_mutates)
		drive_vary(all, n);
	free(all);
	drive_inputs_n++;
	return true;
}

static bool
drive_path(const char *path)
{
	char sub[DRIVE_PATH_MAX];
	struct dirent *e;
	struct stat st;
	bool ok = true;
	FILE *f;
	DIR *d;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if ((d = opendir(path)) == NULL) {
			fprintf(stderr, "%s: %s\n", path, strerror(errno));
			return false;
		}
		while ((e = readdir(d)) != NULL) {
			if (e->d_name[0] == '.')
				continue;
			snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name);
			ok = drive_path(sub) && ok;
		}
		closedir(d);
		return ok;
	}
	if ((f = fopen(path, "rb")) == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	ok = drive_stream(f, path);
	fclose(f);
	return ok;
}

int
main(int argc, char **argv)
{
	bool ok = true;

	if (LLVMFuzzerInitialize != NULL)
		(void)LLVMFuzzerInitialize(&argc, &argv);
	if (argc < 2) {
		drive_once(NULL, 0);
		drive_inputs_n++;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-") == 0)
			ok = drive_stream(stdin, "standard input") && ok;
		else if (strcmp(argv[i], "-m") == 0)
			drive_mutates = true;
		else
			ok = drive_path(argv[i]) && ok;
	}
	printf("%u inputs, %u variations\n", drive_inputs_n, drive_variations_n);
	return ok ? 0 : 1;
}
