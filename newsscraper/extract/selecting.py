"""Profile selectors applied to a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector

from newsscraper.extract.blocks import Container
from newsscraper.extract.page import Page
from newsscraper.extract.text import fix_line
from newsscraper.extract.tree import text_of

_ATTRIBUTE = re.compile(r"::attr\(\s*([\w:-]+)\s*\)\s*$")


@lru_cache(maxsize=512)
def compile_selector(selector: str) -> tuple[CSSSelector, str | None]:
    """A CSS selector and the attribute that its `::attr(x)` suffix names."""
    match = _ATTRIBUTE.search(selector)
    css = selector[: match.start()] if match else selector
    return CSSSelector(css, translator="html"), match[1] if match else None


def _select(css: CSSSelector, page: Page) -> list[etree._Element]:
    return cast("list[etree._Element]", css(page.root))


def select_elements(page: Page, field: str) -> list[etree._Element]:
    """The elements that the first selector of a field finds; attribute selectors are passed over."""
    for selector in page.profile.selectors.get(field, ()):
        css, attribute = compile_selector(selector)
        found = [] if attribute else _select(css, page)
        if found:
            return found
    return []


def select_dropped(page: Page) -> list[etree._Element]:
    """The elements that the profile says are never part of a story."""
    return [element for selector in page.profile.drop for element in _select(compile_selector(selector)[0], page)]


def containers_of(page: Page, elements: list[etree._Element]) -> list[Container]:
    """The containers that these elements are."""
    wanted = {id(element) for element in elements}
    return [c for c in page.blocks.containers if id(c.element) in wanted] if wanted else []


def select_texts(page: Page, field: str) -> list[str]:
    """The non-empty texts or attribute values that the first fruitful selector of a field gives."""
    for selector in page.profile.selectors.get(field, ()):
        css, attribute = compile_selector(selector)
        found = _select(css, page)
        texts = [fix_line((e.get(attribute) or "") if attribute else text_of(e, " ")) for e in found]
        texts = [t for t in texts if t]
        if texts:
            return texts
    return []
