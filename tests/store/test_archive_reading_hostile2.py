"""Archives that are meant to cost more than their size: time and memory stay in proportion to it."""

import gzip
import random
import zlib

import pytest

from newsscraper.store.archive import ArchivedPage, http, read_archive, remote
from newsscraper.store.archive.language import sample_text

from .warcs import PAGE, packed, record

GZIPPED = ("Content-Type: text/html", "Content-Encoding: gzip")


@pytest.fixture
def write(tmp_path):
    def write(*parts, name="a.warc.gz"):
        path = tmp_path / name
        path.write_bytes(b"".join(parts))
        return str(path)

    return write


def read(path):
    """Pages by their number, other records by their reason."""
    return [_told(found) for found in read_archive(path)]


def _told(found):
    return int(found.url.rpartition("/")[2]) if isinstance(found, ArchivedPage) else found.reason


def test_a_body_of_very_many_empty_members_is_corrupt(write):
    body = gzip.compress(b"", mtime=0) * 2000 + gzip.compress(PAGE)
    assert read(write(packed(1, body=body, http=GZIPPED), packed(2))) == ["corrupt_body", 2]


def test_zlib_is_given_no_more_of_a_body_than_a_step_at_a_time(monkeypatch):
    given = []
    real = zlib.decompressobj

    class Spy:
        def __init__(self, wbits):
            self._unpacker = real(wbits=wbits)

        def decompress(self, data, most):
            given.append(len(data))
            return self._unpacker.decompress(data, most)

        def __getattr__(self, name):
            return getattr(self._unpacker, name)

    monkeypatch.setattr(http.zlib, "decompressobj", Spy)
    noise = random.Random(7).randbytes(300_000)
    head = http.Head(200, (("content-encoding", "gzip"),))
    body = gzip.compress(PAGE[:50]) + gzip.compress(noise) + gzip.compress(PAGE[50:])
    assert http.unpack_body(body, head, 1 << 20).body == PAGE[:50] + noise + PAGE[50:]
    assert max(given) <= 1 << 16


@pytest.mark.parametrize("most", [10, len(PAGE) - 1])
def test_members_together_stay_within_the_limit(most):
    head = http.Head(200, (("content-encoding", "gzip"),))
    body = b"".join(gzip.compress(PAGE[at : at + 7]) for at in range(0, len(PAGE), 7))
    assert http.unpack_body(body, head, len(PAGE)).body == PAGE
    with pytest.raises(http.EncodingError, match="more than"):
        http.unpack_body(body, head, most)


def test_the_label_of_a_charset_is_looked_for_in_a_headers_beginning():
    """A pattern that goes back over its blanks takes minutes over this many."""
    for blanks in ("charset=" + " " * 200_000 + ";", "charset" + " " * 200_000):
        assert http.charset_of(blanks) is None
    assert http.charset_of("text/html; CHARSET = ' Latin-1 '; x") == "Latin-1"
    assert http.charset_of(f"text/html; x={'y' * 2000}; charset=utf-8") is None


@pytest.fixture
def taken(monkeypatch):
    """How many bytes each reading of a file gave."""
    sizes = []
    real = remote.Window.read

    def count(self, size=-1):
        data = real(self, size)
        sizes.append(len(data))
        return data

    monkeypatch.setattr(remote.Window, "read", count)
    return sizes


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("length", ["1" + "0" * 12, "1000000"], ids=["beyond the file", "within it"])
def test_wrong_lengths_do_not_have_the_rest_of_the_file_read_for_each(write, taken, pack, length):
    lies = [pack(record(2, length=length))] * 150
    large = pack(record(3, body=PAGE + random.Random(3).randbytes(2_000_000)))
    assert read(write(pack(record(1)), *lies, large, name="a.warc")) == [1, *["corrupt"] * 150, 3]
    assert sum(taken) < 150_000_000


def test_sound_records_are_read_behind_much_damage(write):
    parts = [packed(number, length="99999" if number % 2 else "right") for number in range(1, 61)]
    told = ["corrupt" if number % 2 else number for number in range(1, 61)]
    assert read(write(*parts)) == told
    plain = [record(number, length="99999" if number % 2 else "right") for number in range(1, 61)]
    assert read(write(*plain)) == told
    together = gzip.compress(record(70) + record(71))
    assert read(write(*parts, together, packed(72), packed(73)[:-30])) == [*told, 70, 71, 72, "truncated"]


@pytest.mark.parametrize("tag", ["<!--", "<script>", "<p>", "<p>" + "a" * 90, "</p", "<svg><form>"])
def test_tags_without_an_end_are_looked_at_once(tag):
    """Of so many a pattern that looks for the end of each takes minutes."""
    assert len(sample_text((tag * 100_000)[:390_000].encode(), "utf-8")) <= 2000


def test_paragraphs_are_found_beside_what_is_silent():
    text = "The ferry to the outer islands sails again from Monday, the harbour office said on Friday. "
    page = f"<head><SCRIPT>{'x' * 90_000}</script ></head><body><!-- a > b --><nav><p>{'menu ' * 40}</nav>"
    page += f"<P class=x>{text * 2}</p ><p>{text}&#{'9' * 5000};</p><!-- <p>{text.upper()}</p>"
    assert sample_text(page.encode(), "utf-8").count("The ferry") == 3
    assert "menu" not in sample_text(page.encode(), "utf-8")
