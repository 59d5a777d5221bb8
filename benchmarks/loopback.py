"""A plain HTTP server in a process of its own, so that what it costs is not counted with what is measured."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.request import urlopen

FIGURES = "/-/figures"
_READ_LIMIT = 1 << 16


@dataclass(frozen=True)
class Answer:
    """A body, its type, and whether it is one of the pages that are counted."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200
    latency: float = 0.0
    counts: bool = False


class Answers(Protocol):
    """What is served: made in the server's process, by a function that can be pickled."""

    def __call__(self, path: str, base: str) -> Answer: ...


@dataclass
class Figures:
    """What the server saw since it was last asked."""

    requests: int = 0
    pages: int = 0
    first: float = 0.0
    """Of the first request, on the clock of `time.time`."""
    last: float = 0.0

    def note(self, is_page: bool) -> None:
        now = time.time()
        self.first = self.first or now
        self.last = now
        self.requests += 1
        self.pages += is_page


class Loopback:
    """Serves while entered: `with Loopback(make) as server: ... server.url`. `make` is called there for `Answers`."""

    def __init__(self, make: Callable[[], Answers]) -> None:
        context = multiprocessing.get_context("spawn")
        self._end, other = context.Pipe()
        self._process = context.Process(target=_run, args=(make, other), daemon=True)
        self.url = ""

    def take_figures(self) -> Figures:
        """Since the last time."""
        with urlopen(self.url.rstrip("/") + FIGURES) as answer:
            return Figures(**json.load(answer))

    def __enter__(self) -> Self:
        self._process.start()
        self.url = f"http://127.0.0.1:{self._end.recv()}/"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()


def _run(make: Callable[[], Answers], end: Connection) -> None:
    asyncio.run(_serve(make(), end))


async def _serve(answers: Answers, end: Connection) -> None:
    figures = Figures()
    base = ""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal figures
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode("latin-1")
                if path == FIGURES:
                    answer, figures = Answer(json.dumps(asdict(figures)).encode(), "application/json"), Figures()
                else:
                    answer = answers(path, base)
                    figures.note(answer.counts)
                    await asyncio.sleep(answer.latency)
                writer.write(_format(answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=_READ_LIMIT, backlog=256)
    port: Any = server.sockets[0].getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    end.send(port)
    await server.serve_forever()


def _format(answer: Answer) -> bytes:
    head = (
        f"HTTP/1.1 {answer.status} -\r\nContent-Type: {answer.content_type}\r\n"
        f"Content-Length: {len(answer.body)}\r\n\r\n"
    )
    return head.encode("latin-1") + answer.body
