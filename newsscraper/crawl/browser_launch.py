"""The browser itself: which one, and how it is started, so that it cannot reach any network by itself."""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from newsscraper.errors import InputError
from newsscraper.sites.checks import shown

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What Chromium is called on a `PATH`."""

_NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody is: what is asked past us (sockets, prefetches, the browser's own errands) gets no farther."""
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-gpu",
    "--mute-audio",
)

logger = logging.getLogger(__name__)


def check_browser(settings: BaseSettings) -> str:
    """The path of the browser. Raises `InputError` where it, or what drives it, is not installed."""
    if importlib.util.find_spec("scrapy_playwright") is None:
        raise InputError(
            "[browser] of a profile: expected the extra that draws pages: pip install '.[browser]' in the checkout"
        )
    given = str(settings.get("NEWSSCRAPER_BROWSER") or "")
    path = next(filter(None, map(shutil.which, [given] if given else NAMES)), None)
    if path is None:
        wanted = shown(given) if given else f"none of {', '.join(NAMES)}"
        raise InputError(
            f"NEWSSCRAPER_BROWSER: expected the path of Chromium, got {wanted}, which is no program here "
            "(Debian: apt-get install chromium)"
        )
    return path


def driver_settings(path: str, user_agent: str) -> dict[str, Any]:
    """What scrapy-playwright is told, whatever a project's settings say: our browser, and no way out of it."""
    return {
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_CDP_URL": None,
        "PLAYWRIGHT_CONNECT_URL": None,
        "PLAYWRIGHT_CONTEXTS": {},
        "PLAYWRIGHT_BROWSER_PROVIDER": None,
        "PLAYWRIGHT_ABORT_REQUEST": None,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": str(Path(path)),
            "chromium_sandbox": _has_sandbox(),
            "proxy": {"server": _NOWHERE, "bypass": "<-loopback>"},
            # Addresses in the URL itself are asked through the proxy too; names are not even looked up.
            "args": [*_ARGUMENTS, f"--user-agent={user_agent}"],
            # Signals are the run's to heed: it ends its browser when it ends.
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
        },
    }


def context_options(user_agent: str) -> dict[str, Any]:
    """Of the profile, in the browser's sense, that one page is drawn in: nothing is kept, nothing stands in between."""
    return {"user_agent": user_agent, "service_workers": "block", "accept_downloads": False}


def _has_sandbox() -> bool:
    if not hasattr(os, "geteuid") or os.geteuid():
        return True
    logger.warning("Chromium has no sandbox for root: give the crawl a user of its own, who has one")
    return False
