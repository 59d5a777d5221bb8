"""How the processes of a long run behave: each with one thread, and silent about single pages.

Imports nothing that loads NumPy, since the number of threads is read by then.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
"""What the environment has to say, before NumPy is loaded, for the libraries below it to have one thread."""


def hush() -> None:
    """No word on single pages, for a worker's whole life.

    Libraries tell what is odd about them, such as bs4's detector of encodings what it cannot decode.
    """
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


@contextmanager
def hushed() -> Iterator[None]:
    """The same for as long as this lasts, and for the processes forked meanwhile."""
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        hush()
        try:
            yield
        finally:
            logging.disable(before)
