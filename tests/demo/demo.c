/* SPDX-License-Identifier: ISC */
/*
 * demo.c - usage: demo DIRECTORY-OF-PROGRAMS, from the top of the tree.
 *
 * Starts dhcpd, in.tftpd and httpd on the example files in namespaces of its
 * own and lets a machine install itself from them.  Everything dies with the
 * process namespace and everything written vanishes with the mount namespace,
 * so there is nothing to clean up, however it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/ip4.h"

#include "tests/demo/demo.h"

#define CONF_COPY "/var/httpd.conf"
#define SERVERS 3

static const char *const server_name[SERVERS] = { "dhcpd", "in.tftpd",
    "httpd" };

void
demo_line(const char *from, const char *to, const char *fmt, ...)
{
	struct timeval now;
	struct tm tm;
	va_list ap;

	gettimeofday(&now, NULL);
	localtime_r(&now.tv_sec, &tm);
	printf("%02d:%02d:%02d.%03d %s > %s: ", tm.tm_hour, tm.tm_min, tm.tm_sec,
	    (int)(now.tv_usec / 1000), from, to);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

void
demo_note(const char *fmt, ...)
{
	va_list ap;

	printf("\n-- ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

void
demo_fail(const char *step, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fprintf(stderr, "\ndemo: step \"%s\" failed: ", step);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	_exit(1);
}

const char *
demo_endpoint(uint32_t addr, unsigned port)
{
	static char ring[4][32];
	static unsigned at;
	char text[IP4_TEXT_SIZE];
	char *ret = ring[at++ % ARRAY_LEN(ring)];

	snprintf(ret, sizeof(ring[0]), "%s.%u", ip4_fmt(addr, text).p, port);
	return ret;
}

static void
make_dir(const char *path)
{
	if (mkdir(path, 0755) < 0)
		demo_fail("directories", "%s: %s", path, strerror(errno));
}

/*
 * The example, as it is, but for what this machine may not have: the directory
 * /etc/httpd, and the user, which becomes "nobody", or none where there is only
 * one.
 */
static void
copy_httpd_conf(bool is_alone)
{
	FILE *in = fopen("httpd/example/httpd.conf", "r");
	FILE *out = fopen(CONF_COPY, "w");
	const struct passwd *nobody = getpwnam("nobody");
	char line[256];

	if (in == NULL || out == NULL)
		demo_fail("httpd.conf", "%s (run it from the top of the tree)",
		    strerror(errno));
	while (fgets(line, sizeof(line), in) != NULL) {
		if (strncmp(line, "User ", 5) != 0 &&
		    strncmp(line, "Group ", 6) != 0 &&
		    strncmp(line, "ServerRoot ", 11) != 0)
			fputs(line, out);
		else if (line[0] == 'S')
			fputs("ServerRoot /var\n", out);
	}
	if (!is_alone && nobody != NULL)
		fprintf(out, "User nobody\nGroup #%u\n",
		    (unsigned)nobody->pw_gid);
	fclose(in);
	if (fclose(out) != 0)
		demo_fail("httpd.conf", "%s", strerror(errno));
}

/* Start a program; its messages go to /var/NAME.log. */
static int
start(const char *build, const char *name, const char *const argv[])
{
	char path[512], log[64];
	int fd, pid;

	snprintf(path, sizeof(path), "%s/%s", build, name);
	snprintf(log, sizeof(log), "/var/%s.log", name);
	printf("   ");
	for (int i = 0; argv[i] != NULL; i++)
		printf(" %s", argv[i]);
	putchar('\n');
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		demo_fail("start", "fork: %s", strerror(errno));
	if (pid > 0)
		return pid;
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
		demo_fail("start", "%s: %s", log, strerror(errno));
	/* execv's type is older than const; it changes nothing. */
	execv(path, (char *const *)(uintptr_t)argv);
	demo_fail("start", "%s: %s", path, strerror(errno));
}

static void
start_servers(const char *build, bool is_alone, int pids[SERVERS])
{
	const char *const dhcpd[] = { "dhcpd", "-f", "-d", "-cf",
	    "dhcpd/example/dhcpd.conf", "-lf", DEMO_LEASES, "-pf",
	    "/var/run/dhcpd.pid", "s0", NULL };
	const char *const tftpd[] = { "in.tftpd", "-L", "-s", "-v", "-u",
	    is_alone ? "root" : "nobody", "-a", "10.10.3.167:69",
	    DEMO_TFTPROOT, NULL };
	const char *const httpd[] = { "httpd", "-f", CONF_COPY, "-DFOREGROUND", NULL };

	demo_note("server 10.10.3.167, in namespaces of its own:");
	pids[0] = start(build, server_name[0], dhcpd);
	pids[1] = start(build, server_name[1], tftpd);
	pids[2] = start(build, server_name[2], httpd);
}

