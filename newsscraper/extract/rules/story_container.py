"""Which container is the story's: the profile's, else the one whose blocks weigh most together."""

from __future__ import annotations

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Container
from newsscraper.extract.page import Page
from newsscraper.extract.rules.sheet import Sheet
from newsscraper.extract.selecting import select_elements

DESCENT = 0.8
"""A container's part that holds this share of its weight is looked into instead of it."""


def find_story_container(sheet: Sheet) -> Container | None:
    """The profile's; else the heaviest, or its part that is nearly as heavy; else that of most text, prose or not."""
    chosen = find_profile_container(sheet.page)
    if chosen is not None:
        return chosen
    values, heaviest_parts = _pruned_values(sheet)
    best = _most_plausible(sheet, values)
    while best is not None:
        part = heaviest_parts.get(best.index)
        if part is None or values[part.index] < DESCENT * values[best.index]:
            return best
        best = part
    return _find_list_container(sheet)


def find_profile_container(page: Page) -> Container | None:
    """The largest container that the profile's selector of the body finds."""
    elements = {id(e) for e in select_elements(page, "body")}
    if not elements:
        return None
    found = [c for c in page.blocks.containers if id(c.element) in elements and c.first < c.last]
    return max(found, key=lambda c: sum(b.letters for b in page.blocks.within(c)), default=None)


def _pruned_values(sheet: Sheet) -> tuple[list[float], dict[int, Container]]:
    """For each container the weight of its own blocks and of those containers in it that weigh anything for a story.

    And of those right in it the heaviest, the first of several.
    """
    values = [0.0] * len(sheet.containers)
    for block, weight in zip(sheet.blocks, sheet.weights, strict=True):
        values[block.container] += weight
    heaviest: dict[int, Container] = {}
    for container in reversed(sheet.containers):
        value = values[container.index]
        if value > 0 and container.parent >= 0:
            values[container.parent] += value
            rival = heaviest.get(container.parent)
            if rival is None or value >= values[rival.index]:
                heaviest[container.parent] = container
    return values, heaviest


def _most_plausible(sheet: Sheet, values: list[float]) -> Container | None:
    best, best_score = None, 0.0
    headline = sheet.headline.first
    text = _find_text(sheet, headline or 0)
    for container, value in zip(sheet.containers, values, strict=True):
        # The most that any container gains is a quarter.
        if value <= 0 or value * 1.3 < best_score:
            continue
        score = value * (_plausibility_by_name(container) + _plausibility_by_place(container, headline, text))
        if score > best_score:
            best, best_score = container, score
    return best


def _plausibility_by_name(container: Container) -> float:
    """More for a container called a story's."""
    if container.tag in ("article", "main") or "articlebody" in (container.element.get("itemprop") or "").lower():
        return 1.1
    return 1.08 if len(container.words & words.STORY) >= 2 else 1.0


def _plausibility_by_place(container: Container, headline: int | None, text: int) -> float:
    """Less above the headline, more for what begins soon after it: before any `text` below it, or with that."""
    if headline is None:
        return 0.0
    if container.last <= headline:
        return -0.5
    return 0.15 if headline < container.first <= text else 0.0


def _find_text(sheet: Sheet, start: int) -> int:
    """Index of the first block of prose from `start` on that is no furniture; the number of blocks without one."""
    blocks = range(start, len(sheet.blocks))
    return next((i for i in blocks if sheet.prose[i] and not sheet.is_furniture(i)), len(sheet.blocks))


def _find_list_container(sheet: Sheet) -> Container | None:
    """On a page without prose: the innermost with most letters below the headline, links and furniture aside."""
    start = sheet.headline.last or 0
    sums = [0.0]
    for block in sheet.blocks:
        counts = block.index >= start and not sheet.is_furniture(block.index)
        sums.append(sums[-1] + (block.letters - 2.0 * block.link_letters if counts else 0.0))
    totals = [(sums[c.last] - sums[c.first], c) for c in sheet.containers]
    most = max((total for total, _ in totals), default=0.0)
    return max((c for total, c in totals if total >= 0.9 * most and total > 0), key=lambda c: c.depth, default=None)
