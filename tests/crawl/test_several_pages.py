"""Stories that their site prints on several pages: one story, one record."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping

import pytest

from newsscraper.store import folder_of
from tests.crawl.runs import run_python
from tests.crawl.small_site import PARAGRAPH, Reply, SmallSite, list_page
from tests.crawl.test_small_sites import SCRIPT, Pages, Result

OWN = "/news/1001/ferry"
TITLE = "The ferry is late again"
LEAD = "A boat that never keeps its hours now has a timetable all the same."
END = "And so, on a morning without wind, the ferry sailed at nine, as it had been written on the board."
NOTE = "This report is the second of three on the boats of the northern sound, printed here since the spring."
ROBOTS = "User-agent: *\nDisallow: /news/1001/ferry?page=3\n"


def text_of(number: int) -> list[str]:
    return [f"On page {number}, in part {part}, the ferry waits. {PARAGRAPH}".strip() for part in (1, 2, 3)]


def page(number: int, *links: str, title: str = TITLE, texts: list[str] | None = None) -> str:
    """A page of the story: its headline, lead and closing note stand on each."""
    text = "".join(f"<p>{each}</p>" for each in (text_of(number) if texts is None else texts))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta property="article:published_time" content="2024-03-05T10:00:00+00:00">'
        f'</head><body><article><h1>{title}</h1><p class="lead">{LEAD}</p>{text}<p>{NOTE}</p>'
        f'<div class="pagination">{"".join(links)}</div></article></body></html>'
    )


def link(number: int, href: str | None = None) -> str:
    return f'<a href="{href or f"{OWN}?page={number}"}">{number}</a>'


def pages_of(last: int) -> dict[str, str]:
    """A story on `last` pages, each of which links to all others."""
    every = [link(1, OWN), *(link(number) for number in range(2, last + 1))]
    return {OWN if n == 1 else f"{OWN}?page={n}": page(n, *every[: n - 1], *every[n:]) for n in range(1, last + 1)}


def front(*hrefs: str) -> dict[str, str]:
    return {"/": list_page(*hrefs)}


def three(_: str) -> Pages:
    return front(OWN) | pages_of(3)


def bare_numbers(_: str) -> Pages:
    pages = {OWN: page(1, link(2, f"{OWN}/2")), f"{OWN}/2": page(2, link(1, OWN))}
    return front(f"{OWN}/2") | pages


def linked_later(_: str) -> Pages:
    return front(f"{OWN}?page=2") | pages_of(3)


def broken(_: str) -> Pages:
    return front(OWN) | pages_of(3) | {f"{OWN}?page=3": Reply("broken", status=500)}


def gone(_: str) -> Pages:
    pages = front(OWN) | pages_of(3)
    del pages[f"{OWN}?page=2"]
    return pages


def forbidden_page(_: str) -> Pages:
    return {"/robots.txt": Reply(ROBOTS, headers={"Content-Type": "text/plain"})} | front(OWN) | pages_of(3)


def endless(_: str) -> Pages:
    def reply(path: str) -> str | None:
        asked = re.fullmatch(rf"{OWN}(?:\?page=(\d+))?", path)
        number = int(asked[1] or 1) if asked else 0
        return page(number, link(number + 1)) if asked else front(OWN).get(path)

    return reply


def repeating(_: str) -> Pages:
    def reply(path: str) -> str | None:
        asked = re.fullmatch(rf"{OWN}(?:\?page=(\d+))?", path)
        number = int(asked[1] or 1) if asked else 0
        return page(1, link(number + 1)) if asked else front(OWN).get(path)

    return reply


def looping(_: str) -> Pages:
    back = Reply(status=302, headers={"Location": OWN})
    return front(OWN) | {OWN: page(1, link(2)), f"{OWN}?page=2": back}


def away(_: str) -> Pages:
    other = Reply(status=302, headers={"Location": "/news/1002/dredger"})
    dredger = page(7, title="The dredger has come at last")
    return front(OWN) | {OWN: page(1, link(2)), f"{OWN}?page=2": other, "/news/1002/dredger": dredger}


def on_one_page(_: str) -> Pages:
    whole = page(1, texts=[text for number in (1, 2, 3) for text in text_of(number)])
    single = '<a href="/news/1001/ferry?view=all">Single page</a>'
    first = page(1, link(2), single)
    return front(OWN) | pages_of(3) | {OWN: first, f"{OWN}?view=all": whole}


def short_end(_: str) -> Pages:
    end = page(2, link(1, OWN), texts=[END]).replace(f"<p>{NOTE}</p>", "")
    return front(OWN) | {OWN: page(1, link(2)), f"{OWN}?page=2": end}


def next_story(_: str) -> Pages:
    following = '<link rel="next" href="/news/1002/dredger">'
    return front(OWN) | {OWN: page(1, following), "/news/1002/dredger": page(7, title="The dredger has come at last")}


SITES: Mapping[str, Callable[[str], Pages]] = {
    each.__name__: each
    for each in (
        three,
        bare_numbers,
        linked_later,
        broken,
        gone,
        forbidden_page,
        endless,
        repeating,
        looping,
        away,
        on_one_page,
        short_end,
        next_story,
    )
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp("several-pages")
    with contextlib.ExitStack() as stack:
        sites = {name: stack.enter_context(SmallSite({})) for name in SITES}
        for name, site in sites.items():
            site.serve(SITES[name](site.url.rstrip("/")))
        settings = {"RETRY_TIMES": "0", "NEWSSCRAPER_MAX_PAGES_PER_STORY": "5"}
        run = run_python(
            folder, SCRIPT.format(targets=[site.url for site in sites.values()], quiet=True, settings=settings)
        )
    assert run.code == 0, run.log
    summaries = json.loads(run.output)
    found = {}
    for (name, site), summary in zip(sites.items(), summaries, strict=True):
        (report,) = (folder / "corpus" / "runs" / folder_of(site.address)).glob("*.json")
        lines = [
            json.loads(line)
            for file in summary["files"]
            for line in (folder / "corpus" / file).read_text("utf-8").splitlines()
        ]
        found[name] = Result(site.asked, summary, json.loads(report.read_text("utf-8")), lines)
    return found


def body(*numbers: int, note: bool = True) -> list[str]:
    """The paragraphs of these pages, the closing note where it stood first."""
    first, *rest = numbers
    return [*text_of(first), *([NOTE] if note else []), *(text for number in rest for text in text_of(number))]


@pytest.mark.parametrize(
    ("name", "numbers", "complete"),
    [
        ("three", (1, 2, 3), True),
        ("bare_numbers", (1, 2), True),
        ("linked_later", (1, 2, 3), True),
        ("broken", (1, 2), False),
        ("gone", (1,), False),
        ("forbidden_page", (1, 2), False),
        ("endless", (1, 2, 3, 4, 5), False),
        ("repeating", (1,), False),
        ("looping", (1,), False),
        ("on_one_page", (1, 2, 3), True),
    ],
)
def test_one_story_one_record(results: dict[str, Result], name: str, numbers: tuple[int, ...], complete: bool) -> None:
    (line,) = results[name].lines
    assert sorted(line["body"].split("\n\n")) == sorted(body(*numbers))
    assert [text for text in line["body"].split("\n\n") if text != NOTE] == body(*numbers, note=False)
    assert (line["title"], line["lead"], line["complete"]) == (TITLE, LEAD, complete)
    assert line["url"].endswith(OWN)


def test_each_page_is_asked_once(results: dict[str, Result]) -> None:
    asked = results["three"].asked
    assert sorted(path for path in asked if path.startswith(OWN)) == sorted([OWN, f"{OWN}?page=2", f"{OWN}?page=3"])
    assert results["three"].counts["further_pages"] == 2


@pytest.mark.parametrize(
    ("name", "count", "exit_code"),
    [
        ("broken", "failed:http_500", 1),
        ("gone", "failed:further_page_gone", 1),
        ("forbidden_page", "robots", 0),
        ("endless", "bounded:pages_per_story", 0),
        ("repeating", "further_page_repeats", 0),
        ("looping", "further_page_loops", 0),
        ("away", "failed:further_page_elsewhere", 1),
    ],
)
def test_what_is_missing_is_counted(results: dict[str, Result], name: str, count: str, exit_code: int) -> None:
    counts = results[name].counts
    assert (counts[count], counts["unfinished"]) == (1, 1)
    assert results[name].summary["exit_code"] == exit_code


def test_a_forbidden_page_is_not_asked(results: dict[str, Result]) -> None:
    assert f"{OWN}?page=3" not in results["forbidden_page"].asked


def test_an_endless_story_ends(results: dict[str, Result]) -> None:
    assert sum(path.startswith(OWN) for path in results["endless"].asked) == 5
    assert sum(path.startswith(OWN) for path in results["repeating"].asked) == 2


def test_the_view_on_one_page_saves_the_others(results: dict[str, Result]) -> None:
    assert f"{OWN}?page=2" not in results["on_one_page"].asked


def test_a_last_page_may_be_short(results: dict[str, Result]) -> None:
    (line,) = results["short_end"].lines
    assert line["body"].endswith(END)
    assert line["complete"] is True


def test_the_next_story_is_no_further_page(results: dict[str, Result]) -> None:
    lines = results["next_story"].lines
    assert sorted(line["title"] for line in lines) == ["The dredger has come at last", TITLE]
    assert all(line["complete"] for line in lines)
    assert "further_pages" not in results["next_story"].counts
