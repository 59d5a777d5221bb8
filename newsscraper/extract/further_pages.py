"""The other pages of a story that its site prints on several: told from links and URLs alone.

A further page is at the story's own address with a page number added (`page_numbers.py`). What only says `rel=next` is
the next story as often as not, and the pages of comments bear numbers, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from newsscraper.extract.attributes import attribute_words
from newsscraper.extract.decode import decode
from newsscraper.extract.page_numbers import (
    ENDING,
    MARK,
    extra_parameters,
    host_of,
    is_same_page,
    page_number,
    possible_firsts,
    stems_of,
)
from newsscraper.extract.page_words import COMMENT
from newsscraper.extract.text import fix_digits, fold, read_number
from newsscraper.extract.tree import parse, text_of

_NUMBER_BEHIND = re.compile(
    rf"(?:\.[a-z]{{3,5}})?/?(?:{MARK.pattern}(?!\d)|\?[^\"'<>\s]{{0,80}}?(?:[a-z_]=\d{{1,2}}(?!\d)|all\b|single))",
    re.IGNORECASE,
)
_OWN_QUERY = re.compile(r"href=[\"']\?[^\"']{0,80}=\d{1,2}[\"'#&]")
_TELLING = 4
"""Letters of an address below which it stands in any page by chance."""
_LOOKS = 300
_PAGER = frozenset("pagination pager paging pages pagenav pagelinks paginator numbers paginacja".split())
_NEXT = frozenset("next nextpage weiter suivant siguiente".split())
_ALL_PARAMETERS = frozenset(
    "singlepage single_page single onepage one_page showall show_all fullpage allpages all pagewanted".split()
)
_ALL_WORDS = frozenset(
    fold(words)
    for words in (
        "Single page", "View as single page", "View on one page", "View all", "View all on one page", "Show all pages",
        "Read on one page", "One page", "All pages", "Full page", "Auf einer Seite lesen", "Auf einer Seite anzeigen",
        "Alles auf einer Seite", "Artikel auf einer Seite", "Artikel auf einer Seite lesen", "Gesamten Artikel lesen",
        "Lire sur une seule page", "Lire sur une page", "Sur une seule page", "Tout sur une page",
        "En una sola página", "Ver en una sola página", "Ver todo en una página", "Em uma só página", "Página única",
        "Su una pagina", "Tutto in una pagina", "Pagina unica", "На одной странице", "Одной страницей",
        "Читать на одной странице", "На одній сторінці", "Na jednej stronie", "Pokaż na jednej stronie",
        "Na jedné stránce", "Op één pagina", "Toon op één pagina", "Visa allt på en sida", "På en sida",
        "På én side", "Vis på én side", "Yhdellä sivulla", "Σε μία σελίδα", "Egy oldalon", "Pe o singură pagină",
        "בעמוד אחד", "एक पेज पर", "Baca di satu halaman", "Halaman penuh", "Selengkapnya dalam satu halaman",
        "Xem trên một trang", "Tek sayfada", "Tek sayfada göster", "في صفحة واحدة", "در یک صفحه", "ایک صفحے پر",
        "全文阅读", "阅读全文", "余下全文", "在本页阅读全文", "显示全文", "單頁閱讀", "全文を1ページで読む",
        "1ページで読む", "全文表示", "한 페이지로 보기", "전체 보기", "ดูทั้งหมดในหน้าเดียว",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FurtherPages:
    """Where a story goes on: absolute URLs, None where the page leads to no such page."""

    next_url: str | None = None
    single_url: str | None = None
    """The view of the whole story on one page."""
    first_url: str | None = None
    """The story's first page, where this is a later one."""


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    element: etree._Element
    number: int
    """1 for the first page."""
    firm: bool
    """A word or a parameter says that it is a page number; a bare number may be anything."""


def mentions_further_pages(text: str, url: str) -> bool:
    """False where nothing in a page's source can be a link to a further page of the story at `url`: a cheap look."""
    stems = stems_of(url)
    if any(len(stem) < _TELLING for stem in stems) or any(possible_firsts(url)):
        return True
    for stem in stems:
        ends = (place + len(stem) for place in islice(_places_of(stem, text), _LOOKS))
        if any(_NUMBER_BEHIND.match(text, end) for end in ends):
            return True
    # Question marks are few, quotes are not: looking for both together takes longer.
    has_query = any(text.startswith('"?p', place - 1) for place in _places_of("?", text))
    return has_query and _OWN_QUERY.search(text) is not None


def _places_of(part: str, text: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + len(part))


def read_further_pages(
    html: bytes | str, url: str, *, charset: str | None = None, first: str | None = None
) -> FurtherPages:
    """`find_further_pages` on a page as fetched. Raises `UnreadablePage` as `extract` does."""
    return find_further_pages(parse(decode(html, charset).text), url, first=first)


