"""The headline: printed headings weighed against what the page tells machines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from newsscraper.extract.page import Page
from newsscraper.extract.resolving import Candidate, Resolved, best_of
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.similar import overlap_folded, units
from newsscraper.extract.structured import string_in
from newsscraper.extract.text import fix_line, fold
from newsscraper.extract.tree import text_of

META_TITLES = (
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "title",
    "hdl",
)
_SEPARATOR = re.compile(r"\s+[-–—|·•»«:/~<>]+\s+|\s*[|｜]\s*|\s+::\s+|\s+[-–—]{1,2}(?=\S)|\s*[_＿]\s*(?=\S+$)")
_ANY_SEPARATOR = re.compile(r"\s*[-–—|｜·•»«:/~_＿,]+\s*")
LONGEST = 500
"""Characters of a title told to machines; a longer one is none."""
MANY = 200
"""Headings of a page that are weighed."""
NEAR = 4
"""Blocks between two headings that belong together."""
LONG, LONG_WORDS = 12, 3
"""Characters, or words, from which on a title is told by its words alone."""
MOST = 0.8
"""Share of a title's words that make it a part of another."""
_HEADING_SEARCH = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Headline:
    """The title and where it is printed: the range of its blocks, None when the page only tells machines."""

    resolved: Resolved[str]
    first: int | None
    last: int | None
    """Exclusive."""

    @property
    def text(self) -> str | None:
        """The title."""
        return self.resolved.value


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str
    folded: str
    first: int
    last: int
    tag: str
    order: int
    in_link: bool


def resolve_title(page: Page) -> Headline:
    """The printed heading that the machine-readable titles confirm, a lone h1, or else the best of those titles."""
    selected = select_texts(page, "title")
    if selected:
        return _place(page, Resolved(selected[0], "profile selector", [Candidate("profile selector", selected[0])]))
    told = _machine_titles(page)
    headings = _printed_headings(page)
    measures = [_Measure(folded) for folded in dict.fromkeys(fold(t.value) for t in told) if folded]
    candidates = [_weigh_heading(page, heading, told, measures) for heading in headings]
    _trust_declared(headings, candidates, told)
    candidates += [_weigh_told(title, rank) for rank, title in enumerate(told)]
    candidates += _printed_segments(page, told)
    resolved = best_of([c for c in candidates if c.value])
    return _place(page, resolved)


def _machine_titles(page: Page) -> list[Candidate[str]]:
    """What JSON-LD, meta tags, microdata and `<title>` say, without the site's name, in order of trust."""
    structured = page.structured
    found = [("json-ld headline", string_in(structured.story.get("headline")))]
    found += [
        ("microdata headline", fix_line(text_of(e)))
        for e in structured.itemprops.get("headline", ())[:2]
        if e.tag != "meta"
    ]
    found += [(f"meta {name}", structured.first_meta(name)) for name in META_TITLES]
    found.append(("json-ld name", string_in(structured.story.get("name"))))
    found.append(("title tag", page.document_title))
    told = []
    cleaned: dict[str, str] = {}
    for source, value in found:
        if not value or len(value) > LONGEST:
            continue
        if value not in cleaned:
            cleaned[value] = drop_site_name(fix_line(value), page.site_names)
        if cleaned[value] and fold(cleaned[value]) not in page.site_names:
            told.append(Candidate(source, cleaned[value]))
    return told


def drop_site_name(title: str, site_names: list[str]) -> str:
    """`Headline | The Site` without the site: segments at either end that are one of its folded names go."""
    while True:
        cuts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(title)]
        if not cuts:
            return title
        head, tail = title[cuts[-1][1] :], title[: cuts[0][0]]
        if _is_site(head, site_names):
            title = title[: cuts[-1][0]].strip()
        elif _is_site(tail, site_names):
            title = title[cuts[0][1] :].strip()
        else:
            return title


def _is_site(segment: str, site_names: list[str]) -> bool:
    folded = fold(segment)
    joined = folded.replace(" ", "")
    return bool(folded) and any(
        folded == name or (len(joined) > 3 and joined == name.replace(" ", "")) for name in site_names
    )


def _printed_headings(page: Page) -> list[_Heading]:
    """Every h1, h2 and h3 with text, in document order."""
    blocks = page.blocks
    headings: list[_Heading] = []
    orders: Counter[str] = Counter()
    for container in blocks.containers:
        if container.tag not in _HEADING_SEARCH or container.first == container.last or len(headings) == MANY:
            continue
        within = blocks.blocks[container.first : container.last]
        text = fix_line(" ".join(b.text for b in within))
        in_link = sum(b.link_letters for b in within) >= 0.9 * sum(b.letters for b in within)
        order = orders[container.tag]
        orders[container.tag] += 1
        headings.append(_Heading(text, fold(text), container.first, container.last, container.tag, order, in_link))
    return headings


def _weigh_heading(
    page: Page, heading: _Heading, told: list[Candidate[str]], measures: list[_Measure]
) -> Candidate[str]:
    """A printed heading's score: h1 before h2, confirmed by a machine's title, not the site's name, not a link."""
    own = _Measure(heading.folded)
    agreement = max((_agreement(own, other) for other in measures), default=0.0)
    score = {"h1": 1.0, "h2": 0.1, "h3": 0.0}[heading.tag] + 2.0 * agreement
    score -= 0.1 * min(heading.order, 5) + 0.5 * heading.in_link
    note = f"agrees {agreement:.2f} with what the page tells machines"
    if heading.folded in page.site_names or len(heading.folded) < 2:
        score, note = -1.0, "the site's name"
    elif heading.tag != "h1" and agreement < 0.8:
        score -= 1.0
    elif heading.tag == "h1" and agreement < 0.3 and told and len(heading.folded.split()) < 3:
        score, note = score - 1.2, "too short, and no machine title agrees"
    return Candidate(heading.tag, _drop_kicker(heading.text, told), score, note)


