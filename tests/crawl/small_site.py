"""A site of a few pages on loopback, written down in the test that needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

PARAGRAPH = (
    "The harbour council of Marrow met for six hours on Tuesday and agreed, by seven votes to four, to dredge the "
    "northern channel before the winter storms arrive, a decision that fishermen had asked for since the spring. "
)


@dataclass(frozen=True)
class Reply:
    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


DATE = "2024-03-05T10:00:00+00:00"


def story_page(title: str, *, date: str | None = DATE, canonical: str = "", more: str = "") -> str:
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    if date:
        head += f'<meta property="article:published_time" content="{date}">'
    text = "".join(f"<p>{title}, part {number}. {PARAGRAPH}</p>" for number in range(1, 5))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<article><h1>{title}</h1>{text}</article><nav>{more}</nav></body></html>"
    )


def list_page(*hrefs: str, more: str = "") -> str:
    links = "".join(f'<li><a href="{href}">{href}</a></li>' for href in hrefs)
    return f'<!doctype html><html lang="en"><head><title>List</title>{more}</head><body><ul>{links}</ul></body></html>'


class SmallSite:
    """`with SmallSite(pages) as site`: serves `pages` (path with query -> reply or text, or a function of the path)."""

    def __init__(self, pages: Mapping[str, Reply | str] | Callable[[str], Reply | str | None]) -> None:
        self._pages = pages
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self.agents: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.hosts.append(self.headers["Host"])
                site.agents.append(self.headers["User-Agent"])
                reply = site.reply(self.path)
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def reply(self, path: str) -> Reply:
        found = self._pages(path) if callable(self._pages) else self._pages.get(path)
        if found is None:
            return Reply("nothing here", status=404)
        return Reply(found) if isinstance(found, str) else found

    def serve(self, pages: Mapping[str, Reply | str]) -> None:
        """Other pages from now on: those that had to know the address first."""
        self._pages = pages

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
