"""Dates that a page prints near the headline, below the story, in its dateline; and which of them is publication."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from newsscraper.extract.blocks import Block
from newsscraper.extract.dates import (
    DATED,
    MODIFIED,
    PUBLISHED,
    ReadDate,
    find_dates,
    first_plausible,
    read_machine_date,
    read_relative,
    read_role,
)
from newsscraper.extract.fields.date_declared import is_credible
from newsscraper.extract.kinds import BODY_KINDS, CAPTION, LEAD
from newsscraper.extract.labels import cut_label
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate
from newsscraper.extract.text import fix_line
from newsscraper.extract.tree import text_of

PRINTED, TIME_TAG = "printed near the headline", "time tag near the headline"
BELOW = "printed below the story"
LABELLED, CHANGE = "printed with the label of publication", "printed as the last change"
DATELINE = 40
"""Letters of a text in which its dateline begins."""
_FIGURE = re.compile(r"[\d年]")
_CLOCK_ALONE = re.compile(r"^\D{0,12}\d{1,2}\s?[:.h٫]\s?\d{2}\D{0,12}$")
_SET_OFF = re.compile(r"\s*(?:[–—:|)\]-]|[.,]\s*[–—-]|[“„«\"]|\)\s*[.:,])")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]\W{0,2}$")
_LONG = 220
"""Letters above which a block is text rather than a date line."""
_NOTE = 400
"""Letters up to which a block that says "published" is a note about the story."""
_DATE_WORDS = frozenset("date time datetime timestamp dateline pubdate published publish posted datum fecha".split())
_INLINE = ("span", "time", "small", "em", "i", "b", "strong", "abbr", "font")
_MOST_INLINE = 40
"""Inline elements of a block's container that are looked at."""
_SEPARATOR = re.compile(r"[^a-z0-9]+")
_OTHERS_WORDS = frozenset("comment comments kommentar kommentare teaser teasers related popular recommended".split())
_PICTURE_WORDS = frozenset("caption figcaption figure image img photo picture pic foto bild bildunterschrift".split())
_LABEL_ALONE = 30
"""Letters up to which a block may be nothing but the label of the next one."""


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a block, with what the words beside it say."""

    value: ReadDate
    role: str
    """`published`, `modified`, `dated` or empty."""
    source: str
    score: float


def find_near_headline(layout: Layout) -> list[PrintedDate]:
    """Dates in the blocks around the headline, nearest first."""
    found: list[PrintedDate] = []
    for distance, block in enumerate(layout.around_headline):
        score = 3.0 - 0.06 * distance - (0.6 if block.index < layout.start else 0.0)
        found += _in_block(block, layout, score, PRINTED)
    return found


def find_below(layout: Layout) -> list[PrintedDate]:
    """Dates below the story, and in a note at its end that says when it was published."""
    blocks, found = layout.page.blocks.blocks, list[PrintedDate]()
    for index in layout.body_indices[-2:]:
        if blocks[index].letters <= _NOTE and _FIGURE.search(blocks[index].text):
            dates = [date for date in _roles(blocks[index], layout) if date.role == PUBLISHED]
            found += [replace(date, source="note at the end of the text", score=0.9) for date in dates[:1]]
    for distance, block in enumerate(layout.after_body):
        found += _in_block(block, layout, 1.2 - 0.05 * distance, BELOW)
    return found


def _in_block(block: Block, layout: Layout, score: float, source: str) -> list[PrintedDate]:
    """Of a block's dates the one that is likeliest publication, its time tag's, and the one of the last change."""
    if not block.times and (block.letters > _NOTE or not _FIGURE.search(block.text)):
        return []
    dates = _roles(block, layout) if block.letters <= _NOTE else []
    if not dates and not block.times:
        return []
    score += _place(block, layout, labelled=any(date.role in (PUBLISHED, DATED) for date in dates))
    if block.letters > _LONG:
        dates = [date for date in dates if date.role] if not _is_story(block, layout) else []
    tags = list(_time_tags(block, layout, dates, score))
    told = [date for date in dates if not _is_told_in_text(date.value, block, layout)]
    printed = [replace(date, source=source, score=score + _form(date, block)) for date in _chosen(told)]
    return [*tags, *printed]


def _place(block: Block, layout: Layout, *, labelled: bool) -> float:
    """What a block's place adds: less in teasers, lists and captions, more where its class says that it is a date."""
    score = 0.0
    if block.letters > _LONG or layout.teasers[block.index]:
        score -= 2.2
    elif layout.repeated[block.index] and not labelled:
        score -= 0.9
    around = [container.words for container in islice(layout.page.blocks.ancestors(block), 3)]
    words = frozenset[str]().union(*around)
    if layout.labels[block.index].kind == CAPTION or not _PICTURE_WORDS.isdisjoint(words):
        score -= 1.6
    is_below = block.index >= layout.end
    if not _OTHERS_WORDS.isdisjoint(words | block.inline_words if is_below else words):
        score -= 1.6
    return score + 0.4 * (not _DATE_WORDS.isdisjoint(block.inline_words.union(*around[:2])))


