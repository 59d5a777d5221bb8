"""Who wrote it: declared names first, then bylines near the headline or below the story; names only, no titles or addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Block
from newsscraper.extract.labels import LABELS, cut_label
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate, Resolved
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import itemprop_text, strings_in
from newsscraper.extract.text import fix_line, fold, unique

AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator", "citation_author", "article:author_name",
    "cxenseparse:author", "authors", "article.author", "rbauthors", "og:author", "article_author", "bt:author", "creator", "twitter:data1",
)  # fmt: skip
_JOINT = re.compile(
    r"\s*(?:[;/|•·、，]|\s(?:and|und|et|y|e|og|och|en|ja|i|и|та|ve|و|और|এবং|és|și|και|with|mit|avec|con)\s|\s&\s|\s[-–—]\s)\s*", re.IGNORECASE
)
_COMMA = re.compile(r"\s*[,،]\s*")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d{2,}|[<>{}\[\]_=#%]|\.(?:com|org|net|de|fr)\b", re.IGNORECASE)
_DATE_PART = re.compile(r"\s*[|•·]\s*|\s*\d|\n")
_HONORIFIC = re.compile(r"^(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Lord|Rev|Herr|Frau|Sr|Sra|Dipl\.-Ing)\.?\s+(?=\S)", re.IGNORECASE)
_EMAIL = re.compile(r"\S+@\S+|\(\s*\)")
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_PARTICLES = frozenset("de da di do dos das del della der den des du von van vom zu zum zur la le el al bin ibn ben abu ter ten af av y e und and of the".split())
_ROLES = frozenset(
    fold(w)
    for w in """
    editor reporter correspondent journalist writer staff contributor columnist producer photographer author desk team admin administrator newsroom
    editorial redaktion redakteur redakteurin redaktor reporterin korrespondent korrespondentin journalistin autor autorin chefredakteur volontär
    journaliste rédacteur rédactrice correspondant rédaction redacción redactor redactora periodista corresponsal redação repórter jornalista
    redazione giornalista redactie verslaggever redaktionen redaksjonen journalistin chief senior deputy political business sports
    """.split()
)
_AGENCIES = frozenset("AFP AP dpa Reuters TASS ANSA EFE PTI IANS UPI Xinhua AFX SID KNA epd APA sda PAP ČTK MTI ANP TT NTB NTB Ritzau STT IRNA ISNA".split())
_ANONYMOUS = frozenset(fold(w) for w in ("admin", "administrator", "user", "guest", "unknown", "anonymous", "none", "null", "undefined", "webmaster", "root", "author", "by", "staff"))


def resolve_authors(layout: Layout) -> Resolved[list[str]]:
    """The first source that yields people; an agency or the publisher only when no source does."""
    candidates = [Candidate(source, names) for source, texts in _sources(layout) if (names := clean_names(texts, layout))]
    site = set(layout.page.site_names)
    for candidate in candidates:
        people = [name for name in candidate.value if fold(name) not in site]
        candidate.score = 1.0 if people else 0.0
        if people:
            candidate.value = people
    won = next((c for c in candidates if c.score), candidates[0] if candidates else None)
    return Resolved(won.value, won.source, candidates) if won else Resolved(None)


def _sources(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    page, structured = layout.page, layout.page.structured
    yield "profile selector", select_texts(page, "authors")
    yield "json-ld author", strings_in(structured.story.get("author"))
    yield "json-ld creator", strings_in(structured.story.get("creator"))
    for name in AUTHOR_META:
        yield f"meta {name}", structured.all_meta(name)
    yield "microdata author", [itemprop_text(e, "name") for e in structured.itemprops.get("author", ())[:6]]
    yield "rel=author", list(_author_links(layout))
    yield "byline", list(_bylines(layout))
    yield "printed label", list(_labelled(layout))
    yield "json-ld contributor", strings_in(structured.story.get("contributor"))


def _author_links(layout: Layout) -> Iterator[str]:
    """Links with `rel=author` and hCard names called an author, outside repeated parts; none where they are many."""
    anchors = [a for a in layout.page.root.iterfind(".//a[@rel]") if "author" in (a.get("rel") or "").lower().split()]
    names = unique(fix_line("".join(a.itertext())) for a in anchors)
    if len(names) <= 4:
        yield from names


def _bylines(layout: Layout) -> Iterator[str]:
    """Short blocks in containers called a byline, links with rel=author, near the headline, then below the body."""
    for blocks in (layout.around_headline, layout.after_body[:5]):
        found = [b for b in blocks if b.letters < 160 and not layout.repeated[b.index] and _is_byline(b, layout)]
        if found:
            group = found[0].container
            for block in found[:4]:
                if block is found[0] or block.container == group or _siblings(layout, block.container, group):
                    yield from _names_in(block)
            return


def _names_in(block: Block) -> list[str]:
    """The links of a byline where they are names, else its text up to the date."""
    linked = [text for text in block.link_texts if _is_name(text)]
    return linked if len(linked) == len(block.link_texts) and linked else [_DATE_PART.split(block.text)[0]]


def _siblings(layout: Layout, a: int, b: int) -> bool:
    containers = layout.page.blocks.containers
    return containers[a].parent == containers[b].parent and containers[a].words == containers[b].words


def _is_byline(block: Block, layout: Layout) -> bool:
    containers = layout.page.blocks.containers
    container = containers[block.container]
    named = container.words | block.inline_words
    if container.parent >= 0 and containers[container.parent].last - containers[container.parent].first <= 4:
        named |= containers[container.parent].words
    return bool(named & words.AUTHOR)


def _labelled(layout: Layout) -> Iterator[str]:
    """`By Jane Doe`: a short block that begins with a label of authors."""
    for block in (*layout.around_headline, *layout.after_body[:4]):
        if 4 < block.letters < 120 and not layout.repeated[block.index]:
            rest = cut_label(block.text.split("\n")[0], "authors", layout.page.profile)
            rest = _DATE_PART.split(rest)[0].strip() if rest else None
            if rest and _looks_like_names(rest):
                yield rest
                return


def read_byline(text: str) -> list[str]:
    """The names in a line that is nothing but a byline: a label of authors, then names. Empty for any other line."""
    if not 4 < len(text) < 120:
        return []
    rest = cut_label(text.split("\n")[0], "authors")
    rest = _DATE_PART.split(rest)[0].strip() if rest else None
    return clean_names([rest]) if rest and not rest.endswith(".") and _looks_like_names(rest) else []


def _looks_like_names(text: str) -> bool:
    return all(_is_name(_trim(part)) for part in _JOINT.split(_COMMA.split(text)[0]) if part)


def clean_names(texts: Iterable[str], layout: Layout | None = None) -> list[str]:
    """Names out of what sources give: labels, addresses, titles and roles cut, joint bylines split, no name twice."""
    names: list[str] = []
    for text in texts:
        profile = layout.page.profile if layout else None
        line = _EMAIL.sub(" ", fix_line(text))
        labelled = cut_label(line, "authors", profile)
        line = labelled if labelled and not _is_only_label(line) else line
        for joint in _JOINT.split(_BRACKETS.sub(" ", line)):
            names += _split_commas(joint.strip())
    return unique(name for name in map(_trim, names) if _is_name(name))


def _trim(name: str) -> str:
    """A name without honorifics, and without what follows it in lower case: `Jane Doe for The Times`, `Jeanne Doux le mardi`."""
    name = _HONORIFIC.sub("", fix_line(name).strip(" .,:-–—'\""))
    parts = name.split()
    for i, part in enumerate(parts):
        if i >= 2 and part[0].islower() and all(p[0].islower() for p in parts[i:]):
            return " ".join(parts[:i])
    return name


def _is_only_label(line: str) -> bool:
    return fold(line) in {fold(label) for label in LABELS["authors"]}


def _split_commas(text: str) -> list[str]:
    """`A B, C D` are two names; `A B, Political Editor` is one and a role; `Doe, Jane` is turned round."""
    parts = [p for p in _COMMA.split(text) if p]
    if len(parts) == 2 and all(len(p.split()) == 1 for p in parts) and parts[1].istitle():
        return [f"{parts[1]} {parts[0]}"]
    if len(parts) <= 1:
        return parts
    return [p for i, p in enumerate(parts) if i == 0 or (len(p.split()) >= 2 and not _is_role(p)) or p in _AGENCIES]


def _is_role(text: str) -> bool:
    return not _ROLES.isdisjoint(fold(text).split())


def _is_name(text: str) -> bool:
    """Up to six words that start upper case where the script has cases, particles aside; no digits, no addresses."""
    if not 2 <= len(text) <= 60 or _NOT_A_NAME.search(text) or fold(text) in _ANONYMOUS or not fold(text):
        return False
    parts = text.split()
    if len(parts) > 6:
        return False
    cased = [p for p in parts if p[0].isalpha() and p[0].upper() != p[0].lower()]
    lower = [p for p in cased if p[0].islower() and p.lower() not in _PARTICLES and not p.startswith(("d'", "d’", "al-", "el-", "as-", "de-"))]
    return not lower or (len(parts) == 1 and text in _AGENCIES)
