"""What archives of any make give: pages, in order, each once, with where they lie."""

import gzip
import os
import re
import struct
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from fastwarc.stream_io import ZstdWriter, zstd_train_dictionary_from_samples

from newsscraper.errors import InputError
from newsscraper.store.archive import ArchivedPage, Filters, PassedOver, captures, is_archive, read_archive, read_at

from .warcs import PAGE, conversion, packed, record, revisit


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


def _told(found):
    return int(found.url.rpartition("/")[2]) if isinstance(found, ArchivedPage) else found.reason


def written(writer, data, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "packed")
        stream = writer(str(path), **options)
        stream.write(data)
        stream.finish()
        stream.close()
        return path.read_bytes()


def zstd(data, **options):
    return written(ZstdWriter, data, **options)


PACKINGS = {
    "plain": lambda data: data,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstd": zstd,
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_each_packing_is_read_and_each_record_found_again(write, packing):
    pack = PACKINGS[packing]
    path = write(*(pack(record(number, body=PAGE + b"%d" % number)) for number in range(1, 6)))
    pages = list(read_archive(path))
    assert [page.url for page in pages] == [f"https://courier.example/news/{number}" for number in range(1, 6)]
    assert [page.body for page in pages] == [PAGE + b"%d" % number for number in range(1, 6)]
    pointers = [page.warc for page in pages]
    ends = [pointer["offset"] + pointer["length"] for pointer in pointers]
    assert [0, *ends] == [*(pointer["offset"] for pointer in pointers), os.path.getsize(path)]
    assert [read_at(path, page.warc["offset"], page.warc["length"]) for page in pages] == pages


def test_a_page_has_what_its_record_says(write):
    (page,) = read_archive(write(packed(7, version="WARC/1.1", date="2022-03-30T21:50:00.25+04:30")))
    assert page == ArchivedPage(
        url="https://courier.example/news/7",
        fetched_at="2022-03-30T17:20:00Z",
        status=200,
        content_type="text/html; charset=utf-8",
        body=PAGE,
        headers=(("content-type", "text/html; charset=utf-8"),),
        warc={**page.warc, "offset": 0, "record_id": f"<urn:uuid:{7:032x}>"},
    )


@pytest.mark.parametrize("version", ["WARC/0.17", "WARC/0.18", "WARC/1.0", "WARC/1.1"])
def test_versions(write, version):
    assert read(write(packed(1, version=version), packed(2, version=version))) == [1, 2]


def test_bare_line_feeds_and_addresses_in_brackets(write):
    path = write(packed(1, line="\n"), packed(2, url="<https://courier.example/news/2>"))
    assert read(path) == [1, 2]


@pytest.mark.parametrize("form", ["as it is", "packed"])
def test_a_zstandard_dictionary(write, form):
    samples = [record(number, body=PAGE + b"%d" % (number * 7)) for number in range(200)]
    dictionary = zstd_train_dictionary_from_samples(samples, 4096)
    frame = dictionary if form == "as it is" else zstd(dictionary)
    parts = [b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(frame)) + frame]
    for number in (1, 2, 3):
        parts.append(zstd(record(number), dictionary=dictionary))
    path = write(*parts, name="a.warc.zst")
    pages = list(read_archive(path))
    assert [_told(page) for page in pages] == [1, 2, 3]
    assert pages[0].warc["offset"] == len(parts[0])
    assert read_at(path, pages[1].warc["offset"], pages[1].warc["length"]) == pages[1]


