/* SPDX-License-Identifier: ISC */
/*
 * sandbox - the walls; see sandbox.h.
 *
 * The filter is an allow-list in one table: a system call and the promise that
 * opens it.  Calls that only this or that libc makes, or only this or that
 * machine has, stand in it too: what a machine lacks is left out when the
 * filter is assembled.  For programs that somebody else wrote it is a list of
 * what none of them needs.  Landlock's numbers are written out because the headers
 * we must build with are older than Landlock.
 */
#include "common/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

/* The one architecture whose calls pass; 0 = no filter on this machine. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH 0
#endif

#define NONE (-1)		/* a call this machine or these headers lack */

/* Calls of x86 that newer machines were born without. */
#ifndef SYS_open
#define SYS_open NONE
#define SYS_stat NONE
#define SYS_lstat NONE
#define SYS_access NONE
#define SYS_readlink NONE
#define SYS_getdents NONE
#define SYS_rename NONE
#define SYS_link NONE
#define SYS_unlink NONE
#define SYS_mkdir NONE
#define SYS_chmod NONE
#define SYS_chown NONE
#define SYS_poll NONE
#define SYS_select NONE
#define SYS_epoll_wait NONE
#define SYS_epoll_create NONE
#define SYS_pipe NONE
#define SYS_dup2 NONE
#define SYS_fork NONE
#define SYS_vfork NONE
#define SYS_time NONE
#define SYS_getpgrp NONE
#define SYS_arch_prctl NONE
#define SYS_inotify_init NONE
#define SYS_alarm NONE
#endif
/* Calls younger than the oldest headers. */
#ifndef SYS_getrandom
#define SYS_getrandom NONE
#endif
#ifndef SYS_statx
#define SYS_statx NONE
#endif
#ifndef SYS_rseq
#define SYS_rseq NONE
#endif
#ifndef SYS_renameat2
#define SYS_renameat2 NONE
#endif
#ifndef SYS_renameat
#define SYS_renameat NONE
#endif
#ifndef SYS_openat2
#define SYS_openat2 NONE
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 NONE
#endif
#ifndef SYS_clone3
#define SYS_clone3 NONE
#endif
#ifndef SYS_close_range
#define SYS_close_range NONE
#endif
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 NONE
#endif
#ifndef SYS_bpf
#define SYS_bpf NONE
#endif
#ifndef SYS_userfaultfd
#define SYS_userfaultfd NONE
#endif
#ifndef SYS_kexec_file_load
#define SYS_kexec_file_load NONE
#endif
#ifndef SYS_ioperm
#define SYS_ioperm NONE
#define SYS_iopl NONE
#endif
/* The same number on all machines. */
#define NR_IO_URING_SETUP 425
#define NR_OPEN_TREE 428
#define NR_MOVE_MOUNT 429
#define NR_FSOPEN 430
#define NR_FSMOUNT 432
#define NR_FSPICK 433
#define NR_PIDFD_GETFD 438
#define NR_MOUNT_SETATTR 442
/* A second set of numbers for the calls of x86. */
#define X32_BIT 0x40000000u

#define ALWAYS_OPEN 0u

