"""What a re-extraction is of, written down before it begins: given again, the same goes on, and another is refused."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsscraper.corpus.archives import find_archives
from newsscraper.errors import InputError
from newsscraper.store import Clock, Form, folder_of, format_instant, iterate_reports, new_run_id
from newsscraper.store.durable import write_whole
from newsscraper.store.ledger.files import digest_file

PLAN = "reextract.json"
_COMPARED = ("reading", "keep_old", "form", "inputs")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`reextract.json` in the new corpus."""

    run_id: str
    started_at: str
    """UTC, `2022-03-30T17:20:00Z`."""
    corpus: str
    """The old one, as it was named."""
    reading: dict[str, Any]
    """What pages are read with, by versions and digests."""
    keep_old: bool
    form: Form
    inputs: dict[str, list[dict[str, Any]]]
    """Site -> its files of stories and its archives, as `Seal` has them, without the number of records."""


def make_plan(  # noqa: PLR0913 (what a plan says)
    corpus: Path, sites: Sequence[str], *, reading: dict[str, Any], keep_old: bool, form: Form, clock: Clock
) -> Plan:
    """The plan for `sites`, as folders name them. Raises `OSError`."""
    return Plan(
        run_id=new_run_id(clock.now()),
        started_at=format_instant(clock.now()),
        corpus=str(corpus),
        reading=reading,
        keep_old=keep_old,
        form=form,
        inputs={site: _list_inputs(corpus, site) for site in sites},
    )


def enter_plan(new: Path, plan: Plan) -> Plan:
    """Write `plan` into the folder `new`, or give the one that stands there, of which this is the continuation.

    Raises `InputError` where that is another one, or where `new` holds something else; `OSError`.
    """
    path = new / PLAN
    if path.exists():
        known = _read_plan(path)
        found = [name for name in _COMPARED if getattr(known, name) != getattr(plan, name)]
        if found:
            raise InputError(
                f"{path}: was begun with other {_name(found, known, plan)}: give the same again, or another folder"
            )
        return known
    if any(each.name not in {f".{PLAN}.part", LOCK} for each in new.iterdir()):
        raise InputError(f"{new}: holds something already: a new corpus takes a folder of its own")
    write_whole(path, (json.dumps(dataclasses.asdict(plan), ensure_ascii=False, indent=1) + "\n").encode())
    return plan


LOCK = ".reextract.lock"
"""Held while a process is at work."""


def find_stories(corpus: Path, site: str) -> list[Path]:
    """The sealed files of a site's stories, in order."""
    folder = corpus / "stories" / folder_of(site)
    return sorted(path for path in folder.glob("*.jsonl*") if not path.name.startswith("."))


def _list_inputs(corpus: Path, site: str) -> list[dict[str, Any]]:
    known = {
        each.get("file"): each
        for report in iterate_reports(corpus, site)
        for each in report["files"]
        if isinstance(each, dict)
    }
    found = []
    for path in (*find_stories(corpus, site), *find_archives(corpus, site)):
        file = path.relative_to(corpus).as_posix()
        size, told = path.stat().st_size, known.get(file, {})
        digest = told["sha256"] if told.get("bytes") == size and told.get("sha256") else digest_file(path)[1]
        found.append({"file": file, "bytes": size, "sha256": digest})
    return found


def _read_plan(path: Path) -> Plan:
    try:
        return Plan(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as fault:
        raise InputError(f"{path}: is no plan of a re-extraction: {fault}") from fault


def _name(found: Sequence[str], known: Plan, plan: Plan) -> str:
    """What differs, in words that lead somewhere."""
    words = {"keep_old": "--keep-old", "form": "--form", "inputs": "files of the old corpus"}
    parts = [words[name] for name in found if name in words]
    if "reading" in found:
        parts = [name for name in plan.reading if known.reading.get(name) != plan.reading[name]] + parts
    return ", ".join(parts)
