"""Where a ledger must not lie: file systems on which a write-ahead log or a lock does not hold."""

from __future__ import annotations

import os
import re
from pathlib import Path

from newsscraper.errors import LedgerError

UNSAFE = frozenset(
    """
    nfs nfs4 cifs smb smb2 smb3 smbfs 9p afs afpfs coda ncpfs lustre gpfs ceph glusterfs beegfs orangefs pvfs2 davfs
    fuse.sshfs fuse.s3fs fuse.rclone fuse.glusterfs fuse.ceph-fuse fuse.cifs fuse.smbnetfs fuse.davfs2 fuse.goofys
    fuse.gcsfuse fuse.mount-s3 fuse.curlftpfs fuse.juicefs vboxsf prl_fs drvfs
    """.split()  # noqa: SIM905
)
"""Types as the kernel names them: on a network, or shared with the machine around this one."""

_MOUNTS = Path("/proc/self/mounts")
_ESCAPE = re.compile(r"\\([0-7]{3})")


def refuse_unsafe(folder: Path, mounts: str | None = None) -> None:
    """Raises `LedgerError` where `folder` lies on a file system of `UNSAFE`; one that is unknown passes.

    `mounts` is what `/proc/self/mounts` says, which is read when it is None.
    """
    found = find_file_system(folder, _read_mounts() if mounts is None else mounts)
    if found in UNSAFE:
        raise LedgerError(
            f"{folder}: a file system of type {found} does not keep a ledger's promises: put the corpus on a local "
            "disk (--corpus), or, if you know that this one does, say NEWSSCRAPER_LEDGER_ANYWHERE=True: to a crawl by "
            "-s, to other commands in the environment"
        )


def find_file_system(folder: Path, mounts: str) -> str | None:
    """The type of the file system that `folder` lies on, by the lines of `mounts`; None where they do not tell."""
    real = os.path.realpath(folder)
    best, found = "", None
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), parts[1])
        is_above = real == place or real.startswith(place.rstrip("/") + "/")
        # Of two mounts at one place the later lies on top.
        if is_above and len(place) >= len(best):
            best, found = place, parts[2]
    return found


def _read_mounts() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
