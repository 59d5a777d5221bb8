"""One line in a Scrapy project, `ADDONS = {"newsscraper.crawl.addon.NewsscraperAddon": 500}`, and it crawls news.

Everything is set at add-on priority: the project's own settings win.
"""

from __future__ import annotations

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from newsscraper.crawl.capturing import CaptureMiddleware
from newsscraper.crawl.middlewares import AddressMiddleware, BoundsMiddleware, SiteMiddleware
from newsscraper.crawl.offline import is_offline
from newsscraper.crawl.offline_handler import OfflineHandler
from newsscraper.crawl.pipelines import CommitPipeline
from newsscraper.crawl.polite_backoff import BackoffMiddleware
from newsscraper.crawl.polite_rights import RightsMiddleware
from newsscraper.crawl.politeness import CrawlDelays, user_agent
from newsscraper.crawl.reporter import RunReporter
from newsscraper.crawl.robots import RobotsMiddleware
from newsscraper.crawl.safety_connections import StandInHandler
from newsscraper.crawl.safety_text import keep_logs_printable
from newsscraper.crawl.settings import own_settings

_FOR_NEWS_ALONE = frozenset({"RETRY_HTTP_CODES"})
"""What `settle_pace` sets for `news` spiders: those of others keep Scrapy's."""


class NewsscraperAddon:
    """Installs the `news` spider, the profiles as spiders, and what they need."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Offer our settings, the spider loader among them, before any crawler is made."""
        keep_logs_printable()
        for name, value in own_settings().items():
            if name not in _FOR_NEWS_ALONE:
                settings.set(name, value, priority="addon")

    def update_settings(self, settings: BaseSettings) -> None:
        """Install components, and name ourselves to the sites."""
        keep_logs_printable()
        settings.set("USER_AGENT", user_agent(settings.get("NEWSSCRAPER_CONTACT")), priority="addon")
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", CommitPipeline, 0)
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", AddressMiddleware, 60)
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", BoundsMiddleware, 40)
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", OffsiteMiddleware, None)
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", SiteMiddleware, 50)
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", RobotsTxtMiddleware, None)
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", RobotsMiddleware, 100)
        # Nearer to the site than Scrapy's retries, which it takes 429 and 503 from.
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", BackoffMiddleware, 560)
        # Nearest to the site: a cache of the project's gives nothing that came over the wire, and says so.
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", CaptureMiddleware, 1000)
        # Nearest to the spider: whatever else looks at outcomes sees what is kept.
        settings.setdefault_in_component_priority_dict("SPIDER_MIDDLEWARES", RightsMiddleware, 1000)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", RunReporter, 0)
        settings.setdefault_in_component_priority_dict("EXTENSIONS", CrawlDelays, 0)
        _install_handler(settings)


def _install_handler(settings: BaseSettings) -> None:
    """Ours for the web, unless the project has one of its own; offline there is no other."""
    own, of_project = dict.fromkeys(("http", "https"), StandInHandler), settings.getdict("DOWNLOAD_HANDLERS")
    handlers = own | of_project
    if is_offline(settings):
        handlers = of_project | dict.fromkeys(("http", "https"), OfflineHandler)
    priority = settings.getpriority("DOWNLOAD_HANDLERS") or 0
    settings.set("DOWNLOAD_HANDLERS", handlers, priority=max(priority, SETTINGS_PRIORITIES["addon"]))
