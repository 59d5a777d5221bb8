"""What held-out pages say of a training: figures by set, what is lost to which class of error, the confidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from benchmarks.scoring import summarize
from training.calibration import fit_confidence
from training.scoring import Outcome
from training.targets import Doubts

SHOWN = ("body_f1", "body_precision", "body_recall", "exact")
LOSSES = (0.02, 0.05, 0.1, 0.2, 0.4, 1.0)
"""Upper bounds of the classes in which pages are counted by what they lose."""


def fit_outcomes(outcomes: Sequence[Outcome]) -> list[float]:
    """The confidence's weights."""
    known = [(outcome.signs, outcome.is_right) for outcome in outcomes if outcome.is_right is not None]
    return fit_confidence([signs or [] for signs, _ in known], [bool(right) for _, right in known])


def summarize_sets(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Figures by set, for sets whose truths say anything of the body."""
    summaries = {name: summarize([outcome.score for outcome in of_set]) for name, of_set in _by_set(outcomes).items()}
    return {
        name: {"pages": summary["pages"]} | {key: round(summary[key], 4) for key in SHOWN if summary[key] is not None}
        for name, summary in summaries.items()
        if summary["body_f1"] is not None
    }


def format_report(outcomes: Sequence[Outcome], doubts: Doubts) -> str:
    """Tables for people."""
    lines = ["", "held out by domain         F1     P      R      exact"]
    for name, figures in summarize_sets(outcomes).items():
        cells = [f"{figures[key]:.3f}" if key in figures else "-" for key in SHOWN]
        lines.append(f"  {name:<14} {figures['pages']:>5}   {'  '.join(cells)}")
    lines += ["", "pages by what they lose (1 - F1), and their share of all that is lost"]
    lines += [line for name, of_set in _by_set(outcomes).items() for line in _format_losses(name, of_set)]
    lines += ["", f"{len(doubts.pages)} truths left out of training, {_count_blocks(doubts)} single blocks as well"]
    return "\n".join(lines)


def _by_set(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        found[outcome.score.page.set_name].append(outcome)
    return found


def _format_losses(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    """How many pages lose how much, and whether it is lack or surplus that costs."""
    scored = [outcome.score for outcome in outcomes if outcome.score.overlap is not None]
    if not scored:
        return []
    losses = [score.loss("body") or 0.0 for score in scored]
    total = sum(losses) or 1.0
    cells, low = [], -1.0
    for high in LOSSES:
        within = [loss for loss in losses if low < loss <= high]
        cells.append(f"to {high}: {len(within)} ({sum(within) / total:.0%})")
        low = high
    missed = sum(score.overlap.recall < score.overlap.precision - 0.02 for score in scored if score.overlap)
    surplus = sum(score.overlap.precision < score.overlap.recall - 0.02 for score in scored if score.overlap)
    refused = sum(score.run.refused for score in scored)
    return [
        f"  {name:<12} " + "  ".join(cells),
        f"  {'':<12} {missed} miss text, {surplus} hold more than the truth, {refused} refused",
    ]


def _count_blocks(doubts: Doubts) -> int:
    return sum(int(blocks.sum()) for blocks in doubts.blocks.values())
