# SPDX-License-Identifier: ISC
"""20,000 clients ask at the same moment, and none asks twice.

usage: dhcpd-storm.py DHCPD DIR PID CLIENTS

Runs in the clients' network namespace; PID lives in the server's.  The server
is stopped while the questions are sent, so that all of them wait in its socket
at once, whatever the machine does meanwhile.  A client that is not answered has
lost its question there.
"""
import select
import signal
import socket
import sys

from dhcpwire import (ACK, DISCOVER, OFFER, REQUEST, SERVER, compare, open_relay, packet,
                      parse, start)

SILENCE_S = 20          # of the server, until we give up
BUFFER = 128 << 20      # for all replies at once


def storm(sock, child, questions, want):
    """Send all, receive all: {MAC: (address, server identifier)}"""
    child.send_signal(signal.SIGSTOP)
    for question in questions:
        sock.sendto(question, SERVER)
    child.send_signal(signal.SIGCONT)
    answers = {}
    while len(answers) < len(questions):
        if not select.select([sock], [], [], SILENCE_S)[0]:
            sys.exit(f"{len(questions)} clients asked at once, "
                     f"{len(questions) - len(answers)} were not answered")
        reply = sock.recv(2048)
        options, mac = parse(reply), reply[28:34]
        if options[53] != bytes([want]):
            sys.exit(f"{mac.hex(':')}: reply {options[53].hex()} instead of {want}")
        if mac in answers:
            sys.exit(f"{mac.hex(':')} was answered twice")
        answers[mac] = (reply[16:20], options[54])
    return answers


def main():
    dhcpd, where, pid, clients_n = sys.argv[1:5]
    sock = open_relay()
    sock.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), BUFFER)
    child = start(dhcpd, where, pid)
    macs = [b"\x02\x00" + n.to_bytes(4, "big") for n in range(int(clients_n))]
    offers = storm(sock, child, [packet(DISCOVER, mac, i) for i, mac in enumerate(macs)], OFFER)
    if len({addr for addr, _ in offers.values()}) != len(macs):
        sys.exit("an address was offered to two clients")
    acks = storm(sock, child, [packet(REQUEST, mac, i, *offers[mac])
                               for i, mac in enumerate(macs)], ACK)
    if acks != offers:
        sys.exit("an address was acknowledged to a client that was offered another")
    compare({addr: mac for mac, (addr, _) in acks.items()}, f"{where}/leases", "after the storm")
    if select.select([sock], [], [], 0.2)[0]:
        sys.exit("somebody was answered twice")
    child.terminate()
    if child.wait() != 0:
        sys.exit(f"the server ended with status {child.returncode}")
    print(f"ok   dhcpd-storm: {len(acks)} clients at once, none lost, none served twice")


main()
