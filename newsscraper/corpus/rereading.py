"""A line of a corpus, and its page read anew: the new line, or what became of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from newsscraper.corpus.pointers import Pointed
from newsscraper.errors import InputError
from newsscraper.record import Record, find_faults
from newsscraper.store.archive import ArchivedPage, PassedOver, read_at

_KEPT = ("story_key", "version", "url", "fetched_url", "fetched_at", "http_status", "site", "warc")
"""What a record keeps of the line before: the story, and where its page came from."""
_NO_IMAGES = "noimageai"
"""A reservation for which a crawl may leave the pictures out."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a page."""

    record: dict[str, Any] | None
    reason: str = ""
    """Why there is none, in a word or two: `not_story:listing`, `too_slow`."""
    detail: str = ""
    """For people."""


class ReadPages(Protocol):
    """Reads pages, in whatever processes: each job's tag with its answer, in order; None for a job without a page."""

    def __call__(self, jobs: Iterable[tuple[T, ArchivedPage | None]], /) -> Iterable[tuple[T, Answer | None]]:
        """See the class."""


def keep_facts(data: dict[str, Any]) -> dict[str, Any]:
    """What of a line is needed to write it anew."""
    rights = data.get("rights")
    known = rights if isinstance(rights, dict) else {}
    robots = known.get("robots")
    told = [each for each in robots if isinstance(each, str)] if isinstance(robots, list) else []
    return {
        **{name: data.get(name) for name in _KEPT},
        "rights": {**known, "robots": told},
        "has_images": bool(data.get("images")),
    }


def read_page(corpus: Path, line: Pointed) -> ArchivedPage | PassedOver:
    """The page that `line` leads to, as of the moment that the line says it was fetched."""
    path = corpus / line.file
    if not path.exists():
        path = path.with_name(f"{path.name}.open")  # a run is at work on it, or died over it
    try:
        page = read_at(str(path), line.offset, line.length, line.record_id)
    except InputError as no:
        return PassedOver(file=line.file, offset=line.offset, reason="no_archive", detail=str(no))
    if isinstance(page, PassedOver):
        return page
    # Of two captures with the same bytes an archive holds the first alone: words such as "yesterday" are the line's.
    fetched_at = line.read_facts()["fetched_at"]
    return dataclasses.replace(page, fetched_at=fetched_at) if isinstance(fetched_at, str) else page


def settle(facts: dict[str, Any], problem: PassedOver | None, answer: Answer | None, run_id: str) -> Answer:
    """The line anew, out of what became of its page; else why there is none."""
    if problem is not None:
        return Answer(record=None, reason=problem.reason, detail=problem.detail)
    if answer is None:
        return Answer(record=None, reason="unexpected", detail="nothing came of it")
    return answer if answer.record is None else make_line(facts, answer.record, run_id)


def make_line(facts: dict[str, Any], record: dict[str, Any], run_id: str) -> Answer:
    """The line anew: `record` with what is kept of the line before, or what is wrong with that."""
    line = {**record, **{name: facts[name] for name in _KEPT}, "run_id": run_id}
    line["rights"] = join_rights(record["rights"], facts["rights"])
    if _NO_IMAGES in line["rights"]["robots"] and not facts["has_images"]:
        line["images"] = []
    line = {field.name: line[field.name] for field in dataclasses.fields(Record)}
    faults = find_faults(line)
    return Answer(record=None, reason="invalid", detail="; ".join(faults)) if faults else Answer(record=line)


def join_rights(read: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What the page itself says, now, and what was `known`: headers and files of the host told that, too.

    Nothing that was reserved is lost by reading anew.
    """
    reservation = read["tdm_reservation"]
    return {
        "robots": list(dict.fromkeys([*read["robots"], *known.get("robots", ())])),
        "noai": bool(read["noai"] or known.get("noai")),
        "tdm_reservation": known.get("tdm_reservation") if reservation is None else reservation,
        "tdm_policy": read["tdm_policy"] or known.get("tdm_policy"),
    }
