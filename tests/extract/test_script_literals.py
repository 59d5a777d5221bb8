"""Object literals that are no JSON, and calls that return them."""

from __future__ import annotations

from typing import Any

import pytest

from newsscraper.extract.script_literals import read_call, read_literal


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('{title:"Ferry",n:1}', {"title": "Ferry", "n": 1}),
        ("{'title': 'It\\'s late', $a: .5, \"b-c\": -2}", {"title": "It's late", "$a": 0.5, "b-c": -2}),
        ("[!0, !1, void 0, null, undefined, true]", [True, False, None, None, None, True]),
        ("{a: [1, 2,], b: {},}", {"a": [1, 2], "b": {}}),
        ("{a: `line\n two`, 7: 0x1f, c: 1e3}", {"a": "line\n two", "7": 31, "c": 1000.0}),
        ('{a: new Date("2024-03-04"), b: some.name}', {"a": "2024-03-04", "b": None}),
        (r'["\u003Cp\u003E", "\x41", "\ud83d\ude00", "\u{1F600}", "a\nb"]', ["<p>", "A", "😀", "😀", "a\nb"]),
    ],
)
def test_literals(source: str, value: Any) -> None:
    assert read_literal(source + "; rest", 0) == (value, len(source))


def test_a_call_puts_its_arguments_in() -> None:
    source = '(function(a,b){return {title:a,parts:[{text:b},a],x:c}}("Ferry",{n:1}))'
    assert read_call(source, 0)[0] == {"title": "Ferry", "parts": [{"text": {"n": 1}}, "Ferry"], "x": None}


def test_statements_before_the_return_are_passed_over() -> None:
    assert read_call('(function(a){b.c=a;return {title:a}}("Ferry"))', 0)[0] == {"title": "Ferry"}


@pytest.mark.parametrize(
    "source", ["{", "[1", "{a:}", "{a 1}", '{a:"x}', "{[a]:1}", "{a:function(){}}", "[" * 3000, "{a:`${b}`}", ""]
)
def test_anything_else_is_none(source: str) -> None:
    with pytest.raises(ValueError, match="no "):
        read_literal(source, 0)


@pytest.mark.parametrize(
    "source", ["(function(a){return a}(1))", "(function(a){return {b:a}", "f(1)", "(function(){})"]
)
def test_a_call_that_returns_no_literal_is_none(source: str) -> None:
    with pytest.raises(ValueError, match="no "):
        read_call(source, 0)


def test_long_literals_cost_linear_work() -> None:
    source = "[" + ",".join(f'{{a:"{n}",b:[!0]}}' for n in range(20_000)) + "]"
    assert len(read_literal(source, 0)[0]) == 20_000
