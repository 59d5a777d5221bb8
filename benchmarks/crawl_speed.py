"""Pages a second and processor time a page: the same pages, from the same server, with the same settings for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.crawl_rivals import NO_PICTURES, Command, count_records, list_output
from benchmarks.crawl_runs import Cost, run_command
from benchmarks.loopback import Answer, Answers, Loopback

_WARM = 1
"""Pages of a run whose time is taken off: what it costs to start and to end."""


@dataclass(frozen=True)
class Load:
    """What every crawler reads."""

    files: Sequence[Path]
    """Packed pages."""
    latency: float
    """Seconds that each answer waits."""
    at_once: int
    """Requests under way."""


@dataclass(frozen=True)
class Speed:
    """Of one crawler; medians over the rounds."""

    name: str
    seconds: float
    """From its first request to the last change of what it wrote."""
    pages_a_second: float
    cpu_a_page: float
    """Seconds, without what a run of one page takes."""
    peak: int
    written: int
    """Records, or items of Scrapy's."""


class PageAnswers:
    """The pages under made-up story addresses, and a robots.txt that allows them."""

    def __init__(self, files: Sequence[Path], latency: float) -> None:
        import gzip  # noqa: PLC0415 - in the server's process

        self._pages = {f"/news/{number}": gzip.decompress(file.read_bytes()) for number, file in enumerate(files)}
        self._latency = latency

    def __call__(self, path: str, base: str) -> Answer:
        if path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow:\n", "text/plain")
        if (page := self._pages.get("/".join(path.split("/", 3)[:3]))) is None:
            return Answer(b"", status=404, latency=self._latency)
        return Answer(page, latency=self._latency, counts=True)


def make_pages(files: Sequence[Path], latency: float) -> Answers:
    return PageAnswers(files, latency)


def measure_speeds(
    crawlers: Mapping[str, Command], load: Load, folder: Path, rounds: int, done: Callable[[], None]
) -> list[Speed]:
    """Each crawler so many times, taking turns. Raises `RuntimeError` for one that does not read all pages."""
    speeds: dict[str, list[Speed]] = {name: [] for name in crawlers}
    count = len(load.files)
    with Loopback(partial(make_pages, load.files, load.latency)) as server:
        for turn in range(rounds):
            for name, words_of in crawlers.items():
                place = folder / f"{turn}-{name.replace(' ', '-').replace(',', '')}"
                few = _run(server, place.with_name(f"{place.name}-few"), words_of, _WARM, load.at_once)
                many = _run(server, place, words_of, count, load.at_once)
                speeds[name].append(_compare(name, few, many, count))
                done()
    return [_middle(found) for found in speeds.values()]


@dataclass(frozen=True)
class _Run:
    cost: Cost
    seconds: float
    pages: int
    written: int


def _run(server: Loopback, folder: Path, words_of: Command, count: int, at_once: int) -> _Run:
    folder.mkdir(parents=True)
    urls = folder / "urls.txt"
    urls.write_text("".join(f"{server.url}news/{number}/a-story-of-{number}\n" for number in range(count)))
    server.take_figures()
    cost = run_command(words_of(urls, folder, at_once), folder / "log.txt", folder, NO_PICTURES)
    figures = server.take_figures()
    if cost.code not in (0, 1) or figures.pages < count:
        end = (folder / "log.txt").read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{folder.name}: ended with {cost.code} after {figures.pages} of {count} pages:\n{end}")
    written = max(file.stat().st_mtime for file in list_output(folder))
    return _Run(cost, written - figures.first, figures.pages, count_records(folder))


def _compare(name: str, few: _Run, many: _Run, count: int) -> Speed:
    return Speed(
        name=name,
        seconds=many.seconds,
        pages_a_second=count / many.seconds,
        cpu_a_page=(many.cost.cpu - few.cost.cpu) / max(1, count - _WARM),
        peak=many.cost.peak,
        written=many.written,
    )


def _middle(found: list[Speed]) -> Speed:
    return Speed(
        name=found[0].name,
        seconds=median(each.seconds for each in found),
        pages_a_second=median(each.pages_a_second for each in found),
        cpu_a_page=median(each.cpu_a_page for each in found),
        peak=max(each.peak for each in found),
        written=found[0].written,
    )
