from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.settings import Settings

from newsscraper.crawl.politeness import keep_crawl_delay, settle_pace
from newsscraper.crawl.target import read_target


@pytest.mark.parametrize(("asked", "kept"), [(None, 1.0), (0.5, 1.0), (7.0, 7.0), (86_400.0, 60.0)])
def test_crawl_delay_slows_down_and_never_speeds_up(asked: float | None, kept: float) -> None:
    slot = Slot(concurrency=4, delay=1.0, jitter=0.5)
    downloader = SimpleNamespace(slots={"a.example": slot}, get_slot_key=lambda _: "a.example")
    settings = Settings({"NEWSSCRAPER_MAX_CRAWL_DELAY": 60})
    crawler = SimpleNamespace(engine=SimpleNamespace(downloader=downloader), settings=settings)
    keep_crawl_delay(crawler, Request("https://a.example/robots.txt"), asked)
    assert slot.delay == kept
    assert slot.download_delay() >= kept / 2
    assert slot.concurrency == (1 if kept > 1 else 4)


def test_this_machine_is_not_spared_unless_told() -> None:
    settings = Settings({"DOWNLOAD_DELAY": 1})
    settle_pace(settings, read_target(url="http://127.0.0.1:8000/"))
    assert settings.getfloat("DOWNLOAD_DELAY") == 0
    settings.set("DOWNLOAD_DELAY", 3, priority="cmdline")
    settle_pace(settings, read_target(url="http://127.0.0.1:8000/"))
    assert settings.getfloat("DOWNLOAD_DELAY") == 3


def test_a_site_is_asked_as_the_settings_say() -> None:
    settings = Settings({"DOWNLOAD_DELAY": 1})
    settle_pace(settings, read_target(url="https://a.example/"))
    assert settings.getfloat("DOWNLOAD_DELAY") == 1


def test_a_profile_says_how_gently(tmp_path) -> None:
    (tmp_path / "marrow.toml").write_text(
        'hosts = ["marrow.example"]\n[politeness]\ndelay = 4.0\nconcurrency = 1\n'
        '[evidence]\nhosts = { seen_live = false, source = "x" }\npoliteness = { seen_live = false, source = "x" }\n'
    )
    settings = Settings({"DOWNLOAD_DELAY": 1})
    settle_pace(settings, read_target(site="marrow", folders=[str(tmp_path)]))
    assert settings.getfloat("DOWNLOAD_DELAY") == 4
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
