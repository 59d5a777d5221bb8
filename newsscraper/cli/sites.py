"""`newsscraper sites`: the profiles there are, what one holds, and whether a file is right."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from newsscraper.cli.options import debug_option, sites_dir_option
from newsscraper.cli.program import FAILURES
from newsscraper.cli.text import counted, printable, to_pretty_json
from newsscraper.errors import ProfileError
from newsscraper.sites import Profile, facts_of, load_profile, load_profiles, read_profile_file
from newsscraper.sites.loader import find_profile_files, is_platform


@click.group("sites", short_help="List, show and check profiles of sites.")
def sites_group() -> None:
    """List, show and check profiles: what is known of a site, as data."""


@sites_group.command("list", short_help="List the profiles.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@sites_dir_option
@debug_option
@click.pass_context
def list_command(ctx: click.Context, as_json: bool, sites_dirs: tuple[Path, ...]) -> None:
    """List the profiles: built-in ones, those of $NEWSSCRAPER_SITES and of --sites-dir.

    A wrong file is told on stderr, and the others are listed.
    """
    faults: list[ProfileError] = []
    rows = [_summary(profile) for profile in load_profiles(sites_dirs, on_fault=faults.append).values()]
    if as_json:
        click.echo(to_pretty_json(rows).encode())
    else:
        _print_table(rows)
    for fault in faults:
        _tell(fault)
    ctx.exit(FAILURES if faults else 0)


@sites_group.command("show", short_help="Print all facts of a profile.")
@click.argument("name")
@sites_dir_option
@debug_option
def show_command(name: str, sites_dirs: tuple[Path, ...]) -> None:
    """Print all facts of a profile as JSON, its platform's included, and how well they are known."""
    profile = load_profile(name, sites_dirs)
    evidence = {group: asdict(known) for group, known in profile.evidence.items()}
    facts = {"name": name, "version": profile.version, **facts_of(profile), "evidence": evidence}
    click.echo(to_pretty_json(facts).encode())


@sites_group.command("check", short_help="Check profile files.")
@click.argument("paths", nargs=-1, required=True, metavar="FILE ...", type=click.Path(exists=True, path_type=Path))
@debug_option
@click.pass_context
def check_command(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Check profile files; a folder stands for all files in it. All faults of a wrong file are told, a line each.

    A file in a folder named platforms is a platform; any other is a host, and its platform is looked for in platforms
    beside it, then among those that are known.
    """
    wrong = 0
    for path in _files_to_check(paths):
        try:
            click.echo(f"{printable(str(path))}: ok: {_described(path, read_profile_file(path))}")
        except ProfileError as fault:
            wrong += 1
            _tell(fault)
    ctx.exit(FAILURES if wrong else 0)


def _tell(fault: ProfileError) -> None:
    for line in (str(fault), *getattr(fault, "__notes__", ())):
        click.echo(printable(line), err=True)


def _summary(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "platform": profile.platform,
        "hosts": list(profile.hosts),
        "languages": list(profile.languages),
        "zone": profile.zone,
        "seen_live": _seen_live(profile),
    }


def _seen_live(profile: Profile) -> str:
    """`yes` when every group of facts was seen on the live site, `no` when none was, else `partly`."""
    seen = {evidence.seen_live for evidence in profile.evidence.values()}
    if seen == {True}:
        return "yes"
    return "partly" if True in seen else "no"


def _print_table(rows: list[dict[str, Any]]) -> None:
    """Columns as wide as they need to be; where no terminal sets a width, nothing is wrapped."""
    from rich import box  # noqa: PLC0415 - only this table needs it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in ("name", "platform", "hosts", "languages", "zone", "seen live"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        cells = (row["name"], row["platform"] or "-", " ".join(row["hosts"]), " ".join(row["languages"]) or "-")
        table.add_row(*cells, row["zone"] or "-", row["seen_live"])
    console = Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 240)
    console.print(table)


def _files_to_check(paths: tuple[Path, ...]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        inside = find_profile_files(path) if path.is_dir() else [path]
        if not inside:
            raise click.UsageError(f"{printable(str(path))} holds no .toml file")
        files.extend(inside)
    return files


def _described(path: Path, profile: Profile) -> str:
    if is_platform(path):
        return "a platform"
    platform = f" on {profile.platform}" if profile.platform else ""
    return f"a profile of {counted(len(profile.hosts), 'host', 'hosts')}{platform}"
