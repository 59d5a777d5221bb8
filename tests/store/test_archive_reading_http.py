"""HTTP answers as archives hold them: packed, chunked, or only said to be; headers of any shape."""

import gzip
import tempfile
import zlib
from pathlib import Path

import pytest
from fastwarc.stream_io import BrotliWriter, ZstdWriter

from newsscraper.store.archive import ArchivedPage, read_archive
from newsscraper.store.archive.http import find_head_end, join_chunks, read_head

from .warcs import PAGE, packed

HTML = "Content-Type: text/html"


def read(tmp_path, **fields):
    """The page of a record of those fields, or the reason why there is none."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(1, **fields))
    (found,) = read_archive(str(path))
    return found.body if isinstance(found, ArchivedPage) else found.reason


def is_cut(tmp_path, **fields):
    """Whether the page of a record of those fields breaks off."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(1, **fields))
    (found,) = read_archive(str(path))
    return found.is_truncated


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def written(writer, data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "packed")
        stream = writer(str(path))
        stream.write(data)
        stream.finish()
        stream.close()
        return path.read_bytes()


def brotli(data):
    return written(BrotliWriter, data)


def zstd(data):
    return written(ZstdWriter, data)


def chunked(data, size=50, end=b"\r\n"):
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x%s%s%s" % (len(part), end, part, end) for part in parts) + b"0" + end + end


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli),
        ("zstd", zstd),
        ("gzip, br", lambda data: brotli(gzip.compress(data))),
        ("identity", bytes),
        ("", bytes),
    ],
)
def test_content_encodings(tmp_path, encoding, pack):
    assert read(tmp_path, http=(HTML, f"Content-Encoding: {encoding}"), body=pack(PAGE)) == PAGE


def test_two_headers_of_one_encoding_each(tmp_path):
    body = brotli(gzip.compress(PAGE))
    assert read(tmp_path, http=(HTML, "Content-Encoding: gzip", "Content-Encoding: br"), body=body) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_packed_whatever_its_header_says(tmp_path, encoding):
    assert read(tmp_path, http=(HTML, f"Content-Encoding: {encoding}")) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_neither_packed_nor_a_page(tmp_path, encoding):
    body = bytes(range(255, -1, -1)) * 4
    assert read(tmp_path, http=(HTML, f"Content-Encoding: {encoding}"), body=body) == "corrupt_body"


def test_an_encoding_that_nobody_knows(tmp_path):
    assert read(tmp_path, http=(HTML, "Content-Encoding: snappy"), body=b"\xff\x06\x00sNaPpY") == "encoding"
    assert read(tmp_path, http=(HTML, "Content-Encoding: snappy")) == PAGE


def test_a_packed_body_that_breaks_off_is_a_page_as_far_as_it_goes(tmp_path):
    long = PAGE + b"<p>" + b"".join(b"%d more words " % number for number in range(20_000))
    http = (HTML, "Content-Encoding: gzip")
    body = read(tmp_path, http=http, body=gzip.compress(long)[:-2000])
    assert long.startswith(body)
    assert len(body) > len(long) // 2


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_chunks_are_joined(tmp_path, end):
    http = (HTML, "Transfer-Encoding: chunked")
    assert read(tmp_path, http=http, body=chunked(PAGE, end=end)) == PAGE


def test_chunks_of_a_packed_body(tmp_path):
    http = (HTML, "Transfer-Encoding: chunked", "Content-Encoding: gzip")
    assert read(tmp_path, http=http, body=chunked(gzip.compress(PAGE))) == PAGE


def test_chunks_that_were_announced_and_joined_already(tmp_path):
    assert read(tmp_path, http=(HTML, "Transfer-Encoding: chunked")) == PAGE
    assert (
        read(tmp_path, http=(HTML, "Transfer-Encoding: chunked", "Content-Encoding: gzip"), body=gzip.compress(PAGE))
        == PAGE
    )


@pytest.mark.parametrize(
    ("body", "joined"),
    [
        (b"3;name=value\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", b"abc"),
        (b"3\r\nabc\r\n", b"abc"),
        (b"5\r\nabc", b"abc"),
        (b"0003\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"3  \r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"3\r\nabcNO CHUNK", b"abc"),
        (b"0\r\n\r\n", b""),
        (b"", b""),
        (b"ffffffff\r\nabc", b"abc"),
        (b"abc<html>", b"abc<html>"),
    ],
)
def test_chunks_of_every_kind(body, joined):
    assert join_chunks(body).body == joined


def test_many_tiny_chunks_take_no_time():
    assert len(join_chunks(b"1\r\na\r\n" * 200_000 + b"0\r\n\r\n").body) == 200_000


