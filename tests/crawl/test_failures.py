from __future__ import annotations

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure

from newsscraper.crawl import failures
from newsscraper.crawl.failures import HostResting, OutOfBounds, PrivateAddress, RobotsUnreachable, name_failure


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


@pytest.mark.parametrize("content_type", ["text/html; CHARSET=koi8-r; x=1", 'text/html;charset = "koi8-r" ; x=1'])
def test_the_page_of_an_error_is_read_in_its_charset(content_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    charsets: list[str | None] = []
    monkeypatch.setattr(failures, "name_status", lambda *answer: charsets.append(answer[-1]))
    response = Response("https://a.example/", status=403, headers={"Content-Type": content_type})
    assert name_failure(HttpError(response))[0] == "refused:http_403"
    assert charsets == ["koi8-r"]


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (CannotResolveHostError("no such host"), "failed:unknown_host"),
        (DownloadConnectionRefusedError("refused"), "failed:connection_refused"),
        (DownloadTimeoutError("too long"), "failed:timeout"),
        (DownloadCancelledError("too many bytes"), "failed:too_large"),
        (ConnectionResetError("reset"), "failed:connection_reset"),
        (OutOfBounds("barren"), "bounded:barren"),
        (PrivateAddress("a.example leads to 10.0.0.1"), "failed:private_address"),
        (HostResting("a.example wants to be left alone"), "failed:host_resting"),
        (RobotsUnreachable(PrivateAddress("10.0.0.1")), "failed:private_address"),
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


class TlsError(Exception):
    """As OpenSSL's: its queue of errors, library, function and reason of each."""

    __module__ = "OpenSSL.SSL"


def failed(*reasons: Exception) -> Exception:
    """As Scrapy wraps what Twisted says when an answer never came."""
    cause = Exception([Failure(reason) for reason in reasons])
    cause.reasons = [Failure(reason) for reason in reasons]  # type: ignore[attr-defined]
    error = DownloadFailedError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            failed(TlsError([("SSL routines", "", "wrong version number")])),
            ("failed:tls", "certificate/TLS error: wrong version number"),
        ),
        (failed(ConnectionLost("Bye")), ("failed:connection_lost", "Connection to the other side was lost")),
        (
            RobotsUnreachable(failed(TlsError([("SSL routines", "", "certificate verify failed")]))),
            ("failed:tls", "robots.txt: certificate/TLS error: certificate verify failed"),
        ),
        (failed(TlsError()), ("failed:tls", "certificate/TLS error: TlsError")),
    ],
)
def test_what_led_to_a_failure_is_told_in_words(error: Exception, told: tuple[str, str]) -> None:
    name, words = name_failure(error)
    assert name == told[0]
    assert "Failure" not in words
    assert words.startswith(told[1])


def test_words_for_people_are_one_short_line() -> None:
    assert name_failure(DownloadTimeoutError("a\n b" + "x" * 900))[1].startswith("a bxxx")
    assert len(name_failure(DownloadTimeoutError("x" * 900))[1]) == 200