static const struct {
	int nr;
	unsigned may;		/* any of these opens it; 0 = always open */
} table[] = {
	/* memory, time, threads of libc, signals, the end */
	{ SYS_brk, ALWAYS_OPEN }, { SYS_mmap, ALWAYS_OPEN },
	{ SYS_munmap, ALWAYS_OPEN }, { SYS_mremap, ALWAYS_OPEN },
	{ SYS_mprotect, ALWAYS_OPEN }, { SYS_madvise, ALWAYS_OPEN },
	{ SYS_clock_gettime, ALWAYS_OPEN }, { SYS_gettimeofday, ALWAYS_OPEN },
	{ SYS_time, ALWAYS_OPEN }, { SYS_clock_nanosleep, ALWAYS_OPEN },
	{ SYS_nanosleep, ALWAYS_OPEN }, { SYS_futex, ALWAYS_OPEN },
	{ SYS_rseq, ALWAYS_OPEN }, { SYS_set_robust_list, ALWAYS_OPEN },
	{ SYS_set_tid_address, ALWAYS_OPEN }, { SYS_arch_prctl, ALWAYS_OPEN },
	{ SYS_getrandom, ALWAYS_OPEN }, { SYS_rt_sigaction, ALWAYS_OPEN },
	{ SYS_rt_sigprocmask, ALWAYS_OPEN }, { SYS_rt_sigreturn, ALWAYS_OPEN },
	{ SYS_sigaltstack, ALWAYS_OPEN }, { SYS_restart_syscall, ALWAYS_OPEN },
	{ SYS_getpid, ALWAYS_OPEN }, { SYS_getppid, ALWAYS_OPEN },
	{ SYS_gettid, ALWAYS_OPEN }, { SYS_getuid, ALWAYS_OPEN },
	{ SYS_geteuid, ALWAYS_OPEN }, { SYS_getgid, ALWAYS_OPEN },
	{ SYS_getegid, ALWAYS_OPEN }, { SYS_getrusage, ALWAYS_OPEN },
	{ SYS_times, ALWAYS_OPEN }, { SYS_sysinfo, ALWAYS_OPEN },
	{ SYS_uname, ALWAYS_OPEN }, { SYS_sched_yield, ALWAYS_OPEN },
	{ SYS_sched_getaffinity, ALWAYS_OPEN }, { SYS_umask, ALWAYS_OPEN },
	{ SYS_tgkill, ALWAYS_OPEN }, { SYS_exit, ALWAYS_OPEN },
	{ SYS_exit_group, ALWAYS_OPEN },
	/* descriptors that are open */
	{ SYS_read, ALWAYS_OPEN }, { SYS_readv, ALWAYS_OPEN },
	{ SYS_pread64, ALWAYS_OPEN }, { SYS_preadv, ALWAYS_OPEN },
	{ SYS_write, ALWAYS_OPEN }, { SYS_writev, ALWAYS_OPEN },
	{ SYS_pwrite64, ALWAYS_OPEN }, { SYS_pwritev, ALWAYS_OPEN },
	{ SYS_lseek, ALWAYS_OPEN }, { SYS_fsync, ALWAYS_OPEN },
	{ SYS_fdatasync, ALWAYS_OPEN }, { SYS_ftruncate, ALWAYS_OPEN },
	{ SYS_fallocate, ALWAYS_OPEN }, { SYS_fadvise64, ALWAYS_OPEN },
	{ SYS_fstat, ALWAYS_OPEN }, { SYS_fcntl, ALWAYS_OPEN },
	{ SYS_flock, ALWAYS_OPEN }, { SYS_close, ALWAYS_OPEN },
	{ SYS_close_range, ALWAYS_OPEN }, { SYS_dup, ALWAYS_OPEN },
	{ SYS_dup2, ALWAYS_OPEN }, { SYS_dup3, ALWAYS_OPEN },
	{ SYS_pipe, ALWAYS_OPEN }, { SYS_pipe2, ALWAYS_OPEN },
	{ SYS_sendfile, ALWAYS_OPEN }, { SYS_splice, ALWAYS_OPEN },
	{ SYS_ioctl, ALWAYS_OPEN }, { SYS_prlimit64, ALWAYS_OPEN },
	/* waiting */
	{ SYS_epoll_create, ALWAYS_OPEN }, { SYS_epoll_create1, ALWAYS_OPEN },
	{ SYS_epoll_ctl, ALWAYS_OPEN }, { SYS_epoll_wait, ALWAYS_OPEN },
	{ SYS_epoll_pwait, ALWAYS_OPEN }, { SYS_epoll_pwait2, ALWAYS_OPEN },
	{ SYS_poll, ALWAYS_OPEN }, { SYS_ppoll, ALWAYS_OPEN },
	{ SYS_select, ALWAYS_OPEN }, { SYS_pselect6, ALWAYS_OPEN },
	{ SYS_timerfd_create, ALWAYS_OPEN }, { SYS_timerfd_settime, ALWAYS_OPEN },
	{ SYS_signalfd4, ALWAYS_OPEN }, { SYS_eventfd2, ALWAYS_OPEN },
	{ SYS_alarm, ALWAYS_OPEN },
	/* sockets; socket(2) itself goes by family */
	{ SYS_bind, ALWAYS_OPEN }, { SYS_listen, ALWAYS_OPEN },
	{ SYS_accept, ALWAYS_OPEN }, { SYS_accept4, ALWAYS_OPEN },
	{ SYS_connect, ALWAYS_OPEN }, { SYS_shutdown, ALWAYS_OPEN },
	{ SYS_getsockname, ALWAYS_OPEN }, { SYS_getpeername, ALWAYS_OPEN },
	{ SYS_setsockopt, ALWAYS_OPEN }, { SYS_getsockopt, ALWAYS_OPEN },
	{ SYS_sendto, ALWAYS_OPEN }, { SYS_recvfrom, ALWAYS_OPEN },
	{ SYS_sendmsg, ALWAYS_OPEN }, { SYS_recvmsg, ALWAYS_OPEN },
	{ SYS_sendmmsg, ALWAYS_OPEN }, { SYS_recvmmsg, ALWAYS_OPEN },
	/* files by name */
	{ SYS_open, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_openat, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_openat2, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_stat, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_lstat, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_newfstatat, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_statx, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_access, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_faccessat, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_faccessat2, SANDBOX_READ | SANDBOX_WRITE },
	{ SYS_readlink, SANDBOX_READ }, { SYS_readlinkat, SANDBOX_READ },
	{ SYS_getdents, SANDBOX_READ }, { SYS_getdents64, SANDBOX_READ },
	{ SYS_getcwd, SANDBOX_READ }, { SYS_chdir, SANDBOX_READ },
	{ SYS_fchdir, SANDBOX_READ }, { SYS_inotify_init, SANDBOX_READ },
	{ SYS_inotify_init1, SANDBOX_READ },
	{ SYS_inotify_add_watch, SANDBOX_READ },
	{ SYS_inotify_rm_watch, SANDBOX_READ },
	{ SYS_rename, SANDBOX_WRITE }, { SYS_renameat, SANDBOX_WRITE },
	{ SYS_renameat2, SANDBOX_WRITE }, { SYS_link, SANDBOX_WRITE },
	{ SYS_linkat, SANDBOX_WRITE }, { SYS_unlink, SANDBOX_WRITE },
	{ SYS_unlinkat, SANDBOX_WRITE }, { SYS_mkdir, SANDBOX_WRITE },
	{ SYS_mkdirat, SANDBOX_WRITE }, { SYS_fchmod, SANDBOX_WRITE },
	{ SYS_chmod, SANDBOX_WRITE }, { SYS_fchmodat, SANDBOX_WRITE },
	{ SYS_chown, SANDBOX_WRITE }, { SYS_fchown, SANDBOX_WRITE },
	{ SYS_fchownat, SANDBOX_WRITE }, { SYS_utimensat, SANDBOX_WRITE },
	/* processes */
	{ SYS_clone, SANDBOX_FORK }, { SYS_fork, SANDBOX_FORK },
	{ SYS_vfork, SANDBOX_FORK }, { SYS_execve, SANDBOX_EXEC },
	{ SYS_wait4, SANDBOX_FORK }, { SYS_waitid, SANDBOX_FORK },
	{ SYS_kill, SANDBOX_FORK }, { SYS_setsid, SANDBOX_FORK },
	{ SYS_setpgid, SANDBOX_FORK }, { SYS_getpgrp, SANDBOX_FORK },
	{ SYS_prctl, SANDBOX_FORK }, { SYS_setrlimit, SANDBOX_FORK },
	{ SYS_getrlimit, SANDBOX_FORK },
	{ SYS_setuid, SANDBOX_SETUID }, { SYS_setgid, SANDBOX_SETUID },
	{ SYS_setgroups, SANDBOX_SETUID }, { SYS_setresuid, SANDBOX_SETUID },
	{ SYS_setresgid, SANDBOX_SETUID },
};

