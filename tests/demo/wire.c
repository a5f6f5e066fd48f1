/* SPDX-License-Identifier: ISC */
/*
 * wire.c - namespaces and a virtual cable, with nothing but the kernel.
 *
 * The demo must run where there is a compiler and no ip(8): the cable is one
 * netlink message, addresses are the old ioctls.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "tests/demo/demo.h"

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = (ssize_t)strlen(text);

	if (fd < 0 || write(fd, text, (size_t)n) != n)
		demo_fail("namespaces", "%s: %s", path, strerror(errno));
	close(fd);
}

static void
write_map(const char *path, unsigned id)
{
	char text[32];

	snprintf(text, sizeof(text), "0 %u 1", id);
	write_file(path, text);
}

/* Become root of a user namespace that knows nobody else. */
static void
user_namespace(unsigned uid, unsigned gid)
{
	if (unshare(CLONE_NEWUSER) < 0)
		demo_fail("namespaces", "the kernel allows an ordinary user no "
		    "namespaces (%s): run it with sudo", strerror(errno));
	write_file("/proc/self/setgroups", "deny");
	write_map("/proc/self/uid_map", uid);
	write_map("/proc/self/gid_map", gid);
}

static int child_pid;

static void
forward(int signo)
{
	(void)signo;
	kill(child_pid, SIGKILL);	/* process 1: all others die with it */
}

/* The first process: wait, and pass on how it ended. */
static void
wait_outside(void)
{
	int status;

	signal(SIGINT, forward);
	signal(SIGTERM, forward);
	signal(SIGHUP, forward);
	while (waitpid(child_pid, &status, 0) < 0) {
		if (errno != EINTR)
			_exit(1);
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void
mount_or_fail(const char *type, const char *where, unsigned long flags)
{
	if (mount(type, where, type, flags, NULL) < 0)
		demo_fail("namespaces", "mount %s: %s", where, strerror(errno));
}

bool
wire_namespaces(void)
{
	unsigned uid = geteuid(), gid = getegid();

	if (uid != 0)
		user_namespace(uid, gid);
	if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID |
	    CLONE_NEWIPC) < 0)
		demo_fail("namespaces", "unshare: %s%s", strerror(errno),
		    uid != 0 ? ": run it with sudo" : "");
	child_pid = fork();
	if (child_pid < 0)
		demo_fail("namespaces", "fork: %s", strerror(errno));
	if (child_pid > 0)
		wait_outside();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		demo_fail("namespaces", "private mounts: %s", strerror(errno));
	mount_or_fail("proc", "/proc", 0);
	/* What the servers keep is below /var; ours vanishes with us. */
	mount_or_fail("tmpfs", "/var", 0);
	wire_up("lo", 0, 0, NULL);
	return uid != 0;
}

/* Room for one request; attributes are put behind each other. */
struct request {
	struct nlmsghdr head;
	struct ifinfomsg info;
	char room[512];
};

static struct rtattr *
put(struct request *r, unsigned short type, const void *data, size_t n)
{
	struct rtattr *a = (void *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(n);
	if (n > 0)
		memcpy(RTA_DATA(a), data, n);
	r->head.nlmsg_len = (uint32_t)(NLMSG_ALIGN(r->head.nlmsg_len) +
	    RTA_ALIGN(a->rta_len));
	ASSERT(r->head.nlmsg_len <= sizeof(*r));
	return a;
}

static void
close_nest(const struct request *r, struct rtattr *a)
{
	a->rta_len = (unsigned short)((const char *)r + r->head.nlmsg_len -
	    (const char *)a);
}

/* "ip link add s0 type veth peer name c0 netns PID" */
static void
ask_for_cable(struct request *r, uint32_t pid)
{
	struct rtattr *info, *data, *peer;
	struct ifinfomsg none;

	memset(r, 0, sizeof(*r));
	memset(&none, 0, sizeof(none));
	r->head.nlmsg_len = NLMSG_LENGTH(sizeof(r->info));
	r->head.nlmsg_type = RTM_NEWLINK;
	r->head.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL |
	    NLM_F_ACK;
	put(r, IFLA_IFNAME, "s0", 3);
	info = put(r, IFLA_LINKINFO, NULL, 0);
	put(r, IFLA_INFO_KIND, "veth", 4);
	data = put(r, IFLA_INFO_DATA, NULL, 0);
	peer = put(r, VETH_INFO_PEER, &none, sizeof(none));
	put(r, IFLA_IFNAME, "c0", 3);
	put(r, IFLA_NET_NS_PID, &pid, sizeof(pid));
	close_nest(r, peer);
	close_nest(r, data);
	close_nest(r, info);
}

void
wire_cable(int client_pid)
{
	struct request r;
	struct {
		struct nlmsghdr head;
		struct nlmsgerr err;
		char room[1024];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	ask_for_cable(&r, (uint32_t)client_pid);
	memset(&answer, 0, sizeof(answer));
	if (fd < 0 || send(fd, &r, r.head.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		demo_fail("cable", "netlink: %s", strerror(errno));
	if (answer.head.nlmsg_type == NLMSG_ERROR && answer.err.error != 0)
		demo_fail("cable", "no virtual cable (veth): %s",
		    strerror(-answer.err.error));
	close(fd);
	wire_up("s0", DEMO_SERVER, DEMO_MASK, NULL);
}

static void
set(int fd, unsigned long what, struct ifreq *ifr, const char *text)
{
	if (ioctl(fd, what, ifr) < 0)
		demo_fail("cable", "%s of %s: %s", text, ifr->ifr_name,
		    strerror(errno));
}

static void
set_addr(int fd, unsigned long what, struct ifreq *ifr, uint32_t addr,
    const char *text)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(addr);
	memcpy(&ifr->ifr_addr, &in, sizeof(in));
	set(fd, what, ifr, text);
}

void
wire_up(const char *name, uint32_t addr, uint32_t mask, const uint8_t *mac)
{
	struct ifreq ifr;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		demo_fail("cable", "socket: %s", strerror(errno));
	memset(&ifr, 0, sizeof(ifr));
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (mac != NULL) {
		ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
		memcpy(ifr.ifr_hwaddr.sa_data, mac, 6);
		set(fd, SIOCSIFHWADDR, &ifr, "hardware address");
	}
	if (addr != 0) {
		set_addr(fd, SIOCSIFADDR, &ifr, addr, "address");
		set_addr(fd, SIOCSIFNETMASK, &ifr, mask, "netmask");
	}
	set(fd, SIOCGIFFLAGS, &ifr, "flags");
	ifr.ifr_flags |= IFF_UP | IFF_RUNNING;
	set(fd, SIOCSIFFLAGS, &ifr, "flags");
	close(fd);
}
