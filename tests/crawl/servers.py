"""Servers that no library would be: what they send is written down byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that hands each connection to `answer`."""
    server = socket.create_server(("127.0.0.1", 0))

    def handle(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            answer(connection)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=handle, args=server.accept()[:1], daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()


@contextmanager
def recording(reply: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """An address that answers everything with `reply`, and what it was sent."""
    heard: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(reply)

    with serving(answer) as address:
        yield address, heard


@contextmanager
def dripping(head: bytes, drop: bytes, seconds: float) -> Iterator[str]:
    """An address where each answer begins with `head`, and goes on with `drop` for ever, once in so many seconds."""
    is_over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        while not is_over.wait(seconds):
            connection.sendall(drop)

    with serving(drip) as address:
        try:
            yield address
        finally:
            is_over.set()
