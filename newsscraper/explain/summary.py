"""What came of a page as a whole: facts, the refusal, notes, and for each field its winner and its losers."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from newsscraper.explain.blocks import is_kept
from newsscraper.explain.explanation import Explanation
from newsscraper.explain.markup import Markup, element, join
from newsscraper.extract.trace import BlockTrace

SOURCES = {
    "tree": "the page's markup",
    "template": "markup kept for a script to show",
    "script_state": "data in the page's scripts",
    "json_ld": "the page's JSON-LD",
    "text": "lines of text",
}
ENCODINGS = {
    "given": "given as text",
    "bom": "by its byte order mark",
    "http": "by the label that came with it",
    "meta": "by the page's own label",
    "utf-8": "its bytes prove it",
    "detected": "guessed from its bytes",
}
MAX_VALUE = 600
"""Characters of a field's value that are shown."""
MOST_REASONS = 40
"""Reasons that are listed: rarer ones are found at their blocks."""


def render_heading(explanation: Explanation) -> Markup:
    """The story's title, what was read, and the facts of the reading."""
    story = explanation.story
    title = (story.title if story else "") or "A page without a headline"
    read = [
        explanation.source,
        explanation.url,
        explanation.profile and f"profile {explanation.profile}",
        explanation.evidence and f"evidence {explanation.evidence}",
        explanation.model and f"weights {explanation.model}",
    ]
    return join(
        (
            element("h1", title, dir="auto", lang=story.language if story else None),
            element("p", *_separated(element("bdi", one) for one in read if one), class_="read"),
            element("p", *_separated(element("span", fact) for fact in list_facts(explanation)), class_="facts"),
        )
    )


def list_facts(explanation: Explanation) -> list[str]:
    """Counts, confidence, encoding and where the blocks come from, each a few words."""
    trace, story = explanation.trace, explanation.story
    kept = sum(map(is_kept, trace.blocks))
    encoding = ENCODINGS.get(trace.encoding_from, trace.encoding_from)
    facts = [
        f"{kept:,} of {len(trace.blocks):,} blocks kept",
        f"confidence {story.confidence:.2f}" if story and story.confidence is not None else "",
        f"{trace.encoding} ({encoding})" if trace.encoding else f"encoding {encoding}",
        f"blocks from {SOURCES.get(trace.source, trace.source)}",
    ]
    return [fact for fact in facts if fact]


def render_banner(explanation: Explanation) -> Markup:
    """Why the page is no story; empty for a story."""
    refusal = explanation.refusal
    if refusal is None:
        return Markup("")
    after = (
        "It was read all the same, as with force: what follows shows how its blocks would come out."
        if explanation.story
        else "It has no headline, and so no story can be made of it even by force; what follows are its blocks."
    )
    return element(
        "div",
        element("strong", f"Refused, no story: {refusal.reason}"),
        element("p", refusal.detail, dir="auto"),
        element("p", after),
        class_="banner",
        role="note",
    )


def render_notes(notes: Sequence[str]) -> Markup:
    """What was noticed on the way."""
    return element("ul", *(element("li", note) for note in notes), class_="notes") if notes else Markup("")


def render_fields(explanation: Explanation) -> Markup:
    """Every field: its value, the resolver that won, and the candidates that lost."""
    accounts = explanation.trace.fields
    story = explanation.story
    values = {one.name: getattr(story, one.name) for one in dataclasses.fields(story)} if story else {}
    rows = [_render_field(name, values.get(name, one["value"]), one) for name, one in accounts.items()]
    rows += [
        _render_field(name, _body_in_short(value) if name == "body" else value, None)
        for name, value in values.items()
        if name not in accounts and value not in (None, [], "")
    ]
    return element("dl", *rows, class_="fields")


def render_winners(accounts: dict[str, dict[str, Any]]) -> Markup:
    """The fields that have a value and where each is from, in a line."""
    winners = (f"{name} from {one['source']}" for name, one in accounts.items() if one["source"])
    return element("span", " · ".join(winners), class_="winners")


def render_reasons(blocks: Iterable[BlockTrace]) -> Markup:
    """Why blocks were dropped, the most frequent reasons first; each a button that walks through its blocks."""
    counts = Counter(
        reason for block in blocks if not is_kept(block) for reason in dict.fromkeys(block.reason.split("; "))
    )
    items = [
        element(
            "li",
            element("button", element("span", reason), element("b", f"{count:,}"), type="button", data_reason=reason),
        )
        for reason, count in counts.most_common(MOST_REASONS)
    ]
    return element("ul", *items, class_="reasons")


def _render_field(name: str, value: Any, account: dict[str, Any] | None) -> Markup:
    shown = [element("div", show_value(value), class_="value", dir="auto")]
    if account and account["source"]:
        shown.append(element("div", f"from {account['source']}", class_="won"))
    if account and account["lost"]:
        shown.append(_render_others(account["lost"], account["value"]))
    missing = " missing" if value in (None, [], "") else ""
    return element("div", element("dt", name), element("dd", *shown), class_=f"field{missing}")


def _render_others(others: Sequence[dict[str, Any]], won: Any) -> Markup:
    """The candidates that did not win: some lost, and some said the same as the winner."""
    agreeing = sum(one["value"] == won for one in others)
    counts = [(len(others) - agreeing, "lost"), (agreeing, "agree" if agreeing > 1 else "agrees")]
    items = [
        element(
            "li",
            element("span", one["source"], class_="source"),
            element("span", show_value(one["value"]), class_="value", dir="auto"),
            element("span", one["note"], class_="note") if one["note"] else "",
            class_="agrees" if one["value"] == won else "lost",
        )
        for one in others
    ]
    summary = ", ".join(f"{count} {what}" for count, what in counts if count)
    return element("details", element("summary", summary), element("ol", *items), class_="others")


def show_value(value: Any) -> str:
    """A field's value as text: lists with dots between, objects as `key: value`, what is long cut."""
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _cut(" · ".join(map(show_value, value)))
    if isinstance(value, dict):
        return _cut(", ".join(f"{key}: {show_value(one)}" for key, one in value.items()))
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]} …"


def _body_in_short(body: str) -> str:
    return f"{body.count(chr(10) * 2) + 1:,} paragraphs, {len(body):,} characters"


def _separated(parts: Iterable[Markup]) -> list[Markup]:
    """The parts with dots between them."""
    separated: list[Markup] = []
    for part in parts:
        separated += [Markup(" · "), part] if separated else [part]
    return separated
