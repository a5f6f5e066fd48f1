# SPDX-License-Identifier: ISC
"""Which worker of httpd takes a connection; see httpd-workers.sh.

usage: httpd-workers.py HTTPD DIR
"""
import os
import signal
import socket
import subprocess
import sys
import threading
import time

HTTPD, DIR = sys.argv[1:]
GET = b"GET /empty HTTP/1.1\r\nHost: x\r\n\r\n"
SLOW_S = 0.5    # far more than a connection waits, far less than a time-out


def ok(what):
    print("ok   httpd-workers:", what)


def die(what):
    print("FAIL httpd-workers:", what)
    sys.exit(1)


def ask(sock=None):
    """a connection with an answer on it, and how long that took"""
    start = time.monotonic()
    if sock is None:
        sock = socket.create_connection(("127.0.0.1", 8080), 5)
    sock.sendall(GET)
    got = b""
    while not got.endswith(b"\r\n\r\n"):
        data = sock.recv(4096)
        if not data:
            raise OSError(f"the end after {got!r}")
        got += data
    if not got.startswith(b"HTTP/1.1 200 "):
        die(got)
    return sock, time.monotonic() - start


def ask_many(count):
    """the slowest of so many connections, one after the other"""
    slowest = 0
    for _ in range(count):
        sock, took_s = ask()
        sock.close()
        slowest = max(slowest, took_s)
    return slowest


def is_socket(path):
    try:
        return os.readlink(path).startswith("socket:")
    except FileNotFoundError:
        return False    # closed meanwhile


def not_slow(slowest, why):
    if slowest > SLOW_S:
        die(f"a connection waited {slowest:.3f} s {why}")


class Server:
    def __init__(self, *args):
        self.child = subprocess.Popen([HTTPD, "-f", DIR + "/conf", "-DFOREGROUND", *args])
        for _ in range(100):
            try:
                ask_many(1)
                break
            except OSError:
                time.sleep(0.05)
        # until all of them listen and have looked for what was missed
        time.sleep(1.2)

    def workers(self):
        with open(f"/proc/{self.child.pid}/task/{self.child.pid}/children") as f:
            return [int(word) for word in f.read().split()]

    def held(self):
        """connections of each worker, which has a listening socket too"""
        return [sum(is_socket(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")) - 1
                for pid in self.workers()]

    def stop(self):
        self.child.terminate()
        if self.child.wait(10) != 0:
            die(f"exit status {self.child.returncode}")


def first_has_time(server):
    socks = []
    for _ in range(20):
        socks.append(ask()[0])
        time.sleep(0.01)
    held = server.held()
    if held[0] < 18:
        die(f"while the first has time the others have connections: {held}")
    for sock in socks:
        sock.close()
    ok(f"the first worker takes what comes while it has time: {held}")


class Flood:
    """clients that ask faster than one worker answers"""
    def __init__(self, count):
        self.is_over = threading.Event()
        socks = [ask()[0] for _ in range(count)]
        self.threads = [threading.Thread(target=self.run, args=(sock,), daemon=True)
                        for sock in socks]
        for thread in self.threads:
            thread.start()

    def run(self, sock):
        while True:
            sock.setblocking(False)
            self.use(sock)
            sock.close()
            if self.is_over.is_set():
                return
            sock, _ = ask()

    def use(self, sock):
        many, at = GET * 500, 0
        while not self.is_over.is_set():
            try:
                at = (at + sock.send(many[at:])) % len(many)
            except BlockingIOError:
                pass
            except OSError:
                return
            try:
                while sock.recv(1 << 20):
                    pass
                return
            except BlockingIOError:
                pass
            except OSError:
                return

    def stop(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()


def first_is_busy(server):
    flood = Flood(4)
    time.sleep(0.5)
    socks, slowest = [], 0
    for _ in range(100):
        sock, took_s = ask()
        socks.append(sock)
        slowest = max(slowest, took_s)
        if sum(server.held()[1:]) > 0:
            break
        time.sleep(0.02)
    held = server.held()
    flood.stop()
    for sock in socks:
        sock.close()
    if sum(held[1:]) == 0:
        die(f"the first is busy and the others have no connection: {held}")
    not_slow(slowest, "while the first worker is busy")
    ok(f"others take connections while the first is busy: {held}")


def first_sheds(server):
    flood = Flood(8)
    end = time.monotonic() + 20
    while sum(server.held()[1:]) == 0 and time.monotonic() < end:
        time.sleep(0.1)
    held = server.held()
    flood.stop()
    if sum(held[1:]) == 0:
        die(f"the first has been busy for long and keeps its connections: {held}")
    ok(f"what keeps the first busy comes to the others: {held}")


def some_hang(server):
    workers, slowest = server.workers(), 0
    for alive in workers:
        for pid in workers:
            os.kill(pid, signal.SIGCONT if pid == alive else signal.SIGSTOP)
        time.sleep(0.05)
        slowest = max(slowest, ask_many(50))
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    not_slow(slowest, "for a worker that hangs")
    ok(f"nobody waits for workers that hang: {1000 * slowest:.1f} ms at most")


def some_die(server):
    count, slowest = len(server.workers()), 0
    for pid in server.workers():
        os.kill(pid, signal.SIGKILL)
        slowest = max(slowest, ask_many(50))
        time.sleep(1.5)
    not_slow(slowest, "for a worker that was killed")
    if len(server.workers()) != count:
        die(f"{len(server.workers())} workers after each was killed, not {count}")
    ok(f"nobody waits for a worker that was killed: {1000 * slowest:.1f} ms at most")


def all_are_new(server):
    """one client after the other, so that no other wakes a worker"""
    slowest = 0
    for _ in range(20):
        server.child.send_signal(signal.SIGUSR1)
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            slowest = max(slowest, ask_many(1))
    not_slow(slowest, "while the configuration was read again")
    ok(f"20 graceful reloads: each connection served within {1000 * slowest:.1f} ms")


def first_is_full(count):
    server = Server("-c", f"MaxRequestWorkers {4 * count}")
    socks = [ask()[0] for _ in range(4 * count)]
    for sock in socks:
        try:
            ask(sock)
        except OSError as e:
            die(f"an idle connection went while there was room: {e}")
    if server.held() != [4] * count:
        die(f"MaxRequestWorkers {4 * count}, as many connections: {server.held()}")
    not_slow(ask_many(20), "while all others are idle")
    for sock in socks:
        sock.close()
    ask_many(20)
    server.stop()
    ok("a full worker leaves it to others; when all are full an idle connection goes")


def main():
    server = Server()
    count = len(server.workers())
    if count < 2:
        server.stop()
        print("SKIP httpd-workers: one processor, one worker")
        sys.exit(77)
    for scenario in (first_has_time, first_is_busy, first_sheds, some_hang, some_die,
                     all_are_new):
        scenario(server)
    server.stop()
    first_is_full(count)


main()
