"""Run the core on pages that nobody meant to write, and see whether it keeps its promises.

    python benchmarks/fuzz.py [--pages 10000] [--seed 1] [--jobs 1] [--data DIR] [--time-limit SECONDS] [--json FILE]
    python benchmarks/fuzz.py --seed 1 --start 4711 --pages 1

Pages are made up, or fixtures and labelled pages (`--data`) that are damaged. Each has to give a story that keeps the
rules of its record, or an error of `newsscraper.errors`, within `--seconds-per-page` of processor time; and the
process must not grow. Number N of a seed is the same page in every run, so a run that was stopped goes on with
`--start`. Each finding goes into a folder below `--out`: the page, the smallest page that shows the same fault, the
arguments, the traceback. POSIX systems only. Exit codes: 0 well, 1 findings, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.cases import Case, Corpus
from benchmarks.fuzz_workers import SAMPLES, Finding, Plan, Progress, run
from benchmarks.memory import Growth, fit_growth
from benchmarks.progress import progress

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


@dataclass
class Tally:
    """What a run has seen so far."""

    start: int
    pages: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    """Signature -> how many pages show it."""
    kept: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    """Seconds of processor time, and the number of the case."""
    memory: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """Worker -> its bytes after so many pages."""
    next: dict[int, int] = field(default_factory=dict)
    """Worker -> its next case."""

    def add(self, said: Progress) -> None:
        for number, verdict in said.verdicts:
            self.pages += 1
            self.outcomes[verdict.outcome] += 1
            self.slowest = max(self.slowest, (verdict.seconds, number))
            if verdict.fault:
                self.faults[verdict.fault.signature] += 1
        self.next[said.worker] = said.next
        samples = self.memory[said.worker]
        if said.memory:
            samples.append(((samples[-1][0] if samples else 0) + len(said.verdicts), said.memory))
        else:
            samples.clear()  # another process has taken over

    @property
    def growth(self) -> Growth | None:
        """That of the worker that grows most; None for a run too short to tell."""
        fitted = [growth for samples in self.memory.values() if (growth := fit_growth(samples))]
        return max(fitted, key=lambda growth: growth.bytes_a_page, default=None)

    @property
    def resume_at(self) -> int:
        """`--start` of a run that goes on with this one."""
        return min(self.next.values(), default=self.start)

    @property
    def is_well(self) -> bool:
        return not self.faults and not (self.growth and self.growth.is_a_leak)


def main(argv: list[str] | None = None) -> int:
    """Run the cases, write down the findings, tell what came of it."""
    args = parse_arguments(argv)
    plan = Plan(args.seed, args.seconds_per_page, Corpus.find(FIXTURES, args.data), args.jobs, args.start + args.pages)
    tally = Tally(args.start)
    begin = time.monotonic()
    try:
        with progress(args.pages, "pages") as done:
            for said in run(plan, args.start, begin + args.time_limit):
                tally.add(said)
                write_findings(said.findings, args.out, args.seed, tally)
                for _ in said.verdicts:
                    done()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    report = as_json(tally, args.seed, time.monotonic() - begin)
    print(format_report(report))
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if tally.is_well else 1


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the core on pages that nobody meant to write.")
    parser.add_argument("--pages", type=int, default=10_000, metavar="N", help="how many (default 10000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, other pages (default 1)")
    parser.add_argument("--start", type=int, default=0, metavar="N", help="number of the first page (default 0)")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="processes (default 1)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="labelled pages to damage, beside the fixtures")
    parser.add_argument("--time-limit", type=float, default=float("inf"), metavar="SECONDS", help="for the whole run")
    parser.add_argument(
        "--seconds-per-page", type=float, default=5.0, metavar="SECONDS", help="of processor time (default 5)"
    )
    parser.add_argument("--out", type=Path, default=Path("fuzz-findings"), metavar="DIR", help="folder for findings")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args(argv)
    if args.pages < 1 or args.start < 0 or args.jobs < 1 or args.seconds_per_page <= 0:
        parser.error("--pages, --jobs and --seconds-per-page must be positive, --start at least 0")
    if args.data and not args.data.is_dir():
        parser.error(f"{args.data}: no such folder")
    return args


def write_findings(findings: Iterable[Finding], out: Path, seed: int, tally: Tally) -> None:
    """Each in a folder of its own, unless there are enough of its kind."""
    for finding in findings:
        signature = finding.fault.signature
        tally.kept[signature] += 1
        if tally.kept[signature] > SAMPLES:
            continue
        name = re.sub(r"[^A-Za-z0-9]+", "-", signature).strip("-")[:60]
        folder = out / f"{seed}-{finding.number:07}-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        write_case(folder, "page", finding.case)
        if finding.smallest:
            write_case(folder, "smallest", finding.smallest)
        account = f"{signature}\nseed {seed}, number {finding.number}, {finding.case.source}\n\n{finding.fault.account}"
        (folder / "account.txt").write_text(account, encoding="utf-8", errors="backslashreplace")
        print(f"{signature}: {folder}", file=sys.stderr, flush=True)


def write_case(folder: Path, name: str, case: Case) -> None:
    """The page as bytes (text in UTF-8, lone surrogates kept), and how the core was called."""
    is_text = isinstance(case.page, str)
    page = case.page.encode("utf-8", "surrogatepass") if isinstance(case.page, str) else case.page
    (folder / f"{name}.html").write_bytes(page)
    call = {"call": "extract_text" if case.source == "dump" else "extract", "text": is_text, **case.arguments}
    (folder / f"{name}.json").write_text(json.dumps(call, indent=1) + "\n", encoding="utf-8")


def as_json(tally: Tally, seed: int, seconds: float) -> dict[str, Any]:
    growth = tally.growth
    return {
        "seed": seed,
        "start": tally.start,
        "resume_at": tally.resume_at,
        "pages": tally.pages,
        "seconds": seconds,
        "pages_per_second": tally.pages / seconds,
        "outcomes": dict(tally.outcomes.most_common()),
        "slowest": {"seconds": tally.slowest[0], "number": tally.slowest[1]},
        "memory": None if growth is None else {**growth._asdict(), "is_a_leak": growth.is_a_leak},
        "findings": dict(tally.faults.most_common()),
    }


def format_report(report: dict[str, Any]) -> str:
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in report["outcomes"].items())
    slowest, memory = report["slowest"], report["memory"]
    lines = [
        f"{report['pages']:,} pages of seed {report['seed']} from number {report['start']:,} on, "
        f"{report['pages_per_second']:.0f} a second; go on with --start {report['resume_at']}",
        f"outcomes: {outcomes or 'none'}",
        f"slowest: number {slowest['number']}, {slowest['seconds']:.2f} s",
        "memory: too few pages to tell"
        if memory is None
        else f"memory: {memory['warm'] / 1e6:.0f} MB once warm, {memory['end'] / 1e6:.0f} MB at the end, "
        f"{memory['bytes_a_page']:+.0f} bytes a page{': a leak' if memory['is_a_leak'] else ''}",
    ]
    lines += [f"{count:,} pages: {signature}" for signature, count in report["findings"].items()]
    return "\n".join([*lines, *([] if report["findings"] else ["no findings"])])


if __name__ == "__main__":
    sys.exit(main())
