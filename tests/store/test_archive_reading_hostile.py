"""Archives that are damaged, lie about themselves, or are meant to do harm: each costs itself and nothing else."""

import gzip
import random
import subprocess
import sys
import zlib

import pytest

from newsscraper.store.archive import ArchivedPage, captures, read_archive, read_at, walking

from .warcs import PAGE, packed, record

MB = 1 << 20


@pytest.fixture
def write(tmp_path):
    def write(*parts, name="a.warc.gz"):
        path = tmp_path / name
        path.write_bytes(b"".join(parts))
        return str(path)

    return write


def read(path, **options):
    """Pages by their number, other records by their reason."""
    return [_told(found) for found in read_archive(path, **options)]


def places(path):
    """Offsets and reasons of what gave no page."""
    return [(found.offset, found.reason) for found in read_archive(path) if not isinstance(found, ArchivedPage)]


def _told(found):
    return int(found.url.rpartition("/")[2]) if isinstance(found, ArchivedPage) else found.reason


def zeros(megabytes, wbits=31):
    """That many megabytes of zeros, packed, made without packing them all."""
    first = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = first.compress(bytes(MB)) + first.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(megabytes):
        check = zlib.crc32(bytes(MB), check)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    body = block * megabytes + end
    if wbits < 0:
        return body
    size = (megabytes * MB) & 0xFFFFFFFF
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + body + check.to_bytes(4, "little") + size.to_bytes(4, "little")


def bomb(megabytes):
    """A gzip member of a record whose body is that large."""
    head = record(2, block=b"", length=str(megabytes * MB + 45)).removesuffix(b"\r\n\r\n")
    head += b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    check = zlib.crc32(head)
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    zero = body.compress(bytes(MB)) + body.flush(zlib.Z_FULL_FLUSH)
    for _ in range(megabytes):
        check = zlib.crc32(bytes(MB), check)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    end = last.compress(b"\r\n\r\n") + last.flush()
    check = zlib.crc32(b"\r\n\r\n", check)
    size = (len(head) + megabytes * MB + 4) & 0xFFFFFFFF
    whole = block + zero * megabytes + end
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + whole + check.to_bytes(4, "little") + size.to_bytes(4, "little")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("length", ["200", "900", "100000", "-5", "1" + "0" * 30, "9" * 18, "many", "", None])
def test_a_wrong_content_length_costs_its_record_alone(write, pack, length):
    parts = [pack(record(1)), pack(record(2, length=length)), pack(record(3))]
    path = write(*parts)
    assert read(path) == [1, "corrupt", 3]
    assert places(path) == [(len(parts[0]), "corrupt")]


def test_a_wrong_content_length_that_swallows_whole_records_is_seen(write):
    swallowed = len(record(2)) - len(b"\r\n\r\n") + len(record(3)) + len(record(4))
    length = str(swallowed - len(record(2, block=b"")))
    parts = [packed(number, length=length if number == 2 else "right") for number in range(1, 6)]
    assert read(write(*parts)) == [1, "corrupt", 3, 4, 5]


@pytest.mark.parametrize("what", [b"garbage" * 30, bytes(500), b"\x1f\x8b\x08" * 50, b"WARC/1.0\r", b"\r\n" * 9])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_garbage_between_records_and_behind_them(write, pack, what):
    one, two = pack(record(1)), pack(record(2))
    assert [each for each in read(write(one, what, two)) if each != "corrupt"] == [1, 2]
    assert [each for each in read(write(one, two, what)) if each not in ("corrupt", "truncated")] == [1, 2]
    if what.strip():
        assert (len(one), "corrupt") in places(write(one, what, two))
        assert places(write(one, two, what))[0][0] == len(one) + len(two)


def test_damage_in_the_middle_costs_the_damaged_record(write):
    parts = [packed(number, body=PAGE + random.Random(number).randbytes(9000)) for number in range(1, 30)]
    spoilt = bytearray(b"".join(parts))
    middle = sum(map(len, parts[:14])) + 3000
    spoilt[middle : middle + 100] = bytes(100)
    assert read(write(spoilt)) == [*range(1, 15), "corrupt", *range(16, 30)]
    assert places(write(spoilt)) == [(sum(map(len, parts[:14])), "corrupt")]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_damaged_beginning_costs_the_first_record(write, name):
    pack = gzip.compress if name.endswith(".gz") else bytes
    assert read(write(bytes(12) + pack(record(1))[12:], pack(record(2)), name=name)) == ["corrupt", 2]


def test_damage_in_a_plain_file_that_hits_a_header(write):
    spoilt = bytearray(record(1) + record(2) + record(3))
    spoilt[len(record(1)) : len(record(1)) + 8] = b"\xff" * 8
    assert [each for each in read(write(spoilt, name="a.warc")) if each != "corrupt"] == [1, 3]


@pytest.mark.parametrize("cut", [5, 12, 60, 150, 250])
def test_a_file_that_breaks_off(write, cut):
    path = write(packed(1) + packed(2)[:-cut])
    assert read(path) in ([1, "truncated"], [1, 2] if cut < 9 else [1, "truncated"])
    plain = write(record(1) + record(2)[:-cut], name="a.warc")
    assert read(plain) == [1, "truncated"]
    assert places(plain) == [(len(record(1)), "truncated")]


