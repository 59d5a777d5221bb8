"""`newsscraper extract` on WARC files: streamed, filtered, counted; what is wrong is told with its place."""

import gzip
import re
import zipfile

import fsspec
import pytest

from newsscraper.batch import extract_files, files
from newsscraper.cli import progress
from newsscraper.cli.progress import BarReporter
from newsscraper.record import find_faults
from tests.store.warcs import packed, record

from .conftest import records
from .pages import LISTING, PERSIAN_PARAGRAPHS, PERSIAN_TITLE, page
from .test_evidence import site_page, write_site


def story(number, **fields):
    body = page(f"{page_title(number)}", **fields.pop("page", {})).encode()
    return packed(number, body=body, **fields)


def page_title(number):
    return f"Harbour town opens its library number {number}"


@pytest.fixture
def archive(tmp_path):
    """Two stories, a listing, an error, an image, a story in Persian on another host."""
    path = tmp_path / "a.warc.gz"
    persian = page(PERSIAN_TITLE, PERSIAN_PARAGRAPHS, lang="fa").encode()
    path.write_bytes(
        packed(90, kind="warcinfo")
        + story(1)
        + story(2, date="2023-06-01T00:00:00Z")
        + packed(3, body=LISTING.encode())
        + packed(4, status=b"HTTP/1.1 404 Not Found")
        + packed(5, http=("Content-Type: image/png",))
        + packed(6, body=persian, url="https://fa.gazette.example/news/6", date="2023-07-01T00:00:00Z")
    )
    return path


def test_each_story_becomes_a_record_that_says_where_its_page_lies(invoke, archive):
    result = invoke("extract", archive)
    first, second, persian = records(result.stdout)
    assert [line["title"] for line in (first, second)] == [page_title(1), page_title(2)]
    assert persian["language"] == "fa"
    assert not find_faults(first)
    provenance = ("url", "fetched_url", "fetched_at", "http_status", "site")
    assert [first[key] for key in provenance] == [
        "https://courier.example/news/1",
        "https://courier.example/news/1",
        "2022-03-30T17:20:00Z",
        200,
        "courier.example",
    ]
    assert first["warc"] == {
        "file": str(archive),
        "offset": len(packed(90, kind="warcinfo")),
        "length": len(story(1)),
        "record_id": f"<urn:uuid:{1:032x}>",
    }


def test_what_is_no_story_is_counted_and_no_failure(invoke, archive):
    result = invoke("extract", archive)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "3 stories, 1 not a story (1 no_text), 0 errors, 2 records passed over (1 http_error, 1 not_html)"
    ]


def test_what_headers_reserve_is_among_the_rights_of_a_story_and_of_all_its_pages(invoke, tmp_path):
    path, address = tmp_path / "a.warc.gz", "https://courier.example/news/7"
    first = page(page_title(7)).replace("</article>", '<a href="/news/7?page=2">2</a></article>').encode()
    second = page(page_title(7), ["The council met again on Friday and found the money after all, it said."]).encode()
    http = ("Content-Type: text/html", "X-Robots-Tag: noai, other: nofollow")
    further = packed(
        8,
        url=f"{address}?page=2",
        body=second,
        http=(*http, "TDM-Reservation: 1"),
        extra=(f"Newsscraper-Page-Of: {address}",),
    )
    told = (f"Newsscraper-Further-Pages: 0+{len(further)}",)
    path.write_bytes(further + packed(7, body=first, http=http, extra=told))
    (line,) = records(invoke("extract", path).stdout)
    assert line["body"].endswith("it said.")
    assert line["complete"]
    assert line["rights"] == {
        "robots": ["noai", "other:nofollow"],
        "noai": True,
        "tdm_reservation": True,
        "tdm_policy": None,
    }


