"""Nothing that a server sends steers the terminal of whoever reads the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsscraper.crawl.safety_text import fix_line, fix_lines, keep_logs_printable
from tests.crawl.runs import run_scrapy
from tests.crawl.small_site import Reply, SmallSite, list_page, story_page

RED = "\x1b[31mred"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    before = logging.getLogRecordFactory()
    keep_logs_printable()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("سلام, naïve 漢字", "سلام, naïve 漢字"),
        (RED, r"\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),
        ("a\r\nERROR b", r"a\x0d\x0aERROR b"),
        ("abc\u202edcba", r"abc\u202edcba"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_steers_a_terminal_is_written_out(text: str, fixed: str) -> None:
    assert fix_line(text) == fixed


def test_lines_that_are_meant_stay() -> None:
    assert fix_lines("a:\n\tb\x07") == "a:\n\tb\\x07"


def test_a_line_of_ours_is_one_line(log: io.StringIO) -> None:
    logging.getLogger("newsscraper.crawl.x").error("%s: %s", RED, "a\nERROR b")
    assert log.getvalue() == "ERROR \\x1b[31mred: a\\x0aERROR b\n"


def test_exceptions_are_told_safely(log: io.StringIO) -> None:
    try:
        raise ValueError(RED)
    except ValueError:
        logging.getLogger("scrapy.x").exception("broke")
    assert "\x1b" not in log.getvalue()
    assert log.getvalue().endswith("ValueError: \\x1b[31mred\n")


def test_a_wrong_format_is_left_for_logging_to_tell(log: io.StringIO) -> None:
    record = logging.getLogRecordFactory()("newsscraper.x", logging.ERROR, "x.py", 1, "%d", ("no number",), None)
    assert (record.msg, record.args) == ("%d", ("no number",))


def test_asking_twice_wraps_once(log: io.StringIO) -> None:
    once = logging.getLogRecordFactory()
    keep_logs_printable()
    assert logging.getLogRecordFactory() is once


def test_headers_and_titles_cannot_colour_the_log_of_a_crawl(tmp_path: Path) -> None:
    story = "/news/1001/ferry"
    pages = {
        "/": list_page(story, "/news/1002/packed", "/news/1003/typed", "/news/1004/%1b[31m"),
        story: story_page(f"The ferry is late {RED}"),
        "/news/1002/packed": Reply("x", headers={"Content-Type": "text/html", "Content-Encoding": RED}),
        "/news/1003/typed": Reply("x", headers={"Content-Type": f"text/{RED}"}),
        "/news/1004/%1b[31m": Reply(status=302, headers={"Location": f"http://elsewhere.example/{RED}"}),
    }
    with SmallSite(pages) as site:
        run = run_scrapy(tmp_path, "crawl", "news", "-a", f"url={site.url}", "-s", "LOG_LEVEL=DEBUG")
    assert "from unsupported encoding(s) '\\x1b[31mred'" in run.log
    assert "\x1b" not in run.log + run.output
    assert "\x1b" not in "".join(path.read_text("utf-8") for path in (tmp_path / "corpus" / "runs").glob("*/*.json"))
