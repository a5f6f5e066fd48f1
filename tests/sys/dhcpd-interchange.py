# SPDX-License-Identifier: ISC
"""Random operations on one server, then both servers start on its file.

usage: dhcpd-interchange.py OURS ISC DIR PID OPERATIONS SEED

Runs in the clients' network namespace; PID lives in the server's.
"""
import difflib
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import time

SERVER = ("10.10.0.1", 67)
GIADDR = socket.inet_aton("10.10.0.2")
COOKIE = b"\x63\x82\x53\x63"
REQUEST, DECLINE, RELEASE = 3, 4, 7
VENDORS = [b"phone 7", b"PXEClient:Arch:00007", b"Linux \xff\"q\"\\"]


def option(code, value):
    return bytes([code, len(value)]) + value


class Servers:
    def __init__(self, workdir, pid):
        self.dir, self.pid = workdir, pid

    def start(self, binary, leases):
        """A server on that leases file; the process, once it serves."""
        argv = ["nsenter", "-t", self.pid, "-n", binary, "-4", "-f", "-d",
                "-cf", self.dir + "/dhcpd.conf", "-lf", leases,
                "-pf", self.dir + "/pid", "s0"]
        process = subprocess.Popen(argv, stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL)
        said = []
        for line in process.stderr:
            said.append(line.decode(errors="replace"))
            if b"Server starting service" in line:
                break
        else:
            sys.exit(binary + " did not start:\n" + "".join(said[-20:]))
        # What it says from here on must not fill the pipe.
        subprocess.Popen(["cat"], stdin=process.stderr,
                         stdout=subprocess.DEVNULL)
        return process

    def stop(self, process):
        os.kill(process.pid, 15)
        process.wait(20)
        if os.path.exists(self.dir + "/pid"):
            os.unlink(self.dir + "/pid")


class Clients:
    """Three hundred clients behind a relay do what they like."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("10.10.0.2", 67))
        self.sock.settimeout(2)

    def address(self):
        net, n = self.rng.choice([(4, 256), (7, 256), (9, 100)])
        return bytes([10, 10, net, self.rng.randrange(n)])

    def packet(self, kind, client, addr):
        rng = random.Random(client)     # a client is always the same
        mac = b"\x02\x00\x00\x00" + struct.pack("!H", client)
        ciaddr = addr if kind == RELEASE else bytes(4)
        head = struct.pack("!BBBBIHH", 1, 1, 6, 1, client, 0, 0)
        head += ciaddr + bytes(8) + GIADDR + mac + bytes(202) + COOKIE
        text = option(53, bytes([kind]))
        if kind != RELEASE:
            text += option(50, addr)
        if rng.random() < 0.5:
            text += option(61, rng.randbytes(rng.randint(2, 20)))
        if rng.random() < 0.5:
            text += option(12, b"host-%d" % client)
        if rng.random() < 0.5:
            text += option(60, rng.choice(VENDORS))
        if kind == REQUEST and self.rng.random() < 0.1:
            text += option(51, struct.pack("!I", self.rng.choice(
                [1, 2, 0xffffffff])))
        if rng.random() < 0.3:
            text += option(82, option(1, b"port%d" % (client % 9)) +
                           option(2, rng.randbytes(6)) + rng.choice(
                               [b"", option(3, GIADDR), option(4, bytes(4)),
                                option(5, GIADDR), option(6, b"user")]))
        return (head + text + b"\xff").ljust(300, b"\0")

    def run(self, operations):
        answers = 0
        for _ in range(operations):
            kind = self.rng.choices([REQUEST, RELEASE, DECLINE],
                                    [90, 8, 2])[0]
            packet = self.packet(kind, self.rng.randrange(300),
                                 self.address())
            self.sock.sendto(packet, SERVER)
            if kind == REQUEST:
                try:
                    self.sock.recv(2000)
                    answers += 1
                except socket.timeout:
                    pass        # over a class's limit: no answer
                self.sock.settimeout(0.05)
        return answers


def normal(path):
    """A file without comments and the server's own identifier."""
    with open(path, encoding="latin-1") as f:
        text = f.read()
    text = re.sub(r"(?m)^(#.*|server-duid .*)?\n", "", text)
    return text.splitlines()


def main():
    ours, isc, workdir, pid, operations, seed = sys.argv[1:7]
    servers = Servers(workdir, pid)
    bad = False
    for name, binary in (("ours", ours), ("isc", isc)):
        leases = workdir + "/" + name
        open(leases, "w", encoding="ascii").close()
        process = servers.start(binary, leases)
        clients = Clients(int(seed))
        answers = clients.run(int(operations))
        clients.sock.close()
        servers.stop(process)
        time.sleep(3)           # the short leases are over for both
        made = {}
        for reader, program in (("ours", ours), ("isc", isc)):
            copy = leases + "-by-" + reader
            shutil.copy(leases, copy)
            servers.stop(servers.start(program, copy))
            made[reader] = normal(copy)
        blocks = sum(line.startswith("lease ") for line in made["ours"])
        if made["ours"] != made["isc"]:
            bad = True
            print("a file of %s, read by ISC (-) and by us (+):" % name)
            for line in list(difflib.unified_diff(
                    made["isc"], made["ours"], lineterm="", n=6))[:80]:
                print("    " + line)
        elif blocks < 50 or answers < int(operations) // 5:
            bad = True
            print("only %d leases, %d answers" % (blocks, answers))
        else:
            print("ok   a file of %s after %s operations, %d answers: both "
                  "make the same %d leases of it" % (name, operations,
                  answers, blocks))
    sys.exit(bad)


main()
