"""The shape of a URL: what it has in common with the others that the same template made."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

REMEMBERED = 8192
"""URLs of which it is kept what they tell: the pages of a site link to the same ones again and again."""

_LONGEST_PART = 200
"""Characters of a segment above which it is a slug, or a trap: looking closer would take long."""
_MOST_DIGITS = 9
_DIGITS = re.compile(r"\d+")
_SLUG = re.compile(r"[^/]*[^\W\d_]+(?:[-_][^\W_]+){2,}[^/]*|(?:%[0-9A-Fa-f]{2}){4}.*")
_PAGE_WORD = re.compile(r"^(?:page|pagina|paged|pg|seite|sayfa|strana|p)[-_]?(\d{1,5})?(?:\.\w+)?$", re.IGNORECASE)
_PAGE_PARAMETERS = frozenset({"page", "paged", "pg", "pageno", "pagenum", "page_num", "pagenumber", "offset", "start"})
_LONG_NUMBER = re.compile(r"(?<![\d.])\d{4,12}(?![\d.]*\d)")
_SMALL_NUMBER = re.compile(r"^\d{1,3}$")


@lru_cache(maxsize=REMEMBERED)
def shape_of(url: str) -> str:
    """Host, path and query names of `url` with numbers as `N` and slugs as `*`: `/news/12/a-b-c` is `/news/N/*`."""
    parts = urlsplit(url)
    segments = [
        "*" if len(part) > _LONGEST_PART or _SLUG.fullmatch(part) else _DIGITS.sub("N", part)
        for part in parts.path.split("/")
    ]
    query = "&".join(
        sorted(f"{name}={_DIGITS.sub('N', value)}" for name, value in parse_qsl(parts.query, keep_blank_values=True))
    )
    return f"{parts.netloc}{'/'.join(segments)}{'?' + query if query else ''}"


@lru_cache(maxsize=REMEMBERED)
def series_of(url: str) -> tuple[str, int] | None:
    """The series of numbered pages that `url` belongs to, and its number: `/world?page=3` -> (`/world?page={}`, 3).

    A small number at the end of a path counts (`/world/3`, `/calendar/2024/03`): a guess that bounds, never excludes.
    """
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _PAGE_PARAMETERS and value.isdecimal() and len(value) <= _MOST_DIGITS:
            rest = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name)
            return f"{parts.netloc}{parts.path}?{rest}&{name}={{}}", int(value)
    segments = parts.path.rstrip("/").split("/")
    word = _PAGE_WORD.match(segments[-1])
    if word and word[1]:
        return _series(parts.netloc, segments[:-1], parts.query), int(word[1])
    if _SMALL_NUMBER.match(segments[-1]):
        return _series(parts.netloc, segments[:-1], parts.query), int(segments[-1])
    return None


@lru_cache(maxsize=REMEMBERED)
def names_a_page_number(url: str) -> bool:
    """True where a word or a parameter says that `url` is a further page of a listing."""
    parts = urlsplit(url)
    if any(
        name.lower() in _PAGE_PARAMETERS and value.isdecimal() and len(value) <= _MOST_DIGITS
        for name, value in parse_qsl(parts.query)
    ):
        return True
    return _without_page(parts.path) != parts.path.rstrip("/")


def query_of(url: str) -> str | None:
    """Host and path of `url` where a query chooses what is shown, and not only which page of it; else None.

    Facets are many queries of one path.
    """
    parts = urlsplit(url)
    names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return f"{parts.netloc}{_without_page(parts.path)}" if names - _PAGE_PARAMETERS else None


def _without_page(path: str) -> str:
    """The path of the listing that `path` is a numbered page of, `/world` for `/world/page/3/`; else itself."""
    segments = path.rstrip("/").split("/")
    last = _PAGE_WORD.match(segments[-1])
    if last and last[1]:
        return "/".join(segments[:-1])
    before = _PAGE_WORD.match(segments[-2]) if len(segments) > 1 else None
    return "/".join(segments[:-2]) if before and _SMALL_NUMBER.match(segments[-1]) else path.rstrip("/")


def chooses_the_same(url: str, other: str) -> bool:
    """Whether the queries of both differ by nothing but the number of a page: else they are two listings."""
    one, two = (
        sorted(pair for pair in parse_qsl(urlsplit(each).query) if pair[0].lower() not in _PAGE_PARAMETERS)
        for each in (url, other)
    )
    return one == two


def numbers_in(url: str) -> list[str]:
    """The long numbers in the path of `url`, such as stories have."""
    return _LONG_NUMBER.findall(urlsplit(url).path)


def ending_of(url: str) -> str:
    """The shape of the last two segments of `url`, whatever the edition: `/en/old/12.html` is `old/N.html`."""
    path = shape_of(url).partition("?")[0].rstrip("/")
    return "/".join(path.split("/")[1:][-2:])


def is_further_page(url: str, other: str) -> bool:
    """True where `other` is a page of the listing at `url`: a word says so, or it counts on from where `url` stands."""
    if names_a_page_number(other) and shape_of(other) == shape_of(url):
        return True
    own, further = series_of(url), series_of(other)
    if further is None:
        return False
    if own is not None:
        return own[0] == further[0] and further[1] > own[1]
    parts = urlsplit(url)
    return further == (_series(parts.netloc, parts.path.rstrip("/").split("/"), parts.query), 2)


def leads_on(url: str, other: str) -> bool:
    """False where both are numbered and `other` is an earlier page than `url`."""
    own, further = series_of(url), series_of(other)
    return own is None or further is None or further[1] > own[1]


def _series(netloc: str, segments: list[str], query: str) -> str:
    return f"{netloc}{'/'.join(segments)}/{{}}{'?' + query if query else ''}"
