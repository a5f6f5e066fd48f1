#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""service.py UNIT CHECK... - run a unit's command lines as systemd would.

The main process gets NOTIFY_SOCKET and a watchdog of one second; when the unit
wants a socket, that of UNIT.socket as standard input.  After READY=1 the words
of CHECK are run and must succeed, then the same after each ExecReload line and
two signs of life; then the unit's stop signal must end it with status 0.
"""
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time


def read_unit(path):
    unit = {}
    for line in open(path):
        key, eq, value = line.strip().partition('=')
        if eq and not line.startswith('#'):
            unit.setdefault(key, []).append(value)
    return unit


def environment(unit):
    env = {'PATH': os.environ['PATH']}
    for line in unit.get('Environment', []):
        env.update(w.split('=', 1) for w in shlex.split(line))
    for name in unit.get('EnvironmentFile', []):
        optional, name = name.startswith('-'), name.lstrip('-')
        if not os.path.exists(name):
            assert optional, name
            continue
        for line in open(name):
            if re.match(r'\s*[A-Za-z_]\w*=', line):
                key, value = line.strip().split('=', 1)
                env[key] = ' '.join(shlex.split(value))
    return env


def words(line, env):
    """The command line: $NAME alone becomes words, ${NAME} one, $$ a dollar."""
    out = []
    for word in shlex.split(line):
        alone = re.fullmatch(r'\$(\w+)', word)
        if alone:
            out += env.get(alone.group(1), '').split()
            continue
        out.append(re.sub(r'\$\$|\$\{(\w+)\}', lambda m: '$' if m.group(0) == '$$'
                   else env.get(m.group(1), ''), word))
    return out


def main():
    path, check = sys.argv[1], sys.argv[2:]
    unit, name = read_unit(path), os.path.basename(path)
    env = environment(unit)
    inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    inbox.bind(os.path.join(tempfile.mkdtemp(), 'notify'))
    inbox.settimeout(10)
    env.update(NOTIFY_SOCKET=inbox.getsockname(), WATCHDOG_USEC='1000000')
    stdin = subprocess.DEVNULL
    if unit.get('StandardInput') == ['socket']:
        where = read_unit(path.replace('.service', '.socket'))
        stdin = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        stdin.bind(('::', int(where['ListenDatagram'][0])))
    main_process = subprocess.Popen(words(unit['ExecStart'][0], env), stdin=stdin, env=env)
    env['MAINPID'] = str(main_process.pid)

    def hear(what):
        end = time.time() + 20
        while time.time() < end:
            if what in inbox.recv(4096).decode().split('\n'):
                return
        sys.exit('%s: no %s' % (name, what))

    def works(when):
        if subprocess.run(check, stdout=subprocess.DEVNULL).returncode != 0:
            sys.exit('%s: %s: %s failed' % (name, when, ' '.join(check)))

    try:
        assert unit['Type'] == ['notify'] and 'WatchdogSec' in unit, name
        hear('READY=1')
        works('started')
        hear('WATCHDOG=1')
        for line in unit.get('ExecReload', []):
            got = subprocess.run(words(line, env), env=env, stderr=subprocess.DEVNULL)
            if got.returncode != 0:
                sys.exit('%s: %s: exit %d' % (name, line, got.returncode))
        time.sleep(0.3)
        works('reloaded')
        hear('WATCHDOG=1')
        how = unit.get('KillSignal', ['SIGTERM'])[0]
        main_process.send_signal(getattr(signal, how))
        status = main_process.wait(15)
        # a super-server's in.tftpd dies of it, as the peer does
        if status not in ((0, -signal.SIGTERM) if stdin != subprocess.DEVNULL else (0,)):
            sys.exit('%s: exit %d after %s' % (name, status, how))
        print('ok   %s: ready, serving, alive, reloaded, stopped' % name)
    finally:
        if main_process.poll() is None:
            main_process.kill()


main()
