"""Blocks in, labels out: which block is body, lead, caption, boilerplate and so on, and why."""

from __future__ import annotations

from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import Label
from newsscraper.extract.page import Page
from newsscraper.extract.rules.label import label_by_rules


def classify(page: Page, headline: Headline) -> list[Label]:
    """One label a block."""
    return label_by_rules(page, headline)
