"""Lines that are notes on a story rather than text of it: codes, dates, bylines, tag lists, told by what they say."""

from __future__ import annotations

from newsscraper.extract.blocks import Block
from newsscraper.extract.dates import find_dates
from newsscraper.extract.fields.names import read_byline
from newsscraper.extract.labels import cut_label
from newsscraper.extract.text import has_digit
from newsscraper.sites.profile import Profile

BYLINE = "byline"
DATE_LINE = "date line"
LABELLED = "a line with the label of"
"""Reasons; the last is followed by the label's name."""
LONGEST = 160
"""Letters above which a line is text."""
DATE_SHARE = 0.6
"""Share of a line that dates make up where it is a date line."""
_LABELS = ("story_code", "date_modified", "date", "tags")
_SURE_LABELS = ("story_code", "date_modified")
"""Labels that never begin a sentence."""


def note_reason(block: Block, profile: Profile) -> str:
    """What kind of note the block is, in words; empty when it is none."""
    if block.letters > LONGEST:
        return ""
    for name in _LABELS:
        rest = cut_label(block.text, name, profile)
        if rest is not None and (name in _SURE_LABELS or not rest or find_dates(rest) or block.links):
            return f"{LABELLED} {name}"
    byline = read_byline(block.text, profile)
    if byline and not byline.endswith("."):
        return BYLINE
    return DATE_LINE if is_date_line(block.text) else ""


def is_date_line(text: str) -> bool:
    """True for a line that is a date and little else."""
    return has_digit(text) and sum(len(d.raw) for d in find_dates(text)) > DATE_SHARE * len(text)
