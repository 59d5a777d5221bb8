"""Evidence from a site's pages: which texts stand on several of them, and where.

A page leaves its prints: the fingerprint of each text, the place where it stands, and whether that is apart from the
story, at its edge or amid it. Prints are gathered page by page, in any order, by several workers if need be; frozen,
those of texts on one page are forgotten. What is kept is bounded by `MOST_PAGES` and `MOST_PRINTS`.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsscraper.errors import NotAStory, UnreadablePage
from newsscraper.extract.core import lay_out
from newsscraper.extract.evidence import Evidence, Standing, find_place, fingerprint
from newsscraper.extract.kinds import BODY_KINDS, LEAD, QUOTE
from newsscraper.extract.layout import Layout
from newsscraper.extract.learned.model import Model
from newsscraper.extract.similar import overlap_folded
from newsscraper.extract.text import fold
from newsscraper.sites import load_profile
from newsscraper.sites.profile import Profile

MOST_PAGES = 200
"""Pages of a site that are kept: its furniture shows on fewer. Those whose digests are smallest, whatever the order."""
MOST_PRINTS = 2_000
"""Prints of a page that are kept, in its order: templates stay far below."""
MOST_TEXTS = 20_000
"""Fingerprints that evidence holds, of those on most pages."""
COPY = 1 / 2
"""Share of the shorter body that makes two pages copies, where it stands in the other one: what a site repeats, its
classifier mostly leaves out, and two stories share a paragraph or two."""
COPY_UNDER_ONE_TITLE = 1 / 10
"""The same, of pages under like headlines: versions of one story, rewritten between."""
LIKE_TITLES = 0.5
"""Likeness of two headlines (Dice, over words) that may be one story's."""
FIRST, LAST = 1, 3
"""Printed blocks at the beginning and at the end of a story that are its edge."""

_APART, _EDGE, _AMID = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Prints:
    """What a page leaves."""

    url: str | None
    title: str
    """Folded."""
    body: dict[str, int]
    """Fingerprint of each text of body and lead -> its letters."""
    where: dict[tuple[str, str], int]
    """Fingerprint and place -> `_APART`, `_EDGE` or `_AMID`; the last of them where it stands there twice."""


class Gathering:
    """Pages of one site, as they come: `add` each, `merge` what others gathered, and `freeze` it.

    `model`: the weights that tell which text is story; those that come with the package where none are given.
    """

    def __init__(self, *, model: Model | None = None) -> None:
        self._model = model
        self._pages: dict[str, _Prints] = {}

    def __len__(self) -> int:
        return len(self._pages)

    def add(self, html: bytes | str, url: str | None = None, *, profile: Profile | str | None = None) -> bool:
        """Take a page in; False for one that cannot be read or holds no story. The same page twice is one.

        Raises `InputError` for the name of no profile, `ProfileError` for one whose file is wrong.
        """
        known = load_profile(profile) if isinstance(profile, str) else profile
        content = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
        key = hashlib.sha256(content).hexdigest()
        if key in self._pages or self._is_surplus(key):
            return True
        try:
            layout = lay_out(html, url, profile=known, model=self._model)
        except (NotAStory, UnreadablePage):
            return False
        if not layout.body_indices:
            return False
        self._keep(key, _take_prints(layout))
        return True

    def merge(self, other: Gathering) -> None:
        """Take in what another gathering of the same site holds."""
        for key, prints in other._pages.items():
            if not self._is_surplus(key):
                self._keep(key, prints)

    def freeze(self) -> Evidence:
        """What the pages have in common: the same whatever the order in which they came."""
        families = _find_families([self._pages[key] for key in sorted(self._pages)])
        places = Counter(place for family in families for place in {p for page in family for _, p in page.where})
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for family in families:
            for stand, where in _join_where(family).items():
                counts[stand][where] += 1
        standing: dict[str, list[Standing]] = defaultdict(list)
        for (text, place), (apart, edge, amid) in sorted(counts.items()):
            if apart + edge + amid > 1:
                standing[text].append(Standing(place, places[place], apart, edge, amid))
        chosen = sorted(standing, key=lambda text: (-max(s.pages for s in standing[text]), text))[:MOST_TEXTS]
        return Evidence(len(families), {text: tuple(standing[text]) for text in sorted(chosen)})

    def _is_surplus(self, key: str) -> bool:
        return len(self._pages) >= MOST_PAGES and key not in self._pages and key > max(self._pages)

    def _keep(self, key: str, prints: _Prints) -> None:
        self._pages[key] = prints
        if len(self._pages) > MOST_PAGES:
            del self._pages[max(self._pages)]


