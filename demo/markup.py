"""Templates are files of named parts; every value that is not `Markup` is escaped on its way in."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

_HERE = Path(__file__).parent / "templates"
_PART = re.compile(r"^<!--part (\w+)-->\n", re.MULTILINE)


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


@cache
def read_parts(template: str) -> dict[str, Template]:
    """Part name -> part of `templates/<template>.html`, on top of the parts of `common.html`."""
    _, *pieces = _PART.split((_HERE / f"{template}.html").read_text(encoding="utf-8"))
    own = {name: Template(text.strip("\n")) for name, text in zip(pieces[::2], pieces[1::2], strict=True)}
    return own if template == "common" else {**read_parts("common"), **own}


def fill(template: str, part: str, /, **values: object) -> Markup:
    """A part with its placeholders filled. Raises `KeyError` when a value is missing."""
    ready = {key: value if isinstance(value, Markup) else escape(str(value)) for key, value in values.items()}
    return Markup(read_parts(template)[part].substitute(ready))


def join(pieces: list[Markup], between: str = "\n") -> Markup:
    """Pieces of HTML in a row."""
    return Markup(between.join(pieces))


def script_json(data: dict[str, Any]) -> Markup:
    """JSON that can stand inside a `<script>`."""
    return Markup(json.dumps(data, ensure_ascii=False, indent=None).replace("</", "<\\/"))
