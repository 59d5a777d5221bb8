"""`newsscraper extract`: which pages it reads and as what, and what it says of them."""

import dataclasses
import gzip

import pytest

from newsscraper import Story
from newsscraper.cli import progress
from newsscraper.record import Record, find_faults

from .conftest import records
from .pages import LISTING, TITLE, dump, page


def test_one_page(invoke, story):
    result = invoke("extract", story)
    assert result.exit_code == 0
    (record,) = records(result.stdout)
    assert record["title"] == TITLE
    assert find_faults(record) == []
    assert list(record) == [field.name for field in dataclasses.fields(Record)]
    assert result.stderr == "1 story, 0 not stories, 0 errors\n"


def test_bad_files_among_good_ones(invoke, mixed):
    result = invoke("extract", mixed)
    assert result.exit_code == 1
    assert [record["title"] for record in records(result.stdout)] == [TITLE, "Another headline of the harbour town"]
    broken, listing, summary = result.stderr.splitlines()
    assert broken.startswith(f"{mixed}/b.html.gz: damaged gzip data: ")
    assert listing.startswith(f"{mixed}/c.html: ")
    assert summary == "2 stories, 1 not a story, 1 error"


def test_missing_file(invoke, story, tmp_path):
    result = invoke("extract", tmp_path / "absent.html", story)
    assert result.exit_code == 1
    assert len(records(result.stdout)) == 1
    assert f"{tmp_path}/absent.html: cannot be read: No such file or directory" in result.stderr


def test_quiet_tells_failures_only(invoke, mixed, story):
    assert invoke("extract", "-q", story).stderr == ""
    assert len(invoke("extract", "--quiet", mixed).stderr.splitlines()) == 2


def test_stdin(invoke):
    result = invoke("extract", "-", input=page().encode())
    assert result.exit_code == 0
    assert records(result.stdout)[0]["title"] == TITLE
    result = invoke("extract", "-", input=gzip.compress(dump().encode()))
    assert result.exit_code == 0
    assert records(result.stdout)[0]["title"] == TITLE


def test_empty_stdin(invoke):
    result = invoke("extract", "-", input=b"")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("-: ")


def test_a_url_says_what_to_do(invoke, story):
    result = invoke("extract", story, "https://harbour.example/news/1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "https://harbour.example/news/1: is a URL; save the page first" in result.stderr


def test_url_and_site(invoke, story):
    url = "https://www.islamtimes.org/en/news/986527/slug"
    assert records(invoke("extract", story, "--url", url).stdout)[0]["profile"] == "islamtimes"
    assert records(invoke("extract", story, "--url", url, "--site", "none").stdout)[0]["profile"] is None
    assert records(invoke("extract", story, "--site", "avapress").stdout)[0]["profile"] == "avapress"
    assert records(invoke("extract", story).stdout)[0]["profile"] is None


def test_sites_dir(invoke, story, tmp_path):
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "own.toml").write_text(
        'hosts = ["own.example"]\n[evidence]\nhosts = { seen_live = true, source = "made up" }\n'
    )
    result = invoke("extract", story, "--url", "https://own.example/a", "--sites-dir", tmp_path / "sites")
    assert records(result.stdout)[0]["profile"] == "own"