@pytest.mark.parametrize(
    "pack",
    [
        lambda *records: gzip.compress(b"".join(records)),
        lambda *records: gzip.compress(b"".join(map(gzip.compress, records))),
        lambda *records: zstd(b"".join(records)),
    ],
    ids=["one gzip member", "gzip in gzip", "one frame"],
)
def test_records_that_are_packed_together_are_read_and_found_by_their_ids(write, pack):
    path = write(pack(record(1), record(2, body=PAGE + b"2"), record(3)))
    pages = list(read_archive(path))
    assert [_told(page) for page in pages] == [1, 2, 3]
    assert {(page.warc["offset"], page.warc["length"]) for page in pages} == {(0, os.path.getsize(path))}
    second = pages[1]
    assert read_at(path, second.warc["offset"], second.warc["length"], second.warc["record_id"]).body == PAGE + b"2"


def test_a_range_has_the_records_that_begin_in_it(write):
    parts = [packed(number, body=PAGE * number) for number in range(1, 7)]
    path = write(*parts)
    starts = [sum(map(len, parts[:number])) for number in range(7)]
    assert read(path, start=starts[2], end=starts[4]) == [3, 4]
    assert read(path, end=starts[1]) == [1]
    assert read(path, start=starts[5]) == [6]
    whole = list(read_archive(path))
    assert [found for a, b in pairwise(starts) for found in read_archive(path, start=a, end=b)] == whole


def test_records_beside_pages_are_passed_without_a_word(write):
    beside = [packed(number, kind=kind) for number, kind in enumerate(("warcinfo", "request", "metadata"), 1)]
    assert read(write(*beside, packed(4))) == [4]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": b"HTTP/1.1 404 Not Found"}, "http_error"),
        ({"status": b"HTTP/1.1 503"}, "http_error"),
        ({"status": b"HTTP/1.1 302 Found"}, "redirect"),
        ({"http": ("Content-Type: image/png",)}, "not_html"),
        ({"http": (), "body": b"GIF89a"}, "not_html"),
        ({"content_type": "text/dns", "url": "dns:courier.example", "body": b"20220330 1 IN A 127.0.0.1"}, "not_html"),
        ({"kind": "continuation"}, "no_page"),
        ({"url": "urn:courier:1"}, "no_url"),
        ({"url": "https://courier.example:port/news/1"}, "no_url"),
        ({"url": ""}, "no_url"),
        ({"kind": "resource", "content_type": "text/html", "url": "file:///srv/a.html"}, "no_url"),
        ({"kind": "resource", "content_type": "image/png"}, "not_html"),
        ({"kind": "conversion", "content_type": "text/plain"}, "not_html"),
    ],
)
def test_what_gives_no_page_says_why(write, fields, reason):
    assert read(write(packed(1, **fields), packed(2))) == [reason, 2]


def test_a_page_that_nobody_calls_one_is_told_by_its_bytes(write):
    assert read(write(packed(1, http=()), packed(2, http=("Content-Type: application/octet-stream",)))) == [1, 2]


def test_a_resource_is_a_page_without_an_answer(write):
    (page,) = read_archive(write(packed(1, kind="resource", content_type="text/html; charset=utf-8")))
    assert (page.status, page.body, page.content_type) == (0, PAGE, "text/html; charset=utf-8")


def test_a_page_cut_when_it_was_archived_says_so(write):
    (page,) = read_archive(write(packed(1, extra=("WARC-Truncated: length",))))
    assert page.is_truncated


def test_a_page_as_a_browser_drew_it_takes_the_place_of_its_answer(write):
    path = write(packed(1), packed(2, kind="request"), conversion(3, 1, PAGE + b"drawn"), packed(4))
    pages = list(read_archive(path))
    assert [(page.url[-1], page.body, page.status) for page in pages] == [("1", PAGE + b"drawn", 200), ("4", PAGE, 200)]
    assert pages[0].warc["record_id"].endswith("3>")
    assert read_at(path, pages[0].warc["offset"], pages[0].warc["length"]).body == PAGE + b"drawn"


def test_a_conversion_that_comes_late_gives_no_second_story(write):
    assert read(write(packed(1), packed(2), conversion(3, 1, PAGE))) == [1, 2, "conversion"]


