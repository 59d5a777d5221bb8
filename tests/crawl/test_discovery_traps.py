"""A site that is all traps: what each of them costs, counted at the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

import pytest

from tests.crawl.runs import Run, run_scrapy
from tests.crawl.small_site import SmallSite, list_page, story_page

STORIES = 24
FACETS = {"topic": "abcde", "place": "fghij", "sort": "klm", "view": "nop"}
PATHS = [f"/news/{70_000 + number}/the-ferry-is-late" for number in range(STORIES)]


def links(*hrefs: str) -> str:
    return "".join(f'<a href="{href}">{href}</a>' for href in hrefs)


class Traps:
    """Every page leads into every trap, and lists stories that are known."""

    def __init__(self) -> None:
        self._visits = count()

    def __call__(self, path: str) -> str | None:
        plain = path.partition("?")[0].partition(";")[0]
        if plain == "/":
            return list_page(*map(self._noisy, PATHS)) + self._ways()
        if plain in PATHS:
            return story_page(f"The ferry of line {PATHS.index(plain)} is late", more=self._ways())
        head = plain.split("/")[1]
        traps: dict[str, Callable[[str], str]] = {
            "find": self._facets,
            "shop": self._folders,
            "days": self._calendar,
            "months": self._months,
            "all": self._offsets,
            "deep": lambda path: list_page(PATHS[1], f"{path}a/", f"{path}b/"),
        }
        return traps[head](path) if head in traps else None

    def _noisy(self, path: str) -> str:
        """Another visit at each sight, under a name that no list of ours has."""
        return f"{path}?visit={sha256(str(next(self._visits)).encode()).hexdigest()[:16]}"

    def _ways(self) -> str:
        jsession = f"{PATHS[2]};jsessionid={next(self._visits):016x}"
        traps = ("/find?topic=a", "/shop/topic-a/", "/days/2024-03-01", "/months?m=1", "/all", "/deep/")
        return links(*traps, jsession, *map(self._noisy, PATHS), *(f"{path}?utm_source=side" for path in PATHS[:3]))

    def _chosen(self, path: str) -> Iterator[list[str]]:
        random = Random(path)
        for _ in range(12):
            yield [f"{name}{{}}{random.choice(values)}" for name, values in FACETS.items() if random.random() < 0.8]

    def _facets(self, path: str) -> str:
        return list_page(*PATHS[:5], *("/find?" + "&".join(each).format(*"====") for each in self._chosen(path)))

    def _folders(self, path: str) -> str:
        return list_page(*PATHS[:5], *("/shop/" + "/".join(each).format(*"----") for each in self._chosen(path)))

    def _calendar(self, path: str) -> str:
        day = date.fromisoformat(path[6:16])
        return list_page(*PATHS[:3], *(f"/days/{day + timedelta(step)}" for step in (-30, -7, -1, 1, 7, 30)))

    def _months(self, path: str) -> str:
        month = int(path.partition("m=")[2])
        return list_page(*PATHS[:3], f"/months?m={month + 1}", f"/months?m={month - 1}")

    def _offsets(self, path: str) -> str:
        offset = int(path.partition("offset=")[2] or 0)
        following = f"/all?offset={offset + 6}"
        return list_page(*PATHS[offset : offset + 6], following, more=f'<link rel="next" href="{following}">')


@dataclass(frozen=True)
class Trapped:
    run: Run
    asked: list[str]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Trapped:
    folder: Path = tmp_path_factory.mktemp("traps")
    with SmallSite(Traps()) as site:
        run = run_scrapy(folder, "crawl", "news", "-a", f"url={site.url}", "-O", "out.jsonl")
        return Trapped(run, list(site.asked))


def test_every_story_once(trapped: Trapped) -> None:
    titles = Counter(line["title"] for line in trapped.run.lines)
    assert titles == {f"The ferry of line {number} is late": 1 for number in range(STORIES)}


@pytest.mark.parametrize(
    ("trap", "most"), [("find", 15), ("shop", 40), ("days", 25), ("months", 15), ("all", 10), ("deep", 35)]
)
def test_a_trap_costs_few_requests(trapped: Trapped, trap: str, most: int) -> None:
    asked = [path for path in trapped.asked if path.split("?")[0].split("/")[1] == trap]
    assert 1 <= len(asked) <= most


def test_the_report_counts_what_was_stopped(trapped: Trapped) -> None:
    counts = trapped.run.report["counts"]
    assert counts["bounded:barren"] > 0
    assert counts["bounded:second_address"] > 0


def test_sessions_and_sources_cost_next_to_nothing_beyond_the_first_sight(trapped: Trapped) -> None:
    of_stories = [path for path in trapped.asked if path.startswith("/news/")]
    # What was under way when the third story came back under another address.
    assert len(of_stories) <= STORIES + 3 + 16
    assert sum("jsessionid" in path for path in of_stories) <= 1
    assert not any("utm_source" in path for path in of_stories if path.split("?")[0] not in PATHS[:3])
