"""Spiders by name: `news`, every profile, and whatever the project has of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.sites import load_profiles

if TYPE_CHECKING:
    from scrapy import Spider


class NewsSpiderLoader(SpiderLoader):
    """Scrapy's own loader, and a spider class for each profile; a spider of the project keeps its name."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._spiders.setdefault(NewsSpider.name, NewsSpider)
        for name in load_profiles(read_folders(settings)):
            self._spiders.setdefault(name, make_spider(name))


def make_spider(profile_name: str) -> type[Spider]:
    """A `news` spider that bears a profile's name and crawls its site."""
    class_name = "".join(part.capitalize() for part in profile_name.replace("_", "-").split("-")) + "Spider"
    doc = f"Crawls the site of the profile `{profile_name}`."
    return type(class_name, (NewsSpider,), {"name": profile_name, "profile_name": profile_name, "__doc__": doc})


def read_folders(settings: BaseSettings) -> list[str]:
    """`NEWSSCRAPER_SITES`: folders of profiles."""
    value = settings.get("NEWSSCRAPER_SITES") or []
    return [folder for folder in value.split(os.pathsep) if folder] if isinstance(value, str) else list(value)
