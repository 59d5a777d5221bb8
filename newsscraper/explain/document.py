"""The explanation as one HTML page: nothing is fetched, nothing of the page explained can run.

Texts pass through `markup`, which escapes them. Should that ever fail, the browser still runs no script and applies no
style but ours, which the content security policy names by their digests.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from string import Template

from newsscraper.explain.blocks import render_blocks
from newsscraper.explain.controls import render_filters
from newsscraper.explain.explanation import Explanation
from newsscraper.explain.markup import text
from newsscraper.explain.summary import (
    render_banner,
    render_fields,
    render_heading,
    render_notes,
    render_reasons,
    render_winners,
)


def to_html(explanation: Explanation) -> str:
    """A whole HTML page, for a file or a browser; UTF-8 has to encode it."""
    style, script = _read("page.css"), _read("page.js")
    trace, story = explanation.trace, explanation.story
    return Template(_read("page.html")).substitute(
        policy=make_policy(style, script),
        style=style,
        script=script,
        title=text((story.title if story else "") or explanation.source),
        heading=render_heading(explanation),
        banner=render_banner(explanation),
        notes=render_notes(trace.notes),
        winners=render_winners(trace.fields),
        fields=render_fields(explanation),
        reasons=render_reasons(trace.blocks),
        filters=render_filters(trace.blocks),
        blocks=render_blocks(trace.blocks, story),
    )


def make_policy(style: str, script: str) -> str:
    """A content security policy that allows this style, this script, and nothing else; no request of any kind."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@cache
def _read(name: str) -> str:
    return files("newsscraper.explain").joinpath(name).read_text(encoding="utf-8")
