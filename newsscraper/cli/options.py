"""Options and kinds of values that several subcommands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click
from w3lib.encoding import resolve_encoding

from newsscraper.cli.program import DEBUG, BadUsageError

AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Any])


def read_url(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """An option's value that is an absolute http or https URL. Raises `click.BadParameter`."""
    if value is not None and not is_http_url(value):
        raise click.BadParameter(f"expected an http or https URL, got {value!r}")
    return value


def read_charset(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """An option's value that is the label of an encoding, as HTTP headers have it. Raises `click.BadParameter`."""
    if value is not None and resolve_encoding(value) is None:
        raise click.BadParameter(f"expected the label of an encoding, such as windows-1256, got {value!r}")
    return value


def read_instant(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """An option's value in ISO 8601 with a zone, as UTC: `2022-03-30T17:20:00Z`. Raises `click.BadParameter`."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except (ValueError, OverflowError) as error:
        expected = "a date and time with its zone, such as 2022-03-30T17:20:00Z or 2022-03-30T21:50+04:30"
        raise click.BadParameter(f"expected {expected}, got {value!r}") from error


def read_pairs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The values `NAME=VALUE` of a repeated option; of one name, the last. Raises `click.BadParameter`."""
    pairs = {}
    for value in values:
        name, equals, content = value.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"expected NAME=VALUE, got {value!r}")
        pairs[name.strip()] = content
    return pairs


def is_http_url(value: str) -> bool:
    """True for an absolute http or https URL, its port a possible one."""
    try:
        parts = urlsplit(value)
        well = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return well and not any(map(str.isspace, value))


def refuse_urls(paths: Iterable[str]) -> None:
    """Raises `BadUsageError` where a page's URL stands in the place of a file: pages are fetched by crawls alone."""
    for path in filter(is_http_url, paths):
        raise BadUsageError(
            f"{path}: is a URL; save the page first, and give the file with --url; `newsscraper crawl` fetches sites"
        )


def debug_option(command: AnyCommand) -> AnyCommand:
    """`--debug`, before the subcommand or after it."""

    def note(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value:
            ctx.meta[DEBUG] = True

    return click.option(
        "--debug", is_flag=True, expose_value=False, is_eager=True, callback=note, help="Show tracebacks of errors."
    )(command)


def evidence_options(command: AnyCommand) -> AnyCommand:
    """`--evidence`, `--save-evidence` and `--no-evidence`, of which one may be given."""
    file = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("--no-evidence", is_flag=True, help="Read each page by itself, whatever its site repeats."),
        click.option(
            "--save-evidence", type=file, metavar="FILE", help="Write what the pages of each site have in common there."
        ),
        click.option(
            "--evidence",
            "evidence_file",
            type=file,
            metavar="FILE",
            help="Use what was saved so instead of what these pages have in common.",
        ),
    ):
        command = option(command)
    return command


model_option = click.option(
    "--model",
    "model_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Weights of your own, made by python -m training, instead of those that come with newsscraper.",
)

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    metavar="N",
    help="Of several sites, how many are crawled at a time, each in a process of its own.",
)

quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no summary; failures are still told.")

sites_dir_option = click.option(
    "--sites-dir",
    "sites_dirs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder of your own profiles, besides those of $NEWSSCRAPER_SITES; may be given again.",
)