/* The machine: a process in a network namespace of its own. */
static int
start_machine(int *ret_go_fd)
{
	int ready[2], go[2], pid;
	char byte = 0;

	if (pipe(ready) < 0 || pipe(go) < 0)
		demo_fail("machine", "pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		demo_fail("machine", "fork: %s", strerror(errno));
	if (pid == 0) {
		if (unshare(CLONE_NEWNET) < 0)
			demo_fail("machine", "unshare: %s", strerror(errno));
		close(go[1]);
		if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(1);
		boot_machine();
		_exit(0);
	}
	close(ready[1]);
	close(go[0]);
	if (read(ready[0], &byte, 1) != 1)
		_exit(1);
	close(ready[0]);
	*ret_go_fd = go[1];
	return pid;
}

static void
show_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512];

	if (f == NULL)
		return;
	while (fgets(line, sizeof(line), f) != NULL)
		printf("    %s", line);
	fclose(f);
}

/* The last block of the leases file. */
static void
show_lease(void)
{
	FILE *f = fopen(DEMO_LEASES, "r");
	char block[2048] = "", line[512];
	bool is_in = false, is_active = false;

	if (f == NULL)
		demo_fail("lease", "%s: %s", DEMO_LEASES, strerror(errno));
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "lease ", 6) == 0) {
			block[0] = '\0';
			is_in = true;
			is_active = false;
		}
		if (is_in && strlen(block) + strlen(line) < sizeof(block))
			memcpy(block + strlen(block), line, strlen(line) + 1);
		if (strcmp(line, "  binding state active;\n") == 0)
			is_active = true;
		if (line[0] == '}')
			is_in = false;
	}
	fclose(f);
	demo_note("what dhcpd wrote to %s before it said ACK:", DEMO_LEASES);
	fputs(block, stdout);
	if (!is_active || strstr(block, "00:50:56:3b:f6:2b;") == NULL)
		demo_fail("lease", "the machine's lease is not on file");
}

static void
finish_badly(void)
{
	static const char *const logs[] = { "/var/dhcpd.log",
	    "/var/in.tftpd.log", "/var/httpd.log",
	    "/var/log/httpd/error_log" };

	for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
		printf("%s:\n", logs[i]);
		show_file(logs[i]);
	}
	fflush(stdout);
	_exit(1);
}

/* Until the machine has installed itself; no server may end before that. */
static void
wait_for(int machine, const int pids[SERVERS])
{
	int status, ended;

	while ((ended = wait(&status)) != machine) {
		for (int i = 0; i < SERVERS; i++) {
			if (ended != pids[i])
				continue;
			fprintf(stderr, "\ndemo: step \"servers\" failed: %s "
			    "ended\n", server_name[i]);
			finish_badly();
		}
		if (ended < 0 && errno != EINTR)
			demo_fail("machine", "wait: %s", strerror(errno));
	}
	if (status != 0)
		finish_badly();
}

int
main(int argc, char **argv)
{
	int machine, go_fd, pids[SERVERS];
	bool is_alone;

	if (argc != 2) {
		fprintf(stderr, "usage: demo DIRECTORY-OF-PROGRAMS\n");
		return 1;
	}
	is_alone = wire_namespaces();
	make_dir("/var/lib");
	make_dir("/var/lib/dhcpd");
	make_dir("/var/run");
	make_dir("/var/log");
	make_dir("/var/log/httpd");
	make_dir("/var/www");
	tree_write();
	copy_httpd_conf(is_alone);
	machine = start_machine(&go_fd);
	wire_cable(machine);
	start_servers(argv[1], is_alone, pids);
	if (write(go_fd, "", 1) != 1)
		demo_fail("machine", "%s", strerror(errno));
	wait_for(machine, pids);
	show_lease();
	demo_note("all of it arrived, byte for byte.  To serve a real network, "
	    "as root:");
	printf("    make install\n"
	    "    dhcpd -cf /etc/dhcp/dhcpd.conf eth0\n"
	    "    in.tftpd -L -s " DEMO_TFTPROOT " & httpd\n");
	fflush(stdout);
	_exit(0);
}
