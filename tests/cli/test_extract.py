"""`newsscraper extract`: what goes to stdout, to stderr, to a file, and how it ends."""

import dataclasses
import gzip
import json
import os
import pty
import re
import stat
import subprocess
import sys

import pytest

from newsscraper import Story
from newsscraper.cli import progress
from newsscraper.record import Record, find_faults

from .pages import LISTING, PERSIAN_PARAGRAPHS, PERSIAN_TITLE, TITLE, dump, page


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.html"
    path.write_text(page(), encoding="utf-8")
    return path


@pytest.fixture
def mixed(tmp_path):
    """A folder of two stories, a listing, a broken archive."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(page(), encoding="utf-8")
    (folder / "b.html.gz").write_bytes(gzip.compress(page().encode())[:-9])
    (folder / "c.html").write_text(LISTING, encoding="utf-8")
    (folder / "d.html").write_text(page("Another headline of the harbour town"), encoding="utf-8")
    return folder


def records(output):
    return [json.loads(line) for line in output.split("\n") if line]


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


def test_output_file(invoke, mixed, tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    target.chmod(0o640)
    result = invoke("extract", mixed, "-o", target)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(records(target.read_text(encoding="utf-8"))) == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["out.jsonl", "pages"]


def test_output_file_is_new(invoke, story, tmp_path):
    mask = os.umask(0o022)
    try:
        invoke("extract", story, "-o", tmp_path / "new.jsonl")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.jsonl").stat().st_mode) == 0o644


def test_output_through_a_link(invoke, story, tmp_path):
    (tmp_path / "real.jsonl").write_text("before")
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    assert invoke("extract", story, "-o", tmp_path / "link.jsonl").exit_code == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(records((tmp_path / "real.jsonl").read_text(encoding="utf-8"))) == 1


def test_output_to_a_device_leaves_it_one(invoke, story):
    assert invoke("extract", story, "-o", "/dev/null").exit_code == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_interruption_leaves_the_output_as_it_was(invoke, story, tmp_path, monkeypatch, error):
    def interrupt(*_args, **_options):
        raise error("now")

    monkeypatch.setattr("newsscraper.cli.extract.to_json_line", interrupt)
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    assert invoke("extract", story, "-o", target).exit_code == 1
    assert target.read_text() == "before"
    assert sorted(os.listdir(tmp_path)) == ["out.jsonl", "story.html"]


def test_output_in_no_folder(invoke, story, tmp_path):
    result = invoke("extract", story, "-o", tmp_path / "none" / "out.jsonl")
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path}/none/out.jsonl: cannot be written: No such file or directory\n"


def test_output_is_a_folder(invoke, story, tmp_path):
    result = invoke("extract", story, "-o", tmp_path)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path}: cannot be written: Is a directory\n"


def test_unicode_stands_as_it_is(spawn, tmp_path):
    (tmp_path / "داستان.html").write_text(page(PERSIAN_TITLE, PERSIAN_PARAGRAPHS, "fa"), encoding="utf-8")
    result = spawn("extract", tmp_path / "داستان.html", tmp_path / "نیست.html", env={"LC_ALL": "C"})
    assert result.returncode == 1
    assert PERSIAN_TITLE.encode() in result.stdout
    assert json.loads(result.stdout)["body"].split("\n\n") == list(PERSIAN_PARAGRAPHS)


def test_a_line_is_one_line_for_every_reader(invoke, tmp_path):
    title = "Harbour\u2028town\x85opens its first \u202enight\u202c library"
    (tmp_path / "a.html").write_text(page(title), encoding="utf-8")
    result = invoke("extract", tmp_path / "a.html")
    assert len(result.stdout.splitlines()) == 1
    assert not re.search("[\x7f-\x9f\u2028\u202a-\u202e]", result.stdout)


def test_names_of_files_cannot_steer_a_terminal(invoke, tmp_path):
    path = tmp_path / "[red]a\x1b[31m\n.html"
    path.write_bytes(b"")
    result = invoke("extract", path)
    assert f"{tmp_path}/[red]a\\x1b[31m\\x0a.html: " in result.stderr
    assert "\x1b" not in result.stderr


def test_undecodable_file_name(spawn, tmp_path):
    with open(os.fsencode(tmp_path) + b"/caf\xe9.html", "wb") as file:
        file.write(page().encode())
    with open(os.fsencode(tmp_path) + b"/empty-\xe9.html", "wb"):
        pass
    result = spawn("extract", tmp_path)
    assert result.returncode == 1
    assert len(records(result.stdout.decode())) == 1
    assert b"empty-\\udce9.html: " in result.stderr


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
    assert list(explained) == ["source", "story", "trace"]
    assert Story.from_dict(explained["story"]).title == TITLE
    assert explained["trace"]


def test_bomb(invoke, story, tmp_path):
    bomb = tmp_path / "bomb.html.gz"
    bomb.write_bytes(gzip.compress(b" " * (1 << 20), 9) * 80)
    result = invoke("extract", bomb, story)
    assert result.exit_code == 1
    assert len(records(result.stdout)) == 1
    assert f"{bomb}: more than 64 MB in one page, decompressed" in result.stderr


def test_broken_pipe(tmp_path):
    for number in range(300):
        (tmp_path / f"{number:03}.html").write_text(page(), encoding="utf-8")
    command = f'"{sys.executable}" -m newsscraper extract "{tmp_path}" | head -n 1'
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert len(records(result.stdout.decode())) == 1
    assert b"Traceback" not in result.stderr
    assert b"rror" not in result.stderr


def test_log_lines_where_there_is_no_terminal(invoke, mixed, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_FILES", 1)
    result = invoke("extract", mixed)
    assert "1 of 4 files: 1 story, 0 not stories, 0 errors" in result.stderr.splitlines()
    assert not any(line.startswith("4 of 4") for line in result.stderr.splitlines())


def test_bar_on_a_terminal(story, tmp_path):
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "newsscraper",
        "extract",
        str(story),
        "absent[/red].html",
        "-o",
        str(tmp_path / "o"),
    ]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(command, stdout=theirs, stderr=theirs, timeout=60, check=False, env=environment)
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert done.returncode == 1
    assert "━".encode() in shown
    assert b"absent[/red].html: cannot be read" in shown
    assert b"1 story, 0 not stories, 1 error" in shown


def _read(terminal):
    """Bytes of the terminal; none at its end, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
