"""Links by their `rel`: tags, categories, authors."""

from __future__ import annotations

from lxml import etree

from newsscraper.extract.layout import Layout


def find_related(layout: Layout, wanted: str, *, alone: bool = False) -> list[etree._Element]:
    """The `a` elements whose `rel` has the word wanted, in document order; with `alone`, that and no other."""
    return [
        anchor
        for relations, anchor in layout.page.relations
        if wanted in relations and (not alone or len(relations) == 1)
    ]
