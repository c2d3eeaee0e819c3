"""The socket at MUHAN_HOME: bound so that nobody else may open it, and whoever calls named."""

import os
import socket
import struct
from pathlib import Path

from bot.control.socket_path import NAME, reachable


def listening(home: Path) -> socket.socket:
    """Bind MUHAN_HOME's control socket, 0600; call it with the instance lock held.

    The lock says that whoever left a socket there is dead, so it is replaced. Raises OSError.
    """
    path = home / NAME
    if path.is_socket():
        path.unlink()
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Between bind and chmod somebody could connect: the umask leaves no such moment.
    before = os.umask(0o177)
    try:
        with reachable(home) as address:
            bound.bind(address)
    except OSError:
        bound.close()
        raise
    finally:
        os.umask(before)
    return bound


def same_user(peer: socket.socket) -> bool:
    """Tell whether a process of our own user, or of root's, is at the other end.

    Where the system does not tell, the mode of the socket and its folder alone keeps others out.
    """
    asked = getattr(socket, "SO_PEERCRED", None)
    if asked is None:
        return True
    _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, asked, 12))
    return uid in (0, os.getuid())
