/* SPDX-License-Identifier: ISC */
/*
 * tree.c - what the demo's servers serve.
 *
 * Small text files are the examples that come with the daemons.  Everything
 * else is made up: the byte at an offset follows from the file's name, so both
 * sides know it and no byte can be wrong unseen.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/demo/demo.h"

struct tree_file {
	enum demo_root root;
	const char *name;
	const char *example;	/* NULL: made up, size bytes */
	size_t size;
};

static const struct tree_file files[] = {
	{ DEMO_TFTP, "pxelinux.0", NULL, 26759 },
	{ DEMO_TFTP, "pxelinux.cfg/default", "tftpd/example/default", 0 },
	{ DEMO_TFTP, "centos6/vmlinuz", NULL, 4274992 },
	{ DEMO_TFTP, "centos6/initrd.img", NULL, 12345678 },
	{ DEMO_HTTP, "ks_config/CentOS-6.9-ks.cfg",
	    "httpd/example/CentOS-6.9-ks.cfg", 0 },
	{ DEMO_HTTP, "centos6/.treeinfo", NULL, 354 },
	{ DEMO_HTTP, "centos6/images/install.img", NULL, 8388608 },
	{ DEMO_HTTP, "centos6/repodata/repomd.xml", NULL, 2935 },
	{ DEMO_HTTP, "centos6/repodata/primary.xml.gz", NULL, 651234 },
	{ DEMO_HTTP, "centos6/Packages/bash-4.1.2-48.el6.x86_64.rpm", NULL,
	    931000 },
	{ DEMO_HTTP, "centos6/Packages/glibc-2.12-1.209.el6.x86_64.rpm", NULL,
	    4014564 },
	{ DEMO_HTTP, "centos6/Packages/setup-2.8.14-23.el6.noarch.rpm", NULL,
	    150932 },
};

static const char *const root_dir[] = { DEMO_TFTPROOT, DEMO_DOCROOT };

static const struct tree_file *
find(enum demo_root root, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (files[i].root == root && strcmp(files[i].name, name) == 0)
			return &files[i];
	}
	demo_fail("tree", "nothing is known of %s", name);
}

/* Eight bytes of a made-up file: splitmix64 over the name and the place. */
static uint64_t
word_at(const struct tree_file *f, size_t word_i)
{
	uint64_t z = 14695981039346656037u;

	for (const char *p = f->name; *p != '\0'; p++)
		z = (z ^ (uint8_t)*p) * 1099511628211u;
	z += (word_i + 1) * 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void
made_up(const struct tree_file *f, size_t at, uint8_t *ret, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++) {
		if (i == 0 || (at + i) % 8 == 0)
			word = word_at(f, (at + i) / 8);
		ret[i] = (uint8_t)(word >> (at + i) % 8 * 8);
	}
}

/* Text of an example; its length. */
static size_t
example(const struct tree_file *f, uint8_t *ret, size_t cap)
{
	int fd = open(f->example, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret, cap);

	if (n < 0 || (size_t)n == cap)
		demo_fail("tree", "%s: %s", f->example, strerror(errno));
	close(fd);
	return (size_t)n;
}

size_t
tree_size(enum demo_root root, const char *name)
{
	const struct tree_file *f = find(root, name);
	uint8_t text[4096];

	return f->example == NULL ? f->size : example(f, text, sizeof(text));
}

bool
tree_check(enum demo_root root, const char *name, size_t at, const void *data,
    size_t n)
{
	const struct tree_file *f = find(root, name);
	const uint8_t *p = data;
	uint8_t want[4096];

	if (f->example != NULL) {
		size_t len = example(f, want, sizeof(want));

		return at <= len && n <= len - at &&
		    memcmp(want + at, data, n) == 0;
	}
	while (n > 0) {
		size_t part = n < sizeof(want) ? n : sizeof(want);

		made_up(f, at, want, part);
		if (memcmp(want, p, part) != 0)
			return false;
		p += part;
		at += part;
		n -= part;
	}
	return true;
}

/* All directories above a path. */
static void
make_dirs(char *path)
{
	for (char *p = path + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			demo_fail("tree", "%s: %s", path, strerror(errno));
		*p = '/';
	}
}

static void
write_file(const struct tree_file *f)
{
	char path[256];
	uint8_t buf[65536];
	size_t size = tree_size(f->root, f->name);
	int fd;

	snprintf(path, sizeof(path), "%s/%s", root_dir[f->root], f->name);
	make_dirs(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		demo_fail("tree", "%s: %s", path, strerror(errno));
	for (size_t at = 0; at < size;) {
		size_t part = size - at < sizeof(buf) ? size - at : sizeof(buf);

		if (f->example != NULL)
			(void)example(f, buf, sizeof(buf));
		else
			made_up(f, at, buf, part);
		if (write(fd, buf, part) != (ssize_t)part)
			demo_fail("tree", "%s: %s", path, strerror(errno));
		at += part;
	}
	close(fd);
}

void
tree_write(void)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		write_file(&files[i]);
}