def gather_evidence(
    pages: Iterable[tuple[bytes | str, str | None]],
    *,
    profile: Profile | str | None = None,
    model: Model | None = None,
) -> Evidence:
    """What pages of one site, each with its URL where that is known, have in common; in any order the same.

    Pages that cannot be read or hold no story tell nothing; of more than `MOST_PAGES`, a fixed choice is kept. Raises
    as `extract` does for the `profile`.
    """
    gathering = Gathering(model=model)
    for pair in pages:
        _check_pair(pair)
        gathering.add(*pair, profile=profile)
    return gathering.freeze()


def _check_pair(pair: object) -> None:
    """Raises `TypeError` for what is no page with its URL."""
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        kind = type(pair).__name__
        raise TypeError(f"pages: expected pairs of a page and its URL, or None, got {kind}: [(page, url), ...]")
    if not isinstance(pair[0], (bytes, str)):
        raise TypeError(f"pages: expected each page as bytes or str, got {type(pair[0]).__name__}")


def _take_prints(layout: Layout) -> _Prints:
    blocks, labels = layout.page.blocks, layout.labels
    printed = [b for b in blocks if labels[b.index].kind in BODY_KINDS or labels[b.index].kind == LEAD]
    edges = {block.index for block in (*printed[:FIRST], *printed[-LAST:])}
    amid = {block.index for block in printed} - edges
    places: dict[int, str] = {}
    letters: Counter[str] = Counter()
    body: dict[str, int] = {}
    prints: list[tuple[int, str, str]] = []
    for block in blocks.blocks[:MOST_PRINTS]:
        text = fingerprint(block.text)
        if not text:
            continue
        place = places.get(block.container)
        if place is None:
            place = places[block.container] = sys.intern(find_place(blocks, block.container))
        prints.append((block.index, text, place))
        if labels[block.index].kind in BODY_KINDS:
            letters[place] += block.letters
        if labels[block.index].kind in BODY_KINDS or labels[block.index].kind == LEAD:
            body[text] = block.letters
    flow = max(letters, key=lambda place: (letters[place], place), default="")
    where: dict[tuple[str, str], int] = {}
    for index, text, place in prints:
        in_story = place == flow or labels[index].kind in (QUOTE, LEAD) or "blockquote" in place
        stands = _APART if not in_story else _AMID if index in amid else _EDGE
        where[text, place] = max(stands, where.get((text, place), _APART))
    return _Prints(layout.page.url, fold(layout.headline.text or ""), body, where)


def _find_families(pages: list[_Prints]) -> list[list[_Prints]]:
    """The pages, those together that are copies of one another: near ones, or by way of others."""
    heads = list(range(len(pages)))

    def find(one: int) -> int:
        while heads[one] != one:
            one = heads[one]
        return one

    for one, other in _find_copies(pages):
        heads[find(other)] = find(one)
    families: dict[int, list[_Prints]] = defaultdict(list)
    for number, page in enumerate(pages):
        families[find(number)].append(page)
    return list(families.values())


def _find_copies(pages: list[_Prints]) -> Iterator[tuple[int, int]]:
    """Pairs of pages that are copies: at most `MOST_PAGES` pages, so that all pairs can be looked at."""
    sizes = [sum(page.body.values()) for page in pages]
    for number, page in enumerate(pages):
        for other in range(number):
            if _are_copies(page, pages[other], min(sizes[number], sizes[other])):
                yield other, number


def _are_copies(one: _Prints, other: _Prints, shorter: int) -> bool:
    """Two pages of one address, or with most of their text in common; `shorter` counts the letters of one body."""
    if one.url is not None and one.url == other.url:
        return True
    common = sum(one.body[text] for text in one.body.keys() & other.body.keys())
    if common < COPY_UNDER_ONE_TITLE * shorter:
        return False
    return common >= COPY * shorter or overlap_folded(one.title, other.title) >= LIKE_TITLES


def _join_where(family: list[_Prints]) -> dict[tuple[str, str], int]:
    """Where the texts of copies stand, as one page's."""
    joined: dict[tuple[str, str], int] = {}
    for page in family:
        for stand, where in page.where.items():
            joined[stand] = max(where, joined.get(stand, _APART))
    return joined
