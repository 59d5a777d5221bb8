"""What a batch is to do: its inputs and options, kept in its folder, so that nobody mixes two batches in one.

`plan.json` is the same whoever writes it. Whatever is done in the folder later has to be of the same inputs, by name
and size, and of the same options; what differs is told.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from newsscraper.batch.inputs import Input, find_inputs
from newsscraper.batch.output import write_once
from newsscraper.batch.parts import Part, cut_parts
from newsscraper.errors import InputError

PLAN = "plan.json"
FORMAT = 1
_NAMED = 3
"""Files that a message names."""

_FIELDS = tuple(field.name for field in dataclasses.fields(Input))

Options = Mapping[str, Any]
"""What changes the output, by name, in values that JSON holds."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be done."""

    inputs: tuple[Input, ...]
    part_bytes: int
    options: Options

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """In the order in which they are numbered."""
        return cut_parts(self.inputs, self.part_bytes)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal, over the names and sizes of the inputs and all options: another one is another output."""
        told = {
            "inputs": [[each.name, each.size] for each in self.inputs],
            "part_bytes": self.part_bytes,
            "options": dict(self.options),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def run_id(self) -> str:
        """What its records say of the run: the same for the same plan."""
        return f"batch-{self.digest[:12]}"


def make_plan(
    paths: Iterable[str], folder: Path, part_bytes: int, options: Options, *, is_kept: bool = True
) -> tuple[Plan, list[str]]:
    """The plan for `paths`, which `folder` now holds unless it is not to be kept; and what is odd about it.

    Raises `InputError` for inputs that cannot be read, for a folder that holds something else or cannot be written, and
    where it holds a plan of other inputs or options, with what differs.
    """
    before = read_plan(folder)
    known = {each.name: each for each in before.inputs} if before else {}
    plan = Plan(inputs=find_inputs(list(paths), known), part_bytes=part_bytes, options=options)
    if before is None:
        _refuse_others(folder)
        before = _keep(plan, folder) if is_kept else plan
    elif is_kept and not os.access(folder, os.W_OK):
        raise InputError(f"{folder}: cannot be written")
    faults = compare(before, plan)
    if faults:
        raise InputError(
            f"{folder}: holds a batch of another plan: {'; '.join(faults)}; "
            "give what it was begun with, or another folder"
        )
    return plan, _tell_touched(known, plan)


def _keep(plan: Plan, folder: Path) -> Plan:
    """What the folder holds from now on: somebody else's, where they were first. Raises `InputError`."""
    try:
        write_once(folder / PLAN, _format(plan))
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    kept = read_plan(folder)
    assert kept is not None
    return kept


def read_plan(folder: Path) -> Plan | None:
    """The plan that a folder holds; None where it has none. Raises `InputError` for one that cannot be used."""
    path = folder / PLAN
    try:
        told = json.loads(path.read_bytes())
        if told["format"] != FORMAT:
            raise InputError(f"{path}: of format {told['format']!r}, where this newsscraper knows {FORMAT}")
        inputs = tuple(Input(**each) for each in told["inputs"])
        return Plan(inputs=inputs, part_bytes=told["part_bytes"], options=told["options"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def compare(before: Plan, now: Plan) -> list[str]:
    """What differs between two plans, each in a few words; nothing where they have the same digest."""
    found = []
    if before.part_bytes != now.part_bytes:
        found.append(f"part: {before.part_bytes / 1e6:g} MB there, {now.part_bytes / 1e6:g} MB here")
    for name in dict.fromkeys([*before.options, *now.options]):
        there, here = before.options.get(name), now.options.get(name)
        if there != here:
            found.append(f"{name}: {json.dumps(there)} there, {json.dumps(here)} here")
    return found + _compare_inputs(before.inputs, now.inputs)


def _compare_inputs(before: tuple[Input, ...], now: tuple[Input, ...]) -> list[str]:
    sizes = {each.name: each.size for each in before}
    here = {each.name: each.size for each in now}
    found = [
        _name_some(f"{len(names)} {words}", names)
        for words, names in (
            ("inputs are missing", [name for name in sizes if name not in here]),
            ("inputs are new", [name for name in here if name not in sizes]),
            ("inputs have another size", [name for name in here if sizes.get(name, here[name]) != here[name]]),
        )
        if names
    ]
    if not found and [*sizes] != [*here]:
        found.append("the inputs are given in another order")
    return found


def _tell_touched(known: Mapping[str, Input], plan: Plan) -> list[str]:
    """Inputs of the same size as in the plan that were written since: perhaps only copied, perhaps another content."""
    touched = [each.name for each in plan.inputs if each.name in known and each.modified != known[each.name].modified]
    if not touched:
        return []
    told = _name_some(f"{len(touched)} inputs were written since the batch was planned, at the same size", touched)
    return [f"{told}: if they say something else now, start anew in another folder"]


def _name_some(words: str, names: list[str]) -> str:
    more = ", ..." if len(names) > _NAMED else ""
    return f"{words} ({', '.join(names[:_NAMED])}{more})"


def _refuse_others(folder: Path) -> None:
    """Raises `InputError` for a folder in which something else lies."""
    try:
        others = [each.name for each in folder.iterdir() if not each.name.startswith(".") and each.name != PLAN]
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{folder}: cannot be used: {error.strerror or error}") from error
    if others:
        raise InputError(f"{folder}: holds other files ({others[0]}): a batch takes an empty folder, or a new one")


def _format(plan: Plan) -> bytes:
    """The inputs a line each, since there may be a million of them."""
    head = {
        "format": FORMAT,
        "digest": plan.digest,
        "part_bytes": plan.part_bytes,
        "parts": len(plan.parts),
        "options": dict(plan.options),
    }
    lines = ",\n".join(json.dumps({name: getattr(each, name) for name in _FIELDS}) for each in plan.inputs)
    return f'{json.dumps(head, indent=1)[:-2]},\n "inputs": [\n{lines}\n]}}\n'.encode()