/* What SANDBOX_ANY keeps shut. */
static const int never[] = {
	/* other processes */
	SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,
	NR_PIDFD_GETFD, SYS_perf_event_open,
	/* the kernel */
	SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load,
	SYS_kexec_file_load, SYS_bpf, SYS_userfaultfd, NR_IO_URING_SETUP,
	SYS_add_key, SYS_request_key, SYS_keyctl, SYS_ioperm, SYS_iopl,
	/* the machine */
	SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, NR_OPEN_TREE,
	NR_MOVE_MOUNT, NR_FSOPEN, NR_FSMOUNT, NR_FSPICK, NR_MOUNT_SETATTR,
	SYS_setns, SYS_unshare, SYS_open_by_handle_at, SYS_reboot, SYS_swapon,
	SYS_swapoff, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
	SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_acct,
	SYS_quotactl, SYS_syslog, SYS_vhangup,
};

static const struct {
	int family;
	unsigned may;
} families[] = {
	{ AF_INET, SANDBOX_INET }, { AF_INET6, SANDBOX_INET },
	{ AF_UNIX, SANDBOX_UNIX }, { AF_PACKET, SANDBOX_PACKET },
	{ AF_NETLINK, SANDBOX_NETLINK },
};

#define FILTER_MAX (2 * ARRAY_LEN(table) + 2 * ARRAY_LEN(families) + 24)
_Static_assert(ARRAY_LEN(never) < ARRAY_LEN(table), "room in the filter");
#define FAIL_WITH(err) (SECCOMP_RET_ERRNO | (err))

