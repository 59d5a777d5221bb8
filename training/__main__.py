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

from benchmarks.processes import ONE_THREAD

os.environ.update({**ONE_THREAD, **os.environ})  # read when NumPy is loaded

from benchmarks.arguments import at_least_one, choose_sets
from benchmarks.datasets import read_set
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
    parser.add_argument(
        "--seed", type=int, default=defaults.seed, metavar="N", help="of all that is random [%(default)s]"
    )
    for option, default, what in (
        ("--epochs", defaults.epochs, "times that each page is seen"),
        ("--jobs", os.cpu_count() or 1, "processes"),
        ("--fewest-domains", Plan.fewest_domains, "domains that have to use a word before it is learnt"),
    ):
        parser.add_argument(option, type=at_least_one, default=default, metavar="N", help=f"{what} [%(default)s]")
    args = parser.parse_args(argv)
    sets = choose_sets(parser, args.data, args.sets)
    return Plan(
        pages=[page for name in sets for page in read_set(args.data, name)],
        out=args.out,
        folds_out=args.folds_out,
        report=args.report,
        settings=Settings(epochs=args.epochs, seed=args.seed),
        jobs=args.jobs,
        fewest_domains=args.fewest_domains,
    )


if __name__ == "__main__":
    sys.exit(main())
