"""`python -m newsscraper_demo --port 8000`: the demo site until Ctrl-C."""

from __future__ import annotations

import argparse
import threading

from .server import DemoServer
from .site import DemoSite
from .traps import TRAPS


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
        choices=sorted(TRAPS),
        help="traps to leave out: %(choices)s",
    )
    options = parser.parse_args(arguments)
    site = DemoSite(traps=TRAPS.keys() - set(options.without))
    with DemoServer(site, options.port, options.host) as server:
        print(f"{len(site.stories)} stories at {server.url} (Ctrl-C ends it)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
