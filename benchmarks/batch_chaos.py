"""Kill batches and their workers at random moments, and see whether a page is lost, doubled or read otherwise.

    python benchmarks/batch_chaos.py [--kills 50] [--pages 600] [--workers 2] [--seed 1] [--form gz] [--json FILE]

An archive of made-up pages is read once undisturbed. Then the same batch is begun elsewhere and killed with `kill -9`:
its first process alone, the whole group, or a worker, while it starts, reads or seals a part; it is started again until
it comes to its end, and its files are held against those of the undisturbed run, byte for byte. That goes on until
there are kills enough. Exit codes: 0 well, 1 a promise was broken, 2 bad usage.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.arguments import at_least_one
from benchmarks.made_up import make_page
from benchmarks.progress import progress
from newsscraper.batch.output import FORMS

KINDS = ("first process", "group", "worker", "sealing")
_PART_MB = 0.05
_LONGEST = 3.0
"""Seconds after its start, or after the last kill, within which one is killed."""
_PATIENCE = 300.0
_AFTERLIFE = 15.0
"""Seconds that workers may outlive the batch."""
_PAUSE = 0.005


def main(argv: list[str] | None = None) -> int:
    """Kill as often as asked for, say what came of it."""
    args = parse_arguments(argv)
    folder = Path(tempfile.mkdtemp(prefix="batch-chaos-", dir=args.folder))
    archive = folder / "pages.warc.gz"
    write_pages(archive, args.pages, Random(args.seed))
    chaos = Chaos(archive, folder, args)
    faults = chaos.run()
    told = ", ".join(f"{number} of {kind}" for kind, number in sorted(chaos.kills.items()))
    print(f"{chaos.kills.total()} kills ({told}); batches of {args.pages} pages that came to their end: {chaos.rounds}")
    print("\n".join(f"BROKEN: {fault}" for fault in faults) or "every page once, all bytes as they should be")
    if args.json:
        figures = {"kills": chaos.kills, "rounds": chaos.rounds, "pages": args.pages, "violations": faults}
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if faults:
        print(f"kept for a closer look: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def parse_arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kill batches, and see whether a page is lost or doubled.")
    parser.add_argument("--kills", type=at_least_one, default=50, metavar="N", help="in all (default: %(default)s)")
    parser.add_argument("--pages", type=at_least_one, default=600, metavar="N", help="of the archive")
    parser.add_argument("--workers", type=at_least_one, default=2, metavar="N", help="of each batch")
    parser.add_argument("--form", choices=FORMS, default="gz", help="of the output")
    parser.add_argument("--seed", type=int, default=1, help="of all that is random (default: %(default)s)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the files lie while it runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args(argv)


def write_pages(path: Path, count: int, random: Random) -> None:
    """An archive of so many pages, each with an address of its own."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(count):
            body = make_page(random).encode("utf-8", "surrogatepass")
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            url = f"https://made-up.example/{number}"
            writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=headers))


