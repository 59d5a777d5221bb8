"""The standfirst: set apart between headline and body by markup, or the page's own summary printed there."""

from __future__ import annotations

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Block, Container
from newsscraper.extract.kinds import CAPTION, LEAD, Label
from newsscraper.extract.notes import note_reason
from newsscraper.extract.page import Page
from newsscraper.extract.prose import ends_sentence
from newsscraper.extract.rules.sheet import Sheet
from newsscraper.extract.similar import contained, count_units, is_copy
from newsscraper.extract.structured import string_in
from newsscraper.extract.text import fold

SHORTEST = 25
"""Letters of a lead at least."""
SHORTEST_SUMMARY = 30
"""Letters of a declared summary from which it is compared with what is printed."""
FARTHEST = 60
"""Blocks between headline and body above which the place says nothing."""
REST = 200
"""Letters of body that have to remain when its first paragraph becomes the lead."""


def label_lead(sheet: Sheet, story: Container) -> None:
    """Labels the blocks of the lead, the first body paragraph among them where that is set apart.

    Nothing is left to do where the profile has told the lead.
    """
    body = sheet.body_indices
    if not body or any(label and label.kind == LEAD for label in sheet.labels):
        return
    start = sheet.headline.last if sheet.headline.last is not None else story.first
    first_prose = min((i for i in body if sheet.prose[i]), default=body[0])
    if first_prose - start > FARTHEST:
        return
    summaries = _summaries(sheet.page)
    for index in range(start, first_prose + 1):
        block, opens_body = sheet.blocks[index], index == first_prose
        if not _may_be_lead(sheet, block) or (opens_body and not _can_be_spared(sheet, block, body)):
            continue
        told = _is_told(block, summaries)
        by_place = _bold_reason(block, told) if opens_body else _place_reason(sheet, block, told)
        reason = _name_reason(sheet, block) or by_place
        if reason:
            sheet.labels[index] = Label(LEAD, reason, 0.8)


def _may_be_lead(sheet: Sheet, block: Block) -> bool:
    """Of some length, and neither links, nor a caption, nor the headline again."""
    if block.letters < SHORTEST or block.link_letters > 0.5 * block.letters:
        return False
    label = sheet.labels[block.index]
    if (label and label.kind == CAPTION) or sheet.captions[block.index]:
        return False
    return not is_copy(fold(block.text), fold(sheet.headline.text or ""))


def _can_be_spared(sheet: Sheet, block: Block, body: list[int]) -> bool:
    """The body's first paragraph: enough remains without it, and it is not one of several in bold."""
    if sum(sheet.blocks[i].letters for i in body) - block.letters < REST:
        return False
    near = (i for i in body if block.index < i <= block.index + 6 and sheet.prose[i])
    return not (block.emphasis and any(sheet.blocks[i].emphasis for i in near))


def _name_reason(sheet: Sheet, block: Block) -> str:
    """Called a lead by its own container or inline elements, or by a small part around them."""
    container = sheet.containers[block.container]
    named = container.words | block.inline_words
    if container.parent >= 0 and sheet.containers[container.parent].size <= 3:
        named |= sheet.containers[container.parent].words
    if named & words.LEAD and not named & words.FURNITURE:
        return f"called {min(named & words.LEAD)!r} and set before the body"
    return ""


def _bold_reason(block: Block, told: bool) -> str:
    """Why the first body paragraph is the lead: it alone is in bold."""
    if not block.emphasis or (block.letters > 400 and not told):
        return ""
    return "the page's own summary, set apart in bold" if told else "the only paragraph in bold, before the others"


def _place_reason(sheet: Sheet, block: Block, told: bool) -> str:
    """Why a block between headline and body is the lead."""
    if told:
        return "the page's own summary, printed before the body"
    if sheet.is_furniture(block.index):
        return ""
    if block.tag in ("h2", "h3", "h4") and ends_sentence(block.text) and block.letters > 60:
        return "a heading that is a sentence, before the body"
    headline = sheet.headline.last
    near = headline is not None and headline <= block.index <= headline + 2
    if near and ends_sentence(block.text) and not block.links and block.letters >= 40:
        return "" if note_reason(block, sheet.page.profile) else "a sentence set apart between headline and body"
    return ""


def _summaries(page: Page) -> list[str]:
    """What the page declares as its summary, folded."""
    told = [page.structured.first_meta("description"), page.structured.first_meta("og:description")]
    told.append(string_in(page.structured.story.get("description")))
    return [fold(summary) for summary in told if summary and len(summary) > SHORTEST_SUMMARY]


def _is_told(block: Block, summaries: list[str]) -> bool:
    """The block is one of the summaries, give or take a few words."""
    folded = fold(block.text)
    size = count_units(folded)
    return any(
        contained(folded, s) > 0.9 and contained(s, folded) > 0.7
        for s in summaries
        if count_units(s) > 0.9 * size and size > 0.7 * count_units(s)
    )
