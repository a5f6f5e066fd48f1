# SPDX-License-Identifier: ISC
"""What running daemons may still do; see privilege.sh.

usage: privilege.py BUILD DIR

The state comes from /proc.  The tries are made with ptrace in the stopped
process: its registers and some bytes of its stack are borrowed for one system
call, and given back.
"""
import ctypes
import errno
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from bounds import reporter  # noqa: E402

BUILD, DIR = sys.argv[1:3]
ok, die = reporter("privilege")
NET_BIND_SERVICE, NET_RAW = 1 << 10, 1 << 13
DAC_OVERRIDE, DAC_READ_SEARCH = 1 << 1, 1 << 2
NOBODY = 65534
ALL = -1

# --- the state


def state(pid):
    with open(f"/proc/{pid}/status") as f:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
    return {
        "uid": {int(x) for x in fields["Uid"].split()},
        "gid": {int(x) for x in fields["Gid"].split()},
        "groups": {int(x) for x in fields["Groups"].split()},
        "caps": int(fields["CapEff"], 16) | int(fields["CapPrm"], 16) | int(fields["CapInh"], 16) |
        int(fields["CapAmb"], 16),
        "walls": int(fields["NoNewPrivs"]) + int(fields["Seccomp"]),
        "root": os.readlink(f"/proc/{pid}/root"),
    }


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(word) for word in f.read().split()]


def expect(name, pid, uid, caps, walls, root="/"):
    got = state(pid)
    if got["uid"] != {uid} or (uid and got["gid"] != {NOBODY}):
        die(f"{name}: user {got['uid']}, group {got['gid']}")
    if walls and got["groups"] - {0 if uid == 0 else NOBODY}:
        die(f"{name}: groups {got['groups']}")
    if caps != ALL and got["caps"] & ~caps:
        die(f"{name}: capabilities {got['caps']:x}, at most {caps:x} wanted")
    if got["walls"] != (3 if walls else got["walls"] & 1):
        die(f"{name}: no-new-privileges and seccomp {got['walls']}")
    if got["root"] != root:
        die(f"{name}: its root is {got['root']}")


# --- system calls inside it

class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in
                "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags "
                "rsp ss fs_base gs_base ds es fs gs".split()]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long] * 2 + [ctypes.c_void_p] * 2
ATTACH, DETACH, STEP, GETREGS, SETREGS, PEEK, POKE = 16, 17, 9, 12, 13, 1, 4


def ptrace(what, pid, addr=0, data=0):
    ctypes.set_errno(0)
    rc = libc.ptrace(what, pid, addr, data)
    if rc == -1 and ctypes.get_errno():
        raise OSError(ctypes.get_errno(), f"ptrace {what}")
    return rc


def exchange(pid, addr, data):
    """write data (a multiple of 8), give what was there"""
    old = b""
    for i in range(0, len(data), 8):
        old += (ptrace(PEEK, pid, addr + i) & (1 << 64) - 1).to_bytes(8, "little")
        ptrace(POKE, pid, addr + i, int.from_bytes(data[i:i + 8], "little"))
    return old


