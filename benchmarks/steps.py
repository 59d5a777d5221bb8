"""What each step of the core takes of a page's time.

The functions that the recipe in `newsscraper.extract.core`, and the reading of a page, call by name are wrapped while
some pages are read; what one of them spends inside another counts for the inner one. Values that a step leaves for
whoever asks first, such as the groups of teasers, count for the one that asked.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

from benchmarks.timing import Page, Reader, read

PACKAGE = "newsscraper.extract"
RECIPES = (f"{PACKAGE}.core", f"{PACKAGE}.reading")
REST = "the rest"
_NAMES = {"find_blocks": "walk", "read_structured": "structured", "with_script_state": "script state"}


def share_steps(reader: Reader, pages: Sequence[Page]) -> dict[str, float]:
    """Step -> its share of the time that `reader`, which calls the core, takes for the pages; largest first."""
    for page in pages[:10]:
        read(reader, page)
    spent: Counter[str] = Counter()
    open_steps: list[float] = []
    with ExitStack() as stack:
        for recipe in RECIPES:
            stack.enter_context(wrapped(importlib.import_module(recipe), spent, open_steps))
        whole = _measured(reader, REST, spent, open_steps)
        for page in pages:
            read(whole, page)
    return {step: seconds / spent.total() for step, seconds in spent.most_common()}


@contextmanager
def wrapped(recipe: ModuleType, spent: Counter[str], open_steps: list[float]) -> Iterator[None]:
    """The functions that a recipe takes from its neighbours, measured for as long as this lasts."""
    steps = {name: value for name, value in vars(recipe).items() if _is_step(name, value, recipe)}
    for name, function in steps.items():
        setattr(recipe, name, _measured(function, name_step(name), spent, open_steps))
    try:
        yield
    finally:
        for name, function in steps.items():
            setattr(recipe, name, function)


def name_step(function: str) -> str:
    """`resolve_story_code` is the step `story code`."""
    return _NAMES.get(function, function.removeprefix("resolve_").replace("_", " "))


def _is_step(name: str, value: object, recipe: ModuleType) -> bool:
    return (
        inspect.isfunction(value)
        and not name.startswith("_")
        and value.__module__ != recipe.__name__
        and value.__module__.startswith(PACKAGE)
    )


def _measured(
    function: Callable[..., Any], step: str, spent: Counter[str], open_steps: list[float]
) -> Callable[..., Any]:
    """The function, its own time added up under `step`.

    `open_steps` holds, for each one under way, the time that its inner ones took.
    """

    @functools.wraps(function)
    def measured(*args: Any, **kwargs: Any) -> Any:
        open_steps.append(0.0)
        begin = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            took = time.process_time() - begin
            spent[step] += took - open_steps.pop()
            if open_steps:
                open_steps[-1] += took

    return measured
