"""Where `newsscraper extract` writes: what it leaves alone, what is there when it fails or is interrupted."""

import os
import stat

import pytest

from newsscraper.batch import files as batch
from newsscraper.cli.output import open_output

from .conftest import records
from .pages import LISTING, TITLE, page


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

    monkeypatch.setattr("newsscraper.cli.outcomes.to_json_line", fail)
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
