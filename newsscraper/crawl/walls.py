"""What turns us away, in the words of `events/`, and what a person can do about it. No Scrapy in here.

`refused`: by a status; `challenged`: by a check for browsers or people; `consent`: by asking for consent to tracking;
`paywalled`: by asking for money, or for an account. A page in the way is told by its shape (`extract.walls`), whatever
its status; nothing is done to get past it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from newsscraper.crawl.discovery.found import Found
from newsscraper.errors import InputError, NotAStory
from newsscraper.extract.challenges import is_denial
from newsscraper.extract.logins import is_login_path
from newsscraper.extract.reading import read_page
from newsscraper.extract.walls import find_plain_wall
from newsscraper.store.urls import site_of

ADVICE = {
    "refused": "the site turns this crawler away: ask its owner for leave, with the contact that the user agent names "
    "(NEWSSCRAPER_CONTACT), or ask less (DOWNLOAD_DELAY)",
    "challenged": "the site checks for a browser with a person at it, which is not feigned here: ask its owner to let "
    "this user agent in, or for a feed, an API or an archive",
    "consent": "the site wants consent to tracking first, which is given for nobody here: ask its owner for an address "
    "without it, or crawl its feeds and sitemaps by urls=",
    "paywalled": "the site wants a subscription or an account, and nobody is signed in here: ask its owner for a "
    "licence, or for access for this user agent",
}
"""By event: a line for people."""
_EVENTS = {
    "bot_wall": "challenged",
    "challenge_redirect": "challenged",
    "consent_wall": "consent",
    "consent_redirect": "consent",
    "login_wall": "paywalled",
    "login_redirect": "paywalled",
    "paywall": "paywalled",
}
_SAYS_SO = frozenset({"login_wall", "login_redirect", "consent_wall", "consent_redirect"})
TURNED_AWAY = "turned_away"
"""The bound of a host that turns every request away."""
NO_ANSWER = frozenset({"failed:host_resting"})
"""Failures by which a host says no as well."""
_MOST_BYTES = 300_000
_CONSENT_WORD = re.compile(
    r"cookie-?consent|consent|cookie-?wall|cmp|gdpr|privacy-?(?:gate|wall)|zustimmung|einwilligung|"
    r"consentement|consenso|toestemming|samtykke|samtycke",
    re.IGNORECASE,
)
_CHALLENGE_WORD = re.compile(r"captcha|challenge|validate|perfdrive|botcheck", re.IGNORECASE)
_LOGIN_HOST = re.compile(r"login|log-in|signin|sign-in|sso|auth|accounts?|identity", re.IGNORECASE)
_RETURN_TO = re.compile(
    r"next|ret(?:urn.*)?|redirect.*|continue.*|back.*|go-?to|dest.*|service|callback.*|ref(?:errer)?|client_id",
    re.IGNORECASE,
)
"""Names of parameters by which a sign-in knows where one came from."""
_FILE_ENDING = re.compile(r"\.\w{1,5}$")
_PAYMENT_REQUIRED = 402


def event_of(name: str) -> str | None:
    """The event that what is counted as `name` (`challenged:bot_wall`) leads to, None where it is no refusal."""
    event, colon, _ = name.partition(":")
    return event if colon and event in ADVICE else None


def name_wall(reason: str | None, found: Found) -> str | None:
    """What a page is counted as that is no story for `reason`: `challenged:bot_wall`; None where it is no wall.

    An address that says itself that one signs in there, or consents, keeps nobody from anything; nor does a sign-in
    that nobody thought to be a story, or a list of what is sold.
    """
    event = _EVENTS.get(reason or "")
    if event is None or (reason in _SAYS_SO and _says_so(found.url)):
        return None
    is_awaited = found.kind in {"story", "listing"} or found.announced or found.entrance
    if reason in {"login_wall", "login_redirect"} and not is_awaited:
        return None
    if reason == "paywall" and (found.kind == "listing" or found.entrance):
        return None
    return f"{event}:{reason}"


def is_kept_out_for_good(name: str) -> bool:
    """Whether a count is of pages that are as their site means them: asked again when it says that they changed."""
    return name == "paywalled:paywall" or name.endswith(f":http_{_PAYMENT_REQUIRED}")


def name_redirect(url: str) -> str | None:
    """What a redirect to `url` on another site is counted as, where its address says that it is a wall."""
    try:
        words = _words_of(url)
        if any(map(_CONSENT_WORD.fullmatch, words)):
            return "consent:consent_redirect"
        if any(map(_CHALLENGE_WORD.fullmatch, words)):
            return "challenged:challenge_redirect"
        is_login = _is_sign_in(url) or any(map(_LOGIN_HOST.fullmatch, _labels_of(url)))
    except ValueError:
        return None
    return "paywalled:login_redirect" if is_login else None


def name_status(status: int, body: bytes, url: str, charset: str | None) -> str | None:
    """What an answer with an error's status is counted as, where its page is a wall; None where it is none."""
    if status == _PAYMENT_REQUIRED:
        return f"paywalled:http_{status}"
    reason = read_wall(body, url, charset, is_status_told=True)
    return None if reason is None else f"{_EVENTS[reason]}:http_{status}"


