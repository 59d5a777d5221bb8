"""Archives that are meant to cost more than their size: time and memory stay in proportion to it."""

import gzip
import random
import zlib

import pytest

from newsscraper.store.archive import ArchivedPage, http, read_archive

from .warcs import PAGE, packed

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
