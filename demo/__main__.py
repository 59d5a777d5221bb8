"""`python -m newsscraper_demo --port 8000`: the demo site until Ctrl-C."""

from __future__ import annotations

import argparse
import threading

from .faults import FAULTS
from .server import DemoServer
from .site import DemoSite
from .traps import DEFAULT_TRAPS, FURTHER_TRAPS


def main(arguments: list[str] | None = None) -> None:
    """Serve, print the URL, wait."""
    parser = argparse.ArgumentParser(prog="newsscraper_demo", description="Serve a made-up news site on loopback.")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--without",
        nargs="*",
        default=[],
        metavar="TRAP",
        choices=sorted(DEFAULT_TRAPS),
        help="traps to leave out: %(choices)s",
    )
    parser.add_argument(
        "--with",
        nargs="*",
        default=[],
        dest="more",
        metavar="TRAP",
        choices=sorted(FURTHER_TRAPS),
        help="traps to add: %(choices)s",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[:/PATH/][:SHARE]",
        help=f"something that goes wrong, below a path or for a share of addresses: {', '.join(sorted(FAULTS))}",
    )
    options = parser.parse_args(arguments)
    site = DemoSite(traps=(DEFAULT_TRAPS.keys() - set(options.without)) | set(options.more))
    try:
        demo = DemoServer(site, options.port, options.host, faults=options.fault)
    except ValueError as error:
        parser.error(str(error))
    with demo as server:
        print(f"{len(site.stories)} stories at {server.url} (Ctrl-C ends it)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
