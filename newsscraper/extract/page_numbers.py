"""Which page of a story an address is: the story's own address with a page number added, and nothing else.

`?page=2`, `/2`, `_2.html`, `/seite/2`; a year, a story's code and the pages of comments are numbers, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from newsscraper.extract.text import read_number

MOST_PAGES = 99
"""Page numbers above this are taken for something else: a year, a story's code."""
_PARAMETERS = frozenset(
    "page paged pg pageno pagenum page_num pagenumber page_number page_no pagina paginanumero pagewanted p pn seite "
    "sida side strana strony sayfa sivu oldal pagine".split()
)
_WORDS = "page|pagina|pag|pg|seite|strana|strona|sayfa|sida|side|sivu|oldal|p|s"
MARK = re.compile(rf"(?:/|[-_.,])(?P<word>(?:{_WORDS})[-_/=,.]?)?(?P<number>\d{{1,2}})", re.IGNORECASE)
_MARK_AT_END = re.compile(rf"{MARK.pattern}$", re.IGNORECASE)
ENDING = re.compile(r"\.[a-z]{3,5}$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)$", re.IGNORECASE)
_NOISE = re.compile(r"^(?:utm_\w+|fbclid|gclid|ref|from|source)$", re.IGNORECASE)


def page_number(url: str, first: str) -> tuple[int, bool] | None:
    """Which page of the story that begins at `first` is at `url`, and whether a word or a parameter says so.

    `/ferry.html` and `/ferry_2.html` give 2; `first` itself gives 1; None where `url` is none of its pages.
    """
    try:
        own, base = urlsplit(url), urlsplit(first)
    except ValueError:
        return None
    if host_of(own) != host_of(base):
        return None
    path, base_path = unquote(own.path).rstrip("/"), unquote(base.path).rstrip("/")
    if path == base_path:
        return _number_in_query(own, base)
    if not path.startswith(_INDEX.sub("", ENDING.sub("", base_path))) or _pairs(own) != _pairs(base):
        return None
    return _number_in_path(path, base_path)


def stems_of(url: str) -> tuple[str, ...]:
    """What an address of another page of the story at `url` holds: as written, and with its escapes read."""
    parts = urlsplit(url)
    path = _INDEX.sub("", ENDING.sub("", parts.path.rstrip("/")))
    stem = path.rpartition("/")[2] or parts.netloc
    return tuple(dict.fromkeys((stem, unquote(stem))))


def possible_firsts(url: str) -> Iterator[tuple[str, bool]]:
    """What `url` may be a later page of, and whether a word or a parameter says so."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    for name, value in parse_qsl(parts.query):
        number = read_number(value)
        if name.lower() in _PARAMETERS and number and number <= MOST_PAGES:
            query = "&".join(p for p in parts.query.split("&") if p.partition("=")[0] != name)
            yield urlunsplit(parts._replace(query=query, fragment="")), True
    path = parts.path.rstrip("/")
    ending = ENDING.search(path)
    stem = path[: ending.start()] if ending else path
    mark = _MARK_AT_END.search(stem)
    if mark and int(mark["number"]) > 1 and mark.start() > 1:
        for tail in dict.fromkeys((ending[0] if ending else "", "")):
            yield urlunsplit(parts._replace(path=stem[: mark.start()] + tail, fragment="")), bool(mark["word"])


def _number_in_query(own: SplitResult, base: SplitResult) -> tuple[int, bool] | None:
    extra = extra_parameters(own, base)
    if not extra:
        return None if [pair for pair in _pairs(base) if pair not in _pairs(own)] else (1, True)
    if len(extra) > 1 or extra[0][0].lower() not in _PARAMETERS:
        return None
    replaced = [pair for pair in _pairs(base) if pair not in _pairs(own)]
    number = read_number(extra[0][1])
    if any(name != extra[0][0] or value not in ("0", "1") for name, value in replaced):
        return None
    return (number, True) if number and number <= MOST_PAGES else None


def _number_in_path(path: str, base: str) -> tuple[int, bool] | None:
    base_ending, ending = ENDING.search(base), ENDING.search(path)
    stem = base[: base_ending.start()] if base_ending else base
    for start in dict.fromkeys((stem, _INDEX.sub("", stem))):
        if not start.strip("/") or not path.startswith(start):
            continue
        rest = path[len(start) :]
        if ending and base_ending and ending[0].lower() == base_ending[0].lower():
            rest = rest[: -len(ending[0])]
        mark = MARK.fullmatch(rest)
        if mark and int(mark["number"]) >= 1:
            return int(mark["number"]), bool(mark["word"])
    return None


def extra_parameters(own: SplitResult, base: SplitResult) -> list[tuple[str, str]]:
    """The query parameters of `own` that `base` has not, tracking left out."""
    known = _pairs(base)
    return [pair for pair in _pairs(own) if pair not in known]


def _pairs(parts: SplitResult) -> list[tuple[str, str]]:
    return sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.match(pair[0]))


def host_of(parts: SplitResult) -> str:
    """The host as two spellings of an address share it."""
    return parts.netloc.lower().removeprefix("www.")


def is_same_page(url: str, other: str) -> bool:
    """True for one address in two spellings: scheme, `www.`, tracking and a slash at the end apart."""
    a, b = urlsplit(url), urlsplit(other)
    return (host_of(a), a.path.rstrip("/"), _pairs(a)) == (host_of(b), b.path.rstrip("/"), _pairs(b))
