"""Which containers are furniture, and why: by tag, role or name, as forms, or as groups of teasers or comments."""

from __future__ import annotations

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Container, cumulative_letters
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.page import Page

FURNITURE_SHARE = 0.5
"""A container that holds more of the page's prose than this is no furniture, whatever it is called."""
STRONG_SHARE = 0.84
"""The same share for comments, teasers and asides, which may well be longer than the story."""
ENOUGH_PROSE = 300
"""Letters of prose that have to stand outside the strongest signs of furniture for these to be believed."""
FORM_BLOCKS = 6
"""Blocks that a box around a form holds at most."""

TEASERS_ABOVE = "a group of teasers above the headline"
TEASERS = "a group of teasers"
COMMENTS = "a group of comments"
FORM = "a form"
ASIDE, FOOTER, NAV = "<aside>", "<footer>", "<nav>"
INSIDE = "inside "
_NEVER_BY_NAME = frozenset(("html", "body", "main", "article", "blockquote"))
_STRONG_SIGNS = frozenset(
    (TEASERS, COMMENTS, ASIDE, NAV, FOOTER, *(f"a part called {word!r}" for word in words.COMMENT))
)


def find_furniture(page: Page, headline: Headline, prose: list[bool]) -> list[str]:
    """For each container why it is furniture: its own sign, or that of one around it; empty when it is not.

    A sign that stands over most of the page's prose, all places taken together, is no sign on this page; nor is one
    that stands over the headline and text under it.
    """
    containers = page.blocks.containers
    sums = cumulative_letters(page.blocks.blocks, prose)
    total = sums[-1] or 1
    signs = _signs(page, headline)
    shares = _shares(containers, signs, sums)
    reasons: list[str] = []
    for container, own in zip(containers, signs, strict=True):
        reason = reasons[container.parent] if container.parent >= 0 else ""
        if own and not reason:
            share = (sums[container.last] - sums[container.first]) / total
            telling = next((sign for sign in own if shares[sign] <= _limit(sign, total)), None)
            if telling and not (_holds_headline(container, headline) and share > 0.05):
                reason = f"{INSIDE}{telling}"
        reasons.append(reason)
    return reasons


def _signs(page: Page, headline: Headline) -> list[list[str]]:
    """For each container the signs of furniture that it bears itself, the most telling first."""
    start = headline.first or 0
    forms = _find_forms(page.blocks.containers)
    known: dict[tuple[str, frozenset[str]], list[str]] = {}
    signs = []
    for container, teasers, comments in zip(page.blocks.containers, page.teasers, page.comments, strict=True):
        called = (container.tag, container.words)
        if called in known:
            own = known[called]
        elif words.FURNITURE_ROLES.isdisjoint(container.words):  # a role is among the words, too
            own = known[called] = _named_signs(container.tag, None, container.words)
        else:
            own = _named_signs(container.tag, container.element.get("role"), container.words)
        if container.index in forms:
            own = [FORM, *own]
        if comments:
            own = [COMMENTS, *own]
        if teasers:
            own = [TEASERS_ABOVE, TEASERS, *own] if container.last <= start else [TEASERS, *own]
        signs.append(own)
    return signs


def _named_signs(tag: str, role: str | None, called: frozenset[str]) -> list[str]:
    """What speaks for furniture in a container's tag, role and names, as readable phrases."""
    signs = [f"<{tag}>"] if tag in words.FURNITURE_TAGS else []
    if tag in _NEVER_BY_NAME:
        return signs
    if role in words.FURNITURE_ROLES:
        signs.append(f"role={role}")
    return signs + [f"a part called {word!r}" for word in sorted(called & words.FURNITURE)]


def _find_forms(containers: list[Container]) -> set[int]:
    """Containers with a field to type into and the small parts around them: newsletters, comment forms, searches."""
    found: set[int] = set()
    for container in containers:
        index = container.index if container.fields else -1
        while index >= 0 and index not in found:
            found.add(index)
            parent = containers[index].parent
            index = parent if parent >= 0 and containers[parent].size <= FORM_BLOCKS else -1
    return found


def _shares(containers: list[Container], signs: list[list[str]], sums: list[int]) -> dict[str, float]:
    """For each sign the share of the page's prose that it stands over, nested containers counted once."""
    total = sums[-1] or 1
    covered: dict[str, int] = {}
    shares: dict[str, float] = {}
    for container, own in zip(containers, signs, strict=True):
        for sign in own:
            if container.first >= covered.get(sign, 0):
                covered[sign] = container.last
                shares[sign] = shares.get(sign, 0.0) + (sums[container.last] - sums[container.first]) / total
    return shares


def _limit(sign: str, total: int) -> float:
    """The share of the page's prose up to which a sign is believed."""
    if sign == TEASERS_ABOVE:
        return 1 - ENOUGH_PROSE / total
    return min(STRONG_SHARE, 1 - ENOUGH_PROSE / total) if sign in _STRONG_SIGNS else FURNITURE_SHARE


def _holds_headline(container: Container, headline: Headline) -> bool:
    return headline.first is not None and container.first <= headline.first < container.last
