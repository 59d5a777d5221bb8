"""`newsscraper crawl`: what it hands to the crawl, what it says of the runs, how it ends."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from newsscraper.crawl import run


@dataclass
class Summary:
    site: str = "own.example"
    stories: int = 3
    duplicates: int = 1
    requests: int = 12
    failures: int = 0
    seconds: float = 1.234
    files: list = field(default_factory=list)
    exit_code: int = 0
    finish_reason: str = "finished"
    problems: list = field(default_factory=list)


@pytest.fixture
def crawled(monkeypatch):
    """What the crawl was called with; `crawled["summaries"]` is what it answers."""
    calls = {"summaries": [Summary()]}

    def crawl(targets, **options):
        calls.update(options, targets=targets)
        return calls["summaries"]

    monkeypatch.setattr(run, "crawl", crawl)
    return calls


def test_everything_is_handed_on(invoke, crawled, tmp_path):
    result = invoke(
        *("crawl", "islamtimes", "https://any.example/", "--corpus", tmp_path / "c", "-a", "since=2022-01-01"),
        *("-s", "DOWNLOAD_DELAY=2", "-s", "X=a=b", "-s", "X=c=d", "-a", "empty="),
    )
    assert result.exit_code == 0
    assert crawled["targets"] == ["islamtimes", "https://any.example/"]
    assert crawled["corpus"] == tmp_path / "c"
    assert crawled["arguments"] == {"since": "2022-01-01", "empty": ""}
    assert crawled["settings"] == {"DOWNLOAD_DELAY": "2", "X": "c=d"}
    assert crawled["quiet"] is False


def test_corpus_by_default(invoke, crawled):
    invoke("crawl", "islamtimes", "-q")
    assert crawled["corpus"] == Path("corpus")
    assert crawled["quiet"] is True


def test_own_profiles_reach_the_crawl(invoke, crawled, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"own-{folder}.toml").write_text(
            f'hosts = ["{folder}.example"]\n[evidence]\nhosts = {{ seen_live = true, source = "made up" }}\n'
        )
    own = ("--sites-dir", tmp_path / "a", "--sites-dir", tmp_path / "b")
    result = invoke("crawl", "own-a", "own-b", *own, "-s", "NEWSSCRAPER_SITES=/c")
    assert result.exit_code == 0
    assert crawled["settings"]["NEWSSCRAPER_SITES"].split(os.pathsep) == ["/c", f"{tmp_path}/a", f"{tmp_path}/b"]


def test_summary(invoke, crawled):
    crawled["summaries"] = [
        Summary(files=["stories/own.example/1.jsonl"], problems=["robots.txt \x1b[31m refused"], exit_code=4),
        Summary(site="b.example", stories=1, exit_code=1, failures=2),
    ]
    result = invoke("crawl", "https://own.example/", "https://b.example/")
    assert result.exit_code == 4
    assert result.stdout.splitlines() == [
        "own.example: 3 stories, 1 duplicate, 12 requests, 0 failures in 1.2 s (finished)",
        "  problem: robots.txt \\x1b[31m refused",
        "  stories/own.example/1.jsonl",
        "b.example: 1 story, 1 duplicate, 12 requests, 2 failures in 1.2 s (finished)",
    ]


def test_quiet_says_nothing_and_ends_the_same(invoke, crawled):
    crawled["summaries"] = [Summary(exit_code=3)]
    result = invoke("crawl", "islamtimes", "--quiet")
    assert (result.exit_code, result.stdout) == (3, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument"),
        (("islamtime",), "did you mean 'islamtimes'?"),
        (("islamtimes.org",), "expected a profile's name or an http or https URL, got 'islamtimes.org'"),
        (("ftp://islamtimes.org/",), "expected a profile's name or an http or https URL"),
        (("islamtimes", "-a", "since"), "expected NAME=VALUE, got 'since'"),
        (("islamtimes", "-s", "=1"), "expected NAME=VALUE, got '=1'"),
    ],
)
def test_bad_usage_crawls_nothing(invoke, crawled, arguments, message):
    result = invoke("crawl", *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert "targets" not in crawled
