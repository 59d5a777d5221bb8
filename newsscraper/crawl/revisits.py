"""When a page is asked again. Times are Unix seconds."""

from __future__ import annotations

from collections.abc import Sequence

HOUR = 3600
DAY = 24 * HOUR

AFTER_REFUSAL = DAY
AFTER_ROBOTS = 7 * DAY
AFTER_FAULT_OF_OURS = DAY
_BARREN_FROM = 12 * HOUR
_BARREN_TO = 7 * DAY


def next_visit(hours: Sequence[float], visited_at: int, *, since: int | None, revisits: int = 0) -> int | None:
    """When a story is due again: `hours` after it appeared, the first of them that is still ahead; None when none is.

    `since` is when it appeared or last changed. Where nobody knows, it is taken to have been new when first seen, and
    `revisits` says how many of `hours` have gone by.
    """
    if since is not None:
        ahead = (min(since, visited_at) + round(each * HOUR) for each in hours)
        return next((due for due in ahead if due > visited_at), None)
    if revisits >= len(hours):
        return None
    before = hours[revisits - 1] if revisits else 0
    return visited_at + max(1, round((hours[revisits] - before) * HOUR))


def next_look(visited_at: int, barren_visits: int) -> int:
    """When a listing is due again that brought no story that nobody had named: the longer it does, the later."""
    return visited_at + min(_BARREN_TO, _BARREN_FROM << min(barren_visits, 10))
