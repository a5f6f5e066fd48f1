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
 * It prints "N inputs" and fails only when a file cannot be read; a finding is
 * the target's own crash.
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
	DRIVE_PATH_MAX = 4096
};

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);
int	LLVMFuzzerInitialize(int *, char ***) __attribute__((weak));

static unsigned drive_inputs_n;

static bool
drive_stream(FILE *f, const char *name)
{
	uint8_t *all = malloc(DRIVE_INPUT_MAX), *exact;
	size_t n;

	if (all == NULL)
		return false;
	n = fread(all, 1, DRIVE_INPUT_MAX, f);
	if (ferror(f)) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		free(all);
		return false;
	}
	exact = malloc(n);
	if (exact == NULL && n > 0) {
		free(all);
		return false;
	}
	if (n > 0)
		memcpy(exact, all, n);
	free(all);
	(void)LLVMFuzzerTestOneInput(exact, n);	/* 0 or -1, both are fine */
	free(exact);
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
	uint8_t *none;

	if (LLVMFuzzerInitialize != NULL)
		(void)LLVMFuzzerInitialize(&argc, &argv);
	if (argc < 2) {
		none = malloc(1);
		if (none != NULL)
			(void)LLVMFuzzerTestOneInput(none, 0);
		free(none);
		drive_inputs_n++;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-") == 0)
			ok = drive_stream(stdin, "standard input") && ok;
		else
			ok = drive_path(argv[i]) && ok;
	}
	printf("%u inputs\n", drive_inputs_n);
	return ok ? 0 : 1;
}
