"""An answer of the site, and the ways to make one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime

from .markup import Markup

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
_HEAD = re.compile(rb"<head>", re.IGNORECASE)
_CHARSET = re.compile(r"charset=([\w-]+)")


@dataclass(frozen=True)
class Page:
    """An answer: `status`, `headers` (without length and encoding, which are the server's), `body`."""

    status: int
    headers: dict[str, str]
    body: bytes
    pieces: Callable[[], Iterator[bytes]] | None = field(default=None, compare=False)
    """Makes the body piece by piece, for one too large to be held: then `body` is empty, and the server only passes on
    what comes, under the headers as they stand."""
    pause: float = 0.0
    """Seconds between two pieces."""
    silence: float = 0.0
    """Seconds for which nothing comes, after which the connection is closed without an answer; 0 is to answer."""

    @property
    def is_html(self) -> bool:
        """Whether it says so."""
        return self.headers.get("Content-Type", "").startswith("text/html")


def make_html(
    html: Markup,
    *,
    status: int = 200,
    charset: str = "utf-8",
    says_charset: bool = True,
    changed: datetime | None = None,
) -> Page:
    """HTML -> page; characters that the charset lacks become references, as old systems wrote them."""
    content_type = f"text/html; charset={charset}" if says_charset else "text/html"
    page = make_file(content_type, html.encode(charset, "xmlcharrefreplace"), changed)
    return Page(status, page.headers, page.body)


def make_file(content_type: str, body: bytes, changed: datetime | None = None) -> Page:
    """A page that names its state, and when that came about where anything says so."""
    headers = {"Content-Type": content_type, "ETag": _make_tag(body)}
    if changed:
        headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    return Page(200, headers, body)


def make_redirect(url: str, status: int = 301) -> Page:
    """To any address, whatever its scheme."""
    return Page(status, {"Location": url, "Content-Type": HTML}, b"")


def make_notice(html: Markup, status: int = 200, **headers: str) -> Page:
    """What stands in a page's place for now: nobody is to keep it. Header names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(status, {"Content-Type": HTML, "Cache-Control": "no-store", **named}, html.encode())


def add_headers(page: Page, **headers: str) -> Page:
    """The page with headers more, or others; names with `_` for `-`."""
    return replace(page, headers=page.headers | {name.replace("_", "-"): value for name, value in headers.items()})


def add_to_head(page: Page, html: Markup) -> Page:
    """A page of HTML with something more at the beginning of its head; any other page as it is."""
    if not page.is_html or not _HEAD.search(page.body):
        return page
    found = _CHARSET.search(page.headers["Content-Type"])
    more = html.encode(found[1] if found else "utf-8", "xmlcharrefreplace")
    body = _HEAD.sub(lambda match: match[0] + b"\n" + more, page.body, count=1)
    return replace(add_headers(page, ETag=_make_tag(body)), body=body)


def _make_tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'