@pytest.mark.parametrize("keep", range(1, 25))
def test_a_file_that_breaks_off_within_the_first_bytes_of_a_record(write, keep):
    for pack in (bytes, gzip.compress):
        assert read(write(pack(record(1)) + pack(record(2))[:keep])) == [1, "truncated"]


@pytest.mark.parametrize(
    "content", [b"", PAGE, gzip.compress(PAGE), b"\x1f\x8b", b"\x1f\x8b\x08", b"\0" * 5000, b"WARC", b"7"]
)
def test_what_is_no_archive_is_told_once(write, content):
    ((offset, reason),) = places(write(content))
    assert (offset, reason in {"no_warc", "truncated"}) == (0, True)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_arc_file_is_told_with_what_makes_it_a_warc(write, pack):
    arc = b"filedesc://a.arc 0.0.0.0 20000101000000 text/plain 8\n1 0 Org\n\nhttp://a.example/ 1.2.3.4 20000101000000 "
    (found,) = read_archive(write(pack(arc + b"text/html 5\nhello\n"), name="a.arc.gz"))
    assert found.reason == "no_warc"
    assert "warcio recompress" in found.detail


def test_an_archive_packed_with_lz4_is_told_with_what_unpacks_it(write):
    (found,) = read_archive(write(b"\x04\x22\x4d\x18" + bytes(100), name="a.warc.lz4"))
    assert (found.reason, "lz4 -d" in found.detail) == ("no_warc", True)


def test_where_the_library_panics_the_run_goes_on(write, monkeypatch):
    """As its Rust does over some damage: what it raises then is no `Exception`."""
    panic = type("PanicException", (BaseException,), {})
    real = walking.ArchiveIterator

    def iterate(stream, **options):
        for number, each in enumerate(real(stream, **options)):
            if number == 1:
                raise panic("called `Result::unwrap()` on an `Err` value")
            yield each

    monkeypatch.setattr(walking, "ArchiveIterator", iterate)
    assert read(write(packed(1), packed(2), packed(3))) == [1, 2, 3]


def test_bytes_at_random(write):
    chance = random.Random(7)
    whole = b"".join(packed(number) for number in range(1, 8))
    for _ in range(150):
        spoilt = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(spoilt))
            spoilt[place : place + chance.randint(0, 40)] = chance.randbytes(chance.randint(0, 40))
        path = write(spoilt)
        found = list(read_archive(path))
        assert found
        for page in found:
            if isinstance(page, ArchivedPage):
                assert read_at(path, page.warc["offset"], page.warc["length"], page.warc["record_id"]).url == page.url
        assert all(0 <= at <= len(spoilt) for at, _ in places(path))


def test_headers_without_an_end(write):
    endless = b"WARC/1.0\r\n" + b"X-Y: z\r\n" * 400_000
    assert read(write(packed(1), gzip.compress(endless, 1), packed(3))) == [1, "corrupt", 3]
    assert read(write(record(1), endless, record(3), name="a.warc")) == [1, "corrupt", 3]


def test_headers_of_all_kinds_of_bytes(write):
    odd = ("X-\x00\x1b[31m: \x1b]0;title\x07", "no colon at all", "  folded", ": nameless", "WARC-Date: \x1b[2J")
    assert read(write(packed(1, extra=odd), packed(2))) == [1, 2]


def test_duplicate_record_ids(write):
    path = write(packed(1), packed(1, body=PAGE + b"again"), packed(1))
    pages = list(read_archive(path))
    assert [page.url[-1] for page in pages] == ["1", "1", "1"]
    assert read_at(path, pages[1].warc["offset"], pages[1].warc["length"]).body == PAGE + b"again"


def test_a_page_beyond_the_limit_is_passed_over_and_streamed_past(write, monkeypatch):
    monkeypatch.setattr(captures, "MOST_BYTES", MB)
    assert read(write(packed(1), bomb(3), packed(3))) == [1, "too_large", 3]
    large = record(2, body=b"<html>" + bytes(2 * MB))
    assert read(write(record(1), large, record(3), name="a.warc")) == [1, "too_large", 3]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_body_that_unpacks_beyond_the_limit(write, monkeypatch, encoding):
    monkeypatch.setattr(captures, "MOST_BYTES", MB)
    body = zeros(8, wbits=-15 if encoding == "deflate" else 31)
    body = gzip.compress(body) if "," in encoding else body
    http = ("Content-Type: text/html", f"Content-Encoding: {encoding}")
    assert read(write(packed(1), packed(2, body=body, http=http), packed(3))) == [1, "too_large", 3]


MEASURE = """
import resource, sys
from newsscraper.store.archive import read_archive
list(read_archive(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = [getattr(each, "reason", "page") for each in read_archive(sys.argv[2])]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, *found)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes there")
def test_a_bomb_takes_no_memory(write):
    small = write(packed(1), name="small.warc.gz")
    http = ("Content-Type: text/html", "Content-Encoding: gzip")
    path = write(packed(1), bomb(300), packed(3), packed(4, body=zeros(300), http=http), packed(5))
    told = subprocess.run([sys.executable, "-c", MEASURE, small, path], capture_output=True, check=True, text=True)
    grown, *found = told.stdout.split()
    assert found == ["page", "too_large", "page", "too_large", "page"]
    assert int(grown) < 200_000
