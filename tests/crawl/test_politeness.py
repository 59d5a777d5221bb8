from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.core.downloader import Slot
from scrapy.exceptions import NotConfigured
from scrapy.settings import Settings

from newsscraper.crawl.addon import NewsscraperAddon
from newsscraper.crawl.polite_backoff import BackoffMiddleware
from newsscraper.crawl.politeness import check_contact, keep_crawl_delay, settle_pace
from newsscraper.crawl.target import read_target
from newsscraper.errors import InputError

KNOWN = {"NEWSSCRAPER_CONTACT": "https://example.org/bot"}


def crawler_of(slot: Slot) -> SimpleNamespace:
    downloader = SimpleNamespace(slots={"a.example": slot}, get_slot_key=lambda _: "a.example", per_slot_settings={})
    settings = Settings(
        {"NEWSSCRAPER_MAX_CRAWL_DELAY": 60, "DOWNLOAD_DELAY": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 4}, priority="spider"
    )
    return SimpleNamespace(engine=SimpleNamespace(downloader=downloader), settings=settings)


@pytest.mark.parametrize(
    ("asked", "kept"), [(None, 1.0), (0.5, 1.0), (0.6, 1.0), (1.0, 1.0), (7.0, 7.0), (86_400.0, 60.0)]
)
def test_crawl_delay_slows_down_and_never_speeds_up(asked: float | None, kept: float) -> None:
    slot = Slot(concurrency=4, delay=1.0, jitter=0.5)
    keep_crawl_delay(crawler_of(slot), Request("https://a.example/robots.txt"), asked)
    assert slot.delay == kept
    assert slot.delay * (1 - slot.jitter) >= min(asked or 0, 60.0), "nor does chance"
    assert slot.concurrency == (1 if (asked or 0) > 0.5 else 4)


def offered(**project: object) -> Settings:
    """The settings of a project with the add-on."""
    settings = Settings(project, priority="project")
    NewsscraperAddon.update_pre_crawler_settings(settings)
    return settings


def test_other_spiders_of_a_project_keep_scrapys_retries() -> None:
    settings = offered()
    assert settings.getlist("RETRY_HTTP_CODES") == Settings().getlist("RETRY_HTTP_CODES")
    crawler: Any = SimpleNamespace(spider=Spider("plain"), settings=settings)
    with pytest.raises(NotConfigured):
        BackoffMiddleware.from_crawler(crawler)


@pytest.mark.parametrize("url", ["https://a.example/", "http://127.0.0.1:8000/"])
def test_news_spiders_leave_429_and_503_to_the_backoff(url: str) -> None:
    settings = offered(**KNOWN)
    settle_pace(settings, read_target(url=url))
    assert {429, 503}.isdisjoint(settings.getlist("RETRY_HTTP_CODES"))
    assert 500 in settings.getlist("RETRY_HTTP_CODES")


def test_a_project_that_says_what_is_retried_is_heard() -> None:
    settings = offered(RETRY_HTTP_CODES=[599], **KNOWN)
    settle_pace(settings, read_target(url="https://a.example/"))
    assert settings.getlist("RETRY_HTTP_CODES") == [599]


def test_the_slowest_robots_txt_of_a_host_counts_and_a_later_one_replaces_it() -> None:
    slot = Slot(concurrency=4, delay=1.0, jitter=0.5)
    crawler = crawler_of(slot)
    for port, delay, kept in (("", 7.0, 7.0), (":8080", 3.0, 7.0), ("", 2.0, 3.0), (":8080", None, 2.0)):
        keep_crawl_delay(crawler, Request(f"https://a.example{port}/x"), delay)
        assert (slot.delay, slot.concurrency) == (kept, 1)
    keep_crawl_delay(crawler, Request("https://a.example/x"), None)
    assert (slot.delay, slot.concurrency) == (1.0, 4)


