"""`newsscraper crawl`: what it hands to the crawl, what it says of the runs, how it ends."""

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsscraper.crawl import run
from newsscraper.crawl.summary import RunSummary


def summary(**changes):
    usual = {"site": "own.example", "stories": 3, "duplicates": 1, "requests": 12, "failures": 0, "seconds": 1.234}
    ended = {"files": [], "exit_code": 0, "finish_reason": "finished", "problems": []}
    return RunSummary(**(usual | ended | changes))


@pytest.fixture
def crawled(monkeypatch):
    """What the crawl was called with; `crawled["summaries"]` is what it answers."""
    calls = {"summaries": [summary()]}

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
        summary(files=["stories/own.example/1.jsonl"], problems=["robots.txt \x1b[31m refused"], exit_code=4),
        summary(site="b.example", stories=1, exit_code=1, failures=2),
    ]
    result = invoke("crawl", "https://own.example/", "https://b.example/")
    assert result.exit_code == 4
    assert result.stdout.splitlines() == [
        "own.example: 3 stories, 1 duplicate, 12 requests, 0 failures in 1.2 s (finished)",
        "  problem: robots.txt \\x1b[31m refused",
        f"  {Path('corpus') / 'stories/own.example/1.jsonl'}",
        "b.example: 1 story, 1 duplicate, 12 requests, 2 failures in 1.2 s (finished)",
        "2 sites: 4 stories, 24 requests, 2 failures",
        "not well: own.example (exit 4), b.example (exit 1)",
    ]


def test_several_sites_that_are_well(invoke, crawled):
    crawled["summaries"] = [summary(), summary(site="b.example")]
    result = invoke("crawl", "https://own.example/", "https://b.example/")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "2 sites: 6 stories, 24 requests, 0 failures"


def test_the_gravest_exit_code_wins(invoke, crawled):
    lost = "date: the share of stories that have it fell from 100% (the run before) to 0% (0 of 12)"
    crawled["summaries"] = [summary(exit_code=1), summary(site="b.example", exit_code=3, problems=[lost])]
    result = invoke("crawl", "https://own.example/", "https://b.example/")
    assert result.exit_code == 3
    assert f"  problem: {lost}" in result.stdout.splitlines()


def test_sites_at_a_time(invoke, crawled):
    invoke("crawl", "https://own.example/", "https://b.example/", "--jobs", "7")
    assert crawled["jobs"] == 7


def test_quiet_says_nothing_where_all_is_well(invoke, crawled):
    result = invoke("crawl", "islamtimes", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_quiet_says_each_problem_in_a_line(invoke, crawled):
    crawled["summaries"] = [
        summary(exit_code=4, problems=["no story was found: \x1b[31m", "1 refused by the site: http_403"]),
        summary(site="well.example"),
        summary(site="b.example", exit_code=1, problems=["1 no URL (urls.txt:7: 'x\n')"]),
    ]
    result = invoke("crawl", "islamtimes", "--quiet")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.splitlines() == [
        "own.example: no story was found: \\x1b[31m",
        "own.example: 1 refused by the site: http_403",
        "b.example: 1 no URL (urls.txt:7: 'x\\x0a')",
    ]


def test_quiet_leaves_the_failures_of_a_run(spawn, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        done = spawn("crawl", url, "--quiet", "-s", "RETRY_TIMES=0", "--corpus", tmp_path / "corpus")
    site = urlsplit(url).netloc
    assert (done.returncode, done.stdout) == (1, b"")
    first, second = done.stderr.decode().splitlines()
    assert first == f"{site}: no story was found: the site gave no usable answer"
    assert second.startswith(f"{site}: 1 failed: connection_refused ({url} (robots.txt: ")


def test_the_summary_names_the_corpus_that_a_setting_names(invoke, crawled, tmp_path):
    crawled["summaries"] = [summary(files=["stories/own.example/1.jsonl"])]
    result = invoke("crawl", "islamtimes", "-s", f"NEWSSCRAPER_CORPUS={tmp_path}")
    assert crawled["corpus"] == tmp_path
    assert result.stdout.splitlines()[1] == f"  {tmp_path / 'stories/own.example/1.jsonl'}"


def test_without_a_target_the_arguments_say_it(invoke, crawled):
    assert invoke("crawl", "-a", "urls=list.txt").exit_code == 0
    assert crawled["targets"] == []
    assert crawled["arguments"] == {"urls": "list.txt"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing to crawl"),
        (("islamtime",), "did you mean 'islamtimes'?"),
        (("islamtimes", "-a", "since"), "expected NAME=VALUE, got 'since'"),
        (("islamtimes", "-s", "=1"), "expected NAME=VALUE, got '=1'"),
        (("islamtimes", "--corpus", __file__), "is a file"),
        (("news",), "'news' is the spider for any site: give it the site's URL"),
        (("islamtimes", "-a", "ulr=x"), "did you mean 'url'?"),
        (("islamtimes", "-s", "NEWSSCRAPER_MAX_DEPHT=1"), "did you mean 'NEWSSCRAPER_MAX_DEPTH'?"),
        (("islamtimes", "-s", "NEWSSCRAPER_MAX_DEPTH=abc"), "NEWSSCRAPER_MAX_DEPTH: expected a whole number"),
        (("https://a.example/", "-a", "urls=list.txt"), "a URL and a file of URLs"),
        (("https://a.example/", "--jobs", "0"), "0 is not in the range"),
        (("https://a.example/en", "https://a.example/de"), "give one of them"),
    ],
)
def test_bad_usage_crawls_nothing(invoke, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    result = invoke("crawl", *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert not (tmp_path / "corpus").exists()