def _form(date: PrintedDate, block: Block) -> float:
    """What its words, its time and weekday, its share of the block, and a link around it add to a date."""
    score = _by_role(date.role) + 0.5 * ("T" in date.value.iso)
    score += {True: 0.4, False: -1.0, None: 0.0}[date.value.weekday_agrees]
    if len(date.value.raw) < 0.4 * len(block.text):
        score -= 0.3 + 0.9 * (not date.role and bool(_SENTENCE_END.search(block.text)))
    if block.link_letters > 0.6 * block.letters:
        links = [text for text in block.link_texts if date.value.raw in text]
        of_other = bool(date.role) and any(len(date.value.raw) < 0.6 * len(text) for text in links)
        score -= 1.0 * bool(links) + 1.0 * of_other
    return score


def _by_role(role: str) -> float:
    return {PUBLISHED: 1.0, DATED: 0.5, MODIFIED: -1.5}.get(role, 0.0)


def _roles(block: Block, layout: Layout) -> list[PrintedDate]:
    """All dates of a block, each with the role that the words beside it give."""
    text = _with_clock(block, layout)
    dates = _for_people(_find(text, layout) or _find_glued(block, layout))
    found: list[PrintedDate] = []
    position = 0
    for date in dates:
        behind = text[date.end :] if date is dates[-1] else ""
        role = read_role(text[position : date.start], behind) or (_label_above(block, layout) if not found else "")
        found.append(PrintedDate(date, _profile_role(text, layout) or role, PRINTED, 0.0))
        position = date.end
    return found


def _find(text: str, layout: Layout) -> list[ReadDate]:
    found = find_dates(text, language=layout.language_hint, not_after=layout.page.fetched_at)
    return [date for date in found if is_credible(date, layout)]


def _find_glued(block: Block, layout: Layout) -> list[ReadDate]:
    """Dates in inline elements of their own that only style sets apart from the next word."""
    if block.container < 0 or _DATE_WORDS.isdisjoint(block.inline_words):
        return []
    found: list[ReadDate] = []
    element = layout.page.blocks.containers[block.container].element
    for inline in islice(element.iterdescendants(*_INLINE), _MOST_INLINE):
        if not _DATE_WORDS.isdisjoint(_SEPARATOR.split((inline.get("class") or "").lower())):
            found += _find(fix_line(text_of(inline)), layout)
    places = [block.text.find(date.raw) for date in found]
    return [
        replace(date, start=place, end=place + len(date.raw))
        for place, date in zip(places, found, strict=True)
        if place >= 0
    ]


def _for_people(dates: list[ReadDate]) -> list[ReadDate]:
    """Without stamps such as 2022-12-07T10:10:52+01:00 where another date stands beside them: those are hidden."""
    shown = [date for date in dates if date.raw[10:11] != "T"]
    return shown or dates


def _profile_role(text: str, layout: Layout) -> str:
    """What labels of the site's profile say."""
    profile = layout.page.profile
    for field, role in (("date_modified", MODIFIED), ("date", PUBLISHED)):
        if profile.labels.get(field) and cut_label(text, field, profile) is not None:
            return role
    return ""


def _label_above(block: Block, layout: Layout) -> str:
    """The role that a block gives which is nothing but a label: `<dt>Published</dt><dd>3 May 2020</dd>`."""
    if block.index == 0:
        return ""
    above = layout.page.blocks.blocks[block.index - 1]
    if above.letters > _LABEL_ALONE or above.links or _FIGURE.search(above.text):
        return ""
    return read_role(above.text)


