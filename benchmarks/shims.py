"""Small C libraries that are laid under a process with `LD_PRELOAD`: built when they are needed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent


class ShimError(RuntimeError):
    """Cannot be built here; says why."""


def build_shim(name: str, folder: Path) -> Path:
    """`benchmarks/<name>.c` -> a library in `folder`. Raises `ShimError`."""
    if not sys.platform.startswith("linux"):
        raise ShimError(f"{name}: LD_PRELOAD is Linux's")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise ShimError(f"{name}: there is no C compiler (Debian: apt install gcc)")
    library = folder / f"{name}.so"
    words = [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(library)]
    done = subprocess.run(
        [*words, str(SOURCES / f"{name}.c"), "-ldl", "-lpthread"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ShimError(f"{name}: {compiler} failed:\n{done.stderr}")
    return library
