"""Answers requests from an archive. In the place of the handler that makes connections: there is none to anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from newsscraper.crawl.failures import NotArchived
from newsscraper.crawl.offline import ARCHIVED, OfflineArchive, Unreadable, open_archive

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class OfflineHandler:
    """For http and https, of every spider: a run that is offline asks nobody."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        archive = getattr(crawler.spider, "archive", None)
        if not isinstance(archive, OfflineArchive):  # another project's spider
            archive = open_archive(crawler.settings, Path(crawler.settings.get("NEWSSCRAPER_CORPUS")))
        self._archive = archive
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The archived answer, under the URL that was asked for. Raises `NotArchived`."""
        most = request.meta.get("download_maxsize", self._most) or 1 << 40
        try:
            archived = self._archive.find(request.url, most) if request.method == "GET" else None
        except (Unreadable, ValueError) as fault:
            raise NotArchived(str(fault)) from fault
        if archived is None:
            raise NotArchived
        request.meta[ARCHIVED] = archived.at, archived.warc
        headers = Headers()
        for name, value in archived.headers:
            headers.appendlist(name, value.encode("latin-1", "replace"))
        kind = responsetypes.from_args(headers=headers, url=request.url, body=archived.body)
        return kind(request.url, status=archived.status, headers=headers, body=archived.body)

    async def close(self) -> None:
        """Nothing is held open."""
