"""Stands in for `newsscraper batch` in the tests of the cluster: `parts.py FOLDER --part 3,4` marks those as done.

What is said in `FOLDER/<part>.does` comes first: `kill-worker`, `fail`, `refuse`, `linger` (until it is killed), or
`linger-once`. Each start leaves a line in `FOLDER/starts`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def main(folder: Path, parts: list[int]) -> int:
    for part in parts:
        with (folder / "starts").open("a", encoding="ascii") as file:
            file.write(f"{part} {os.getpid()}\n")
        do = folder / f"{part}.does"
        code = act(do.read_text(encoding="ascii"), do) if do.exists() else 0
        if code:
            print(f"part {part} does not want to")
            return code
        mark = folder / f"{part:05}.json"
        mark.with_suffix(f".{os.getpid()}").write_text(f'{{"part": {part}}}', encoding="ascii")
        mark.with_suffix(f".{os.getpid()}").rename(mark)
    return 0


def act(word: str, file: Path) -> int:
    if word == "kill-worker":
        os.kill(parent_of(os.getppid()), signal.SIGKILL)
    if word == "linger-once":
        file.write_text("nothing", encoding="ascii")
    if word in {"kill-worker", "linger", "linger-once"}:
        time.sleep(60)
    return {"fail": 1, "refuse": 2}.get(word, 0)


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [int(part) for part in sys.argv[3].split(",")]))
