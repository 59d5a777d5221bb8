"""A process that has imported and read what crawls need, and forks one for each: starting is most of a small crawl.

Each line of JSON on standard input asks for a run (`Request`); the line that answers on standard output is the run's
exit code, or the number of the signal that killed it, negative. What is forked is otherwise an ordinary process: its
own folder, environment, arguments and standard streams, code run as `__main__`, Python's usual end. A test of how
Python starts (its options, `PYTHON...` variables, what is imported and warned of then) has to start one.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import runpy
import signal
import sys
from importlib import import_module
from types import ModuleType
from typing import TypedDict

import aiohttp  # noqa: F401
import scrapy.commands.crawl  # noqa: F401
from scrapy.settings import default_settings

import newsscraper.crawl
from newsscraper import extract

BASES = ("DOWNLOADER_MIDDLEWARES_BASE", "DOWNLOAD_HANDLERS_BASE", "EXTENSIONS_BASE", "SPIDER_MIDDLEWARES_BASE")
"""Scrapy's settings that name what it loads at the start of a crawl."""
STORY = "<h1>The ferry is late again</h1>" + "<p>Nobody on the quay was surprised by that on Tuesday evening.</p>" * 4


class Request(TypedDict):
    """`python -m MODULE ARGUMENTS` or, where there is `code`, `python -c CODE`; standard streams are files."""

    folder: str
    environment: dict[str, str]
    module: str
    arguments: list[str]
    code: str | None
    output: str
    log: str
    seconds: int


def main() -> None:
    prepare()
    for line in sys.stdin:
        request: Request = json.loads(line)
        child = os.fork()
        if not child:
            become(request)
            run(request)
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def prepare() -> None:
    for found in pkgutil.iter_modules(newsscraper.crawl.__path__, "newsscraper.crawl."):
        import_module(found.name)
    for path in (path for base in BASES for path in list_paths(getattr(default_settings, base))):
        import_module(path.rpartition(".")[0])
    extract(STORY)
    assert "twisted.internet.reactor" not in sys.modules, "each run installs its own"
    gc.freeze()


def list_paths(loaded: dict[str, str | int]) -> list[str]:
    """Dotted paths of a setting, which stand as its keys beside an order, or as its values under a name."""
    return [path if isinstance(path, str) else name for name, path in loaded.items()]


def become(request: Request) -> None:
    """Folder, environment and standard streams of the run; SIGALRM ends it when its time is over."""
    signal.alarm(request["seconds"])
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    streams = ((os.devnull, os.O_RDONLY), (request["output"], writing), (request["log"], writing))
    for number, (path, mode) in enumerate(streams):
        opened = os.open(path, mode)
        os.dup2(opened, number)
        os.close(opened)


def run(request: Request) -> None:
    code = request["code"]
    if code is None:
        sys.path[0] = os.getcwd()
        sys.argv = [request["module"], *request["arguments"]]
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        return
    sys.path[0] = ""
    sys.argv = ["-c"]
    sys.modules["__main__"] = module = ModuleType("__main__")
    exec(compile(code, "<string>", "exec"), vars(module))


if __name__ == "__main__":
    main()
