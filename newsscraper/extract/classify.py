"""Blocks in, labels out: which block is body, lead, caption, boilerplate and so on, why, and how sure that is.

The network gives each block its chances, the rules their own label; both are put together as training weighed them.
What is story text is settled page by page: a block is, whose chance is not far below that of the page's surest text.
What needs no weighing is the rules' alone: the headline and its copies, what the profile says, and which text is lead.
"""

from __future__ import annotations

import numpy as np

from newsscraper.extract.blocks import Block
from newsscraper.extract.body_kinds import BodyKinds
from newsscraper.extract.edges import COPYRIGHT, OUTSIDE, label_notes, label_subheads
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import BODY, BODY_KINDS, BOILERPLATE, CAPTION, LEAD, Label
from newsscraper.extract.learned.features import read_features
from newsscraper.extract.learned.model import KINDS, Model
from newsscraper.extract.learned.network import Array
from newsscraper.extract.notes import BYLINE, DATE_LINE, LABELLED
from newsscraper.extract.page import Page
from newsscraper.extract.repetitions import REPEATS_HEADLINE, REPEATS_PICTURE
from newsscraper.extract.rules.furniture import ASIDE, COMMENTS, FOOTER, FORM, INSIDE, NAV
from newsscraper.extract.rules.label import HEADLINE_ITSELF, PROFILE_DROPS, PROFILE_SELECTS, label_by_rules
from newsscraper.extract.rules.markup import IN_CAPTION
from newsscraper.extract.rules.story_container import find_profile_container
from newsscraper.extract.sheet import Sheet
from newsscraper.extract.votes import combine, read_votes

SHARE_OF_SUREST = 0.56
"""A block is story text whose chance is this share of the chance that half of the page's text reaches."""
LEAST_CHANCE = 0.1
"""Below this nothing is story text, however unsure the page."""
INSIDE_PROFILE = 0.4
"""What that bar is multiplied by where the profile names the story's container."""
LEAD_BAR = 0.7
"""What the bar is multiplied by for what the rules take for the lead: truths differ on whether that is story text."""
MOST_BLOCKS = 12_000
"""Blocks of a page that the network is asked about; the largest of a thousand real pages has some 6,600."""
ENOUGH_BELOW = 300
"""Letters of body below the headline with which text above it, in another container, is another story's."""
REST = 200
"""Letters of body that remain where a lead is set apart from it."""
UNLIKELY = "reads as no part of the story"
CAPTION_LIKE = "reads as a caption"
STORY_LIKE = "reads as story text"
"""Reasons that say no more than that the network decided: `reasons` adds what speaks for it."""
_FIXED = frozenset(
    (
        HEADLINE_ITSELF,
        REPEATS_HEADLINE,
        PROFILE_DROPS,
        PROFILE_SELECTS,
        COPYRIGHT,
        *(f"{INSIDE}{sign}" for sign in (COMMENTS, FORM, ASIDE, FOOTER, NAV)),
        IN_CAPTION,
        REPEATS_PICTURE,
        BYLINE,
        DATE_LINE,
    )
)
"""Reasons of rules that are not weighed: they are right on pages of any kind, and a network that has seen few such
pages may be sure of the contrary."""
_BODY, _LEAD, _CAPTION = (KINDS.index(kind) for kind in (BODY, LEAD, CAPTION))


def classify(page: Page, headline: Headline, model: Model) -> list[Label]:
    """One label a block. Raises `ModelError` where the model does not fit this version."""
    if not len(page.blocks):
        return []
    by_rules = label_by_rules(page, headline)
    chances = _ask_network(page, headline, model)
    text = combine(chances[:, _BODY] + chances[:, _LEAD], read_votes(by_rules, headline), model.about["votes"])
    bars = _set_bars(page, text)
    kinds, above = BodyKinds(page.blocks), _settled_above(page, headline, by_rules)
    sheet = Sheet(page, headline)
    told = zip(page.blocks, by_rules, text.tolist(), bars.tolist(), chances[:, _CAPTION].tolist(), strict=True)
    for index, (block, rule, chance, bar, of_caption) in enumerate(told):
        if _is_fixed(rule) or (rule.reason == OUTSIDE and index < above):
            sheet.labels[index] = rule
        elif chance >= bar * (LEAD_BAR if rule.kind == LEAD else 1):
            sheet.labels[index] = _label_text(kinds, block, rule, chance)
        else:
            sheet.labels[index] = _label_rest(rule, of_caption, chance)
    label_notes(sheet)
    label_subheads(sheet)
    _settle_lead(sheet)
    return [label for label in sheet.labels if label]


