"""What went wrong with a request, in the words of the run's counts."""

from __future__ import annotations

import re

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from newsscraper.crawl.outcome import Answer
from newsscraper.crawl.walls import name_redirect, name_status

GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403, 407, 429, 451})

ALREADY_KNOWN = "redirects_to_known"
LEFT_SITE = "offsite_redirects"
NOT_ARCHIVED = "not_archived"

_NAMES: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "failed:unknown_host"),
    (DownloadConnectionRefusedError, "failed:connection_refused"),
    (DownloadTimeoutError, "failed:timeout"),
    (DownloadCancelledError, "failed:too_large"),
)

_TLS_PACKAGES = ("OpenSSL", "service_identity")


class OutOfBounds(IgnoreRequest):
    """A request whose budget is spent; `reason` is the bound's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"out of bounds: {reason}")
        self.reason = reason


class AlreadyKnown(IgnoreRequest):
    """A redirect to a page that has been asked already, or will be by itself."""


class LeftSite(IgnoreRequest):
    """A redirect to another site."""


class PrivateAddress(IgnoreRequest):
    """A request that would have left the public Internet, or the web."""


class NotArchived(IgnoreRequest):
    """A request of an offline crawl for what its archive does not hold."""


class HostResting(IgnoreRequest):
    """A request to a host that wants to be left alone for longer than a run waits."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had, so nothing of its host may be: `cause` is the error or the status that came."""

    def __init__(self, cause: Exception | int) -> None:
        super().__init__(f"robots.txt could not be had: {cause}")
        self.cause = cause


_OWN_NAMES: tuple[tuple[type[BaseException], str], ...] = (
    (AlreadyKnown, ALREADY_KNOWN),
    (PrivateAddress, "failed:private_address"),
    (HostResting, "failed:host_resting"),
    (NotArchived, NOT_ARCHIVED),
)


def name_failure(error: BaseException) -> tuple[str, str]:
    """What it is counted as (`failed:...`, `refused:...`, `gone`, `robots`, `bounded:...`), and words for people.

    A page that comes with an error's status may be a wall: `challenged:http_403`.
    """
    if isinstance(error, HttpError):
        return _name_status(error.response), f"status {error.response.status}"
    if isinstance(error, LeftSite):
        return name_redirect(str(error).removeprefix("to ")) or LEFT_SITE, str(error)
    for kind, name in _OWN_NAMES:
        if isinstance(error, kind):
            return name, str(error)
    if isinstance(error, OutOfBounds):
        return f"bounded:{error.reason}", ""
    if isinstance(error, RobotsUnreachable):
        if isinstance(error.cause, int):
            return f"failed:robots_http_{error.cause}", "robots.txt could not be had"
        name, detail = name_failure(error.cause)
        return name, f"robots.txt: {detail}"
    if isinstance(error, IgnoreRequest):
        return _name_ignored(str(error)), ""
    for kind, name in _NAMES:
        if isinstance(error, kind):
            return name, _brief(error)
    error = _root_of(error)
    if type(error).__module__.startswith(_TLS_PACKAGES):
        return "failed:tls", f"certificate/TLS error: {_tls_reason(error)}"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__.removesuffix("Error")).lower()
    return f"failed:{words}", _brief(error)


def _name_status(response: Response) -> str:
    status = response.status
    if status in GONE:
        return "gone"
    answer = Answer(
        url=response.url,
        asked_url=response.url,
        status=status,
        body=response.body,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        fetched_at="",
    )
    wall = name_status(status, answer.body, answer.url, answer.charset)
    return wall or (f"refused:http_{status}" if status in REFUSED else f"failed:http_{status}")


def _name_ignored(message: str) -> str:
    """Scrapy's own middlewares tell their reasons apart by words alone."""
    if "robots.txt" in message:
        return "robots"
    if "offsite" in message:
        return "offsite"
    if "redirect" in message:
        return "failed:redirects"
    return "failed:too_large" if "DOWNLOAD_MAXSIZE" in message else "failed:ignored"


def _root_of(error: BaseException) -> BaseException:
    """Scrapy wraps Twisted's error, which holds those that led to it as `reasons`."""
    for wrapper in (error, error.__cause__):
        reasons = getattr(wrapper, "reasons", ())
        if reasons:
            return _root_of(reasons[0].value)
    return error


def _tls_reason(error: BaseException) -> str:
    """OpenSSL's errors hold their queue: library, function and reason of each."""
    queue = error.args[0] if error.args else ()
    reasons = [entry[-1] for entry in queue if isinstance(entry, tuple) and entry] if isinstance(queue, list) else []
    return ", ".join(dict.fromkeys(map(str, reasons))) or _brief(error)


def _brief(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
