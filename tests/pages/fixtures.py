"""Fixture folders: a saved page, what is known about it, and the story that it holds.

fixtures/<name>/source.html      the page's bytes, or `source.txt` for a page already flattened to text
fixtures/<name>/meta.json        url, profile, charset, fetched_at: the arguments; features: what the page shows
fixtures/<name>/expected.json    every field of the story but `confidence`
fixtures/known_failures.toml     [name] field = "why it fails today"
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from newsscraper import Story, extract, extract_text

FOLDER = Path(__file__).resolve().parent.parent.parent / "fixtures"
FIELDS = tuple(name for name in Story.__dataclass_fields__ if name != "confidence")
META_KEYS = ("url", "profile", "charset", "fetched_at", "features")


@dataclass(frozen=True)
class Fixture:
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def is_dump(self) -> bool:
        return (self.folder / "source.txt").exists()

    @property
    def meta(self) -> dict[str, Any]:
        return self._read_json("meta.json")

    @property
    def expected(self) -> dict[str, Any]:
        return self._read_json("expected.json")

    def write_expected(self, fields: dict[str, Any]) -> None:
        text = json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
        (self.folder / "expected.json").write_text(text, encoding="utf-8")

    def extract(self) -> Story:
        """What the core says today. Raises what the core raises."""
        meta = self.meta
        common = {"profile": meta["profile"], "fetched_at": meta["fetched_at"]}
        if self.is_dump:
            text = (self.folder / "source.txt").read_text(encoding="utf-8")
            return extract_text(text, meta["url"], **common)
        page = (self.folder / "source.html").read_bytes()
        return extract(page, meta["url"], charset=meta["charset"], **common)

    def _read_json(self, file: str) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.folder / file).read_text(encoding="utf-8"))
        return data


def list_fixtures() -> list[Fixture]:
    return [Fixture(meta.parent) for meta in sorted(FOLDER.glob("*/meta.json"))]


@cache
def extract_fixture(name: str) -> dict[str, Any]:
    """The fields that the core gives for a fixture, once a process. Raises what the core raises."""
    return select_fields(Fixture(FOLDER / name).extract())


def select_fields(story: Story) -> dict[str, Any]:
    fields = story.to_dict()
    return {name: fields[name] for name in FIELDS}


def read_known_failures() -> dict[str, dict[str, str]]:
    """Fixture -> field -> why it fails today."""
    file = FOLDER / "known_failures.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