def test_a_conversion_of_what_is_no_page_itself_is_one(write):
    path = write(packed(1, http=("Content-Type: application/pdf",)), conversion(2, 1, PAGE))
    assert read(path) == ["not_html", 1]


def test_a_page_found_unchanged_is_not_given_again(write):
    assert read(write(packed(1), revisit(2, 1))) == [1, "revisit"]
    assert read(write(packed(1), revisit(2, 1, profile="server-not-modified"))) == [1, "revisit"]


def test_another_address_of_the_same_page_is_a_page(write):
    path = write(packed(1), revisit(2, 1, url="https://courier.example/print/9"))
    first, second = read_archive(path)
    assert (second.url, second.fetched_at, second.body) == (
        "https://courier.example/print/9",
        "2022-05-01T08:00:00Z",
        PAGE,
    )
    assert second.warc == first.warc


def test_a_revisit_stands_for_its_page_where_the_dates_leave_that_out(write):
    path = write(packed(1), revisit(2, 1))
    assert read(path, filters=Filters(since="2022-04-15T00:00:00Z")) == ["filtered:date", 1]


def test_a_revisit_of_what_lies_elsewhere_is_passed_over(write):
    assert read(write(revisit(2, 1, url="https://courier.example/print/9"))) == ["revisit"]


def test_further_pages_go_with_the_first(write):
    second = packed(2, body=PAGE + b"page 2", extra=("Newsscraper-Page-Of: https://courier.example/news/9",))
    third = packed(3, body=PAGE + b"page 3", extra=("Newsscraper-Page-Of: https://courier.example/news/9",))
    places = f"{0}+{len(second)}, {len(second)}+{len(third)}"
    first = packed(9, extra=(f"Newsscraper-Further-Pages: {places}",))
    path = write(second, third, first, packed(10))
    found = list(read_archive(path))
    assert [_told(each) for each in found] == ["further_page", "further_page", 9, 10]
    assert [page.body for page in found[2].further] == [PAGE + b"page 2", PAGE + b"page 3"]
    assert read_at(path, found[2].warc["offset"], found[2].warc["length"]) == found[2]
    assert read_at(path, 0, len(second)).body == PAGE + b"page 2"


def test_a_site_cannot_claim_further_pages_in_its_own_headers(write):
    claiming = (
        "Content-Type: text/html",
        "Newsscraper-Further-Pages: 0+100",
        "Newsscraper-Page-Of: https://a.example/",
    )
    *_, page = read_archive(write(packed(1), packed(2, http=claiming)))
    assert (page.url[-1], page.further) == ("2", ())


def test_further_pages_that_lead_back_to_themselves_end_and_come_once(write):
    (page,) = read_archive(write(packed(1, extra=("Newsscraper-Further-Pages: 0+100, 5+7, 99999999+1, x, 0+100",))))
    assert [each.further for each in page.further] == [()]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"hosts": frozenset({"courier.example"})}, [1, 2, "filtered:host", "filtered:host"]),
        ({"hosts": frozenset({"www.courier.example"})}, ["filtered:host", 2, "filtered:host", "filtered:host"]),
        ({"since": "2023-01-01T00:00:00Z"}, ["filtered:date", 2, 3, 4]),
        ({"until": "2022-12-31T23:59:59Z"}, [1, "filtered:date", "filtered:date", "filtered:date"]),
        ({"url_pattern": re.compile(r"/news/\d$")}, [1, 2, "filtered:url", 4]),
        ({"media_types": frozenset({"application/xhtml+xml"})}, [*["filtered:media_type"] * 3, 4]),
    ],
)
def test_filters(write, filters, expected):
    later = {"date": "2023-05-01T00:00:00Z"}
    path = write(
        packed(1),
        packed(2, url="https://www.courier.example/news/2", **later),
        packed(3, url="https://notcourier.example/sport/3", **later),
        packed(4, url="https://gazette.example/news/4", http=("Content-Type: application/xhtml+xml",), **later),
    )
    assert read(path, filters=Filters(**filters)) == expected


