"""A folder as a disk might hold it after a power loss, made from what was done to it and what was synced.

A file's data are sure once the file has been synced; a name once its folder has been synced after it was given, changed
or taken away. All else is kept, lost, or, of data, torn: `MODES` says how. This is less than any real file system
promises, and as much as POSIX does. SQLite's `-shm` files, which are written through a mapping, never outlast anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.powerloss_log import Change, What

SECTOR = 512
MAPPED_BY_DESIGN = "-shm"


@dataclass(eq=False)
class File:
    """What is sure of a file, and what has been done to it since."""

    sure: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.pending:
            _apply(self.sure, change, None)
        self.pending.clear()


@dataclass(eq=False)
class Folder:
    """A folder holds nothing itself: names are the disk's."""


Node = File | Folder


@dataclass(eq=False)
class Naming:
    """A name given (`node`), or taken away (None), or both at once for a rename."""

    taken: str | None
    given: str | None
    node: Node | None
    waits_for: set[str]
    """Folders that have not been synced since."""


@dataclass(frozen=True)
class Mode:
    """How likely it is that what was not synced is kept; data may be torn instead."""

    name: str
    names: float
    data: float
    tears: bool


MODES = (
    Mode("nothing unsynced is kept", 0, 0, tears=False),
    Mode("names before data", 1, 0, tears=False),
    Mode("data before names", 0, 1, tears=False),
    Mode("everything is kept", 1, 1, tears=False),
    Mode("some of all, torn", 0.5, 0.4, tears=True),
)


@dataclass
class Losses:
    """What a power loss took."""

    writes: int = 0
    names: int = 0


class Disk:
    """Begins as the folder `start`, of which everything is sure; `root` is the folder's name in the log."""

    def __init__(self, start: Path, root: Path) -> None:
        self._root = root
        self._begun = _read_tree(start, root)
        self._names = dict(self._begun)
        self._namings: list[Naming] = []
        self._by_inode: dict[int, Node] = {}
        self._paths: dict[int, str] = {}
        self.mapped: set[str] = set()
        """Files written through a mapping, of which nothing is known, but for those that are so by design."""

    def replay(self, changes: Iterable[Change]) -> None:
        """Take in what was done. Raises `ValueError` where the log tells of what cannot be."""
        steps: dict[What, Callable[[Change], None]] = {
            What.OPEN: self._open,
            What.WRITE: self._change_data,
            What.CUT: self._change_data,
            What.SYNC: self._sync,
            What.SYNC_ALL: lambda _: self._sync_all(),
            What.RENAME: self._rename,
            What.UNLINK: lambda change: self._name(change.path, None, None),
            What.REMOVE_FOLDER: lambda change: self._name(change.path, None, None),
            What.LINK: lambda change: self._name(None, change.other, self._names[change.path]),
            What.MAKE_FOLDER: lambda change: self._name(None, change.path, Folder()),
            What.MAP: self._map,
        }
        for change in changes:
            if step := steps.get(change.what):
                step(change)

    def lose_power(self, to: Path, random: Random, mode: Mode) -> Losses:
        """Write the folder as it may be afterwards to `to`, which is made."""
        losses = Losses()
        for path, node in sorted(self._keep_names(random, mode, losses).items()):
            target = to / os.path.relpath(path, self._root)
            if isinstance(node, Folder):
                target.mkdir(parents=True, exist_ok=True)
            elif not path.endswith(MAPPED_BY_DESIGN):
                target.write_bytes(_keep_data(node, random, mode, losses))
        return losses

    def _open(self, change: Change) -> None:
        node = self._names.get(change.path)
        if change.path == str(self._root):
            node = Folder()
        elif node is None or change.made & 1:
            node = File()
            self._name(None, change.path, node)
        if isinstance(node, File) and change.made & 2:
            node.pending.append(Change(What.CUT, change.inode, 0, "", "", b"", 0))
        self._by_inode[change.inode] = node
        self._paths[change.inode] = change.path

    def _change_data(self, change: Change) -> None:
        node = self._by_inode.get(change.inode)
        if not isinstance(node, File):
            raise ValueError(f"data for what is no file: inode {change.inode}")
        node.pending.append(change)

    def _sync(self, change: Change) -> None:
        node = self._by_inode[change.inode]
        if isinstance(node, File):
            node.sync()
            return
        for naming in self._namings:
            naming.waits_for.discard(self._paths[change.inode])

    def _sync_all(self) -> None:
        for node in self._names.values():
            if isinstance(node, File):
                node.sync()
        for naming in self._namings:
            naming.waits_for.clear()

    def _rename(self, change: Change) -> None:
        node = self._names.get(change.path)
        if node is None or not change.other:
            raise ValueError(f"renamed over the border of the folder: {change.path!r} to {change.other!r}")
        if isinstance(node, Folder) and any(path.startswith(f"{change.path}/") for path in self._names):
            raise ValueError(f"a folder that is not empty was renamed: {change.path}")
        self._name(change.path, change.other, node)

    def _map(self, change: Change) -> None:
        path = self._paths[change.inode]
        if not path.endswith(MAPPED_BY_DESIGN):
            self.mapped.add(os.path.relpath(path, self._root))

    def _name(self, taken: str | None, given: str | None, node: Node | None) -> None:
        folders = {os.path.dirname(path) for path in (taken, given) if path}
        naming = Naming(taken, given, node, folders)
        self._namings.append(naming)
        _rename(self._names, naming)

    def _keep_names(self, random: Random, mode: Mode, losses: Losses) -> dict[str, Node]:
        kept = dict(self._begun)
        for naming in self._namings:
            if naming.waits_for and random.random() >= mode.names:
                losses.names += 1
                continue
            if naming.given and not self._has_folder(kept, naming.given):
                losses.names += 1
                continue
            _rename(kept, naming)
        return kept

    def _has_folder(self, names: dict[str, Node], path: str) -> bool:
        """Whether the folder is there that `path` would lie in."""
        folder = os.path.dirname(path)
        return folder == str(self._root) or isinstance(names.get(folder), Folder)


def _rename(names: dict[str, Node], naming: Naming) -> None:
    if naming.taken:
        names.pop(naming.taken, None)
    if naming.given and naming.node:
        names[naming.given] = naming.node


def _read_tree(start: Path, root: Path) -> dict[str, Node]:
    """All that lies below `start`, by its path below `root`."""
    return {
        str(root / path.relative_to(start)): Folder() if path.is_dir() else File(bytearray(path.read_bytes()))
        for path in start.rglob("*")
    }


def _keep_data(file: File, random: Random, mode: Mode, losses: Losses) -> bytes:
    content = bytearray(file.sure)
    for change in file.pending:
        draw = random.random()
        if draw < mode.data:
            _apply(content, change, None)
            continue
        losses.writes += 1
        if mode.tears and draw < (1 + mode.data) / 2:
            _apply(content, change, random)
    return bytes(content)


def _apply(content: bytearray, change: Change, random: Random | None) -> None:
    """A write or a cut; with `random` only some of a write's sectors, and what lies between them unwritten."""
    if change.what is What.CUT:
        if random is None:
            del content[change.offset :]
            content.extend(bytes(change.offset - len(content)))
        return
    place, end = change.offset, change.offset + len(change.data)
    while place < end:
        upto = end if random is None else min(end, (place // SECTOR + 1) * SECTOR)
        if random is None or random.random() < 0.5:
            content.extend(bytes(max(0, place - len(content))))
            content[place:upto] = change.data[place - change.offset : upto - change.offset]
        place = upto
