"""Scrapy's own commands, in a folder that is a project because of one line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawl.runs import run_scrapy
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page

STORIES = {f"/news/{number}/ferry": story_page(f"Ferry number {number} is late") for number in (1001, 1002)}
PROFILE = """
hosts = ["marrow.example"]
start_urls = ["https://marrow.example/"]
[urls]
story = ['/n/(?P<code>[0-9]+)$']
[evidence]
hosts = { seen_live = false, source = "made up" }
start_urls = { seen_live = false, source = "made up" }
urls = { seen_live = false, source = "made up" }
"""


def test_spiders_are_listed(tmp_path: Path) -> None:
    run = run_scrapy(tmp_path, "list")
    assert {"news", "islamtimes"} <= set(run.output.split())
    assert run.code == 0


def test_the_add_on_in_a_project_of_ones_own(tmp_path: Path) -> None:
    addon = 'ADDONS = {"newsscraper.crawl.addon.NewsscraperAddon": 500}\n'
    (tmp_path / "own_settings.py").write_text(addon + 'USER_AGENT = "marrowbot/1"\n')
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = own_settings\n")
    with SmallSite(STORIES | {"/": list_page(*STORIES)}) as site:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}", "-O", "out.jsonl")
    assert sorted(line["url"] for line in run.lines) == [site.url.rstrip("/") + path for path in sorted(STORIES)]
    assert set(site.agents) == {"marrowbot/1"}
    assert "/robots.txt" in site.asked
    assert len(run.sealed) == 1


def test_a_profile_of_ones_own_is_a_spider(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "marrow.toml").write_text(PROFILE)
    pages = {
        "/": list_page("/n/1", "http://marrow.example/n/2", "http://marrow.example/n/1"),
        "/n/1": story_page("The first of them", date=None),
        "/n/2": story_page("The second of them", date=None),
    }
    with SmallSite(pages) as site:
        stand_in = json.dumps({"marrow.example": site.address})
        options = ["-s", f"NEWSSCRAPER_RESOLVE={stand_in}", "-s", "NEWSSCRAPER_SITES=sites"]
        run = run_scrapy(tmp_path, "crawl", "marrow", *options, "-O", "out.jsonl")
    assert sorted(line["url"] for line in run.lines) == ["https://marrow.example/n/1", "https://marrow.example/n/2"]
    assert {line["profile"] for line in run.lines} == {"marrow"}
    assert set(site.hosts) == {"marrow.example"}
    assert len(site.asked) == len(set(site.asked))


def test_arguments_that_cannot_be_used(tmp_path: Path) -> None:
    run = run_scrapy(tmp_path, "crawl", "news", "-a", "site=nosuchsite")
    assert run.code == 1
    assert "nosuchsite" in run.log


def test_a_url_of_a_list_that_leads_off_the_site_is_reported(tmp_path: Path) -> None:
    away = Reply(status=302, headers={"Location": "http://localhost:9/elsewhere"})
    with SmallSite(STORIES | {"/away": away}) as site:
        (tmp_path / "urls.txt").write_text(f"{site.url}away\n{site.url}news/1001/ferry\n")
        run = run_scrapy(tmp_path, "crawl", "news", "-a", "urls=urls.txt", "-O", "out.jsonl")
    assert [line["url"] for line in run.lines] == [f"{site.url}news/1001/ferry"]
    assert run.report["exit_code"] == 1
    assert "localhost:9" in run.report["problems"][0]


OWN_SPIDER = """
from scrapy import Spider
class Plain(Spider):
    name = "plain"
    def parse(self, response):
        yield {{"url": response.url}}
        yield from response.follow_all(response.css("li a"), callback=self.parse)
    start_urls = [{url!r}]
"""


def test_other_spiders_of_a_project_have_scrapys_own_scheduler(tmp_path: Path) -> None:
    addon = 'ADDONS = {"newsscraper.crawl.addon.NewsscraperAddon": 500}\n'
    (tmp_path / "own_settings.py").write_text(addon + 'SPIDER_MODULES = ["own_spiders"]\n')
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = own_settings\n")
    with SmallSite(STORIES | {"/": list_page(*STORIES, *STORIES)}) as site:
        (tmp_path / "own_spiders.py").write_text(OWN_SPIDER.format(url=site.url))
        options = ("-s", "DOWNLOAD_DELAY=0", "-O", "out.jsonl")
        run = run_scrapy(tmp_path, "crawl", "plain", *options)
        asked = list(site.asked)
    assert run.code == 0, run.log[-2000:]
    assert len(run.lines) == 1 + len(STORIES)
    assert sorted(asked) == sorted(["/robots.txt", "/", *STORIES])
    assert not (tmp_path / "corpus").exists()