def test_a_story_whose_answer_broke_off_is_not_complete(invoke, tmp_path):
    path, body = tmp_path / "a.warc.gz", page(page_title(1)).encode()
    cut = body[: body.rindex(b"</p>")]
    http = ("Content-Type: text/html",)
    path.write_bytes(
        packed(1, body=body, http=(*http, f"Content-Length: {len(body)}"))
        + packed(2, body=cut, http=(*http, f"Content-Length: {len(body)}"))
        + packed(3, body=cut, http=http)
    )
    assert [line["complete"] for line in records(invoke("extract", path).stdout)] == [True, False, True]


def test_an_archive_on_a_stream_or_in_a_wacz_file_is_told_with_what_to_do(spawn, archive, tmp_path):
    streamed = spawn("extract", "-", input=archive.read_bytes())
    assert (streamed.returncode, streamed.stdout) == (1, b"")
    assert b"-: an archive on a stream: give it as a path" in streamed.stderr
    with zipfile.ZipFile(tmp_path / "my.wacz", "w") as packing:
        packing.write(archive, "archive/a.warc.gz")
    result = spawn("extract", tmp_path / "my.wacz")
    assert result.returncode == 1
    assert b"my.wacz: a WACZ file: unzip it, and give the archives in it (archive/*.warc.gz)" in result.stderr


def test_forced_and_traced(invoke, archive):
    forced = invoke("extract", archive, "--force")
    assert len(records(forced.stdout)) == 4
    traced = records(invoke("extract", archive, "--trace").stdout)
    assert [line["offset"] for line in traced] == sorted(line["offset"] for line in traced)
    assert [line["source"] for line in traced] == [str(archive)] * 4
    assert traced[2]["error"]["reason"] == "no_text"


@pytest.mark.parametrize(
    ("options", "stories", "told"),
    [
        (["--host", "gazette.example"], 1, "5 filtered:host"),
        (["--host", "courier.example", "--host", "GAZETTE.example."], 3, "not_html"),
        (["--language", "fa"], 1, "3 filtered:language"),
        (["--language", "EN", "--language", "de"], 2, "2 filtered:language"),
        (["--since", "2023-01-01"], 2, "4 filtered:date"),
        (["--since", "2023-01-01", "--until", "2023-06-01"], 1, "5 filtered:date"),
        (["--since", "2023-01", "--until", "2023-06"], 1, "5 filtered:date"),
        (["--until", "2023-06-01T00:00:00+01:00"], 1, "2 filtered:date"),
        (["--url-pattern", "/news/[12]$"], 2, "4 filtered:url"),
        (["--media-type", "text/html"], 3, "not_html"),
    ],
)
def test_filters(invoke, archive, options, stories, told):
    result = invoke("extract", archive, *options)
    assert len(records(result.stdout)) == stories
    assert told in result.stderr


@pytest.mark.parametrize("given", ["сайт.example", "САЙТ.example", "xn--80aswg.example", "новости.сайт.example"])
def test_a_host_is_the_same_in_whichever_letters_it_is_written(invoke, tmp_path, given):
    path, host = tmp_path / "a.warc.gz", "новости.сайт.example"
    body = page(page_title(1)).encode()
    as_written = record(1, body=body, url="https://HOST/news/1").replace(b"HOST", host.encode())
    in_ascii = packed(2, body=body, url=f"https://{host.encode('idna').decode()}/news/2")
    path.write_bytes(gzip.compress(as_written) + in_ascii + story(3))
    assert len(records(invoke("extract", path, "--host", given).stdout)) == 2


def test_hosts_out_of_a_file(invoke, archive, tmp_path):
    (tmp_path / "hosts").write_text("# whom we ask for\n\ngazette.example\n", encoding="utf-8")
    assert len(records(invoke("extract", archive, "--host", f"@{tmp_path}/hosts").stdout)) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "https://a.example/"], "expected the name of a host"),
        (["--host", "@/nowhere/hosts"], "/nowhere/hosts: cannot be read"),
        (["--language", "english"], "expected the code of a language"),
        (["--since", "last week"], "expected a day, such as 2024-03-01, a month, such as"),
        (["--since", "2022-13-01"], "expected a day, such as 2024-03-01, a month, such as"),
        (["--until", "2022-13"], "expected a day, such as 2024-03-01, a month, such as"),
        (["--since", "2023-07", "--until", "2023-06"], "--since 2023-07-01T00:00:00Z is after --until 2023-06-30T23:"),
        (["--url-pattern", "("], "no regular expression"),
        (["--url", "https://courier.example/news/1"], "an archive tells those of its pages itself"),
    ],
)
def test_bad_usage(invoke, archive, options, told):
    result = invoke("extract", archive, *options)
    assert result.exit_code == 2
    assert told in result.stderr


