"""`newsscraper extract` among processes: terminals, pipes, signals, encodings."""

import json
import os
import pty
import re
import signal
import subprocess
import sys

import pytest

from .conftest import records
from .pages import PERSIAN_PARAGRAPHS, PERSIAN_TITLE, page


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


def test_closed_pipe_ends_as_by_its_signal(tmp_path):
    for number in range(300):
        (tmp_path / f"{number:03}.html").write_text(page(), encoding="utf-8")
    command = f'"{sys.executable}" -m newsscraper extract "{tmp_path}" | head -n 1; exit "${{PIPESTATUS[0]}}"'
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert len(records(result.stdout.decode())) == 1
    assert (result.returncode, result.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_a_full_disk_under_standard_output(story):
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "newsscraper", "extract", str(story), "-q"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: standard output: No space left on device")


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


def test_undecodable_file_name(invoke, tmp_path):
    with open(os.fsencode(tmp_path) + b"/caf\xe9.html", "wb") as file:
        file.write(page().encode())
    with open(os.fsencode(tmp_path) + b"/empty-\xe9.html", "wb"):
        pass
    result = invoke("extract", tmp_path)
    assert result.exit_code == 1
    assert len(records(result.stdout)) == 1
    assert "empty-\\udce9.html: " in result.stderr


def test_named_pipes_do_not_hang(invoke, tmp_path):
    os.mkfifo(tmp_path / "a.html")
    result = invoke("extract", tmp_path / "a.html", tmp_path)
    assert result.exit_code == 1
    assert "1 error, 1 file passed over (1 pipe or device)" in result.stderr


def test_process_substitution(invoke):
    """`<(command)` is a pipe, by the name of a descriptor."""
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe:
        pipe.write(page().encode())
    result = invoke("extract", f"/dev/fd/{reading}")
    os.close(reading)
    assert json.loads(result.stdout)["fetched_url"] is None


def test_only_what_is_needed_is_imported():
    code = "import sys, newsscraper.cli; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True, text=True)
    loaded = {name.split(".")[0] for name in result.stdout.split()}
    assert not loaded & {"rich", "scrapy", "twisted", "py3langid", "feedparser"}


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
