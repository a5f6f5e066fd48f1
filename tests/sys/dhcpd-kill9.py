# SPDX-License-Identifier: ISC
"""Clients behind a relay load dhcpd; it is killed at random moments.

usage: dhcpd-kill9.py DHCPD DIR PID ROUNDS [SEED]

Runs in the clients' network namespace; PID lives in the server's.  In each
round it starts dhcpd, lets new clients ask for leases, lets some older ones
confirm theirs, kills dhcpd with SIGKILL after a random number of ACKs and a
random delay, and holds the leases file against every ACK ever received.
"""
import random
import select
import socket
import sys
import time

from dhcpwire import (ACK, DISCOVER, NAK, OFFER, REQUEST, SERVER, compare, open_relay,
                      packet, parse, start)


class Clients:
    def __init__(self, rng):
        self.rng = rng
        self.held = {}          # address -> MAC, every ACK so far
        self.acks = 0
        self.sock = open_relay()

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
                data = self.sock.recv(2048)
            except ConnectionError:
                continue
            options, mac, addr = parse(data), data[28:34], data[16:20]
            kind = options[53][0]
            if kind == OFFER:
                self.send(REQUEST, mac, 8, wanted=addr, server=options[54])
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
        compare(clients.held, f"{where}/leases", f"round {number}, seed {seed}")
    print(f"ok   dhcpd-kill9: {rounds} kills, {clients.acks} ACKs, {len(clients.held)} leases, "
          "none lost, none given twice")


main()
