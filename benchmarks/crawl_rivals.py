"""The crawlers that are compared, as commands: each gets a file of URLs, a folder, and how many requests at a time."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.corpus_checks import read_lines, sealed_files

OURS = "newsscraper crawl"
BARE = "Scrapy, no extraction"
TRAFILATURA = "Scrapy with trafilatura"
NEWS_PLEASE = "news-please"
SPIDERS = Path(__file__).resolve().parent / "crawl_spiders.py"

NO_PICTURES = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1"}
"""Environment in which a page's pictures cannot be asked for: news-please fetches them one by one in its event
loop, and that would measure the network. It makes it faster than it is."""

Command = Callable[[Path, Path, int], list[str]]
"""File of URLs, folder of the run, requests at once -> the words of the command."""


def list_crawlers(news_please: Path | None, own: Mapping[str, str]) -> dict[str, Command]:
    """By name. `news_please` is its command, in an environment of its own; `own` are settings of ours alone."""
    crawlers: dict[str, Command] = {
        OURS: partial(_ours, own=own),
        BARE: partial(_spider, how="bare"),
        TRAFILATURA: partial(_spider, how="trafilatura"),
    }
    return crawlers | ({NEWS_PLEASE: partial(_news_please, news_please)} if news_please else {})


def list_output(folder: Path) -> Iterator[Path]:
    """What a run has written, whichever crawler it was."""
    yield from folder.glob("items.jsonl")
    yield from sealed_files(folder / "corpus", "stories")
    yield from folder.glob("data/**/*.json")


def count_records(folder: Path) -> int:
    """Records, or items of Scrapy's."""
    return sum(1 if path.suffix == ".json" else len(read_lines(path)) for path in list_output(folder))


def _ours(urls: Path, folder: Path, at_once: int, *, own: Mapping[str, str]) -> list[str]:
    words = [sys.executable, "-m", "newsscraper", "crawl", "-q", "-a", f"urls={urls}", "--corpus"]
    settings = [word for name, value in own.items() for word in ("-s", f"{name}={value}")]
    return [*words, str(folder / "corpus"), *_settings(at_once), *settings]


def _spider(urls: Path, folder: Path, at_once: int, *, how: str) -> list[str]:
    words = [sys.executable, "-m", "scrapy", "runspider", str(SPIDERS), "-a", f"urls={urls}", "-a", f"how={how}"]
    return [*words, "-o", str(folder / "items.jsonl"), *_settings(at_once)]


def _settings(at_once: int) -> list[str]:
    named = {"CONCURRENT_REQUESTS": at_once, "CONCURRENT_REQUESTS_PER_DOMAIN": at_once, "DOWNLOAD_DELAY": 0}
    return [word for name, value in named.items() for word in ("-s", f"{name}={value}")]


def _news_please(command: Path, urls: Path, folder: Path, at_once: int) -> list[str]:
    """Its own default configuration, but for the list, the folder and the requests at once."""
    (default,) = command.resolve().parent.parent.glob("lib/python*/site-packages/newsplease/config/config.cfg")
    text = default.read_text(encoding="utf-8")
    for name, value in {
        "default": "Download",
        "number_of_parallel_crawlers": "1",
        "working_path": f"{folder}/",
        "CONCURRENT_REQUESTS": str(at_once),
        "CONCURRENT_REQUESTS_PER_DOMAIN": str(at_once),
    }.items():
        text = re.sub(rf"(?m)^{name} ?=.*$", f"{name} = {value}", text)
    (folder / "config.cfg").write_text(text, encoding="utf-8")
    sites = {"base_urls": [{"url": urls.read_text(encoding="utf-8").split(), "crawler": "Download"}]}
    (folder / "sitelist.hjson").write_text(json.dumps(sites), encoding="utf-8")
    return [str(command), "-c", str(folder)]