def find_further_pages(root: etree._Element, url: str, *, first: str | None = None) -> FurtherPages:
    """The pages that the story at `url` goes on to; `first` is its first page where that is known, absolute."""
    if not urlsplit(url).hostname:
        return FurtherPages()
    found_first = None if first else find_first_page(root, url)
    first = first or found_first or url
    links = list(_series_links(root, url, first))
    own, _ = page_number(url, first) or (1, True)
    next_url = _choose_next(links, own, 0 if is_same_page(url, first) else own)
    single_url = _find_single(root, url, first) if next_url else None
    return FurtherPages(next_url, single_url, found_first)


def find_first_page(root: etree._Element, url: str) -> str | None:
    """The first page of the story whose later page `url` is: the page has to lead back to it. None for a first page."""
    bases = list(possible_firsts(url))
    if not bases:
        return None
    for element, target in _links_near(root, url, bases[-1][0]):
        for base, firm in bases:
            if is_same_page(target, base) and (firm or _leads_back(element)):
                return base
    return None


def _series_links(root: etree._Element, url: str, first: str) -> Iterator[_Link]:
    """The links to further pages of the story that begins at `first`."""
    for element, target in _links_near(root, url, first):
        numbered = page_number(target, first)
        if numbered and not is_same_page(target, url) and not _of_comments(element):
            yield _Link(target, element, *numbered)


def _links_near(root: etree._Element, url: str, first: str) -> Iterator[tuple[etree._Element, str]]:
    """The links whose address is like `first`, with where they lead."""
    stems = stems_of(first)
    base = _base_of(root, url)
    for element in root.iter("link", "a"):
        href = element.get("href")
        # Most links of a page share nothing with its address: joining them all would cost more than the rest.
        if not href or not (href[0] in "?123456789p" or any(stem in href for stem in stems)):
            continue
        target = _target(element, base)
        if target:
            yield element, target


def _base_of(root: etree._Element, url: str) -> str:
    """What relative links are relative to."""
    element = root.find("head/base")
    try:
        return urljoin(url, (element.get("href") or "") if element is not None else "")
    except ValueError:
        return url


def _choose_next(links: list[_Link], own: int, from_nought: int) -> str | None:
    """The link whose number follows the page's own, which is `from_nought` where the site counts so."""
    fitting = [link for link in links if _follows(link, own, from_nought) and _is_pager_link(link)]
    fitting.sort(key=lambda link: "next" not in _rels(link.element))
    return fitting[0].url if fitting else None


def _follows(link: _Link, own: int, from_nought: int) -> bool:
    printed = read_number(fix_digits(_text(link.element)))
    if "next" in _rels(link.element):
        return link.number in (own + 1, from_nought + 1)
    if printed is None or printed == link.number:
        return link.number == own + 1
    return link.firm and printed == link.number + 1 == from_nought + 2


def _is_pager_link(link: _Link) -> bool:
    if "next" in _rels(link.element):
        return True
    if link.element.tag == "link":
        return False
    if link.firm or fix_digits(_text(link.element)) == str(link.number):
        return True
    return any(words & (_PAGER | _NEXT) for words in _words_around(link.element, 4))


def _find_single(root: etree._Element, url: str, first: str) -> str | None:
    """The link to the whole story on one page."""
    base = urlsplit(first)
    stem = ENDING.sub("", base.path.rstrip("/"))
    for element, target in _links_near(root, url, first):
        text, parts = _text(element), urlsplit(target)
        if (
            host_of(parts) != host_of(base)
            or not parts.path.startswith(stem)
            or len(text) > 60
            or is_same_page(target, url)
        ):
            continue
        if fold(text) in _ALL_WORDS or any(
            name.lower() in _ALL_PARAMETERS for name, _ in extra_parameters(parts, base)
        ):
            return target
    return None


def _target(element: etree._Element, url: str) -> str | None:
    """Where a link leads, without fragment; None for style sheets and their like, and for what is no address."""
    href = (element.get("href") or "").strip()
    if not href or href[0] == "#" or (element.tag == "link" and not _rels(element) & {"next", "prev", "canonical"}):
        return None
    try:
        target = urldefrag(urljoin(url, href)).url
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if parts.scheme in ("http", "https") and parts.netloc else None


def _rels(element: etree._Element) -> set[str]:
    return set((element.get("rel") or "").lower().split())


def _text(element: etree._Element) -> str:
    return " ".join(text_of(element).split()) if element.tag == "a" else ""


def _leads_back(element: etree._Element) -> bool:
    """A link that says itself to lead to the first page: canonical, back, or the printed number 1."""
    return bool(_rels(element) & {"canonical", "prev", "first", "start"}) or fix_digits(_text(element)) == "1"


def _of_comments(element: etree._Element) -> bool:
    fragment = (element.get("href") or "").partition("#")[2].lower()
    if fragment.startswith(("comment", "respond", "disqus", "kommentar")):
        return True
    return any(words & COMMENT for words in _words_around(element, 8))


def _words_around(element: etree._Element, levels: int) -> Iterator[frozenset[str]]:
    """The names of an element and of those around it."""
    node: etree._Element | None = element
    for _ in range(levels):
        if node is None or node.tag == "body":
            return
        yield attribute_words(node)
        node = node.getparent()