CHUNKED = "Transfer-Encoding: chunked"
GZIPPED = "Content-Encoding: gzip"
HALF = PAGE[: len(PAGE) // 2]


@pytest.mark.parametrize(
    ("http", "body"),
    [
        ((GZIPPED,), gzip.compress(PAGE)[:-60]),
        (("Content-Encoding: deflate",), zlib.compress(PAGE)[:-60]),
        (("Content-Encoding: deflate",), raw_deflate(PAGE)[:-60]),
        ((CHUNKED,), chunked(PAGE)[:-120]),
        ((CHUNKED,), chunked(HALF)[: -len(b"0\r\n\r\n")]),
        ((CHUNKED, GZIPPED), chunked(gzip.compress(PAGE))[:-90]),
        ((CHUNKED, GZIPPED), chunked(gzip.compress(PAGE)[:-60])),
        ((f"Content-Length: {len(PAGE)}",), HALF),
        ((f"Content-Length: {len(PAGE)}", "Content-Encoding: identity"), HALF),
    ],
)
def test_a_page_whose_answer_breaks_off_is_told_as_cut(tmp_path, http, body):
    assert is_cut(tmp_path, http=(HTML, *http), body=body)


@pytest.mark.parametrize(
    ("http", "body"),
    [
        ((GZIPPED,), gzip.compress(HALF)),
        ((GZIPPED,), gzip.compress(HALF) + b"garbage"),
        ((GZIPPED,), gzip.compress(PAGE)[:-8]),
        ((GZIPPED,), PAGE),
        ((CHUNKED,), HALF),
        ((CHUNKED,), chunked(HALF)),
        ((CHUNKED,), chunked(PAGE)[: -len(b"0\r\n\r\n")]),
        ((CHUNKED, "Content-Length: 99999"), chunked(HALF)),
        (("Content-Length: 99999",), PAGE + b"<!-- 0.2 s -->"),
        (("Content-Length: 12",), HALF),
        (("Content-Length: 99999", "Content-Length: 12"), HALF),
        (("Content-Length: many",), HALF),
        (("Content-Length: 99999", GZIPPED), HALF),
        (("Content-Length: 99999", "X-Archive-Orig-Content-Encoding: gzip"), HALF),
    ],
)
def test_a_page_is_not_told_as_cut_for_headers_that_do_not_fit_what_was_stored(tmp_path, http, body):
    assert not is_cut(tmp_path, http=(HTML, *http), body=body)


@pytest.mark.parametrize(
    ("told", "came"),
    [
        ("bytes 0-99/200", "http_error"),
        ("bytes 100-199/200", "http_error"),
        ("bytes 0-99/*", "http_error"),
        ("none", "http_error"),
        ("bytes 0-199/200", PAGE),
    ],
)
def test_a_part_of_a_page_is_none_unless_it_is_all_of_it(tmp_path, told, came):
    assert read(tmp_path, status=b"HTTP/1.1 206 Partial Content", http=(HTML, f"Content-Range: {told}")) == came


@pytest.mark.parametrize(
    "status",
    [b"HTTP/1.1 200 OK", b"HTTP/1.0 200", b"HTTP/2 200", b"HTTP/2.0 200 ", b"http/1.1  200 Fine", b"HTTP/3 203 x"],
)
def test_status_lines(tmp_path, status):
    assert read(tmp_path, status=status) == PAGE


@pytest.mark.parametrize("status", [b"", b"HTTP/1.1", b"HTTP/1.1 2000 OK", b"ICY 200 OK", b"<html>", b"HTTP/1.1 two"])
def test_what_is_no_answer(tmp_path, status):
    assert read(tmp_path, status=status) == "no_http"


def test_headers_of_every_kind():
    head = read_head(
        b"HTTP/1.1 200 \xff\x1b[31m\r\nContent-Type:text/html;\r\n\tcharset=utf-8\nX-Odd\x00 : a\x1b]b\r\nno colon\r\n"
        b": nameless\r\nSet: 1\r\nset: 2\r\n\r\n"
    )
    assert head is not None
    assert head.status == 200
    assert head.get("content-type") == "text/html; charset=utf-8"
    assert head.get("x-odd") == "a]b"
    assert head.get_all("set") == ["1", "2"]
    assert head.get("") == head.get("no colon") == ""


def test_bare_line_feeds(tmp_path):
    block = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + PAGE
    assert read(tmp_path, block=block) == PAGE


def test_an_answer_without_a_body_is_an_empty_page(tmp_path):
    assert read(tmp_path, body=b"") == b""
    assert read(tmp_path, block=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n") == b""


def test_a_megabyte_of_headers(tmp_path):
    many = tuple(f"X-Header-{number}: {'y' * 90}" for number in range(10_000))
    assert read(tmp_path, http=(*many, HTML)) == PAGE


def test_headers_without_an_end(tmp_path):
    assert read(tmp_path, block=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 700_000) == "no_http"


def test_the_end_of_headers_is_found_across_pieces():
    block = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n<html>"
    for cut in range(len(block)):
        assert find_head_end(block, max(0, cut - 3)) == 25 or cut > 24
