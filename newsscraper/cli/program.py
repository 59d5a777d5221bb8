"""What the whole command does with errors: one clear line on stderr, an exit code, a traceback only where asked for."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from typing import Any

import click

from newsscraper.cli import loading
from newsscraper.cli.text import printable
from newsscraper.errors import NewsscraperError

FAILURES = 1
"""Ran, with failures that the report names."""
BAD_USAGE = 2
"""Bad usage or configuration."""
CLOSED_PIPE = 128 + 13
"""What a shell shows for a program that ended by SIGPIPE, as `cat` and `grep` do when `head` has enough."""
INTERRUPTED = loading.INTERRUPTED
DEBUG = "newsscraper.debug"
"""Key of `click.Context.meta`: true where tracebacks are wanted."""


class FailureError(click.ClickException):
    """An error as the user sees it: a line, and further lines for what else is wrong."""

    exit_code = FAILURES

    def __init__(self, message: str, *more: str) -> None:
        super().__init__("\n".join(printable(line) for line in (message, *more)))


class BadUsageError(FailureError):
    """Something given cannot be used: nothing was done."""

    exit_code = BAD_USAGE


class Program(click.Group):
    """A group whose commands end in no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand. Raises only what click itself turns into a message and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (click.Abort, KeyboardInterrupt) as error:
            _show_traceback(ctx)
            click.echo("\ninterrupted", err=True)  # behind the ^C that a terminal shows
            raise click.exceptions.Exit(INTERRUPTED) from error
        except NewsscraperError as error:
            _show_traceback(ctx)
            raise as_failure(error) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has enough
                _abandon_output()
                raise click.exceptions.Exit(CLOSED_PIPE) from error
            _show_traceback(ctx)
            raise as_failure(error) from error
        except Exception as error:
            _show_traceback(ctx)
            hint = "this is a bug in newsscraper; --debug shows where"
            raise FailureError(f"unexpected {type(error).__name__}: {error}", hint) from error


def as_failure(error: NewsscraperError | OSError) -> FailureError:
    """`error` as the user sees it, with its exit code."""
    if isinstance(error, NewsscraperError):
        return BadUsageError(str(error), *getattr(error, "__notes__", ()))
    return FailureError(_describe(error))


def _abandon_output() -> None:
    """Let what is still buffered go nowhere, so that Python does not complain of the pipe when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _describe(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


def _show_traceback(ctx: click.Context) -> None:
    if ctx.meta.get(DEBUG):
        click.echo("".join(printable(line) + "\n" for line in traceback.format_exc().splitlines()), err=True, nl=False)
