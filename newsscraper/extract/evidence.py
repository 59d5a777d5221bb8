"""What several pages of a site tell about one of them: blocks that stand on many pages are the site's furniture.

`Evidence` is such knowledge, frozen: fingerprints of texts, no texts; `gathering.py` makes it. Only what stands at the
same place counts, a place being the tags and class words of the containers around a block. Page titles, bodies and
addresses stay out of it, so that it is small, and may be published where the pages may not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeGuard

from newsscraper.errors import InputError
from newsscraper.extract.blocks import HEADINGS, Block, Blocks
from newsscraper.extract.kinds import BODY_KINDS, BOILERPLATE, LEAD, LIST, SUBHEAD, TABLE, Label
from newsscraper.extract.page import Page
from newsscraper.extract.text import fold

VERSION = 1
"""Of the way in which fingerprints and places are made, and of the JSON."""
MANY_PAGES = 3
"""Pages on which a text makes furniture by its number. Two stories may share a quotation or the paragraph that tells
what went before; three that do so at one place of their pages are hardly met with."""
LARGE_SHARE = 1 / 2
"""Share of the pages with the place that must hold the text. A slot of the template (a newsletter box, a notice) holds
the same on most pages that have it; where paragraphs, quotations or captions stand, each page has its own."""
SMALL_SHARE = 1 / 20
"""Share of all pages that must hold a text which begins or ends stories: an author's note stands under that author's
stories only. It keeps three pages of sixty from being outvoted, and three of hundreds, a chance, from counting."""
MOST_AMID = 1 / 4
"""Share of its pages on which such a note may stand elsewhere in the story: a paragraph that wanders is story."""
SENTENCE = 60
"""Letters from which a text is told by itself. Shorter ones (`Pros`, `Advertisement`, `Yes.`) recur in stories, too."""
MOST_OF_STORY = 1 / 2
"""Share of a page's body and lead that evidence may take away. With more, the page itself is what its site repeats: a
notice, a wall, a copy."""
LEVELS = 8
"""Containers around a block that make its place."""
NAMED_LEVELS = 2
"""How many of them count with their class words: further out, these tell the story's section and tags."""

_LANDMARKS = frozenset(("html", "body", "main", "article"))
"""Containers known by their tag: their class words tell one story from the next."""
_GROUPED = {LIST: frozenset(("ul", "ol", "dl")), TABLE: frozenset(("table",))}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands, and on how many pages it does so: pages apart from the story, at its edge, amid it."""

    place: str
    """Tags and class words of the containers, innermost first: `p < div.box.newsletter < body < html`."""
    of: int
    """Pages that hold any text at this place."""
    apart: int = 0
    """Not where most of the story's paragraphs stand, and neither its lead nor in a quotation."""
    edge: int = 0
    """Among them, quoted or the lead: the first or one of the last of the story, or not taken for a part of it."""
    amid: int = 0
    """Among them, or quoted: anywhere else in the story."""

    @property
    def pages(self) -> int:
        """Pages on which the text stands at this place."""
        return self.apart + self.edge + self.amid

    def is_furniture(self, pages: int, letters: int) -> bool:
        """Whether a text of so many letters that stands so, on a site of so many `pages`, is no part of any story."""
        own = self.pages
        if not self.amid and letters >= SENTENCE and own >= 2 and self.apart == own >= LARGE_SHARE * pages:
            return True
        if own < MANY_PAGES:
            return False
        if letters < SENTENCE:
            return own >= LARGE_SHARE * self.of and self.amid <= MOST_AMID * own
        return own >= LARGE_SHARE * self.of or (own >= SMALL_SHARE * pages and self.amid <= MOST_AMID * own)


@dataclass(frozen=True)
class Evidence:
    """What pages of one site have in common. `Evidence()` knows nothing, and changes nothing."""

    pages: int = 0
    """Pages that were gathered; those that are copies of one another count as one."""
    standing: Mapping[str, tuple[Standing, ...]] = field(default_factory=dict)
    """Fingerprint of a text on two pages or more -> where it stands."""

    @cached_property
    def digest(self) -> str:
        """`sha256:` and the hexadecimal SHA-256 of `to_json()` in UTF-8: of the same pages the same, in any order."""
        return f"sha256:{hashlib.sha256(self.to_json().encode('utf-8')).hexdigest()}"

    def to_json(self) -> str:
        """One line of JSON, canonical: keys sorted, no spaces, ASCII."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: fingerprint -> list of place, pages with the place, pages apart, at the edge, amid."""
        standing = {
            text: [[s.place, s.of, s.apart, s.edge, s.amid] for s in sorted(places, key=lambda s: s.place)]
            for text, places in sorted(self.standing.items())
        }
        return {"version": VERSION, "pages": self.pages, "standing": standing}

    @classmethod
    def from_json(cls, text: str | bytes) -> Evidence:
        """What `to_json` wrote. Raises `InputError`, which names the key and what was expected there."""
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"evidence: expected JSON: {error}") from error
        return read_evidence(content)


def read_evidence(content: Any, where: str = "evidence") -> Evidence:
    """Evidence from decoded JSON. Raises `InputError`, which says where in `where` what was expected."""
    if not isinstance(content, dict):
        raise _unfit(where, "an object", content)
    if content.get("version") != VERSION:
        raise _unfit(f"{where}: version", f"{VERSION}, which this release reads", content.get("version"))
    pages, standing = content.get("pages"), content.get("standing")
    if not _is_count(pages):
        raise _unfit(f"{where}: pages", "a number of pages", pages)
    if not isinstance(standing, dict):
        raise _unfit(f"{where}: standing", "an object of fingerprints", standing)
    return Evidence(pages, {key: _read_places(places, f"{where}: {key}", pages) for key, places in standing.items()})