def test_filters_without_an_archive_are_a_mistake(invoke, tmp_path):
    (tmp_path / "a.html").write_text(page(), encoding="utf-8")
    result = invoke("extract", tmp_path / "a.html", "--host", "a.example")
    assert result.exit_code == 2
    assert "no archive is given" in result.stderr


def test_where_all_is_filtered_no_page_was_found(invoke, archive):
    result = invoke("extract", archive, "--host", "nobody.example")
    assert result.exit_code == 1
    assert result.stderr.endswith("no page was found\n")


def test_faults_are_told_with_their_place(invoke, tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(story(1) + b"\x1b[31mgarbage" * 9 + story(2) + story(3)[:-100])
    result = invoke("extract", path)
    assert result.exit_code == 1
    assert len(records(result.stdout)) == 2
    garbage, cut, summary = result.stderr.splitlines()
    assert garbage.startswith(f"{path}:{len(story(1))}: corrupt: ")
    assert cut.startswith(f"{path}:{len(story(1)) + 108 + len(story(2))}: truncated: ")
    assert summary == "2 stories, 0 not stories, 2 errors"


def test_of_many_faults_some_are_told_and_all_are_counted(invoke, tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed(number, length="7") for number in range(60)) + story(1))
    result = invoke("extract", path)
    lines = result.stderr.splitlines()
    assert len(lines) == progress.MOST_TOLD + 2
    assert lines[-2] == f"{path}: more is wrong with it; the rest is counted only"
    assert lines[-1] == "1 story, 0 not stories, 60 errors"