def _chosen(dates: list[PrintedDate]) -> Iterator[PrintedDate]:
    """The first that says it is publication, else the first that does not say it is a change; and the first change."""
    for wanted in ((PUBLISHED,), (DATED, "")):
        plausible = first_plausible([date.value for date in dates if date.role in wanted])
        if plausible is not None:
            yield next(date for date in dates if date.value is plausible)
            break
    yield from [date for date in dates if date.role == MODIFIED][:1]


def _time_tags(block: Block, layout: Layout, dates: list[PrintedDate], score: float) -> Iterator[PrintedDate]:
    """A block's time tags; one that contradicts what the block prints is a leftover of a template."""
    for number, value in enumerate(block.times[:2]):
        date = read_machine_date(value)
        if date is None or not is_credible(date, layout):
            continue
        if len(block.times) == len(dates):
            role = dates[number].role
        else:
            role = dates[0].role if dates else read_role(block.text)
        doubt = 2.0 if dates and not any(_agree(date, other.value) for other in dates) else 0.0
        yield PrintedDate(date, role, TIME_TAG, score + 1.0 + _by_role(role) - doubt - 0.5 * number)


def _agree(tag: ReadDate, printed: ReadDate) -> bool:
    """The same day, or the next one elsewhere; or the same figures, which the tag's machine reads its own way."""
    apart = dt.date.fromisoformat(tag.iso[:10]) - dt.date.fromisoformat(printed.iso[:10])
    return abs(apart.days) <= 1 or tag.raw == printed.raw


def _is_story(block: Block, layout: Layout) -> bool:
    return layout.labels[block.index].kind in BODY_KINDS | {LEAD}


def _is_told_in_text(date: ReadDate, block: Block, layout: Layout) -> bool:
    """The date is part of a sentence of the story rather than a line of its own."""
    return _is_story(block, layout) and len(date.raw) < 0.5 * len(block.text)


def _with_clock(block: Block, layout: Layout) -> str:
    """The block's text, and that of the next block where this is nothing but a time of day."""
    following = block.index + 1
    blocks = layout.page.blocks.blocks
    if following < len(blocks) and blocks[following].letters < 24 and _CLOCK_ALONE.match(blocks[following].text):
        return f"{block.text} {blocks[following].text}"
    return block.text


def find_datelines(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """A date that opens lead or text, a place before it perhaps: `Karlsruhe (12.11.2021).`"""
    for index in (*layout.lead_indices[:1], *layout.body_indices[:1]):
        opening = layout.page.blocks.blocks[index].text[:90]
        for date in _find(opening, layout)[:1]:
            set_off = date.start < DATELINE and _SET_OFF.match(opening[date.end :])
            yield Candidate("dateline of the body", date, 0.4 if set_off else 0.1)


def find_only_date(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """The one day that the page prints outside its text, its repeated parts and its copyright notices."""
    found: dict[str, ReadDate] = {}
    for block in layout.page.blocks:
        label = layout.labels[block.index]
        if label.kind in BODY_KINDS or block.letters > 2 * _LONG or layout.repeated[block.index]:
            continue
        if block.links and block.link_letters > 0.6 * block.letters:
            continue
        if _FIGURE.search(block.text) and "©" not in block.text:
            for date in _find(block.text, layout):
                found.setdefault(date.iso[:10], date)
        if len(found) > 1:
            return
    for date in found.values():
        yield Candidate("the only date printed on the page", date, 0.35)


def find_relative(layout: Layout) -> Iterator[Candidate[ReadDate]]:
    """What is told from the moment of reading near the headline: "3 hours ago"; nothing where that is not known."""
    fetched = layout.page.fetched_at
    if not fetched:
        return
    for distance, block in enumerate(layout.around_headline):
        if layout.teasers[block.index] or _is_story(block, layout):
            continue
        date = read_relative(block.text, fetched)
        if date is not None and read_role(block.text[: date.start]) != MODIFIED:
            yield Candidate("told from the time of the fetch", date, 0.8 - 0.01 * distance)


def as_candidates(dates: Iterable[PrintedDate]) -> Iterator[Candidate[ReadDate]]:
    """For the choice among all sources."""
    for date in dates:
        source = {MODIFIED: CHANGE, PUBLISHED: LABELLED}.get(date.role, date.source)
        yield Candidate(source, date.value, date.score)
