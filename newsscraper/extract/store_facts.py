"""Headline, dates, authors and so on that stand beside a story's text in a store, under JSON-LD's names."""

from __future__ import annotations

from typing import Any

_FACTS = {
    "headline": ("headline", "headlines", "title", "name", "hed"),
    "lead": (
        "standfirst", "subtitle", "subheadline", "subheadlines", "dek", "deck", "lead", "intro", "chapo", "summary",
        "excerpt", "abstract",
    ),
    "datePublished": (
        "datepublished", "publishedat", "published_at", "publisheddate", "publishdate", "publishedtime",
        "firstpublished", "firstpublishedat",
        "publicationdate", "published", "pubdate", "display_date", "date", "createdat",
    ),
    "dateModified": (
        "datemodified", "modifiedat", "modified_at", "updatedat", "updated_at", "lastmodified", "lastupdated",
        "modified", "updated", "modifieddate", "updateddate",
    ),
    "author": (
        "authors", "author", "byline", "bylines", "credits", "reporter", "reporters", "journalist", "writer",
        "writers", "contributors",
    ),
    "keywords": ("keywords", "tags", "topics"),
    "articleSection": ("section", "sections", "category", "categories", "channel", "rubric"),
    "identifier": ("storycode", "newsid", "storyid", "articleid", "code", "id"),
    "image": ("image", "leadimage", "heroimage", "mainimage", "featuredimage", "promoimage"),
}  # fmt: skip
"""JSON-LD's names for what stores hold under many."""


def find_facts(owners: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """What the objects around a text hold, `owners` from the outermost in, up to the nearest with a headline.

    Empty where none of them has a headline: what stands there is then not this text's.
    """
    facts: dict[str, Any] = {}
    for owner in reversed(owners):
        lowered = {key.lower(): value for key, value in owner.items()}
        for name, keys in _FACTS.items():
            value = next((lowered[k] for k in keys if lowered.get(k)), None)
            if name not in facts and value is not None and not isinstance(value, bool):
                facts[name] = _plain_fact(value)
        if "headline" in facts:
            return facts
    return {}


def _plain_fact(value: Any) -> Any:
    """A value as JSON-LD would have it: numbers as text, `{default: ...}` and its like unwrapped."""
    if isinstance(value, dict):
        return next((value[key] for key in ("default", "basic", "rendered", "by") if value.get(key)), value)
    return str(value) if isinstance(value, int | float) else value
