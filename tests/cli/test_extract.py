"""`newsscraper extract`: what goes to stdout, to stderr, to a file, and how it ends."""

import dataclasses
import gzip
import json
import os
import pty
import re
import signal
import stat
import subprocess
import sys

import pytest

from newsscraper import Story, batch
from newsscraper.cli import progress
from newsscraper.cli.output import open_output
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


def test_an_error_of_ours_leaves_the_output_as_it_was(invoke, story, tmp_path, monkeypatch):
    def fail(*_args, **_options):
        raise ValueError("now")

    monkeypatch.setattr("newsscraper.cli.extract.to_json_line", fail)
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    assert invoke("extract", story, "-o", target).exit_code == 1
    assert target.read_text() == "before"
    assert sorted(os.listdir(tmp_path)) == ["out.jsonl", "story.html"]


@pytest.fixture
def interrupted(monkeypatch):
    """`interrupted(at=2)`: Ctrl-C comes when the second file is read."""

    def prepare(at):
        read, reads = batch.read_page, []

        def read_page(path):
            reads.append(path)
            if len(reads) == at:
                raise KeyboardInterrupt
            return read(path)

        monkeypatch.setattr(batch, "read_page", read_page)

    return prepare


def test_interruption_writes_what_is_done(invoke, interrupted, mixed, tmp_path):
    interrupted(at=4)
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    result = invoke("extract", mixed, "--no-evidence", "-o", target)
    assert result.exit_code == 130
    assert [record["title"] for record in records(target.read_text(encoding="utf-8"))] == [TITLE]
    told = [line for line in result.stderr.splitlines() if "interrupted" in line]
    assert told == ["interrupted: 3 of 4 files were read, and what came of them is written"]
    assert sorted(os.listdir(tmp_path)) == ["out.jsonl", "pages"]


def test_interruption_before_the_first_story_leaves_the_output_as_it_was(invoke, interrupted, story, tmp_path):
    interrupted(at=1)
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    assert invoke("extract", story, "-o", target).exit_code == 130
    assert target.read_text() == "before"


def test_a_line_that_an_interruption_tore_is_cut(tmp_path):
    with open_output(str(tmp_path / "out.jsonl")) as output:
        output.write("one")
        output._file.write(b"tw")
    assert (tmp_path / "out.jsonl").read_text() == "one\n"


def test_ctrl_c(tmp_path):
    """A process that waits for the third of three files, and is sent what a terminal sends."""
    (tmp_path / "a.html").write_text(page(), encoding="utf-8")
    command = [sys.executable, "-m", "newsscraper", "extract", "a.html", "absent.html", "-", "-o", "out"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, **pipes) as process:
        assert process.stderr.readline().startswith(b"absent.html: cannot be read")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert re.match(rb"interrupted: [12] of 3 files were read", process.stderr.read())
    assert len(records((tmp_path / "out").read_text(encoding="utf-8"))) == 1


def test_without_a_story_the_output_stays(invoke, tmp_path):
    (tmp_path / "a.html").write_text(LISTING, encoding="utf-8")
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    result = invoke("extract", tmp_path / "a.html", "-o", target, "-q")
    assert result.exit_code == 1
    assert target.read_text() == "before"
    assert result.stderr.splitlines()[-1] == f"{target}: left as it was: there is nothing to write"
    assert invoke("extract", tmp_path / "a.html", "-o", tmp_path / "new").exit_code == 1
    assert (tmp_path / "new").read_text() == ""


def test_output_in_no_folder(invoke, story, tmp_path):
    result = invoke("extract", story, "-o", tmp_path / "none" / "out.jsonl")
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path}/none/out.jsonl: cannot be written: No such file or directory\n"


def test_output_is_a_folder(invoke, story, tmp_path):
    result = invoke("extract", story, "-o", tmp_path)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path}: cannot be written: Is a directory\n"