def _is_fixed(rule: Label) -> bool:
    return rule.reason in _FIXED or rule.reason.startswith(LABELLED)


def _ask_network(page: Page, headline: Headline, model: Model) -> Array:
    """Blocks x kinds; even chances on a page so large that the rules have to do, lest memory run out."""
    if len(page.blocks) > MOST_BLOCKS:
        return np.full((len(page.blocks), len(KINDS)), 1 / len(KINDS), np.float32)
    return model.probabilities(read_features(page, headline))


def _settled_above(page: Page, headline: Headline, by_rules: list[Label]) -> int:
    """Index of the block down to which nothing outside the rules' story is story: the headline, with a body below."""
    start = headline.first or 0
    below = sum(page.blocks.blocks[i].letters for i in range(start, len(by_rules)) if by_rules[i].kind in BODY_KINDS)
    return start if below >= ENOUGH_BELOW else 0


def find_bar(text: Array, letters: Array) -> float:
    """The chance of being story text from which a block is: lower on pages where even the surest text is unsure."""
    order = np.argsort(-text)
    mass = np.cumsum((text * letters)[order])
    half = int(np.searchsorted(mass, mass[-1] / 2))
    return max(LEAST_CHANCE, SHARE_OF_SUREST * float(text[order[min(half, len(order) - 1)]]))


def _set_bars(page: Page, text: Array) -> Array:
    """For each block the chance from which it is story text; beyond reach outside the profile's container."""
    letters = np.array([block.letters for block in page.blocks], np.float32)
    bars = np.full(len(text), find_bar(text, letters), np.float32)
    container = find_profile_container(page)
    if container is not None:
        bars *= INSIDE_PROFILE
        bars[: container.first] = bars[container.last :] = np.inf
    return bars


def _label_text(kinds: BodyKinds, block: Block, rule: Label, text: float) -> Label:
    """A label for story text: the rules know a lead by its place, the markup tells the rest."""
    if rule.kind == LEAD:
        return Label(LEAD, rule.reason, text)
    if rule.kind in BODY_KINDS:
        return Label(rule.kind, f"{STORY_LIKE}; {rule.reason}", text)
    return Label(kinds.tell(block), STORY_LIKE, text)


def _label_rest(rule: Label, of_caption: float, text: float) -> Label:
    if rule.kind == CAPTION or of_caption > 0.5:
        return Label(CAPTION, rule.reason if rule.kind == CAPTION else CAPTION_LIKE, 1 - text)
    return Label(BOILERPLATE, rule.reason if rule.kind == BOILERPLATE else UNLIKELY, 1 - text)


def _settle_lead(sheet: Sheet) -> None:
    """A lead stands before the body, and leaves some: else it is body. What it says is not said again."""
    body = sheet.body_indices
    rest = sum(sheet.blocks[i].letters for i in body)
    first = next((i for i in body if sheet.prose[i]), len(sheet.blocks))
    for index, label in enumerate(sheet.labels):
        if label and label.kind == LEAD and label.score < 1 and (index > first or rest < REST):
            sheet.labels[index] = Label(BODY, f"{STORY_LIKE}, where a lead would stand alone", label.score)
    leads = {sheet.blocks[i].text for i, label in enumerate(sheet.labels) if label and label.kind == LEAD}
    if leads:
        for index in sheet.body_indices:
            if sheet.blocks[index].text in leads:
                sheet.drop(index, "repeats the lead", 1.0)
