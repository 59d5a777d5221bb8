"""The fuzzer: the same pages by seed, faults seen and made small, hangs ended, growth told."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks import cases, fuzz, fuzz_workers, judging
from benchmarks.cases import Case, Corpus, make_case
from benchmarks.contract import find_breaches
from benchmarks.fuzz_workers import Plan
from benchmarks.judging import judge, minimise
from benchmarks.memory import fit_growth
from benchmarks.mutations import MUTATIONS, mutate
from newsscraper import Story
from newsscraper.errors import NotAStory

CORPUS = Corpus.find(fuzz.FIXTURES, None)
STORY = Story(
    title="Sand is back",
    date="2022-03-30T21:50+04:30",
    date_utc="2022-03-30T17:20:00Z",
    date_raw="30 March 2022",
    body="One.\n\nTwo.",
    tags=["harbour"],
    confidence=0.5,
)


def broken(page: str) -> Case:
    return Case("made up", page, {"url": None, "fetched_at": None, "profile": None, "force": False, "charset": None})


def test_the_same_number_is_the_same_page() -> None:
    made = [make_case(7, number, CORPUS) for number in range(40)]
    assert made[::-1] == [make_case(7, number, CORPUS) for number in reversed(range(40))]
    assert made != [make_case(8, number, CORPUS) for number in range(40)]
    assert {"made up", "fixture", "dump"} <= {case.source for case in made}


def test_labelled_pages_are_damaged_too(tmp_path: Path) -> None:
    (tmp_path / "ads" / "html").mkdir(parents=True)
    (tmp_path / "ads" / "html" / "0000.html.gz").write_bytes(gzip.compress(b"<p>One</p>" * 99))
    corpus = Corpus.find(fuzz.FIXTURES, tmp_path)
    assert "labelled" in {make_case(1, number, corpus).source for number in range(60)}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_mutations(mutation: Any) -> None:
    page = b'<html><meta charset="utf-8"><p class="lead" id=x>One 12</p><div>\xc3\xa9</div></html>'
    mutated = {mutation(page, Random(seed), lambda: b"<b>other</b>") for seed in range(40)}
    assert len(mutated) > 5
    assert all(isinstance(one, bytes) for one in mutated)
    assert isinstance(mutation(b"", Random(1), lambda: b""), bytes)


def test_mutations_follow_the_seed() -> None:
    page = b"<p>One</p>" * 50
    assert mutate(page, Random(3), lambda: page) == mutate(page, Random(3), lambda: page)


def test_a_story_that_keeps_its_rules() -> None:
    assert find_breaches(STORY, "2022-03-31") == []


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"body": "One.\n\n\n\nTwo."}, "body"),
        ({"body": "One. \n\nTwo."}, "body"),
        ({"body": "One\x07."}, "body"),
        ({"body": "One\r\nTwo."}, "body"),
        ({"body": "e\u0301"}, "body"),
        ({"title": "Sand\nis back"}, "title"),
        ({"title": "Sand \ud83d"}, "title"),
        ({"tags": ["harbour", "harbour"]}, "tags"),
        ({"confidence": 1.5}, "confidence"),
        ({"confidence": float("nan")}, "record"),
        ({"date": "2022-02-30", "date_utc": None}, "date"),
        ({"date_utc": None}, "date_utc"),
        ({"date_utc": "2022-03-30T21:50:00Z"}, "date_utc"),
        ({"date_raw": None}, "date_raw"),
        ({"lead": "One."}, "lead"),
        ({"lead": "  "}, "lead"),
        ({"images": [{"url": "https://e.example/1.jpg", "caption": None}] * 2}, "images"),
    ],
)
def test_a_story_that_breaks_one(changes: dict[str, Any], key: str) -> None:
    assert key in {breach.split(":")[0] for breach in find_breaches(dataclasses.replace(STORY, **changes), None)}


def test_a_date_after_the_fetch() -> None:
    assert find_breaches(STORY, "2022-03-29") == []  # it may be tomorrow elsewhere
    assert [breach.split(":")[0] for breach in find_breaches(STORY, "2022-03-28")] == ["date"]


def fail_on(monkeypatch: pytest.MonkeyPatch, what: Any) -> None:
    monkeypatch.setattr(cases, "extract", what)


def test_an_error_of_our_own_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(page: Any, **arguments: Any) -> Story:
        raise NotAStory("empty", "nothing")

    fail_on(monkeypatch, refuse)
    verdict = judge(broken("x"), 5)
    assert (verdict.outcome, verdict.fault) == ("NotAStory", None)


def test_another_error_is_one_and_the_page_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(page: Any, **arguments: Any) -> Story:
        if "bad" in page and arguments["fetched_at"]:
            raise KeyError("bad")
        return STORY

    fail_on(monkeypatch, stumble)
    case = broken("x" * 700 + "bad" + "y" * 900)
    case = dataclasses.replace(case, arguments={**case.arguments, "fetched_at": "2022-03-30", "charset": "utf-8"})
    fault = judge(case, 5).fault
    assert fault is not None
    assert "KeyError: 'bad'" in fault.account
    smallest = minimise(case, fault, 5)
    assert smallest.page == "bad"
    assert (smallest.arguments["fetched_at"], smallest.arguments["charset"]) == ("2022-03-30", None)


def test_a_page_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(page: Any, **arguments: Any) -> Story:
        while True:
            pass

    fail_on(monkeypatch, hang)
    fault = judge(broken("x"), 0.05).fault
    assert fault is not None
    assert fault.signature.startswith("TooSlow")


def test_a_story_with_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_on(monkeypatch, lambda page, **arguments: dataclasses.replace(STORY, title=""))
    verdict = judge(broken("x"), 5)
    assert verdict.outcome == "story"
    assert verdict.fault is not None
    assert verdict.fault.signature == "story title"


def run(tmp_path: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    figures = tmp_path / "figures.json"
    code = fuzz.main([*arguments, "--json", str(figures), "--out", str(tmp_path / "findings")])
    return code, json.loads(figures.read_text())


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, report = run(tmp_path, "--pages", "30", "--start", "11", "--seed", "5")
    assert (report["pages"], report["resume_at"], sum(report["outcomes"].values())) == (30, 41, 30)
    assert "go on with --start 41" in capsys.readouterr().out
    _, nothing = run(tmp_path, "--pages", "30", "--time-limit", "0")
    assert (nothing["pages"], nothing["resume_at"]) == (0, 0)


def test_findings_are_written_down(tmp_path: Path) -> None:
    case = broken("some <p>page \ud800")
    finding = fuzz_workers.Finding(12, judging.Fault("KeyError text.fold", "Traceback"), case, broken("<p>"))
    tally = fuzz.Tally(0)
    for _ in range(fuzz_workers.SAMPLES + 2):
        fuzz.write_findings([finding], tmp_path, 4, tally)
    (folder,) = tmp_path.iterdir()
    assert folder.name == "4-0000012-KeyError-text-fold"
    assert (folder / "smallest.html").read_bytes() == b"<p>"
    assert json.loads((folder / "page.json").read_text())["call"] == "extract"
    assert "seed 4, number 12" in (folder / "account.txt").read_text()


@pytest.mark.parametrize("ending", ["hang", "exit"])
def test_a_process_that_hangs_or_dies_is_replaced(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_workers, "_work", hang_once if ending == "hang" else die_once)
    monkeypatch.setattr(fuzz_workers, "PATIENCE", 1.0)
    plan = Plan(1, 0.2, CORPUS, 1, 3)
    said = list(fuzz_workers.run(plan, 0, time.monotonic() + 60))
    stopped = [finding for progress in said for finding in progress.findings]
    assert [finding.number for finding in stopped] == [1]
    assert stopped[0].fault.signature.split(":")[0] == ("Stopped" if ending == "hang" else "Crashed")
    assert [number for progress in said for number, _ in progress.verdicts] == [0, 1, 2]


def hang_once(task: Any, state: Any, pipe: Any) -> None:
    for number in task.numbers:
        state[0], state[1] = number, time.monotonic()
        time.sleep(60 if number == 1 else 0)
        pipe.send(fuzz_workers.Progress(0, number + 1, [(number, judging.Verdict("story", 0.0, None))], [], 1))


def die_once(task: Any, state: Any, pipe: Any) -> None:
    for number in task.numbers:
        state[0], state[1] = number, time.monotonic()
        if number == 1:
            os._exit(9)
        pipe.send(fuzz_workers.Progress(0, number + 1, [(number, judging.Verdict("story", 0.0, None))], [], 1))


def test_growth() -> None:
    steady = [(50 * i, 200_000_000 + 1000 * (i % 7)) for i in range(100)]
    leaking = [(50 * i, 200_000_000 + 2_000_000 * i) for i in range(100)]
    assert fit_growth(steady[:20]) is not None
    assert not fit_growth(steady).is_a_leak  # type: ignore[union-attr]
    assert fit_growth(leaking).is_a_leak  # type: ignore[union-attr]
    assert fit_growth(leaking).bytes_a_page == pytest.approx(40_000)  # type: ignore[union-attr]
    assert fit_growth(leaking[:10]) is None


@pytest.mark.parametrize("arguments", [["--pages", "0"], ["--jobs", "0"], ["--start", "-1"], ["--data", "/no/such"]])
def test_bad_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        fuzz.main(arguments)
    assert stopped.value.code == 2
