# SPDX-License-Identifier: ISC
"""httpd beyond its limits; see httpd-bounds.sh, which makes the network.

usage: httpd-bounds.py HTTPD DIR CONNS

Runs in the server's namespace; most clients are there too, on loopback.
"""
import os
import resource
import signal
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from bounds import Daemon, Syslog, fill_disk, in_client, ip, reporter  # noqa: E402

HTTPD, DIR, CONNS = sys.argv[1], sys.argv[2], int(sys.argv[3])
MIB = 1 << 20
IP_BIND_ADDRESS_NO_PORT = 24    # linux/in.h
ok, die = reporter("httpd-bounds")


def get(path="/file", to="127.0.0.1", seconds=5, make=lambda f: f()):
    """the body of one answer, or None when there is none in time"""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = b""
        try:
            sock = make(lambda: socket.socket())
            sock.settimeout(max(0.1, end - time.monotonic()))
            sock.connect((to, 8080))
            sock.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            while data := sock.recv(1 << 20):
                got += data
        except OSError:
            time.sleep(0.1)
            continue
        finally:
            sock.close()
        if got:
            return got.partition(b"\r\n\r\n")[2]
    return None


class Server(Daemon):
    """the master; its workers are what serves"""
    def workers(self):
        with open(f"/proc/{self.pid}/task/{self.pid}/children") as f:
            return [int(word) for word in f.read().split()]

    def of_workers(self, what, value):
        old = [resource.prlimit(pid, what) for pid in self.workers()]
        for pid, (_, hard) in zip(self.workers(), old):
            resource.prlimit(pid, what, (value(pid), hard))
        return dict(zip(self.workers(), (soft for soft, _ in old)))

    def total(self, one):
        return sum(one(pid) for pid in [self.pid, *self.workers()])


def private_memory(pid):
    """octets that this process alone has"""
    with open(f"/proc/{pid}/smaps_rollup") as f:
        return sum(int(line.split()[1]) << 10 for line in f if line.startswith("Private_"))


