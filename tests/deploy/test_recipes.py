"""cron, systemd and a container: each recipe is read by who would read it, and what it starts is started."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cronsim import CronSim

from newsscraper.sites import load_profiles
from tests.crawl.small_site import SmallSite, list_page, story_page
from tests.deploy.recipes import DEPLOY, DOCUMENT, ROOT, SCRIPTS, SITE, read_recipe

STORIES = {f"/news/{number}/ferry": story_page(f"Ferry number {number} is late") for number in (1001, 1002)}
PAGES = STORIES | {"/": list_page(*STORIES)}
SECONDS = 60
ASSIGNMENT = re.compile(r"([A-Z]+)\s*=\s*(.*)")


def read_crontab(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The environment that a crontab sets, and its entries: when, and what."""
    environment, entries = {}, []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if assigned := ASSIGNMENT.fullmatch(line):
            environment[assigned[1]] = assigned[2]
        else:
            *when, command = line.split(None, 5)
            entries.append((" ".join(when), command))
    return environment, entries


def run_as_cron(environment: dict[str, str], command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """As cron does: by the shell, in the user's home, with next to no environment."""
    assert "%" not in command, "cron takes it for the end of a line"
    given = {"HOME": str(home), "LOGNAME": "newsscraper"} | environment
    return subprocess.run(
        [environment["SHELL"], "-c", command],
        cwd=home,
        env=given,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_crontab_crawls_and_checks_and_says_nothing_while_all_is_well(tmp_path: Path) -> None:
    with SmallSite(PAGES) as site:
        environment, ((hourly, crawl), (weekly, check)) = read_crontab(read_recipe("crontab", tmp_path, site.url))
        done = run_as_cron(environment, crawl, tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        (sealed,) = (tmp_path / "corpus" / "stories").glob("*/*.jsonl")
        assert len(sealed.read_text(encoding="utf-8").splitlines()) == 2
        checked = run_as_cron(environment, check, tmp_path)
        assert checked.returncode == 0, checked.stderr
    noon = datetime(2026, 3, 5, 12, tzinfo=UTC)  # a Thursday
    assert next(CronSim(hourly, noon)) == noon.replace(minute=17)
    assert next(CronSim(weekly, noon)) == datetime(2026, 3, 8, 3, 43, tzinfo=UTC)


def test_a_run_that_fails_says_in_a_line_what_cron_mails(tmp_path: Path) -> None:
    with SmallSite({}) as site:
        environment, ((_, crawl), _) = read_crontab(read_recipe("crontab", tmp_path, site.url))
        done = run_as_cron(environment, crawl, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{site.address}: ")
    assert "Traceback" not in done.stderr


def verify(*units: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(
                "no systemd-analyze: continuous integration must have it (apt-get install systemd)", pytrace=False
            )
        pytest.skip("no systemd-analyze is installed: apt-get install systemd")
    return subprocess.run([program, "verify", *units], capture_output=True, text=True, timeout=SECONDS, check=False)


def test_systemd_has_nothing_to_say_of_its_units(tmp_path: Path) -> None:
    units = [tmp_path / name for name in ("newsscraper@.service", "newsscraper@.timer")]
    for unit in units:
        unit.write_text(read_recipe(unit.name, tmp_path), encoding="utf-8")
    done = verify(*units)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    units[0].write_text(units[0].read_text(encoding="utf-8").replace("ExecStart=", "ExecStrat="), encoding="utf-8")
    assert "ExecStrat" in verify(*units).stderr


def test_what_the_service_starts_crawls(tmp_path: Path) -> None:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign] # keys of units have capitals
    unit.read_string(read_recipe("newsscraper@.service", tmp_path))
    with SmallSite(PAGES) as site:
        command = shlex.split(unit["Service"]["ExecStart"].replace("%i", site.url))
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(list((tmp_path / "corpus" / "runs").glob("*/*.json"))) == 1


def test_the_container_file_is_linted_and_copies_what_there_is() -> None:
    recipe = DEPLOY / "Containerfile"
    done = subprocess.run(
        [SCRIPTS / "hadolint", "--no-color", recipe], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    copied = [
        line.split()[1:-1] for line in recipe.read_text(encoding="utf-8").splitlines() if line.startswith("COPY ")
    ]
    assert all((ROOT / name).exists() for names in copied for name in names)


def test_the_recipes_name_a_profile_that_there_is_and_the_documents_name_each_recipe() -> None:
    assert SITE in load_profiles()
    text = DOCUMENT.read_text(encoding="utf-8") + (ROOT / "docs" / "machines.md").read_text(encoding="utf-8")
    for path in DEPLOY.iterdir():
        assert f"(../deploy/{path.name})" in text
