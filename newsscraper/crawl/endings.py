"""What a URL becomes in the ledger, and when it is asked again. No Scrapy in here; times are Unix seconds.

What is due when the run began is due for the next one: the scheduler asks nothing twice in a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from newsscraper.crawl.bounds import AFTER_UNTIL, BEFORE_SINCE, is_label_list
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.shapes import series_of
from newsscraper.crawl.failures import NOT_ARCHIVED
from newsscraper.crawl.outcome import Outcome
from newsscraper.crawl.revisits import AFTER_FAULT_OF_OURS, AFTER_REFUSAL, AFTER_ROBOTS, next_look
from newsscraper.crawl.walls import TURNED_AWAY, event_of, is_kept_out_for_good
from newsscraper.store import Lease, State

_FOR_GOOD = frozenset({"failed:too_large", "failed:redirects", "failed:ignored"})
"""Failures that asking again would not mend."""
FOR_ANOTHER_RUN = frozenset(
    {f"bounded:{BEFORE_SINCE}", f"bounded:{AFTER_UNTIL}", f"bounded:{TURNED_AWAY}", NOT_ARCHIVED}
)
"""Left for a run with another `since` or `until`, for one that the host lets in, or that asks the host itself."""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How one answer leaves its URL."""

    state: State
    due: int | None = None
    event: str | None = None
    """For `events/`."""
    reason: str | None = None
    """Why, in a word, where the event has several."""


def end_of_answer(  # noqa: PLR0913 (all that an ending depends on)
    outcome: Outcome | None, found: Found, lease: Lease | None, *, brings_news: bool, started: int, now: int
) -> Ending:
    """After an answer that is no wall; `outcome` is None where the page is what it was.

    Stories come again as `revisits` has it.
    """
    if outcome is not None and outcome.kind == "failed":
        return Ending(state="waiting", due=now + AFTER_FAULT_OF_OURS)
    if found.alone or found.later or found.guessed:
        return Ending(state="done")
    if found.kind == "feed" or (found.kind == "sitemap" and found.modified is None) or found.entrance:
        return Ending(state="done", due=started)
    lists_stories = outcome is None or (
        outcome.kind == "listing" and any(each.kind == "story" for each in outcome.found)
    )
    if found.kind in {"page", "listing"} and lists_stories and _is_first_page(found.url):
        barren_visits = lease.revisits + 1 if lease is not None and outcome is None else 0
        return Ending(state="done", due=started if brings_news else next_look(now, barren_visits))
    return Ending(state="done")


def end_of_wall(name: str, *, now: int) -> Ending:
    """After a page that stands in the way of another, or a refusal; `name` says which, in words of the run's counts."""
    event, _, reason = name.partition(":")
    if is_kept_out_for_good(name):
        return Ending(state="done", event=event, reason=reason)
    return Ending(state="refused", due=now + AFTER_REFUSAL, event=event, reason=reason)


def end_of_failure(  # noqa: PLR0913
    name: str, found: Found, lease: Lease | None, *, status: int | None, started: int, now: int
) -> Ending:
    """After a request that brought nothing; `name` says why, in the words of the run's counts."""
    if status in {404, 410}:
        return Ending(state="gone", event="gone" if lease is not None and lease.story_key is not None else None)
    if event_of(name) is not None:
        return end_of_wall(name, now=now)
    if name == "robots":
        return Ending(state="refused", due=now + AFTER_ROBOTS)
    if name in FOR_ANOTHER_RUN:
        return Ending(state="waiting", due=started)
    if name.startswith("bounded:"):
        return Ending(state="bounded")
    if name in _FOR_GOOD or not name.startswith("failed:"):
        return Ending(state="done")
    return Ending(state="waiting", due=started)


def _is_first_page(url: str) -> bool:
    """True for a list that new stories come to: no numbered page, no day of a calendar, no list of a label."""
    return series_of(url) is None and not is_label_list(url) and not urlsplit(url).query
