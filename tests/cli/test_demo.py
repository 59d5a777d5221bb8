"""`newsscraper demo`: the made-up site, served and crawled."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from types import SimpleNamespace

from newsscraper.cli.demo import find_missed, find_strange, read_records


def test_the_site_is_crawled_and_shown(spawn, tmp_path):
    result = spawn("demo", "--corpus", tmp_path / "corpus", env={"PYTHONIOENCODING": "utf-8"})
    said = result.stdout.decode()
    assert result.returncode == 0, said + result.stderr.decode()
    files = list((tmp_path / "corpus" / "stories").rglob("*.jsonl"))
    assert files
    assert all(file.name in said for file in files)
    stories = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    assert stories >= 60
    assert f"Found {stories} of the site's {stories} stories.\n" in said
    shown = json.loads(said[said.index("{") :])
    assert shown["title"]
    assert "Traceback" not in result.stderr.decode()


def test_serve_only():
    command = [sys.executable, "-m", "newsscraper", "demo", "--serve-only"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline().decode()
            url = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
            with urllib.request.urlopen(url, timeout=20) as answer:
                assert answer.status == 200
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert b"Traceback" not in process.stderr.read()


def test_port_in_use(invoke):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("demo", "--serve-only", "--port", port)
    assert result.exit_code == 2
    assert f"Error: port {port} cannot be used: Address already in use" in result.stderr


def test_a_corpus_that_cannot_be_written_is_told_before_the_crawl(invoke, tmp_path):
    (tmp_path / "file").write_text("")
    for corpus in (tmp_path / "file" / "x", "/proc/x"):
        result = invoke("demo", "--corpus", corpus)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"Error: {corpus}: cannot be written: ")


def test_without_the_demo_site(invoke, monkeypatch):
    monkeypatch.setitem(sys.modules, "newsscraper_demo", None)
    monkeypatch.delitem(sys.modules, "newsscraper_demo.server", raising=False)
    result = invoke("demo")
    assert result.exit_code == 2
    assert result.stderr == "Error: the demo site (newsscraper_demo) is not installed; it comes with a clone\n"


def test_read_records(tmp_path):
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "a.jsonl").write_text('{"title": "x\u2028y"}\n{"title": "z"}\n', encoding="utf-8")
    records = read_records(tmp_path, ["stories/a.jsonl", "events/gone.jsonl", "runs/report.json"])
    assert [record["title"] for record in records] == ["x\u2028y", "z"]


def test_find_missed_and_strange():
    stories = [SimpleNamespace(title=name, path=path) for name, path in (("A", "/a"), ("B", "/s?id=2"), ("C", "/c"))]
    records = [
        {"url": "http://127.0.0.1/other", "canonical_url": "http://127.0.0.1:1/a"},
        {"url": "http://127.0.0.1/s?id=2", "canonical_url": None},
        {"url": "http://127.0.0.1/", "canonical_url": None, "title": "Front page"},
    ]
    assert find_missed(stories, records) == ["C"]
    assert find_strange(stories, records) == ["Front page"]
