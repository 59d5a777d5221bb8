from __future__ import annotations

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from newsscraper.crawl.failures import OutOfBounds, RobotsUnreachable, name_failure


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (404, "gone"),
        (410, "gone"),
        (401, "refused:http_401"),
        (403, "refused:http_403"),
        (429, "refused:http_429"),
        (451, "refused:http_451"),
        (500, "failed:http_500"),
        (302, "failed:http_302"),
    ],
)
def test_statuses(status: int, name: str) -> None:
    error = HttpError(Response("https://a.example/", status=status))
    assert name_failure(error) == (name, f"status {status}")


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (CannotResolveHostError("no such host"), "failed:unknown_host"),
        (DownloadConnectionRefusedError("refused"), "failed:connection_refused"),
        (DownloadTimeoutError("too long"), "failed:timeout"),
        (DownloadCancelledError("too many bytes"), "failed:too_large"),
        (ConnectionResetError("reset"), "failed:connection_reset"),
        (OutOfBounds("barren"), "bounded:barren"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
        (IgnoreRequest("Filtered offsite request to 'b.example'"), "offsite"),
        (IgnoreRequest("max redirections reached"), "failed:redirects"),
        (IgnoreRequest("Ignored response: it exceeded DOWNLOAD_MAXSIZE"), "failed:too_large"),
        (RobotsUnreachable(503), "failed:robots_http_503"),
        (RobotsUnreachable(DownloadTimeoutError("too long")), "failed:timeout"),
    ],
)
def test_other_errors(error: Exception, name: str) -> None:
    assert name_failure(error)[0] == name


def test_words_for_people_are_one_short_line() -> None:
    assert name_failure(DownloadTimeoutError("a\n b" + "x" * 900))[1].startswith("a bxxx")
    assert len(name_failure(DownloadTimeoutError("x" * 900))[1]) == 200
