"""Train the body classifier from labelled pages.

    python -m training --data DIR
    python -m training --data DIR --set ads --set mine --out mine.npz --folds-out folds/

Reads the sets (as `benchmarks/datasets.py` does), trains on all but one fold of domains at a time, finds the truths
that are wrong, trains again without them, scores every page with the model that has not seen its domain, fits the
confidence on that, and at last trains on everything. Prints what is lost by set and by class of error, and writes the
weights. Deterministic for a seed, a machine and a number of folds.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.datasets import list_sets, read_set
from newsscraper.errors import NewsscraperError
from training.learner import Settings
from training.pipeline import Plan, train_model


def main(argv: list[str] | None = None) -> int:
    """Exit codes: 0 well, 2 bad usage."""
    plan = parse_arguments(argv)
    try:
        train_model(plan)
    except (NewsscraperError, OSError) as error:
        print(f"training: {error}", file=sys.stderr)
        return 2
    return 0


def parse_arguments(argv: list[str] | None) -> Plan:
    """Arguments, checked."""
    defaults = Settings()
    parser = argparse.ArgumentParser(prog="python -m training", description="Train the body classifier.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with a folder for each set")
    parser.add_argument("--set", dest="sets", action="append", metavar="NAME", help="a set (again for more; all)")
    parser.add_argument("--out", type=Path, default=Plan.out, metavar="FILE", help="the weights [%(default)s]")
    parser.add_argument("--folds-out", type=Path, metavar="DIR", help="keep the folds' weights there, for benchmarks")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the figures there as JSON")
    parser.add_argument("--epochs", type=int, default=defaults.epochs, metavar="N", help="[%(default)s]")
    parser.add_argument("--seed", type=int, default=defaults.seed, metavar="N", help="[%(default)s]")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes [%(default)s]")
    parser.add_argument("--fewest-domains", type=int, default=Plan.fewest_domains, metavar="N", help="that use a word")
    args = parser.parse_args(argv)
    known = list_sets(args.data)
    if not known:
        parser.error(f"{args.data}: no folder in it holds a truth.jsonl")
    if unknown := sorted(set(args.sets or []) - set(known)):
        parser.error(f"no such set in {args.data}: {', '.join(unknown)} (there are {', '.join(known)})")
    for name in ("epochs", "jobs", "fewest_domains"):
        if getattr(args, name) < 1:
            parser.error(f"--{name.replace('_', '-')}: expected 1 or more, got {getattr(args, name)}")
    labelled = [page for name in args.sets or known for page in read_set(args.data, name)]
    return Plan(
        pages=labelled,
        out=args.out,
        folds_out=args.folds_out,
        report=args.report,
        settings=Settings(epochs=args.epochs, seed=args.seed),
        jobs=args.jobs,
        fewest_domains=args.fewest_domains,
    )


if __name__ == "__main__":
    sys.exit(main())