class Chaos:
    """Batches of one archive, killed."""

    def __init__(self, archive: Path, folder: Path, args: argparse.Namespace) -> None:
        self.kills: Counter[str] = Counter()
        self.rounds = 0
        self._archive = archive
        self._folder = folder
        self._args = args
        self._random = Random(args.seed)
        self._faults: list[str] = []

    def run(self) -> list[str]:
        """What was broken."""
        expected = self._read_undisturbed()
        with progress(self._args.kills, "kills") as done:
            while self.kills.total() < self._args.kills and not self._faults:
                self.rounds += 1
                into = self._folder / f"round-{self.rounds}"
                while not self._kill_once(into, done):
                    pass
                self._judge(into, expected)
        return self._faults

    def _read_undisturbed(self) -> dict[str, str]:
        into = self._folder / "undisturbed"
        batch = self._start(into)
        if batch.wait(_PATIENCE) not in (0, 1):
            raise RuntimeError(f"the undisturbed batch ended with {batch.returncode}")
        found = digest_files(into)
        pages = sum(json.loads((into / "manifest.json").read_bytes())["counts"].values())
        if pages != self._args.pages:
            self._faults.append(f"{pages} pages where {self._args.pages} are, undisturbed")
        return found

    def _start(self, into: Path) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "newsscraper", "batch", str(self._archive), "--into", str(into), "--quiet"]
        options = {"--workers": self._args.workers, "--part-mb": _PART_MB, "--form": self._args.form}
        words += [str(word) for option in options.items() for word in option]
        with (self._folder / "log.txt").open("wb") as log:
            return subprocess.Popen(words, stderr=log, start_new_session=True)

    def _kill_once(self, into: Path, done: Callable[[], None]) -> bool:
        """Start it and kill until it is dead; True where it came to its end."""
        batch = self._start(into)
        while self._wait(batch, into):
            if self.kills.total() >= self._args.kills:
                break
            kind = self._random.choice(KINDS)
            if kind == "worker":
                workers = wait_for_workers(batch)
                if workers and kill(self._random.choice(workers)):
                    self._count(kind, done)
                continue
            if kind == "sealing":
                wait_for_seal(batch, into)
            workers = find_workers(batch.pid)
            if batch.poll() is None:
                os.killpg(batch.pid, signal.SIGKILL) if kind == "group" else batch.kill()
                batch.wait()
                self._count(kind, done)
                self._judge_workers(workers)
                return False
        if batch.wait(_PATIENCE) not in (0, 1) or not (into / "manifest.json").exists():
            said = (self._folder / "log.txt").read_text("utf-8", "replace")[-500:]
            self._faults.append(f"a batch that nobody killed ended with {batch.returncode}: {said}")
        return True

    def _wait(self, batch: subprocess.Popen[bytes], into: Path) -> bool:
        """A random while; False where the batch has ended meanwhile."""
        try:
            batch.wait(self._random.uniform(0, _LONGEST))
        except subprocess.TimeoutExpired:
            return True
        return False

    def _count(self, kind: str, done: Callable[[], None]) -> None:
        self.kills[kind] += 1
        done()

    def _judge_workers(self, workers: list[int]) -> None:
        """They end by themselves when the batch is gone."""
        end = time.monotonic() + _AFTERLIFE
        while any(map(is_running, workers)):
            if time.monotonic() > end:
                self._faults.append("workers outlive their batch")
                return
            time.sleep(_PAUSE)

    def _judge(self, into: Path, expected: dict[str, str]) -> None:
        found = digest_files(into)
        for name in sorted(expected.keys() | found.keys()):
            if expected.get(name) != found.get(name):
                state = "missing" if name not in found else "new" if name not in expected else "not as it should be"
                self._faults.append(f"{into.name}: {name}: {state}")
        left = [path.name for path in into.iterdir() if path.name.endswith(".part")]
        if left:
            self._faults.append(f"{into.name}: left over: {', '.join(left)}")
        if not (into / "manifest.json").exists():
            self._faults.append(f"{into.name}: no manifest")
        shutil.rmtree(into)


def digest_files(into: Path) -> dict[str, str]:
    """Records and faults of all parts; marks tell how long they took, and are left out."""
    paths = [path for path in into.rglob("[0-9]*") if path.suffix != ".json"]
    return {str(path.relative_to(into)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def wait_for_seal(batch: subprocess.Popen[bytes], into: Path) -> None:
    """Until one more file has its name."""
    before = set(os.listdir(into)) if into.exists() else set()
    end = time.monotonic() + _PATIENCE
    while batch.poll() is None and time.monotonic() < end:
        if into.exists() and {name for name in os.listdir(into) if name[0] != "."} - before:
            return
        time.sleep(_PAUSE)


def wait_for_workers(batch: subprocess.Popen[bytes]) -> list[int]:
    """Those of a batch, once there are some; none where it ends before."""
    while batch.poll() is None:
        if workers := find_workers(batch.pid):
            return workers
        time.sleep(_PAUSE)
    return []


def find_workers(pid: int) -> list[int]:
    """The children of a process, by what the kernel says."""
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(word) for word in told.split()]


def kill(pid: int) -> bool:
    """False for a process that is no more."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def is_running(pid: int) -> bool:
    """False for what has ended, and for what only waits to be told so."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


if __name__ == "__main__":
    sys.exit(main())
