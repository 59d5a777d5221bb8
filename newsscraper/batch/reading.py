"""How the workers of a batch read a page: from the page to the very line that is written."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from newsscraper.batch.files import Source, extract_file
from newsscraper.batch.pages import Outcome, PageJob, extract_archived, name_error, prepare_job
from newsscraper.errors import NewsscraperError, NotAStory
from newsscraper.extract import choose_model
from newsscraper.record import find_faults
from newsscraper.sites import load_profile, load_profiles
from newsscraper.store.archive import ArchivedPage
from newsscraper.store.evidence import read_evidence_file
from newsscraper.store.lines import to_line
from newsscraper.store.records import describe_extractor

Kind = Literal["story", "not_story", "error", "passed_over"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What pages are read with: the options that change what is read, as they were given."""

    site: str | None = "auto"
    """A profile's name, `auto`, or None for no profile."""
    sites_dirs: tuple[str, ...] = ()
    fetched_at: str | None = None
    """Of pages that do not say it themselves."""
    force: bool = False
    model_file: str | None = None
    evidence_file: str | None = None

    def describe(self) -> dict[str, str | bool | None]:
        """Each option by what is in it: of files their digests, so that it is the same wherever they lie.

        Raises `NewsscraperError` for what cannot be used.
        """
        evidence = read_evidence_file(Path(self.evidence_file)) if self.evidence_file else {}
        return {
            "extractor": describe_extractor(choose_model(self.model_file)),
            "site": self.site,
            "profiles": self._digest_profiles(),
            "fetched_at": self.fetched_at,
            "force": self.force,
            "evidence": _digest({site: each.digest for site, each in evidence.items()}) if evidence else None,
        }

    def _digest_profiles(self) -> str | None:
        if self.site is None:
            return None
        if self.site != "auto":
            return load_profile(self.site, self.sites_dirs).version
        return _digest({name: profile.version for name, profile in load_profiles(self.sites_dirs).items()})


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a page, as a worker hands it on."""

    kind: Kind
    line: bytes = b""
    """The record, ready to be written; empty where there is none."""
    reason: str = ""
    """Why there is none, in one word."""
    detail: str = ""
    """For people."""


def prepare(reading: Reading, described: dict[str, str | bool | None], run_id: str) -> Callable[[object], Read]:
    """What a worker calls once. Raises `NewsscraperError` where a file is no longer what it was in the plan."""
    if reading.describe() != described:
        raise NewsscraperError("weights, profiles or evidence have changed since the batch began: start it anew")
    job = prepare_job(
        profile=reading.site,
        sites=reading.sites_dirs,
        fetched_at=reading.fetched_at,
        force=reading.force,
        evidence=read_evidence_file(Path(reading.evidence_file)) if reading.evidence_file else None,
        model=choose_model(reading.model_file),
    )
    return partial(read_page, job=job, run_id=run_id)


def read_page(page: object, *, job: PageJob, run_id: str) -> Read:
    """A page of an archive or a file. Raises `MemoryError` where there is too little of it."""
    outcome = extract_file(page, job) if isinstance(page, Source) else extract_archived(_archived(page), job)
    if outcome.error is not None and isinstance(outcome.error.__cause__, MemoryError):
        raise MemoryError
    return _tell(outcome, run_id)


def _archived(page: object) -> ArchivedPage:
    if not isinstance(page, ArchivedPage):
        raise TypeError(f"neither a file nor a page of an archive: {type(page).__name__}")
    return page


def _tell(outcome: Outcome, run_id: str) -> Read:
    if outcome.record is not None:
        data = dataclasses.replace(outcome.record, run_id=run_id).to_dict()
        faults = find_faults(data)
        return Read("error", reason="invalid", detail="; ".join(faults)) if faults else Read("story", to_line(data))
    if outcome.error is not None:
        error = outcome.error
        if isinstance(error, NotAStory):
            return Read("not_story", reason=error.reason, detail=error.detail)
        return Read("error", reason=name_error(error), detail=str(error))
    return Read("passed_over", reason=outcome.passed_over or "passed_over")


def _digest(names: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(names, sort_keys=True).encode()).hexdigest()
