"""Servers that no library would be: what they send is written down byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def dripping(head: bytes, drop: bytes, seconds: float) -> Iterator[str]:
    """An address where each answer begins with `head`, and goes on with `drop` for ever, once in so many seconds."""
    server = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(head)
            with suppress(OSError):
                while not is_over.wait(seconds):
                    connection.sendall(drop)

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        is_over.set()
        server.close()
