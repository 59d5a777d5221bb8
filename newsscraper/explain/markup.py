"""HTML out of text: whatever is not `Markup` already is escaped, so that nothing of a page becomes more than text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What HTML cannot hold or no reader can see; halves of surrogate pairs cannot be written at all."""
_VOID = frozenset(("input", "br", "hr"))


class Markup(str):
    """HTML that we made: its texts are escaped already."""

    __slots__ = ()


def text(value: str) -> Markup:
    """A text as HTML."""
    return Markup(escape(_UNPRINTABLE.sub("\ufffd", value), quote=True))


def join(parts: Iterable[str], separator: str = "") -> Markup:
    """The parts one after another, escaped unless they are markup."""
    return Markup(text(separator).join(map(_safe, parts)))


def element(tag: str, *children: str, **attributes: str | int | bool | None) -> Markup:
    """An element: `element("div", "a < b", class_="x", data_place=3)`.

    Attributes lose a trailing underscore, and others become hyphens; one that is None or False is left out, True gives
    its bare name. Names are our own, never a page's.
    """
    opening = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}>"
    return Markup(opening if tag in _VOID else f"{opening}{join(children)}</{tag}>")


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'


def _safe(part: str) -> Markup:
    return part if isinstance(part, Markup) else text(part)
