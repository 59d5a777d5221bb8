"""Spiders by name: `news`, every profile, and whatever the project has of its own."""

from __future__ import annotations

import builtins
import os
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.errors import NewsscraperError
from newsscraper.sites import load_profiles

if TYPE_CHECKING:
    from scrapy import Spider


class NewsSpiderLoader(SpiderLoader):
    """Scrapy's own loader, and a spider class for each profile; a spider of the project keeps its name."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._fault: NewsscraperError | None = None
        self._spiders.setdefault(NewsSpider.name, NewsSpider)
        try:
            profiles = load_profiles(read_folders(settings))
        except NewsscraperError as fault:
            # Scrapy's commands make a line of an error only once they run, which is when they ask for spiders.
            self._fault = fault
        else:
            for name in profiles:
                self._spiders.setdefault(name, make_spider(name))

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of that name. Raises `KeyError`, or `UsageError` where the profiles cannot be read."""
        self._check()
        return super().load(spider_name)

    def list(self) -> builtins.list[str]:
        """The names of all spiders. Raises `UsageError` where the profiles cannot be read."""
        self._check()
        return super().list()

    def _check(self) -> None:
        if self._fault is not None:
            raise UsageError(str(self._fault)) from self._fault


def make_spider(profile_name: str) -> type[Spider]:
    """A `news` spider that bears a profile's name and crawls its site."""
    class_name = "".join(part.capitalize() for part in profile_name.replace("_", "-").split("-")) + "Spider"
    doc = f"Crawls the site of the profile `{profile_name}`."
    return type(class_name, (NewsSpider,), {"name": profile_name, "profile_name": profile_name, "__doc__": doc})


def read_folders(settings: BaseSettings) -> list[str]:
    """`NEWSSCRAPER_SITES`: folders of profiles."""
    value = settings.get("NEWSSCRAPER_SITES") or []
    return [folder for folder in value.split(os.pathsep) if folder] if isinstance(value, str) else list(value)
