# SPDX-License-Identifier: GPL-2.0-only
"""Connections of every sort at once: for tests that need something to look at."""
import socket
import struct

from lib import net, wait

LINGER_0 = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("=ii", 1, 0))


def make(world):
    """Of both families, both ends, living, dying and dead.

    In the client: SYN_SENT, ESTABLISHED, TIME_WAIT, and ended by FIN, RST and refusal;
    in the server also listeners, a half-open request and an IPv4-mapped end.
    Returns a function that ends those whose timers would go on to fire.
    """
    waiting = []
    for family in (4, 6):
        world.pair(family=family)
        _, mine, theirs = world.pair(family=family)
        mine.sendall(b"x" * 1000)
        theirs.recv(1000)
        finish(mine, theirs)
        finish(*reversed(world.pair(family=family)[1:]))
        _, mine, theirs = world.pair(family=family)
        mine.setsockopt(*LINGER_0)
        mine.close()
        wait.until("the RST arrives", lambda: _is_reset(theirs))
        _refused(world, family)
        port = world.port()
        sock = world.client.connect(port, world.client.ghost(family), blocking=False)
        # The tracepoint sees it without its port, as long as nothing comes of it.
        world.ports.discard(port)
        listener, _, _ = world.pair(family=family)
        ghost = world.ghost(world.client, listener.getsockname()[1], family)
        ghost.send("S", mss=1400)
        ghost.receive("SA")
        waiting.append((sock, ghost))
    _mapped(world)
    _again(world)

    def end():
        for sock, ghost in waiting:
            sock.close()
            ghost.send("R")
    return end


def finish(first, second):
    """Closed by both, by `first` first."""
    first.shutdown(socket.SHUT_WR)
    while second.recv(1 << 16):
        pass
    second.close()
    while first.recv(1 << 16):
        pass
    first.close()


def _is_reset(sock):
    try:
        sock.recv(1)
    except ConnectionResetError:
        return True
    return False


def _refused(world, family):
    try:
        world.client.connect(world.port(), world.client.peer(family))
    except ConnectionRefusedError:
        pass


def _mapped(world):
    port = world.port()
    listener = world.server.listen(port, "::", dual=True)
    world.client.connect(port)
    world.server.sockets.append(listener.accept()[0])


def _again(world):
    """Two connections with one socket."""
    port = world.port()
    listener = world.server.listen(port)
    sock = world.client.connect(port)
    world.server.sockets.append(listener.accept()[0])
    net.disconnect(sock)
    sock.connect((world.client.peer(), port))
    world.server.sockets.append(listener.accept()[0])