def test_fetched_at_becomes_utc(invoke, story):
    result = invoke("extract", story, "--fetched-at", "2022-03-30T21:50+04:30")
    assert records(result.stdout)[0]["fetched_at"] == "2022-03-30T17:20:00Z"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument"),
        (("a.html", "--url", "example.com/a"), "expected an http or https URL, got 'example.com/a'"),
        (("a.html", "--url", "http://[::1/a"), "expected an http or https URL"),
        (("a.html", "--url", "http://a.example:99999/"), "expected an http or https URL"),
        (("a.html", "--url", "http://a.example/b c"), "expected an http or https URL"),
        (("a.html", "b.html", "--url", "https://example.com/"), "--url is the address of one page, and there are 2"),
        (("a.html", "--fetched-at", "yesterday"), "expected a date and time with its zone"),
        (("a.html", "--fetched-at", "2022-03-30T21:50"), "expected a date and time with its zone"),
        (("a.html", "--site", "islamtime"), "did you mean 'islamtimes'?"),
        (("a.html", "--sites-dir", "/nowhere/at/all"), "does not exist"),
        (("a.html", "--outputt", "x"), "No such option"),
    ],
)
def test_bad_usage(invoke, arguments, message):
    result = invoke("extract", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_force(invoke, tmp_path):
    (tmp_path / "a.html").write_text(LISTING, encoding="utf-8")
    assert invoke("extract", tmp_path / "a.html").exit_code == 1
    result = invoke("extract", tmp_path / "a.html", "--force")
    assert result.exit_code == 0
    assert find_faults(records(result.stdout)[0]) == []


def test_trace(invoke, story):
    result = invoke("extract", story, "--trace")
    (explained,) = records(result.stdout)
    assert list(explained) == ["source", "story", "error", "trace"]
    assert Story.from_dict(explained["story"]).title == TITLE
    assert explained["trace"]
    assert explained["error"] is None


def test_trace_of_what_is_no_story(invoke, mixed):
    result = invoke("extract", mixed, "--trace")
    assert result.exit_code == 1
    _, broken, listing, _ = records(result.stdout)
    assert broken["story"] is broken["trace"] is None
    assert broken["source"] == f"{mixed}/b.html.gz"
    assert broken["error"]["reason"] == "unreadable"
    assert broken["error"]["detail"].startswith("damaged gzip data")
    assert listing["story"] is None
    assert listing["error"].keys() == {"reason", "detail"}
    assert f"{mixed}/c.html: {listing['error']['reason']}: {listing['error']['detail']}\n" in result.stderr
    assert listing["trace"]["blocks"]


def test_trace_of_a_page_without_a_headline(invoke, tmp_path):
    (tmp_path / "a.html").write_text("<html><body><p>One line.</p><p>Another line.</p></body></html>")
    (traced,) = records(invoke("extract", tmp_path / "a.html", "--trace").stdout)
    (explained,) = records(invoke("explain", tmp_path / "a.html", "--json").stdout)
    assert traced["error"] == explained["error"]
    assert traced["trace"] == explained["trace"]
    assert len(traced["trace"]["blocks"]) == 2


def test_bomb(invoke, story, tmp_path):
    bomb = tmp_path / "bomb.html.gz"
    bomb.write_bytes(gzip.compress(b" " * (1 << 20), 9) * 80)
    result = invoke("extract", bomb, story)
    assert result.exit_code == 1
    assert len(records(result.stdout)) == 1
    assert f"{bomb}: more than 64 MB in one page, decompressed" in result.stderr


def test_files_passed_over_are_counted_and_named(invoke, tmp_path):
    (tmp_path / "a.html").write_text(page(), encoding="utf-8")
    for name, content in {"b.png": b"\x89PNG", "c.png": b"\x89PNG", "d.pdf": b"%PDF-1.7", ".e": b"\x89PNG"}.items():
        (tmp_path / name).write_bytes(content)
    result = invoke("extract", tmp_path)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"{tmp_path}/b.png: passed over: image",
        f"{tmp_path}/c.png: passed over: image",
        f"{tmp_path}/d.pdf: passed over: PDF",
        "1 story, 0 not stories, 0 errors, 3 files passed over (1 PDF, 2 images)",
    ]
    assert invoke("extract", tmp_path, "-q").stderr == ""
    assert invoke("extract", tmp_path / "b.png").exit_code == 1


def test_a_folder_of_other_files_only(invoke, tmp_path):
    (tmp_path / "b.png").write_bytes(b"\x89PNG")
    result = invoke("extract", tmp_path, "-q")
    assert (result.exit_code, result.stderr) == (1, f"{tmp_path}: no page was found\n")


def test_log_lines_where_there_is_no_terminal(invoke, mixed, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_FILES", 1)
    result = invoke("extract", mixed)
    assert "1 of 4 files: 1 story, 0 not stories, 0 errors" in result.stderr.splitlines()
    assert not any(line.startswith("4 of 4") for line in result.stderr.splitlines())