def cpu_s(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Crowd:
    """connections that say nothing, held by processes of 15,000 each"""
    EACH = 15000

    def __init__(self, count):
        self.pids = []
        self.pipe = os.pipe()
        is_open = os.pipe()
        for first in range(0, count, self.EACH):
            pid = os.fork()
            if pid == 0:
                os.close(self.pipe[1])
                socks = [self.one(i) for i in range(first, min(count, first + self.EACH))]
                os.write(is_open[1], b"x")
                os.read(self.pipe[0], 1)        # until leave()
                os._exit(len(socks) == 0)
            self.pids.append(pid)
        for _ in self.pids:
            os.read(is_open[0], 1)
        for fd in is_open:
            os.close(fd)

    def one(self, i):
        sock = socket.socket()
        sock.setblocking(False)
        # A sender has some 28,000 ports; each takes 10,000 of them.
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind((f"127.0.1.{1 + i // 10000}", 0))
        sock.connect_ex(("127.0.0.1", 8080))
        if i % 500 == 0:
            time.sleep(0.005)
        return sock

    def leave(self):
        os.close(self.pipe[1])
        for pid in self.pids:
            os.waitpid(pid, 0)
        os.close(self.pipe[0])


def connections(server, log, content):
    memory = []
    for _ in range(2):
        before = server.total(private_memory)
        crowd = Crowd(CONNS)
        opened = time.monotonic()
        peak = server.total(private_memory)
        held = server.total(lambda pid: len(os.listdir(f"/proc/{pid}/fd")))
        if get(seconds=30) != content:
            die(f"with {CONNS} silent connections nobody else is served within 30 s")
        waited = time.monotonic() - opened
        crowd.leave()
        if get(seconds=5) != content:
            die("not served after the crowd has left")
        time.sleep(1)
        memory.append((before, peak, server.total(private_memory)))
    if memory[1][2] > memory[0][2] + MIB or peak > memory[0][0] + CONNS * 1024:
        die(f"memory: {memory}")
    ok(f"{CONNS} silent connections, twice: {held} descriptors in use after the last, another "
       f"client served after {waited:.1f} s; memory "
       + ", ".join(f"{m >> 10}" for m in (*memory[0], *memory[1][1:])) + " KiB")


def syslog(server, log, content):
    for i in range(8000):
        get(f"/none{i}")
    lines = log.read(10, "lines lost")
    if not lines or "lines lost" not in lines[-1]:
        die(f"{len(lines)} lines of log, none says how many were lost: {lines[-1:]}")
    if get() != content:
        die("not served while the log is full")
    ok(f"a syslog that nobody read stopped nothing, and then said: {lines[-1].split(']: ', 1)[1].strip()}")


def full_disk(server, log, content):
    with fill_disk(f"{DIR}/logs/filler"):
        for i in range(1000):
            if get() != content:
                die("not served while the log disk is full")
    end = time.monotonic() + 10
    while get("/file?after") == content and time.monotonic() < end:
        time.sleep(0.2)
        with open(f"{DIR}/logs/access", errors="replace") as f:
            if any("?after" in line for line in f):
                ok("full log disk: all is served; lines are written again when there is room")
                return
    die("no line in the access log after there is room again")


def long_requests(server, log, content):
    """file names, heads and header lines at the limit and beyond"""
    def status(request):
        sock = socket.create_connection(("127.0.0.1", 8080), 5)
        sock.sendall(request)
        got = b""
        while b"\r\n" not in got and (data := sock.recv(4096)):
            got += data
        sock.close()
        return got.split(b" ")[1].decode() if got else "none"
    head = "GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}\r\n"
    room = 4095 - len(f"{DIR}/html")
    name = ("/" + "n" * 200) * 30
    fields = "".join(f"X-{i}: y\r\n" for i in range(96))
    for want, path, more in (
            ("404", name[:room], ""), ("403", name[:room + 1], ""),
            ("200", "/file", fields), ("400", "/file", fields + "X: 1\r\n" * 4),
            ("200", "/file", "X: " + "y" * 8000 + "\r\n"),
            ("400", "/file", "X: " + "y" * 8190 + "\r\n"),
            ("400", "/file", ("X: " + "y" * 8000 + "\r\n") * 5)):
        got = status(head.format(path, more).encode())
        if got != want:
            die(f"{len(path)} octets of path, {len(more)} of fields: {got} instead of {want}")
    if not 1 <= len(server.workers()) <= 64:
        die(f"{len(server.workers())} workers")
    ok("long names, long lines, many lines are refused as the limits say")


def no_descriptors(server, log, content):
    old = server.of_workers(resource.RLIMIT_NOFILE, lambda pid: 4)
    before = server.total(cpu_s)
    get(seconds=2)
    if server.total(cpu_s) - before > 1:
        die("the server spins without descriptors")
    server.of_workers(resource.RLIMIT_NOFILE, lambda pid: old[pid])
    if get(seconds=5) != content:
        die("not served after there are descriptors again")
    ok("no descriptors: no spinning; served as soon as there are some")


def no_memory(server, log, content):
    def size(pid):
        with open(f"/proc/{pid}/statm") as f:
            return int(f.read().split()[0]) * 4096
    old = server.of_workers(resource.RLIMIT_AS, size)
    server.limit(resource.RLIMIT_AS, size(server.pid))
    os.utime(f"{DIR}/html/file")
    if get() != content:
        die("not served without memory")
    server.child.send_signal(signal.SIGUSR1)
    time.sleep(0.5)
    if get() != content:
        die("not served after a reload without memory")
    server.limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    for pid in server.workers():
        if pid in old:
            resource.prlimit(pid, resource.RLIMIT_AS, (old[pid], resource.RLIM_INFINITY))
    server.child.send_signal(signal.SIGUSR1)
    time.sleep(0.5)
    if get() != content or not server.is_alive():
        die("not served after a reload with memory again")
    ok("no memory: served, also after a reload; reloaded later")


def cable(server, log, content):
    if get(to="10.10.0.1", make=in_client) != content:
        die("not served over the cable")
    ip("link", "set", "s0", "down")
    time.sleep(1)
    ip("link", "set", "s0", "up")
    if get(to="10.10.0.1", seconds=10, make=in_client) != content:
        die("not served after the interface came back")
    ip("addr", "del", "10.10.0.1/16", "dev", "s0")
    ip("addr", "add", "10.10.0.9/16", "dev", "s0")
    if get(to="10.10.0.9", seconds=10, make=in_client) != content:
        die("not served at the new address")
    ok("interface down and up, another address: served")


def most_connections(server, log, content):
    """what MaxRequestWorkers says, while clients sit on half a request"""
    def in_use():
        return server.total(lambda pid: sum(
            os.readlink(f"/proc/{pid}/fd/{fd}").startswith("socket:")
            for fd in os.listdir(f"/proc/{pid}/fd")))
    idle = in_use()
    socks = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(60)]
    for sock in socks:
        sock.sendall(b"GET /file HT")
    time.sleep(0.5)
    busy = in_use() - idle
    if busy > 20 + len(server.workers()) or busy < 5:
        die(f"{busy} connections at a time, MaxRequestWorkers 20")
    if get(seconds=20) != content:
        die("not served after the others have timed out")
    for sock in socks:
        sock.close()
    ok(f"MaxRequestWorkers 20: {busy} of 60 connections were taken, then the rest")


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    log = Syslog()
    with open(f"{DIR}/html/file", "rb") as f:
        content = f.read()
    server = Server([HTTPD, "-f", f"{DIR}/conf", "-DFOREGROUND"])
    if get() != content:
        die("not served: " + "".join(log.read(0.5)))
    for scenario in (long_requests, syslog, connections, full_disk, no_descriptors,
                     no_memory, cable):
        scenario(server, log, content)
        if not server.is_alive():
            die(f"the server died: {scenario.__name__}")
    with open(f"{DIR}/conf", "a") as f:
        f.write("MaxRequestWorkers 20\n")
    server.child.send_signal(signal.SIGUSR1)
    time.sleep(1)
    most_connections(server, log, content)
    server.child.terminate()
    if server.child.wait(10) != 0:
        die(f"exit status {server.child.returncode}")


main()