def syscalls(pid, calls):
    """the errno that each call gets, or 0; a call is (number, arguments), strings allowed"""
    ptrace(ATTACH, pid)
    os.waitpid(pid, 0)
    saved = Registers()
    ptrace(GETREGS, pid, 0, ctypes.addressof(saved))
    code = exchange(pid, saved.rip, b"\x0f\x05" + b"\x90" * 6)
    got = []
    for number, args in calls:
        regs = Registers.from_buffer_copy(saved)
        stack = (saved.rsp - 4096) & ~15
        pushed = []
        for place, arg in zip(("rdi", "rsi", "rdx", "r10", "r8", "r9"), args):
            if isinstance(arg, bytes):
                data = (arg + b"\0").ljust((len(arg) // 8 + 1) * 8, b"\0")
                pushed.append((stack, exchange(pid, stack, data)))
                arg, stack = stack, stack + 512
            setattr(regs, place, arg & (1 << 64) - 1)
        regs.rax, regs.orig_rax = number, (1 << 64) - 1
        ptrace(SETREGS, pid, 0, ctypes.addressof(regs))
        ptrace(STEP, pid)
        _, how = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(how):
            got.append("killed")
            return got
        ptrace(GETREGS, pid, 0, ctypes.addressof(regs))
        value = ctypes.c_int64(regs.rax).value
        got.append(-value if -4096 < value < 0 else 0)
        for addr, old in pushed:
            exchange(pid, addr, old)
    exchange(pid, saved.rip, code)
    ptrace(SETREGS, pid, 0, ctypes.addressof(saved))
    ptrace(DETACH, pid)
    return got


O_WRONLY, O_RDWR, O_CREAT, AT_FDCWD = 1, 2, 0o100, -100
NO = {errno.EPERM, errno.EACCES}
FAMILY = {errno.EAFNOSUPPORT, errno.EPERM}
# what nobody inside may do
FORBIDDEN = {
    "execve": (59, (b"/bin/true", 0, 0), NO), "execveat": (322, (AT_FDCWD, b"/bin/true", 0, 0, 0), NO),
    "ptrace": (101, (0, 0, 0, 0), NO), "process_vm_readv": (310, (1, 0, 0, 0, 0, 0), NO),
    "process_vm_writev": (311, (1, 0, 0, 0, 0, 0), NO), "mount": (165, (b"x", b"/mnt", b"tmpfs", 0, 0), NO),
    "umount": (166, (b"/", 2), NO), "pivot_root": (155, (b"/", b"/"), NO), "chroot": (161, (b"/",), NO),
    "unshare": (272, (0x10000000,), NO), "setns": (308, (0, 0), NO), "init_module": (175, (0, 0, b""), NO),
    "finit_module": (313, (0, b"", 0), NO), "bpf": (321, (0, 0, 0), NO),
    "perf_event_open": (298, (0, 0, -1, -1, 0), NO), "kexec_load": (246, (0, 0, 0, 0), NO),
    "reboot": (169, (0, 0, 0, 0), NO), "add_key": (248, (b"user", b"x", 0, 0, 0), NO),
    "keyctl": (250, (0, 0, 0, 0, 0), NO), "io_uring_setup": (425, (1, 0), NO),
    "userfaultfd": (323, (0,), NO), "memfd_create": (319, (b"x", 0), NO),
    "personality": (135, (0x0040000,), NO), "settimeofday": (164, (0, 0), NO),
    "sethostname": (170, (b"x", 1), NO), "swapon": (167, (b"/x", 0), NO), "ioperm": (173, (0, 1, 1), NO),
    "open_by_handle_at": (304, (0, 0, 0), NO), "mknod": (133, (b"/run/test/run/node", 0o60666, 0x100), NO),
    "symlink": (88, (b"/etc/shadow", b"/run/test/run/link"), NO),
    "write /etc/passwd": (257, (AT_FDCWD, b"/etc/passwd", O_WRONLY, 0), NO),
    "write /proc/sys": (257, (AT_FDCWD, b"/proc/sys/kernel/core_pattern", O_WRONLY, 0), NO),
    "create in /tmp": (257, (AT_FDCWD, b"/tmp/privilege.test", O_CREAT | O_RDWR, 0o600), NO),
    "AF_ALG": (41, (38, 5, 0), FAMILY), "AF_VSOCK": (41, (40, 1, 0), FAMILY),
    "AF_BLUETOOTH": (41, (31, 3, 0), FAMILY), "AF_CAN": (41, (29, 3, 1), FAMILY),
    "AF_TIPC": (41, (30, 1, 0), FAMILY), "AF_KEY": (41, (15, 3, 2), FAMILY),
    "int80 of another architecture": None,
}
del FORBIDDEN["int80 of another architecture"]
BY_NAME = {"write /etc/passwd", "write /proc/sys", "create in /tmp"}
# what only some may do
SOME = {
    "fork": (57, (), NO), "kill": (62, (1, 0), NO), "setuid": (105, (0,), NO), "setgroups": (116, (0, 0), NO),
    "AF_PACKET": (41, (17, 3, 0), FAMILY), "AF_NETLINK": (41, (16, 3, 0), FAMILY),
    "AF_INET": (41, (2, 2, 0), FAMILY), "AF_UNIX": (41, (1, 2, 0), FAMILY),
    "unlink": (87, (b"/run/test/run/nothing",), NO),
    "open a file": (257, (AT_FDCWD, b"/etc/hostname", 0, 0), NO),
}


# what a script may want: programs, and files where its user may write
OPEN_TO_SCRIPTS = {"execve", "execveat", "memfd_create", "personality", "symlink", "create in /tmp"}


def tries(name, pid, may):
    if platform.machine() != "x86_64":
        print(f"SKIP privilege: {name}: system calls are made on x86-64 only")
        return
    table = {**FORBIDDEN, **{key: value for key, value in SOME.items() if key not in may}}
    got = syscalls(pid, [call[:2] for call in table.values()])
    for (call, (_, _, wanted)), result in zip(table.items(), got):
        # In a cage the file is not there at all.
        if result not in wanted and not (result == errno.ENOENT and call in BY_NAME and
                                         os.readlink(f"/proc/{pid}/root") != "/"):
            die(f"{name}: {call}: {errno.errorcode.get(result, result)}")
    table = {key: SOME[key] for key in may if key != "fork"}
    got = syscalls(pid, [call[:2] for call in table.values()])
    for (call, (_, _, refused)), result in zip(table.items(), got):
        if result in refused - {errno.EPERM if call == "kill" else 0}:
            die(f"{name}: {call} must work: {errno.errorcode.get(result, result)}")


# --- the daemons

def start(words, is_up):
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             stdout=subprocess.DEVNULL)
    end = time.monotonic() + 5
    while not is_up(child.pid):
        if child.poll() is not None or time.monotonic() > end:
            child.kill()
            die(f"{words} does not start: {child.stderr.read(3000).decode()}")
        time.sleep(0.02)
    return child


def stop(child):
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        die(f"{child.args} does not stop")
    if child.returncode != 0:
        die(f"{child.args}: exit status {child.returncode}")


def is_waiting(pid):
    """boxed, or at least in its loop"""
    with open(f"/proc/{pid}/wchan") as f, open(f"/proc/{pid}/status") as s:
        return "Seccomp:\t2" in s.read() or "poll" in f.read()


def dhcpd(*more, conf="dhcpd.conf"):
    child = start([f"{BUILD}/dhcpd", "-d", "-4", "-cf", f"{DIR}/{conf}", "-lf", f"{DIR}/db/leases",
                   "-pf", f"{DIR}/run/dhcpd.pid", *more, "s0"], is_waiting)
    time.sleep(0.2)
    return child


MAY_DHCPD = {"AF_PACKET", "AF_NETLINK", "AF_INET", "AF_UNIX", "unlink", "open a file"}


def dhcpd_states():
    child = dhcpd()
    expect("dhcpd as root", child.pid, 0, NET_RAW | NET_BIND_SERVICE, True)
    tries("dhcpd as root", child.pid, MAY_DHCPD)
    stop(child)
    child = dhcpd("-user", "nobody", "-group", "nogroup")
    expect("dhcpd -user", child.pid, NOBODY, NET_RAW | NET_BIND_SERVICE, True)
    tries("dhcpd -user", child.pid, MAY_DHCPD)
    stop(child)
    child = start([f"{BUILD}/dhcpd", "-d", "-4", "-chroot", f"{DIR}/cage", "-user", "nobody", "-group",
                   "nogroup", "-cf", f"{DIR}/dhcpd.conf", "-lf", "/db/leases", "--no-pid", "s0"],
                  is_waiting)
    time.sleep(0.2)
    expect("dhcpd -chroot", child.pid, NOBODY, NET_RAW | NET_BIND_SERVICE, True, f"{DIR}/cage")
    stop(child)
    child = dhcpd("--no-sandbox")
    expect("dhcpd --no-sandbox", child.pid, 0, ALL, False)
    stop(child)
    child = dhcpd("--no-sandbox", "-user", "nobody", "-group", "nogroup")
    expect("dhcpd --no-sandbox -user", child.pid, NOBODY, NET_RAW | NET_BIND_SERVICE, False)
    stop(child)
    child = dhcpd(conf="execute.conf")
    expect("dhcpd with execute", child.pid, 0, ALL, False)
    stop(child)
    ok("dhcpd: as root, -user, -chroot, --no-sandbox, with execute")


def tftpd(*more):
    return start([f"{BUILD}/in.tftpd", "-L", "-a", "127.0.0.1:69", "-u", "nobody", *more,
                  "-s", f"{DIR}/html"], is_waiting)


MAY_TFTPD = {"fork", "kill", "AF_INET", "AF_UNIX", "unlink", "open a file"}


def tftpd_states():
    child = tftpd()
    expect("in.tftpd", child.pid, NOBODY, 0, True, f"{DIR}/html")
    tries("in.tftpd", child.pid, MAY_TFTPD)
    keeper, = children(child.pid)
    expect("its keeper", keeper, 0, DAC_OVERRIDE | DAC_READ_SEARCH, True)
    tries("its keeper", keeper, {"unlink", "open a file"})
    stop(child)
    child = tftpd("--read-only")
    expect("in.tftpd --read-only", child.pid, NOBODY, 0, True, f"{DIR}/html")
    if children(child.pid):
        die("in.tftpd --read-only has a keeper")
    tries("in.tftpd --read-only", child.pid, MAY_TFTPD - {"unlink"})
    stop(child)
    child = tftpd("--no-sandbox")
    expect("in.tftpd --no-sandbox", child.pid, NOBODY, 0, False, f"{DIR}/html")
    stop(child)
    ok("in.tftpd: -u, --read-only, --no-sandbox, and the keeper")


def httpd(conf="httpd.conf", *more):
    def is_up(pid):
        return len(children(pid)) > 0 and all(is_waiting(worker) for worker in children(pid))
    child = start([f"{BUILD}/httpd", "-f", f"{DIR}/{conf}", "-DFOREGROUND", *more], is_up)
    time.sleep(0.2)
    return child


def script_states(master):
    """a script that runs: what it inherits, and what it cannot do"""
    with socket.create_connection(("127.0.0.1", 8080)) as client:
        client.sendall(b"GET /cgi-bin/sleep HTTP/1.0\r\n\r\n")
        if b" 200 " not in client.recv(4096):
            die("the script does not run")
        pid, = [script for worker in children(master.pid) for script in children(worker)]
        expect("script", pid, NOBODY, 0, True)
        while os.path.basename(os.readlink(f"/proc/{pid}/exe")) in ("sh", "dash", "bash"):
            time.sleep(0.02)
        fds = set(os.listdir(f"/proc/{pid}/fd"))
        if fds != {"0", "1", "2"} or os.getpgid(pid) != pid:
            die(f"script: descriptors {fds}, process group {os.getpgid(pid)}")
        with open(f"/proc/{pid}/limits") as f:
            if "Max open files            1024 " not in f.read():
                die("script: its limit of descriptors is not the usual one")
        if platform.machine() == "x86_64":
            shut = [name for name in FORBIDDEN if name not in OPEN_TO_SCRIPTS]
            got = syscalls(pid, [FORBIDDEN[name][:2] for name in shut])
            for name, result in zip(shut, got):
                if result not in FORBIDDEN[name][2]:
                    die(f"script: {name}: {errno.errorcode.get(result, result)}")
        # gone for good, not only done with sending
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for _ in range(250):
        if not os.path.exists(f"/proc/{pid}"):
            return
        time.sleep(0.02)
    die("the script goes on without its client")


def httpd_states():
    child = httpd()
    for worker in children(child.pid):
        expect("worker of httpd", worker, NOBODY, 0, True)
    tries("worker of httpd", worker, {"AF_INET", "AF_UNIX", "open a file"})
    stop(child)
    child = httpd("scripts.conf")
    for worker in children(child.pid):
        expect("worker that runs scripts", worker, NOBODY, 0, True)
    script_states(child)
    stop(child)
    for flag in ("-DNO_SANDBOX", "--no-sandbox"):
        child = httpd("httpd.conf", flag)
        for worker in children(child.pid):
            expect(f"worker of httpd {flag}", worker, NOBODY, 0, False)
        stop(child)
    ok("httpd: workers, with scripts, --no-sandbox")


def setresuid():
    """a user that cannot be become ends the start"""
    def without_setuid():
        libc.prctl(24, 7, 0, 0, 0)      # PR_CAPBSET_DROP, CAP_SETUID
    for words in ([f"{BUILD}/dhcpd", "-d", "-4", "-user", "nobody", "-group", "nogroup", "-cf",
                   f"{DIR}/dhcpd.conf", "-lf", f"{DIR}/db/leases", "--no-pid", "s0"],
                  [f"{BUILD}/in.tftpd", "-L", "-a", "127.0.0.1:69", "-u", "nobody", "-s", f"{DIR}/html"]):
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, preexec_fn=without_setuid)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            uid = state(child.pid)["uid"]
            child.kill()
            die(f"{words[0]} runs as {uid} although it could not become nobody")
        if child.returncode in (0, -signal.SIGSEGV, -signal.SIGABRT):
            die(f"{words[0]}: {child.returncode}")
    ok("who cannot become the user does not run")


dhcpd_states()
tftpd_states()
httpd_states()
setresuid()