def _trust_declared(headings: list[_Heading], candidates: list[Candidate[str]], told: list[Candidate[str]]) -> None:
    """A heading beside the first h1 that is, word for word, what the page declares as `headline`, is the headline.

    The h1 above it is then a kicker or a line for search engines.
    """
    declared = {fold(t.value) for t in told if t.source.endswith(" headline")}
    h1 = next((h for h in headings if h.tag == "h1"), None)
    if h1 is None or h1.folded in declared:
        return
    for heading, candidate in zip(headings, candidates, strict=True):
        if heading.folded in declared and abs(heading.first - h1.first) <= NEAR:
            candidate.score += 2.2
            candidate.note = "printed beside the h1 as the declared headline"


class _Measure:
    """What `_agreement` compares of a folded title, counted once."""

    __slots__ = ("counts", "folded", "is_long", "total")

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.counts = units(folded)
        self.total = self.counts.total()
        self.is_long = len(folded) > LONG or len(folded.split()) >= LONG_WORDS


def _agreement(heading: _Measure, told: _Measure) -> float:
    """Overlap; a heading that a longer machine title holds whole, or the reverse, counts nearly as much as equality."""
    if heading.folded == told.folded:
        return 1.0
    if not heading.total or not told.total or heading.counts.keys().isdisjoint(told.counts):
        return 0.0
    both = (heading.counts & told.counts).total()
    alike = 2 * both / (heading.total + told.total)
    for part in (heading, told):
        if part.is_long and both > MOST * part.total:
            alike = max(alike, 0.9 * both / part.total)
    return alike


def _drop_kicker(heading: str, told: list[Candidate[str]]) -> str:
    """A heading whose end is a machine's title whole: what stands before it is the kicker.

    Not so where a colon parts the two and another of the machines' titles holds both: it is the headline's own.
    """
    folded = fold(heading)
    for title in told:
        ending = fold(title.value)
        if len(ending) > LONG and title.source.startswith(("json-ld", "meta og")) and folded.endswith(ending):
            position = heading.find(title.value)
            own = heading[:position].rstrip().endswith(":") and any(fold(t.value) == folded for t in told)
            if position > 0 and not own:
                return heading[position:]
    return heading


def _weigh_told(title: Candidate[str], rank: int) -> Candidate[str]:
    score = 1.35 - 0.05 * rank
    return Candidate(title.source, title.value, score, "told to machines")


def _printed_segments(page: Page, told: list[Candidate[str]]) -> list[Candidate[str]]:
    """A machine title's part at a separator that a block of its own prints: headlines without a heading tag."""
    chosen = told[-1:] + told[:3]
    parts = {title.value: _parts_of(title.value) for title in chosen}
    wanted = {fold(part) for title, found in parts.items() for part in (title, *found)} - {""}
    printed = _find_printed(page, wanted)
    found = []
    for title in chosen:
        if (whole := printed.get(fold(title.value))) is not None:
            note = "a block prints it"
            found.append(Candidate(f"{title.source}, printed", whole.replace("\n", " "), 1.7, note))
        for part in parts[title.value]:
            if (text := printed.get(fold(part))) is not None:
                note = "a block prints this part of the title"
                source, score = f"{title.source}, the part printed", 1.6 + len(part) / 1000
                found.append(Candidate(source, fix_line(text), score, note))
    return found


def _parts_of(title: str) -> list[str]:
    """What stands before and behind each separator."""
    cuts = list(_ANY_SEPARATOR.finditer(title))
    return [part for cut in cuts for part in (title[: cut.start()], title[cut.end() :])]


def _find_printed(page: Page, wanted: set[str]) -> dict[str, str]:
    """Of the folded texts wanted, those that a block prints, with its text; the last block of several."""
    starts = {folded[0] for folded in wanted}
    shortest = min(map(len, wanted), default=0)
    printed = {}
    for block in page.blocks:
        if 12 <= block.letters <= 300 and 2 * len(block.text) >= shortest and _first_letter(block.text) in starts:
            folded = fold(block.text)
            if folded in wanted and block.link_letters < 0.9 * block.letters:
                printed[folded] = block.text
    return printed


def _first_letter(text: str) -> str:
    """The first character of the text's folded form, without folding all of it."""
    first = text[:1]
    if first.isascii() and first.isalnum():
        return first.lower()
    return fold(text[:20])[:1]


def _place(page: Page, resolved: Resolved[str]) -> Headline:
    """Where the title is printed: a heading that holds it, else the first block that does."""
    folded = fold(resolved.value or "")
    if not folded:
        return Headline(resolved, None, None)
    blocks = page.blocks
    for container in blocks.containers:
        if container.tag in _HEADING_SEARCH and container.first < container.last:
            text = fold(" ".join(b.text for b in blocks.blocks[container.first : container.last]))
            if text == folded or (len(folded) > 12 and text.endswith(folded) and len(text) < 2 * len(folded) + 30):
                return Headline(resolved, container.first, container.last)
    first, length = folded[0], len(folded)
    exact = [
        b
        for b in blocks
        if b.letters < 400 and 2 * len(b.text) >= length and _first_letter(b.text) == first and fold(b.text) == folded
    ]
    exact.sort(key=lambda b: (b.link_letters > 0, b.index))
    if exact:
        return Headline(resolved, exact[0].index, exact[0].index + 1)
    close = [b for b in blocks if b.tag == "h1" and overlap_folded(fold(b.text), folded) > 0.5]
    return Headline(resolved, close[0].index, close[0].index + 1) if close else Headline(resolved, None, None)
