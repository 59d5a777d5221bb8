"""The command as a whole: help, version, errors as lines."""

import json
import subprocess
import sys

import click
import pytest

import newsscraper
from newsscraper.cli.text import counted, printable, to_json_line, to_pretty_json

COMMANDS = [
    (),
    ("extract",),
    ("crawl",),
    ("demo",),
    ("sites",),
    ("sites", "list"),
    ("sites", "show"),
    ("sites", "check"),
]


def test_version(invoke):
    assert invoke("--version").stdout == f"newsscraper, version {newsscraper.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(invoke, command, flag):
    result = invoke(*command, flag)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")


def test_module_is_the_command(spawn):
    result = spawn("--version")
    assert result.stdout.decode().strip() == f"newsscraper, version {newsscraper.__version__}"


LOADING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == "newsscraper.cli.demo":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupting())
import newsscraper.cli
"""


def test_ctrl_c_while_the_command_is_loaded_ends_it_without_a_word():
    done = subprocess.run([sys.executable, "-c", LOADING], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize("raised", [KeyboardInterrupt, click.Abort])
def test_ctrl_c_ends_any_command_alike(invoke, tmp_path, monkeypatch, raised):
    def end(*_args, **_options):
        raise raised

    monkeypatch.setattr("newsscraper.cli.corpus_diff.compare", end)
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text("", encoding="utf-8")
    result = invoke("corpus", "diff", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr
    assert "Aborted" not in result.stderr


def test_unknown_command(invoke):
    result = invoke("extrakt")
    assert result.exit_code == 2
    assert "No such command 'extrakt'" in result.stderr


@pytest.fixture
def _broken(monkeypatch):
    def fail(*_args, **_options):
        raise LookupError("lost \x1b[31m")

    monkeypatch.setattr("newsscraper.cli.sites.load_profile", fail)


@pytest.mark.usefixtures("_broken")
def test_a_bug_is_told_without_traceback(invoke):
    result = invoke("sites", "show", "islamtimes")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: unexpected LookupError: lost \\x1b[31m\nthis is a bug in newsscraper; --debug shows where\n"
    )


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize("arguments", [("--debug", "sites", "show", "x"), ("sites", "show", "--debug", "x")])
def test_debug_shows_the_traceback(invoke, arguments):
    result = invoke(*arguments)
    assert result.exit_code == 1
    assert "Traceback (most recent call last)" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [bold]text[/bold]", "plain [bold]text[/bold]"),
        ("\x1b]0;title\x07\x9b31m", "\\x1b]0;title\\x07\\x9b31m"),
        ("one\r\ntwo\tthree", "one\\x0d\\x0atwo\\x09three"),
        ("a\u202eb\u2066c\u2069", "a\\u202eb\\u2066c\\u2069"),
        ("\udce9", "\\udce9"),
        ("می‌خواهم 😀", "می‌خواهم 😀"),
    ],
)
def test_printable(text, shown):
    assert printable(text) == shown


def test_json_is_lossless_and_on_one_line():
    data = {"a": "x\u2028y\x85z\x9b\u202e\ud800é می‌خواهم", "b": [1, None]}
    line = to_json_line(data)
    assert json.loads(line) == data
    assert len(line.splitlines()) == 1
    assert line.encode("utf-8")
    assert "é می‌خواهم" in line
    assert json.loads(to_pretty_json(data)) == data
    assert "\x9b" not in to_pretty_json(data)


def test_counted():
    assert [counted(n, "story", "stories") for n in (0, 1, 1200)] == ["0 stories", "1 story", "1,200 stories"]
