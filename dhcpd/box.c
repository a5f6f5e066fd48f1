/* SPDX-License-Identifier: ISC */
/*
 * box - the rights of a running server; see box.h.
 *
 * Two capabilities stay, because a reload may find an interface that needs a
 * raw socket and a low port.  Writing goes by directory, not by file: the lease
 * file is replaced by a new one of the same name.
 */
#include "dhcpd/box.h"

#include <libgen.h>
#include <limits.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/sandbox.h"
#include "common/str.h"

uint64_t
box_caps(void)
{
	return PROC_CAP(CAP_NET_RAW) | PROC_CAP(CAP_NET_BIND_SERVICE);
}

/* The directory of a file; dir has room for it. */
static const char *
dir_of(const char *path, char dir[PATH_MAX])
{
	return str_copy(str_of(path), dir, PATH_MAX) ? dirname(dir) : "/";
}

static bool
is_of_others(const char *path)
{
	char dir[PATH_MAX];
	struct stat st;

	return (stat(path, &st) == 0 && st.st_uid != geteuid()) ||
	    (stat(dir_of(path, dir), &st) == 0 && st.st_uid != geteuid());
}

int
box_drop_power(const char *const *files, size_t files_n)
{
	struct proc_user root = { .uid = 0, .gid = getegid() };
	uint64_t keep = box_caps();

	if (geteuid() != 0)
		return 0;
	for (size_t i = 0; i < files_n; i++)
		if (is_of_others(files[i]))
			keep |= PROC_CAP(CAP_DAC_OVERRIDE) |
			    PROC_CAP(CAP_CHOWN) | PROC_CAP(CAP_FOWNER);
	return proc_drop(&root, keep);
}

int
box_enter(const char *const *files, size_t files_n, unsigned *ret_has)
{
	const unsigned may = SANDBOX_READ | SANDBOX_WRITE | SANDBOX_INET |
	    SANDBOX_UNIX | SANDBOX_PACKET | SANDBOX_NETLINK;
	struct sandbox_path paths[1 + BOX_FILES_MAX] = {
		{ "/", SANDBOX_READ }
	};
	char dirs[BOX_FILES_MAX][PATH_MAX];

	ASSERT(files_n <= BOX_FILES_MAX);
	for (size_t i = 0; i < files_n; i++) {
		paths[1 + i].path = dir_of(files[i], dirs[i]);
		paths[1 + i].may = SANDBOX_READ | SANDBOX_WRITE;
	}
	return sandbox_enter(may, paths, 1 + files_n, ret_has);
}
