"""The site on a loopback port: a small threaded HTTP server that remembers what it was asked."""

from __future__ import annotations

import gzip
import re
import socketserver
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from .fault import Fault
from .faults import Switches
from .page import PLAIN, Page
from .site import DemoSite

_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")
_GZIP_FROM = 500


@dataclass(frozen=True)
class Request:
    """One request that the server answered."""

    time: float
    """Seconds since the epoch."""
    method: str
    host: str
    path: str
    """With its query, as asked."""
    headers: dict[str, str]
    """Names in lower case."""
    status: int
    """0 where no answer was given."""


class DemoServer:
    """Serves a `DemoSite` while entered: `with DemoServer() as server: ... server.url`.

    Any host name is answered, and absolute links carry the one that was asked for, so that the server can stand in for
    a real host. `site` may be exchanged while it runs. `latency` is the seconds that each answer waits, whatever others
    are under way. `faults` are those of `faults.FAULTS` that are on at first, by name or as `fault.Fault`; they are
    switched by `server.faults.turn_on` and `turn_off` while it runs.
    """

    def __init__(
        self,
        site: DemoSite | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        latency: float = 0.0,
        faults: Iterable[str | Fault] = (),
    ) -> None:
        self.site = site or DemoSite()
        self.latency = latency
        self.faults = Switches(faults)
        self.closing = threading.Event()
        """Set when the server ends: nobody who takes his time goes on then."""
        self.requests: list[Request] = []
        self._http = _HTTPServer((host, port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT/`."""
        return f"http://{self._http.server_address[0]!s}:{self.port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], demo: DemoServer) -> None:
        self.demo = demo
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Without the reverse look-up of the address, which can take seconds on a machine without DNS."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "HaldenDemo/1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60
    server: _HTTPServer

    def do_GET(self) -> None:
        if self.server.demo.latency:
            time.sleep(self.server.demo.latency)
        host = self.headers.get("Host") or f"127.0.0.1:{self.server.server_port}"
        if not _HOST.fullmatch(host):
            self._send(_make_plain(400, "malformed Host header"))
            return
        demo = self.server.demo
        page = demo.faults.answer(demo.site, self.path, f"http://{host}/", datetime.now(UTC))
        if page.silence:
            self._keep_silent(page)
        elif page.pieces:
            self._send_pieces(page)
        else:
            self._send(_make_not_modified(page) if self._is_known(page) else page)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.close_connection = True
        self._send(_make_plain(405, "this site only reads"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """`DemoServer.requests` is the log."""

    def _is_known(self, page: Page) -> bool:
        """The client's copy is current (RFC 9110: If-None-Match wins over If-Modified-Since)."""
        if page.status != 200:
            return False
        if tags := self.headers.get("If-None-Match"):
            return page.headers.get("ETag") in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        since, changed = self.headers.get("If-Modified-Since"), page.headers.get("Last-Modified")
        if not since or not changed:
            return False
        try:
            return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, page: Page) -> None:
        body, headers = page.body, dict(page.headers)
        if page.status == 200 and len(body) >= _GZIP_FROM and _is_text(headers):
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, compresslevel=1, mtime=0)
                headers["Content-Encoding"] = "gzip"
        self._remember(page.status)
        self.send_response(page.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if page.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and page.status != 304:
            self.wfile.write(body)

    def _keep_silent(self, page: Page) -> None:
        self.close_connection = True
        self._remember(page.status)
        self.server.demo.closing.wait(page.silence)

    def _send_pieces(self, page: Page) -> None:
        """A body as it is made, until it ends or nobody listens any more; then the connection ends too."""
        self.close_connection = True
        self._remember(page.status)
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD" or page.pieces is None:
            return
        for piece in page.pieces():
            self.wfile.write(piece)
            self.wfile.flush()
            if self.server.demo.closing.wait(page.pause) if page.pause else self.server.demo.closing.is_set():
                return

    def _remember(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.demo.requests.append(
            Request(time.time(), self.command, headers.get("host", ""), self.path, headers, status)
        )


def _make_plain(status: int, text: str) -> Page:
    return Page(status, {"Content-Type": PLAIN}, f"{text}\n".encode())


def _make_not_modified(page: Page) -> Page:
    return Page(304, {key: value for key, value in page.headers.items() if key != "Content-Type"}, b"")


def _is_text(headers: dict[str, str]) -> bool:
    kind = headers.get("Content-Type", "")
    return kind.startswith("text/") or "xml" in kind