@pytest.mark.parametrize("option", ["-o", "--save-evidence"])
@pytest.mark.parametrize("name", ["story.html", "./story.html", "link.html", "hard.html"])
def test_a_page_is_not_written_over(invoke, story, monkeypatch, option, name):
    monkeypatch.chdir(story.parent)
    (story.parent / "link.html").symlink_to(story)
    (story.parent / "hard.html").hardlink_to(story)
    result = invoke("extract", "story.html", option, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{os.path.basename(name)}: is one of the files to be read; {option} takes another one" in result.stderr
    assert story.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("option", ["-o", "--save-evidence"])
@pytest.mark.parametrize("name", ["a.html", "b.html.gz"])
def test_a_page_of_the_folder_is_not_written_over(invoke, mixed, option, name):
    before = (mixed / name).read_bytes()
    result = invoke("extract", mixed, option, mixed / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert (mixed / name).read_bytes() == before


def test_results_of_before_may_stand_beside_the_pages(invoke, story, tmp_path):
    for _ in range(2):
        assert invoke("extract", tmp_path, "-o", tmp_path / "out.jsonl").exit_code == 0
    assert len(records((tmp_path / "out.jsonl").read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize("option", ["--urls", "--model", "--evidence"])
def test_what_an_option_names_is_not_written_over(invoke, story, tmp_path, option):
    (tmp_path / "other").write_text("story.html\thttps://own.example/a\n")
    result = invoke("extract", story, option, tmp_path / "other", "-o", tmp_path / "other")
    assert result.exit_code == 2
    assert "is one of the files to be read" in result.stderr
    assert (tmp_path / "other").read_text() == "story.html\thttps://own.example/a\n"


def test_stories_and_evidence_go_to_two_files(invoke, story, tmp_path):
    result = invoke("extract", story, "-o", tmp_path / "out", "--save-evidence", tmp_path / "." / "out")
    assert result.exit_code == 2
    assert "-o and --save-evidence name the same file" in result.stderr
    assert invoke("extract", story, "-o", os.devnull, "--save-evidence", os.devnull).exit_code == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("pages", [1, 100])
def test_a_full_disk_is_told_with_the_files_name(invoke, story, pages):
    result = invoke("extract", *[story] * pages, "-o", "/dev/full", "-q")
    assert result.exit_code == 1
    assert result.stderr == "Error: /dev/full: No space left on device\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_a_full_disk_under_standard_output(story):
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "newsscraper", "extract", str(story), "-q"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: standard output: No space left on device")


def test_a_url_says_what_to_do(invoke, story):
    result = invoke("extract", story, "https://harbour.example/news/1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "https://harbour.example/news/1: is a URL; save the page first" in result.stderr


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


def test_closed_pipe_ends_as_by_its_signal(tmp_path):
    for number in range(300):
        (tmp_path / f"{number:03}.html").write_text(page(), encoding="utf-8")
    command = f'"{sys.executable}" -m newsscraper extract "{tmp_path}" | head -n 1; exit "${{PIPESTATUS[0]}}"'
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert len(records(result.stdout.decode())) == 1
    assert (result.returncode, result.stderr) == (141, b"")


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


def test_named_pipes_do_not_hang(spawn, tmp_path):
    os.mkfifo(tmp_path / "a.html")
    result = spawn("extract", tmp_path / "a.html", tmp_path)
    assert result.returncode == 1
    assert b"1 error, 1 file passed over (1 pipe or device)" in result.stderr


def test_process_substitution(story):
    command = f'"{sys.executable}" -m newsscraper extract <(cat "{story}")'
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert json.loads(result.stdout)["fetched_url"] is None


def test_only_what_is_needed_is_imported():
    code = "import sys, newsscraper.cli; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True, text=True)
    loaded = {name.split(".")[0] for name in result.stdout.split()}
    assert not loaded & {"rich", "scrapy", "twisted", "py3langid", "feedparser"}


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
