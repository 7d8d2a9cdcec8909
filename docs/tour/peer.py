#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""peer.py: one end of a TCP connection, played from the command line.

Usage: peer.py WORD...

Each word is one thing done to one socket, from left to right:

  listen=PORT[/BACKLOG]  bind() and listen(), with a backlog of 16 if none is given
  accept                 wait for the listener's next connection, and go on with it
  bind=PORT              choose the port that connect= will come from
  maxseg=BYTES           set TCP_MAXSEG
  keepalive              set SO_KEEPALIVE
  connect=ADDRESS:PORT   connect()
  send=TEXT              send this text
  recv                   wait for some bytes, and read them
  recv-all               read until the peer has closed its half
  shutdown               shutdown(SHUT_WR): close our half only
  reset                  set SO_LINGER to 0, and close()
  close                  close()
  sleep=SECONDS          do nothing for so long

The kernel closes what is still open at the end.
Exit status: 0, or 1 if a call failed, which is printed.
"""
import socket
import struct
import sys
import time


def listen(sock, text):
    port, _, backlog = text.partition("/")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", int(port)))
    sock.listen(int(backlog or 16))


def bind(sock, text):
    # Also while an older connection from this port is in TIME_WAIT.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", int(text)))


def connect(sock, text):
    address, _, port = text.rpartition(":")
    sock.connect((address, int(port)))


def recv_all(sock, _):
    while sock.recv(65536):
        pass


def reset(sock, _):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


WORDS = {
    "listen": listen,
    "bind": bind,
    "maxseg": lambda sock, text: sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, int(text)),
    "keepalive": lambda sock, _: sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    "connect": connect,
    "send": lambda sock, text: sock.sendall(text.encode()),
    "recv": lambda sock, _: sock.recv(65536),
    "recv-all": recv_all,
    "shutdown": lambda sock, _: sock.shutdown(socket.SHUT_WR),
    "reset": reset,
    "close": lambda sock, _: None,
    "sleep": lambda _, text: time.sleep(float(text)),
}


def main(words):
    if not words or words[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    kept = [socket.socket()]            # a listener, then what it accepted, the newest last
    for word in words:
        name, _, text = word.partition("=")
        if name != "accept" and name not in WORDS:
            print(f"peer.py: there is no '{name}'; see: peer.py --help", file=sys.stderr)
            return 2
        try:
            if name == "accept":
                kept.append(kept[0].accept()[0])
                continue
            WORDS[name](kept[-1], text)
            if name in ("close", "reset"):
                kept.pop().close()
        except OSError as error:
            print(f"{word}: {error.strerror}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
