"""Who is alive: a lock on an open file goes with the process that held it, however that ended."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    import fcntl


def lock(descriptor: int, *, wait: bool = False) -> bool:
    """Lock an open file for this process until it is closed, waiting for another's lock with `wait`.

    False where another holds it, and where the system or the file system has no such locks.
    """
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
