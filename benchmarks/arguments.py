"""What the arguments of several commands have in common."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.datasets import list_sets


def at_least_one(text: str) -> int:
    """A number of things to do, for `argparse`."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {number}")
    return number


at_least_one.__name__ = "number"  # what argparse calls a value that is none


def choose_sets(parser: argparse.ArgumentParser, data: Path, named: list[str] | None) -> list[str]:
    """The sets named, or all below `data`. Ends with what is wrong where there is none, or none of a name."""
    known = list_sets(data)
    if not known:
        parser.error(f"{data}: no folder in it holds a truth.jsonl")
    if unknown := sorted(set(named or []) - set(known)):
        parser.error(f"no such set in {data}: {', '.join(unknown)} (there are {', '.join(known)})")
    return named or known
