"""A large archive is cut at true records: each page lies in exactly one piece."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from newsscraper.batch import pieces
from newsscraper.batch.inputs import Input
from newsscraper.batch.parts import cut_parts
from newsscraper.batch.pieces import find_range
from newsscraper.store.archive import ArchivedPage, read_archive
from newsscraper.store.archive.index import index_path, walk_archive
from tests.batch.archives import make_stories, make_story, write_warc


def cut(path: Path, folder: Path, count: int) -> list[tuple[int, int]]:
    size = path.stat().st_size
    parts = cut_parts([Input(name=str(path), kind="archive", size=size)], size // count)
    return [find_range(part, folder) for part in parts]


def read_urls(path: Path, ranges: list[tuple[int, int]]) -> list[str]:
    return [
        found.url
        for start, end in ranges
        for found in read_archive(str(path), start=start, end=end)
        if isinstance(found, ArchivedPage)
    ]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_the_pieces_hold_each_page_once_and_in_order(tmp_path: Path, packed: bool, count: int) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    places = write_warc(path, make_stories(20), packed=packed)
    ranges = cut(path, tmp_path, count)
    assert len(ranges) == count
    assert read_urls(path, ranges) == [f"https://harbour.example/news/{number}" for number in range(20)]
    assert {start for start, _ in ranges} <= {0, *places, path.stat().st_size}
    assert [end for _, end in ranges] == [*[start for start, _ in ranges[1:]], path.stat().st_size]


def test_an_index_beside_the_archive_saves_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, make_stories(20))
    walked = cut(path, tmp_path / "walked", 4)
    index_path(path).write_text("".join(walk_archive(path, path.name)), encoding="utf-8")
    monkeypatch.setattr(pieces, "_walk_heads", lambda _: pytest.fail("walked all the same"))
    assert cut(path, tmp_path / "indexed", 4) == walked


def _shift(lines: list[str]) -> list[str]:
    found = []
    for line in lines:
        head, _, told = line.partition(" {")
        facts = json.loads("{" + told)
        found.append(f"{head} {json.dumps(facts | {'offset': str(int(facts['offset']) + 5)})}\n")
    return found


@pytest.mark.parametrize(
    "spoil",
    [_shift, lambda lines: lines[:3], lambda _: ["no index\n"], lambda _: ["a 2026 [1]\n"], lambda _: []],
    ids=["shifted", "cut", "none", "list", "empty"],
)
def test_an_index_that_is_wrong_is_not_believed(tmp_path: Path, spoil: Callable[[list[str]], list[str]]) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, make_stories(20))
    walked = cut(path, tmp_path / "walked", 4)
    index_path(path).write_text("".join(spoil(walk_archive(path, path.name))), encoding="utf-8")
    assert cut(path, tmp_path / "indexed", 4) == walked


def test_what_was_found_once_is_kept_for_the_other_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, make_stories(20))
    before = cut(path, tmp_path / "into", 4)
    monkeypatch.setattr(pieces, "open_source", lambda _: pytest.fail("looked again"))
    assert cut(path, tmp_path / "into", 4) == before


@pytest.mark.parametrize(
    "damage", [b"", b"\x00" * 50, b"[]", b'{"starts": 4}', b'{"starts": [0, 7]}', b'{"starts": [0, "a", null, 9]}']
)
def test_what_was_kept_and_is_damaged_is_found_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, make_stories(20))
    before = cut(path, tmp_path / "into", 4)
    (kept,) = (tmp_path / "into" / ".pieces").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert cut(path, tmp_path / "into", 4) == before
    assert kept.read_bytes() == whole


def test_a_page_as_a_browser_drew_it_stays_with_its_answer(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(12):
            page = make_story(number)
            body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.body
            answer = writer.create_warc_record(page.url, "response", io.BytesIO(body))
            drawn = writer.create_warc_record(
                page.url,
                "conversion",
                io.BytesIO(page.body),
                warc_content_type="text/html",
                warc_headers_dict={"WARC-Refers-To": answer.rec_headers.get_header("WARC-Record-ID")},
            )
            writer.write_record(answer)
            writer.write_record(drawn)
    for count in range(2, 30):
        urls = read_urls(path, cut(path, tmp_path / str(count), count))
        assert urls == [f"https://harbour.example/news/{number}" for number in range(12)]


def test_an_archive_that_is_one_gzip_member_is_one_piece(tmp_path: Path) -> None:

    plain, path = tmp_path / "plain.warc", tmp_path / "a.warc.gz"
    write_warc(plain, make_stories(10), packed=False)
    path.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    assert read_urls(path, cut(path, tmp_path, 3)) == [f"https://harbour.example/news/{number}" for number in range(10)]
