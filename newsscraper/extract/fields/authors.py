"""Who wrote it: declared names first, then bylines near the headline or below the story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsscraper.extract.fields.bylines import find_beside_date, find_handles, find_labelled, find_linked, find_marked
from newsscraper.extract.fields.names import clean_handles, clean_names, drop_roles, is_full_name, is_organisation
from newsscraper.extract.fields.relations import find_related
from newsscraper.extract.layout import Layout
from newsscraper.extract.resolving import Candidate, Resolved
from newsscraper.extract.selecting import select_texts
from newsscraper.extract.structured import Node, itemprop_text, strings_in
from newsscraper.extract.text import fix_line, fold, unique
from newsscraper.extract.tree import text_of

AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator",
    "citation_author", "article:author_name",
    "cxenseparse:author", "authors", "article.author", "rbauthors", "og:author", "article_author", "bt:author",
    "creator", "twitter:data1",
)  # fmt: skip

BESIDE = "beside the date"
PEOPLE, ORGANISATION, UNSURE, SITE = 1.0, 0.6, 0.3, 0.0
"""Scores of candidates by what their names are."""
_PRINTED = frozenset(("byline", "printed label", "link to an author", "rel=author"))
_DECLARED = frozenset(
    ("profile selector", "json-ld author", "json-ld creator", *(f"meta {name}" for name in AUTHOR_META))
)


def resolve_authors(layout: Layout) -> Resolved[list[str]]:
    """The first source that yields people; then a handle, an agency or the publisher, where no source does."""
    candidates = [_weigh(source, names, layout) for source, names in _named(layout)]
    people = [c for c in candidates if c.score == PEOPLE]
    if len(people) < len(candidates) and candidates[0].score == ORGANISATION:
        people = [c for c in people if any(map(is_full_name, c.value))]
    sure = people[0] if people else next((c for c in candidates if c.score == ORGANISATION), None)
    won = sure or _handle(layout) or next(iter(candidates), None)
    if won is None:
        return Resolved(None)
    won = _outvoted(_fuller(won, candidates), candidates)
    return Resolved(won.value, won.source, candidates)


def _named(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    """Each source with the names it gives; what a printed one tells of roles is left out."""
    site = set(layout.page.site_names)
    structured = layout.page.structured
    sections = [*strings_in(structured.story.get("articleSection")), *structured.all_meta("article:section")]
    no_names = {fold(section) for section in sections}
    for source, texts in _sources(layout):
        names = clean_names(texts, layout.page.profile, site)
        if names and source not in _DECLARED:
            names = drop_roles([name for name in names if fold(name) not in no_names])
        if names:
            yield source, names


def _weigh(source: str, names: list[str], layout: Layout) -> Candidate[list[str]]:
    """People above organisations above a name beside the date above the site itself."""
    site = layout.page.site_names
    others = [name for name in names if fold(name) not in site]
    if not others:
        return Candidate(source, names, SITE, "the site's own name")
    if source == BESIDE:
        return Candidate(source, others, UNSURE, "nothing but the date beside it says so")
    if all(_is_organisation(name, layout) for name in others):
        return Candidate(source, others, ORGANISATION, "an organisation")
    if len(others) == 1 and _is_one_word(others[0]):
        return Candidate(source, others, ORGANISATION, "one word: a first name, an account or an abbreviation")
    return Candidate(source, others, PEOPLE)


def _is_one_word(name: str) -> bool:
    """In a script that writes words apart and has cases, where people have two names."""
    return " " not in name and name.upper() != name.lower()


def _is_organisation(name: str, layout: Layout) -> bool:
    """By its words, because it holds the site's name, or because JSON-LD says so."""
    folded = f" {fold(name)} "
    squeezed = folded.replace(" ", "")
    return is_organisation(name) or any(
        len(site) > 4 and (f" {site} " in folded or site == squeezed) for site in layout.page.site_names
    )