struct filter {
	struct sock_filter op[FILTER_MAX];
	unsigned short n;
};

static void
put(struct filter *f, uint16_t code, uint32_t k, uint8_t is, uint8_t is_not)
{
	ASSERT(f->n < FILTER_MAX);
	f->op[f->n++] = (struct sock_filter){ code, is, is_not, k };
}

/* If what was loaded equals k, the verdict is verdict. */
static void
put_case(struct filter *f, uint32_t k, uint32_t verdict)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, k, 0, 1);
	put(f, BPF_RET | BPF_K, verdict, 0, 0);
}

/* A new process in a namespace of its own could mount there: no clone with
 * CLONE_NEW*, and no clone3, whose flags cannot be seen. */
#define NEW_NAMESPACES 0x7e020000u

static void
assemble_any(struct filter *f)
{
	put(f, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
	put(f, BPF_RET | BPF_K, FAIL_WITH(EPERM), 0, 0);
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (never[i] != NONE)
			put_case(f, (uint32_t)never[i], FAIL_WITH(EPERM));
	if (SYS_clone3 != NONE)
		put_case(f, (uint32_t)SYS_clone3, FAIL_WITH(ENOSYS));
	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
	put(f, BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, args[0]), 0, 0);
	put(f, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
	put(f, BPF_RET | BPF_K, FAIL_WITH(EPERM), 0, 0);
	put(f, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 9);
	put(f, BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, args[0]), 0, 0);
	put_case(f, AF_INET, SECCOMP_RET_ALLOW);
	put_case(f, AF_INET6, SECCOMP_RET_ALLOW);
	put_case(f, AF_UNIX, SECCOMP_RET_ALLOW);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 1, 0);
	put(f, BPF_RET | BPF_K, FAIL_WITH(EAFNOSUPPORT), 0, 0);
	put(f, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

static void
assemble(struct filter *f, unsigned may)
{
	uint16_t load = BPF_LD | BPF_W | BPF_ABS;
	uint8_t socket_n = 2;	/* operations for socket(2) below */

	f->n = 0;
	put(f, load, offsetof(struct seccomp_data, arch), 0, 0);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	put(f, BPF_RET | BPF_K, SECCOMP_RET_KILL, 0, 0);
	put(f, load, offsetof(struct seccomp_data, nr), 0, 0);
	if ((may & SANDBOX_ANY) != 0) {
		assemble_any(f);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (table[i].nr != NONE &&
		    (table[i].may == 0 || (table[i].may & may) != 0))
			put_case(f, (uint32_t)table[i].nr, SECCOMP_RET_ALLOW);
	}
	if (SYS_clone3 != NONE && (may & SANDBOX_FORK) != 0)
		put_case(f, (uint32_t)SYS_clone3, FAIL_WITH(ENOSYS));
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		socket_n = (uint8_t)(socket_n +
		    ((families[i].may & may) != 0 ? 2 : 0));
	/* socket and socketpair have the family in the same place. */
	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 0, socket_n);
	put(f, load, offsetof(struct seccomp_data, args[0]), 0, 0);
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		if ((families[i].may & may) != 0)
			put_case(f, (uint32_t)families[i].family,
			    SECCOMP_RET_ALLOW);
	}
	put(f, BPF_RET | BPF_K, FAIL_WITH(EAFNOSUPPORT), 0, 0);
	put(f, BPF_RET | BPF_K, FAIL_WITH(EPERM), 0, 0);
}

