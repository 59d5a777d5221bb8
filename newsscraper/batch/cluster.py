"""The parts of a batch on a Dask cluster: who does what, what is done again, what is given up.

A task does one part or a few small ones, and may run twice without harm: of the same part come the same bytes, written
whole. So a worker that dies costs time. Dask gives a task up after some workers have died over it (`KilledWorker`);
since its part may be innocent it is then tried again by itself, and only a part over which that happens time and again
is set aside, so that the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from newsscraper.batch.crew import Client, Crew, Done, Lost, Word
from newsscraper.batch.errands import Errand
from newsscraper.errors import InputError, NewsscraperError

__all__ = ["Done", "Errand", "Lost", "Word", "connect", "group_parts", "run_on_cluster"]

PATIENCE_SECONDS = 20.0
"""For a scheduler to answer at all."""
_ENOUGH_BYTES = 128_000_000
"""Of archives in one task: a minute of a core, beside which the second that a command takes to start is little."""
_MOST_PARTS = 200
"""In one task."""
_ROUNDS = 4
"""Tasks that each thread of the cluster should have at least, so that all end at about the same time."""

_WITHIN = "inproc"
"""The scheme of schedulers within this process, which have no port."""


def run_on_cluster(
    address: str, errand: Errand, sizes: Mapping[int, int], *, patience: float | None = None
) -> Iterator[Done | Lost | Word]:
    """Have the parts done by the workers of the scheduler at `address`, and tell of each what came of it.

    `sizes` are the outstanding parts in their order, with their bytes. Left early, as on Ctrl-C, it cancels what is
    under way. Raises `InputError` where the scheduler cannot be reached, Dask is not installed, the command refuses
    its arguments or no worker is fit; `NewsscraperError` where the scheduler goes away meanwhile.
    """
    with connect(address, patience) as client:
        crew = Crew(client, address, errand)
        try:
            for parts in group_parts(sizes, count_threads(client)):
                crew.send(parts)
            yield from crew.listen()
        except NewsscraperError:
            raise
        except Exception as error:  # what a client does whose scheduler is gone differs by what it is at
            crew.refuse_gone(error)
            raise
        finally:
            crew.cancel()


@contextmanager
def connect(address: str, patience: float | None = None) -> Iterator[Client]:
    """A client of the scheduler there, which has `patience` seconds to answer. Raises `InputError`."""
    check_address(address)
    import distributed  # noqa: PLC0415 - as in `check_address`

    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is told here
    try:
        client: Client = distributed.Client(  # type: ignore[no-untyped-call]
            address, timeout=patience or PATIENCE_SECONDS, set_as_default=False, name="newsscraper-batch"
        )
    except (OSError, ValueError, TypeError, ImportError) as error:
        detail = str(error) or type(error).__name__
        raise InputError(
            f"{address}: no Dask scheduler answers there ({detail}); `dask scheduler` starts one and prints its address"
        ) from error
    try:
        yield client
    finally:
        with suppress(Exception):  # a scheduler that is gone is no reason to fail at the end
            client.close(timeout=2)


def check_address(address: str) -> None:
    """Raises `InputError` where Dask is not installed, or knows no way to such an address.

    A client that is made of one leaves a thread that waits, and complains at the very end.
    """
    try:
        # An extra, and a second to import: for those who have a cluster.
        from distributed.comm.addressing import parse_address, parse_host_port  # noqa: PLC0415
        from distributed.comm.registry import get_backend  # noqa: PLC0415
    except ImportError as error:
        raise InputError("a batch on a cluster needs Dask: pip install '.[dask]' in the checkout") from error
    try:
        scheme, place = parse_address(address)
        get_backend(scheme)
        if scheme != _WITHIN:
            parse_host_port(place)
    except (ValueError, ImportError, KeyError) as error:
        raise InputError(
            f"{address}: no address of a Dask scheduler ({error}); `dask scheduler` starts one and prints its address"
        ) from error


def count_threads(client: Client) -> int:
    """Of all workers that there are now."""
    return sum(client.nthreads().values())


def group_parts(sizes: Mapping[int, int], threads: int) -> Iterator[tuple[int, ...]]:
    """Neighbouring parts by the task: small ones together, but enough tasks to keep all threads at work to the end."""
    enough = min(_ENOUGH_BYTES, sum(sizes.values()) // (max(1, threads) * _ROUNDS))
    group: list[int] = []
    weight = 0
    for part, size in sizes.items():
        if group and (weight + size > enough or len(group) == _MOST_PARTS):
            yield tuple(group)
            group, weight = [], 0
        group.append(part)
        weight += size
    if group:
        yield tuple(group)
