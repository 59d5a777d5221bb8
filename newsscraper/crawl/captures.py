"""What a request brought, as near to the wire as Scrapy lets us see it: each answer, redirects among them.

Captured below everything that changes an answer, decompression too. What differs from the bytes on the wire all the
same, since Scrapy and Twisted have read them by then:

- names of headers are written as Scrapy writes them (`Etag`, `X-Robots-Tag`), lines of one name stand together, and
  `Content-Length` comes first; values are as sent;
- what was said of the connection alone (`Transfer-Encoding`, `Connection`, `Keep-Alive`) is gone, and chunks are
  joined; bodies are still packed as `Content-Encoding` says;
- the words after the status are the standard's; what came by HTTP/2 is written as HTTP/1.1;
- a request has the headers that Scrapy hands to the connection, with `Host` before them; what the connection adds about
  itself is missing, and so is what is nobody's business: passwords, cookies, tokens. An address has no user and no
  fragment;
- https is written as it was before it was encrypted, and a host that another stands in for (`NEWSSCRAPER_RESOLVE`)
  under its own address, with the IP address that answered.
"""

from __future__ import annotations

import dataclasses
import re
from http.client import responses
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Headers, Response

from newsscraper.store.archive.types import Exchange

CAPTURES = "newsscraper_captures"
"""In a request's meta. Redirects and retries, which copy it, share what is in it."""

_SECRET = re.compile(r"auth|cookie|token|secret|passw|credential|api-?key|session|signature", re.IGNORECASE)
"""Headers of requests whose values are nobody's business."""
_HANDS_OUT = frozenset({"set-cookie", "set-cookie2", "authentication-info"})
"""Headers of answers that may let whoever has them in as us, where we said who we are."""
_OF_THE_LINE = frozenset({"transfer-encoding", "connection", "keep-alive", "proxy-connection", "trailer", "upgrade"})
_NOT_WHOLE = frozenset({"dataloss", "download_stopped", "partial"})
_FROM_ELSEWHERE = frozenset({"cached"})
"""Scrapy's flags of answers that broke off, and of such as never came over the wire."""


class Captures:
    """The answers to one request. Copied with its meta it stays one; pickled it is empty: bodies go nowhere else."""

    def __init__(self) -> None:
        self._chain: list[Exchange] = []
        self._beside: list[Exchange] = []
        self._further: list[Exchange] = []
        self.at: str | None = None
        """When the last of them came."""

    def __reduce__(self) -> tuple[type[Captures], tuple[()]]:
        return Captures, ()

    def add(self, exchange: Exchange) -> None:
        """The next answer. One that was asked again is not kept: what the site gave in the end is."""
        last = self._chain[-1] if self._chain else None
        if last is not None and last.url == exchange.url and not is_redirect(last):
            self._chain.pop()
        self._chain.append(exchange)
        self.at = exchange.at

    def spoil(self) -> None:
        """The last answer is none that an archive should hold: nothing of what led there is kept."""
        self._chain.clear()

    def draw(self, html: bytes) -> None:
        """The page of the last answer was read as a browser drew it."""
        if self._chain:
            self._chain[-1] = dataclasses.replace(self._chain[-1], drawn=html)

    def add_further(self, captures: Captures, *, of: str | None) -> None:
        """What a further page brought; `of` is where the story begins that its text went into, None where it did not.

        What redirected to it comes first of all, so that the last answer that is no further page is the story's page.
        """
        *hops, page = captures._chain or (None,)
        self._beside += filter(None, hops)
        if page is not None and of is not None:
            self._further.append(dataclasses.replace(page, page_of=of))
        elif page is not None:
            self._beside.append(page)

    def of_story(self) -> tuple[Exchange, ...]:
        """What led to a story: redirects, its page, its further pages. Empty where its page was not captured."""
        if not self._chain:
            return ()
        hops = [each for each in self._beside if is_redirect(each)] if self._further else []
        return (*hops, *self._chain, *self._further)

    def all(self) -> tuple[Exchange, ...]:
        """Everything that came, in the same order."""
        return (*self._beside, *self._chain, *self._further)


def is_redirect(exchange: Exchange) -> bool:
    """Whether an answer only leads on."""
    return 300 <= exchange.status < 400 and any(name.lower() == "location" for name, _ in exchange.headers)


def is_capturable(response: Response) -> bool:
    """Whether an answer came over the wire, and whole."""
    return (_NOT_WHOLE | _FROM_ELSEWHERE).isdisjoint(response.flags)


def read_exchange(request: Request, response: Response, at: str, *, keeps_visits: bool = False) -> Exchange:
    """`request` and what it brought at `at`, an instant; `keeps_visits`: cookies are kept from answer to answer."""
    is_known = keeps_visits or any(_SECRET.search(name) for name, _ in _lines_of(request.headers))
    dropped = _OF_THE_LINE | _HANDS_OUT if is_known else _OF_THE_LINE
    protocol = response.protocol or ""
    has_proxy = bool(request.meta.get("proxy"))
    return Exchange(
        url=_without_user(request.url),
        at=at,
        status=response.status,
        reason=responses.get(response.status, ""),
        headers=tuple((name, value) for name, value in _lines_of(response.headers) if name.lower() not in dropped),
        body=response.body,
        method=request.method,
        request_headers=_request_headers(request),
        request_body=request.body,
        protocol=protocol if protocol.startswith("HTTP/1.") else "HTTP/1.1",
        address=str(response.ip_address) if response.ip_address and not has_proxy else None,
    )


def _request_headers(request: Request) -> tuple[tuple[str, str], ...]:
    lines = [(name, value) for name, value in _lines_of(request.headers) if not _SECRET.search(name)]
    if not any(name.lower() == "host" for name, _ in lines):
        lines.insert(0, ("Host", urlsplit(request.url).netloc.rpartition("@")[2]))
    return tuple(lines)


def _lines_of(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