def test_nothing_of_a_page_reaches_the_terminal_unescaped(invoke, tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(story(1) + packed(2, status=b"\x1b]0;owned\x07\x1b[2J") + packed(3, status=b"HTTP/1.1 2\x1b0"))
    result = invoke("extract", path)
    assert "\x1b" not in result.stderr + result.stdout


def test_archives_among_pages_in_a_folder(invoke, tmp_path):
    folder = tmp_path / "mixed"
    (folder / "archive").mkdir(parents=True)
    (folder / "archive" / "run-00000.warc.gz").write_bytes(story(1) + story(2))
    (folder / "archive" / "run-00000.cdxj").write_text('example,a)/ 20220330172000 {"url": "https://a.example/"}\n')
    (folder / "archive" / "run-00001.warc.gz.open").write_bytes(story(3) + story(4)[:-50])
    (folder / "page.html").write_text(page("A page among archives opens the night"), encoding="utf-8")
    (folder / "plain").write_bytes(record(5, body=page(page_title(5)).encode()))
    result = invoke("extract", folder)
    assert sorted(line["title"] for line in records(result.stdout)) == [
        "A page among archives opens the night",
        *(page_title(number) for number in (1, 2, 3, 5)),
    ]
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == (
        "5 stories, 0 not stories, 0 errors, 1 file passed over (1 CDX file), 1 record passed over (1 torn)"
    )


def test_the_first_look_leaves_archives_out(invoke, tmp_path):
    """Evidence takes pages that can be read twice; an archive may be a stream of millions."""
    (tmp_path / "a.warc.gz").write_bytes(b"".join(story(number) for number in range(6)))
    for number in range(4):
        (tmp_path / f"{number}.html").write_text(page(f"Page {number} of the harbour town"), encoding="utf-8")
    result = invoke("extract", tmp_path, "--save-evidence", tmp_path / "evidence")
    assert len(records(result.stdout)) == 10
    assert "not written: evidence takes 3 pages or more of one site" in result.stderr


def test_what_was_saved_so_serves_archives(invoke, tmp_path):
    site, saved, path = (
        write_site(tmp_path / "site", host="courier.example"),
        tmp_path / "evidence",
        tmp_path / "a.warc",
    )
    assert invoke("extract", site, "--save-evidence", saved).exit_code == 0
    path.write_bytes(record(9, body=site_page(9, "courier.example").encode()))
    (alone,) = records(invoke("extract", path).stdout)
    (known,) = records(invoke("extract", path, "--evidence", saved).stdout)
    assert len(known["body"]) < len(alone["body"])
    assert "evidence@" in known["extractor"]


@pytest.mark.parametrize("path", ["https://127.0.0.1:9/a.warc.gz", "s3://bucket/a.warc.gz", "memory://none/a.warc.gz"])
def test_an_archive_elsewhere_that_cannot_be_had(invoke, archive, path, monkeypatch):
    result = invoke("extract", archive, path)
    assert result.exit_code == 1
    assert len(records(result.stdout)) == 3
    assert f"{path}: cannot be read: " in result.stderr


def test_a_page_s_url_is_still_no_archive(invoke):
    result = invoke("extract", "https://courier.example/news/1.html")
    assert result.exit_code == 2
    assert "save the page first" in result.stderr


def test_the_output_is_none_of_the_archives(invoke, archive):
    before = archive.read_bytes()
    for path in (archive, archive.parent):
        result = invoke("extract", path, "-o", archive)
        assert result.exit_code == 2
        assert "is one of the files to be read" in result.stderr
    assert archive.read_bytes() == before


def test_progress_in_logs_is_by_bytes(invoke, archive, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_FILES", 1)
    lines = invoke("extract", archive).stderr.splitlines()
    assert re.match(r"\d\d?% of 0\.0 MB read: 1 story, ", lines[0])
    assert lines[-1].startswith("3 stories")


def test_progress_of_what_lies_elsewhere_has_no_end(invoke, archive, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_FILES", 1)
    with fsspec.open("memory://elsewhere/a.warc.gz", "wb") as file:
        file.write(archive.read_bytes())
    lines = invoke("extract", "memory://elsewhere/a.warc.gz").stderr.splitlines()
    assert lines[0].startswith("0.0 MB read: 1 story, ")
    assert lines[-1].startswith("3 stories")


def test_the_bar_goes_by_bytes():
    bar = Bar()
    reporter = BarReporter(1, bar, size=1000)
    reporter.advance("story")
    reporter.reach(400)
    assert (bar.total, bar.done) == (1000, 400)


class Bar:
    def add_task(self, _, total):
        self.total, self.done = total, 0

    def update(self, _, completed):
        self.done = completed

    def advance(self, _):
        raise AssertionError("files are not what is counted")


def test_an_interruption_keeps_what_is_done(invoke, archive, tmp_path, monkeypatch):
    read, reads = files.extract_archived, []

    def extract_archived(page, job):
        reads.append(page)
        if len(reads) == 3:
            raise KeyboardInterrupt
        return read(page, job)

    monkeypatch.setattr(files, "extract_archived", extract_archived)
    result = invoke("extract", archive, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 130
    assert "interrupted: 2 records were read, and what came of them is written" in result.stderr
    assert len(records((tmp_path / "out.jsonl").read_text("utf-8"))) == 2


def test_the_library_s_own_call_reads_archives(archive):
    outcomes = list(extract_files([archive]))
    assert [outcome.reason for outcome in outcomes] == [None, None, "no_text", "http_error", "not_html", None]
    assert [outcome.offset for outcome in outcomes] == sorted(outcome.offset for outcome in outcomes)


def test_a_page_gzipped_twice_over_is_no_archive(invoke, tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(page().encode()))
    assert len(records(invoke("extract", tmp_path / "a.html.gz").stdout)) == 1
