"""Several pages of one story as one story: what each page prints anew, without what stands on all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from newsscraper.errors import NotAStory, UnreadablePage
from newsscraper.extract.core import extract
from newsscraper.extract.evidence import Evidence
from newsscraper.extract.further_pages import FurtherPages, read_further_pages
from newsscraper.extract.learned.model import Model
from newsscraper.extract.page_numbers import page_number
from newsscraper.extract.signals import join_rights
from newsscraper.extract.text import count_letters, fold
from newsscraper.sites.profile import Profile
from newsscraper.story import Image, Story

_LINE = 60
"""Letters below which a paragraph may well stand twice in a story: a short answer, a subhead."""

_TOO_SHORT = frozenset({"no_text", "empty"})
"""Why a further page with a few lines is no story by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """A page of a story, as it came."""

    url: str
    body: bytes
    charset: str | None
    headers: tuple[tuple[str, str], ...] = ()
    """The answer's, names in lower case."""


def read_further(
    page: FetchedPage,
    *,
    profile: Profile | None,
    fetched_at: str | None,
    model: Model | None,
    evidence: Evidence | None = None,
) -> Story | None:
    """The text of a page that is known to be a story's, however short; None where it cannot be read, or is none."""
    for force in (False, True):
        try:
            return extract(
                page.body,
                page.url,
                profile=profile,
                charset=page.charset,
                fetched_at=fetched_at,
                evidence=evidence,
                model=model,
                force=force,
            )
        except NotAStory as no:
            if no.reason not in _TOO_SHORT:
                return None
        except UnreadablePage:
            return None
    return None


def join_fetched(
    first: Story, page: FetchedPage, further: Sequence[FetchedPage], read: Callable[[FetchedPage], Story | None]
) -> Story:
    """The story that begins on `page`, where `first` was read, with what `further` add, in the order they came.

    As a crawl does that fetches them: the view of all on one page counts where it covers the first one; else the pages
    up to one that is elsewhere, came before, cannot be read (`read` gives None), or says nothing new. What any of them
    reserves holds for all.
    """
    if not further:
        return first
    single = _links_of(page, page).single_url
    if further[0].url == single or page_number(further[0].url, page.url) is None:
        view = read(further[0])
        if view is not None and covers(view, first):
            return _join_all([first, view], is_whole=True)
        further = further[1:]
    pages, whole, asked = [first], False, {page.url}
    for each in further:
        story = None if each.url in asked or page_number(each.url, page.url) is None else read(each)
        known = split_paragraphs(join_pages(pages, complete=False).body)
        if story is None or not find_new_paragraphs(story, first, known):
            break
        asked.add(each.url)
        pages.append(story)
        whole = _links_of(each, page).next_url is None
    return _join_all(pages, is_whole=whole)


def _join_all(pages: Sequence[Story], *, is_whole: bool) -> Story:
    # What is behind a paywall stays there on the last page, too.
    joined = join_pages(pages, complete=is_whole and pages[0].access != "paywalled")
    return dataclasses.replace(joined, rights=join_rights(pages[0].rights, [page.rights for page in pages[1:]]))


def _links_of(page: FetchedPage, first: FetchedPage) -> FurtherPages:
    try:
        known = None if page is first else first.url
        return read_further_pages(page.body, page.url, charset=page.charset, first=known)
    except UnreadablePage:
        return FurtherPages()


def join_pages(pages: Sequence[Story], *, complete: bool) -> Story:
    """The story that begins on the first of `pages`: every field is the first page's, text and pictures are of all."""
    first = pages[0]
    paragraphs = split_paragraphs(first.body)
    images: dict[str, Image] = {image["url"]: image for image in first.images}
    for page in pages[1:]:
        paragraphs += find_new_paragraphs(page, first, paragraphs)
        for image in page.images:
            images.setdefault(image["url"], image)
    told = [page.confidence for page in pages if page.confidence is not None]
    return dataclasses.replace(
        first,
        body="\n\n".join(paragraphs),
        images=list(images.values()),
        complete=complete,
        confidence=min(told) if len(told) == len(pages) else None,
    )


def find_new_paragraphs(page: Story, first: Story, known: Sequence[str]) -> list[str]:
    """What `page` adds to the paragraphs `known`: not the headline, the lead, nor what opens or ends every page.

    A short paragraph in the midst of a page is kept although it stands on another, too.
    """
    printed = {fold(text) for text in (first.title, *split_paragraphs(first.lead or ""), *known)}
    own = [*split_paragraphs(page.lead or ""), *split_paragraphs(page.body)]
    folded = [fold(text) for text in own]
    opening = sum(1 for _ in takewhile(printed.__contains__, folded))
    ending = len(own) - sum(1 for _ in takewhile(printed.__contains__, reversed(folded)))
    return [
        text
        for text, key in zip(own[opening:ending], folded[opening:ending], strict=True)
        if key not in printed or count_letters(text) < _LINE
    ]


def covers(whole: Story, part: Story) -> bool:
    """True where nearly all paragraphs of `part` stand in `whole`, and more."""
    paragraphs = split_paragraphs(part.body)
    printed = {fold(text) for text in split_paragraphs(whole.body)}
    kept = sum(fold(text) in printed for text in paragraphs)
    return kept >= 0.8 * len(paragraphs) and len(whole.body) > len(part.body)


def split_paragraphs(body: str) -> list[str]:
    """The paragraphs of a body or lead."""
    return body.split("\n\n") if body else []
