"""One worker process as the batch sees it: a socket, what is on its way there and back, what it was given."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from newsscraper.batch.in_order import Seat
from newsscraper.batch.worker import LENGTH, Answer, Ready

START_SECONDS = 120.0
_END_SECONDS = 5.0
_CHUNK = 1 << 18
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
_NEVER = float("inf")


class WorkerProcess:
    """Nothing in here waits: the socket is read and written as far as that goes."""

    def __init__(self, kit: bytes) -> None:
        self.line, theirs = socket.socketpair()
        self.line.setblocking(False)
        with theirs:
            self.process = _start(theirs)
        self.since = time.monotonic()
        """When it was started, stood by, or went over to the first of what it was given."""
        self.is_ready = False
        self.is_retired = False
        """It has said that it ends."""
        self.is_garbled = False
        """It has said what nobody understands: something in it is broken."""
        self.given: deque[Seat[Any, Any]] = deque()
        """What it has to read; the first is in its hands."""
        self._outgoing: deque[memoryview] = deque([memoryview(kit)])
        self._incoming = bytearray()

    @property
    def has_to_send(self) -> bool:
        """Something waits for room in the socket."""
        return bool(self._outgoing)

    def give(self, seat: Seat[Any, Any]) -> None:
        """One task more."""
        if self.is_ready and not self.given:
            self.since = time.monotonic()
        self.given.append(seat)
        self._outgoing.append(memoryview(seat.task))

    def send(self) -> bool:
        """What the socket takes now; False where nobody is at its other end."""
        try:
            while self._outgoing:
                sent = self.line.send(self._outgoing[0])
                if sent < len(self._outgoing[0]):
                    self._outgoing[0] = self._outgoing[0][sent:]
                else:
                    self._outgoing.popleft()
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True

    def receive(self) -> bool:
        """What there is to read now; False at its end."""
        try:
            while chunk := self.line.recv(_CHUNK):
                self._incoming += chunk
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def messages(self) -> Iterator[tuple[Ready | Answer, int]]:
        """Those that have arrived whole, each with its size in bytes."""
        while len(self._incoming) >= LENGTH.size:
            (size,) = LENGTH.unpack_from(self._incoming)
            end = LENGTH.size + size
            if len(self._incoming) < end:
                return
            try:
                message = pickle.loads(bytes(self._incoming[LENGTH.size : end]))
            except Exception:  # whatever broken memory may look like
                self.is_garbled = True
                return
            del self._incoming[:end]
            yield message, size

    def late_at(self, seconds: float) -> float:
        """When it will have taken too long, by the monotonic clock, where a task may take so many seconds."""
        if not self.is_ready:
            return self.since + START_SECONDS
        return self.since + seconds if self.given and seconds else _NEVER

    def end(self) -> None:
        """End it, whatever it is at; once more does no harm."""
        self.line.close()
        with suppress(ProcessLookupError):
            self.process.kill()
        with suppress(subprocess.TimeoutExpired):  # one that the kernel does not let go of goes when it can
            self.process.wait(_END_SECONDS)

    def describe_end(self) -> str:
        """`SIGSEGV`, `SIGKILL, perhaps for want of memory`, `exit code 3`."""
        code = self.process.poll()
        if code is None or code >= 0:
            return f"exit code {code}"
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"{name}, perhaps for want of memory" if -code == signal.SIGKILL else name


def _start(line: socket.socket) -> subprocess.Popen[bytes]:
    """A fresh interpreter: a forked one would have this one's open files, and locks in whatever state they are.

    It finds modules where this one does, and its libraries keep to one thread, which they read where they are loaded.
    """
    descriptor = line.fileno()
    code = f"import sys; sys.path[:] = {sys.path!r}\nfrom newsscraper.batch.worker import serve; serve({descriptor})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[descriptor],
        env={**os.environ, **_ONE_THREAD},
    )