def test_a_page_without_a_date_is_in_no_range_of_dates(write):
    path = write(packed(1, date="yesterday"))
    assert read(path, filters=Filters(until="2030-01-01T00:00:00Z")) == ["filtered:date"]
    assert [page.fetched_at for page in read_archive(path)] == [None]


FRENCH = (
    "<html{}><body><p>Le bac reprend lundi son service vers les îles du large, a annoncé vendredi soir la capitainerie "
    "du port, qui attendait depuis l'automne la fin des travaux.</p><p>Une tempête avait arraché la rampe du navire et "
    "noyé son pont inférieur; les habitants ont dû se contenter d'une vedette pendant tout l'hiver.</p></body></html>"
)


@pytest.mark.parametrize("declared", ["", " lang=fr", " lang='fr-CA'", " lang=en"])
def test_the_language_is_that_of_the_text_whatever_the_template_says(write, declared):
    path = write(packed(1, body=FRENCH.format(declared).encode()), packed(2))
    assert read(path, filters=Filters(languages=frozenset({"fr"}))) == [1, "filtered:language"]


def test_the_declared_language_counts_where_there_is_little_text(write):
    short = (b"<html lang=fa><body><p>12", b"<html><body><p>12")
    path = write(
        packed(1, body=short[0]), packed(2, body=short[1], http=("Content-Type: text/html", "Content-Language: fa"))
    )
    assert read(path, filters=Filters(languages=frozenset({"fa"}))) == [1, 2]


def test_filtered_pages_are_never_parsed(write, monkeypatch):
    path = write(packed(1), packed(2, url="https://gazette.example/news/2"))
    parsed = []
    unpack = captures.unpack_body
    monkeypatch.setattr(captures, "unpack_body", lambda *args: parsed.append(1) or unpack(*args))
    assert read(path, filters=Filters(hosts=frozenset({"gazette.example"}))) == ["filtered:host", 2]
    assert len(parsed) == 1


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.warc.gz", b"", True),
        ("a.WARC", b"x", True),
        ("a.warc.gz.open", b"", True),
        ("a.bin", packed(1), True),
        ("a.bin", record(1), True),
        ("a.bin", zstd(record(1)), True),
        ("a.arc.gz", b"", True),
        ("a.html.gz", gzip.compress(PAGE), False),
        ("a.html", PAGE, False),
        ("a.txt", b"WARC/1.0 is a format", False),
    ],
)
def test_what_is_an_archive(write, name, content, expected):
    assert is_archive(write(content, name=name)) is expected


def test_what_cannot_be_opened_is_an_error_with_its_name(tmp_path):
    for path in (str(tmp_path / "none.warc.gz"), str(tmp_path), "s3://bucket/a.warc.gz", "nothing://a.warc.gz"):
        with pytest.raises(InputError, match=re.escape(path)):
            next(read_archive(path))
        with pytest.raises(InputError, match=re.escape(path)):
            read_at(path, 0, 10)


def test_a_file_that_still_grows_is_read_as_far_as_it_is_whole(write):
    path = write(packed(1), packed(2)[:-90], name="a.warc.gz.open")
    assert read(path) == [1, "torn"]
    assert read(write(name="b.warc.gz.open")) == ["torn"]


def test_passed_over_says_where_and_what(write):
    found = list(read_archive(path := write(packed(1), packed(2, status=b"HTTP/1.1 410 Gone"))))
    assert found[1] == PassedOver(
        file=path, offset=len(packed(1)), reason="http_error", detail="410", url="https://courier.example/news/2"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="files that are open cannot be removed there")
def test_a_reading_that_is_left_off_lets_its_file_go(write):
    reading = read_archive(write(packed(1), packed(2), packed(3)))
    next(reading)
    reading.close()
    with pytest.raises(StopIteration):
        next(reading)
