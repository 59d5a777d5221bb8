"""JavaScript's object literals, which are not JSON: bare keys, single quotes, `!0`, `void 0`, names of arguments.

What Nuxt 2 writes is a call, `(function(a,b){return {title:a}}("Ferry",null))`: its arguments are put in for the names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.|\$(?!\{))*`)"
    r"|(?P<number>-?(?:0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))"
    r"|(?P<name>![01]|void 0|new Date|[A-Za-z_$][\w$]*(?:\.[\w$]+)*)"
    r"|(?P<mark>[{}\[\],:()]))",
    re.DOTALL,
)
_CALL = re.compile(r"\(?\s*function\s*\(([\w$,\s]*)\)\s*\{")
_RETURN = re.compile(r"\breturn\s*(?=[{\[])")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_CONSTANTS = {
    "null": None,
    "undefined": None,
    "void 0": None,
    "NaN": None,
    "true": True,
    "false": False,
    "!0": True,
    "!1": False,
}
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class _Name:
    """An argument whose value is not known yet."""

    name: str


def read_literal(source: str, position: int) -> tuple[Any, int]:
    """The object or list literal at `position`, and where it ends. Raises `ValueError` for anything else."""
    value, end = _value(source, position, 0)
    return _filled(value, {}), end


def read_call(source: str, position: int) -> tuple[Any, int]:
    """What the function returns that is written and called at `position`. Raises `ValueError` for anything else."""
    call = _CALL.match(source, position)
    returned = _RETURN.search(source, call.end()) if call else None
    if not call or not returned:
        raise ValueError(f"no function is called at {position}")
    value, end = _value(source, returned.end(), 0)
    end = _expect(source, _expect(source, end, "}"), "(")
    arguments: list[Any] = []
    while True:
        argument, end = _value(source, end, 0)
        arguments.append(argument)
        mark, end = _mark(source, end)
        if mark != ",":
            break
    names = [name.strip() for name in call[1].split(",")]
    return _filled(value, dict(zip(names, arguments, strict=False))), end


def _value(source: str, position: int, depth: int) -> tuple[Any, int]:
    token = _TOKEN.match(source, position)
    if not token or depth > _DEEPEST:
        raise ValueError(f"no literal at {position}")
    end = token.end()
    if token["string"] is not None:
        return fix_escapes(token["string"][1:-1]), end
    if token["number"] is not None:
        return _number(token["number"]), end
    if token["name"] == "new Date":
        value, end = _value(source, _expect(source, end, "("), depth + 1)
        return value, _expect(source, end, ")")
    if token["name"] is not None:
        return (_CONSTANTS[token["name"]] if token["name"] in _CONSTANTS else _Name(token["name"])), end
    if token["mark"] == "{":
        return _object(source, end, depth)
    if token["mark"] == "[":
        return _list(source, end, depth)
    raise ValueError(f"no literal at {position}")


def _object(source: str, position: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while True:
        token = _TOKEN.match(source, position)
        if not token:
            raise ValueError(f"no key at {position}")
        if token["mark"] == "}":
            return found, token.end()
        if token["mark"] == ",":
            position = token.end()
            continue
        if token["mark"] is not None:
            raise ValueError(f"no key at {position}")
        key = fix_escapes(token["string"][1:-1]) if token["string"] is not None else token[0].strip()
        value, position = _value(source, _expect(source, token.end(), ":"), depth + 1)
        found[key] = value


def _list(source: str, position: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while True:
        token = _TOKEN.match(source, position)
        if not token:
            raise ValueError(f"no entry at {position}")
        if token["mark"] == "]":
            return found, token.end()
        if token["mark"] == ",":
            position = token.end()
            continue
        value, position = _value(source, position, depth + 1)
        found.append(value)


def _mark(source: str, position: int) -> tuple[str | None, int]:
    token = _TOKEN.match(source, position)
    if not token:
        raise ValueError(f"no mark at {position}")
    return token["mark"], token.end()


def _expect(source: str, position: int, wanted: str) -> int:
    mark, end = _mark(source, position)
    if mark != wanted:
        raise ValueError(f"no {wanted!r} at {position}")
    return end


def _number(text: str) -> int | float:
    try:
        return int(text, 0)
    except ValueError:
        return float(text)


def fix_escapes(text: str) -> str:
    """A JavaScript string's text, its escapes read; surrogates in two escapes become the character that they are."""
    if "\\" not in text:
        return text
    read = _ESCAPE.sub(_unescaped, text)
    return read.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else ""
    return _SIMPLE.get(match[4], match[4])


def _filled(value: Any, arguments: dict[str, Any]) -> Any:
    """The value with its names replaced: by the arguments given, else by nothing."""
    if isinstance(value, _Name):
        given = arguments.get(value.name)
        return None if isinstance(given, _Name) else given
    if isinstance(value, dict):
        return {key: _filled(one, arguments) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, arguments) for one in value]
    return value
