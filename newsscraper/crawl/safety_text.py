"""What pages and servers say, on its way into a log: nothing in it steers a terminal, or feigns a line of its own."""

from __future__ import annotations

import logging
import re
from typing import Any

_STEERING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = re.compile(f"[{_STEERING}]")
"""Control characters but for tabs and line ends, what reorders the text around it, halves of surrogate pairs."""
_UNSAFE_IN_A_LINE = re.compile(f"[\t\n{_STEERING}]")
_OURS = "newsscraper."


def fix_line(text: str) -> str:
    r"""`text` on one line, with what could steer a terminal written out: `\x1b`, `\u202e`."""
    return _UNSAFE_IN_A_LINE.sub(_escape, text)


def fix_lines(text: str) -> str:
    """The same for text whose lines are meant: a traceback, a table."""
    return _UNSAFE.sub(_escape, text)


def keep_logs_printable() -> None:
    """From now on, in this process: whatever is logged by anybody is safe before any handler sees it.

    Scrapy logs URLs, headers and exceptions by itself; so it is done where records are made. Once more does no harm.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "keeps_printable", False):
        return

    def make_printable(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        _fix_record(record)
        return record

    make_printable.keeps_printable = True  # type: ignore[attr-defined] # a mark for the next call
    logging.setLogRecordFactory(make_printable)


def _fix_record(record: logging.LogRecord) -> None:
    try:
        message = record.getMessage()
    except Exception:  # a wrong format: logging tells of it when it prints
        return
    # Ours are one line each; Scrapy's tables of settings and statistics are not.
    fixed = fix_line(message) if record.name.startswith(_OURS) else fix_lines(message)
    if fixed != message:
        record.msg, record.args = fixed, ()
    if record.exc_info and record.exc_info[0] is not None:
        # Formatters take it where it is there already.
        record.exc_text = fix_lines(logging.Formatter().formatException(record.exc_info))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
