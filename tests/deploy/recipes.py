"""The files of deploy/ and the text of docs/schedule.md, with no more changed than what they say is to be changed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
DOCUMENT = ROOT / "docs" / "schedule.md"
SCRIPTS = Path(sys.executable).parent
INSTALLED = "/opt/newsscraper/bin"
FOLDER = "/var/lib/newsscraper"
SITE = "islamtimes"
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)


def read_recipe(name: str, folder: Path, site: str = SITE) -> str:
    """A file of deploy/ for this installation, a folder and a site of the test's."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return text.replace(INSTALLED, str(SCRIPTS)).replace(FOLDER, str(folder)).replace(SITE, site)


def read_blocks(language: str) -> list[str]:
    """The document's blocks of code in `language`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return [body for kind, body in _FENCE.findall(text) if kind == language]
