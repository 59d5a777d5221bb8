"""The other pages of a story that its site prints on several: told from links and URLs alone.

A further page is the story's own address with a page number added, and nothing else: `?page=2`, `/2`, `_2.html`,
`/seite/2`. What only says `rel=next` is the next story as often as not, and the pages of comments bear numbers, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urldefrag, urljoin, urlsplit, urlunsplit

from lxml import etree

from newsscraper.extract.attributes import attribute_words
from newsscraper.extract.decode import decode
from newsscraper.extract.page_words import COMMENT
from newsscraper.extract.text import fix_digits, fold, read_number
from newsscraper.extract.tree import parse, text_of

MOST_PAGES = 99
"""Page numbers above this are taken for something else: a year, a story's code."""
_PARAMETERS = frozenset(
    "page paged pg pageno pagenum page_num pagenumber page_number page_no pagina paginanumero pagewanted p pn seite "
    "sida side strana strony sayfa sivu oldal pagine".split()
)
_WORDS = "page|pagina|pag|pg|seite|strana|strona|sayfa|sida|side|sivu|oldal|p|s"
_MARK = re.compile(rf"(?:/|[-_.,])(?P<word>(?:{_WORDS})[-_/=,.]?)?(?P<number>\d{{1,2}})", re.IGNORECASE)
_MARK_AT_END = re.compile(rf"{_MARK.pattern}$", re.IGNORECASE)
_NUMBER_BEHIND = re.compile(
    rf"(?:\.[a-z]{{3,5}})?/?(?:{_MARK.pattern}(?!\d)|\?[^\"'<>\s]{{0,80}}?(?:[a-z_]=\d{{1,2}}(?!\d)|all\b|single))",
    re.IGNORECASE,
)
_OWN_QUERY = re.compile(r"href=[\"']\?[^\"']{0,80}=\d{1,2}[\"'#&]")
_TELLING = 4
"""Letters of an address below which it stands in any page by chance."""
_LOOKS = 300
_ENDING = re.compile(r"\.[a-z]{3,5}$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)$", re.IGNORECASE)
_NOISE = re.compile(r"^(?:utm_\w+|fbclid|gclid|ref|from|source)$", re.IGNORECASE)
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
    stems = _stems(url)
    if any(len(stem) < _TELLING for stem in stems) or any(_possible_firsts(url)):
        return True
    for stem in stems:
        position = text.find(stem)
        for _ in range(_LOOKS):
            if position < 0:
                break
            if _NUMBER_BEHIND.match(text, position + len(stem)):
                return True
            position = text.find(stem, position + len(stem))
    return '"?p' in text and _OWN_QUERY.search(text) is not None


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
    next_url = _choose_next(links, own, 0 if _same(url, first) else own)
    single_url = _find_single(root, url, first) if next_url else None
    return FurtherPages(next_url, single_url, found_first)


def page_number(url: str, first: str) -> tuple[int, bool] | None:
    """Which page of the story that begins at `first` is at `url`, and whether a word or a parameter says so.

    `/ferry.html` and `/ferry_2.html` give 2; `first` itself gives 1; None where `url` is none of its pages.
    """
    try:
        own, base = urlsplit(url), urlsplit(first)
    except ValueError:
        return None
    if _host(own) != _host(base):
        return None
    path, base_path = unquote(own.path).rstrip("/"), unquote(base.path).rstrip("/")
    if path == base_path:
        return _number_in_query(own, base)
    if not path.startswith(_INDEX.sub("", _ENDING.sub("", base_path))) or _pairs(own) != _pairs(base):
        return None
    return _number_in_path(path, base_path)


def find_first_page(root: etree._Element, url: str) -> str | None:
    """The first page of the story whose later page `url` is: the page has to lead back to it. None for a first page."""
    bases = list(_possible_firsts(url))
    if not bases:
        return None
    for element, target in _links_near(root, url, bases[-1][0]):
        for base, firm in bases:
            if _same(target, base) and (firm or _leads_back(element)):
                return base
    return None


def _stems(url: str) -> tuple[str, ...]:
    """What an address of another page of the story at `url` holds: as written, and with its escapes read."""
    parts = urlsplit(url)
    path = _INDEX.sub("", _ENDING.sub("", parts.path.rstrip("/")))
    stem = path.rpartition("/")[2] or parts.netloc
    return tuple(dict.fromkeys((stem, unquote(stem))))


def _series_links(root: etree._Element, url: str, first: str) -> Iterator[_Link]:
    """The links to further pages of the story that begins at `first`."""
    for element, target in _links_near(root, url, first):
        numbered = page_number(target, first)
        if numbered and not _same(target, url) and not _of_comments(element):
            yield _Link(target, element, *numbered)


def _links_near(root: etree._Element, url: str, first: str) -> Iterator[tuple[etree._Element, str]]:
    """The links whose address is like `first`, with where they lead."""
    stems = _stems(first)
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
    stem = _ENDING.sub("", base.path.rstrip("/"))
    for element, target in _links_near(root, url, first):
        text, parts = _text(element), urlsplit(target)
        if _host(parts) != _host(base) or not parts.path.startswith(stem) or len(text) > 60 or _same(target, url):
            continue
        if fold(text) in _ALL_WORDS or any(name.lower() in _ALL_PARAMETERS for name, _ in _extra(parts, base)):
            return target
    return None


def _possible_firsts(url: str) -> Iterator[tuple[str, bool]]:
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
    ending = _ENDING.search(path)
    stem = path[: ending.start()] if ending else path
    mark = _MARK_AT_END.search(stem)
    if mark and int(mark["number"]) > 1 and mark.start() > 1:
        for tail in dict.fromkeys((ending[0] if ending else "", "")):
            yield urlunsplit(parts._replace(path=stem[: mark.start()] + tail, fragment="")), bool(mark["word"])


def _number_in_query(own: SplitResult, base: SplitResult) -> tuple[int, bool] | None:
    extra = _extra(own, base)
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
    base_ending, ending = _ENDING.search(base), _ENDING.search(path)
    stem = base[: base_ending.start()] if base_ending else base
    for start in dict.fromkeys((stem, _INDEX.sub("", stem))):
        if not start.strip("/") or not path.startswith(start):
            continue
        rest = path[len(start) :]
        if ending and base_ending and ending[0].lower() == base_ending[0].lower():
            rest = rest[: -len(ending[0])]
        mark = _MARK.fullmatch(rest)
        if mark and int(mark["number"]) >= 1:
            return int(mark["number"]), bool(mark["word"])
    return None


def _extra(own: SplitResult, base: SplitResult) -> list[tuple[str, str]]:
    known = _pairs(base)
    return [pair for pair in _pairs(own) if pair not in known]


def _pairs(parts: SplitResult) -> list[tuple[str, str]]:
    return sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.match(pair[0]))


def _host(parts: SplitResult) -> str:
    return parts.netloc.lower().removeprefix("www.")


def _same(url: str, other: str) -> bool:
    a, b = urlsplit(url), urlsplit(other)
    return (_host(a), a.path.rstrip("/"), _pairs(a)) == (_host(b), b.path.rstrip("/"), _pairs(b))


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
