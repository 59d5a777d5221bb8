"""JSON as it is written into files: lines that every reader takes for one."""

from __future__ import annotations

import json
import re
from typing import Any

_LINE_ENDS = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What some readers take for the end of a line, what steers terminals, and what UTF-8 cannot hold."""


def to_text(data: dict[str, Any]) -> str:
    r"""One object on one line, without a line feed; such characters stand as `\uXXXX`, which is the same JSON."""
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(data, ensure_ascii=False))


def to_line(data: dict[str, Any]) -> bytes:
    """The same in UTF-8, with its line feed."""
    return to_text(data).encode() + b"\n"


def to_document(data: dict[str, Any]) -> bytes:
    """The same for people: indented, its long lists a line each entry."""
    text = json.dumps(data, ensure_ascii=True, indent=1)
    return text.encode() + b"\n"
