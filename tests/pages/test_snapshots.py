"""`make snapshots`: writes what the core says today, prints what changed, and leaves the rest alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.pages import snapshots
from tests.pages.fixtures import FOLDER, Fixture, select_fields

NAME = "no-metadata-en"


@pytest.fixture
def fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fixture:
    """A copy whose expectation is what the core says."""
    shutil.copytree(FOLDER / NAME, tmp_path / NAME)
    monkeypatch.setattr(snapshots, "FOLDER", tmp_path)
    copy = Fixture(tmp_path / NAME)
    copy.write_expected(select_fields(copy.extract()))
    return copy


def test_nothing_is_written_where_nothing_changed(fixture: Fixture, capsys: pytest.CaptureFixture[str]) -> None:
    file = fixture.folder / "expected.json"
    file.write_text(json.dumps(fixture.expected))
    before = file.read_bytes()
    assert snapshots.main([NAME]) == 0
    assert file.read_bytes() == before
    assert "1 fixtures, 0 rewritten" in capsys.readouterr().out


def test_a_change_is_written_and_shown(fixture: Fixture, capsys: pytest.CaptureFixture[str]) -> None:
    now = fixture.expected
    fixture.write_expected({**now, "title": "Another headline"})
    assert snapshots.main([NAME]) == 0
    assert fixture.expected == now
    out = capsys.readouterr().out
    assert '- "title": "Another headline",' in out
    assert f'+ "title": "{now["title"]}",' in out


def test_a_new_fixture_gets_its_expectation(fixture: Fixture) -> None:
    expected = fixture.expected
    (fixture.folder / "expected.json").unlink()
    assert snapshots.main([NAME]) == 0
    assert fixture.expected == expected


def test_a_page_that_is_refused_keeps_its_expectation(fixture: Fixture, capsys: pytest.CaptureFixture[str]) -> None:
    before = fixture.expected
    (fixture.folder / "source.html").write_bytes(b"")
    assert snapshots.main([NAME]) == 1
    assert fixture.expected == before
    assert f"{NAME}: UnreadablePage" in capsys.readouterr().err


def test_an_unknown_name_is_bad_usage(fixture: Fixture, capsys: pytest.CaptureFixture[str]) -> None:
    assert snapshots.main(["no-such-page"]) == 2
    assert "no-such-page" in capsys.readouterr().err
