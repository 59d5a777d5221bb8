"""Links by their `rel`: tags, categories, authors."""

from __future__ import annotations

from typing import cast

from lxml import etree

_RELATED = etree.XPath("//a[@rel]")


def find_related(root: etree._Element, *wanted: str, alone: bool = False) -> list[etree._Element]:
    """The `a` elements whose `rel` has all the words wanted, in document order; with `alone`, these and no others."""
    found = []
    for anchor in cast("list[etree._Element]", _RELATED(root)):
        relations = (anchor.get("rel") or "").lower().split()
        if all(word in relations for word in wanted) and (not alone or len(relations) == len(wanted)):
            found.append(anchor)
    return found
