"""Text of pages and files on its way out: made safe for a terminal, and lossless in JSON."""

from __future__ import annotations

import json
import re
from typing import Any

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters (some move the cursor or set colours), line ends of any kind, characters that reorder what
stands around them, and halves of surrogate pairs, which UTF-8 cannot hold."""


def printable(text: str) -> str:
    r"""`text` on one line, with what could steer a terminal written out: `\x1b`, `\u202e`."""
    return _UNSAFE.sub(lambda match: _escaped(match[0]), text)


def to_json_line(data: dict[str, Any]) -> str:
    r"""One JSON object on one line, without line end: UTF-8 as it is, but for what `printable` would write out.

    Such characters stand as `\uXXXX`, which is the same JSON, so that a line is one line for every reader.
    """
    return _escape_json(json.dumps(data, ensure_ascii=False))


def to_pretty_json(data: Any) -> str:
    """JSON for people, indented, as safe as a JSON line."""
    lines = json.dumps(data, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(map(_escape_json, lines))


def counted(number: int, one: str, many: str) -> str:
    """`1 story`, `2 stories`."""
    return f"{number:,} {one if number == 1 else many}"


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _escape_json(line: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)
