"""Links by their `rel`: tags, categories, authors."""

from __future__ import annotations

from lxml import etree


def find_related(root: etree._Element, wanted: str, *, alone: bool = False) -> list[etree._Element]:
    """The `a` elements whose `rel` has the word wanted, in document order; with `alone`, that and no other."""
    found = []
    for anchor in root.iter("a"):
        relations = anchor.get("rel")
        if relations and wanted in (words := relations.lower().split()) and (not alone or len(words) == 1):
            found.append(anchor)
    return found
