# SPDX-License-Identifier: ISC
"""dhcpd reads its configuration again and again while clients load it.

usage: dhcpd-reload.py DHCPD DIR PID SECONDS

Runs in the clients' network namespace; PID lives in the server's.  Good
configurations alternate, and each third one is bad.  Every message must be
answered, every answer must be that of one good configuration, no address may
have two owners, and the leases file must know every ACK.  At the end the
server is told to stop in the middle of the load.
"""
import os
import random
import select
import signal
import socket
import sys
import time

from dhcpwire import (ACK, DISCOVER, OFFER, REQUEST, SERVER, compare, open_relay, packet,
                      parse, start)

WINDOW = 32             # exchanges at once
PATIENCE_S = 20         # the test fails where a client would ask again
CONF = """authoritative; ping-check off; dhcp-cache-threshold 0;
default-lease-time %d;
option domain-name "%s";
subnet 10.10.0.0 netmask 255.255.0.0 {
  %s
}
"""
RANGE = "range 10.10.4.0 10.10.200.255;"
GOOD = [CONF % (1000, "one", RANGE + " option routers 10.10.0.1;"),
        CONF % (2000, "two", "pool { " + RANGE + " allow unknown-clients; }")]
# Lease time, domain name, router: all of one of them.
ANSWERS = {(1000, b"one", True), (2000, b"two", False)}
BAD = [CONF % (3000, "three", RANGE + " rang 10.10.5.0;"),
       CONF % (3000, "three", RANGE + " pool { range 10.11.0.1; }"),
       CONF % (3000, "three", RANGE + " }")]


class Load:
    def __init__(self, rng):
        self.rng = rng
        self.sock = open_relay()
        self.held = {}          # address -> MAC
        self.open = {}          # xid -> (MAC, address asked for, deadline)
        self.exchanges = self.acks = 0
        self.is_ending = False

    def ask(self, kind, mac, addr=None, server=None):
        xid = self.rng.getrandbits(32)
        self.open[xid] = (mac, addr, time.monotonic() + PATIENCE_S)
        self.sock.sendto(packet(kind, mac, xid, wanted=addr, server=server), SERVER)

    def fill(self):
        busy = {mac for mac, _, _ in self.open.values()}
        while len(self.open) < WINDOW:
            addr = self.rng.choice(list(self.held)) if self.held else None
            if addr and self.rng.random() < 0.5:
                if self.held[addr] not in busy:
                    busy.add(self.held[addr])
                    self.ask(REQUEST, self.held[addr], addr)
            else:
                self.ask(DISCOVER, b"\x02" + self.rng.randbytes(5))

    def judge(self, data):
        xid = int.from_bytes(data[4:8], "big")
        if xid not in self.open:
            sys.exit("an answer that nobody asked for")
        mac, asked, _ = self.open.pop(xid)
        options, addr = parse(data), data[16:20]
        kind = options[53][0]
        ip = socket.inet_ntoa(addr)
        if data[28:34] != mac or kind != (ACK if asked else OFFER) or asked and addr != asked:
            sys.exit(f"wrong answer to {mac.hex(':')}: type {kind}, {ip}")
        got = (int.from_bytes(options[51], "big"), options.get(15), 3 in options)
        if got not in ANSWERS:
            sys.exit(f"half of one configuration, half of another: {got}")
        if self.held.get(addr, mac) != mac:
            sys.exit(f"{ip} was given to two clients")
        if kind == OFFER and not self.is_ending:
            self.ask(REQUEST, mac, addr, options[54])
        elif kind == ACK:
            self.held[addr] = mac
            self.acks += 1
            self.exchanges += 1
        return got

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.fill()
            if select.select([self.sock], [], [], 0.01)[0]:
                self.judge(self.sock.recv(2048))
            if any(late < time.monotonic() for _, _, late in self.open.values()):
                sys.exit("a message was lost")

    def drain(self):
        """Wait for all that is open; the last answer."""
        got = None
        while self.open:
            if not select.select([self.sock], [], [], PATIENCE_S)[0]:
                sys.exit(f"{len(self.open)} messages were lost")
            got = self.judge(self.sock.recv(2048))
        return got


def outcomes(where):
    text = open(f"{where}/log").read()
    return text.count("Configuration reloaded from"), text.count("Configuration not reloaded")


def reload_once(load, child, where, text):
    """Put a configuration in place and load until the log tells the outcome."""
    with open(f"{where}/new", "w") as f:
        f.write(text)
    os.rename(f"{where}/new", f"{where}/dhcpd.conf")
    before = outcomes(where)
    child.send_signal(signal.SIGHUP)
    end = time.monotonic() + PATIENCE_S
    while outcomes(where) == before:
        load.run(0.02)
        if time.monotonic() > end:
            sys.exit("SIGHUP is not answered")


def stop(load, child, where):
    """TERM in the middle of the load: what was acknowledged is on file."""
    load.fill()
    child.send_signal(signal.SIGTERM)
    load.is_ending = True
    while select.select([load.sock], [], [], 0.5)[0]:
        try:
            load.judge(load.sock.recv(2048))
        except ConnectionError:
            pass                # it has gone: unreachable
    if child.wait(PATIENCE_S) != 0:
        sys.exit(f"the server ended with status {child.returncode}")
    compare(load.held, f"{where}/leases", "after the end")


def main():
    dhcpd, where, pid, seconds = sys.argv[1:5]
    with open(f"{where}/dhcpd.conf", "w") as f:
        f.write(GOOD[0])
    child = start(dhcpd, where, pid)
    load = Load(random.Random(time.time_ns()))
    good = bad = 0
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        if (good + bad) % 3 == 2:
            reload_once(load, child, where, BAD[bad % len(BAD)])
            bad += 1
        else:
            reload_once(load, child, where, GOOD[(good + 1) % 2])
            good += 1
    load.drain()
    if outcomes(where) != (good, bad):
        sys.exit(f"{good} good and {bad} bad reloads, the log says {outcomes(where)}")
    compare(load.held, f"{where}/leases", "after the reloads")
    # The last good one is in force.
    addr = next(iter(load.held))
    load.ask(REQUEST, load.held[addr], addr)
    if load.drain()[0] != 1000 * (1 + good % 2):
        sys.exit("the last good configuration is not in force")
    stop(load, child, where)
    print(f"ok   dhcpd-reload: {good} good and {bad} bad configurations during "
          f"{load.exchanges} exchanges, none lost, {len(load.held)} leases on file")


main()
