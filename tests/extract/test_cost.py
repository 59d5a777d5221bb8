"""Four times the page takes about four times as long, whatever it is made of: ten times, or 0.3 s more, is a fault."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from newsscraper import Story, extract, extract_text

URL = "https://harbour.example/en/news/12/sand-is-back"
SENTENCE = "The dredger came in on the evening tide and had cleared the mouth of the harbour before the first boat. "
STORY = "".join(
    f"<p>{paragraph}</p>"
    for paragraph in (
        SENTENCE,
        "Nobody on the quay was surprised, for the harbour office had asked for it twice since the storms of autumn.",
        "The sand goes to the beach at the far side of the bay, where the winter took forty metres of the dunes.",
    )
)
GROWTH = 10
SLACK = 0.3


def page(body: str = "", head: str = "<title>Sand is back in the harbour</title>") -> str:
    """A story of three paragraphs, and what is to grow."""
    return (
        f"<!doctype html><html lang=en><head>{head}</head><body><h1>Sand is back in the harbour</h1>"
        f"<p>30 March 2022 21:50</p><article>{STORY}{body}</article></body></html>"
    )


def unlabelled_script(size: int) -> bytes:
    """One byte outside ASCII, at the end of letters without a space, and nothing that names an encoding."""
    return page(f"<script>var packed = '{'abcdefgh' * (size // 8)}\u00e9';</script>").encode("latin-1")


def data_table(size: int) -> str:
    return page(
        f"<table>{''.join(f'<tr><td>Boat {i}</td><td>{i * 3} t</td><td>{i}</td></tr>' for i in range(size))}</table>"
    )


def link_list(size: int) -> str:
    return page(f"<ul>{''.join(f'<li><a href=/n/{i}>Boat {i}</a> left on tide {i}.</li>' for i in range(size))}</ul>")


def alike_cards(size: int) -> str:
    return page(
        "".join(f"<div class=card><h3><a href=/n/{i}>Boat {i}</a></h3><p>{SENTENCE}</p></div>" for i in range(size))
    )


def separated_titles(size: int) -> str:
    name = "a - b | "
    title = (name * (size // len(name) + 1))[:size]
    return page(head=f'<title>{title}</title><meta property="og:title" content="{title}">')


def subheads(size: int) -> str:
    return page("".join(f"<h2>Tide number {i}</h2>" for i in range(size)))


def classed_spans(size: int) -> str:
    return page(f"<p>{''.join(f'<span class=k{i}>tide {i} </span>' for i in range(size))}</p>")


def pictures(size: int) -> str:
    picture = '<figure><img src="/photo/{0}.jpg" width=640 height=480><figcaption>Boat {0}</figcaption></figure>'
    return page("".join(picture.format(i) for i in range(size)))


def long_paragraph(size: int) -> str:
    return page(f"<p>{SENTENCE * (size // len(SENTENCE))}</p>")


def nested_quotes(size: int) -> str:
    quotes = "".join(f"<blockquote><p>Tide {i}: {SENTENCE}</p>" for i in range(size))
    return page(f"{quotes}{'</blockquote>' * size}")


def pushed_state(size: int) -> str:
    """A shell with a headline; the story is in what its scripts push, a row each."""
    rows = (f'{i:x}:["$","p",null,{{"children":"{SENTENCE * 3}"}}]\n' for i in range(size))
    scripts = "".join(f"<script>self.__next_f.push({json.dumps([1, row])})</script>" for row in rows)
    return f"<html><body><h1>Sand is back in the harbour</h1><p>{SENTENCE}</p>{scripts}</body></html>"


def text_dump(size: int) -> str:
    lines = (f"Tide {i}: {SENTENCE}" for i in range(size))
    return "\n".join(["Sand is back in the harbour", "30 March 2022 21:50", *lines])


PAGES: list[tuple[Callable[[int], bytes | str], int]] = [
    (unlabelled_script, 15_000),
    (data_table, 600),
    (link_list, 600),
    (alike_cards, 1000),
    (separated_titles, 4_000),
    (subheads, 1000),
    (classed_spans, 3000),
    (pictures, 300),
    (long_paragraph, 500_000),
    (nested_quotes, 200),
    (pushed_state, 100),
]


@pytest.mark.parametrize(("build", "size"), PAGES, ids=[build.__name__ for build, _ in PAGES])
def test_a_page_costs_what_it_weighs(build: Callable[[int], bytes | str], size: int) -> None:
    little, much = build(size), build(4 * size)
    assert_linear(lambda: extract(little, URL, force=True), lambda: extract(much, URL, force=True))


def test_a_text_dump_costs_what_it_weighs() -> None:
    little, much = text_dump(3000), text_dump(12_000)
    assert_linear(lambda: extract_text(little, URL, force=True), lambda: extract_text(much, URL, force=True))


def assert_linear(little: Callable[[], Story], much: Callable[[], Story]) -> None:
    assert seconds(much) < GROWTH * seconds(little) + SLACK


def seconds(read: Callable[[], Story]) -> float:
    """The faster of two."""
    spans = []
    for _ in range(2):
        begin = time.process_time()
        assert read().title
        spans.append(time.process_time() - begin)
    return min(spans)
