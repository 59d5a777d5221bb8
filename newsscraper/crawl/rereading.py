"""A story's page as it was at its last version, out of the archive, read by today's extractor. No Scrapy in here.

So a text that is another one since the extractor is, is no version of the story, and a change of the site's that fell
together with a new extractor is one.
"""

from __future__ import annotations

import logging
from functools import partial

from newsscraper.crawl.target import Target
from newsscraper.errors import NewsscraperError
from newsscraper.extract import Model, extract
from newsscraper.extract.joined import FetchedPage, join_fetched, read_further
from newsscraper.store import Ledger, Settlement
from newsscraper.store.archive import ArchivedPage
from newsscraper.store.archive.http import charset_of
from newsscraper.story import Story

logger = logging.getLogger(__name__)


def reread(ledger: Ledger, settlement: Settlement, target: Target, model: Model) -> Story | None:
    """The last version of the story that `settlement` is about; None where it is not archived, or no story any more.

    Raises `LedgerError`.
    """
    record = settlement.record
    names = filter(None, (record.url, *settlement.aliases)) if record is not None else ()
    known = next((story for name in names if (story := ledger.stories.find_by_name(name)) is not None), None)
    page = ledger.archived(known) if known is not None else None
    if page is None:
        return None
    try:
        return read_archived(page, target, model)
    except NewsscraperError:
        return None
    except Exception:
        # In the midst of a commit: what breaks here must not cost the page that has just come.
        logger.exception("reading the archived page broke on %s", page.url)
        return None


def read_archived(page: ArchivedPage, target: Target, model: Model) -> Story:
    """The story on `page` and its further pages. Raises `NotAStory`, `UnreadablePage`."""
    profile = target.profile_of(page.url)
    first, *further = map(_fetched, (page, *page.further))
    story = extract(
        first.body, first.url, profile=profile, charset=first.charset, fetched_at=page.fetched_at, model=model
    )
    read = partial(read_further, profile=profile, fetched_at=page.fetched_at, model=model)
    return join_fetched(story, first, further, read)


def _fetched(page: ArchivedPage) -> FetchedPage:
    return FetchedPage(url=page.url, body=page.body, charset=charset_of(page.content_type))
