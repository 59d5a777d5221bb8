"""The made-up site as it lives beside a crawl: whenever a crawl has nothing left to do, there is news."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from newsscraper_demo.site import DemoSite

CHANGED = 12
PUBLISHED = 8


def make_news(site: DemoSite, random: Random) -> None:
    """Change some stories of the sitemap, whose dates say so, and publish new ones."""
    now = datetime.now(UTC)
    dated = [story.code for story in site.stories if story.reach in ("everywhere", "sitemap")]
    site.change(random.sample(dated, CHANGED), now)
    site.publish(PUBLISHED, now)
