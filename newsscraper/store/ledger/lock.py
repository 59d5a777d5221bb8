"""One run a site: a lock of the kernel's, which goes with the process that holds it, however that ends.

It lies on a file of its own: closing any descriptor of the ledger's file would drop the locks that SQLite has on it.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from newsscraper.errors import LedgerError, LedgerLocked

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TRIES, _PAUSE = 5, 0.05

_held: set[int] = set()


class RunLock:
    """Held from when it is made until `release`; raises `LedgerLocked` where another process holds it."""

    def __init__(self, path: Path, *, run_id: str | None, started: str) -> None:
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _lock_soon(self._descriptor, path):
                raise LedgerLocked(_describe_holder(path))
            _held.add(self._descriptor)
            holder = json.dumps({"pid": os.getpid(), "run_id": run_id, "started": started})
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, holder.encode())
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let others in."""
        if self._descriptor is not None:
            _held.discard(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None


def is_locked(path: Path) -> bool:
    """Whether a run is at work. Raises `LedgerError` where there are no locks."""
    try:
        descriptor = _open_for_looking(path)
    except OSError:
        return False
    try:
        return not _lock(descriptor, path)
    finally:
        os.close(descriptor)


def _open_for_looking(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR)
    except OSError as fault:
        if fault.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        return os.open(path, os.O_RDONLY)


def _lock_soon(descriptor: int, path: Path) -> bool:
    """Whoever merely looks whether there is a run holds the lock for an instant."""
    for _ in range(_TRIES):
        if _lock(descriptor, path):
            return True
        time.sleep(_PAUSE)
    return _lock(descriptor, path)


def _lock(descriptor: int, path: Path) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise LedgerError(f"{path}: no locks there ({fault.strerror}): put the corpus on a local disk") from fault
    return True


def _describe_holder(path: Path) -> str:
    holder = {}
    with suppress(OSError, ValueError):
        holder = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(holder, dict) or "pid" not in holder:
        return f"{path}: another run of this site is at work"
    run = f"run {holder.get('run_id')}" if holder.get("run_id") else "a command"
    return f"{path}: {run} of this site is at work (process {holder['pid']}, since {holder.get('started')})"


def _leave_to_parent() -> None:
    """A forked child must not keep the lock when its parent dies."""
    for descriptor in _held:
        with suppress(OSError):
            os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)
