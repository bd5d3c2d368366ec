"""Ports on the loopback address."""

from __future__ import annotations

import socket

from partner_center.launcher.errors import CannotStart


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        # A port whose last connections still linger is free to listen on.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free(preferred: int = 0) -> int:
    """The preferred port where it is free, else any free one."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def for_web(asked: int | None, kept: int, host: str) -> int:
    """The web's port: the one asked for or an error; else last time's, 8000 or a free one."""
    if asked is None:
        return next((port for port in (kept, 8000) if port and is_free(port, host)), 0) or free()
    if asked and not is_free(asked, host):
        raise CannotStart(f"Port {asked} is in use. Choose another: ./run --port {free()}")
    return asked or free()
