"""Every date that could be the story's, with how much speaks for it: declared, printed, in the URL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newsscraper.extract.blocks import Block
from newsscraper.extract.dates import ReadDate, find_dates, read_date, read_machine_date
from newsscraper.extract.kinds import BODY_KINDS, LEAD
from newsscraper.extract.labels import cut_label
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import string_in
from newsscraper.extract.text import has_digit
from newsscraper.extract.tree import text_of

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "og:pubdate",
    "datepublished",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date",
    "published_date", "publication_date",
    "publication-date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "date.issued",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "citation_publication_date", "citation_date",
    "article.published",
    "originalpublicationdate", "article_date_original", "rnews:datepublished", "created", "article:post_date",
    "published", "release_date",
    "bt:pubdate", "shareaholic:article_published_time", "ptime", "displaydate", "timestamp", "datecreated", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "article:modified", "og:modified_time", "datemodified",
    "dcterms.modified", "dc.date.modified",
    "lastmod", "last-modified", "modified", "revised", "article.updated", "bt:moddate", "updated_time",
    "cxenseparse:recs:modifiedtime",
)  # fmt: skip
_URL_DATE = re.compile(
    r"[/\-_.](?P<y>(?:19|20)\d\d)[/\-_.]?(?P<m>0[1-9]|1[0-2])[/\-_.]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/\-_.T]|$|[a-z]\b)"
)
_CLOCK_ALONE = re.compile(r"^\D{0,12}\d{1,2}\s?[:.h٫]\s?\d{2}\D{0,12}$")
PRINTED = "printed near the headline"
DATELINE = 40
"""Letters of a text in which its dateline begins."""
_SET_OFF = re.compile(r"\s*(?:[–—:|)\]-]|[.,]\s*[–—-]|[“„«\"]|\)\s*[.:,])")
_LONG = 220
"""Letters above which a block is text rather than a date line."""


def declared_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """Profile selectors, JSON-LD, meta tags, microdata, in order of trust."""
    page, structured = layout.page, layout.page.structured
    edition = page.profile.edition_of(page.url)
    for text in select_texts(page, "date"):
        date = read_machine_date(text) or _read(text, layout, calendar=edition.calendar if edition else None)
        if date:
            yield Candidate("profile selector", date, 10.0)
            break
    story = structured.story
    for key, score in (("datePublished", 6.0), ("dateCreated", 4.0), ("uploadDate", 4.5)):
        yield from _machine(f"json-ld {key}", string_in(story.get(key)), score, layout)
    for node in structured.nodes:
        if node is not story and "datePublished" in node:
            yield from _machine("json-ld datePublished of another node", string_in(node["datePublished"]), 4.2, layout)
            break
    for rank, name in enumerate(PUBLISHED_META):
        value = structured.first_meta(name)
        yield from _machine(f"meta {name}", value, 5.5 - 0.03 * rank if name != "date" else 4.0, layout)
    for element in structured.itemprops.get("datePublished", ())[:3]:
        value = element.get("content") or element.get("datetime") or _title(element) or text_of(element)
        yield from _machine("microdata datePublished", value, 5.0, layout)


def _title(element: etree._Element) -> str | None:
    """The `title` of hAtom's `<abbr class=published title=...>`."""
    title = element.get("title") or ""
    return title if title[:4].isdecimal() else None


def _machine(source: str, value: str | None, score: float, layout: Layout) -> Iterator[Candidate[ReadDate]]:
    date = read_machine_date(value) if value else None
    if date is None and value:
        date = _read(value, layout)
    if date is not None and _is_credible(date, layout):
        yield Candidate(source, date, score)


def _is_credible(date: ReadDate, layout: Layout) -> bool:
    """Between the first news sites and the fetch."""
    fetched = layout.page.fetched_at
    return "1990" <= date.iso[:4] <= "2100" and (not fetched or date.iso[:10] <= _next_day(fetched))


def _next_day(fetched_at: str) -> str:
    """A string that sorts after every date on the day of the fetch and the one after it."""
    day = fetched_at[:10]
    return day[:8] + f"{int(day[8:10]) + 1:02d}" if day[8:10].isdecimal() else "9999"


def printed_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """Dates printed or marked up near the headline, below the story, and in its dateline."""
    blocks = layout.page.blocks.blocks
    for distance, block in enumerate(layout.around_headline):
        yield from _printed(block, layout, 3.0 - 0.06 * distance - (0.6 if block.index < layout.start else 0.0))
    for distance, block in enumerate(layout.after_body):
        yield from _printed(block, layout, 1.2 - 0.05 * distance)
    for index in (*layout.lead_indices[:1], *layout.body_indices[:1]):
        yield from _dateline(blocks[index].text, layout)
    yield from _only_date(layout)


