from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from newsscraper.store import RunReport, Seal, format_instant, new_run_id, write_report


def test_run_ids_sort_by_time_and_never_repeat() -> None:
    moment = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)
    early, late = new_run_id(moment), new_run_id(moment + timedelta(seconds=1))
    assert re.fullmatch(r"20240305T100000Z-[0-9a-f]{6}", early)
    assert early < late
    assert len({new_run_id(moment) for _ in range(50)}) > 45


def test_instants_are_utc() -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    assert format_instant(datetime(2024, 3, 5, 10, 0, 1, 999, tzinfo=tehran)) == "2024-03-05T06:30:01Z"


def test_report_on_disk(tmp_path: Path) -> None:
    seal = Seal(file="stories/a.example/r-00000.jsonl", records=1, bytes=2, sha256="00")
    report = RunReport(
        run_id="r",
        site="a.example:80",
        started_at="2024-03-05T10:00:00Z",
        finished_at="2024-03-05T10:00:01Z",
        finish_reason="finished",
        exit_code=0,
        counts={"stories": 1},
        problems=[],
        files=[seal],
        settings={"NEWSSCRAPER_CORPUS": tmp_path},
        arguments={"url": "https://a.example/"},
    )
    path = write_report(tmp_path, report)
    assert path == tmp_path / "runs" / "a.example_80" / "r.json"
    assert [each.name for each in path.parent.iterdir()] == ["r.json"]
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["files"] == [{"file": seal.file, "records": 1, "bytes": 2, "sha256": "00"}]
    assert data["versions"].keys() >= {"python", "newsscraper", "scrapy", "lxml"}
    assert data["settings"]["NEWSSCRAPER_CORPUS"] == str(tmp_path)
