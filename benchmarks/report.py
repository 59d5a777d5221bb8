"""Figures as text: the table of sets and extractors, and the pages that cost most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.datasets import find_convention
from benchmarks.scoring import Score
from benchmarks.tables import format_rows

_COLUMNS = {
    "pages": "pages",
    "body_f1": "body F1",
    "lead_in_f1": "lead in",
    "lead_out_f1": "lead out",
    "body_precision": "P",
    "body_recall": "R",
    "opening": "opening",
    "exact": "exact",
    "title": "title",
    "date": "date",
    "authors": "authors",
    "tags": "tags",
    "raised": "raised",
    "pages_per_second": "pages/s",
}
_LONGEST_VALUE = 160


def format_table(summaries: Mapping[tuple[str, str], Mapping[str, Any]]) -> str:
    """A Markdown table, one row for each extractor and set, in their order; `-` where a set has no truth."""
    rows = [
        [name, extractor, *(_format_value(key, row[key]) for key in _COLUMNS)]
        for (extractor, name), row in summaries.items()
    ]
    table = format_rows(["set", "extractor", *_COLUMNS.values()], rows)
    return "\n".join([table, _tell_conventions([name for _, name in summaries]), *_list_errors(summaries)])


def format_worst(scores: list[Score], field: str, count: int) -> str:
    """The `count` pages with the largest loss on a field: id, URL, what we say, what is true."""
    losses = [(loss, score) for score in scores if (loss := score.loss(field))]
    losses.sort(key=lambda item: (-item[0], item[1].page.set_name, item[1].page.id))
    blocks = [f"\n{len(losses)} pages lose on {field}; the worst:"]
    blocks += [_format_loss(score, field, loss) for loss, score in losses[:count]]
    return "\n\n".join(blocks)


def _tell_conventions(names: list[str]) -> str:
    """Which truths count the standfirst as body: our own body never holds it, and `lead out` is our own policy."""
    counted = [name for name in dict.fromkeys(names) if find_convention(name).lead_in_body]
    return (
        f"Body F1 counts lead and body together for {', '.join(counted) or 'none of these sets'}, whose truths hold "
        "the lead as a rule, and the body alone for others; `lead in` and `lead out` are either way for all."
    )


def _format_value(key: str, value: float | None) -> str:
    if value is None:
        return "-"
    if key in ("pages", "raised"):
        return str(value)
    return f"{value:.0f}" if key == "pages_per_second" else f"{value:.3f}"


def _list_errors(summaries: Mapping[tuple[str, str], Mapping[str, Any]]) -> list[str]:
    return [
        f"{name}, {extractor} raised: " + ", ".join(f"{error} ({count})" for error, count in row["errors"].items())
        for (extractor, name), row in summaries.items()
        if row["errors"]
    ]


def _format_loss(score: Score, field: str, loss: float) -> str:
    page = score.page
    head = f"{page.set_name}/{page.id} ({page.file.name})  loss {loss:.3f}  {page.url or ''}"
    lines = [head, *([f"  raised {_shorten(score.run.error)}"] if score.run.error else [])]
    if field == "body":
        return "\n".join(lines + _describe_body(score))
    lines.append(f"  ours   {_shorten(str(getattr(score.run.prediction, field)))}")
    lines.append(f"  truth  {_shorten(str(getattr(page, field)))}")
    return "\n".join(lines)


def _describe_body(score: Score) -> list[str]:
    lines = []
    if score.overlap:
        lines.append(f"  precision {score.overlap.precision:.3f}  recall {score.overlap.recall:.3f}")
    ours = score.run.prediction.body
    if score.snippets:
        text = " ".join(ours.split())
        lines += [f"  missed {_shorten(s)}" for s in score.page.withs if " ".join(s.split()) not in text]
        lines += [f"  leaked {_shorten(s)}" for s in score.page.withouts if " ".join(s.split()) in text]
    truth = score.page.body if score.page.body is not None else " ... ".join(score.page.withs)
    if score.run.prediction.lead:
        lines.append(f"  lead   {_shorten(score.run.prediction.lead)}")
    lines.append(f"  ours   {len(ours)} characters: {_shorten(ours)} ... {_shorten(ours[-_LONGEST_VALUE:])}")
    lines.append(f"  truth  {len(truth)} characters: {_shorten(truth)} ... {_shorten(truth[-_LONGEST_VALUE:])}")
    return lines


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"
