from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from scrapy.settings import Settings

from newsscraper.crawl.pipelines import OncePipeline, SealPipeline, ValidatePipeline
from newsscraper.record import Record
from newsscraper.store import make_record
from newsscraper.story import Story


def make_crawler(corpus: Path) -> Any:
    stats: dict[str, int] = {}
    counter = SimpleNamespace(values=stats, inc_value=lambda name: stats.update({name: stats.get(name, 0) + 1}))
    return SimpleNamespace(stats=counter, spider=None, settings=Settings({"NEWSSCRAPER_CORPUS": str(corpus)}))


def record(path: str = "1", site: str = "a.example") -> Record:
    return make_record(Story(title="Ferry runs", body="Text."), url=f"https://{site}/{path}", model=None, run_id="run")


def test_a_faulty_record_is_dropped_counted_and_named(tmp_path: Path) -> None:
    crawler = make_crawler(tmp_path)
    pipeline = ValidatePipeline.from_crawler(crawler)
    good = record()
    assert pipeline.process_item(good) is good
    with pytest.raises(DropItem, match=r"https://a\.example/1.*date"):
        pipeline.process_item(dataclasses.replace(good, date="yesterday"))
    with pytest.raises(DropItem, match="surrogate"):
        pipeline.process_item(dataclasses.replace(good, body="broken \ud800 text"))
    assert crawler.stats.values == {"newsscraper/faulty": 2}


def test_the_same_key_passes_once(tmp_path: Path) -> None:
    pipeline = OncePipeline.from_crawler(make_crawler(tmp_path))
    pipeline.process_item(record("1"))
    pipeline.process_item(record("2"))
    with pytest.raises(DropItem, match="met before"):
        pipeline.process_item(record("1"))


def test_a_file_a_site_sealed_at_the_end(tmp_path: Path) -> None:
    pipeline = SealPipeline.from_crawler(make_crawler(tmp_path))
    for item in (record("1"), record("2"), record("1", "b.example")):
        assert pipeline.process_item(item) is item
    assert list(tmp_path.glob("stories/*/run-*.jsonl")) == []
    pipeline.close_spider()
    lines = (tmp_path / "stories" / "a.example" / "run-00000.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["url"] for line in lines] == ["https://a.example/1", "https://a.example/2"]
    assert {site: [seal.records for seal in seals] for site, seals in pipeline.seals.items()} == {
        "a.example": [2],
        "b.example": [1],
    }


def test_what_cannot_be_sealed_is_kept_for_the_report(tmp_path: Path) -> None:
    pipeline = SealPipeline.from_crawler(make_crawler(tmp_path))
    pipeline.process_item(record())
    (tmp_path / "stories" / "a.example" / "run-00000.jsonl").mkdir()
    pipeline.close_spider()
    assert pipeline.seals == {}
    assert "a.example" in pipeline.faults["a.example"]


def test_items_that_are_no_records_pass(tmp_path: Path) -> None:
    crawler = make_crawler(tmp_path)
    item = {"any": "thing"}
    for kind in (ValidatePipeline, OncePipeline, SealPipeline):
        assert kind.from_crawler(crawler).process_item(item) is item
    assert list(tmp_path.iterdir()) == []
