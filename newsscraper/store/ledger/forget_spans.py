"""Which bytes of an archive a takedown is about, by the records themselves; and what of it cannot be told from them.

An exchange is a `response` or `revisit`, the `request` right behind it that is concurrent to it, and the `conversion`
that was drawn of it. What damage has made unreadable is a story's only where a pointer to the story's own page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from newsscraper.store.archive.members import Member, Members
from newsscraper.store.archive.takedown import Region, holds_filler

_CAPTURES = ("response", "revisit")
_BELONGING = ("request", "conversion")
Pointer = tuple[int, int]
"""Offset and length of a record."""


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What is known of an archive's captures beside what it says itself."""

    is_own: Callable[[str], bool]
    """Whether a URL is one of the story's."""
    own: frozenset[Pointer]
    """Pages of its versions."""
    others: dict[int, str]
    """Where pages of other stories begin, and their keys."""
    own_hints: frozenset[Pointer]
    """Captures at its addresses, as indexes tell: asked only about bytes that cannot be read."""
    starts: frozenset[int]
    """Where captures begin, as indexes tell."""
    is_told: bool
    """Whether the index tells of every capture that can be read, and so of those that cannot."""


@dataclass(kw_only=True)
class Plan:
    """What is to be overwritten in an archive, and what stands in the way of the rest."""

    spans: list[Region] = field(default_factory=list)
    """In order, disjoint, each whole records of the story alone."""
    left: list[str] = field(default_factory=list)


def plan_takedown(members: Members, claims: Claims) -> Plan:
    """What of the story lies in an archive."""
    plan = Plan()
    raw = list(_take_damaged(members, claims, plan))
    for exchange in _exchanges(members.records):
        if _is_owned(exchange, claims, members, raw, plan):
            plan.spans.append((exchange[0].offset, exchange[-1].end))
    plan.spans = _joined(plan.spans + raw)
    plan.left += _find_unread(members, claims, plan.spans, raw)
    plan.left += _find_absent(members, claims)
    for span in [each for each in plan.spans if not holds_filler(each)]:
        plan.spans.remove(span)
        plan.left.append(f"bytes {span[0]} to {span[1]} are too few to be overwritten")
    return plan


def _exchanges(records: list[Member]) -> Iterator[list[Member]]:
    exchange: list[Member] = []
    for record in records:
        if exchange and _belongs(record, exchange):
            exchange.append(record)
            continue
        if exchange:
            yield exchange
        exchange = [record]
    if exchange:
        yield exchange


def _belongs(record: Member, exchange: list[Member]) -> bool:
    first = exchange[0]
    if first.kind not in _CAPTURES or record.offset != exchange[-1].end:
        return False
    if record.kind == "request":
        return record.concurrent_to == first.record_id
    return record.kind == "conversion" and record.url == first.url


def _is_owned(exchange: list[Member], claims: Claims, members: Members, raw: list[Region], plan: Plan) -> bool:
    if exchange[0].kind not in (*_CAPTURES, *_BELONGING):
        return False
    offsets = {record.offset for record in exchange}
    other = next((claims.others[each] for each in sorted(offsets) if each in claims.others), None)
    if any(offset in offsets for offset, _ in claims.own):
        if other is not None:
            plan.left.append(
                f"its page at byte {exchange[0].offset} is that of {other}, too, which has to be forgotten"
            )
        return other is None
    if other is not None:
        return False
    if exchange[0].kind == "request" and (gap := _gap_before(exchange[0], members)):
        # What it asked for is damaged: whose that is, is known by where it begins alone.
        if any(end == gap[1] for _, end in raw):
            return True
        if any(gap[0] <= offset < gap[1] for offset in claims.others):
            return False
    return claims.is_own(exchange[0].url)


def _gap_before(record: Member, members: Members) -> Region | None:
    return next((gap for gap in members.gaps if gap[1] == record.offset), None)


def _take_damaged(members: Members, claims: Claims, plan: Plan) -> Iterator[Region]:
    """Damaged records of the story, by the pointers to them: from there as many bytes as they say."""
    for start, length in sorted(claims.own | claims.own_hints):
        gap = next((gap for gap in members.gaps if gap[0] <= start < gap[1]), None)
        if gap is None:
            continue
        end = start + length
        inner = [each for each in (*claims.starts, *claims.others) if start < each < end]
        if end > gap[1] or inner or start in claims.others:
            plan.left.append(f"its page at byte {start} is damaged, and where it ends is not certain")
        else:
            yield start, end


def _joined(spans: list[Region]) -> list[Region]:
    joined: list[Region] = []
    for start, end in sorted(set(spans)):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _find_unread(members: Members, claims: Claims, spans: list[Region], raw: list[Region]) -> Iterator[str]:
    """Damaged bytes that may be the story's as well: those right behind what was, and those that nothing tells of."""
    known = claims.starts | claims.others.keys()
    ends = {end for _, end in (*spans, *raw)}
    for start, end in members.gaps:
        place = start
        for first, last in spans:
            place = last if first <= place < last else place
        inside = [last for first, last in raw if start <= first < end]
        behind = sorted(
            {each for each in (place, *inside) if start <= each < end and each in ends and each not in known}
        )
        if behind:
            yield f"bytes {behind[0]} to {end} are damaged, and may tell what it was asked with"
        elif not claims.is_told and place < end:
            yield f"bytes {place} to {end} are damaged, and no index tells whose they are"


def _find_absent(members: Members, claims: Claims) -> Iterator[str]:
    """Pages of the story that do not lie where the ledger says, nor were taken out there."""
    for start, _ in sorted(claims.own):
        is_there = any(
            record.offset == start or (record.is_filler and record.offset <= start < record.end)
            for record in members.records
        ) or any(first <= start < last for first, last in members.gaps)
        if not is_there:
            yield f"its page at byte {start} is not there"
