# SPDX-License-Identifier: ISC
"""Clients behind a relay load dhcpd; it is killed at random moments.

usage: dhcpd-kill9.py DHCPD DIR PID ROUNDS [SEED]

Runs in the clients' network namespace; PID lives in the server's.  In each
round it starts dhcpd, lets new clients ask for leases, lets some older ones
confirm theirs, kills dhcpd with SIGKILL after a random number of ACKs and a
random delay, and holds the leases file against every ACK ever received.
"""
import random
import re
import select
import socket
import struct
import subprocess
import sys
import time

SERVER = ("10.10.0.1", 67)
GIADDR = socket.inet_aton("10.10.0.2")
COOKIE = b"\x63\x82\x53\x63"
DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6


def packet(kind, mac, xid, wanted=None, server=None):
    head = struct.pack("!BBBBIHH", 1, 1, 6, 1, xid, 0, 0)
    head += bytes(12) + GIADDR + mac + bytes(10 + 64 + 128) + COOKIE
    options = bytes([53, 1, kind])
    if wanted:
        options += b"\x32\x04" + wanted
    if server:
        options += b"\x36\x04" + server
    return (head + options + b"\xff").ljust(300, b"\0")


def parse(data):
    """kind, MAC, address, server identifier of a reply"""
    kind = server = None
    at = 240
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        code, size = data[at], data[at + 1]
        value = data[at + 2:at + 2 + size]
        kind = value[0] if code == 53 else kind
        server = value if code == 54 else server
        at += 2 + size
    return kind, data[28:34], data[16:20], server


class Clients:
    def __init__(self, rng):
        self.rng = rng
        self.held = {}          # address -> MAC, every ACK so far
        self.acks = 0
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.bind(("10.10.0.2", 67))

    def send(self, *args, **kw):
        try:
            self.sock.sendto(packet(*args, **kw), SERVER)
        except OSError:
            pass                # the server has just died: unreachable

    def new(self):
        mac = b"\x02" + self.rng.randbytes(5)
        self.send(DISCOVER, mac, self.rng.getrandbits(32))

    def confirm(self):
        addr = self.rng.choice(list(self.held))
        self.send(REQUEST, self.held[addr], 7, wanted=addr)

    def receive(self, seconds):
        """Take what comes within some time; the number of ACKs among it."""
        acks = 0
        end = time.monotonic() + seconds
        while select.select([self.sock], [], [], max(0, end - time.monotonic()))[0]:
            try:
                kind, mac, addr, server = parse(self.sock.recv(2048))
            except ConnectionError:
                continue
            if kind == OFFER:
                self.send(REQUEST, mac, 8, wanted=addr, server=server)
            elif kind == ACK:
                owner = self.held.setdefault(addr, mac)
                if owner != mac:
                    sys.exit(f"{socket.inet_ntoa(addr)} acknowledged to {mac.hex(':')} "
                             f"and to {owner.hex(':')}")
                acks += 1
            elif kind == NAK:
                sys.exit(f"an acknowledged lease of {mac.hex(':')} was refused")
            if time.monotonic() > end:
                break
        self.acks += acks
        return acks


def read_leases(path):
    """address -> MAC of what the file says is active"""
    active = {}
    text = open(path, encoding="latin-1").read()
    for addr, body in re.findall(r"^lease (\S+) \{\n(.*?)^\}", text, re.M | re.S):
        mac = re.search(r"hardware ethernet (\S+);", body)
        if "\n  binding state active;" in "\n" + body and mac:
            active[socket.inet_aton(addr)] = bytes.fromhex(mac[1].replace(":", ""))
        else:
            active.pop(socket.inet_aton(addr), None)
    return active


def start(dhcpd, where, pid):
    log = open(f"{where}/log", "w+")
    child = subprocess.Popen(
        ["nsenter", f"--net=/proc/{pid}/ns/net", dhcpd, "-f", "-d", "-4", "-cf",
         f"{where}/dhcpd.conf", "-lf", f"{where}/leases", "--no-pid", "s0"],
        stdin=subprocess.DEVNULL, stderr=log)
    for _ in range(500):
        if "Server starting service" in open(f"{where}/log").read():
            return child
        if child.poll() is not None:
            break
        time.sleep(0.01)
    sys.exit("dhcpd does not start:\n" + open(f"{where}/log").read())


def main():
    dhcpd, where, pid, rounds = sys.argv[1:5]
    seed = sys.argv[5] if len(sys.argv) > 5 and sys.argv[5] else str(time.time_ns())
    rng = random.Random(seed)
    clients = Clients(rng)
    print(f"seed {seed}", flush=True)
    for number in range(int(rounds)):
        child = start(dhcpd, where, pid)
        for _ in range(rng.randrange(1, 40)):
            clients.new()
        for _ in range(min(5, len(clients.held))):
            clients.confirm()
        wanted, got = rng.randrange(1, 30), 0
        end = time.monotonic() + 5
        while got < wanted and time.monotonic() < end:
            more = clients.receive(0.01)
            got += more
            if not more and got:
                break
        if not got:
            sys.exit(f"round {number}: no ACK in 5 seconds\n" + open(f"{where}/log").read())
        time.sleep(rng.random() * 0.002)
        child.kill()
        child.wait()
        clients.receive(0.005)
        on_file = read_leases(f"{where}/leases")
        for addr, mac in clients.held.items():
            if on_file.get(addr) != mac:
                sys.exit(f"round {number}, seed {seed}: {socket.inet_ntoa(addr)} was acknowledged to "
                         f"{mac.hex(':')}, the file says {on_file.get(addr, b'').hex(':')}")
    print(f"ok   dhcpd-kill9: {rounds} kills, {clients.acks} ACKs, {len(clients.held)} leases, "
          "none lost, none given twice")


main()
