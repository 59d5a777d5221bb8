"""Rewrite `expected.json` of the fixtures from today's output and print what changed: `make snapshots`.

    python -m tests.pages.snapshots [NAME ...]

Read the difference before committing it: an expectation is what the page says, not what the core answers.
"""

from __future__ import annotations

import difflib
import json
import sys
from typing import Any

from newsscraper.errors import NewsscraperError
from tests.pages.fixtures import FOLDER, Fixture, list_fixtures, select_fields


def main(names: list[str]) -> int:
    """Exit code 0; 1 where a page raised, 2 for an unknown name."""
    fixtures = [Fixture(FOLDER / name) for name in names] or list_fixtures()
    if unknown := [fixture.name for fixture in fixtures if not (fixture.folder / "meta.json").exists()]:
        print(f"no such fixture: {', '.join(unknown)}", file=sys.stderr)
        return 2
    changed, raised = 0, 0
    for fixture in fixtures:
        try:
            fields = select_fields(fixture.extract())
        except NewsscraperError as error:
            print(f"{fixture.name}: {type(error).__name__}: {error}", file=sys.stderr)
            raised += 1
            continue
        changed += rewrite(fixture, fields)
    print(f"{len(fixtures)} fixtures, {changed} rewritten, {raised} raised")
    return 1 if raised else 0


def rewrite(fixture: Fixture, fields: dict[str, Any]) -> bool:
    """Write the fields where they differ from the expectation, print the difference, and say whether they did."""
    has_expectation = (fixture.folder / "expected.json").exists()
    before = fixture.expected if has_expectation else {}
    if before == fields:
        return False
    print("\n".join(diff_fields(fixture.name, before, fields)))
    fixture.write_expected(fields)
    return True


def diff_fields(name: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """A unified difference, one line a paragraph of text or an entry of a list."""
    old, new = render_lines(before), render_lines(after)
    return list(difflib.unified_diff(old, new, f"{name} expected", f"{name} now", n=0, lineterm=""))


def render_lines(fields: dict[str, Any]) -> list[str]:
    text = json.dumps(fields, ensure_ascii=False, indent=1)
    return text.replace("\\n\\n", "\n   ").splitlines()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