def read_wall(body: bytes, url: str, charset: str | None, *, is_status_told: bool = False) -> str | None:
    """Which wall a page is where no story is expected, None for none.

    `is_status_told`: the status has said that access is denied; a page that says no more than that is no challenge.
    """
    if not body or len(body) > _MOST_BYTES:
        return None
    try:
        page = read_page(body, url, charset=charset)
        wall: NotAStory | None = find_plain_wall(page)
    except InputError:
        return None
    if wall is None or (is_status_told and wall.reason == "bot_wall" and is_denial(page, "")):
        return None
    return wall.reason


def says_wall(url: str) -> bool:
    """Whether an address on the site says that one signs in there or consents: who is sent there met a wall."""
    try:
        return _says_so(url)
    except ValueError:
        return False


def _says_so(url: str) -> bool:
    return _is_sign_in(url) or any(map(_CONSENT_WORD.fullmatch, _words_of(url)))


def _is_sign_in(url: str) -> bool:
    """Whether one signs in at `url`. `/auth/` may be a folder of authors: what it holds has to say so as well."""
    if not is_login_path(url):
        return False
    parts = urlsplit(url)
    *folders, last = _segments_of(parts.path)
    if is_login_path(f"/{last}") or any(is_login_path(f"/{each}") for each in folders if each.lower() != "auth"):
        return True
    return any(_RETURN_TO.fullmatch(name) for name, _ in parse_qsl(parts.query))


def _words_of(url: str) -> list[str]:
    """What an address is made of, whole: in `/challenge-cup/` nobody is challenged."""
    return [*_labels_of(url), *(_FILE_ENDING.sub("", each) for each in _segments_of(urlsplit(url).path))]


def _labels_of(url: str) -> list[str]:
    """The labels of a host before its site's name, which may be any word."""
    host = urlsplit(url).hostname or ""
    return host.removesuffix(site_of(url)).split(".")


def _segments_of(path: str) -> list[str]:
    return [each for each in path.split("/") if each]


class Welcome:
    """How often each host has turned us away since it last let us in; after `most` times it is asked no more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._in_a_row: dict[str, int] = {}

    def note_refusal(self, url: str) -> bool:
        """`url` was not given; True when that was once too often for its host."""
        host = _host_of(url)
        self._in_a_row[host] = self._in_a_row.get(host, 0) + 1
        return self._in_a_row[host] == self._most

    def note_page(self, url: str) -> None:
        """A page of that host came: it lets us in, unless it has been given up."""
        if not self.is_over(url):
            self._in_a_row.pop(_host_of(url), None)

    def in_a_row(self, host: str) -> int:
        """How often `host` (with its port, where it has one) has turned us away since a page of it came."""
        return self._in_a_row.get(host, 0)

    def is_over(self, url: str) -> bool:
        """Whether the host of `url` is asked no more; never with a bound of 0."""
        return 0 < self._most <= self.in_a_row(_host_of(url))


def _host_of(url: str) -> str:
    return urlsplit(url).netloc