def _fuller(won: Candidate[list[str]], candidates: list[Candidate[list[str]]]) -> Candidate[list[str]]:
    """The candidate that has the full name of somebody whom the winner calls by the first name only."""
    if len(won.value) != 1 or " " in won.value[0]:
        return won
    start = won.value[0] + " "
    return next((c for c in candidates if len(c.value) == 1 and c.value[0].startswith(start)), won)


def _outvoted(won: Candidate[list[str]], candidates: list[Candidate[list[str]]]) -> Candidate[list[str]]:
    """The people whom the page prints, where they speak against the winner.

    Two printed sources that agree outvote a meta tag that names none of their people, three JSON-LD; where they name
    more people than the winner, two outvote either. Of microdata, which marks the authors of teasers as well, one
    printed source tells which are the story's.
    """
    declared = set(map(fold, won.value))
    words = set(" ".join(declared).split())
    full = [c for c in candidates if c.source not in ("json-ld author", BESIDE) and all(map(is_full_name, c.value))]
    for candidate in full:
        if candidate.source not in _PRINTED:
            continue
        names = set(map(fold, candidate.value))
        votes = sum(names == set(map(fold, c.value)) for c in full)
        if won.source == "microdata author":
            wins = names < declared
        elif words.isdisjoint(" ".join(names).split()):
            wins = votes >= (2 if won.source.startswith("meta ") else 4)
        else:
            wins = declared < names and votes >= 2
        if wins and won.source not in _PRINTED:
            candidate.note = "printed, and at odds with what is declared"
            return candidate
    return won


def _handle(layout: Layout) -> Candidate[list[str]] | None:
    """A declared or marked author whose name has not the form of one: `jdoe`."""
    site = set(layout.page.site_names)
    for source, texts in (
        ("json-ld author", clean_handles(_declared(layout)[:3])),
        ("meta author", clean_handles(layout.page.structured.all_meta("author")[:3])),
        ("byline", find_handles(layout)),
    ):
        handles = [handle for handle in texts if fold(handle) not in site]
        if handles:
            return Candidate(source, handles, UNSURE, "not written as names are")
    return None


def _sources(layout: Layout) -> Iterator[tuple[str, list[str]]]:
    page, structured = layout.page, layout.page.structured
    yield "profile selector", select_texts(page, "authors")
    yield "json-ld author", _declared(layout)
    yield "json-ld creator", strings_in(structured.story.get("creator"))
    for name in AUTHOR_META:
        yield f"meta {name}", structured.all_meta(name)
    yield "microdata author", [itemprop_text(e, "name") for e in structured.itemprops.get("author", ())[:6]]
    yield "rel=author", list(_author_links(layout))
    yield "byline", list(find_marked(layout))
    yield "printed label", list(find_labelled(layout))
    yield "link to an author", list(find_linked(layout))
    yield "json-ld contributor", strings_in(structured.story.get("contributor"))
    yield BESIDE, list(find_beside_date(layout))


def _declared(layout: Layout) -> list[str]:
    """JSON-LD's authors; one that is only a reference is looked up among the page's nodes."""
    structured = layout.page.structured
    author = structured.story.get("author")
    listed: list[Any] = author if isinstance(author, list) else [author]
    return [name for one in listed[:50] for name in strings_in(_looked_up(one, structured.nodes))]


def _looked_up(author: Any, nodes: list[Node]) -> Any:
    if not isinstance(author, dict) or author.get("name") or not author.get("@id"):
        return author
    return next((n for n in nodes if n.get("@id") == author["@id"] and n.get("name")), None)


def _author_links(layout: Layout) -> Iterator[str]:
    """Links with `rel=author` and hCard names called an author, outside repeated parts; none where they are many."""
    anchors = find_related(layout, "author")
    names = unique(fix_line(text_of(a)) for a in anchors)
    if len(names) <= 4:
        yield from names