def _dateline(text: str, layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """A date that opens the text, a place before it perhaps: `Karlsruhe (12.11.2021).`"""
    opening = text[:90]
    for date in find_dates(opening, language=layout.language_hint, not_after=layout.page.fetched_at)[:1]:
        set_off = date.start < DATELINE and _SET_OFF.match(opening[date.end :])
        yield Candidate("dateline of the body", date, 0.4 if set_off else 0.1)


def _only_date(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """The one day that the page prints outside its text, its repeated parts and its copyright notices."""
    found: dict[str, ReadDate] = {}
    for block in layout.page.blocks:
        label = layout.labels[block.index]
        if label.kind in BODY_KINDS or block.letters > 2 * _LONG or layout.repeated[block.index]:
            continue
        if block.links and block.link_letters > 0.6 * block.letters:
            continue
        if has_digit(block.text) and "©" not in block.text:
            for date in find_dates(block.text, language=layout.language_hint, not_after=layout.page.fetched_at):
                found.setdefault(date.iso[:10], date)
        if len(found) > 1:
            return
    for date in found.values():
        yield Candidate("the only date printed on the page", date, 0.35)


def _printed(block: Block, layout: Layout, score: float) -> Iterator[Candidate[ReadDate]]:
    if block.letters > _LONG or layout.repeated[block.index]:
        score -= 2.2
    if block.letters > _LONG and not block.times:
        return
    if cut_label(block.text, "date_modified", layout.page.profile) is not None:
        score -= 1.5
    elif cut_label(block.text, "date", layout.page.profile) is not None:
        score += 1.0
    if block.link_letters > 0.6 * block.letters:
        score -= 1.0
    for value in block.times[:1]:
        date = read_machine_date(value)
        if date is not None and _is_credible(date, layout):
            yield Candidate("time tag near the headline", date, score + 1.0)
    if has_digit(block.text):
        date = _read(_with_clock(block, layout), layout)
        if date is not None and not _is_told_in_text(date, block, layout):
            score += (
                0.5 * ("T" in date.iso) + 0.4 * (date.weekday_agrees is True) - 1.0 * (date.weekday_agrees is False)
            )
            yield Candidate(PRINTED, date, score - 0.3 * (len(date.raw) < 0.4 * len(block.text)))


def _is_told_in_text(date: ReadDate, block: Block, layout: Layout) -> bool:
    """The date is part of a sentence of the story rather than a line of its own."""
    in_story = layout.labels[block.index].kind in BODY_KINDS | {LEAD}
    return in_story and len(date.raw) < 0.5 * len(block.text)


def _with_clock(block: Block, layout: Layout) -> str:
    """The block's text, and that of the next block where this is nothing but a time of day."""
    following = block.index + 1
    blocks = layout.page.blocks.blocks
    if following < len(blocks) and blocks[following].letters < 24 and _CLOCK_ALONE.match(blocks[following].text):
        return f"{block.text} {blocks[following].text}"
    return block.text


def _read(text: str, layout: Layout, *, calendar: str | None = None) -> ReadDate | None:
    return read_date(text, language=layout.language_hint, calendar=calendar, not_after=layout.page.fetched_at)


def url_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """The date in the page's URL."""
    url = layout.page.url or layout.page.structured.first_meta("og:url") or ""
    match = _URL_DATE.search(url)
    if match:
        date = read_machine_date(f"{match['y']}-{match['m']}-{match['d']}")
        if date and _is_credible(date, layout):
            yield Candidate(
                "URL", ReadDate(date.iso, match[0].strip("/-_."), 0, 0, "gregorian", None, False, False), 2.4
            )


def modified_dates(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """Dates of the last change, in order of trust."""
    structured = layout.page.structured
    yield from _machine("profile selector", next(iter(select_texts(layout.page, "date_modified")), None), 0, layout)
    yield from _machine("json-ld dateModified", string_in(structured.story.get("dateModified")), 0, layout)
    for name in MODIFIED_META:
        yield from _machine(f"meta {name}", structured.first_meta(name), 0, layout)
    for element in structured.itemprops.get("dateModified", ())[:1]:
        yield from _machine(
            "microdata dateModified",
            element.get("content") or element.get("datetime") or text_of(element),
            0,
            layout,
        )
    for block in (*layout.around_headline, *layout.after_body):
        if block.letters <= _LONG:
            rest = cut_label(block.text, "date_modified", layout.page.profile)
            date = _read(rest, layout) if rest else None
            if date is not None:
                yield Candidate("printed with its label", date, 0)