def test_a_slot_that_the_downloader_makes_anew_keeps_the_delay() -> None:
    crawler = crawler_of(Slot(concurrency=4, delay=1.0, jitter=0.5))
    keep_crawl_delay(crawler, Request("https://a.example/robots.txt"), 7.0)
    told = crawler.engine.downloader.per_slot_settings["a.example"]
    assert (told["delay"], told["concurrency"], told["jitter"]) == (7.0, 1, 0.0)


def check(url: str, **settings: object) -> None:
    check_contact(Settings(settings, priority="cmdline"), read_target(url=url))


def test_a_site_of_others_is_not_crawled_without_a_contact() -> None:
    with pytest.raises(InputError, match=r"NEWSSCRAPER_CONTACT: expected .* for a\.example to write to .* got nothing"):
        check("https://a.example/")


def test_a_crawl_that_may_not_start_is_not_paced_either() -> None:
    with pytest.raises(InputError, match="NEWSSCRAPER_CONTACT"):
        settle_pace(Settings(), read_target(url="https://a.example/"))
    with pytest.raises(InputError, match="NEWSSCRAPER_PURPOSE"):
        settle_pace(Settings(KNOWN | {"NEWSSCRAPER_PURPOSE": "fun"}), read_target(url="https://a.example/"))


@pytest.mark.parametrize("contact", ["  ", "me", "me@", "https://", "a@b.example\nX-Header: 1", "a@b.example\x1b[1m"])
def test_a_contact_is_somewhere_to_write_to(contact: str) -> None:
    with pytest.raises(InputError, match="NEWSSCRAPER_CONTACT: expected"):
        check("https://a.example/", NEWSSCRAPER_CONTACT=contact)


@pytest.mark.parametrize("contact", ["me@a.example", "https://a.example/bot", "mailto:me@a.example"])
def test_a_contact_is_an_address_of_the_web_or_of_mail(contact: str) -> None:
    check("https://a.example/", NEWSSCRAPER_CONTACT=contact)


def test_a_user_agent_of_ones_own_names_somebody_itself() -> None:
    check("https://a.example/", USER_AGENT="mine (+https://b.example/bot)")
    with pytest.raises(InputError, match="USER_AGENT: expected"):
        check("https://a.example/", USER_AGENT="mine", NEWSSCRAPER_CONTACT="me@a.example")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://localhost:1/", "https://mirror.example/"])
def test_this_machine_and_stand_ins_need_no_contact(url: str) -> None:
    check(url, NEWSSCRAPER_RESOLVE={"mirror.example": "127.0.0.1:80"})


def test_this_machine_is_not_spared_unless_told() -> None:
    settings = Settings({"DOWNLOAD_DELAY": 1})
    settle_pace(settings, read_target(url="http://127.0.0.1:8000/"))
    assert settings.getfloat("DOWNLOAD_DELAY") == 0
    settings.set("DOWNLOAD_DELAY", 3, priority="cmdline")
    settle_pace(settings, read_target(url="http://127.0.0.1:8000/"))
    assert settings.getfloat("DOWNLOAD_DELAY") == 3


def test_a_site_is_asked_as_the_settings_say() -> None:
    settings = Settings(KNOWN | {"DOWNLOAD_DELAY": 1})
    settle_pace(settings, read_target(url="https://a.example/"))
    assert settings.getfloat("DOWNLOAD_DELAY") == 1


def test_a_profile_says_how_gently(tmp_path) -> None:
    (tmp_path / "marrow.toml").write_text(
        'hosts = ["marrow.example"]\n[politeness]\ndelay = 4.0\nconcurrency = 1\n'
        '[evidence]\nhosts = { seen_live = false, source = "x" }\npoliteness = { seen_live = false, source = "x" }\n'
    )
    settings = Settings(KNOWN | {"DOWNLOAD_DELAY": 1})
    settle_pace(settings, read_target(site="marrow", folders=[str(tmp_path)]))
    assert settings.getfloat("DOWNLOAD_DELAY") == 4
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
