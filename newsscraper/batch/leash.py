"""Runs a command that ends with whoever started it: `python leash.py COMMAND...`, started by its path.

Standard input is the leash: a pipe whose other end the starter holds, so that it is closed however the starter dies,
by `kill -9` too. Then the whole process group is killed, which the starter has to make for it. Exit code: the
command's, or 128 and the number of the signal that ended it. Imports next to nothing, to be there at once.
"""

import os
import signal
import subprocess
import sys
import threading


def main(command: list[str]) -> int:
    """Run it to its end."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    code = process.wait()
    return code if code >= 0 else 128 - code


def _end_with_starter() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
