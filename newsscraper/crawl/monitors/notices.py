"""Who is told when a monitor fails: actions of Spidermon, named by a setting; none by default."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object
from spidermon.core.actions import Action

from newsscraper.crawl.monitors.bounds import read_names
from newsscraper.errors import InputError

NOTIFY = "NEWSSCRAPER_NOTIFY"
WEBHOOK = "NEWSSCRAPER_WEBHOOK"

_NAMES = {
    "mail": "newsscraper.crawl.monitors.mail.MailNotice",
    "webhook": "newsscraper.crawl.monitors.notices.WebhookNotice",
}
_SECONDS = 30.0
_LETTERS = 1_900
"""Chats take messages of some two thousand letters and refuse longer ones."""


class WebhookNotice(Action):  # type: ignore[misc] # Spidermon has no types
    """A JSON object by POST: `text` and `content`, which chats read, and `site`, `exit_code`, `findings`, `report`."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """As Spidermon makes it. Raises `InputError` for a URL that is none."""
        url = str(crawler.settings.get(WEBHOOK) or "")
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise InputError(f"{WEBHOOK}: expected an http or https URL to send notices to")
        return cls(url)

    def run_action(self) -> None:
        """Send it. Raises `OSError` where nobody takes it."""
        notice = dict(self.data.notice)
        text = shorten(notice.pop("text"))
        body = json.dumps({"text": text, "content": text} | notice, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "newsscraper"}
        with urlopen(Request(self._url, body, headers), timeout=_SECONDS):
            return


def load_actions(settings: BaseSettings) -> list[Action]:
    """The actions that `NEWSSCRAPER_NOTIFY` names. Raises `InputError` for one that cannot be had or is not set up."""
    return [_load_action(name, settings) for name in read_names(settings, NOTIFY)]


def make_notice(site: str, exit_code: int, problems: list[str], findings: list[dict[str, Any]], report: str) -> Any:
    """What actions are given as `data.notice`: `site`, `exit_code`, `findings`, `report` (its path), `text`."""
    lines = [f"newsscraper: {site}: exit {exit_code}", *(f"- {problem}" for problem in problems), f"Report: {report}"]
    text = "\n".join(map(_written_out, lines))
    return {"site": site, "exit_code": exit_code, "findings": findings, "report": report, "text": text}


def shorten(text: str) -> str:
    """At most as many letters as a chat takes."""
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 4]} ..."


def _load_action(name: str, settings: BaseSettings) -> Action:
    path = _NAMES.get(name, name)
    if "." not in path:
        raise InputError(f"{NOTIFY}: expected {', '.join(_NAMES)} or the path of a Spidermon action, got {name!r}")
    try:
        kind = load_object(path)
        return kind.from_crawler(SimpleNamespace(settings=settings))
    except InputError:
        raise
    except ModuleNotFoundError as fault:
        raise InputError(f"{NOTIFY}: {name}: {fault}; pip install '.[notify]' has what mail needs") from fault
    except Exception as fault:  # whatever a class of anybody's raises, the setting is to be mended
        raise InputError(f"{NOTIFY}: {name}: {fault}") from fault


def _written_out(text: str) -> str:
    """`text` on one line, with what does not print written out: a part of it may come from a page."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
