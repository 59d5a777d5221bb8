"""Blocks in, labels out: which block is body, lead, caption, boilerplate and so on, and why.

A transparent method: each block weighs for or against being story text; the container whose blocks weigh most is the
story's; inside it, repetition, markup and place tell the kinds. `classify` is the interface that any other method has
to keep. Each step lives in a module of its own, works on a `Sheet`, and leaves alone what an earlier step has
settled, but where it says otherwise.
"""

from __future__ import annotations

from newsscraper.extract.blocks import Container
from newsscraper.extract.edges import OUTSIDE, label_notes, label_subheads
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import BOILERPLATE, CAPTION, LEAD, Label
from newsscraper.extract.page import Page
from newsscraper.extract.repetitions import label_repetitions
from newsscraper.extract.rules.edges import label_ends, label_gaps
from newsscraper.extract.rules.lead import label_lead
from newsscraper.extract.rules.markup import label_by_markup
from newsscraper.extract.rules.sheet import Sheet
from newsscraper.extract.rules.story_container import find_story_container
from newsscraper.extract.rules.weights import weigh
from newsscraper.extract.selecting import containers_of, select_dropped, select_elements

HEADLINE_ITSELF = "the headline itself"
PROFILE_DROPS = "the profile drops it"
PROFILE_SELECTS = "the profile's selector"
MOST_ABOVE = 0.5
"""Share of the story's weight that may stand above its headline: with more, the headline's place is wrong."""


def label_by_rules(page: Page, headline: Headline) -> list[Label]:
    """One label a block."""
    sheet = weigh(page, headline)
    story = find_story_container(sheet)
    if story is None:
        return [Label(BOILERPLATE, "no run of prose on the page", 1.0) for _ in page.blocks]
    _label_outside(sheet, story)
    _label_headline(sheet, story)
    _label_by_profile(sheet)
    _label_furniture(sheet)
    label_repetitions(sheet)
    label_by_markup(sheet)
    label_gaps(sheet)
    label_notes(sheet)
    label_ends(sheet)
    label_lead(sheet, story)
    label_subheads(sheet)
    return [label or Label(BOILERPLATE, "nothing speaks for it", 0.5) for label in sheet.labels]


def _label_outside(sheet: Sheet, story: Container) -> None:
    for index, is_caption in enumerate(sheet.captions):
        if not story.first <= index < story.last:
            sheet.labels[index] = Label(CAPTION if is_caption else BOILERPLATE, OUTSIDE, 0.9)


def _label_headline(sheet: Sheet, story: Container) -> None:
    """The headline, and what stands above it in the story's container, unless that is most of the story."""
    first, last = sheet.headline.first, sheet.headline.last
    if first is None or last is None:
        return
    for index in range(first, last):
        sheet.drop(index, HEADLINE_ITSELF, 1.0)
    above = range(story.first, min(first, story.last))
    if _weight_of_prose(sheet, above) <= MOST_ABOVE * _weight_of_prose(sheet, range(story.first, story.last)):
        for index in above:
            sheet.drop(index, "above the headline", 0.9)


def _label_by_profile(sheet: Sheet) -> None:
    """What the profile drops, and where it says that the lead is, in or outside the story's container."""
    page = sheet.page
    for container in containers_of(page, select_elements(page, "lead")):
        for index in range(container.first, container.last):
            sheet.labels[index] = Label(LEAD, PROFILE_SELECTS, 1.0)
    for container in containers_of(page, select_dropped(page)):
        for index in range(container.first, container.last):
            sheet.drop(index, PROFILE_DROPS, 1.0)


def _weight_of_prose(sheet: Sheet, indices: range) -> float:
    return sum(sheet.weights[i] for i in indices if sheet.prose[i])


def _label_furniture(sheet: Sheet) -> None:
    for block in sheet.open_blocks:
        reason = sheet.furniture[block.container]
        if reason:
            kind = CAPTION if block.tag == "figcaption" else BOILERPLATE
            sheet.labels[block.index] = Label(kind, reason, 0.8)