def _read_places(places: Any, where: str, pages: int) -> tuple[Standing, ...]:
    if not isinstance(places, list):
        raise _unfit(where, "a list of places", places)
    found = []
    for place in places:
        well = isinstance(place, list) and len(place) == 5 and isinstance(place[0], str)
        if not well or not all(map(_is_count, place[1:])):
            raise _unfit(where, "a place and four numbers of pages", place)
        if not sum(place[2:]) <= place[1] <= pages:
            raise _unfit(where, f"no more pages than have the place, and those no more than {pages}", place)
        found.append(Standing(*place))
    return tuple(found)


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _unfit(where: str, expected: str, found: Any) -> InputError:
    shown = json.dumps(found)
    return InputError(f"{where}: expected {expected}, got {shown if len(shown) <= 80 else shown[:79] + '…'}")


def fingerprint(text: str) -> str:
    """Sixteen hexadecimal digits of a text's folded words; empty for a text without a letter, such as a list's `2.`."""
    folded = fold(text)
    if not any(map(str.isalpha, folded)):
        return ""
    return hashlib.blake2b(folded.encode("utf-8"), digest_size=8).hexdigest()


def find_place(blocks: Blocks, container: int) -> str:
    """The place of what stands in a container."""
    steps: list[str] = []
    while container >= 0 and len(steps) < LEVELS:
        around = blocks.containers[container]
        named = len(steps) < NAMED_LEVELS and around.tag not in _LANDMARKS
        steps.append(".".join((around.tag, *sorted(around.words))) if named else around.tag)
        container = around.parent
    return " < ".join(steps)


def find_site_furniture(blocks: Blocks, evidence: Evidence, among: Iterable[Block] | None = None) -> dict[int, str]:
    """Index of each block, of all or of those `among`, that is the site's rather than the story's -> the reason."""
    found = {}
    for block in blocks if among is None else among:
        places = evidence.standing.get(fingerprint(block.text)) if evidence.standing else None
        if not places:
            continue
        own = find_place(blocks, block.container)
        here = next((standing for standing in places if standing.place == own), None)
        if here is None:
            continue
        if here.is_furniture(evidence.pages, block.letters):
            found[block.index] = f"stands on {here.pages} of {evidence.pages} pages of this site, at the same place"
        elif here.apart == here.pages and any(s.is_furniture(evidence.pages, block.letters) for s in places):
            found[block.index] = f"stands on {here.pages} pages of this site at the same place, on more at another"
    return found


def apply_evidence(labels: list[Label], page: Page, evidence: Evidence | None) -> list[Label]:
    """The labels, with the site's furniture as boilerplate; unchanged where that would take most of the story."""
    if evidence is None or not evidence.standing:
        return labels
    blocks = page.blocks
    printed = [b for b, label in zip(blocks, labels, strict=True) if label.kind in BODY_KINDS or label.kind == LEAD]
    furniture = find_site_furniture(blocks, evidence, printed)
    if not furniture:
        return labels
    furniture = _without_structure(furniture, labels, blocks, printed)
    furniture |= dict.fromkeys(_find_empty_heads(furniture, labels, printed), "heads what is on other pages, too")
    lost = sum(blocks.blocks[index].letters for index in furniture)
    if lost > MOST_OF_STORY * sum(block.letters for block in printed):
        return labels
    return [Label(BOILERPLATE, furniture[i], 1.0) if i in furniture else label for i, label in enumerate(labels)]


def _without_structure(
    furniture: dict[int, str], labels: list[Label], blocks: Blocks, printed: list[Block]
) -> dict[int, str]:
    """`furniture` but for what orders text that differs: subheads, and parts of lists and tables, that others share."""
    kept: set[int] = set()
    groups: dict[int, list[int]] = {}
    for block in printed:
        around = _find_group(blocks, block, labels[block.index].kind)
        if around is not None:
            groups.setdefault(around, []).append(block.index)
    for group in groups.values():
        if any(index not in furniture for index in group):
            kept.update(group)
    kept |= _find_heads_of_story(furniture.keys() - kept, labels, printed)
    return {index: reason for index, reason in furniture.items() if index not in kept}


def _find_heads_of_story(furniture: Collection[int], labels: list[Label], printed: list[Block]) -> set[int]:
    """Indices of the subheads with text of the story under them, before the next one."""
    under = _find_text_under_subheads(labels, printed)
    return {head for head, texts in under.items() if any(index not in furniture for index in texts)}


def _find_empty_heads(furniture: Collection[int], labels: list[Label], printed: list[Block]) -> set[int]:
    """Indices of the subheads with text under them, all of it furniture."""
    under = _find_text_under_subheads(labels, printed)
    return {head for head, texts in under.items() if texts and all(index in furniture for index in texts)}


def _find_text_under_subheads(labels: list[Label], printed: list[Block]) -> dict[int, list[int]]:
    """Index of each subhead -> those of the texts up to the next one; subheads in a row head the same."""
    under: dict[int, list[int]] = {}
    texts: list[int] = []
    before: int | None = None
    for block in printed:
        if labels[block.index].kind != SUBHEAD and block.tag not in HEADINGS:
            texts.append(block.index)
        else:
            texts = under[before] if before in under and not texts else []
            under[block.index] = texts
        before = block.index
    return under


def _find_group(blocks: Blocks, block: Block, kind: str) -> int | None:
    """Index of the list or table that a block is a part of."""
    tags = _GROUPED.get(kind)
    if tags is None:
        return None
    return next((around.index for around in blocks.ancestors(block) if around.tag in tags), None)
