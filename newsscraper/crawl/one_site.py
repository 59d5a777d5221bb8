"""What the process of one site does: it is told on standard input what to crawl, and leaves its summaries in a file."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from pathlib import Path

from newsscraper.crawl.apart import Job
from newsscraper.crawl.summary import MISUSED, RunSummary, without_report
from newsscraper.errors import NewsscraperError


def main() -> None:
    """Crawl, and write down what came of it."""
    # Until Scrapy heeds it: to end without a word is for who began this one to tell.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    job: Job = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    summaries = crawl_job(job)
    Path(job.answer).write_bytes(pickle.dumps(summaries))


def crawl_job(job: Job) -> list[RunSummary]:
    """Its summaries, also where it could not start."""
    from newsscraper.crawl.run import crawl  # noqa: PLC0415 - Scrapy is slow to import, and signals are heeded first

    try:
        return crawl(
            [job.target] if job.target else [],
            corpus=job.corpus,
            arguments=job.arguments,
            settings=job.settings,
            quiet=job.quiet,
        )
    except NewsscraperError as fault:
        return [without_report(job.label, "not_started", str(fault), exit_code=MISUSED)]


def _end_with_parent() -> None:
    """Whoever began this crawl has died: it ends as if asked to, and keeps what it has."""
    # Not by sys.stdin, whose lock would be missed when this process ends before the other.
    while os.read(0, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
