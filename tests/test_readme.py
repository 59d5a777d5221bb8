"""Documentation that cannot rot: what it shows is run, and what there is to know stands in it.

Blocks of README.md:

    ```console   lines after `$ ` are run in bash, one after another, and must exit with 0; where lines of output
                 follow, they must be what was printed (`...` stands for anything)
    ```python    run in order, in one namespace; with `>>>` the output is compared in the same way
    ```sh        not run: what goes on the network, needs a clone, or takes long

Commands and code run in an empty folder that holds `page.html` and `dump.txt`, a story page and one flattened to text.
"""

from __future__ import annotations

import doctest
import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newsscraper.cli import main

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
MATCHING = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SECONDS = 60


def read_blocks(language: str) -> list[str]:
    text = README.read_text(encoding="utf-8")
    return [body for kind, body in FENCE.findall(text) if kind == language]


def split_commands(block: str) -> list[tuple[str, str]]:
    """Commands of a console block, each with the output shown after it."""
    commands: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        elif commands and commands[-1][0].endswith("\\") and not commands[-1][1]:
            commands[-1] = (f"{commands[-1][0]}\n{line}", [])
        elif commands:
            commands[-1][1].append(line)
    return [(command, "\n".join(output)) for command, output in commands]


@cache
def read_documentation() -> str:
    files = [README, *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def list_commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from list_commands(below, f"{path} {name}")


def list_options() -> list[tuple[str, str]]:
    """Command, and the spelling of an option that the documentation must use: the long one where there is one."""
    return [
        (path, max(option.opts, key=len))
        for path, command in list_commands(main, "newsscraper")
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
    ]


def is_named(name: str, text: str) -> bool:
    """`name` stands in the text as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def list_settings() -> list[str]:
    settings = importlib.import_module("newsscraper.crawl.settings")
    return [name for name in vars(settings) if name.startswith("NEWSSCRAPER_")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(ROOT / "fixtures/rich-body-en/source.html", tmp_path / "page.html")
    shutil.copy(ROOT / "fixtures/dress-dump/source.txt", tmp_path / "dump.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_readme_shows_commands_and_code() -> None:
    assert read_blocks("console")
    assert read_blocks("python")


def test_console_blocks(folder: Path) -> None:
    scripts = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "100"}
    for block in read_blocks("console"):
        commands = split_commands(block)
        assert commands, f"a console block without a command: {block}"
        for command, shown in commands:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
            printed = done.stdout + done.stderr
            assert done.returncode == 0, f"$ {command}\n{printed}"
            if shown.strip():
                assert doctest.OutputChecker().check_output(shown, printed, MATCHING), f"$ {command}\n{printed}"


def test_python_blocks(folder: Path) -> None:
    namespace: dict[str, object] = {"__name__": "readme"}
    for number, block in enumerate(read_blocks("python"), 1):
        if ">>>" not in block:
            exec(compile(block, f"README.md, python block {number}", "exec"), namespace)
            continue
        examples = doctest.DocTestParser().get_doctest(block, namespace, f"python block {number}", str(README), 0)
        runner = doctest.DocTestRunner(optionflags=MATCHING)
        failures: list[str] = []
        runner.run(examples, out=failures.append, clear_globs=False)
        namespace.update(examples.globs)
        assert not runner.failures, "".join(failures)


SPACES = "[\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+"
"""White space as docs/record.md lists it."""


@pytest.mark.parametrize("name", ["page.html", "dump.txt", "spaces.html"])
def test_content_hash_can_be_recomputed_as_documented(folder: Path, name: str) -> None:
    text = (folder / "page.html").read_text(encoding="utf-8").replace("the", "th\u0065\u0301\u3000\u200c\u2009 \ufeffe")
    (folder / "spaces.html").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["extract", name])
    record = json.loads(result.stdout)
    title, body = (
        re.sub(SPACES, " ", unicodedata.normalize("NFC", record[key])).strip(" ") for key in ("title", "body")
    )
    digest = hashlib.sha256(title.encode() + b"\n" + body.encode()).hexdigest()
    assert record["content_hash"] == f"1:{digest}"


def test_white_space_is_what_is_documented() -> None:
    characters = "".join(map(chr, range(sys.maxunicode + 1)))
    documented = re.findall(SPACES.removesuffix("+"), characters)
    assert documented == [character for character in characters if character.isspace()]


@pytest.mark.parametrize("path", [path for path, _ in list_commands(main, "newsscraper")])
def test_every_command_is_documented(path: str) -> None:
    assert is_named(path, read_documentation())


@pytest.mark.parametrize(("path", "option"), list_options())
def test_every_option_is_documented(path: str, option: str) -> None:
    assert is_named(option, read_documentation()), f"{path} {option}"


@pytest.mark.parametrize("setting", list_settings())
def test_every_setting_is_documented(setting: str) -> None:
    assert is_named(setting, read_documentation())


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ".ci/run"])
def test_every_make_target_named_is_there(file: str) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = (ROOT / file).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|\$ |^\s*|attempt )make ([a-z][\w-]*)", text, re.MULTILINE))
    assert named <= targets


def test_continuous_integration_runs_the_readmes_tests() -> None:
    assert is_named("make test", README.read_text(encoding="utf-8"))
    assert re.search(r"^attempt make test$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
