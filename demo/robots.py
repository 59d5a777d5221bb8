"""robots.txt: the site's own rules, and the ways in which it fails or asks for more."""

from __future__ import annotations

from urllib.parse import urljoin

from .fault import ROBOTS_PATH, Asked, Kind
from .feeds import sitemap_path
from .page import HTML, PLAIN, Page, make_file, make_redirect

FORBIDDEN = ("/internal/", "/comment", "/newsletter")
HEEDED_BYTES = 500 * 1024
"""What RFC 9309 (2.5) has a crawler read at the least."""
FORBIDDEN_FAR_DOWN = "/de/"
"""What only a crawler that reads all of the large robots.txt leaves alone."""
_LARGE_BYTES = 5_000_000
_REDIRECTS = 5
_HOP = "/robots-hop-"
_FILLER = "# {number:06d} Notes of the web office of Halden, kept here since nobody found a better place for them.\n"


def make_robots(base: str, sitemap: str = "/sitemap.xml", more: str = "") -> str:
    """robots.txt with its Sitemap line, which is the path `sitemap`; `more` are further lines for every agent."""
    rules = "".join(f"Disallow: {path}\n" for path in FORBIDDEN)
    return f"User-agent: *\n{rules}{more}\nSitemap: {urljoin(base, sitemap)}\n"


def make_large_robots(base: str, sitemap: str = "/sitemap.xml") -> str:
    """5 MB of it: the site's own rules end where the first 500 KiB do, and one more rule stands at the very end."""
    begin = f"Sitemap: {urljoin(base, sitemap)}\nUser-agent: *\n"
    own = "".join(f"Disallow: {path}\n" for path in FORBIDDEN)
    end = f"Disallow: {FORBIDDEN_FAR_DOWN}\n"
    heeded = begin + _fill(HEEDED_BYTES - len(begin) - len(own)) + own
    return heeded + _fill(_LARGE_BYTES - len(heeded) - len(end)) + end


def _fill(size: int) -> str:
    """Comment lines of `size` bytes in all."""
    lines = -(-size // len(_FILLER.format(number=0)))
    text = "".join(_FILLER.format(number=number) for number in range(lines))
    return text[: size - 1] + "\n"


def _answer_503(_: Asked) -> Page:
    return Page(503, {"Content-Type": PLAIN}, b"out of order\n")


def _answer_404(_: Asked) -> Page:
    return Page(404, {"Content-Type": PLAIN}, b"no such file\n")


def _answer_redirects(asked: Asked) -> Page:
    return make_redirect(asked.url(f"{_HOP}1.txt"), 302)


def _follow_redirects(asked: Asked) -> Page | None:
    """The hops, of which the last one holds the rules."""
    number = _read_hop(asked.plain_path)
    if number is None or not 1 <= number <= _REDIRECTS:
        return None
    if number == _REDIRECTS:
        return _make_robots_page(asked)
    return make_redirect(asked.url(f"{_HOP}{number + 1}.txt"), 302)


def _answer_loop(asked: Asked) -> Page:
    return make_redirect(asked.url(ROBOTS_PATH if asked.plain_path != ROBOTS_PATH else f"{_HOP}1.txt"), 302)


def _follow_loop(asked: Asked) -> Page | None:
    return _answer_loop(asked) if _read_hop(asked.plain_path) == 1 else None


def _read_hop(path: str) -> int | None:
    number = path.removeprefix(_HOP).removesuffix(".txt")
    return int(number) if path.startswith(_HOP) and number.isdecimal() else None


def _make_robots_page(asked: Asked, more: str = "") -> Page:
    return make_file(PLAIN, make_robots(asked.base, sitemap_path(asked.site.traps), more).encode())


def _answer_large(asked: Asked) -> Page:
    return make_file(PLAIN, make_large_robots(asked.base, sitemap_path(asked.site.traps)).encode())


def _answer_html(asked: Asked) -> Page:
    return Page(200, {"Content-Type": HTML}, b"<!doctype html><title>Halden</title><h1>Welcome to Halden</h1>\n")


def _answer_crawl_delay(asked: Asked) -> Page:
    return _make_robots_page(asked, f"Crawl-delay: {asked.seconds:g}\n")


def _answer_request_rate(asked: Asked) -> Page:
    return _make_robots_page(asked, f"Request-rate: 1/{asked.seconds:g}\n")


def _answer_timeout(asked: Asked) -> Page:
    return Page(0, {}, b"", silence=asked.seconds)


def _answer_ai_rules(asked: Asked) -> Page:
    return _make_robots_page(asked, "Content-Signal: search=yes, ai-input=no, ai-train=no\n")


ROBOTS_FAULTS = {
    "robots_503": Kind(what="robots.txt answers 503", where="robots", answer=_answer_503),
    "robots_404": Kind(what="robots.txt answers 404", where="robots", answer=_answer_404),
    "robots_redirects": Kind(
        what="robots.txt redirects five times, and its rules stand at the end",
        where="robots",
        answer=_answer_redirects,
        further=_follow_redirects,
    ),
    "robots_loop": Kind(
        what="robots.txt redirects in a circle", where="robots", answer=_answer_loop, further=_follow_loop
    ),
    "robots_large": Kind(
        what="robots.txt of 5 MB: its rules end where the first 500 KiB do, at the very end stands a rule against /de/",
        where="robots",
        answer=_answer_large,
    ),
    "robots_html": Kind(what="robots.txt is a page of HTML with status 200", where="robots", answer=_answer_html),
    "robots_crawl_delay": Kind(
        what="robots.txt asks for a Crawl-delay of 2 seconds", where="robots", answer=_answer_crawl_delay, seconds=2
    ),
    "robots_request_rate": Kind(
        what="robots.txt asks for a Request-rate of 1/2", where="robots", answer=_answer_request_rate, seconds=2
    ),
    "robots_timeout": Kind(
        what="robots.txt is never answered: silence for ten minutes, then the line is cut",
        where="robots",
        answer=_answer_timeout,
        seconds=600,
    ),
    "robots_ai_rules": Kind(
        what="robots.txt allows search and says no to AI training (Content-Signal)",
        where="robots",
        answer=_answer_ai_rules,
    ),
}
