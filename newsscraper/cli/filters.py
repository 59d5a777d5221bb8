"""Options that choose among the records of archives, before any page is parsed."""

from __future__ import annotations

import dataclasses
import re
from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import Any

import click

from newsscraper.cli.options import AnyCommand, read_instant
from newsscraper.extract.fields.language import normalise_tag
from newsscraper.store.archive import Filters

_DAY_OR_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_FILTERS = {
    "host": "Of archives, pages of this host and its subdomains alone; may be given again; @FILE has one a line.",
    "language": "Of archives, pages in this language alone, by its first two or three letters; may be given again.",
    "since": "Of archives, pages captured then or later alone: a day or month (UTC), or a time with its zone.",
    "until": "Of archives, pages captured then or earlier alone; of a day or month, until its end.",
    "url": "Of archives, pages alone in whose URL this regular expression is found.",
    "media_type": "Of archives, pages of this media type alone, such as text/html; may be given again.",
}


def filter_options(command: AnyCommand) -> AnyCommand:
    """The options that choose among the records of archives; `read_filters` takes them out of the rest."""
    for option in (
        click.option("--media-type", "media_types", multiple=True, metavar="TYPE", help=_FILTERS["media_type"]),
        click.option("--url-pattern", callback=_read_pattern, metavar="REGEX", help=_FILTERS["url"]),
        click.option("--until", callback=_read_until, metavar="DATE", help=_FILTERS["until"]),
        click.option("--since", callback=_read_since, metavar="DATE", help=_FILTERS["since"]),
        click.option(
            "--language",
            "languages",
            multiple=True,
            callback=_read_languages,
            metavar="CODE",
            help=_FILTERS["language"],
        ),
        click.option(
            "--host", "hosts", multiple=True, callback=_read_hosts, metavar="NAME|@FILE", help=_FILTERS["host"]
        ),
    ):
        command = option(command)
    return command


def read_filters(options: dict[str, Any]) -> Filters | None:
    """The filters among a command's options, which they are taken out of; None where none was given."""
    given = {name: options.pop(name) for name in [field.name for field in dataclasses.fields(Filters)]}
    _refuse_reversed(given["since"], given["until"])
    given["media_types"] = frozenset(value.strip().lower() for value in given["media_types"])
    return Filters(**given) if any(given.values()) else None


def _refuse_reversed(since: str | None, until: str | None) -> None:
    """Raises `UsageError` for a span in which nothing lies; both are UTC, and of the same length."""
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}: no page was captured then")


def _read_hosts(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    names = []
    for value in values:
        if not value.startswith("@"):
            names.append(value)
            continue
        try:
            lines = Path(value[1:]).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, ValueError) as error:
            raise click.BadParameter(
                f"{value[1:]}: cannot be read: {getattr(error, 'strerror', None) or error}"
            ) from error
        names += [line for line in lines if line.strip() and not line.startswith("#")]
    return frozenset(_read_host(name) for name in names)


def _read_host(name: str) -> str:
    try:
        host = name.strip().strip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[?[0-9a-f:]+\]?", host):
        raise click.BadParameter(f"expected the name of a host, such as news.example, got {name.strip()!r}")
    return host.strip("[]")


def _read_languages(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    for value in values:
        if not re.fullmatch(r"[A-Za-z]{2,3}", value):
            raise click.BadParameter(f"expected the code of a language, such as fa, got {value!r}")
    return frozenset((normalise_tag(value) or value).lower() for value in values)


def _read_pattern(_ctx: click.Context, _param: click.Parameter, value: str | None) -> re.Pattern[str] | None:
    try:
        return None if value is None else re.compile(value)
    except re.error as error:
        raise click.BadParameter(f"no regular expression: {error}") from error


def _read_since(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    span = _read_span(value)
    return f"{span[0]}T00:00:00Z" if span else _read_moment(ctx, param, value)


def _read_until(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    span = _read_span(value)
    return f"{span[1]}T23:59:59Z" if span else _read_moment(ctx, param, value)


def _read_span(value: str | None) -> tuple[date, date] | None:
    """First and last day of a day or a month; None for what is neither."""
    match = _DAY_OR_MONTH.fullmatch(value or "")
    if not match:
        return None
    year, month = int(match[1]), int(match[2])
    try:
        if match[3]:
            day = date(year, month, int(match[3]))
            return day, day
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


def _read_moment(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    try:
        return read_instant(ctx, param, value)
    except click.BadParameter as error:
        raise click.BadParameter(
            f"expected a day, such as 2024-03-01, a month, such as 2024-03, or a date and time with its zone, such as "
            f"2024-03-01T17:20:00Z, got {value!r}"
        ) from error