/* 1 = the filter stands, 0 = no such thing here, or -errno. */
static int
filter_calls(unsigned may)
{
	struct filter f;
	struct sock_fprog prog;

	if (ARCH == 0)
		return 0;
	assemble(&f, may);
	prog.len = f.n;
	prog.filter = f.op;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0)
		return 1;
	return errno == EINVAL || errno == ENOSYS ? 0 : -errno;
}

/* --- Landlock */

#define LL_CREATE_RULESET 444
#define LL_ADD_RULE 445
#define LL_RESTRICT_SELF 446
#define LL_GET_VERSION 1u
#define LL_RULE_PATH_BENEATH 1

#define LL_EXECUTE (UINT64_C(1) << 0)
#define LL_WRITE_FILE (UINT64_C(1) << 1)
#define LL_READ_FILE (UINT64_C(1) << 2)
#define LL_READ_DIR (UINT64_C(1) << 3)
#define LL_REMOVE_DIR (UINT64_C(1) << 4)
#define LL_REMOVE_FILE (UINT64_C(1) << 5)
#define LL_MAKE_CHAR (UINT64_C(1) << 6)
#define LL_MAKE_DIR (UINT64_C(1) << 7)
#define LL_MAKE_REG (UINT64_C(1) << 8)
#define LL_ALL_1 ((UINT64_C(1) << 13) - 1)
#define LL_REFER (UINT64_C(1) << 13)	/* version 2 */
#define LL_TRUNCATE (UINT64_C(1) << 14)	/* version 3 */
#define LL_OF_FILES (LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE)

struct ll_ruleset {
	uint64_t handled;
};

struct ll_beneath {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

static int
allow_path(int ruleset, const struct sandbox_path *p, uint64_t handled)
{
	struct ll_beneath rule;
	struct stat st;
	int err = 0;

	rule.parent_fd = open(p->path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	rule.allowed = 0;
	if ((p->may & SANDBOX_READ) != 0)
		rule.allowed |= LL_READ_FILE | LL_READ_DIR;
	if ((p->may & SANDBOX_WRITE) != 0)
		rule.allowed |= LL_WRITE_FILE | LL_REMOVE_FILE | LL_MAKE_REG |
		    LL_MAKE_DIR | LL_REMOVE_DIR | LL_REFER | LL_TRUNCATE;
	if ((p->may & SANDBOX_EXEC) != 0)
		rule.allowed |= LL_EXECUTE;
	rule.allowed &= handled;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= LL_OF_FILES;
	if (syscall(LL_ADD_RULE, ruleset, LL_RULE_PATH_BENEATH, &rule, 0) < 0)
		err = -errno;
	close(rule.parent_fd);
	return err;
}

/* 1 = the rules stand, 0 = no such thing here, or -errno. */
static int
restrict_files(const struct sandbox_path *paths, size_t paths_n)
{
	struct ll_ruleset set = { LL_ALL_1 };
	long version = syscall(LL_CREATE_RULESET, NULL, 0, LL_GET_VERSION);
	int fd, err = 0;

	if (version < 1)
		return 0;
	if (version >= 2)
		set.handled |= LL_REFER;
	if (version >= 3)
		set.handled |= LL_TRUNCATE;
	fd = (int)syscall(LL_CREATE_RULESET, &set, sizeof(set), 0);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < paths_n && err == 0; i++)
		err = allow_path(fd, &paths[i], set.handled);
	if (err == 0 && syscall(LL_RESTRICT_SELF, fd, 0) < 0)
		err = -errno;
	close(fd);
	return err == 0 ? 1 : err;
}

int
sandbox_enter(unsigned may, const struct sandbox_path *paths, size_t paths_n,
    unsigned *ret_has)
{
	unsigned has = 0;
	int rc;

	/* Also what lets a process without privilege raise the others. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		has |= SANDBOX_HAS_NNP;
	else if (errno != EINVAL)
		return -errno;
	rc = paths_n == 0 ? 0 : restrict_files(paths, paths_n);
	if (rc < 0)
		return rc;
	if (rc > 0)
		has |= SANDBOX_HAS_LANDLOCK;
	rc = filter_calls(may);
	if (rc < 0)
		return rc;
	if (rc > 0)
		has |= SANDBOX_HAS_SECCOMP;
	if (ret_has != NULL)
		*ret_has = has;
	return 0;
}
